package capture

import (
	"fmt"
	"math"

	"strata/layers"
)

// maxReassembled bounds the message or packet that a Tree is put together
// with, in bytes; a larger one shows as data.
const maxReassembled = 16 << 20

// Dissect takes frame n apart. Unless alone is set, a frame that completes a message
// or packet carries it whole, and one that brings a part of it shows it as
// data.
func (f *File) Dissect(n int, alone bool) (*layers.Tree, Meta, error) {
	data, m, o, err := f.ready(n, alone)
	if err != nil {
		return nil, Meta{}, err
	}
	return layers.Dissect(data, o), m, nil
}

// ready reads frame n, and what other frames tell of it.
func (f *File) ready(n int, alone bool) ([]byte, Meta, layers.Options, error) {
	defer f.look()()
	var o layers.Options
	if n < 0 || n >= f.n {
		return nil, Meta{}, o, fmt.Errorf("%s: there is no frame %d", f.source.Name(), n+1)
	}
	data, m, err := f.data(n)
	if err != nil {
		return nil, Meta{}, o, err
	}
	o = layers.Options{WireLen: m.WireLen, FCSLen: m.FCSLen, First: layers.LinkProto(int(m.LinkType)), Time: m.Time.UnixNano()}
	o.Seen = f.seen(n, alone)
	if e := f.entry(n); !alone && e.is(flagFragment) {
		o.Overlaps = e.is(flagResent)
	}
	if !alone {
		f.reassembly(n, &o)
	}
	return data, m, o, nil
}

// seen is what other frames tell of frame n's transport headers, in order; with
// alone set, what they tell one who puts nothing together.
func (f *File) seen(n int, alone bool) []layers.Seen {
	e := f.entry(n)
	if e.noted == 0 {
		return nil
	}
	seen := make([]layers.Seen, e.noted)
	for i := range seen {
		note := f.notes.At(int(e.notes) - 1 + i)
		fl := f.table.At(note.flow)
		seen[i].Stream = fl.Stream
		if fl.Proto == layers.TCP {
			a := f.explain(&note, n)
			seen[i].Analysis = &a
			number := note.whole
			if alone {
				number = note.alone
			}
			if number > 0 {
				s := f.sessions.At(int(number - 1))
				seen[i].TLS = &s
			}
		}
	}
	return seen
}

// timeOf is the time of a frame, from 1, in nanoseconds.
func (f *File) timeOf(frame uint32) int64 {
	e := f.entry(int(frame) - 1)
	return e.time
}

// reassembly says what the frame completes, or that another one does.
func (f *File) reassembly(n int, o *layers.Options) {
	e := f.entry(n)
	a, _ := f.assemblyAt(&e)
	switch {
	case a == nil:
	case !e.is(flagFragment):
		f.streamPart(a, uint32(n), o)
	case e.is(flagWhole):
		o.Reassembled = f.appendAssembly(nil, a, 0, a.size())
	default:
		o.Kept = math.MaxInt
	}
}

// streamPart says which of a segment's bytes belong to messages of several
// segments. As Wireshark does it, a message whose length was known before takes
// as many bytes as it needs, and the rest is read in the frame; one whose end
// is found by reading on takes the segment, and what is whole after it is
// shown with it.
func (f *File) streamPart(a *assembly, frame uint32, o *layers.Options) {
	v := f.view(int(frame))
	p := &v.pdus[0]
	if p.Of == 0 && p.Len > 0 {
		return // its place in the stream is not known
	}
	if v.entry.is(flagResent) {
		o.Kept = math.MaxInt // it was read when it came first
		return
	}
	at, end := p.Off, p.Off+int64(p.Len)
	if ended := a.endedIn(frame); len(ended) > 0 {
		m := ended[0]
		if m.first != frame && (p.Len == 0 || m.start < at) {
			to, taken := m.end, m.end-at
			if !m.sized {
				to, taken = ended[len(ended)-1].end, end-at
			}
			if to-m.start > maxReassembled {
				o.Kept = math.MaxInt
				return
			}
			o.Reassembled = f.appendAssembly(nil, a, m.start, to)
			o.Taken = int(min(max(taken, 0), int64(p.Len)))
		}
	}
	o.Kept = int(end - max(at+int64(o.Taken), a.keptFrom(at, end, frame)))
}

// keptFrom is where in a segment the bytes begin that belong to a message
// which a later frame completes; the segment's end if there are none.
func (a *assembly) keptFrom(at, end int64, frame uint32) int64 {
	for i := a.messages.Len() - 1; i >= 0; i-- {
		m := a.message(i)
		if m.first <= frame && m.start < end {
			// The last part of one that is not whole is still only a part.
			if at < m.end && (m.last > frame || m.last == frame && m.lost) {
				return max(at, m.start)
			}
			break
		}
	}
	return end
}
