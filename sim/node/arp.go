package node

import (
	"strata/layers"
	"strata/sim/engine"
	"strata/sim/frame"
	"strata/trace"
)

// neighbor is what is known of an address on a link: its MAC address, or that
// it was asked for.
type neighbor struct {
	ip      uint32
	out     *port
	mac     [6]byte
	known   bool
	expires trace.Time // valid iff known; 0: never
	asked   int
	waiting []*frame.Frame
	timer   *engine.Timer // of the next question
	cause   trace.EventID // of the question
}

const (
	arpInterval = trace.Second      // RFC 1122 section 2.3.2.1: at most one question per second
	arpTries    = 3                 //
	arpLifetime = 60 * trace.Second // RFC 1122 section 2.3.2.1: in the order of a minute
	arpWaiting  = 16                // RFC 1122 section 2.3.2.2 asks for at least one
)

// Know enters an address into the cache for good, as if it had been asked for
// before the run.
func (s *Station) Know(ip uint32, mac [6]byte) {
	s.arp[ip] = &neighbor{ip: ip, mac: mac, known: true}
	s.noteARP(ip, mac, trace.ARPWarm, 0)
}

func (s *Station) noteARP(ip uint32, mac [6]byte, why trace.Why, cause trace.EventID) {
	if !s.Rec.On() {
		return
	}
	slot := trace.Slot{Node: s.id, Table: "arp", Key: ipText(ip), Field: "mac", Type: trace.MAC}
	e := trace.Event{Cause: cause, Layer: layers.Network, Proto: layers.ARP, Why: why}
	v := macNumber(mac)
	if why == trace.ARPForget {
		v = trace.Absent
	}
	s.Rec.Set(e, slot, v, int64(ip), macNumber(mac))
}

// resolve sends a packet to a next hop whose MAC address is known; else the
// packet waits while ARP asks (RFC 1122 section 2.3.2.2).
func (s *Station) resolve(f *frame.Frame, out *port, next uint32) {
	n := s.arp[next]
	if n != nil && n.known && n.expires > 0 && s.Rec.Clock.Now() >= n.expires {
		s.noteARP(next, n.mac, trace.ARPForget, f.Cause)
		n = nil
	}
	if n == nil {
		n = &neighbor{ip: next, out: out}
		n.timer = s.Rec.Clock.NewTimer(func() { s.askAgain(n) })
		s.arp[next] = n
	}
	if n.known {
		s.wrap(f, out, n.mac)
		return
	}
	if len(n.waiting) == arpWaiting {
		s.drop(n.waiting[0], layers.ARP, n.waiting[0].Packet, trace.ARPFull, int64(next))
		n.waiting = n.waiting[1:]
	}
	f.Cause = s.event(trace.Hold, layers.ARP, f.Packet, f.Cause, trace.ARPWait, int64(next))
	n.waiting = append(n.waiting, f)
	if n.asked == 0 {
		n.cause = f.Cause
		s.ask(n)
	}
}

func (s *Station) ask(n *neighbor) {
	n.asked++
	n.timer.Set(s.Rec.Clock.Now() + arpInterval)
	s.sendARP(n.out, layers.Broadcast, n.cause, trace.ARPAsk, int64(n.ip), func(p layers.ARPPacket) {
		p.Put(layers.ARPRequest, n.out.mac, n.out.addr, [6]byte{}, n.ip)
	})
}

func (s *Station) sendARP(out *port, to [6]byte, cause trace.EventID, why trace.Why, ip int64, put func(layers.ARPPacket)) {
	f := s.Pool.Get()
	put(f.ARP())
	f.Eth().Put(to, out.mac, layers.EtherTypeARP)
	if s.Rec.On() {
		f.Packet = s.Rec.Log.Wrap(layers.ARP, f.ARP(), 0, 0, 0)
		f.Cause = s.event(trace.Encapsulate, layers.ARP, f.Packet, cause, why, ip)
	}
	s.wrap(f, out, to)
}

// askAgain asks once more, or gives up: what waits cannot be delivered.
func (s *Station) askAgain(n *neighbor) {
	if n.asked < arpTries {
		s.ask(n)
		return
	}
	delete(s.arp, n.ip)
	for _, f := range n.waiting {
		f.Cause = s.Rec.Drop(s.about(trace.Drop, layers.ARP, f.Packet, f.Cause, trace.ARPFailed), int64(n.asked), int64(n.ip))
		s.unreachable(f)
		s.Pool.Put(f)
	}
}

// receiveARP reads an ARP packet by RFC 826's "packet reception": what it says
// of its sender updates an entry that is there; when it is for this station,
// the sender is entered, and a question is answered.
func (s *Station) receiveARP(in *port, f *frame.Frame) {
	p := f.ARP()
	asker, mac := p.SenderIP(), p.SenderHW()
	f.Cause = s.event(trace.Decapsulate, layers.ARP, f.Packet, f.Cause, trace.ARPRead, int64(asker))
	forMe := p.TargetIP() == in.addr && in.addr != 0
	s.contest(in, p, f.Cause)
	// A probe names no sender (RFC 5227 section 2.1.1): there is nothing to learn.
	if n := s.arp[asker]; asker != 0 && (forMe || n != nil) {
		s.learn(n, asker, mac, f.Cause)
	}
	if !forMe {
		// Not a loss: the question was for somebody else.
		s.event(trace.Drop, layers.ARP, f.Packet, f.Cause, trace.ARPNotMine, int64(p.TargetIP()))
	} else if p.Opcode() == layers.ARPRequest {
		s.sendARP(in, mac, f.Cause, trace.ARPAnswer, int64(in.addr), func(p layers.ARPPacket) {
			p.Put(layers.ARPReply, in.mac, in.addr, mac, asker)
		})
	}
	s.Pool.Put(f)
}

// learn remembers a neighbor and sends what waited for it. A packet that
// waited goes on because of the answer.
func (s *Station) learn(n *neighbor, ip uint32, mac [6]byte, cause trace.EventID) {
	if n == nil {
		n = &neighbor{ip: ip}
		s.arp[ip] = n
	}
	if n.known && n.expires == 0 && n.mac == mac {
		return
	}
	n.mac, n.known, n.asked, n.expires = mac, true, 0, s.Rec.Clock.Now()+arpLifetime
	if n.timer != nil {
		n.timer.Stop()
	}
	s.noteARP(ip, mac, trace.ARPLearn, cause)
	waiting := n.waiting
	n.waiting = nil
	for _, f := range waiting {
		s.wrap(f, n.out, mac)
	}
}
