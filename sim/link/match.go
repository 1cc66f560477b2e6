package link

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"strata/layers"
	"strata/sim/frame"
	"strata/trace"
)

// Match chooses frames. Every condition that is set must hold.
type Match struct {
	Proto    string     // "arp", "ip", "icmp", "udp", "tcp"
	From, To netip.Addr // addresses of the packet
	Out      string     // node that puts the frame on the link
	Port     uint16     // source or destination port
	Flags    string     // TCP flags that must be set, of "FSRPAU"
	NoFlags  string     // TCP flags that must not be set
	Data     bool       // TCP or UDP payload of at least 1 byte
	Nth      []int      // of the matching frames, these, from 1; empty: all
	After    time.Duration
	Before   time.Duration // 0: no end
}

// Matcher is a Match made ready; it counts what matches, for Nth.
type Matcher struct {
	m         Match
	from, to  uint32
	protocol  uint8 // 0: any
	set, free uint8
	seen      int
}

// NewMatcher makes a Match ready.
func NewMatcher(m Match) Matcher {
	return Matcher{
		m: m, from: AddrOf(m.From), to: AddrOf(m.To), protocol: protocols[m.Proto],
		set: flagBits(m.Flags), free: flagBits(m.NoFlags),
	}
}

var protocols = map[string]uint8{"icmp": layers.ProtocolICMP, "udp": layers.ProtocolUDP, "tcp": layers.ProtocolTCP}

// AddrOf is an IPv4 address as a number; 0 for none.
func AddrOf(a netip.Addr) uint32 {
	if !a.Is4() {
		return 0
	}
	b := a.As4()
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

func flagBits(letters string) (bits uint8) {
	for _, c := range letters {
		if i := strings.IndexRune("FSRPAU", c); i >= 0 {
			bits |= 1 << i
		}
	}
	return bits
}

// Matches says whether the frame is chosen, now; every frame is to be asked
// about once.
func (m *Matcher) Matches(f *frame.Frame, now trace.Time) bool {
	if now < trace.Time(m.m.After) || m.m.Before > 0 && now >= trace.Time(m.m.Before) {
		return false
	}
	if !m.packet(f) || !m.transport(f) {
		return false
	}
	m.seen++
	return len(m.m.Nth) == 0 || slices.Contains(m.m.Nth, m.seen)
}

func (m *Matcher) packet(f *frame.Frame) bool {
	if f.IsARP() {
		p := f.ARP()
		return (m.m.Proto == "" || m.m.Proto == "arp") &&
			(m.from == 0 || m.from == p.SenderIP()) && (m.to == 0 || m.to == p.TargetIP())
	}
	ip := f.IP()
	return m.m.Proto != "arp" && (m.protocol == 0 || m.protocol == ip.Protocol()) &&
		(m.from == 0 || m.from == ip.Src()) && (m.to == 0 || m.to == ip.Dst())
}

// transport looks at ports, flags and data. Of fragments only the protocol
// and the addresses are known.
func (m *Matcher) transport(f *frame.Frame) bool {
	needs := m.m.Port != 0 || m.set|m.free != 0 || m.m.Data
	if !needs {
		return true
	}
	if f.IsARP() || len(f.L4()) < layers.UDPSize {
		return false
	}
	ports := layers.UDPHeader(f.L4())
	if p := m.m.Port; p != 0 && (f.IP().Protocol() == layers.ProtocolICMP || ports.SrcPort() != p && ports.DstPort() != p) {
		return false
	}
	if m.m.Data && len(f.Payload) == 0 {
		return false
	}
	if m.set|m.free == 0 {
		return true
	}
	if f.IP().Protocol() != layers.ProtocolTCP {
		return false
	}
	flags := layers.TCPHeader(f.L4()).Flags()
	return flags&m.set == m.set && flags&m.free == 0
}
