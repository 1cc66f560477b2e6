package tcp

import (
	"encoding/binary"
	"fmt"
)

// Option kinds (RFC 9293 section 3.2, RFC 7323, RFC 2018).
const (
	kindEnd           = 0
	kindNop           = 1
	kindMSS           = 2
	kindWindowScale   = 3
	kindSACKPermitted = 4
	kindSACK          = 5
	kindTimestamps    = 8
)

// timestampsLen is what timestamps take of each segment: 10 bytes, and 2 that
// align them (RFC 7323 appendix A).
const timestampsLen = 12

// ParseOptions reads the option bytes of a header (RFC 9293 section 3.1). An
// unknown option is skipped, and so is a known one with a wrong length. An
// option that does not fit gives an error, beside the options before it.
func ParseOptions(b []byte) (Options, error) {
	var o Options
	for i := 0; i < len(b); {
		switch b[i] {
		case kindEnd:
			return o, nil
		case kindNop:
			i++
			continue
		}
		if i+1 >= len(b) {
			return o, fmt.Errorf("tcp: option %d at byte %d: no length", b[i], i)
		}
		n := int(b[i+1])
		if n < 2 || i+n > len(b) {
			return o, fmt.Errorf("tcp: option %d at byte %d: length %d does not fit", b[i], i, n)
		}
		o.parse(b[i], b[i+2:i+n])
		i += n
	}
	return o, nil
}

func (o *Options) parse(kind byte, b []byte) {
	switch {
	case kind == kindMSS && len(b) == 2:
		o.MSS = binary.BigEndian.Uint16(b)
	case kind == kindWindowScale && len(b) == 1:
		o.WindowScale, o.HasWindowScale = b[0], true
	case kind == kindSACKPermitted && len(b) == 0:
		o.SACKPermitted = true
	case kind == kindTimestamps && len(b) == 8:
		o.HasTimestamps = true
		o.TSVal = binary.BigEndian.Uint32(b)
		o.TSEcr = binary.BigEndian.Uint32(b[4:])
	case kind == kindSACK && len(b)%8 == 0 && len(b) <= 8*len(o.SACK):
		o.SACK = [4][2]Seq{}
		o.SACKs = len(b) / 8
		for i := range o.SACKs {
			o.SACK[i][0] = Seq(binary.BigEndian.Uint32(b[8*i:]))
			o.SACK[i][1] = Seq(binary.BigEndian.Uint32(b[8*i+4:]))
		}
	}
}

// PutOptions writes options to the start of dst, which has room for 40 bytes,
// and says how many it wrote: a multiple of 4. NOPs come first, so that an
// option's numbers are aligned as in RFC 7323 appendix A. At most three SACK
// blocks fit beside timestamps; the rest are left out.
func PutOptions(dst []byte, o Options) int {
	n := 0
	if o.MSS != 0 {
		dst[0], dst[1] = kindMSS, 4
		binary.BigEndian.PutUint16(dst[2:], o.MSS)
		n = 4
	}
	if o.HasWindowScale {
		n += copy(dst[n:], []byte{kindNop, kindWindowScale, 3, o.WindowScale})
	}
	if o.SACKPermitted {
		n += copy(dst[n:], []byte{kindNop, kindNop, kindSACKPermitted, 2})
	}
	if o.HasTimestamps {
		copy(dst[n:], []byte{kindNop, kindNop, kindTimestamps, 10})
		binary.BigEndian.PutUint32(dst[n+4:], o.TSVal)
		binary.BigEndian.PutUint32(dst[n+8:], o.TSEcr)
		n += timestampsLen
	}
	if blocks := min(o.SACKs, (40-n-4)/8); blocks > 0 {
		copy(dst[n:], []byte{kindNop, kindNop, kindSACK, byte(2 + 8*blocks)})
		n += 4
		for _, b := range o.SACK[:blocks] {
			binary.BigEndian.PutUint32(dst[n:], uint32(b[0]))
			binary.BigEndian.PutUint32(dst[n+4:], uint32(b[1]))
			n += 8
		}
	}
	return n
}

// Size is how many bytes PutOptions writes.
func (o *Options) Size() int {
	if *o == (Options{}) {
		return 0
	}
	var b [40]byte
	return PutOptions(b[:], *o)
}
