package export

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"strata/layers"
	"strata/testdata/golden"
	"strata/trace"
)

func export(t *testing.T, tr trace.Trace, f Format, ends ...trace.EndID) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, tr, f, Part{Ends: ends}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	for _, name := range Formats() {
		t.Run(name, func(t *testing.T) {
			golden.Check(t, "story."+name, string(export(t, lossAndResend(), Format(name))))
		})
	}
}

// No control character of a name, a title or a payload may reach a terminal.
func TestNoControlCharacters(t *testing.T) {
	for _, f := range []Format{JSONLines, Text, Mermaid, SVG} {
		for i, r := range string(export(t, lossAndResend(), f)) {
			if isControl(r) && r != '\n' {
				t.Errorf("%s: control character %U at byte %d", f, r, i)
			}
		}
	}
}

func TestJSONLinesAreJSON(t *testing.T) {
	s := lossAndResend()
	lines := strings.Split(strings.TrimSuffix(string(export(t, s, JSONLines)), "\n"), "\n")
	if len(lines) != s.Events()+1 {
		t.Fatalf("%d lines for %d events", len(lines), s.Events())
	}
	for i, line := range lines {
		var v map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("line %d: %v: %s", i+1, err, line)
		}
		if i > 0 && v["n"] != float64(i) {
			t.Errorf("line %d has event %v", i+1, v["n"])
		}
	}
}

func TestSVGIsXML(t *testing.T) {
	d := xml.NewDecoder(bytes.NewReader(export(t, lossAndResend(), SVG)))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// A drawing of a large trace is bounded, and says that it is.
func TestLargeTracesAreCutShort(t *testing.T) {
	s := newStory()
	for range 2000 {
		s.now += trace.Millisecond
		s.down(0x02, 0, 0, 0, 0, "")
	}
	for _, f := range []Format{Mermaid, SVG} {
		got := export(t, s, f)
		if len(got) > 200_000 {
			t.Errorf("%s: %d bytes for 2000 frames", f, len(got))
		}
		if !bytes.Contains(got, []byte("1700 of 2000 frames and 1 of 3 nodes are left out")) {
			t.Errorf("%s does not say what it left out", f)
		}
	}
}

// Beside the frames stands what the scenario tells, why something was lost or
// sent again, and for how long nothing was sent.
func TestDrawingsTellTheStory(t *testing.T) {
	s := lossAndResend()
	s.Info().Narration = map[trace.EventID]string{s.Frame(2).Transmit: "The request\nis <on> its way."}
	svg, mmd := string(export(t, s, SVG)), string(export(t, s, Mermaid))
	for _, want := range []string{
		">The request is &lt;on&gt; its way.<", ">✗ because fault.loss-aimed.<", ">↻ because capture.resent.<",
		">~ 1 s<", ">6 frames in 1.023 s, 2 lost or refused, 2 sent again<", "T4 transport", ">~ a pause, drawn shorter<",
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("the SVG does not say %q", want)
		}
	}
	if strings.Contains(svg, "N3 network") {
		t.Error("the SVG's legend has a layer that is not drawn")
	}
	for _, want := range []string{"Note over n0,n1: The request is #60;on#62; its way.\n", "Note over n0,n2: ~ 1 s, nothing\n"} {
		if !strings.Contains(mmd, want) {
			t.Errorf("the diagram does not say %q", want)
		}
	}
}

func TestWrapped(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "",
		"one two\nthree":        "one two|three",
		"a-word-that-is-longer": "a-word-t~|hat-is-l~|onger",
		"ab\x1b[2m ä ö ü cde":   "ab?[2m ä|ö ü cde",
	} {
		if got := strings.Join(wrapped(text, 9), "|"); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// Of a network with many nodes, the first conversation is drawn.
func TestLargeNetworksShowOneConversation(t *testing.T) {
	s := lossAndResend()
	for range 2 * maxNodes {
		s.Info().Nodes = append(s.Info().Nodes, trace.Node{Name: "idle"})
	}
	arp := s.Seal(make([]byte, 14), s.Wrap(layers.ARP, make([]byte, layers.ARPSize), 0, 0, 0), layers.ARPSize)
	s.add(0, trace.Transmit, layers.Wire, arp, 0, 0, "")
	if got := export(t, s, Mermaid); !bytes.Contains(got, []byte("1 of 7 frames and 24 of 27 nodes are left out")) {
		t.Errorf("%s", got)
	}
}

func TestEmptyTrace(t *testing.T) {
	for _, f := range Formats() {
		export(t, trace.NewLog(trace.Info{Name: "empty"}), Format(f))
	}
}

type fullDisk struct{ room int }

var errFull = errors.New("no space left")

func (d *fullDisk) Write(b []byte) (int, error) {
	if d.room -= len(b); d.room < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestWriterErrorsAreReturned(t *testing.T) {
	s := lossAndResend()
	for range 2000 {
		s.down(0x02, 0, 0, 0, 0, "")
	}
	for _, name := range Formats() {
		for _, room := range []int{0, 1 << 16} {
			if err := Write(&fullDisk{room}, s, Format(name), Part{}); room < len(export(t, s, Format(name))) && !errors.Is(err, errFull) {
				t.Errorf("%s with room for %d bytes: error %v", name, room, err)
			}
		}
	}
}

func TestFormatOf(t *testing.T) {
	for path, want := range map[string]Format{"a.pcapng": PcapNG, "b/c.JSONL": JSONLines, "x.y.txt": Text, "m.mmd": Mermaid, "s.svg": SVG} {
		if got, err := FormatOf(path); got != want || err != nil {
			t.Errorf("FormatOf(%q) = %q, %v", path, got, err)
		}
	}
	for _, path := range []string{"a", "a.pcap", "pcapng", ""} {
		if got, err := FormatOf(path); err == nil {
			t.Errorf("FormatOf(%q) = %q, no error", path, got)
		}
	}
}

func TestEndNamed(t *testing.T) {
	info := lossAndResend().Info()
	if e, err := EndNamed(info, "r1:eth1"); e != 2 || err != nil {
		t.Errorf("r1:eth1 is %d, %v", e, err)
	}
	if _, err := EndNamed(info, "r1:eth9"); err == nil || !strings.Contains(err.Error(), "client:eth0, r1:eth0, r1:eth1, server:eth0") {
		t.Errorf("r1:eth9: %v", err)
	}
}

func BenchmarkWrite(b *testing.B) {
	s := lossAndResend()
	for i := range 10000 {
		s.down(0x10, i, 0, 30, 0, "capture.resent")
	}
	for _, f := range []Format{PcapNG, JSONLines, Text} {
		b.Run(string(f), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := Write(io.Discard, s, f, Part{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*s.Events()), "ns/event")
		})
	}
}

// What waits for an ARP answer is not in the question's frame, though it
// caused it.
func TestCommentIsOfTheFrameItself(t *testing.T) {
	s := newStory()
	_, packet, _ := s.segment(0x02, 0, 0, 0)
	c := s.add(0, trace.Encapsulate, layers.IPv4, packet, 0, trace.NoEnd, "ip.packet")
	c = s.add(0, trace.Hold, layers.ARP, packet, c, trace.NoEnd, "arp.wait")
	question := s.Wrap(layers.ARP, make([]byte, layers.ARPSize), 0, 0, 0)
	c = s.add(0, trace.Encapsulate, layers.ARP, question, c, trace.NoEnd, "arp.ask")
	_, sent := s.frame(question, 0, c)
	if got := whySent(plain{s}, sent); got != "because arp.ask." {
		t.Errorf("the question's frame says %q", got)
	}
	_, sent = s.frame(packet, 0, c)
	if got := whySent(plain{s}, sent); got != "because ip.packet." {
		t.Errorf("the packet's frame says %q", got)
	}
}
