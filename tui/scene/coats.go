package scene

import (
	"bytes"
	"slices"
	"sort"

	"strata/layers"
	"strata/trace"
)

// Above the socket a message is wrapped in coats: headers of WebSocket,
// Engine.IO, Socket.IO or MQTT, TLS records, base64, compression. The trace
// knows of each what it was made of.
//
//	message ◄─ Socket.IO ◄─ Engine.IO ◄─ WebSocket ◄─ TLS ◄─ stream   what went in
//
// At the receiver the same links run the other way: what came out.

// Coating is what a PDU of such a protocol does to what it wraps.
type Coating struct {
	Head, Body, Tail int64 // bytes before what it wraps, of what it wraps as it stands, behind it
	Inner            trace.PDUID
	Off, N           int64 // what it wraps: n bytes of inner
	Changed          bool  // the body is not these bytes as they are
}

// IsCoat tells whether a protocol wraps messages.
func IsCoat(p layers.Proto) bool {
	switch p {
	case layers.WebSocket, layers.EngineIO, layers.SocketIO, layers.MQTT, layers.TLS, layers.Base64, layers.Gzip:
		return true
	}
	return false
}

// CoatOf reads a coat of a protocol. At its sender it was made of what it
// wraps; at its receiver, what it wraps was made of it.
func CoatOf(t trace.Trace, id trace.PDUID, p layers.Proto, made bool) (c Coating, ok bool) {
	size := t.Size(id)
	if !IsCoat(p) && p != layers.HTTP || t.PDU(id).Proto != p || size == 0 {
		return c, false // it adds nothing: this is the message itself
	}
	if made = made && !t.Info().Captured; made && t.PDU(id).Of == 0 {
		if spans := t.Parents(id); len(spans) == 1 {
			s := spans[0]
			c = Coating{Head: s.At, Body: s.Len, Inner: s.Of, Off: s.Off, N: s.Extent()}
		}
	} else if !made {
		for _, k := range t.Children(id)[:min(len(t.Children(id)), 8)] {
			if s := k.Span; t.PDU(k.PDU).Proto.Layer() >= layers.Session || t.PDU(k.PDU).Proto == layers.Stream {
				c = Coating{Head: s.Off, Body: s.Extent(), Inner: k.PDU, Off: s.At, N: s.Len}
				break
			}
		}
	}
	switch {
	case c.Inner == 0 && p == layers.EngineIO && size > 1:
		return c, false // an attachment goes as it is
	case c.Inner == 0 && p == layers.TLS:
		c.Head, c.Body = min(recordHead, size), max(size-recordHead, 0) // it stays closed, or is open to all
		c.Changed = t.Append(nil, id, 0, 1)[0] == recordOfData
		return c, true
	case c.Inner == 0:
		c.Head = size // nothing but a header
	}
	c.Tail = size - c.Head - c.Body
	c.Changed = c.Body != c.N
	if k := min(c.N, comparedBytes); !c.Changed {
		c.Changed = !bytes.Equal(t.Append(nil, id, c.Head, k), t.Append(nil, c.Inner, c.Off, k))
	}
	return c, c.Head >= 0 && c.Tail >= 0
}

// A TLS record's header, and the type of those that hold data, or, from TLS
// 1.3 on, anything (RFC 8446 section 5.1).
const (
	recordHead   = 5
	recordOfData = 23
)

// comparedBytes is how many bytes tell whether a coat changed them: ciphers
// and masks change the first ones, too.
const comparedBytes = 64

// dress adds the coats of a unit to what is nested, from the outermost in: as
// far as their sizes are known in the bytes of the outermost. It tells whether
// there was any.
func (n *Nesting) dress(t trace.Trace, id trace.PDUID, made bool) bool {
	any := false
	for range MaxCoats {
		p := t.PDU(id).Proto
		c, ok := CoatOf(t, id, p, made)
		if !ok {
			break
		}
		any = true
		n.wrap(block{p, c.Head}, block{p, c.Tail})
		if c.Changed && n.Form == 0 {
			n.Form = p.Layer()
		}
		if c.Inner == 0 || c.Body != c.N {
			break
		}
		if t.PDU(c.Inner).Proto == layers.Stream {
			if u, ok := inside(t, c, made); ok {
				id = u
				continue
			}
			break
		}
		if c.Off != 0 || c.N != t.Size(c.Inner) {
			break // a part of it
		}
		id = alone(t, c.Inner, made)
	}
	return any
}

// alone is the one unit that a body consists of; a body of several, or of
// none, is itself.
func alone(t trace.Trace, body trace.PDUID, made bool) trace.PDUID {
	if t.PDU(body).Proto != layers.Data {
		return body
	}
	if made && !t.Info().Captured {
		if s := t.Parents(body); len(s) == 1 && s[0].At == 0 && s[0].Len == t.Size(body) && s[0].From == 0 {
			return s[0].Of
		}
	} else if k := t.Children(body); len(k) == 1 && k[0].Span.Off == 0 && k[0].Span.Extent() == t.Size(body) {
		return k[0].PDU
	}
	return body
}

// MaxCoats bounds how deep coats lie in each other.
const MaxCoats = 12

// wrap adds a header and what comes behind.
func (n *Nesting) wrap(head, tail block) {
	if head.N > 0 {
		n.Heads = append(n.Heads, head)
	}
	if tail.N > 0 {
		n.Tails = slices.Insert(n.Tails, 0, tail)
	}
	n.At += head.N
	n.Payload -= head.N + tail.N
}

// inside is the one unit that the data of a TLS record are, if they are.
func inside(t trace.Trace, c Coating, made bool) (unit trace.PDUID, ok bool) {
	if !made {
		kids := t.Children(c.Inner)
		i := sort.Search(len(kids), func(i int) bool { return kids[i].Span.Off >= c.Off })
		for ; i < len(kids) && kids[i].Span.Off == c.Off; i++ {
			if k := kids[i]; k.Span.Extent() == c.N && IsCoat(t.PDU(k.PDU).Proto) {
				return k.PDU, true
			}
		}
		return 0, false
	}
	id, off := c.Inner, c.Off
	if p := t.PDU(id); p.Of != 0 { // a part of all that is inside
		id, off = p.Of, p.Off+off
	}
	units := between(t.Parents(id), off, c.N)
	if len(units) == 1 && units[0].At == off && units[0].Len == c.N && IsCoat(t.PDU(units[0].Of).Proto) {
		return units[0].Of, true
	}
	return 0, false
}

// between is the spans that have bytes of a range, of spans in order.
func between(spans []trace.Span, off, n int64) []trace.Span {
	from := sort.Search(len(spans), func(i int) bool { return spans[i].At+spans[i].Len > off })
	to := from
	for to < len(spans) && spans[to].At < off+n {
		to++
	}
	return spans[from:to]
}

// Fill says what a segment's share of a stream consists of: the coats of the
// one unit that it is, or how many units, or of which unit it is a part.
func (n *Nesting) Fill(t trace.Trace, spans []trace.Span) {
	units := between(spans, n.At, n.Payload)
	if len(units) != 1 || units[0].At != n.At {
		if n.records(t) || len(units) == 0 {
			return
		}
	}
	first := units[0]
	n.proto = t.PDU(first.Of).Proto
	switch {
	case len(units) > 1:
		n.Note = countOf(len(units), n.proto)
		n.Form = n.proto.Layer()
	case first.At == n.At && first.Len == n.Payload:
		n.dress(t, first.Of, true)
	case first.Len > n.Payload:
		n.Note = "part of " + countOf(1, n.proto)
		n.Form = n.proto.Layer()
	}
}

// records tells whether a segment's share is whole TLS records, and counts
// them: those that are open to all are no units of their own.
func (n *Nesting) records(t trace.Trace) bool {
	count, at := 0, int64(0)
	for at < n.Payload {
		k, ok := layers.TLSRecordLen(t.Append(nil, n.Origin, n.At+at, recordHead))
		size := int64(k)
		if !ok {
			return false
		}
		if at+size > n.Payload && count == 0 {
			return false
		}
		count++
		at += size
	}
	n.proto = layers.TLS
	if n.Form = layers.Presentation; count > 1 {
		n.Note = countOf(count, layers.TLS)
		return true
	}
	n.wrap(block{layers.TLS, recordHead}, block{})
	return true
}

func countOf(n int, p layers.Proto) string {
	unit := p.Unit()
	if unit == "" {
		unit = "unit"
	}
	if n == 1 {
		return p.String() + " " + unit
	}
	return Thousands(n) + " " + p.String() + " " + unit + "s"
}
