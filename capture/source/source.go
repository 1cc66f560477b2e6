package source

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"strata/capture/line"
	"strata/capture/scratch"
)

// Source is an open capture. Any goroutine may call any of it at any time.
type Source struct {
	name   string
	store  *store
	input  io.Closer // what is spooled; nil: nothing is
	packed *counter  // counts what is read of a packed file; nil: it is not packed
	total  int64     // bytes of the file as stored; 0: a pipe
	kind   format    // nil: nothing has been read yet
	said   said

	claims  sync.Mutex // of the two below
	claimed int        // turns given
	ahead   int64      // where the next window begins

	turns line.Line // of those who parse; what follows is of the one whose turn it is

	at     int64  // next byte to be parsed
	need   want   // what the parser must have from there
	tail   []byte // what the windows so far have from there
	frames int    // given so far
	end    error  // what Read says from now on

	done atomic.Int64 // at, for all
}

// format is a kind of capture file.
type format interface {
	// parse appends the frames that lie whole in w to b; w begins at a place
	// in the file. It gives how far it came, which may lie behind w where
	// something is skipped, and what it needs from there to come further.
	parse(b *Batch, w []byte, at int64) (used int64, more want, err error)
	// frame reads the frame of a record again, with what the file says of it.
	frame(at int64, capLen int, m *Meta) ([]byte, error)
	// describe is frame without the bytes.
	describe(at int64, m *Meta) error
}

// want is a stretch of bytes that a format needs, at most maxRecord.
type want struct {
	n       int
	what    string
	inFrame bool
	at      int64 // where the thing begins that needs them
}

// Open opens a capture file: pcap or pcapng; plain, or packed by gzip or zstd,
// which is told by its first bytes. A named pipe is read as Pipe does. A file
// that is damaged somewhere opens, unless that is its header.
func Open(path string) (*Source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	s, err := open(f, clean([]byte(path)))
	if err != nil {
		f.Close()
		return nil, err
	}
	return s, nil
}

func open(f *os.File, name string) (*Source, error) {
	st, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case st.IsDir():
		return nil, fmt.Errorf("%s: is a folder, not a capture file", name)
	case !st.Mode().IsRegular():
		return Pipe(f, name)
	}
	var magic [4]byte
	n, err := f.ReadAt(magic[:], 0)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s := &Source{name: name, total: st.Size(), need: want{n: 1}}
	if compressed(magic[:n]) {
		s.packed = &counter{Reader: f}
		if err := s.spool(s.packed, f); err != nil {
			return nil, s.named(err)
		}
	} else {
		s.store = newStore(&scratch.File{File: f}, st.Size())
	}
	if s.end = s.begin(); s.end != nil && s.end != io.EOF {
		s.store.close()
		return nil, s.named(s.end)
	}
	return s, nil
}

// Pipe reads a stream, as standard input; it too may be packed. It returns at
// once: what is no capture is found out by Read. Close closes r when r can be
// closed; a Read of r that waits all the same ends with the stream.
func Pipe(r io.Reader, name string) (*Source, error) {
	s := &Source{name: clean([]byte(name)), need: want{n: 1}}
	if err := s.spool(r, r); err != nil {
		return nil, s.named(err)
	}
	return s, nil
}

// spool begins to copy r into a temporary file, unpacked.
func (s *Source) spool(r io.Reader, input io.Reader) error {
	st, err := newSpool()
	if err != nil {
		return err
	}
	s.store = st
	s.input, _ = input.(io.Closer)
	go func() {
		plain, err := unpacked(r)
		if err != nil {
			plain = failed{err}
		}
		st.fill(plain, spoolLimit())
		if z, ok := plain.(packedReader); ok {
			z.Close()
		}
	}()
	return nil
}

// failed is a stream that cannot be read.
type failed struct{ err error }

func (f failed) Read([]byte) (int, error) { return 0, f.err }

// begin reads the header of the file: io.EOF for an empty one, which has no
// frames.
func (s *Source) begin() error {
	size, err := s.store.wait(pcapHeader + ixiaExtra)
	if err != nil {
		return err
	}
	head := make([]byte, min(size, pcapHeader+ixiaExtra))
	if _, err := s.store.at(head, 0); err != nil {
		return err
	}
	if len(head) == 0 {
		if _, early := s.store.ending(); early != nil {
			return early
		}
		return io.EOF
	}
	if s.kind, s.at, err = newPcap(s, head); s.kind != nil || err != nil {
		return err
	}
	if s.kind, err = newPcapng(s, head); s.kind != nil || err != nil {
		return err
	}
	return fmt.Errorf("is neither a pcap nor a pcapng file")
}

// Read fills b with the next frames, in the file's order: those of a window of
// the file, fewer when a pipe has no more now. It waits while a pipe or the
// unpacking has none. Several goroutines may read at the same time, each into
// its own batch, to share the work: Batch.First tells the order. The error is
// io.EOF after the last frame, a *Fault where the file is damaged, and
// os.ErrClosed after Close.
func (s *Source) Read(b *Batch) error {
	for {
		w := s.claim()
		if !s.store.spool {
			s.read(b, &w)
		}
		s.turns.Enter(w.turn)
		err := s.parse(b, &w)
		s.turns.Leave(w.turn + 1)
		if err != nil || len(b.Records) > 0 {
			return err
		}
	}
}

// parse takes the frames out of a window, when it is its turn.
func (s *Source) parse(b *Batch, w *window) error {
	b.Records, b.First = b.Records[:0], s.frames
	if s.end == nil && s.kind == nil {
		s.end = s.begin()
	}
	if s.end == nil {
		if s.store.spool {
			s.await(b, w)
		}
		s.end = s.through(b, w)
		s.done.Store(s.at)
		s.frames += len(b.Records)
	}
	if len(b.Records) > 0 {
		return nil
	}
	s.end = s.named(s.end)
	return s.end
}

func (s *Source) through(b *Batch, w *window) (err error) {
	switch {
	case errors.Is(w.err, os.ErrClosed):
		return os.ErrClosed
	case w.err != nil:
		return faultf(s.at, "%v", w.err)
	}
	if bytes := s.joined(b, w); bytes != nil {
		var used int64
		used, s.need, err = s.kind.parse(b, bytes, s.at)
		s.at += used
		s.tail = s.tail[:0]
		if used < int64(len(bytes)) {
			s.tail = append(s.tail, bytes[used:]...)
		}
	}
	switch {
	case err != nil:
		return err
	case s.at > maxPlace:
		return faultf(s.at, "the file is larger than a terabyte; what came before is kept")
	case w.last:
		return s.cut(s.need, len(s.tail))
	}
	return nil
}

// cut is the error of a file that ends left bytes behind the place that Read
// has come to.
func (s *Source) cut(need want, left int) error {
	switch _, early := s.store.ending(); {
	case early != nil:
		return faultf(s.at, "%v", early)
	case left == 0 && need.what == "":
		return io.EOF
	}
	f := faultf(need.at, "the file ends inside %s: %d bytes are needed, %d are left", need.what, need.n, left)
	if need.inFrame {
		f.Packet = inFrame
	}
	return f
}

// named puts the file's name, and the frame's number if it is about one, into
// an error.
func (s *Source) named(err error) error {
	if err == nil || err == io.EOF || err == os.ErrClosed {
		return err
	}
	f, ok := err.(*Fault)
	if !ok {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	f.File = s.name
	if f.Packet == inFrame {
		f.Packet = s.frames + 1
	}
	return f
}

// Name is what the source was opened as, without control characters.
func (s *Source) Name() string { return s.name }

// Progress tells how far reading has come, in bytes of the file as it is
// stored; total is 0 for a pipe.
func (s *Source) Progress() (done, total int64) {
	if s.packed != nil {
		return min(s.packed.n.Load(), s.total), s.total
	}
	return s.done.Load(), s.total
}

// Live tells whether more may come: a pipe that is still open.
func (s *Source) Live() bool {
	over, _ := s.store.ending()
	return s.total == 0 && !over
}

// Close closes the file. A Read that waits ends with os.ErrClosed.
func (s *Source) Close() error {
	err := s.store.close()
	if s.input != nil {
		s.input.Close()
	}
	return err
}
