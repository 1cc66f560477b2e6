package origin

import (
	"bytes"
	"encoding/binary"

	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
)

func (q *Asked) ipVersion() {
	q.fixed("RFC 791 sec. 3.1", "version 4, and the header's length in words of 4 bytes: 5 unless there are options")
	q.maybeTold(q.root().made)
}

func (q *Asked) ipService() {
	q.fixed("RFC 2474 sec. 3", "how routers shall treat the packet. 0 is the usual: as well as they can")
	q.maybeTold(q.root().made)
}

func (q *Asked) ipLen() {
	h := q.header()
	p := q.t.PDU(h.pdu)
	q.say("the length of this packet, counted by %s: %d bytes of header and %d of what it carries", q.name(h.node), p.Head, p.Len).
		by("RFC 791 sec. 3.1").on(h.made).in(q.frame).of(h.pdu, 0, int64(p.Head)+int64(p.Len))
	q.maybeTold(h.made)
}

// ipID: the sender's count of its packets, or, of one that nobody will cut,
// any number.
func (q *Asked) ipID() {
	h := q.root()
	id := uint16(q.value())
	src := q.bytes(h.pdu, 12, 4)
	if q.t.Event(h.made).Kind == trace.Fragment {
		q.say("all fragments of a packet have its number, so that they can be put together").by("RFC 791 sec. 3.2").on(h.made).in(q.frame)
	}
	if len(q.headers()) > 1 {
		q.say("it stays the same on the way: %s chose it", q.name(h.node)).by("RFC 791 sec. 3.2").on(h.made)
	}
	n, ok := q.before("id", q.frame, func(_ int, s *walk.Shape, b []byte) bool {
		for i := range s.Headers[:s.N] {
			if p := b[s.Headers[i].At:]; s.Headers[i].Proto == layers.IPv4 && len(p) >= 20 && bytes.Equal(p[12:16], src) {
				return binary.BigEndian.Uint16(p[4:]) == id-1
			}
		}
		return false
	})
	switch {
	case !ok:
		q.waits("the packet before")
	case n >= 0:
		q.shows(n, "it is the next number after that of the packet in frame %d: %s counts its packets", n+1, ipText(src)).by("RFC 791 sec. 3.2")
	case q.info.Captured:
		q.add(Unknown, "how the sender chose it: no packet with the number before it was seen; it may count, or draw a number (RFC 6864 lets it be anything when nobody will cut the packet)").by("RFC 6864 sec. 4.1")
		return
	}
	if !q.info.Captured {
		q.say("%s numbers its packets one by one; the first number was drawn from the run's seed, %d", q.name(h.node), q.info.Seed).on(h.made)
	}
}

func (q *Asked) ipFragment() {
	h := q.header()
	e := q.t.Event(h.made)
	if e.Kind == trace.Fragment {
		q.say("%s cut the packet, and says here which part of it this is: where it begins, and whether more follow", q.name(h.node)).by("RFC 791 sec. 3.2").on(h.made).in(q.frame)
		q.told(h.made)
		return
	}
	b := q.bytes(h.pdu, 6, 2)
	switch off := binary.BigEndian.Uint16(b) & 0x1fff; {
	case off != 0 || b[0]&0x20 != 0:
		q.say("the packet is a fragment: it was cut before it came here").by("RFC 791 sec. 3.2").on(h.made).in(q.frame)
	case b[0]&0x40 != 0:
		q.say("%s forbids routers to cut the packet: one that cannot pass it on shall say so", q.name(q.root().node)).by("RFC 1191 sec. 3").on(h.made).in(q.frame)
	default:
		q.say("the packet is whole: it begins at 0, nothing follows, and routers may cut it").by("RFC 791 sec. 3.2").on(h.made).in(q.frame)
	}
	q.maybeTold(q.root().made)
}

// defaultTTLs are what hosts begin with.
var defaultTTLs = []int{32, 64, 128, 255}

// ipTTL: what the sender began with, less one for every router.
func (q *Asked) ipTTL() {
	all := q.headers()
	for _, h := range all[:len(all)-1] {
		if e := q.t.Event(h.made); e.Kind == trace.Forward {
			is := q.bytes(h.pdu, 8, 1)[0]
			q.shows(q.t.FrameOf(h.made), "%s took one off: %d became %d", q.name(h.node), is+1, is).by("RFC 1812 sec. 5.3.1").on(h.made)
		}
	}
	root := all[len(all)-1]
	ttl := int(q.bytes(root.pdu, 8, 1)[0])
	if !q.info.Captured {
		q.say("%s began with %d, as hosts do", q.name(root.node), ttl).by("RFC 1122 sec. 3.2.1.7").on(root.made)
		return
	}
	for _, d := range defaultTTLs {
		if ttl <= d {
			q.add(Inferred, "hosts begin with 32, 64, 128 or 255. If it was %d, then %d routers took one off each before the packet was seen", d, d-ttl).by("RFC 791 sec. 3.2").in(q.frame)
			return
		}
	}
}

func (q *Asked) ipProto() {
	q.fixed("RFC 791 sec. 3.1", "the number says what the packet carries: %s", q.at.node.Show)
	h := q.root()
	q.maybeTold(q.maker(q.t.PDU(h.pdu).Of))
}

func (q *Asked) ipChecksum() {
	h := q.header()
	q.say("worked out by %s over this header alone, this field counted as 0", q.name(h.node)).by("RFC 791 sec. 3.1").on(h.made).in(q.frame).of(h.pdu, 0, int64(q.t.PDU(h.pdu).Head))
	if len(q.headers()) > 1 {
		q.say("%s changed the header (the hops to live, perhaps more), so the sum of the one that came no longer fits", q.name(h.node)).by("RFC 1624 sec. 3").on(h.made)
	}
}

func (q *Asked) ipSrc() { q.ipAddress(12) }
func (q *Asked) ipDst() { q.ipAddress(16) }

// ipAddress goes back over the hops; a router that translates wrote another
// address.
func (q *Asked) ipAddress(at int64) {
	all := q.headers()
	for i, h := range all[:len(all)-1] {
		was, is := q.bytes(all[i+1].pdu, at, 4), q.bytes(h.pdu, at, 4)
		if bytes.Equal(was, is) {
			continue
		}
		q.say("%s wrote %s over %s here", q.name(h.node), ipText(is), ipText(was)).by("RFC 3022 sec. 4.1").on(h.made).in(q.t.FrameOf(h.made))
		if nat := q.translated(h.made); nat != 0 {
			q.told(nat)
		}
	}
	root := all[len(all)-1]
	addr := q.bytes(root.pdu, at, 4)
	if len(all) > 1 && len(q.links) == 0 {
		q.say("routers leave it as it is: %s wrote it", q.name(root.node)).by("RFC 791 sec. 3.1").on(root.made).in(q.t.FrameOf(root.made))
	}
	if at == 12 && addr[0]|addr[1]|addr[2]|addr[3] == 0 {
		q.say("%s has no address yet, and says so: this packet is to get it one", q.name(root.node)).by("RFC 1122 sec. 3.2.1.3").on(root.made).in(q.t.FrameOf(root.made))
		return
	}
	if at == 12 {
		q.say("%s sends from its own address, %s", q.name(root.node), ipText(addr)).by("RFC 1122 sec. 3.3.4.3").on(root.made).in(q.t.FrameOf(root.made))
		q.address(root, addr)
		return
	}
	q.say("%s sends to %s", q.name(root.node), ipText(addr)).by("RFC 791 sec. 3.1").on(root.made).in(q.t.FrameOf(root.made))
	q.chosen(root)
}

// translated is the event that translated addresses, among the nearest causes
// of one.
func (q *Asked) translated(e trace.EventID) trace.EventID {
	for n := 0; e != 0 && n < 6; n++ {
		switch ev := q.t.Event(e); ev.Why {
		case trace.NATOut, trace.NATIn, trace.NATQuote:
			return e
		default:
			e = ev.Cause
		}
	}
	return 0
}

// chosen is who chose the destination of a packet: the program, or the one who
// sent a packet to which this is the answer; before that, the name that was
// looked up.
func (q *Asked) chosen(ip header) {
	b := q.bytes(ip.pdu, 0, 20)
	body := q.t.PDU(ip.pdu).Of
	l4 := q.bytes(body, 0, 20)
	switch b[9] {
	case layers.ProtocolTCP:
		q.opened(body, l4)
	case layers.ProtocolUDP:
		q.answered(ip, l4)
	case layers.ProtocolICMP:
		q.reported(body, l4)
	default:
		q.maybeTold(ip.made)
	}
	q.lookedUp(b[16:20])
}

// answered looks for the datagram that one with these ports answers.
func (q *Asked) answered(ip header, l4 []byte) {
	src, dst := q.bytes(ip.pdu, 12, 4), q.bytes(ip.pdu, 16, 4)
	n, ok := q.before("answered", q.frame, func(_ int, s *walk.Shape, b []byte) bool {
		h := s.Inner()
		if h.Proto != layers.UDP || s.N < 2 || h.At+8 > len(b) {
			return false
		}
		u, p := b[h.At:], b[s.Headers[s.N-2].At:]
		return s.Headers[s.N-2].Proto == layers.IPv4 && bytes.Equal(p[12:16], dst) && bytes.Equal(p[16:20], src) &&
			bytes.Equal(u[:2], l4[2:4]) && bytes.Equal(u[2:4], l4[:2])
	})
	switch {
	case !ok:
		q.waits("a datagram that this answers")
	case n >= 0:
		q.shows(n, "frame %d came from there, to this port: this goes back to where that came from", n+1).by("RFC 768")
	default:
		q.writer(q.t.PDU(ip.pdu).Of, "named the address and the port")
	}
}

// reported: an ICMP error goes to the sender of the packet that it is about,
// an answer to the one who asked.
func (q *Asked) reported(body trace.PDUID, l4 []byte) {
	switch l4[0] {
	case layers.ICMPEchoReply:
		q.say("the answer to an echo request goes to the one who asked").by("RFC 792").on(q.maker(body))
		q.cause(q.maker(body))
	case layers.ICMPEcho:
		q.writer(body, "wants to know whether somebody is there")
	default:
		q.say("the news of a packet's end goes to that packet's sender").by("RFC 792").on(q.maker(body))
		q.cause(q.maker(body))
	}
}

// cause adds the frame and the reason of an event's cause.
func (q *Asked) cause(e trace.EventID) {
	if c := q.t.Event(e).Cause; c != 0 {
		q.told(c)
	}
}

// lookedUp looks for the DNS answer that gave an address.
func (q *Asked) lookedUp(addr []byte) {
	a := append([]byte{0, 4}, addr...) // an A record's length and address
	n, ok := q.before("name "+ipText(addr), q.frame, func(_ int, s *walk.Shape, b []byte) bool {
		h := s.Inner()
		from, to, _ := h.Body()
		return h.Proto == layers.UDP && s.Src.Port == portDNS && from < to && to <= len(b) && bytes.Contains(b[from:to], a)
	})
	switch {
	case !ok:
		q.waits("a name that was looked up")
	case n >= 0:
		q.shows(n, "frame %d, an answer of DNS, gave the address %s for a name", n+1, ipText(addr)).by("RFC 1035 sec. 3.4.1")
	}
}

const portDNS = 53

// icmpType: what there is to say.
func (q *Asked) icmpType() {
	h := q.root()
	q.say("%s says what the message is: %s", q.name(h.node), q.at.node.Show).by("RFC 792").on(h.made).in(q.t.FrameOf(h.made))
	q.maybeTold(h.made)
	q.cause(h.made)
}

// icmpEcho: numbers by which answers are told apart.
func (q *Asked) icmpEcho() {
	h := q.root()
	if q.bytes(h.pdu, 0, 1)[0] == layers.ICMPEchoReply {
		q.say("the answer repeats the numbers of the question").by("RFC 792").on(h.made).in(q.t.FrameOf(h.made))
		ident := q.bytes(h.pdu, 4, 4)
		q.icmpAsked(ident)
		return
	}
	q.say("the program that asks chose it, to know its answers: the identifier is its own, the number grows with each question").by("RFC 792").on(h.made).in(q.t.FrameOf(h.made))
	q.writer(h.pdu, "asks")
}

// icmpAsked looks for the echo request with an identifier and a number.
func (q *Asked) icmpAsked(ident []byte) {
	n, ok := q.before("echo", q.frame, func(_ int, s *walk.Shape, b []byte) bool {
		h := s.Inner()
		return h.Proto == layers.ICMPv4 && h.At+8 <= len(b) && b[h.At] == layers.ICMPEcho && bytes.Equal(b[h.At+4:h.At+8], ident)
	})
	switch {
	case !ok:
		q.waits("the question")
	case n >= 0:
		q.shows(n, "frame %d is the question", n+1).by("RFC 792")
	default:
		q.add(Unknown, "the question was not captured")
	}
}

func (q *Asked) icmpRest() {
	h := q.root()
	q.say("%s leaves what this kind of message does not use 0; one that is told that a packet is too long gets the link's MTU here", q.name(h.node)).by("RFC 1191 sec. 4").on(h.made).in(q.t.FrameOf(h.made))
	q.maybeTold(h.made)
}
