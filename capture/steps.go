package capture

import (
	"encoding/binary"
	"strings"

	"strata/layers"
	"strata/layers/streams"
	"strata/layers/walk"
	"strata/trace"
)

// tell makes the frame's steps, as trace's package comment lays them down.
// tally.steps counts them: the two belong together.
func (b *builder) tell() {
	s := &b.shape
	if s.Inner().Proto != layers.Data {
		b.down()
	}
	b.wire()
	if s.Inner().Proto != layers.Data {
		b.up()
	}
}

// say adds a step. The cause of each is the one before it.
func (b *builder) say(kind trace.Kind, l layers.Layer, p layers.Proto, id trace.PDUID, why trace.Why, args ...int64) *step {
	e := trace.Event{
		Time: b.f.since(&b.entry), PDU: id, Kind: kind, Layer: l, Proto: p, Why: why,
		Node: b.from, End: b.end(), Inferred: kind != trace.Transmit,
	}
	switch {
	case kind == trace.Transmit:
		e.Node = observer
	case kind > trace.Transmit:
		e.Node, e.End = b.to, e.End.Peer()
	}
	if n := len(b.events); n > 0 {
		e.Cause = trace.EventID(b.before) + trace.EventID(n)
	}
	b.events = append(b.events, step{Event: e, args: args})
	return &b.events[len(b.events)-1]
}

// end is the link end that the frame left from.
func (b *builder) end() trace.EndID { return b.f.endOf(b.way, b.entry.is(flagBack)) }

func (b *builder) str(s string) int64 {
	b.texts = append(b.texts, s)
	return int64(len(b.texts) - 1)
}

func (b *builder) host(id trace.NodeID) int64 { return b.str(b.f.info.Nodes[id].Name) }

// down tells how the sender made the frame.
func (b *builder) down() {
	for i, m := range b.started {
		b.sends(&m, b.id(b.firstSent+i))
	}
	b.puts()
	s := &b.shape
	for i := s.N - 1; i >= 0; i-- {
		h := &s.Headers[i]
		id := b.id(s.N - 1 - i)
		if i == s.N-1 && s.Fragment {
			b.cut(h, id)
			continue
		}
		b.made(h, id)
	}
}

func (b *builder) sends(m *streams.Message, id trace.PDUID) {
	what, n := b.str(naming(m.Proto)), m.End-m.Start
	if says(m) {
		why, args := trace.CaptureSend, []int64{b.host(b.from), what, n}
		if m.Last == streams.NotYet || m.Lost {
			why, args = trace.CaptureBegun, args[:2]
		}
		e := b.say(trace.Send, layers.Application, layers.Message, id, why, args...)
		e.from, e.to = b.src.Peer(), b.dst.Peer()
	}
	if m.StartsText {
		b.say(trace.Encode, layers.Presentation, layers.UTF8, id, trace.CaptureEncode)
	}
	w := b.say(trace.Write, layers.Session, layers.Connection, id, trace.CaptureWrite, b.host(b.from))
	w.off, w.n = m.Start, n
}

// says tells whether a unit is itself what a program says. What others hold is
// known when they are whole.
func says(m *streams.Message) bool {
	return m.Proto != layers.TLS && m.Proto != layers.WebSocket && m.Proto != layers.MQTT
}

func naming(p layers.Proto) string {
	if p == layers.Message {
		return "a message"
	}
	article := "a "
	if p == layers.HTTP {
		article = "an "
	}
	return article + p.String() + " message"
}

// made tells of one header.
func (b *builder) made(h *walk.Header, id trace.PDUID) {
	d := b.data[h.At:]
	from, to, _ := h.Body()
	n, size := int64(to-from), int64(h.Size)
	switch h.Proto {
	case layers.TCP:
		b.segment(h, id, n, size)
	case layers.UDP:
		b.say(trace.Encapsulate, layers.Transport, h.Proto, id, trace.CaptureDatagram, int64(b.src.Port), int64(b.dst.Port))
	case layers.ICMPv4, layers.ICMPv6:
		b.say(trace.Encapsulate, layers.Network, h.Proto, id, trace.CaptureICMP, b.host(b.from), int64(d[0]), int64(d[1]), n+size)
	case layers.ARP:
		b.say(trace.Encapsulate, layers.Network, h.Proto, id, trace.CaptureARP, b.host(b.from), b.host(b.to))
	case layers.IPv4, layers.IPv6:
		b.say(trace.Encapsulate, layers.Network, h.Proto, id, trace.CapturePacket, size, b.host(b.from), b.host(b.to), hops(h, d))
	case layers.VLAN:
		b.say(trace.Encapsulate, layers.DataLink, h.Proto, id, trace.CaptureTag, vlan(d))
	case layers.Ethernet:
		b.say(trace.Encapsulate, layers.DataLink, h.Proto, id, trace.CaptureFrame, mac(d[6:]), mac(d))
	case layers.Radiotap:
		b.say(trace.Encapsulate, h.Proto.Layer(), h.Proto, id, trace.CaptureRadio, size)
	default:
		b.say(trace.Encapsulate, h.Proto.Layer(), h.Proto, id, trace.CaptureHeader, b.str(h.Proto.String()), size)
	}
}

func (b *builder) segment(h *walk.Header, id trace.PDUID, n, size int64) {
	t := layers.TCPHeader(b.data[h.At:])
	switch resent := b.f.resent(&b.entry); {
	case b.finding(h, id, n):
	case resent && n > 0:
		b.say(trace.Segment, layers.Transport, h.Proto, id, trace.CaptureResent, n)
	case resent:
		b.say(trace.Segment, layers.Transport, h.Proto, id, trace.CaptureAgain, b.str(flagWords(t.Flags())))
	case n > 0:
		off := int64(0)
		if b.asm != nil {
			off = max(0, b.offset())
		}
		b.say(trace.Segment, layers.Transport, h.Proto, id, trace.CaptureSegment, n, off, size)
	default:
		b.say(trace.Segment, layers.Transport, h.Proto, id, trace.CaptureControl, size, b.str(flagWords(t.Flags())))
	}
}

// cut tells of a fragment; with the first one, of what was cut.
func (b *builder) cut(h *walk.Header, id trace.PDUID) {
	from, to, _ := h.Body()
	if b.shape.FragOff == 0 {
		b.transport()
	}
	b.say(trace.Fragment, layers.Network, h.Proto, id, trace.CaptureFragment, int64(to-from), int64(b.shape.FragOff))
}

// transport tells of what the fragments make up together.
func (b *builder) transport() {
	from, to, _ := b.shape.Inner().Body()
	d, p := b.data[from:to], b.asm.proto
	switch {
	case p == layers.UDP && len(d) >= layers.UDPSize:
		h := layers.UDPHeader(d)
		b.say(trace.Encapsulate, layers.Transport, p, b.sent, trace.CaptureDatagram, int64(h.SrcPort()), int64(h.DstPort()))
	case (p == layers.ICMPv4 || p == layers.ICMPv6) && len(d) >= layers.ICMPv4Size:
		b.say(trace.Encapsulate, layers.Network, p, b.sent, trace.CaptureICMP, b.host(b.from), int64(d[0]), int64(d[1]), b.asm.high)
	default:
		b.say(trace.Encapsulate, p.Layer(), p, b.sent, trace.CaptureOther, b.asm.high, b.str(p.String()))
	}
}

// wire tells what was seen, and that the frame goes on.
func (b *builder) wire() {
	frame := b.id(b.shape.N - 1)
	n := int64(b.wireLen)
	switch {
	case b.shape.Inner().Proto == layers.Data && b.link != walk.LinkEthernet:
		b.say(trace.Transmit, layers.Physical, layers.Wire, frame, trace.CaptureOpaque, n, int64(b.link))
	case int(n) > len(b.data):
		b.say(trace.Transmit, layers.Physical, layers.Wire, frame, trace.CaptureCut, n, int64(len(b.data)))
	default:
		b.say(trace.Transmit, layers.Physical, layers.Wire, frame, trace.CaptureSeen, n)
	}
	b.say(trace.Arrive, layers.Physical, layers.Wire, frame, trace.CaptureArrive, b.host(b.to))
}

// up tells how the receiver takes the frame apart.
func (b *builder) up() {
	s := &b.shape
	for i := range s.Headers[:s.N] {
		b.read(&s.Headers[i], b.id(s.N-1-i))
	}
	whole := b.entry.is(flagWhole)
	switch {
	case whole && s.Fragment:
		b.say(trace.Reassemble, layers.Network, layers.IPv4, b.received, trace.CaptureWhole, b.asm.size(), b.host(b.to))
		b.readWhole()
	case whole:
		b.say(trace.Reassemble, layers.Transport, layers.TCP, b.received, trace.CaptureFilled, b.wholeUpTo())
	}
	for i, m := range b.ended {
		b.delivers(&m, b.id(b.firstIn+i))
	}
	b.takes()
}

// wholeUpTo is the offset up to which the stream is whole with this frame.
func (b *builder) wholeUpTo() int64 {
	a := b.asm
	off := max(0, b.offset())
	i := a.find(off)
	for i < a.pieces() && a.piece(i).frame <= uint32(b.frame) {
		off = a.piece(i).end()
		i++
	}
	return off
}

// read tells of a header that comes off.
func (b *builder) read(h *walk.Header, id trace.PDUID) {
	d := b.data[h.At:]
	from, to, _ := h.Body()
	n, size := int64(to-from), int64(h.Size)
	to2 := func() int64 { return b.host(b.to) }
	switch h.Proto {
	case layers.Ethernet:
		b.say(trace.Decapsulate, layers.DataLink, h.Proto, id, trace.CaptureFrameRead, mac(d))
	case layers.VLAN:
		b.say(trace.Decapsulate, layers.DataLink, h.Proto, id, trace.CaptureTagRead, vlan(d))
	case layers.IPv4, layers.IPv6:
		b.say(trace.Decapsulate, layers.Network, h.Proto, id, trace.CapturePacketRead, to2(), size)
	case layers.ARP:
		b.say(trace.Decapsulate, layers.Network, h.Proto, id, trace.CaptureARPRead, b.host(b.from), mac(d[8:]))
	case layers.ICMPv4, layers.ICMPv6:
		b.say(trace.Decapsulate, layers.Network, h.Proto, id, trace.CaptureICMPRead, to2(), int64(d[0]), int64(d[1]))
	case layers.UDP:
		b.say(trace.Decapsulate, layers.Transport, h.Proto, id, trace.CaptureToSocket, to2(), int64(b.dst.Port))
	case layers.TCP:
		b.say(trace.Decapsulate, layers.Transport, h.Proto, id, trace.CaptureTaken, to2(), size, n)
	case layers.Radiotap:
		b.say(trace.Decapsulate, h.Proto.Layer(), h.Proto, id, trace.CaptureRadio, size)
	default:
		b.say(trace.Decapsulate, h.Proto.Layer(), h.Proto, id, trace.CaptureStripped, to2(), size, b.str(h.Proto.String()))
	}
}

// readWhole tells how what the fragments made up is read.
func (b *builder) readWhole() {
	p := b.asm.proto
	head := b.f.appendAssembly(nil, b.asm, 0, min(layers.ICMPv4Size, b.asm.size()))
	switch {
	case p == layers.UDP && len(head) == layers.UDPSize:
		b.say(trace.Decapsulate, layers.Transport, p, b.received, trace.CaptureToSocket, b.host(b.to), int64(layers.UDPHeader(head).DstPort()))
	case (p == layers.ICMPv4 || p == layers.ICMPv6) && len(head) == layers.ICMPv4Size:
		b.say(trace.Decapsulate, layers.Network, p, b.received, trace.CaptureICMPRead, b.host(b.to), int64(head[0]), int64(head[1]))
	default:
		b.say(trace.Decapsulate, p.Layer(), p, b.received, trace.CaptureOther, b.asm.size(), b.str(p.String()))
	}
}

func (b *builder) delivers(m *streams.Message, id trace.PDUID) {
	what, n := b.str(naming(m.Proto)), m.End-m.Start
	r := b.say(trace.Read, layers.Session, layers.Connection, id, trace.CaptureRead, n, b.host(b.to))
	r.off, r.n = m.Start, n
	if m.Text {
		b.say(trace.Decode, layers.Presentation, layers.UTF8, id, trace.CaptureDecode)
	}
	e := b.say(trace.Deliver, layers.Application, layers.Message, id, trace.CaptureDeliver, b.host(b.to), what, n)
	e.from, e.to = b.src.Peer(), b.dst.Peer()
}

// hops is the TTL of IPv4, the hop limit of IPv6.
func hops(h *walk.Header, d []byte) int64 {
	if h.Proto == layers.IPv6 {
		return int64(d[7])
	}
	return int64(d[8])
}

func vlan(d []byte) int64 { return int64(binary.BigEndian.Uint16(d) & 0xfff) }

func mac(d []byte) int64 {
	return int64(binary.BigEndian.Uint16(d))<<32 | int64(binary.BigEndian.Uint32(d[2:]))
}

func flagWords(flags uint8) string {
	var words []string
	for i, w := range []string{"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"} {
		if flags>>i&1 != 0 {
			words = append(words, w)
		}
	}
	if words == nil {
		return "nothing"
	}
	return strings.Join(words, ", ")
}
