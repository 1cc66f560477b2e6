package layers

// dnsRow is a row of a record's data.
func dnsRow(typ Type, size int, name, label, rfc, help string) *Field {
	return row(DNS, Field{Name: "dns." + name, Label: label, Type: typ, Size: size, RFC: rfc, Help: help})
}

// dnsCounted is a row that is as long as the number before it says.
func dnsCounted(typ Type, name, label, rfc, help string) *Field {
	return table(DNS, counted(Field{Name: "dns." + name, Label: label, Type: typ, RFC: rfc, Help: help}))[0]
}

const rfcMail = "RFC 1035 sec. 3.3"

var (
	rdMD      = dnsRow(TypeString, 0, "md", "mail destination", rfcMail, "Where mail for the name is delivered; MX has taken its place.")
	rdMF      = dnsRow(TypeString, 0, "mf", "mail forwarder", rfcMail, "Who passes on mail for the name; MX has taken its place.")
	rdMB      = dnsRow(TypeString, 0, "mb", "mailbox host", rfcMail, "The host that has the mailbox.")
	rdMG      = dnsRow(TypeString, 0, "mg", "mail group member", rfcMail, "A mailbox of the group.")
	rdMR      = dnsRow(TypeString, 0, "mr", "renamed mailbox", rfcMail, "The mailbox's new name.")
	rdNull    = dnsRow(TypeBytes, 0, "null", "data", "RFC 1035 sec. 3.3.10", "Anything at all.")
	minfoRows = []*Field{
		dnsRow(TypeString, 0, "minfo.r", "responsible", "RFC 1035 sec. 3.3.7", "Who looks after the mailing list."),
		dnsRow(TypeString, 0, "minfo.e", "errors to", "RFC 1035 sec. 3.3.7", "Who gets its error messages.")}
	wksRows = []*Field{
		dnsRow(TypeIPv4, 4, "wks.address", "address", "RFC 1035 sec. 3.4.2", "The host's address."),
		dnsRow(TypeUint, 1, "wks.protocol", "protocol", "RFC 1035 sec. 3.4.2", "6 is TCP, 17 is UDP.")}
	wksBits = dnsRow(TypeHex, 1, "wks.bits", "services", "RFC 1035 sec. 3.4.2", "A bit for each of eight ports that the host serves.")
	x25Rows = []*Field{
		dnsRow(TypeUint, 1, "x25.length", "length", "RFC 1183 sec. 3.1", "How many digits follow."),
		dnsCounted(TypeString, "x25.psdn_address", "X.25 address", "RFC 1183 sec. 3.1", "The host's number in an X.25 network.")}
	isdnRows = []*Field{
		dnsRow(TypeUint, 1, "idsn.length", "length", "RFC 1183 sec. 3.2", "How many digits follow."),
		dnsCounted(TypeString, "idsn.address", "ISDN address", "RFC 1183 sec. 3.2", "The host's telephone number.")}
	isdnMore = []*Field{
		dnsRow(TypeUint, 1, "idsn.sa.length", "length", "RFC 1183 sec. 3.2", "How many digits follow."),
		dnsCounted(TypeString, "idsn.sa.address", "subaddress", "RFC 1183 sec. 3.2", "Which device behind that number.")}
	rtRows = []*Field{
		dnsRow(TypeUint, 2, "rt.subtype", "preference", "RFC 1183 sec. 3.3", "Smaller is tried first."),
		dnsRow(TypeString, 0, "rt.intermediate_host", "route through", "RFC 1183 sec. 3.3", "A host that passes packets on.")}
	rdNSAP    = dnsRow(TypeBytes, 0, "nsap.rdata", "NSAP address", "RFC 1706 sec. 5", "The host's OSI address.")
	rdNSAPPtr = dnsRow(TypeString, 0, "nsap_ptr.owner", "owner", "RFC 1348", "The name that the address belongs to.")
	keyRows   = []*Field{
		dnsRow(TypeHex, 2, "key.flags", "flags", rfcKEY, "What the key is for."),
		dnsRow(TypeUint, 1, "key.protocol", "protocol", rfcKEY, "Which protocol the key is for; 3 is DNSSEC."),
		dnsRow(TypeUint, 1, "key.algorithm", "algorithm", rfcKEY, "How signatures are made.")}
	keyData  = dnsRow(TypeBytes, 0, "key.public_key", "public key", rfcKEY, "The key.")
	shortKey = row(DNS, Field{Label: "key", Type: TypeNone, RFC: rfcKEY, Help: "The data is too short for a key."})
	keyFlags = []*Field{
		keyFlag("authentication", "no authentication", TypeBool, 0x8000, "The key must not be used for authentication."),
		keyFlag("confidentiality", "no confidentiality", TypeBool, 0x4000, "The key must not be used to encrypt."),
		keyFlag("required", "required", TypeBool, 0x2000, "Not used any more."),
		keyFlag("associated_user", "user", TypeBool, 0x0400, "The key belongs to a user."),
		keyFlag("associated_named_entity", "host", TypeBool, 0x0200, "The key belongs to a host or the like."),
		keyFlag("ipsec", "IPsec", TypeBool, 0x0080, "The key may be used for IPsec."),
		keyFlag("mime", "MIME", TypeBool, 0x0040, "The key may be used for mail."),
		keyFlag("signatory", "signatory", TypeUint, 0x000f, "What the key may sign.")}
	pxRows = []*Field{
		dnsRow(TypeUint, 2, "px.preference", "preference", "RFC 2163 sec. 4", "Smaller is tried first."),
		dnsRow(TypeString, 0, "px.map822", "Internet mail name", "RFC 2163 sec. 4", "The domain in Internet mail."),
		dnsRow(TypeString, 0, "px.map400", "X.400 mail name", "RFC 2163 sec. 4", "The domain in X.400 mail.")}
	gposRows = []*Field{
		dnsRow(TypeUint, 1, "gpos.longitude_length", "length", "RFC 1712 sec. 3", "How many bytes of text follow."),
		dnsCounted(TypeString, "gpos.longitude", "longitude", "RFC 1712 sec. 3", "Degrees east."),
		dnsRow(TypeUint, 1, "gpos.latitude_length", "length", "RFC 1712 sec. 3", "How many bytes of text follow."),
		dnsCounted(TypeString, "gpos.latitude", "latitude", "RFC 1712 sec. 3", "Degrees north."),
		dnsRow(TypeUint, 1, "gpos.altitude_length", "length", "RFC 1712 sec. 3", "How many bytes of text follow."),
		dnsCounted(TypeString, "gpos.altitude", "altitude", "RFC 1712 sec. 3", "Metres above the sea.")}
	nxtRows    = []*Field{dnsRow(TypeString, 0, "nxt.next_domain_name", "next name", "RFC 2535 sec. 5.2", "The name that comes next in the zone; NSEC has taken its place.")}
	locUnknown = dnsRow(TypeBytes, 0, "loc.unknown_data", "data", rfcLOC, "A place in another version's form.")
	a6Length   = dnsRow(TypeUint, 1, "a6.prefix_len", "prefix length", "RFC 2874 sec. 3.1", "How many bits of the address are elsewhere.")
	a6Suffix   = dnsRow(TypeIPv6, 0, "a6.address_suffix", "address", "RFC 2874 sec. 3.1", "The end of the address.")
	a6Name     = dnsRow(TypeString, 0, "a6.prefix_name", "prefix name", "RFC 2874 sec. 3.1", "Where its beginning is.")
	aplRows    = []*Field{
		dnsRow(TypeUint, 2, "apl.address_family", "address family", "RFC 3123 sec. 4", "1 is IPv4, 2 is IPv6."),
		dnsRow(TypeUint, 1, "apl.coded_prefix", "prefix", "RFC 3123 sec. 4", "How many bits of the address count.")}
	aplBits = table(DNS,
		&Field{Name: "dns.apl.negation", Label: "negation", Type: TypeBool, Size: 1, Mask: 0x80, RFC: "RFC 3123 sec. 4", Help: "These addresses are not meant."},
		&Field{Name: "dns.apl.afdlength", Label: "length", Type: TypeUint, Size: 1, Mask: 0x7f, RFC: "RFC 3123 sec. 4", Help: "How many bytes of address follow."})
	aplAddress = map[uint64]*Field{
		1: dnsRow(TypeIPv4, 0, "apl.afdpart.ipv4", "address", "RFC 3123 sec. 4", "The beginning of the addresses."),
		2: dnsRow(TypeIPv6, 0, "apl.afdpart.ipv6", "address", "RFC 3123 sec. 4", "The beginning of the addresses."),
	}
	aplOther  = dnsRow(TypeBytes, 0, "apl.afdpart.data", "address", "RFC 3123 sec. 4", "The beginning of the addresses.")
	ipsecRows = []*Field{
		dnsRow(TypeUint, 1, "ipseckey.gateway_precedence", "precedence", "RFC 4025 sec. 2.1", "Smaller is tried first."),
		dnsRow(TypeUint, 1, "ipseckey.gateway_type", "gateway type", "RFC 4025 sec. 2.1", "What follows: 1 an IPv4 address, 2 an IPv6 address, 3 a name."),
		dnsRow(TypeUint, 1, "ipseckey.gateway_algorithm", "algorithm", "RFC 4025 sec. 2.1", "What kind of key it is.")}
	ipsecGateway = map[uint64]*Field{
		1: dnsRow(TypeIPv4, 4, "ipseckey.gateway_ipv4", "gateway", "RFC 4025 sec. 2.5", "The tunnel's other end."),
		2: dnsRow(TypeIPv6, 16, "ipseckey.gateway_ipv6", "gateway", "RFC 4025 sec. 2.5", "The tunnel's other end."),
	}
	ipsecName = dnsRow(TypeString, 0, "ipseckey.gateway_dns", "gateway", "RFC 4025 sec. 2.5", "The tunnel's other end.")
	ipsecKey  = dnsRow(TypeBytes, 0, "ipseckey.public_key", "public key", "RFC 4025 sec. 2.6", "The key.")
	rdDHCID   = dnsRow(TypeBytes, 0, "dhcid.rdata", "DHCP identifier", "RFC 4701 sec. 3", "Tells which DHCP client the name belongs to, without naming it.")
	hipRows   = []*Field{
		dnsRow(TypeUint, 1, "hip.hit.length", "tag length", rfcHIP, "How many bytes the tag has."),
		dnsRow(TypeUint, 1, "hip.hit.pk.algo", "algorithm", rfcHIP, "What kind of key it is."),
		dnsRow(TypeUint, 2, "hip.pk.length", "key length", rfcHIP, "How many bytes the key has.")}
	hipTag      = dnsRow(TypeBytes, 0, "hip.hit", "tag", rfcHIP, "The host's identity, hashed.")
	hipKey      = dnsRow(TypeBytes, 0, "hip.pk", "public key", rfcHIP, "The host's identity.")
	hipServer   = dnsRow(TypeString, 0, "hip.rendezvous_server", "rendezvous server", rfcHIP, "Who knows where the host is.")
	rdPGP       = dnsRow(TypeBytes, 0, "openpgpkey", "OpenPGP key", "RFC 7929 sec. 2", "The key of a mail address.")
	csyncRows   = csyncLayout()
	csyncBitmap = dnsRow(TypeBytes, 0, "csync.type_bitmap", "types", "RFC 7477 sec. 2.1.1", "Which records to copy to the parent zone.")
	zonemdRows  = []*Field{
		dnsRow(TypeUint, 4, "zonemd.serial", "serial number", rfcZONEMD, "The version of the zone."),
		dnsRow(TypeUint, 1, "zonemd.scheme", "scheme", rfcZONEMD, "What is hashed: 1 is the whole zone."),
		dnsRow(TypeUint, 1, "zonemd.hash_algo", "hash algorithm", rfcZONEMD, "1 is SHA-384, 2 is SHA-512."),
		dnsRow(TypeBytes, 0, "zonemd.digest", "digest", rfcZONEMD, "The hash of the zone.")}
	nidRows   = ilnpRows("nid", TypeBytes, 8, "node identifier", "The host's part of its address.")
	l32Rows   = ilnpRows("l32", TypeIPv4, 4, "locator", "The network's part of an IPv4 address.")
	l64Rows   = ilnpRows("l64", TypeBytes, 8, "locator", "The network's part of an IPv6 address.")
	lpRows    = ilnpRows("lp", TypeString, 0, "locator's name", "A name that locators are found at.")
	rdEUI48   = dnsRow(TypeMAC, 6, "eui48", "EUI-48", "RFC 7043 sec. 3.1", "A hardware address.")
	rdEUI64   = dnsRow(TypeBytes, 8, "eui64", "EUI-64", "RFC 7043 sec. 4.1", "A hardware address.")
	tkeyRows  = tkeyLayout()
	winsRows  = []*Field{dnsRow(TypeHex, 4, "wins.local_flag", "local", rfcWINS, "Whether the record stays in this zone."), dnsRow(TypeUint, 4, "wins.lookup_timeout", "lookup timeout", rfcWINS, "How many seconds to wait for WINS."), dnsRow(TypeUint, 4, "wins.cache_timeout", "cache timeout", rfcWINS, "For how many seconds to keep its answer."), dnsRow(TypeUint, 4, "wins.nb_wins_servers", "servers", rfcWINS, "How many servers follow.")}
	winsIP    = dnsRow(TypeIPv4, 4, "wins.wins_server", "server", rfcWINS, "A WINS server to ask.")
	winsrRows = []*Field{dnsRow(TypeHex, 4, "winsr.local_flag", "local", rfcWINS, "Whether the record stays in this zone."), dnsRow(TypeUint, 4, "winsr.lookup_timeout", "lookup timeout", rfcWINS, "How many seconds to wait for NetBIOS."), dnsRow(TypeUint, 4, "winsr.cache_timeout", "cache timeout", rfcWINS, "For how many seconds to keep its answer."), dnsRow(TypeString, 0, "winsr.name_result_domain", "domain", rfcWINS, "What goes after the NetBIOS name.")}
	xpfRows   = []*Field{dnsRow(TypeUint, 1, "xpf.ip_version", "IP version", rfcXPF, "Of the addresses that follow."), dnsRow(TypeUint, 1, "xpf.protocol", "protocol", rfcXPF, "How the question came to the proxy.")}
	xpfIPv4   = []*Field{dnsRow(TypeIPv4, 4, "xpf.source_ipv4", "client", rfcXPF, "Who asked the proxy."), dnsRow(TypeIPv4, 4, "xpf.destination_ipv4", "proxy", rfcXPF, "Which address was asked.")}
	xpfIPv6   = []*Field{dnsRow(TypeIPv6, 16, "xpf.source_ipv6", "client", rfcXPF, "Who asked the proxy."), dnsRow(TypeIPv6, 16, "xpf.destination_ipv6", "proxy", rfcXPF, "Which address was asked.")}
	xpfPorts  = []*Field{dnsRow(TypeUint, 2, "xpf.sport", "client's port", rfcXPF, "The port that the question came from."), dnsRow(TypeUint, 2, "xpf.dport", "proxy's port", rfcXPF, "The port that it came to.")}
)

const (
	rfcKEY    = "RFC 2535 sec. 3.1"
	rfcHIP    = "RFC 8005 sec. 5"
	rfcZONEMD = "RFC 8976 sec. 2.2"
	rfcWINS   = "MS-DNSP sec. 2.2.2.2.4"
	rfcXPF    = "draft-bellis-dnsop-xpf-04 sec. 3.2"
	rfcTKEY   = "RFC 2930 sec. 2"
)

func keyFlag(name, label string, typ Type, mask uint64, help string) *Field {
	return row(DNS, Field{Name: "dns.key.flags." + name, Label: label, Type: typ, Size: 2, Mask: mask, RFC: rfcKEY, Help: help})
}

func ilnpRows(name string, typ Type, size int, label, help string) []*Field {
	return []*Field{
		dnsRow(TypeUint, 2, "ilnp."+name+".preference", "preference", "RFC 6742 sec. 2", "Smaller is tried first."),
		dnsRow(typ, size, "ilnp."+name, label, "RFC 6742 sec. 2", help)}
}

func csyncLayout() []*Field {
	const rfc = "RFC 7477 sec. 2.1.1"
	flags := dnsRow(TypeHex, 2, "csync.flags", "flags", rfc, "When to copy.")
	flags.Sub = table(DNS,
		&Field{Name: "dns.csync.flags.immediate", Label: "immediate", Type: TypeBool, Size: 2, Mask: 1, RFC: rfc, Help: "The parent may copy without asking further."},
		&Field{Name: "dns.csync.flags.soaminimum", Label: "minimum", Type: TypeBool, Size: 2, Mask: 2, RFC: rfc, Help: "Only a zone of at least this serial number."})
	return []*Field{dnsRow(TypeUint, 4, "csync.soa", "serial number", rfc, "The version of the zone."), flags}
}

func tkeyLayout() []*Field {
	return []*Field{
		dnsRow(TypeString, 0, "tkey.algo_name", "algorithm", rfcTKEY, "What the key is for."),
		dnsRow(TypeAbsTime, 4, "tkey.signature_inception", "valid from", rfcTKEY, "From when on the key holds."),
		dnsRow(TypeAbsTime, 4, "tkey.signature_expiration", "expires", rfcTKEY, "Until when the key holds."),
		dnsRow(TypeUint, 2, "tkey.mode", "mode", rfcTKEY, "How the key is agreed on: 3 is GSS-API."),
		dnsRow(TypeUint, 2, "tkey.error", "error", rfcTKEY, "What went wrong; 0: nothing."),
		dnsRow(TypeUint, 2, "tkey.key_size", "key length", rfcTKEY, "How many bytes of key data follow."),
		dnsCounted(TypeBytes, "tkey.key_data", "key data", rfcTKEY, "What the key is made from."),
		dnsRow(TypeUint, 2, "tkey.other_size", "other length", rfcTKEY, "How many bytes follow."),
		dnsCounted(TypeBytes, "tkey.other_data", "other data", rfcTKEY, "Not used.")}
}

// seldom reads records that are more than a sequence of fields.
func (m *dnsMessage) seldom(dst *[]Node, typ uint64, c *cursor, end int) {
	switch typ {
	case 11:
		c.all(dst, wksRows...)
		for c.pos != end && c.ok(1) {
			if c.data[c.pos] == 0 {
				c.skip(1)
			} else {
				c.take(dst, wksBits, 1)
			}
		}
	case 20:
		m.layout(dst, isdnRows, c, end)
		if end-c.pos > 1 {
			m.layout(dst, isdnMore, c, end)
		}
	case 25:
		c.key(dst, end)
	case 29:
		if start := *c; c.peek(0, 1) == 0 {
			m.layout(dst, locRows, c, end)
		} else {
			c.take(dst, locRows[0], 1)
			start.take(dst, locUnknown, end-start.pos)
		}
	case 38:
		m.a6(dst, c)
	case 42:
		c.prefixes(dst, end)
	case 45:
		m.ipsecKey(dst, c, end)
	case 55:
		m.hostIdentity(dst, c, end)
	case 65281:
		c.all(dst, winsRows...)
		if *c.broken {
			return
		}
		for n := (*dst)[len(*dst)-1].Uint; n > 0 && c.pos != end && !*c.broken; n-- {
			c.all(dst, winsIP)
		}
	case 65422:
		addresses := map[int][]*Field{4: xpfIPv4, 6: xpfIPv6}[c.peek(0, 1)]
		c.all(dst, xpfRows[0])
		if addresses != nil {
			c.all(dst, xpfRows[1])
			c.all(dst, addresses...)
			c.all(dst, xpfPorts...)
		}
	}
}

func (c *cursor) key(dst *[]Node, end int) {
	flags := c.over(dst, keyRows[0], 2)
	rows := keyFlags
	if flags.Uint&0xc000 == 0xc000 { // there is no key
		rows = keyFlags[:2]
	}
	for _, f := range rows {
		c.over(&flags.Children, f, 2)
	}
	c.skip(2)
	c.all(dst, keyRows[1:]...)
	c.remainder(dst, keyData, end)
}

// a6 reads the end of an address and where its beginning is.
func (m *dnsMessage) a6(dst *[]Node, c *cursor) {
	prefix := c.peek(0, 1)
	n := max(0, 128-prefix+7) / 8
	var nodes []Node
	c.take(&nodes, a6Length, 1)
	suffix := c.take(&nodes, a6Suffix, n)
	if suffix.Len > 0 {
		var address [16]byte
		copy(address[16-n:], c.data[suffix.Pos:suffix.Pos+n])
		suffix.Show = showIP(address[:])
	}
	if prefix > 0 {
		m.name(&nodes, a6Name, c)
	}
	if !*c.broken {
		*dst = append(*dst, nodes...)
	}
}

func (c *cursor) prefixes(dst *[]Node, end int) {
	for end-c.pos > 1 && !*c.broken {
		c.all(dst, aplRows...)
		if *c.broken {
			return
		}
		family := (*dst)[len(*dst)-2].Uint
		c.over(dst, aplBits[0], 1)
		n := int(c.take(dst, aplBits[1], 1).Uint)
		size := map[uint64]int{1: 4, 2: 16}[family]
		if size == 0 || n > size {
			c.take(dst, aplOther, n)
			continue
		}
		if a := c.take(dst, aplAddress[family], n); a.Len > 0 {
			c.shortAddress(a, size)
		}
	}
}

func (m *dnsMessage) ipsecKey(dst *[]Node, c *cursor, end int) {
	kind := uint64(c.peek(1, 1))
	c.all(dst, ipsecRows...)
	if f := ipsecGateway[kind]; f != nil {
		c.all(dst, f)
	} else if kind == 3 {
		m.name(dst, ipsecName, c)
	}
	c.remainder(dst, ipsecKey, end)
}

func (m *dnsMessage) hostIdentity(dst *[]Node, c *cursor, end int) {
	tag, key := c.peek(0, 1), c.peek(2, 2)
	c.all(dst, hipRows...)
	c.take(dst, hipTag, tag)
	c.take(dst, hipKey, key)
	for end-c.pos > 1 && !*c.broken {
		m.name(dst, hipServer, c)
	}
}
