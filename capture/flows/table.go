// Package flows numbers and counts conversations: who talks with whom by
// Ethernet, IPv4, IPv6, TCP and UDP. Numbers and counts are Wireshark's.
//
//	frame's headers (walk.Shape) ──Add──> Uses: header, flow, direction
//	                                └──> Flow: frames, bytes, times
package flows

import (
	"encoding/binary"
	"math/rand/v2"

	"strata/capture/analysis"
	"strata/layers"
	"strata/layers/walk"
)

// Flow is one conversation. A is who sent its first frame. Beside the
// conversations that people ask for there are those of ARP and 802.11, and one
// of all frames that tell no address (Data).
type Flow struct {
	A, B         [16]byte // 4 bytes of an IPv4, 6 of an Ethernet address
	PortA, PortB uint16
	Proto        layers.Proto
	Family       walk.Family       // of the addresses
	managed      uint8             // UDP: how far it is SNMP's
	Stream       uint32            // number among those of its protocol
	First        uint32            // its first frame, from 0
	starts       [2]analysis.Start // TCP: of A and of B
	Frames       [2]uint32         // from A to B, and from B to A
	Bytes        [2]uint64         // of these frames on the wire
	Start, End   int64             // nanoseconds since 1970
}

// Use is a header of the frame at hand, and the flow that it belongs to.
type Use struct {
	Header int // index in Shape.Headers
	Flow   uint32
	Back   bool // from the flow's B to its A
	Reused bool // a SYN that opened the flow between ports that had one before
}

// Table holds the flows of a capture. The zero value is ready. It is not safe
// for use by several goroutines at once.
type Table struct {
	chunks  [][]Flow
	n       uint32
	streams [2]uint32 // TCP's and UDP's numbers given
	slots   []uint32  // open addressing: a flow's number, +1
	used    int
	seed    uint64 // of the hash, so that no file can be made to collide
	uses    []Use
	last    [lastProtos]uint32 // the flow of a protocol that was seen last, +1
	recent  [recentFlows]recent
	age     uint32 // how many flows have taken another's place

	held     *Flow // of an IPv6 packet that the frame at hand is a fragment of
	heldBack bool
}

const (
	chunkShift = 10
	lastProtos = 64
)

// Len is how many flows there are.
func (t *Table) Len() int { return int(t.n) }

// At is flow i.
func (t *Table) At(i uint32) *Flow { return &t.chunks[i>>chunkShift][i&(1<<chunkShift-1)] }

// Frame says where and when the headers that are added were seen.
type Frame struct {
	Number uint32 // from 0
	Wire   int    // bytes on the wire
	Time   int64  // nanoseconds since 1970
	Hidden bool   // its conversations get their numbers, but it is not counted
}

// Add enters a frame, and gives the flows of its headers, outermost first. A
// header that an ICMP error quotes belongs to a flow, but is not counted. There
// is always one at least. The result holds until the next call.
func (t *Table) Add(s *walk.Shape, data []byte, f Frame) []Use {
	t.uses, t.held = t.uses[:0], nil
	r, key := t.plain(s, data)
	if r != nil && t.recall(r, &key, s, data, &f) {
		return t.uses
	}
	t.enter(s, data, &f, 0)
	if r != nil {
		t.note(r, &key)
	}
	if len(t.uses) == 0 {
		t.use(0, layers.Data, walk.NoAddress, nil, nil, 0, 0).count(false, &f)
	}
	return t.uses
}

// AddWhole enters what an IP packet carries that the frame at hand, the last
// one added, completed. Its own header, the first of s, was counted with its
// fragments if it is IPv4's; IPv6 counts with the last one, as Wireshark has it.
func (t *Table) AddWhole(s *walk.Shape, packet []byte, f Frame) []Use {
	if t.held != nil {
		t.held.count(t.heldBack, &f)
	}
	t.enter(s, packet, &f, 1)
	return t.uses
}

func (t *Table) enter(s *walk.Shape, data []byte, at *Frame, from int) {
	t.uses, t.held = t.uses[:0], nil
	var src, dst []byte // of the packet around
	for i := range s.Headers[:s.All] {
		h := &s.Headers[i]
		if i < from {
			src, dst = s.Ends(data, i)
			continue
		}
		var f *Flow
		switch b := data[h.At:]; h.Proto {
		case layers.Ethernet:
			f = t.use(i, h.Proto, walk.MACAddress, b[6:12], b[0:6], 0, 0)
		case layers.IPv4:
			src, dst = s.Ends(data, i)
			f = t.use(i, h.Proto, walk.IPv4Address, src, dst, 0, 0)
		case layers.IPv6:
			src, dst = s.Ends(data, i)
			f = t.use(i, h.Proto, walk.IPv6Address, b[8:24], b[24:40], 0, 0)
			if (s.Fragment || s.Broken || s.Kind == kindMobility) && i == s.Packet() {
				t.hold(f, s)
				continue
			}
		case layers.TCP, layers.UDP:
			if src == nil || h.Proto == layers.UDP && !saysLength(b, len(src)) {
				continue
			}
			f = t.transport(s, data, src, dst, i)
			if h.Proto == layers.TCP && !layers.TCPHeader(data[h.At:h.End]).Valid() {
				continue // Wireshark numbers it, but does not count it
			}
		case layers.ARP:
			f = t.use(i, h.Proto, walk.IPv4Address, b[14:18], b[24:28], 0, 0)
		case layers.WLAN:
			f = t.use(i, h.Proto, walk.MACAddress, s.Src.Addr[:6], s.Dst.Addr[:6], 0, 0)
		default:
			continue
		}
		if i < s.N { // what an error quotes was sent before
			f.count(t.uses[len(t.uses)-1].Back, at)
		}
	}
}

// kindMobility is IPv6's header for mobile hosts (RFC 6275 sec. 6.1).
const kindMobility = 135

// hold puts off counting an IPv6 packet until its fragments are together.
// Wireshark counts one only when it has got through its headers; that for
// mobile hosts is among those where it stops.
func (t *Table) hold(f *Flow, s *walk.Shape) {
	if s.Fragment {
		t.held, t.heldBack = f, t.uses[len(t.uses)-1].Back
	}
}

// transport enters header i of a packet.
func (t *Table) transport(s *walk.Shape, data, src, dst []byte, i int) *Flow {
	h := &s.Headers[i]
	header := data[h.At:h.End]
	sp, dp := binary.BigEndian.Uint16(header), binary.BigEndian.Uint16(header[2:])
	family := walk.IPv4Address
	if len(src) > 4 {
		family = walk.IPv6Address
	}
	f := t.use(i, h.Proto, family, src, dst, sp, dp)
	switch {
	case h.Proto == layers.TCP:
		tcp := layers.TCPHeader(header)
		return t.begin(f, tcp, i < s.N && !s.Cut && h.WireEnd-h.At >= tcp.HeaderLen())
	case sp == portSNMP, dp == portSNMP, sp == portSNMPTrap, dp == portSNMPTrap:
		return t.manage(f, header, h.WireEnd-h.At)
	}
	return f
}

// saysLength says whether a datagram has a length that can be: zero is one in
// IPv6 (RFC 2675 sec. 4), whose addresses are longer.
func saysLength(h layers.UDPHeader, address int) bool {
	return h.Length() >= layers.UDPSize || h.Length() == 0 && address > 4
}

// begin notes where each side's sequence numbers begin. A SYN that begins
// elsewhere opens another connection between the same ports. Measured says
// whether it is known how long the segment is.
func (t *Table) begin(f *Flow, h layers.TCPHeader, measured bool) *Flow {
	use := &t.uses[len(t.uses)-1]
	seq, flags := h.Seq(), uint16(h.Flags())
	side := side(use.Back)
	if f.starts[side].Reuses(flags, seq) {
		f, side, use.Reused = t.again(f), 0, true
	}
	analysis.Begin(&f.starts[side], &f.starts[1-side], flags, seq, h.Ack(), measured)
	return f
}

// again opens another flow between the ends of the one that was used last.
func (t *Table) again(f *Flow) *Flow {
	use, k := &t.uses[len(t.uses)-1], *f
	if use.Back {
		k.A, k.B, k.PortA, k.PortB = f.B, f.A, f.PortB, f.PortA
	}
	slot := t.slot(&k)
	use.Flow, f = t.open(&k)
	use.Back = false
	t.slots[slot] = use.Flow + 1
	t.last[k.Proto%lastProtos] = use.Flow + 1
	t.age++
	return f
}

func side(back bool) int {
	if back {
		return 1
	}
	return 0
}

// count adds a frame to the flow.
func (f *Flow) count(back bool, at *Frame) {
	if at.Hidden {
		return
	}
	if f.Frames[0]|f.Frames[1] == 0 {
		f.First, f.Start, f.End = at.Number, at.Time, at.Time
	}
	i := side(back)
	f.Frames[i]++
	f.Bytes[i] += uint64(at.Wire)
	f.Start, f.End = min(f.Start, at.Time), max(f.End, at.Time)
}

// use finds the flow of a header, or opens one, and appends to uses. What it
// makes is made in its place: frames are too many to hand structs about.
func (t *Table) use(header int, proto layers.Proto, family walk.Family, src, dst []byte, sp, dp uint16) *Flow {
	t.uses = append(t.uses, Use{})
	u := &t.uses[len(t.uses)-1]
	u.Header = header
	if l := t.last[proto%lastProtos]; l != 0 {
		f := t.At(l - 1)
		if f.Proto == proto && f.Family == family {
			u.Flow = l - 1
			if f.is(src, dst, sp, dp) {
				return f
			}
			if f.is(dst, src, dp, sp) {
				u.Back = true
				return f
			}
		}
	}
	var k Flow
	k.Proto, k.Family, k.PortA, k.PortB = proto, family, sp, dp
	copy(k.A[:], src)
	copy(k.B[:], dst)
	slot := t.slot(&k)
	number := t.slots[slot]
	var f *Flow
	if number == 0 {
		number, f = t.open(&k)
		number++
		t.slots[slot] = number
		t.grow()
	} else {
		f = t.At(number - 1)
		u.Back = f.A != k.A || f.PortA != sp
	}
	t.last[proto%lastProtos] = number
	u.Flow = number - 1
	return f
}

// is says whether the flow goes from src to dst.
func (f *Flow) is(src, dst []byte, sp, dp uint16) bool {
	return f.PortA == sp && f.PortB == dp && equal(&f.A, src) && equal(&f.B, dst)
}

// equal compares an address, by its size.
func equal(a *[16]byte, b []byte) bool {
	switch len(b) {
	case 4:
		return [4]byte(a[:]) == [4]byte(b)
	case 6:
		return [6]byte(a[:]) == [6]byte(b)
	}
	return string(a[:len(b)]) == string(b)
}

// open gives a flow its number.
func (t *Table) open(k *Flow) (uint32, *Flow) {
	if t.n&(1<<chunkShift-1) == 0 {
		t.chunks = append(t.chunks, make([]Flow, 1<<chunkShift))
	}
	i := t.n
	t.n++
	f := t.At(i)
	*f = Flow{A: k.A, B: k.B, PortA: k.PortA, PortB: k.PortB, Proto: k.Proto, Family: k.Family}
	switch k.Proto {
	case layers.TCP:
		f.Stream = t.streams[0]
		t.streams[0]++
	case layers.UDP:
		f.Stream = t.streams[1]
		t.streams[1]++
	}
	return i, f
}

// slot is where the flow of a key stands in the table, or where it is to be
// put.
func (t *Table) slot(k *Flow) uint32 {
	if t.slots == nil {
		t.slots, t.seed = make([]uint32, 1<<12), rand.Uint64()
	}
	mask := uint32(len(t.slots) - 1)
	for i := k.hash(t.seed) & mask; ; i = (i + 1) & mask {
		n := t.slots[i]
		if n == 0 || k.same(t.At(n-1)) {
			return i
		}
	}
}

// same says whether a flow is between the same ends, in either direction.
func (k *Flow) same(f *Flow) bool {
	if k.Proto != f.Proto || k.Family != f.Family {
		return false
	}
	return k.A == f.A && k.B == f.B && k.PortA == f.PortA && k.PortB == f.PortB ||
		k.A == f.B && k.B == f.A && k.PortA == f.PortB && k.PortB == f.PortA
}

// hash is the same in both directions.
func (k *Flow) hash(seed uint64) uint32 {
	h := end(&k.A, k.PortA, seed) + end(&k.B, k.PortB, seed)
	h = (h ^ uint64(k.Proto)) * 0x9e3779b97f4a7c15
	return uint32(h >> 32)
}

func end(addr *[16]byte, port uint16, seed uint64) uint64 {
	a, b := binary.LittleEndian.Uint64(addr[:]), binary.LittleEndian.Uint64(addr[8:])
	h := (a ^ uint64(port)<<47 ^ seed) * 0xff51afd7ed558ccd
	h ^= h >> 29
	h = (h ^ b) * 0xc4ceb9fe1a85ec53
	return h ^ h>>32
}

// grow keeps the table at most half full.
func (t *Table) grow() {
	t.used++
	if t.used*2 <= len(t.slots) {
		return
	}
	old := t.slots
	t.slots = make([]uint32, 2*len(old))
	for _, n := range old {
		if n != 0 {
			t.slots[t.slot(t.At(n-1))] = n
		}
	}
}

// Ends are the addresses and ports of A and B.
func (f *Flow) Ends() (a, b walk.Endpoint) {
	return walk.Endpoint{Addr: f.A, Family: f.Family, Port: f.PortA}, walk.Endpoint{Addr: f.B, Family: f.Family, Port: f.PortB}
}
