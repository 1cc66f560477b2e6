package node

import (
	"testing"

	"strata/layers"
	"strata/layers/reassembly"
	"strata/layers/tlskeys"
	"strata/sim/engine"
	"strata/sim/frame"
	"strata/sim/link"
	"strata/sim/record"
	"strata/trace"
)

// rig is a station with one interface, whose frames go nowhere.
type rig struct {
	t     *testing.T
	s     *Station
	log   *trace.Log
	clock *engine.Engine
}

type nowhere struct{ pool *frame.Pool }

func (n nowhere) Receive(_ int, f *frame.Frame) { n.pool.Put(f) }

const (
	here  = 10<<24 | 1 // 10.0.0.1
	there = 10<<24 | 2 // 10.0.0.2
)

var mac = [6]byte{2, 0, 0, 0, 0, 1}

func newRig(t *testing.T, forwards bool) *rig {
	r := &rig{t: t, clock: new(engine.Engine)}
	r.log = trace.NewLog(trace.Info{
		Secrets: &tlskeys.Log{},
		Nodes:   []trace.Node{{Name: "here"}, {Name: "there"}},
		Links:   []trace.Link{{Ends: [2]trace.End{{Node: 0, If: "eth0"}, {Node: 1, If: "eth0"}}}},
	})
	rec := &record.Recorder{Clock: r.clock, Log: r.log}
	pool := new(frame.Pool)
	w := NewWorld(rec, pool, NewScheduler(r.clock), 1, 0)
	r.s = NewStation(w, StationConfig{Name: "here", Forwards: forwards})
	cfg := link.Config{MTU: 576, Queue: 10}
	r.s.Attach(link.NewWire(rec, pool, cfg, 1, link.Side{FromName: "here", FromIf: "eth0", To: nowhere{pool}}), "eth0", mac, here, 24)
	r.s.Know(there, [6]byte{2, 0, 0, 0, 0, 2})
	return r
}

// packet is what to put into a frame for the station.
type packet struct {
	dst      uint32 // 0: here
	protocol uint8
	l4       int // bytes of transport header
	payload  int
	ip       layers.IPv4Fields
}

// receive makes a frame with right checksums, spoils it, and hands it over.
func (r *rig) receive(p packet, spoil func(f *frame.Frame)) {
	f := r.s.Pool.Get()
	f.SetL4(p.l4)
	clear(f.L4())
	f.Payload = make([]byte, p.payload)
	f.Eth().Put(mac, [6]byte{2, 0, 0, 0, 0, 2}, layers.EtherTypeIPv4)
	h := p.ip
	h.Src, h.Dst, h.Protocol, h.TotalLen, h.TTL = there, here, p.protocol, layers.IPv4MinSize+f.BodyLen(), 9
	if p.dst != 0 {
		h.Dst = p.dst
	}
	f.IP().Put(&h)
	f.Body = r.log.Wrap(layers.Data, append(f.L4(), f.Payload...), 0, 0, 0)
	r.s.Rec.Wrap(f)
	r.s.Rec.Seal(f)
	if spoil != nil {
		spoil(f)
	}
	r.s.Receive(0, f)
}

func (r *rig) want(why trace.Why, n int) {
	r.t.Helper()
	got := 0
	for i := 1; i <= r.log.Events(); i++ {
		if r.log.Event(trace.EventID(i)).Why == why {
			got++
		}
	}
	if got != n {
		r.t.Errorf("%s occurs %d times, want %d", why, got, n)
	}
}

func TestSpoiledPacketsAreRefused(t *testing.T) {
	for _, c := range []struct {
		why   trace.Why
		p     packet
		spoil func(f *frame.Frame)
	}{
		{trace.EthUnknown, packet{}, func(f *frame.Frame) { f.Eth().Put(mac, mac, 0x88b5) }},
		{trace.EthNotMine, packet{}, func(f *frame.Frame) { f.Eth().Put([6]byte{2, 9}, mac, layers.EtherTypeIPv4) }},
		{trace.IPChecksum, packet{}, func(f *frame.Frame) { f.IP()[10] ^= 1 }},
		{trace.IPNotMine, packet{dst: here + 7}, nil},
		{trace.IPNoProtocol, packet{protocol: 200}, nil},
		{trace.ICMPChecksum, packet{protocol: layers.ProtocolICMP, l4: 8}, func(f *frame.Frame) { f.L4()[0] = 8 }},
		{trace.UDPMalformed, packet{protocol: layers.ProtocolUDP, l4: 8, payload: 5}, nil},
		{trace.UDPChecksum, packet{protocol: layers.ProtocolUDP, l4: 8}, func(f *frame.Frame) {
			layers.UDPHeader(f.L4()).Put(1, 2, 8)
			f.L4()[7] = 1
		}},
		{trace.TCPMalformed, packet{protocol: layers.ProtocolTCP, l4: 20}, nil},
		{trace.TCPChecksum, packet{protocol: layers.ProtocolTCP, l4: 20}, func(f *frame.Frame) {
			layers.TCPHeader(f.L4()).Put(&layers.TCPFields{SrcPort: 1, DstPort: 2, HeaderLen: 20})
		}},
	} {
		r := newRig(t, false)
		r.receive(c.p, c.spoil)
		r.want(c.why, 1)
	}
}

func TestForbiddenFragmentsAreReported(t *testing.T) {
	r := newRig(t, true)
	r.receive(packet{dst: there, protocol: layers.ProtocolUDP, l4: 8, payload: 1000, ip: layers.IPv4Fields{DF: true}}, nil)
	r.want(trace.IPDontFrag, 1)
	r.want(trace.ICMPUnreachable, 1)
	r.receive(packet{dst: there, protocol: layers.ProtocolUDP, l4: 8, payload: 1000}, nil)
	r.want(trace.IPFragment, 2)
}

func TestFragmentsAreBounded(t *testing.T) {
	r := newRig(t, false)
	piece := func(id uint16, off, n int) {
		r.receive(packet{protocol: layers.ProtocolUDP, payload: n, ip: layers.IPv4Fields{ID: id, MF: true, FragmentOffset: off}}, nil)
	}
	piece(1, 0, 81)
	r.want(trace.IPBadFragment, 1)
	for id := range uint16(200) {
		piece(1000+id, 0, 40000)
	}
	kept := reassembly.DefaultMaxBytes / 40000
	r.want(trace.IPNoMemory, 200-kept)
	for r.clock.Step() {
	}
	r.want(trace.IPTimeout, kept)
	if n := r.s.pieces.set.Waiting(); n != 0 {
		t.Errorf("%d packets are left after the timeout", n)
	}
}

func TestSwitchSendsNothingBack(t *testing.T) {
	r := newRig(t, false)
	pool := r.s.Pool
	s := NewSwitch(r.s.Rec, pool, 1, trace.Second)
	for range 2 {
		s.Attach(link.NewWire(r.s.Rec, pool, link.Config{MTU: 1500, Queue: 1}, 1, link.Side{To: nowhere{pool}}), "1")
	}
	for _, way := range [][2]byte{{1, 2}, {2, 1}} { // both send from port 0
		f := pool.Get()
		f.Eth().Put([6]byte{2, way[1]}, [6]byte{2, way[0]}, layers.EtherTypeARP)
		s.Receive(0, f)
	}
	r.want(trace.SwitchFlood, 1)
	r.want(trace.SwitchSame, 1)
}

// TestSchedulerForgetsTheDone: a server may start a branch per request for
// ever; those that have ended are not kept.
func TestSchedulerForgetsTheDone(t *testing.T) {
	s := NewScheduler(new(engine.Engine))
	var blocked waiters
	stopped := 0
	s.start(func() { s.wait(&blocked, 0); stopped++ }, 0)
	for range 100 {
		s.start(func() { stopped++ }, 0)
	}
	s.Run()
	if len(s.all) != 1 || stopped != 100 {
		t.Errorf("%d processes are kept, %d have stopped", len(s.all), stopped)
	}
	if s.End(); stopped != 101 {
		t.Errorf("%d processes have stopped", stopped)
	}
}

// arp hands an ARP packet to the station.
func (r *rig) arp(op uint16, sender uint32, hw [6]byte, target uint32) {
	f := r.s.Pool.Get()
	f.Eth().Put(layers.Broadcast, hw, layers.EtherTypeARP)
	f.ARP().Put(op, hw, sender, [6]byte{}, target)
	f.Packet = r.log.Wrap(layers.ARP, f.ARP(), 0, 0, 0)
	r.s.Rec.Seal(f)
	r.s.Receive(0, f)
}

// TestAnnouncements: a gratuitous ARP packet, whose sender names itself, changes
// what is known of it and enters nobody new (RFC 826, RFC 5227 section 2.3);
// a probe names nobody, so that it is answered and nothing is learnt
// (section 2.1.1).
func TestAnnouncements(t *testing.T) {
	r := newRig(t, false)
	moved, stranger := [6]byte{2, 0, 0, 0, 9, 9}, uint32(here+8)
	r.arp(layers.ARPRequest, there, moved, there)
	if n := r.s.arp[there]; n == nil || n.mac != moved {
		t.Errorf("the announcement of a known neighbor leaves %+v", n)
	}
	r.arp(layers.ARPReply, there, mac, there)
	if n := r.s.arp[there]; n.mac != mac {
		t.Errorf("the announcement by a reply leaves %+v", n)
	}
	r.arp(layers.ARPRequest, stranger, moved, stranger)
	r.want(trace.ARPAnswer, 0)
	r.arp(layers.ARPRequest, 0, moved, here)
	r.want(trace.ARPAnswer, 1)
	if len(r.s.arp) != 1 {
		t.Errorf("%d neighbors are known, want 1", len(r.s.arp))
	}
}
