package filter

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"net/netip"
	"strings"

	"strata/layers"
)

// kind says what can be done with a value. Those of one kind can be compared.
type kind uint8

const (
	kindHeading kind = iota // nothing but being there
	kindProto               // the bytes of a protocol's header
	kindBytes
	kindMAC
	kindString
	kindUint
	kindInt
	kindFloat
	kindBool
	kindIPv4
	kindIPv6
	kindMoment
	kindSpan
)

// kinds holds what each kind is called in errors, and what it can do.
var kinds = [...]struct {
	name    string
	example string
	sliced  bool // it has bytes to cut out
	text    bool // contains and matches look into it
	masks   bool // it has &
	adds    bool // it has + and -
	scales  bool // it has *, / and %
}{
	kindHeading: {name: "a heading without a value", example: "the name alone"},
	kindProto:   {name: "a protocol", example: `contains "text", or [0:2] == 00:11`, sliced: true, text: true},
	kindBytes:   {name: "bytes", example: `00:11:22 or "text"`, sliced: true, text: true, masks: true},
	kindMAC:     {name: "a MAC address", example: "00:11:22:33:44:55", sliced: true, text: true, masks: true},
	kindString:  {name: "text", example: `"text"`, sliced: true, text: true},
	kindUint:    {name: "a number", example: "80 or 0x50", masks: true, adds: true, scales: true},
	kindInt:     {name: "a signed number", example: "80 or -1", masks: true, adds: true, scales: true},
	kindFloat:   {name: "a real number", example: "1.5", adds: true, scales: true},
	kindBool:    {name: "true or false", example: "1, 0, True or False"},
	kindIPv4:    {name: "an IPv4 address", example: "10.0.0.1 or 10.0.0.0/8", sliced: true, masks: true},
	kindIPv6:    {name: "an IPv6 address", example: "fe80::1 or fe80::/10", sliced: true, masks: true},
	kindMoment:  {name: "a date and time", example: `"2026-01-02 03:04:05"`},
	kindSpan:    {name: "a stretch of time", example: "1.5, in seconds", adds: true},
}

func (k kind) String() string { return kinds[k].name }

// value is one value of a field, or a constant.
type value struct {
	num   uint64 // numbers and times (two's complement), bits of a float, an IPv4 address, the upper half of an IPv6 address
	low   uint64 // the lower half of an IPv6 address
	neg   bool   // num is below zero
	host  uint8  // of an address: how many bits at its end are not looked at
	bytes []byte // kindProto, kindBytes, kindMAC
	wide  []byte // kindProto: with all that it carries
	text  string // kindString
}

// signed is the value of a number that may be below zero.
func signed(v int64) value { return value{num: uint64(v), neg: v < 0} }

// compare orders two values of a kind: below 0 when a comes first. Of
// addresses only the bits count that both have.
func compare(k kind, a, b *value) int {
	switch k {
	case kindIPv4:
		h := max(a.host, b.host)
		return cmp.Compare(a.num>>h, b.num>>h)
	case kindIPv6:
		return compareIPv6(a, b)
	case kindFloat:
		return cmp.Compare(math.Float64frombits(a.num), math.Float64frombits(b.num))
	case kindString:
		return strings.Compare(a.text, b.text)
	case kindProto, kindBytes, kindMAC:
		if c := cmp.Compare(len(a.bytes), len(b.bytes)); c != 0 { // as Wireshark: the longer ones come after
			return c
		}
		return bytes.Compare(a.bytes, b.bytes)
	}
	if a.neg != b.neg {
		if a.neg {
			return -1
		}
		return 1
	}
	return cmp.Compare(a.num, b.num)
}

func compareIPv6(a, b *value) int {
	h := max(a.host, b.host)
	if h >= 64 {
		return cmp.Compare(a.num>>(h-64), b.num>>(h-64))
	}
	if c := cmp.Compare(a.num, b.num); c != 0 {
		return c
	}
	return cmp.Compare(a.low>>h, b.low>>h)
}

// kindOf is what the values of a field are.
func kindOf(f *layers.Field) kind {
	switch f.Type {
	case layers.TypeUint, layers.TypeHex, layers.TypeEnum:
		return kindUint
	case layers.TypeBool:
		return kindBool
	case layers.TypeMAC:
		return kindMAC
	case layers.TypeIPv4, layers.TypeIPv6:
		// Names of hosts are their addresses, for nothing is looked up.
		if strings.HasSuffix(f.Name, ".host") || strings.HasSuffix(f.Name, "_host") {
			return kindString
		}
		if f.Type == layers.TypeIPv4 {
			return kindIPv4
		}
		return kindIPv6
	case layers.TypeString:
		return kindString
	case layers.TypeBytes:
		return kindBytes
	case layers.TypeInt:
		return kindInt
	case layers.TypeFloat:
		return kindFloat
	case layers.TypeAbsTime:
		return kindMoment
	case layers.TypeRelTime:
		return kindSpan
	}
	return kindHeading
}

// nodeValue is the value of a field found in a frame; false when the frame
// does not hold it whole.
func nodeValue(t *layers.Tree, n *layers.Node, k kind) (value, bool) {
	switch k {
	case kindUint, kindFloat:
		return value{num: n.Uint}, true
	case kindInt, kindMoment, kindSpan:
		return signed(int64(n.Uint)), true
	case kindBool:
		return value{num: min(n.Uint, 1)}, true
	case kindString:
		return value{text: nodeText(t, n)}, true
	}
	b := cut(t.Buffer(n.In), n.Pos, n.Pos+n.Len)
	switch k {
	case kindIPv4:
		if len(b) == 4 {
			return value{num: uint64(binary.BigEndian.Uint32(b))}, true
		}
		return addressValue(n.Show, k)
	case kindIPv6:
		if len(b) == 16 {
			return value{num: binary.BigEndian.Uint64(b), low: binary.BigEndian.Uint64(b[8:])}, true
		}
		return addressValue(n.Show, k)
	}
	return value{bytes: b, wide: b}, true
}

// nodeText is a field's text. What is shown has escapes where the frame has
// what a terminal must not see, and ends early; the frame's bytes are taken
// where they say the same.
func nodeText(t *layers.Tree, n *layers.Node) string {
	if !strings.Contains(n.Show, `\`) && !strings.HasSuffix(n.Show, "~") {
		return n.Show
	}
	b := string(cut(t.Buffer(n.In), n.Pos, n.Pos+n.Len))
	if n.Field.Name == "http.file_data" { // a body is text to Wireshark up to its first NUL
		b, _, _ = strings.Cut(b, "\x00")
		return b
	}
	if layers.Printable(b) == n.Show {
		return b
	}
	if start, long := strings.CutSuffix(n.Show, "~"); long { // a part of the bytes: a header's value
		if i := strings.Index(b, start); i >= 0 {
			return strings.TrimRight(b[i:], "\r\n")
		}
	}
	return n.Show
}

// addressValue reads an address that a message has cut short.
func addressValue(text string, k kind) (value, bool) {
	a, err := netip.ParseAddr(text)
	if err != nil || a.Is4() != (k == kindIPv4) {
		return value{}, false
	}
	return fromAddr(a), true
}

func fromAddr(a netip.Addr) value {
	b := a.AsSlice()
	if a.Is4() {
		return value{num: uint64(binary.BigEndian.Uint32(b))}
	}
	return value{num: binary.BigEndian.Uint64(b), low: binary.BigEndian.Uint64(b[8:])}
}

// cut is a range of b, as far as b has it.
func cut(b []byte, from, to int) []byte {
	from = max(0, min(from, len(b)))
	return b[from:max(from, min(to, len(b)))]
}

// raw are the bytes of a value that can be sliced.
func (v *value) raw(k kind) []byte {
	switch k {
	case kindString:
		return []byte(v.text)
	case kindIPv4:
		return binary.BigEndian.AppendUint32(nil, uint32(v.num))
	case kindIPv6:
		return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, v.num), v.low)
	}
	return v.bytes
}

// String is a value as string() gives it: numbers in decimal.
func (v *value) string(k kind) string {
	switch k {
	case kindIPv4:
		return netip.AddrFrom4([4]byte(v.raw(k))).String()
	case kindIPv6:
		return netip.AddrFrom16([16]byte(v.raw(k))).String()
	case kindMAC:
		return macText(v.bytes)
	case kindFloat:
		return floatText(v.num)
	}
	return intText(v)
}
