package quiz

import (
	"fmt"

	"strata/layers"
	"strata/layers/walk"
)

// asking is a protocol in which one packet asks and another one answers.
type asking struct {
	proto    layers.Proto // the innermost with a header
	question string       // field and value of a question
	is       uint64
	same     string // field that the answer repeats; empty: the ports do
	what     string // the question in words
	hide     []string
	why      string
	rfc      string
	words    []string
}

var askings = []asking{
	{layers.ARP, "arp.opcode", layers.ARPRequest, "arp.dst.proto_ipv4", "This ARP packet asks who has %s.",
		[]string{"eth.dst", "arp.opcode", "arp.src.proto_ipv4", "arp.dst.proto_ipv4"},
		"The answer goes to the one who asked alone. It swaps sender and target, and its sender is the address that was asked for.", "RFC 826", []string{"ARP", "MAC address"}},
	{layers.ICMPv4, "icmp.type", layers.ICMPEcho, "icmp.seq", "This is an echo request with sequence number %s.",
		[]string{"ip.src", "ip.dst", "icmp.type", "icmp.seq"},
		"An echo reply is type 0, goes back to where the request came from, and repeats its number, so that the two can be matched.", "RFC 792", []string{"ICMP", "ping"}},
	{layers.UDP, "dns.flags.response", 0, "dns.id", "This is a DNS question with the id %s.",
		[]string{"ip.dst", "udp.srcport", "udp.dstport", "dns.id", "dns.flags.response"},
		"The answer comes from the port that was asked, goes to the one that asked, and repeats the question's id.", "RFC 1035 sec. 4.1.1", []string{"DNS", "port", "UDP"}},
	{layers.UDP, "", 0, "", "This datagram goes from one port to another, and is answered.",
		[]string{"ip.src", "ip.dst", "udp.srcport", "udp.dstport"},
		"Addresses and ports of an answer are those of the question, swapped.", "RFC 768", []string{"UDP", "port", "IP address"}},
}

// asking finds out which question the frame is, and what its answer repeats of
// it; nil: it is none.
func (s *scene) asking() (a *asking, same *layers.Node) {
	if s.shape.N == 0 || s.f.Hop > 1 || s.shape.Fragment || s.shape.More {
		return nil, nil
	}
	tree := s.tree()
	for i := range askings {
		a := &askings[i]
		if a.proto != s.shape.Inner().Proto {
			continue
		}
		asked, same := s.value(tree, a.question), s.value(tree, a.same)
		if a.question == "" || asked != nil && asked.Uint == a.is && same != nil {
			return a, same
		}
	}
	return nil, nil
}

// askAnswer asks to fill in what a question's answer says.
func (s *scene) askAnswer(q *Question) bool {
	a, same := s.asking()
	if a == nil {
		return false
	}
	n, ok := s.answeredBy(a, same)
	if !ok {
		return false
	}
	q.Kind, q.Ask = Fill, a.what
	if same != nil {
		q.Ask = fmt.Sprintf(a.what, same.Show)
	}
	q.Ask += " Fill in the headers of the answer."
	q.Rows, q.key.fields, ok = fillQuestion(s.t, n, a.hide)
	q.because(a.why, a.rfc, a.words...)
	return ok
}

// answeredBy finds the frame with the answer to this one.
func (s *scene) answeredBy(a *asking, same *layers.Node) (int, bool) {
	for n := s.n + 1; n < min(s.t.Frames(), s.n+1+ahead); n++ {
		f := s.t.Frame(n)
		if f.Hop > 1 {
			continue
		}
		var shape walk.Shape
		shapeOf(s.t, f, &shape)
		if shape.N == 0 || shape.Inner().Proto != a.proto || a.proto != layers.ARP && (shape.Src != s.shape.Dst || shape.Dst != s.shape.Src) {
			continue
		}
		if a.question == "" {
			return n, true
		}
		tree, repeated := s.t.Tree(n), a.same
		if a.proto == layers.ARP {
			repeated = "arp.src.proto_ipv4"
		}
		answers, again := s.value(tree, a.question), s.value(tree, repeated)
		if answers != nil && again != nil && answers.Uint != a.is && again.Show == same.Show {
			return n, true
		}
	}
	return 0, false
}
