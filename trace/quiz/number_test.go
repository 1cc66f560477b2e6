package quiz

import (
	"strings"
	"testing"

	"strata/layers"
	"strata/trace"
)

func TestNumberSpellings(t *testing.T) {
	for _, c := range []struct {
		answer, question, text string
		right                  bool
		err                    string
	}{
		{"2", "After how many seconds?", "2", true, ""},
		{"2", "After how many seconds?", "2 s", true, ""},
		{"2", "After how many seconds?", " 2s ", true, ""},
		{"2", "After how many seconds?", "2000 ms", true, ""},
		{"2", "After how many seconds?", "2000ms", true, ""},
		{"2", "After how many seconds?", "2,0 sec", true, ""},
		{"2", "After how many seconds?", "2000", false, ""},
		{"2", "After how many seconds?", "2 bytes", false, ""},
		{"2", "After how many seconds?", "two", false, `"two" is not a number`},
		{"2", "After how many seconds?", "", false, `"" is not a number`},
		{"40", "After how many milliseconds will it come?", "0.04 s", true, ""},
		{"40", "After how many milliseconds will it come?", "40 milliseconds", true, ""},
		{"14.1", "After how many seconds of the run?", "14.1", true, ""},
		{"14.1", "After how many seconds of the run?", "14.3", false, ""},
		{"200 ms", "How long?", "0.2 s", true, ""},
		{"200 ms", "How long?", "200", true, ""},
		{"1460", "How many bytes?", "1460", true, ""},
		{"1460", "How many bytes?", "1,460", true, ""},
		{"1460", "How many bytes?", "1_460", true, ""},
		{"1460", "How many bytes?", "0x5b4", true, ""},
		{"1460", "How many bytes?", "1.46 kB", true, ""},
		{"1460", "How many bytes?", "1461", false, ""},
		{"1460", "How many bytes?", "-1460", false, ""},
		{"68494", "How many segments of 1460 bytes?", "68494 segments", true, ""},
		{"4", "How many segments will there be?", "4 segments", true, ""},
		{"4", "How many segments will there be?", "4 s", false, ""},
		{"4", "How many segments will there be?", "4 apples", false, `"apples" is no unit`},
		{"10", "How many Mbit/s does each get?", "10000 kbit/s", true, ""},
		{"6", "About how many percent are lost?", "6 %", true, ""},
		{"1", "By how much is it higher?", "1", true, ""},
		{"1", "By how much is it higher?", "99999999999999999999999999", false, ""},
		{"1", "By how much is it higher?", "1e400", false, "is no unit"},
		{"0", "How many bytes?", "0", true, ""},
	} {
		n, ok := newNumber(c.answer, c.question)
		if !ok {
			t.Errorf("%q is no answer", c.answer)
			continue
		}
		right, _, err := n.fits(c.text)
		if right != c.right || err == nil && c.err != "" || err != nil && (c.err == "" || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%s %q for %s: %v, %v", c.question, c.text, c.answer, right, err)
		}
	}
}

func TestAnswersOfAuthors(t *testing.T) {
	for text, want := range map[string]bool{
		"2": true, "2.5": true, "200 ms": true, "0x10": true, "-1": true, "5 %": true, "64 bytes": true,
		"many": false, "": false, "2 apples": false, "ms": false, "1.2.3": false,
	} {
		if IsNumber(text) != want {
			t.Errorf("IsNumber(%q) is not %v", text, want)
		}
	}
}

func TestSequenceNumbers(t *testing.T) {
	n := number{value: 4294967290 + 10 - (1 << 32) + 1, seq: true, base: 4294967290} // it wraps: raw 5, relative 11
	for text, want := range map[string]bool{"5": true, "11": true, "0x5": true, "4": false, "12": false, "4294967295": false} {
		if right, _, err := n.fits(text); right != want || err != nil {
			t.Errorf("%s: %v, %v", text, right, err)
		}
	}
	if _, note, _ := n.fits("10"); !strings.Contains(note, "too few") {
		t.Errorf("10: %q", note)
	}
	if s := n.String(); s != "5 (relative 11)" {
		t.Error(s)
	}
}

func TestFieldSpellings(t *testing.T) {
	info := &trace.Info{Nodes: []trace.Node{{Name: "client", Addrs: []string{"10.0.1.2"}}, {Name: "r1", Addrs: []string{"10.0.1.1"}}},
		Links: []trace.Link{{Ends: [2]trace.End{{Node: 0, If: "eth0", MAC: [6]byte{2, 0, 0, 0, 1, 1}}, {Node: 1, If: "eth0", MAC: [6]byte{2, 0, 0, 0, 2, 0xab}}}}}}
	names := map[uint64]string{0: "bad", 1: "good"}
	for _, c := range []struct {
		kind       layers.Type
		value      uint64
		show, text string
		right, err bool
	}{
		{layers.TypeMAC, 0, "02:00:00:00:02:ab", "02:00:00:00:02:ab", true, false},
		{layers.TypeMAC, 0, "02:00:00:00:02:ab", "02-00-00-00-02-AB", true, false},
		{layers.TypeMAC, 0, "02:00:00:00:02:ab", "0200.0000.02ab", true, false},
		{layers.TypeMAC, 0, "02:00:00:00:02:ab", "r1", true, false},
		{layers.TypeMAC, 0, "02:00:00:00:02:ab", "r1's", true, false},
		{layers.TypeMAC, 0, "02:00:00:00:02:ab", "R1:eth0", true, false},
		{layers.TypeMAC, 0, "02:00:00:00:02:ab", "client", false, false},
		{layers.TypeMAC, 0, "02:00:00:00:02:ab", "server", false, true},
		{layers.TypeMAC, 0, "ff:ff:ff:ff:ff:ff", "broadcast", true, false},
		{layers.TypeIPv4, 0, "10.0.1.2", "10.0.1.2", true, false},
		{layers.TypeIPv4, 0, "10.0.1.2", "client", true, false},
		{layers.TypeIPv4, 0, "10.0.1.2", "r1", false, false},
		{layers.TypeIPv4, 0, "10.0.1.2", "10.0.1", false, true},
		{layers.TypeIPv6, 0, "fe80::1", "FE80:0::1", true, false},
		{layers.TypeUint, 64, "64", "64", true, false},
		{layers.TypeUint, 64, "64", "0x40", true, false},
		{layers.TypeUint, 64, "64", "40", false, false},
		{layers.TypeUint, 64, "64", "x", false, true},
		{layers.TypeUint, 20, "20 bytes", "20 bytes", true, false},
		{layers.TypeHex, 0x1a2b, "0x1a2b", "1a2b", true, false},
		{layers.TypeHex, 0x1a2b, "0x1a2b", "0x1A2B", true, false},
		{layers.TypeHex, 0x1a2b, "0x1a2b", "6699", true, false},
		{layers.TypeBool, 1, "set", "1", true, false},
		{layers.TypeBool, 1, "set", "Set", true, false},
		{layers.TypeBool, 1, "set", "not set", false, false},
		{layers.TypeBool, 0, "not set", "0", true, false},
		{layers.TypeBool, 0, "not set", "perhaps", false, true},
		{layers.TypeEnum, 0, "bad (0)", "Bad", true, false},
		{layers.TypeEnum, 0, "bad (0)", "0", true, false},
		{layers.TypeEnum, 0, "bad (0)", "bad (0)", true, false},
		{layers.TypeEnum, 0, "bad (0)", "good", false, false},
		{layers.TypeString, 0, "/index.html", "/index.html", true, false},
		{layers.TypeUint, 64, "64", "  ", false, false},
	} {
		b := blank{info: info, node: layers.Node{Field: &layers.Field{Type: c.kind, Names: names, Label: "x"}, Uint: c.value, Show: c.show}}
		right, err := b.fits(c.text)
		if right != c.right || (err != nil) != c.err {
			t.Errorf("%q for %s: %v, %v", c.text, c.show, right, err)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	for _, s := range []string{"2 s", "0x", "1,460", "1_", "--1", "9999999999999999999999", "1.2.3", "\xff", "0x5b4 bytes"} {
		f.Add(s)
	}
	n, _ := newNumber("1460", "How many bytes?")
	seq := number{value: 5, seq: true, base: 4}
	b := blank{info: &trace.Info{}, node: layers.Node{Field: &layers.Field{Type: layers.TypeMAC}, Show: "02:00:00:00:00:01"}}
	f.Fuzz(func(t *testing.T, s string) {
		n.fits(s)
		seq.fits(s)
		newNumber(s, s)
		for kind := layers.TypeNone; kind <= layers.TypeRelTime; kind++ {
			b.node.Field = &layers.Field{Type: kind}
			b.fits(s)
		}
	})
}
