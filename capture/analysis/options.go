package analysis

import (
	"encoding/binary"

	"strata/layers"
)

// aligned are the options that most segments have: two no-operations and a
// timestamp.
const aligned = 0x0101080a

// readOptions reads a header's options: b of size bytes. It reports false
// where Wireshark's reading ends by an exception: the capture, or an option,
// ends too early. An option of impossible length only ends the list.
func (s *Segment) readOptions(b []byte, size int) bool {
	if size == 12 && len(b) == 12 && binary.BigEndian.Uint32(b) == aligned {
		return true
	}
	var blocks edges
	at, ended := 0, false
	for at < size {
		if at >= len(b) {
			return false
		}
		kind := b[at]
		if ended && kind != layers.TCPOptionEnd {
			return len(b) >= size // it marks the padding
		}
		if kind == layers.TCPOptionEnd || kind == layers.TCPOptionNop {
			ended = ended || kind == layers.TCPOptionEnd
			at++
			continue
		}
		if at+1 == size {
			return true
		}
		if at+1 >= len(b) {
			return false
		}
		n := int(b[at+1])
		if n < 2 || n > size-at {
			return n < 2 || len(b) >= size-2 // it marks what is there
		}
		o := b[at:min(len(b), at+n)]
		s.option(kind, o, n)
		if layers.TCPOptionReads(kind, o, n) > len(o) || kind == layers.TCPOptionSACK && !s.sack(&blocks, o, n) {
			return false
		}
		at += n
	}
	return true
}

// option takes in one option of n bytes, of which o were captured.
func (s *Segment) option(kind uint8, o []byte, n int) {
	p := &s.options
	switch kind {
	case layers.TCPOptionWindowScale:
		if n == 3 && len(o) == n {
			p.shift = int8(min(o[2], 14)) // RFC 7323 sec. 2.3
		}
	case layers.TCPOptionSACK: // Wireshark keeps three blocks
		p.sacked = 0
		for i := 0; i < 3 && 10+8*i <= len(o); i++ {
			p.sacked += binary.BigEndian.Uint32(o[6+8*i:]) - binary.BigEndian.Uint32(o[2+8*i:])
		}
	case layers.TCPOptionFastOpen:
		p.fastOpen = p.fastOpen || n > 2
	case 172, 174: // RFC 9768 sec. 3.2.3
		p.accECN = p.accECN || n == 2 || n == 5 || n == 8 || n == 11
	case 253, 254:
		p.experiment(o, n)
	case layers.TCPOptionMPTCP:
		p.paths(o, n)
	}
}

// edges are the first two blocks of all SACK options of a header.
type edges struct {
	left, right [2]uint32
	n           int
}

// sack looks for blocks that tell of a duplicate (RFC 2883 section 4). It
// reports false when Wireshark does so in an option that has no whole block.
func (s *Segment) sack(e *edges, o []byte, n int) bool {
	for at := 2; at+8 <= len(o) && e.n < 2; at += 8 {
		e.left[e.n], e.right[e.n] = binary.BigEndian.Uint32(o[at:]), binary.BigEndian.Uint32(o[at+4:])
		e.n++
	}
	switch {
	case n >= 10:
	case e.n > 0: // those of an earlier option count
		inside := e.n > 1 && below(e.left[1], e.right[0]) && int32(e.right[1]-e.right[0]) >= 0
		return int32(e.right[0]-s.Ack) > 0 && !inside
	case !s.EmptySACK:
		s.EmptySACK, s.early = true, s.options
	}
	return true
}

// experiment reads an option of RFC 6994: some became options of their own.
func (p *options) experiment(o []byte, n int) {
	if len(o) < 4 {
		return
	}
	switch binary.BigEndian.Uint16(o[2:]) {
	case 0xacc0, 0xacc1:
		p.accECN = p.accECN || n == 4 || n == 7 || n == 10 || n == 13
	case 0xf989: // RFC 7413 appendix A
		p.fastOpen = p.fastOpen || n > 4
	}
}

// The bits of options.multipath; the lowest eight are one per subtype.
const (
	multipathAny   = 1 << 8 // it has such an option
	multipathKnown = 1 << 9 // that is enough to know the connection for one of several paths
)

// paths notes what a multipath option is about (RFC 8684 section 8).
func (p *options) paths(o []byte, n int) {
	if len(o) < 3 {
		return
	}
	p.multipath |= multipathAny
	subtype := o[2] >> 4
	if subtype < 8 {
		p.multipath |= 1 << subtype
	}
	if subtype > 0 || n == 12 || n == 20 || n == 22 || n == 24 {
		p.multipath |= multipathKnown
	}
}
