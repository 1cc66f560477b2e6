package caption

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"

	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
)

// label is what a frame's headers tell: "SYN", "GET 78 B".
type label struct {
	text  string
	layer layers.Layer
	flags string // of a segment with data, where they are not ACK alone: "FIN,ACK "
}

// labelled is how many bytes of a frame its label is made from.
const labelled = 256

// Label says of every frame in a few words what it is: by the message that it
// brings to its end, else by its headers; and the highest layer that has a part
// in it.
func Label(t trace.Trace, n int) (text string, layer layers.Layer) {
	l := labelHeaders(t, t.Frame(n))
	if l.layer == layers.Application {
		if text, layer := Of(t, n); text != "" {
			l.text, l.layer = text, layer
		}
	}
	return l.flags + l.text, l.layer
}

// labelHeaders goes by the innermost header.
func labelHeaders(t trace.Trace, f trace.Frame) label {
	b, whole := t.Append(nil, f.PDU, 0, labelled), int(t.Size(f.PDU))
	link, fcs := uint16(walk.LinkEthernet), layers.FCSSize
	if t.Info().Captured {
		link, fcs, whole = uint16(f.LinkType), f.FCS, max(f.WireLen, whole)
	}
	var s walk.Shape
	walk.Walk(&s, b, whole, link, fcs)
	if s.N == 0 {
		return label{text: fmt.Sprintf("%d B", whole), layer: layers.Physical}
	}
	h := s.Inner()
	_, _, size := h.Body()
	if s.Fragment || s.More { // a first fragment, of which b is only the beginning, is no Fragment to Walk
		_, _, size = s.Headers[s.Packet()].Body()
		return label{text: fmt.Sprintf("fragment %d, bytes %d to %d", s.FragID, s.FragOff, s.FragOff+size-1), layer: layers.Network}
	}
	switch b = b[min(h.At, len(b)):]; {
	case h.Proto == layers.ARP:
		return labelARP(b)
	case h.Proto == layers.ICMPv4 && len(b) >= layers.ICMPv4Size:
		return labelICMP(layers.ICMPv4Header(b))
	case h.Proto == layers.UDP:
		return labelUDP(size)
	case h.Proto == layers.TCP && len(b) >= layers.TCPMinSize:
		return labelTCP(layers.TCPHeader(b), size)
	}
	return label{text: h.Proto.String(), layer: h.Proto.Layer()}
}

func labelARP(b []byte) label {
	text := "ARP"
	if p := layers.ARPPacket(b); p.Valid() {
		if p.Opcode() == layers.ARPRequest {
			text = "ARP who has " + dotted(p.TargetIP())
		} else {
			text = "ARP " + dotted(p.SenderIP()) + " is here"
		}
	}
	return label{text: text, layer: layers.Network}
}

func dotted(ip uint32) string {
	return netip.AddrFrom4([4]byte{byte(ip >> 24), byte(ip >> 16), byte(ip >> 8), byte(ip)}).String()
}

func labelICMP(h layers.ICMPv4Header) label {
	text := fmt.Sprintf("ICMP type %d code %d", h.Type(), h.Code())
	switch h.Type() {
	case layers.ICMPEcho:
		text = fmt.Sprintf("ping %d", h.Seq())
	case layers.ICMPEchoReply:
		text = fmt.Sprintf("ping %d answered", h.Seq())
	case layers.ICMPTimeExceeded:
		text = "ICMP time exceeded"
	case layers.ICMPDestinationUnreachable:
		text = "ICMP unreachable"
	}
	return label{text: text, layer: layers.Network}
}

func labelUDP(size int) label {
	if size <= 0 {
		return label{text: "UDP, empty", layer: layers.Transport}
	}
	return label{text: fmt.Sprintf("UDP %d B", size), layer: layers.Application}
}

var tcpFlags = [8]string{"FIN", "SYN", "RST", "", "ACK", "URG", "ECE", "CWR"} // PSH says little

// labelTCP labels a segment with size bytes of data.
func labelTCP(h layers.TCPHeader, size int) label {
	var set []string
	for i, name := range tcpFlags {
		if h.Flags()>>i&1 == 1 && name != "" {
			set = append(set, name)
		}
	}
	flags := strings.Join(set, ",")
	if size <= 0 {
		return label{text: flags, layer: layers.Transport}
	}
	what := "data"
	if h.HeaderLen() >= layers.TCPMinSize && h.HeaderLen() < len(h) {
		what = firstWord(h[h.HeaderLen():])
	}
	l := label{text: fmt.Sprintf("%s %d B", what, size), layer: layers.Application}
	if flags != "ACK" && flags != "" {
		l.flags = flags + " "
	}
	return l
}

// firstWord is how a message begins that is text in capitals, as those of
// HTTP and many older protocols do: "GET", "HTTP/1.1"; else it is "data".
func firstWord(b []byte) string {
	const longest = 10
	word, _, found := bytes.Cut(b[:min(len(b), longest+1)], []byte(" "))
	lower := func(r rune) bool { return r <= ' ' || r >= 'a' }
	if !found || len(word) < 3 || word[0] < 'A' || bytes.ContainsFunc(word, lower) {
		return "data"
	}
	return string(word)
}
