package layers

import "encoding/binary"

// ICMPv4Size is the size of an ICMP header (RFC 792), in bytes.
const ICMPv4Size = 8

// ICMP types (RFC 792, RFC 1256, RFC 950).
const (
	ICMPEchoReply              = 0
	ICMPDestinationUnreachable = 3
	ICMPSourceQuench           = 4
	ICMPRedirect               = 5
	ICMPEcho                   = 8
	ICMPRouterAdvertisement    = 9
	ICMPRouterSolicitation     = 10
	ICMPTimeExceeded           = 11
	ICMPParameterProblem       = 12
	ICMPTimestamp              = 13
	ICMPTimestampReply         = 14
	ICMPInformationRequest     = 15
	ICMPInformationReply       = 16
	ICMPAddressMaskRequest     = 17
	ICMPAddressMaskReply       = 18
)

// Codes of ICMPDestinationUnreachable (RFC 792, RFC 1812 section 5.2.7.1).
const (
	ICMPNetUnreachable      = 0
	ICMPHostUnreachable     = 1
	ICMPProtocolUnreachable = 2
	ICMPPortUnreachable     = 3
	ICMPFragmentationNeeded = 4
	ICMPSourceRouteFailed   = 5
	ICMPAdminProhibited     = 13
	ICMPTTLExceeded         = 0 // of ICMPTimeExceeded
	ICMPReassemblyExceeded  = 1 // of ICMPTimeExceeded
)

// ICMPv4Header is a view of an ICMP message of at least ICMPv4Size bytes.
type ICMPv4Header []byte

// Type is the message type: ICMPEcho …
func (h ICMPv4Header) Type() uint8 { return h[0] }

// Code refines the type.
func (h ICMPv4Header) Code() uint8 { return h[1] }

// Checksum is that of the whole message.
func (h ICMPv4Header) Checksum() uint16 { return binary.BigEndian.Uint16(h[2:]) }

// Rest is the second word, whose meaning depends on the type.
func (h ICMPv4Header) Rest() uint32 { return binary.BigEndian.Uint32(h[4:]) }

// ID is the identifier; valid for echo, timestamp, information and mask.
func (h ICMPv4Header) ID() uint16 { return binary.BigEndian.Uint16(h[4:]) }

// Seq is the sequence number; valid like ID.
func (h ICMPv4Header) Seq() uint16 { return binary.BigEndian.Uint16(h[6:]) }

// MTU is the next hop's; valid for ICMPFragmentationNeeded (RFC 1191 section 4).
func (h ICMPv4Header) MTU() uint16 { return binary.BigEndian.Uint16(h[6:]) }

// IsError says whether messages of the type report errors, so that no error
// may answer them (RFC 1122 section 3.2.2).
func (h ICMPv4Header) IsError() bool {
	switch h.Type() {
	case ICMPDestinationUnreachable, ICMPSourceQuench, ICMPRedirect, ICMPTimeExceeded, ICMPParameterProblem:
		return true
	}
	return false
}

// Put writes the header; acc is the partial sum of the data after it.
func (h ICMPv4Header) Put(typ, code uint8, rest uint32, acc uint64) {
	binary.BigEndian.PutUint64(h, uint64(typ)<<56|uint64(code)<<48|uint64(rest))
	binary.BigEndian.PutUint16(h[2:], Checksum(Sum(h[:ICMPv4Size], acc)))
}

// ChecksumOK says whether the checksum is right; acc is the partial sum of the
// data after the header.
func (h ICMPv4Header) ChecksumOK(acc uint64) bool {
	return Checksum(Sum(h[:ICMPv4Size], acc)) == 0
}
