// Package flows numbers and counts conversations: who talks with whom by
// Ethernet, IPv4, IPv6, TCP and UDP. Numbers and counts are Wireshark's.
//
//	frame's headers (walk.Shape) ──Add──> Uses: header, flow, direction
//	                                └──> Flow: frames, bytes, times
package flows

import (
	"encoding/binary"
	"math/rand/v2"

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
	Family       walk.Family // of the addresses
	begun        uint8       // TCP: bit 0: base[0] is known; bit 1: base[1] is
	Stream       uint32      // number among those of its protocol
	First        uint32      // its first frame, from 0
	base         [2]uint32   // TCP: the sequence number that each side began with
	Frames       [2]uint32   // from A to B, and from B to A
	Bytes        [2]uint64   // of these frames on the wire
	Start, End   int64       // nanoseconds since 1970
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
	t.enter(s, data, f, 0)
	if len(t.uses) == 0 {
		t.uses = append(t.uses, t.use(layers.Data, walk.NoAddress, nil, nil, 0, 0))
		t.count(&t.uses[0], f)
	}
	return t.uses
}

// AddWhole enters what an IP packet carries that the frame at hand completed:
// the packet's own header, the first of s, was counted with its fragments.
func (t *Table) AddWhole(s *walk.Shape, packet []byte, f Frame) []Use {
	t.enter(s, packet, f, 1)
	return t.uses
}

func (t *Table) enter(s *walk.Shape, data []byte, f Frame, from int) {
	t.uses = t.uses[:0]
	ip := -1 // the IP header around
	for i := range s.Headers[:s.All] {
		h := &s.Headers[i]
		if i < from {
			ip = i
			continue
		}
		var use Use
		switch b := data[h.At:]; h.Proto {
		case layers.Ethernet:
			use = t.use(h.Proto, walk.MACAddress, b[6:12], b[0:6], 0, 0)
		case layers.IPv4:
			ip = i
			use = t.use(h.Proto, walk.IPv4Address, b[12:16], b[16:20], 0, 0)
		case layers.IPv6:
			ip = i
			use = t.use(h.Proto, walk.IPv6Address, b[8:24], b[24:40], 0, 0)
		case layers.TCP, layers.UDP:
			if ip < 0 {
				continue
			}
			use = t.transport(s, data, ip, h)
		case layers.ARP:
			use = t.use(h.Proto, walk.IPv4Address, b[14:18], b[24:28], 0, 0)
		case layers.WLAN:
			use = t.use(h.Proto, walk.MACAddress, s.Src.Addr[:6], s.Dst.Addr[:6], 0, 0)
		default:
			continue
		}
		use.Header = i
		if i < s.N { // what an error quotes was sent before
			t.count(&use, f)
		}
		t.uses = append(t.uses, use)
	}
}

func (t *Table) transport(s *walk.Shape, data []byte, ip int, h *walk.Header) Use {
	return t.ports(s, data, ip, h.Proto, data[h.At:h.End])
}

func (t *Table) ports(s *walk.Shape, data []byte, ip int, proto layers.Proto, header []byte) Use {
	sp, dp := binary.BigEndian.Uint16(header), binary.BigEndian.Uint16(header[2:])
	b := data[s.Headers[ip].At:]
	var use Use
	if s.Headers[ip].Proto == layers.IPv4 {
		use = t.use(proto, walk.IPv4Address, b[12:16], b[16:20], sp, dp)
	} else {
		use = t.use(proto, walk.IPv6Address, b[8:24], b[24:40], sp, dp)
	}
	if proto == layers.TCP && len(header) >= 14 {
		t.begin(&use, header, sp, dp)
	}
	return use
}

// TCP's flags, RFC 9293 sec. 3.1.
const (
	flagSYN = 2
	flagACK = 16
)

// begin notes where each side's sequence numbers begin. A SYN without ACK that
// begins elsewhere opens another connection between the same ports.
func (t *Table) begin(use *Use, header []byte, sp, dp uint16) {
	f := t.At(use.Flow)
	seq, flags := binary.BigEndian.Uint32(header[4:]), header[13]
	side := side(use.Back)
	if flags&(flagSYN|flagACK) == flagSYN && f.begun>>side&1 != 0 && f.base[side] != seq {
		again := *f
		if use.Back {
			again.A, again.B, again.PortA, again.PortB = f.B, f.A, f.PortB, f.PortA
		}
		slot := t.slot(&again)
		use.Flow = t.open(&again)
		use.Back, use.Reused = false, true
		t.slots[slot] = use.Flow + 1
		t.last[layers.TCP%lastProtos] = use.Flow + 1
		f, side = t.At(use.Flow), 0
	}
	if f.begun>>side&1 == 0 {
		f.begun |= 1 << side
		f.base[side] = seq
		if flags&flagSYN == 0 {
			f.base[side]-- // as if its SYN had been there
		}
	}
}

func side(back bool) int {
	if back {
		return 1
	}
	return 0
}

// count adds the frame to a flow.
func (t *Table) count(use *Use, f Frame) {
	if f.Hidden {
		return
	}
	fl := t.At(use.Flow)
	if fl.Frames == [2]uint32{} {
		fl.First, fl.Start, fl.End = f.Number, f.Time, f.Time
	}
	i := side(use.Back)
	fl.Frames[i]++
	fl.Bytes[i] += uint64(f.Wire)
	fl.Start, fl.End = min(fl.Start, f.Time), max(fl.End, f.Time)
}

// use finds the flow of a header, or opens one.
func (t *Table) use(proto layers.Proto, family walk.Family, src, dst []byte, sp, dp uint16) Use {
	if l := t.last[proto%lastProtos]; l != 0 {
		f := t.At(l - 1)
		if f.Proto == proto && f.Family == family {
			if f.is(src, dst, sp, dp) {
				return Use{Flow: l - 1}
			}
			if f.is(dst, src, dp, sp) {
				return Use{Flow: l - 1, Back: true}
			}
		}
	}
	var k Flow
	k.Proto, k.Family, k.PortA, k.PortB = proto, family, sp, dp
	copy(k.A[:], src)
	copy(k.B[:], dst)
	slot := t.slot(&k)
	number := t.slots[slot]
	back := false
	if number == 0 {
		number = t.open(&k) + 1
		t.slots[slot] = number
		t.grow()
	} else {
		f := t.At(number - 1)
		back = f.A != k.A || f.PortA != sp
	}
	t.last[proto%lastProtos] = number
	return Use{Flow: number - 1, Back: back}
}

// is says whether the flow goes from src to dst.
func (f *Flow) is(src, dst []byte, sp, dp uint16) bool {
	return f.PortA == sp && f.PortB == dp && string(f.A[:len(src)]) == string(src) && string(f.B[:len(dst)]) == string(dst)
}

// open gives a flow its number.
func (t *Table) open(k *Flow) uint32 {
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
	return i
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
