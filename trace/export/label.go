package export

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"

	"strata/layers"
	"strata/trace"
)

// label says in a few words what a frame carries, as "SYN" or "GET 78 B", and
// the highest layer that has a part in it.
type label struct {
	text  string
	layer layers.Layer
}

// labelled is how many bytes of a frame its label is made from.
const labelled = 256

// labelOf labels the frame's PDU.
func labelOf(t trace.Trace, id trace.PDUID) label {
	b := t.Append(nil, id, 0, labelled)
	if len(b) < layers.EthernetSize {
		return label{fmt.Sprintf("%d B", t.Size(id)), layers.Physical}
	}
	kind, rest := layers.EthernetHeader(b).Type(), b[layers.EthernetSize:]
	if kind == layers.EtherTypeVLAN && len(rest) >= 4 {
		kind, rest = uint16(rest[2])<<8|uint16(rest[3]), rest[4:]
	}
	switch kind {
	case layers.EtherTypeARP:
		return labelARP(rest)
	case layers.EtherTypeIPv4:
		return labelIPv4(rest)
	case layers.EtherTypeIPv6:
		return label{"IPv6", layers.Network}
	}
	return label{fmt.Sprintf("type 0x%04x", kind), layers.DataLink}
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
	return label{text, layers.Network}
}

func dotted(ip uint32) string {
	return netip.AddrFrom4([4]byte{byte(ip >> 24), byte(ip >> 16), byte(ip >> 8), byte(ip)}).String()
}

// labelIPv4 takes lengths from the header: b holds only the packet's start.
func labelIPv4(b []byte) label {
	h := layers.IPv4Header(b)
	if len(h) < layers.IPv4MinSize || h.HeaderLen() < layers.IPv4MinSize || h.HeaderLen() > len(h) {
		return label{"IPv4", layers.Network}
	}
	size := h.TotalLen() - h.HeaderLen()
	if h.Fragmented() {
		return label{fmt.Sprintf("fragment %d, bytes %d to %d", h.ID(), h.FragmentOffset(), h.FragmentOffset()+size-1), layers.Network}
	}
	body := b[h.HeaderLen():]
	switch {
	case h.Protocol() == layers.ProtocolICMP && len(body) >= layers.ICMPv4Size:
		return labelICMP(layers.ICMPv4Header(body))
	case h.Protocol() == layers.ProtocolUDP && len(body) >= layers.UDPSize:
		return labelUDP(layers.UDPHeader(body), size-layers.UDPSize)
	case h.Protocol() == layers.ProtocolTCP && len(body) >= layers.TCPMinSize:
		return labelTCP(layers.TCPHeader(body), size)
	}
	return label{fmt.Sprintf("IPv4 protocol %d", h.Protocol()), layers.Network}
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
	return label{text, layers.Network}
}

func labelUDP(h layers.UDPHeader, size int) label {
	if size <= 0 {
		return label{"UDP, empty", layers.Transport}
	}
	const dns = 53
	if h.SrcPort() == dns || h.DstPort() == dns {
		return label{fmt.Sprintf("DNS %d B", size), layers.Application}
	}
	return label{fmt.Sprintf("UDP %d B", size), layers.Application}
}

var tcpFlags = [8]string{"FIN", "SYN", "RST", "", "ACK", "URG", "ECE", "CWR"} // PSH says little

func labelTCP(h layers.TCPHeader, size int) label {
	size -= h.HeaderLen()
	var set []string
	for i, name := range tcpFlags {
		if h.Flags()>>i&1 == 1 && name != "" {
			set = append(set, name)
		}
	}
	flags := strings.Join(set, ",")
	if size <= 0 {
		return label{flags, layers.Transport}
	}
	what := "data"
	if h.HeaderLen() >= layers.TCPMinSize && h.HeaderLen() < len(h) {
		what = firstWord(h[h.HeaderLen():])
	}
	if flags != "ACK" && flags != "" {
		what = flags + " " + what
	}
	return label{fmt.Sprintf("%s %d B", what, size), layers.Application}
}

// firstWord is how a message begins that is text in capitals, as those of
// HTTP and many older protocols do: "GET", "HTTP/1.1"; else it is "data".
func firstWord(b []byte) string {
	const longest = 10
	word, _, found := bytes.Cut(b[:min(len(b), longest+1)], []byte(" "))
	lower := func(r rune) bool { return r <= ' ' || r >= 'a' }
	if !found || len(word) < 3 || bytes.ContainsFunc(word, lower) {
		return "data"
	}
	return string(word)
}
