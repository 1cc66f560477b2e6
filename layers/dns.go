package layers

// DNSSize is the size of a DNS header (RFC 1035 section 4.1.1), in bytes.
const DNSSize = 12

const dnsRFC = "RFC 1035 sec. 4.1.1"

func dnsFlag(name, label string, mask uint64, help string) *Field {
	return &Field{Name: "dns.flags." + name, Label: label, Type: TypeBool, At: 2, Size: 2, Mask: mask, RFC: dnsRFC, Help: help}
}

var (
	dnsLength = row(DNS, Field{Name: "dns.length", Label: "length", Type: TypeUint, RFC: "RFC 1035 sec. 4.2.2",
		Help: "Over TCP: how many bytes the message has, for a stream has no other mark of its end."})
	dnsID    = table(DNS, &Field{Name: "dns.id", Label: "ID", Type: TypeHex, At: 0, Size: 2, RFC: dnsRFC, Help: "Chosen by who asks; the answer repeats it."})
	dnsFlags = row(DNS, Field{Name: "dns.flags", Label: "flags", Type: TypeHex, At: 2, Size: 2, RFC: dnsRFC, Help: "Question or answer, and how it came about."})
	dnsQuery = table(DNS,
		dnsFlag("response", "response", 0x8000, "Set in answers, clear in questions."),
		&Field{Name: "dns.flags.opcode", Label: "opcode", Type: TypeEnum, At: 2, Size: 2, Mask: 0x7800, RFC: dnsRFC, Names: dnsOpcodes, Help: "What is asked for; 0 is an ordinary question."},
		dnsFlag("authoritative", "authoritative", 0x0400, "The answer comes from a server of that zone itself, not from a cache."),
		dnsFlag("truncated", "truncated", 0x0200, "The answer did not fit: ask again over TCP."),
		dnsFlag("recdesired", "recursion desired", 0x0100, "The server should ask others until it knows."),
		dnsFlag("recavail", "recursion available", 0x0080, "The server does ask others."),
		dnsFlag("z", "reserved", 0x0040, "Not used; must be zero."),
		dnsFlag("authenticated", "authentic data", 0x0020, "The server has checked the answer's signatures (RFC 4035)."),
		dnsFlag("checkdisable", "checking disabled", 0x0010, "Answers that were not checked are welcome (RFC 4035)."),
		&Field{Name: "dns.flags.rcode", Label: "reply code", Type: TypeEnum, At: 2, Size: 2, Mask: 0x000f, RFC: dnsRFC, Names: dnsRcodes, Help: "How it went: 0 is no error."})
	dnsCounts = table(DNS,
		&Field{Name: "dns.count.queries", Label: "questions", Type: TypeUint, At: 4, Size: 2, RFC: dnsRFC, Help: "How many questions follow."},
		&Field{Name: "dns.count.answers", Label: "answers", Type: TypeUint, At: 6, Size: 2, RFC: dnsRFC, Help: "How many answers follow."},
		&Field{Name: "dns.count.auth_rr", Label: "authority records", Type: TypeUint, At: 8, Size: 2, RFC: dnsRFC, Help: "How many records say which servers know."},
		&Field{Name: "dns.count.add_rr", Label: "additional records", Type: TypeUint, At: 10, Size: 2, RFC: dnsRFC, Help: "How many records come along because they will be needed."})
	dnsUpdateCounts = table(DNS,
		&Field{Name: "dns.count.zones", Label: "zones", Type: TypeUint, At: 4, Size: 2, RFC: "RFC 2136 sec. 2.2", Help: "In an update: how many zones are named."},
		&Field{Name: "dns.count.prerequisites", Label: "prerequisites", Type: TypeUint, At: 6, Size: 2, RFC: "RFC 2136 sec. 2.2", Help: "In an update: what must hold."},
		&Field{Name: "dns.count.updates", Label: "updates", Type: TypeUint, At: 8, Size: 2, RFC: "RFC 2136 sec. 2.2", Help: "In an update: how many changes follow."},
		&Field{Name: "dns.count.add_rr", Label: "additional records", Type: TypeUint, At: 10, Size: 2, RFC: "RFC 2136 sec. 2.2", Help: "How many records come along."})
	dnsQuestion = row(DNS, Field{Label: "question", Type: TypeNone, RFC: "RFC 1035 sec. 4.1.2", Help: "One name and what is asked about it."})
	dnsSections = [4]*Field{
		row(DNS, Field{Label: "questions", Type: TypeNone, RFC: "RFC 1035 sec. 4.1.2", Help: "What is asked."}),
		row(DNS, Field{Label: "answers", Type: TypeNone, RFC: "RFC 1035 sec. 4.1.3", Help: "The records that answer."}),
		row(DNS, Field{Label: "authority", Type: TypeNone, RFC: "RFC 1035 sec. 4.1.3", Help: "The records that say which servers know."}),
		row(DNS, Field{Label: "additional", Type: TypeNone, RFC: "RFC 1035 sec. 4.1.3", Help: "The records that come along."})}
	dnsName         = row(DNS, Field{Name: "dns.qry.name", Label: "name", Type: TypeString, RFC: "RFC 1035 sec. 4.1.2", Help: "The name that is asked about."})
	dnsLen          = row(DNS, Field{Name: "dns.qry.name.len", Label: "name length", Type: TypeUint, RFC: "RFC 1035 sec. 2.3.4", Hidden: true, Help: "How many characters the name has."})
	dnsLabels       = row(DNS, Field{Name: "dns.count.labels", Label: "labels", Type: TypeUint, RFC: "RFC 1035 sec. 2.3.1", Hidden: true, Help: "How many parts between dots the name has."})
	dnsQType        = row(DNS, Field{Name: "dns.qry.type", Label: "type", Type: TypeEnum, RFC: "RFC 1035 sec. 3.2.3", Names: dnsTypes, Help: "What is asked about the name."})
	dnsQClass       = row(DNS, Field{Name: "dns.qry.class", Label: "class", Type: TypeEnum, RFC: "RFC 1035 sec. 3.2.5", Names: dnsClasses, Help: "Nearly always IN, the Internet."})
	mdnsQClass      = &Field{Name: "dns.qry.class", Label: "class", Type: TypeEnum, Size: 2, Mask: 0x7fff, RFC: "RFC 6762 sec. 5.4", Names: dnsClasses, Help: "Nearly always IN, the Internet."}
	mdnsUnicast     = row(DNS, Field{Name: "dns.qry.qu", Label: "unicast answer", Type: TypeBool, Size: 2, Mask: 0x8000, RFC: "RFC 6762 sec. 5.4", Help: "The answer may be sent to who asks, instead of to all."})
	dnsExtraHeading = row(DNS, Field{Label: "extra data", Type: TypeNone, Help: "Something follows the message that is no part of it."})
	dnsExtra        = row(DNS, Field{Name: "dns.extraneous.data", Label: "extra data", Type: TypeBytes, Help: "Bytes after the message's end."})
)

// The flags of LLMNR, whose bits mean something else in part (RFC 4795
// section 2.1.1).
var llmnrFlags = []*Field{dnsQuery[0], dnsQuery[1],
	dnsFlag("conflict", "conflict", 0x0400, "Two hosts claim the name."), dnsQuery[3],
	dnsFlag("tentative", "tentative", 0x0100, "Who answers is not yet sure that the name is its own."), dnsQuery[len(dnsQuery)-1]}

var (
	dnsOpcodes = map[uint64]string{0: "question", 1: "inverse question", 2: "status", 4: "notify", 5: "update", 6: "stateful operation"}
	dnsRcodes  = map[uint64]string{
		0: "no error", 1: "format error", 2: "server failure", 3: "no such name", 4: "not implemented", 5: "refused",
		6: "name exists", 7: "record set exists", 8: "no such record set", 9: "not authorised", 10: "not in the zone", 11: "unknown operation", 16: "bad signature or version", 17: "unknown key", 18: "bad time", 19: "bad mode",
		20: "duplicate key", 21: "bad algorithm", 22: "cut too short", 23: "bad cookie"}
	dnsClasses = map[uint64]string{1: "IN", 3: "CH", 4: "HS", 254: "none", 255: "any"}
	dnsTypes   = map[uint64]string{
		3: "MD", 4: "MF", 7: "MB", 8: "MG", 9: "MR", 14: "MINFO", 18: "AFSDB", 19: "X25", 20: "ISDN", 21: "RT", 22: "NSAP", 23: "NSAP-PTR", 26: "PX", 27: "GPOS",
		30: "NXT", 31: "EID", 32: "NIMLOC", 34: "ATMA", 38: "A6", 40: "SINK", 42: "APL", 53: "SMIMEA", 55: "HIP", 57: "RKEY", 58: "TALINK", 61: "OPENPGPKEY",
		62: "CSYNC", 63: "ZONEMD", 104: "NID", 105: "L32", 106: "L64", 107: "LP", 108: "EUI48", 109: "EUI64", 253: "MAILB", 254: "MAILA", 32768: "TA",
		32769: "DLV", 65281: "WINS", 65282: "WINS-R", 65422: "XPF",
		1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 10: "NULL", 11: "WKS", 12: "PTR", 13: "HINFO", 15: "MX", 16: "TXT", 17: "RP", 24: "SIG", 25: "KEY",
		28: "AAAA", 29: "LOC", 33: "SRV", 35: "NAPTR", 36: "KX", 37: "CERT", 39: "DNAME", 41: "OPT", 43: "DS", 44: "SSHFP", 45: "IPSECKEY",
		46: "RRSIG", 47: "NSEC", 48: "DNSKEY", 49: "DHCID", 50: "NSEC3", 51: "NSEC3PARAM", 52: "TLSA", 59: "CDS", 60: "CDNSKEY", 64: "SVCB", 65: "HTTPS",
		99: "SPF", 249: "TKEY", 250: "TSIG", 251: "IXFR", 252: "AXFR", 255: "any", 256: "URI", 257: "CAA"}
)

func init() {
	udpApplications[53] = (*dissector).dns
	tcpApplications[53] = (*dissector).dnsOverTCP
	udpApplications[5353] = func(d *dissector, s span) { d.dnsMessage(MDNS, s, 0) }
	tcpApplications[5353] = (*dissector).dnsOverTCP
	udpApplications[5355] = func(d *dissector, s span) { d.dnsMessage(LLMNR, s, 0) }
	// mDNS and LLMNR have DNS's messages, and its fields.
	entered[MDNS], entered[LLMNR] = entered[DNS], entered[DNS]
}

// dnsOverTCP reads messages that each have their length before them.
func (d *dissector) dnsOverTCP(s span) {
	for s.pos < s.end {
		if s.end-s.pos < 2 {
			d.payload(s)
			return
		}
		n := int(number(d.data[s.pos : s.pos+2]))
		d.dnsMessage(DNS, s.first(2+n), 2)
		s = s.from(2 + n)
	}
}

func (d *dissector) dns(s span) { d.dnsMessage(DNS, s, 0) }

// looksLikeDNS says whether a datagram on any port is an ordinary question or
// its answer, by the signs that Wireshark goes by.
func looksLikeDNS(b []byte) bool {
	if len(b) <= DNSSize {
		return false
	}
	count := func(at int) uint64 { return number(b[at : at+2]) }
	const response, opcode = 0x8000, 0x7800
	switch flags := count(2); {
	case flags&opcode != 0 || count(10) > 10:
		return false
	case flags&response == 0:
		return count(4) == 1 && count(6) == 0 && count(8) == 0
	default:
		return count(4) <= 1 && count(6) <= 100 && count(8) <= 10
	}
}

// dnsMessage reads a message after prefix bytes of length.
func (d *dissector) dnsMessage(proto Proto, s span, prefix int) {
	p := d.part(proto, s.pos, s.end-s.pos)
	m := dnsMessage{cursor: d.cursor(s), start: s.pos + prefix, multicast: proto == MDNS}
	m.read(&p.Fields, proto, prefix)
	p.Summary = m.summary
	if *m.broken {
		d.short(proto, s)
		return
	}
	if n := m.left(); n > 0 {
		d.expert(Note, "dns.extraneous", "There are bytes after the message.", m.pos, n)
		extra := m.over(&p.Fields, dnsExtraHeading, n)
		m.over(&extra.Children, dnsExtra, n)
		m.take(&extra.Children, dnsExtraHeading, n) // Wireshark's finding about them
	}
}

// dnsMessage is a message being read; pointers in its names count from its
// start.
type dnsMessage struct {
	*cursor
	start     int
	multicast bool // classes have a flag in their uppermost bit (RFC 6762)
	opcode    uint64
	summary   string
}

func (m *dnsMessage) read(dst *[]Node, proto Proto, prefix int) {
	if !m.ok(prefix + 4) { // what cannot be joined to others is not shown at all
		return
	}
	if prefix > 0 {
		m.take(dst, dnsLength, prefix)
	}
	m.all(dst, dnsID[0])
	m.flags(dst, proto)
	counts := dnsCounts
	if m.opcode == 5 {
		counts = dnsUpdateCounts
	}
	m.all(dst, counts...)
	if *m.broken {
		return
	}
	var left [4]int
	all := (*dst)[len(*dst)-4:]
	for i := range left {
		left[i] = int(all[i].Uint)
	}
	if m.opcode == 6 && left == [4]int{} {
		m.stateful(dst)
	}
	for i, n := range left {
		if n > 0 {
			m.section(dst, i, n)
		}
	}
}

func (m *dnsMessage) flags(dst *[]Node, proto Proto) {
	n := m.take(dst, dnsFlags, 2)
	response := n.Uint&0x8000 != 0
	m.opcode = n.Uint >> 11 & 15
	rows := dnsQuery
	if proto == LLMNR {
		rows = llmnrFlags
	}
	at := *m.cursor
	at.pos -= 2
	for _, f := range rows {
		if flagShows(f, response, n.Uint) {
			at.over(&n.Children, f, 2)
		}
	}
	n.Show = showEnumName(dnsOpcodes, m.opcode)
	if response {
		n.Show = "answer, " + showEnumName(dnsRcodes, n.Uint&15)
	}
	m.summary = n.Show
}

// flagShows says whether a flag has a meaning in a message.
func flagShows(f *Field, response bool, flags uint64) bool {
	switch f.Name {
	case "dns.flags.authoritative", "dns.flags.recavail", "dns.flags.rcode":
		return response
	case "dns.flags.authenticated": // a question may ask for it (RFC 6840 section 5.7)
		return response || flags&f.Mask != 0
	}
	return true
}

// section reads n questions or records into one heading. When they end too
// early, the heading reaches to the end.
func (m *dnsMessage) section(dst *[]Node, i, n int) {
	if *m.broken {
		return
	}
	start := m.pos
	var records []Node
	for range n {
		if i == 0 {
			m.question(&records)
		} else {
			m.record(&records)
		}
		if *m.broken {
			break
		}
		if i < 2 && len(records) == 1 {
			m.summary += ", " + records[0].Show
		}
	}
	if i == 1 && len(records) > 1 {
		m.summary += " and " + count(len(records)-1, "more record")
	}
	end := m.pos
	if *m.broken {
		end = m.end
	}
	heading := m.told(dnsSections[i], start, end-start, count(len(records), "record"))
	heading.Children = records
	*dst = append(*dst, heading)
}

func (m *dnsMessage) question(dst *[]Node) {
	name := readName(m.data[:m.end], m.start, m.pos)
	if name.broken || !m.ok(name.size+4) {
		*m.broken = true
		return
	}
	q := m.over(dst, dnsQuestion, name.size+4)
	length, labels := len(name.text), name.labels()
	if length <= 1 {
		length, labels = 0, 0
	}
	for _, v := range []struct {
		f    *Field
		v    int
		show string
	}{{dnsName, 0, Printable(name.text)}, {dnsLen, length, ""}, {dnsLabels, labels, ""}} {
		n := m.over(&q.Children, v.f, name.size)
		if n.Uint, n.Show = uint64(v.v), v.show; v.show == "" {
			n.Show = show(v.f, n.Uint, nil)
		}
	}
	m.skip(name.size)
	typ := m.take(&q.Children, dnsQType, 2)
	q.Show = Printable(name.text) + " " + showEnumName(dnsTypes, typ.Uint)
	if m.multicast {
		m.over(&q.Children, mdnsQClass, 2)
		m.take(&q.Children, mdnsUnicast, 2)
		return
	}
	m.take(&q.Children, dnsQClass, 2)
}
