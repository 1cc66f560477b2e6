package layers

import "encoding/binary"

// Sizes of Ethernet frames (IEEE 802.3 section 3.2), in bytes.
const (
	EthernetSize       = 14 // destination, source, type
	EthernetMinPayload = 46 // shorter ones are padded
	EthernetMinFrame   = 60 // header and payload, without the FCS
	EthernetOverhead   = 20 // preamble (7), start delimiter (1), gap between frames (12): time on the wire, no bytes
)

// EtherTypes (IEEE 802 numbers). Values below EtherTypeMin are lengths.
const (
	EtherTypeMin  = 0x0600
	EtherTypeIPv4 = 0x0800
	EtherTypeARP  = 0x0806
	EtherTypeVLAN = 0x8100
	EtherTypeIPv6 = 0x86dd
)

// Broadcast is the address of every station.
var Broadcast = [6]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// EthernetHeader is a view of at least EthernetSize bytes.
type EthernetHeader []byte

// Dst is the destination address.
func (h EthernetHeader) Dst() [6]byte { return [6]byte(h[0:6]) }

// Src is the source address.
func (h EthernetHeader) Src() [6]byte { return [6]byte(h[6:12]) }

// Type is the EtherType, or the payload's length when below EtherTypeMin.
func (h EthernetHeader) Type() uint16 { return binary.BigEndian.Uint16(h[12:]) }

// Put writes the whole header.
func (h EthernetHeader) Put(dst, src [6]byte, etherType uint16) {
	_ = h[13]
	copy(h[0:6], dst[:])
	copy(h[6:12], src[:])
	binary.BigEndian.PutUint16(h[12:], etherType)
}
