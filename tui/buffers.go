package tui

import (
	"bytes"
	"fmt"
	"slices"

	"strata/layers"
	"strata/trace"
)

// turnTo shows another buffer of the tree: the PDU in its frame, or what was
// put together of several frames.
func (v *inspect) turnTo(in layers.Source) {
	v.in, v.line = in, 0
	if size := len(v.tree.Buffer(in)); in == v.home {
		v.base, v.end = min(v.pdu[0], size), min(v.pdu[1], size)
		v.total = v.size
	} else {
		v.base, v.end, v.total = 0, size, int64(size)
	}
	v.own()
}

// turn goes on to the next buffer that has something, and chooses what lies
// there.
func (v *inspect) turn() (more bool) {
	all := v.buffers()
	if len(all) < 2 {
		return false
	}
	v.showBuffer(all[(slices.Index(all, v.in)+1)%len(all)])
	return true
}

// buffers are the tree's buffers that have bytes: the frame, what was put
// together of several, what records held and masks hid.
func (v *inspect) buffers() (all []layers.Source) {
	if v.tree == nil {
		return nil
	}
	for in := layers.InFrame; in < layers.InBody+layers.Source(min(len(v.tree.Bodies), 200)); in++ {
		if len(v.tree.Buffer(in)) > 0 {
			all = append(all, in)
		}
	}
	return all
}

// showBuffer turns to a buffer, and chooses what lies there.
func (v *inspect) showBuffer(in layers.Source) {
	v.turnTo(in)
	for _, r := range v.rows {
		if r.in() == v.in {
			v.chosen = r.path
			break
		}
	}
}

// bufferName says in a few words what a buffer is.
func (v *inspect) bufferName(in layers.Source) string {
	switch {
	case in == v.home:
		return v.name
	case in == layers.InFrame:
		return "frame"
	case in == layers.InReassembled:
		return "put together of several frames"
	case v.tree.Decrypted(in):
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
func (v *inspect) shortName(in layers.Source) string {
	switch {
	case in == layers.InFrame:
		return "frame"
	case in == layers.InReassembled:
		return "reassembled"
	case v.tree.Decrypted(in):
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
	area rect
	in   layers.Source
}

// drawTabs draws the names of the buffers in the title's line from column x
// on, if there is a choice: as many as fit.
func (v *inspect) drawTabs(c *canvas, r rect, x int) {
	v.tabs = v.tabs[:0]
	all := v.buffers()
	if len(all) < 2 {
		return
	}
	seen := map[string]int{}
	for i, in := range all {
		name := v.shortName(in)
		if seen[name]++; seen[name] > 1 {
			name += fmt.Sprint(" ", seen[name])
		}
		w, l := c.width(name), quiet
		if in == v.in {
			l = accent | underline
		}
		if x+w+2 > r.w-1 {
			c.text(r, min(x, r.w-2), 0, "~", accent)
			return
		}
		if i > 0 {
			c.sign(r, x-1, 0, '│', rule)
		}
		c.text(r, x, 0, " ", plain)
		c.text(r, x+1, 0, name, l)
		c.text(r, x+1+w, 0, " ", plain)
		v.tabs = append(v.tabs, tabHit{rect{r.x + x + 1, r.y, w, 1}, in})
		x += w + 3
	}
}

// bringer is the protocol whose part of the tree brought a buffer: the last
// one before what lies in it.
func (v *inspect) bringer(in layers.Source) layers.Proto {
	last := layers.None
	for i := range v.tree.Parts {
		p := &v.tree.Parts[i]
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
	case pdu == layers.Message && isHTTP(b):
		return layers.HTTP
	}
	return layers.Data
}

// isHTTP reports whether a message's first line is one of HTTP/1.
func isHTTP(b []byte) bool {
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
	if carried := nest(t, frame); ev.Kind == trace.Write {
		stream = carried.origin
	}
	if t.PDU(stream).Proto == layers.Stream && off+n <= t.Size(stream) {
		a = about{stream, off, n, fmt.Sprintf("%d to %d of the stream", off, off+n-1)}
	}
	return a
}

// whereIs finds the bytes in a frame's tree: nested in the frame, or among
// what its stream carries, or in one of the buffers made of that.
func (v *inspect) whereIs(n int, frame trace.PDUID, a about) (at int, in layers.Source, ok bool) {
	t := v.t
	if a.off == 0 && a.n == t.Size(a.pdu) {
		if at, ok := place(t, frame, a.pdu); ok && v.take(n) {
			return int(at), layers.InFrame, v.whole.Data != nil && v.knows(layers.InFrame, int(at), a)
		}
	}
	if a.n == 0 || a.n > maxInspected || !v.take(n) {
		return 0, 0, false
	}
	b := t.Append(nil, a.pdu, a.off, a.n)
	carried := nest(t, frame)
	for _, off := range [2]int64{v.above(a, true), v.above(a, false)} {
		at := int(carried.low + off - carried.from)
		if off >= 0 && at >= int(carried.low) && at+len(b) <= len(v.whole.Data) && bytes.Equal(v.whole.Data[at:at+len(b)], b) {
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
func (v *inspect) knows(in layers.Source, at int, a about) bool {
	proto := v.t.PDU(a.pdu).Proto
	coat := isCoat(proto)
	if proto.Layer() <= layers.Transport && proto != layers.Stream {
		return true
	}
	for i := range v.whole.Parts {
		p := &v.whole.Parts[i]
		if p.In == in && p.Pos >= at && p.Pos < at+int(a.n) && p.Proto != layers.Data && (!coat || p.Proto == proto) {
			return true
		}
	}
	return !coat && isPlain(v.t, a)
}

// isPlain tells whether nothing could be said of the bytes alone, either.
func isPlain(t trace.Trace, a about) bool {
	p := t.PDU(a.pdu).Proto
	return first(p, p, t.Append(nil, a.pdu, a.off, min(a.n, 256))) == layers.Data
}

// above is where in its stream a PDU of layers 5 to 7 stands, if its bytes do:
// of one that was made, what it was wrapped in says so, of one that was taken
// off, what it was taken from. -1: it does not.
func (v *inspect) above(a about, made bool) int64 {
	t, id, at := v.t, a.pdu, a.off
	for range maxCoats {
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
	carried, n := nest(t, frame), nest(t, pdu)
	if n.low > 0 || n.origin == 0 || n.origin != carried.origin ||
		n.from < carried.from || n.from+n.size > carried.from+carried.size {
		return 0, false
	}
	return carried.low + n.from - carried.from, true
}
