package filter_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"strata/layers"
	"strata/layers/filter"
	"strata/layers/walk"
	"strata/testdata/need"
)

// terms are what random filters are made of: a field, and values that are
// likely to come and others.
var terms = []struct {
	field  string
	values []string
	order  bool // it has < and >
}{
	{"eth.type", []string{"0x800", "0x86dd", "0x806", "0x8100", "100"}, true},
	{"eth.addr", []string{"ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "02:00:00:00:00:01"}, true},
	{"eth.dst", []string{"ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01"}, true},
	{"vlan.id", []string{"0", "1", "100"}, true},
	{"vlan.etype", []string{"0x800", "0x86dd"}, true},
	{"arp.opcode", []string{"1", "2", "reply"}, true},
	{"arp.src.proto_ipv4", []string{"192.0.2.1", "10.0.0.0/8", "0.0.0.0/0"}, true},
	{"ip.src", []string{"192.0.2.1", "10.0.0.0/8", "192.168.0.0/16", "127.0.0.1"}, true},
	{"ip.addr", []string{"192.0.2.1", "10.0.0.0/8", "192.168.0.0/16", "127.0.0.1", "0.0.0.0/1"}, true},
	{"ip.ttl", []string{"0", "1", "64", "128", "255"}, true},
	{"ip.proto", []string{"1", "6", "17", "47"}, true},
	{"ip.hdr_len", []string{"20", "24"}, true},
	{"ip.frag_offset", []string{"0", "185"}, true},
	{"ip.flags", []string{"0", "2"}, true},
	{"ip.flags.mf", []string{"True", "0"}, false},
	{"ip.dsfield.dscp", []string{"0", "46"}, true},
	{"ipv6.addr", []string{"::1", "fe80::/10", "ff00::/8", "::/0", "2001:db8::/64"}, true},
	{"ipv6.nxt", []string{"6", "17", "58", "0"}, true},
	{"ipv6.flow", []string{"0", "0x12345"}, true},
	{"udp.port", []string{"53", "67", "4789", "1024", "65535"}, true},
	{"udp.length", []string{"8", "100"}, true},
	{"tcp.port", []string{"80", "53", "1024", "0", "65535"}, true},
	{"tcp.srcport", []string{"80", "443"}, true},
	{"tcp.flags", []string{"0x2", "0x12", "0x10", "0x18"}, true},
	{"tcp.flags.syn", []string{"1", "0", "False"}, false},
	{"tcp.hdr_len", []string{"20", "32"}, true},
	{"tcp.window_size_value", []string{"0", "65535"}, true},
	{"icmp.type", []string{"0", "3", "8", "11"}, true},
	{"icmp.checksum", []string{"0", "0xffff"}, true},
	{"frame.number", []string{"1", "2", "7"}, true},
	{"frame.len", []string{"60", "64", "1514"}, true},
	{"frame.cap_len", []string{"60", "68"}, true},
	{"frame.time_delta", []string{"0", "0.001"}, true},
	{"dns.id", []string{"1"}, true},
	{"http.response.code", []string{"200"}, true},
	{"tcp.options.mss_val", []string{"1460"}, true},
	{"ip.opt.type", []string{"148"}, true},
	{"data.len", []string{"1"}, true},
}

var present = []string{"eth", "vlan", "arp", "ip", "ipv6", "icmp", "icmpv6", "udp", "tcp", "dns", "http", "data", "frame", "ip#2", "gre", "tls", "tcp.options"}

// randomTest writes a condition.
func randomTest(r *rand.Rand) string {
	if r.IntN(5) == 0 {
		return present[r.IntN(len(present))]
	}
	t := terms[r.IntN(len(terms))]
	value := func() string { return t.values[r.IntN(len(t.values))] }
	switch r.IntN(8) {
	case 0:
		return t.field
	case 1:
		return fmt.Sprintf("%s in {%s, %s}", t.field, value(), value())
	case 2:
		if t.order && !strings.Contains(t.field, "time") && t.field != "http.response.code" && !strings.Contains(t.values[0], ".") && !strings.Contains(t.values[0], ":") {
			return fmt.Sprintf("%s & %s", t.field, value())
		}
	case 3:
		quantifier := []string{"any", "all"}[r.IntN(2)]
		return fmt.Sprintf("%s %s %s %s", quantifier, t.field, []string{"==", "!=", "==="}[r.IntN(3)], value())
	}
	relations := []string{"==", "!=", "===", "!==", "<", "<=", ">", ">="}
	if !t.order {
		relations = relations[:4]
	}
	return fmt.Sprintf("%s %s %s", t.field, relations[r.IntN(len(relations))], value())
}

// randomFilter writes a filter of some conditions.
func randomFilter(r *rand.Rand, depth int) string {
	if depth == 0 || r.IntN(3) == 0 {
		return randomTest(r)
	}
	a, b := randomFilter(r, depth-1), randomFilter(r, depth-1)
	switch r.IntN(3) {
	case 0:
		return "!(" + a + ")"
	case 1:
		return "(" + a + ") && " + b
	}
	return a + " or (" + b + ")"
}

// agree fails where Quick and Match differ, and says whether Quick knew.
func agree(t testing.TB, text string, f *filter.Filter, fr *frame) bool {
	var s walk.Shape
	walk.Walk(&s, fr.data, fr.wire, fr.link, 0)
	v := f.Quick(&s, fr.data, &fr.meta)
	if v == filter.Unknown {
		return false
	}
	if pass := f.Match(fr.tree, &fr.meta); pass != (v == filter.Yes) {
		t.Errorf("%s: frame %d: Quick says %v, Match %v: % x", text, fr.meta.Number, v == filter.Yes, pass, fr.data[:min(len(fr.data), 128)])
	}
	return true
}

// TestQuickIsMatch: what headers alone tell is what the whole frame tells, for
// random filters over the captures of testdata, and over others' with
// STRATA_LONG set.
func TestQuickIsMatch(t *testing.T) {
	files, perFrame := made, 20
	if os.Getenv("STRATA_LONG") != "" {
		files, perFrame = append(files, need.Corpus(t)...), 200
	}
	r := rand.New(rand.NewPCG(1, 2))
	known, all := 0, 0
	for _, path := range files {
		for _, fr := range merged(t, []string{path}) {
			for range perFrame {
				text := randomFilter(r, 3)
				f, err := filter.Parse(text)
				if err != nil {
					t.Fatalf("%s: %v", text, err)
				}
				all++
				if agree(t, text, f, &fr) {
					known++
				}
				if t.Failed() {
					t.Fatalf("in %s", filepath.Base(path))
				}
			}
		}
	}
	t.Logf("Quick knew %d of %d", known, all)
	if known*2 < all {
		t.Error("Quick knows less than half")
	}
}

// TestQuickIsQuick: no memory is taken.
func TestQuickIsQuick(t *testing.T) {
	frames := merged(t, made)
	f, err := filter.Parse("ip.addr == 10.0.0.0/8 && tcp.port == 80 || eth.src == 02:00:00:00:00:01 || frame.len in {60..70} && http")
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(10, func() {
		for i := range frames {
			var s walk.Shape
			walk.Walk(&s, frames[i].data, frames[i].wire, frames[i].link, 0)
			f.Quick(&s, frames[i].data, &frames[i].meta)
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkQuick(b *testing.B) {
	frames := merged(b, made)
	shapes := make([]walk.Shape, len(frames))
	for i := range frames {
		walk.Walk(&shapes[i], frames[i].data, frames[i].wire, frames[i].link, 0)
	}
	for _, text := range []string{
		"tcp.flags.syn == 1", "tcp", "ip.addr == 10.0.0.0/8 && tcp.port == 80", "eth.addr == 02:00:00:00:00:01",
		"tcp.port in {80, 443, 8000..8080} and not ip.ttl < 5", "frame.len > 1000",
	} {
		b.Run(strings.ReplaceAll(text, " ", ""), func(b *testing.B) {
			f, err := filter.Parse(text)
			if err != nil {
				b.Fatal(err)
			}
			known, i := 0, 0
			for b.Loop() {
				if f.Quick(&shapes[i], frames[i].data, &frames[i].meta) != filter.Unknown {
					known++
				}
				if i++; i == len(frames) {
					i = 0
				}
			}
			b.ReportMetric(float64(known)/float64(b.N)*100, "%known")
		})
	}
}

func BenchmarkMatch(b *testing.B) {
	frames := merged(b, made)
	for _, text := range []string{"tcp.flags.syn == 1", "http.host contains \"192\"", "frame matches \"nginx\""} {
		b.Run(strings.ReplaceAll(text, " ", ""), func(b *testing.B) {
			f, err := filter.Parse(text)
			if err != nil {
				b.Fatal(err)
			}
			i := 0
			for b.Loop() {
				f.Match(frames[i].tree, &frames[i].meta)
				if i++; i == len(frames) {
					i = 0
				}
			}
		})
	}
}

func FuzzQuick(f *testing.F) {
	for i, fr := range merged(f, made) {
		if i%20 == 0 {
			f.Add(uint64(i), fr.data)
		}
	}
	f.Fuzz(func(t *testing.T, seed uint64, data []byte) {
		fr := frame{data: data, link: 1, wire: len(data), tree: layers.Dissect(data, layers.Options{}),
			meta: filter.Frame{Number: 1, CapLen: len(data), Len: len(data)}}
		r := rand.New(rand.NewPCG(seed, 0))
		for range 5 {
			text := randomFilter(r, 3)
			by, err := filter.Parse(text)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			agree(t, text, by, &fr)
		}
	})
}
