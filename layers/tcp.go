package layers

import "encoding/binary"

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
	tcpQuoted = append(tcpNumbers[:1:1], tcpNumbers[2:]...)
	tcpFlags  = table(TCP, &Field{Name: "tcp.flags", Label: "flags", Type: TypeHex, At: 12, Size: 2, Mask: 0x0fff, RFC: "RFC 9293 sec. 3.1",
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
			{Name: "tcp.flags.str", Label: "flags in letters", Type: TypeBytes, At: 12, Size: 2, RFC: "RFC 9293 sec. 3.1", Hidden: true, Help: "The flags that are set, as words."}}})
	tcpRest = table(TCP,
		&Field{Name: "tcp.window_size_value", Label: "window", Type: TypeUint, At: 14, Size: 2, RFC: "RFC 9293 sec. 3.1",
			Help: "How many bytes the sender can take now, before scaling: it is flow control."},
		&Field{Name: "tcp.window_size", Label: "window, calculated", Type: TypeUint, At: 14, Size: 2, RFC: "RFC 7323 sec. 2", Hidden: true,
			Help: "The window after scaling; from one frame alone the scale is not known."})
	tcpScale = table(TCP, &Field{Name: "tcp.window_size_scalefactor", Label: "window scale", Type: TypeNone, At: 14, Size: 2, RFC: "RFC 7323 sec. 2", Hidden: true,
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
	tcpHeld = row(TCP, Field{Name: "tcp.segment_data", Label: "segment data", Type: TypeBytes, RFC: "RFC 9293 sec. 3.1",
		Help: "A piece of a message that is complete only with a later segment."})
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

// tcp reads a segment.
func (d *dissector) tcp(s span) {
	p := d.part(TCP, s.pos, min(TCPMinSize, s.end-s.pos))
	p.Fields, _ = d.fixed(p.Fields, tcpPorts, s.pos, s)
	if s.end-s.pos < TCPMinSize {
		p.Fields, _ = d.fixed(p.Fields, tcpNumbers[:1], s.pos, s)
		d.short(TCP, s)
		return
	}
	h := TCPHeader(d.data[s.pos:s.end])
	numbers := tcpNumbers
	if d.quoted { // as Wireshark has it: one sequence number, for it may be all there is
		numbers = tcpQuoted
	}
	p.Fields, _ = d.fixed(p.Fields, numbers, s.pos, s)
	find(p.Fields, "tcp.hdr_len").Show = count(h.HeaderLen(), "byte")
	if h.HeaderLen() < TCPMinSize {
		d.expert(Error, "tcp.bogus_header_length", "The header length is below 20 bytes.", s.pos+12, 1)
		return
	}
	p.Len = min(h.HeaderLen(), s.end-s.pos)
	p.Payload = s.pos + p.Len
	length := max(0, s.size()-h.HeaderLen())
	p.Summary = h.summary(length)
	d.tcpFixed(p, h, s)
	if h.HeaderLen() > TCPMinSize {
		list := s.first(h.HeaderLen()).from(TCPMinSize)
		if list.end > list.pos {
			p.Fields = append(p.Fields, d.tcpOptions(list, h.Flags()))
		}
		if list.end-list.pos < h.HeaderLen()-TCPMinSize {
			d.short(TCP, s)
			return
		}
	}
	d.tcpPayload(p, h, s.from(h.HeaderLen()))
}

func (h TCPHeader) summary(length int) string {
	text := show(tcpPorts[0], uint64(h.SrcPort()), nil) + " ► " + show(tcpPorts[1], uint64(h.DstPort()), nil)
	if f := h.Flags(); f&^0x18 != 0 { // more than ACK and PSH, which most have
		text += ", " + showFlags(f&^0x08)
	}
	text += ", seq " + show(tcpNumbers[0], uint64(h.Seq()), nil)
	if length == 0 && h.Flags()&0x10 != 0 {
		return text + ", ack " + show(tcpNumbers[2], uint64(h.Ack()), nil)
	}
	return text + ", " + count(length, "byte")
}

// tcpFixed adds what follows the header length, and looks at the flags.
func (d *dissector) tcpFixed(p *Part, h TCPHeader, s span) {
	at := len(p.Fields)
	p.Fields, _ = d.fixed(p.Fields, tcpFlags, s.pos, s)
	f := &p.Fields[at]
	f.Show = showFlags(h.Flags())
	f.Children[len(f.Children)-1].Show = f.Show
	p.Fields, _ = d.fixed(p.Fields, tcpRest, s.pos, s)
	if h.Flags()&2 == 0 {
		p.Fields, _ = d.fixed(p.Fields, tcpScale, s.pos, s)
		p.Fields[len(p.Fields)-1].Show = "not known from this frame"
	}
	p.Fields, _ = d.fixed(p.Fields, tcpEnd, s.pos, s)
	verdict := d.checksum(ProtocolTCP, s, s.size(), &p.Fields[len(p.Fields)-1], "tcp.checksum_bad.expert")
	p.Fields = append(p.Fields, d.verdict(tcpStatus, s.pos+16, verdict))
	p.Fields, _ = d.fixed(p.Fields, tcpUrgent, s.pos, s)
	if d.quoted {
		return
	}
	for _, e := range tcpFlagExperts {
		if h.Flags()&e.mask == e.set {
			d.expert(e.severity, e.name, e.text, s.pos+13, 1)
		}
	}
	if h.Flags()&0x10 == 0 && h.Ack() != 0 {
		d.expert(Note, "tcp.ack.nonzero", "There is an acknowledgment number, but the ACK flag is not set.", s.pos+8, 4)
	}
	if h.Flags()&0x20 == 0 && h.Urgent() != 0 {
		d.expert(Note, "tcp.urgent_pointer.non_zero", "There is an urgent pointer, but the URG flag is not set.", s.pos+18, 2)
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

// tcpPayload adds the payload and reads it as an application's: what the
// segment completes, what it has whole, and at its end what it only begins.
func (d *dissector) tcpPayload(p *Part, h TCPHeader, s span) {
	read := func(s span) { d.application(h.SrcPort(), h.DstPort(), s, tcpApplications) }
	n := s.end - s.pos
	if n > 0 {
		p.Fields = append(p.Fields, d.node(tcpPayload, s.pos, n))
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
	rest := s.from(taken)
	if kept > 0 {
		rest = rest.first(n - taken - kept)
	}
	read(rest)
	d.payload(span{s.end - kept, s.end, s.end})
}
