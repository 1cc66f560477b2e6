package scene

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
	"strata/trace/caption"
)

// Glance is what one sees of a frame at once: enough for an arrow's label and
// for who talks to whom.
type Glance struct {
	Label    string // "SYN", "GET 78 B", "who-has", `WS "hello"`
	flags    string // of a segment with data, where they are not ACK alone: "FIN "
	Layer    layers.Layer
	Src, Dst walk.Endpoint
	Proto    layers.Proto // the innermost with a header
}

// Routed tells whether IP carries it from one end to the other.
func (g *Glance) Routed() bool { return g.Src.Family >= walk.IPv4Address }

// Glances keeps the glances of the frames that were drawn lately.
type Glances struct {
	seen map[int]Glance
	buf  []byte
}

const GlanceBytes = 256 // all headers, and the beginning of a message

func (k *Glances) Of(t trace.Trace, n int) Glance {
	if g, ok := k.seen[n]; ok {
		return g
	}
	if k.seen == nil || len(k.seen) > 4096 {
		k.seen = make(map[int]Glance)
	}
	f := t.Frame(n)
	size := t.Size(f.PDU)
	k.buf = t.Append(k.buf[:0], f.PDU, 0, min(size, GlanceBytes))
	link, fcs, wire := uint16(walk.LinkEthernet), layers.FCSSize, int(size)
	if t.Info().Captured {
		link, fcs, wire = uint16(f.LinkType), f.FCS, max(f.WireLen, wire)
	}
	g := glanceAt(k.buf, wire, link, fcs)
	if g.Proto == layers.TCP && !t.Info().Captured {
		g.above(Nest(t, f.PDU))
	}
	if g.Layer == layers.Application {
		if text, layer := caption.Of(t, n); text != "" {
			g.Label, g.Layer = text, layer
		}
	}
	g.Label = g.flags + g.Label
	k.seen[n] = g
	return g
}

// above says before how many bytes there are what they are, of what is wrapped
// in coats: the outermost one that hides the others, else the innermost.
func (g *Glance) above(n Nesting) {
	name := ""
	for _, b := range n.Heads {
		if (IsCoat(b.Proto) || b.Proto == layers.HTTP) && (name == "" || name != layers.TLS.String()) {
			name = b.Proto.String()
		}
	}
	switch {
	case n.proto == layers.None:
		return
	case name == "":
		name = n.proto.String()
	}
	g.Label = fmt.Sprintf("%s %d B", name, n.Size)
}

// glanceAt reads a frame of a link type, of which b may be only the
// beginning.
func glanceAt(b []byte, wire int, link uint16, fcs int) Glance {
	var s walk.Shape
	walk.Walk(&s, b, wire, link, fcs)
	g := Glance{Label: fmt.Sprintf("%d B", wire), Layer: layers.DataLink, Proto: layers.LinkProto(int(link)), Src: s.Src, Dst: s.Dst}
	if s.N == 0 {
		return g
	}
	h := s.Inner()
	_, _, size := h.Body()
	g.Proto, g.Layer = h.Proto, h.Proto.Layer()
	switch {
	case s.Fragment && s.FragOff > 0:
		g.Label, g.Layer = fmt.Sprintf("frag @%d", s.FragOff), layers.Network
	case s.More: // of which b is only the beginning
		g.Label, g.Layer = "frag @0", layers.Network
	default:
		g.inner(h.Proto, b[min(h.At, len(b)):], size)
	}
	return g
}

// inner reads the innermost header, which carries size bytes.
func (g *Glance) inner(p layers.Proto, b []byte, size int) {
	switch {
	case p == layers.TCP && len(b) >= layers.TCPMinSize:
		g.tcp(layers.TCPHeader(b), size)
	case p == layers.UDP && len(b) >= layers.UDPSize:
		g.Layer = layers.Application
		g.Label = fmt.Sprintf("%d B", size)
	case p == layers.ICMPv4 && len(b) >= 1:
		g.Label = icmpLabel(b[0])
	case p == layers.ARP && len(b) >= 8:
		g.Label = "is-at"
		if layers.ARPPacket(b).Opcode() == layers.ARPRequest {
			g.Label = "who-has"
		}
	case p == layers.IPv4, p == layers.IPv6:
		g.Label = fmt.Sprintf("IP %d B", size)
	case p != layers.Ethernet:
		g.Label = p.String()
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
func (g *Glance) tcp(h layers.TCPHeader, n int) {
	var flags []string
	for _, f := range flagNames {
		if h.Flags()&f.bit != 0 {
			flags = append(flags, f.name)
		}
	}
	g.Label = strings.Join(flags, ",")
	if n <= 0 {
		return
	}
	g.Layer = layers.Application
	word := ""
	if h.HeaderLen() < len(h) {
		word = firstWord(h[h.HeaderLen():])
	}
	if len(flags) > 0 && g.Label != "ACK" {
		g.flags = strings.TrimSuffix(g.Label, ",ACK") + " "
	}
	g.Label = fmt.Sprintf("%s%d B", word, n)
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

// Preview shows the beginning of bytes for people: as text, or in hex.
func Preview(b []byte) string {
	if Readable(b) {
		return string(b)
	}
	return strings.TrimSpace(fmt.Sprintf("% x", b))
}

// Readable reports whether bytes are text, the last character perhaps cut.
func Readable(b []byte) bool {
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

// Thousands writes a number as people read it: "1,020,016".
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// FileSize writes a number of bytes in a unit that fits: "12.3 MB".
func FileSize(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%d B", n)
}
