package capture

import (
	"strata/layers"
	"strata/trace"
)

// maxReassembled bounds the message or packet that a Tree is put together
// with, in bytes; a larger one shows as data.
const maxReassembled = 16 << 20

// Tree dissects frame n. Unless alone is set, a frame that completes a message
// or packet carries it whole, and one that brings a part of it shows it as
// data.
func (f *File) Tree(n int, alone bool) (*layers.Tree, Meta, error) {
	data, m, err := f.Data(n)
	if err != nil {
		return nil, Meta{}, err
	}
	o := layers.Options{WireLen: m.WireLen, FCSLen: m.FCSLen}
	if m.LinkType != linkEthernet {
		o.First = layers.Data
	}
	if !alone {
		f.reassembly(n, &o)
	}
	return layers.Dissect(data, o), m, nil
}

// reassembly says what the frame completes, or that another one does.
func (f *File) reassembly(n int, o *layers.Options) {
	e := f.entry(n)
	a, _ := f.assemblyAt(e)
	switch {
	case a == nil:
	case !e.is(flagFragment):
		f.streamPart(a, uint32(n), o)
	case e.is(flagWhole):
		o.Reassembled = f.appendAssembly(nil, a, 0, a.size())
	default:
		o.Held = true
	}
}

// streamPart says what a segment completes: of several messages the first,
// which is the only one that can have begun in an earlier frame.
func (f *File) streamPart(a *assembly, frame uint32, o *layers.Options) {
	v := f.look(int(frame))
	p := &v.pdus[0]
	if p.Of == 0 && p.Len > 0 {
		return // its place in the stream is not known
	}
	if v.entry.is(flagResent) {
		o.Held = true // it was read when it came first
		return
	}
	for _, m := range a.endedIn(frame) {
		if p.Len > 0 && m.start >= p.Off || m.first == frame {
			return
		}
		if m.end-m.start > maxReassembled {
			o.Held = true
			return
		}
		o.Reassembled = f.appendAssembly(nil, a, m.start, m.end)
		return
	}
	o.Held = p.Len > 0 && a.holds(p.PDU, frame)
}

// holds says whether a segment's bytes belong to a message that a later frame
// completes.
func (a *assembly) holds(p trace.PDU, frame uint32) bool {
	for i := len(a.messages) - 1; i >= 0; i-- {
		m := &a.messages[i]
		if m.first <= frame && m.start < p.Off+int64(p.Len) {
			// The last part of one that is not whole is still only a part.
			return p.Off < m.end && (m.last > frame || m.last == frame && m.lost)
		}
	}
	return false
}
