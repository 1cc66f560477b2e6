package layers

import "fmt"

const nshRFC = "RFC 8300 sec. 2"

// nshSize is the size of NSH without context, in bytes.
const nshSize = 8

// What NSH carries (RFC 8300 section 11.2.5).
var nshProtocols = map[uint64]string{1: "IPv4", 2: "IPv6", 3: "Ethernet", 4: "NSH", 5: "MPLS"}

var (
	nshStart = describe(NSH, nshRFC, append(inWord(0, 2,
		part(0xc000, "nsh.version", "version", "The version of NSH: 0."),
		flag(0x2000, "nsh.Obit", "OAM", "Set on a packet that tests the chain."),
		part(0x1000, "nsh.CBit", "unassigned", "Zero."),
		part(0x0fc0, "nsh.ttl", "TTL", "How many more functions of the chain may see the packet."),
		part(0x003f, "nsh.length", "length", "How many bytes the header has, in units of 4.")),
		enumRow(2, 1, "nsh.mdtype", "context type", map[uint64]string{1: "four words", 2: "options"}, "What kind of context the header holds."),
		enumRow(3, 1, "nsh.nextproto", "next protocol", nshProtocols, "What follows the header."),
		uintRow(4, 3, "nsh.spi", "path", "The number of the path of services that the packet takes."),
		uintRow(7, 1, "nsh.si", "index", "How far along the path the packet is; each service takes one away."))...)
	nshContext = describeOne(NSH, "RFC 8300 sec. 2.4", bytesRow(0, 4, "nsh.contextheader", "context", "What services tell those after them of the packet."))
	nshOption  = describe(NSH, "RFC 8300 sec. 2.5.1",
		hexRow(0, 2, "nsh.metadataclass", "class", "Who defines the option."),
		hexRow(2, 1, "nsh.metadatatype", "type", "Which of its class's options this is."))
	nshOptionLen = describe(NSH, "RFC 8300 sec. 2.5.1", inWord(3, 1,
		part(0x80, "nsh.metadataunassignedbit", "unassigned", "Zero."),
		part(0x7f, "nsh.metadatalen", "length", "How many bytes the option has."))...)
	nshMetadata = describeOne(NSH, "RFC 8300 sec. 2.5.1", bytesRow(0, 0, "nsh.metadata", "metadata", "The option's value."))
)

func init() { etherProtocols[EtherTypeNSH] = whole((*dissector).nsh) }

// nsh reads the header of a chain of services, and what goes along the chain.
func (d *dissector) nsh(s span) {
	i := len(d.tree.Parts)
	p := d.part(NSH, s.pos, min(nshSize, s.end-s.pos))
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, nshStart, s.pos, s); !ok {
		d.short(NSH, s)
		return
	}
	b := d.data[s.pos : s.pos+nshSize]
	p.Summary = fmt.Sprintf("path %d, index %d", number(b[4:7]), b[7])
	c := d.cursor(s.from(nshSize))
	fields := p.Fields
	size := max(nshSize, int(b[1]&0x3f)*4)
	switch b[2] {
	case 1: // always four words, whatever the length says
		for range 4 {
			c.all(&fields, nshContext)
		}
	case 2:
		options := c.cut(size - nshSize)
		for options.left() >= 4 && options.ok(4) {
			fields, _ = d.fixed(fields, nshOption, options.pos, options.span)
			fields, _ = d.fixed(fields, nshOptionLen, options.pos, options.span)
			n := options.peek(3, 1) & 0x7f
			options.skip(4)
			options.take(&fields, nshMetadata, n)
			options.skip(min((4-n%4)%4, options.left()))
		}
	}
	p = &d.tree.Parts[i]
	p.Fields = fields
	p.Len = min(size, s.end-s.pos)
	p.Payload = s.pos + p.Len
	if *c.broken {
		d.short(NSH, s)
		return
	}
	d.depth++
	d.nshPayload(b[3], s.from(size))
	d.depth--
}

func (d *dissector) nshPayload(next byte, s span) {
	switch {
	case s.size() <= 0:
	case !d.within():
		d.payload(s)
	case next == 1:
		d.ip(s)
	case next == 2:
		d.ipv6(s)
	case next == 3:
		d.bridged(s)
	case next == 4:
		d.nsh(s)
	case next == 5:
		d.mpls(s)
	default:
		d.payload(s)
	}
}
