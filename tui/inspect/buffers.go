package inspect

import (
	"bytes"
	"fmt"
	"slices"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
)

// turnTo shows another buffer of the tree: the PDU in its frame, or what was
// put together of several frames.
func (v *View) turnTo(in layers.Source) {
	v.In, v.line = in, 0
	if size := len(v.Tree.Buffer(in)); in == v.Home {
		v.Base, v.end = min(v.pdu[0], size), min(v.pdu[1], size)
		v.total = v.size
	} else {
		v.Base, v.end, v.total = 0, size, int64(size)
	}
	v.own()
}

// Turn goes on to the next buffer that has something, and chooses what lies
// there.
func (v *View) Turn() (more bool) {
	all := v.Buffers()
	if len(all) < 2 {
		return false
	}
	v.showBuffer(all[(slices.Index(all, v.In)+1)%len(all)])
	return true
}

// Buffers are the tree's buffers that have bytes: the frame, what was put
// together of several, what records held and masks hid.
func (v *View) Buffers() (all []layers.Source) {
	if v.Tree == nil {
		return nil
	}
	for in := layers.InFrame; in < layers.InBody+layers.Source(min(len(v.Tree.Bodies), 200)); in++ {
		if len(v.Tree.Buffer(in)) > 0 {
			all = append(all, in)
		}
	}
	return all
}

// showBuffer turns to a buffer, and chooses what lies there.
func (v *View) showBuffer(in layers.Source) {
	v.turnTo(in)
	for _, r := range v.Rows {
		if r.in() == v.In {
			v.Chosen = r.Path
			break
		}
	}
}

// bufferName says in a few words what a buffer is.
func (v *View) bufferName(in layers.Source) string {
	switch {
	case in == v.Home:
		return v.name
	case in == layers.InFrame:
		return "frame"
	case in == layers.InReassembled:
		return "put together of several frames"
	case v.Tree.Decrypted(in):
		return "what was encrypted, opened"
	}
	switch v.bringer(in) {
	case layers.WebSocket:
		return "a WebSocket message, unmasked"
	case layers.EngineIO:
		return "base64, decoded"
	}
	return "a body, put together"
}

// shortNames are the same for the tabs.
func (v *View) shortName(in layers.Source) string {
	switch {
	case in == layers.InFrame:
		return "frame"
	case in == layers.InReassembled:
		return "reassembled"
	case v.Tree.Decrypted(in):
		return "decrypted"
	}
	switch v.bringer(in) {
	case layers.WebSocket:
		return "unmasked"
	case layers.EngineIO:
		return "decoded"
	}
	return "body"
}

// tabHit is where a buffer's name was drawn.
type tabHit struct {
	Area draw.Rect
	in   layers.Source
}

// drawTabs draws the names of the buffers in the title's line from column x
// on, if there is a choice: as many as fit.
func (v *View) drawTabs(c *draw.Canvas, r draw.Rect, x int) {
	v.Tabs = v.Tabs[:0]
	all := v.Buffers()
	if len(all) < 2 {
		return
	}
	seen := map[string]int{}
	for i, in := range all {
		name := v.shortName(in)
		if seen[name]++; seen[name] > 1 {
			name += fmt.Sprint(" ", seen[name])
		}
		w, l := c.Width(name), draw.Quiet
		if in == v.In {
			l = draw.Accent | draw.Underline
		}
		if x+w+2 > r.W-1 {
			c.Text(r, min(x, r.W-2), 0, "~", draw.Accent)
			return
		}
		if i > 0 {
			c.Sign(r, x-1, 0, '│', draw.Rule)
		}
		c.Text(r, x, 0, " ", draw.Plain)
		c.Text(r, x+1, 0, name, l)
		c.Text(r, x+1+w, 0, " ", draw.Plain)
		v.Tabs = append(v.Tabs, tabHit{draw.Box(r.X+x+1, r.Y, w, 1), in})
		x += w + 3
	}
}

// bringer is the protocol whose part of the tree brought a buffer: the last
// one before what lies in it.
func (v *View) bringer(in layers.Source) layers.Proto {
	last := layers.None
	for i := range v.Tree.Parts {
		p := &v.Tree.Parts[i]
		if p.In == in {
			return last
		}
		for j := range p.Fields {
			if p.Fields[j].In == in {
				return p.Proto
			}
		}
		last = p.Proto
	}
	return last
}

func pduName(p layers.Proto) string {
	if p.Unit() == "" || p.Unit() == p.String() {
		return p.String()
	}
	return p.String() + " " + p.Unit()
}

// first is the protocol that bytes begin with which lie in no frame.
func first(pdu, event layers.Proto, b []byte) layers.Proto {
	switch {
	case pdu.Layer() < layers.Transport:
		return pdu
	case event.Layer() == layers.Application && event != layers.Message:
		return event
	case pdu == layers.Message && IsHTTP(b):
		return layers.HTTP
	}
	return layers.Data
}

// IsHTTP reports whether a message's first line is one of HTTP/1.
func IsHTTP(b []byte) bool {
	line, _, _ := bytes.Cut(b, []byte("\r\n"))
	return bytes.HasPrefix(line, []byte("HTTP/1.")) || bytes.HasSuffix(line, []byte(" HTTP/1.1")) || bytes.HasSuffix(line, []byte(" HTTP/1.0"))
}

// about is the bytes that an event is about: n of a PDU, from off.
type about struct {
	pdu    trace.PDUID
	off, n int64
	name   string
}

// aboutOf tells what an event is about; of a socket, what enters or leaves it.
func aboutOf(t trace.Trace, e trace.EventID, frame trace.PDUID) about {
	ev := t.Event(e)
	a := about{pdu: ev.PDU}
	if a.pdu == 0 {
		a.pdu = frame
	}
	a.n, a.name = t.Size(a.pdu), pduName(t.PDU(a.pdu).Proto)
	off, n := t.Extent(e)
	if ev.Kind != trace.Write && ev.Kind != trace.Read || n <= 0 || t.Info().Captured {
		return a
	}
	stream := ev.PDU
	if carried := scene.Nest(t, frame); ev.Kind == trace.Write {
		stream = carried.Origin
	}
	if t.PDU(stream).Proto == layers.Stream && off+n <= t.Size(stream) {
		a = about{stream, off, n, fmt.Sprintf("%d to %d of the stream", off, off+n-1)}
	}
	return a
}

// whereIs finds the bytes in a frame's tree: nested in the frame, or among
// what its stream carries, or in one of the buffers made of that.
func (v *View) whereIs(n int, frame trace.PDUID, a about) (at int, in layers.Source, ok bool) {
	t := v.T
	if a.off == 0 && a.n == t.Size(a.pdu) {
		if at, ok := place(t, frame, a.pdu); ok && v.whole != nil {
			return int(at), layers.InFrame, v.whole.Data != nil && v.knows(layers.InFrame, int(at), a)
		}
	}
	if a.n == 0 || a.n > MaxInspected || v.whole == nil {
		return 0, 0, false
	}
	b := t.Append(nil, a.pdu, a.off, a.n)
	carried := scene.Nest(t, frame)
	for _, off := range [2]int64{v.above(a, true), v.above(a, false)} {
		at := int(carried.Low + off - carried.From)
		if off >= 0 && at >= int(carried.Low) && at+len(b) <= len(v.whole.Data) && bytes.Equal(v.whole.Data[at:at+len(b)], b) {
			return at, layers.InFrame, v.knows(layers.InFrame, at, a)
		}
	}
	for in := layers.InReassembled; len(b) >= leastFound && in < layers.InBody+layers.Source(min(len(v.whole.Bodies), 200)); in++ {
		if at := bytes.Index(v.whole.Buffer(in), b); at >= 0 && v.knows(in, at, a) {
			return at, in, true
		}
	}
	return 0, 0, false
}

// leastFound is how many bytes are looked for: fewer could stand anywhere.
const leastFound = 2

// knows tells whether the tree has more to say of the bytes than that they are
// data; of a frame's own headers it has.
func (v *View) knows(in layers.Source, at int, a about) bool {
	proto := v.T.PDU(a.pdu).Proto
	coat := scene.IsCoat(proto)
	if proto.Layer() <= layers.Transport && proto != layers.Stream {
		return true
	}
	for i := range v.whole.Parts {
		p := &v.whole.Parts[i]
		if p.In == in && p.Pos >= at && p.Pos < at+int(a.n) && p.Proto != layers.Data && (!coat || p.Proto == proto) {
			return true
		}
	}
	return !coat && isPlain(v.T, a)
}

// isPlain tells whether nothing could be said of the bytes alone, either.
func isPlain(t trace.Trace, a about) bool {
	p := t.PDU(a.pdu).Proto
	return first(p, p, t.Append(nil, a.pdu, a.off, min(a.n, 256))) == layers.Data
}

// above is where in its stream a PDU of layers 5 to 7 stands, if its bytes do:
// of one that was made, what it was wrapped in says so, of one that was taken
// off, what it was taken from. -1: it does not.
func (v *View) above(a about, made bool) int64 {
	t, id, at := v.T, a.pdu, a.off
	for range scene.MaxCoats {
		p := t.PDU(id)
		if p.Proto == layers.Stream && p.Of == 0 {
			return at
		}
		found := false
		if made {
			for _, k := range t.Children(id)[:min(len(t.Children(id)), 8)] {
				if at >= k.Span.Off && at < k.Span.Off+k.Span.Extent() {
					id, at, found = k.PDU, k.Span.At+at-k.Span.Off, true
					break
				}
			}
		} else if spans := t.Parents(id); len(spans) == 1 {
			id, at, found = spans[0].Of, spans[0].Off+at-spans[0].At, true
		}
		if !found {
			break
		}
	}
	return -1
}

// place finds where a PDU lies whole in a frame: as one that the frame nests,
// or as a message whose bytes the frame carries.
func place(t trace.Trace, frame, pdu trace.PDUID) (at int64, ok bool) {
	outer := frame
	for depth := 0; outer != 0 && depth < 32; depth++ {
		if outer == pdu {
			return at, true
		}
		spans := t.Parents(outer)
		if len(spans) != 1 || spans[0].Off != 0 || spans[0].Len != t.Size(spans[0].Of) {
			break
		}
		at += spans[0].At
		outer = spans[0].Of
	}
	carried, n := scene.Nest(t, frame), scene.Nest(t, pdu)
	if n.Low > 0 || n.Origin == 0 || n.Origin != carried.Origin ||
		n.From < carried.From || n.From+n.Size > carried.From+carried.Size {
		return 0, false
	}
	return carried.Low + n.From - carried.From, true
}
