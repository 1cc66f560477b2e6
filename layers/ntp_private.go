package layers

import (
	"strconv"
	"strings"
)

// Private messages, mode 7, of the program ntpd: its source is their only
// description.
const sourceNTPD = "ntpd, include/ntp_request.h"

func privateRow(typ Type, size int, name, label, help string) *Field {
	f := ntpRow(typ, size, "priv."+name, label, help)
	f.RFC = sourceNTPD
	return f
}

func privatePart(typ Type, mask uint64, name, label, help string) *Field {
	f := ntpPart(1, typ, mask, "priv."+name, label, help, nil)
	f.RFC = sourceNTPD
	return f
}

var (
	privateFlags = []*Field{
		privatePart(TypeBool, 0x80, "flags.r", "response", "Set in answers."),
		privatePart(TypeBool, 0x40, "flags.more", "more", "The answer goes on in another message."),
		ntpVersion, ntpMode}
	privateAuth  = privateRow(TypeUint, 1, "auth_seq", "authentication and sequence", "Whether the message is signed, and its number.")
	privateStart = []*Field{
		dhcpNamed(privateRow(TypeEnum, 1, "impl", "implementation", "Which program's requests these are."), map[uint64]string{0: "any", 2: "xntpd, old", 3: "xntpd"}),
		dhcpNamed(privateRow(TypeEnum, 1, "reqcode", "request", "What is asked for."), privateRequests)}
	privateCounts = table(NTP,
		&Field{Name: "ntp.priv.err", Label: "error", Type: TypeEnum, Size: 1, Mask: 0xf0, RFC: sourceNTPD, Help: "How it went.", Names: map[uint64]string{0: "none", 1: "other program", 2: "unknown request", 3: "bad format", 4: "no data", 7: "authentication failed"}},
		&Field{Name: "ntp.priv.numitems", Label: "items", Type: TypeUint, Size: 2, Mask: 0x0fff, RFC: sourceNTPD, Help: "How many items follow."},
		&Field{Name: "ntp.priv.reserved", Label: "reserved", Type: TypeHex, Size: 1, Mask: 0xf0, RFC: sourceNTPD, Help: "Not used; zero."},
		&Field{Name: "ntp.priv.itemsize", Label: "item size", Type: TypeUint, Size: 2, Mask: 0x0fff, RFC: sourceNTPD, Help: "How many bytes each item has."})
	privateItem  = privateRow(TypeString, 0, "mode7.item", "item", "One item.")
	privateStamp = privateRow(TypeAbsTime, 8, "tstamp", "time", "When the request was signed.")
)

var privateRequests = map[uint64]string{
	0: "peer list", 1: "peer summary", 2: "peer", 3: "peer statistics", 4: "system", 5: "system statistics", 6: "input and output", 7: "memory", 8: "loop",
	9: "timer", 10: "configure", 11: "unconfigure", 12: "set flags", 13: "clear flags", 14: "monitor", 15: "do not monitor", 16: "restrictions",
	17: "restrict", 18: "lift restriction", 19: "unrestrict", 20: "recent clients", 21: "reset statistics", 22: "reset peer", 23: "reread keys", 26: "trust key",
	27: "distrust key", 28: "authentication", 29: "traps", 30: "add trap", 31: "clear trap", 32: "request key", 33: "control key", 34: "control statistics",
	35: "leap second", 36: "clock", 37: "set clock", 38: "kernel", 39: "clock debugging", 42: "recent clients", 44: "interfaces", 45: "reload interfaces"}

func init() {
	privateAuth.Sub = []*Field{
		privatePart(TypeBool, 0x80, "auth", "authenticated", "The request is signed."),
		privatePart(TypeUint, 0x7f, "seq", "sequence number", "Counts the messages of an answer.")}
}

// ntpPrivate reads a private message.
func (c *cursor) ntpPrivate(dst *[]Node) {
	start := *c
	if n := c.take(dst, ntpFlags, 1); n.Field != nil {
		n.Children, _ = c.fixed(nil, privateFlags, c.pos-1, c.span)
	}
	response := !*c.broken && (*dst)[0].Uint&0x80 != 0
	signed := c.take(dst, privateAuth, 1).Uint&0x80 != 0
	c.all(dst, privateStart...)
	if *c.broken {
		return
	}
	program, request := (*dst)[2].Uint, (*dst)[3].Uint
	if program == 3 {
		items, size := c.privateCounts(dst)
		for i := 0; i < items && !*c.broken; i++ {
			item := start
			item.pos = start.pos + 8 + i*size
			item.privateItem(dst, request, size, response)
		}
	}
	if !response && signed {
		if c.pos = start.pos + 184; c.pos > c.end {
			*c.broken = true
			return
		}
		if n := c.take(dst, privateStamp, 8); n.Field != nil {
			n.ntpTimestamp()
		}
		c.take(dst, ntpKeyID, 4)
		c.rest(dst, ntpMAC)
	}
}

func (c *cursor) privateCounts(dst *[]Node) (items, size int) {
	for i, f := range privateCounts {
		n := c.over(dst, f, f.Size)
		if i%2 == 1 {
			c.skip(2)
			items, size = size, int(n.Uint)
		}
	}
	return items, size
}

// privateItem reads one item by the request that it answers.
func (c *cursor) privateItem(dst *[]Node, request uint64, size int, response bool) {
	item := c.over(dst, privateItem, size)
	item.Show = showEnumName(privateRequests, request)
	inner := &item.Children
	if size == 0 {
		inner = new([]Node)
	}
	layout, ok := privateLayouts[request]
	asked, answered, both := strings.Cut(layout, " / ")
	if both && response {
		layout = answered
	} else if both {
		layout = asked
	}
	switch {
	case !ok:
	case request == 44 || request == 45:
		c.privateInterface(inner)
	case request == 7:
		c.privateFields(inner, layout)
		c.take(inner, privateFields["hashcount"], max(0, size-20))
	default:
		c.privateFields(inner, layout)
	}
	if v6 := find(*inner, "ntp.priv.monlist.ipv6"); v6 != nil && v6.Uint != 0 {
		c.take(inner, privateFields["monlist.addr6"], 16)
		if request == 42 {
			c.take(inner, privateFields["monlist.daddr6"], 16)
		}
	}
}

// privateFields reads the fields that a layout names. A number after a colon
// is a size other than the field's own; "-" passes over bytes.
func (c *cursor) privateFields(dst *[]Node, layout string) {
	for _, word := range strings.Fields(layout) {
		name, digits, sized := strings.Cut(word, ":")
		size, _ := strconv.Atoi(digits)
		if name == "-" {
			c.skip(size)
			continue
		}
		f := privateFields[name]
		if !sized {
			size = f.Size
		}
		n := c.take(dst, f, size)
		switch {
		case n.Field == nil:
			return
		case f.Type == TypeAbsTime:
			n.ntpTimestamp()
		case f.Type == TypeInt && size < 8:
			n.Uint = uint64(int64(n.Uint<<(64-8*size)) >> (64 - 8*size))
			n.Show = show(f, n.Uint, nil)
		}
	}
}

func (c *cursor) privateInterface(dst *[]Node) {
	const rest = " ipv6_flag int_name int_flags last_ttl num_mcast received sent notsent uptime scopeid ifindex ifnum peercnt family ignore_pkts action unused"
	if c.peek(48, 4) == 0 {
		c.privateFields(dst, "address -:12 bcast -:12 mask -:12"+rest)
		return
	}
	c.privateFields(dst, "address6 bcast6 mask6"+rest)
}

// privateLayouts are the fields of a request's items, in order; of a question
// and of an answer where they differ.
var privateLayouts = map[uint64]string{
	0: privatePeer,
	1: "dstaddress srcaddress srcport stratum hpoll ppoll reach peer.flags hmode delay offset dispersion ipv6_flag unused dstaddress6 srcaddress6",
	2: privatePeer + " / dstaddress srcaddress srcport peer.flags leap hmode pmode stratum ppoll hpoll precision version unused:1 reach unreach flash ttl " +
		"flash2 associd keyid pkeyid refid timer rootdelay rootdispersion reftime org rec xmt filtdelay filtoffset order delay dispersion offset selectdis " +
		"unused unused unused unused unused unused unused estbdelay ipv6_flag unused dstaddress6 srcaddress6",
	3: privatePeer + " / dstaddress srcaddress srcport peer.flags timereset timereceived timetosend timereachable sent unused processed unused badauth bogusorg " +
		"oldpkt unused unused seldisp selbroken unused candidate unused:1 unused:1 unused:1 ipv6_flag unused dstaddress6 srcaddress6",
	4: "address pmode leap stratum precision rootdelay rootdispersion refid reftime poll sys.flags8 unused:3 bdelay freq authdelay stability ipv6_flag unused address6",
	5: "timeup timereset denied oldversion newversion bad_version badlength processed badauth timereceived limitrejected lamport tsrounding",
	6: "timereset totalrecvbufs freerecvbufs fullrecvbufs lowwater dropped ignored received sent notsent interrupts int_received",
	7: "timereset totalmem freemem findpeer_calls allocations demobilizations", 8: "last_offset drift_comp compliance watchdog_timer",
	9: "timereset alarms overflows xmtcalls", 10: "address hmode version minpoll maxpoll config.flags ttl unused:2 keyid key_file ipv6_flag unused address6",
	11: privateOne, 12: "sys.flags", 13: "sys.flags", 16: "address mask count rflags mflags ipv6_flag unused address6 mask6",
	17: privateLimit, 18: privateLimit, 19: privateLimit, 20: "monlist.avgint monlist.lsint monlist.restr monlist.count monlist.remote_address " + privateRecent,
	21: "reset_stats.flags", 22: privateOne, 26: "key", 27: "key",
	28: "timereset numkeys numfreekeys keylookups keynotfound encryptions decryptions expired keyuncached",
	29: "local_address trap_address trap_port sequence settime origtime resets traps.flags ipv6_flag local_address6 trap_address6",
	30: privateTrap, 31: privateTrap, 32: "keyid", 33: "keyid",
	34: "timereset requests bad_packets responses fragments errors too_short input_responses input_fragments input_errors bad_offset bad_version data_too_short badop async_messages",
	36: "address / address type clock_flags lastevent currentstatus polls noresponse badformat baddata timestarted fudgetime1 fudgetime2 fudgeval1 fudgeval2",
	37: "address which fudgetime fudgeval_flags",
	38: "kernel_offset freq maxerror esterror status shift constant mode7.precision tolerance ppsfreq jitter stabil jitcnt calcnt errcnt stbcnt",
	39: "address / address nvalues ntimes svalues stimes values times",
	42: "monlist.avgint monlist.lsint monlist.restr monlist.count monlist.remote_address monlist.local_address monlist.flags " + privateRecent,
	44: "", 45: "",
}

const (
	privatePeer   = "address port hmode peer.flags ipv6_flag unused address6"
	privateOne    = "address ipv6_flag address6"
	privateTrap   = "local_address trap_address trap_port unused:2 ipv6_flag local_address6 trap_address6"
	privateRecent = "monlist.port monlist.mode monlist.version monlist.ipv6 monlist.unused"
	privateLimit  = "address mask ippeerlimit restrict_flags mflags unused address6 mask6"
)
