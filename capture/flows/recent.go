package flows

import (
	"encoding/binary"

	"strata/layers"
	"strata/layers/walk"
)

// Most frames are a TCP segment in IPv4 in Ethernet, of one of few connections.
// Where the three flows of such a frame stand is remembered under what tells
// them apart, so that they need not be looked for one by one.

// recent are the flows of frames with the same addresses and ports.
type recent struct {
	key  [3]uint64
	age  uint32 // Table.age when it was noted, +1: since then no flow has taken another's place
	uses [3]Use
}

// recentFlows is how many are remembered; they fit into a core's cache.
const recentFlows = 1 << 8

// plain says whether a frame is of the kind that is remembered, and where the
// memory of it is or would be.
func (t *Table) plain(s *walk.Shape, data []byte) (r *recent, key [3]uint64) {
	h := &s.Headers
	if s.N != 3 || s.All != 3 || h[0].Proto != layers.Ethernet || h[1].Proto != layers.IPv4 || h[2].Proto != layers.TCP ||
		h[1].Size != layers.IPv4MinSize || s.Cut || !layers.TCPHeader(data[h[2].At:h[2].End]).Valid() {
		return nil, key
	}
	macs, addresses, ports := data[h[0].At:], data[h[1].At+12:], data[h[2].At:]
	key = [3]uint64{
		binary.LittleEndian.Uint64(macs),
		uint64(binary.LittleEndian.Uint32(macs[8:])) | uint64(binary.LittleEndian.Uint32(ports))<<32,
		binary.LittleEndian.Uint64(addresses),
	}
	i := (key[1] ^ key[2]*0x9e3779b97f4a7c15) * 0xff51afd7ed558ccd >> 56
	return &t.recent[i], key
}

// recall enters a frame whose flows are remembered; false: they are not.
func (t *Table) recall(r *recent, key *[3]uint64, s *walk.Shape, data []byte, at *Frame) bool {
	if r.age != t.age+1 || r.key != *key {
		return false
	}
	t.uses = append(t.uses, r.uses[:]...)
	h := &s.Headers[2]
	tcp := layers.TCPHeader(data[h.At:h.End])
	t.At(r.uses[0].Flow).count(r.uses[0].Back, at)
	t.At(r.uses[1].Flow).count(r.uses[1].Back, at)
	f := t.begin(t.At(r.uses[2].Flow), tcp, h.WireEnd-h.At >= tcp.HeaderLen())
	f.count(t.uses[2].Back, at)
	return true
}

// note remembers the flows of the frame that was just entered.
func (t *Table) note(r *recent, key *[3]uint64) {
	if len(t.uses) == len(r.uses) && !t.uses[2].Reused {
		r.key, r.age, r.uses = *key, t.age+1, [3]Use(t.uses)
	}
}
