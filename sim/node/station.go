// Package node is what links join: switches, and stations that speak IP. A
// host is a station with programs; a router is one that forwards.
//
//	programs    process.go, host.go: coroutines that see a host.Host
//	sockets     udp.go (and raw ICMP), conn.go, conn_stack.go and inbox.go (TCP), listener.go
//	transport   sim/tcp, layers' UDP
//	network     station.go, forward.go, fragment.go, icmp.go, route.go
//	data link   arp.go, switch.go
//	physical    sim/link
//
// A frame that came is passed upwards by Receive; what goes down ends in
// emit. Every step is recorded with the one that caused it.
package node

import (
	"net/netip"
	"strconv"

	"strata/layers"
	"strata/sim/engine"
	"strata/sim/frame"
	"strata/sim/link"
	"strata/sim/record"
	"strata/sim/tcp"
	"strata/trace"
)

// World is what all nodes of a run share.
type World struct {
	Rec       *record.Recorder
	Pool      *frame.Pool
	Seed      uint64
	Sched     *Scheduler
	Epoch     trace.Time // nanoseconds of the Unix clock at the run's time 0
	portNames map[uint64]string
}

// NewWorld is what the nodes of one run share; epoch is the Unix clock at its
// time 0, in nanoseconds.
func NewWorld(rec *record.Recorder, pool *frame.Pool, sched *Scheduler, seed uint64, epoch trace.Time) *World {
	return &World{Rec: rec, Pool: pool, Sched: sched, Seed: seed, Epoch: epoch, portNames: map[uint64]string{}}
}

// Station is a node that speaks IPv4: a host or a router.
type Station struct {
	*World
	id       trace.NodeID
	name     string
	forwards bool
	ports    []*port
	routes   routes
	arp      map[uint32]*neighbor
	pieces   fragments
	ids      uint16 // of the next packet
	icmp     bucket
	filters  []link.Matcher
	damages  []link.Matcher
	nat      *nat // nil: addresses stay as they are

	tcpConfig tcp.Config
	isnKey    [16]byte
	udp       map[uint16][]*packetConn
	raw       []*packetConn
	conns     map[fourTuple]*conn
	listeners map[uint16]*listener
	ephemeral uint16
	backlog   int

	nameservers map[*port][]netip.Addr // that programs configured

	segment   tcp.Segment // that is being read
	claims    []*claim
	loop      []*frame.Frame
	loopTimer *engine.Timer
}

// port is an interface.
type port struct {
	wire *link.Wire
	name string
	mac  [6]byte
	addr uint32 // 0: none yet
	bits int
}

func (p *port) end() trace.EndID { return p.wire.End() }

// StationConfig is what makes one station differ from another.
type StationConfig struct {
	ID       trace.NodeID
	Name     string
	Forwards bool
	TCP      tcp.Config
	Backlog  int // connections that may wait to be accepted; 0: 128
	Filters  []link.Match
	Corrupts []link.Match
}

// NewStation is a station without interfaces.
func NewStation(w *World, cfg StationConfig) *Station {
	draws := engine.NewDraws(w.Seed, cfg.Name, "station")
	s := &Station{
		World: w, id: cfg.ID, name: cfg.Name, forwards: cfg.Forwards, tcpConfig: cfg.TCP,
		arp: map[uint32]*neighbor{}, udp: map[uint16][]*packetConn{}, conns: map[fourTuple]*conn{},
		listeners: map[uint16]*listener{}, nameservers: map[*port][]netip.Addr{}, ephemeral: firstEphemeral, ids: uint16(draws.Uint64()),
	}
	if s.backlog = cfg.Backlog; s.backlog == 0 {
		s.backlog = defaultBacklog
	}
	for i := range s.isnKey {
		s.isnKey[i] = byte(draws.Uint64())
	}
	for _, m := range cfg.Filters {
		s.filters = append(s.filters, link.NewMatcher(m))
	}
	for _, m := range cfg.Corrupts {
		s.damages = append(s.damages, link.NewMatcher(m))
	}
	s.pieces.init(s)
	s.loopTimer = w.Rec.Clock.NewTimer(s.loopBack)
	return s
}

// Attach adds an interface, numbered from 0 in the order of the calls, with
// its address, 0 when it has none yet, and the length of its network's prefix.
func (s *Station) Attach(w *link.Wire, name string, mac [6]byte, addr uint32, bits int) {
	s.ports = append(s.ports, &port{wire: w, name: name, mac: mac, addr: addr, bits: bits})
	if addr != 0 {
		s.routes.add(route{net: addr & mask(bits), bits: bits, port: len(s.ports) - 1})
	}
}

// event records an event at this station.
func (s *Station) event(k trace.Kind, p layers.Proto, pdu trace.PDUID, cause trace.EventID, why trace.Why, args ...int64) trace.EventID {
	return s.Rec.Event(s.about(k, p, pdu, cause, why), args...)
}

func (s *Station) about(k trace.Kind, p layers.Proto, pdu trace.PDUID, cause trace.EventID, why trace.Why) trace.Event {
	return trace.Event{
		Kind: k, Proto: p, Layer: p.Layer(), PDU: pdu, Cause: cause,
		Node: s.id, End: trace.NoEnd, Why: why,
	}
}

// drop ends a frame here, as far as its PDU at that layer is concerned.
func (s *Station) drop(f *frame.Frame, p layers.Proto, pdu trace.PDUID, why trace.Why, args ...int64) {
	s.Rec.Drop(s.about(trace.Drop, p, pdu, f.Cause, why), args...)
	s.Pool.Put(f)
}

// Receive takes a frame from an interface.
func (s *Station) Receive(n int, f *frame.Frame) {
	in := s.ports[n]
	if f.Damaged {
		s.drop(f, layers.Ethernet, f.PDU, trace.EthBadFCS)
		return
	}
	dst := f.Eth().Dst()
	if dst != in.mac && dst[0]&1 == 0 {
		// Not a loss: the frame was not meant for this station.
		s.event(trace.Drop, layers.Ethernet, f.PDU, f.Cause, trace.EthNotMine, macNumber(dst))
		s.Pool.Put(f)
		return
	}
	f.Cause = s.event(trace.Decapsulate, layers.Ethernet, f.PDU, f.Cause, trace.EthForMe)
	switch f.Eth().Type() {
	case layers.EtherTypeARP:
		s.receiveARP(in, f)
	case layers.EtherTypeIPv4:
		s.receiveIP(in, f)
	default:
		s.drop(f, layers.Ethernet, f.PDU, trace.EthUnknown)
	}
}

// receiveIP looks at a packet's header (RFC 1122 section 3.2.1, RFC 1812
// section 5.2): for this station, to be forwarded, or to be dropped.
func (s *Station) receiveIP(in *port, f *frame.Frame) {
	h := f.IP()
	if !h.ChecksumOK() {
		s.drop(f, layers.IPv4, f.Packet, trace.IPChecksum, int64(h.Checksum()), 0)
		return
	}
	for i := range s.filters {
		if s.filters[i].Matches(f, s.Rec.Clock.Now()) {
			s.drop(f, layers.IPv4, f.Packet, trace.IPFiltered)
			return
		}
	}
	if s.nat != nil {
		if f = s.nat.whole(f); f == nil || s.nat.receive(in, f) {
			return
		}
		h = f.IP()
	}
	switch {
	case s.isUnicastMine(h.Dst()) || s.isBroadcast(h.Dst()):
		s.receiveLocal(in, f)
	case in.addr == 0 && h.Protocol() == layers.ProtocolUDP:
		// The offer of an address comes to that address (RFC 2131 section 4.1).
		s.receiveLocal(in, f)
	case s.forwards:
		s.forward(in, f, h.Dst(), nil)
	default:
		s.drop(f, layers.IPv4, f.Packet, trace.IPNotMine, int64(h.Dst()))
	}
}

// isUnicastMine says whether an address names this station: one of its
// interfaces', or any of the loopback network (RFC 1122 section 3.2.1.3).
func (s *Station) isUnicastMine(ip uint32) bool {
	for _, p := range s.ports {
		if ip == p.addr && ip != 0 {
			return true
		}
	}
	return isLoopback(ip)
}

// isLoopback says whether an address must never be seen outside a host.
func isLoopback(ip uint32) bool { return ip>>24 == 127 }

// isBroadcast says whether an address is everybody's: on this link, or on the
// network of one of this station's interfaces (RFC 1122 section 3.2.1.3).
func (s *Station) isBroadcast(ip uint32) bool {
	for _, p := range s.ports {
		if p.isBroadcast(ip) {
			return true
		}
	}
	return ip == limitedBroadcast
}

const limitedBroadcast = 0xffffffff

// isBroadcast leaves out networks of 31 and 32 bits, which have no broadcast
// address (RFC 3021 section 2.1).
func (p *port) isBroadcast(ip uint32) bool {
	return ip == limitedBroadcast || p.bits < 31 && ip == p.addr|^mask(p.bits)
}

// receiveLocal takes a packet for this station: fragments wait for the rest,
// whole packets go up. in is where it came in; nil: from this station.
func (s *Station) receiveLocal(in *port, f *frame.Frame) {
	h := f.IP()
	if s.Rec.On() {
		f.Cause = s.event(trace.Decapsulate, layers.IPv4, f.Packet, f.Cause, trace.IPForMe,
			int64(h.Dst()), s.Rec.Text(protocolName(h.Protocol())))
	}
	if h.Fragmented() {
		if f = s.pieces.add(f); f == nil {
			return
		}
		h = f.IP()
	}
	switch h.Protocol() {
	case layers.ProtocolTCP:
		if !s.isUnicastMine(h.Dst()) {
			// RFC 9293 section 3.9.2.3: to a broadcast address, without a word.
			s.drop(f, layers.TCP, f.Body, trace.TCPBroadcast, int64(h.Dst()))
			return
		}
		s.receiveTCP(f)
	case layers.ProtocolUDP:
		s.receiveUDP(in, f)
	case layers.ProtocolICMP:
		s.receiveICMP(f)
	default:
		s.refuse(f, icmpNews{layers.ICMPDestinationUnreachable, layers.ICMPProtocolUnreachable, 0}, layers.IPv4, f.Packet, trace.IPNoProtocol, int64(h.Protocol()))
	}
}

func protocolName(p uint8) string {
	switch p {
	case layers.ProtocolTCP:
		return "TCP"
	case layers.ProtocolUDP:
		return "UDP"
	case layers.ProtocolICMP:
		return "ICMP"
	}
	return "protocol " + strconv.Itoa(int(p))
}

// header is what the sender of a packet decides.
type header struct {
	src, dst uint32 // src must be this station's
	protocol uint8
	out      *port // where a broadcast leaves; nil: by the routing table
}

// defaultTTL is RFC 1700's.
const defaultTTL = 64

// send puts an IP header before the frame's transport header and payload, and
// sends the packet on its way. False: no route leads there.
func (s *Station) send(f *frame.Frame, h header) bool {
	s.ids++
	f.IP().Put(&layers.IPv4Fields{
		TotalLen: layers.IPv4MinSize + f.BodyLen(), ID: s.ids,
		TTL: defaultTTL, Protocol: h.protocol, Src: h.src, Dst: h.dst,
	})
	s.Rec.Wrap(f)
	f.Cause = s.event(trace.Encapsulate, layers.IPv4, f.Packet, f.Cause, trace.IPWrap, int64(h.src), int64(h.dst), defaultTTL)
	f.Eth().Put([6]byte{}, [6]byte{}, layers.EtherTypeIPv4)
	if s.isUnicastMine(h.dst) {
		s.loop = append(s.loop, f)
		s.loopTimer.Set(s.Rec.Clock.Now())
		return true
	}
	out, next, ok := h.out, h.dst, true
	if out == nil || h.dst != limitedBroadcast {
		out, next, ok = s.lookup(h.dst)
	}
	if !ok {
		s.drop(f, layers.IPv4, f.Packet, trace.IPNoRoute, int64(h.dst))
		return false
	}
	s.emit(f, out, next)
	return true
}

// loopBack delivers what this station sent to itself: no wire is involved.
func (s *Station) loopBack() {
	loop := s.loop
	s.loop = nil
	for _, f := range loop {
		s.receiveLocal(nil, f)
	}
}

// emit sends a packet with its IP header out of an interface to the next hop,
// in fragments when it is too long for the link.
func (s *Station) emit(f *frame.Frame, out *port, next uint32) {
	if f.PacketLen() > out.wire.MTU() {
		s.fragment(f, out, next)
		return
	}
	if out.isBroadcast(next) {
		s.wrap(f, out, layers.Broadcast)
		return
	}
	s.resolve(f, out, next)
}

// wrap puts the Ethernet header before a packet and hands the frame to the
// wire.
func (s *Station) wrap(f *frame.Frame, out *port, dst [6]byte) {
	f.Eth().Put(dst, out.mac, f.Eth().Type())
	s.Rec.Seal(f)
	if s.Rec.On() {
		e := s.about(trace.Encapsulate, layers.Ethernet, f.PDU, f.Cause, trace.EthWrap)
		e.End = out.end()
		if pad := f.Padding(); pad > 0 {
			e.Why = trace.EthPad
			f.Cause = s.Rec.Event(e, macNumber(dst), int64(pad))
		} else {
			f.Cause = s.Rec.Event(e, macNumber(dst))
		}
	}
	out.wire.Send(f)
}
