package capture

import (
	"fmt"
	"sort"
	"strata/capture/analysis"

	"strata/capture/flows"
	"strata/capture/pages"
	"strata/capture/source"
	"strata/layers"
	"strata/layers/tlskeys"
	"strata/layers/walk"
	"strata/trace"
)

// entry is what the index holds of a frame: 48 bytes.
type entry struct {
	place  uint64 // offset in the file << 8 | flags
	time   int64  // nanoseconds since 1970
	capLen uint32
	wire   uint32 // length on the wire
	flow   uint32 // innermost; of a fragment: its assembly
	notes  uint32 // number of its first note, +1; 0: it has none
	noted  uint16 // how many notes it has
	iface  uint16
	head   uint16 // bytes from the record's beginning to the frame's
	making uint16 // steps before it is seen
	steps  uint16
}

// Flags of an entry; the lowest four bits are the number of headers.
const (
	headersMask  = 15
	flagBack     = 1 << 4 // from the flow's B to its A
	flagResent   = 1 << 5 // brings what an earlier frame brought
	flagFragment = 1 << 6
	flagWhole    = 1 << 7 // fills a gap of a stream, or completes a packet
)

func (e *entry) at() int64    { return int64(e.place >> 8) }
func (e *entry) headers() int { return int(e.place & headersMask) }

func (e *entry) is(flag uint64) bool { return e.place&flag != 0 }

// index is all that is known of a file's frames without looking at them. What
// was entered of a frame does not change.
type index struct {
	entries pages.List[entry]
	n       int      // frames
	totals  []uint32 // steps before every 64th frame
	events  uint32

	table    flows.Table
	ways     slab[way] // by flow
	conns    shelf[conn, ended]
	asms     shelf[assembly, resting]
	lists    lists
	depths   map[uint32]*depth // by assembly
	opened   pages.Bytes       // what their openings hold
	secrets  *tlskeys.Log      // nil: there are none
	notes    pages.List[note]
	pool     analysis.Pool
	sessions pages.List[layers.TLSSession]
	quics    pages.List[layers.QUICConnection]
	quicked  uint32 // how many QUIC connections have begun

	packets packetTable
	ifaces  []*source.Interface // by number, as far as frames name them
	info    trace.Info
	nodes   map[walk.Endpoint]trace.NodeID
	links   map[[2]trace.NodeID]uint16
	told    *trace.Info // what was given out of info

	taker taker                     // of the connection at hand
	frame uint32                    // the one at hand
	body  []byte                    // what it brings to its assembly; nil: none is at hand
	piece func(frame uint32) []byte // what an earlier frame brings
}

const (
	totalsShift = 6
	// maxEvents leaves PDU numbers above for the assemblies.
	maxEvents = 1<<32 - 1<<28
)

func newIndex(name string) index {
	x := index{
		nodes:  map[walk.Endpoint]trace.NodeID{},
		links:  map[[2]trace.NodeID]uint16{},
		depths: map[uint32]*depth{},
		info:   trace.Info{Name: name, Captured: true},
	}
	x.packets.init()
	x.info.Nodes = append(x.info.Nodes, trace.Node{Name: "capture", Kind: "observer"})
	return x
}

func (x *index) release() {
	x.entries.Close()
	x.notes.Close()
	x.sessions.Close()
	x.quics.Close()
	x.lists.pieces.Close()
	x.lists.messages.Close()
	x.lists.openings.Close()
	x.opened.Close()
	x.conns.away.Close()
	x.asms.away.Close()
}

// observer is the node that stands for the point of observation.
const observer trace.NodeID = 0

// add enters a frame, whose shape was walked.
func (x *index) add(rec *source.Record, s *walk.Shape) error {
	if x.events > maxEvents || x.asms.n() >= 1<<26 {
		return fmt.Errorf("the file is too large: after packet %d Strata can number no more events", x.n)
	}
	x.frame = uint32(x.n)
	data := rec.Data
	e := entry{
		time: rec.Time, capLen: uint32(len(data)), wire: rec.WireLen, place: uint64(rec.At)<<8 | uint64(s.N),
		iface: uint16(rec.Iface.ID), head: rec.Head,
	}
	for len(x.ifaces) <= rec.Iface.ID {
		x.ifaces = append(x.ifaces, rec.Iface)
	}
	if x.ifaces[rec.Iface.ID] != rec.Iface { // readers hold the slice
		x.ifaces[rec.Iface.ID] = rec.Iface
	}
	uses := x.table.Add(s, data, flows.Frame{Number: x.frame, Wire: int(rec.WireLen), Time: rec.Time})
	x.follow(uses, s, data, &e)
	from, to, wire := s.Inner().Body()
	x.body = data[from:to]
	var n tally
	switch in := s.Inner(); {
	case s.Fragment:
		n = x.addFragment(s, &e, data)
	case in.Proto == layers.TCP && !s.Cut:
		n = x.addSegment(data[in.At:in.End], wire, handle{x.frame, uint8(in.Size)}, &e)
	case in.Proto == layers.UDP:
		n.datagram = true
		n.text = isText(x.body) && s.Src.Port != portDNS && s.Dst.Port != portDNS
	}
	making, taking := n.steps(s, &e)
	e.making, e.steps = uint16(making), uint16(making+1+taking)
	if x.frame&(1<<totalsShift-1) == 0 {
		x.totals = append(x.totals, x.events)
	}
	x.events += uint32(e.steps)
	x.entries.Append(e)
	x.n++
	x.body = nil
	return nil
}

// entry is frame n's.
func (x *index) entry(n int) entry { return x.entries.At(n) }

// tally counts what a frame begins and completes in its assembly.
type tally struct {
	making, taking int  // steps above the socket
	datagram, text bool // a whole datagram; its payload is text
}

// steps counts the steps before and after Transmit; view.build makes them.
func (n *tally) steps(s *walk.Shape, e *entry) (making, taking int) {
	if s.Inner().Proto == layers.Data {
		return 0, 1
	}
	making, taking = s.N+n.making, 1+s.N+n.taking
	switch {
	case s.Fragment:
		if s.FragOff == 0 {
			making++
		}
		if e.is(flagWhole) {
			taking += 2
		}
	case n.datagram:
		making, taking = making+2, taking+2
		if n.text {
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
		e := x.entry(i)
		sum += uint32(e.steps)
	}
	return sum
}

// frameOf is the frame that event n belongs to, and how many steps go before
// that frame.
func (x *index) frameOf(n uint32) (f int, before uint32) {
	block := sort.Search(len(x.totals), func(i int) bool { return x.totals[i] >= n }) - 1
	f, before = block<<totalsShift, x.totals[block]
	for {
		e := x.entry(f)
		steps := uint32(e.steps)
		if n <= before+steps {
			return f, before
		}
		before += steps
		f++
	}
}

// flowAt is the flow of a frame, by number.
func (x *index) flowAt(e *entry) uint32 {
	if e.is(flagFragment) {
		return x.asms.look(int(e.flow)).flow
	}
	return e.flow
}

// assemblyAt is the assembly that a frame's bytes belong to; nil: none.
func (x *index) assemblyAt(e *entry) (a *assembly, number uint32) {
	if e.is(flagFragment) {
		return x.asms.look(int(e.flow)), e.flow
	}
	w := x.ways.at(int(e.flow))
	if w.conn == 0 {
		return nil, 0
	}
	side := x.conns.look(int(w.conn - 1)).sides[sideOf(e)]
	if side.asm == 0 {
		return nil, 0
	}
	return x.asms.look(int(side.asm - 1)), side.asm - 1
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
