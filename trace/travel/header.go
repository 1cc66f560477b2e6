package travel

import (
	"strata/layers"
	"strata/trace"
)

// Routers copy no header: they write it anew from the one that they got (RFC
// 1812 section 5.2), with one hop less to live, perhaps with other addresses
// (RFC 3022 section 4.1), perhaps on each of several fragments. No lineage says
// so, but the causes do.

const (
	// reach bounds how many events are looked at to find the next header: a
	// packet of 64 KiB is cut into 45 fragments, each framed, queued and sent.
	reach = 512
	// near bounds how many causes lie between a header that is read and the
	// one that is written from it.
	near = 8
	// depth bounds the PDUs between a frame and the header inside it.
	depth = 8
)

// remade says of which protocols headers are written anew on the way: IP by
// every router, the ports of transport protocols by one that translates them.
func remade(p layers.Proto) bool {
	return p == layers.IPv4 || p == layers.TCP || p == layers.UDP || p == layers.ICMPv4
}

// rewrites says whether an event writes a header anew, and does not make the
// first.
func rewrites(e trace.Event) bool {
	switch e.Kind {
	case trace.Forward, trace.Fragment:
		return e.Proto == layers.IPv4
	case trace.Encapsulate:
		return e.Why == trace.NATOut || e.Why == trace.NATIn || e.Why == trace.NATQuote
	}
	return false
}

// Before is the header that a node wrote a PDU's header from: what it got, or
// what it cut; 0: its own work. made is the event that wrote it.
func Before(t trace.Trace, pdu trace.PDUID) (was trace.PDUID, made trace.EventID) {
	p := t.PDU(pdu)
	if !remade(p.Proto) {
		return 0, 0
	}
	var e trace.Event
	for _, n := range t.About(pdu) {
		if e = t.Event(n); rewrites(e) {
			made = n
			break
		}
	}
	if made == 0 {
		return 0, 0
	}
	for id, n := e.Cause, 0; id != 0 && n < near; n++ {
		c := t.Event(id)
		switch {
		case c.Node != e.Node:
			return 0, 0
		case e.Kind == trace.Fragment && c.Proto == p.Proto && c.PDU != pdu:
			return c.PDU, made
		case c.Kind == trace.Decapsulate && c.Proto == layers.Ethernet:
			return Inside(t, c.PDU, p.Proto), made
		}
		id = c.Cause
	}
	return 0, 0
}

// Inside is the outermost PDU of a protocol in a frame; 0: there is none.
func Inside(t trace.Trace, id trace.PDUID, proto layers.Proto) trace.PDUID {
	for range depth {
		if id == 0 || t.PDU(id).Proto == proto {
			return id
		}
		parents := t.ParentsAt(id, 0, t.Size(id))
		if len(parents) == 0 {
			return 0
		}
		id = parents[0].Of
	}
	return 0
}

// headerBefore is the same field in the header that a header was written from.
func headerBefore(t trace.Trace, p place) (q place, ok bool) {
	if p.From >= int64(t.PDU(p.pdu).Head) {
		return q, false
	}
	was, _ := Before(t, p.pdu)
	return sameField(t, p, was)
}

// headersAfter are the same field in the headers that nodes wrote from one.
func headersAfter(t trace.Trace, p place) (out []place) {
	pdu := t.PDU(p.pdu)
	if !remade(pdu.Proto) || p.From >= int64(pdu.Head) {
		return nil
	}
	for _, read := range readings(t, p.pdu, depth) {
		for _, id := range after(t, read, pdu.Proto) {
			if was, _ := Before(t, id); was == p.pdu {
				if q, ok := sameField(t, p, id); ok {
					out = append(out, q)
				}
			}
		}
	}
	return out
}

// readings are the events after which a header may be written anew: its frame
// was read, or it was just written and is too long for the link.
func readings(t trace.Trace, id trace.PDUID, deep int) (out []trace.EventID) {
	if deep == 0 {
		return nil
	}
	for _, n := range t.About(id) {
		if e := t.Event(n); e.Kind == trace.Decapsulate && e.Proto == layers.Ethernet ||
			e.Proto == layers.IPv4 && (e.Kind == trace.Encapsulate || e.Kind == trace.Forward) {
			out = append(out, n)
		}
	}
	if t.PDU(id).Proto == layers.Ethernet {
		return out
	}
	for _, c := range t.Children(id) {
		out = append(out, readings(t, c.PDU, deep-1)...)
	}
	return out
}

// after are the PDUs whose headers a node wrote anew right after an event.
func after(t trace.Trace, read trace.EventID, proto layers.Proto) (out []trace.PDUID) {
	at := t.Event(read)
	for n := read + 1; n < read+reach; n++ {
		e := t.Event(n)
		if e.Kind == 0 || e.Time != at.Time {
			break
		}
		if e.Node == at.Node && e.Proto == proto && rewrites(e) {
			out = append(out, e.PDU)
		}
	}
	return out
}

// sameField is the stretch at the same place in another header of the protocol.
func sameField(t trace.Trace, p place, other trace.PDUID) (q place, ok bool) {
	pdu, o := t.PDU(p.pdu), t.PDU(other)
	if other == 0 || o.Proto != pdu.Proto || o.Head != pdu.Head {
		return q, false
	}
	return place{other, Lit{p.From, min(p.To, int64(pdu.Head)), Remade}, p.up}, true
}
