package layers

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of what is shown for people; the bytes themselves stay whole.
const (
	maxShow      = 300 // runes of a text
	maxShowBytes = 32  // bytes of an opaque field
)

// Printable makes text safe for a terminal: what could move the cursor, turn
// the direction of writing, join, overprint or hide (control and format
// characters, marks, spaces that are not U+0020, invalid UTF-8) is written
// as an escape, and what is too long ends in "~".
func Printable(s string) string {
	if len(s) <= maxShow && plainASCII(s) {
		return s
	}
	var b strings.Builder
	for n := 0; len(s) > 0; n++ {
		if n == maxShow {
			b.WriteByte('~')
			break
		}
		r, size := utf8.DecodeRuneInString(s)
		writeRune(&b, r, s[:size])
		s = s[size:]
	}
	return b.String()
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func writeRune(b *strings.Builder, r rune, raw string) {
	switch {
	case r == '\r':
		b.WriteString(`\r`)
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\t':
		b.WriteString(`\t`)
	case r == utf8.RuneError && len(raw) == 1, r < ' ', r == 0x7f:
		fmt.Fprintf(b, `\x%02x`, raw[0])
	case invisible(r):
		fmt.Fprintf(b, `\u{%x}`, r)
	default:
		b.WriteString(raw)
	}
}

// invisible says whether a rune has no glyph of its own. Marks are among
// them: a heap of them would overprint other lines. The Hangul fillers are
// letters by category, but blank.
func invisible(r rune) bool {
	return !unicode.IsPrint(r) || unicode.Is(unicode.M, r) ||
		r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 || r == 0x2800
}

func showBytes(b []byte) string {
	if len(b) > maxShowBytes {
		return hex.EncodeToString(b[:maxShowBytes]) + "~"
	}
	return hex.EncodeToString(b)
}

func showMAC(b []byte) string {
	const digits = "0123456789abcdef"
	var s [17]byte
	for i, c := range b[:6] {
		s[i*3], s[i*3+1] = digits[c>>4], digits[c&15]
		if i < 5 {
			s[i*3+2] = ':'
		}
	}
	return string(s[:])
}

func showIP(b []byte) string {
	a, _ := netip.AddrFromSlice(b)
	return a.String()
}

// show is the text of a field's value: v for the numeric types, b its bytes.
func show(f *Field, v uint64, b []byte) string {
	switch f.Type {
	case TypeUint:
		return strconv.FormatUint(v, 10)
	case TypeHex:
		return showHex(v, f.hexDigits(len(b)))
	case TypeBool:
		if v != 0 {
			return "set"
		}
		return "not set"
	case TypeEnum:
		return showEnum(f.Names, v)
	case TypeMAC:
		if len(b) == 6 {
			return showMAC(b)
		}
	case TypeIPv4, TypeIPv6:
		if len(b) == 4 || len(b) == 16 {
			return showIP(b)
		}
	case TypeString:
		return Printable(string(b))
	case TypeInt:
		return strconv.FormatInt(int64(v), 10)
	case TypeFloat:
		return strconv.FormatFloat(math.Float64frombits(v), 'g', -1, 64)
	case TypeAbsTime:
		return time.Unix(0, int64(v)).UTC().Format("2006-01-02 15:04:05.000000000 MST")
	case TypeRelTime:
		return showSeconds(int64(v))
	case TypeNone:
		return ""
	}
	return showBytes(b)
}

// showSeconds writes nanoseconds as Wireshark does: seconds with nine places.
func showSeconds(ns int64) string {
	sign := ""
	if ns < 0 {
		sign, ns = "-", -ns
	}
	return fmt.Sprintf("%s%d.%09d seconds", sign, uint64(ns)/1e9, uint64(ns)%1e9)
}

func (f *Field) hexDigits(size int) int {
	if _, width := f.Place(); width > 0 {
		return (width + 3) / 4
	}
	return size * 2
}

func showHex(v uint64, digits int) string {
	s := strconv.FormatUint(v, 16)
	return "0x" + strings.Repeat("0", max(0, digits-len(s))) + s
}

func showEnum(names map[uint64]string, v uint64) string {
	name, ok := names[v]
	if !ok {
		name = "unknown"
	}
	return name + " (" + strconv.FormatUint(v, 10) + ")"
}

// number reads up to eight bytes as an unsigned integer in network order.
func number(b []byte) uint64 {
	switch len(b) {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(binary.BigEndian.Uint16(b))
	case 4:
		return uint64(binary.BigEndian.Uint32(b))
	}
	var v uint64
	for _, c := range b[:min(8, len(b))] {
		v = v<<8 | uint64(c)
	}
	return v
}

// count is a number with its noun: "1 byte", "2 bytes".
func count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + one + "s"
}
