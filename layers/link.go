package layers

import "encoding/binary"

// linkProtos are the outermost protocols by LINKTYPE_ number.
var linkProtos = map[int]Proto{
	0: Null, 108: Null,
	1: Ethernet,
	9: PPP, 50: PPP, 204: PPPDirected,
	10: FDDI,
	12: RawIP, 14: RawIP, 101: RawIP, 228: IPv4, 229: IPv6,
	51:  PPPoE,
	104: CHDLC,
	105: WLAN, 127: Radiotap,
	107: FrameRelay,
	113: SLL, 276: SLL2,
	239: NFLog,
}

// LinkProto is the outermost protocol of frames of a LINKTYPE_ number; Data
// when it is not known here.
func LinkProto(link int) Proto {
	if p, ok := linkProtos[link]; ok {
		return p
	}
	return Data
}

// outermost reads a frame by its outermost protocol.
func (d *dissector) outermost(s span) {
	switch d.opt.First {
	case None, Ethernet:
		d.ethernet(s, d.opt.FCSLen)
	case Null:
		d.null(s)
	case RawIP:
		d.rawIP(s)
	case SLL:
		d.sll(s)
	case NFLog:
		d.nflog(s)
	case SLL2:
		d.sll2(s)
	case PPP:
		d.pppHDLC(s)
	case PPPDirected:
		d.pppDirected(s)
	case PPPoE:
		d.pppoeSession(s)
	case CHDLC:
		d.chdlc(s)
	case FrameRelay:
		d.frameRelay(s)
	case FDDI:
		d.fddi(s)
	case Radiotap:
		d.radiotap(s)
	case WLAN:
		d.wlanFrame(s, false, false)
	case IPv4:
		d.ip(s)
	case IPv6:
		d.ipv6(s)
	case ARP:
		d.arp(s)
	case ICMPv4:
		d.icmp(s)
	case DNS:
		d.dns(s)
	case HTTP:
		d.http(s)
	default: // UDP and TCP cannot be judged without the addresses around them
		d.payload(s)
	}
}

// nullSize is the size of BSD's loopback header, in bytes.
const nullSize = 4

// Address families of the BSDs (sys/socket.h), where IPv6 has one in each.
var nullFamilies = map[uint64]string{2: "IPv4", 7: "OSI", 16: "AppleTalk", 23: "IPX", 24: "IPv6 (NetBSD, OpenBSD)", 28: "IPv6 (FreeBSD)", 30: "IPv6 (Darwin)"}

var (
	nullFamily = describeOne(Null, "LINKTYPE_NULL", enumRow(0, 4, "null.family", "address family", nullFamilies,
		"What the frame carries, as a number of the system that captured it, in its order of bytes."))
	nullType = describeOne(Null, "LINKTYPE_NULL", enumRow(0, 4, "null.type", "type", etherTypes,
		"What the frame carries, as an EtherType."))
)

// null reads BSD's loopback header: 4 bytes in the byte order of whoever
// captured it, or in network order.
func (d *dissector) null(s span) {
	if s.end-s.pos >= 2 && binary.BigEndian.Uint16(d.data[s.pos:]) == pppAddressControl {
		d.pppHDLC(s) // some systems' PPP devices say that they are this
		return
	}
	p := d.part(Null, s.pos, min(nullSize, s.end-s.pos))
	if s.end-s.pos < nullSize {
		d.short(Null, s)
		return
	}
	family := nullNumber(binary.LittleEndian.Uint32(d.data[s.pos:]))
	f := nullFamily
	if family > maxLength {
		f = nullType
	}
	n := d.node(f, s.pos, nullSize)
	n.Uint = uint64(family)
	n.Show = show(f, n.Uint, nil)
	p.Fields = append(p.Fields, n)
	p.Summary = n.Show
	inner := s.from(nullSize)
	switch {
	case family > maxLength:
		d.etherType(uint16(family), inner)
	case family == 2:
		d.ip(inner)
	case family == 24, family == 28, family == 30:
		d.ipv6(inner)
	default:
		d.payload(inner)
	}
}

// maxLength is the largest value that is a length, not an EtherType.
const maxLength = 1500

// nullNumber finds the number in a header, read with the least significant
// byte first. Families are below 256 and EtherTypes below 65536, so that the
// zeros tell the order, and whether only 2 of the 4 bytes are used.
func nullNumber(v uint32) uint32 {
	swap := func(v uint16) uint32 { return uint32(v>>8 | v<<8) }
	switch {
	case v>>16 != 0 && v>>24 == 0 && v>>16&0xff < 6:
		return v >> 16
	case v>>16 != 0:
		return v>>24 | v>>8&0xff00 | v<<8&0xff0000 | v<<24
	case v&0xff == 0 && v>>8 < 6:
		return swap(uint16(v))
	}
	return v
}

// rawIP reads a packet without a link header. A few old systems put PPP's
// header or zeros before it.
func (d *dissector) rawIP(s span) {
	at := func(pos int, want ...byte) bool {
		return s.end-s.pos >= pos+len(want) && string(d.data[s.pos+pos:s.pos+pos+len(want)]) == string(want)
	}
	switch {
	case at(0, 0xff, 3):
		d.pppHDLC(s)
	case at(6, 0xff, 3):
		d.pppHDLC(s.from(6))
	case at(1, 0xff, 3):
		d.pppHDLC(s.from(1))
	case at(0, make([]byte, 10)...):
		d.ip(s.from(10))
	case s.pos < s.end && (d.data[s.pos]>>4 == 4 || d.data[s.pos]>>4 == 6):
		d.ip(s)
	default:
		d.payload(s)
	}
}
