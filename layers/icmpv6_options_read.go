package layers

import "encoding/binary"

// options reads the options of a message up to its end.
func (m *message6) options() {
	for m.pos < m.wire && !*m.broken {
		m.option()
	}
}

func (m *message6) option() {
	kind, size := m.peek(0, 1), m.peek(1, 1)*8
	n := m.over(&m.fields, ndOpt, size)
	if size == 0 && !*m.broken { // RFC 4861 section 4.6: the message is to be dropped
		n = m.over(&m.fields, ndOpt, 2)
		n.Len = 0
		m.all(&n.Children, ndOptStart...)
		m.expert(Error, "icmpv6.invalid_option_length", "An option's length is zero.", m.pos-1, 1)
		*m.broken = true
		return
	}
	if *m.broken {
		return
	}
	o, known := ndOptions[kind]
	end := m.pos + size
	m.all(&n.Children, ndOptStart...)
	if *m.broken {
		return
	}
	n.Children[1].Show = count(size, "byte")
	n.Show = o.name
	if !known {
		n.Show = "unknown"
		m.expert(Note, "icmpv6.undecoded.option", "This option is not known here.", n.Pos, n.Len)
		o.read = ndRest(icmpv6Data)
	}
	for _, f := range o.before {
		m.over(&n.Children, f, f.Size)
	}
	if len(o.before) > 0 {
		m.skip(o.before[0].Size)
	}
	m.all(&n.Children, o.rows...)
	if o.each != nil {
		for m.pos < end && !*m.broken {
			m.take(&n.Children, o.each, o.each.Size)
		}
	}
	if o.read != nil {
		quoted := len(m.fields) - 1
		o.read(m, n, end)
		n = &m.fields[quoted]
	}
	if m.pos+m.beyond < end && !*m.broken {
		m.unknown(&n.Children, end-m.pos)
	}
	m.beyond = 0
	m.span = span{max(m.whole.pos, min(end, m.whole.end)), m.whole.end, m.whole.wire}
}

// ndRest shows what is left of an option as one field.
func ndRest(f *Field) func(*message6, *Node, int) {
	return func(m *message6, n *Node, end int) { m.take(&n.Children, f, end-m.pos) }
}

// linkAddress reads an address whose length tells its kind: 6 bytes of a MAC
// address, or an EUI-64 with padding.
func linkAddress(m *message6, n *Node, end int) {
	other := int(n.Children[0].Uint) // 1: the source's, 2: the target's
	size := end - m.pos
	eui64 := size == 14 && m.peek(8, 6) == 0
	rows := ndLink
	if *m.broken {
		return
	}
	if size == 6 && m.ok(6) {
		n.Show += ": " + showMAC(m.data[m.pos:])
	}
	if eui64 {
		rows, size = ndLink64, 8
		n.Show += ": " + showBytes(m.data[m.pos:m.pos+8])
	}
	m.over(&n.Children, rows[0], size)
	if eui64 && other == 1 { // for filters, Wireshark has this one under the plain names, too
		m.over(&n.Children, rows[1], size)
		plain := m.over(&n.Children, ndLink[0], size)
		plain.Hidden = true
		rows = ndLink
	}
	m.take(&n.Children, rows[other], size)
	if eui64 {
		m.take(&n.Children, ndPadding, 6)
	}
}

func redirectedPacket(m *message6, n *Node, end int) {
	if *m.broken || end <= m.pos {
		return
	}
	packet := m.first(end - m.pos)
	m.take(&n.Children, ndPacket, end-m.pos)
	m.quote(packet, (*dissector).quoted6)
}

// shortcutLimit reads the limit. Wireshark shows the reserved bytes one byte
// early, so the last of them is left over.
func shortcutLimit(m *message6, n *Node, _ int) {
	m.over(&n.Children, ndNBMA, 1)
	m.take(&n.Children, ndReserved1, 1)
	m.take(&n.Children, ndReserved4, 4)
}

// ndTime reads a time in units of 1/65536 s (RFC 3971 section 5.3.1).
func ndTime(m *message6, n *Node, _ int) {
	if t := m.take(&n.Children, ndStamp, 8); !*m.broken {
		v := binary.BigEndian.Uint64(m.data[t.Pos:])
		t.Uint = (v>>16%(1<<33))*1e9 + (v & 0xffff * 1e9 >> 16)
		t.Show = show(ndStamp, t.Uint, nil)
	}
}

// cutPrefix reads a prefix that may lack its second half, or be missing.
func cutPrefix(f *Field) func(*message6, *Node, int) {
	return func(m *message6, n *Node, end int) {
		switch size := end - m.pos; size {
		case 0:
		case 8, 16:
			m.prefix(n, f, size)
		default:
			m.expert(Error, "icmpv6.invalid_option_length", "A prefix has 0, 8 or 16 bytes.", n.Pos+1, 1)
		}
	}
}

// prefix adds an address that lacks its last bytes, which are zero.
func (m *message6) prefix(n *Node, f *Field, size int) {
	if p := m.take(&n.Children, f, size); !*m.broken {
		var whole [16]byte
		copy(whole[:], m.data[p.Pos:p.Pos+size])
		p.Show = showIP(whole[:])
		n.Show += ": " + p.Show
	}
}

// translatorPrefix reads a prefix whose length a code tells (RFC 8781 section
// 4); it always takes 12 bytes.
func translatorPrefix(m *message6, n *Node, _ int) {
	code := int(n.Children[len(n.Children)-1].Uint)
	sizes := [...]int{12, 8, 7, 6, 5, 4}
	if *m.broken {
		return
	}
	if code >= len(sizes) {
		m.expert(Error, "icmpv6.invalid_option_length", "The prefix length code is unknown.", n.Pos+1, 1)
		m.skipTo(m.pos + 12)
		return
	}
	m.prefix(n, ndPref64, sizes[code])
	m.skipTo(m.pos + 12 - sizes[code])
}

// skipTo passes over bytes that nothing shows, whether they are there or not.
func (m *message6) skipTo(at int) {
	m.span = span{min(at, m.end), m.end, max(at, m.wire)}
}

// searchList reads domain names up to the padding.
func searchList(m *message6, n *Node, end int) {
	for m.pos < end && !*m.broken {
		if m.peek(0, 1) == 0 {
			m.take(&n.Children, ndPadding, end-m.pos)
			return
		}
		m.name(&n.Children, ndDomain)
	}
}

// name reads a domain name without compression, as one field.
func (m *message6) name(dst *[]Node, f *Field) {
	size := 0
	for {
		label := m.peek(size, 1)
		if *m.broken {
			return
		}
		if size += 1 + label; label == 0 || label > 63 {
			break
		}
	}
	if !m.ok(size) {
		return
	}
	text := ""
	for b := m.data[m.pos : m.pos+size]; len(b) > 1 && int(b[0]) < len(b); b = b[1+int(b[0]):] {
		text += string(b[1:1+int(b[0])]) + "."
	}
	node := m.take(dst, f, size)
	node.Show = Printable(text)
}

// acknowledgment reads another address, when the status says that it is there.
func acknowledgment(m *message6, n *Node, end int) {
	if n.Children[len(n.Children)-1].Uint == 2 {
		m.take(&n.Children, ndNCoA, 16)
		return
	}
	m.take(&n.Children, ndReserved4, end-m.pos)
}

// handoverKey reads a key, or the wish for one.
func handoverKey(m *message6, n *Node, end int) {
	pad := int(m.take(&n.Children, ndHandover[0], 1).Uint)
	m.over(&n.Children, ndHandover[1], 1)
	m.take(&n.Children, ndHandover[2], 1)
	key := ndHandover[4]
	if n.Children[0].Uint == 28 {
		m.take(&n.Children, ndHandover[3], 2)
		key = ndHandover[5]
	}
	m.take(&n.Children, key, end-m.pos-pad)
	m.over(&n.Children, ndHandover[6], pad)
	m.skip(min(1, pad)) // all of the padding, for Wireshark, is one byte
}

// counted6 reads a value whose length is told, and padding. Wireshark takes
// the padding's length from where the message begins, not the option.
func counted6(f *Field) func(*message6, *Node, int) {
	return func(m *message6, n *Node, end int) {
		if *m.broken {
			return
		}
		m.take(&n.Children, f, int(n.Children[len(n.Children)-1].Uint))
		pad := end - n.Pos - (m.pos - m.whole.pos)
		if pad >= 0 {
			m.take(&n.Children, ndPadding, pad)
			return
		}
		m.over(&n.Children, ndPadding, m.left())
		m.span = span{max(n.Pos, m.pos+pad), m.end, m.wire} // and back
	}
}

// trustAnchor reads the name of who is trusted.
func trustAnchor(m *message6, n *Node, end int) {
	if *m.broken {
		return
	}
	pad, kind := int(n.Children[len(n.Children)-1].Uint), n.Children[len(n.Children)-2].Uint
	switch size := end - m.pos - pad; kind {
	case 1:
		m.take(&n.Children, ndX501, size)
	case 2:
		m.take(&n.Children, ndFQDN, size)
	default:
		m.skip(size)
	}
	m.take(&n.Children, ndPadding, pad)
}

// certificate reads a certificate as far as its length in DER.
func certificate(m *message6, n *Node, end int) {
	if *m.broken {
		return
	}
	if n.Children[len(n.Children)-2].Uint != 1 {
		m.take(&n.Children, ndCertRest, end-m.pos)
		return
	}
	m.take(&n.Children, ndCertificate, m.der())
	m.take(&n.Children, ndPadding, end-m.pos)
}

// der is how many bytes the next value in DER has, tag and length included
// (X.690 section 8.1.3).
func (m *message6) der() int {
	switch n := m.peek(1, 1); {
	case n < 0x80:
		return 2 + n
	case n&0x7f <= 3:
		return 2 + n&0x7f + m.peek(2, n&0x7f)
	}
	*m.broken = true
	return 0
}

// generatedAddress reads what an address was made from (RFC 3972 section 3).
func generatedAddress(m *message6, n *Node, end int) {
	if *m.broken {
		return
	}
	pad := int(n.Children[len(n.Children)-2].Uint)
	last := end - pad
	cga := m.over(&n.Children, ndCGA, last-m.pos)
	m.all(&cga.Children, ndCGAStart...)
	m.take(&cga.Children, ndKeyInfo, m.der())
	for m.pos < last && !*m.broken {
		m.all(&cga.Children, ndCGAExt[0], ndCGAExt[1])
		if !*m.broken {
			m.take(&cga.Children, ndCGAExt[2], int(cga.Children[len(cga.Children)-1].Uint))
		}
	}
	m.take(&n.Children, ndPadding, pad)
}
