package origin

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"

	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
	"strata/trace/travel"
)

func macText(b []byte) string { return net.HardwareAddr(b).String() }

func ipText(b []byte) string {
	a, _ := netip.AddrFromSlice(b)
	return a.String()
}

// ethDst: the next station on this link, by the ARP table; everybody, when the
// question or the packet is for everybody; or the one who asked.
func (q *Asked) ethDst() {
	h := q.header()
	mac := q.bytes(h.pdu, 0, 6)
	packet := q.t.PDU(h.pdu).Of
	switch in := q.t.PDU(packet); {
	case mac[0] == 0xff && in.Proto == layers.ARP:
		q.say("the frame is for everybody: %s does not know yet who has the address that it asks for", q.name(h.node)).by("RFC 826").on(h.made).in(q.frame)
		q.arpReason(packet)
		return
	case mac[0] == 0xff:
		q.say("the frame is for everybody on the link, because the packet is").by("RFC 894").on(h.made).in(q.frame)
		q.named("the packet's address", packet, 16, 4)
		return
	case mac[0]&1 != 0:
		q.say("the frame is for more than one station (%s), because the packet's address is", macText(mac)).by("RFC 1112 sec. 6.4").on(h.made).in(q.frame)
		q.named("the address", packet, 16, 4)
		return
	case in.Proto == layers.ARP && q.bytes(packet, 6, 2)[1] == layers.ARPReply:
		q.say("the answer goes to the one who asked, and to nobody else").by("RFC 826").on(h.made).in(q.frame)
		q.arpQuestion(packet)
		return
	case in.Proto == layers.IPv4:
		q.say("%s puts the MAC address of the next station on this link here; the packet is for %s", q.name(h.node), ipText(q.bytes(packet, 16, 4))).
			by("RFC 1122 sec. 2.3.2").on(h.made).in(q.frame)
	default:
		q.say("%s puts the MAC address of the station that the frame is for here", q.name(h.node)).by("IEEE 802.3").on(h.made).in(q.frame)
	}
	if q.info.Captured {
		q.seenMAC(mac)
		return
	}
	q.neighbor(h, mac)
}

// neighbor is the entry of the ARP table that a MAC address comes from.
func (q *Asked) neighbor(h header, mac []byte) {
	number := int64(0)
	for _, b := range mac {
		number = number<<8 | int64(b)
	}
	learned, ok := q.event("arp "+macText(mac), h.made, func(n trace.EventID, e trace.Event) bool {
		if e.Kind != trace.StateChange || e.Node != h.node || e.Proto != layers.ARP {
			return false
		}
		c := q.t.Change(n)
		return c.Slot.Table == "arp" && c.New == number
	})
	switch {
	case !ok:
		q.waits("the entry of the ARP table")
	case learned == 0:
		q.add(Unknown, "the entry of %s's ARP table for %s was made longer ago than is looked back", q.name(h.node), macText(mac))
	default:
		e, c := q.t.Event(learned), q.t.Change(learned)
		l := q.say("%s's ARP table says that %s is at %s", q.name(h.node), c.Slot.Key, macText(mac)).by("RFC 826").on(learned)
		if e.Cause == 0 {
			l.Text += "; it knew that before the run began"
			break
		}
		f := q.t.FrameOf(e.Cause)
		l.in(f)
		q.shows(f, "frame %d brought the news, %s after the run began: an ARP packet from %s", f+1, trace.FormatDuration(e.Time), c.Slot.Key).by("RFC 826").on(e.Cause)
	}
	q.station(mac)
}

// station says whose a MAC address is.
func (q *Asked) station(mac []byte) {
	for i := range q.info.Links {
		for _, e := range q.info.Links[i].Ends {
			if bytes.Equal(e.MAC[:], mac) {
				who := "its maker"
				if mac[0]&2 != 0 { // locally administered
					who = "who set the network up"
				}
				q.say("%s is the address of %s's %s: %s gave it that", macText(mac), q.name(e.Node), e.If, who).by("IEEE 802 sec. 8")
				return
			}
		}
	}
}

// seenMAC looks in a capture for what told a MAC address.
func (q *Asked) seenMAC(mac []byte) {
	n, ok := q.before("mac "+macText(mac), q.frame, func(_ int, s *walk.Shape, b []byte) bool {
		return s.N > 0 && s.Headers[0].Proto == layers.Ethernet && len(b) >= 12 && bytes.Equal(b[6:12], mac)
	})
	switch {
	case !ok:
		q.waits("a frame from " + macText(mac))
	case n < 0:
		q.add(Unknown, "how the sender learned %s: no frame before this one came from there", macText(mac))
	default:
		b := q.bytes(q.t.Frame(n).PDU, 0, 42)
		if b[12] == 8 && b[13] == 6 {
			q.shows(n, "frame %d, an ARP packet, said that %s is at %s", n+1, ipText(b[28:32]), macText(mac)).by("RFC 826")
			return
		}
		q.shows(n, "frame %d came from %s, so the address is in use", n+1, macText(mac))
		q.add(Unknown, "when the sender asked for it, by ARP, was not captured")
	}
}

// ethSrc: the interface that the frame left by.
func (q *Asked) ethSrc() {
	h := q.header()
	mac := q.bytes(h.pdu, 6, 6)
	q.say("%s writes the address of the interface that the frame leaves by here; it is good for this link only", q.name(h.node)).by("IEEE 802.3").on(h.made).in(q.frame)
	if q.info.Captured {
		q.add(Inferred, "%s is the sender's own address on this link", macText(mac))
		return
	}
	q.station(mac)
}

func (q *Asked) ethType() {
	rfc := "IEEE 802.3 sec. 3.2.6"
	switch q.value() {
	case layers.EtherTypeIPv4:
		rfc = "RFC 894"
	case layers.EtherTypeARP:
		rfc = "RFC 826"
	}
	q.fixed(rfc, "the number says what the frame carries: %s", q.at.node.Show)
	h := q.header()
	q.maybeTold(q.maker(q.t.PDU(h.pdu).Of))
}

// maybeTold adds an event's reason, if there is one.
func (q *Asked) maybeTold(e trace.EventID) {
	if e != 0 {
		q.told(e)
	}
}

func (q *Asked) padding() {
	h := q.header()
	p := q.t.PDU(h.pdu)
	q.say("a frame has at least 64 bytes, with its check sequence: what it carries has only %d, so the sender fills it up", p.Len).by("IEEE 802.3 sec. 3.2.8").on(h.made).in(q.frame).
		of(h.pdu, int64(p.Head), int64(p.Head)+int64(p.Len))
}

func (q *Asked) fcs() {
	h := q.header()
	q.say("the CRC-32 of all bytes of the frame before it, worked out by the sending network card").by("IEEE 802.3 sec. 3.2.9").on(h.made).in(q.frame).
		of(h.pdu, 0, q.t.Size(h.pdu)-layers.FCSSize)
	if now, root := q.t.Frame(q.frame), q.root(); now.Hop > 1 {
		q.say("every hop works it out anew: this is hop %d, and %s sends another frame than the one that came", now.Hop, q.name(root.node))
	}
}

func (q *Asked) arpFixed() {
	q.fixed("RFC 826", "ARP asks for the hardware address (type 1: Ethernet, 6 bytes) of a protocol's address (0x0800: IPv4, 4 bytes): the same in every such packet")
}

func (q *Asked) arpOpcode() {
	h := q.header()
	if q.value() == layers.ARPRequest {
		q.say("1: this is a question").by("RFC 826").on(h.made).in(q.frame)
		q.arpReason(h.pdu)
		return
	}
	q.say("2: this is an answer").by("RFC 826").on(h.made).in(q.frame)
	q.arpQuestion(h.pdu)
}

// arpReason is why a question is asked: the packet that waits.
func (q *Asked) arpReason(packet trace.PDUID) {
	made := q.maker(packet)
	q.maybeTold(made)
	if c := q.t.Event(made).Cause; c != 0 && q.t.Event(c).Kind == trace.Hold {
		q.told(c)
	}
}

// arpQuestion is the question that an answer is for.
func (q *Asked) arpQuestion(packet trace.PDUID) {
	if made := q.maker(packet); !q.info.Captured {
		if c := q.t.Event(made).Cause; c != 0 {
			f := q.t.FrameOf(c)
			q.shows(f, "frame %d asked: it names %s", f+1, ipText(q.bytes(packet, 14, 4))).by("RFC 826").on(c)
		}
		return
	}
	asker, asked := q.bytes(packet, 18, 6), q.bytes(packet, 14, 4)
	n, ok := q.before("question", q.frame, func(_ int, s *walk.Shape, b []byte) bool {
		h := s.Inner()
		if h.Proto != layers.ARP || h.At+28 > len(b) {
			return false
		}
		p := b[h.At:]
		return p[7] == layers.ARPRequest && bytes.Equal(p[8:14], asker) && bytes.Equal(p[24:28], asked)
	})
	switch {
	case !ok:
		q.waits("the question")
	case n < 0:
		q.add(Unknown, "the question was not captured")
	default:
		q.shows(n, "frame %d asked who has %s", n+1, ipText(asked)).by("RFC 826")
	}
}

// arpSource: the sender's own two addresses.
func (q *Asked) arpSource() {
	h := q.header()
	if q.at.node.Field.Name == "arp.src.hw_mac" {
		q.say("%s names its own MAC address, so that it can be answered and remembered", q.name(h.node)).by("RFC 826").on(h.made).in(q.frame)
		if !q.info.Captured {
			q.station(q.bytes(h.pdu, 8, 6))
		}
		return
	}
	b := q.bytes(h.pdu, 14, 4)
	if b[0]|b[1]|b[2]|b[3] == 0 {
		q.say("%s asks whether an address is free before it takes it: it names none as its own yet", q.name(h.node)).by("RFC 5227 sec. 2.1.1").on(h.made).in(q.frame)
		return
	}
	q.say("%s names its own IP address", q.name(h.node)).by("RFC 826").on(h.made).in(q.frame)
	q.address(h, b)
}

// arpTarget: whom the packet asks for, or answers.
func (q *Asked) arpTarget() {
	h := q.header()
	answer := q.bytes(h.pdu, 6, 2)[1] == layers.ARPReply
	switch mac := q.at.node.Field.Name == "arp.dst.hw_mac"; {
	case answer:
		q.say("the one who asked, as its question named itself").by("RFC 826").on(h.made).in(q.frame)
		q.arpQuestion(h.pdu)
	case mac:
		q.say("this is what is asked for: nobody knows it yet, so it is left empty").by("RFC 826").on(h.made).in(q.frame)
		q.arpReason(h.pdu)
	default:
		q.say("the address that %s asks for: the next station on the way of a packet that waits, or one that it wants to know free", q.name(h.node)).by("RFC 826").on(h.made).in(q.frame)
		q.arpReason(h.pdu)
	}
}

// address is how a node came to an IP address: its interface has it.
func (q *Asked) address(h header, ip []byte) {
	text := ipText(ip)
	if q.info.Captured {
		q.add(Unknown, "who gave %s to its owner", text)
		return
	}
	set, ok := q.event("address "+text, h.made, func(n trace.EventID, e trace.Event) bool {
		if e.Kind != trace.StateChange || e.Why != trace.AddressSet {
			return false
		}
		c := q.t.Change(n)
		return c.Slot.Table == "interface" && len(q.t.Text(n)) > 0 && bytes.Contains([]byte(c.Show(c.New)), []byte(text))
	})
	switch {
	case !ok:
		q.waits("who gave the address")
		return
	case set != 0:
		q.told(set)
		return
	}
	for i := range q.info.Links {
		for _, e := range q.info.Links[i].Ends {
			if p, err := netip.ParsePrefix(e.IP); err == nil && p.Addr().String() == text {
				q.say("%s has %s on its %s: the scenario says so", q.name(e.Node), text, e.If)
				return
			}
		}
	}
}

// named tells of a stretch of another header that decides the field.
func (q *Asked) named(what string, pdu trace.PDUID, off, n int64) {
	b := q.bytes(pdu, off, n)
	text := fmt.Sprintf("%x", b)
	if n == 4 {
		text = ipText(b)
	}
	q.say("%s is %s", what, text).on(q.maker(pdu)).in(q.frame).of(pdu, off, off+n)
}

// within is the PDU of a protocol that the frame carries.
func (q *Asked) within(proto layers.Proto) trace.PDUID {
	return travel.Inside(q.t, q.t.Frame(q.frame).PDU, proto)
}
