package layers

// Tags that stand between a frame's type and its packet, and end with the
// type of what comes next, as 802.1Q's does.

// EtherTypes of the tags.
const (
	EtherTypeSecure     = 0x88e5 // MACsec
	EtherTypeCMD        = 0x8909 // Cisco's metadata
	EtherTypeVNTag      = 0x8926
	EtherTypeHSR        = 0x892f
	EtherTypeETag       = 0x893f
	EtherTypeNSH        = 0x894f
	EtherTypeRedundancy = 0xf1c1
)

// tag is one kind of them. Its rows are its fixed header, with the next type
// in the last one.
type tag struct {
	proto   Proto
	rows    []*Field
	trailer *Field // what is left after the payload; nil: it is not looked for
}

// size is how many bytes the tag has, those of the next type included.
func (t *tag) size() int {
	last := t.rows[len(t.rows)-1]
	return last.At + last.Size
}

func nextType(at int, name string) *Field {
	return enumRow(at, 2, name, "type", etherTypes, "What the frame carries: the type that stood there before the tag was put in.")
}

func tagTrailer(p Proto, rfc, name string) *Field {
	return describeOne(p, rfc, bytesRow(0, 0, name, "trailer", "Bytes after the payload that are not needed as padding."))
}

const (
	cmdRFC  = "Cisco TrustSec"
	etagRFC = "IEEE 802.1BR sec. 7.5"
	vntRFC  = "Cisco VN-Tag"
	frerRFC = "IEEE 802.1CB sec. 7.8"
	hsrRFC  = "IEC 62439-3 sec. 5.6"
)

var (
	cmdTag = &tag{CMD, describe(CMD, cmdRFC, append(cmdRows(0), nextType(6, "cmd.type"))...), tagTrailer(CMD, cmdRFC, "cmd.trailer")}
	// In GRE the same header has the type at its begin.
	cmdInGRE = describe(CMD, cmdRFC, append([]*Field{nextType(0, "cmd.type")}, cmdRows(2)...)...)
	etagTag  = &tag{ETag, describe(ETag, etagRFC, concat(
		inWord(0, 2, part(0xe000, "etag.pcp", "priority", "How urgent the frame is, from 0 to 7."),
			flag(0x1000, "etag.dei", "drop eligible", "Set on a frame that may be dropped first."),
			part(0x0fff, "etag.iecid_base", "entry channel", "Through which port of the extended switch the frame came in; only on its way in.")),
		inWord(2, 2, part(0xc000, "etag.resv", "reserved", "Zero."),
			part(0x3000, "etag.group", "group", "0: the channel is one port; else: it is a group of ports."),
			part(0x0fff, "etag.ecid_base", "channel", "To which port, or group of ports, the frame goes.")),
		[]*Field{hexRow(4, 1, "etag.iecid_ext", "entry channel's extension", "Upper bits of the entry channel."),
			hexRow(5, 1, "etag.ecid_ext", "channel's extension", "Upper bits of the channel."), nextType(6, "etag.etype")})...),
		tagTrailer(ETag, etagRFC, "etag.trailer")}
	vntagTag = &tag{VNTag, describe(VNTag, vntRFC, append(
		inWord(0, 4, flag(0x80000000, "vntag.dir", "from the bridge", "Set on frames from the switch to an interface, clear on the others."),
			flag(0x40000000, "vntag.ptr", "list", "Set when the destination is a list of interfaces."),
			part(0x3fff0000, "vntag.dst", "destination", "The virtual interface, or the list, that the frame goes to."),
			flag(0x8000, "vntag.looped", "looped", "Set when the frame comes back to the network that it came from."),
			part(0x4000, "vntag.r", "reserved", "Zero."), part(0x3000, "vntag.version", "version", "The version of the tag: 0."),
			part(0x0fff, "vntag.src", "source", "The virtual interface that the frame came from.")),
		nextType(4, "vntag.etype"))...), tagTrailer(VNTag, vntRFC, "vntag.trailer")}
	frerTag = &tag{FRER, describe(FRER, frerRFC,
		uintRow(2, 2, "ieee8021cb.seq", "sequence number", "The same in each copy of a frame that goes several ways at once: whoever has had one drops the others."),
		nextType(4, "ieee8021cb.etype")), nil}
	hsrTag = &tag{HSR, describe(HSR, hsrRFC, append(
		inWord(0, 2, part(0xf000, "hsr.path", "path", "Which way round the ring the frame goes, and from which network."),
			part(0xe000, "hsr.netid", "network", "From which network the frame came into the ring."),
			flag(0x1000, "hsr.laneid", "lane B", "Set on the copy that went the second way."),
			part(0x0fff, "hsr.lsdu_size", "size", "How many bytes follow the type, and this and the sequence number.")),
		uintRow(2, 2, "hsr.sequence_nr", "sequence number", "The same in both copies of a frame: whoever has had one drops the other."),
		nextType(4, "hsr.type"))...), nil}
)

func cmdRows(at int) []*Field {
	return []*Field{
		uintRow(at, 1, "cmd.version", "version", "The version of the header: 1."),
		uintRow(at+1, 1, "cmd.length", "length", "How many options follow."),
		hexRow(at+2, 2, "cmd.options", "option", "The option's length, and its type: 1 is a security group."),
		uintRow(at+4, 2, "cmd.sgt", "security group", "The group that the sender belongs to; switches allow or forbid by it."),
	}
}

func concat(lists ...[]*Field) (all []*Field) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// tags by EtherType; not those whose size varies.
var tags = map[uint16]*tag{
	EtherTypeCMD: cmdTag, EtherTypeETag: etagTag, EtherTypeVNTag: vntagTag, EtherTypeRedundancy: frerTag, EtherTypeHSR: hsrTag,
}

// TagOf says which protocol a tag with this EtherType is, and how many bytes
// it has, those of the next type, its last, included; 0: it is no tag of a
// fixed size that is known here. 802.1Q's own are not among them.
func TagOf(etherType uint16) (Proto, int) {
	if t := tags[etherType]; t != nil {
		return t.proto, t.size()
	}
	return None, 0
}

func init() { // the readers come back to this table
	for kind, t := range tags {
		etherProtocols[kind] = func(d *dissector, s span) int { return d.tagged(t, s) }
	}
}

// tagged reads a tag and what it stands before.
func (d *dissector) tagged(t *tag, s span) int {
	i := len(d.tree.Parts)
	size := t.size()
	p := d.part(t.proto, s.pos, min(size, s.end-s.pos))
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, t.rows, s.pos, s); !ok {
		d.short(t.proto, s)
		return s.wire
	}
	next := uint16(number(d.data[s.pos+size-2 : s.pos+size]))
	p.Summary = etherTypeName(next)
	return d.afterTag(i, t.trailer, next, s, s.from(size))
}

// CMDSize is the size of Cisco's metadata with the type of what comes next, in
// bytes.
const CMDSize = 8

// cmdOverGRE reads Cisco's metadata in a tunnel, and gives the payload's end.
func (d *dissector) cmdOverGRE(s span) int {
	p := d.part(CMD, s.pos, min(CMDSize, s.end-s.pos))
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, cmdInGRE, s.pos, s); !ok {
		d.short(CMD, s)
		return s.wire
	}
	next := uint16(number(d.data[s.pos : s.pos+2]))
	p.Summary = etherTypeName(next)
	return d.etherType(next, s.from(CMDSize))
}

// afterTag reads what follows the tag of part i, which begins s. What is left
// after it belongs to the tag.
func (d *dissector) afterTag(i int, trailer *Field, next uint16, s, inner span) int {
	if inner.size() <= 0 {
		return s.wire
	}
	if next < EtherTypeMin {
		d.payload(inner)
		return s.wire
	}
	end := d.etherType(next, inner)
	if trailer != nil {
		d.tail(i, s, end, trailer, -1)
	}
	return s.wire
}
