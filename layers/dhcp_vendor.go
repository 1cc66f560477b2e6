package layers

import "strings"

// vendorRow is a row of an option that makers fill as they like (RFC 2132
// section 8.4).
func vendorRow(typ Type, size int, name, label, help string) *Field {
	return dhcpRow(typ, size, "option.vendor."+name, label, "8.4", help)
}

var (
	vendorClassID   = dhcpText("vendor_class_id", "vendor class", "9.13", "The maker and kind of the client.")
	vendorClassData = dhcpText("vendor_class_data", "vendor class data", "9.13", "What the maker adds to it.")
	vendorValue     = vendorRow(TypeBytes, 0, "value", "value", "What the maker wants to say.")

	arubaController = vendorRow(TypeString, 0, "arubaap.controllerip", "controller", "The access point's controller.")
	arubaInstant    = vendorRow(TypeString, 0, "arubaiap", "Aruba Instant", "How the access point is managed.")
	arubaParts      = []*Field{
		vendorRow(TypeString, 0, "arubaiap.name_org", "organisation", "Whose access point it is."),
		vendorRow(TypeString, 0, "arubaiap.amp_ip", "management server", "Who manages it."),
		vendorRow(TypeString, 0, "arubaiap.password", "password", "The secret shared with that server.")}

	ciscoOption  = dhcpNamed(vendorRow(TypeEnum, 0, "cisco.suboption", "suboption", "Which suboption it is."), map[uint64]string{4: "node", 7: "model", 8: "controller", 9: "fabric", 11: "serial number", 12: "interface"})
	ciscoUnknown = vendorRow(TypeBytes, 0, "cisco.unknown", "unknown", "A suboption that is not known here.")
	ciscoOptions = map[uint64]*Field{
		1:  vendorRow(TypeUint, 1, "cisco.unknown1", "first number", "A number whose meaning is not published."),
		2:  vendorRow(TypeUint, 1, "cisco.unknown2", "second number", "A number whose meaning is not published."),
		3:  vendorRow(TypeUint, 2, "cisco.unknown3", "third number", "A number whose meaning is not published."),
		4:  vendorRow(TypeUint, 4, "cisco.nodeid", "node", "The switch's number in the fabric."),
		5:  vendorRow(TypeUint, 1, "cisco.unknown5", "fifth number", "A number whose meaning is not published."),
		6:  vendorRow(TypeUint, 1, "cisco.unknown6", "sixth number", "A number whose meaning is not published."),
		7:  vendorRow(TypeString, 0, "cisco.model", "model", "The switch's model."),
		8:  vendorRow(TypeString, 0, "cisco.apicuuid", "controller", "The controller's UUID."),
		9:  vendorRow(TypeString, 0, "cisco.fabricname", "fabric", "The fabric's name."),
		10: vendorRow(TypeUint, 4, "cisco.unknown10", "tenth number", "A number whose meaning is not published."),
		11: vendorRow(TypeString, 0, "cisco.serialno", "serial number", "The switch's serial number."),
		12: vendorRow(TypeString, 0, "cisco.clientint", "interface", "The switch's interface."),
	}

	alcatelOption  = dhcpNamed(vendorRow(TypeEnum, 0, "alu.suboption", "suboption", "Which suboption it is."), map[uint64]string{58: "voice VLAN", 64: "TFTP server", 65: "second TFTP server", 66: "application", 67: "SIP URL"})
	alcatelPadding = vendorRow(TypeUint, 1, "alu.padding", "padding", "Fills up; it means nothing.")
	alcatelEnd     = vendorRow(TypeUint, 1, "alu.end", "end", "The last suboption.")
	alcatelOptions = map[uint64]dhcpOption{
		58: {dhcpOne, vendorRow(TypeUint, 2, "alu.vid", "voice VLAN", "The VLAN of the telephones.")},
		64: {dhcpOne, vendorRow(TypeIPv4, 4, "alu.tftp1", "TFTP server", "Where the telephone boots from.")},
		65: {dhcpOne, vendorRow(TypeIPv4, 4, "alu.tftp2", "second TFTP server", "Where else it boots from.")},
		66: {dhcpOne, dhcpNamed(vendorRow(TypeEnum, 1, "alu.app_type", "application", "What the telephone speaks."), map[uint64]string{0: "NOE", 1: "SIP"})},
		67: {dhcpWhole, vendorRow(TypeString, 0, "alu.sip_url", "SIP URL", "Where the SIP configuration is.")},
	}
	aerohiveUnknown = vendorRow(TypeBytes, 0, "aerohive.unknown", "unknown", "A suboption that is not known here.")
	aerohiveOptions = map[uint64]*Field{
		225: vendorRow(TypeString, 0, "aerohive.xiqhostname", "manager", "The name of who manages the access point."),
		226: vendorRow(TypeIPv4, 4, "aerohive.xiqipaddress", "manager", "The address of who manages the access point."),
	}
)

// vendorClass reads the maker's class, and what some makers put into it.
func (m *dhcpMessage) vendorClass(dst *[]Node, c *cursor) {
	c.over(dst, vendorClassID, c.left())
	switch {
	case c.begins("pktc1.0:"), c.begins("pktc1.5:"), c.begins("pktc2.0:"):
		c.telephoneCapabilities(dst)
	case c.begins("docsis1.1:"), c.begins("docsis2.0:"):
		c.modemCapabilities(dst)
	case c.begins("docsis3.0:"):
		c.rest(dst, vendorClassData)
	case c.begins("AAPLBSDPC/"):
		c.skip(len("AAPLBSDPC/"))
		c.rest(dst, vendorClassData)
	}
}

// vendorInfo reads the maker's option as the vendor class says.
func (m *dhcpMessage) vendorInfo(dst *[]Node, c *cursor) {
	is := func(class string) bool { return strings.HasPrefix(m.vendor, class) }
	switch {
	case is("PXEClient"):
		c.pxe(dst)
	case is("pktc"), is("docsis"), is("OpenCable2.0"), is("CableHome"):
		c.cableLabs(dst)
	case is("ArubaInstantAP"):
		c.arubaInstant(dst)
	case is("ArubaAP"):
		c.rest(dst, arubaController)
	case is("AAPLBSDPC"):
		c.bootServers(dst)
	case is("cisco"):
		c.cisco(dst)
	case is("AEROHIVE"):
		c.aerohive(dst)
	case c.looksAlcatel():
		c.alcatel(dst)
	default:
		c.rest(dst, vendorValue)
	}
}

func (c *cursor) arubaInstant(dst *[]Node) {
	parts := strings.SplitN(string(c.data[c.pos:c.end]), ",", 3)
	whole := c.over(dst, arubaInstant, c.left())
	for i, f := range arubaParts {
		switch {
		case len(parts) == 1: // without commas, each is all of it
			c.over(&whole.Children, f, c.left())
		case i == 0 || len(parts) == 3:
			c.take(&whole.Children, f, len(parts[i]))
			c.skip(min(1, c.left()))
		default:
			*c.broken = true
		}
	}
}

func (c *cursor) cisco(dst *[]Node) {
	for c.left() > 0 {
		o, code, value := c.suboption(dst, ciscoOption)
		if value == nil {
			continue
		}
		f := ciscoOptions[code]
		if f == nil {
			f = ciscoUnknown
		}
		value.rest(&o.Children, f)
		o.told(1)
	}
}

// looksAlcatel says whether the option is a list of suboptions that begins
// with one of Alcatel's: they have no vendor class.
func (c *cursor) looksAlcatel() bool {
	if c.left() == 0 || alcatelOption.Names[uint64(c.data[c.pos])] == "" {
		return false
	}
	for at := c.pos; at < c.end; {
		switch c.data[at] {
		case 0:
			at++
			continue
		case 255:
			return true
		}
		if at+1 >= c.end || at+2+int(c.data[at+1]) > c.end {
			return false
		}
		at += 2 + int(c.data[at+1])
	}
	return true
}

func (c *cursor) alcatel(dst *[]Node) {
	for c.left() > 0 {
		switch c.data[c.pos] {
		case 0:
			c.take(dst, alcatelPadding, 1)
			continue
		case 255:
			c.take(dst, alcatelEnd, 1)
			return
		}
		o, code, value := c.suboption(dst, alcatelOption)
		if value == nil {
			continue
		}
		plain, ok := alcatelOptions[code]
		if !ok || plain.shape == dhcpOne && value.left() != plain.field.Size {
			return
		}
		value.plain(&o.Children, plain)
		o.told(1)
	}
}

func (c *cursor) aerohive(dst *[]Node) {
	for c.left() > 0 {
		o, code, value := c.suboption(dst, ciscoOption) // Wireshark's name for these, too
		if value == nil {
			continue
		}
		f := aerohiveOptions[code]
		if f == nil {
			f = aerohiveUnknown
		}
		value.rest(&o.Children, f)
		o.told(1)
	}
}
