package layers

import "fmt"

const (
	slowRFC = "IEEE 802.3 annex 57A"
	lacpRFC = "IEEE 802.1AX sec. 6.4.2"
)

var (
	slowSubtype = describe(Slow, slowRFC, enumRow(0, 1, "slow.subtype", "protocol", map[uint64]string{1: "LACP", 2: "marker", 3: "OAM", 10: "organisation's own"}, "Which of the protocols that send rarely this is."))
	lacpVersion = describeOne(LACP, lacpRFC, hexRow(0, 1, "lacp.version", "version", "The version of LACP."))
	lacpType    = describeOne(LACP, lacpRFC, enumRow(0, 1, "lacp.tlv_type", "record", map[uint64]string{0: "end", 1: "actor", 2: "partner", 3: "collector"}, "Whom the record is about: the sender, or the neighbour as the sender sees it."))
	lacpLength  = describeOne(LACP, lacpRFC, hexRow(0, 1, "lacp.tlv_length", "length", "How many bytes the record has, with type and length."))
	lacpActor   = lacpParty("actor", "the sender's")
	lacpPartner = lacpParty("partner", "the neighbour's")
	lacpCollect = describe(LACP, lacpRFC, uintRow(0, 2, "lacp.collector.max_delay", "largest delay", "How long the sender needs to take a frame in, in units of 10 µs."),
		bytesRow(0, 12, "lacp.coll_reserved", "reserved", "Zero."))
	lacpPad     = describeOne(LACP, lacpRFC, bytesRow(0, 0, "lacp.pad", "padding", "Zeros up to the frame's fixed size."))
	lacpUnknown = describeOne(LACP, lacpRFC, bytesRow(0, 0, "lacp.unknown", "record", "A record that no table describes."))
)

// lacpParty are the rows of one end of the link.
func lacpParty(name, whose string) []*Field {
	p := "lacp." + name + "."
	state := hexRow(14, 1, p+"state", "state", "How far the link is on its way into the group.")
	for _, b := range []struct {
		mask        uint64
		name, label string
		help        string
	}{
		{0x01, "activity", "active", "Set when this end sends without being asked."}, {0x02, "timeout", "short timeout", "Set when this end wants to hear every second."},
		{0x04, "aggregation", "can be aggregated", "Set when the link can be one of several."}, {0x08, "synchronization", "in sync", "Set when the link is in the right group."},
		{0x10, "collecting", "collecting", "Set when frames are taken from the link."}, {0x20, "distributing", "distributing", "Set when frames are sent on the link."},
		{0x40, "defaulted", "defaulted", "Set when the other end has not been heard."}, {0x80, "expired", "expired", "Set when the other end has been silent too long."},
	} {
		split(state, flag(b.mask, p+"state."+b.name, b.label, b.help))
	}
	return describe(LACP, lacpRFC,
		uintRow(0, 2, p+"sys_priority", "system's priority", "Of "+whose+" system; the smaller decides."),
		macRow(2, p+"sysid", "system", "The address of "+whose+" system."),
		uintRow(8, 2, p+"key", "key", "Links of "+whose+" system with the same key can be one group."),
		uintRow(10, 2, p+"port_priority", "port's priority", "Of "+whose+" port; the smaller is taken first."),
		uintRow(12, 2, p+"port", "port", "The number of "+whose+" port."),
		state,
		&Field{Name: p + "state_str", Label: "state in letters", Type: TypeString, At: 14, Size: 1, Help: "The same state, a letter for each bit that is set."},
		bytesRow(15, 3, p+"reserved", "reserved", "Zero."))
}

const lacpPartySize = 18

// slow reads a frame of Ethernet's slow protocols.
func (d *dissector) slow(s span) {
	p := d.part(Slow, s.pos, min(1, s.end-s.pos))
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, slowSubtype, s.pos, s); !ok {
		d.short(Slow, s)
		return
	}
	p.Summary = p.Fields[0].Show
	if p.Fields[0].Uint == 1 {
		d.lacp(s.from(1))
	} else {
		d.payload(s.from(1))
	}
}

// lacp reads what a station tells of a link that may become one of a group.
func (d *dissector) lacp(s span) {
	i := len(d.tree.Parts)
	d.part(LACP, s.pos, s.end-s.pos)
	c := d.cursor(s)
	var fields []Node
	c.all(&fields, lacpVersion)
	for c.left() >= 2 {
		kind, size := c.peek(0, 1), c.peek(1, 1)
		c.all(&fields, lacpType, lacpLength)
		if kind == 0 {
			c.rest(&fields, lacpPad)
			break
		}
		v := c.cut(max(0, size-2))
		switch {
		case kind == 1 && v.ok(lacpPartySize):
			fields, _ = d.fixed(fields, lacpActor, v.pos, v.span)
		case kind == 2 && v.ok(lacpPartySize):
			fields, _ = d.fixed(fields, lacpPartner, v.pos, v.span)
		case kind == 3:
			v.all(&fields, lacpCollect...)
		default:
			v.rest(&fields, lacpUnknown)
		}
	}
	p := &d.tree.Parts[i]
	p.Fields = fields
	if actor, partner := find(fields, "lacp.actor.sysid"), find(fields, "lacp.partner.sysid"); actor != nil && partner != nil {
		p.Summary = fmt.Sprintf("%s with %s", actor.Show, partner.Show)
	}
	for i := range fields {
		if n := &fields[i]; n.Field.Type == TypeString {
			n.Show = lacpLetters(d.data[n.Pos])
		}
	}
	if *c.broken {
		d.short(LACP, s)
	}
}

// lacpLetters writes a state with a letter for each bit, the last first.
func lacpLetters(state byte) string {
	letters := []byte("EFDCSGSA")
	for i := range letters {
		if state&(0x80>>i) == 0 {
			letters[i] = '*'
		}
	}
	return string(letters)
}
