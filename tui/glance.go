package tui

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
	"strata/trace/caption"
)

// glance is what one sees of a frame at once: enough for an arrow's label and
// for who talks to whom.
type glance struct {
	label    string // "SYN", "GET 78 B", "who-has", `WS "hello"`
	flags    string // of a segment with data, where they are not ACK alone: "FIN "
	layer    layers.Layer
	src, dst walk.Endpoint
	proto    layers.Proto // the innermost with a header
}

// routed tells whether IP carries it from one end to the other.
func (g *glance) routed() bool { return g.src.Family >= walk.IPv4Address }

// glances keeps the glances of the frames that were drawn lately.
type glances struct {
	seen map[int]glance
	buf  []byte
}

const glanceBytes = 256 // all headers, and the beginning of a message

func (k *glances) of(t trace.Trace, n int) glance {
	if g, ok := k.seen[n]; ok {
		return g
	}
	if k.seen == nil || len(k.seen) > 4096 {
		k.seen = make(map[int]glance)
	}
	f := t.Frame(n)
	size := t.Size(f.PDU)
	k.buf = t.Append(k.buf[:0], f.PDU, 0, min(size, glanceBytes))
	link, fcs, wire := uint16(walk.LinkEthernet), layers.FCSSize, int(size)
	if t.Info().Captured {
		link, fcs, wire = uint16(f.LinkType), f.FCS, max(f.WireLen, wire)
	}
	g := glanceAt(k.buf, wire, link, fcs)
	if g.proto == layers.TCP && !t.Info().Captured {
		g.above(nest(t, f.PDU))
	}
	if g.layer == layers.Application {
		if text, layer := caption.Of(t, n); text != "" {
			g.label, g.layer = text, layer
		}
	}
	g.label = g.flags + g.label
	k.seen[n] = g
	return g
}

// above says before how many bytes there are what they are, of what is wrapped
// in coats: the outermost one that hides the others, else the innermost.
func (g *glance) above(n nesting) {
	name := ""
	for _, b := range n.heads {
		if (isCoat(b.proto) || b.proto == layers.HTTP) && (name == "" || name != layers.TLS.String()) {
			name = b.proto.String()
		}
	}
	switch {
	case n.proto == layers.None:
		return
	case name == "":
		name = n.proto.String()
	}
	g.label = fmt.Sprintf("%s %d B", name, n.size)
}

// glanceAt reads a frame of a link type, of which b may be only the
// beginning.
func glanceAt(b []byte, wire int, link uint16, fcs int) glance {
	var s walk.Shape
	walk.Walk(&s, b, wire, link, fcs)
	g := glance{label: fmt.Sprintf("%d B", wire), layer: layers.DataLink, proto: layers.LinkProto(int(link)), src: s.Src, dst: s.Dst}
	if s.N == 0 {
		return g
	}
	h := s.Inner()
	_, _, size := h.Body()
	g.proto, g.layer = h.Proto, h.Proto.Layer()
	switch {
	case s.Fragment && s.FragOff > 0:
		g.label, g.layer = fmt.Sprintf("frag @%d", s.FragOff), layers.Network
	case s.More: // of which b is only the beginning
		g.label, g.layer = "frag @0", layers.Network
	default:
		g.inner(h.Proto, b[min(h.At, len(b)):], size)
	}
	return g
}

// inner reads the innermost header, which carries size bytes.
func (g *glance) inner(p layers.Proto, b []byte, size int) {
	switch {
	case p == layers.TCP && len(b) >= layers.TCPMinSize:
		g.tcp(layers.TCPHeader(b), size)
	case p == layers.UDP && len(b) >= layers.UDPSize:
		g.layer = layers.Application
		g.label = fmt.Sprintf("%d B", size)
	case p == layers.ICMPv4 && len(b) >= 1:
		g.label = icmpLabel(b[0])
	case p == layers.ARP && len(b) >= 8:
		g.label = "is-at"
		if layers.ARPPacket(b).Opcode() == layers.ARPRequest {
			g.label = "who-has"
		}
	case p == layers.IPv4, p == layers.IPv6:
		g.label = fmt.Sprintf("IP %d B", size)
	case p != layers.Ethernet:
		g.label = p.String()
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

// tcp reads a segment that carries n bytes.
func (g *glance) tcp(h layers.TCPHeader, n int) {
	var flags []string
	for _, f := range flagNames {
		if h.Flags()&f.bit != 0 {
			flags = append(flags, f.name)
		}
	}
	g.label = strings.Join(flags, ",")
	if n <= 0 {
		return
	}
	g.layer = layers.Application
	word := ""
	if h.HeaderLen() < len(h) {
		word = firstWord(h[h.HeaderLen():])
	}
	if len(flags) > 0 && g.label != "ACK" {
		g.flags = strings.TrimSuffix(g.label, ",ACK") + " "
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
		if r == utf8.RuneError && n <= 1 && utf8.FullRune(b[i:]) {
			return false
		}
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' {
			return false
		}
		i += n
	}
	return len(b) > 0
}
