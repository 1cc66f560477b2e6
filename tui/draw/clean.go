package draw

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Clean makes any string safe to show: what has no cell of its own on the
// screen (controls, escape sequences, marks that change the direction of
// writing, zero-width and combining characters, bytes that are not UTF-8)
// becomes a readable escape, as in Go: \n, \x1b, \u202e.
func Clean(s string) string {
	if plainASCII(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case Cells(r) > 0:
			b.WriteString(s[i : i+n])
		default:
			b.WriteString(escape(r))
		}
		i += n
	}
	return b.String()
}

func plainASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func escape(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < 0x80:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// Cells is how many cells a rune takes: 1, 2 for the East Asian scripts that
// every terminal draws two wide, and 0 for all that must be escaped. Symbols
// that terminals disagree about, such as emoji, are among the last.
func Cells(r rune) int {
	switch {
	case r >= ' ' && r <= '~':
		return 1
	case r < 0xa0 || r == 0x2800 || !unicode.IsGraphic(r) || unicode.Is(unicode.M, r) || unicode.Is(unicode.Zs, r):
		return 0
	case reordered(r), unicode.Is(joining, r):
		return 0
	}
	switch w := ansi.StringWidthWc(string(r)); {
	case w == 1:
		return 1
	case w == 2 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, hangulSyllables, wideForms):
		return 2
	}
	return 0
}

// reordered are the letters of scripts written from right to left: a terminal
// that knows them would move their neighbours on the line, too.
func reordered(r rune) bool {
	return r >= 0x0590 && r <= 0x08ff || r >= 0xfb1d && r <= 0xfdff || r >= 0xfe70 && r <= 0xfeff ||
		r >= 0x10800 && r <= 0x10fff || r >= 0x1e800 && r <= 0x1efff
}

var (
	hangulSyllables = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0xac00, Hi: 0xd7a3, Stride: 1}}}
	wideForms       = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x3001, Hi: 0x303d, Stride: 1}, {Lo: 0xff01, Hi: 0xff60, Stride: 1}}}
)

// joining are the letters that a terminal which counts grapheme clusters (UAX
// #29) puts into one cell with a neighbour: Hangul's single letters, letters
// that stand before or after another as a mark would, and regional indicators,
// two of which are a flag on some terminals.
var joining = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x0d4e, Hi: 0x0d4e, Stride: 1}, {Lo: 0x0e33, Hi: 0x0e33, Stride: 1}, {Lo: 0x0eb3, Hi: 0x0eb3, Stride: 1},
		{Lo: 0x1100, Hi: 0x11ff, Stride: 1}, {Lo: 0xa960, Hi: 0xa97c, Stride: 1}, {Lo: 0xd7b0, Hi: 0xd7fb, Stride: 1},
		{Lo: 0xff9e, Hi: 0xff9f, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x111c2, Hi: 0x111c3, Stride: 1}, {Lo: 0x1193f, Hi: 0x1193f, Stride: 1}, {Lo: 0x11941, Hi: 0x11941, Stride: 1},
		{Lo: 0x11a84, Hi: 0x11a89, Stride: 1}, {Lo: 0x11d46, Hi: 0x11d46, Stride: 1}, {Lo: 0x11f02, Hi: 0x11f02, Stride: 1},
		{Lo: 0x1f1e6, Hi: 0x1f1ff, Stride: 1},
	},
}

// asciiSigns stand for the glyphs on terminals that cannot show them, or show
// them two cells wide.
var asciiSigns = map[rune]string{
	'✗': "X", '↻': "R", '►': ">", '◄': "<", '⇄': "<>", '▐': "#", '▸': "+", '▾': "v", '✓': "y", '↵': "Enter",
	'─': "-", '│': "|", '├': "|", '┤': "|", '┼': "+", '┌': "+", '┐': "+", '└': "+", '┘': "+", '┬': "+", '┴': "+", '▂': ".", '▄': ":", '▇': "|", '·': ".",
	'←': "<", '→': ">", '↑': "^", '↓': "v",
	'µ': "u", '×': "x", '−': "-", '–': "-", '—': "-", '‘': "'", '’': "'", '“': `"`, '”': `"`, '…': "...", '≥': ">=", '≤': "<=",
}

// ToASCII replaces every glyph of a clean string by its sign.
func ToASCII(s string) string {
	if plainASCII(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		sign, ok := asciiSigns[r]
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case ok:
			b.WriteString(sign)
		default:
			b.WriteString(strings.Repeat("?", Cells(r)))
		}
	}
	return b.String()
}
