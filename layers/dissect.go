package layers

import (
	"math/bits"
	"slices"
)

// Bounds of one dissection, against frames made to be expensive.
const (
	maxDepth = 100   // protocols within protocols
	maxNodes = 40000 // fields; what follows is shown as data
)

// Dissect takes a frame apart. It never fails: what cannot be read has an
// expert entry, and its bytes are Data. The tree refers to data.
func Dissect(data []byte, o Options) *Tree {
	d := &dissector{tree: &Tree{Data: data, Reassembled: o.Reassembled}, opt: o, data: data}
	d.frameLen = max(o.WireLen, len(data))
	d.outermost(span{0, len(data), d.frameLen})
	d.coverAll()
	return d.tree
}

// span is a stretch of the buffer in hand. The bytes from end to wire were on
// the wire, but not captured.
type span struct{ pos, end, wire int }

// size is how many bytes there were on the wire.
func (s span) size() int { return s.wire - s.pos }

// from is the span without its first n bytes.
func (s span) from(n int) span { return span{min(s.pos+n, s.end), s.end, max(s.pos+n, s.wire)} }

// first is the span's first n bytes.
func (s span) first(n int) span {
	return span{s.pos, min(s.end, s.pos+n), min(s.wire, s.pos+n)}
}

// whole says whether all of it was captured.
func (s span) whole() bool { return s.end == s.wire }

type dissector struct {
	tree     *Tree
	opt      Options
	data     []byte // the buffer in hand
	frameLen int    // the frame's length on the wire
	in       Source
	depth    int
	nodes    int
	seen     int         // how many of Options.Seen have been used
	above    Above       // what the stream carries next, as far as other frames and the units before tell
	opened   []Opened    // what the next units hold that cannot be read in this frame alone
	spoken   HTTPSpoken  // Seen.HTTP of the TCP segment in hand
	session  *TLSSession // that of the TCP segment in hand, as other frames tell of it; nil: it has none
	inTLS    bool        // within what a TLS record held
	datagram *Seen       // what other frames tell of the UDP datagram in hand; nil: nothing
	begun    [][]byte    // pieces of its handshake message that goes on in the TCP segment in hand
	quoted   bool        // within an ICMP error: cut off and unverifiable by nature

	pseudo      uint64 // partial sum of the pseudo-header, without the length
	overIPv6    bool   // it is that of IPv6
	fromStation bool   // the 802.11 frame in hand is one that only stations send
	fragmented  bool   // only a part of the transport's payload is here
}

// usualFields is how many fields a protocol's part has at its top, mostly.
var usualFields = [protoCount]int{Ethernet: 5, IPv4: 22, TCP: 20, UDP: 8, HTTP: 16, DNS: 10}

// part begins a protocol's part; its fields are added to the result.
func (d *dissector) part(p Proto, pos, n int) *Part {
	d.tree.Parts = append(d.tree.Parts, Part{
		Proto: p, Pos: pos, Len: n, Payload: pos + n, In: d.in, Quoted: d.quoted, Fields: make([]Node, 0, usualFields[p]),
	})
	return &d.tree.Parts[len(d.tree.Parts)-1]
}

// node makes the node of a field at a place that must lie in the buffer.
func (d *dissector) node(f *Field, pos, n int) Node {
	d.nodes++
	node := Node{Field: f, Pos: pos, Len: n, In: d.in, Hidden: f.Hidden}
	b := d.data[pos : pos+n]
	if f.Type != TypeNone && n <= 8 {
		node.Uint = number(b)
		if f.Little {
			node.Uint = bits.ReverseBytes64(node.Uint) >> (64 - 8*n)
		}
	}
	if f.Type == TypeInt && n < 8 {
		node.Uint = uint64(int64(node.Uint<<(64-8*n)) >> (64 - 8*n))
	}
	if f.Mask != 0 {
		node.Bit, node.Bits = f.Place()
		node.Uint = node.Uint & f.Mask >> bits.TrailingZeros64(f.Mask)
	}
	node.Show = show(f, node.Uint, b)
	return node
}

// valued is a node whose number is worked out: a time, a sum, a verdict.
func (d *dissector) valued(f *Field, pos, n int, v uint64) Node {
	d.nodes++
	return Node{Field: f, Pos: pos, Len: n, In: d.in, Hidden: f.Hidden, Uint: v, Show: show(f, v, nil)}
}

// told is a node whose text is given.
func (d *dissector) told(f *Field, pos, n int, text string) Node {
	d.nodes++
	return Node{Field: f, Pos: pos, Len: n, In: d.in, Hidden: f.Hidden, Show: text}
}

// fixed adds the fields of a table to dst; the header begins at base. It
// reports false, and stops, at the first field that is not all there.
func (d *dissector) fixed(dst []Node, rows []*Field, base int, s span) ([]Node, bool) {
	if dst == nil {
		dst = make([]Node, 0, len(rows))
	}
	for i, f := range rows {
		if base+f.At+f.Size > s.end {
			return dst, false
		}
		var n Node
		if i > 0 && sameValue(f, rows[i-1]) { // another name for the one before
			n = dst[len(dst)-1]
			n.Field, n.Hidden, n.Children = f, f.Hidden, nil
			d.nodes++
		} else {
			n = d.node(f, base+f.At, f.Size)
		}
		if len(f.Sub) > 0 {
			n.Children, _ = d.fixed(nil, f.Sub, base, s)
		}
		dst = append(dst, n)
	}
	return dst, true
}

// sameValue says whether two rows show the same bytes in the same way.
func sameValue(a, b *Field) bool {
	return a.At == b.At && a.Size == b.Size && a.Mask == b.Mask && a.Type == b.Type && a.Type != TypeEnum
}

// find gives the node of a field among nodes; nil when it is not there.
func find(nodes []Node, name string) *Node {
	for i := range nodes {
		if nodes[i].Field.Name == name {
			return &nodes[i]
		}
	}
	return nil
}

func (d *dissector) expert(sev Severity, name, text string, pos, n int) {
	if d.in != InFrame {
		pos, n = 0, 0
	}
	pos = min(pos, len(d.tree.Data)) // what it is about may go past what is there
	n = min(n, len(d.tree.Data)-pos)
	d.tree.Expert = append(d.tree.Expert, Expert{Severity: sev, Name: name, Text: text, Pos: pos, Len: n})
}

// short says that a protocol's bytes end before it does: because the capture
// was cut, or because they are malformed. In an ICMP error that is the rule.
func (d *dissector) short(p Proto, s span) {
	switch {
	case d.quoted:
	case !s.whole():
		d.expert(Note, "_ws.short", "The capture holds only a part of this frame: the "+p.String()+" "+p.Unit()+" goes on where it was cut.", s.pos, s.end-s.pos)
	default:
		d.expert(Error, "_ws.malformed.expert", "The "+p.String()+" "+p.Unit()+" ends before it is complete.", s.pos, s.end-s.pos)
	}
}

// within says whether another protocol may be begun.
func (d *dissector) within() bool { return d.depth < maxDepth && d.nodes < maxNodes }

var dataData = row(Data, Field{Name: "data.data", Label: "data", Type: TypeBytes, Help: "Bytes that belong to no protocol that is known here."})

// payload shows a span as data.
func (d *dissector) payload(s span) {
	if s.end <= s.pos {
		return
	}
	p := d.part(Data, s.pos, s.end-s.pos)
	p.Fields = []Node{d.node(dataData, s.pos, s.end-s.pos)}
	p.Summary = count(s.end-s.pos, "byte")
}

// coverAll shows as data what no part has claimed, in both buffers.
func (d *dissector) coverAll() {
	d.cover(InFrame) // bodies are copies
	d.cover(InReassembled)
}

// cover does so in one of the buffers.
func (d *dissector) cover(in Source) {
	d.in, d.data = in, d.tree.Buffer(in)
	claimed := make([][2]int, 0, 64)
	for _, p := range d.tree.Parts {
		if p.In == in {
			claimed = append(claimed, [2]int{p.Pos, p.Pos + p.Len})
		}
		for _, n := range p.Fields {
			if n.In == in {
				claimed = append(claimed, [2]int{n.Pos, n.Pos + n.Len})
			}
		}
	}
	slices.SortFunc(claimed, func(a, b [2]int) int { return a[0] - b[0] })
	at := 0
	for _, c := range append(claimed, [2]int{len(d.data), len(d.data)}) {
		d.payload(span{at, c[0], c[0]})
		at = max(at, c[1])
	}
}

// reassembled dissects Tree.Reassembled by f, and comes back.
func (d *dissector) reassembled(f func(span)) {
	data := d.data
	d.data, d.in = d.tree.Reassembled, InReassembled
	f(span{0, len(d.data), len(d.data)})
	d.data, d.in = data, InFrame
}
