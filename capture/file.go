package capture

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode"

	"strata/capture/source"
	"strata/layers/tlskeys"
	"strata/layers/walk"
	"strata/trace"
)

// File is a capture file and its index, which is made in the background. It
// implements trace.Trace, and may be used by several goroutines at once.
type File struct {
	turns
	index
	source  *source.Source
	first   int64         // time of the first frame, nanoseconds since 1970
	done    chan struct{} // closed when all is indexed
	grown   sync.Cond     // frames were indexed, or all are
	closed  sync.Once
	damage  error
	learned int // how many of the source's secrets
	views   views
	last    struct { // the payload read last, for a reassembly
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
}

// Open opens a capture file of any kind, and begins to index it. Damage that
// does not lie at its very beginning is told by Progress. What TLS protects is
// read as far as the secrets go (nil: none) and those that the file brings.
func Open(path string, secrets *tlskeys.Log) (*File, error) {
	s, err := source.Open(path)
	if err != nil {
		return nil, err
	}
	return start(s, filepath.Base(path), secrets), nil
}

// Pipe reads a capture from a stream that may go on for long.
func Pipe(r io.Reader, name string, secrets *tlskeys.Log) (*File, error) {
	s, err := source.Pipe(r, name)
	if err != nil {
		return nil, err
	}
	return start(s, name, secrets), nil
}

func start(s *source.Source, name string, secrets *tlskeys.Log) *File {
	f := &File{source: s, index: newIndex(clean(name)), done: make(chan struct{})}
	f.index.piece, f.index.secrets, f.info.Secrets = f.payload, secrets, secrets
	f.conns.pack, f.conns.unpack = packConn, unpackConn
	f.asms.pack, f.asms.unpack = f.packAssembly, f.unpackAssembly
	f.grown.L = &f.mu
	go f.readAll()
	return f
}

// turn is how many frames are entered before a question gets its turn.
const turn = 64

// batches is how many are read ahead of the index.
const batches = 3

// readAll indexes every frame up to the file's end or a damaged place. One
// goroutine reads, another enters.
func (f *File) readAll() {
	free, full := make(chan *source.Batch, batches), make(chan *source.Batch)
	for range batches {
		free <- &source.Batch{}
	}
	var end error
	go func() {
		defer close(full)
		for b := range free {
			err := f.source.Read(b)
			if len(b.Records) > 0 {
				full <- b
			}
			if err != nil {
				end = err
				return
			}
		}
	}()
	var failed error
	for b := range full {
		for rest := b.Records; len(rest) > 0 && failed == nil; {
			n := min(turn, len(rest))
			f.enter()
			f.learnSecrets()
			failed = f.addAll(rest[:n])
			f.mu.Unlock()
			f.grown.Broadcast()
			rest = rest[n:]
		}
		free <- b
	}
	if end == io.EOF {
		end = nil
	}
	f.mu.Lock()
	if f.damage = failed; failed == nil {
		f.damage = end
	}
	close(f.done)
	f.grown.Broadcast()
	f.mu.Unlock()
}

// secretsTLS is the type of a pcapng's secrets that are a TLS key log.
const secretsTLS = 0x544c534b

// learnSecrets takes the TLS secrets that the file has brought since it was
// asked last.
func (f *File) learnSecrets() {
	n := f.source.SecretsSoFar()
	if n == f.learned {
		return
	}
	for _, s := range f.source.Secrets()[f.learned:n] {
		if s.Type != secretsTLS {
			continue
		}
		if f.secrets == nil {
			f.secrets = &tlskeys.Log{}
			f.info.Secrets, f.told = f.secrets, nil
		}
		// What cannot be read of them opens nothing.
		_ = f.secrets.Read(bytes.NewReader(s.Data))
	}
	f.learned = n
}

func (f *File) addAll(records []source.Record) error {
	var s walk.Shape
	for i := range records {
		rec := &records[i]
		if f.n == 0 {
			f.first = rec.Time
			f.info.Start = time.Unix(0, rec.Time).UTC()
			f.told = nil
		}
		walk.Walk(&s, rec.Data, max(int(rec.WireLen), len(rec.Data)), rec.Iface.Link, rec.Iface.FCSLen)
		if err := f.index.add(rec, &s); err != nil {
			return fmt.Errorf("%s: %w", f.source.Name(), err)
		}
	}
	return nil
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
	p := trace.Progress{Live: live, Damage: f.damage}
	p.Done, p.Total = f.source.Progress()
	p.Pipe = p.Total == 0
	return p
}

// Close ends the indexing and closes the file.
func (f *File) Close() error {
	var err error
	f.closed.Do(func() {
		err = f.source.Close()
		<-f.done
		f.release()
	})
	return err
}

// Data is frame n as captured, and what the file says of it.
func (f *File) Data(n int) ([]byte, Meta, error) {
	defer f.look()()
	return f.data(n)
}

// metas are used again, for their memory.
var metas = sync.Pool{New: func() any { return new(source.Meta) }}

func (f *File) data(n int) ([]byte, Meta, error) {
	if n < 0 || n >= f.n {
		return nil, Meta{}, fmt.Errorf("%s: there is no frame %d", f.source.Name(), n+1)
	}
	e := f.entry(n)
	m := metas.Get().(*source.Meta)
	defer metas.Put(m)
	data, err := f.source.Frame(e.at(), int(e.capLen), m)
	if err != nil {
		return nil, Meta{}, err
	}
	return bytes.Clone(data), f.meta(&e, m), nil
}

func (f *File) meta(e *entry, m *source.Meta) Meta {
	return Meta{
		Time: time.Unix(0, e.time).UTC(), WireLen: m.WireLen, FCSLen: m.FCSLen,
		LinkType: m.Iface.Link, Interface: m.Iface.Name, Comments: m.Comments,
	}
}

// walk finds frame n's headers, as when it was entered.
func (f *File) walk(s *walk.Shape, n int, data []byte) {
	e := f.entry(n)
	i := f.ifaces[e.iface]
	walk.Walk(s, data, max(int(e.wire), len(data)), i.Link, i.FCSLen)
}

// payload is what a frame brings to its assembly; it holds until the next call.
func (f *File) payload(frame uint32) []byte {
	if f.last.body != nil && f.last.frame == frame {
		return f.last.body
	}
	data, _, err := f.data(int(frame))
	if err != nil {
		return nil // the file was changed under us: its bytes show as zero
	}
	s := &f.last.shape
	f.walk(s, int(frame), data)
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
