package layers

import "encoding/binary"

// UDPSize is the size of a UDP header (RFC 768), in bytes.
const UDPSize = 8

// UDPHeader is a view of at least UDPSize bytes.
type UDPHeader []byte

// SrcPort is the sender's port.
func (h UDPHeader) SrcPort() uint16 { return binary.BigEndian.Uint16(h[0:]) }

// DstPort is the receiver's port.
func (h UDPHeader) DstPort() uint16 { return binary.BigEndian.Uint16(h[2:]) }

// Length is that of header and payload, in bytes.
func (h UDPHeader) Length() int { return int(binary.BigEndian.Uint16(h[4:])) }

// Checksum is the checksum; 0: none was computed.
func (h UDPHeader) Checksum() uint16 { return binary.BigEndian.Uint16(h[6:]) }

// Put writes the header with checksum 0: none. Length is that of header and
// payload, in bytes.
func (h UDPHeader) Put(srcPort, dstPort uint16, length int) {
	binary.BigEndian.PutUint64(h, uint64(srcPort)<<48|uint64(dstPort)<<32|uint64(uint16(length))<<16)
}

// SetChecksum finishes and writes the checksum; acc is the partial sum of
// pseudo-header and payload, without this header.
func (h UDPHeader) SetChecksum(acc uint64) {
	h[6], h[7] = 0, 0
	c := Checksum(Sum(h[:UDPSize], acc))
	if c == 0 {
		c = 0xffff // RFC 768: zero means that there is no checksum
	}
	binary.BigEndian.PutUint16(h[6:], c)
}

// ChecksumOK says whether the checksum is right or absent; acc is the partial
// sum of pseudo-header and payload, without this header.
func (h UDPHeader) ChecksumOK(acc uint64) bool {
	return h.Checksum() == 0 || Checksum(Sum(h[:UDPSize], acc)) == 0
}
