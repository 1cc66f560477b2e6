package capture

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"strata/layers"
	"strata/layers/pdml"
	"strata/layers/walk"

	"strata/testdata/need"
	"strata/trace"
)

// scoreFile compares a file's dissection with tshark's, frame for frame.
func scoreFile(t *testing.T, scores pdml.Scores, path string, alone bool) {
	t.Helper()
	f, err := Open(path, nil)
	if err == nil {
		f.Wait(math.MaxInt)
	}
	if err != nil {
		return
	}
	defer f.Close()
	score(t, scores, f, path, alone)
}

// score is scoreFile for a file that is open; args are more settings of tshark.
func score(t *testing.T, scores pdml.Scores, f *File, path string, alone bool, args ...string) {
	t.Helper()
	if alone {
		args = append(args, pdml.Alone...)
	}
	n := 0
	pdml.Tshark(t, path, func(protos []pdml.Element) {
		if n < f.Frames() {
			tree, m, err := f.Dissect(n, alone)
			if err != nil {
				t.Error(err)
			} else if m.LinkType == walk.LinkEthernet {
				scores.Add(tree, ofThisFrame(protos), fmt.Sprintf("%s:%d", filepath.Base(path), n+1))
			}
		}
		n++
	}, args...)
	if n != f.Frames() && n > 0 { // 0: a link type that this tshark does not know
		t.Errorf("%s: tshark reads %d frames, we %d (%v)", path, n, f.Frames(), f.Progress().Damage)
	}
}

// ofThisFrame leaves out what tshark tells of other frames, the list of those
// that a stream or a packet was put together from, and the file's comments.
func ofThisFrame(elements []pdml.Element) []pdml.Element {
	return slices.DeleteFunc(elements, func(e pdml.Element) bool {
		if e.Name == "ip" {
			e.Children = ofThisFrame(e.Children)
		}
		return e.Name == "pkt_comment" || e.Name == "fake-field-wrapper" || e.Name == "ip.fragments"
	})
}

// report logs the scores, and fails where a protocol has a lower share of
// tshark's fields than it should: a share of usual, or what least says.
func report(t *testing.T, scores pdml.Scores, usual float64, least map[string]float64) {
	t.Helper()
	var names []string
	for name := range scores {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		s := scores[name]
		want, ok := least[name]
		if !ok {
			want = usual
		}
		if s.Share() < want || want == 1 && s.Extra > 0 {
			t.Errorf("%s is less like tshark than %.2f %%", name, 100*want)
		}
		t.Logf("%-5s %6d fields, %6d the same (%.2f %%), %d extra", name, s.Want, s.Matched, 100*s.Share(), s.Extra)
		for i, list := range []map[string]int{s.Missing, s.Surplus} {
			var lines []string
			for line, n := range list {
				lines = append(lines, fmt.Sprintf("%6d %s %s", n, []string{"missing", "surplus"}[i], line))
			}
			slices.Sort(lines)
			slices.Reverse(lines)
			for _, line := range lines[:min(len(lines), 12)] {
				t.Log(line)
			}
		}
	}
}

// TestDissectsLikeTshark: our own captures, with reassembly and without, have
// tshark's names, nesting, places and bytes: all of them, and no others.
func TestDissectsLikeTshark(t *testing.T) {
	for _, alone := range []bool{false, true} {
		scores := pdml.Scores{}
		for _, name := range ownCaptures {
			scoreFile(t, scores, filepath.Join("../testdata", name), alone)
		}
		report(t, scores, 1, nil)
		if len(scores) < 8 {
			t.Errorf("only %d protocols", len(scores))
		}
	}
}

// TestCorpusLikeTshark compares others' captures with tshark's reading, put
// together and each frame alone. It takes some minutes, and is run only with
// STRATA_LONG set: to 1, or to a part of the names of the files to compare.
func TestCorpusLikeTshark(t *testing.T) {
	if os.Getenv("STRATA_LONG") == "" {
		t.Skip("set STRATA_LONG to compare the corpus with tshark")
	}
	some := os.Getenv("STRATA_LONG") // a part of the names, or 1 for all
	for _, alone := range []bool{false, true} {
		scores := pdml.Scores{}
		for _, path := range need.Corpus(t) {
			if some == "1" || strings.Contains(path, some) {
				scoreFile(t, scores, path, alone)
			}
		}
		report(t, scores, 0.98, map[string]float64{
			"eth": 0.999, "tcp": 0.999, "dns": 0.999, "icmp": 0.999, "udp": 0.999, "ip": 0.999, "ipv6": 0.999, "arp": 0.999, "vlan": 0.999,
		})
	}
}

// jsonFrame is a line of dissect's output.
type jsonFrame struct {
	Frame       int
	Time        string
	CapLen, Len int
	Layers      []jsonLayer
	Expert      []struct{ Severity, Name, Text string }
}

type jsonLayer struct {
	Proto    string
	Pos, Len int
	In       string
	Fields   []jsonField
}

type jsonField struct {
	Name        string
	Pos, Len    int
	In          string
	Bit, Bits   int
	Value, Show string
	Fields      []jsonField
}

// TestJSON: each line is valid, and says what the tree says.
func TestJSON(t *testing.T) {
	for _, name := range append([]string{"lan"}, ownCaptures...) {
		f := openBytes(t, "lan.pcapng", lanFile())
		if name != "lan" {
			f = openOwn(t, name)
		}
		var out bytes.Buffer
		if err := f.WriteJSON(&out, false, nil, func(trace.Progress) {}); err != nil {
			t.Fatal(err)
		}
		lines := bytes.Split(bytes.TrimSuffix(out.Bytes(), []byte("\n")), []byte("\n"))
		if len(lines) != f.Frames() {
			t.Fatalf("%s: %d lines for %d frames", name, len(lines), f.Frames())
		}
		for n, line := range lines {
			var got jsonFrame
			d := json.NewDecoder(bytes.NewReader(line))
			d.DisallowUnknownFields()
			if err := d.Decode(&got); err != nil {
				t.Fatalf("%s, frame %d: %v", name, n+1, err)
			}
			tree, m, err := f.Dissect(n, false)
			if err != nil {
				t.Fatal(err)
			}
			want := jsonFrame{Frame: n + 1, Time: m.Time.Format("2006-01-02T15:04:05.000000000Z"), CapLen: len(tree.Data), Len: m.WireLen}
			for _, p := range tree.Parts {
				want.Layers = append(want.Layers, jsonLayer{p.Proto.Filter(), p.Pos, p.Len, inWords(tree, p.In), jsonFields(tree, p.Pos, p.Fields)})
			}
			for _, e := range tree.Expert {
				want.Expert = append(want.Expert, struct{ Severity, Name, Text string }{e.Severity.String(), e.Name, e.Text})
			}
			if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
				t.Fatalf("%s, frame %d:\n got %s\nwant %s", name, n+1, g, w)
			}
		}
	}
}

func inWords(tree *layers.Tree, in layers.Source) string {
	switch {
	case in == layers.InFrame:
		return ""
	case tree.Decrypted(in):
		return "decrypted"
	}
	return "reassembled"
}

func jsonFields(tree *layers.Tree, parent int, nodes []layers.Node) (out []jsonField) {
	for _, n := range nodes {
		pos := n.Pos
		if pos < parent { // PDML counts it from there
			pos += parent
		}
		data := tree.Buffer(n.In)
		f := jsonField{
			Name: n.Field.Name, Pos: pos, Len: n.Len, In: inWords(tree, n.In), Value: hex.EncodeToString(data[n.Pos : n.Pos+n.Len]),
			Show: n.Show, Fields: jsonFields(tree, n.Pos, n.Children),
		}
		if n.Bits > 0 {
			f.Bit, f.Bits = n.Bit, n.Bits
		}
		out = append(out, f)
	}
	return out
}

// TestJSONEscapes: what a string holds can neither break a line nor reach a
// terminal as a control character.
func TestJSONEscapes(t *testing.T) {
	const hostile = "a\"b\\c\x00\x1b[2J\x7f\u0085\xff\u2028é"
	var e encoder
	e.str(hostile)
	var back string
	if err := json.Unmarshal(e.b, &back); err != nil || back != "a\"b\\c\x00\x1b[2J\x7f\u0085\ufffd\u2028é" {
		t.Errorf("%s becomes %q, %v", e.b, back, err)
	}
	for _, c := range string(e.b) {
		if c < ' ' || c >= 0x7f && c < 0xa0 {
			t.Errorf("%q holds the control character %q", e.b, c)
		}
	}
}
