package engine

import (
	"hash/fnv"
	"math/rand/v2"
)

// Draws are one owner's random numbers for one purpose. Each is a hash of
// (seed, owner, purpose, ordinal), never taken from a shared stream: adding a
// fault or a node changes nobody else's draws.
type Draws struct {
	key     uint64
	ordinal uint64
}

// NewDraws names the draws of an owner for a purpose.
func NewDraws(seed uint64, owner, purpose string) Draws {
	h := fnv.New64a()
	h.Write([]byte(owner))
	h.Write([]byte{0})
	h.Write([]byte(purpose))
	return Draws{key: mix(seed ^ mix(h.Sum64()))}
}

// Uint64 is the next number.
func (d *Draws) Uint64() uint64 {
	d.ordinal++
	return mix(d.key + d.ordinal*0x9e3779b97f4a7c15)
}

// Float is the next number in [0, 1).
func (d *Draws) Float() float64 { return float64(d.Uint64()>>11) / (1 << 53) }

// Rand is a random source for a program.
func (d *Draws) Rand() *rand.Rand { return rand.New(rand.NewPCG(d.Uint64(), d.Uint64())) }

// mix is the finaliser of SplitMix64 (Steele, Lea and Flood, 2014): every
// input bit changes every output bit with a probability near one half.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
