package filter_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"strata/layers"
	"strata/layers/filter"
)

// TestErrorsPoint: an error shows where the mistake is, and what to write.
func TestErrorsPoint(t *testing.T) {
	for _, c := range []struct{ text, at, says string }{
		{"tcp.prot == 80", "tcp.prot", "did you mean tcp.port"},
		{"ip && tcp.flags.sin", "tcp.flags.sin", "tcp.flags.syn"},
		{"ip.addr == foo", "foo", "an IPv4 address"},
		{`ip.addr == "10.0.0.1"`, `"10.0.0.1"`, "without the quotes"},
		{"ip.addr == ::1", "::1", "an IPv4 address"},
		{"ip.addr == ipv6.addr", "ipv6.addr", "cannot be compared"},
		{"ip.addr == 10.0.0.0/33", "10.0.0.0/33", "at most 32 bits"},
		{"tcp.port == 70000", "70000", "65535"},
		{"tcp.port = 80", "=", `"=="`},
		{"tcp | udp", "|", `"||"`},
		{"tcp AND udp", "AND", "small letters: and"},
		{"80 == tcp.port", "80", "a field"},
		{"tcp.port in 80", "80", "{80, 443}"},
		{"tcp.port contains 8", "tcp.port", "string(tcp.port)"},
		{"http.host matches \"(\"", `"("`, "missing closing )"},
		{`http.host matches "(?<!a)b"`, `"(?<!a)b"`, "RE2"},
		{`http.host == "abc`, `"abc`, "quote is missing"},
		{"eth.src == 00:11:22", "00:11:22", "[0:3]"},
		{"ip.proto == tcp", "tcp", "in double quotes"},
		{"length(frame) > 1", "length", "len"},
		{"len(frame)", "len(frame)", "compare"},
		{"tcp.port == ", "", "should follow"},
		{"(tcp", "", `")"`},
		{"arp.opcode == asking", "asking", "request"},
		{"frame.time > yesterday", "yesterday", "2026-01-02"},
		{"ip.src[0:0] == 1", "0:0", "at least 1"},
		{"tcp.port & ", "", "should follow"},
	} {
		_, err := filter.Parse(c.text)
		e, ok := err.(*filter.Error)
		if !ok {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got := c.text[e.Pos : e.Pos+e.Len]; got != c.at || !strings.Contains(e.Text, c.says) {
			t.Errorf("%s: at %q: %s; want at %q: … %s …", c.text, got, e.Text, c.at, c.says)
		}
	}
}

// TestTaken: filters with what tshark 4.0 does not take, or takes only by its
// manual, but not in fact.
func TestTaken(t *testing.T) {
	for _, text := range []string{
		`frame[0] == '\n'`,                 // the manual has it; 4.0.17 finds it too long
		`dns.qry.type == "A"`,              // its names of values are others
		`tcp.port > -1`, `ip.ttl - 1 > -5`, // 4.0 compares no unsigned number with one below zero
	} {
		if _, err := filter.Parse(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestArithmetic holds sums to what they are: signs are kept, and nothing
// comes of a division by zero.
func TestArithmetic(t *testing.T) {
	frame := &filter.Frame{Number: 7, Len: 100, CapLen: 60, SinceFirst: 1500 * time.Millisecond, Comments: []string{"one", "two"}, Marked: true}
	tree := layers.Dissect(make([]byte, 60), layers.Options{WireLen: 100})
	for text, want := range map[string]bool{
		"frame.number + 1 == 8": true, "frame.number - 8 == -1": true, "frame.number - 8 < 0": true,
		"frame.number * 6 == 42": true, "frame.number / 2 == 3": true, "frame.number % 4 == 3": true,
		"frame.number / 0 == 0": false, "frame.number % 0 == 0": false,
		"-frame.number == -7": true, "frame.number > -1": true, "frame.number == - 7": false,
		"frame.number + 2 * 3 == 13": true, "{frame.number + 2} * 3 == 27": true, "frame.number & 4 == 4": true,
		"frame.number & 8": false, "frame.number + 1 & 8": true,
		"abs(frame.number - 10) == 3": true, "max(frame.number, 5, 9) == 9": true, "min(frame.number, frame.len) == 7": true,
		"frame.len - frame.cap_len == 40": true, "frame.time_relative == 1.5": true, "frame.time_relative - 2 == -0.5": true,
		"frame.time_relative > 1.499999999": true, "abs(frame.time_relative - 2) < 1": true,
		"frame.number in {-5 .. 7}": true, "frame.number in {8..9, 1..6}": false, "frame.number not in {7}": false,
		"frame.comment == \"two\"": true, "frame.comment != \"two\"": false, "frame.comment === \"two\"": false, "frame.comment !== \"two\"": true,
		"all frame.comment matches \"o\"": true, "count(frame.comment) == 2": true, "count(vlan) == 0": false,
		"len(frame.comment) == 3": true, "upper(frame.comment) == \"ONE\"": true, "frame.comment[-2:] == \"wo\"": true,
		"string(frame.number) == \"7\"": true, "frame.marked": true, "frame.marked == 1": true, "frame.marked == 0": false,
		"frame[0:2] == 00:00": true, "frame[58:2]": true, "frame[59:2]": false, "frame[-60:1]": true, "frame[-61:1]": false,
		"frame[1,2-3,57:] == 00:00:00:00:00:00": true, "frame[:]": true, "eth.src[0] & 01": false,
	} {
		f, err := filter.Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := f.Match(tree, frame); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestNeedsStream(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "tcp.flags.syn == 1": false, "ip.addr == 10.0.0.1 && !udp": false, "tcp.seq_raw > 5": false, "frame.len > 1": false,
		"eth.src[0:3] == 00:00:00": false, "tcp.options.mss_val > 1": false, "arp": false,
		"tcp.seq == 1": true, "tcp.window_size > 1": true, "http": true, "arp || dns.id == 1": true, "frame.protocols == \"a\"": true,
		"data": true, "tcp.port in {1, 2} && len(http.host) > 1": true, "_ws.expert": true,
	} {
		f, err := filter.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if f.NeedsStream() != want {
			t.Errorf("%s: %v", text, !want)
		}
	}
}

// TestExpertsAreKnown: every finding that the dissectors can make, a name and
// then a sentence in their source, can be asked for.
func TestExpertsAreKnown(t *testing.T) {
	protos := map[string]bool{"_ws": true}
	for _, p := range layers.Protos() {
		protos[p.Filter()] = true
	}
	named := regexp.MustCompile(`"(([a-z0-9_]+)(?:\.[A-Za-z0-9_]+)+)", ?"[A-Z]`)
	sources, _ := filepath.Glob("../*.go")
	for _, path := range sources {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		for _, m := range named.FindAllStringSubmatch(string(b), -1) {
			if _, err := filter.Parse(m[1]); err != nil && protos[m[2]] {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}

// TestPatternsAreBounded: no pattern takes much memory or time.
func TestPatternsAreBounded(t *testing.T) {
	start := time.Now()
	for _, text := range []string{`frame matches "((a{500}){500}){500}"`, `frame matches "` + strings.Repeat("(a|b)*", 1000) + `"`} {
		if _, err := filter.Parse(text); err == nil {
			t.Errorf("%.40s: taken", text)
		}
	}
	if strings.Count(strings.Repeat("(", 500)+"tcp"+strings.Repeat(")", 500), "(") > 0 {
		if _, err := filter.Parse(strings.Repeat("(", 500) + "tcp" + strings.Repeat(")", 500)); err == nil {
			t.Error("500 brackets within each other are taken")
		}
	}
	if f, err := filter.Parse(strings.Repeat("tcp || ", 5000) + "tcp"); err != nil || f == nil {
		t.Error("many conditions are not taken: ", err)
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("%v", d)
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		_, _ = filter.Parse(`ip.addr == 10.0.0.0/8 && tcp.port in {80, 443, 8000..8080} and not http.host matches "^www\\."`)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"filters.txt", "wrong.txt"} {
		for _, text := range filters(f, name) {
			f.Add(text)
		}
	}
	frames := merged(f, made[:1])
	f.Fuzz(func(t *testing.T, text string) {
		start := time.Now()
		by, err := filter.Parse(text)
		if err != nil {
			e, ok := err.(*filter.Error)
			if !ok || e.Pos < 0 || e.Len < 0 || e.Pos+e.Len > len(text) || e.Text == "" {
				t.Fatalf("%q: %#v", text, err)
			}
		} else {
			for i := range min(3, len(frames)) {
				agree(t, text, by, &frames[i])
				by.Match(frames[i].tree, &frames[i].meta)
			}
		}
		if from, _ := filter.Complete(text, len(text)); from < 0 || from > len(text) {
			t.Fatalf("%q: completes from %d", text, from)
		}
		if d := time.Since(start); d > 5*time.Second {
			t.Fatalf("%q takes %v", text, d)
		}
	})
}

// TestHeldIsNoData: what a segment holds of a message that a later one
// completes is no data of its own.
func TestHeldIsNoData(t *testing.T) {
	data, err := filter.Parse("data || frame.protocols contains \"data\"")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, fr := range merged(t, made) {
		tree := layers.Dissect(fr.data, layers.Options{WireLen: fr.wire, Kept: 1 << 16})
		for _, p := range tree.Parts {
			if p.Proto != layers.TCP || fr.meta.Len < 70 {
				continue
			}
			if tree.Parts[len(tree.Parts)-1].Proto == layers.Data {
				seen++
			}
			if data.Match(tree, &fr.meta) {
				t.Fatalf("frame %d has data", fr.meta.Number)
			}
		}
	}
	if seen == 0 {
		t.Error("no segment holds anything")
	}
}
