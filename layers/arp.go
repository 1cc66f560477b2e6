package layers

import "encoding/binary"

// ARPSize is the size of an ARP packet for IPv4 over Ethernet, in bytes.
const ARPSize = 28

// ARP opcodes (RFC 826).
const (
	ARPRequest = 1
	ARPReply   = 2
)

// ARPPacket is a view of at least ARPSize bytes: an ARP packet (RFC 826) for
// IPv4 over Ethernet. Valid says whether it is one.
type ARPPacket []byte

// arpStart is hardware type Ethernet, protocol type IPv4, their address sizes.
const arpStart = 0x0001_0800_06_04

// Valid says whether b is a whole ARP packet for IPv4 over Ethernet.
func (p ARPPacket) Valid() bool {
	return len(p) >= ARPSize && binary.BigEndian.Uint64(p)>>16 == arpStart
}

// Opcode is ARPRequest or ARPReply.
func (p ARPPacket) Opcode() uint16 { return binary.BigEndian.Uint16(p[6:]) }

// SenderHW is the sender's hardware address.
func (p ARPPacket) SenderHW() [6]byte { return [6]byte(p[8:14]) }

// SenderIP is the sender's protocol address.
func (p ARPPacket) SenderIP() uint32 { return binary.BigEndian.Uint32(p[14:]) }

// TargetHW is the target's hardware address; zero in a request.
func (p ARPPacket) TargetHW() [6]byte { return [6]byte(p[18:24]) }

// TargetIP is the target's protocol address.
func (p ARPPacket) TargetIP() uint32 { return binary.BigEndian.Uint32(p[24:]) }

// Put writes the whole packet.
func (p ARPPacket) Put(opcode uint16, senderHW [6]byte, senderIP uint32, targetHW [6]byte, targetIP uint32) {
	_ = p[27]
	binary.BigEndian.PutUint64(p, arpStart<<16|uint64(opcode))
	copy(p[8:14], senderHW[:])
	binary.BigEndian.PutUint32(p[14:], senderIP)
	copy(p[18:24], targetHW[:])
	binary.BigEndian.PutUint32(p[24:], targetIP)
}

var (
	arpStartFields = table(ARP,
		&Field{Name: "arp.hw.type", Label: "hardware type", Type: TypeEnum, At: 0, Size: 2, RFC: "RFC 826", Names: map[uint64]string{1: "Ethernet", 6: "IEEE 802"},
			Help: "What kind of link the hardware addresses belong to."},
		&Field{Name: "arp.proto.type", Label: "protocol type", Type: TypeEnum, At: 2, Size: 2, RFC: "RFC 826", Names: etherTypes,
			Help: "What kind of network addresses are asked about."},
		&Field{Name: "arp.hw.size", Label: "hardware size", Type: TypeUint, At: 4, Size: 1, RFC: "RFC 826",
			Help: "How many bytes a hardware address has: 6 for Ethernet."},
		&Field{Name: "arp.proto.size", Label: "protocol size", Type: TypeUint, At: 5, Size: 1, RFC: "RFC 826",
			Help: "How many bytes a network address has: 4 for IPv4."},
		&Field{Name: "arp.opcode", Label: "operation", Type: TypeEnum, At: 6, Size: 2, RFC: "RFC 826", Names: arpOpcodes,
			Help: "Whether this is a question or an answer."})
	arpIPv4 = table(ARP,
		&Field{Name: "arp.src.hw_mac", Label: "sender's MAC address", Type: TypeMAC, At: 8, Size: 6, RFC: "RFC 826",
			Help: "The hardware address of the station that sends this packet; its receivers remember it."},
		&Field{Name: "arp.src.proto_ipv4", Label: "sender's IP address", Type: TypeIPv4, At: 14, Size: 4, RFC: "RFC 826",
			Help: "The IP address of the station that sends this packet."},
		&Field{Name: "arp.dst.hw_mac", Label: "target's MAC address", Type: TypeMAC, At: 18, Size: 6, RFC: "RFC 826",
			Help: "The hardware address of the station that is meant; in a request it is what is asked for, and zero."},
		&Field{Name: "arp.dst.proto_ipv4", Label: "target's IP address", Type: TypeIPv4, At: 24, Size: 4, RFC: "RFC 826",
			Help: "The IP address of the station that is meant."})
	arpOther = [4]*Field{
		row(ARP, Field{Name: "arp.src.hw", Label: "sender's hardware address", Type: TypeBytes, RFC: "RFC 826", Help: "The sender's hardware address, when the link is not Ethernet."}),
		row(ARP, Field{Name: "arp.src.proto", Label: "sender's network address", Type: TypeBytes, RFC: "RFC 826", Help: "The sender's network address, when it is not IPv4."}),
		row(ARP, Field{Name: "arp.dst.hw", Label: "target's hardware address", Type: TypeBytes, RFC: "RFC 826", Help: "The target's hardware address, when the link is not Ethernet."}),
		row(ARP, Field{Name: "arp.dst.proto", Label: "target's network address", Type: TypeBytes, RFC: "RFC 826", Help: "The target's network address, when it is not IPv4."}),
	}
)

// Hardware types (RFC 826 and the list of IANA), and a protocol's number that
// amateur radio uses.
const (
	hardwareEthernet = 1
	hardwareAX25     = 3
	hardware802      = 6
	hardwareATM      = 19

	arpProtoAX25 = 0xcc
)

var arpAX25 = [2]*Field{
	row(ARP, Field{Name: "arp.src.hw_ax25", Label: "sender's call sign", Type: TypeBytes, RFC: "RFC 826", Help: "The sender's address in amateur radio."}),
	row(ARP, Field{Name: "arp.dst.hw_ax25", Label: "target's call sign", Type: TypeBytes, RFC: "RFC 826", Help: "The target's address in amateur radio."}),
}

var arpOpcodes = map[uint64]string{
	ARPRequest: "request", ARPReply: "reply", 3: "reverse request", 4: "reverse reply", 8: "inverse request", 9: "inverse reply",
}

// arp reads an ARP packet and gives its end.
func (d *dissector) arp(s span) int {
	if s.end-s.pos >= 2 && number(d.data[s.pos:s.pos+2]) == hardwareATM {
		return d.atmARP(s)
	}
	var ok bool
	p := d.part(ARP, s.pos, min(ARPSize, s.end-s.pos))
	if p.Fields, ok = d.fixed(p.Fields, arpStartFields, s.pos, s); !ok {
		d.short(ARP, s)
		return s.wire
	}
	a := ARPPacket(d.data[s.pos:s.end])
	size := 8 + 2*int(a[4]) + 2*int(a[5])
	p.Len = min(size, s.end-s.pos)
	p.Payload = p.Pos + p.Len
	if a.Valid() {
		p.Fields, _ = d.fixed(p.Fields, arpIPv4, s.pos, s)
		p.Summary = a.summary()
		return s.pos + ARPSize
	}
	p.Summary = show(arpStartFields[4], uint64(a.Opcode()), nil)
	if size > s.end-s.pos {
		d.short(ARP, s)
		return s.wire
	}
	hardware, proto := number(a[:2]), number(a[2:4])
	at := s.pos + 8
	for i, n := range []int{int(a[4]), int(a[5]), int(a[4]), int(a[5])} {
		f := arpOther[i]
		mac := (hardware == hardwareEthernet || hardware == hardware802) && n == 6
		ip := (proto == EtherTypeIPv4 || proto == arpProtoAX25) && n == 4
		switch {
		case i%2 == 0 && mac, i%2 == 1 && ip:
			f = arpIPv4[i]
		case i%2 == 0 && hardware == hardwareAX25 && n == 7:
			f = arpAX25[i/2]
		}
		if n > 0 {
			p.Fields = append(p.Fields, d.node(f, at, n))
		}
		at += n
	}
	return at
}

func (p ARPPacket) summary() string {
	sender, target := showIP(p[14:18]), showIP(p[24:28])
	switch {
	case p.SenderIP() == p.TargetIP():
		return sender + " is at " + showMAC(p[8:14]) + ", gratuitous"
	case p.Opcode() == ARPRequest:
		return "who has " + target + "? tell " + sender
	case p.Opcode() == ARPReply:
		return sender + " is at " + showMAC(p[8:14])
	}
	return showEnum(arpOpcodes, uint64(p.Opcode()))
}
