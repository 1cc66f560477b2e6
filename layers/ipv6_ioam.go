package layers

// In-situ OAM (RFC 9197) as an option of IPv6 (RFC 9486): every node on the
// way writes down what it saw of the packet.

const rfcIOAM = "RFC 9197 sec. 4.4.1"

var (
	ioamHead = rows(IPv6, "RFC 9486 sec. 3",
		word("ipv6.opt.ioam.rsv", "reserved", TypeUint, 1, "Not used; zero."),
		choice("ipv6.opt.ioam.opt_type", "kind", 1, map[uint64]string{0: "pre-allocated trace", 1: "incremental trace", 2: "proof of transit", 3: "edge to edge"}, "What is written down."))
	ioamBody      = one(IPv6, rfcIOAM, word("", "IOAM data", TypeNone, 0, "What is written down."))
	ioamNamespace = one(IPv6, rfcIOAM, word("ipv6.opt.ioam.trace.ns", "namespace", TypeUint, 2, "Who gives the data its meaning."))
	ioamNodeLen   = one(IPv6, rfcIOAM, word("ipv6.opt.ioam.trace.nodelen", "node length", TypeUint, 1, "How many 32-bit words each node writes."))
	ioamFlags     = one(IPv6, rfcIOAM, word("ipv6.opt.ioam.trace.flags", "flags", TypeHex, 2, "How the trace went.",
		bit("ipv6.opt.ioam.trace.flag.o", "overflow", TypeBool, 0x400, "A node found no room left."),
		bit("ipv6.opt.ioam.trace.flag.l", "loopback", TypeBool, 0x200, "Nodes send a copy of the packet back."),
		bit("ipv6.opt.ioam.trace.flag.a", "active", TypeBool, 0x100, "The packet was sent to measure."),
		bit("ipv6.opt.ioam.trace.flag.rsv", "reserved", TypeBool, 0x80, "Not used; zero.")))
	ioamRemLen = one(IPv6, rfcIOAM, word("ipv6.opt.ioam.trace.remlen", "remaining length", TypeUint, 1, "How many 32-bit words are still free."))
	ioamType   = rows(IPv6, rfcIOAM,
		word("ipv6.opt.ioam.trace.type", "trace type", TypeHex, 3, "What each node writes: a bit for each item.",
			bit("ipv6.opt.ioam.trace.type.bit0", "hop limit and node", TypeBool, 1<<23, "Each node writes the hop limit and its number."),
			bit("ipv6.opt.ioam.trace.type.bit1", "interfaces", TypeBool, 1<<22, "Each node writes over which interfaces the packet came and went."),
			bit("ipv6.opt.ioam.trace.type.bit2", "seconds", TypeBool, 1<<21, "Each node writes the time, in seconds."),
			bit("ipv6.opt.ioam.trace.type.bit3", "fraction", TypeBool, 1<<20, "Each node writes the time's fraction."),
			bit("ipv6.opt.ioam.trace.type.bit4", "transit delay", TypeBool, 1<<19, "Each node writes how long it had the packet."),
			bit("ipv6.opt.ioam.trace.type.bit5", "namespace data", TypeBool, 1<<18, "Each node writes what the namespace says."),
			bit("ipv6.opt.ioam.trace.type.bit6", "queue depth", TypeBool, 1<<17, "Each node writes how long its queue was."),
			bit("ipv6.opt.ioam.trace.type.bit7", "checksum complement", TypeBool, 1<<16, "Each node keeps the checksum right."),
			bit("ipv6.opt.ioam.trace.type.bit8", "hop limit and node, wide", TypeBool, 1<<15, "Each node writes the hop limit and its long number."),
			bit("ipv6.opt.ioam.trace.type.bit9", "interfaces, wide", TypeBool, 1<<14, "Each node writes its interfaces by long numbers."),
			bit("ipv6.opt.ioam.trace.type.bit10", "namespace data, wide", TypeBool, 1<<13, "Each node writes what the namespace says, in 8 bytes."),
			bit("ipv6.opt.ioam.trace.type.bit11", "buffer occupancy", TypeBool, 1<<12, "Each node writes how full its buffers were."),
			bit("ipv6.opt.ioam.trace.type.undef", "undefined", TypeBool, 0xffc, "Items that are not defined yet."),
			bit("ipv6.opt.ioam.trace.type.bit22", "opaque state", TypeBool, 2, "Each node may add a state of its own form."),
			bit("ipv6.opt.ioam.trace.type.rsv", "reserved", TypeBool, 1, "Not used; zero.")),
		word("ipv6.opt.ioam.trace.rsv", "reserved", TypeUint, 1, "Not used; zero."))
	ioamTrace = one(IPv6, rfcIOAM, word("", "trace data", TypeBytes, 0, "What the nodes wrote."))
	ioamFree  = one(IPv6, rfcIOAM, word("ipv6.opt.ioam.trace.free_space", "free space", TypeBytes, 0, "Room for the nodes that are still to come."))
	ioamNode  = one(IPv6, rfcIOAM, word("", "node", TypeBytes, 0, "What one node wrote, the last one first."))
	ioamGroup = one(IPv6, rfcIOAM, word("", "item", TypeBytes, 0, "Two values that are written together."))
	ioamState = rows(IPv6, "RFC 9197 sec. 4.4.2.13",
		word("ipv6.opt.ioam.trace.node.oss.len", "length", TypeUint, 1, "How many 32-bit words of state follow."),
		word("ipv6.opt.ioam.trace.node.oss.scid", "schema", TypeHex, 3, "Which form the state has."))
	ioamStateData = one(IPv6, "RFC 9197 sec. 4.4.2.13", word("ipv6.opt.ioam.trace.node.oss.data", "state", TypeBytes, 0, "The node's state."))
)

const rfcIOAMData = "RFC 9197 sec. 4.4.2"

// ioamItems are what a node writes, by the bits of the trace type from the
// highest; two fields are grouped.
var ioamItems = [22][]*Field{
	rows(IPv6, rfcIOAMData, word("ipv6.opt.ioam.trace.node.hlim", "hop limit", TypeUint, 1, "The hop limit that the packet had."),
		word("ipv6.opt.ioam.trace.node.id", "node", TypeHex, 3, "The node's number.")),
	rows(IPv6, rfcIOAMData, word("ipv6.opt.ioam.trace.node.iif", "came over", TypeHex, 2, "The interface over which the packet came."),
		word("ipv6.opt.ioam.trace.node.eif", "went over", TypeHex, 2, "The interface over which the packet went.")),
	rows(IPv6, rfcIOAMData, word("ipv6.opt.ioam.trace.node.tss", "seconds", TypeHex, 4, "When the node had the packet, in seconds.")),
	rows(IPv6, rfcIOAMData, word("ipv6.opt.ioam.trace.node.tsf", "fraction", TypeHex, 4, "The fraction of that second.")),
	rows(IPv6, rfcIOAMData, word("ipv6.opt.ioam.trace.node.trdelay", "transit delay", TypeHex, 4, "How long the node had the packet, in nanoseconds.")),
	rows(IPv6, rfcIOAMData, word("ipv6.opt.ioam.trace.node.nsdata", "namespace data", TypeHex, 4, "What the namespace says.")),
	rows(IPv6, rfcIOAMData, word("ipv6.opt.ioam.trace.node.qdepth", "queue depth", TypeHex, 4, "How long the node's queue was.")),
	rows(IPv6, rfcIOAMData, word("ipv6.opt.ioam.trace.node.csum", "checksum complement", TypeHex, 4, "Keeps the transport's checksum right.")),
	rows(IPv6, rfcIOAMData, word("ipv6.opt.ioam.trace.node.hlim", "hop limit", TypeUint, 1, "The hop limit that the packet had."),
		word("ipv6.opt.ioam.trace.node.id_wide", "node", TypeHex, 7, "The node's long number.")),
	rows(IPv6, rfcIOAMData, word("ipv6.opt.ioam.trace.node.iif_wide", "came over", TypeHex, 4, "The interface over which the packet came."),
		word("ipv6.opt.ioam.trace.node.eif_wide", "went over", TypeHex, 4, "The interface over which the packet went.")),
	rows(IPv6, rfcIOAMData, word("ipv6.opt.ioam.trace.node.nsdata_wide", "namespace data", TypeHex, 8, "What the namespace says.")),
	rows(IPv6, rfcIOAMData, word("ipv6.opt.ioam.trace.node.bufoccup", "buffer occupancy", TypeHex, 4, "How full the node's buffers were.")),
}

func init() {
	undefined := rows(IPv6, rfcIOAMData, word("ipv6.opt.ioam.trace.node.undefined", "undefined", TypeHex, 4, "An item that is not defined yet."))
	for i := 12; i < len(ioamItems); i++ {
		ioamItems[i] = undefined
	}
}

// ioam reads the option's head, and a trace.
func ioam(c *cursor, n *Node, _ *ipv6Packet, size int) {
	c.all(&n.Children, ioamHead...)
	kind := n.Children[len(n.Children)-1].Uint
	if *c.broken {
		return
	}
	if size < 2 {
		c.ioamLength(n.Pos + 1)
	}
	rest := size - 2
	if size == 1 { // Wireshark goes on to the packet's end
		rest = c.left()
	}
	body := c.over(&n.Children, ioamBody, rest)
	if kind < 2 {
		if size < 10 {
			c.ioamLength(n.Pos + 1)
		}
		c.ioamTrace(body, size)
	}
}

func (c *cursor) ioamLength(at int) {
	c.expert(Error, "ipv6.opt.invalid_len", "The IOAM option has a wrong length.", at, 1)
}

// ioamTrace reads what the nodes wrote. Size is the option's data's.
func (c *cursor) ioamTrace(body *Node, size int) {
	c.take(&body.Children, ioamNamespace, 2)
	word := c.peek(0, 2)
	nodeLen, remLen := word>>11, word&0x7f
	set := func(f *Field, at, v int) {
		if !*c.broken {
			body.Children = append(body.Children, c.valued(f, c.pos+at, 1, uint64(v)))
		}
	}
	set(ioamNodeLen, 0, nodeLen)
	c.over(&body.Children, ioamFlags, 2)
	set(ioamRemLen, 1, remLen)
	c.skip(2)
	items := c.peek(0, 3)
	c.all(&body.Children, ioamType...)
	left := size - 10 // of the option's data, these twelve bytes are gone but for two
	switch {
	case *c.broken:
		return
	case nodeLen == 0:
		c.expert(Error, "ipv6.opt.ioam.trace.invalid_nodelen", "Nodes that write nothing make no trace.", body.Pos+2, 1)
		return
	case remLen*4 > left:
		c.expert(Error, "ipv6.opt.ioam.trace.invalid_remlen", "More is said to be free than there is.", body.Pos+3, 1)
		return
	}
	trace := c.over(&body.Children, ioamTrace, left)
	c.take(&trace.Children, ioamFree, remLen*4)
	for left -= remLen * 4; left > 0 && left >= nodeLen*4 && !*c.broken; {
		at := c.pos
		if !c.ioamNode(trace, items, nodeLen*4) {
			return
		}
		left -= c.pos - at
	}
	if left > 0 && !*c.broken {
		c.ioamLength(body.Pos - 3)
	}
}

// ioamNode reads what one node wrote; false when the rest cannot be read.
func (c *cursor) ioamNode(trace *Node, items, size int) bool {
	node := c.over(&trace.Children, ioamNode, size)
	start := c.pos
	for i, item := range ioamItems {
		if items>>(23-i)&1 == 0 || *c.broken {
			continue
		}
		dst := &node.Children
		if len(item) > 1 {
			group := c.over(dst, ioamGroup, item[0].Size+item[1].Size)
			group.Show = item[0].Label + ", " + item[1].Label
			dst = &group.Children
		}
		c.all(dst, item...)
	}
	if c.pos-start != size {
		c.expert(Error, "ipv6.opt.ioam.trace.invalid_type", "The nodes' length does not fit what they write.", node.Pos, 0)
		c.span = span{start, c.end, c.wire}
		return false
	}
	if items&2 == 0 { // no opaque state (bit 22)
		return !*c.broken
	}
	n := c.peek(0, 1) * 4
	state := c.over(&node.Children, ioamGroup, 4+n)
	state.Show = "opaque state"
	c.all(&state.Children, ioamState...)
	c.take(&state.Children, ioamStateData, n)
	return !*c.broken
}
