package layers

import "strconv"

// PPP's control protocols share one layout (RFC 1661 section 5): code,
// identifier, length, and for the first codes a list of options.

const lcpRFC = "RFC 1661 sec. 5"

// Codes of control messages.
const (
	pppVendor         = 0
	pppConfigure      = 1 // to 4: request, ack, nak, reject
	pppConfigureEnd   = 4
	pppProtocolReject = 8
	pppEchoRequest    = 9
	pppDiscard        = 11
	pppIdentification = 12
	pppTimeRemaining  = 13
)

var (
	pppCodes = map[uint64]string{0: "vendor's own", 1: "configuration request", 2: "configuration accepted", 3: "other values wanted", 4: "options refused", 5: "termination request", 6: "termination accepted",
		7: "code unknown", 8: "protocol unknown", 9: "echo request", 10: "echo reply", 11: "discard", 12: "identification", 13: "time remaining", 14: "reset request", 15: "reset accepted"}
	pppControlHead = []*Field{
		enumRow(0, 1, "ppp.code", "code", pppCodes, "What the message is for."),
		uintRow(1, 1, "ppp.identifier", "identifier", "The same number in request and answer."),
		uintRow(2, 2, "ppp.length", "length", "How many bytes the message has.")}
	pppOptions = bytesRow(0, 0, "", "options", "What the sender asks for, or answers.")
	pppOdd     = bytesRow(0, 0, "", "option", "An option that no table describes, or of the wrong length.")
	pppData    = bytesRow(0, 0, "ppp.data", "data", "What the message carries.")
	pppMagic   = hexRow(0, 4, "ppp.magic_number", "magic number", "A number by chance, by which a loop is found.")
	pppOUI     = hexRow(0, 3, "ppp.oui", "organisation", "Who defines the rest.")
	pppKind    = uintRow(0, 1, "ppp.kind", "kind", "Which of the organisation's messages.")

	lcpMagic   = describeOne(LCP, lcpRFC, hexRow(0, 4, "lcp.magic_number", "magic number", "A number by chance: who sees his own has found a loop."))
	lcpData    = describeOne(LCP, lcpRFC, bytesRow(0, 0, "lcp.data", "data", "What the message carries."))
	lcpMessage = describeOne(LCP, "RFC 1570 sec. 2", textRow(0, 0, "lcp.message", "message", "Text for people."))
	lcpSeconds = describeOne(LCP, "RFC 1570 sec. 2", uintRow(0, 4, "lcp.secs_remaining", "seconds", "How long the link will stay."))
	lcpReject  = describeOne(LCP, "RFC 1661 sec. 5.7", enumRow(0, 2, "lcp.rej_proto", "refused protocol", pppProtocols, "The protocol that the sender does not know."))
)

// pppOption is one option: a heading, and the values after type and length.
type pppOption struct {
	size   int // of the whole option; 0: at least as long as its rows
	head   *Field
	values []*Field
	rest   *Field // what is left; nil: nothing
}

// pppOptionSet are the options of one protocol.
type pppOptionSet struct {
	proto        Proto
	kind, length *Field
	options      map[int]pppOption
}

func pppSet(p Proto, rfc string, kinds map[uint64]string, options map[int]pppOption) *pppOptionSet {
	name := p.Filter() + ".opt"
	set := &pppOptionSet{p, describeOne(p, rfc, enumRow(0, 1, name+".type", "option", kinds, "Which option this is.")),
		describeOne(p, rfc, uintRow(1, 1, name+".length", "option's length", "How many bytes the option has.")), options}
	describe(p, lcpRFC, append(append([]*Field{}, pppControlHead...), pppOptions, pppOdd, pppData, pppMagic, pppOUI, pppKind)...)
	for _, o := range options {
		describe(p, rfc, append([]*Field{o.head}, o.values...)...)
		if o.rest != nil {
			describe(p, rfc, o.rest)
		}
	}
	return set
}

func optionHead(name, label, help string) *Field { return bytesRow(0, 0, name, label, help) }

var lcpOptions = pppSet(LCP, "RFC 1661 sec. 6", map[uint64]string{1: "largest unit", 2: "control characters", 3: "authentication", 4: "quality", 5: "magic number", 7: "short protocol", 8: "no address", 9: "check sequences",
	13: "callback", 17: "multilink unit", 18: "short multilink numbers", 19: "end", 23: "link's number"}, map[int]pppOption{
	1: {4, optionHead("lcp.opt.mtu_bytes", "largest unit", "How long a frame the sender can take."), []*Field{uintRow(0, 2, "lcp.opt.mru", "bytes", "The longest payload that the sender can take.")}, nil},
	2: {6, optionHead("lcp.opt.asyncmap_bytes", "control characters", "Which control characters have to be escaped."), []*Field{asyncMap()}, nil},
	3: {0, optionHead("lcp.opt.auth_protocol_bytes", "authentication", "How the other has to show who it is."), []*Field{enumRow(0, 2, "lcp.opt.auth_protocol", "protocol", pppProtocols, "By which protocol.")}, bytesRow(0, 0, "lcp.opt.data", "data", "What that protocol needs besides.")},
	4: {0, optionHead("lcp.opt.quality_protocol_bytes", "quality", "How the link's quality is watched."), []*Field{enumRow(0, 2, "lcp.opt.quality_protocol", "protocol", pppProtocols, "By which protocol.")}, nil},
	5: {6, optionHead("lcp.opt.magic_number_bytes", "magic number", "By which a loop is found."), []*Field{hexRow(0, 4, "lcp.opt.magic_number", "number", "A number by chance.")}, nil},
	7: {2, optionHead("lcp.opt.field_compress", "short protocol", "The protocol's first byte may be left out."), nil, nil},
	8: {2, optionHead("lcp.opt.addr_field_compress", "no address", "Address and control may be left out."), nil, nil},
	9: {3, optionHead("lcp.opt.fcs_alternatives_bytes", "check sequences", "Which check sequences can be used."), []*Field{split(hexRow(0, 1, "lcp.opt.fcs_alternatives", "kinds", "Which can be used."),
		flag(4, "lcp.opt.fcs_alternatives.ccitt32", "32 bits", "One of 32 bits."), flag(2, "lcp.opt.fcs_alternatives.ccitt16", "16 bits", "One of 16 bits."), flag(1, "lcp.opt.fcs_alternatives.null", "none", "None at all."))}, nil},
	13: {0, optionHead("lcp.opt.callback", "callback", "That the other calls back."), []*Field{uintRow(0, 1, "lcp.opt.operation", "operation", "How the number to call is found.")}, textRow(0, 0, "lcp.opt.message", "message", "What tells the number.")},
	15: {2, optionHead("lcp.opt.compound_frames", "compound frames", "Several packets can be in one frame."), nil, nil},
	16: {2, optionHead("lcp.opt.nomdataencap", "nominal data", "Data come in a nominal encapsulation."), nil, nil},
	17: {4, optionHead("lcp.opt.multilink_mrru", "multilink unit", "How long a packet of several links can be."), []*Field{uintRow(0, 2, "lcp.opt.mrru", "bytes", "The longest packet that the sender can take.")}, nil},
	18: {2, optionHead("lcp.opt.multilink_ssnh", "short multilink numbers", "Numbers of pieces have 12 bits."), nil, nil},
	19: {0, optionHead("lcp.opt.multilink_ep_disc", "end", "Which system is at this end."), []*Field{uintRow(0, 1, "lcp.opt.ep_disc_class", "class", "What kind of name follows: 2 an IPv4 address, 3 a MAC address.")}, nil},
	23: {4, optionHead("lcp.opt.link_discrim_bytes", "link's number", "Which of several links this is."), []*Field{uintRow(0, 2, "lcp.opt.link_discrim", "number", "The link's number.")}, nil},
})

var endpointAddress = map[byte]*Field{
	2: describeOne(LCP, "RFC 1990 sec. 5.1.3", ipv4Row(3, "lcp.opt.ip_address", "address", "The system's IPv4 address.")),
	3: describeOne(LCP, "RFC 1990 sec. 5.1.3", macRow(3, "lcp.opt.802_1_address", "address", "The system's MAC address.")),
}

// asyncMap is a word with a bit for each control character.
func asyncMap() *Field {
	f := hexRow(0, 4, "lcp.opt.asyncmap", "characters", "A bit for each control character that has to be escaped.")
	for i, name := range []string{"us", "rs", "gs", "fs", "esc", "sub", "em", "can", "etb", "syn", "nak", "dc4", "dc3", "dc2", "dc1", "dle", "si", "so", "cr", "ff", "vt", "lf", "ht", "bs", "bel", "ack", "enq", "eot", "etx", "stx", "soh", "nul"} {
		split(f, flag(1<<(31-i), "lcp.opt.asyncmap."+name, "character "+strconv.Itoa(31-i), "Set when this control character has to be escaped."))
	}
	return f
}

func ipcpAddress(name, label, help string) pppOption {
	return pppOption{6, optionHead("ipcp.opt."+name, label, help), []*Field{ipv4Row(0, "ipcp.opt."+name+"_address", "address", "The address that is asked for; 0: the other is to give one.")}, nil}
}

var ipcpOptions = pppSet(IPCP, "RFC 1332 sec. 3", map[uint64]string{1: "addresses (old)", 2: "compression", 3: "address", 4: "mobile's address", 129: "DNS server", 130: "NBNS server", 131: "second DNS server", 132: "second NBNS server"}, map[int]pppOption{
	2:   {0, optionHead("ipcp.opt.compress", "compression", "How headers are compressed."), []*Field{hexRow(0, 2, "ipcp.opt.compress_proto", "protocol", "By which protocol.")}, nil},
	3:   {6, optionHead("ipcp.opt.addr", "address", "The address of the sender's end."), []*Field{ipv4Row(0, "ipcp.opt.ip_address", "address", "The address that is asked for; 0: the other is to give one.")}, nil},
	4:   {6, optionHead("ipcp.opt.mobileipv4", "mobile's address", "The address that a mobile host has at home."), []*Field{ipv4Row(0, "ipcp.opt.mobilenodehomeaddress", "address", "The address at home.")}, nil},
	129: ipcpAddress("pri_dns", "DNS server", "Where names are asked for."), 130: ipcpAddress("pri_nbns", "NBNS server", "Where NetBIOS names are asked for."),
	131: ipcpAddress("sec_dns", "second DNS server", "Where names are asked for, too."), 132: ipcpAddress("sec_nbns", "second NBNS server", "Where NetBIOS names are asked for, too."),
})

// Header compression has more values for each of its protocols.
var ipcpCompression = map[int][]*Field{
	0x002d: vanJacobson, 0x0037: vanJacobson, // some systems send the older number
	0x0061: describe(IPCP, "RFC 2507 sec. 2", uintRow(4, 2, "ipcp.opt.tcp_space", "TCP connections", "How many can be compressed."), uintRow(6, 2, "ipcp.opt.non_tcp_space", "other flows", "How many can be compressed."),
		uintRow(8, 2, "ipcp.opt.f_max_period", "longest period", "How many headers may be compressed until a full one comes."), uintRow(10, 2, "ipcp.opt.f_max_time", "longest time", "How long it may take until a full one comes."), uintRow(12, 2, "ipcp.opt.max_header", "longest header", "How long a header can be and still be compressed.")),
}

var vanJacobson = describe(IPCP, "RFC 1332 sec. 4", uintRow(4, 1, "ipcp.opt.max_slot_id", "slots", "How many connections can be compressed, counted from 0."),
	split(&Field{Name: "ipcp.opt.comp_slot_id", Label: "slot left out", Type: TypeBool, At: 5, Size: 1, Mask: 1, Help: "Set when the slot's number may be left out."}))

var ipv6cpOptions = pppSet(IPv6CP, "RFC 5072 sec. 4", map[uint64]string{1: "interface identifier", 2: "compression"}, map[int]pppOption{
	1: {10, optionHead("ipv6cp.opt.interface_identifier", "interface identifier", "The lower half of the sender's address."), []*Field{bytesRow(0, 8, "ipv6cp.interface_identifier", "identifier", "The lower half of the address.")}, nil},
})

var ccpOptions = pppSet(CCP, "RFC 1962 sec. 4", map[uint64]string{18: "MPPE or MPPC", 26: "deflate"}, map[int]pppOption{
	18: {6, optionHead("ccp.opt.mppe", "MPPE or MPPC", "Microsoft's encryption and compression."), []*Field{split(hexRow(0, 4, "ccp.opt.supported_bits", "supported", "Which can be used."),
		flag(0x01000000, "ccp.opt.supported_bits.h", "stateless", "Set when every packet can be decrypted by itself."), flag(0x00000080, "ccp.opt.supported_bits.m", "56 bits", "Encryption with 56 bits."), flag(0x00000040, "ccp.opt.supported_bits.s", "128 bits", "Encryption with 128 bits."),
		flag(0x00000020, "ccp.opt.supported_bits.l", "40 bits", "Encryption with 40 bits."), flag(0x00000010, "ccp.opt.supported_bits.d", "obsolete", "Not used any more."), flag(0x00000001, "ccp.opt.supported_bits.c", "compression", "Compression."))}, nil},
	26: {4, optionHead("ccp.opt.deflate", "deflate", "Compression as in gzip."), append(inWord(0, 1, part(0xf0, "ccp.opt.window", "window", "Two to the power of this and 8, in bytes."), part(0x0f, "ccp.opt.method", "method", "8: deflate.")),
		inWord(1, 1, part(0xfc, "ccp.opt.mbz", "zero", "Zero."), part(0x03, "ccp.opt.chk", "check", "0: by sequence numbers."))...), nil},
})

// pppControl makes a reader of a control protocol's messages.
func pppControl(set *pppOptionSet) func(*dissector, span) int {
	return func(d *dissector, s span) int {
		i := len(d.tree.Parts)
		p := d.part(set.proto, s.pos, s.end-s.pos)
		var ok bool
		if p.Fields, ok = d.fixed(p.Fields, pppControlHead, s.pos, s); !ok {
			d.short(set.proto, s)
			return s.wire
		}
		code, size := int(d.data[s.pos]), int(number(d.data[s.pos+2:s.pos+4]))
		p.Summary = showEnumName(pppCodes, uint64(code))
		c := d.cursor(s.first(max(size, 4)).from(4))
		p.Len = c.end - s.pos
		p.Payload = s.pos + p.Len
		fields := p.Fields
		switch {
		case size < 4:
			d.expert(Warning, "ppp.opt.len.invalid", "The length is below the header's 4 bytes.", s.pos+2, 2)
		case code >= pppConfigure && code <= pppConfigureEnd:
			c.pppOptions(&fields, set)
		case code == pppVendor:
			c.all(&fields, pppMagic, pppOUI, pppKind)
			c.rest(&fields, pppData)
		case set.proto == LCP && code == pppProtocolReject:
			c.all(&fields, lcpReject)
			d.tree.Parts[i].Fields = fields
			d.payload(c.span)
		case set.proto == LCP && code >= pppEchoRequest && code <= pppTimeRemaining:
			c.all(&fields, lcpMagic)
			switch code {
			case pppTimeRemaining:
				c.all(&fields, lcpSeconds)
				c.rest(&fields, lcpMessage)
			case pppIdentification:
				c.rest(&fields, lcpMessage)
			default:
				c.rest(&fields, lcpData)
			}
		default:
			c.rest(&fields, pppData)
		}
		d.tree.Parts[i].Fields = fields
		if *c.broken {
			d.short(set.proto, s)
		}
		return s.wire
	}
}

// pppOptions reads a list of options.
func (c *cursor) pppOptions(dst *[]Node, set *pppOptionSet) {
	if c.left() == 0 {
		return
	}
	list := c.node(pppOptions, c.pos, c.left())
	for c.left() >= 2 {
		kind, size := c.peek(0, 1), c.peek(1, 1)
		n := size
		if size < 2 || size > c.left() {
			n = c.left()
		}
		o := c.cut(n)
		known, ok := set.options[kind]
		least := 2
		for _, v := range known.values {
			least = max(least, 2+v.At+v.Size)
		}
		if known.size == 0 && size >= least {
			known.size = size
		}
		if !ok || n != size || known.size != size {
			list.Children = append(list.Children, c.node(pppOdd, o.pos, n))
			continue
		}
		node := c.node(known.head, o.pos, n)
		node.Children, _ = c.fixed(nil, []*Field{set.kind, set.length}, o.pos, o.span)
		node.Children, _ = c.fixed(node.Children, known.values, o.pos+2, o.span)
		o.skip(least)
		o.optionRest(&node.Children, set.proto, kind, span{node.Pos, o.end, o.end}, known.rest)
		list.Children = append(list.Children, node)
	}
	*dst = append(*dst, list)
}

// optionRest reads what follows an option's fixed values.
func (c *cursor) optionRest(dst *[]Node, p Proto, kind int, option span, rest *Field) {
	switch {
	case p == LCP && kind == 3 && c.left() > 0 && number(c.data[option.pos+2:option.pos+4]) == 0xc223:
		c.all(dst, chapAlgorithm)
		c.rest(dst, rest)
	case p == LCP && kind == 19:
		if f := endpointAddress[c.data[option.pos+2]]; f != nil && c.left() == f.Size {
			*dst, _ = c.fixed(*dst, []*Field{f}, option.pos, option)
		}
	case p == IPCP && kind == 2:
		*dst, _ = c.fixed(*dst, ipcpCompression[int(number(c.data[option.pos+2:option.pos+4]))], option.pos, option)
	case rest != nil:
		c.rest(dst, rest)
	}
}

var chapAlgorithm = describeOne(LCP, "RFC 1994 sec. 3", uintRow(0, 1, "lcp.opt.algorithm", "algorithm", "5: MD5."))
