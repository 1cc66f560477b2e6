package quiz

import (
	"fmt"

	"strata/layers"
	"strata/trace"
)

// next finds the frame in which what this frame carries goes on from the node
// that it arrived at. A capture sees one link only.
func (s *scene) next() (n int, ok bool) {
	forwarded := s.stepOf(func(e trace.Event) bool { return e.Kind == trace.Forward })
	if forwarded == 0 {
		return 0, false
	}
	for n := s.n + 1; n < min(s.t.Frames(), s.n+1+ahead); n++ {
		f := s.t.Frame(n)
		if f.From == s.f.To && f.Hop == s.f.Hop+1 && causedBy(s.t, f.Transmit, s.n) {
			return n, true
		}
	}
	return 0, false
}

// router says whether the frame goes to a router that passes its packet on.
func (s *scene) router() bool {
	return int(s.f.To) < len(s.info.Nodes) && s.info.Nodes[s.f.To].Kind == "router"
}

// value is a header field of a frame; nil: it has none.
func (s *scene) value(tree *layers.Tree, name string) *layers.Node {
	if tree == nil {
		return nil
	}
	for i := range tree.Parts {
		if n := findNode(tree.Parts[i].Fields, name); n != nil && !tree.Parts[i].Quoted {
			return n
		}
	}
	return nil
}

// askTTL asks what a router makes of the TTL.
func (s *scene) askTTL(q *Question) bool {
	m, ok := s.next()
	if !ok || !s.router() {
		return false
	}
	before, after := s.value(s.tree(), "ip.ttl"), s.value(s.t.Tree(m), "ip.ttl")
	if before == nil || after == nil {
		return false
	}
	q.Kind = Number
	q.Ask = fmt.Sprintf("The packet reaches %s with a TTL of %d. With which TTL does it leave?", s.node(s.f.To), before.Uint)
	q.key.number = number{value: float64(after.Uint)}
	q.because("Each router lowers the TTL by one, so that a packet cannot go in circles for ever.", "RFC 1812 sec. 5.3.1", "TTL", "router")
	return true
}

// comparable are the fields of which some change at a node, and some do not.
var comparable = []string{
	"eth.dst", "eth.src", "eth.fcs", "ip.ttl", "ip.checksum", "ip.src", "ip.dst", "ip.id", "ip.len",
	"tcp.srcport", "tcp.dstport", "tcp.seq", "tcp.checksum", "udp.srcport", "udp.dstport", "udp.checksum",
}

// askKept asks which field is the same after a node, or which is not.
func (s *scene) askKept(q *Question) bool {
	m, ok := s.next()
	if !ok {
		return false
	}
	before, after := s.tree(), s.t.Tree(m)
	var same, changed []string
	for _, name := range comparable {
		a, b := s.value(before, name), s.value(after, name)
		if a == nil || b == nil {
			continue
		}
		text := fieldWords(a.Field)
		if a.Uint == b.Uint && a.Show == b.Show {
			same = append(same, text)
		} else {
			changed = append(changed, text)
		}
	}
	where := s.node(s.f.To)
	q.because(fmt.Sprintf("A router takes the packet out of its frame and puts it into a new one: what belongs to the link changes. At %s %d of these fields change, and %d do not.",
		where, len(changed), len(same)), "RFC 1812 sec. 5.2", "router", "frame", "packet")
	if len(changed) == 0 || s.random.IntN(2) == 0 && len(same) > 2 {
		if len(changed) == 0 {
			return false
		}
		q.Ask = "Which of these is another one after " + where + " has passed the packet on?"
		return s.choose(q, changed[s.random.IntN(len(changed))], same)
	}
	if len(same) == 0 {
		return false
	}
	q.Ask = "Which of these is still the same after " + where + " has passed the packet on?"
	return s.choose(q, same[s.random.IntN(len(same))], changed)
}

// fieldWords is a field's name with its protocol's: "IPv4: source".
func fieldWords(f *layers.Field) string {
	for p := layers.Proto(1); p.Filter() != ""; p++ {
		if n := len(p.Filter()); len(f.Name) > n && f.Name[:n] == p.Filter() && f.Name[n] == '.' {
			return p.String() + " " + f.Label
		}
	}
	return f.Label
}

// askNextHeader asks to fill in a packet's headers on its next link.
func (s *scene) askNextHeader(q *Question) bool {
	m, ok := s.next()
	if !ok || !s.router() {
		return false
	}
	q.Kind = Fill
	q.Rows, q.key.fields, ok = fillQuestion(s.t, m, []string{"eth.dst", "ip.ttl", "ip.dst"})
	ttl, dst := s.value(s.tree(), "ip.ttl"), s.value(s.tree(), "ip.dst")
	if !ok || ttl == nil || dst == nil {
		return false
	}
	q.Ask = fmt.Sprintf("A packet to %s reaches %s with a TTL of %d, and is passed on. Fill in the headers of its next frame. A station's name will do for its MAC address.",
		dst.Show, s.node(s.f.To), ttl.Uint)
	q.because("The frame is for the next station on its link, the packet for the same host as before, and the router has taken one off the TTL.",
		"RFC 1812 sec. 5.2", "MAC address", "TTL", "router")
	return true
}

// askAddresses asks between which stations the next frame goes.
func (s *scene) askAddresses(q *Question) bool {
	m, ok := s.next()
	if !ok {
		return false
	}
	right, ok := s.stations(s.t.Tree(m))
	before, fine := s.stations(s.tree())
	if !ok || !fine {
		return false
	}
	src, dst := s.value(s.tree(), "eth.src").Show, s.value(s.tree(), "eth.dst").Show
	next, to := s.value(s.t.Tree(m), "eth.src").Show, s.value(s.t.Tree(m), "eth.dst").Show
	pairs := [][2]string{{src, to}, {next, dst}, {dst, to}, {to, next}, {dst, src}, {src, dst}, {src, "ff:ff:ff:ff:ff:ff"}, {next, "ff:ff:ff:ff:ff:ff"}}
	wrong := []string{}
	for _, p := range pairs {
		if p != [2]string{next, to} && p[0] != p[1] {
			wrong = append(wrong, s.owner(p[0])+" ► "+s.owner(p[1]))
		}
	}
	q.Ask = fmt.Sprintf("This frame goes from %s. %s passes on what is in it. Between which MAC addresses is that sent then?", before, s.node(s.f.To))
	q.because("MAC addresses are good for one link: a router makes a new frame, from its own address on the next link to the next station there.",
		"RFC 1812 sec. 3.3", "MAC address", "router", "frame")
	if !s.router() {
		q.because("A switch passes a frame on as it is. It reads the MAC addresses, and changes nothing.", "IEEE 802.1D sec. 7.7", "MAC address", "switch")
	}
	return s.choose(q, right, wrong)
}

// stations are the two ends of a frame.
func (s *scene) stations(tree *layers.Tree) (string, bool) {
	src, dst := s.value(tree, "eth.src"), s.value(tree, "eth.dst")
	if src == nil || dst == nil {
		return "", false
	}
	return s.owner(src.Show) + " ► " + s.owner(dst.Show), true
}

// owner is a MAC address with the name of the end that has it.
func (s *scene) owner(mac string) string {
	for i := range s.info.Links {
		for side, e := range s.info.Links[i].Ends {
			if plainMAC(mac) == fmt.Sprintf("%x", e.MAC[:]) {
				return mac + " (" + s.info.EndName(trace.EndID(i*2+side)) + ")"
			}
		}
	}
	if mac == "ff:ff:ff:ff:ff:ff" {
		return mac + " (everybody)"
	}
	return mac
}
