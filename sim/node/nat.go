package node

import (
	"slices"
	"time"

	"strata/layers"
	"strata/sim/frame"
	"strata/sim/tcp"
	"strata/trace"
)

// NATConfig makes a router translate addresses (RFC 3022): hosts behind the
// inside interfaces share the outside one's address.
type NATConfig struct {
	Inside     []string
	Outside    string
	UDPTimeout time.Duration // 0: 5 min (RFC 4787 section 4.3)
	TCPTimeout time.Duration // of established connections; 0: 2 h 4 min (RFC 5382 section 5)
}

// The other times, and bounds.
const (
	natUDP       = 300 * trace.Second
	natTCP       = 7440 * trace.Second
	natTransient = 240 * trace.Second // TCP that is not, or no longer, established (RFC 5382 section 5)
	natQuery     = 60 * trace.Second  // ICMP (RFC 5508 section 3.2)
	natSessions  = 1000               // of one mapping
)

// nat is a router's translation table. What has timed out is forgotten when
// it is looked at.
type nat struct {
	s        *Station
	inside   []string
	outside  string
	udp, tcp trace.Time
	out      map[natEnd]*mapping // by the inside end
	in       map[natEnd]*mapping // by the outside end
}

// natEnd is an address and a port, or the identifier of an ICMP query.
type natEnd struct {
	protocol uint8
	ip       uint32
	port     uint16
}

// mapping lends an outside end to an inside one, whoever the peer is
// (endpoint-independent mapping, RFC 4787 section 4.1).
type mapping struct {
	inside, outside natEnd
	sessions        []*session // with peers, the latest last
	key             string     // in the table "nat"
	own, lent       string     // the two ends, in words
}

// session is a mapping's traffic with one peer; only its address may send in
// (address-dependent filtering, RFC 4787 section 5).
type session struct {
	ip      uint32
	port    uint16 // TCP only
	expires trace.Time
	life    trace.Time // without traffic
	seen    [2]uint8   // TCP flags that went out and came in
}

// SetNAT makes the station, whose interfaces are attached, translate.
func (s *Station) SetNAT(c NATConfig) error {
	for _, name := range append([]string{c.Outside}, c.Inside...) {
		if _, err := s.interfaceNamed(name); err != nil {
			return err
		}
	}
	n := &nat{s: s, inside: c.Inside, outside: c.Outside, udp: natUDP, tcp: natTCP, out: map[natEnd]*mapping{}, in: map[natEnd]*mapping{}}
	if c.UDPTimeout > 0 {
		n.udp = trace.Time(c.UDPTimeout)
	}
	if c.TCPTimeout > 0 {
		n.tcp = trace.Time(c.TCPTimeout)
	}
	s.nat = n
	return nil
}

// leaves says whether what goes from one interface to another leaves the inside.
func (n *nat) leaves(in, out *port) bool {
	return n != nil && slices.Contains(n.inside, in.name) && out.name == n.outside
}

// whole puts a packet together that came in fragments: only the first one has
// the ports (RFC 4787 section 11). nil: some are missing.
func (n *nat) whole(f *frame.Frame) *frame.Frame {
	if !f.IP().Fragmented() {
		return f
	}
	if f = n.s.pieces.add(f); f == nil {
		return nil
	}
	h := f.IP()
	h.Put(&layers.IPv4Fields{TotalLen: layers.IPv4MinSize + f.BodyLen(), ID: h.ID(), TTL: h.TTL(), Protocol: h.Protocol(), Src: h.Src(), Dst: h.Dst()})
	n.s.Rec.Wrap(f)
	return f
}

// receive takes a packet from an interface with a route on: false: it is not
// for translation, or for the router itself.
func (n *nat) receive(in *port, f *frame.Frame) bool {
	h := f.IP()
	switch {
	case in.name != n.outside:
		return false
	case h.Dst() != in.addr:
		if n.s.isUnicastMine(h.Dst()) || n.s.isBroadcast(h.Dst()) {
			return false
		}
		// Nobody outside can mean an inside address.
		n.drop(f, trace.NATUnknown, n.s.Rec.Text(ipText(h.Dst())))
		return true
	}
	to, back := n.inbound(f)
	switch {
	case to == nil:
		return true
	case back == nil:
		return false
	}
	n.s.forward(in, f, to.ip, back)
	return true
}

// conceals says whether an error about a packet would show an inside address to
// the outside.
func (n *nat) conceals(h layers.IPv4Header) bool {
	if n == nil {
		return false
	}
	out, _, ok := n.s.lookup(h.Src())
	in, _, known := n.s.lookup(h.Dst())
	return ok && known && n.leaves(in, out)
}

// known is a mapping that has not timed out.
func (n *nat) known(m *mapping, cause trace.EventID) *mapping {
	if m == nil {
		return nil
	}
	now := n.s.Rec.Clock.Now()
	last := m.sessions[len(m.sessions)-1]
	for _, x := range m.sessions {
		if x.expires > last.expires {
			last = x
		}
	}
	m.sessions = slices.DeleteFunc(m.sessions, func(x *session) bool { return now >= x.expires })
	if len(m.sessions) > 0 {
		return m
	}
	delete(n.out, m.inside)
	delete(n.in, m.outside)
	if r := n.s.Rec; r.On() {
		for _, field := range []string{"outside", "peer", "timeout"} {
			n.set(m, field, trace.Absent, trace.NATExpired, cause, r.Text(m.own), int64(last.life), r.Text(m.lent))
		}
	}
	return nil
}

// lend finds the mapping of an inside end, or makes one; nil: no port is left.
func (n *nat) lend(inside natEnd, ip uint32, cause trace.EventID) *mapping {
	if m := n.known(n.out[inside], cause); m != nil {
		return m
	}
	outside, ok := n.freeEnd(natEnd{inside.protocol, ip, inside.port}, cause)
	if !ok {
		return nil
	}
	m := &mapping{inside: inside, outside: outside}
	n.out[inside], n.in[outside] = m, m
	if n.s.Rec.On() {
		m.own, m.lent = portText(inside.ip, inside.port), portText(outside.ip, outside.port)
		m.key = protocolKey(inside.protocol) + " " + m.own
	}
	return m
}

// freeEnd is the wished outside end, or the next one that is free: with a port
// of the same kind and parity (RFC 4787 section 4.2).
func (n *nat) freeEnd(wish natEnd, cause trace.EventID) (natEnd, bool) {
	low, size := uint32(1024), uint32(65536-1024)
	if wish.port < 1024 && wish.protocol != layers.ProtocolICMP {
		low, size = 0, 1024
	}
	if uint32(wish.port) < low {
		low, size = 0, 65536 // an ICMP identifier: any will do
	}
	for i := uint32(0); i < size; i += 2 {
		e := wish
		e.port = uint16(low + (uint32(wish.port)-low+i)%size)
		if n.known(n.in[e], cause) == nil {
			return e, true
		}
	}
	return wish, false
}

// set records a field of a mapping's row in the table.
func (n *nat) set(m *mapping, field string, v int64, why trace.Why, cause trace.EventID, args ...int64) {
	slot := trace.Slot{Node: n.s.id, Table: "nat", Key: m.key, Field: field, Type: trace.Text}
	if field == "timeout" {
		slot.Type = trace.Duration
	}
	n.s.Rec.Set(trace.Event{Cause: cause, Layer: layers.Network, Proto: layers.IPv4, Why: why}, slot, v, args...)
}

// sent notes that a mapping's inside end sent to a peer: it may answer now.
func (n *nat) sent(m *mapping, ip uint32, port uint16, flags uint8, cause trace.EventID) {
	r := n.s.Rec
	fresh := len(m.sessions) == 0
	x := m.session(ip, port)
	if x == nil {
		if len(m.sessions) == natSessions {
			m.sessions = m.sessions[1:]
		}
		x = &session{ip: ip, port: port}
		m.sessions = append(m.sessions, x)
		if r.On() {
			own, lent, peer := r.Text(m.own), r.Text(m.lent), r.Text(ipText(ip))
			if fresh {
				n.set(m, "outside", lent, trace.NATNew, cause, own, lent)
			}
			n.set(m, "peer", peer, trace.NATPeer, cause, own, peer)
		}
	}
	n.refresh(m, x, 0, flags, cause)
}

// session is that with a peer; nil when there is none.
func (m *mapping) session(ip uint32, port uint16) *session {
	for _, x := range m.sessions {
		if x.ip == ip && (x.port == port || m.inside.protocol != layers.ProtocolTCP) {
			return x
		}
	}
	return nil
}

// refresh lets a session live on because of a packet out (way 0) or in (1). For
// UDP only what goes out counts: else the outside could keep a mapping open
// (RFC 4787 section 4.3).
func (n *nat) refresh(m *mapping, x *session, way int, flags uint8, cause trace.EventID) {
	life := natQuery
	switch m.inside.protocol {
	case layers.ProtocolUDP:
		life = n.udp
	case layers.ProtocolTCP:
		x.seen[way] |= flags
		both, either := x.seen[0]&x.seen[1], x.seen[0]|x.seen[1]
		life = natTransient
		if both&synFlag != 0 && both&finFlag == 0 && either&rstFlag == 0 {
			life = n.tcp
		}
	}
	if way == 1 && m.inside.protocol != layers.ProtocolTCP {
		return
	}
	x.expires = n.s.Rec.Clock.Now() + life
	if x.life != life {
		x.life = life
		n.set(m, "timeout", int64(life), trace.NATState, cause, int64(life))
	}
}

// drop ends a packet that cannot be translated.
func (n *nat) drop(f *frame.Frame, why trace.Why, args ...int64) {
	n.s.drop(f, layers.IPv4, f.Packet, why, args...)
}

// TCP's flags that open and end a session.
const (
	synFlag = uint8(tcp.SYN)
	finFlag = uint8(tcp.FIN)
	rstFlag = uint8(tcp.RST)
)

func protocolKey(p uint8) string {
	switch p {
	case layers.ProtocolTCP:
		return "tcp"
	case layers.ProtocolUDP:
		return "udp"
	}
	return "icmp"
}
