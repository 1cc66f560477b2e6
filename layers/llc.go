package layers

import "encoding/binary"

// Service access points of LLC (IEEE 802.2; ISO/IEC TR 11802-1).
const (
	sapIP   = 0x06
	sapSTP  = 0x42
	sapSNAP = 0xaa
	sapIPX  = 0xe0
	sapOSI  = 0xfe
)

var saps = map[uint64]string{
	0: "null", 0x02: "LLC management", 0x04: "SNA", sapIP: "IP", 0x0e: "PROWAY", 0x42: "spanning tree", 0x4e: "MMS", 0x7e: "X.25",
	0x80: "3Com", 0x8e: "PROWAY", sapSNAP: "SNAP", 0xbc: "VINES", sapIPX: "NetWare", 0xf0: "NetBIOS", 0xf8: "HP extended", 0xfe: "OSI", 0xff: "global",
}

// Organisations that give protocols numbers for SNAP.
const (
	ouiEther   = 0x000000 // RFC 1042: an EtherType follows
	ouiCisco   = 0x00000c
	ouiBridged = 0x0000f8 // IEEE 802.1H: an EtherType follows
	ouiIEEE    = 0x0080c2 // RFC 2684: a bridged frame follows
	ouiCable   = 0x00e02f
)

const llcRFC = "IEEE 802.2 sec. 3"

var (
	llcAddresses = describe(LLC, llcRFC,
		split(enumRow(0, 1, "llc.dsap", "destination", saps, "The protocol that the frame is for, at the receiver."),
			&Field{Name: "llc.dsap.sap", Label: "access point", Type: TypeHex, Mask: 0xfe, Help: "The number of the protocol."},
			flag(0x01, "llc.dsap.ig", "group", "Set when several protocols at the receiver are meant.")),
		split(enumRow(1, 1, "llc.ssap", "source", saps, "The protocol that the frame is from, at the sender."),
			&Field{Name: "llc.ssap.sap", Label: "access point", Type: TypeHex, Mask: 0xfe, Help: "The number of the protocol."},
			flag(0x01, "llc.ssap.cr", "response", "Set when the frame answers a command.")))

	llcControlU = describeOne(LLC, "IEEE 802.2 sec. 5.3", hexRow(2, 1, "llc.control", "control", "The kind of frame; this one has no number."))
	llcControlN = describeOne(LLC, "IEEE 802.2 sec. 5.3", little(hexRow(2, 2, "llc.control", "control", "The kind of frame, with numbers that keep frames in order."))[0])

	llcPoll = llcPart(1, flag(0x10, "llc.control.p", "poll", "Set when the command asks for an answer."))
	llcEnd  = llcPart(1, flag(0x10, "llc.control.f", "final", "Set when the response answers a poll."))
	llcCmd  = llcPart(1, named(0xec, "llc.control.u_modifier_cmd", "command", llcCommands, "What the frame is for."))
	llcResp = llcPart(1, named(0xec, "llc.control.u_modifier_resp", "response", llcCommands, "What the frame is for."))
	llcU    = llcPart(1, named(0x03, "llc.control.ftype", "frame type", llcTypes, "Whether the frame has a number, and carries data."))

	llcNR    = llcPart(2, part(0xfe00, "llc.control.n_r", "expected number", "The number of the frame that the sender expects next: those before it have come."))
	llcNS    = llcPart(2, part(0x00fe, "llc.control.n_s", "number", "The number of this frame."))
	llcPollN = llcPart(2, flag(0x0100, "llc.control.p", "poll", "Set when the command asks for an answer."))
	llcEndN  = llcPart(2, flag(0x0100, "llc.control.f", "final", "Set when the response answers a poll."))
	llcS     = llcPart(2, named(0x000c, "llc.control.s_ftype", "supervisory type", map[uint64]string{0: "receive ready", 1: "receive not ready", 2: "reject"}, "Whether the sender of this can take more frames."))
	llcI     = llcPart(2, named(0x0001, "llc.control.ftype", "frame type", llcTypes, "Whether the frame has a number, and carries data."))
	llcSType = llcPart(2, named(0x0003, "llc.control.ftype", "frame type", llcTypes, "Whether the frame has a number, and carries data."))

	llcTypes    = map[uint64]string{0: "information", 1: "supervisory", 3: "unnumbered"}
	llcCommands = map[uint64]string{0: "UI", 0x03: "DM", 0x10: "DISC", 0x18: "UA", 0x1b: "SABME", 0x21: "FRMR", 0x2b: "XID", 0x38: "TEST"}

	snapRFC  = "IEEE 802 sec. 9"
	snapOUI  = describeOne(LLC, snapRFC, hexRow(0, 3, "llc.oui", "organisation", "Whose numbers of protocols the next field is from."))
	snapType = describeOne(LLC, "RFC 1042", enumRow(3, 2, "llc.type", "type", etherTypes, "What the frame carries, as an EtherType."))
	snapPID  = describeOne(LLC, snapRFC, hexRow(3, 2, "llc.pid", "protocol", "What the frame carries, as the organisation's number."))
	snapPIDs = map[uint32]*Field{}

	xidFields = describe(BasicXID, "IEEE 802.2 sec. 5.4.1.1.2",
		hexRow(0, 1, "basicxid.llc.xid.format", "format", "How the rest is laid out: 0x81, as IEEE says."),
		hexRow(1, 1, "basicxid.llc.xid.types", "types", "Which types of LLC the sender can do."),
		uintRow(2, 1, "basicxid.llc.xid.wsize", "receive window", "How many frames the sender takes before it acknowledges."))
)

func init() {
	for oui, name := range map[uint32]string{
		ouiCisco: "llc.cisco_pid", 0x080007: "llc.apple_atalk_pid", 0x0017f2: "llc.apple_awdl_pid", 0x001958: "llc.bluetooth_pid", 0x001090: "llc.cimetrics_pid",
		0x00e02b: "llc.extreme_pid", 0x0001e8: "llc.force10_pid", 0x00e052: "llc.foundry_pid", 0x00805f: "llc.hpteam_pid", 0x00005e: "llc.iana_pid",
		0x000081: "llc.nortel_pid", 0x004096: "llc.wlccp_pid",
	} {
		snapPIDs[oui] = describeOne(LLC, snapRFC, hexRow(3, 2, name, "protocol", "What the frame carries, as this organisation's number."))
	}
}

// llcPart is a part of the control field of 1 or 2 bytes.
func llcPart(size int, f *Field) *Field {
	f.At, f.Size, f.Little = 2, size, size == 2
	return describeOne(LLC, "IEEE 802.2 sec. 5.3", f)
}

// llc reads an LLC frame (IEEE 802.2), and gives the end of what it carries.
func (d *dissector) llc(s span) {
	d.depth++
	defer func() { d.depth-- }()
	if !d.within() {
		d.payload(s)
		return
	}
	p := d.part(LLC, s.pos, min(3, s.end-s.pos))
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, llcAddresses, s.pos, s); !ok || s.end-s.pos < 3 {
		p.Len, p.Payload = min(2, s.end-s.pos), s.pos+min(2, s.end-s.pos)
		d.short(LLC, s)
		return
	}
	b := d.data[s.pos:s.end]
	p.Summary = show(llcAddresses[1], uint64(b[1]&^1), nil) + " ► " + show(llcAddresses[0], uint64(b[0]), nil)
	response := b[1]&1 != 0
	size := 1
	if b[2]&3 != 3 {
		size = 2
	}
	if len(b) < 2+size {
		d.short(LLC, s)
		return
	}
	p.Fields = append(p.Fields, d.llcControl(s.pos, size, b[2], response))
	p.Len, p.Payload = 2+size, s.pos+2+size
	information := b[2]&1 == 0 || b[2]&^0x10 == 3
	switch inner := s.from(2 + size); {
	case b[0] == sapSNAP && b[1] == sapSNAP:
		d.snap(p, llcSNAP, information, inner)
	case inner.size() == 0:
	case information:
		d.sap(b[0], inner)
	case b[2]&^0x10 == 0xaf && inner.end > inner.pos && d.data[inner.pos] == 0x81:
		x := d.part(BasicXID, inner.pos, min(3, inner.end-inner.pos))
		if x.Fields, ok = d.fixed(x.Fields, xidFields, inner.pos, inner); !ok {
			d.short(BasicXID, inner)
		}
	default:
		d.payload(inner)
	}
}

// llcControl is the node of the control field.
func (d *dissector) llcControl(at, size int, kind byte, response bool) Node {
	var f *Field
	var rows []*Field
	add := func(f *Field) { rows = append(rows, f) }
	numbered := size == 2
	if numbered {
		f = llcControlN
		add(llcNR)
		if kind&1 == 0 {
			add(llcNS)
		}
	} else {
		f = llcControlU
	}
	n := d.node(f, at+2, size)
	poll := n.Uint&0x10 != 0
	if numbered {
		poll = n.Uint&0x100 != 0
	}
	if poll {
		add(pick(response, pick(numbered, llcEndN, llcEnd), pick(numbered, llcPollN, llcPoll)))
	}
	switch {
	case !numbered:
		add(pick(response, llcResp, llcCmd))
		add(llcU)
	case kind&1 == 0:
		add(llcI)
	default:
		add(llcS)
		add(llcSType)
	}
	n.Children, _ = d.fixed(nil, rows, at, span{at, at + 2 + size, at + 2 + size})
	return n
}

func pick(first bool, a, b *Field) *Field {
	if first {
		return a
	}
	return b
}

// sap reads what an access point is for.
func (d *dissector) sap(dsap byte, s span) {
	switch dsap {
	case sapIP:
		d.ip(s)
	case sapSTP:
		d.stp(s)
	default:
		d.payload(s)
	}
}

// snapRows are the rows of a SNAP header in some protocol's frames.
type snapRows struct {
	oui, etype, pid *Field
	pids            map[uint32]*Field
	bridgePad       int // bytes between the header and a bridged frame
}

var llcSNAP = snapRows{snapOUI, snapType, snapPID, snapPIDs, 2}

// snap reads a SNAP header, of part p, and what it stands before.
func (d *dissector) snap(p *Part, rows snapRows, information bool, s span) {
	if s.end-s.pos < 5 {
		p.Len, p.Payload = s.end-p.Pos, s.end
		d.short(LLC, s)
		return
	}
	oui := uint32(number(d.data[s.pos : s.pos+3]))
	pid := binary.BigEndian.Uint16(d.data[s.pos+3:])
	p.Len, p.Payload = s.pos+5-p.Pos, s.pos+5
	p.Fields = append(p.Fields, d.node(rows.oui, s.pos, 3))
	f := rows.pid
	ether := oui == ouiEther || oui == ouiBridged
	if own := rows.pids[oui]; own != nil {
		f = own
	} else if ether {
		f = rows.etype
	}
	inner := s.from(5)
	if ether && !information {
		d.payload(inner)
		return
	}
	n := d.node(f, s.pos+3, 2)
	p.Fields = append(p.Fields, n)
	p.Summary += ", " + n.Show
	switch {
	case ether:
		d.etherType(pid, inner)
	case oui == ouiIEEE && (pid == 1 || pid == 7):
		d.ethernet(inner.from(rows.bridgePad), map[bool]int{true: FCSSize, false: -1}[pid == 1])
	case oui == ouiIEEE && pid == 0x0e, oui == ouiCable:
		d.stp(inner)
	case oui == ouiCisco && information:
		d.snapCisco(pid, inner)
	default:
		d.payload(inner)
	}
}

// snapCisco reads a payload by Cisco's numbers.
func (d *dissector) snapCisco(pid uint16, s span) {
	switch pid {
	case 0x2000:
		d.cdp(s)
	case 0x0108, 0x0109, 0x010b, 0x010c:
		d.stp(s)
	default:
		d.payload(s)
	}
}
