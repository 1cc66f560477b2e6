package source

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// order is a byte order. It is no binary.ByteOrder since calls through an
// interface would take half of the time that a record takes.
type order bool

const (
	little order = false
	big    order = true
)

func (o order) u16(b []byte) uint16 {
	v := binary.LittleEndian.Uint16(b)
	if o == big {
		v = bits.ReverseBytes16(v)
	}
	return v
}

func (o order) u32(b []byte) uint32 {
	v := binary.LittleEndian.Uint32(b)
	if o == big {
		v = bits.ReverseBytes32(v)
	}
	return v
}

func (o order) u64(b []byte) uint64 {
	v := binary.LittleEndian.Uint64(b)
	if o == big {
		v = bits.ReverseBytes64(v)
	}
	return v
}

// clock converts an interface's timestamps: ticks · mul / div, or for powers
// of two ticks · 1e9 >> shift, then offset seconds more.
type clock struct {
	mul, div uint64
	shift    int // 0: not a power of two
	offset   int64
}

// newClock reads pcapng's if_tsresol: the seven lower bits are the negative
// power of ten or, when the upper bit is set, of two (draft-ietf-opsawg-pcapng
// sec. 4.2).
func newClock(resol byte, offset int64) clock {
	c := clock{mul: 1, div: 1, offset: offset}
	n := int(resol & 0x7f)
	switch {
	case resol&0x80 != 0 && n == 0:
		c.mul = 1e9
	case resol&0x80 != 0:
		c.shift = n
	case n <= 9:
		c.mul = pow10(9 - n)
	case n <= 9+19:
		c.div = pow10(n - 9)
	default:
		c.mul = 0 // finer than 64 bits of it could tell
	}
	return c
}

func pow10(n int) uint64 {
	v := uint64(1)
	for range n {
		v *= 10
	}
	return v
}

// nanos is a timestamp in nanoseconds since 1970. What an int64 cannot hold
// becomes its largest value.
func (c *clock) nanos(ticks uint64) int64 {
	var ns uint64
	if c.shift > 0 {
		hi, lo := bits.Mul64(ticks, 1e9)
		switch {
		case c.shift >= 64:
			ns = hi >> (c.shift - 64)
		case hi>>c.shift != 0:
			return math.MaxInt64
		default:
			ns = hi<<(64-c.shift) | lo>>c.shift
		}
	} else {
		hi, lo := bits.Mul64(ticks, c.mul)
		if hi != 0 {
			return math.MaxInt64
		}
		if ns = lo; c.div != 1 {
			ns /= c.div
		}
	}
	if ns > math.MaxInt64 {
		return math.MaxInt64
	}
	if c.offset == 0 {
		return int64(ns)
	}
	return plusSeconds(int64(ns), c.offset)
}

// plusSeconds adds, ns being at least 0, and stays within what an int64 holds.
func plusSeconds(ns, seconds int64) int64 {
	const second, most = int64(1e9), math.MaxInt64 / int64(1e9)
	add := max(-most, min(most, seconds)) * second
	if add > 0 && ns > math.MaxInt64-add {
		return math.MaxInt64
	}
	return ns + add
}
