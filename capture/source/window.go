package source

// A file is read by the window. Those who come to Read at the same time claim
// windows of a plain file one behind the other, and each reads his own beside
// the others; only the parsing goes in turn. So the frames of a window are
// parsed and looked at by the core that has it in its cache.
const (
	windowSize = 256 << 10
	// windowRoom lies before each window, for what remains of those before.
	windowRoom = maxRecord
)

// window is a stretch of the file, in a batch's memory behind windowRoom.
type window struct {
	turn int // when it is to be parsed
	at   int64
	n    int
	last bool // nothing comes behind it
	err  error
}

// claim gives the next window of a plain file, and a turn to parse it. What is
// spooled has only the turn: nobody knows yet how much there will be.
func (s *Source) claim() (w window) {
	s.claims.Lock()
	defer s.claims.Unlock()
	w.turn = s.claimed
	s.claimed++
	if !s.store.spool {
		w.at = max(s.ahead, s.done.Load()) // the parser skips large blocks
		w.n = int(max(0, min(windowSize, s.total-w.at)))
		w.last = w.at+int64(w.n) >= s.total
		s.ahead = w.at + int64(w.n)
	}
	return w
}

// read fills the window.
func (s *Source) read(b *Batch, w *window) {
	if b.buf == nil {
		room := int64(windowSize)
		if !s.store.spool {
			room = min(room, s.total)
		}
		b.buf = make([]byte, windowRoom+room)
	}
	n, err := s.store.at(b.buf[windowRoom:][:w.n], w.at)
	w.last = w.last || n < w.n // it was cut since it was opened
	w.n, w.err = n, err
}

// await reads a window of what is spooled, when there is as much as the parser
// needs or no more will come.
func (s *Source) await(b *Batch, w *window) {
	need := s.at + int64(s.need.n)
	size, err := s.store.wait(need)
	if err != nil {
		w.err = err
		return
	}
	w.at = s.at + int64(len(s.tail))
	w.n = int(max(0, min(windowSize, size-w.at)))
	w.last = size < need
	s.read(b, w)
}

// joined gives the bytes at s.at: what remains of the windows before, and what
// of this one is not skipped.
func (s *Source) joined(b *Batch, w *window) []byte {
	skip := s.at + int64(len(s.tail)) - w.at
	if skip >= int64(w.n) {
		return nil
	}
	from := windowRoom + int(skip) - len(s.tail)
	copy(b.buf[from:], s.tail)
	return b.buf[from : windowRoom+w.n]
}

// load reads n bytes that no window holds, or fewer where the file ends before.
func (s *Source) load(at, n int64) ([]byte, error) {
	size, err := s.store.wait(at + n)
	if err != nil {
		return nil, err
	}
	b := make([]byte, max(0, min(n, size-at)))
	got, err := s.store.at(b, at)
	if err != nil {
		return nil, faultf(at, "%v", err)
	}
	return b[:got], nil
}
