package capture

import (
	"fmt"
	"math"

	"strata/layers"
	"strata/layers/streams"
)

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
	f.reassembly(n, alone, &o)
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
		if fl.Proto == layers.UDP {
			f.seenQUIC(&note, &seen[i])
		}
		if fl.Proto == layers.TCP {
			a := f.explain(&note, n)
			seen[i].Analysis = &a
			if note.flow == e.flow {
				seen[i].HTTP = f.spokeHTTP(&e, uint32(n), alone)
			}
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

// spokeHTTP says whether frame n's connection has spoken HTTP: whether a request
// came before, whole, or, to one who puts nothing together, a piece of one.
func (f *File) spokeHTTP(e *entry, n uint32, alone bool) layers.HTTPSpoken {
	w := f.ways.at(int(e.flow))
	if w.conn == 0 {
		return layers.HTTPUnknown // it is not followed
	}
	var came [2]streams.Line
	for i, side := range f.conns.look(int(w.conn - 1)).sides {
		if side.asm == 0 || f.asms.look(int(side.asm-1)).messages.Len() == 0 {
			continue
		}
		l := f.line(side.asm-1, 0)
		m := l.Message(0)
		if m.Proto == layers.HTTP && m.First < n && (alone || m.Lost && m.Sized || !m.Lost && m.Last < n) {
			came[i] = l
		}
	}
	switch {
	case came[0] != nil && came[1] != nil: // one asked
		return layers.HTTPCame
	case came[0] != nil && asks(came[0]), came[1] != nil && asks(came[1]):
		return layers.HTTPCame
	}
	return layers.HTTPNever
}

// asks says whether a side's first message is a request.
func asks(l streams.Line) bool {
	const answers = "HTTP/"
	start := l.Message(0).Start
	return string(l.Read(nil, start, start+int64(len(answers)))) != answers
}

// timeOf is the time of a frame, from 1, in nanoseconds.
func (f *File) timeOf(frame uint32) int64 {
	e := f.entry(int(frame) - 1)
	return e.time
}

// reassembly says what the frame completes, or that another one does; with
// alone set, only what cannot be read in it.
func (f *File) reassembly(n int, alone bool, o *layers.Options) {
	e := f.entry(n)
	a, number := f.assemblyAt(&e)
	switch {
	case a == nil:
	case !e.is(flagFragment):
		if !alone || f.depths[number] != nil {
			f.streamPart(n, number, alone, o)
		}
	case alone:
	case e.is(flagWhole):
		o.Reassembled = f.appendAssembly(nil, a, 0, a.size())
	default:
		o.Kept = math.MaxInt
	}
}

// sameAgain says how a segment [at, end) shows that brings only what came
// before, as Wireshark has it, who goes by what the analysis finds; false: it is
// read as if it came for the first time.
func (f *File) sameAgain(l streams.Line, e *entry, n int, at, end int64, o *layers.Options) bool {
	a, _ := f.analysed(e, n)
	begins, shares := streams.Shared(l, at, end)
	switch {
	case a.Findings&layers.SpuriousRetransmission != 0:
		o.Again, shares = true, begins
	case a.Findings&layers.Retransmission != 0:
		shares = true
	}
	if shares {
		o.Kept = math.MaxInt
	}
	return shares || o.Again
}

// streamPart says which of a segment's bytes belong to messages of several
// segments, and what they hold.
func (f *File) streamPart(n int, number uint32, alone bool, o *layers.Options) {
	v := f.view(n)
	p := &v.pdus[0]
	if p.Of == 0 && p.Len > 0 {
		return // its place in the stream is not known
	}
	at, end := p.Off, p.Off+int64(p.Len)
	resent := v.entry.is(flagResent)
	var part streams.Part
	switch l := f.line(number, 0); {
	case resent && alone:
		return
	case resent && f.sameAgain(l, &v.entry, n, at, end, o):
		return
	case resent, alone:
		part = streams.Alone(l, at, end)
	default:
		part = streams.Segment(l, at, end, uint32(n))
		if a, ok := f.analysed(&v.entry, n); ok && a.Findings&layers.Retransmission != 0 && part.Reassembled == nil {
			part.Kept = math.MaxInt
		}
	}
	o.Reassembled, o.Taken, o.Kept = part.Reassembled, part.Taken, part.Kept
	o.Passed, o.Continues = part.Passed, part.Since+1
	for i := range int(v.entry.noted) {
		if note := f.notes.At(int(v.entry.notes) - 1 + i); note.flow == v.entry.flow {
			o.Seen[i].Above, o.Seen[i].Opened, o.Seen[i].Begun = part.Above, part.Opened, part.Begun
		}
	}
}
