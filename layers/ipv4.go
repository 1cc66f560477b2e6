package layers

import "encoding/binary"

// Sizes of IPv4 headers (RFC 791 section 3.1), in bytes.
const (
	IPv4MinSize = 20
	IPv4MaxSize = 60
)

// Protocol numbers (IANA) in the protocol field of IPv4, next header of IPv6.
const (
	ProtocolICMP = 1
	ProtocolTCP  = 6
	ProtocolUDP  = 17
)

// IPv4Header is a view of an IPv4 header. Valid must hold before its accessors
// are used; with at least IPv4MinSize bytes none of them fails.
type IPv4Header []byte

// Valid says whether b begins with a whole IPv4 header, and its total length
// holds at least that header and is there. It does not look at the checksum.
func (h IPv4Header) Valid() bool {
	return len(h) >= IPv4MinSize && h.Version() == 4 && h.HeaderLen() >= IPv4MinSize &&
		h.TotalLen() >= h.HeaderLen() && h.TotalLen() <= len(h)
}

// Version is 4.
func (h IPv4Header) Version() int { return int(h[0] >> 4) }

// HeaderLen is the header's length in bytes, options included.
func (h IPv4Header) HeaderLen() int { return int(h[0]&15) * 4 }

// TOS is the former type of service: DSCP (6 bits) and ECN (2 bits).
func (h IPv4Header) TOS() uint8 { return h[1] }

// TotalLen is the length of header and payload in bytes.
func (h IPv4Header) TotalLen() int { return int(binary.BigEndian.Uint16(h[2:])) }

// ID is the identification, the same in all fragments of a packet.
func (h IPv4Header) ID() uint16 { return binary.BigEndian.Uint16(h[4:]) }

// DF forbids to fragment the packet.
func (h IPv4Header) DF() bool { return h[6]&0x40 != 0 }

// MF says that more fragments follow.
func (h IPv4Header) MF() bool { return h[6]&0x20 != 0 }

// FragmentOffset is where the payload lies in the whole one, in bytes.
func (h IPv4Header) FragmentOffset() int { return int(binary.BigEndian.Uint16(h[6:])&0x1fff) * 8 }

// Fragmented says whether this is a fragment, not a whole packet.
func (h IPv4Header) Fragmented() bool { return binary.BigEndian.Uint16(h[6:])&0x3fff != 0 }

// TTL is how many more routers the packet may pass.
func (h IPv4Header) TTL() uint8 { return h[8] }

// Protocol says what the payload is: ProtocolTCP …
func (h IPv4Header) Protocol() uint8 { return h[9] }

// Checksum is the header checksum.
func (h IPv4Header) Checksum() uint16 { return binary.BigEndian.Uint16(h[10:]) }

// Src is the source address.
func (h IPv4Header) Src() uint32 { return binary.BigEndian.Uint32(h[12:]) }

// Dst is the destination address.
func (h IPv4Header) Dst() uint32 { return binary.BigEndian.Uint32(h[16:]) }

// Options are the bytes after the fixed header.
func (h IPv4Header) Options() []byte { return h[IPv4MinSize:h.HeaderLen()] }

// Payload is what the packet carries, without padding that followed it.
func (h IPv4Header) Payload() []byte { return h[h.HeaderLen():h.TotalLen()] }

// ChecksumOK says whether the header checksum is right.
func (h IPv4Header) ChecksumOK() bool { return Checksum(Sum(h[:h.HeaderLen()], 0)) == 0 }

// SetChecksum computes the header checksum anew.
func (h IPv4Header) SetChecksum() {
	h[10], h[11] = 0, 0
	binary.BigEndian.PutUint16(h[10:], Checksum(Sum(h[:h.HeaderLen()], 0)))
}

// DecrementTTL takes one from the TTL, which must not be 0, and updates the
// checksum as a router does (RFC 1624).
func (h IPv4Header) DecrementTTL() {
	was := binary.BigEndian.Uint16(h[8:])
	h[8]--
	binary.BigEndian.PutUint16(h[10:], UpdateChecksum(h.Checksum(), was, was-0x100))
}

// IPv4Fields are the values of a header to write.
type IPv4Fields struct {
	HeaderLen      int // bytes; 0: IPv4MinSize
	TOS            uint8
	TotalLen       int // bytes, header included
	ID             uint16
	DF, MF         bool
	FragmentOffset int // bytes, a multiple of 8
	TTL, Protocol  uint8
	Src, Dst       uint32
}

// Put writes the header with its checksum. Options, when HeaderLen leaves
// room for them, must be in their place already.
func (h IPv4Header) Put(f *IPv4Fields) {
	_ = h[19]
	size := f.HeaderLen
	if size == 0 {
		size = IPv4MinSize
	}
	h[0] = 4<<4 | byte(size/4)
	h[1] = f.TOS
	binary.BigEndian.PutUint16(h[2:], uint16(f.TotalLen))
	binary.BigEndian.PutUint16(h[4:], f.ID)
	frag := uint16(f.FragmentOffset / 8)
	if f.DF {
		frag |= 0x4000
	}
	if f.MF {
		frag |= 0x2000
	}
	binary.BigEndian.PutUint16(h[6:], frag)
	h[8] = f.TTL
	h[9] = f.Protocol
	binary.BigEndian.PutUint32(h[12:], f.Src)
	binary.BigEndian.PutUint32(h[16:], f.Dst)
	h.SetChecksum()
}
