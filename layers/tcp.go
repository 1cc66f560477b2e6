package layers

import (
	"encoding/binary"
	"slices"
)

// Sizes of TCP headers (RFC 9293 section 3.1), in bytes.
const (
	TCPMinSize = 20
	TCPMaxSize = 60
)

// TCPHeader is a view of a TCP header of at least TCPMinSize bytes.
type TCPHeader []byte

// Valid says whether b begins with a whole TCP header, options included.
func (h TCPHeader) Valid() bool {
	return len(h) >= TCPMinSize && h.HeaderLen() >= TCPMinSize && h.HeaderLen() <= len(h)
}

// SrcPort is the sender's port.
func (h TCPHeader) SrcPort() uint16 { return binary.BigEndian.Uint16(h[0:]) }

// DstPort is the receiver's port.
func (h TCPHeader) DstPort() uint16 { return binary.BigEndian.Uint16(h[2:]) }

// Seq is the sequence number of the first byte, or of SYN.
func (h TCPHeader) Seq() uint32 { return binary.BigEndian.Uint32(h[4:]) }

// Ack is the next sequence number expected from the other side; valid iff
// the ACK flag is set.
func (h TCPHeader) Ack() uint32 { return binary.BigEndian.Uint32(h[8:]) }

// HeaderLen is the data offset in bytes: the header with its options.
func (h TCPHeader) HeaderLen() int { return int(h[12]>>4) * 4 }

// Flags are the control bits CWR, ECE, URG, ACK, PSH, RST, SYN, FIN, from the
// most significant.
func (h TCPHeader) Flags() uint8 { return h[13] }

// Window is the receive window, not scaled.
func (h TCPHeader) Window() uint16 { return binary.BigEndian.Uint16(h[14:]) }

// Checksum is the checksum.
func (h TCPHeader) Checksum() uint16 { return binary.BigEndian.Uint16(h[16:]) }

// Urgent is the urgent pointer; valid iff the URG flag is set.
func (h TCPHeader) Urgent() uint16 { return binary.BigEndian.Uint16(h[18:]) }

// Options are the bytes after the fixed header; Valid must hold.
func (h TCPHeader) Options() []byte { return h[TCPMinSize:h.HeaderLen()] }

// TCPFields are the values of a header to write.
type TCPFields struct {
	SrcPort, DstPort uint16
	Seq, Ack         uint32
	HeaderLen        int // bytes, options included, a multiple of 4
	Flags            uint8
	Window, Urgent   uint16
}

// Put writes the fixed header with checksum 0; options go after it.
func (h TCPHeader) Put(f *TCPFields) {
	_ = h[19]
	binary.BigEndian.PutUint16(h[0:], f.SrcPort)
	binary.BigEndian.PutUint16(h[2:], f.DstPort)
	binary.BigEndian.PutUint32(h[4:], f.Seq)
	binary.BigEndian.PutUint32(h[8:], f.Ack)
	h[12] = byte(f.HeaderLen/4) << 4
	h[13] = f.Flags
	binary.BigEndian.PutUint16(h[14:], f.Window)
	h[16], h[17] = 0, 0
	binary.BigEndian.PutUint16(h[18:], f.Urgent)
}

// SetChecksum finishes and writes the checksum; acc is the partial sum of
// pseudo-header and payload, without this header and its options.
func (h TCPHeader) SetChecksum(acc uint64) {
	h[16], h[17] = 0, 0
	binary.BigEndian.PutUint16(h[16:], Checksum(Sum(h[:h.HeaderLen()], acc)))
}

// ChecksumOK says whether the checksum is right; acc is the partial sum of
// pseudo-header and payload, without this header and its options.
func (h TCPHeader) ChecksumOK(acc uint64) bool {
	return Checksum(Sum(h[:h.HeaderLen()], acc)) == 0
}

var (
	tcpPorts   = portFields(TCP, "RFC 9293 sec. 3.1")
	tcpNumbers = table(TCP,
		&Field{Name: "tcp.seq", Label: "sequence number", Type: TypeUint, At: 4, Size: 4, RFC: "RFC 9293 sec. 3.1",
			Help: "The number of this segment's first byte in the sender's stream."},
		&Field{Name: "tcp.seq_raw", Label: "sequence number, raw", Type: TypeUint, At: 4, Size: 4, RFC: "RFC 9293 sec. 3.1", Hidden: true,
			Help: "The sequence number as it stands in the header, not counted from the connection's start."},
		&Field{Name: "tcp.ack", Label: "acknowledgment", Type: TypeUint, At: 8, Size: 4, RFC: "RFC 9293 sec. 3.1",
			Help: "The next byte that the sender expects from the other side: all before it has arrived."},
		&Field{Name: "tcp.ack_raw", Label: "acknowledgment, raw", Type: TypeUint, At: 8, Size: 4, RFC: "RFC 9293 sec. 3.1", Hidden: true,
			Help: "The acknowledgment number as it stands in the header, not counted from the connection's start."},
		&Field{Name: "tcp.hdr_len", Label: "header length", Type: TypeUint, At: 12, Size: 1, Mask: 0xf0, RFC: "RFC 9293 sec. 3.1",
			Help: "How many 32-bit words the header has (the data offset); more than 5 when there are options."})
	tcpFlags = table(TCP, &Field{Name: "tcp.flags", Label: "flags", Type: TypeHex, At: 12, Size: 2, Mask: 0x0fff, RFC: "RFC 9293 sec. 3.1",
		Help: "The control bits: what this segment does to the connection.", Sub: []*Field{
			tcpFlag("res", "reserved", 12, 0x0e, "Not used; must be zero."),
			tcpFlag("ae", "accurate ECN", 12, 0x01, "Part of the accurate ECN counter (RFC 9768)."),
			tcpFlag("cwr", "CWR", 13, 0x80, "Congestion window reduced: the sender has heard of the congestion and slowed down (RFC 3168)."),
			tcpFlag("ece", "ECE", 13, 0x40, "ECN echo: a packet that arrived was marked by a router that is nearly full (RFC 3168)."),
			tcpFlag("urg", "URG", 13, 0x20, "The urgent pointer is valid."),
			tcpFlag("ack", "ACK", 13, 0x10, "The acknowledgment number is valid; set in all segments but the first."),
			tcpFlag("push", "PSH", 13, 0x08, "The receiver should hand what it has to the program without waiting for more."),
			tcpFlag("reset", "RST", 13, 0x04, "The connection ends at once, without goodbye: something was wrong."),
			tcpFlag("syn", "SYN", 13, 0x02, "Opens the connection and tells where the sender's sequence numbers begin."),
			tcpFlag("fin", "FIN", 13, 0x01, "The sender has no more data: its half of the connection closes."),
			{Name: "tcp.flags.str", Label: "flags in letters", Type: TypeString, At: 12, Size: 2, RFC: "RFC 9293 sec. 3.1", Hidden: true, Help: "The flags that are set, each as a letter in its place."}}})
	tcpRest = table(TCP,
		&Field{Name: "tcp.window_size_value", Label: "window", Type: TypeUint, At: 14, Size: 2, RFC: "RFC 9293 sec. 3.1",
			Help: "How many bytes the sender can take now, before scaling: it is flow control."},
		&Field{Name: "tcp.window_size", Label: "window, calculated", Type: TypeUint, At: 14, Size: 2, RFC: "RFC 7323 sec. 2", Hidden: true,
			Help: "The window after scaling; from one frame alone the scale is not known."})
	tcpScale = table(TCP, &Field{Name: "tcp.window_size_scalefactor", Label: "window scale", Type: TypeInt, At: 14, Size: 2, RFC: "RFC 7323 sec. 2", Hidden: true,
		Help: "What the window is multiplied by; it was agreed when the connection was opened."})
	tcpEnd = table(TCP,
		&Field{Name: "tcp.checksum", Label: "checksum", Type: TypeHex, At: 16, Size: 2, RFC: "RFC 9293 sec. 3.1",
			Help: "Protects the segment and the IP addresses."})
	tcpUrgent = table(TCP,
		&Field{Name: "tcp.urgent_pointer", Label: "urgent pointer", Type: TypeUint, At: 18, Size: 2, RFC: "RFC 9293 sec. 3.8.5",
			Help: "Where urgent data ends, counted from the sequence number; valid only with URG."})
	tcpStatus = row(TCP, Field{Name: "tcp.checksum.status", Label: "checksum status", Type: TypeEnum, Names: checksumStatus,
		Help: "Whether the checksum fits the segment."})
	tcpPayload = row(TCP, Field{Name: "tcp.payload", Label: "payload", Type: TypeBytes, RFC: "RFC 9293 sec. 3.1",
		Help: "A piece of the sender's byte stream; where it is cut means nothing to the program."})
	tcpResetCause = row(TCP, Field{Name: "tcp.reset_cause", Label: "cause of the reset", Type: TypeString, RFC: "RFC 9293 sec. 3.5.3",
		Help: "Text that comes with a reset, for people to read."})
	tcpHeld = row(TCP, Field{Name: "tcp.segment_data", Label: "segment data", Type: TypeBytes, RFC: "RFC 9293 sec. 3.1",
		Help: "A piece of a message that is complete only with a later segment."})
	tcpContinues = row(TCP, Field{Name: "tcp.continuation_to", Label: "continues", Type: TypeUint,
		Help: "The frame in which the message began that this segment brings more of."})
)

func tcpFlag(name, label string, at int, mask uint64, help string) *Field {
	return &Field{Name: "tcp.flags." + name, Label: label, Type: TypeBool, At: at, Size: 1, Mask: mask, RFC: "RFC 9293 sec. 3.1", Help: help}
}

var flagNames = [...]string{"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"}

// showFlags lists the flags that are set: "SYN, ACK".
func showFlags(flags uint8) string {
	text := ""
	for i, name := range flagNames {
		if flags>>i&1 == 0 {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += name
	}
	if text == "" {
		return "none"
	}
	return text
}

// segment is a TCP segment in the making.
type segment struct {
	span
	h      TCPHeader
	length int       // bytes of payload on the wire; -1: not known
	told   *Analysis // what other segments tell of it; nil: nothing
}

// TCPLeast is how much of a header there must be to make sense of it: all up
// to the window.
const TCPLeast = 16

// flagLetters shows the twelve flags as Wireshark does: a letter in its place
// for each that is set.
func flagLetters(flags uint16) string {
	const letters = "RRRACEUAPRSF"
	text := make([]byte, 0, 2*len(letters))
	for i := range len(letters) {
		if flags>>(len(letters)-1-i)&1 != 0 {
			text = append(text, letters[i])
		} else {
			text = append(text, "·"...)
		}
	}
	return string(text)
}

// tcp reads a segment.
func (d *dissector) tcp(s span) {
	p := d.part(TCP, s.pos, min(TCPMinSize, s.end-s.pos))
	p.Fields, _ = d.fixed(p.Fields, tcpPorts, s.pos, s)
	once := d.quoted && !d.overIPv6 // as Wireshark has it: one sequence number, for it may be all there is
	if once {
		p.Fields, _ = d.fixed(p.Fields, tcpNumbers[:1], s.pos, s)
	}
	if s.end-s.pos < TCPLeast {
		d.short(TCP, s)
		return
	}
	g := segment{span: s, h: TCPHeader(d.data[s.pos:s.end]), length: -1}
	if !d.fragmented && !d.quoted {
		g.length = s.size() - g.h.HeaderLen()
	}
	if g.length < 0 && !d.fragmented && !d.quoted {
		d.expert(Warning, "tcp.short_segment", "The packet ends before the header does.", s.pos, 0)
	}
	p.Payload = s.pos + p.Len
	d.tcpNumbers(p, &g, once)
	if g.h.HeaderLen() < TCPMinSize {
		d.expert(Error, "tcp.bogus_header_length", "The header length is below 20 bytes.", s.pos+12, 1)
		return
	}
	p.Len = min(g.h.HeaderLen(), s.end-s.pos)
	p.Payload = s.pos + p.Len
	p.Summary = g.summary()
	d.tcpFixed(p, &g)
	if s.end-s.pos < TCPMinSize {
		d.short(TCP, s)
		return
	}
	whole := d.tcpTail(p, &g)
	if !whole {
		d.short(TCP, s)
		return
	}
	d.tcpPayload(p, &g, s.from(g.h.HeaderLen()))
}

// tcpNumbers adds what stands before the flags: which stream it is, and where
// in it the segment belongs.
func (d *dissector) tcpNumbers(p *Part, g *segment, once bool) {
	if seen := d.nextSeen(); seen != nil {
		p.Fields = append(p.Fields, d.valued(tcpStream, g.pos, 0, uint64(seen.Stream)))
		if g.told = seen.Analysis; g.told != nil {
			p.Fields = append(p.Fields, d.valued(tcpCompleteness, g.pos, 0, uint64(g.told.Completeness)))
		}
	}
	if g.length >= 0 {
		p.Fields = append(p.Fields, d.valued(tcpLen, g.pos, 0, uint64(g.length)))
	}
	bogus := g.h.HeaderLen() < TCPMinSize
	if !once {
		p.Fields, _ = d.fixed(p.Fields, tcpNumbers[:2], g.pos, g.span)
	}
	if g.length >= 0 && !bogus {
		next := g.h.Seq() + uint32(g.length)
		if g.h.Flags()&3 != 0 { // RFC 9293 sec. 3.4: SYN and FIN take a number
			next++
		}
		p.Fields = append(p.Fields, d.valued(tcpNextSeq, g.pos, 0, uint64(next)))
	}
	rest := tcpNumbers[2:]
	if bogus {
		rest = tcpNumbers[4:]
	}
	p.Fields, _ = d.fixed(p.Fields, rest, g.pos, g.span)
	size := find(p.Fields, "tcp.hdr_len")
	size.Show, size.Uint = count(g.h.HeaderLen(), "byte"), uint64(g.h.HeaderLen()) // the value counts bytes, as Wireshark's
	if g.told == nil || g.length < 0 {
		return
	}
	find(p.Fields, "tcp.seq").relative(g.told.SeqBase)
	if bogus {
		return
	}
	find(p.Fields, "tcp.nxtseq").relative(g.told.SeqBase)
	if g.h.Flags()&0x10 != 0 {
		find(p.Fields, "tcp.ack").relative(g.told.AckBase)
	}
}

// tcpTail adds the options, and what follows from the segment's place among
// others. It reports false when the options are not all there.
func (d *dissector) tcpTail(p *Part, g *segment) (whole bool) {
	whole = true
	if g.h.HeaderLen() > TCPMinSize {
		list := g.first(g.h.HeaderLen()).from(TCPMinSize)
		var options Node
		options, whole = d.tcpOptions(list, g)
		p.Fields = append(p.Fields, options)
	}
	if g.told != nil {
		d.tcpTold(p, g.told)
	}
	return whole
}

// summary goes by the numbers that are shown: relative ones, where the
// connection's start is known.
func (g *segment) summary() string {
	h := g.h
	seq, ack := h.Seq(), h.Ack()
	if g.told != nil && g.length >= 0 {
		seq, ack = seq-g.told.SeqBase, ack-g.told.AckBase
	}
	text := show(tcpPorts[0], uint64(h.SrcPort()), nil) + " ► " + show(tcpPorts[1], uint64(h.DstPort()), nil)
	if f := h.Flags(); f&^0x18 != 0 { // more than ACK and PSH, which most have
		text += ", " + showFlags(f&^0x08)
	}
	text += ", seq " + show(tcpNumbers[0], uint64(seq), nil)
	if g.length <= 0 && h.Flags()&0x10 != 0 {
		return text + ", ack " + show(tcpNumbers[2], uint64(ack), nil)
	}
	return text + ", " + count(max(0, g.size()-h.HeaderLen()), "byte")
}

// tcpFixed adds what follows the header length, and looks at the flags.
func (d *dissector) tcpFixed(p *Part, g *segment) {
	h, s := g.h, g.span
	at := len(p.Fields)
	p.Fields, _ = d.fixed(p.Fields, tcpFlags, s.pos, s)
	f := &p.Fields[at]
	f.Show = showFlags(h.Flags())
	f.Children[len(f.Children)-1].Show = flagLetters(uint16(f.Uint))
	if g.told != nil && g.told.CountsECN { // RFC 9768 sec. 3.2.2: three flags are one number
		ace := uint64(h[12]&1)<<2 | uint64(h.Flags()>>6)
		f.Children = slices.Replace(f.Children, 1, 4, d.valued(tcpACE, s.pos+12, 2, ace))
	}
	d.tcpWindow(p, g)
	if s.end-s.pos >= 18 {
		p.Fields, _ = d.fixed(p.Fields, tcpEnd, s.pos, s)
		verdict := d.checksum(ProtocolTCP, s, s.size(), &p.Fields[len(p.Fields)-1], "tcp.checksum_bad.expert")
		p.Fields = append(p.Fields, d.verdict(tcpStatus, s.pos+16, verdict))
		p.Fields, _ = d.fixed(p.Fields, tcpUrgent, s.pos, s)
	}
	if !d.quoted {
		d.tcpExperts(g)
	}
}

// tcpWindow adds the window, as it stands there and scaled.
func (d *dissector) tcpWindow(p *Part, g *segment) {
	p.Fields, _ = d.fixed(p.Fields, tcpRest, g.pos, g.span)
	if g.h.Flags()&2 != 0 { // RFC 7323 sec. 2.2: a SYN's window is never scaled
		return
	}
	scale := d.valued(tcpScale[0], g.pos+14, 2, ^uint64(0))
	switch {
	case g.told == nil:
		scale.Show = "not known from this frame (-1)"
	case g.told.Shift >= 0:
		scale.Uint = 1 << g.told.Shift
		scale.Show = show(scale.Field, scale.Uint, nil)
		if window := &p.Fields[len(p.Fields)-1]; g.length >= 0 {
			window.Uint <<= g.told.Shift
			window.Show = show(window.Field, window.Uint, nil)
		}
	case g.told.Shift == -1:
		scale.Show = "not known: the SYN was not captured (-1)"
	default:
		scale.Uint = ^uint64(1)
		scale.Show = "windows are not scaled (-2)"
	}
	p.Fields = append(p.Fields, scale)
}

func (d *dissector) tcpExperts(g *segment) {
	h, pos := g.h, g.pos
	for _, e := range tcpFlagExperts {
		if h.Flags()&e.mask == e.set {
			d.expert(e.severity, e.name, e.text, pos+13, 1)
		}
	}
	if g.told != nil && h.Flags()&1 != 0 {
		if g.told.ClosesSecond {
			d.expert(Note, "tcp.connection.fin_passive", "The other side closed first; this closes the rest.", pos+13, 1)
		} else {
			d.expert(Note, "tcp.connection.fin_active", "This side closes first.", pos+13, 1)
		}
	}
	if g.told != nil && h.Flags()&0x12 == 0x12 { // RFC 7413 sec. 4.2.2
		ack := h.Ack()
		if g.length >= 0 {
			ack -= g.told.AckBase
		}
		if ack > 1 {
			d.expert(Note, "tcp.analysis.tfo_ack", "The data that came with the SYN is accepted.", pos+8, 4)
		} else if g.told.AnswersData {
			d.expert(Note, "tcp.analysis.tfo_ignored", "The data that came with the SYN is not accepted: it must be sent again.", pos+8, 4)
		}
	}
	if h.Flags()&0x10 == 0 && h.Ack() != 0 {
		d.expert(Note, "tcp.ack.nonzero", "There is an acknowledgment number, but the ACK flag is not set.", pos+8, 4)
	}
	if len(h) >= TCPMinSize && h.Flags()&0x20 == 0 && h.Urgent() != 0 {
		d.expert(Note, "tcp.urgent_pointer.non_zero", "There is an urgent pointer, but the URG flag is not set.", pos+18, 2)
	}
}

var tcpFlagExperts = []struct {
	mask, set  uint8
	severity   Severity
	name, text string
}{
	{0x12, 0x02, Chat, "tcp.connection.syn", "A connection is asked for."},
	{0x12, 0x12, Chat, "tcp.connection.synack", "A connection is accepted."},
	{0x01, 0x01, Chat, "tcp.connection.fin", "One side has no more to send."},
	{0x04, 0x04, Warning, "tcp.connection.rst", "The connection is reset."},
}

// unread shows a payload that is not read, and how much of it belongs to what
// another frame completes.
func (d *dissector) unread(p *Part, s span) {
	if kept := min(d.opt.Kept, s.end-s.pos); kept > 0 && d.in == InFrame && s.end == s.wire {
		p.Fields = append(p.Fields, d.node(tcpHeld, s.end-kept, kept))
	}
	if s.pos < s.end {
		d.payload(s)
		d.tree.Parts[len(d.tree.Parts)-1].Unread = true
	}
}

// tcpPayload adds the payload and reads it as an application's: what the
// segment completes, what it has whole, and at its end what it only begins.
// What only repeats something, or comes late, is not read again.
func (d *dissector) tcpPayload(p *Part, g *segment, s span) {
	read := func(s span) { d.application(g.h.SrcPort(), g.h.DstPort(), s, tcpApplications) }
	n := s.end - s.pos
	if n > 0 && g.h.Flags()&4 != 0 { // RFC 9293 sec. 3.5.3: a reset may say why
		p.Fields = append(p.Fields, d.node(tcpResetCause, s.pos, n))
		return
	}
	if n > 0 {
		p.Fields = append(p.Fields, d.node(tcpPayload, s.pos, n))
	}
	if g.told != nil && d.opt.Reassembled == nil {
		switch {
		case g.told.Findings&KeepAlive != 0:
			d.payload(s)
			return
		case g.told.Findings&(Retransmission|OutOfOrder) != 0 || d.opt.Again && d.in == InFrame:
			d.unread(p, s)
			return
		}
	}
	if d.in != InFrame || d.quoted {
		read(s)
		return
	}
	taken := min(d.opt.Taken, n)
	kept := min(d.opt.Kept, n-taken)
	if taken > 0 {
		p.Fields = append(p.Fields, d.node(tcpHeld, s.pos, taken))
	}
	if kept > 0 {
		p.Fields = append(p.Fields, d.node(tcpHeld, s.end-kept, kept))
	}
	if d.opt.Reassembled != nil { // a segment without data may complete it: a FIN
		d.reassembled(read)
	}
	rest := s.from(max(taken, min(d.opt.Passed, n-kept)))
	if d.opt.Passed >= n && n > 0 {
		p.Fields = append(p.Fields, d.valued(tcpContinues, p.Pos, 0, uint64(d.opt.Continues)))
		d.payload(s)
		return
	}
	if kept > 0 {
		rest = rest.first(s.end - kept - rest.pos)
	}
	switch d.above.Proto {
	case None, MQTT:
		d.units(p, tcpUnitSize, g.h.SrcPort(), g.h.DstPort(), rest, tcpUnits)
	case WebSocket:
		d.unitSizes(p, tcpUnitSize, webSocketFrames, rest)
	}
	read(rest)
	held := span{s.end - kept, s.end, s.end}
	if _, begins := TLSRecordLen(d.data[held.pos:held.end]); begins && kept == n { // only more of it tells what is in it
		d.part(TLS, held.pos, kept).Summary = "the beginning of a record"
		return
	}
	d.payload(held)
}
