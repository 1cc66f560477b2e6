package capture

import (
	"sort"

	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
)

// entry is what the index holds of a frame: 24 bytes.
type entry struct {
	place  uint64 // offset in the file << 24 | steps << 16 | making steps << 8 | flags
	time   int64  // nanoseconds since 1970
	capLen uint32
	flow   uint32 // of a fragment: its assembly
}

// Flags of an entry; the lowest three bits are the number of headers.
const (
	headersMask  = 7
	flagBack     = 1 << 3 // from the flow's b to its a
	flagResent   = 1 << 4
	flagFragment = 1 << 5
	flagWhole    = 1 << 6 // fills a gap of a stream, or completes a packet
	flagText     = 1 << 7 // a datagram's payload is text
)

func (e *entry) at() int64    { return int64(e.place >> 24) }
func (e *entry) steps() int   { return int(e.place >> 16 & 0xff) }
func (e *entry) making() int  { return int(e.place >> 8 & 0xff) }
func (e *entry) headers() int { return int(e.place & headersMask) }

func (e *entry) is(flag uint64) bool { return e.place&flag != 0 }

// maxOffset bounds the size of a file: offsets have 40 bits.
const maxOffset = 1 << 40

// index is all that is known of a file's frames without looking at them.
type index struct {
	chunks [][]entry // so that growth copies nothing
	n      int       // frames
	totals []uint32  // steps before every 64th frame
	events uint32

	flows []flow
	keys  map[flowKey]uint32
	conns []conn
	asms  []*assembly

	packets packetTable
	info    trace.Info
	nodes   map[walk.Endpoint]trace.NodeID
	links   map[[2]trace.NodeID]uint16

	frame uint32                    // the one at hand
	body  []byte                    // what it brings to its assembly; nil: none is at hand
	piece func(frame uint32) []byte // what an earlier frame brings
}

const (
	chunkShift  = 12
	totalsShift = 6
	// maxEvents leaves PDU numbers above for the assemblies.
	maxEvents = 1<<32 - 1<<28
)

func newIndex(name string) index {
	x := index{
		keys:  map[flowKey]uint32{},
		nodes: map[walk.Endpoint]trace.NodeID{},
		links: map[[2]trace.NodeID]uint16{},
		info:  trace.Info{Name: name, Captured: true},
	}
	x.packets.init()
	x.info.Nodes = append(x.info.Nodes, trace.Node{Name: "capture", Kind: "observer"})
	return x
}

// observer is the node that stands for the point of observation.
const observer trace.NodeID = 0

// add enters a frame.
func (x *index) add(rec *record, data []byte) error {
	if x.events > maxEvents || rec.at >= maxOffset || len(x.asms) >= 1<<26 {
		return faultf(rec.at, "the file is too large: Strata can number no more events")
	}
	var s walk.Shape
	walk.Walk(&s, data, int(rec.wireLen), rec.iface.link, rec.iface.fcsLen)
	x.frame = uint32(x.n)
	fl, back := x.flowOf(&s, data)
	e := entry{time: rec.time, capLen: rec.capLen, flow: fl, place: uint64(rec.at)<<24 | uint64(s.N)}
	if back {
		e.place |= flagBack
	}
	from, to, _ := s.Inner().Body()
	x.body = data[from:to]
	var n tally
	switch in := s.Inner(); {
	case s.Fragment:
		n = x.addFragment(&s, &e, data)
	case in.Proto == layers.TCP:
		n = x.addSegment(&s, &e, data)
	case in.Proto == layers.UDP:
		if isText(x.body) && s.Src.Port != portDNS && s.Dst.Port != portDNS {
			e.place |= flagText
		}
	}
	making, taking := n.steps(&s, &e)
	e.place |= uint64(making+1+taking)<<16 | uint64(making)<<8
	if x.frame&(1<<totalsShift-1) == 0 {
		x.totals = append(x.totals, x.events)
	}
	x.events += uint32(e.steps())
	if x.n&(1<<chunkShift-1) == 0 {
		x.chunks = append(x.chunks, make([]entry, 0, 1<<chunkShift))
	}
	last := &x.chunks[len(x.chunks)-1]
	*last = append(*last, e)
	x.n++
	x.body = nil
	return nil
}

// entry is frame n's.
func (x *index) entry(n int) *entry { return &x.chunks[n>>chunkShift][n&(1<<chunkShift-1)] }

// tally counts what a frame begins and completes in its assembly.
type tally struct {
	started, startedText int
	ended, endedText     int
}

// steps counts the steps before and after Transmit; view.build makes them.
func (n *tally) steps(s *walk.Shape, e *entry) (making, taking int) {
	if s.Inner().Proto == layers.Data {
		return 0, 1
	}
	making = s.N + 2*n.started + n.startedText
	taking = 1 + s.N + 2*n.ended + n.endedText
	switch {
	case s.Fragment:
		if s.FragOff == 0 {
			making++
		}
		if e.is(flagWhole) {
			taking += 2
		}
	case s.Inner().Proto == layers.UDP:
		making, taking = making+2, taking+2
		if e.is(flagText) {
			making, taking = making+1, taking+1
		}
	case e.is(flagWhole):
		taking++
	}
	return making, taking
}

// before is how many steps all frames before frame f have.
func (x *index) before(f int) uint32 {
	block := f >> totalsShift
	sum := x.totals[block]
	for i := block << totalsShift; i < f; i++ {
		sum += uint32(x.entry(i).steps())
	}
	return sum
}

// frameOf is the frame that event n belongs to, and how many steps go before
// that frame.
func (x *index) frameOf(n uint32) (f int, before uint32) {
	block := sort.Search(len(x.totals), func(i int) bool { return x.totals[i] >= n }) - 1
	f, before = block<<totalsShift, x.totals[block]
	for {
		steps := uint32(x.entry(f).steps())
		if n <= before+steps {
			return f, before
		}
		before += steps
		f++
	}
}

// flowAt is the flow of a frame.
func (x *index) flowAt(e *entry) *flow {
	if e.is(flagFragment) {
		return &x.flows[x.asms[e.flow].flow]
	}
	return &x.flows[e.flow]
}

// assemblyAt is the assembly that a frame's bytes belong to; nil: none.
func (x *index) assemblyAt(e *entry) (a *assembly, number uint32) {
	if e.is(flagFragment) {
		return x.asms[e.flow], e.flow
	}
	f := &x.flows[e.flow]
	if f.conn == 0 {
		return nil, 0
	}
	side := x.conns[f.conn-1].sides[sideOf(e)]
	if side.asm == 0 {
		return nil, 0
	}
	return x.asms[side.asm-1], side.asm - 1
}

func sideOf(e *entry) int {
	if e.is(flagBack) {
		return 1
	}
	return 0
}

// readPiece appends n bytes from offset at of what a piece's frame brings.
func (x *index) readPiece(dst []byte, p piece, at, n int64) []byte {
	b := x.body
	if b == nil || p.frame != x.frame {
		b = x.piece(p.frame)
	}
	if at >= int64(len(b)) {
		return append(dst, make([]byte, n)...)
	}
	b = b[at:min(int64(len(b)), at+n)]
	dst = append(dst, b...)
	return append(dst, make([]byte, n-int64(len(b)))...)
}
