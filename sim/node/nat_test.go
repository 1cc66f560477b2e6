package node

import (
	"bytes"
	"testing"

	"strata/layers"
	"strata/sim/engine"
	"strata/sim/frame"
	"strata/sim/link"
	"strata/sim/record"
	"strata/trace"
)

const shared = 203<<24 | 113<<8 | 1

// caught keeps the last packet that came.
type caught struct {
	pool *frame.Pool
	last *frame.Frame
}

func (c *caught) Receive(_ int, f *frame.Frame) { c.last = f }

// natRig is a router that translates, with `there` inside and a peer outside.
func natRig(log *trace.Log) (s *Station, inside, outside *caught, clock *engine.Engine) {
	clock = new(engine.Engine)
	rec, pool := &record.Recorder{Clock: clock, Log: log}, new(frame.Pool)
	s = NewStation(NewWorld(rec, pool, NewScheduler(clock), 1, 0), StationConfig{Name: "here", Forwards: true})
	inside, outside = &caught{pool: pool}, &caught{pool: pool}
	cfg := link.Config{MTU: 1500, Queue: 10}
	s.Attach(link.NewWire(rec, pool, cfg, 1, link.Side{FromName: "here", FromIf: "eth0", To: inside}), "eth0", mac, here, 24)
	s.Attach(link.NewWire(rec, pool, cfg, 1, link.Side{FromName: "here", FromIf: "eth1", End: 2, To: outside}), "eth1", mac, shared, 24)
	s.Know(there, mac)
	s.Know(shared+1, mac)
	if err := s.SetNAT(NATConfig{Inside: []string{"eth0"}, Outside: "eth1"}); err != nil {
		panic(err)
	}
	return s, inside, outside, clock
}

func natLog() *trace.Log {
	return trace.NewLog(trace.Info{
		Nodes: []trace.Node{{Name: "here"}, {Name: "there"}},
		Links: []trace.Link{{Ends: [2]trace.End{{Node: 0, If: "eth0"}, {Node: 1, If: "eth0"}}}, {Ends: [2]trace.End{{Node: 0, If: "eth1"}, {Node: 1, If: "eth1"}}}},
	})
}

// receive hands a packet with a body to the station, and says what came out.
func natReceive(s *Station, clock *engine.Engine, in int, protocol uint8, src, dst uint32, body []byte, to *caught) *frame.Frame {
	f := s.Pool.Get()
	n := min(headerLen(protocol, body), len(body), 60)
	copy(f.SetL4(n), body)
	f.Payload = append([]byte(nil), body[n:]...)
	f.Sum = layers.Sum(f.Payload, 0)
	f.Eth().Put(mac, mac, layers.EtherTypeIPv4)
	f.IP().Put(&layers.IPv4Fields{TotalLen: layers.IPv4MinSize + len(body), TTL: 9, Protocol: protocol, Src: src, Dst: dst})
	if s.Rec.On() {
		f.Body = s.Rec.Log.Wrap(protocolOf(protocol), body, 0, 0, 0)
	}
	s.Rec.Wrap(f)
	s.Rec.Seal(f)
	to.last = nil
	s.Receive(in, f)
	for range 10 {
		clock.Step()
	}
	return to.last
}

// transport is a packet's checksum, over all that it covers: 0 when it is right.
func transport(ip layers.IPv4Header, body []byte) uint16 {
	acc := uint64(0)
	if ip.Protocol() != layers.ProtocolICMP {
		acc = layers.PseudoHeader(ip.Src(), ip.Dst(), ip.Protocol(), len(body))
	}
	return layers.Checksum(layers.Sum(body, acc))
}

// Whatever comes from inside or outside: nothing breaks, a header checksum
// stays right, a transport's changes by nothing, and what the trace holds is
// what went over the wire.
func FuzzNAT(f *testing.F) {
	udp := func(src, dst uint16) []byte {
		u := make(layers.UDPHeader, 12)
		u.Put(src, dst, 12)
		u.SetChecksum(layers.PseudoHeader(there, shared+1, layers.ProtocolUDP, 12))
		return u
	}
	quote := append([]byte{3, 3, 0, 0, 0, 0, 0, 0, 0x45, 0, 0, 32, 0, 0, 0, 0, 9, 17, 0, 0, 203, 0, 113, 1, 203, 0, 113, 2}, udp(5000, 53)...)
	f.Add(false, uint8(17), udp(5000, 53))
	f.Add(true, uint8(17), udp(53, 5000))
	f.Add(true, uint8(1), quote)
	f.Add(false, uint8(1), []byte{8, 0, 0, 0, 0, 7, 0, 1})
	f.Add(true, uint8(1), []byte{0, 0, 0, 0, 0, 7, 0, 1})
	f.Add(false, uint8(6), make([]byte, 20))
	f.Add(true, uint8(47), []byte{1, 2, 3})
	f.Fuzz(func(t *testing.T, fromOutside bool, protocol uint8, body []byte) {
		if len(body) > 1000 {
			return
		}
		log := natLog()
		s, inside, outside, clock := natRig(log)
		natReceive(s, clock, 0, layers.ProtocolUDP, there, shared+1, udp(5000, 53), outside)
		natReceive(s, clock, 0, layers.ProtocolICMP, there, shared+1, []byte{8, 0, 0, 0, 0, 7, 0, 1}, outside)
		in, src, dst, to := 0, uint32(there), uint32(shared+1), outside
		if fromOutside {
			in, src, dst, to = 1, shared+1, shared, inside
		}
		before := transport(testIP(protocol, src, dst), body)
		out := natReceive(s, clock, in, protocol, src, dst, body, to)
		if out == nil {
			return
		}
		h := out.IP()
		now := append(append([]byte(nil), out.L4()...), out.Payload...)
		if !h.ChecksumOK() || len(now) != len(body) {
			t.Fatalf("%x became %x %x", body, h, now)
		}
		if none := protocol == layers.ProtocolUDP && len(body) >= 8 && body[6]|body[7] == 0; !none && len(body) >= 8 && transport(h, now) != before {
			t.Fatalf("checksum %x became %x: %x, %x", before, transport(h, now), body, now)
		}
		if seen := log.Append(nil, out.PDU, 0, int64(layers.EthernetSize+h.TotalLen())); !bytes.Equal(seen[layers.EthernetSize+layers.IPv4MinSize:], now) || !bytes.Equal(seen[layers.EthernetSize:][:20], h) {
			t.Fatalf("the trace has %x, the wire %x %x", seen, h, now)
		}
		if h.Src()>>8 == here>>8 && h.Dst() == shared+1 || h.Dst() == shared {
			t.Fatalf("from %x to %x", h.Src(), h.Dst())
		}
	})
}

func testIP(protocol uint8, src, dst uint32) layers.IPv4Header {
	h := make(layers.IPv4Header, layers.IPv4MinSize)
	h.Put(&layers.IPv4Fields{Protocol: protocol, Src: src, Dst: dst})
	return h
}

// Ports are kept where they are free, else near, of the same kind and parity;
// when none is left, the packet is dropped.
func TestNATPorts(t *testing.T) {
	log := natLog()
	s, _, outside, clock := natRig(log)
	n := s.nat
	send := func(ip uint32, port uint16) (uint16, bool) {
		u := make(layers.UDPHeader, 8)
		u.Put(port, 9, 8)
		f := natReceive(s, clock, 0, layers.ProtocolUDP, ip, shared+1, u, outside)
		if f == nil {
			return 0, false
		}
		return layers.UDPHeader(f.L4()).SrcPort(), true
	}
	for _, x := range []struct {
		host       uint32
		port, want uint16
	}{{2, 5000, 5000}, {3, 5000, 5002}, {4, 5000, 5004}, {2, 53, 53}, {3, 53, 55}, {2, 1023, 1023}, {3, 1023, 1}, {2, 65535, 65535}, {3, 65535, 1025}, {3, 65535, 1025}} {
		if got, ok := send(here&^0xff|x.host, x.port); !ok || got != x.want {
			t.Errorf("host %d, port %d: got %d, want %d", x.host, x.port, got, x.want)
		}
	}
	lent := len(n.out)
	for i := uint32(0); ; i++ {
		if _, ok := send(here&^0xff|2+i/256%250, uint16(2*(i%256))); !ok {
			break
		}
		lent = len(n.out)
	}
	// What has no port cannot be translated at all.
	if natReceive(s, clock, 0, 47, there, shared+1, make([]byte, 20), outside) != nil {
		t.Error("GRE came out")
	}
	ends := map[trace.Why]int{}
	for i := 1; i <= log.Events(); i++ {
		if e := log.Event(trace.EventID(i)); e.Kind == trace.Drop {
			ends[e.Why]++
		}
	}
	if len(ends) != 2 || ends[trace.NATFull] != 1 || ends[trace.NATOther] != 1 {
		t.Errorf("packets ended for %v", ends)
	}
	if lent < 512 || lent > 530 { // the even ones below 1024, and the few before
		t.Errorf("%d mappings", lent)
	}
}
