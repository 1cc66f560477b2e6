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
	optOther  = row(DNS, Field{Name: "dns.opt.client.addr", Label: "address", Type: TypeBytes, RFC: rfcECS, Help: "The beginning of the client's address."})
	optClient = row(DNS, Field{Name: "dns.opt.cookie.client", Label: "client cookie", Type: TypeBytes, RFC: rfcCookie, Help: "Chosen by the client; the answer repeats it."})
	optServer = row(DNS, Field{Name: "dns.opt.cookie.server", Label: "server cookie", Type: TypeBytes, RFC: rfcCookie, Help: "Chosen by the server; the client's next question repeats it."})

	optTimeout   = row(DNS, Field{Name: "dns.opt.edns_tcp_keepalive.timeout", Label: "timeout", Type: TypeUint, Size: 2, RFC: "RFC 7828 sec. 3.1", Help: "For how many tenths of a second the connection may stay open without questions."})
	optPadding   = row(DNS, Field{Name: "dns.opt.padding", Label: "padding", Type: TypeBytes, RFC: "RFC 7830 sec. 3", Help: "Hides the message's true length from who listens."})
	optChain     = row(DNS, Field{Name: "dns.opt.chain.fqdn", Label: "trust point", Type: TypeString, RFC: "RFC 7901 sec. 4", Help: "The name from which on the client wants the chain of signatures."})
	optError     = row(DNS, Field{Name: "dns.opt.ext_error.info_code", Label: "error", Type: TypeEnum, Size: 2, RFC: "RFC 8914 sec. 4", Names: ednsErrors, Help: "More exactly, what went wrong."})
	optErrorText = row(DNS, Field{Name: "dns.opt.ext_error.extra_text", Label: "text", Type: TypeString, RFC: "RFC 8914 sec. 2", Help: "What went wrong, for people."})

	// optLists are those whose every byte is a number.
	optLists = map[uint64]*Field{
		5: row(DNS, Field{Name: "dns.opt.dau", Label: "algorithm", Type: TypeUint, RFC: rfcDAU, Help: "A way of signing that the asker understands."}),
		6: row(DNS, Field{Name: "dns.opt.dhu", Label: "hash", Type: TypeUint, RFC: rfcDAU, Help: "A hash of keys that the asker understands."}),
		7: row(DNS, Field{Name: "dns.opt.n3u", Label: "hash", Type: TypeUint, RFC: rfcDAU, Help: "A hash of names that the asker understands."}),
	}
)

var optCodes = map[uint64]string{
	3: "name server identifier", 5: "algorithms understood", 6: "key hashes understood", 7: "name hashes understood", 8: "client subnet",
	9: "expire", 10: "cookie", 11: "TCP keep-alive", 12: "padding", 13: "chain", 20730: "client subnet (trial)", 15: "extended error",
}

var ednsErrors = map[uint64]string{
	0: "other", 1: "unsupported key algorithm", 2: "unsupported digest", 3: "stale answer", 4: "forged answer", 5: "DNSSEC indeterminate", 6: "DNSSEC bogus",
	7: "signature expired", 8: "signature not yet valid", 9: "key missing", 10: "signatures missing", 11: "no zone key", 12: "NSEC missing", 13: "cached error",
	14: "not ready", 15: "blocked", 16: "censored", 17: "filtered", 18: "prohibited", 19: "stale no such name", 20: "not authoritative", 21: "not supported",
	22: "no authority reachable", 23: "network error", 24: "invalid data"}

// ednsOptions reads the data of an OPT record (RFC 6891 section 6.1.2).
func (c *cursor) ednsOptions(dst *[]Node, end int) {
	for c.pos < end && !*c.broken {
		if !c.ok(4) {
			return
		}
		n := c.peek(2, 2)
		o := c.over(dst, optOption, min(4+n, c.left()))
		c.all(&o.Children, optFields...)
		code := o.Children[0].Uint
		o.Show = o.Children[0].Show
		c.over(&o.Children, optData, n)
		after := c.pos + n
		inner := *c
		inner.ednsOption(&o.Children, code, n)
		o.told(3)
		if code != 15 || n >= 2 { // so Wireshark, to which too short an error has no size
			c.pos = after
		}
	}
}

// ednsOption reads the data of one option, of n bytes.
func (c *cursor) ednsOption(dst *[]Node, code uint64, n int) {
	switch {
	case optLists[code] != nil:
		for range n {
			c.take(dst, optLists[code], 1)
		}
	case code == 8 || code == 20730:
		c.clientSubnet(dst, n)
	case code == 10:
		c.take(dst, optClient, 8)
		c.take(dst, optServer, n-8)
	case code == 11 && n == 2:
		c.all(dst, optTimeout)
	case code == 12:
		c.take(dst, optPadding, n)
	case code == 13:
		c.take(dst, optChain, n)
	case code == 15 && n >= 2:
		c.all(dst, optError)
		c.take(dst, optErrorText, n-2)
	}
}

// clientSubnet reads the beginning of an address (RFC 7871 section 6).
func (c *cursor) clientSubnet(dst *[]Node, n int) {
	c.all(dst, optSubnet...)
	if n -= 4; n < 0 { // Wireshark takes what it can get then
		n = c.left()
	}
	if !c.ok(min(n, 16)) {
		return
	}
	family := (*dst)[len(*dst)-3].Uint
	f := optAddress[family]
	if f == nil {
		c.take(dst, optOther, n)
		return
	}
	a := c.over(dst, f, min(n, 16))
	switch {
	case a.Len == 0:
	case family == 1:
		c.shortAddress(a, 4)
	default:
		c.shortAddress(a, 16)
	}
}

// shortAddress shows an address of which only the beginning was sent.
func (c *cursor) shortAddress(n *Node, size int) {
	var address [16]byte
	copy(address[:], c.data[n.Pos:n.Pos+n.Len])
	n.Show = showIP(address[:size])
}
