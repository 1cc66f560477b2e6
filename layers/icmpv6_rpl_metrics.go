package layers

// Metrics of RPL's routes (RFC 6551).

const rfcMetric = "RFC 6551 sec. 2.1"

var (
	metricType = one(ICMPv6, rfcMetric, choice("icmpv6.rpl.opt.metric.type", "metric", 0, map[uint64]string{1: "node state", 2: "node energy", 3: "hop count", 4: "link throughput",
		5: "link latency", 6: "link quality", 7: "expected transmissions", 8: "link color"}, "What is measured."))
	metricHead = rows(ICMPv6, rfcMetric,
		word("icmpv6.rpl.opt.metric.flags", "flags", TypeHex, 2, "How the metric is used.",
			bit("icmpv6.rpl.opt.metric.reserved", "reserved", TypeHex, 0xf800, "Not used; zero."),
			bit("icmpv6.rpl.opt.metric.flag.p", "partial", TypeBool, 0x400, "Not all nodes on the way have added to it."),
			bit("icmpv6.rpl.opt.metric.flag.c", "constraint", TypeBool, 0x200, "It is a bound that routes must keep."),
			bit("icmpv6.rpl.opt.metric.flag.o", "optional", TypeBool, 0x100, "The bound may be broken."),
			bit("icmpv6.rpl.opt.metric.flag.r", "recorded", TypeBool, 0x80, "Each node's value is there, not their sum."),
			bit("icmpv6.rpl.opt.metric.flag.a", "aggregation", TypeHex, 0x70, "How values are put together: 0 sum, 1 maximum, 2 minimum, 3 product."),
			bit("icmpv6.rpl.opt.metric.prec", "precedence", TypeHex, 0x0f, "Which of several metrics counts first; 0 is the highest.")),
		word("icmpv6.rpl.opt.metric.length", "length", TypeUint, 1, "How many bytes follow."))
	metricState = one(ICMPv6, "RFC 6551 sec. 3.1", word("icmpv6.rpl.opt.metric.nsa.object", "node state", TypeHex, 2, "What the node can do.",
		bit("icmpv6.rpl.opt.metric.nsa.object.reserved", "reserved", TypeHex, 0xff00, "Not used; zero."),
		bit("icmpv6.rpl.opt.metric.nsa.object.flags", "flags", TypeHex, 0xfc, "Not used; zero."),
		bit("icmpv6.rpl.opt.metric.nsa.object.flag.a", "aggregator", TypeBool, 2, "The node puts data of others together."),
		bit("icmpv6.rpl.opt.metric.nsa.object.flag.o", "overload", TypeBool, 1, "The node is overloaded.")))
	metricTLV  = one(ICMPv6, "RFC 6551 sec. 3.1", word("icmpv6.rpl.opt.metric.nsa.object.opttlv.object", "more", TypeUint, 0, "More about the node."))
	metricTLVs = rows(ICMPv6, "RFC 6551 sec. 3.1",
		word("icmpv6.rpl.opt.metric.nsa.object.opttlv.object.type", "type", TypeUint, 1, "What it is about."),
		word("icmpv6.rpl.opt.metric.nsa.object.opttlv.object.length", "length", TypeUint, 1, "How many bytes follow."),
		word("icmpv6.rpl.opt.metric.nsa.object.opttlv.object.data", "data", TypeBytes, 0, "What it says."))
	metricEnergy = one(ICMPv6, "RFC 6551 sec. 3.2", word("icmpv6.rpl.opt.metric.ne.object", "node energy", TypeHex, 2, "What the node lives on.",
		bit("icmpv6.rpl.opt.metric.ne.object.flags", "flags", TypeHex, 0xf000, "Not used; zero."),
		bit("icmpv6.rpl.opt.metric.ne.object.flag.i", "included", TypeBool, 0x800, "Nodes of the type are to be used, not left out."),
		bit("icmpv6.rpl.opt.metric.ne.object.type", "type", TypeHex, 0x600, "0: mains; 1: battery; 2: what it finds."),
		bit("icmpv6.rpl.opt.metric.ne.object.flag.e", "estimated", TypeBool, 0x100, "The energy is told."),
		bit("icmpv6.rpl.opt.metric.ne.object.energy", "energy", TypeHex, 0xff, "How much is left, in percent.")))
	metricHops = one(ICMPv6, "RFC 6551 sec. 3.3", word("icmpv6.rpl.opt.metric.hp.object", "hop count", TypeHex, 2, "How many hops there are.",
		bit("icmpv6.rpl.opt.metric.hp.object.reserved", "reserved", TypeHex, 0xf000, "Not used; zero."),
		bit("icmpv6.rpl.opt.metric.hp.object.flags", "flags", TypeHex, 0x0f00, "Not used; zero."),
		bit("icmpv6.rpl.opt.metric.hp.object.hp", "hops", TypeUint, 0xff, "The number of hops.")))
	metricThroughput = one(ICMPv6, "RFC 6551 sec. 4.1", word("icmpv6.rpl.opt.metric.lt.object.lt", "throughput", TypeUint, 4, "In bytes a second."))
	metricLatency    = one(ICMPv6, "RFC 6551 sec. 4.2", word("icmpv6.rpl.opt.metric.ll.object.ll", "latency", TypeUint, 4, "In microseconds."))
	metricQualityRes = one(ICMPv6, "RFC 6551 sec. 4.3.1", word("icmpv6.rpl.opt.metric.lql.object.res", "reserved", TypeHex, 1, "Not used; zero."))
	metricQuality    = one(ICMPv6, "RFC 6551 sec. 4.3.1", word("icmpv6.rpl.opt.metric.lql.object", "link quality", TypeHex, 1, "How many links of a quality there are.",
		bit("icmpv6.rpl.opt.metric.lql.object.val", "quality", TypeHex, 0xe0, "1 is the best, 7 the worst."),
		bit("icmpv6.rpl.opt.metric.lql.object.counter", "links", TypeUint, 0x1f, "How many links have it.")))
	metricETX       = one(ICMPv6, "RFC 6551 sec. 4.3.2", word("icmpv6.rpl.opt.metric.etx.object.etx", "expected transmissions", TypeUint, 2, "How often a packet is sent until it arrives, times 128."))
	metricColorRes  = one(ICMPv6, "RFC 6551 sec. 4.4", word("icmpv6.rpl.opt.metric.lc.object.res", "reserved", TypeHex, 1, "Not used; zero."))
	metricColor     = one(ICMPv6, "RFC 6551 sec. 4.4", word("icmpv6.rpl.opt.metric.lc.object", "link color", TypeNone, 2, "Of which kind links are."))
	metricColorRows = rows(ICMPv6, "RFC 6551 sec. 4.4",
		word("icmpv6.rpl.opt.metric.lc.object.lc", "color", TypeHex, 2, "The kind."),
		word("icmpv6.rpl.opt.metric.lc.object.reserved", "reserved", TypeUint, 2, "Not used; zero."),
		word("icmpv6.rpl.opt.metric.lc.object.flag.i", "included", TypeUint, 2, "Links of the kind are to be used, not left out."),
		word("icmpv6.rpl.opt.metric.lc.object.counter", "links", TypeUint, 2, "How many links have it."))
)

func init() {
	metricQualityRes.Mask, metricColorRes.Mask = 0xff, 0xff
	for i, mask := range []uint64{0xffc0, 0x3e, 1, 0x3f} {
		metricColorRows[i].Mask = mask
	}
}

// rplMetrics reads metrics up to the end of their option, as Wireshark counts
// it: two bytes early.
func rplMetrics(m *message6, n *Node, end int) {
	for m.pos < end-2 && !*m.broken {
		m.rplMetric(n)
	}
}

// rplMetric reads one metric. What follows its head takes as many bytes as
// its type needs.
func (m *message6) rplMetric(n *Node) {
	metric := m.take(&n.Children, metricType, 1)
	m.all(&metric.Children, metricHead...)
	if *m.broken {
		return
	}
	flags, size := int(metric.Children[0].Uint), int(metric.Children[1].Uint)
	metric.Len = min(4+size, len(m.data)-metric.Pos)
	each, step := (*Field)(nil), 0
	switch metric.Uint {
	case 1:
		m.metricState(metric, size)
	case 2:
		each, step = metricEnergy, 2
	case 3:
		m.take(&metric.Children, metricHops, 2)
	case 4:
		each, step = metricThroughput, 4
	case 5:
		each, step = metricLatency, 4
	case 6:
		m.take(&metric.Children, metricQualityRes, 1)
		size--
		each, step = metricQuality, 1
	case 7:
		each, step = metricETX, 2
	case 8:
		m.take(&metric.Children, metricColorRes, 1)
		m.metricColors(metric, flags, size-1)
	default:
		m.expert(Note, "icmpv6.rpl.unknown.metric", "This metric is not known here.", metric.Pos, 1)
	}
	for ; each != nil && size > 0 && !*m.broken; size -= step {
		m.take(&metric.Children, each, step)
	}
}

func (m *message6) metricState(metric *Node, size int) {
	m.take(&metric.Children, metricState, 2)
	for size -= 2; size > 0 && !*m.broken; {
		tlv := m.over(&metric.Children, metricTLV, 1)
		m.take(&tlv.Children, metricTLVs[0], 1)
		length := int(m.take(&tlv.Children, metricTLVs[1], 1).Uint)
		if *m.broken {
			return
		}
		tlv.Len = min(2+length, len(m.data)-tlv.Pos)
		m.take(&tlv.Children, metricTLVs[2], length)
		size -= 2 + length
	}
}

// metricColors reads the kinds of links: as a constraint, or counted.
func (m *message6) metricColors(metric *Node, flags, size int) {
	for ; size > 0 && !*m.broken; size -= 2 {
		color := m.over(&metric.Children, metricColor, 2)
		m.over(&color.Children, metricColorRows[0], 2)
		switch {
		case flags&0x200 != 0:
			m.over(&color.Children, metricColorRows[1], 2)
			m.over(&color.Children, metricColorRows[2], 2)
		case flags&0x80 != 0:
			m.over(&color.Children, metricColorRows[3], 2)
		default:
			m.expert(Note, "icmpv6.rpl.unknown.metric", "The color is neither a constraint nor counted.", m.pos, 2)
		}
		m.skip(2)
	}
}
