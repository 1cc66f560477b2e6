package layers

const (
	rfcOPT    = "RFC 6891 sec. 6.1.2"
	rfcECS    = "RFC 7871 sec. 6"
	rfcDAU    = "RFC 6975 sec. 3"
	rfcCookie = "RFC 7873 sec. 4"
)

var (
	optOption = row(DNS, Field{Name: "dns.opt", Label: "option", Type: TypeNone, RFC: rfcOPT, Help: "One extension."})
	optFields = table(DNS,
		&Field{Name: "dns.opt.code", Label: "code", Type: TypeEnum, At: 0, Size: 2, RFC: rfcOPT, Names: optCodes, Help: "Which extension."},
		&Field{Name: "dns.opt.len", Label: "length", Type: TypeUint, At: 2, Size: 2, RFC: rfcOPT, Help: "How many bytes of data follow."})
	optData = row(DNS, Field{Name: "dns.opt.data", Label: "data", Type: TypeBytes, RFC: rfcOPT, Help: "Its data."})

	optSubnet = table(DNS,
		&Field{Name: "dns.opt.client.family", Label: "address family", Type: TypeEnum, Size: 2, RFC: rfcECS, Names: map[uint64]string{1: "IPv4", 2: "IPv6"}, Help: "Which kind of address follows."},
		&Field{Name: "dns.opt.client.netmask", Label: "source prefix", Type: TypeUint, Size: 1, RFC: rfcECS, Help: "How many bits of the client's address are told."},
		&Field{Name: "dns.opt.client.scope", Label: "scope prefix", Type: TypeUint, Size: 1, RFC: rfcECS, Help: "For how many bits the answer holds."})
	optAddress = map[uint64]*Field{
		1: row(DNS, Field{Name: "dns.opt.client.addr4", Label: "address", Type: TypeIPv4, RFC: rfcECS, Help: "The beginning of the client's address."}),
		2: row(DNS, Field{Name: "dns.opt.client.addr6", Label: "address", Type: TypeIPv6, RFC: rfcECS, Help: "The beginning of the client's address."}),
	}
	optClient = row(DNS, Field{Name: "dns.opt.cookie.client", Label: "client cookie", Type: TypeBytes, RFC: rfcCookie, Help: "Chosen by the client; the answer repeats it."})
	optServer = row(DNS, Field{Name: "dns.opt.cookie.server", Label: "server cookie", Type: TypeBytes, RFC: rfcCookie, Help: "Chosen by the server; the client's next question repeats it."})

	// optLayouts are the options that are a plain sequence of fields.
	optLayouts = map[uint64][]*Field{
		11: table(DNS, &Field{Name: "dns.opt.edns_tcp_keepalive.timeout", Label: "timeout", Type: TypeUint, Size: 2, RFC: "RFC 7828 sec. 3.1", Help: "For how many tenths of a second the connection may stay open without questions."}),
		12: table(DNS, &Field{Name: "dns.opt.padding", Label: "padding", Type: TypeBytes, RFC: "RFC 7830 sec. 3", Help: "Hides the message's true length from who listens."}),
		13: table(DNS, &Field{Name: "dns.opt.chain.fqdn", Label: "trust point", Type: TypeString, RFC: "RFC 7901 sec. 4", Help: "The name from which on the client wants the chain of signatures."}),
		15: table(DNS,
			&Field{Name: "dns.opt.ext_error.info_code", Label: "error", Type: TypeUint, Size: 2, RFC: "RFC 8914 sec. 2", Help: "More exactly, what went wrong."},
			&Field{Name: "dns.opt.ext_error.extra_text", Label: "text", Type: TypeBytes, RFC: "RFC 8914 sec. 2", Help: "What went wrong, for people."}),
	}
	// optLists are those whose every byte is a number.
	optLists = map[uint64]*Field{
		5: row(DNS, Field{Name: "dns.opt.dau", Label: "algorithm", Type: TypeUint, RFC: rfcDAU, Help: "A way of signing that the asker understands."}),
		6: row(DNS, Field{Name: "dns.opt.dhu", Label: "hash", Type: TypeUint, RFC: rfcDAU, Help: "A hash of keys that the asker understands."}),
		7: row(DNS, Field{Name: "dns.opt.n3u", Label: "hash", Type: TypeUint, RFC: rfcDAU, Help: "A hash of names that the asker understands."}),
	}
)

var optCodes = map[uint64]string{
	3: "name server identifier", 5: "algorithms understood", 6: "key hashes understood", 7: "name hashes understood", 8: "client subnet",
	9: "expire", 10: "cookie", 11: "TCP keep-alive", 12: "padding", 13: "chain", 15: "extended error",
}

// options reads the data of an OPT record (RFC 6891 section 6.1.2).
func (m *dnsMessage) options(dst []Node, s span) ([]Node, bool) {
	for s.end-s.pos >= 4 && m.within() {
		n := int(number(m.data[s.pos+2 : s.pos+4]))
		if s.pos+4+n > s.end {
			return dst, false
		}
		o := m.node(optOption, s.pos, 4+n)
		o.Children, _ = m.fixed(nil, optFields, s.pos, s)
		code := o.Children[0].Uint
		o.Show = o.Children[0].Show
		if n > 0 {
			o.Children = append(o.Children, m.node(optData, s.pos+4, n))
			o.Children = m.option(o.Children, code, s.from(4).first(n))
		}
		dst = append(dst, o)
		s = s.from(4 + n)
	}
	return dst, s.pos == s.end
}

// option reads the data of one option, which is not empty. What is too short
// for its code is only data.
func (m *dnsMessage) option(dst []Node, code uint64, s span) []Node {
	n := s.end - s.pos
	switch {
	case code == 8 && n >= 4:
		dst, _ = m.layout(dst, optSubnet, &s)
		f := optAddress[number(m.data[s.pos-4:s.pos-2])]
		if f != nil && s.pos < s.end {
			dst = append(dst, m.node(f, s.pos, s.end-s.pos))
		}
	case code == 10 && n >= 8:
		dst = append(dst, m.node(optClient, s.pos, 8))
		if n > 8 {
			dst = append(dst, m.node(optServer, s.pos+8, n-8))
		}
	case optLists[code] != nil:
		for ; s.pos < s.end && m.within(); s = s.from(1) {
			dst = append(dst, m.node(optLists[code], s.pos, 1))
		}
	case optLayouts[code] != nil:
		dst, _ = m.layout(dst, optLayouts[code], &s)
	}
	return dst
}
