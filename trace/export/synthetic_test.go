package export

import (
	"time"

	"strata/layers"
	"strata/trace"
)

// The addresses of the synthetic network: client, router's two sides, server.
const (
	clientIP = 0x0a000102 // 10.0.1.2
	serverIP = 0x0a000202 // 10.0.2.2
)

var macs = [4][6]byte{{2, 0, 0, 0, 1, 1}, {2, 0, 0, 0, 2, 1}, {2, 0, 0, 0, 2, 2}, {2, 0, 0, 0, 3, 1}}

// story writes a small trace by hand, as a simulation would: it needs no
// simulator, so what these tests judge is the exporters alone.
type story struct {
	*trace.Log
	now    trace.Time
	stream trace.PDUID
	source *trace.Source
}

func newStory() *story {
	s := &story{Log: trace.NewLog(trace.Info{
		Name: "story", Title: "a line with \x1b[31m<colour> & \"quotes\"", Profile: "rfc", Seed: 1,
		Start: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC),
		Nodes: []trace.Node{{Name: "client", Kind: "host", Addrs: []string{"10.0.1.2"}},
			{Name: "r1", Kind: "router", Addrs: []string{"10.0.1.1", "10.0.2.1"}},
			{Name: "server", Kind: "host", Addrs: []string{"10.0.2.2"}}},
		Links: []trace.Link{
			{Name: "lan", Rate: 1e8, Delay: trace.Millisecond, MTU: 1500, Ends: [2]trace.End{
				{Node: 0, If: "eth0", MAC: macs[0], IP: "10.0.1.2/24"}, {Node: 1, If: "eth0", MAC: macs[1], IP: "10.0.1.1/24"}}},
			{Name: "wan", Delay: 10 * trace.Millisecond, MTU: 1500, Ends: [2]trace.End{
				{Node: 1, If: "eth1", MAC: macs[2], IP: "10.0.2.1/24"}, {Node: 2, If: "eth0", MAC: macs[3], IP: "10.0.2.2/24"}}},
		},
	})}
	s.stream, s.source = s.Source(layers.Stream)
	return s
}

func (s *story) add(node trace.NodeID, kind trace.Kind, p layers.Proto, pdu trace.PDUID, cause trace.EventID, end trace.EndID, why string, args ...int64) trace.EventID {
	return s.Add(trace.Event{Time: s.now, Node: node, Kind: kind, Layer: p.Layer(), Proto: p, PDU: pdu, Cause: cause, End: end, Why: trace.WhyNamed(why)}, args...)
}

// segment makes a packet that carries n bytes of the stream from offset off.
func (s *story) segment(flags uint8, seq, off, n int) (segment, packet trace.PDUID, head []byte) {
	tcp := make([]byte, layers.TCPMinSize)
	layers.TCPHeader(tcp).Put(&layers.TCPFields{SrcPort: 49152, DstPort: 80, Seq: uint32(seq), HeaderLen: 20, Flags: flags, Window: 64240})
	body := s.Append(nil, s.stream, int64(off), int64(n))
	sum := layers.Sum(body, layers.PseudoHeader(clientIP, serverIP, layers.ProtocolTCP, len(tcp)+n))
	layers.TCPHeader(tcp).SetChecksum(sum)
	segment = s.Wrap(layers.TCP, tcp, s.stream, int64(off), n)
	ip := make([]byte, layers.IPv4MinSize)
	layers.IPv4Header(ip).Put(&layers.IPv4Fields{TotalLen: 40 + n, TTL: 64, Protocol: layers.ProtocolTCP, Src: clientIP, Dst: serverIP})
	return segment, s.Wrap(layers.IPv4, ip, segment, 0, 20+n), ip
}

// frame puts a packet into a frame for a link end and puts it on the wire.
func (s *story) frame(packet trace.PDUID, end trace.EndID, cause trace.EventID) (frame trace.PDUID, sent trace.EventID) {
	eth := make([]byte, layers.EthernetSize)
	layers.EthernetHeader(eth).Put(macs[end.Peer()], macs[end], layers.EtherTypeIPv4)
	frame = s.Seal(eth, packet, int(s.Size(packet)))
	node := s.Info().Links[end.Link()].Ends[end.Side()].Node
	cause = s.add(node, trace.Encapsulate, layers.Ethernet, frame, cause, end, "eth.frame", 0x020000000201)
	return frame, s.add(node, trace.Transmit, layers.Wire, frame, cause, end, "wire.transmit", s.Size(frame), 5120, 1e8, int64(trace.Millisecond))
}

// down makes a frame of the client's from a range of the stream.
func (s *story) down(flags uint8, seq, off, n int, cause trace.EventID, why string, args ...int64) (packet, frame trace.PDUID, head []byte, sent trace.EventID) {
	segment, packet, head := s.segment(flags, seq, off, n)
	cause = s.add(0, trace.Segment, layers.TCP, segment, cause, trace.NoEnd, why, args...)
	cause = s.add(0, trace.Encapsulate, layers.IPv4, packet, cause, trace.NoEnd, "ip.packet", clientIP, serverIP, 64)
	frame, sent = s.frame(packet, 0, cause)
	return packet, frame, head, sent
}

// across takes a frame over the first wire, through the router and over the
// second wire.
func (s *story) across(packet, frame trace.PDUID, head []byte, sent trace.EventID) (trace.PDUID, trace.EventID) {
	s.now += trace.Millisecond
	c := s.add(1, trace.Arrive, layers.Wire, frame, sent, 1, "wire.arrive", int64(trace.Millisecond))
	c = s.add(1, trace.Decapsulate, layers.Ethernet, frame, c, 1, "eth.for-me")
	head = append([]byte(nil), head...)
	layers.IPv4Header(head).DecrementTTL()
	p := s.PDU(packet)
	packet = s.Wrap(layers.IPv4, head, p.Of, p.Off, int(p.Len))
	c = s.add(1, trace.Forward, layers.IPv4, packet, c, trace.NoEnd, "ip.forward", serverIP, 0x0a000200, 24, serverIP, 64, 63)
	frame, sent = s.frame(packet, 2, c)
	s.now += 10 * trace.Millisecond
	return frame, s.add(2, trace.Arrive, layers.Wire, frame, sent, 3, "wire.arrive", int64(10*trace.Millisecond))
}

// plain is a story whose sentences are the codes alone, so that the golden
// files hold the exporters' work and not the catalogue's wording.
type plain struct{ *story }

func (p plain) Text(n trace.EventID) string {
	if why := p.Event(n).Why; why != 0 {
		return "because " + why.String() + "."
	}
	return ""
}

// lossAndResend tells of a SYN that arrives, data that is lost, and is sent
// again a second later, and of a copy that is damaged.
func lossAndResend() plain {
	s := newStory()
	s.across(s.down(0x02, 0, 0, 0, 0, ""))
	text := []byte("GET /\x1b[2J HTTP/1.1\r\nHost: s\r\n\r\n")
	s.source.Write(text)
	message := s.Part(layers.Message, s.stream, 0, len(text))
	c := s.AddMessage(trace.Event{Time: s.now, Kind: trace.Send, Layer: layers.Application, Proto: layers.Message, PDU: message,
		End: trace.NoEnd, Why: trace.ProgramSend}, "10.0.1.2:49152", "10.0.2.2:80", int64(len(text)))
	c = s.AddExtent(trace.Event{Time: s.now, Kind: trace.Write, Layer: layers.Session, Proto: layers.Connection, PDU: message,
		Cause: c, End: trace.NoEnd}, 0, int64(len(text)))
	slot := s.Slot(trace.Slot{Node: 0, Table: "tcp", Key: "tcp 10.0.1.2:49152 10.0.2.2:80", Field: "rto", Type: trace.Duration})
	s.Set(trace.Event{Time: s.now, Layer: layers.Transport, Proto: layers.TCP, End: trace.NoEnd}, slot, int64(trace.Second))
	_, frame, _, sent := s.down(0x18, 1, 0, len(text), c, "")
	s.add(0, trace.Drop, layers.Wire, frame, sent, 0, "fault.loss-aimed")
	s.now += trace.Second
	c = s.add(0, trace.TimerFired, layers.TCP, 0, 0, trace.NoEnd, "")
	s.Set(trace.Event{Time: s.now, Layer: layers.Transport, Proto: layers.TCP, End: trace.NoEnd, Cause: c}, slot, int64(2*trace.Second))
	s.across(s.down(0x18, 1, 0, len(text), c, "capture.resent"))
	_, frame, _, sent = s.down(0x18, 1, 0, len(text), c, "capture.resent")
	bad := s.Flip(frame, 60, 0x04)
	c = s.add(0, trace.Corrupt, layers.Wire, bad, sent, 0, "fault.corrupt", 482)
	s.now += trace.Millisecond
	c = s.add(1, trace.Arrive, layers.Wire, bad, c, 1, "wire.arrive", int64(trace.Millisecond))
	s.add(1, trace.Drop, layers.Ethernet, bad, c, 1, "eth.fcs")
	return plain{s}
}
