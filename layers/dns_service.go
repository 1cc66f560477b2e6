package layers

import "strings"

const (
	rfcSVCB = "RFC 9460 sec. 2.2"
	rfcCAA  = "RFC 8659 sec. 4.1"
)

var (
	svcbRows = table(DNS,
		&Field{Name: "dns.svcb.svcpriority", Label: "priority", Type: TypeUint, Size: 2, RFC: rfcSVCB, Help: "Smaller is tried first; 0: the target is another name for the service."},
		&Field{Name: "dns.svcb.targetname", Label: "target", Type: TypeString, RFC: rfcSVCB, Help: "The host of the service."})
	svcParam    = row(DNS, Field{Name: "dns.svcb.svcparam", Label: "parameter", Type: TypeNone, RFC: rfcSVCB, Help: "Something to know before connecting."})
	svcParamKey = table(DNS,
		&Field{Name: "dns.svcb.svcparam.key", Label: "key", Type: TypeEnum, Size: 2, RFC: "RFC 9460 sec. 14.3.2", Names: svcKeys, Help: "Which parameter it is."},
		&Field{Name: "dns.svcb.svcparam.value.length", Label: "length", Type: TypeUint, Size: 2, RFC: rfcSVCB, Help: "How many bytes of value follow."})
	svcALPNLen = row(DNS, Field{Name: "dns.svcb.svcparam.alpn.length", Label: "name length", Type: TypeUint, RFC: "RFC 9460 sec. 7.1", Help: "How many bytes the name has."})
	svcALPN    = row(DNS, Field{Name: "dns.svcb.svcparam.alpn", Label: "protocol", Type: TypeString, RFC: "RFC 9460 sec. 7.1", Help: "A protocol that the service speaks: h2 is HTTP/2."})
	svcValue   = row(DNS, Field{Name: "dns.svcb.svcparam.value", Label: "value", Type: TypeBytes, RFC: rfcSVCB, Help: "The parameter's value."})
	// svcLists are the parameters whose values are lists of fields of one size;
	// without a size, one field that takes the whole value.
	svcLists = map[uint64]*Field{
		0:     row(DNS, Field{Name: "dns.svcb.svcparam.mandatory.key", Label: "mandatory", Type: TypeEnum, Size: 2, RFC: "RFC 9460 sec. 8", Names: svcKeys, Help: "A parameter that a client must understand."}),
		3:     row(DNS, Field{Name: "dns.svcb.svcparam.port", Label: "port", Type: TypeUint, Size: 2, RFC: "RFC 9460 sec. 7.2", Help: "The port of the service."}),
		4:     row(DNS, Field{Name: "dns.svcb.svcparam.ipv4hint.ip", Label: "IPv4 address", Type: TypeIPv4, Size: 4, RFC: "RFC 9460 sec. 7.3", Help: "Where the target likely is."}),
		5:     row(DNS, Field{Name: "dns.svcb.svcparam.echconfig", Label: "ECH configuration", Type: TypeBytes, RFC: "RFC 9460 sec. 14.3.2", Help: "How to encrypt the beginning of TLS."}),
		6:     row(DNS, Field{Name: "dns.svcb.svcparam.ipv6hint.ip", Label: "IPv6 address", Type: TypeIPv6, Size: 16, RFC: "RFC 9460 sec. 7.3", Help: "Where the target likely is."}),
		32769: row(DNS, Field{Name: "dns.svcb.svcparam.odohconfig", Label: "oblivious DoH configuration", Type: TypeBytes, RFC: "RFC 9230", Help: "How to encrypt questions for a server behind a proxy."}),
	}

	caaFlags = table(DNS, &Field{Name: "dns.caa.flags", Label: "flags", Type: TypeHex, Size: 1, RFC: rfcCAA, Help: "How the property is to be taken.", Sub: []*Field{
		{Name: "dns.caa.flags.issuer_critical", Label: "critical", Type: TypeBool, Size: 1, Mask: 0x80, RFC: rfcCAA, Help: "Who does not understand the property must not issue a certificate."}}})
	caaProperty = map[string]*Field{
		"issue":     row(DNS, Field{Name: "dns.caa.issue", Label: "issue", Type: TypeNone, RFC: "RFC 8659 sec. 4.2", Help: "Who may issue certificates for the name."}),
		"issuewild": row(DNS, Field{Name: "dns.caa.issuewild", Label: "issue wildcard", Type: TypeNone, RFC: "RFC 8659 sec. 4.3", Help: "Who may issue certificates for all names below."}),
		"iodef":     row(DNS, Field{Name: "dns.caa.iodef", Label: "report to", Type: TypeNone, RFC: "RFC 8659 sec. 4.4", Help: "Where violations are reported."}),
	}
	caaUnknown = row(DNS, Field{Name: "dns.caa.unknown", Label: "other property", Type: TypeNone, RFC: rfcCAA, Help: "A property that is not known here."})
	caaTagLen  = row(DNS, Field{Name: "dns.caa.tag_length", Label: "tag length", Type: TypeUint, RFC: rfcCAA, Help: "How many bytes the tag has."})
	caaTag     = row(DNS, Field{Name: "dns.caa.tag", Label: "tag", Type: TypeString, RFC: rfcCAA, Help: "Which property it is."})
	caaValue   = row(DNS, Field{Name: "dns.caa.value", Label: "value", Type: TypeString, RFC: rfcCAA, Help: "The property's value."})
)

var svcKeys = map[uint64]string{0: "mandatory", 1: "ALPN", 2: "no default ALPN", 3: "port", 4: "IPv4 hint", 5: "ECH", 6: "IPv6 hint", 32769: "oblivious DoH"}

// service reads a SVCB or HTTPS record: where a service is and what it speaks.
func (m *dnsMessage) service(dst *[]Node, c *cursor, end int) {
	m.layout(dst, svcbRows, c, end)
	for c.pos < end && !*c.broken {
		p := c.over(dst, svcParam, c.left())
		inner := *c
		inner.all(&p.Children, svcParamKey...)
		if *c.broken {
			return
		}
		key, n := p.Children[0].Uint, int(p.Children[1].Uint)
		p.Len, p.Show = min(4+n, c.left()), p.Children[0].Show
		inner.parameter(&p.Children, key, n)
		p.told(2)
		c.pos = inner.pos
	}
}

// parameter reads a parameter's value of n bytes.
func (c *cursor) parameter(dst *[]Node, key uint64, n int) {
	f := svcLists[key]
	switch {
	case key == 1:
		for end := c.pos + n; c.pos < end && !*c.broken; {
			size := int(c.take(dst, svcALPNLen, 1).Uint)
			c.take(dst, svcALPN, size)
		}
	case key == 2: // says all by being there
	case key == 3:
		c.all(dst, f)
	case f == nil:
		c.take(dst, svcValue, n)
	case f.Size == 0:
		c.take(dst, f, n)
	default:
		for i := 0; i < n && !*c.broken; i += f.Size {
			c.all(dst, f)
		}
	}
}

// authority reads a CAA record: who may issue certificates.
func (c *cursor) authority(dst *[]Node, end int) {
	c.all(dst, caaFlags...)
	n := c.peek(0, 1)
	value := end - c.pos - 1 - n
	if !c.ok(1+n) || value < 0 || !c.ok(1+n+value) {
		*c.broken = true
		return
	}
	tag := string(c.data[c.pos+1 : c.pos+1+n])
	f := caaUnknown
	for _, name := range []string{"iodef", "issuewild", "issue"} { // the beginning of a name is enough for Wireshark
		if strings.HasPrefix(name, tag) {
			f = caaProperty[name]
		}
	}
	p := c.over(dst, f, 1+n+value)
	c.take(&p.Children, caaTagLen, 1)
	c.take(&p.Children, caaTag, n)
	c.take(&p.Children, caaValue, value)
	p.Show = Printable(tag)
	if len(p.Children) == 3 {
		p.Show += " " + p.Children[2].Show
	}
}
