package layers

// ICMPv6 message types (IANA).
const (
	icmpv6Unreachable  = 1
	icmpv6TooBig       = 2
	icmpv6TimeExceeded = 3
	icmpv6Problem      = 4
	icmpv6Echo         = 128
	icmpv6EchoReply    = 129
	icmpv6MLDQuery     = 130
	icmpv6MLDReport    = 131
	icmpv6MLDDone      = 132
	icmpv6RouterSol    = 133
	icmpv6RouterAd     = 134
	icmpv6NeighborSol  = 135
	icmpv6NeighborAd   = 136
	icmpv6Redirect     = 137
	icmpv6Renumbering  = 138
	icmpv6NodeQuery    = 139
	icmpv6NodeReply    = 140
	icmpv6InverseSol   = 141
	icmpv6InverseAd    = 142
	icmpv6MLDv2Report  = 143
	icmpv6AgentRequest = 144
	icmpv6AgentReply   = 145
	icmpv6PrefixSol    = 146
	icmpv6PrefixAd     = 147
	icmpv6PathSol      = 148
	icmpv6PathAd       = 149
	icmpv6Experimental = 150
	icmpv6MRouterAd    = 151
	icmpv6MRouterSol   = 152
	icmpv6MRouterTerm  = 153
	icmpv6FMIPv6       = 154
	icmpv6RPL          = 155
	icmpv6Locator      = 156
	icmpv6DupRequest   = 157
	icmpv6DupConfirm   = 158
	icmpv6MPL          = 159
	icmpv6ExtEcho      = 160
	icmpv6ExtEchoReply = 161
)

var icmpv6Types = map[uint64]string{
	icmpv6Unreachable: "destination unreachable", icmpv6TooBig: "packet too big", icmpv6TimeExceeded: "time exceeded", icmpv6Problem: "parameter problem",
	icmpv6Echo: "echo request", icmpv6EchoReply: "echo reply", icmpv6MLDQuery: "multicast listener query", icmpv6MLDReport: "multicast listener report",
	icmpv6MLDDone: "multicast listener done", icmpv6RouterSol: "router solicitation", icmpv6RouterAd: "router advertisement",
	icmpv6NeighborSol: "neighbor solicitation", icmpv6NeighborAd: "neighbor advertisement", icmpv6Redirect: "redirect", icmpv6Renumbering: "router renumbering",
	icmpv6NodeQuery: "node information query", icmpv6NodeReply: "node information reply", icmpv6InverseSol: "inverse neighbor solicitation",
	icmpv6InverseAd: "inverse neighbor advertisement", icmpv6MLDv2Report: "multicast listener report, version 2", icmpv6AgentRequest: "home agent discovery request",
	icmpv6AgentReply: "home agent discovery reply", icmpv6PrefixSol: "mobile prefix solicitation", icmpv6PrefixAd: "mobile prefix advertisement",
	icmpv6PathSol: "certification path solicitation", icmpv6PathAd: "certification path advertisement", icmpv6Experimental: "experimental mobility",
	icmpv6MRouterAd: "multicast router advertisement", icmpv6MRouterSol: "multicast router solicitation", icmpv6MRouterTerm: "multicast router termination",
	icmpv6FMIPv6: "fast handover", icmpv6RPL: "RPL control", icmpv6Locator: "locator update", icmpv6DupRequest: "duplicate address request",
	icmpv6DupConfirm: "duplicate address confirmation", icmpv6MPL: "MPL control", icmpv6ExtEcho: "extended echo request", icmpv6ExtEchoReply: "extended echo reply",
}

// icmpv6Codes names the codes of the types that have several.
var icmpv6Codes = map[int]map[uint64]string{
	icmpv6Unreachable: {0: "no route", 1: "prohibited", 2: "beyond the source's scope", 3: "address unreachable", 4: "port unreachable", 5: "source address failed the policy",
		6: "route rejected", 7: "error in the source routing header", 8: "headers too long"},
	icmpv6TimeExceeded: {0: "hop limit ran out on the way", 1: "fragments did not arrive in time"},
	icmpv6Problem: {0: "wrong header field", 1: "unknown next header", 2: "unknown option", 3: "first fragment without all headers", 4: "SR header: upper layer unknown",
		5: "unknown next header at an intermediate node", 6: "extension header too big", 7: "extension header chain too long", 8: "too many extension headers",
		9: "too many options", 10: "option too big"},
	icmpv6Renumbering:  {0: "command", 1: "result", 255: "sequence number reset"},
	icmpv6NodeQuery:    {0: "about an IPv6 address", 1: "about a name", 2: "about an IPv4 address"},
	icmpv6NodeReply:    {0: "success", 1: "refused", 2: "question unknown"},
	icmpv6RPL:          rplCodes,
	icmpv6ExtEchoReply: {0: "no error", 1: "malformed query", 2: "no such interface", 3: "no such table entry", 4: "several interfaces fit"},
}

const (
	rfc4443  = "RFC 4443 sec. 2.1"
	rfcEcho6 = "RFC 4443 sec. 4.1"
)

var (
	icmpv6Start = table(ICMPv6,
		&Field{Name: "icmpv6.type", Label: "type", Type: TypeEnum, Size: 1, Names: icmpv6Types, RFC: rfc4443, Help: "What the message is about; below 128 it reports an error."},
		&Field{Name: "icmpv6.code", Label: "code", Type: TypeUint, At: 1, Size: 1, RFC: rfc4443, Help: "Which case of it."},
		&Field{Name: "icmpv6.checksum", Label: "checksum", Type: TypeHex, At: 2, Size: 2, RFC: "RFC 4443 sec. 2.3", Help: "Protects the message and the IP addresses."})
	icmpv6Status   = row(ICMPv6, Field{Name: "icmpv6.checksum.status", Label: "checksum status", Type: TypeEnum, Names: checksumStatus, Help: "Whether the checksum fits the message."})
	icmpv6Reserved = one(ICMPv6, rfc4443, word("icmpv6.reserved", "reserved", TypeBytes, 4, "Not used; zero."))
	icmpv6Data     = one(ICMPv6, rfc4443, word("icmpv6.data", "data", TypeBytes, 0, "Bytes that belong to no message or option that is known here."))
	icmpv6Unknown  = one(ICMPv6, rfc4443, word("icmpv6.unknown_data", "more data", TypeBytes, 0, "Bytes that should not be there."))
	icmpv6Length   = one(ICMPv6, "RFC 4884 sec. 4.4", word("icmpv6.length", "length", TypeUint, 1, "How many units of 8 bytes of the packet are quoted; an extension follows them."))
	icmpv6MTU      = one(ICMPv6, "RFC 4443 sec. 3.2", word("icmpv6.mtu", "MTU", TypeUint, 4, "How long a packet the next link takes."))
	icmpv6Pointer  = one(ICMPv6, "RFC 4443 sec. 3.4", word("icmpv6.pointer", "pointer", TypeUint, 4, "Which byte of the quoted packet is wrong."))
	icmpv6Ident    = one(ICMPv6, rfcEcho6, word("icmpv6.echo.identifier", "identifier", TypeHex, 2, "Which program or run asked; the answer repeats it."))
	icmpv6Seq      = one(ICMPv6, rfcEcho6, word("icmpv6.echo.sequence_number", "sequence number", TypeUint, 2, "Counts the questions; the answer repeats it."))
	icmpv6EchoData = row(ICMPv6, Field{Name: "data.data", Label: "data", Type: TypeBytes, RFC: rfcEcho6, Help: "Any bytes; the answer to an echo repeats them."})
	icmpv6Request  = rows(ICMPv6, "RFC 8335 sec. 2",
		word("icmpv6.ext.echo.seq", "sequence number", TypeUint, 1, "Counts the questions; the answer repeats it."),
		word("icmpv6.ext.echo.req.res", "reserved", TypeHex, 1, "Not used; zero."),
		word("icmpv6.ext.echo.req.local", "local", TypeBool, 1, "The interface that is asked about is the answering node's own."))
	icmpv6Answer = rows(ICMPv6, "RFC 8335 sec. 3",
		word("icmpv6.ext.echo.rsp.state", "state", TypeUint, 1, "What the neighbour table says: 2 is reachable."),
		word("icmpv6.ext.echo.rsp.res", "reserved", TypeHex, 1, "Not used; zero."),
		word("icmpv6.ext.echo.rsp.active", "active", TypeBool, 1, "The interface works."),
		word("icmpv6.ext.echo.rsp.ipv4", "IPv4", TypeBool, 1, "The interface speaks IPv4."),
		word("icmpv6.ext.echo.rsp.ipv6", "IPv6", TypeBool, 1, "The interface speaks IPv6."))
)

func init() { // what shares a byte
	icmpv6Request[1].Mask, icmpv6Request[2].Mask = 0xfe, 1
	for i, mask := range []uint64{0xe0, 0x18, 4, 2, 1} {
		icmpv6Answer[i].Mask = mask
	}
}

// message6 is an ICMPv6 message being read.
type message6 struct {
	*cursor
	kind, code int
	whole      span
	fields     []Node
	summary    string
	beyond     int // bytes that fields without a value go past the message's end
}

// icmpv6 reads a message. All of it is the part's: what an error quotes lies
// within.
func (d *dissector) icmpv6(s span) {
	part := len(d.tree.Parts)
	p := d.part(ICMPv6, s.pos, s.end-s.pos)
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, icmpv6Start, s.pos, s); !ok {
		d.short(ICMPv6, s)
		return
	}
	m := message6{cursor: d.cursor(s.from(4)), kind: int(d.data[s.pos]), code: int(d.data[s.pos+1]), whole: s, fields: p.Fields}
	m.summary = showEnumName(icmpv6Types, uint64(m.kind))
	if codes := icmpv6Codes[m.kind]; codes != nil {
		m.fields[1].Show = showEnum(codes, uint64(m.code))
		m.summary += ": " + showEnumName(codes, uint64(m.code))
	}
	length := uint64(s.size())
	verdict := d.judge(&m.fields[2], s, d.pseudo+ProtocolICMPv6+length, Warning, "icmpv6.checksum_bad.expert")
	m.fields = append(m.fields, d.verdict(icmpv6Status, s.pos+2, verdict))
	m.body()
	p = &d.tree.Parts[part] // what the message quotes has been added behind it
	p.Fields, p.Summary, p.Payload = m.fields, m.summary, min(m.pos, s.end)
	if *m.broken {
		d.short(ICMPv6, s)
	}
}

// body reads what follows the checksum.
func (m *message6) body() {
	switch m.kind {
	case icmpv6Echo, icmpv6EchoReply:
		m.take(&m.fields, icmpv6Ident, 2)
		m.take(&m.fields, icmpv6Seq, 2)
		m.addShow(", id ", icmpv6Ident)
		m.addShow(", seq ", icmpv6Seq)
		m.rest(&m.fields, icmpv6EchoData)
	case icmpv6Unreachable, icmpv6TimeExceeded:
		m.failure()
	case icmpv6TooBig:
		m.take(&m.fields, icmpv6MTU, 4)
		m.addShow(", MTU ", icmpv6MTU)
		m.quote(m.span, (*dissector).quoted6)
	case icmpv6Problem:
		m.take(&m.fields, icmpv6Pointer, 4)
		m.quote(m.span, (*dissector).quoted6)
	case icmpv6MLDQuery, icmpv6MLDReport, icmpv6MLDDone:
		m.listener()
	case icmpv6MLDv2Report:
		m.listenerReport()
	case icmpv6NodeQuery, icmpv6NodeReply:
		m.nodeInformation()
	case icmpv6Renumbering:
		m.renumbering()
	case icmpv6RPL:
		m.rpl()
	case icmpv6MPL:
		m.mpl()
	case icmpv6AgentReply:
		m.all(&m.fields, icmpv6Layouts[m.kind]...)
		for m.left() > 0 {
			m.take(&m.fields, mobileAgent, 16)
		}
	case icmpv6Experimental, icmpv6FMIPv6:
		m.handover()
	case icmpv6Locator:
		m.locators()
	case icmpv6ExtEcho, icmpv6ExtEchoReply:
		m.extendedEcho()
	case icmpv6MRouterSol, icmpv6MRouterTerm:
	default:
		layout, known := icmpv6Layouts[m.kind]
		if !known {
			m.expert(Note, "icmpv6.undecoded.type", "This type is not known here.", m.whole.pos, 1)
			m.rest(&m.fields, icmpv6Data)
			return
		}
		m.all(&m.fields, layout...)
		if icmpv6Optioned[m.kind] {
			m.options()
		}
	}
}

// quoted6 reads a packet that an error quotes, if it is one of IPv6.
func (d *dissector) quoted6(s span) int {
	if d.data[s.pos]>>4 == 6 {
		return d.ipv6(s)
	}
	d.payload(s)
	return s.wire
}

// take is the cursor's, but for fields without a value: what is not there of
// them is left out, and only what comes after it is missed.
func (m *message6) take(dst *[]Node, f *Field, n int) *Node {
	if f.Type != TypeNone || n <= m.left() {
		return m.cursor.take(dst, f, n)
	}
	m.beyond += n - m.left()
	return m.cursor.take(dst, f, m.left())
}

// over is the cursor's, with the same exception.
func (m *message6) over(dst *[]Node, f *Field, n int) *Node {
	if f.Type == TypeNone {
		n = min(n, m.left())
	}
	return m.cursor.over(dst, f, n)
}

// unknown adds bytes that should not be there.
func (m *message6) unknown(dst *[]Node, size int) {
	if n := m.take(dst, icmpv6Unknown, size); !*m.broken {
		m.expert(Error, "icmpv6.unknown_data.expert", "These bytes should not be there.", n.Pos, n.Len)
	}
}

func (m *message6) all(dst *[]Node, rows ...*Field) {
	for _, f := range rows {
		m.take(dst, f, f.Size)
	}
}

// addShow adds to the summary what a field shows, if it is there.
func (m *message6) addShow(before string, f *Field) {
	if n := find(m.fields, f.Name); n != nil {
		m.summary += before + n.Show
	}
}

// failure reads an error whose quoted packet an extension may follow: then a
// length tells where it ends (RFC 4884 section 4.4).
func (m *message6) failure() {
	n := m.peek(0, 1)
	if *m.broken {
		return
	}
	if n == 0 {
		m.take(&m.fields, icmpv6Reserved, 4)
		m.quote(m.span, (*dissector).quoted6)
		return
	}
	m.take(&m.fields, icmpv6Length, 1)
	m.take(&m.fields, icmpv6Reserved, 3)
	m.quote(m.span, (*dissector).quoted6)
	if n *= 8; m.ok(n) {
		m.skip(n)
		m.addExtension()
	}
}

func (m *message6) addExtension() {
	n, ok := m.extension(m.span)
	m.fields = append(m.fields, n)
	if !ok {
		*m.broken = true
	}
}

func (m *message6) extendedEcho() {
	m.take(&m.fields, icmpv6Ident, 2)
	m.take(&m.fields, icmpv6Request[0], 1)
	rest := icmpv6Request[1:]
	if m.kind == icmpv6ExtEchoReply {
		rest = icmpv6Answer
	}
	for _, f := range rest {
		m.over(&m.fields, f, 1)
	}
	m.skip(1)
	if m.kind == icmpv6ExtEcho && !*m.broken {
		m.addExtension()
	}
}
