package filter_test

import (
	"slices"
	"testing"
	"time"

	"strata/layers/filter"
)

func TestComplete(t *testing.T) {
	for _, c := range []struct {
		text string // the cursor is at its end
		from int
		want []string // among the suggestions
		not  []string
	}{
		{"", 0, []string{"tcp", "ip", "frame", "len("}, []string{"tcp.port"}},
		{"tc", 0, []string{"tcp", "tcp.port"}, []string{"ip"}},
		{"TC", 0, []string{"tcp"}, nil},
		{"tcp.", 0, []string{"tcp.port", "tcp.flags"}, []string{"tcp.flags.syn", "tcp"}},
		{"tcp.fl", 0, []string{"tcp.flags", "tcp.flags.syn"}, []string{"tcp.port"}},
		{"tcp.flags.", 0, []string{"tcp.flags.syn"}, []string{"tcp.flags"}},
		{"udp && tcp.po", 7, []string{"tcp.port"}, nil},
		{"!(ar", 2, []string{"arp"}, nil},
		{"tcp.port ", 9, []string{"==", "in", "&", "&&"}, []string{"contains"}},
		{"http.host ", 10, []string{"==", "contains", "matches"}, []string{"&"}},
		{"http.host con", 10, []string{"contains"}, []string{"=="}},
		{"tcp.flags.syn == ", 17, []string{"True", "False"}, nil},
		{"arp.opcode == ", 14, []string{`"request"`, `"reply"`}, nil},
		{`arp.opcode == "requ`, 14, []string{`"request"`}, []string{`"reply"`}},
		{"arp.opcode in {1, ", 18, []string{`"reply"`}, nil},
		{"tcp.port == 80 ", 15, []string{"&&", "||"}, []string{"=="}},
		{"tcp.srcport == tcp.dst", 15, []string{"tcp.dstport"}, nil},
		{"len(http.ho", 4, []string{"http.host"}, nil},
		{"string(", 7, []string{"tcp"}, nil},
		{`http.host matches "x`, 18, nil, []string{"tcp"}},
		{"é", 2, nil, nil},
	} {
		from, list := filter.Complete(c.text, len(c.text))
		var got []string
		for _, s := range list {
			got = append(got, s.Text)
		}
		if from != c.from {
			t.Errorf("%q: from %d, want %d", c.text, from, c.from)
		}
		for _, w := range c.want {
			if !slices.Contains(got, w) {
				t.Errorf("%q: no %s in %v", c.text, w, got)
			}
		}
		for _, w := range c.not {
			if slices.Contains(got, w) {
				t.Errorf("%q: %s should not be there", c.text, w)
			}
		}
	}
}

// TestCompleteGoesOn: what is suggested makes the text longer, and never
// panics, wherever the cursor stands.
func TestCompleteGoesOn(t *testing.T) {
	start := time.Now()
	n := 0
	for _, text := range append(filters(t, "filters.txt"), filters(t, "wrong.txt")...) {
		for at := 0; at <= len(text); at++ {
			from, list := filter.Complete(text, at)
			if from < 0 || from > at || len(list) > 320 {
				t.Fatalf("%q at %d: from %d, %d suggestions", text, at, from, len(list))
			}
			n++
		}
	}
	t.Logf("%v each", time.Since(start)/time.Duration(n))
}

func BenchmarkComplete(b *testing.B) {
	for b.Loop() {
		filter.Complete("udp && t", 8)
	}
}
