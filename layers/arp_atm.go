package layers

// ATMARP (RFC 2225 section 8.1) has a length for each of its addresses, which
// are of two kinds: ATM's own, and a telephone number with a subaddress.

const atmRFC = "RFC 2225 sec. 8.1"

// atmEnd are the rows of one of the two systems.
type atmEnd struct {
	length, subLength, proto, e164, nsap, subaddress, ip, other *Field
}

var (
	atmStart = describe(ARP, atmRFC, arpStartFields[:2]...)
	atmCode  = arpStartFields[4]
	atmSrc   = atmRows("src", "sender", 4, arpIPv4[1], arpOther[1])
	atmDst   = atmRows("dst", "target", 9, arpIPv4[3], arpOther[3])
	atmAFI   = describeOne(ARP, atmRFC, hexRow(0, 1, "arp.src.atm_afi", "format", "How the rest of the address is built."))
	atmRest  = describeOne(ARP, atmRFC, bytesRow(0, 0, "arp.src.atm_rest_of_address", "rest", "The rest of an address of an unknown format."))
	atmForms = map[byte][]*Field{
		0x39: atmForm(2, hexRow(1, 2, "arp.src.atm_data_country_code", "country", "The country whose authority gave the address.")),
		0xbd: atmForm(2, hexRow(1, 2, "arp.src.atm_data_country_code_group", "country", "The country whose authority gave the group's address.")),
		0x47: atmForm(2, hexRow(1, 2, "arp.src.atm_international_code_designator", "organisation", "The organisation that gave the address.")),
		0xc5: atmForm(2, hexRow(1, 2, "arp.src.atm_international_code_designator_group", "organisation", "The organisation that gave the group's address.")),
		0x45: atmForm(8, bytesRow(1, 8, "arp.src.atm_e.164_isdn", "telephone number", "A telephone number.")),
		0xc3: atmForm(8, bytesRow(1, 8, "arp.src.atm_e.164_isdn_group", "telephone number", "A group's telephone number.")),
	}
)

// atmSize is the size of an address of ATM's own, in bytes.
const atmSize = 20

// atmForm are the rows after the format: who gave the address, in n bytes, and
// what he gave.
func atmForm(n int, given *Field) []*Field {
	return describe(ARP, atmRFC, given,
		bytesRow(1+n, 12-n, "arp.src.atm_high_order_dsp", "network", "The part of the address that routes."),
		bytesRow(13, 6, "arp.src.atm_end_system_identifier", "system", "The system in its network."),
		hexRow(19, 1, "arp.src.atm_selector", "selector", "Which part of the system is meant."))
}

func atmRows(end, who string, at int, ip, other *Field) atmEnd {
	name := "arp." + end + "."
	lengths := func(at int, kind, size, what string) *Field {
		return describeOne(ARP, atmRFC, split(bytesRow(at, 1, "", who+"'s "+what+"'s length", "Of which kind it is, and how many bytes it has."),
			flag(0x40, name+kind, "telephone number", "Set when it is a telephone number."), part(0x3f, name+size, "length", "How many bytes it has.")))
	}
	bytes := func(suffix, label, help string) *Field {
		return describeOne(ARP, atmRFC, bytesRow(0, 0, name+suffix, who+"'s "+label, help))
	}
	pln := 8
	if end == "dst" {
		pln = 11
	}
	return atmEnd{
		length: lengths(at, "htype", "hlen", "ATM address"), subLength: lengths(at+1, "stype", "slen", "subaddress"),
		proto: describeOne(ARP, atmRFC, uintRow(pln, 1, name+"pln", who+"'s network address's length", "How many bytes it has.")),
		e164:  bytes("atm_num_e164", "telephone number", "The system's address in the public network."), nsap: bytes("atm_num_nsap", "ATM address", "The system's address."),
		subaddress: bytes("atm_subaddr", "subaddress", "The system's address behind the public network."), ip: ip, other: other,
	}
}

// atmARP reads an ARP packet of ATM, and gives its end.
func (d *dissector) atmARP(s span) int {
	const size = 12
	p := d.part(ARP, s.pos, min(size, s.end-s.pos))
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, atmStart, s.pos, s); !ok || s.end-s.pos < size {
		d.short(ARP, s)
		return s.wire
	}
	b := d.data[s.pos:s.end]
	p.Fields, _ = d.fixed(p.Fields, []*Field{atmSrc.length, atmSrc.subLength, atmCode, atmSrc.proto, atmDst.length, atmDst.subLength, atmDst.proto}, s.pos, s)
	p.Summary = show(atmCode, number(b[6:8]), nil)
	c := d.cursor(s.from(size))
	fields := p.Fields
	c.atmAddresses(&fields, &atmSrc, b[4], b[5], b[8])
	c.atmAddresses(&fields, &atmDst, b[9], b[10], b[11])
	p.Fields = fields
	p.Len, p.Payload = c.pos-s.pos, c.pos
	if *c.broken {
		d.short(ARP, s)
		return s.wire
	}
	return c.pos
}

func (c *cursor) atmAddresses(dst *[]Node, end *atmEnd, length, subLength, proto byte) {
	n := int(length & 0x3f)
	switch telephone := length&0x40 != 0; {
	case n == 0:
	case telephone:
		c.take(dst, end.e164, n)
	default:
		at := c.span
		if node := c.take(dst, end.nsap, n); node.Field != nil {
			c.atmAddress(&node.Children, at.first(n))
		}
	}
	if n := int(subLength & 0x3f); n > 0 {
		c.take(dst, end.subaddress, n)
	}
	switch {
	case proto == 4:
		c.take(dst, end.ip, 4)
	case proto > 0:
		c.take(dst, end.other, int(proto))
	}
}

// atmAddress takes an address apart by its format.
func (c *cursor) atmAddress(dst *[]Node, s span) {
	if s.end-s.pos != atmSize {
		return
	}
	*dst, _ = c.fixed(nil, []*Field{atmAFI}, s.pos, s)
	rows := atmForms[c.data[s.pos]]
	if rows == nil {
		*dst = append(*dst, c.node(atmRest, s.pos+1, atmSize-1))
		return
	}
	*dst, _ = c.fixed(*dst, rows, s.pos, s)
}
