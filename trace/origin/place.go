package origin

import (
	"strata/layers"
	"strata/trace"
	"strata/trace/travel"
)

// place is what is known of the bytes that are asked about.
type place struct {
	off   int           // in the frame; -1: they are not in it as they are
	path  []trace.Place // from the frame, or the PDU asked about, to the PDU whose own they are
	proto layers.Proto
	node  *layers.Node // the deepest field
	names []string     // of the field and of those that it lies in, the deepest first
	head  bool         // they belong to a header, or stand behind a packet
	want  string       // which field is meant; empty: the deepest
	from  int64        // the first of them in the PDU asked about, and how many they are
	n     int64
}

// own is the PDU whose own the bytes are.
func (p *place) own() trace.Place { return p.path[len(p.path)-1] }

// locate finds the bytes in the frame, and the field that has them.
func (q *Asked) locate(pdu trace.PDUID, from, to int64, field string) place {
	f := q.t.Frame(q.frame)
	from = min(max(from, 0), max(q.t.Size(pdu)-1, 0))
	p := place{off: -1, from: from, n: max(to-from, 1), want: field}
	if base, ok := q.base(f.PDU, pdu); ok {
		p.off = int(base + from)
		p.path = trace.Origins(q.t, trace.Place{PDU: f.PDU, Off: base + from})
	} else {
		p.path = trace.Origins(q.t, trace.Place{PDU: pdu, Off: from})
	}
	for _, at := range p.path { // a damaged copy of the frame has its fields
		if at.PDU == f.PDU {
			p.off = int(at.Off)
		}
	}
	own := q.t.PDU(p.own().PDU)
	p.proto = own.Proto
	p.head = !content(own, p.own().Off)
	if tree := q.t.Tree(q.frame); tree != nil && p.off >= 0 {
		p.find(tree)
	}
	return p
}

// base is where in a frame a PDU begins that lies in it as it is.
func (q *Asked) base(frame, pdu trace.PDUID) (off int64, ok bool) {
	for range 12 {
		if frame == pdu {
			return off, true
		}
		spans := q.t.ParentsAt(frame, 0, q.t.Size(frame))
		if len(spans) != 1 || spans[0].Off != 0 || spans[0].From != 0 {
			return 0, false
		}
		off += spans[0].At
		frame = spans[0].Of
	}
	return 0, false
}

// find finds the field of the frame's tree at the place. Of several parts that
// have the byte the last is the innermost.
func (p *place) find(tree *layers.Tree) {
	for i := range tree.Parts {
		part := &tree.Parts[i]
		if part.In != layers.InFrame {
			continue
		}
		switch n, names := p.deepest(part.Fields, nil); {
		case n != nil && p.node != nil && p.want != "" && p.node.Field.Name == p.want && n.Field.Name != p.want:
		case n != nil:
			p.node, p.proto, p.names = n, part.Proto, names
		case p.node == nil && p.off >= part.Pos && p.off < part.Pos+part.Len:
			p.proto = part.Proto
		}
	}
}

// deepest is the deepest visible field at the place, with its name and those
// of the fields around it; if one of them is meant, that one.
func (p *place) deepest(nodes []layers.Node, above []string) (found *layers.Node, names []string) {
	for i := range nodes {
		n := &nodes[i]
		if n.In != layers.InFrame || n.Hidden || p.off < n.Pos || p.off >= n.Pos+n.Len {
			continue
		}
		with := append([]string{n.Field.Name}, above...)
		d, around := n, with
		exact := p.want == "" && p.n > 1 && n.Pos == p.off && int64(n.Len) == p.n
		if !exact && (p.want == "" || n.Field.Name != p.want) {
			if in, names := p.deepest(n.Children, with); in != nil {
				d, around = in, names
			}
		}
		if p.want == "" || d.Field.Name == p.want {
			return d, around
		}
		if found == nil {
			found, names = d, around
		}
	}
	return found, names
}

// content says whether a byte of a PDU's own is what headers carry.
func content(own trace.PDU, off int64) bool {
	return own.Proto == layers.Stream || own.Proto.Layer() >= layers.Session ||
		off >= int64(own.Head) && off < int64(own.Head)+int64(own.Len)
}

// header is one that was made on the way to this frame.
type header struct {
	pdu  trace.PDUID
	made trace.EventID // 0: not known
	node trace.NodeID
}

// headers are those of the PDU whose own the bytes are: this hop's first, then
// those that it was written from, the first node's last.
func (q *Asked) headers() (all []header) {
	pdu := q.at.own().PDU
	for range 64 {
		h := header{pdu: pdu}
		was, made := travel.Before(q.t, pdu)
		if made == 0 {
			made = q.maker(pdu)
		}
		h.made, h.node = made, q.t.Event(made).Node
		all = append(all, h)
		if was == 0 {
			return all
		}
		pdu = was
	}
	return all
}

// maker is the event that made a PDU.
func (q *Asked) maker(pdu trace.PDUID) trace.EventID {
	for _, n := range q.t.About(pdu) {
		switch e := q.t.Event(n); e.Kind {
		case trace.Segment, trace.Encapsulate, trace.Fragment, trace.Forward, trace.Send, trace.Encode, trace.Corrupt, trace.Transmit:
			return n
		}
	}
	return 0
}

// header is this hop's header, root the first node's.
func (q *Asked) header() header { return q.headers()[0] }
func (q *Asked) root() header {
	all := q.headers()
	return all[len(all)-1]
}

// bytes are n bytes of the header that the bytes lie in, from its start.
func (q *Asked) bytes(pdu trace.PDUID, off, n int64) []byte {
	b := q.t.Append(nil, pdu, off, n)
	for int64(len(b)) < n {
		b = append(b, 0)
	}
	return b
}

// damage tells of bits that were flipped: where a PDU differs from the one that
// it is a copy of.
func (q *Asked) damage() {
	for i := 0; i+1 < len(q.at.path); i++ {
		a, b := q.at.path[i], q.at.path[i+1]
		if q.t.Size(a.PDU) != q.t.Size(b.PDU) || a.Off != b.Off {
			continue
		}
		is, was := q.bytes(a.PDU, a.Off, 1)[0], q.bytes(b.PDU, b.Off, 1)[0]
		if is == was || q.t.PDU(a.PDU).Proto != q.t.PDU(b.PDU).Proto {
			continue
		}
		l := q.say("a bit of this byte was flipped on its way: it was %02x, and is %02x", was, is).of(b.PDU, b.Off, b.Off+1)
		for _, n := range q.t.About(a.PDU) {
			if q.t.Event(n).Kind == trace.Corrupt {
				l.on(n).in(q.t.FrameOf(n)).by(q.t.Event(n).Why.Reason().RFC)
			}
		}
	}
}
