package layers

import "encoding/binary"

// Sizes of TCP headers (RFC 9293 section 3.1), in bytes.
const (
	TCPMinSize = 20
	TCPMaxSize = 60
)

// TCPHeader is a view of a TCP header of at least TCPMinSize bytes.
type TCPHeader []byte

// Valid says whether b begins with a whole TCP header, options included.
func (h TCPHeader) Valid() bool {
	return len(h) >= TCPMinSize && h.HeaderLen() >= TCPMinSize && h.HeaderLen() <= len(h)
}

// SrcPort is the sender's port.
func (h TCPHeader) SrcPort() uint16 { return binary.BigEndian.Uint16(h[0:]) }

// DstPort is the receiver's port.
func (h TCPHeader) DstPort() uint16 { return binary.BigEndian.Uint16(h[2:]) }

// Seq is the sequence number of the first byte, or of SYN.
func (h TCPHeader) Seq() uint32 { return binary.BigEndian.Uint32(h[4:]) }

// Ack is the next sequence number expected from the other side; valid iff
// the ACK flag is set.
func (h TCPHeader) Ack() uint32 { return binary.BigEndian.Uint32(h[8:]) }

// HeaderLen is the data offset in bytes: the header with its options.
func (h TCPHeader) HeaderLen() int { return int(h[12]>>4) * 4 }

// Flags are the control bits CWR, ECE, URG, ACK, PSH, RST, SYN, FIN, from the
// most significant.
func (h TCPHeader) Flags() uint8 { return h[13] }

// Window is the receive window, not scaled.
func (h TCPHeader) Window() uint16 { return binary.BigEndian.Uint16(h[14:]) }

// Checksum is the checksum.
func (h TCPHeader) Checksum() uint16 { return binary.BigEndian.Uint16(h[16:]) }

// Urgent is the urgent pointer; valid iff the URG flag is set.
func (h TCPHeader) Urgent() uint16 { return binary.BigEndian.Uint16(h[18:]) }

// Options are the bytes after the fixed header; Valid must hold.
func (h TCPHeader) Options() []byte { return h[TCPMinSize:h.HeaderLen()] }

// TCPFields are the values of a header to write.
type TCPFields struct {
	SrcPort, DstPort uint16
	Seq, Ack         uint32
	HeaderLen        int // bytes, options included, a multiple of 4
	Flags            uint8
	Window, Urgent   uint16
}

// Put writes the fixed header with checksum 0; options go after it.
func (h TCPHeader) Put(f *TCPFields) {
	_ = h[19]
	binary.BigEndian.PutUint16(h[0:], f.SrcPort)
	binary.BigEndian.PutUint16(h[2:], f.DstPort)
	binary.BigEndian.PutUint32(h[4:], f.Seq)
	binary.BigEndian.PutUint32(h[8:], f.Ack)
	h[12] = byte(f.HeaderLen/4) << 4
	h[13] = f.Flags
	binary.BigEndian.PutUint16(h[14:], f.Window)
	h[16], h[17] = 0, 0
	binary.BigEndian.PutUint16(h[18:], f.Urgent)
}

// SetChecksum finishes and writes the checksum; acc is the partial sum of
// pseudo-header and payload, without this header and its options.
func (h TCPHeader) SetChecksum(acc uint64) {
	h[16], h[17] = 0, 0
	binary.BigEndian.PutUint16(h[16:], Checksum(Sum(h[:h.HeaderLen()], acc)))
}

// ChecksumOK says whether the checksum is right; acc is the partial sum of
// pseudo-header and payload, without this header and its options.
func (h TCPHeader) ChecksumOK(acc uint64) bool {
	return Checksum(Sum(h[:h.HeaderLen()], acc)) == 0
}
