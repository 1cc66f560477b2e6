package layers

// Apple's Boot Server Discovery Protocol, in the vendor option.
var (
	bsdpOption = dhcpNamed(vendorRow(TypeEnum, 0, "bsdp.suboption", "suboption", "Which suboption it is."), map[uint64]string{
		0: "padding", 1: "message", 2: "version", 3: "server", 4: "priority", 5: "reply port", 6: "image list path", 7: "default image",
		8: "selected image", 9: "images", 10: "firmware", 11: "image filter", 12: "longest message", 255: "end"})
	bsdpOptions = map[uint64]*Field{
		1:  dhcpNamed(vendorRow(TypeEnum, 1, "bsdp.message_type", "message", "What the message is for."), map[uint64]string{1: "list", 2: "select", 3: "failed"}),
		2:  vendorRow(TypeHex, 2, "bsdp.version", "version", "The version of the protocol."),
		3:  vendorRow(TypeIPv4, 4, "bsdp.server_identifier", "server", "Which server is meant."),
		4:  vendorRow(TypeUint, 2, "bsdp.server_priority", "priority", "Servers with more are preferred."),
		5:  vendorRow(TypeUint, 2, "bsdp.reply_port", "reply port", "Where the client listens."),
		6:  vendorRow(TypeString, 0, "bsdp.boot_image_list_path", "image list path", "Where the list of images is."),
		7:  vendorRow(TypeHex, 4, "bsdp.default_boot_image_id", "default image", "The image to boot if none is chosen."),
		8:  vendorRow(TypeHex, 4, "bsdp.selected_boot_image_id", "selected image", "The image that was chosen."),
		9:  vendorRow(TypeBytes, 0, "bsdp.boot_image_list", "images", "The images that there are."),
		10: vendorRow(TypeNone, 0, "bsdp.netboot_firmware", "firmware", "The client has the first version's firmware."),
		11: vendorRow(TypeBytes, 0, "bsdp.attributes_filter_list", "image filter", "Which kinds of images are wanted."),
		12: vendorRow(TypeUint, 2, "bsdp.message_size", "longest message", "The longest message that the client takes."),
	}
	bsdpImage     = vendorRow(TypeBytes, 0, "bsdp.boot_image.desc", "image", "One image.")
	bsdpAttribute = func() *Field {
		f := vendorRow(TypeHex, 2, "bsdp.boot_image.attribute", "attributes", "What kind of image it is.")
		for _, b := range []struct {
			name, label string
			mask        uint64
			help        string
		}{{"install", "installs", 0x8000, "The image installs a system instead of running one."},
			{"kind", "kind", 0x7f00, "Which system the image is for."}, {"reserved", "reserved", 0xff, "Not used; zero."}} {
			f.Sub = append(f.Sub, row(DHCP, Field{Name: f.Name + "." + b.name, Label: b.label, Type: TypeHex, Size: 2, Mask: b.mask, RFC: f.RFC, Help: b.help}))
		}
		return f
	}()
	bsdpIndex   = vendorRow(TypeHex, 2, "bsdp.boot_image.index", "index", "The image's number.")
	bsdpNameLen = vendorRow(TypeUint, 1, "bsdp.boot_image.name_len", "name length", "How many bytes of name follow.")
	bsdpName    = vendorRow(TypeString, 0, "bsdp.boot_image.name", "name", "The image's name.")
)

func (c *cursor) bootServers(dst *[]Node) {
	for c.left() > 0 {
		if code := uint64(c.data[c.pos]); code == 0 || code == 255 {
			c.take(dst, bsdpOption, 1)
			continue
		}
		o, code, value := c.suboption(dst, bsdpOption)
		f := bsdpOptions[code]
		if value == nil || f == nil {
			continue
		}
		n := value.over(&o.Children, f, value.left())
		switch code {
		case 7, 8:
			value.take(&n.Children, bsdpAttribute, 2)
			value.take(&n.Children, bsdpIndex, max(1, value.left()))
		case 9:
			value.bootImages(&n.Children)
		case 11:
			value.list(&n.Children, bsdpAttribute)
		}
		o.told(1)
	}
}

func (c *cursor) bootImages(dst *[]Node) {
	for c.left() >= 5 {
		n := c.peek(4, 1)
		if n == 0 {
			c.skip(5)
			continue
		}
		image := c.over(dst, bsdpImage, 5+n)
		c.all(&image.Children, bsdpAttribute, bsdpIndex, bsdpNameLen)
		c.take(&image.Children, bsdpName, n)
	}
}
