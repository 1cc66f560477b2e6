package layers

// tr069 is IANA's number of the Broadband Forum.
const tr069 = 3561

const rfcVIClass = "RFC 3925 sec. 3"

var (
	enterpriseMode  = dhcpEnum(1, "vi_class.cl_address_mode", "address mode", rfcCable, map[uint64]string{1: "IPv4", 2: "IPv6"}, "Which addresses the device wants.")
	enterpriseClass = []*Field{
		dhcpNumber(4, "vi_class.enterprise", "enterprise", rfcVIClass, "Whose class it is, by IANA's number."),
		dhcpNumber(1, "vi_class.length", "length", rfcVIClass, "How many bytes of class follow.")}
	enterpriseClassData = dhcpText("vi_class.data", "class", rfcVIClass, "The kind of client.")
	enterpriseInfo      = []*Field{
		dhcpNumber(4, "vi.enterprise", "enterprise", "RFC 3925 sec. 4", "Whose data follow, by IANA's number."),
		dhcpNumber(1, "vi.length", "length", "RFC 3925 sec. 4", "How many bytes of data follow.")}
	enterpriseOption = dhcpRow(TypeUint, 1, "vendor.suboption", "suboption", "RFC 3925 sec. 4", "Which suboption it is.")
	enterpriseData   = dhcpRow(TypeBytes, 0, "vendor.data", "data", "RFC 3925 sec. 4", "Its data.")
	enterpriseValue  = dhcpOpaque("vi.value", "value", "RFC 3925 sec. 4", "The suboption's value.")

	gatewayOption = dhcpNamed(dhcpRow(TypeEnum, 0, "option.vi.tr111.suboption", "suboption", "RFC 3925 sec. 4", "Which suboption it is."), map[uint64]string{
		1: "device maker", 2: "device serial number", 3: "device class", 4: "gateway maker", 5: "gateway serial number", 6: "gateway class"})
	gatewayOptions = map[uint64]*Field{
		1: dhcpText("vi.tr111.device_manufacturer_oui", "device maker", "RFC 3925 sec. 4", "Who made the device, by IEEE's number."),
		2: dhcpText("vi.tr111.device_serial_number", "device serial number", "RFC 3925 sec. 4", "The device's serial number."),
		3: dhcpText("vi.tr111.device_product_class", "device class", "RFC 3925 sec. 4", "The kind of device."),
		4: dhcpText("vi.tr111.gateway_manufacturer_oui", "gateway maker", "RFC 3925 sec. 4", "Who made the gateway, by IEEE's number."),
		5: dhcpText("vi.tr111.gateway_serial_number", "gateway serial number", "RFC 3925 sec. 4", "The gateway's serial number."),
		6: dhcpText("vi.tr111.gateway_product_class", "gateway class", "RFC 3925 sec. 4", "The kind of gateway."),
	}
	cableViOption = dhcpNamed(cableRow(TypeEnum, 0, "option.vi.cl.suboption", "suboption", "Which suboption it is."), map[uint64]string{
		1: "wanted options", 2: "TFTP servers", 3: "router container", 4: "MIB environment", 5: "modem capabilities"})
	cableViOptions = map[uint64]dhcpOption{
		1: {dhcpWhole, cableRow(TypeBytes, 0, "option.vi.cl.option_request", "wanted options", "Suboptions that the device would like.")},
		2: {dhcpMany, cableRow(TypeIPv4, 4, "option.vi.cl.tftp_server_addresses", "TFTP server", "Where the configuration is.")},
		3: {dhcpWhole, cableRow(TypeBytes, 0, "option.vi.cl.erouter_container_option", "router container", "Options for the router inside the modem.")},
		4: {dhcpOne, cableRow(TypeUint, 1, "option.vi.cl.mib_environment_indicator_option", "MIB environment", "Whose management information the device should have.")},
		5: {dhcpWhole, cableRow(TypeBytes, 0, "option.vi.cl.modem_capabilities", "modem capabilities", "What the modem can do.")},
	}
)

// enterpriseClass reads classes of makers that IANA numbers (RFC 3925).
func (c *cursor) enterpriseClass(dst *[]Node) {
	if c.left() == 1 {
		c.all(dst, enterpriseMode)
		return
	}
	for c.left() >= 5 {
		c.take(dst, enterpriseClass[0], 4)
		n := c.take(dst, enterpriseClass[1], 1).Uint
		c.take(dst, enterpriseClassData, int(n))
	}
}

// enterpriseInfo reads options of makers that IANA numbers.
func (c *cursor) enterpriseInfo(dst *[]Node) {
	for c.left() >= 5 {
		maker := c.take(dst, enterpriseInfo[0], 4)
		n := int(c.take(&maker.Children, enterpriseInfo[1], 1).Uint)
		for end := c.pos + n; c.pos < end && !*c.broken; {
			switch maker.Uint {
			case cableLabs, tr069:
				c.numbered(maker, end)
			default:
				c.generic(&maker.Children, end)
			}
		}
	}
}

// generic reads a suboption of a maker whose options are not known.
func (c *cursor) generic(dst *[]Node, end int) {
	o := c.take(dst, enterpriseOption, 1)
	if c.pos >= end {
		return
	}
	n := int(c.take(&o.Children, dhcpSubLength, 1).Uint)
	if c.pos+n > end {
		c.skip(end - c.pos)
		return
	}
	c.take(&o.Children, enterpriseData, n)
}

// numbered reads a suboption of a maker whose options are known.
func (c *cursor) numbered(maker *Node, end int) {
	code := uint64(c.peek(0, 1))
	c.skip(1)
	if c.pos >= end {
		return
	}
	n := c.peek(0, 1)
	f := gatewayOption
	if maker.Uint == cableLabs {
		f = cableViOption
	}
	// Wireshark places the suboption at its length.
	o := c.beyond(&maker.Children, f, n+2)
	o.Uint, o.Show = code, showEnum(f.Names, code)
	c.take(&o.Children, dhcpSubLength, 1)
	if c.pos+n > end {
		c.skip(end - c.pos)
		return
	}
	value := c.cut(n)
	switch {
	case f == gatewayOption:
		maker.Children = append(maker.Children, c.hiddenValue(value)...)
		if g := gatewayOptions[code]; g != nil {
			o = &maker.Children[len(maker.Children)-2]
			value.rest(&o.Children, g)
		}
	default:
		if plain, ok := cableViOptions[code]; ok {
			whole := *value
			value.plain(&o.Children, plain)
			if code == 5 {
				whole.pos -= 1
				whole.take(&o.Children, modemLength, 1)
				whole.modemOptions(&o.Children)
			}
		}
	}
	o.told(1)
}

func (c *cursor) hiddenValue(value *cursor) (nodes []Node) {
	value.over(&nodes, enterpriseValue, value.left()).Hidden = true
	return nodes
}
