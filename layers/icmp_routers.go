package layers

import "encoding/binary"

// Router advertisements (RFC 1256) with the extensions of mobile IP (RFC
// 5944 section 2.1), and the time that an echo carries.

const rfcMobile = "RFC 5944 sec. 2.1"

var (
	icmpRouter = rows(ICMPv4, "RFC 1256 sec. 3",
		word("icmp.router_address", "router", TypeIPv4, 4, "A router's address."),
		word("icmp.pref_level", "preference", TypeInt, 4, "How much it wants to be used."))
	mobileExt    = one(ICMPv4, rfcMobile, word("", "extension", TypeBytes, 0, "More about the router."))
	mobileType   = one(ICMPv4, rfcMobile, choice("icmp.mip.type", "type", 1, mobileTypes, "Which extension this is."))
	mobileLength = one(ICMPv4, rfcMobile, word("icmp.mip.length", "length", TypeUint, 1, "How many bytes follow."))
	mobileAgents = rows(ICMPv4, "RFC 5944 sec. 2.1.1",
		word("icmp.mip.seq", "sequence number", TypeUint, 2, "Counts the router's advertisements."),
		word("icmp.mip.life", "registration lifetime", TypeUint, 2, "For how many seconds a host may register at most."),
		word("icmp.mip.flags", "flags", TypeHex, 2, "What the router does for mobile hosts.",
			bit("icmp.mip.r", "registration required", TypeBool, 0x8000, "Hosts must register with a foreign agent."),
			bit("icmp.mip.b", "busy", TypeBool, 0x4000, "The foreign agent takes no more hosts."),
			bit("icmp.mip.h", "home agent", TypeBool, 0x2000, "The router is a home agent: it forwards packets to hosts that are away."),
			bit("icmp.mip.f", "foreign agent", TypeBool, 0x1000, "The router is a foreign agent: it takes packets for hosts that visit."),
			bit("icmp.mip.m", "minimal encapsulation", TypeBool, 0x0800, "Tunnels may use minimal encapsulation."),
			bit("icmp.mip.g", "GRE", TypeBool, 0x0400, "Tunnels may use GRE."),
			bit("icmp.mip.v", "header compression", TypeBool, 0x0200, "Headers may be compressed."),
			bit("icmp.mip.rt", "reverse tunnels", TypeBool, 0x0100, "Hosts may send through the tunnel, too."),
			bit("icmp.mip.u", "UDP tunnels", TypeBool, 0x0080, "Tunnels may use UDP."),
			bit("icmp.mip.x", "revocation", TypeBool, 0x0040, "Registrations may be revoked."),
			bit("icmp.mip.reserved", "reserved", TypeHex, 0x003f, "Not used; zero.")))
	mobileCare      = one(ICMPv4, "RFC 5944 sec. 2.1.1", word("icmp.mip.coa", "care-of address", TypeIPv4, 4, "Where the foreign agent takes packets for hosts that visit."))
	mobilePrefix    = one(ICMPv4, "RFC 5944 sec. 2.1.2", word("icmp.mip.prefixlength", "prefix length", TypeUint, 1, "How many bits of a router's address are its network's."))
	mobileChallenge = one(ICMPv4, "RFC 4721 sec. 2", word("icmp.mip.challenge", "challenge", TypeBytes, 0, "A number that a host's registration must answer."))
	mobileContent   = one(ICMPv4, rfcMobile, word("icmp.mip.content", "content", TypeBytes, 0, "What an extension that is not known here says."))

	icmpTimes8 = rows(ICMPv4, "RFC 792",
		word("icmp.data_time", "time in the data", TypeAbsTime, 8, "When the question was sent: many programs write it into the data."),
		word("icmp.data_time_relative", "time since then", TypeRelTime, 8, "How long ago that was when the frame was captured."))
)

// Extensions of router advertisements.
const (
	mobilePad      = 0
	mobileAgentAd  = 16
	mobilePrefixes = 19
	mobileAsk      = 24
)

var mobileTypes = map[uint64]string{mobilePad: "padding", mobileAgentAd: "mobility agent", mobilePrefixes: "prefix lengths", mobileAsk: "challenge"}

// icmpRouters reads the routers of an advertisement, and extensions.
func (d *dissector) icmpRouters(p *Part, h ICMPv4Header, s span) bool {
	c := d.cursor(s)
	for range h[4] {
		c.all(&p.Fields, icmpRouter...)
	}
	for h.Code() == 0 || h.Code() == 16 {
		if c.pos >= c.wire || *c.broken {
			break
		}
		c.mobile(&p.Fields)
	}
	return !*c.broken
}

// mobile reads an extension of mobile IP.
func (c *cursor) mobile(dst *[]Node) {
	kind := c.peek(0, 1)
	if kind == mobilePad {
		n := c.over(dst, mobileExt, 1)
		c.take(&n.Children, mobileType, 1)
		return
	}
	size := c.peek(1, 1)
	n := c.over(dst, mobileExt, 1)
	if !*c.broken {
		n.Len = min(2+size, len(c.data)-n.Pos)
		n.Show = showEnum(mobileTypes, uint64(kind))
	}
	c.all(&n.Children, mobileType, mobileLength)
	switch kind {
	case mobileAgentAd:
		c.all(&n.Children, mobileAgents...)
		for range (size - 6) / 4 {
			c.take(&n.Children, mobileCare, 4)
		}
	case mobilePrefixes:
		for range size {
			c.take(&n.Children, mobilePrefix, 1)
		}
	case mobileAsk:
		c.take(&n.Children, mobileChallenge, size)
	default: // Wireshark leaves four bytes out
		if size >= 4 {
			c.over(&n.Children, mobileContent, size-4)
		} else if size == 3 {
			c.over(&n.Children, mobileContent, c.left())
		} else if size > 0 {
			*c.broken = true
		}
		c.skip(size)
	}
}

// icmpTime finds the time that many programs write at the beginning of an
// echo's data: seconds and microseconds, in either byte order. It must be
// within a day of when the frame was captured.
func (d *dissector) icmpTime(s span) ([]Node, bool) {
	if s.end-s.pos < 8 || d.opt.Time == 0 {
		return nil, false
	}
	b := d.data[s.pos:]
	for _, order := range []binary.ByteOrder{binary.BigEndian, binary.LittleEndian} {
		sec, usec := int64(order.Uint32(b)), int64(order.Uint32(b[4:]))
		now := d.opt.Time / 1e9
		if sec-now <= -86400 || sec-now >= 86400 || usec >= 1e6 {
			continue
		}
		t := sec*1e9 + usec*1e3
		return []Node{d.valued(icmpTimes8[0], s.pos, 8, uint64(t)), d.valued(icmpTimes8[1], s.pos, 8, uint64(d.opt.Time-t))}, true
	}
	return nil, false
}
