package seek

import "math/bits"

// set is a set of small numbers, a bit each.
type set []uint64

func (s set) has(i int) bool { return i/64 < len(s) && s[i/64]>>(i%64)&1 != 0 }

func (s *set) add(i int) {
	for len(*s) <= i/64 {
		*s = append(*s, 0)
	}
	(*s)[i/64] |= 1 << (i % 64)
}

func (s set) drop(i int) {
	if i/64 < len(s) {
		s[i/64] &^= 1 << (i % 64)
	}
}

func (s set) count() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// next is the first member from one number to another, both included, in a
// direction; -1: there is none.
func (s set) next(from, to, by int) int {
	for i := from; (to-i)*by >= 0; {
		switch w := s.word(i); {
		case by > 0 && w>>(i%64) == 0:
			i = (i/64 + 1) * 64
		case by < 0 && w<<(63-i%64) == 0:
			i = i/64*64 - 1
		case w>>(i%64)&1 != 0:
			return i
		default:
			i += by
		}
	}
	return -1
}

func (s set) word(i int) uint64 {
	if i/64 < len(s) {
		return s[i/64]
	}
	return 0
}
