package layers

import "strconv"

// cableLabs is IANA's number of the cable industry's laboratory.
const cableLabs = 4491

const rfcCable = "CL-SP-CANN-DHCP-Reg"

func cableRow(typ Type, size int, name, label, help string) *Field {
	return row(DHCP, Field{Name: "dhcp." + name, Label: label, Type: typ, Size: size, RFC: rfcCable, Help: help})
}

func cableText(name, label, help string) dhcpOption {
	return dhcpOption{dhcpWhole, cableRow(TypeString, 0, "option.vendor.cl."+name, label, help)}
}

var (
	cableOption = dhcpNamed(cableRow(TypeEnum, 0, "option.vendor.cl.suboption", "suboption", "Which suboption it is."), map[uint64]string{
		1: "wanted suboptions", 2: "device type", 3: "embedded devices", 4: "serial number", 5: "hardware version", 6: "software version",
		7: "boot ROM version", 8: "maker", 9: "model", 10: "vendor", 11: "address realm", 12: "system", 13: "firmware", 14: "firewall policy",
		15: "configured devices", 18: "video security", 31: "MTA address", 32: "correlation", 51: "vendor", 52: "CableCARD", 53: "device (CA)", 54: "device (X.509)"})
	cablePadding = cableRow(TypeUint, 1, "option.vendor.cl.padding", "padding", "Fills up; it means nothing.")
	cableEnd     = cableRow(TypeUint, 1, "option.vendor.cl.end", "end", "The last suboption.")
	cableOUI     = map[int]*Field{
		3: cableRow(TypeBytes, 3, "option.vendor.cl.oui_bytes", "maker", "Who made the device, by IEEE's number."),
		6: cableRow(TypeString, 6, "option.vendor.cl.oui_string", "maker", "Who made the device, by IEEE's number."),
	}
	cableOptions = map[uint64]dhcpOption{
		1:  cableText("suboption_request_list", "wanted suboptions", "Suboptions that the device would like."),
		2:  cableText("device_type", "device type", "What kind of device it is."),
		3:  cableText("esafe_type", "embedded devices", "Which devices are inside."),
		4:  cableText("serial_number", "serial number", "The device's serial number."),
		5:  cableText("hardware_version", "hardware version", "The device's hardware version."),
		6:  cableText("software_version", "software version", "The device's software version."),
		7:  cableText("boot_rom_version", "boot ROM version", "The device's boot ROM version."),
		9:  cableText("model_number", "model", "The device's model."),
		10: cableText("vendor_name10", "vendor", "Who sells the device."),
		11: {dhcpOne, dhcpNamed(cableRow(TypeEnum, 1, "option.vendor.cl.address_realm", "address realm", "What the address is for."), map[uint64]string{1: "management", 2: "data"})},
		12: cableText("cm_ps_system_desc", "system", "A description of the modem."),
		13: cableText("cm_ps_firmware_revision", "firmware", "The modem's firmware."),
		14: cableText("firewall_policy_file_version", "firewall policy", "The version of the firewall's rules."),
		15: cableText("esafe_config_file_devices", "configured devices", "Which devices the configuration file covers."),
		18: cableText("video_security_tape", "video security", "How video is protected."),
		31: {dhcpOne, cableRow(TypeMAC, 6, "option.vendor.cl.mta_mac_address", "MTA address", "The telephone adapter's address.")},
		32: {dhcpOne, cableRow(TypeUint, 4, "option.vendor.cl.correlation_ID", "correlation", "Joins messages about one registration.")},
		51: cableText("vendor_name51", "vendor", "Who sells the device."),
		52: {dhcpWhole, cableRow(TypeBytes, 0, "option.vendor.cl.cablecard_capability", "CableCARD", "What the card can do.")},
		53: {dhcpWhole, cableRow(TypeBytes, 0, "option.vendor.cl.device_id_ca", "device (CA)", "The device's identity for conditional access.")},
		54: cableText("device_id_x509", "device (X.509)", "The device's identity in its certificate."),
	}

	cccOption = dhcpNamed(cableRow(TypeEnum, 0, "vendor.pc.ietf_ccc.suboption", "suboption", "Which suboption it is."), map[uint64]string{
		1: "primary DHCP server", 2: "secondary DHCP server", 3: "provisioning server", 4: "AS backoff", 5: "AP backoff", 6: "Kerberos realm",
		7: "ticket granting", 8: "provisioning timer", 9: "ticket control"})
	cccTimers = map[uint64][]*Field{
		4: {cableRow(TypeUint, 4, "cl.ietf_ccc.dev_realm_unc_key_nom_timeout", "AS nominal timeout", "First wait for an answer of the authentication server, in milliseconds."),
			cableRow(TypeUint, 4, "cl.ietf_ccc.dev_realm_unc_key_max_timeout", "AS maximum timeout", "Longest wait for it, in seconds."),
			cableRow(TypeUint, 4, "cl.ietf_ccc.dev_realm_unc_key_max_retries", "AS retries", "How often to try.")},
		5: {cableRow(TypeUint, 4, "cl.ietf_ccc.dev_prov_unc_key_nom_timeout", "AP nominal timeout", "First wait for an answer of the provisioning server, in milliseconds."),
			cableRow(TypeUint, 4, "cl.ietf_ccc.dev_prov_unc_key_max_timeout", "AP maximum timeout", "Longest wait for it, in seconds."),
			cableRow(TypeUint, 4, "cl.ietf_ccc.dev_prov_unc_key_max_retries", "AP retries", "How often to try.")},
	}
	cccTickets = table(DHCP,
		&Field{Name: "dhcp.ccc.ietf.sec_tkt.pc_provision_server", Label: "provisioning ticket", Type: TypeBool, Size: 2, Mask: 1, RFC: "RFC 3594 sec. 4", Help: "Throw away the provisioning server's ticket."},
		&Field{Name: "dhcp.ccc.ietf.sec_tkt.all_pc_call_management", Label: "call management tickets", Type: TypeBool, Size: 2, Mask: 2, RFC: "RFC 3594 sec. 4", Help: "Throw away the call management servers' tickets."})
)

// cableLabs reads what cable modems and telephone adapters say of themselves.
func (c *cursor) cableLabs(dst *[]Node) {
	for c.left() > 0 {
		switch c.data[c.pos] {
		case 0:
			c.take(dst, cablePadding, 1)
			continue
		case 255:
			c.take(dst, cableEnd, 1)
			return
		}
		o, code, value := c.suboption(dst, cableOption)
		if value == nil {
			continue
		}
		plain, ok := cableOptions[code]
		switch f := cableOUI[value.left()]; {
		case ok:
			value.plain(&o.Children, plain)
		case code != 8:
			value.rest(&o.Children, vendorValue)
		case f != nil:
			value.rest(&o.Children, f)
		}
		o.told(1)
	}
}

// packetCableConfig reads how a telephone adapter finds its servers
// (RFC 3495).
func (c *cursor) packetCableConfig(dst *[]Node) {
	for c.left() >= 2 {
		code, n := uint64(c.peek(0, 1)), c.peek(1, 1)
		o := c.beyond(dst, cccOption, 2+n)
		o.Uint, o.Show = code, showEnum(cccOption.Names, code)
		c.skip(2)
		least := map[uint64]int{1: 4, 2: 4, 3: 1, 4: 12, 7: 1, 8: 1, 9: 2}[code]
		if least > c.left() {
			return
		}
		value := *c
		switch {
		case n == 12 && cccTimers[code] != nil:
			value.all(&o.Children, cccTimers[code]...)
		case code == 9 && n == 2:
			value.over(&o.Children, cccTickets[0], 2)
			value.over(&o.Children, cccTickets[1], 2)
		case code == 7 || code == 8:
			n = 1 // whatever the length says
		case code == 6 || code == 3 && c.data[c.pos] == 0:
			at := c.pos + int(code)%6/3
			*c.broken = readName(c.data[:min(c.end, at+n)], at, at).broken
		}
		c.skip(min(n, c.left()))
	}
}

// hexByte is the number that two hexadecimal digits at an offset write; ok is
// false when there are none.
func (c *cursor) hexByte(offset int) (v int, ok bool) {
	if !c.ok(offset + 2) {
		return 0, false
	}
	digits := c.data[c.pos+offset : c.pos+offset+2]
	n, err := strconv.ParseUint(string(digits), 16, 8)
	if err != nil { // only the first may be a digit
		n, err = strconv.ParseUint(string(digits[:1]), 16, 8)
	}
	return int(n), err == nil
}

// bits adds the parts of a word of size bytes that is written in another way,
// so that its value must be given.
func (c *cursor) bits(dst *[]Node, parts []*Field, size int, value uint64) {
	for _, f := range parts {
		n := c.over(dst, f, size)
		if n.Field == nil {
			return
		}
		_, width := f.Place()
		at := f.Size*8 - width - firstBit(f)
		n.Bit, n.Bits = 0, 0
		n.Uint = value & f.Mask >> at
		n.Show = show(f, n.Uint, nil)
	}
}

func firstBit(f *Field) int {
	first, _ := f.Place()
	return first
}
