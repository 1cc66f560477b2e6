package layers

// What the capture's other frames tell of a segment, and what follows from
// its header alone, has no bytes of its own: these nodes have length 0.
var (
	tcpStream = row(TCP, Field{Name: "tcp.stream", Label: "stream", Type: TypeUint,
		Help: "Which connection of the capture this is, counted from 0."})
	tcpCompleteness = row(TCP, Field{Name: "tcp.completeness", Label: "completeness", Type: TypeUint,
		Help: "Which parts of the connection came before this segment: 1 SYN, 2 its answer, 4 an acknowledgment, 8 data, 16 FIN, 32 RST, added up."})
	tcpLen = row(TCP, Field{Name: "tcp.len", Label: "payload length", Type: TypeUint, RFC: "RFC 9293 sec. 3.1",
		Help: "How many bytes of data the segment carries; the header does not say it: it follows from the packet's length."})
	tcpNextSeq = row(TCP, Field{Name: "tcp.nxtseq", Label: "next sequence number", Type: TypeUint, RFC: "RFC 9293 sec. 3.4",
		Help: "The number that the sender's next byte will have; a SYN or FIN takes one number, too."})
	tcpTimes = row(TCP, Field{Label: "timestamps", Type: TypeNone,
		Help: "When the segment came, counted within its stream."})
	tcpSinceFirst = row(TCP, Field{Name: "tcp.time_relative", Label: "since the stream's first frame", Type: TypeRelTime,
		Help: "The time since the first segment of this connection that was captured."})
	tcpSincePrevious = row(TCP, Field{Name: "tcp.time_delta", Label: "since the stream's previous frame", Type: TypeRelTime,
		Help: "The time since the segment before this one on its connection."})

	tcpAnalysis = row(TCP, Field{Name: "tcp.analysis", Label: "analysis", Type: TypeNone,
		Help: "What the segments before this one tell of it."})
	tcpAcksFrame = row(TCP, Field{Name: "tcp.analysis.acks_frame", Label: "acknowledges frame", Type: TypeUint, RFC: "RFC 9293 sec. 3.4",
		Help: "The frame whose data ends where this acknowledgment points."})
	tcpAckRTT = row(TCP, Field{Name: "tcp.analysis.ack_rtt", Label: "time to the acknowledgment", Type: TypeRelTime, RFC: "RFC 6298 sec. 3",
		Help: "How long after that frame this acknowledgment passed: a round trip, as seen from the point of capture."})
	tcpInitialRTT = row(TCP, Field{Name: "tcp.analysis.initial_rtt", Label: "initial round trip", Type: TypeRelTime, RFC: "RFC 9293 sec. 3.5",
		Help: "The time from the SYN to the acknowledgment that ends the handshake."})
	tcpInFlight = row(TCP, Field{Name: "tcp.analysis.bytes_in_flight", Label: "bytes in flight", Type: TypeUint, RFC: "RFC 5681 sec. 2",
		Help: "How many bytes the sender has sent that have not been acknowledged yet, with this segment."})
	tcpPushBytes = row(TCP, Field{Name: "tcp.analysis.push_bytes_sent", Label: "bytes since the last PSH", Type: TypeUint, RFC: "RFC 9293 sec. 3.9.1.2",
		Help: "How many bytes the sender has sent since it last set PSH, with this segment."})
	tcpFindings = row(TCP, Field{Name: "tcp.analysis.flags", Label: "findings", Type: TypeNone,
		Help: "What is unusual about this segment."})
	tcpRTO = row(TCP, Field{Name: "tcp.analysis.rto", Label: "time until it was sent again", Type: TypeRelTime, RFC: "RFC 6298 sec. 5",
		Help: "How long the sender waited before it sent this again: about its retransmission timeout."})
	tcpRTOFrame = row(TCP, Field{Name: "tcp.analysis.rto_frame", Label: "counted from frame", Type: TypeUint, RFC: "RFC 6298 sec. 5",
		Help: "The oldest frame that waited for its acknowledgment."})
	tcpDuplicate = row(TCP, Field{Name: "tcp.analysis.duplicate_ack", Label: "duplicate acknowledgment", Type: TypeNone, RFC: "RFC 5681 sec. 2",
		Help: "It says the same as the acknowledgment before it: something arrived, but not what was expected."})
	tcpDuplicateNumber = row(TCP, Field{Name: "tcp.analysis.duplicate_ack_num", Label: "duplicate number", Type: TypeUint, RFC: "RFC 5681 sec. 3.2",
		Help: "How many duplicates there have been of one acknowledgment; at the third, the sender sends the missing segment again."})
	tcpDuplicateOf = row(TCP, Field{Name: "tcp.analysis.duplicate_ack_frame", Label: "duplicate of frame", Type: TypeUint, RFC: "RFC 5681 sec. 2",
		Help: "The frame with the acknowledgment that is repeated."})
	tcpACE = row(TCP, Field{Name: "tcp.flags.ace", Label: "ACE counter", Type: TypeUint, RFC: "RFC 9768 sec. 3.2.2",
		Help: "How many packets arrived marked as having met congestion, modulo 8; it takes the place of three flags."})
)

// nextSeen takes what is known of the frame's next TCP segment or UDP
// datagram; nil: nothing is.
func (d *dissector) nextSeen() *Seen {
	if d.session, d.begun, d.above, d.opened, d.spoken = nil, nil, (Above{}), nil, HTTPUnknown; d.seen >= len(d.opt.Seen) {
		return nil
	}
	d.seen++
	d.session, d.begun = d.opt.Seen[d.seen-1].TLS, d.opt.Seen[d.seen-1].Begun
	d.above, d.opened = d.opt.Seen[d.seen-1].Above, d.opt.Seen[d.seen-1].Opened
	d.spoken = d.opt.Seen[d.seen-1].HTTP
	return &d.opt.Seen[d.seen-1]
}

// finding is how a finding of the analysis is told.
type finding struct {
	bit        Findings
	severity   Severity
	name, text string
}

// tcpFound are the findings, in the order in which Wireshark tells them.
var tcpFound = []finding{
	{ReusedPorts, Note, "reused_ports", "A new connection between ports that had one before."},
	{Retransmission, Note, "retransmission", "These bytes were sent before: the sender did not hear in time that they arrived."},
	{FastRetransmission, Note, "fast_retransmission", "Duplicate acknowledgments asked for this segment, and it is sent again at once."},
	{SpuriousRetransmission, Note, "spurious_retransmission", "These bytes are sent again, though they had been acknowledged."},
	{FastRetransmission | SpuriousRetransmission, Note, "retransmission", "These bytes were sent before."},
	{OutOfOrder, Warning, "out_of_order", "This segment was overtaken: later bytes of its sender came before it."},
	{LostSegment, Warning, "lost_segment", "Bytes before this segment are not in the capture: lost, overtaken, or not captured."},
	{AckLostSegment, Warning, "ack_lost_segment", "It acknowledges bytes that are not in the capture."},
	{WindowUpdate, Chat, "window_update", "It says nothing new but how much its sender can take."},
	{WindowFull, Warning, "window_full", "With this segment the receiver's window is full: the sender must wait."},
	{KeepAlive, Note, "keep_alive", "A keep-alive: a byte that has been acknowledged, to see whether the other side is still there."},
	{KeepAliveAck, Note, "keep_alive_ack", "It answers a keep-alive: its sender is still there."},
	{DuplicateAck, Note, "duplicate_ack", "It repeats an acknowledgment: something arrived, but not what was expected."},
	{ZeroWindowProbe, Note, "zero_window_probe", "A zero window probe: one byte, to learn whether the window has opened."},
	{ZeroWindow, Warning, "zero_window", "The receiver can take nothing more: its buffer is full."},
	{ZeroWindowProbeAck, Note, "zero_window_probe_ack", "It answers a zero window probe: the window is still closed."},
}

// tcpTold adds the times of a segment within its stream, and the analysis.
func (d *dissector) tcpTold(p *Part, a *Analysis) {
	node := func(f *Field, v uint64) Node { return d.valued(f, p.Pos, 0, v) }
	times := node(tcpTimes, 0)
	times.Children = []Node{node(tcpSinceFirst, uint64(a.SinceFirst)), node(tcpSincePrevious, uint64(a.SincePrevious))}
	p.Fields = append(p.Fields, times)
	if !a.Told {
		return
	}
	t := node(tcpAnalysis, 0)
	add := func(f *Field, v uint64) {
		if v != 0 {
			t.Children = append(t.Children, node(f, v))
		}
	}
	add(tcpAcksFrame, uint64(a.AckedFrame))
	add(tcpAckRTT, uint64(a.AckRTT))
	add(tcpInitialRTT, uint64(a.InitialRTT))
	add(tcpInFlight, uint64(a.InFlight))
	add(tcpPushBytes, uint64(a.PushBytes))
	if a.Findings != 0 {
		t.Children = append(t.Children, d.tcpFindings(p, a))
	}
	if a.DuplicateAck > 0 {
		t.Children = append(t.Children, node(tcpDuplicateNumber, uint64(a.DuplicateAck)), node(tcpDuplicateOf, uint64(a.DuplicateOf)))
	}
	p.Fields = append(p.Fields, t)
}

func (d *dissector) tcpFindings(p *Part, a *Analysis) Node {
	n := d.valued(tcpFindings, p.Pos, 0, 0)
	for _, f := range tcpFound {
		if a.Findings&f.bit != 0 {
			d.expert(f.severity, "tcp.analysis."+f.name, f.text, p.Pos, 0)
		}
	}
	if a.RTO != 0 {
		n.Children = []Node{d.valued(tcpRTO, p.Pos, 0, uint64(a.RTO)), d.valued(tcpRTOFrame, p.Pos, 0, uint64(a.RTOFrame))}
	}
	if a.DuplicateAck > 0 {
		n.Children = []Node{d.valued(tcpDuplicate, p.Pos, 0, 0)}
	}
	return n
}

// relative makes a number count from the connection's start.
func (n *Node) relative(base uint32) {
	n.Uint = uint64(uint32(n.Uint) - base)
	n.Show = show(n.Field, n.Uint, nil) + " (relative)"
}
