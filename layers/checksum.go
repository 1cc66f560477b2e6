package layers

import (
	"encoding/binary"
	"hash/crc32"
	"math/bits"
)

// Sum adds b, as 16-bit words in network order, to the partial sum acc and
// gives the new partial sum; Fold it when all is added. An odd last byte
// counts as the high half of a word (RFC 1071 section 4.1), so of several
// pieces only the last may have an odd length.
func Sum(b []byte, acc uint64) uint64 {
	// The one's complement sum does not depend on byte order (RFC 1071
	// section 2): add machine words as they lie and swap the result.
	var s, c uint64
	for len(b) >= 64 {
		s, c = bits.Add64(s, binary.LittleEndian.Uint64(b), 0)
		s, c = bits.Add64(s, binary.LittleEndian.Uint64(b[8:]), c)
		s, c = bits.Add64(s, binary.LittleEndian.Uint64(b[16:]), c)
		s, c = bits.Add64(s, binary.LittleEndian.Uint64(b[24:]), c)
		s, c = bits.Add64(s, binary.LittleEndian.Uint64(b[32:]), c)
		s, c = bits.Add64(s, binary.LittleEndian.Uint64(b[40:]), c)
		s, c = bits.Add64(s, binary.LittleEndian.Uint64(b[48:]), c)
		s, c = bits.Add64(s, binary.LittleEndian.Uint64(b[56:]), c)
		s += c
		b = b[64:]
	}
	for len(b) >= 8 {
		s, c = bits.Add64(s, binary.LittleEndian.Uint64(b), 0)
		s += c
		b = b[8:]
	}
	if len(b) > 0 {
		var last [8]byte
		copy(last[:], b)
		s, c = bits.Add64(s, binary.LittleEndian.Uint64(last[:]), 0)
		s += c
	}
	return acc + uint64(bits.ReverseBytes16(Fold(s)))
}

// Fold brings a partial sum to 16 bits by end-around carry (RFC 1071).
func Fold(acc uint64) uint16 {
	acc = acc>>32 + acc&0xffffffff
	acc = acc>>16 + acc&0xffff
	acc = acc>>16 + acc&0xffff
	return uint16(acc>>16 + acc&0xffff)
}

// Checksum finishes a partial sum: what belongs in a checksum field. Over a
// good packet, its checksum included, it is 0.
func Checksum(acc uint64) uint16 { return ^Fold(acc) }

// PseudoHeader is the partial sum of the pseudo-header that UDP and TCP put
// before their own over IPv4 (RFC 768, RFC 9293 section 3.1). Length is that
// of the transport header and its payload, in bytes.
func PseudoHeader(src, dst uint32, protocol uint8, length int) uint64 {
	return uint64(src) + uint64(dst) + uint64(protocol) + uint64(length)
}

// PseudoHeader6 is the same over IPv6 (RFC 8200 section 8.1).
func PseudoHeader6(src, dst [16]byte, protocol uint8, length int) uint64 {
	return Sum(src[:], Sum(dst[:], uint64(protocol)+uint64(length)))
}

// UpdateChecksum is the checksum after one 16-bit word under it has changed
// (RFC 1624 section 3, equation 3).
func UpdateChecksum(checksum, was, is uint16) uint16 {
	return Checksum(uint64(^checksum) + uint64(^was) + uint64(is))
}

// FCSSize is the length of the frame check sequence in bytes.
const FCSSize = 4

// FCS continues the frame check sequence fcs (0 at the start) over b: the
// CRC-32 of IEEE 802.3 section 3.2.9. It goes onto the wire least significant
// byte first (PutFCS).
func FCS(fcs uint32, b []byte) uint32 { return crc32.Update(fcs, crc32.IEEETable, b) }

// PutFCS writes a frame check sequence at the start of b.
func PutFCS(b []byte, fcs uint32) { binary.LittleEndian.PutUint32(b, fcs) }

// ChecksumLeft is what an expert says of a checksum in which only the
// pseudo-header is: nothing is wrong with such a packet, for the capture was
// made before the network card put the rest in; over loopback nobody does.
const ChecksumLeft = "The checksum is only begun, over addresses and length: the sending host left the rest to its network card, and the capture saw the packet before that."

// judge verifies a checksum over a whole message, notes a bad one on its node
// n and as an expert entry, and gives the verdict. Acc is the partial sum of
// the pseudo-header.
func (d *dissector) judge(n *Node, s span, acc uint64, severity Severity, bad string) uint64 {
	if d.fragmented || d.quoted || !s.whole() {
		return checksumUnverified
	}
	sum := Sum(d.data[s.pos:s.end], acc)
	if Checksum(sum) == 0 {
		return checksumGood
	}
	good := Checksum(sum + uint64(^uint16(n.Uint)))
	n.Show += ", bad: should be " + showHex(uint64(good), 4)
	text := "The checksum does not fit: bits have changed, or the sending host left it to its network card."
	if uint16(n.Uint) == Fold(acc) && acc != 0 {
		text = ChecksumLeft
	}
	d.expert(severity, bad, text, n.Pos, 2)
	return checksumBad
}
