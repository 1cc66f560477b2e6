package layers

// ipv6Option says how an option of hop-by-hop and destination options is
// laid out.
type ipv6Option struct {
	name  string
	only  Proto // the header that it must be in; None: either
	size  int   // bytes of data that it must have; 0: any
	least int   // or at least has
	rows  []*Field
	read  func(c *cursor, n *Node, x *ipv6Packet, size int) // what the rows do not tell
}

const rfcOptions = "RFC 8200 sec. 4.2"

var (
	ipv6HopRows         = extensionRows(IPv6HopByHop, "RFC 8200 sec. 4.3")
	ipv6DestinationRows = extensionRows(IPv6Destination, "RFC 8200 sec. 4.6")

	ipv6Opt     = one(IPv6, rfcOptions, word("ipv6.opt", "option", TypeNone, 0, "Something that routers or the receiver should do with the packet."))
	ipv6OptType = rows(IPv6, rfcOptions,
		word("ipv6.opt.type", "type", TypeHex, 1, "Which option this is.",
			bit("ipv6.opt.type.action", "action", TypeUint, 0xc0, "What who does not know the option does: 0 skips it, 1 drops the packet, 2 and 3 drop it and send an error."),
			bit("ipv6.opt.type.change", "may change", TypeBool, 0x20, "Routers may change the option on the way."),
			bit("ipv6.opt.type.rest", "low bits", TypeHex, 0x1f, "The rest of the number.")))
	ipv6OptPadType  = one(IPv6, rfcOptions, word("ipv6.opt.type", "type", TypeHex, 1, "Which option this is."))
	ipv6OptLen      = one(IPv6, rfcOptions, word("ipv6.opt.length", "length", TypeUint, 1, "How many bytes of data follow."))
	ipv6OptPad1     = one(IPv6, rfcOptions, word("ipv6.opt.pad1", "padding", TypeNone, 1, "One byte that fills space."))
	ipv6OptPadN     = one(IPv6, rfcOptions, word("ipv6.opt.padn", "padding", TypeBytes, 0, "Zeros that fill space, so that what follows begins at a whole word."))
	ipv6OptUnknown  = one(IPv6, rfcOptions, word("ipv6.opt.unknown", "data", TypeBytes, 0, "The data of an option that is not known here."))
	ipv6OptLeft     = one(IPv6, rfcOptions, word("ipv6.opt_unknown_data", "more data", TypeBytes, 0, "Bytes that the option should not have."))
	ipv6Experiment  = one(IPv6, "RFC 4727 sec. 3.3", word("ipv6.opt.experimental", "experiment", TypeBytes, 0, "The data of an option that somebody tries out."))
	ipv6ILNPNonce   = one(IPv6, "RFC 6744 sec. 2", word("ipv6.opt.ilnp_nonce", "nonce", TypeBytes, 0, "Shows that the sender is the one that began the session, wherever it is now."))
	ipv6LIOLen      = one(IPv6, "RFC 6788 sec. 5", word("ipv6.opt.lio.length", "line ID length", TypeUint, 1, "How many bytes the line's name has."))
	ipv6LIO         = one(IPv6, "RFC 6788 sec. 5", word("ipv6.opt.lio.line_id", "line ID", TypeString, 0, "The subscriber's line from which the packet came."))
	ipv6Compartment = one(IPv6, "RFC 5570 sec. 5.1", word("ipv6.opt.calipso.cmpt_bitmap", "compartments", TypeBytes, 0, "Who may see the packet, a bit for each compartment."))
	ipv6MPLSeed     = one(IPv6, "RFC 7731 sec. 6.1", word("ipv6.opt.mpl.seed_id", "seed", TypeBytes, 0, "Who sent the message into the network first."))
	ipv6Calipso     = rows(IPv6, "RFC 5570 sec. 5.1",
		word("ipv6.opt.calipso.doi", "domain of interpretation", TypeUint, 4, "Who gives the label its meaning."),
		word("ipv6.opt.calipso.cmpt.length", "compartment length", TypeUint, 1, "How many 32-bit words of compartments follow."),
		word("ipv6.opt.calipso.sens_level", "sensitivity", TypeUint, 1, "How secret the packet is."),
		word("ipv6.opt.calipso.checksum", "checksum", TypeHex, 2, "Protects the option (CRC-16)."))
	ipv6SMF = rows(IPv6, "RFC 6621 sec. 6.1.1",
		word("ipv6.opt.smf_dpd.hash_bit", "hash", TypeBool, 1, "The rest helps to make the packet's hash unique; otherwise it names the packet."),
		word("ipv6.opt.smf_dpd.tid_type", "tagger type", TypeUint, 1, "Which kind of name the tagging router has; 0: none."),
		word("ipv6.opt.smf_dpd.tid_len", "tagger length", TypeUint, 1, "How many bytes that name has, less one."),
		word("ipv6.opt.smf_dpd.tagger_id", "tagger", TypeBytes, 0, "The router that named the packet."),
		word("ipv6.opt.smf_dpd.ident", "identifier", TypeBytes, 0, "The packet's name, by which duplicates are known."),
		word("ipv6.opt.smf_dpd.hav", "hash assist", TypeBytes, 0, "A value that makes the packet's hash unique."))
	ipv6Quick = rows(IPv6, "RFC 4782 sec. 3.2",
		word("ipv6.opt.qs_func", "function", TypeUint, 1, "0: a request; 8: a report of the rate that was granted."),
		word("ipv6.opt.qs_rate", "rate", TypeUint, 1, "The rate as a power of two: 40 kbit/s times 2 to the n."),
		word("ipv6.opt.qs_ttl", "QS TTL", TypeUint, 1, "Shows whether every router on the way took part."),
		word("ipv6.opt.qs_ttl_diff", "TTL difference", TypeUint, 1, "Hop limit less QS TTL: when it stays the same, every router took part."),
		word("ipv6.opt.qs_unused", "not used", TypeUint, 1, "Not used."),
		word("ipv6.opt.qs_nonce", "nonce", TypeHex, 4, "Keeps receivers from claiming too much."),
		word("ipv6.opt.qs_reserved", "reserved", TypeHex, 4, "Not used."))
	ipv6MPL = rows(IPv6, "RFC 7731 sec. 6.1",
		word("ipv6.opt.mpl.flag", "flags", TypeHex, 1, "How the message is named.",
			bit("ipv6.opt.mpl.flag.s", "seed length", TypeUint, 0xc0, "How long the seed's name is: 0, 2, 8 or 16 bytes."),
			bit("ipv6.opt.mpl.flag.m", "largest", TypeBool, 0x20, "No later message of the seed is known."),
			bit("ipv6.opt.mpl.flag.v", "version", TypeBool, 0x10, "Zero for the version of the RFC."),
			bit("ipv6.opt.mpl.flag.rsv", "reserved", TypeHex, 0x0f, "Not used; zero.")),
		word("ipv6.opt.mpl.sequence", "sequence", TypeHex, 1, "Counts the seed's messages."))
)

func init() { // masks of what shares a byte
	ipv6SMF[0].Mask, ipv6SMF[1].Mask, ipv6SMF[2].Mask = 0x80, 0x70, 0x0f
	ipv6Quick[0].Mask, ipv6Quick[1].Mask, ipv6Quick[5].Mask, ipv6Quick[6].Mask = 0xf0, 0x0f, 0xfffffffc, 3
	for _, kind := range []uint8{0x1e, 0x3e, 0x5e, 0x7e, 0x9e, 0xbe, 0xde, 0xfe} {
		ipv6Options[kind] = ipv6Option{name: "experiment", read: wholeOption(ipv6Experiment)}
	}
}

// ipv6Options are the options that are known, by type (IANA).
var ipv6Options = map[uint8]ipv6Option{
	0x04: {name: "tunnel encapsulation limit", only: IPv6Destination, size: 1, rows: rows(IPv6, "RFC 2473 sec. 4.1.1",
		word("ipv6.opt.tel", "limit", TypeUint, 1, "Into how many more tunnels the packet may be put."))},
	0x05: {name: "router alert", only: IPv6HopByHop, size: 2, rows: rows(IPv6, "RFC 2711 sec. 2.1",
		choice("ipv6.opt.router_alert", "value", 2, map[uint64]string{0: "MLD", 1: "RSVP", 2: "active network"}, "What routers on the way will find in the packet that concerns them."))},
	0x07: {name: "CALIPSO", only: IPv6HopByHop, least: 8, rows: ipv6Calipso, read: calipso},
	0x08: {name: "SMF duplicate detection", only: IPv6HopByHop, read: duplicateDetection},
	0x0f: {name: "performance metrics", only: IPv6Destination, size: 10, rows: rows(IPv6, "RFC 8250 sec. 3.2",
		word("ipv6.opt.pdm.scale_dtlr", "scale of time since received", TypeUint, 1, "The time since the last packet came is to be multiplied by 2 to this."),
		word("ipv6.opt.pdm.scale_dtls", "scale of time since sent", TypeUint, 1, "The time since the last packet was sent is to be multiplied by 2 to this."),
		word("ipv6.opt.pdm.psn_this_pkt", "packet number", TypeUint, 2, "Counts the packets of this sender."),
		word("ipv6.opt.pdm.psn_last_recv", "last number received", TypeUint, 2, "The number of the last packet that came from the other side."),
		word("ipv6.opt.pdm.delta_last_recv", "time since received", TypeUint, 2, "How long ago that packet came: the server's delay."),
		word("ipv6.opt.pdm.delta_last_sent", "time since sent", TypeUint, 2, "How long before that the last packet was sent: the round trip."))},
	0x26: {name: "quick start", only: IPv6HopByHop, size: 6, read: quickStart6},
	0x30: {name: "path MTU", only: IPv6HopByHop, size: 4, rows: rows(IPv6, "RFC 9268 sec. 5",
		word("ipv6.opt.pmtu.min", "smallest MTU", TypeUint, 2, "The smallest MTU on the way so far."),
		&Field{Name: "ipv6.opt.pmtu.rtn", Label: "returned MTU", Type: TypeUint, Size: 2, Help: "The smallest MTU of the way back, brought back to its sender."}), read: returnFlag},
	0x31: {name: "IOAM", only: IPv6HopByHop, read: ioam},
	0x41: {name: "tunnel payload forwarding", only: IPv6Destination, size: 4, rows: rows(IPv6, "RFC 8200 sec. 4.2",
		word("ipv6.opt.tpf_information", "information", TypeHex, 4, "How the tunnel's end should pass the payload on."))},
	0x63: {name: "RPL", only: IPv6HopByHop, least: 4, rows: rows(IPv6, "RFC 6553 sec. 3",
		word("ipv6.opt.rpl.flag", "flags", TypeHex, 1, "How the packet goes through the tree of routers.",
			bit("ipv6.opt.rpl.flag.o", "down", TypeBool, 0x80, "The packet should go down, away from the root."),
			bit("ipv6.opt.rpl.flag.r", "rank error", TypeBool, 0x40, "It went the wrong way once: routers disagree on who is nearer the root."),
			bit("ipv6.opt.rpl.flag.f", "forwarding error", TypeBool, 0x20, "No way down was found."),
			bit("ipv6.opt.rpl.flag.rsv", "reserved", TypeHex, 0x1f, "Not used; zero.")),
		word("ipv6.opt.rpl.instance_id", "instance", TypeHex, 1, "Which tree of routers the packet goes along."),
		word("ipv6.opt.rpl.sender_rank", "sender's rank", TypeHex, 2, "How far from the root the last router is."))},
	0x6d: {name: "MPL", only: IPv6HopByHop, rows: ipv6MPL, read: seed},
	0x8a: {name: "endpoint identification", read: unknownOption6},
	0x8b: {name: "ILNP nonce", only: IPv6Destination, read: wholeOption(ipv6ILNPNonce)},
	0x8c: {name: "line identification", only: IPv6Destination, read: lineID},
	0xc2: {name: "jumbo payload", only: IPv6HopByHop, size: 4, rows: rows(IPv6, "RFC 2675 sec. 2",
		word("ipv6.opt.jumbo", "payload length", TypeUint, 4, "How many bytes follow the IPv6 header, when they are more than its own field can tell."))},
	0xc9: {name: "home address", only: IPv6Destination, size: 16, rows: rows(IPv6, "RFC 6275 sec. 6.3",
		word("ipv6.opt.mipv6.home_address", "home address", TypeIPv6, 16, "The address by which the mobile sender is known; the source is where it is now.")), read: homeAddress},
	0xee: {name: "depth-first forwarding", only: IPv6HopByHop, size: 3, rows: rows(IPv6, "RFC 6971 sec. 13.1",
		word("ipv6.opt.dff.flags", "flags", TypeHex, 1, "How far the search for a way has come.",
			bit("ipv6.opt.dff.flag.ver", "version", TypeUint, 0xc0, "The version of the search: 0."),
			bit("ipv6.opt.dff.flag.dup", "duplicate", TypeBool, 0x20, "The packet is sent again, over another neighbour."),
			bit("ipv6.opt.dff.flag.ret", "return", TypeBool, 0x10, "The packet comes back: there was no way."),
			bit("ipv6.opt.dff.flag.rsv", "reserved", TypeHex, 0x0f, "Not used; zero.")),
		word("ipv6.opt.dff.sequence_number", "sequence number", TypeUint, 2, "Which packet of its sender this is."))},
}

func (d *dissector) hopByHop(x *ipv6Packet, s span) (uint8, int) {
	return d.options6(d.part(IPv6HopByHop, s.pos, s.end-s.pos), ipv6HopRows, x, s)
}

func (d *dissector) destinationOptions(x *ipv6Packet, s span) (uint8, int) {
	return d.options6(d.part(IPv6Destination, s.pos, s.end-s.pos), ipv6DestinationRows, x, s)
}

// options6 reads a header of options.
func (d *dissector) options6(p *Part, head []*Field, x *ipv6Packet, s span) (uint8, int) {
	if s.end-s.pos < 2 { // Wireshark shows nothing without the length
		d.short(p.Proto, s)
		return 0, 0
	}
	c, next, size := d.extension6(p, head, s)
	for !*c.broken && c.pos < s.pos+size {
		c.option6(p, x)
	}
	return c.end6(p.Proto, s, next, size)
}

// option6 reads one option.
func (c *cursor) option6(p *Part, x *ipv6Packet) {
	kind, size := uint8(c.peek(0, 1)), c.peek(1, 1)
	n := c.over(&p.Fields, ipv6Opt, min(2+size, c.left()))
	if *c.broken {
		return
	}
	o, known := ipv6Options[kind]
	switch {
	case kind == 0: // it has neither length nor data; Wireshark's node has, though
		n.Show = "Pad1"
		c.over(&n.Children, ipv6OptPadType, 1)
		c.take(&n.Children, ipv6OptPad1, 1)
		return
	case kind == 1:
		o.name, o.read = "PadN", wholeOption(ipv6OptPadN)
	case !known:
		o.name, o.read = "unknown", unknownOption6
	}
	n.Show = o.name
	c.all(&n.Children, ipv6OptType[0], ipv6OptLen)
	if *c.broken {
		return
	}
	at := c.pos
	if o.only != None && o.only != p.Proto {
		c.expert(Warning, "ipv6.opt.header_mismatch", "The "+o.name+" option must be in "+o.only.String()+".", at-2, 1)
	}
	if o.size > 0 && size != o.size || size < o.least {
		c.expert(Error, "ipv6.opt.invalid_len", "The "+o.name+" option has a wrong length.", at-1, 1)
	}
	c.all(&n.Children, o.rows...)
	if o.read != nil {
		o.read(c, n, x, size)
	}
	if kind == 0xc2 {
		c.checkJumbo(n, x)
	}
	if left := at + size - c.pos; left > 0 && !*c.broken {
		c.unknown6(c.take(&n.Children, ipv6OptLeft, left))
	}
}

// checkJumbo judges a jumbo payload option (RFC 2675 section 3).
func (c *cursor) checkJumbo(n *Node, x *ipv6Packet) {
	if x.plen != 0 {
		c.expert(Warning, "ipv6.opt.jumbo.prohibited", "With a payload length in the IPv6 header there must be no jumbo payload option.", n.Pos, n.Len)
	}
	if v := find(n.Children, "ipv6.opt.jumbo"); v != nil && v.Uint < 1<<16 {
		c.expert(Warning, "ipv6.opt.jumbo.truncated", "A jumbo payload has 65536 bytes or more.", v.Pos, v.Len)
	}
}

// wholeOption shows all of an option's data as one field.
func wholeOption(f *Field) func(*cursor, *Node, *ipv6Packet, int) {
	return func(c *cursor, n *Node, _ *ipv6Packet, size int) { c.take(&n.Children, f, size) }
}

func unknownOption6(c *cursor, n *Node, _ *ipv6Packet, size int) {
	if n.Children[0].Uint == 0x8a {
		c.expert(Note, "ipv6.opt.deprecated", "This option must no longer be used.", n.Pos, 1)
	}
	c.unknown6(c.take(&n.Children, ipv6OptUnknown, size))
}

// unknown6 notes data of an option that is not read.
func (c *cursor) unknown6(n *Node) {
	if !*c.broken {
		c.expert(Note, "ipv6.opt.unknown_data.expert", "What these bytes mean is not known here.", n.Pos, n.Len)
	}
}

func calipso(c *cursor, n *Node, _ *ipv6Packet, _ int) {
	if f := find(n.Children, "ipv6.opt.calipso.cmpt.length"); f != nil {
		c.take(&n.Children, ipv6Compartment, int(f.Uint)*4)
	}
}

// duplicateDetection tells the two modes of the option apart.
func duplicateDetection(c *cursor, n *Node, _ *ipv6Packet, size int) {
	first := c.peek(0, 1)
	c.over(&n.Children, ipv6SMF[0], 1)
	if first&0x80 != 0 {
		c.take(&n.Children, ipv6SMF[5], size)
		return
	}
	c.over(&n.Children, ipv6SMF[1], 1)
	c.take(&n.Children, ipv6SMF[2], 1)
	size--
	if first&0x70 != 0 {
		c.take(&n.Children, ipv6SMF[3], first&15+1)
		size -= first&15 + 1
	}
	if size > 0 {
		c.take(&n.Children, ipv6SMF[4], size)
	}
}

func quickStart6(c *cursor, n *Node, x *ipv6Packet, _ int) {
	function := c.peek(0, 1) >> 4
	c.over(&n.Children, ipv6Quick[0], 1)
	if function != 0 && function != 8 {
		return
	}
	c.take(&n.Children, ipv6Quick[1], 1)
	if function == 0 {
		c.over(&n.Children, ipv6Quick[2], 1)
		diff := c.take(&n.Children, ipv6Quick[3], 1)
		diff.Uint = uint64(x.hopLimit - uint8(diff.Uint))
		diff.Show = show(ipv6Quick[3], diff.Uint, nil)
	} else {
		c.take(&n.Children, ipv6Quick[4], 1)
	}
	c.over(&n.Children, ipv6Quick[5], 4)
	c.take(&n.Children, ipv6Quick[6], 4)
}

var ipv6ReturnFlag = one(IPv6, "RFC 9268 sec. 5", word("ipv6.opt.pmtu.r_flag", "return", TypeBool, 1, "Asks the receiver to send the smallest MTU back."))

// returnFlag puts apart what shares a word: 15 bits of the MTU that is
// returned, and the flag. Wireshark puts the flag where the MTU's second byte
// begins, one byte early.
func returnFlag(c *cursor, n *Node, _ *ipv6Packet, _ int) {
	mtu := &n.Children[len(n.Children)-1]
	if *c.broken {
		return
	}
	flag := c.valued(ipv6ReturnFlag, mtu.Pos+1, 1, mtu.Uint&1)
	mtu.Uint &^= 1
	mtu.Show = show(mtu.Field, mtu.Uint, nil)
	n.Children = append(n.Children, flag)
}

func seed(c *cursor, n *Node, _ *ipv6Packet, _ int) {
	flags := find(n.Children, "ipv6.opt.mpl.flag")
	if flags == nil {
		return
	}
	size := [4]int{0, 2, 8, 16}[flags.Uint>>6] // RFC 7731 section 6.1
	c.take(&n.Children, ipv6MPLSeed, size)
	if size == 0 {
		c.expert(Chat, "ipv6.opt.mpl.ipv6_src_seed_id", "The seed is the packet's source.", n.Pos, 1)
	}
}

func lineID(c *cursor, n *Node, _ *ipv6Packet, size int) {
	id := int(c.take(&n.Children, ipv6LIOLen, 1).Uint)
	c.take(&n.Children, ipv6LIO, min(id, max(0, size-1)))
}

// homeAddress: checksums are over the address by which the sender is known
// (RFC 6275 section 11.3.1).
func homeAddress(c *cursor, n *Node, x *ipv6Packet, _ int) {
	if !*c.broken && len(x.src) == 16 {
		x.src = c.data[c.pos-16 : c.pos]
	}
}
