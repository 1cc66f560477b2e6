package capture

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strata/layers/walk"
	"strings"
	"time"
	"unicode"

	"strata/trace"
)

// File is a capture file and its index. It implements trace.Trace. It is not
// safe for use by several goroutines at once.
type File struct {
	index
	file   *os.File
	path   string // as it was given, without control characters
	kind   container
	damage error
	views  views
	last   struct { // the payload read last, for a reassembly
		frame uint32
		body  []byte
		shape walk.Shape
	}
	steps []trace.EventID // what Steps gave out
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

// Open reads a pcap or pcapng file's index. A file that is damaged somewhere
// is open as far as it can be read, and Damage tells; only when not even its
// header can be read Open fails.
func Open(path string) (*File, error) {
	h, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	f := &File{file: h, path: clean(path), index: newIndex(clean(filepath.Base(path)))}
	if err := f.open(); err != nil {
		h.Close()
		return nil, f.named(err)
	}
	return f, nil
}

func (f *File) open() error {
	st, err := f.file.Stat()
	if err != nil {
		return err
	}
	if !st.Mode().IsRegular() {
		return faultf(0, "is not a regular file")
	}
	w := &window{r: f.file, size: st.Size()}
	if f.kind, err = recognise(f.file, w); err != nil {
		return err
	}
	f.index.piece = f.payload
	f.damage = f.named(f.readAll(w))
	if f.n > 0 {
		f.info.Start = time.Unix(0, f.entry(0).time).UTC()
	}
	return nil
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

// readAll indexes every frame up to the file's end or a damaged place.
func (f *File) readAll(w *window) error {
	for {
		rec, err := f.kind.next(w)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return inPacket(err, f.n+1)
		}
		data, err := w.peek(rec.data, int(rec.capLen), "a packet")
		if err == nil {
			err = f.index.add(&rec, data)
		}
		if err != nil {
			return inPacket(err, f.n+1)
		}
	}
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

// Close closes the file.
func (f *File) Close() error { return f.file.Close() }

// Damage says where and why the file cannot be read further; nil when it was
// read to its end.
func (f *File) Damage() error { return f.damage }

// Data is frame n as captured, and what the file says of it. The bytes may
// change with the next call.
func (f *File) Data(n int) ([]byte, Meta, error) {
	if n < 0 || n >= f.n {
		return nil, Meta{}, fmt.Errorf("%s: there is no frame %d", f.path, n+1)
	}
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
	data, m, err := f.Data(int(frame))
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
	start := f.entry(0).time
	d := e.time - start
	if start < 0 && e.time > 0 && d < 0 {
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
