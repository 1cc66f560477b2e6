package layers

import "strings"

const rrRFC = "RFC 1035 sec. 3.2.1"

var (
	dnsRecord = row(DNS, Field{Label: "record", Type: TypeNone, RFC: rrRFC, Help: "One fact about a name."})
	rrName    = row(DNS, Field{Name: "dns.resp.name", Label: "name", Type: TypeString, RFC: rrRFC, Help: "The name that the record is about."})
	rrType    = row(DNS, Field{Name: "dns.resp.type", Label: "type", Type: TypeEnum, RFC: rrRFC, Names: dnsTypes, Help: "What kind of fact it is."})
	rrClass   = row(DNS, Field{Name: "dns.resp.class", Label: "class", Type: TypeEnum, RFC: rrRFC, Names: dnsClasses, Help: "Nearly always IN, the Internet."})
	rrTTL     = row(DNS, Field{Name: "dns.resp.ttl", Label: "time to live", Type: TypeUint, RFC: rrRFC, Help: "For how many seconds the record may be kept."})
	rrLen     = row(DNS, Field{Name: "dns.resp.len", Label: "data length", Type: TypeUint, RFC: rrRFC, Help: "How many bytes of data follow."})
	rrData    = row(DNS, Field{Name: "dns.data", Label: "data", Type: TypeBytes, RFC: "RFC 3597", Help: "The data of a record whose type is not known here."})

	optSize  = row(DNS, Field{Name: "dns.rr.udp_payload_size", Label: "UDP payload size", Type: TypeUint, RFC: "RFC 6891 sec. 6.1.2", Help: "How long an answer over UDP the asker can take."})
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
func (m *dnsMessage) record() (Node, bool) {
	start := m.at
	n := m.told(dnsRecord, start, 0, "")
	fail := func() (Node, bool) {
		n.Len = m.end - start
		m.at = m.end
		return n, false
	}
	name, _, size, ok := m.name(start)
	if !ok {
		return fail()
	}
	at := start + size
	if m.end-at < 10 {
		n.Children = append(n.Children, m.told(rrName, start, size, Printable(name)))
		return fail()
	}
	typ := m.node(rrType, at, 2)
	n.Children = append(m.owner(start, size, name, typ.Uint), typ)
	if typ.Uint == 41 {
		n.Children = append(n.Children, m.node(optSize, at+2, 2), m.node(optRcode, at+4, 1), m.node(optVer, at+5, 1))
		n.Children, _ = m.fixed(n.Children, optZ, at+6, m.span)
	} else {
		n.Children = append(n.Children, m.node(rrClass, at+2, 2), m.node(rrTTL, at+4, 4))
	}
	length := m.node(rrLen, at+8, 2)
	n.Children = append(n.Children, length)
	data := span{at + 10, m.end, m.wire}.first(int(length.Uint))
	fixed := len(n.Children)
	if n.Children, ok = m.rdata(n.Children, typ.Uint, data); !ok || data.size() < int(length.Uint) || !data.whole() {
		return fail()
	}
	n.Show = Printable(name) + " " + showEnumName(dnsTypes, typ.Uint)
	for _, c := range n.Children[fixed:] {
		if c.Field != rdTXTLen && c.Field != rdSPFLen {
			n.Show += " " + c.Show
		}
	}
	m.at = data.end
	n.Len = m.at - start
	return n, true
}

// owner shows the name that a record is about; that of a service (RFC 2782)
// says which one and over which protocol.
func (m *dnsMessage) owner(at, size int, name string, typ uint64) []Node {
	words := strings.SplitN(name, ".", 3)
	if typ != 33 || len(words) < 3 {
		return []Node{m.told(rrName, at, size, Printable(name))}
	}
	nodes := make([]Node, 0, 10)
	for i, f := range []*Field{srvService, srvProto, srvName} {
		nodes = append(nodes, m.told(f, at, size, Printable(words[i])))
	}
	return nodes
}

// rdata reads a record's data by its type.
func (m *dnsMessage) rdata(dst []Node, typ uint64, s span) ([]Node, bool) {
	switch typ {
	case 1:
		return m.fixed(dst, rdA, s.pos, s)
	case 28:
		return m.fixed(dst, rdAAAA, s.pos, s)
	case 2:
		return m.nameIn(dst, rdNS, &s)
	case 5:
		return m.nameIn(dst, rdCNAME, &s)
	case 12:
		return m.nameIn(dst, rdPTR, &s)
	case 39:
		return m.nameIn(dst, rdDNAME, &s)
	case 15:
		return m.afterFixed(dst, rdMX, rdMXTo, s)
	case 33:
		return m.afterFixed(dst, rdSRV, rdSRVTo, s)
	case 6:
		var ok bool
		if dst, ok = m.nameIn(dst, rdMname, &s); !ok {
			return dst, false
		}
		if dst, ok = m.nameIn(dst, rdRname, &s); !ok {
			return dst, false
		}
		return m.fixed(dst, rdSOA, s.pos, s)
	case 16:
		return m.texts(dst, rdTXTLen, rdTXT, s)
	case 99:
		return m.texts(dst, rdSPFLen, rdSPF, s)
	case 41:
		return m.options(dst, s)
	case 64, 65:
		return m.service(dst, s)
	case 257:
		return m.authority(dst, s)
	}
	if rows := rdLayouts[typ]; rows != nil {
		dst, ok := m.layout(dst, rows, &s)
		if ok && (typ == 47 || typ == 50) {
			return m.bitmap(dst, s)
		}
		return dst, ok
	}
	if s.pos < s.end {
		dst = append(dst, m.node(rrData, s.pos, s.end-s.pos))
	}
	return dst, true
}

// nameIn reads a name at the start of s, and moves s behind it.
func (m *dnsMessage) nameIn(dst []Node, f *Field, s *span) ([]Node, bool) {
	name, _, size, ok := m.name(s.pos)
	if !ok || s.pos+size > s.end {
		return dst, false
	}
	dst = append(dst, m.told(f, s.pos, size, Printable(name)))
	*s = s.from(size)
	return dst, true
}

func (m *dnsMessage) afterFixed(dst []Node, rows []*Field, name *Field, s span) ([]Node, bool) {
	dst, ok := m.fixed(dst, rows, s.pos, s)
	if !ok {
		return dst, false
	}
	last := rows[len(rows)-1]
	s = s.from(last.At + last.Size)
	return m.nameIn(dst, name, &s)
}

// texts reads character strings: each has its length before it.
func (m *dnsMessage) texts(dst []Node, length, text *Field, s span) ([]Node, bool) {
	for s.pos < s.end && m.within() {
		n := int(m.data[s.pos])
		if s.pos+1+n > s.end {
			return dst, false
		}
		dst = append(dst, m.node(length, s.pos, 1), m.node(text, s.pos+1, n))
		s = s.from(1 + n)
	}
	return dst, true
}
