package compare

import (
	"encoding/binary"
	"hash/crc32"

	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
)

// sight is what a frame is known by.
type sight struct {
	what  uint64 // hash of what it carries, less what only numbers it; 0: not all of it is there
	seq   uint32 // TCP: sequence number; ICMP: of an echo; a fragment: its offset
	ack   uint32 // TCP: acknowledgment number; others: what kind of message
	size  uint32 // bytes that it carries
	whole uint32 // checksum of all its bytes; 0: they are not all there
	talk  uint32 // conversation*2, +1 from its server to its client
	place uint16
	class class
	flags uint8 // TCP
}

func (s *sight) conversation() int { return int(s.talk >> 1) }
func (s *sight) back() int         { return int(s.talk & 1) }

// class says how a frame is known.
type class uint8

const (
	other class = iota
	tcp
	udp
	icmp
	arp
	fragment
)

// TCP's flags.
const (
	fin = 1 << iota
	syn
	rst
	_
	ack
	opens = fin | syn | rst // what opens, ends or breaks a connection
)

const portDNS, portMDNS = 53, 5353

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// take enters a sight, of a frame or event with this number.
func (s *side) take(number int, f *trace.Frame, at trace.Time, data []byte, place uint16) {
	link, fcs, wire := s.wire(f, data)
	var h walk.Shape
	walk.Walk(&h, data, wire, link, fcs)
	in := h.Inner()
	x := sight{place: place}
	if wire == len(data) {
		x.whole = crc32.Checksum(data[:h.Limit], castagnoli)
	}
	from, to, size := in.Body()
	x.size = uint32(max(size, 0))
	cut := to-from < size
	switch b := data[min(in.At, to):to]; {
	case h.Fragment:
		x.class, x.seq, x.what = fragment, uint32(h.FragOff), s.sum(data[from:to])
	case in.Proto == layers.TCP && len(b) >= layers.TCPMinSize:
		t := layers.TCPHeader(b)
		x.class, x.seq, x.ack, x.flags = tcp, t.Seq(), t.Ack(), t.Flags()
		x.what = s.sum(data[from:to])
	case in.Proto == layers.UDP:
		x.class, x.what = udp, s.sum(datagram(&h, data[from:to]))
	case (in.Proto == layers.ICMPv4 || in.Proto == layers.ICMPv6) && len(b) >= layers.ICMPv4Size:
		s.message(&x, in.Proto, b)
	case in.Proto == layers.ARP && layers.ARPPacket(b).Valid():
		p := layers.ARPPacket(b)
		x.class, x.ack, x.seq, x.what = arp, uint32(p.Opcode()), p.TargetIP(), uint64(p.SenderIP())<<1|1
	default:
		x.ack, x.what = uint32(in.Proto), s.sum(b)
	}
	if cut {
		x.what = 0
	}
	x.talk = s.talks.of(&h, &x)
	s.see(f, at, wire, &x)
	s.list = append(s.list, uint32(number))
	s.sights = append(s.sights, x)
}

// datagram is what a UDP datagram says; a DNS message's number is drawn by
// chance, and says nothing.
func datagram(h *walk.Shape, b []byte) []byte {
	for _, p := range [2]uint16{h.Src.Port, h.Dst.Port} {
		if (p == portDNS || p == portMDNS) && len(b) >= 2 {
			return b[2:]
		}
	}
	return b
}

// message is an ICMP message; an echo has a number of its program, and one that
// counts.
func (s *side) message(x *sight, p layers.Proto, b []byte) {
	const checksum = 4 // behind type, code and checksum
	x.class, x.ack = icmp, uint32(p)<<16|uint32(b[0])<<8|uint32(b[1])
	echo := p == layers.ICMPv4 && (b[0] == layers.ICMPEcho || b[0] == layers.ICMPEchoReply) ||
		p == layers.ICMPv6 && (b[0] == echo6 || b[0] == echoReply6)
	x.what = s.sum(b[checksum:])
	if echo {
		x.seq, x.what = uint32(binary.BigEndian.Uint16(b[6:])), s.sum(b[layers.ICMPv4Size:])
	}
}

const echo6, echoReply6 = 128, 129 // RFC 4443 sec. 4

// sum is a hash of bytes, never 0.
func (s *side) sum(b []byte) uint64 {
	s.hash.Reset()
	s.hash.Write(b)
	return s.hash.Sum64() | 1
}
