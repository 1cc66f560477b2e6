package layers

import (
	"strconv"
	"strings"
)

// ipv4Options reads the list of options in s; ttl is the packet's. It reports
// false when one of them ends before it should: then the packet cannot be
// read on.
func (d *dissector) ipv4Options(s span, ttl uint8) (Node, bool) {
	list := d.node(ipOptList, s.pos, s.end-s.pos)
	c := d.cursor(s)
	nops := 0
	for c.left() > 0 {
		kind := c.data[c.pos]
		o, known := ipOptions[kind]
		size := 1
		if o.size != 1 {
			var ok bool
			if size, ok = c.optionSize(&list); !ok {
				break
			}
		}
		if kind == 1 {
			nops = c.countNOP(nops, s.pos, &list)
		}
		if option := c.cut(size); known {
			option.ipv4Option(&list, o, size, ttl)
		} else {
			option.take(&list.Children, ipOptUnknown, size)
		}
		if kind == 0 {
			break
		}
	}
	return list, !*c.broken
}

// optionSize is the size of the next option, its type and length included;
// ok is false when it cannot be.
func (c *cursor) optionSize(list *Node) (size int, ok bool) {
	left := c.left()
	show := 1
	if left >= 2 {
		size = int(c.data[c.pos+1])
		show = 2
		if size > left {
			show = left - 2 // as Wireshark has it
		}
	}
	if size >= 2 && size <= left {
		return size, true
	}
	c.expert(Warning, "ip.opt.len.invalid", "An option's length is impossible.", c.pos, show)
	c.over(&list.Children, ipOptUnknown, show)
	return 0, false
}

// countNOP counts options that do nothing within a word: of four in a row,
// some may have been others that a router took out.
func (c *cursor) countNOP(n, start int, list *Node) int {
	if n > 0 && (c.pos-start)%4 == 0 {
		return 0
	}
	if n++; n == 4 {
		c.expert(Warning, "ip.nop", "Four options in a row do nothing: a router may have taken some out.", list.Pos, list.Len)
	}
	return n
}

// ipv4Option reads one option, which is all that the cursor has.
func (c *cursor) ipv4Option(list *Node, o ipOption, size int, ttl uint8) {
	n := c.over(&list.Children, o.field, 0+size)
	n.Show = o.field.Label
	if o.size > 1 && size != o.size {
		c.expert(Warning, "ip.opt.len.invalid", "An option has a wrong length.", c.pos, size)
	}
	rows := o.field.Sub
	var ok bool
	if n.Children, ok = c.fixed(nil, rows, c.pos, c.span); !ok {
		*c.broken = true
		return
	}
	last := rows[len(rows)-1]
	c.skip(last.At + last.Size)
	if o.read != nil {
		o.read(c, n, ttl)
	}
}

// pointer is the pointer of a route, counted from 1; 0 when it is wrong.
func (c *cursor) pointer(n *Node) int {
	p := &n.Children[len(n.Children)-1]
	switch ptr := int(p.Uint); {
	case ptr < 4:
		c.expert(Warning, "ip.opt.ptr.before_address", "The pointer is before the first address.", p.Pos, 1)
	case ptr%4 != 0:
		c.expert(Warning, "ip.opt.ptr.middle_address", "The pointer is within an address.", p.Pos, 1)
	default:
		return ptr
	}
	return 0
}

// route reads the addresses of a route: those before the pointer, or all when
// it is behind them, were visited.
func (c *cursor) route(n *Node, ahead func(last bool) []*Field) {
	ptr := c.pointer(n)
	for at := 4; ptr > 0 && c.left() > 0; at += 4 {
		if c.left() < 4 {
			c.expert(Warning, "ip.subopt_too_long", "A part of an address is left over.", c.pos, c.left())
			return
		}
		rows := []*Field{ipOptRecorded}
		if last := c.left() == 4; ptr <= n.Len && (at >= ptr || last) {
			if next := ahead(last); at >= ptr || len(next) > 1 {
				rows = next
			}
		}
		for _, f := range rows {
			c.over(&n.Children, f, 4)
		}
		c.skip(4)
	}
}

func recordRoute(c *cursor, n *Node, _ uint8) {
	c.route(n, func(bool) []*Field { return []*Field{ipOptEmpty} })
}

// sourceRoute: the last address is the packet's destination (RFC 791 section
// 3.1).
func sourceRoute(c *cursor, n *Node, _ uint8) {
	c.route(n, func(last bool) []*Field {
		if last {
			return ipv4Destination
		}
		return []*Field{ipOptSource}
	})
}

// IPv4Station finds where in a list of options the true destination of a
// packet is, while a source route has stations left; 0: nowhere, -1: the list,
// of size bytes, is cut too early to tell.
func IPv4Station(options []byte, size int) int {
	for at := 0; at < size; {
		if at >= len(options) {
			return -1
		}
		switch kind := options[at]; {
		case kind == 0, kind != 1 && at+1 == size:
			return 0
		case kind == 1:
			at++
		case at+1 == len(options):
			return -1
		default:
			n := int(options[at+1])
			if n < 2 || at+n > size {
				return 0
			}
			if kind == 131 || kind == 137 { // loose and strict source route
				if at+2 >= len(options) {
					return -1
				}
				if ptr := int(options[at+2]); ptr < 4 || ptr%4 != 0 || ptr > n {
					return 0
				}
				if at+n > len(options) {
					return -1
				}
				return at + n - 4
			}
			at += n
		}
	}
	return 0
}

func timeStamps(c *cursor, n *Node, _ uint8) {
	flag := n.Children[len(n.Children)-1].Uint
	addressed := flag == 1 || flag == 3
	each := 4
	if addressed {
		each = 8
	}
	for c.left() > 0 {
		if c.left() < each {
			c.expert(Warning, "ip.subopt_too_long", "A part of an entry is left over.", c.pos, c.left())
			c.rest(&n.Children, ipOptUnknown)
			return
		}
		if addressed {
			c.take(&n.Children, ipOptTimeAddr, 4)
		}
		c.take(&n.Children, ipOptTime, 4)
	}
}

// securityLevels are the levels of RFC 791: by them, its layout is known.
var securityLevels = map[int]bool{0: true, 0xf135: true, 0x789a: true, 0xbc4d: true, 0x5e26: true, 0xaf13: true, 0xd788: true, 0x6bc5: true,
	0x35e2: true, 0x9af1: true, 0x4d78: true, 0x24bd: true, 0x135e: true, 0x89af: true, 0xc4d6: true, 0xe26b: true}

// security tells the two layouts of the option apart: RFC 791's has 11 bytes.
func security(c *cursor, n *Node, _ uint8) {
	if n.Len == 11 && securityLevels[c.peek(0, 2)] {
		c.all(&n.Children, ipSecurity791...)
		return
	}
	c.all(&n.Children, ipSecurity1108...)
	if c.left() == 0 {
		return
	}
	more := c.take(&n.Children, ipSecurityAuth, 1).Uint & 1
	for more != 0 && !*c.broken {
		if c.left() == 0 {
			c.expert(Warning, "ip.opt.len.invalid", "More authorities are announced than there are.", n.Pos, n.Len)
			return
		}
		more = c.take(&n.Children, ipSecurityMore, 1).Uint & 1
	}
	if c.left() > 0 {
		c.expert(Warning, "ip.opt.len.invalid", "The option has more data than it should.", n.Pos, n.Len)
	}
}

func quickStart(c *cursor, n *Node, ttl uint8) {
	function := n.Children[len(n.Children)-1].Uint
	if function != 0 && function != 8 {
		return
	}
	c.span = span{c.pos - 1, c.end, c.wire} // the rate is in the function's byte
	c.take(&n.Children, ipQuick[0], 1)
	if function == 0 {
		c.over(&n.Children, ipQuick[1], 1)
		diff := c.take(&n.Children, ipQuick[2], 1)
		diff.Uint = uint64(ttl - uint8(diff.Uint))
		diff.Show = show(ipQuick[2], diff.Uint, nil)
	} else {
		c.take(&n.Children, ipQuick[3], 1)
	}
	// Wireshark has the nonce one byte early in both.
	c.over(&n.Children, ipQuick[4], 4)
	c.take(&n.Children, ipQuick[5], 4)
}

func addresses(c *cursor, n *Node, _ uint8) {
	for c.left() >= 4 {
		c.take(&n.Children, ipOptAddr, 4)
	}
	c.rest(&n.Children, ipOptPadding)
}

// restAs shows what is left of an option as one field.
func restAs(f *Field) func(*cursor, *Node, uint8) {
	return func(c *cursor, n *Node, _ uint8) { c.rest(&n.Children, f) }
}

const rfcCIPSO = "FIPS 188 sec. 6"

var (
	cipsoTag        = one(IPv4, rfcCIPSO, choice("ip.cipso.tag_type", "tag", 1, map[uint64]string{0: "padding", 1: "bitmap of categories", 2: "list of categories", 5: "ranges of categories", 6: "permissive categories", 7: "free form"}, "Which form the label has."))
	cipsoLevel      = one(IPv4, rfcCIPSO, word("ip.cipso.sensitivity_level", "sensitivity", TypeUint, 1, "How secret the packet is."))
	cipsoCategories = one(IPv4, rfcCIPSO, word("ip.cipso.categories", "categories", TypeString, 0, "What the packet is about: who may see it."))
	cipsoData       = one(IPv4, rfcCIPSO, word("ip.cipso.tag_data", "data", TypeBytes, 0, "What the tag says."))
)

// labelTags reads the tags of a security label. After one that is not known,
// Wireshark reads no further.
func labelTags(c *cursor, n *Node, _ uint8) {
	const longest = 34
	for c.left() > 0 {
		kind, size := c.peek(0, 1), 1
		if c.left() > 1 {
			size = c.peek(1, 1)
		}
		c.over(&n.Children, cipsoTag, 1)
		least := 4
		switch kind {
		case 0:
			c.skip(1)
			continue
		case 1, 2, 5, 6:
		case 7:
			least = 2
		default:
			return
		}
		if size < least || size > longest || size-1 > c.left() {
			c.expert(Error, "ip.cipso.malformed", "A tag's length is impossible.", c.pos, 1)
			return
		}
		if kind >= 6 {
			c.skip(2)
			c.take(&n.Children, cipsoData, size-2)
			continue
		}
		c.skip(3)
		c.take(&n.Children, cipsoLevel, 1)
		if f := c.take(&n.Children, cipsoCategories, size-4); f.Len > 0 {
			f.Show = categories(kind, c.data[f.Pos:f.Pos+f.Len])
		}
	}
}

// categories are the numbers of a tag: a bit for each, each in two bytes, or
// the ends of ranges, the higher first.
func categories(kind int, b []byte) string {
	var all []string
	switch kind {
	case 1:
		for i := range len(b) * 8 {
			if b[i/8]&(0x80>>(i%8)) != 0 {
				all = append(all, strconv.Itoa(i))
			}
		}
	case 2:
		for ; len(b) >= 2; b = b[2:] {
			all = append(all, strconv.FormatUint(number(b[:2]), 10))
		}
	case 5:
		for len(b) >= 2 {
			high, low := number(b[:2]), uint64(0)
			b = b[2:]
			if len(b) >= 2 {
				low = number(b[:2])
				b = b[2:]
			}
			all = append(all, strconv.FormatUint(low, 10)+" to "+strconv.FormatUint(high, 10))
		}
	}
	return strings.Join(all, ", ")
}
