package tcp

import (
	"encoding/binary"
	"net/netip"

	"strata/trace"
)

// ISN is the initial sequence number of a connection (RFC 6528): a clock that
// ticks every 4 µs, plus a keyed hash of the two addresses and ports, so that
// the numbers of one connection tell nothing about those of another.
func ISN(now trace.Time, local, remote netip.AddrPort, key [16]byte) Seq {
	h := hash{binary.LittleEndian.Uint64(key[:8]), binary.LittleEndian.Uint64(key[8:])}
	h.addr(local)
	h.addr(remote)
	return Seq(uint32(now/(4*trace.Microsecond)) + uint32(mix(h.a^h.b)))
}

// hash absorbs 64-bit words into a state that begins as the key.
type hash struct{ a, b uint64 }

func (h *hash) addr(p netip.AddrPort) {
	b := p.Addr().As16()
	h.word(binary.BigEndian.Uint64(b[:8]))
	h.word(binary.BigEndian.Uint64(b[8:]))
	h.word(uint64(p.Port()))
}

func (h *hash) word(w uint64) {
	h.a = mix(h.a ^ w)
	h.b = mix(h.b + h.a)
}

// mix spreads every bit of a word over all of them (the finaliser of
// SplitMix64). It is a permutation, not a cipher: good enough where the
// attackers are simulated, too.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
