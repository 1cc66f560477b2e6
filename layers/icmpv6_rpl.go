package layers

// RPL, routing for networks of little power (RFC 6550), with discovery of
// routes between two points (RFC 6997).

var rplCodes = map[uint64]string{0: "information solicitation", 1: "information object", 2: "destination advertisement", 3: "destination advertisement acknowledgment",
	4: "discovery reply", 5: "discovery reply acknowledgment", 0x80: "secure information solicitation", 0x81: "secure information object",
	0x82: "secure destination advertisement", 0x83: "secure destination advertisement acknowledgment", 0x84: "secure discovery reply",
	0x85: "secure discovery reply acknowledgment", 0x8a: "consistency check"}

var (
	rplSecure = rows(ICMPv6, "RFC 6550 sec. 6.1",
		word("icmpv6.rpl.secure.flag", "flags", TypeHex, 1, "How the counter counts.",
			bit("icmpv6.rpl.secure.flag.t", "counter is time", TypeBool, 0x80, "The counter is a time."),
			bit("icmpv6.rpl.secure.flag.rsv", "reserved", TypeUint, 0x7f, "Not used; zero.")),
		word("icmpv6.rpl.secure.algorithm", "algorithm", TypeUint, 1, "How the message is protected; 0: AES with CCM and a signature by RSA."),
		word("icmpv6.rpl.secure.flag", "flags", TypeHex, 1, "Which key protects the message, and how well.",
			bit("icmpv6.rpl.secure.kim", "key identifier mode", TypeUint, 0xc0, "How the key is told."),
			bit("icmpv6.rpl.secure.lvl", "security level", TypeUint, 0x07, "Whether the message is encrypted, and how long its code is."),
			bit("icmpv6.rpl.secure.rsv", "reserved", TypeUint, 0x38, "Not used; zero.")),
		word("icmpv6.rpl.secure.flag", "flags", TypeHex, 1, "Not used; zero."),
		word("icmpv6.rpl.secure.counter", "counter", TypeUint, 4, "Counts the sender's messages, against replay."))
	rplKeySource = one(ICMPv6, "RFC 6550 sec. 6.1", word("icmpv6.rpl.secure.key.source", "key source", TypeBytes, 8, "Who made the key."))
	rplKeyIndex  = one(ICMPv6, "RFC 6550 sec. 6.1", word("icmpv6.rpl.secure.key.index", "key index", TypeUint, 1, "Which of his keys it is."))
	rplDODAG     = one(ICMPv6, "RFC 6550 sec. 6.4", word("icmpv6.rpl.dao.dodagid", "DODAG", TypeIPv6, 16, "The tree's name: its root's address."))
	rplAckDODAG  = one(ICMPv6, "RFC 6550 sec. 6.5", word("icmpv6.rpl.daoack.dodagid", "DODAG", TypeIPv6, 16, "The tree's name: its root's address."))
)

// rplLayouts are the fields of messages, by code without its highest bit.
var rplLayouts = map[int][]*Field{
	0: append(rows(ICMPv6, "RFC 6550 sec. 6.2",
		word("icmpv6.rpl.dis.flags", "flags", TypeUint, 1, "Not used; zero.")), icmpv6Reserved1),
	1: append(append(rows(ICMPv6, "RFC 6550 sec. 6.3",
		word("icmpv6.rpl.dio.instance", "instance", TypeUint, 1, "Which set of trees this is about."),
		word("icmpv6.rpl.dio.version", "version", TypeUint, 1, "How often the root has built the tree anew."),
		word("icmpv6.rpl.dio.rank", "rank", TypeUint, 2, "How far from the root the sender is."),
		word("icmpv6.rpl.dio.flag", "flags", TypeHex, 1, "What the tree is like.",
			bit("icmpv6.rpl.dio.flag.g", "grounded", TypeBool, 0x80, "The tree reaches the goal, as the Internet."),
			bit("icmpv6.rpl.dio.flag.0", "zero", TypeBool, 0x40, "Not used; zero."),
			bit("icmpv6.rpl.dio.flag.mop", "mode of operation", TypeHex, 0x38, "How routes down the tree are kept."),
			bit("icmpv6.rpl.dio.flag.preference", "preference", TypeUint, 0x07, "How much the root wants to be used.")),
		word("icmpv6.rpl.dio.dtsn", "DTSN", TypeUint, 1, "A new number asks for new destination advertisements."),
		word("icmpv6.rpl.dio.flag", "flags", TypeHex, 1, "Not used; zero.")), icmpv6Reserved1), rows(ICMPv6, "RFC 6550 sec. 6.3",
		word("icmpv6.rpl.dio.dagid", "DODAG", TypeIPv6, 16, "The tree's name: its root's address."))...),
	2: append(append(rows(ICMPv6, "RFC 6550 sec. 6.4",
		word("icmpv6.rpl.dao.instance", "instance", TypeUint, 1, "Which set of trees this is about."),
		word("icmpv6.rpl.dao.flag", "flags", TypeHex, 1, "What is wanted, and what follows.",
			bit("icmpv6.rpl.dao.flag.k", "acknowledge", TypeBool, 0x80, "An acknowledgment is wanted."),
			bit("icmpv6.rpl.dao.flag.d", "DODAG present", TypeBool, 0x40, "The tree's name follows."),
			bit("icmpv6.rpl.dao.flag.rsv", "reserved", TypeUint, 0x3f, "Not used; zero."))), icmpv6Reserved1), rows(ICMPv6, "RFC 6550 sec. 6.4",
		word("icmpv6.rpl.dao.sequence", "sequence", TypeUint, 1, "Counts the sender's advertisements."))...),
	3: rows(ICMPv6, "RFC 6550 sec. 6.5",
		word("icmpv6.rpl.daoack.instance", "instance", TypeUint, 1, "Which set of trees this is about."),
		word("icmpv6.rpl.daoack.flag", "flags", TypeHex, 1, "What follows.",
			bit("icmpv6.rpl.daoack.flag.d", "DODAG present", TypeBool, 0x80, "The tree's name follows."),
			bit("icmpv6.rpl.daoack.flag.rsv", "reserved", TypeUint, 0x7f, "Not used; zero.")),
		word("icmpv6.rpl.daoack.sequence", "sequence", TypeUint, 1, "Which advertisement is acknowledged."),
		word("icmpv6.rpl.daoack.status", "status", TypeUint, 1, "0: accepted; from 128: refused.")),
	4: rows(ICMPv6, "RFC 6997 sec. 8",
		rplInstance, rplVersion,
		word("icmpv6.rpl.p2p.dro.flag", "flags", TypeHex, 2, "What the discovery should do.",
			bit("icmpv6.rpl.p2p.dro.flag.stop", "stop", TypeBool, 0x8000, "The discovery is over."),
			bit("icmpv6.rpl.p2p.dro.flag.ack", "acknowledge", TypeBool, 0x4000, "An acknowledgment is wanted."),
			bit("icmpv6.rpl.p2p.dro.flag.seq", "sequence", TypeUint, 0x3000, "Which reply this is."),
			bit("icmpv6.rpl.p2p.dro.flag.reserved", "reserved", TypeUint, 0x0fff, "Not used; zero.")),
		rplOrigin),
	5: rows(ICMPv6, "RFC 6997 sec. 10",
		rplInstance, rplVersion,
		word("icmpv6.rpl.p2p.droack.flag", "flags", TypeHex, 2, "What is acknowledged.",
			bit("icmpv6.rpl.p2p.droack.flag.seq", "sequence", TypeUint, 0xc000, "Which reply is acknowledged."),
			bit("icmpv6.rpl.p2p.droack.flag.reserved", "reserved", TypeUint, 0x3fff, "Not used; zero.")),
		rplOrigin),
	10: rows(ICMPv6, "RFC 6550 sec. 6.6",
		word("icmpv6.rpl.cc.instance", "instance", TypeUint, 1, "Which set of trees this is about."),
		word("icmpv6.rpl.cc.flag", "flags", TypeHex, 1, "Whether it is an answer.",
			bit("icmpv6.rpl.cc.flag.r", "response", TypeBool, 0x80, "The message is a response."),
			bit("icmpv6.rpl.cc.flag.rsv", "reserved", TypeUint, 0x7f, "Not used; zero.")),
		word("icmpv6.rpl.cc.nonce", "nonce", TypeHex, 2, "A number that the response repeats."),
		word("icmpv6.rpl.cc.dodagid", "DODAG", TypeIPv6, 16, "The tree's name: its root's address."),
		word("icmpv6.rpl.cc.destination_counter", "destination counter", TypeUint, 4, "What the sender believes of the receiver's counter.")),
}

var (
	rplInstance = word("icmpv6.rpl.p2p.dro.instance", "instance", TypeUint, 1, "Which set of trees this is about.")
	rplVersion  = word("icmpv6.rpl.p2p.dro.version", "version", TypeUint, 1, "Zero.")
	rplOrigin   = word("icmpv6.rpl.p2p.dro.dagid", "DODAG", TypeIPv6, 16, "The tree's name: the address of who looks for the route.")
)

// rpl reads a control message; codes with the highest bit set are secured.
func (m *message6) rpl() {
	if m.code&0x80 != 0 {
		m.rplSecurity()
	}
	layout, known := rplLayouts[m.code&^0x80]
	if !known || m.code == 10 { // a consistency check is always secured
		return
	}
	m.all(&m.fields, layout...)
	switch m.code &^ 0x80 {
	case 2:
		m.rplNamed("icmpv6.rpl.dao.flag", 0x40, rplDODAG)
	case 3:
		m.rplNamed("icmpv6.rpl.daoack.flag", 0x80, rplAckDODAG)
	case 4, 5:
		if v := find(m.fields, rplVersion.Name); v != nil && v.Uint != 0 {
			m.expert(Warning, "icmpv6.rpl.p2p.dro.zero", "The version must be zero.", v.Pos, 1)
		}
		if m.code&^0x80 == 5 {
			return
		}
	}
	for m.pos < m.wire && !*m.broken {
		m.rplOption()
	}
}

// rplNamed reads the tree's name when a flag says that it is there.
func (m *message6) rplNamed(flags string, mask uint64, f *Field) {
	if n := find(m.fields, flags); n != nil && n.Uint&mask != 0 {
		m.take(&m.fields, f, 16)
	}
}

// rplSecurity reads the security section. The key's mode is in the word's
// highest two bits; Wireshark looks for it in the lowest, and so does this,
// so that what follows is found at the same place.
func (m *message6) rplSecurity() {
	m.all(&m.fields, rplSecure[:2]...)
	mode := m.peek(0, 1)
	m.all(&m.fields, rplSecure[2:]...)
	switch level := mode & 7; mode & 3 {
	case 0:
		m.take(&m.fields, rplKeyIndex, 1)
	case 2:
		m.all(&m.fields, rplKeySource, rplKeyIndex)
	case 3:
		if level == 1 || level == 3 {
			m.all(&m.fields, rplKeySource, rplKeyIndex)
		}
	}
}
