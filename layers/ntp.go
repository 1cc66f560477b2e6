package layers

import (
	"math"
	"strconv"
	"time"
)

// NTPSize is the size of an NTP header (RFC 5905 section 7.3), in bytes.
const NTPSize = 48

const ntpRFC = "RFC 5905 sec. 7.3"

func ntpRow(typ Type, size int, name, label, help string) *Field {
	return row(NTP, Field{Name: "ntp." + name, Label: label, Type: typ, Size: size, RFC: ntpRFC, Help: help})
}

func ntpPart(size int, typ Type, mask uint64, name, label, help string, names map[uint64]string) *Field {
	return row(NTP, Field{Name: "ntp." + name, Label: label, Type: typ, Size: size, Mask: mask, RFC: ntpRFC, Help: help, Names: names})
}

var (
	ntpFlags   = ntpRow(TypeHex, 1, "flags", "flags", "Leap second, version and mode.")
	ntpLeap    = ntpPart(1, TypeEnum, 0xc0, "flags.li", "leap indicator", "Whether the month's last minute will have 61 or 59 seconds.", ntpLeaps)
	ntpVersion = ntpPart(1, TypeUint, 0x38, "flags.vn", "version", "The version of the protocol.", nil)
	ntpMode    = ntpPart(1, TypeEnum, 0x07, "flags.mode", "mode", "What the sender is to the other one.", map[uint64]string{
		1: "symmetric active", 2: "symmetric passive", 3: "client", 4: "server", 5: "broadcast", 6: "control", 7: "private"})
	ntpHeader = []*Field{
		ntpRow(TypeUint, 1, "stratum", "stratum", "How many servers away the source of the time is; 0: unknown."),
		ntpRow(TypeInt, 1, "ppoll", "poll interval", "The longest time between messages, as a power of two in seconds."),
		ntpRow(TypeInt, 1, "precision", "precision", "How exact the clock is, as a power of two in seconds."),
		ntpRow(TypeUint, 4, "rootdelay", "root delay", "The way to the source of the time and back, in seconds."),
		ntpRow(TypeUint, 4, "rootdispersion", "root dispersion", "By how much the clock may differ from the source, in seconds."),
		ntpRow(TypeBytes, 4, "refid", "reference", "Where the time is from: a kind of clock, or a server."),
		ntpRow(TypeAbsTime, 8, "reftime", "reference time", "When the clock was last set."),
		ntpRow(TypeAbsTime, 8, "org", "origin time", "When the request left the client, by its clock."),
		ntpRow(TypeAbsTime, 8, "rec", "receive time", "When the request reached the server, by its clock."),
		ntpRow(TypeAbsTime, 8, "xmt", "transmit time", "When the message was sent.")}
	ntpKeyID    = ntpRow(TypeBytes, 4, "keyid", "key", "Which key the code was made with.")
	ntpMAC      = ntpRow(TypeBytes, 0, "mac", "code", "The code that only who has the key can make.")
	ntpExt      = ntpRow(TypeNone, 0, "ext", "extension", "Something more than the time.")
	ntpExtStart = []*Field{
		dhcpNamed(ntpRow(TypeEnum, 2, "ext.type", "type", "Which extension it is."), map[uint64]string{
			0x0102: "association request", 0x0104: "unique identifier", 0x0202: "certificate request", 0x0204: "NTS cookie", 0x0302: "cookie request",
			0x0304: "NTS cookie placeholder", 0x0402: "autokey request", 0x0404: "NTS authenticator", 0x2005: "checksum complement"}),
		ntpRow(TypeUint, 2, "ext.length", "length", "How many bytes the extension has.")}
	ntpExtValue = ntpRow(TypeBytes, 0, "ext.value", "value", "What the extension says.")
)

var ntpLeaps = map[uint64]string{0: "none", 1: "61 seconds", 2: "59 seconds", 3: "clock not set"}

// ntpSources name the references that servers of stratum 0 (a refusal) and 1
// (a clock) give (RFC 5905 sections 7.3 and 7.4).
var ntpSources = map[string]string{
	"GOES": "satellite", "GPS\x00": "GPS", "GAL\x00": "Galileo", "PPS\x00": "pulse per second", "IRIG": "IRIG time code", "WWVB": "radio WWVB", "DCF\x00": "radio DCF77",
	"DCF7": "radio DCF77", "HBG\x00": "radio HBG", "MSF\x00": "radio MSF", "JJY\x00": "radio JJY", "LORC": "LORAN-C", "TDF\x00": "radio TDF", "CHU\x00": "radio CHU",
	"WWV\x00": "radio WWV", "WWVH": "radio WWVH", "NIST": "NIST telephone", "ACTS": "NIST telephone", "USNO": "USNO telephone", "PTB\x00": "PTB telephone",
	"LOCL": "the server's own clock", "DFM\x00": "disciplined frequency", "ATOM": "atomic clock",
	"ACST": "unicast association", "AUTH": "authentication failed", "AUTO": "autokey failed", "BCST": "broadcast association", "CRYP": "cryptography failed",
	"DENY": "access denied", "DROP": "lost peer", "RSTR": "access restricted", "INIT": "not yet synchronised", "MCST": "multicast association",
	"NKEY": "no key", "RATE": "asked too often", "RMOT": "altered from outside", "STEP": "clock was stepped",
}

func init() {
	ntpFlags.Sub = []*Field{ntpLeap, ntpVersion, ntpMode}
	udpApplications[123] = (*dissector).ntp
	tcpApplications[123] = (*dissector).ntp
}

// ntp reads a message of NTP (RFC 5905).
func (d *dissector) ntp(s span) {
	p := d.part(NTP, s.pos, s.end-s.pos)
	c := d.cursor(s)
	switch c.peek(0, 1) & 7 {
	case 6:
		c.ntpControl(&p.Fields)
	case 7:
		c.ntpPrivate(&p.Fields)
	default:
		c.ntpTime(&p.Fields)
	}
	if flags := find(p.Fields, "ntp.flags"); flags != nil {
		p.Summary = "version " + find(flags.Children, "ntp.flags.vn").Show + ", " + find(flags.Children, "ntp.flags.mode").Show
	}
	if *c.broken {
		d.short(NTP, s)
	}
}

// ntpTime reads a message that tells or asks the time.
func (c *cursor) ntpTime(dst *[]Node) {
	end := c.end
	c.take(dst, ntpFlags, 1)
	stratum := uint64(0)
	for _, f := range ntpHeader {
		n := c.take(dst, f, f.Size)
		switch {
		case n.Field == nil:
			return
		case f.Name == "ntp.stratum":
			stratum = n.Uint
		case f.Size == 8:
			n.ntpTimestamp()
		case f.Type == TypeInt:
			n.Uint = uint64(int64(int8(n.Uint)))
			n.Show = show(f, n.Uint, nil) + " (" + strconv.FormatFloat(math.Ldexp(1, int(int64(n.Uint))), 'g', 6, 64) + " s)"
		case f.Type == TypeUint:
			n.Show = strconv.FormatFloat(float64(n.Uint)/65536, 'f', 6, 64) + " s"
		case stratum < 2:
			id := c.data[n.Pos : n.Pos+4]
			n.Show = Printable(string(id))
			if name := ntpSources[string(id)]; name != "" {
				n.Show = name
			}
		default:
			n.Show = showIP(c.data[n.Pos : n.Pos+4])
		}
	}
	for last := c.ntpExtensionsEnd(); c.pos < last && !*c.broken; {
		c.ntpExtension(dst)
	}
	c.end = end
	if c.left() >= 4 {
		c.take(dst, ntpKeyID, 4)
		c.rest(dst, ntpMAC)
	}
}

// ntpTimestamp shows a time in seconds since 1900, in 32 bits and 32 bits
// after the point. From 2036 on, the seconds begin anew (RFC 5905 section 6).
func (n *Node) ntpTimestamp() {
	seconds, fraction := n.Uint>>32, n.Uint&0xffffffff
	if n.Uint == 0 {
		n.Show = "none"
		return
	}
	const to1970, era = 2208988800, 1 << 32
	at := int64(seconds) - to1970
	if seconds&0x80000000 == 0 {
		at += era
	}
	t := time.Unix(at, int64(fraction*1e9>>32))
	n.Uint = uint64(t.UnixNano())
	n.Show = show(n.Field, n.Uint, nil)
}

// ntpExtensionsEnd says where the extensions end, and the key begins. No code
// has the length of an extension (RFC 7822 section 7.5), but neither tells
// what it is: what is too short for a key and a code was no extension.
func (c *cursor) ntpExtensionsEnd() int {
	at, last := c.pos, 0
	for c.end-at >= 16 {
		n := int(number(c.data[at+2 : at+4]))
		if n < 16 || n > c.end-at {
			break
		}
		at, last = at+n, n
	}
	rest := c.end - at
	refused := rest == 4 && number(c.data[at:c.end]) == 0
	if rest > 0 && rest < 20 && !refused {
		at -= last
	}
	return at
}

func (c *cursor) ntpExtension(dst *[]Node) {
	n := c.peek(2, 2)
	e := c.over(dst, ntpExt, n)
	c.all(&e.Children, ntpExtStart...)
	if len(e.Children) > 0 {
		e.Show = e.Children[0].Show
	}
	c.take(&e.Children, ntpExtValue, n-4)
}
