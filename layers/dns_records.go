package layers

import "strings"

const rrRFC = "RFC 1035 sec. 3.2.1"

var (
	dnsRecord = row(DNS, Field{Label: "record", Type: TypeNone, RFC: rrRFC, Help: "One fact about a name."})
	rrName    = row(DNS, Field{Name: "dns.resp.name", Label: "name", Type: TypeString, RFC: rrRFC, Help: "The name that the record is about."})
	rrType    = row(DNS, Field{Name: "dns.resp.type", Label: "type", Type: TypeEnum, RFC: rrRFC, Names: dnsTypes, Help: "What kind of fact it is."})
	rrClass   = row(DNS, Field{Name: "dns.resp.class", Label: "class", Type: TypeEnum, RFC: rrRFC, Names: dnsClasses, Help: "Nearly always IN, the Internet."})
	mdnsClass = &Field{Name: "dns.resp.class", Label: "class", Type: TypeEnum, Size: 2, Mask: 0x7fff, RFC: "RFC 6762 sec. 10.2", Names: dnsClasses, Help: "Nearly always IN, the Internet."}
	mdnsFlush = row(DNS, Field{Name: "dns.resp.cache_flush", Label: "cache flush", Type: TypeBool, Size: 2, Mask: 0x8000, RFC: "RFC 6762 sec. 10.2", Help: "What was known of the name before is void."})
	rrTTL     = row(DNS, Field{Name: "dns.resp.ttl", Label: "time to live", Type: TypeUint, RFC: rrRFC, Help: "For how many seconds the record may be kept."})
	rrLen     = row(DNS, Field{Name: "dns.resp.len", Label: "data length", Type: TypeUint, RFC: rrRFC, Help: "How many bytes of data follow."})
	rrData    = row(DNS, Field{Name: "dns.data", Label: "data", Type: TypeBytes, RFC: "RFC 3597", Help: "The data of a record whose type is not known here."})

	optSize  = row(DNS, Field{Name: "dns.rr.udp_payload_size", Label: "UDP payload size", Type: TypeUint, RFC: "RFC 6891 sec. 6.1.2", Help: "How long an answer over UDP the asker can take."})
	mdnsSize = &Field{Name: "dns.rr.udp_payload_size", Label: "UDP payload size", Type: TypeUint, Size: 2, Mask: 0x7fff, RFC: "RFC 6891 sec. 6.1.2", Help: "How long an answer over UDP the asker can take."}
	optRcode = row(DNS, Field{Name: "dns.resp.ext_rcode", Label: "upper bits of the reply code", Type: TypeHex, RFC: "RFC 6891 sec. 6.1.3", Help: "Together with the header's four bits: how it went."})
	optVer   = row(DNS, Field{Name: "dns.resp.edns0_version", Label: "EDNS version", Type: TypeUint, RFC: "RFC 6891 sec. 6.1.3", Help: "The version of the extensions: 0."})
	optZ     = table(DNS, &Field{Name: "dns.resp.z", Label: "flags", Type: TypeHex, At: 0, Size: 2, RFC: "RFC 6891 sec. 6.1.4", Help: "Flags of the extensions.", Sub: []*Field{
		{Name: "dns.resp.z.do", Label: "DNSSEC OK", Type: TypeBool, At: 0, Size: 2, Mask: 0x8000, RFC: "RFC 3225 sec. 3", Help: "The asker wants the signatures too."},
		{Name: "dns.resp.z.reserved", Label: "reserved", Type: TypeHex, At: 0, Size: 2, Mask: 0x7fff, RFC: "RFC 6891 sec. 6.1.4", Help: "Not used; zero."}}})

	rdA     = table(DNS, &Field{Name: "dns.a", Label: "address", Type: TypeIPv4, At: 0, Size: 4, RFC: "RFC 1035 sec. 3.4.1", Help: "The IPv4 address of the name."})
	rdAAAA  = table(DNS, &Field{Name: "dns.aaaa", Label: "address", Type: TypeIPv6, At: 0, Size: 16, RFC: "RFC 3596 sec. 2.2", Help: "The IPv6 address of the name."})
	rdNS    = row(DNS, Field{Name: "dns.ns", Label: "name server", Type: TypeString, RFC: "RFC 1035 sec. 3.3.11", Help: "A server that knows the zone."})
	rdCNAME = row(DNS, Field{Name: "dns.cname", Label: "canonical name", Type: TypeString, RFC: "RFC 1035 sec. 3.3.1", Help: "The name that this one is another name for."})
	rdPTR   = row(DNS, Field{Name: "dns.ptr.domain_name", Label: "domain name", Type: TypeString, RFC: "RFC 1035 sec. 3.3.12", Help: "The name that an address belongs to."})
	rdDNAME = row(DNS, Field{Name: "dns.dname", Label: "delegation name", Type: TypeString, RFC: "RFC 6672 sec. 2.1", Help: "Where the whole tree below the name is found."})
	rdMX    = table(DNS, &Field{Name: "dns.mx.preference", Label: "preference", Type: TypeUint, At: 0, Size: 2, RFC: "RFC 1035 sec. 3.3.9", Help: "Smaller is tried first."})
	rdMXTo  = row(DNS, Field{Name: "dns.mx.mail_exchange", Label: "mail server", Type: TypeString, RFC: "RFC 1035 sec. 3.3.9", Help: "A server that takes mail for the name."})
	rdMname = row(DNS, Field{Name: "dns.soa.mname", Label: "primary server", Type: TypeString, RFC: "RFC 1035 sec. 3.3.13", Help: "The server that the zone's data come from."})
	rdRname = row(DNS, Field{Name: "dns.soa.rname", Label: "mailbox", Type: TypeString, RFC: "RFC 1035 sec. 3.3.13", Help: "Who is responsible; the first dot stands for @."})
	rdSOA   = table(DNS,
		&Field{Name: "dns.soa.serial_number", Label: "serial number", Type: TypeUint, At: 0, Size: 4, RFC: "RFC 1035 sec. 3.3.13", Help: "Grows with every change of the zone."},
		&Field{Name: "dns.soa.refresh_interval", Label: "refresh", Type: TypeUint, At: 4, Size: 4, RFC: "RFC 1035 sec. 3.3.13", Help: "After how many seconds copies are checked."},
		&Field{Name: "dns.soa.retry_interval", Label: "retry", Type: TypeUint, At: 8, Size: 4, RFC: "RFC 1035 sec. 3.3.13", Help: "After how many seconds a failed check is repeated."},
		&Field{Name: "dns.soa.expire_limit", Label: "expire", Type: TypeUint, At: 12, Size: 4, RFC: "RFC 1035 sec. 3.3.13", Help: "After how many seconds an unchecked copy is void."},
		&Field{Name: "dns.soa.minimum_ttl", Label: "minimum TTL", Type: TypeUint, At: 16, Size: 4, RFC: "RFC 2308 sec. 4", Help: "For how many seconds \"no such name\" may be remembered."})
	rdTXTLen = row(DNS, Field{Name: "dns.txt.length", Label: "text length", Type: TypeUint, RFC: "RFC 1035 sec. 3.3.14", Help: "How many bytes of text follow."})
	rdTXT    = row(DNS, Field{Name: "dns.txt", Label: "text", Type: TypeString, RFC: "RFC 1035 sec. 3.3.14", Help: "Any text."})
	rdSPFLen = row(DNS, Field{Name: "dns.spf.length", Label: "text length", Type: TypeUint, RFC: "RFC 7208 sec. 3.1", Help: "How many bytes of text follow."})
	rdSPF    = row(DNS, Field{Name: "dns.spf", Label: "text", Type: TypeString, RFC: "RFC 7208 sec. 3.1", Help: "Which hosts may send mail for the name."})
	rdSRV    = table(DNS,
		&Field{Name: "dns.srv.priority", Label: "priority", Type: TypeUint, At: 0, Size: 2, RFC: "RFC 2782", Help: "Smaller is tried first."},
		&Field{Name: "dns.srv.weight", Label: "weight", Type: TypeUint, At: 2, Size: 2, RFC: "RFC 2782", Help: "Among equals, larger is chosen more often."},
		&Field{Name: "dns.srv.port", Label: "port", Type: TypeUint, At: 4, Size: 2, RFC: "RFC 2782", Help: "The port of the service."})
	srvService = row(DNS, Field{Name: "dns.srv.service", Label: "service", Type: TypeString, RFC: "RFC 2782", Help: "The service that is looked for."})
	srvProto   = row(DNS, Field{Name: "dns.srv.proto", Label: "protocol", Type: TypeString, RFC: "RFC 2782", Help: "The transport that the service uses."})
	srvName    = row(DNS, Field{Name: "dns.srv.name", Label: "name", Type: TypeString, RFC: "RFC 2782", Help: "The domain that the service belongs to."})
	rdSRVTo    = row(DNS, Field{Name: "dns.srv.target", Label: "target", Type: TypeString, RFC: "RFC 2782", Help: "The host of the service."})
)

// record reads a resource record.
func (m *dnsMessage) record(dst *[]Node) {
	name := readName(m.data[:m.end], m.start, m.pos)
	if name.broken || !m.ok(name.size+10) {
		*m.broken = true
		return
	}
	n := m.peek(name.size+8, 2)
	r := m.over(dst, dnsRecord, name.size+10+n)
	if *m.broken {
		return
	}
	typ := uint64(m.peek(name.size, 2))
	m.owner(&r.Children, name, typ)
	m.take(&r.Children, rrType, 2)
	if typ == 41 {
		m.optHeader(&r.Children)
	} else {
		m.class(&r.Children)
		ttl := m.take(&r.Children, rrTTL, 4)
		ttl.Show = showLease(ttl.Uint, false)
	}
	m.take(&r.Children, rrLen, 2)
	fixed := len(r.Children)
	end := m.pos + n
	if n > 0 {
		data := *m.cursor
		m.rdata(&r.Children, typ, &data, end)
	}
	r.Show = Printable(name.text) + " " + showEnumName(dnsTypes, typ)
	for _, c := range r.Children[min(fixed, len(r.Children)):] {
		if c.Field != rdTXTLen && c.Field != rdSPFLen && !c.Hidden {
			r.Show += " " + c.Show
		}
	}
	m.pos = end
}

// owner shows the name that a record is about; that of a service (RFC 2782)
// says which one and over which protocol.
func (m *dnsMessage) owner(dst *[]Node, name domainName, typ uint64) {
	words, rows := []string{name.text}, []*Field{rrName}
	if typ == 33 && name.text != "" {
		words, rows = strings.SplitN(name.text, ".", 3), []*Field{srvService, srvProto, srvName}
	}
	for i, word := range words {
		m.over(dst, rows[i], name.size).Show = Printable(word)
	}
	m.skip(name.size)
}

func (m *dnsMessage) class(dst *[]Node) {
	if !m.multicast {
		m.take(dst, rrClass, 2)
		return
	}
	m.over(dst, mdnsClass, 2)
	m.take(dst, mdnsFlush, 2)
}

// optHeader reads the fields of an OPT record that others have for class and
// time to live (RFC 6891 section 6.1.2).
func (m *dnsMessage) optHeader(dst *[]Node) {
	if m.multicast {
		m.over(dst, mdnsSize, 2)
		m.take(dst, mdnsFlush, 2)
	} else {
		m.take(dst, optSize, 2)
	}
	m.take(dst, optRcode, 1)
	m.take(dst, optVer, 1)
	m.all(dst, optZ...)
}

// rdata reads a record's data by its type, up to end. As in Wireshark, what is
// longer than the record is read beyond its end, up to that of the message.
func (m *dnsMessage) rdata(dst *[]Node, typ uint64, c *cursor, end int) {
	if n := end - c.pos; n < 4 && c.end-c.pos >= 4 && (typ == 25 || typ == 48 || typ == 60) {
		*dst = append(*dst, c.told(shortKey, c.pos, n, "too short"))
	}
	switch typ {
	case 16:
		c.texts(dst, rdTXTLen, rdTXT, end)
	case 99:
		c.texts(dst, rdSPFLen, rdSPF, end)
	case 41:
		c.ednsOptions(dst, end)
	case 64, 65:
		m.service(dst, c, end)
	case 257:
		c.authority(dst, end)
	case 11, 20, 25, 29, 38, 42, 45, 55, 65281, 65422:
		m.seldom(dst, typ, c, end)
	default:
		rows := rdLayouts[typ]
		if rows == nil {
			c.take(dst, rrData, end-c.pos)
			return
		}
		m.layout(dst, rows, c, end)
		switch typ {
		case 30:
			c.bits8(dst, 0, end-c.pos)
		case 47, 50:
			c.bitmap(dst, end)
		case 62:
			c.over(dst, csyncBitmap, end-c.pos)
			c.bitmap(dst, end)
		}
	}
}

// layout reads fields one after the other: of fixed size, counted, names, and
// last what is left of the record.
func (m *dnsMessage) layout(dst *[]Node, rows []*Field, c *cursor, end int) {
	var nodes []Node
	var before uint64
	for _, f := range rows {
		switch {
		case countedRows[f]:
			c.take(&nodes, f, int(before))
		case f.Size > 0:
			before = c.take(&nodes, f, f.Size).Uint
		case f.Type == TypeString:
			m.name(&nodes, f, c)
		default:
			c.remainder(&nodes, f, end)
		}
	}
	if !*c.broken || !wholeRows[rows[0]] {
		*dst = append(*dst, nodes...)
	}
}

// remainder shows what is left of the record. One byte too many, and
// Wireshark takes all of the message.
func (c *cursor) remainder(dst *[]Node, f *Field, end int) {
	n := end - c.pos
	if n == -1 {
		n = c.left()
	}
	c.take(dst, f, n)
}

// name reads a name.
func (m *dnsMessage) name(dst *[]Node, f *Field, c *cursor) {
	if *c.broken {
		return
	}
	name := readName(c.data[:c.end], m.start, c.pos)
	if name.broken {
		*c.broken = true
		return
	}
	c.take(dst, f, name.size).Show = Printable(name.text)
}

// texts reads character strings: each has its length before it.
func (c *cursor) texts(dst *[]Node, length, text *Field, end int) {
	for c.pos != end && !*c.broken {
		n := int(c.take(dst, length, 1).Uint)
		c.take(dst, text, n)
	}
}
