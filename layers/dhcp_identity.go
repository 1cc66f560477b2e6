package layers

const rfcPXE = "RFC 4578 sec. 2.3"

var (
	dhcpHWString   = dhcpRow(TypeBytes, 6, "client_hardware_address", "hardware address", "9.14", "The client's hardware address.")
	dhcpUUID       = dhcpRow(TypeBytes, 16, "client_id.uuid", "UUID", rfcPXE, "The client's machine identifier.")
	dhcpIDType     = dhcpRow(TypeUint, 1, "client_id.type", "type", "9.14", "0: what follows is no hardware address.")
	dhcpIDText     = dhcpRow(TypeString, 0, "client_id.undef", "identifier", "9.14", "How the client calls itself.")
	dhcpIAID       = dhcpRow(TypeBytes, 4, "client_id.iaid", "IAID", rfcDUID4, "Which of the client's interfaces.")
	dhcpDUIDType   = dhcpNamed(dhcpRow(TypeEnum, 2, "client_id.duid_type", "DUID type", rfcDUID, "How the identifier is made."), duidTypes)
	dhcpLLTType    = dhcpNamed(dhcpRow(TypeEnum, 2, "client_id.duid_llt_hw_type", "hardware type", rfcDUID, "Which kind of link the address is from."), hardwareTypes)
	dhcpLLType     = dhcpNamed(dhcpRow(TypeEnum, 2, "client_id.duid_ll_hw_type", "hardware type", rfcDUID, "Which kind of link the address is from."), hardwareTypes)
	dhcpDUIDTime   = dhcpRow(TypeUint, 4, "client_id.time", "time", rfcDUID, "When the identifier was made, in seconds since 2000.")
	dhcpDUIDAddr   = dhcpRow(TypeBytes, 0, "client_id.link_layer_address", "link-layer address", rfcDUID, "The address that the identifier was made from.")
	dhcpDUIDMaker  = dhcpRow(TypeUint, 4, "client_id.enterprise_num", "enterprise", rfcDUID, "Who made the device, by IANA's number.")
	dhcpDUIDID     = dhcpRow(TypeBytes, 0, "client_id", "identifier", rfcDUID, "The device, as its maker counts.")
	dhcpClass      = dhcpNumber(0, "user_class", "instance", "RFC 3004 sec. 4", "One class of users.")
	dhcpClassLen   = dhcpNumber(1, "user_class.length", "length", "RFC 3004 sec. 4", "How many bytes of class follow.")
	dhcpClassData  = dhcpOpaque("user_class.data", "class", "RFC 3004 sec. 4", "Which class.")
	dhcpClassText  = dhcpText("user_class.text", "class", "RFC 3004 sec. 4", "Which class, without a length as it should have.")
	dhcpMajor      = dhcpRow(TypeUint, 1, "client_network_id_major", "major version", "RFC 4578 sec. 2.2", "The version of the network interface (UNDI).")
	dhcpMinor      = dhcpRow(TypeUint, 1, "client_network_id_minor", "minor version", "RFC 4578 sec. 2.2", "The version of the network interface (UNDI).")
	dhcpFQDNFlags  = dhcpRow(TypeHex, 1, "fqdn.flags", "flags", rfcFQDN, "Who tells the DNS.")
	dhcpFQDNResult = []*Field{
		dhcpRow(TypeUint, 1, "fqdn.rcode1", "A result", rfcFQDN, "How the update of the address went; not used any more."),
		dhcpRow(TypeUint, 1, "fqdn.rcode2", "PTR result", rfcFQDN, "How the update of the name went; not used any more.")}
	dhcpFQDNName = dhcpRow(TypeString, 0, "fqdn.name", "name", "RFC 4702 sec. 2.3", "The client's full name.")
)

const (
	rfcDUID  = "RFC 8415 sec. 11"
	rfcDUID4 = "RFC 4361 sec. 6.1"
	rfcFQDN  = "RFC 4702 sec. 2.1"
)

var duidTypes = map[uint64]string{1: "link-layer address and time", 2: "enterprise", 3: "link-layer address", 4: "UUID"}

func init() {
	bit := func(name, label string, typ Type, mask uint64, help string) *Field {
		return row(DHCP, Field{Name: "dhcp.fqdn." + name, Label: label, Type: typ, Size: 1, Mask: mask, RFC: rfcFQDN, Help: help})
	}
	dhcpFQDNFlags.Sub = []*Field{
		bit("mbz", "reserved", TypeHex, 0xf0, "Not used; zero."),
		bit("n", "no updates", TypeBool, 0x08, "The server should tell the DNS nothing."),
		bit("e", "encoding", TypeBool, 0x04, "The name is written as in DNS messages."),
		bit("o", "override", TypeBool, 0x02, "The server does not do as the client asked."),
		bit("s", "server updates", TypeBool, 0x01, "The server should tell the DNS the name's address."),
	}
}

// dhcpClientID reads a client identifier; only option 61 has them of all
// kinds (RFC 2132 section 9.14, RFC 4361), option 97 of two.
func (c *cursor) dhcpClientID(dst *[]Node, all bool) {
	n, kind := c.left(), 0
	if n > 0 {
		kind = c.peek(0, 1)
	}
	switch {
	case n == 7 && kind > 0 && kind < 48:
		c.take(dst, dhcpHardware, 1)
		if kind == 1 || kind == 6 {
			c.take(dst, dhcpMAC, 6)
		} else {
			c.take(dst, dhcpHWString, 6)
		}
	case n == 17 && kind == 0:
		c.skip(1)
		c.take(dst, dhcpUUID, 16)
	case !all:
	case kind == 255:
		c.skip(1)
		c.take(dst, dhcpIAID, 4)
		c.dhcpDUID(dst, n)
	case kind == 0 && n > 1:
		c.take(dst, dhcpIDType, 1)
		c.rest(dst, dhcpIDText)
	}
}

// dhcpDUID reads the identifier that DHCPv6 has too, in an option of size
// bytes.
func (c *cursor) dhcpDUID(dst *[]Node, size int) {
	switch c.take(dst, dhcpDUIDType, 2).Uint {
	case 1:
		if size >= 8 {
			c.all(dst, dhcpLLTType, dhcpDUIDTime)
			if size > 8 {
				c.rest(dst, dhcpDUIDAddr)
			}
		}
	case 2:
		if size >= 6 {
			c.all(dst, dhcpDUIDMaker)
			if size > 6 {
				c.rest(dst, dhcpDUIDID)
			}
		}
	case 3:
		if size >= 4 {
			c.all(dst, dhcpLLType)
			c.rest(dst, dhcpDUIDAddr)
		}
	}
}

// userClass reads classes with their lengths before them. Some programs leave
// the lengths out: what cannot be lengths is text.
func (c *cursor) userClass(dst *[]Node) {
	if c.left() < 2 {
		return
	}
	for at := c.pos; at < c.end; at += 1 + int(c.data[at]) {
		if at+1+int(c.data[at]) > c.end {
			c.rest(dst, dhcpClassText)
			return
		}
	}
	for index := uint64(0); c.left() > 0; index++ {
		n := c.peek(0, 1)
		o := c.over(dst, dhcpClass, 1+n)
		o.Uint, o.Show = index, show(dhcpClass, index, nil)
		c.take(&o.Children, dhcpClassLen, 1)
		if n == 0 {
			return
		}
		class := c.take(&o.Children, dhcpClassData, n)
		o.Show += ": " + class.Show
	}
}

// begins says whether the text comes next.
func (c *cursor) begins(text string) bool {
	return c.left() >= len(text) && string(c.data[c.pos:c.pos+len(text)]) == text
}

func (c *cursor) networkInterface(dst *[]Node) {
	if c.peek(0, 1) == 1 {
		c.skip(1)
		c.all(dst, dhcpMajor, dhcpMinor)
	}
}

// clientName reads the client's full name, written in one of two ways
// (RFC 4702 section 2).
func (c *cursor) clientName(dst *[]Node) {
	if c.left() < 3 {
		return
	}
	flags := c.take(dst, dhcpFQDNFlags, 1).Uint
	c.all(dst, dhcpFQDNResult...)
	if flags&4 != 0 && c.left() > 0 {
		c.nameRest(dst, dhcpFQDNName)
		return
	}
	c.rest(dst, dhcpFQDNName)
}
