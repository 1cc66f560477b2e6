package tui

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

// coating is what a PDU of such a protocol does to what it wraps.
type coating struct {
	head, body, tail int64 // bytes before what it wraps, of what it wraps as it stands, behind it
	inner            trace.PDUID
	off, n           int64 // what it wraps: n bytes of inner
	changed          bool  // the body is not these bytes as they are
}

// isCoat tells whether a protocol wraps messages.
func isCoat(p layers.Proto) bool {
	switch p {
	case layers.WebSocket, layers.EngineIO, layers.SocketIO, layers.MQTT, layers.TLS, layers.Base64, layers.Gzip:
		return true
	}
	return false
}

// coatOf reads a coat of a protocol. At its sender it was made of what it
// wraps; at its receiver, what it wraps was made of it.
func coatOf(t trace.Trace, id trace.PDUID, p layers.Proto, made bool) (c coating, ok bool) {
	size := t.Size(id)
	if !isCoat(p) && p != layers.HTTP || t.PDU(id).Proto != p || size == 0 {
		return c, false // it adds nothing: this is the message itself
	}
	if made = made && !t.Info().Captured; made && t.PDU(id).Of == 0 {
		if spans := t.Parents(id); len(spans) == 1 {
			s := spans[0]
			c = coating{head: s.At, body: s.Len, inner: s.Of, off: s.Off, n: s.Extent()}
		}
	} else if !made {
		for _, k := range t.Children(id)[:min(len(t.Children(id)), 8)] {
			if s := k.Span; t.PDU(k.PDU).Proto.Layer() >= layers.Session || t.PDU(k.PDU).Proto == layers.Stream {
				c = coating{head: s.Off, body: s.Extent(), inner: k.PDU, off: s.At, n: s.Len}
				break
			}
		}
	}
	switch {
	case c.inner == 0 && p == layers.EngineIO && size > 1:
		return c, false // an attachment goes as it is
	case c.inner == 0 && p == layers.TLS:
		c.head, c.body = min(recordHead, size), max(size-recordHead, 0) // it stays closed, or is open to all
		c.changed = t.Append(nil, id, 0, 1)[0] == recordOfData
		return c, true
	case c.inner == 0:
		c.head = size // nothing but a header
	}
	c.tail = size - c.head - c.body
	c.changed = c.body != c.n
	if k := min(c.n, comparedBytes); !c.changed {
		c.changed = !bytes.Equal(t.Append(nil, id, c.head, k), t.Append(nil, c.inner, c.off, k))
	}
	return c, c.head >= 0 && c.tail >= 0
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
func (n *nesting) dress(t trace.Trace, id trace.PDUID, made bool) bool {
	any := false
	for range maxCoats {
		p := t.PDU(id).Proto
		c, ok := coatOf(t, id, p, made)
		if !ok {
			break
		}
		any = true
		n.wrap(block{p, c.head}, block{p, c.tail})
		if c.changed && n.form == 0 {
			n.form = p.Layer()
		}
		if c.inner == 0 || c.body != c.n {
			break
		}
		if t.PDU(c.inner).Proto == layers.Stream {
			if u, ok := inside(t, c, made); ok {
				id = u
				continue
			}
			break
		}
		if c.off != 0 || c.n != t.Size(c.inner) {
			break // a part of it
		}
		id = alone(t, c.inner, made)
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

// maxCoats bounds how deep coats lie in each other.
const maxCoats = 12

// wrap adds a header and what comes behind.
func (n *nesting) wrap(head, tail block) {
	if head.n > 0 {
		n.heads = append(n.heads, head)
	}
	if tail.n > 0 {
		n.tails = slices.Insert(n.tails, 0, tail)
	}
	n.at += head.n
	n.payload -= head.n + tail.n
}

// inside is the one unit that the data of a TLS record are, if they are.
func inside(t trace.Trace, c coating, made bool) (unit trace.PDUID, ok bool) {
	if !made {
		kids := t.Children(c.inner)
		i := sort.Search(len(kids), func(i int) bool { return kids[i].Span.Off >= c.off })
		for ; i < len(kids) && kids[i].Span.Off == c.off; i++ {
			if k := kids[i]; k.Span.Extent() == c.n && isCoat(t.PDU(k.PDU).Proto) {
				return k.PDU, true
			}
		}
		return 0, false
	}
	id, off := c.inner, c.off
	if p := t.PDU(id); p.Of != 0 { // a part of all that is inside
		id, off = p.Of, p.Off+off
	}
	units := between(t.Parents(id), off, c.n)
	if len(units) == 1 && units[0].At == off && units[0].Len == c.n && isCoat(t.PDU(units[0].Of).Proto) {
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

// fill says what a segment's share of a stream consists of: the coats of the
// one unit that it is, or how many units, or of which unit it is a part.
func (n *nesting) fill(t trace.Trace, spans []trace.Span) {
	units := between(spans, n.at, n.payload)
	if len(units) != 1 || units[0].At != n.at {
		if n.records(t) || len(units) == 0 {
			return
		}
	}
	first := units[0]
	n.proto = t.PDU(first.Of).Proto
	switch {
	case len(units) > 1:
		n.note = countOf(len(units), n.proto)
		n.form = n.proto.Layer()
	case first.At == n.at && first.Len == n.payload:
		n.dress(t, first.Of, true)
	case first.Len > n.payload:
		n.note = "part of " + countOf(1, n.proto)
		n.form = n.proto.Layer()
	}
}

// records tells whether a segment's share is whole TLS records, and counts
// them: those that are open to all are no units of their own.
func (n *nesting) records(t trace.Trace) bool {
	count, at := 0, int64(0)
	for at < n.payload {
		k, ok := layers.TLSRecordLen(t.Append(nil, n.origin, n.at+at, recordHead))
		size := int64(k)
		if !ok {
			return false
		}
		if at+size > n.payload && count == 0 {
			return false
		}
		count++
		at += size
	}
	n.proto = layers.TLS
	if n.form = layers.Presentation; count > 1 {
		n.note = countOf(count, layers.TLS)
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
	return thousands(n) + " " + p.String() + " " + unit + "s"
}
