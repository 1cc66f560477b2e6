package layers

const rfcNames6 = "RFC 8415 sec. 10"

// v6NameLists are the options that are lists of names.
var v6NameLists = map[uint64]struct{ heading, name *Field }{
	21: {v6List("SIP servers"), v6Row(TypeString, 0, "sip_server_domain_search_fqdn", "SIP server", "RFC 3319 sec. 3.1", "A server for telephone calls.")},
	24: {v6List("domain search list"), v6Row(TypeString, 0, "search_list_entry", "domain", "RFC 3646 sec. 4", "A domain to look for names in.")},
	29: {v6List("NIS domain"), v6Row(TypeString, 0, "nis_fqdn", "NIS domain", "RFC 3898 sec. 5", "The client's NIS domain.")},
	30: {v6List("NIS+ domain"), v6Row(TypeString, 0, "nisp_fqdn", "NIS+ domain", "RFC 3898 sec. 6", "The client's NIS+ domain.")},
	33: {v6List("BCMCS servers"), v6Row(TypeString, 0, "bcmcs_server_fqdn", "BCMCS server", "RFC 4280 sec. 4", "A server of mobile broadcasts.")},
}

func v6List(label string) *Field {
	return row(DHCPv6, Field{Label: label, Type: TypeNone, RFC: rfcNames6, Help: "A list of names."})
}

var (
	v6FQDNFlags = v6Row(TypeHex, 1, "client_fqdn_flags", "flags", "RFC 4704 sec. 4.1", "Who tells the DNS.")
	v6FQDN      = v6Row(TypeString, 0, "client_domain", "name", "RFC 4704 sec. 4.2", "The client's full name.")
	v6FQDNBad   = v6Row(TypeHex, 1, "clientfqdn.bad_msgtype", "message", "RFC 4704 sec. 5", "A message that must not have a client's name.")
	v6FQDNBits  = map[string][]*Field{
		"client": {v6FQDNBit("client.n", "no updates", 4, "The server should tell the DNS nothing."), v6FQDNBit("client.s", "server updates", 1, "The server should tell the DNS the name's address.")},
		"server": {v6FQDNBit("server.n", "no updates", 4, "The server tells the DNS nothing."), v6FQDNBit("server.o", "override", 2, "The server does not do as the client asked."),
			v6FQDNBit("server.s", "server updates", 1, "The server tells the DNS the name's address.")},
	}

	v6Mistake  = row(DHCPv6, Field{Label: "mistake", Type: TypeNone, RFC: rfcNames6, Help: "The bytes that are not as they should be."})
	v6NoName   = v6Row(TypeUint, 2, "domain_field_len", "no name", "RFC 4704 sec. 4.2", "The client leaves its name to the server.")
	v6BadLabel = v6Row(TypeUint, 1, "bogus_label_length", "no label", rfcNames6, "A label has at most 63 bytes: this is no name as DNS writes it.")
	v6TooLong  = v6Row(TypeUint, 1, "domain_field_len_exceeded", "label too long", rfcNames6, "The label is longer than the option.")
	v6Over255  = v6Row(TypeUint, 0, "encoded_fqdn_gt_255", "name too long", "RFC 1035 sec. 2.3.4", "A name has at most 255 bytes.")
	v6SoFar    = v6Row(TypeString, 0, "decoded_portion", "name so far", rfcNames6, "What could be read.")
	v6RootOnly = v6Row(TypeString, 1, "root_only_domain_name", "root", rfcNames6, "The root's name means nothing here.")
	v6TLD      = v6Row(TypeString, 0, "tld", "top-level name", rfcNames6, "A name of one label.")
	v6Partial  = v6Row(TypeString, 0, "partial_name_preceded_by_fqdn", "partial name", "RFC 4704 sec. 4.2", "A name without its end must be the only one.")
)

func v6FQDNBit(name, label string, mask uint64, help string) *Field {
	return row(DHCPv6, Field{Name: "dhcpv6.clientfqdn." + name, Label: label, Type: TypeBool, Size: 1, Mask: mask, RFC: "RFC 4704 sec. 4.1", Help: help})
}

// clientName reads a client's name and who tells the DNS of it (RFC 4704). Its
// flags mean what the sender's side says.
func (m *v6Message) clientName(dst *[]Node, n int) {
	if n < 1 {
		return
	}
	side := "client"
	switch m.kind {
	case 1, 3, 5, 6:
	case 2, 7:
		side = "server"
	default:
		bad := m.node(v6FQDNBad, m.pos-4, 1)
		bad.Uint, bad.Show = m.kind, showHex(m.kind, 2)
		bad.Children = []Node{m.node(v6Mistake, m.pos-4, 1)}
		*dst = append(*dst, bad)
		return
	}
	flags := m.over(dst, v6FQDNFlags, 1)
	for _, f := range v6FQDNBits[side] {
		m.over(&flags.Children, f, 1)
	}
	if flags.Uint&5 == 5 { // nobody can update, and the server update
		m.over(dst, v6Mistake, 1)
	}
	m.skip(1)
	m.names(dst, v6FQDN, n-1)
}

// names reads names, one after the other, in n bytes. The last may lack its
// end when it is the only one: it is then relative to a known domain.
func (m *v6Message) names(dst *[]Node, f *Field, n int) {
	if n == 0 {
		*dst = append(*dst, m.node(v6NoName, m.pos-3, 2))
		return
	}
	start, labels, first, text, whole := m.pos, 0, m.pos, "", false
	add := func(f *Field, size, mistake int, text string) {
		if first+size > len(m.data) || !m.within() {
			*m.broken = true
			return
		}
		node := m.node(f, first, size)
		node.Show = Printable(text)
		if mistake > 0 {
			node.Children = []Node{m.node(v6Mistake, first, mistake)}
		}
		*dst = append(*dst, node)
	}
	for m.left() > 0 {
		at, c := m.pos, m.peek(0, 1)
		if text == "" {
			first = at
		}
		switch left := m.left() - 1; {
		case c > 63, c > left:
			bad, mistake := v6BadLabel, m.node(v6Mistake, at, 1)
			if c <= 63 {
				bad, mistake = v6TooLong, m.node(v6Mistake, start, n)
			}
			o := m.over(dst, bad, 1)
			if labels > 0 {
				dst = &o.Children
				add(v6SoFar, len(text), 0, text)
			}
			o.Children = append(o.Children, mistake)
			m.skip(m.left())
			return
		case len(text)+c+2 > 255:
			size := len(text) + 1 + c
			if m.peek(1+c, 1) == 0 {
				size++
			}
			add(v6Over255, size-1, size-1, text)
			m.skip(m.left())
			return
		case c == 0 && labels == 0:
			o := m.over(dst, v6RootOnly, 1)
			m.take(&o.Children, v6Mistake, 1)
			m.skip(m.left())
			return
		case c == 0:
			if labels == 1 {
				add(v6TLD, len(text)+2, len(text)+2, text+".")
			} else {
				add(f, len(text)+2, 0, text+".")
			}
			labels, text, whole = 0, "", true
			m.skip(1)
			continue
		case c == left: // the last label, without an end of the name
			text += string(m.data[at+1 : at+1+c])
			if whole {
				add(v6Partial, c, c, text)
			} else {
				add(f, len(text)+1, 0, text)
			}
			m.skip(m.left())
			return
		}
		if labels > 0 {
			text += "."
		}
		text += string(m.data[at+1 : at+1+c])
		labels++
		m.skip(1 + c)
	}
}
