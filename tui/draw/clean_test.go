package draw

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// TestCellsStandAlone: no rune that gets cells of its own joins another one in
// a grapheme cluster, which a terminal may draw in fewer cells.
func TestCellsStandAlone(t *testing.T) {
	// A Latin letter, Hangul syllables with and without a final consonant, a
	// consonant that conjuncts are made of, and one that takes a mark.
	beside := []string{"a", "가", "한", "क", "ก"}
	for r := rune(0xa0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) || Cells(r) == 0 {
			continue
		}
		for _, other := range append(beside, string(r)) {
			for _, s := range []string{other + string(r), string(r) + other} {
				if cluster, _ := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth); cluster == s {
					t.Fatalf("%U has %d cells, but %q is one cluster", r, Cells(r), s)
				}
			}
		}
		if wide := ansi.StringWidth(string(r)); wide != Cells(r) {
			t.Fatalf("%U has %d cells, and %d where clusters are counted", r, Cells(r), wide)
		}
	}
}
