package layers

import (
	"bytes"
	"strconv"
	"time"
)

// Places in a DHCP message (RFC 2131 section 2), in bytes.
const (
	dhcpNameAt    = 44 // server name, 64 bytes
	dhcpFileAt    = 108
	dhcpVendorAt  = 236 // BOOTP's vendor area, or the cookie
	dhcpCookie    = 0x63825363
	dhcpVendorLen = 64 // RFC 951 section 3: without a cookie
)

const dhcpRFC = "RFC 2131 sec. 2"

func dhcpFixed(typ Type, at, size int, name, label, help string) *Field {
	f := dhcpRow(typ, size, name, label, dhcpRFC, help)
	f.At = at
	return f
}

var (
	dhcpStart = []*Field{
		dhcpNamed(dhcpFixed(TypeEnum, 0, 1, "type", "message", "Whether a client asks or a server answers."), map[uint64]string{1: "request", 2: "reply"}),
		dhcpHardware,
		dhcpFixed(TypeUint, 2, 1, "hw.len", "hardware address length", "How many bytes the client's hardware address has."),
		dhcpFixed(TypeUint, 3, 1, "hops", "hops", "How many relays the message has passed."),
		dhcpFixed(TypeHex, 4, 4, "id", "transaction ID", "Chosen by the client; the answer repeats it."),
		dhcpFixed(TypeUint, 8, 2, "secs", "seconds elapsed", "For how long the client has been trying."),
		dhcpFlags,
		dhcpFixed(TypeIPv4, 12, 4, "ip.client", "client's address", "The address that the client has and can be reached at."),
		dhcpFixed(TypeIPv4, 16, 4, "ip.your", "your address", "The address that the server gives."),
		dhcpFixed(TypeIPv4, 20, 4, "ip.server", "next server", "Where the client should boot from."),
		dhcpFixed(TypeIPv4, 24, 4, "ip.relay", "relay agent's address", "The relay that the message came through; it tells the server the subnet.")}
	dhcpHardware = dhcpNamed(dhcpFixed(TypeEnum, 1, 1, "hw.type", "hardware type", "Which kind of link the client is on."), hardwareTypes)
	dhcpFlags    = func() *Field {
		f := dhcpFixed(TypeHex, 10, 2, "flags", "flags", "How to answer.")
		f.Sub = table(DHCP,
			&Field{Name: "dhcp.flags.bc", Label: "broadcast", Type: TypeBool, At: 10, Size: 2, Mask: 0x8000, RFC: dhcpRFC, Help: "The client cannot take packets to an address that it does not have yet."},
			&Field{Name: "dhcp.flags.reserved", Label: "reserved", Type: TypeHex, At: 10, Size: 2, Mask: 0x7fff, RFC: dhcpRFC, Help: "Not used; zero."})
		return f
	}()
	dhcpMAC       = dhcpFixed(TypeMAC, 28, 6, "hw.mac_addr", "client's MAC address", "The client's hardware address.")
	dhcpHWAddr    = dhcpFixed(TypeBytes, 28, 16, "hw.addr", "client's hardware address", "The client's hardware address, on a link that is no Ethernet.")
	dhcpHWPadding = dhcpRow(TypeBytes, 0, "hw.addr_padding", "padding", dhcpRFC, "The field has 16 bytes; these are not used.")
	dhcpServer    = dhcpFixed(TypeString, dhcpNameAt, 64, "server", "server name", "The name of the server to boot from.")
	dhcpFile      = dhcpFixed(TypeString, dhcpFileAt, 128, "file", "boot file", "The file to boot.")
	dhcpMagic     = dhcpRow(TypeHex, 4, "cookie", "magic cookie", "RFC 2131 sec. 3", "Says that options follow as DHCP has them.")
	dhcpNoAddr    = row(DHCP, Field{Label: "no hardware address", Type: TypeNone, Size: 16, RFC: dhcpRFC, Help: "The client has not given its hardware address."})
	dhcpNoName    = row(DHCP, Field{Label: "no server name", Type: TypeNone, Size: 64, RFC: "RFC 2132 sec. 9.3", Help: "The field holds options instead."})
	dhcpNoFile    = row(DHCP, Field{Label: "no boot file", Type: TypeNone, Size: 128, RFC: "RFC 2132 sec. 9.3", Help: "The field holds options instead."})
	dhcpArea      = dhcpRow(TypeBytes, dhcpVendorLen, "vendor_specific_options", "vendor area", "RFC 951 sec. 3", "What BOOTP leaves to the maker of the client.")

	dhcpOptionType = dhcpNamed(dhcpRow(TypeEnum, 0, "option.type", "option", "2", "Which option it is."), dhcpOptionNames)
	dhcpLength     = dhcpRow(TypeUint, 1, "option.length", "length", "2", "How many bytes of value follow.")
	dhcpValue      = dhcpOpaque("value", "value", "2", "The option's value.")
	dhcpPadding    = dhcpOpaque("padding", "padding", "3.1", "Fills up; it means nothing.")
	dhcpEnd        = dhcpNumber(1, "end", "end", "3.2", "The last option.")
	dhcpOverload   = dhcpEnum(1, "option_overload", "overload", "9.3", map[uint64]string{1: "boot file", 2: "server name", 3: "boot file and server name"},
		"Which fields of the header hold options instead.")
	dhcpInName = row(DHCP, Field{Label: "options in the server name", Type: TypeNone, RFC: "RFC 2132 sec. 9.3", Help: "Options that found no room elsewhere."})
	dhcpInFile = row(DHCP, Field{Label: "options in the boot file", Type: TypeNone, RFC: "RFC 2132 sec. 9.3", Help: "Options that found no room elsewhere."})
)

var hardwareTypes = map[uint64]string{
	1: "Ethernet", 6: "IEEE 802", 7: "ARCNET", 15: "frame relay", 16: "ATM", 18: "Fibre Channel", 20: "serial line", 24: "IEEE 1394", 27: "EUI-64", 32: "InfiniBand"}

func dhcpNamed(f *Field, names map[uint64]string) *Field {
	f.Names = names
	return f
}

func init() {
	for _, port := range []uint16{67, 68, 4011} {
		udpApplications[port] = (*dissector).dhcp
	}
}

// dhcpMessage is a message being read.
type dhcpMessage struct {
	*cursor
	start    int // where the message begins
	overload uint64
	kind     uint64 // the message's type; 0: it is BOOTP
	vendor   string // vendor class
	count    [256]uint8
	index    [256]uint8 // how many options of a code there are, and have been read
	joined   []byte     // values that are pieces of one
}

// dhcp reads a message of DHCP (RFC 2131) or BOOTP (RFC 951).
func (d *dissector) dhcp(s span) {
	p := d.part(DHCP, s.pos, s.end-s.pos)
	m := &dhcpMessage{cursor: d.cursor(s), start: s.pos}
	m.survey()
	m.header(&p.Fields)
	m.options(&p.Fields)
	m.rest(&p.Fields, dhcpPadding)
	p.Summary = m.summary(p.Fields)
	if *m.broken {
		d.short(DHCP, s)
	}
}

func (m *dhcpMessage) summary(fields []Node) string {
	text := "BOOTP message"
	if m.kind != 0 {
		text = showEnumName(dhcpType.Names, m.kind)
	} else if len(fields) > 0 {
		text = "BOOTP " + showEnumName(dhcpStart[0].Names, fields[0].Uint)
	}
	for _, name := range []string{"dhcp.hw.mac_addr", "dhcp.ip.your"} {
		if n := find(fields, name); n != nil && n.Uint != 0 {
			text += ", " + n.Field.Label + " " + n.Show
		}
	}
	return text
}

// vendorArea is where the options begin.
func (m *dhcpMessage) vendorArea() (at int, cookie bool) {
	at = m.start + dhcpVendorAt
	if at+4 <= m.end && number(m.data[at:at+4]) == dhcpCookie {
		return at + 4, true
	}
	return at + dhcpVendorLen, false
}

// survey looks for the options that decide how others are read.
func (m *dhcpMessage) survey() {
	at, _ := m.vendorArea()
	for at+1 < m.end && m.data[at] != 255 {
		if m.data[at] == 0 {
			at++
			continue
		}
		code, n := m.data[at], int(m.data[at+1])
		if at+2+n > m.end {
			return
		}
		value := m.data[at+2 : at+2+n]
		switch {
		case code == 52 && n > 0:
			m.overload = uint64(value[0])
		case code == 53 && n > 0:
			m.kind = uint64(value[0])
		case code == 60:
			m.vendor = string(value)
		}
		m.count[code]++
		at += 2 + n
	}
}

func (m *dhcpMessage) header(dst *[]Node) {
	for _, f := range dhcpStart {
		n := m.take(dst, f, f.Size)
		// Windows writes the seconds with the least significant byte first.
		if f.Name == "dhcp.secs" && n.Uint&0xff == 0 && n.Uint != 0 {
			n.little()
		}
		if len(f.Sub) > 0 && !*m.broken { // its parts count from the message's start
			n.Children, _ = m.fixed(nil, f.Sub, m.start, span{m.start, m.end, m.wire})
		}
	}
	if *m.broken {
		return
	}
	kind, size := (*dst)[1].Uint, int((*dst)[2].Uint)
	switch {
	case size == 0 || size > 16:
		m.all(dst, dhcpNoAddr)
	case size == 6 && (kind == 1 || kind == 6):
		m.take(dst, dhcpMAC, 6)
		m.take(dst, dhcpHWPadding, 10)
	default:
		m.over(dst, dhcpHWAddr, 16)
		m.skip(size)
		m.take(dst, dhcpHWPadding, 16-size)
	}
	for _, f := range []struct {
		field, none *Field
		bit         uint64
	}{{dhcpServer, dhcpNoName, 2}, {dhcpFile, dhcpNoFile, 1}} {
		if m.overload&f.bit != 0 {
			m.all(dst, f.none)
			continue
		}
		n := m.take(dst, f.field, f.field.Size)
		if n.Len > 0 {
			text, _, _ := bytes.Cut(m.data[n.Pos:n.Pos+n.Len], []byte{0})
			n.Show = Printable(string(text))
		}
	}
	if _, cookie := m.vendorArea(); cookie {
		m.take(dst, dhcpMagic, 4)
	} else {
		m.take(dst, dhcpArea, dhcpVendorLen)
	}
}

// options reads options up to the end option.
func (m *dhcpMessage) options(dst *[]Node) {
	for m.left() > 0 {
		if last := m.option(dst); last {
			return
		}
	}
}

// option reads one option, and says whether it is the last.
func (m *dhcpMessage) option(dst *[]Node) (last bool) {
	switch m.data[m.pos] {
	case 0:
		n := 1
		for m.pos+n < m.end && m.data[m.pos+n] == 0 {
			n++
		}
		o := m.over(dst, dhcpOptionType, 1)
		m.take(&o.Children, dhcpPadding, n)
		return false
	case 255:
		o := m.over(dst, dhcpOptionType, 1)
		m.take(&o.Children, dhcpEnd, 1)
		return true
	}
	if !m.ok(2) {
		return false
	}
	code, n := uint64(m.data[m.pos]), int(m.data[m.pos+1])
	o := m.beyond(dst, dhcpOptionType, 2+n)
	o.Uint, o.Show = code, showEnum(dhcpOptionNames, code)
	m.skip(1)
	m.take(&o.Children, dhcpLength, 1)
	m.over(&o.Children, dhcpValue, n)
	value := m.cut(n)
	if m.value(&o.Children, code, value) && n > 0 && len(o.Children) > 1 {
		o.Children[1].Hidden = true // its parts say the same
	}
	o.told(2)
	return false
}

// value reads an option's value; it reports false when it is not known.
func (m *dhcpMessage) value(dst *[]Node, code uint64, c *cursor) bool {
	plain, ok := dhcpOptions[code]
	if !ok {
		return m.special(dst, code, c)
	}
	c.plain(dst, plain)
	return true
}

// showLease is a time of up to 32 bits; all ones are for ever, unless it has
// a sign.
func showLease(v uint64, signed bool) string {
	switch {
	case signed:
		v = uint64(int32(v))
	case v == 1<<32-1:
		return "for ever"
	}
	s := strconv.FormatInt(int64(v), 10) + " s"
	if d := time.Duration(int64(v)) * time.Second; d.Abs() >= time.Minute {
		s += " (" + d.String() + ")"
	}
	return s
}
