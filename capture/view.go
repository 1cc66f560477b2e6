package capture

import (
	"bytes"
	"slices"

	"strata/capture/flows"
	"strata/layers"
	"strata/layers/streams"
	"strata/layers/walk"
	"strata/trace"
)

// view is one frame looked at: its steps and PDUs.
//
// The PDUs are numbered from the innermost header outwards, the frame itself
// coming last of these; then come the messages that begin in it, then those
// that it completes. So the PDU that brings bytes to an assembly is the first
// of its frame, and can be told without looking.
type view struct {
	frame  int
	before uint32 // steps of all earlier frames
	entry  entry
	data   []byte
	shape  walk.Shape
	events []step
	pdus   []pdu
	texts  []string // what arguments of type Text refer to
	off    int64    // in the assembly, of what the frame brings
	agrees bool     // gopacket found the same headers
	fits   bool     // it has as many steps as the index says
	open   bool     // a message begins in it whose end is not known yet
}

// step is an event with what is known of it beside.
type step struct {
	trace.Event
	args     []int64
	off, n   int64 // of a Write or Read
	from, to string
}

// pdu is a PDU of a frame: a range of the frame, or of an assembly.
type pdu struct {
	trace.PDU
	at    int    // where it begins in the frame; -1: its bytes are those of PDU.Of, or
	bytes []byte // its own, made of what lies in PDU.Of
	from  int64  // of how many bytes there, if not of as many
}

// views keeps the frames looked at last.
type views struct {
	byFrame map[int]*view
	ring    [256]*view
	next    int
	decoder *decoder
}

// view gives a frame's view.
func (f *File) view(n int) *view {
	if v := f.views.byFrame[n]; v != nil {
		return v
	}
	if f.views.byFrame == nil {
		f.views.byFrame = map[int]*view{}
		f.views.decoder = newDecoder()
	}
	v := f.build(n)
	if v.open && !f.idle() {
		return v // the message that begins in it may still grow
	}
	slot := &f.views.ring[f.views.next]
	f.views.next = (f.views.next + 1) % len(f.views.ring)
	if *slot != nil {
		delete(f.views.byFrame, (*slot).frame)
	}
	*slot = v
	f.views.byFrame[n] = v
	return v
}

func (f *File) build(n int) *view {
	v := &view{frame: n, before: f.before(n), entry: f.entry(n)}
	data, m, err := f.data(n)
	if err != nil { // the file was changed under us: the frame shows as zeros
		data = make([]byte, v.entry.capLen)
	}
	v.data = data
	f.walk(&v.shape, n, data)
	v.agrees = f.views.decoder.bounds(&v.shape, data)
	number := f.flowAt(&v.entry)
	b := builder{view: v, f: f, wireLen: int(v.entry.wire), link: m.LinkType, flow: f.table.At(number), way: f.ways.at(int(number))}
	b.story()
	b.wrap()
	b.tell()
	v.fit()
	return v
}

// fit holds a view to the number of steps that the index gave the frame. It
// differs only if the file was changed after it was indexed.
func (v *view) fit() {
	v.fits = len(v.events) == int(v.entry.steps) && len(v.pdus) <= len(v.events)
	for len(v.events) < int(v.entry.steps) {
		v.events = append(v.events, step{Event: v.events[0].Event})
	}
	v.events = v.events[:int(v.entry.steps)]
	v.pdus = v.pdus[:min(len(v.pdus), int(v.entry.steps))]
}

// builder works out a frame's view.
type builder struct {
	*view
	f       *File
	flow    *flows.Flow
	way     *way
	wireLen int
	link    uint16

	from, to trace.NodeID
	src, dst walk.Endpoint // with the ports of a message's peers
	asm      *assembly
	number   uint32 // of asm
	sent     trace.PDUID
	received trace.PDUID

	started, ended     []streams.Message // of a stream, or the one of a datagram
	firstSent, firstIn int               // places of their PDUs
	wrapped            []coated
}

// story finds out what the frame begins and completes.
func (b *builder) story() {
	b.from, b.to = b.way.a, b.way.b
	b.src, b.dst = b.flow.Ends()
	if b.entry.is(flagBack) {
		b.from, b.to, b.src, b.dst = b.to, b.from, b.dst, b.src
	}
	b.asm, b.number = b.f.assemblyAt(&b.entry)
	if b.asm != nil {
		b.sent, b.received = sentPDU(b.number), receivedPDU(b.number)
	}
	switch in := b.shape.Inner(); {
	case b.shape.Fragment:
		b.packetStory()
	case in.Proto == layers.TCP:
		if b.asm != nil {
			b.started, b.ended, b.wrapped = uncover(b.f.line(b.number, 0), uint32(b.frame))
			b.open = slices.ContainsFunc(b.started, func(m streams.Message) bool { return m.Last == streams.NotYet })
		}
	case in.Proto == layers.UDP:
		from, to, _ := in.Body()
		m := streams.Message{End: int64(to - from), Proto: b.datagramProto()}
		m.Text = m.Proto != layers.DNS && isText(b.data[from:to])
		m.StartsText = m.Text
		b.started, b.ended = []streams.Message{m}, []streams.Message{m}
	}
}

// packetStory is the message of a UDP datagram that came in fragments.
func (b *builder) packetStory() {
	if b.asm.proto != layers.UDP {
		return
	}
	m := streams.Message{Start: layers.UDPSize, End: max(b.asm.high, layers.UDPSize), Proto: layers.Message, Last: streams.NotYet}
	if b.asm.total >= 0 {
		m.Last = 0
	}
	if b.shape.FragOff == 0 && b.asm.brought(uint32(b.frame)) {
		b.started = []streams.Message{m}
	}
	if b.entry.is(flagWhole) && b.asm.total >= layers.UDPSize {
		b.ended = []streams.Message{m}
	}
}

func (b *builder) datagramProto() layers.Proto {
	if b.src.Port == portDNS || b.dst.Port == portDNS {
		return layers.DNS
	}
	return layers.Message
}

func (v *view) id(place int) trace.PDUID { return trace.PDUID(v.before) + trace.PDUID(place) + 1 }

// wrap makes the PDUs.
func (b *builder) wrap() {
	s := &b.shape
	b.firstSent = s.N
	b.firstIn = s.N + len(b.started)
	for i := s.N - 1; i >= 0; i-- {
		h := &s.Headers[i]
		p := trace.PDU{Proto: h.Proto, Head: uint16(h.Size), Len: uint32(h.End - h.At - h.Size)}
		if i < s.N-1 {
			in := &s.Headers[i+1]
			p.Of, p.Len, p.Tail = b.id(s.N-2-i), uint32(in.End-in.At), uint32(h.End-in.End)
		} else {
			b.innermost(&p)
		}
		at := h.At
		if i == 0 { // the whole frame, with what comes before its header and after its packet
			at, p.Head, p.Tail = 0, p.Head+uint16(h.At), p.Tail+uint32(len(b.data)-h.End)
		}
		b.pdus = append(b.pdus, pdu{PDU: p, at: at})
	}
	datagram := s.Inner().Proto == layers.UDP
	from, _, _ := s.Inner().Body()
	for _, m := range b.started {
		p := pdu{PDU: trace.PDU{Proto: m.Proto, Of: b.sent, Off: m.Start, Len: length(&m)}, at: -1}
		if datagram {
			p.Of, p.at = 0, from
		}
		b.pdus = append(b.pdus, p)
	}
	for _, m := range b.ended {
		p := pdu{PDU: trace.PDU{Proto: m.Proto, Of: b.received, Off: m.Start, Len: length(&m)}, at: -1}
		if datagram {
			p.Of, p.Off = b.id(0), layers.UDPSize
		}
		b.pdus = append(b.pdus, p)
	}
}

// innermost says whose bytes the innermost header carries.
func (b *builder) innermost(p *trace.PDU) {
	switch {
	case p.Proto == layers.UDP:
		p.Of = b.id(b.firstSent)
	case b.shape.Fragment:
		b.carries(p, int64(b.shape.FragOff))
	case p.Proto == layers.TCP && b.asm != nil && p.Len > 0:
		b.carries(p, b.offset())
	}
}

// carries says that a PDU's payload is what its assembly has at an offset,
// unless it comes again with other bytes.
func (b *builder) carries(p *trace.PDU, off int64) {
	if off < 0 {
		return
	}
	b.off = off
	from, to, _ := b.shape.Inner().Body()
	i, ok := b.asm.pieceOf(off, to-from, uint32(b.frame))
	if !ok && !b.asm.brought(uint32(b.frame)) {
		return
	}
	if !ok || b.asm.from(i) > off || b.asm.piece(i).end() < off+int64(to-from) {
		had := b.f.appendAssembly(nil, b.asm, off, off+int64(to-from))
		if !bytes.Equal(had, b.data[from:to]) {
			return
		}
	}
	p.Of, p.Off = b.sent, off
}

// offset is the place of the segment's first byte in its stream.
func (b *builder) offset() int64 {
	h := layers.TCPHeader(b.data[b.shape.Inner().At:])
	seq := h.Seq()
	if h.Flags()&flagSYN != 0 {
		seq++
	}
	return b.asm.offsetAt(seq, uint32(b.frame))
}

func length(m *streams.Message) uint32 { return uint32(min(m.End-m.Start, 1<<32-1)) }
