package quiz

import (
	"fmt"

	"strata/layers"
	"strata/trace"
)

// wrapping finds a step in which a layer puts its header before what it is
// given: the one at hand, the next one, or the last before it.
func (s *scene) wrapping() (id trace.EventID, inner, outer int64, ok bool) {
	for _, step := range s.steps {
		e := s.t.Event(step)
		if e.Kind != trace.Encapsulate && e.Kind != trace.Segment || e.Node != s.f.From && !s.info.Captured {
			continue
		}
		within := int64(0)
		for _, p := range s.t.Parents(e.PDU) {
			within += p.Len
		}
		if size := s.t.Size(e.PDU); within > 0 && size > within {
			id, inner, outer, ok = step, within, size, true
		}
		if ok && id >= s.id {
			break
		}
	}
	return id, inner, outer, ok
}

// wrappers are those who put something around what they are given, and their
// layers.
var wrappers = []layers.Proto{layers.TCP, layers.UDP, layers.IPv4, layers.Ethernet, layers.HTTP, layers.TLS, layers.DNS}

// askAdds asks who made something longer.
func (s *scene) askAdds(q *Question) bool {
	id, inner, outer, ok := s.wrapping()
	if !ok {
		return false
	}
	e := s.t.Event(id)
	var wrong []string
	for _, p := range wrappers {
		if p != e.Proto {
			wrong = append(wrong, wrapper(p))
		}
	}
	q.Ask = fmt.Sprintf("On its way down in %s, a layer is given %s and makes %d of them. Which one?", s.node(e.Node), count(int(inner), "byte"), outer)
	s.becauseOf(q, id)
	return s.choose(q, wrapper(e.Proto), s.others(wrong, inner, outer))
}

func wrapper(p layers.Proto) string { return fmt.Sprintf("%s, layer %d", p, p.Layer()) }

// others leaves out who is also given as much, and makes as much of it, in this
// frame.
func (s *scene) others(wrong []string, inner, outer int64) []string {
	var out []string
	for _, w := range wrong {
		also := false
		for _, step := range s.steps {
			e := s.t.Event(step)
			parents := s.t.Parents(e.PDU)
			also = also || e.Kind == trace.Encapsulate && wrapper(e.Proto) == w && s.t.Size(e.PDU) == outer && len(parents) == 1 && parents[0].Len == inner
		}
		if !also {
			out = append(out, w)
		}
	}
	return out
}

// askSize asks how long a PDU is with its next header.
func (s *scene) askSize(q *Question) bool {
	id, inner, outer, ok := s.wrapping()
	if !ok {
		return false
	}
	e := s.t.Event(id)
	q.Kind = Number
	switch added := outer - inner; {
	case e.Proto == layers.UDP:
		q.Ask = fmt.Sprintf("UDP is given %s. How many bytes has the datagram?", count(int(inner), "byte"))
		q.because(fmt.Sprintf("UDP's header has 8 bytes, always: %d + 8.", inner), "RFC 768", "UDP", "datagram")
	case e.Proto == layers.IPv4 && added == layers.IPv4MinSize:
		q.Ask = fmt.Sprintf("IPv4 is given %s and has no options to add. How many bytes has the packet?", count(int(inner), "byte"))
		q.because(fmt.Sprintf("IPv4's header has 20 bytes without options: %d + 20.", inner), "RFC 791 sec. 3.1", "packet")
	case e.Proto == layers.TCP && added == layers.TCPMinSize:
		q.Ask = fmt.Sprintf("TCP cuts %s from its stream, and has no options to add. How many bytes has the segment?", count(int(inner), "byte"))
		q.because(fmt.Sprintf("TCP's header has 20 bytes without options: %d + 20.", inner), "RFC 9293 sec. 3.1", "segment")
	case e.Proto == layers.Ethernet && s.t.PDU(e.PDU).Tail >= layers.FCSSize && !s.info.Captured:
		q.Ask = fmt.Sprintf("Ethernet is given a packet of %s. How many bytes has the frame, check sequence included?", count(int(inner), "byte"))
		q.because("14 bytes of header before it and 4 of check sequence behind it; a frame that would have less than 64 is filled up with zeros.",
			"IEEE 802.3", "frame", "padding", "FCS")
	default:
		return false
	}
	q.key.number = number{value: float64(outer), unit: units["B"]}
	return true
}

// askLengths asks to fill in the lengths in a datagram's or a segment's
// headers.
func (s *scene) askLengths(q *Question) bool {
	if s.shape.N == 0 || s.shape.Fragment || s.shape.More {
		return false
	}
	h := s.shape.Inner()
	_, _, size := h.Body()
	tree := s.tree()
	ip, protocol := s.value(tree, "ip.hdr_len"), s.value(tree, "ip.proto")
	if ip == nil || protocol == nil || size < 0 {
		return false
	}
	q.Kind = Fill
	hide, text := []string{"ip.len", "udp.length"}, "The datagram carries %s. Fill in the lengths: UDP's header has 8 bytes, IPv4's %d."
	if h.Proto == layers.TCP {
		hide, text = []string{"ip.len", "ip.proto"}, "The segment carries %s behind %d bytes of TCP's header; IPv4's has %d. Fill in what the packet's header says of it."
	} else if h.Proto != layers.UDP {
		return false
	}
	args := []any{count(size, "byte") + " of data", ip.Uint}
	if h.Proto == layers.TCP {
		args = []any{args[0], h.Size, ip.Uint}
	}
	q.Ask = fmt.Sprintf(text, args...)
	var ok bool
	q.Rows, q.key.fields, ok = fillQuestion(s.t, s.n, hide)
	q.because("A length field counts its own header and all that follows it, but not the padding that Ethernet may add.", "RFC 791 sec. 3.1", "packet", "padding")
	return ok && s.lengthsFit(size, int(ip.Uint))
}

// lengthsFit says whether the packet's lengths are what follows from its
// payload: not so where it is damaged, or was cut later by a network card.
func (s *scene) lengthsFit(size, ip int) bool {
	tree := s.tree()
	total, udp := s.value(tree, "ip.len"), s.value(tree, "udp.length")
	h := s.shape.Inner()
	if total == nil || int(total.Uint) != ip+h.Size+size {
		return false
	}
	return h.Proto == layers.TCP || udp != nil && int(udp.Uint) == layers.UDPSize+size
}
