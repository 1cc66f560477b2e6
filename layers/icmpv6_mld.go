package layers

// Multicast listener discovery (RFC 2710, RFC 9777).

const (
	rfcMLDQuery  = "RFC 9777 sec. 5.1"
	rfcMLDReport = "RFC 9777 sec. 5.2"
)

var (
	mldDelay   = one(ICMPv6, "RFC 2710 sec. 3.4", word("icmpv6.mld.maximum_response_delay", "maximum response delay", TypeUint, 2, "How many milliseconds a listener may wait before it answers."))
	mldCode    = one(ICMPv6, rfcMLDQuery, word("icmpv6.mld.maximum_response_code", "maximum response code", TypeUint, 2, "How many milliseconds a listener may wait before it answers."))
	mldAddress = one(ICMPv6, rfcMLDQuery, word("icmpv6.mld.multicast_address", "multicast address", TypeIPv6, 16, "The group in question; zero: all."))
	mldFlags   = one(ICMPv6, rfcMLDQuery, word("icmpv6.mld.flag", "flags", TypeHex, 1, "What routers should make of the query.",
		bit("icmpv6.mld.flag.s", "suppress", TypeBool, 0x08, "Other routers do not take the query as a reason to change their timers."),
		bit("icmpv6.mld.flag.qrv", "robustness", TypeUint, 0x07, "How many lost messages the querier allows for."),
		bit("icmpv6.mld.flag.reserved", "reserved", TypeUint, 0xf0, "Not used; zero.")))
	mldInterval = one(ICMPv6, rfcMLDQuery, word("icmpv6.mld.qqi", "query interval", TypeUint, 1, "How many seconds apart the querier asks."))
	mldSources  = one(ICMPv6, rfcMLDQuery, word("icmpv6.mld.nb_sources", "sources", TypeUint, 2, "How many source addresses follow."))
	mldSource   = one(ICMPv6, rfcMLDQuery, word("icmpv6.mld.source_address", "source", TypeIPv6, 16, "A source in question."))
	mldRecords  = one(ICMPv6, rfcMLDReport, word("icmpv6.mldr.nb_mcast_records", "records", TypeUint, 2, "How many records follow."))
	mldRecord   = one(ICMPv6, rfcMLDReport, word("icmpv6.mldr.mar", "record", TypeNone, 0, "What the sender wants to hear of one group."))
	mldHead     = rows(ICMPv6, rfcMLDReport,
		choice("icmpv6.mldr.mar.record_type", "record type", 1, groupRecords, "What the list of sources means."),
		word("icmpv6.mldr.mar.aux_data_len", "auxiliary length", TypeUint, 1, "How many 32-bit words of other data end the record."),
		word("icmpv6.mldr.mar.nb_sources", "sources", TypeUint, 2, "How many source addresses follow."),
		word("icmpv6.mldr.mar.multicast_address", "multicast address", TypeIPv6, 16, "The group."))
	mldRecordSource = one(ICMPv6, rfcMLDReport, word("icmpv6.mldr.mar.source_address", "source", TypeIPv6, 16, "A source that the sender does or does not want to hear."))
	mldAuxiliary    = one(ICMPv6, rfcMLDReport, word("icmpv6.mldr.mar.auxiliary_data", "auxiliary data", TypeBytes, 0, "Not used."))
)

// groupRecords are the types of group records, the same in IGMP.
var groupRecords = map[uint64]string{1: "only these sources", 2: "all but these sources", 3: "from now on only these sources", 4: "from now on all but these sources",
	5: "these sources, too", 6: "these sources no more"}

// floating is the value of a number whose high bit says that it has an
// exponent of 3 bits, and a mantissa of so many (RFC 9777 section 5.1.3).
func floating(v uint64, mantissa int) uint64 {
	if v>>(mantissa+3)&1 == 0 {
		return v
	}
	return (v&(1<<mantissa-1) | 1<<mantissa) << (v>>mantissa&7 + 3)
}

// floated gives a node the value of a floating number.
func (n *Node) floated(mantissa int) {
	n.Uint = floating(n.Uint, mantissa)
	if n.Field != nil {
		n.Show = show(n.Field, n.Uint, nil)
	}
}

// listener reads a query, or a report of version 1. Queries of version 2 are
// longer (RFC 9777 section 8.1).
func (m *message6) listener() {
	if m.kind == icmpv6MLDQuery && m.whole.end-m.whole.pos >= 28 {
		m.take(&m.fields, mldCode, 2).floated(12)
		m.all(&m.fields, icmpv6Reserved2, mldAddress, mldFlags)
		m.take(&m.fields, mldInterval, 1).floated(4)
		n := m.take(&m.fields, mldSources, 2).Uint
		for range n {
			if m.take(&m.fields, mldSource, 16); *m.broken {
				break
			}
		}
	} else {
		m.all(&m.fields, mldDelay, icmpv6Reserved2, mldAddress)
	}
	m.addShow(" ", mldAddress)
}

// listenerReport reads a report of version 2.
func (m *message6) listenerReport() {
	m.all(&m.fields, icmpv6Reserved2, mldRecords)
	for m.pos < m.wire && !*m.broken {
		n := m.over(&m.fields, mldRecord, m.left())
		m.all(&n.Children, mldHead...)
		if *m.broken {
			return
		}
		aux, sources := int(n.Children[1].Uint)*4, int(n.Children[2].Uint)
		for range sources {
			if m.take(&n.Children, mldRecordSource, 16); *m.broken {
				return
			}
		}
		m.take(&n.Children, mldAuxiliary, aux)
		if !*m.broken {
			n.Len = m.pos - n.Pos
			n.Show = n.Children[0].Show + ": " + n.Children[3].Show
			m.summary += ", " + n.Children[3].Show
		}
	}
}
