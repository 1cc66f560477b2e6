package layers

const rfcPXESpec = "Preboot Execution Environment 2.1 sec. 2.2.2"

func pxeRow(typ Type, size int, name, label, help string) *Field {
	f := vendorRow(typ, size, name, label, help)
	f.RFC = rfcPXESpec
	return f
}

var (
	pxeOption = dhcpNamed(pxeRow(TypeEnum, 0, "pxeclient.suboption", "suboption", "Which suboption it is."), map[uint64]string{
		1: "MTFTP address", 2: "MTFTP client port", 3: "MTFTP server port", 4: "MTFTP timeout", 5: "MTFTP delay", 6: "discovery control",
		7: "multicast address", 8: "boot servers", 9: "boot menu", 10: "menu prompt", 11: "multicast address allocation", 12: "credential types",
		71: "boot item", 179: "LCM server", 180: "LCM domain", 181: "LCM interface", 190: "LCM workgroup", 191: "LCM discovery",
		192: "LCM configured", 193: "LCM version", 194: "LCM serial number"})
	pxePadding = pxeRow(TypeUint, 1, "pxeclient.padding", "padding", "Fills up; it means nothing.")
	pxeEnd     = pxeRow(TypeUint, 1, "pxeclient.end", "end", "The last suboption.")
	pxeOptions = map[uint64]dhcpOption{
		1:   {dhcpMany, pxeRow(TypeIPv4, 4, "pxeclient.mtftp_ip", "MTFTP address", "Where the boot file is sent to many clients at once.")},
		2:   {dhcpOne, pxeRow(TypeUint, 2, "pxeclient.mtftp_client_port", "MTFTP client port", "The port that clients listen on.")},
		3:   {dhcpOne, pxeRow(TypeUint, 2, "pxeclient.mtftp_server_port", "MTFTP server port", "The port that the server listens on.")},
		4:   {dhcpOne, pxeRow(TypeUint, 1, "pxeclient.mtftp_timeout", "MTFTP timeout", "After how many silent seconds a client asks for the file.")},
		5:   {dhcpOne, pxeRow(TypeUint, 1, "pxeclient.mtftp_delay", "MTFTP delay", "How many seconds a client listens first.")},
		6:   {dhcpWhole, pxeControl},
		7:   {dhcpMany, pxeRow(TypeIPv4, 4, "pxeclient.multicast_address", "multicast address", "Where to look for boot servers.")},
		11:  {dhcpWhole, pxeRow(TypeBytes, 0, "pxeclient.multicast_address_alloc", "multicast allocation", "Which multicast addresses may be used.")},
		12:  {dhcpWhole, pxeRow(TypeBytes, 0, "pxeclient.credential_types", "credential types", "How a boot file may be signed.")},
		179: {dhcpWhole, pxeRow(TypeString, 0, "pxeclient.lcm_server", "LCM server", "The server that manages the client.")},
		180: {dhcpWhole, pxeRow(TypeString, 0, "pxeclient.lcm_domain", "LCM domain", "The client's domain.")},
		181: {dhcpWhole, pxeRow(TypeBytes, 0, "pxeclient.lcm_nic_option", "LCM interface", "How the network interface is set up.")},
		190: {dhcpWhole, pxeRow(TypeString, 0, "pxeclient.lcm_workgroup", "LCM workgroup", "The client's workgroup.")},
		191: {dhcpOne, pxeRow(TypeBool, 1, "pxeclient.discovery", "LCM discovery", "Whether the client looks for a server.")},
		192: {dhcpOne, pxeRow(TypeBool, 1, "pxeclient.configured", "LCM configured", "Whether the client is set up.")},
		193: {dhcpOne, pxeRow(TypeUint, 4, "pxeclient.lcm_version", "LCM version", "The version of the client's manager.")},
		194: {dhcpWhole, pxeRow(TypeString, 0, "pxeclient.lcm_serial", "LCM serial number", "The client's serial number.")},
	}
	pxeControl = func() *Field {
		f := pxeRow(TypeHex, 1, "pxeclient.discovery_control", "discovery control", "How to look for boot servers.")
		bit := func(name, label string, mask uint64, help string) *Field {
			b := *f
			b.Name, b.Label, b.Type, b.Mask, b.Help, b.Sub = f.Name+"."+name, label, TypeBool, mask, help, nil
			return row(DHCP, b)
		}
		f.Sub = []*Field{
			bit("broadcast", "no broadcast", 1, "Do not ask all hosts."), bit("multicast", "no multicast", 2, "Do not ask a group of hosts."),
			bit("serverlist", "only listed servers", 4, "Take only servers of the list."), bit("bstrap", "boot at once", 8, "Boot what the offer names, without looking further.")}
		return f
	}()

	pxeServers = pxeRow(TypeBytes, 0, "pxeclient.boot_servers", "boot servers", "Which servers there are for each kind of boot.")
	pxeServer  = []*Field{
		pxeRow(TypeUint, 2, "pxeclient.boot_servers.type", "type", "Which kind of boot server."),
		pxeRow(TypeUint, 1, "pxeclient.boot_servers.count", "count", "How many addresses follow.")}
	pxeServerIP = pxeRow(TypeIPv4, 4, "pxeclient.boot_servers.ip", "address", "The address of a boot server.")
	pxeMenu     = pxeRow(TypeBytes, 0, "pxeclient.boot_menu", "boot menu", "What a user can choose from.")
	pxeMenuItem = []*Field{
		pxeRow(TypeUint, 2, "pxeclient.boot_menu.type", "type", "Which kind of boot server the entry stands for."),
		pxeRow(TypeUint, 1, "pxeclient.boot_menu.length", "length", "How many bytes of text follow.")}
	pxeMenuText   = pxeRow(TypeString, 0, "pxeclient.boot_menu.desc", "text", "What the menu says.")
	pxePrompt     = pxeRow(TypeBytes, 0, "pxeclient.menu_prompt", "menu prompt", "What is shown before the menu.")
	pxePromptTime = pxeRow(TypeUint, 1, "pxeclient.menu_prompt.timeout", "timeout", "After how many seconds the first entry is taken.")
	pxePromptText = pxeRow(TypeString, 0, "pxeclient.menu_prompt.prompt", "text", "What is shown.")
	pxeItem       = pxeRow(TypeBytes, 0, "pxeclient.boot_item", "boot item", "What was chosen.")
	pxeItemType   = pxeRow(TypeUint, 2, "pxeclient.boot_item.type", "type", "Which kind of boot server.")
	pxeItemLayer  = pxeRow(TypeBytes, 2, "pxeclient.boot_item.layer", "layer", "Which file of several.")
)

// pxe reads what clients and servers of network booting tell each other in
// the vendor option.
func (c *cursor) pxe(dst *[]Node) {
	for c.left() > 0 {
		switch c.data[c.pos] {
		case 0:
			c.take(dst, pxePadding, 1)
			continue
		case 255:
			c.take(dst, pxeEnd, 1)
			return
		}
		whole := c.left() >= 2 && 2+int(c.data[c.pos+1]) <= c.left()
		o, code, value := c.suboption(dst, pxeOption)
		if value == nil {
			*c.broken = *c.broken || o != nil && !whole
			continue
		}
		value.over(&o.Children, vendorValue, value.left()).Hidden = true
		if plain, ok := pxeOptions[code]; ok {
			value.plain(&o.Children, plain)
			if n := &o.Children[len(o.Children)-1]; code == 2 || code == 3 {
				n.little()
			}
			o.told(2)
			continue
		}
		value.pxeLists(&o.Children, code)
	}
}

func (c *cursor) pxeLists(dst *[]Node, code uint64) {
	switch code {
	case 8:
		o := c.over(dst, pxeServers, c.left())
		for c.left() > 1 {
			c.take(&o.Children, pxeServer[0], 2)
			for n := c.take(&o.Children, pxeServer[1], 1).Uint; n > 0 && !*c.broken; n-- {
				c.take(&o.Children, pxeServerIP, 4)
			}
		}
	case 9:
		o := c.over(dst, pxeMenu, c.left())
		for c.left() > 1 {
			c.take(&o.Children, pxeMenuItem[0], 2)
			n := c.take(&o.Children, pxeMenuItem[1], 1).Uint
			c.take(&o.Children, pxeMenuText, int(n))
		}
	case 10:
		o := c.over(dst, pxePrompt, c.left())
		c.take(&o.Children, pxePromptTime, 1)
		c.rest(&o.Children, pxePromptText)
	case 71:
		o := c.over(dst, pxeItem, c.left())
		c.all(&o.Children, pxeItemType, pxeItemLayer)
	}
}
