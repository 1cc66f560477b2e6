package layers

// IGMP message types (IANA).
const (
	igmpV0CreateRequest = 0x01
	igmpV0Last          = 0x0f
	igmpQuery           = 0x11
	igmpV1Report        = 0x12
	igmpDVMRP           = 0x13
	igmpPIM             = 0x14
	igmpV2Report        = 0x16
	igmpLeave           = 0x17
	igmpTraceResponse   = 0x1e
	igmpTrace           = 0x1f
	igmpV3Report        = 0x22
	igmpV3QuerySize     = 12 // bytes of a query of version 3 without sources
	igmpTraceBlockSize  = 32
)

var igmpTypes = map[uint64]string{
	1: "create group request", 2: "create group reply", 3: "join group request", 4: "join group reply", 5: "leave group request", 6: "leave group reply",
	7: "confirm group request", 8: "confirm group reply", igmpQuery: "membership query", igmpV1Report: "membership report, version 1", igmpDVMRP: "DVMRP",
	igmpPIM: "PIM, version 1", igmpV2Report: "membership report, version 2", igmpLeave: "leave group", igmpTraceResponse: "traceroute response",
	igmpTrace: "traceroute", igmpV3Report: "membership report, version 3", 0x23: "MSNIP", 0x24: "MSNIP", 0x25: "MSNIP", 0x26: "multicast router discovery",
}

const (
	rfcIGMP1 = "RFC 1112 app. I"
	rfcIGMP2 = "RFC 2236 sec. 2"
	rfcIGMPQ = "RFC 9776 sec. 4.1"
	rfcIGMPR = "RFC 9776 sec. 4.2"
	rfcIGMP0 = "RFC 988 app. I"
	rfcTrace = "draft-ietf-idmr-traceroute-ipm-07 sec. 4"
)

var (
	igmpType     = one(IGMP, rfcIGMP2, choice("igmp.type", "type", 1, igmpTypes, "What the message is about."))
	igmpReserved = rows(IGMP, rfcIGMPR,
		word("igmp.reserved", "reserved", TypeBytes, 1, "Not used; zero."),
		word("igmp.reserved", "reserved", TypeBytes, 2, "Not used; zero."))
	igmpMaxResp = one(IGMP, rfcIGMP2, word("igmp.max_resp", "maximum response time", TypeUint, 1, "How long a host may wait before it answers, in tenths of a second."))
	igmpFloat   = rows(IGMP, "RFC 9776 sec. 4.1.1",
		word("igmp.max_resp.exp", "exponent", TypeHex, 1, "The time is the mantissa times 2 to the power of this and 3."),
		word("igmp.max_resp.mant", "mantissa", TypeHex, 1, "To which 16 is added."))
	igmpChecksum = one(IGMP, rfcIGMP2, word("igmp.checksum", "checksum", TypeHex, 2, "Protects the message."))
	igmpStatus   = row(IGMP, Field{Name: "igmp.checksum.status", Label: "checksum status", Type: TypeEnum, Names: checksumStatus, Help: "Whether the checksum fits the message."})
	igmpGroup    = one(IGMP, rfcIGMP2, word("igmp.maddr", "group", TypeIPv4, 4, "The multicast group in question; zero: all."))
	igmpData     = one(IGMP, rfcIGMP2, word("igmp.data", "data", TypeBytes, 0, "What a message of a type that is not known here says."))
	igmpRobusts  = rows(IGMP, rfcIGMPQ,
		word("igmp.s", "suppress", TypeBool, 1, "Other routers do not take the query as a reason to change their timers."),
		word("igmp.qrv", "robustness", TypeUint, 1, "How many lost messages the querier allows for."))
	igmpInterval = one(IGMP, rfcIGMPQ, word("igmp.qqic", "query interval", TypeUint, 1, "How many seconds apart the querier asks."))
	igmpSources  = one(IGMP, rfcIGMPQ, word("igmp.num_src", "sources", TypeUint, 2, "How many source addresses follow."))
	igmpSource   = one(IGMP, rfcIGMPQ, word("igmp.saddr", "source", TypeIPv4, 4, "A source that is or is not wanted."))
	igmpRecords  = one(IGMP, rfcIGMPR, word("igmp.num_grp_recs", "records", TypeUint, 2, "How many group records follow."))
	igmpRecord   = one(IGMP, rfcIGMPR, word("", "group record", TypeBytes, 8, "What the sender wants to hear of one group."))
	igmpRecordHd = rows(IGMP, rfcIGMPR,
		choice("igmp.record_type", "record type", 1, groupRecords, "What the list of sources means."),
		word("igmp.aux_data_len", "auxiliary length", TypeUint, 1, "How many 32-bit words of other data end the record."))
	igmpAux = one(IGMP, rfcIGMPR, word("igmp.aux_data", "auxiliary data", TypeBytes, 0, "Not used."))

	igmpV0Codes = rows(IGMP, rfcIGMP0,
		word("igmp.group_type", "group type", TypeUint, 1, "0: public; 1: private."),
		choice("igmp.reply", "reply", 1, map[uint64]string{0: "granted", 1: "no resources", 2: "invalid code", 3: "invalid group", 4: "invalid key"}, "How the request went."),
		word("igmp.reply.pending", "reply pending", TypeUint, 1, "In how many seconds to ask again."))
	igmpV0Rest = rows(IGMP, rfcIGMP0,
		word("igmp.identifier", "identifier", TypeUint, 4, "Which request this is."),
		igmpGroup,
		word("igmp.access_key", "access key", TypeBytes, 8, "Who knows it may use a private group."))

	traceHops = one(IGMP, rfcTrace, word("igmp.mtrace.max_hops", "hops", TypeUint, 1, "How many hops are traced at most."))
	traceHead = rows(IGMP, rfcTrace,
		word("igmp.mtrace.saddr", "source", TypeIPv4, 4, "The source of the path."),
		word("igmp.mtrace.raddr", "receiver", TypeIPv4, 4, "The receiver at the end of the path."),
		word("igmp.mtrace.rspaddr", "response address", TypeIPv4, 4, "Where the response goes."),
		word("igmp.mtrace.resp_ttl", "response TTL", TypeUint, 1, "The TTL of the response."),
		word("igmp.mtrace.q_id", "query", TypeUint, 3, "Which question this is; the response repeats it."))
	traceBlock = one(IGMP, rfcTrace, word("", "response block", TypeBytes, igmpTraceBlockSize, "What one router on the path says."))
	traceRows  = rows(IGMP, rfcTrace,
		word("igmp.mtrace.q_arrival", "arrival", TypeUint, 4, "When the question arrived: the middle of an NTP time."),
		word("igmp.mtrace.q_inaddr", "came over", TypeIPv4, 4, "The interface over which the group's packets come."),
		word("igmp.mtrace.q_outaddr", "went over", TypeIPv4, 4, "The interface over which they go on."),
		word("igmp.mtrace.q_prevrtr", "previous router", TypeIPv4, 4, "The router before this one."),
		word("igmp.mtrace.q_inpkt", "packets in", TypeUint, 4, "How many multicast packets came over the first interface."),
		word("igmp.mtrace.q_outpkt", "packets out", TypeUint, 4, "How many went over the second."),
		word("igmp.mtrace.q_total", "packets of the path", TypeUint, 4, "How many of them were this source's to this group."),
		word("igmp.mtrace.q_rtg_proto", "routing protocol", TypeUint, 1, "How the router knows the path."),
		word("igmp.mtrace.q_fwd_ttl", "forwarding TTL", TypeUint, 1, "Which TTL a packet needs to be passed on."))
	traceBits = rows(IGMP, rfcTrace,
		word("igmp.mtrace.q_mbz", "must be zero", TypeHex, 1, "Not used; zero."),
		word("igmp.mtrace.q_s", "whole source", TypeHex, 1, "The packets of the path are those of all sources in the mask."),
		word("igmp.mtrace.q_src_mask", "source mask", TypeHex, 1, "How many bits of the source count."))
	traceCode = one(IGMP, rfcTrace, word("igmp.mtrace.q_fwd_code", "forwarding code", TypeHex, 1, "Whether all was well; otherwise why the path ends here."))
)

func init() { // what shares a byte
	igmpFloat[0].Mask, igmpFloat[1].Mask = 0x70, 0x0f
	igmpRobusts[0].Mask, igmpRobusts[1].Mask = 0x08, 0x07
	traceBits[0].Mask, traceBits[1].Mask, traceBits[2].Mask = 0x80, 0x40, 0x3f
}

// groupMessage is an IGMP message being read.
type groupMessage struct {
	*cursor
	p     *Part
	whole span
	kind  int
}

// igmpGuests are messages of other protocols that share IGMP's number: they
// are data. Some are known only by the group that they are sent to; 0: any.
var igmpGuests = map[uint8]uint64{igmpDVMRP: 0, 0x40: 0, 0x41: 0, 0x42: 0,
	0x23: 0xe0000016, 0x24: 0xe0000016, 0x25: 0xe0000016, 0x26: 0xe000006a, 0xfc: 0xe0000019, 0xfd: 0xe0000019, 0xfe: 0xe0000019, 0xff: 0xe0000019}

// igmpGuest says whether a message is another protocol's.
func (d *dissector) igmpGuest(kind uint8) bool {
	group, ok := igmpGuests[kind]
	if !ok || group == 0 {
		return ok
	}
	ip := &d.tree.Parts[len(d.tree.Parts)-1]
	dst := find(ip.Fields, "ip.dst")
	return dst != nil && dst.Uint == group
}

// igmp reads a message.
func (d *dissector) igmp(s span) {
	if s.end > s.pos && d.data[s.pos] == igmpPIM {
		d.pimOld(s)
		return
	}
	if s.end > s.pos && d.igmpGuest(d.data[s.pos]) {
		d.payload(s)
		return
	}
	p := d.part(IGMP, s.pos, s.end-s.pos)
	m := groupMessage{d.cursor(s), p, s, 0}
	m.kind = int(m.take(&p.Fields, igmpType, 1).Uint)
	p.Summary = showEnumName(igmpTypes, uint64(m.kind))
	switch {
	case *m.broken:
	case m.kind <= igmpV0Last:
		m.version0()
	case m.kind == igmpQuery && s.size() >= igmpV3QuerySize: // RFC 9776 section 7.1
		if m.ok(igmpV3QuerySize - 1) { // Wireshark shows nothing without the number of sources
			m.query3()
		}
	case m.kind == igmpV3Report:
		m.report3()
	case m.kind == igmpTrace, m.kind == igmpTraceResponse:
		m.trace()
	case m.kind == igmpV1Report, m.kind == igmpQuery && m.peek(0, 1) == 0: // in version 1, there was no time
		m.take(&p.Fields, igmpReserved[0], 1)
		m.checked()
		m.group()
	case m.kind == igmpQuery, m.kind == igmpV2Report, m.kind == igmpLeave:
		m.take(&p.Fields, igmpMaxResp, 1)
		m.checked()
		m.group()
	default:
		m.rest(&p.Fields, igmpData)
	}
	p.Payload = min(m.pos, s.end)
	if *m.broken {
		d.short(IGMP, s)
	}
}

// checked reads the checksum.
func (m *groupMessage) checked() {
	n := m.take(&m.p.Fields, igmpChecksum, 2)
	if !*m.broken {
		v := m.judge(n, m.whole, 0, Error, "igmp.bad_checksum")
		m.p.Fields = append(m.p.Fields, m.verdict(igmpStatus, n.Pos, v))
	}
}

func (m *groupMessage) group() {
	if g := m.take(&m.p.Fields, igmpGroup, 4); !*m.broken {
		m.p.Summary += " " + g.Show
	}
}

// version0 reads a message of the first form, which nobody uses any more.
func (m *groupMessage) version0() {
	switch {
	case m.kind == igmpV0CreateRequest:
		m.take(&m.p.Fields, igmpV0Codes[0], 1)
	case m.kind%2 == 1:
		m.skip(1)
	case m.peek(0, 1) < 5:
		m.take(&m.p.Fields, igmpV0Codes[1], 1)
	default:
		m.take(&m.p.Fields, igmpV0Codes[2], 1)
	}
	m.checked()
	m.all(&m.p.Fields, igmpV0Rest...)
}

func (m *groupMessage) query3() {
	n := m.take(&m.p.Fields, igmpMaxResp, 1)
	if n.Uint >= 128 {
		m.span = span{m.pos - 1, m.end, m.wire}
		m.over(&n.Children, igmpFloat[0], 1)
		m.take(&n.Children, igmpFloat[1], 1)
	}
	n.floated(4)
	m.checked()
	m.group()
	m.over(&m.p.Fields, igmpRobusts[0], 1)
	m.take(&m.p.Fields, igmpRobusts[1], 1)
	m.take(&m.p.Fields, igmpInterval, 1)
	sources := m.take(&m.p.Fields, igmpSources, 2).Uint
	for ; sources > 0 && !*m.broken; sources-- {
		m.take(&m.p.Fields, igmpSource, 4)
	}
}

func (m *groupMessage) report3() {
	m.take(&m.p.Fields, igmpReserved[0], 1)
	m.checked()
	m.take(&m.p.Fields, igmpReserved[1], 2)
	records := m.take(&m.p.Fields, igmpRecords, 2).Uint
	for ; records > 0 && !*m.broken; records-- {
		m.record()
	}
}

// record reads what the sender wants to hear of one group.
func (m *groupMessage) record() {
	aux, sources := m.peek(1, 1)*4, m.peek(2, 2)
	n := m.over(&m.p.Fields, igmpRecord, min(8+sources*4+aux, max(8, m.left())))
	m.all(&n.Children, igmpRecordHd...)
	m.all(&n.Children, igmpSources, igmpGroup)
	if !*m.broken {
		n.Show = n.Children[0].Show + ": " + n.Children[3].Show
		m.p.Summary += ", " + n.Children[3].Show
	}
	for ; sources > 0 && !*m.broken; sources-- {
		m.take(&n.Children, igmpSource, 4)
	}
	m.take(&n.Children, igmpAux, aux)
}

// trace reads a multicast traceroute: what is asked, and what each router on
// the path has answered.
func (m *groupMessage) trace() {
	m.take(&m.p.Fields, traceHops, 1)
	m.checked()
	m.group()
	m.all(&m.p.Fields, traceHead...)
	for m.wire-m.pos >= igmpTraceBlockSize && !*m.broken {
		n := m.over(&m.p.Fields, traceBlock, igmpTraceBlockSize)
		m.all(&n.Children, traceRows...)
		m.over(&n.Children, traceBits[0], 1)
		m.over(&n.Children, traceBits[1], 1)
		m.take(&n.Children, traceBits[2], 1)
		m.take(&n.Children, traceCode, 1)
	}
}
