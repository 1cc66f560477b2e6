package layers

// v6Row is a row of the DHCPv6 table. A section that names no RFC is one of
// RFC 8415.
func v6Row(typ Type, size int, name, label, section, help string) *Field {
	if '0' <= section[0] && section[0] <= '9' { // of DHCPv6's own RFC
		section = "RFC 8415 sec. " + section
	}
	return row(DHCPv6, Field{Name: "dhcpv6." + name, Label: label, Type: typ, Size: size, RFC: section, Help: help})
}

func v6Enum(size int, name, label, section string, names map[uint64]string, help string) *Field {
	return dhcpNamed(v6Row(TypeEnum, size, name, label, section, help), names)
}

var (
	v6Type = v6Enum(1, "msgtype", "message", "7.3", map[uint64]string{
		1: "solicit", 2: "advertise", 3: "request", 4: "confirm", 5: "renew", 6: "rebind", 7: "reply", 8: "release", 9: "decline", 10: "reconfigure",
		11: "information request", 12: "relay forward", 13: "relay reply", 14: "lease query", 15: "lease query reply", 16: "lease query done",
		17: "lease query data", 18: "reconfigure request", 19: "reconfigure reply"}, "What the message is for.")
	v6ID    = v6Row(TypeHex, 3, "xid", "transaction ID", "8", "Chosen by the client; the answer repeats it.")
	v6Relay = []*Field{
		v6Row(TypeUint, 1, "hopcount", "hops", "9.1", "How many relays the message has passed."),
		v6Row(TypeIPv6, 16, "linkaddr", "link", "9.1", "Tells the server which link the client is on."),
		v6Row(TypeIPv6, 16, "peeraddr", "peer", "9.1", "Who sent the message to the relay.")}
	v6Option     = v6Row(TypeString, 0, "option.type_str", "option", "21.1", "One option.")
	v6OptionType = v6Enum(2, "option.type", "type", "21.1", v6OptionNames, "Which option it is.")
	v6Length     = v6Row(TypeUint, 2, "option.length", "length", "21.1", "How many bytes of value follow.")
)

// maxOptionDepth bounds options within options; real ones go three deep.
const maxOptionDepth = 4

func init() {
	udpApplications[546] = (*dissector).dhcpv6
	udpApplications[547] = (*dissector).dhcpv6
}

// v6Message is a message being read.
type v6Message struct {
	*cursor
	kind  uint64
	depth int   // options that the one in hand lies in
	done  *bool // an option is longer than what it lies in: nothing more can be read
	last  int   // where the datagram ends
}

// past is a cursor that may read over the end of the option, as Wireshark
// does where it does not look at the option's length.
func (m *v6Message) past() *cursor {
	c := *m.cursor
	c.end = m.last
	return &c
}

// dhcpv6 reads a message of DHCPv6 (RFC 8415); those that a relay passes on
// are parts of their own.
func (d *dissector) dhcpv6(s span) { d.v6Message(s, s.end) }

// v6Message reads a message in a datagram that ends at last.
func (d *dissector) v6Message(s span, last int) (ok bool) {
	d.depth++
	defer func() { d.depth-- }()
	i := len(d.tree.Parts)
	d.part(DHCPv6, s.pos, s.end-s.pos)
	m := &v6Message{cursor: d.cursor(s), done: new(bool), last: last}
	var fields []Node
	start := m.past()
	m.kind = start.take(&fields, v6Type, 1).Uint
	if m.kind == 12 || m.kind == 13 {
		start.all(&fields, v6Relay...)
	} else {
		start.all(&fields, v6ID)
	}
	if m.pos = start.pos; m.pos < m.end {
		m.options(&fields)
	}
	p := &d.tree.Parts[i]
	p.Fields = fields
	if len(fields) > 1 {
		p.Summary = showEnumName(v6Type.Names, m.kind) + ", " + fields[1].Field.Label + " " + fields[1].Show
	}
	if *m.broken {
		d.short(DHCPv6, s)
	}
	return !*m.broken
}

// options reads options until one of them is not all there.
func (m *v6Message) options(dst *[]Node) {
	for m.left() > 0 && !*m.done && m.depth < maxOptionDepth {
		if m.left() < 4 || 4+m.peek(2, 2) > m.left() {
			*m.done = true
			return
		}
		n := m.peek(2, 2)
		o := m.over(dst, v6Option, 4+n)
		m.all(&o.Children, v6OptionType, v6Length)
		if *m.broken {
			return
		}
		code := o.Children[0].Uint
		o.Show = showEnum(v6OptionNames, code)
		value := *m
		value.cursor = m.cut(n)
		value.depth++
		value.value(&o.Children, code, n)
		o.told(2)
	}
}

// value reads an option's value of n bytes. One whose size is wrong is left
// as it is.
func (m *v6Message) value(dst *[]Node, code uint64, n int) {
	plain, ok := v6Options[code]
	switch {
	case !ok:
		m.special(dst, code, n)
	case plain.shape != dhcpMany || n%plain.field.Size == 0:
		m.plain(dst, plain)
	}
}

// special reads the options that are more than a field or a list of it.
func (m *v6Message) special(dst *[]Node, code uint64, n int) {
	switch code {
	case 1, 2, 53:
		m.duid(dst, n)
	case 3, 25:
		m.container(dst, 12, v6IA...)
	case 4:
		m.container(dst, 4, v6TemporaryIA)
	case 5:
		m.container(dst, 24, v6Address...)
	case 26:
		m.container(dst, 25, v6Prefix...)
	case 44:
		m.container(dst, 17, v6Query...)
	case 45, 94, 95, 96:
		m.options(dst)
	case 6, 43:
		m.codes(dst, v6Requested, n)
	case 9:
		m.relayed(n)
	case 11:
		m.authentication(dst, n)
	case 13:
		m.past().all(dst, v6Status)
		m.skip(min(2, n))
		m.rest(dst, v6StatusText)
	case 15:
		m.userClass(dst)
	case 16:
		m.vendorClass(dst, n)
	case 17:
		m.vendorOptions(dst, n)
	case 37:
		if n >= 4 {
			m.all(dst, v6RemoteMaker)
			m.rest(dst, v6RemoteID)
		}
	case 39:
		m.clientName(dst, n)
	case 47:
		if n >= 16 {
			m.all(dst, v6RelayPeer)
			m.rest(dst, v6RelayData)
		}
	case 21, 24, 29, 30, 33:
		if n > 0 {
			list := m.over(dst, v6NameLists[code].heading, n)
			m.names(&list.Children, v6NameLists[code].name, n)
		}
	case 56:
		m.timeServers(dst, n)
	case 64:
		m.names(dst, v6TunnelEnd, n)
	case 67:
		if n >= 2 && n <= 17 {
			m.all(dst, v6ExcludeLen)
			m.rest(dst, v6Exclude)
		}
	case 89, 90, 91, 92, 93:
		m.softwire(dst, code, n)
	case 111:
		m.list(dst, v6Preferred)
	case 117, 118:
		m.nameRest(dst, v6Failover[code])
	case 127:
		if n == 4 {
			m.all(dst, v6FailoverVersion...)
		}
	case 129:
		if n >= 4 {
			m.all(dst, v6Reconfigure)
			m.rest(dst, v6ReconfigureKey)
		}
	case 167:
		if n >= 4 {
			m.take(dst, v6NAI, n-2)
		}
	}
}

// container reads fields of least bytes and the options after them.
func (m *v6Message) container(dst *[]Node, least int, rows ...*Field) {
	if m.left() < least {
		return
	}
	for _, f := range rows {
		n := m.take(dst, f, f.Size)
		if f.Type == TypeUint && f.Size == 4 {
			n.Show = showLease(n.Uint, false)
		}
	}
	m.options(dst)
}

// relayed reads the message that a relay passes on.
func (m *v6Message) relayed(n int) {
	if n > 0 && m.within() && !m.v6Message(m.span, m.last) {
		*m.broken = true
	}
}

// codes reads numbers of two bytes.
func (m *v6Message) codes(dst *[]Node, f *Field, n int) {
	c := m.past()
	for i := 0; i < n; i += 2 {
		c.all(dst, f)
	}
}
