package capture

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode"

	"strata/layers/walk"
	"strata/trace"
)

// File is a capture file and its index, which is made in the background. It
// implements trace.Trace, and may be used by several goroutines at once.
type File struct {
	turns
	index
	first  int64 // time of the first frame, nanoseconds since 1970
	file   *os.File
	path   string // as it was given, without control characters
	kind   container
	stop   chan struct{} // closed by Close
	done   chan struct{} // closed when all is indexed
	closed sync.Once
	grown  sync.Cond // frames were indexed, or all are
	size   int64
	read   int64 // bytes indexed
	damage error
	views  views
	last   struct { // the payload read last, for a reassembly
		frame uint32
		body  []byte
		shape walk.Shape
	}
}

var _ trace.Trace = (*File)(nil)

// Meta is what the file says of a frame beside its bytes.
type Meta struct {
	Time      time.Time
	WireLen   int      // the frame's length on the wire, bytes
	FCSLen    int      // trailing bytes that are its frame check sequence; 0: not said
	LinkType  uint16   // LINKTYPE_ number; 1 is Ethernet
	Interface string   // "" when the file does not name it
	Comments  []string // without control characters
	iface     *iface
}

// Open opens a pcap or pcapng file, and begins to index it. Only when not even
// its header can be read it fails; damage further on is told by Progress.
func Open(path string) (*File, error) {
	h, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	f := &File{
		file: h, path: clean(path), index: newIndex(clean(filepath.Base(path))),
		stop: make(chan struct{}), done: make(chan struct{}),
	}
	f.index.piece = f.payload
	f.grown.L = &f.mu
	w, err := f.open()
	if err != nil {
		h.Close()
		return nil, f.named(err)
	}
	go f.readAll(w)
	return f, nil
}

func (f *File) open() (*window, error) {
	st, err := f.file.Stat()
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, faultf(0, "is not a regular file")
	}
	f.size = st.Size()
	w := &window{r: f.file, size: st.Size()}
	f.kind, err = recognise(f.file, w)
	return w, err
}

// recognise tells the file's format by its first bytes.
func recognise(r io.ReaderAt, w *window) (container, error) {
	p, err := newPcap(r, w)
	if p != nil || err != nil {
		return p, err
	}
	ng, err := newPcapng(r, w)
	if ng != nil || err != nil {
		return ng, err
	}
	return nil, faultf(0, "is neither a pcap nor a pcapng file")
}

// turn is how many frames are entered before a question gets its turn.
const turn = 64

// readAll indexes every frame up to the file's end or a damaged place.
func (f *File) readAll(w *window) {
	defer f.end()
	var s walk.Shape
	for {
		select {
		case <-f.stop:
			return
		default:
		}
		f.enter()
		for range turn {
			if err := f.readOne(w, &s); err != nil {
				if err != io.EOF {
					f.damage = f.named(inPacket(err, f.n+1))
				}
				f.mu.Unlock()
				return
			}
		}
		f.mu.Unlock()
		f.grown.Broadcast()
	}
}

// end says that all is indexed.
func (f *File) end() {
	f.mu.Lock()
	close(f.done)
	f.grown.Broadcast()
	f.mu.Unlock()
}

func (f *File) readOne(w *window, s *walk.Shape) error {
	rec, err := f.kind.next(w)
	if err != nil {
		return err
	}
	data, err := w.peek(rec.data, int(rec.capLen), "a packet")
	if err != nil {
		return err
	}
	if f.n == 0 {
		f.first = rec.time
		f.info.Start = time.Unix(0, rec.time).UTC()
		f.told = nil
	}
	walk.Walk(s, data, int(rec.wireLen), rec.iface.link, rec.iface.fcsLen)
	f.read = rec.data + int64(rec.capLen)
	return f.index.add(&rec, data, s)
}

// Wait waits until frame n is indexed, or all are: then it gives false if
// there is no such frame.
func (f *File) Wait(n int) bool {
	defer f.look()()
	for n >= f.n && !f.idle() {
		f.grown.Wait()
	}
	return n < f.n
}

// Progress says how much of the file is indexed.
func (f *File) Progress() trace.Progress {
	live := !f.idle()
	defer f.look()()
	return trace.Progress{Done: f.read, Total: f.size, Damage: f.damage, Live: live}
}

// named puts the file's name into an error.
func (f *File) named(err error) error {
	var place *fault
	if errors.As(err, &place) {
		place.file = f.path
		return place
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.path, err)
	}
	return nil
}

// Close ends the indexing and closes the file.
func (f *File) Close() error {
	var err error
	f.closed.Do(func() {
		close(f.stop)
		<-f.done
		f.release()
		err = f.file.Close()
	})
	return err
}

// Data is frame n as captured, and what the file says of it.
func (f *File) Data(n int) ([]byte, Meta, error) {
	end := f.look()
	if n < 0 || n >= f.n {
		end()
		return nil, Meta{}, fmt.Errorf("%s: there is no frame %d", f.path, n+1)
	}
	defer end()
	return f.data(n)
}

func (f *File) data(n int) ([]byte, Meta, error) {
	e := f.entry(n)
	data, m, err := f.kind.read(e.at(), e.capLen)
	if err == nil && len(data) != int(e.capLen) {
		err = faultf(e.at(), "has changed since it was indexed")
	}
	if err != nil {
		return nil, Meta{}, f.named(inPacket(err, n+1))
	}
	m.Time = time.Unix(0, e.time).UTC()
	m.LinkType, m.Interface = m.iface.link, m.iface.name
	return data, m, nil
}

// payload is what a frame brings to its assembly; it holds until the next call.
func (f *File) payload(frame uint32) []byte {
	if f.last.body != nil && f.last.frame == frame {
		return f.last.body
	}
	data, m, err := f.data(int(frame))
	if err != nil {
		return nil // the file was changed under us: its bytes show as zero
	}
	s := &f.last.shape
	walk.Walk(s, data, m.WireLen, m.LinkType, m.iface.fcsLen)
	from, to, _ := s.Inner().Body()
	f.last.frame, f.last.body = frame, data[from:to]
	return f.last.body
}

// since is a frame's time in the trace, which begins with the first frame.
func (f *File) since(e *entry) trace.Time {
	d := e.time - f.first
	if f.first < 0 && e.time > 0 && d < 0 {
		return math.MaxInt64
	}
	return trace.Time(d)
}

// clean replaces what must not reach a terminal.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '.'
		}
		return r
	}, strings.ToValidUTF8(s, "."))
}

// idle says whether all is indexed.
func (f *File) idle() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}
