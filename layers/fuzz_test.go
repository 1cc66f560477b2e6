package layers_test

import (
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"strata/layers"
	"strata/testdata/need"
)

// check holds a tree to what Dissect promises of every frame.
func check(t *testing.T, tree *layers.Tree) {
	t.Helper()
	covered := [][]bool{make([]bool, len(tree.Data)), make([]bool, len(tree.Reassembled))}
	for _, b := range tree.Bodies {
		covered = append(covered, make([]bool, len(b)))
	}
	for _, p := range tree.Parts {
		data := covered[p.In]
		if p.Pos < 0 || p.Len < 0 || p.Pos+p.Len > len(data) || p.Payload < p.Pos || p.Payload > len(data) {
			t.Fatalf("%v part at %d+%d, payload %d, of %d", p.Proto, p.Pos, p.Len, p.Payload, len(data))
		}
		printable(t, p.Summary)
		mark(data, p.Pos, p.Len)
		for _, n := range p.Fields {
			checkNode(t, covered, n, 0)
			mark(covered[n.In], n.Pos, n.Len)
		}
	}
	for in := range covered {
		for i, ok := range covered[in] {
			if !ok {
				t.Fatalf("byte %d of buffer %d is in no part", i, in)
			}
		}
	}
	label, _ := tree.Label()
	printable(t, label)
	for _, e := range tree.Expert {
		printable(t, e.Text)
		if e.Pos < 0 || e.Len < 0 || e.Pos+e.Len > len(tree.Data) {
			t.Fatalf("expert %s at %d+%d", e.Name, e.Pos, e.Len)
		}
	}
}

func mark(data []bool, pos, n int) {
	for i := pos; i < pos+n; i++ {
		data[i] = true
	}
}

func checkNode(t *testing.T, covered [][]bool, n layers.Node, depth int) {
	if n.Pos < 0 || n.Len < 0 || n.Pos+n.Len > len(covered[n.In]) {
		t.Fatalf("%s at %d+%d of %d", n.Field.Name, n.Pos, n.Len, len(covered[n.In]))
	}
	if depth > 40 {
		t.Fatalf("%s is nested too deep", n.Field.Name)
	}
	if n.Bits > 0 && n.Bit+n.Bits > n.Len*8 {
		t.Fatalf("%s: bits %d+%d of %d bytes", n.Field.Name, n.Bit, n.Bits, n.Len)
	}
	printable(t, n.Show)
	if n.In > layers.InReassembled { // a body that hangs within another buffer's field
		mark(covered[n.In], n.Pos, n.Len)
	}
	for _, c := range n.Children {
		checkNode(t, covered, c, depth+1)
	}
}

func printable(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Fatalf("not UTF-8: %q", s)
	}
	for _, r := range s {
		if !unicode.IsPrint(r) || unicode.Is(unicode.M, r) {
			t.Fatalf("not printable: %q", s)
		}
	}
}

func FuzzDissect(f *testing.F) {
	for _, s := range append(seeds(), quicFrames()...) {
		f.Add(s, []byte(nil), byte(0))
		f.Add(s, s, byte(1))
	}
	f.Fuzz(func(t *testing.T, data, reassembled []byte, how byte) {
		if len(data) > 1<<16 || len(reassembled) > 1<<16 {
			return
		}
		o := layers.Options{Kept: int(how&1) * 7, Taken: int(how>>1) & 1 * 5, FCSLen: []int{0, 4, -1, 0}[how>>1&3], First: layers.Proto(how >> 3 & 31)}
		if how&0x80 != 0 {
			o.WireLen = len(data) + 100
		}
		if len(reassembled) > 0 {
			o.Reassembled = reassembled
		}
		start := time.Now()
		tree := layers.Dissect(data, o)
		if took := time.Since(start); took > 10*time.Second {
			t.Fatalf("took %v", took)
		}
		check(t, tree)
	})
}

// TestDissectKeepsItsPromises tries every frame of the corpus, whole and cut.
func TestDissectKeepsItsPromises(t *testing.T) {
	n := 0
	for _, path := range need.Corpus(t) {
		frames, _ := readCapture(t, path)
		for _, f := range frames[:min(len(frames), 200)] {
			check(t, layers.Dissect(f.data, layers.Options{WireLen: f.wire, First: f.first}))
			cut := len(f.data) * (n % 16) / 16
			check(t, layers.Dissect(f.data[:cut], layers.Options{WireLen: f.wire, First: f.first}))
			check(t, layers.Dissect(f.data[:cut], layers.Options{First: f.first}))
			n++
		}
	}
	t.Logf("%d frames", n)
}
