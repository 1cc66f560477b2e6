package layers

import (
	"encoding/binary"
	"strings"
)

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
	dnsExtraHeading = row(DNS, Field{Label: "extra data", Type: TypeNone, Help: "Something follows the message that is no part of it."})
	dnsExtra        = row(DNS, Field{Name: "dns.extraneous.data", Label: "extra data", Type: TypeBytes, Help: "Bytes after the message's end."})
)

var (
	dnsOpcodes = map[uint64]string{0: "question", 1: "inverse question", 2: "status", 4: "notify", 5: "update", 6: "stateful operation"}
	dnsRcodes  = map[uint64]string{
		0: "no error", 1: "format error", 2: "server failure", 3: "no such name", 4: "not implemented", 5: "refused",
		6: "name exists", 7: "record set exists", 8: "no such record set", 9: "not authorised", 10: "not in the zone"}
	dnsClasses = map[uint64]string{1: "IN", 3: "CH", 4: "HS", 254: "none", 255: "any"}
	dnsTypes   = map[uint64]string{
		1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 10: "NULL", 11: "WKS", 12: "PTR", 13: "HINFO", 15: "MX", 16: "TXT", 17: "RP", 24: "SIG", 25: "KEY",
		28: "AAAA", 29: "LOC", 33: "SRV", 35: "NAPTR", 36: "KX", 37: "CERT", 39: "DNAME", 41: "OPT", 43: "DS", 44: "SSHFP", 45: "IPSECKEY",
		46: "RRSIG", 47: "NSEC", 48: "DNSKEY", 49: "DHCID", 50: "NSEC3", 51: "NSEC3PARAM", 52: "TLSA", 59: "CDS", 60: "CDNSKEY", 64: "SVCB", 65: "HTTPS",
		99: "SPF", 249: "TKEY", 250: "TSIG", 251: "IXFR", 252: "AXFR", 255: "any", 256: "URI", 257: "CAA"}
)

// dnsOverTCP reads messages that each have their length before them.
func (d *dissector) dnsOverTCP(s span) {
	for s.pos < s.end {
		if s.end-s.pos < 2 {
			d.payload(s)
			return
		}
		n := int(number(d.data[s.pos : s.pos+2]))
		d.dnsMessage(s.first(2+n), 2)
		s = s.from(2 + n)
	}
}

func (d *dissector) dns(s span) { d.dnsMessage(s, 0) }

// dnsMessage reads a message after prefix bytes of length.
func (d *dissector) dnsMessage(s span, prefix int) {
	p := d.part(DNS, s.pos, s.end-s.pos)
	if prefix > 0 {
		p.Fields = append(p.Fields, d.node(dnsLength, s.pos, prefix))
	}
	m := dnsMessage{dissector: d, span: s.from(prefix)}
	ok := m.header(p)
	if ok {
		for i := range dnsSections {
			if ok = m.section(p, i); !ok {
				break
			}
		}
	}
	p.Summary = m.summary
	if !ok {
		d.short(DNS, s)
		return
	}
	if m.at < s.end {
		n := d.node(dnsExtraHeading, m.at, s.end-m.at)
		n.Children = []Node{d.node(dnsExtra, m.at, s.end-m.at)}
		p.Fields = append(p.Fields, n)
		d.expert(Note, "dns.extraneous", "There are bytes after the message.", m.at, s.end-m.at)
	}
}

// dnsMessage is a message being read; names in it refer to its start.
type dnsMessage struct {
	*dissector
	span
	at      int // what is read next
	opcode  uint64
	left    [4]int // records of each section
	summary string
}

func (m *dnsMessage) header(p *Part) (ok bool) {
	if p.Fields, ok = m.fixed(p.Fields, dnsID, m.pos, m.span); !ok || m.end-m.pos < DNSSize {
		return false
	}
	flags := m.node(dnsFlags, m.pos+2, 2)
	response := flags.Uint&0x8000 != 0
	m.opcode = flags.Uint >> 11 & 15
	for _, f := range dnsQuery {
		if m.shows(f.Mask, response, flags.Uint) {
			flags.Children, _ = m.fixed(flags.Children, []*Field{f}, m.pos, m.span)
		}
	}
	flags.Show = showEnumName(dnsOpcodes, m.opcode)
	if response {
		flags.Show = "answer, " + showEnumName(dnsRcodes, flags.Uint&15)
	}
	m.summary = flags.Show
	p.Fields = append(p.Fields, flags)
	counts := dnsCounts
	if m.opcode == 5 {
		counts = dnsUpdateCounts
	}
	p.Fields, _ = m.fixed(p.Fields, counts, m.pos, m.span)
	for i := range m.left {
		m.left[i] = int(binary.BigEndian.Uint16(m.data[m.pos+4+2*i:]))
	}
	m.at = m.pos + DNSSize
	return true
}

// shows says whether a flag has a meaning in this message.
func (m *dnsMessage) shows(mask uint64, response bool, flags uint64) bool {
	switch mask {
	case 0x0400, 0x0080, 0x000f: // authoritative, recursion available, reply code
		return response
	case 0x0020: // a question may ask for authentic data (RFC 6840 section 5.7)
		return response || flags&mask != 0
	}
	return true
}

// section reads a section's records into one heading.
func (m *dnsMessage) section(p *Part, i int) bool {
	if m.left[i] == 0 {
		return true
	}
	start := m.at
	var records []Node
	ok := true
	for ; ok && m.left[i] > 0; m.left[i]-- {
		var n Node
		if !m.within() {
			ok = false
			break
		}
		if i == 0 {
			n, ok = m.question()
		} else {
			n, ok = m.record()
		}
		records = append(records, n)
		if first := len(records) == 1; first && (i == 0 || i == 1) {
			m.summary += ", " + n.Show
		}
	}
	if i == 1 && len(records) > 1 {
		m.summary += " and " + count(len(records)-1, "more record")
	}
	heading := m.told(dnsSections[i], start, m.at-start, count(len(records), "record"))
	heading.Children = records
	p.Fields = append(p.Fields, heading)
	return ok
}

func (m *dnsMessage) question() (Node, bool) {
	start := m.at
	n := m.told(dnsQuestion, start, 0, "")
	name, labels, size, ok := m.name(start)
	if !ok {
		n.Len = m.end - start
		m.at = m.end
		return n, false
	}
	length := m.node(dnsLen, start, size)
	length.Uint = uint64(len(name))
	parts := m.node(dnsLabels, start, size)
	parts.Uint = uint64(labels)
	for _, c := range []*Node{&length, &parts} {
		c.Show = show(c.Field, c.Uint, nil)
	}
	n.Children = append(n.Children, m.told(dnsName, start, size, Printable(name)), length, parts)
	m.at += size
	if m.end-m.at < 4 {
		n.Len = m.end - start
		m.at = m.end
		return n, false
	}
	typ := m.node(dnsQType, m.at, 2)
	n.Children = append(n.Children, typ, m.node(dnsQClass, m.at+2, 2))
	m.at += 4
	n.Len = m.at - start
	n.Show = Printable(name) + " " + showEnumName(dnsTypes, typ.Uint)
	return n, true
}

const (
	maxNameJumps = 64   // pointers followed in one name; more is a loop
	maxNameLen   = 1024 // bytes of a name as text; RFC 1035 allows 255
)

// name reads the name at a place: as text, how many labels, how many bytes it
// has there. A name may end in a pointer to an earlier one (RFC 1035 section
// 4.1.4).
func (m *dnsMessage) name(at int) (text string, labels, size int, ok bool) {
	var b strings.Builder
	for jumps := 0; at < m.end; {
		c := int(m.data[at])
		switch {
		case c == 0:
			if jumps == 0 {
				size++
			}
			if labels == 0 {
				return "<Root>", 0, size, true
			}
			return b.String(), labels, size, true
		case c >= 0xc0:
			if at+1 >= m.end {
				return "", 0, 0, false
			}
			if jumps == 0 {
				size += 2
			}
			if jumps == maxNameJumps {
				return "<a loop of pointers>", labels, size, true
			}
			jumps++
			at = m.pos + (c&0x3f)<<8 + int(m.data[at+1])
		case b.Len() > maxNameLen && jumps > 0:
			return "<a loop of pointers>", labels, size, true
		case c >= 0x40 || at+1+c > m.end || b.Len() > maxNameLen:
			return "", 0, 0, false
		default:
			if labels++; labels > 1 {
				b.WriteByte('.')
			}
			b.Write(m.data[at+1 : at+1+c])
			at += 1 + c
			if jumps == 0 {
				size += 1 + c
			}
		}
	}
	return "", 0, 0, false
}
