package layers

const macsecRFC = "IEEE 802.1AE sec. 9"

// Bits of a security tag's first byte (IEEE 802.1AE section 9.5).
const (
	macsecVersion   = 0x80
	macsecHasSCI    = 0x20
	macsecEncrypted = 0x08
	macsecChanged   = 0x04
)

// macsecICVSize is how many bytes of the frame's end prove that nobody has
// changed it, in the usual cipher suites.
const macsecICVSize = 16

var (
	macsecStart = describe(MACsec, macsecRFC, append(inWord(0, 1,
		&Field{Name: "macsec.TCI", Label: "control", Type: TypeHex, Mask: 0xfc, Help: "What the tag has, and what was done to the frame.", Sub: inWord(0, 1,
			part(macsecVersion, "macsec.TCI.V", "version", "The version of MACsec: 0."),
			flag(0x40, "macsec.TCI.ES", "end station", "Set when the frame's source address tells the sender's channel."),
			flag(macsecHasSCI, "macsec.TCI.SC", "channel present", "Set when the tag holds the secure channel."),
			flag(0x10, "macsec.TCI.SCB", "broadcast", "Set on the channel of one sender to all, as in passive optical networks."),
			flag(macsecEncrypted, "macsec.TCI.E", "encrypted", "Set when the payload is encrypted."),
			flag(macsecChanged, "macsec.TCI.C", "changed", "Set when the payload is not as it was: encrypted, or longer."))},
		part(0x03, "macsec.AN", "association", "Which of the channel's four keys is in use.")),
		uintRow(1, 1, "macsec.SL", "short length", "How many bytes are protected, if they are fewer than 48; else 0."),
		uintRow(2, 4, "macsec.PN", "packet number", "Never comes twice with the same key: who sends an old frame again is found out."))...)
	macsecChannel = describe(MACsec, macsecRFC,
		macRow(6, "macsec.SCI.system_identifier", "channel's station", "The address of the station whose secure channel this is."),
		uintRow(12, 2, "macsec.SCI.port_identifier", "channel's port", "The port of the station whose secure channel this is."))
	macsecType = describeOne(MACsec, macsecRFC, nextType(0, "macsec.etype"))
	macsecICV  = describeOne(MACsec, macsecRFC, bytesRow(0, 0, "macsec.ICV", "integrity check value", "Proves that the frame is as its sender made it."))
)

func init() { etherProtocols[EtherTypeSecure] = (*dissector).macsec }

// MACsecSize is how many bytes the security tag has that b begins with, without
// the type of what it protects; 0: it is not one. Readable says whether the
// type and the payload after it are as the sender had them.
func MACsecSize(b []byte) (size int, readable bool) {
	const plain, channel = 6, 8
	if len(b) < plain || b[0]&macsecVersion != 0 {
		return 0, false
	}
	size = plain
	if b[0]&macsecHasSCI != 0 {
		size += channel
	}
	return size, size <= len(b) && b[0]&(macsecEncrypted|macsecChanged) == 0
}

// macsec reads a security tag, and the packet behind it when it is not
// encrypted.
func (d *dissector) macsec(s span) int {
	size, readable := MACsecSize(d.data[s.pos:s.end])
	if size == 0 {
		d.payload(s)
		return s.wire
	}
	i := len(d.tree.Parts)
	p := d.part(MACsec, s.pos, min(size, s.end-s.pos))
	p.Fields, _ = d.fixed(p.Fields, macsecStart, s.pos, s)
	if s.end-s.pos < size {
		d.short(MACsec, s)
		return s.wire
	}
	if d.data[s.pos]&macsecHasSCI != 0 {
		p.Fields, _ = d.fixed(p.Fields, macsecChannel, s.pos, s)
	}
	inner := s.from(size)
	if !readable {
		p.Summary = "encrypted"
		if protected := inner.size() - macsecICVSize; protected >= 0 {
			if at := inner.pos + protected; at+macsecICVSize <= inner.end {
				p.Fields = append(p.Fields, d.node(macsecICV, at, macsecICVSize))
			}
			inner = inner.first(protected)
		}
		d.payload(inner)
		return s.wire
	}
	if inner.end-inner.pos < 2 {
		d.short(MACsec, s)
		return s.wire
	}
	next := uint16(number(d.data[inner.pos : inner.pos+2]))
	p.Fields = append(p.Fields, d.node(macsecType, inner.pos, 2))
	p.Len, p.Payload = p.Len+2, p.Payload+2
	p.Summary = "authenticated, " + etherTypeName(next)
	// What the payload leaves is taken for the integrity check value, as
	// Wireshark does, whatever its length.
	return d.afterTag(i, macsecICV, next, s, inner.from(2))
}
