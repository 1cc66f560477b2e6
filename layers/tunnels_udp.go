package layers

import "fmt"

const ayiyaRFC = "draft-massar-v6ops-ayiya-02 sec. 3"

var (
	ayiyaStart = describe(AYIYA, ayiyaRFC, concat(
		inWord(0, 1, part(0xf0, "ayiya.idlen", "identity's length", "How long the identity is, as a power of two."),
			named(0x0f, "ayiya.idtype", "identity's type", map[uint64]string{0: "none", 1: "a number", 2: "text"}, "What kind of identity the sender has.")),
		inWord(1, 1, part(0xf0, "ayiya.siglen", "signature's length", "How long the signature is, in units of 4 bytes."),
			named(0x0f, "ayiya.hashmethod", "hash", map[uint64]string{0: "none", 1: "MD5", 2: "SHA-1"}, "By which function the signature is made.")),
		inWord(2, 1, named(0xf0, "ayiya.authmethod", "authentication", map[uint64]string{0: "none", 1: "shared secret", 2: "key pair"}, "How the sender proves who he is."),
			named(0x0f, "ayiya.opcode", "operation", ayiyaOperations, "What the receiver should do with the packet.")),
		[]*Field{enumRow(3, 1, "ayiya.nextheader", "next header", ipProtocols, "What the tunnel carries."),
			{Name: "ayiya.epoch", Label: "time", Type: TypeAbsTime, At: 4, Size: 4, Help: "When the packet was sent: an old one is no longer valid."}})...)
	ayiyaIdentity   = describeOne(AYIYA, ayiyaRFC, bytesRow(0, 0, "ayiya.identity", "identity", "Who sends: mostly his IPv6 address."))
	ayiyaSignature  = describeOne(AYIYA, ayiyaRFC, bytesRow(0, 0, "ayiya.signature", "signature", "Proves that the packet is the sender's."))
	ayiyaOperations = map[uint64]string{0: "no operation", ayiyaForward: "forward", 2: "echo request", 3: "echo request, and forward", 4: "echo reply", 5: "message of the day", 6: "query"}
)

// ayiyaForward is the operation of packets that carry one.
const ayiyaForward = 1

// AYIYASize is the size of the header that b begins with; 0: it is not whole.
func AYIYASize(b []byte) int {
	const start = 8
	if len(b) < start {
		return 0
	}
	if size := start + 1<<(b[0]>>4) + int(b[1]>>4)*4; size <= len(b) {
		return size
	}
	return 0
}

// ayiya reads a signed packet in UDP.
func (d *dissector) ayiya(s span) {
	const start = 8
	i := len(d.tree.Parts)
	p := d.part(AYIYA, s.pos, min(start, s.end-s.pos))
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, ayiyaStart, s.pos, s); !ok {
		d.short(AYIYA, s)
		return
	}
	b := d.data[s.pos : s.pos+start]
	epoch := &p.Fields[len(p.Fields)-1]
	epoch.Uint *= 1e9 // in seconds
	epoch.Show = show(epoch.Field, epoch.Uint, nil)
	p.Summary = showEnumName(ayiyaOperations, uint64(b[2]&15))
	c := d.cursor(s.from(start))
	fields := p.Fields
	c.take(&fields, ayiyaIdentity, 1<<(b[0]>>4))
	c.take(&fields, ayiyaSignature, int(b[1]>>4)*4)
	p = &d.tree.Parts[i]
	p.Fields = fields
	p.Len, p.Payload = c.pos-s.pos, c.pos
	switch {
	case *c.broken:
		d.short(AYIYA, s)
	case b[2]&15 == ayiyaForward && c.left() > 0:
		d.transport(b[3], c.span)
	default:
		d.payload(c.span)
	}
}

const lispRFC = "RFC 9300 sec. 5.3"

// LISPSize is the size of the header between sites' packets (RFC 9300 section
// 5.3), in bytes.
const LISPSize = 8

var (
	lispFlags = describeOne(LISP, lispRFC, split(hexRow(0, 1, "lisp-data.flags", "flags", "Which of the fields mean something."),
		flag(0x80, "lisp-data.flags.nonce", "nonce", "Set when a nonce follows."),
		flag(0x40, "lisp-data.flags.lsb", "locators' status", "Set when the bits of the sender's routers follow."),
		flag(0x20, "lisp-data.flags.enr", "echo nonce", "Set when the receiver should send the nonce back."),
		flag(0x10, "lisp-data.flags.mv", "map version", "Set when the versions of the mappings follow."),
		flag(0x08, "lisp-data.flags.iid", "instance", "Set when the number of an instance follows."),
		part(0x07, "lisp-data.flags.res", "reserved", "Zero, or which key encrypts the packet.")))
	lispNonce      = describeOne(LISP, lispRFC, uintRow(1, 3, "lisp-data.nonce", "nonce", "A number by which the sender finds out whether the other site is reachable."))
	lispVersion    = describeOne(LISP, "RFC 9302", split(hexRow(1, 3, "lisp-data.mapver", "map versions", "The versions of both sites' mappings."), part(0xfff000, "lisp-data.srcmapver", "source's version", "The version of the sender's mapping."), part(0x000fff, "lisp-data.dstmapver", "destination's version", "The version of the receiver's mapping, as the sender knows it.")))
	lispInstance   = describeOne(LISP, lispRFC, uintRow(4, 3, "lisp-data.iid", "instance", "The virtual network that the addresses belong to."))
	lispStatus     = describeOne(LISP, lispRFC, hexRow(4, 4, "lisp-data.lsb", "locators' status", "Which of the sender's routers are up, a bit each."))
	lispStatusByte = describeOne(LISP, lispRFC, hexRow(7, 1, "lisp-data.lsb8", "locators' status", "Which of the sender's routers are up, a bit each."))
)

// lispData reads a packet on its way from site to site.
func (d *dissector) lispData(s span) {
	p := d.part(LISP, s.pos, min(LISPSize, s.end-s.pos))
	if s.end-s.pos < LISPSize {
		d.short(LISP, s)
		return
	}
	flags := d.data[s.pos]
	rows := []*Field{lispFlags}
	switch {
	case flags&0x80 != 0:
		rows = append(rows, lispNonce)
	case flags&0x10 != 0:
		rows = append(rows, lispVersion)
	}
	if flags&0x08 != 0 {
		rows = append(rows, lispInstance)
		p.Summary = fmt.Sprintf("instance %d", number(d.data[s.pos+4:s.pos+7]))
	}
	switch {
	case flags&0x48 == 0x48:
		rows = append(rows, lispStatusByte)
	case flags&0x40 != 0:
		rows = append(rows, lispStatus)
	}
	p.Fields, _ = d.fixed(p.Fields, rows, s.pos, s)
	inner := s.from(LISPSize)
	if inner.pos < inner.end && (d.data[inner.pos]>>4 == 4 || d.data[inner.pos]>>4 == 6) {
		d.ip(inner)
		return
	}
	d.payload(inner)
}

var (
	encapAlive  = describeOne(UDPEncap, "RFC 3948 sec. 2.3", heading("udpencap.nat_keepalive", "keepalive", "Keeps the way through an address translator open."))
	encapMarker = describeOne(UDPEncap, "RFC 3948 sec. 2.2", heading("udpencap.non_esp_marker", "no ESP", "Zeros where ESP has its number: the keys' exchange follows."))
)

// udpEncap reads what IPsec sends through address translators.
func (d *dissector) udpEncap(s span) {
	const marker = 4
	b := d.data[s.pos:s.end]
	p := d.part(UDPEncap, s.pos, 0)
	switch {
	case s.size() == 1 && b[0] == 0xff:
		p.Len, p.Payload = 1, s.end
		p.Summary = "keepalive"
		p.Fields = append(p.Fields, d.told(encapAlive, s.pos, 1, ""))
	case len(b) < marker:
		d.short(UDPEncap, s)
	case zero(b[:marker]):
		p.Len, p.Payload = marker, s.pos+marker
		p.Summary = "keys' exchange"
		p.Fields = append(p.Fields, d.told(encapMarker, s.pos, marker, ""))
		d.payload(s.from(marker))
	default:
		p.Summary = "ESP"
		d.esp(s)
	}
}
