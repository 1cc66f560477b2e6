package source

// A plain file is read one window ahead of the parser, by another goroutine,
// so that both cores work. The next window is begun before it is known how
// much of this one remains: room before it takes what does.
const (
	windowSize = 1 << 20
	windowRoom = maxRecord
)

// ahead is a window that is being read.
type ahead struct {
	at   int64
	buf  []byte
	n    int // bytes read, behind windowRoom
	err  error
	done chan struct{}
}

// window gives the bytes at s.at, in b's memory: at least need, unless the
// file ends before.
func (s *Source) window(b *Batch, need int) ([]byte, error) {
	size, err := s.store.wait(s.at + int64(need))
	if err != nil {
		return nil, err
	}
	w := s.arrived(b)
	if len(w) < need && s.at < size {
		if w, err = s.readHere(b, min(windowSize, size-s.at)); err != nil {
			return nil, faultf(s.at, "%v", err)
		}
	}
	if end := s.at + int64(len(w)); !s.store.spool && s.ahead == nil && end < size {
		s.lookAhead(end, size)
	}
	return w, nil
}

// readHere reads n bytes at s.at into b's memory.
func (s *Source) readHere(b *Batch, n int64) ([]byte, error) {
	if int64(cap(b.buf)) < n {
		room := n
		if s.store.spool { // it will grow
			room = windowSize
		}
		b.buf = make([]byte, room)
	}
	got, err := s.store.at(b.buf[:n], s.at)
	return b.buf[:got], err
}

// arrived takes the window that was read ahead, if it holds what follows, in
// exchange for b's.
func (s *Source) arrived(b *Batch) []byte {
	a := s.ahead
	if a == nil {
		return nil
	}
	<-a.done
	s.ahead = nil
	gap := a.at - s.at // what the last window had of it already
	if a.err != nil || gap != int64(len(s.tail)) && gap > 0 || gap > windowRoom || gap <= -int64(a.n) {
		s.spare = a.buf
		return nil
	}
	if gap > 0 {
		copy(a.buf[windowRoom-gap:], s.tail)
	}
	b.buf, s.spare = a.buf, b.buf
	return a.buf[windowRoom-gap : windowRoom+a.n]
}

func (s *Source) lookAhead(at, size int64) {
	n := min(windowSize, size-at)
	buf := s.spare
	if s.spare = nil; int64(len(buf)) < windowRoom+n {
		buf = make([]byte, windowRoom+n)
	}
	a := &ahead{at: at, buf: buf, done: make(chan struct{})}
	s.ahead = a
	go func() {
		a.n, a.err = s.store.at(buf[windowRoom:][:n], at)
		close(a.done)
	}()
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
