package layers

// pathRow is a row of a multipath option, placed from the option's start.
func pathRow(name, label string, t Type, at, size int, mask uint64, section, help string, sub ...*Field) *Field {
	f := &Field{Name: "tcp.options.mptcp." + name, Label: label, Type: t, At: at, Size: size, Mask: mask, RFC: "RFC 8684 sec. " + section, Help: help, Sub: sub}
	return table(TCP, f)[0]
}

// pathFlag is one bit of a multipath option.
func pathFlag(name, label string, at int, mask uint64, help string) *Field {
	return pathRow(name, label, TypeUint, at, 1, mask, "3", help)
}

// The rows of multipath options; those without a place of their own stand
// where the option's subtype and length put them.
var (
	pathCapableFlags = [2]*Field{
		pathRow("flags", "flags", TypeHex, 3, 1, 0, "3.1", "What both sides must agree on.",
			pathFlag("checksumreq.flags", "checksum required", 3, 0x80, "Data is to be protected by a checksum of its own."),
			pathFlag("extensibility.flag", "extensibility", 3, 0x40, "For later versions; zero."),
			pathFlag("sha1.flag", "HMAC-SHA1", 3, 0x01, "The keys are used with HMAC-SHA1."),
			pathFlag("reserved.flag", "reserved", 3, 0x3e, "Not used.")),
		pathRow("flags", "flags", TypeHex, 3, 1, 0, "3.1", "What both sides must agree on.",
			pathFlag("checksumreq.flags", "checksum required", 3, 0x80, "Data is to be protected by a checksum of its own."),
			pathFlag("extensibility.flag", "extensibility", 3, 0x40, "For later versions; zero."),
			pathFlag("nomoresubflows.flag", "no more subflows here", 3, 0x20, "The other side should not open paths to this address and port."),
			pathFlag("sha256.flag", "HMAC-SHA256", 3, 0x01, "The keys are used with HMAC-SHA256."),
			pathFlag("reserved.flag", "reserved", 3, 0x1e, "Not used.")),
	}
	pathJoinFlags = pathRow("flags", "flags", TypeHex, 2, 1, 0, "3.2", "How the path is to be used.",
		pathFlag("backup.flag", "backup", 2, 0x01, "The path is to be used only when the others fail."))
	pathSignalFlags = pathRow("flags", "flags", TypeHex, 3, 1, 0, "3.3", "What the option holds.",
		pathFlag("datafin.flag", "DATA_FIN", 3, 0x10, "The whole connection has no more data, on any path."),
		pathFlag("dseqn8.flag", "long data sequence number", 3, 0x08, "The data sequence number has 8 bytes."),
		pathFlag("dseqnpresent.flag", "mapping present", 3, 0x04, "The option says where the segment's bytes belong in the whole connection."),
		pathFlag("dataack8.flag", "long data acknowledgment", 3, 0x02, "The data acknowledgment has 8 bytes."),
		pathFlag("dataackpresent.flag", "data acknowledgment present", 3, 0x01, "The option acknowledges data of the whole connection."))
	pathResetFlags = pathRow("flags", "flags", TypeHex, 2, 1, 0, "3.6", "Why the path is closed.",
		pathFlag("flag_U.flag", "U", 2, 0x08, "Not used."),
		pathFlag("flag_V.flag", "V", 2, 0x04, "Not used."),
		pathFlag("flag_W.flag", "W", 2, 0x02, "Not used."),
		pathFlag("flag_T.flag", "transient", 2, 0x01, "The error may go away: the path may be tried again."))

	pathVersion  = pathRow("version", "version", TypeUint, 2, 1, 0x0f, "3.1", "The version of multipath TCP.")
	pathSendKey  = pathRow("sendkey", "sender's key", TypeUint, 4, 8, 0, "3.1", "A secret of the sender, with which later paths prove that they belong here.")
	pathRecvKey  = pathRow("recvkey", "receiver's key", TypeUint, 12, 8, 0, "3.1", "The other side's secret, sent back.")
	pathLength   = pathRow("datalvllen", "mapping length", TypeUint, 20, 2, 0, "3.3.1", "How many bytes the mapping is for.")
	pathChecksum = pathRow("checksum", "checksum", TypeHex, 22, 2, 0, "3.3.1", "Protects the bytes that the mapping is for.")
	pathAddress  = pathRow("addrid", "address number", TypeUint, 3, 1, 0, "3.4.1", "The number by which the sender calls one of its addresses.")
	pathToken    = pathRow("recvtok", "receiver's token", TypeUint, 4, 4, 0, "3.2", "Which connection the path is to join: a hash of the receiver's key.")
	pathRandom   = pathRow("sendrand", "sender's random number", TypeUint, 8, 4, 0, "3.2", "Makes the proof different each time.")
	pathShortMAC = pathRow("sendtrunchmac", "proof, cut", TypeUint, 4, 8, 0, "3.2", "The first bytes of a code that proves that the sender has both keys.")
	pathMAC      = pathRow("sendhmac", "proof", TypeBytes, 4, 20, 0, "3.2", "A code that proves that the sender has both keys.")
	pathReserved = pathRow("reserved", "reserved", TypeHex, 2, 2, 0x0fff, "3", "Not used.")
	pathDataAck  = pathRow("rawdataack", "data acknowledgment", TypeUint, 4, 0, 0, "3.3.2", "The next byte of the whole connection that is expected.")
	pathDataSeq  = pathRow("rawdataseqno", "data sequence number", TypeUint, 4, 0, 0, "3.3.1", "Where the bytes belong in the whole connection.")
	pathSubflow  = pathRow("subflowseqno", "subflow sequence number", TypeUint, 4, 4, 0, "3.3.1", "Where the bytes begin on this path, counted from its start.")
	pathIPVer    = pathRow("ipver", "IP version", TypeUint, 2, 1, 0x0f, "3.4.1", "Which kind of address follows (version 0 of the protocol).")
	pathEcho     = pathRow("echo", "echo", TypeUint, 2, 1, 0x01, "3.4.1", "The address is sent back: it was received.")
	pathIPv4     = pathRow("ipv4", "address", TypeIPv4, 4, 4, 0, "3.4.1", "Another address of the sender.")
	pathIPv6     = pathRow("ipv6", "address", TypeIPv6, 4, 16, 0, "3.4.1", "Another address of the sender.")
	pathPort     = pathRow("port", "port", TypeUint, 8, 2, 0, "3.4.1", "The port at that address.")
	pathAddMAC   = pathRow("addaddrtrunchmac", "proof, cut", TypeUint, 8, 8, 0, "3.4.1", "Proves that the address comes from the other side.")
	pathReason   = pathRow("rst_reason", "reason", TypeHex, 3, 1, 0, "3.6", "Why the path is closed.")
	pathRemoved  = row(TCP, Field{Name: "mptcp.rm_addr.count", Label: "removed addresses", Type: TypeUint, RFC: "RFC 8684 sec. 3.4.2", Help: "How many addresses are not to be used any more."})
)

// optionCursor adds fields to an option's node, as far as its bytes go.
type optionCursor struct {
	d   *dissector
	n   *Node
	s   span // the option
	at  int  // the next byte, from the option's start
	cut bool // a field was not all there: nothing is added any more
}

// add adds a field of size bytes at the cursor, with its parts, and goes on
// behind it.
func (c *optionCursor) add(f *Field, size int) {
	pos := c.s.pos + c.at
	if c.cut = c.cut || pos+size > c.s.end; c.cut {
		return
	}
	node := c.d.node(f, pos, size)
	if len(f.Sub) > 0 {
		node.Children, _ = c.d.fixed(nil, f.Sub, c.s.pos, c.s)
	}
	c.n.Children = append(c.n.Children, node)
	c.at += size
}

// multipath reads a multipath option (RFC 8684 section 3) behind its subtype.
func (d *dissector) multipath(n *Node, s span) {
	if s.pos+2 >= s.end {
		return
	}
	c := &optionCursor{d: d, n: n, s: s, at: 2}
	size := s.size()
	first := d.data[s.pos+2]
	switch first >> 4 {
	case 0:
		c.capable(size, first&15)
	case 1:
		c.join(size)
	case 2:
		c.signal(size)
	case 3:
		c.addAddress(size, first&15)
	case 4:
		n.Children = append(n.Children, d.valued(pathRemoved, s.pos+2, 1, uint64(size-3)))
		for c.at = 3; c.at < size && !c.cut; {
			c.add(pathAddress, 1)
		}
	case 5:
		c.add(pathJoinFlags, 1)
		if size == 4 {
			c.add(pathAddress, 1)
		}
	case 6:
		c.add(pathReserved, 2)
		c.add(pathDataSeq, 8)
	case 7:
		c.add(pathReserved, 2)
		c.add(pathRecvKey, 8)
	case 8:
		c.add(pathResetFlags, 1)
		c.add(pathReason, 1)
	}
}

// capable opens a connection of several paths, section 3.1.
func (c *optionCursor) capable(size int, version uint8) {
	c.add(pathVersion, 1)
	flags := pathCapableFlags[0]
	if version == 1 {
		flags = pathCapableFlags[1]
	}
	c.add(flags, 1)
	if size != 12 && size != 20 && size != 22 && size != 24 {
		return
	}
	c.add(pathSendKey, 8)
	if size >= 20 {
		c.add(pathRecvKey, 8)
	}
	if size >= 22 {
		c.add(pathLength, 2)
	}
	if size == 24 {
		c.add(pathChecksum, 2)
	}
}

// join adds a path; each step of its handshake has its own length, section
// 3.2.
func (c *optionCursor) join(size int) {
	switch size {
	case 12, 16:
		c.add(pathJoinFlags, 1)
		c.add(pathAddress, 1)
		if size == 12 {
			c.add(pathToken, 4)
		} else {
			c.add(pathShortMAC, 8)
		}
		c.add(pathRandom, 4)
	case 24:
		c.add(pathReserved, 2)
		c.add(pathMAC, 20)
	}
}

// signal says where the segment's bytes belong, section 3.3.
func (c *optionCursor) signal(size int) {
	c.at = 3
	c.add(pathSignalFlags, 1)
	if c.cut {
		return
	}
	flags := c.d.data[c.s.pos+3]
	if flags&1 != 0 {
		c.add(pathDataAck, 4+int(flags&2)<<1)
	}
	if flags&4 == 0 {
		return
	}
	c.add(pathDataSeq, 4+int(flags&8)>>1)
	c.add(pathSubflow, 4)
	c.add(pathLength, 2)
	if size >= c.at+4 {
		c.add(pathChecksum, 2)
	}
}

// addAddress tells of another address; the length says what follows, section
// 3.4.1.
func (c *optionCursor) addAddress(size int, version uint8) {
	if version == 4 || version == 6 {
		c.add(pathIPVer, 1)
	} else {
		c.add(pathEcho, 1)
	}
	c.add(pathAddress, 1)
	switch size {
	case 8, 10, 16, 18:
		c.add(pathIPv4, 4)
	case 20, 22, 28, 30:
		c.add(pathIPv6, 16)
	}
	switch size {
	case 10, 18, 22, 30:
		c.add(pathPort, 2)
	}
	switch size {
	case 16, 18, 28, 30:
		c.add(pathAddMAC, 8)
	}
}
