package layers

import "strconv"

// PIM's number as an IP protocol, and sizes of its headers, in bytes.
const (
	ipPIM = 103

	pimSize         = 4 // type and checksum
	PIMRegisterSize = 8 // with the flags of the message that carries a packet (RFC 7761 section 4.9.3)
)

// Types of messages (RFC 7761 section 4.9, RFC 5015, RFC 8364).
const (
	pimTypeHello    = 0
	pimTypeRegister = 1
	pimTypeElection = 10
	pimTypeFlood    = 12
)

// Families and encodings of addresses (RFC 7761 section 4.9.1, RFC 5384).
const (
	pimIPv4           = 1
	pimIPv6           = 2
	pimWithAttributes = 1
)

// pimMessage is a message being read: its options lie in it one after the
// other, and some fields beside them.
type pimMessage struct {
	*cursor
	part    int // which part of the tree it is
	options Node
	beside  []Node // fields that tshark has beside the options
	note    string // what the summary says beside the type
	version uint8
	kind    uint8 // type; of an election also which
	step    uint8
}

// pim reads a message of version 2.
func (d *dissector) pim(s span) {
	if s.size() == 0 && !d.overIPv6 { // the header alone in a null register: it is none, but over IPv6 to Wireshark one that is cut
		return
	}
	m := pimMessage{cursor: d.cursor(s), part: len(d.tree.Parts)}
	p := d.part(PIM, s.pos, s.end-s.pos)
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, pimKind, s.pos, s); !ok {
		d.short(PIM, s)
		return
	}
	m.version, m.kind = d.data[s.pos]>>4, d.data[s.pos]&15
	p.Summary = showEnumName(pimTypes, uint64(m.kind))
	second := pimReserved
	switch m.kind {
	case pimTypeElection:
		second = pimElection
	case pimTypeFlood:
		second = pimNoForward
	}
	if p.Fields, ok = d.fixed(p.Fields, second, s.pos, s); ok {
		m.step = d.data[s.pos+1] >> 4
		p.Fields, ok = d.fixed(p.Fields, pimSum, s.pos, s)
	}
	if !ok {
		d.short(PIM, s)
		return
	}
	p.Fields = append(p.Fields, d.pimChecksum(s, m.version, m.kind, &p.Fields[len(p.Fields)-1]))
	if m.version != 2 {
		p.Summary = "version " + strconv.Itoa(int(m.version))
		p.Fields = append(p.Fields, d.told(pimOptions, s.pos, s.end-s.pos, ""))
		return
	}
	if m.skip(pimSize); s.size() == pimSize {
		return
	}
	m.tell(pimReaders[m.kind], s)
}

// tell reads what the message tells behind its header.
func (m *pimMessage) tell(read func(*pimMessage, *[]Node), s span) {
	m.options = m.told(pimOptions, m.pos, m.end-m.pos, "")
	if read != nil {
		read(m, &m.options.Children)
	}
	p := &m.tree.Parts[m.part]
	if m.options.Len > 0 {
		p.Fields = append(p.Fields, m.options)
	}
	p.Fields = append(p.Fields, m.beside...)
	p.Summary += m.note
	if *m.broken {
		m.short(PIM, s)
	}
}

// pimChecksum is the verdict on a checksum, which protects no more of a
// register than its own header (RFC 7761 section 4.9.3).
func (d *dissector) pimChecksum(s span, version, kind uint8, n *Node) Node {
	verdict := uint64(checksumUnverified)
	whole := s
	if kind == pimTypeRegister {
		whole = s.first(PIMRegisterSize)
	}
	if version == 2 && whole.whole() && (kind != pimTypeRegister || whole.size() == PIMRegisterSize) {
		acc := uint64(0)
		if d.overIPv6 { // RFC 7761 section 4.9: with a pseudo-header
			acc = d.pseudo + ipPIM + uint64(whole.size())
		}
		verdict = d.judge(n, whole, acc, Error, "pim.bad_checksum")
	}
	return d.verdict(pimStatus, s.pos+2, verdict)
}

// register reads the message by which a router sends a packet for a group to
// the group's meeting point.
func (m *pimMessage) register(dst *[]Node) {
	at := m.pos - pimSize
	var ok bool
	if *dst, ok = m.fixed(*dst, []*Field{pimFlags}, at, m.span); !ok {
		*m.broken = true
		return
	}
	m.packet(dst, at)
}

// packet reads the packet in a message that begins at a place.
func (m *pimMessage) packet(dst *[]Node, at int) {
	message := span{at, m.end, m.wire}
	var ok bool
	if *dst, ok = m.fixed(*dst, []*Field{pimIPVersion}, at, message); !ok {
		*m.broken = true
		return
	}
	inner := message.from(PIMRegisterSize)
	switch m.data[inner.pos] >> 4 {
	case 4, 6:
		m.tree.Parts[m.part].Payload = inner.pos
		m.ip(inner)
	case 0:
		*dst = append(*dst, m.told(pimDummy, inner.pos, inner.end-inner.pos, ""))
		pair := pimPair
		if m.overIPv6 {
			pair = pimPair6
		}
		if *dst, ok = m.fixed(*dst, pair, at, message); !ok {
			*m.broken = true
		}
	}
}

// The kinds of addresses in messages (RFC 7761 section 4.9.1).
type pimAddressKind uint8

const (
	pimOne   pimAddressKind = iota // a router or host
	pimRange                       // groups
	pimTree4                       // a source, or the meeting point, of a tree
)

// address reads an address. It gives false where there is none that can be
// read: of another family, or in another encoding.
func (m *pimMessage) address(dst *[]Node, kind pimAddressKind, who pimWho) (n *Node, ok bool) {
	family, encoding := m.peek(0, 1), m.peek(1, 1)
	if *m.broken || family != pimIPv4 && family != pimIPv6 || encoding > pimWithAttributes {
		return nil, false
	}
	i, size, head := family-pimIPv4, [2]int{4, 16}[family-pimIPv4], 2
	itself, flags := pimUnicast, []*Field(nil)
	switch kind {
	case pimRange:
		head, itself, flags = 4, pimGroup, pimGroupFlags
	case pimTree4:
		head, itself, flags = 4, pimSource, pimSourceFlags
	}
	if !m.ok(head + size) {
		return nil, false
	}
	n = m.over(dst, who[i], head+size)
	to := &n.Children
	m.all(to, pimHead...)
	if flags != nil {
		at := m.pos - 2
		*to, _ = m.fixed(*to, flags, at, m.span)
		m.skip(2)
	}
	inner := m.take(to, itself[i], size)
	n.Show, n.Uint = inner.Show, inner.Uint
	if kind == pimTree4 && encoding == pimWithAttributes {
		m.attributes(to, who)
	}
	return n, !*m.broken
}

// attributes reads what follows an address: as many as there are, up to the
// one that says that it is the last (RFC 5384 section 3.3).
func (m *pimMessage) attributes(dst *[]Node, who pimWho) {
	const last, vector, locator = 0x40, 0, 6
	for end := false; !end && m.size() >= 2 && !*m.broken; {
		size := m.peek(1, 1)
		if *m.broken {
			return
		}
		n := m.told(pimJoinAttribute, m.pos, min(2+size, m.left()), "")
		kind := m.data[m.pos]
		end = kind&last != 0
		n.Children, _ = m.fixed(n.Children, pimJoinHead, m.pos, m.span)
		n.Show = showEnumName(pimAttributes, uint64(kind&0x3f))
		m.skip(2)
		value := m.cut(size) // empty, and all is broken, where the message ends before
		inner := pimMessage{cursor: value}
		switch {
		case kind&0x3f == vector && (size == 6 || size == 18):
			inner.address(&n.Children, pimOne, pimUnicast)
		case kind&0x3f == locator && size > 4:
			inner.locator(&n.Children, who)
		default:
			value.rest(&n.Children, pimJoinValue)
		}
		*dst = append(*dst, n)
	}
}

// locator reads where a receiver is reached (RFC 8059 section 4.2).
func (m *pimMessage) locator(dst *[]Node, who pimWho) {
	family := m.peek(0, 1)
	if family != pimIPv4 && (family != pimIPv6 || m.left() < 17) {
		return
	}
	i := family - pimIPv4
	n := m.over(dst, who[i], m.left())
	m.all(&n.Children, pimHead[0])
	inner := m.take(&n.Children, pimLocator[i], [2]int{4, 16}[i])
	n.Show, n.Uint = inner.Show, inner.Uint
}
