package tui

import (
	"fmt"
	"net/netip"
	"strings"
	"unicode/utf8"

	"strata/layers"
	"strata/trace"
)

// glance is what one sees of a frame without taking it apart: enough for an
// arrow's label and for who talks to whom.
type glance struct {
	label    string // "SYN", "GET 78 B", "who-has"
	layer    layers.Layer
	src, dst netip.Addr
	sport    uint16 // 0: no ports
	dport    uint16
	proto    layers.Proto // the innermost with a header
}

// peers are the two ends, with ports where there are any.
func (g glance) peers() (from, to string) {
	if !g.src.IsValid() {
		return "", ""
	}
	if g.sport == 0 && g.dport == 0 {
		return g.src.String(), g.dst.String()
	}
	return netip.AddrPortFrom(g.src, g.sport).String(), netip.AddrPortFrom(g.dst, g.dport).String()
}

// glances keeps the glances of the frames that were drawn lately.
type glances struct {
	seen map[trace.PDUID]glance
	buf  []byte
}

const glanceBytes = 192 // all headers, and the beginning of a message

func (k *glances) of(t trace.Trace, id trace.PDUID) glance {
	if g, ok := k.seen[id]; ok {
		return g
	}
	if k.seen == nil || len(k.seen) > 4096 {
		k.seen = make(map[trace.PDUID]glance)
	}
	k.buf = t.Append(k.buf[:0], id, 0, min(t.Size(id), glanceBytes))
	g := glanceAt(k.buf)
	k.seen[id] = g
	return g
}

// glanceAt reads an Ethernet frame.
func glanceAt(b []byte) glance {
	g := glance{label: fmt.Sprintf("%d B", len(b)), layer: layers.DataLink, proto: layers.Ethernet}
	if len(b) < layers.EthernetSize {
		return g
	}
	kind, at := layers.EthernetHeader(b).Type(), layers.EthernetSize
	for kind == layers.EtherTypeVLAN && len(b) >= at+4 {
		kind, at = uint16(b[at+2])<<8|uint16(b[at+3]), at+4
	}
	switch kind {
	case layers.EtherTypeARP:
		g.arp(b[at:])
	case layers.EtherTypeIPv4:
		g.ipv4(b[at:])
	case layers.EtherTypeIPv6:
		g.ipv6(b[at:])
	}
	return g
}

func (g *glance) arp(b []byte) {
	p := layers.ARPPacket(b)
	if !p.Valid() {
		return
	}
	g.layer, g.proto, g.label = layers.Network, layers.ARP, "is-at"
	if p.Opcode() == layers.ARPRequest {
		g.label = "who-has"
	}
}

func (g *glance) ipv4(b []byte) {
	h := layers.IPv4Header(b)
	if len(b) < layers.IPv4MinSize || h.Version() != 4 || h.HeaderLen() < layers.IPv4MinSize || h.HeaderLen() > len(b) {
		return
	}
	g.layer, g.proto = layers.Network, layers.IPv4
	g.src, g.dst = netip.AddrFrom4([4]byte(b[12:16])), netip.AddrFrom4([4]byte(b[16:20]))
	size := h.TotalLen() - h.HeaderLen()
	g.label = fmt.Sprintf("IP %d B", size)
	if h.FragmentOffset() > 0 {
		g.label = fmt.Sprintf("frag @%d", h.FragmentOffset())
		return
	}
	g.transport(h.Protocol(), b[h.HeaderLen():], size)
	if h.MF() {
		g.label, g.layer = "frag @0", layers.Network
	}
}

func (g *glance) ipv6(b []byte) {
	if len(b) < 40 {
		return
	}
	g.layer, g.proto = layers.Network, layers.IPv6
	g.src, g.dst = netip.AddrFrom16([16]byte(b[8:24])), netip.AddrFrom16([16]byte(b[24:40]))
	size := int(b[4])<<8 | int(b[5])
	g.label = fmt.Sprintf("IPv6 %d B", size)
	g.transport(b[6], b[40:], size)
}

// transport reads what an IP packet carries; size is its length, of which b
// may be only the beginning.
func (g *glance) transport(protocol byte, b []byte, size int) {
	switch {
	case protocol == layers.ProtocolTCP && len(b) >= layers.TCPMinSize:
		g.tcp(layers.TCPHeader(b), size)
	case protocol == layers.ProtocolUDP && len(b) >= layers.UDPSize:
		h := layers.UDPHeader(b)
		g.layer, g.proto = layers.Application, layers.UDP
		g.sport, g.dport = h.SrcPort(), h.DstPort()
		g.label = fmt.Sprintf("%d B", size-layers.UDPSize)
		if g.sport == 53 || g.dport == 53 {
			g.label = "DNS query"
			if len(b) > layers.UDPSize+2 && b[layers.UDPSize+2]&0x80 != 0 {
				g.label = "DNS answer"
			}
		}
	case protocol == layers.ProtocolICMP && len(b) >= layers.ICMPv4Size:
		g.proto, g.label = layers.ICMPv4, icmpLabel(b[0])
	}
}

func icmpLabel(kind byte) string {
	switch kind {
	case layers.ICMPEcho:
		return "ping"
	case layers.ICMPEchoReply:
		return "ping reply"
	case layers.ICMPDestinationUnreachable:
		return "unreachable"
	case layers.ICMPTimeExceeded:
		return "time exceeded"
	}
	return fmt.Sprintf("ICMP %d", kind)
}

var flagNames = [...]struct {
	bit  byte
	name string
}{{0x02, "SYN"}, {0x01, "FIN"}, {0x04, "RST"}, {0x10, "ACK"}}

func (g *glance) tcp(h layers.TCPHeader, size int) {
	g.layer, g.proto = layers.Transport, layers.TCP
	g.sport, g.dport = h.SrcPort(), h.DstPort()
	var flags []string
	for _, f := range flagNames {
		if h.Flags()&f.bit != 0 {
			flags = append(flags, f.name)
		}
	}
	g.label = strings.Join(flags, ",")
	n := size - h.HeaderLen()
	if n <= 0 {
		return
	}
	g.layer = layers.Application
	word := ""
	if h.HeaderLen() < len(h) {
		word = firstWord(h[h.HeaderLen():])
	}
	if len(flags) > 0 && g.label != "ACK" {
		word = strings.TrimSuffix(g.label, ",ACK") + " " + word
	}
	g.label = fmt.Sprintf("%s%d B", word, n)
}

// firstWord is the word that a text message begins with, and a space: "GET ".
func firstWord(b []byte) string {
	for i, c := range b {
		switch {
		case (c == ' ' || c == '/') && i > 1:
			return string(b[:i]) + " "
		case c < 'A' || c > 'Z' || i > 7:
			return ""
		}
	}
	return ""
}

// preview shows the beginning of bytes for people: as text, or in hex.
func preview(b []byte) string {
	if readable(b) {
		return string(b)
	}
	return strings.TrimSpace(fmt.Sprintf("% x", b))
}

// readable reports whether bytes are text, the last character perhaps cut.
func readable(b []byte) bool {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 && len(b)-i >= utf8.UTFMax {
			return false
		}
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' {
			return false
		}
		i += n
	}
	return len(b) > 0
}
