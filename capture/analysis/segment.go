package analysis

import (
	"encoding/binary"

	"strata/layers"
)

// Segment is what matters of a TCP segment.
type Segment struct {
	Frame    uint32 // from 1
	Time     int64  // ns
	Seq, Ack uint32
	Len      uint32 // bytes of payload on the wire
	Window   uint16 // not scaled
	Flags    uint16 // the 12 bits

	Back   bool // it goes from the connection's second side to its first
	Reused bool // it begins a connection between ports that had one: Start.Reuses said so

	NoLength  bool // Len is not known: a fragment, or quoted by an ICMP error
	Bogus     bool // the header length is below 20 bytes
	Broken    bool // the header's options cannot be read to their end
	EmptySACK bool // it has a SACK option without a whole block

	options options // what its options say
	early   options // what those before the first empty SACK say
}

// options are what matters of a header's options.
type options struct {
	sacked    uint32 // bytes that the first three blocks of SACK cover
	multipath uint16 // what multipath options are about
	shift     int8   // window scale, 0 to 14; -1: none
	accECN    bool   // there is one of accurate ECN
	fastOpen  bool   // there is a cookie of TCP Fast Open
}

// The flags that matter.
const (
	flagFIN = 0x001
	flagSYN = 0x002
	flagRST = 0x004
	flagPSH = 0x008
	flagACK = 0x010
	flagECE = 0x040
	flagCWR = 0x080
	flagAE  = 0x100

	flagsMask = 0xfff
)

// Read fills in a segment from its bytes, as far as they were captured; size
// is how many there were on the wire, header included, after the lengths of
// the IP header around it. It leaves Frame, Time, Back, Reused and, when it is
// set, NoLength. It reports false when too little of the header is there to
// belong to a stream.
func (s *Segment) Read(data []byte, size int) bool {
	data = data[:min(len(data), max(size, 0))]
	if len(data) < layers.TCPLeast {
		return false
	}
	s.Seq, s.Ack = binary.BigEndian.Uint32(data[4:]), binary.BigEndian.Uint32(data[8:])
	s.Flags = binary.BigEndian.Uint16(data[12:]) & flagsMask
	s.Window = binary.BigEndian.Uint16(data[14:])
	s.options, s.EmptySACK = options{shift: -1}, false
	header := int(data[12]>>4) * 4
	s.Bogus = header < layers.TCPMinSize
	s.NoLength = s.NoLength || size < header
	s.Len = 0
	if !s.NoLength {
		s.Len = uint32(size - header)
	}
	s.Broken = len(data) < layers.TCPMinSize || !s.Bogus && !s.readOptions(data[layers.TCPMinSize:min(len(data), header)], header-layers.TCPMinSize)
	return true
}

func (s *Segment) has(flags uint16) bool  { return s.Flags&flags == flags }
func (s *Segment) none(flags uint16) bool { return s.Flags&flags == 0 }

// opens says whether it is a SYN, and accepts whether it answers one.
func (s *Segment) opens() bool   { return s.Flags&(flagSYN|flagACK) == flagSYN }
func (s *Segment) accepts() bool { return s.Flags&(flagSYN|flagACK) == flagSYN|flagACK }

// acks says whether it has an acknowledgment and no SYN.
func (s *Segment) acks() bool { return s.Flags&(flagSYN|flagACK) == flagACK }

// room is how many sequence numbers its SYN or FIN takes: one, even for both,
// as Wireshark counts.
func (s *Segment) room() uint32 {
	if s.none(flagSYN | flagFIN) {
		return 0
	}
	return 1
}
