package layers

import "strconv"

// Version 1 of PIM, which comes in IGMP's messages.

var pimOldTypes = map[uint64]string{0: "query", 1: "register", 2: "register-stop", 3: "join and prune", 4: "meeting point's reach", 5: "assert", 6: "graft", 7: "graft-ack", 8: "mode"}

var (
	pimOldStart   = describe(PIM, pimOldRFC, enumRow(1, 1, "pim.code", "type", pimOldTypes, "What the message of version 1 is for."), pimSum[0])
	pimOldVersion = describe(PIM, pimOldRFC, pimVersion(4))
	pimOldRest    = describeOne(PIM, pimOldRFC, bytesRow(5, 3, "pim.res_bytes", "reserved", "Zero."))

	pimOldMode  = describeOne(PIM, pimOldRFC, &Field{Name: "pim.mode", Label: "mode", Type: TypeEnum, Size: 1, Mask: 0xf0, Names: pimModes, Help: "How the router speaks PIM."})
	pimOldMask  = describeOne(PIM, pimOldRFC, ipv4Row(0, "pim.group_mask", "mask", "Which groups are meant, too."))
	pimOldGroup = describeOne(PIM, pimOldRFC, ipv4Row(0, "pim.group_address", "group", "The group that is sent to."))
	pimOldJoin  = []*Field{pimOldBytes(1),
		describeOne(PIM, pimOldRFC, uintRow(0, 1, "pim.mask_len", "mask's length", "How many bytes a mask has.")),
		describeOne(PIM, pimOldRFC, uintRow(0, 1, "pim.addr_len", "address's length", "How many bytes an address has."))}
	pimOldSource = describe(PIM, pimOldRFC, append(inWord(0, 1,
		part(0x08, "pim.src_flags.a", "annotated", "Something more is said of the source."),
		part(0x04, "pim.src_flags.s", "sparse", "PIM's sparse mode is spoken."),
		part(0x02, "pim.src_flags.w", "wildcard", "Any source of the group."),
		part(0x01, "pim.src_flags.r", "shared tree", "It goes up the tree to the meeting point."),
		part(0xf0, "pim.src_flags.rsv", "reserved", "Zero.")), pimMask(1))...)
)

func pimOldBytes(n int) *Field {
	return describeOne(PIM, pimOldRFC, bytesRow(0, n, "pim.res_bytes", "reserved", "Zero."))
}

// pimOldReaders read messages by their type, behind the header that all have.
var pimOldReaders map[uint8]func(*pimMessage, *[]Node)

func init() { // a packet within comes back to these readers
	pimOldReaders = map[uint8]func(*pimMessage, *[]Node){
		0: func(m *pimMessage, dst *[]Node) {
			m.all(dst, pimOldMode)
			m.skip(1)
			m.all(dst, pimHold)
		},
		1: func(m *pimMessage, dst *[]Node) { m.packet(dst, m.pos-PIMRegisterSize) },
		2: func(m *pimMessage, dst *[]Node) { m.all(dst, pimGroup[0], pimSource[0]) },
		3: (*pimMessage).oldJoinPrune,
		4: func(m *pimMessage, dst *[]Node) {
			m.all(dst, pimOldGroup, pimOldMask, pimRP[0])
			m.all(&m.beside, pimOldTwo)
			m.all(dst, pimHold)
		},
		5: func(m *pimMessage, dst *[]Node) {
			m.all(dst, pimOldGroup, pimOldMask)
			if !*m.broken {
				m.way(dst, pimTree, 8)
			}
		},
		6: (*pimMessage).oldJoinPrune,
		7: (*pimMessage).oldJoinPrune,
	}
}

var pimOldTwo = pimOldBytes(2)

// pimOld reads a message of version 1.
func (d *dissector) pimOld(s span) {
	m := pimMessage{cursor: d.cursor(s), part: len(d.tree.Parts)}
	p := d.part(PIM, s.pos, s.end-s.pos)
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, pimOldStart, s.pos, s); !ok {
		d.short(PIM, s)
		return
	}
	code := d.data[s.pos+1]
	p.Summary = showEnumName(pimOldTypes, uint64(code)) + ", version 1"
	whole := s
	if code == pimTypeRegister {
		whole = s.first(PIMRegisterSize)
	}
	verdict := d.verdict(pimStatus, s.pos+2, checksumUnverified)
	if s.end-s.pos > pimSize && d.data[s.pos+pimSize]>>4 == 1 {
		verdict = d.verdict(pimStatus, s.pos+2, d.judge(&p.Fields[1], whole, 0, Error, "pim.bad_checksum"))
	}
	p.Fields = append(p.Fields, verdict)
	if p.Fields, ok = d.fixed(p.Fields, pimOldVersion, s.pos, s); ok && d.data[s.pos+pimSize]>>4 != 1 {
		return
	}
	if ok {
		p.Fields, ok = d.fixed(p.Fields, []*Field{pimOldRest}, s.pos, s)
	}
	if !ok {
		d.short(PIM, s)
		return
	}
	if m.skip(PIMRegisterSize); s.size() > PIMRegisterSize {
		m.tell(pimOldReaders[code], s)
	}
}

// oldJoinPrune reads which packets are wanted, and which no more.
func (m *pimMessage) oldJoinPrune(dst *[]Node) {
	m.all(dst, pimUpstream[0])
	m.all(&m.beside, pimOldTwo)
	m.all(dst, pimHold)
	m.all(&m.beside, pimOldJoin[0])
	m.all(dst, pimOldJoin[1:]...)
	groups := m.peek(0, 1)
	m.take(dst, pimJoinStart[1], 1)
	for i := 0; i < groups && !*m.broken; i++ {
		group := m.take(dst, pimGroup[0], 4)
		to := &group.Children
		m.all(to, pimOldMask)
		joins, prunes := m.peek(0, 2), m.peek(2, 2)
		counts := m.cut(4)
		m.oldSources(counts.take(to, pimJoins, 2), joins, pimJoined[0])
		m.oldSources(counts.take(to, pimPrunes, 2), prunes, pimPruned[0])
		group.Show += ", " + strconv.Itoa(joins) + " joined, " + strconv.Itoa(prunes) + " pruned"
	}
}

// oldSources reads addresses under their number.
func (m *pimMessage) oldSources(n *Node, many int, who *Field) {
	for i := 0; i < many && !*m.broken; i++ {
		m.way(&n.Children, pimOldSource, 2)
		m.all(&n.Children, who)
	}
}
