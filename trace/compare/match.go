package compare

import (
	"cmp"
	"hash/maphash"
	"slices"
)

// match finds the partner of each sight, and puts all of them in rows.
func (c *Comparison) match() {
	a, b := c.sides[A], c.sides[B]
	joinTalks(a.talks.all, b.talks.all)
	known := c.commonPlaces()
	var keys [2][]uint64
	for i, s := range c.sides {
		s.partner = alone(len(s.sights))
		keys[i] = make([]uint64, len(s.sights))
	}
	for pass := range passes {
		for i, s := range c.sides {
			for j := range s.sights {
				keys[i][j] = 0
				if s.partner[j] < 0 {
					keys[i][j] = c.key(s, &s.sights[j], known[i], pass)
				}
			}
		}
		pair(keys[A], keys[B], a.partner, b.partner)
	}
	c.align()
}

// alone are n partners, all of them none.
func alone(n int) []int32 {
	p := make([]int32, n)
	for i := range p {
		p[i] = -1
	}
	return p
}

// commonPlaces numbers alike, by side and its own number, the places that both
// sides name; 0 are all others, which may be the same under another name.
func (c *Comparison) commonPlaces() (known [2][]uint16) {
	a, b := c.sides[A], c.sides[B]
	known[A] = make([]uint16, len(a.places))
	known[B] = make([]uint16, len(b.places))
	for i, name := range a.places {
		if j, ok := b.number[name]; ok {
			known[A][i], known[B][j] = uint16(i), uint16(i)
		}
	}
	return known
}

// known is what a sight is recognised by.
type known struct {
	talk, seq, ack, size uint32
	what                 uint64
	place                uint16
	class, flags, back   uint8
}

// passes are how often one looks for partners, each time more loosely.
const passes = 3

// key is what equal sights of the two sides have in common in a pass; 0: the
// sight is not looked for in this pass.
func (c *Comparison) key(s *side, x *sight, places []uint16, pass int) uint64 {
	t := &s.talks.all[x.conversation()]
	if t.pair == 0 {
		return 0
	}
	back := t.way(x.back())
	k := known{talk: t.pair, place: places[x.place], class: uint8(x.class), back: uint8(back)}
	var ok bool
	if x.class == tcp {
		ok = k.segment(x, t, back, pass)
	} else {
		ok = k.message(x, pass)
	}
	if !ok {
		return 0
	}
	return maphash.Comparable(c.seed, k) | 1
}

// segment recognises a TCP segment by what it has in the stream, or else by what it
// acknowledges.
func (k *known) segment(x *sight, t *talk, back, pass int) bool {
	seq, acked := x.seq-t.base[back], x.ack-t.base[1-back]
	switch {
	case pass == 0 && (x.size > 0 || x.flags&opens != 0):
		k.seq, k.size, k.flags = seq, x.size, x.flags&opens
	case pass == 0:
		k.seq, k.ack = seq, acked
	case pass == 1 && x.size > 0: // cut in another way, or with a FIN
		k.seq, k.size = seq, 1
	case pass == 1 && x.flags&opens != 0:
		k.flags = x.flags & opens
	case pass == 1:
		k.ack = acked
	default:
		return false
	}
	return true
}

// message recognises what has no numbers of its own by what is in it, or by
// its kind and length, or by its kind alone.
func (k *known) message(x *sight, pass int) bool {
	k.seq, k.ack = x.seq, x.ack
	switch pass {
	case 0:
		k.what, k.size = x.what, x.size
		return x.what != 0
	case 1:
		k.size = x.size
	default:
		k.seq = 0
		return x.class == udp || x.class == icmp
	}
	return true
}

// keyed is a key and whose it is.
type keyed struct {
	key uint64
	i   int32
}

// pair makes partners of those that have none yet and have the same key, not
// 0: the first of A with the first of B, and so on.
func pair(a, b []uint64, ofA, ofB []int32) {
	n := 0 // as long as they go in step, nobody needs to be looked for
	for n < len(a) && n < len(b) && a[n] == b[n] {
		if a[n] != 0 {
			ofA[n], ofB[n] = int32(n), int32(n)
		}
		n++
	}
	left, right := sorted(a, n), sorted(b, n)
	for len(left) > 0 && len(right) > 0 {
		switch x, y := left[0], right[0]; {
		case x.key < y.key:
			left = left[1:]
		case x.key > y.key:
			right = right[1:]
		default:
			ofA[x.i], ofB[y.i] = y.i, x.i
			left, right = left[1:], right[1:]
		}
	}
}

// sorted are the keys from n on that are not 0, in order.
func sorted(keys []uint64, n int) []keyed {
	var out []keyed
	for i := n; i < len(keys); i++ {
		if keys[i] != 0 {
			out = append(out, keyed{keys[i], int32(i)})
		}
	}
	slices.SortFunc(out, func(x, y keyed) int { return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.i, y.i)) })
	return out
}
