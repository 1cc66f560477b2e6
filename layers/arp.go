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
