package filter

import (
	"encoding/binary"

	"strata/layers"
)

// fieldValues appends the values that a field or a protocol has in a frame.
func (o *operand) fieldValues(s *scene, dst []value) []value {
	e := o.entry
	switch e.source {
	case inFrame:
		return frameValues(dst, e.name, s.tree, s.frame)
	case inExpert:
		return expertValues(dst, e.name, s.tree, s.frame)
	}
	from := len(dst)
	ends := wideEnds{tree: s.tree}
	for i := range s.tree.Parts {
		p := &s.tree.Parts[i]
		wide := ends.next(p)
		if !o.inLayer(s.tree, i) {
			continue
		}
		if e.source == inParts && p.Proto.Filter() == e.name && (p.Len > 0 || p.Proto.Layer() >= layers.Session) { // of a header cut to nothing, there is only a finding
			buf := s.tree.Buffer(p.In)
			dst = append(dst, value{bytes: cut(buf, p.Pos, p.Pos+p.Len), wide: cut(buf, p.Pos, wide)})
		}
		if e.source == inData {
			if !held(s.tree, p) {
				dst = dataValues(dst, s.tree, p.Fields)
			}
			continue
		}
		dst = nodeValues(dst, s.tree, p.Fields, e)
	}
	if len(dst) == from && e.kind == kindProto && !e.proto { // some headings are findings, too
		return expertValues(dst, e.name, s.tree, s.frame)
	}
	return dst
}

func nodeValues(dst []value, t *layers.Tree, nodes []layers.Node, e *entry) []value {
	for i := range nodes {
		n := &nodes[i]
		if n.Field.Name == e.name {
			if v, ok := nodeValue(t, n, e.kind); ok {
				dst = append(dst, v)
			}
		}
		if len(n.Children) > 0 {
			dst = nodeValues(dst, t, n.Children, e)
		}
	}
	return dst
}

// dataValues appends what a name of data stands for: an ICMP echo, too, carries
// data, which is a field of the echo here and a protocol of its own in
// Wireshark.
func dataValues(dst []value, t *layers.Tree, nodes []layers.Node) []value {
	for i := range nodes {
		n := &nodes[i]
		if n.Field.Name == "data.data" {
			b := cut(t.Buffer(n.In), n.Pos, n.Pos+n.Len)
			dst = append(dst, value{num: uint64(len(b)), bytes: b, wide: b})
		}
		dst = dataValues(dst, t, n.Children)
	}
	return dst
}

// held says whether a part is what a TCP segment holds of a message that a
// later one completes, or the last fragment of a packet that is read whole: it
// is shown as data, but Wireshark does not count it.
func held(t *layers.Tree, p *layers.Part) bool {
	if p.Proto != layers.Data || p.Unread {
		return p.Unread
	}
	for i := range t.Parts {
		around := &t.Parts[i]
		if around.In != p.In {
			continue
		}
		switch around.Proto {
		case layers.IPv4, layers.IPv6Fragment:
			if i+2 < len(t.Parts) && &t.Parts[i+1] == p && t.Parts[i+2].In == layers.InReassembled {
				return true
			}
		case layers.TCP:
			for _, n := range around.Fields {
				if n.Field.Name == "tcp.segment_data" && n.Pos <= p.Pos && p.Pos+p.Len <= n.Pos+n.Len {
					return true
				}
			}
		}
	}
	return false
}

// inLayer says whether part i is of a layer that the operand asks for. Layers
// are counted by protocol: ip#2 is the second IPv4 header.
func (o *operand) inLayer(t *layers.Tree, i int) bool {
	if len(o.layers) == 0 {
		return true
	}
	at, n := 0, 0
	for j := range t.Parts {
		if t.Parts[j].Proto.Filter() == t.Parts[i].Proto.Filter() {
			n++
			if j <= i {
				at++
			}
		}
	}
	return hasLayer(o.layers, at, n)
}

// wideEnds finds where the bytes end that Wireshark looks into for a protocol:
// with all that it carries, up to the end of the IP packet around it.
type wideEnds struct {
	tree *layers.Tree
	in   layers.Source
	end  int
}

// next gives the end for the part that comes next.
func (w *wideEnds) next(p *layers.Part) int {
	buf := w.tree.Buffer(p.In)
	if w.end == 0 || p.In != w.in {
		w.in, w.end = p.In, len(buf)
	}
	switch p.Proto {
	case layers.Ethernet, layers.Radiotap, layers.WLAN, layers.SLL, layers.SLL2, layers.Null, layers.PPP:
		return w.end
	case layers.IPv4:
		if b := cut(buf, p.Pos, w.end); len(b) >= layers.IPv4MinSize {
			w.within(p.Pos, int(binary.BigEndian.Uint16(b[2:])))
		}
	case layers.IPv6:
		const size = 40
		if b := cut(buf, p.Pos, w.end); len(b) >= size && binary.BigEndian.Uint16(b[4:]) > 0 {
			w.within(p.Pos, size+int(binary.BigEndian.Uint16(b[4:])))
		}
	case layers.IPv6HopByHop, layers.IPv6Routing, layers.IPv6Fragment, layers.IPv6Destination, layers.TCP, layers.UDP, layers.HTTP:
	default:
		return p.Pos + p.Len
	}
	return w.end
}

func (w *wideEnds) within(at, size int) {
	if size > 0 {
		w.end = min(w.end, at+size)
	}
}
