package compare

import (
	"strata/layers/walk"
)

// talks are the conversations of a side, in order of appearance.
type talks struct {
	all    []talk
	number map[talkKey]uint32 // of the latest between these ends
}

// talk is what two ends say to each other. A connection whose ports are used
// again is another one.
type talk struct {
	talkKey
	high   bool // the client is the higher end
	turned bool // who is the client was mistaken when its frames were seen
	begun  [2]start
	base   [2]uint32 // where the numbers of client and server begin: that of the SYN, or of what would be it
	top    [2]uint32 // the first number that was not seen yet
	counts [2]bool   // top says something
	pair   uint32    // the same conversation has the same number here on both sides; 0: none
}

type talkKey struct {
	low, high walk.Endpoint
	kind      uint8
}

// start says how well the beginning of a direction's numbers is known.
type start uint8

const (
	unseen start = iota
	joined       // by the first number that was seen
	opened       // by a SYN
)

// maxTalks is how many conversations are told apart; all others count as one.
const maxTalks = 1 << 20

// of gives a frame's conversation and direction.
func (t *talks) of(h *walk.Shape, x *sight) uint32 {
	key := talkKey{h.Src, h.Dst, h.Kind}
	high := walk.After(&h.Src, &h.Dst)
	if high {
		key.low, key.high = h.Dst, h.Src
	}
	isTCP := x.class == tcp
	n, ok := t.number[key]
	if ok && isTCP && x.flags&(syn|ack) == syn {
		dir := t.all[n].direction(high)
		ok = t.all[n].begun[dir] == unseen || t.all[n].begun[dir] == opened && t.all[n].base[dir] == x.seq
	}
	if !ok {
		n = uint32(len(t.all))
		if n >= maxTalks { // one for all the rest
			key, isTCP = talkKey{}, false
			if n > maxTalks {
				return maxTalks << 1
			}
		}
		t.number[key] = n
		// Who sends a SYN's answer, or is spoken to first, is the server.
		answers := isTCP && x.flags&(syn|ack) == syn|ack
		t.all = append(t.all, talk{talkKey: key, high: high != answers})
	}
	dir := t.all[n].direction(high)
	if isTCP {
		t.all[n].count(dir, x)
	}
	return n<<1 | uint32(dir)
}

// direction is 0 from the client, 1 from the server.
func (t *talk) direction(high bool) int {
	if high == t.high {
		return 0
	}
	return 1
}

// way is the direction of a sight that was taken for back.
func (t *talk) way(back int) int {
	if t.turned {
		return 1 - back
	}
	return back
}

// count notes where a direction's numbers begin.
func (t *talk) count(dir int, x *sight) {
	switch {
	case x.flags&syn != 0 && t.begun[dir] != opened:
		t.begun[dir], t.base[dir] = opened, x.seq
	case t.begun[dir] == unseen && x.flags&rst == 0:
		// A RST's number may be anything.
		t.begun[dir], t.base[dir] = joined, x.seq-1
	}
	if x.flags&ack != 0 && t.begun[1-dir] == unseen {
		t.base[1-dir] = x.ack - 1 // until the other side speaks
	}
}

// ends are the client and the server.
func (t *talk) ends() (client, server walk.Endpoint) {
	if t.high {
		return t.talkKey.high, t.low
	}
	return t.low, t.talkKey.high
}

// near is how far apart two captures of one connection may begin, bytes.
const near = 1 << 24

// join makes two conversations of the two sides the same one.
func join(a, b *talk, number uint32) {
	a.pair, b.pair = number, number
	if a.talkKey != b.talkKey {
		return
	}
	if a.high != b.high { // one of them did not see who began
		b.high = a.high
		b.base[0], b.base[1] = b.base[1], b.base[0]
		b.begun[0], b.begun[1] = b.begun[1], b.begun[0]
		b.turned = !b.turned
	}
	// Where one did not see it begin, and the numbers are close, they are the
	// same connection's, and not another one's whose numbers begin elsewhere.
	for dir := range 2 {
		if d := int32(a.base[dir] - b.base[dir]); d > near || d < -near {
			return
		}
	}
	for dir := range 2 {
		if a.begun[dir] != opened || b.begun[dir] != opened {
			b.base[dir] = a.base[dir]
		}
	}
}

// joinTalks finds which conversation of A is which of B: the one with the same
// ends; else the next between the same hosts and port of a server; else the next to
// this port; else the next of the kind.
func joinTalks(a, b []talk) {
	var pairs uint32
	for level := range 4 {
		waiting := map[talkKey][]uint32{}
		for i := range b {
			if b[i].pair == 0 {
				k := b[i].nameAt(level)
				waiting[k] = append(waiting[k], uint32(i))
			}
		}
		for i := range a {
			if a[i].pair != 0 {
				continue
			}
			k := a[i].nameAt(level)
			if w := waiting[k]; len(w) > 0 {
				pairs++
				join(&a[i], &b[w[0]], pairs)
				waiting[k] = w[1:]
			}
		}
	}
}

// nameAt is what a conversation is called, ever more loosely.
func (t *talk) nameAt(level int) talkKey {
	client, server := t.ends()
	switch level {
	case 0:
		return t.talkKey
	case 1:
		client.Port = 0
		return talkKey{client, server, t.kind}
	case 2:
		return talkKey{high: walk.Endpoint{Port: server.Port}, kind: t.kind}
	}
	return talkKey{kind: t.kind}
}
