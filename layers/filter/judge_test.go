package filter_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/gopacket"
	gl "github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"

	"strata/layers"
	"strata/layers/filter"
	"strata/layers/pdml"
	"strata/layers/walk"
	"strata/testdata/need"
)

var update = flag.Bool("update", false, "ask tshark anew which frames the filters of testdata select")

// frame is a frame of a capture, with all that a filter may ask of it.
type frame struct {
	data []byte
	link uint16
	tree *layers.Tree
	meta filter.Frame
	at   time.Time
	wire int
}

// readCapture reads the frames of a capture of a link type that is known.
func readCapture(t testing.TB, path string) (frames []frame) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r interface {
		gopacket.PacketDataSource
		LinkType() gl.LinkType
	}
	if p, err := pcapgo.NewReader(bytes.NewReader(b)); err == nil {
		r = p
	} else if n, err := pcapgo.NewNgReader(bytes.NewReader(b), pcapgo.DefaultNgReaderOptions); err == nil {
		r = n
	} else {
		return nil
	}
	link := uint16(r.LinkType())
	if layers.LinkProto(int(link)) == layers.Data {
		return nil
	}
	for {
		data, info, err := r.ReadPacketData()
		if err != nil {
			return frames
		}
		frames = append(frames, frame{data: slices.Clone(data), link: link, at: info.Timestamp, wire: info.Length})
	}
}

// merged reads captures as if they were one file, and takes every frame apart
// by itself.
func merged(t testing.TB, files []string) (frames []frame) {
	t.Helper()
	for _, f := range files {
		frames = append(frames, readCapture(t, f)...)
	}
	for i := range frames {
		f := &frames[i]
		f.tree = layers.Dissect(f.data, layers.Options{WireLen: f.wire, First: layers.LinkProto(int(f.link))})
		f.meta = filter.Frame{Number: i + 1, Time: f.at, SinceFirst: f.at.Sub(frames[0].at), CapLen: len(f.data), Len: f.wire}
		if i > 0 {
			f.meta.SincePrevious = f.at.Sub(frames[i-1].at)
		}
	}
	return frames
}

// writeMerged writes frames as a file for tshark.
func writeMerged(t testing.TB, frames []frame) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "merged.pcapng")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	face := func(link uint16) pcapgo.NgInterface {
		return pcapgo.NgInterface{LinkType: gl.LinkType(link), SnapLength: 0, TimestampResolution: 9}
	}
	w, err := pcapgo.NewNgWriterInterface(file, face(frames[0].link), pcapgo.DefaultNgWriterOptions)
	if err != nil {
		t.Fatal(err)
	}
	faces := map[uint16]int{frames[0].link: 0}
	for _, f := range frames {
		n, ok := faces[f.link]
		if !ok {
			if n, err = w.AddInterface(face(f.link)); err != nil {
				t.Fatal(err)
			}
			faces[f.link] = n
		}
		info := gopacket.CaptureInfo{Timestamp: f.at, CaptureLength: len(f.data), Length: f.wire, InterfaceIndex: n}
		if err := w.WritePacket(info, f.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return path
}

// alone makes tshark read as this test does: each frame by itself, times as
// they are.
var alone = append(slices.Clone(pdml.Alone), "-o", "tcp.relative_sequence_numbers:FALSE", "-o", "tcp.analyze_sequence_numbers:FALSE",
	"-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-n")

// tshark gives the frames that it selects, as text, or what it has against
// the filter.
func tshark(t testing.TB, path, text string) (selected string, complaint string) {
	t.Helper()
	cmd := exec.Command(need.Tool(t, "tshark"), append([]string{"-r", path, "-Y", text, "-T", "fields", "-e", "frame.number"}, alone...)...)
	cmd.Env = append(os.Environ(), "TZ=UTC")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", stderr.String()
	}
	return strings.Join(strings.Fields(string(out)), " "), ""
}

// ours gives the frames that Match selects, and fails where Quick says
// otherwise.
func ours(t testing.TB, f *filter.Filter, text string, frames []frame) string {
	t.Helper()
	var b strings.Builder
	differs := 0
	for i := range frames {
		fr := &frames[i]
		pass := f.Match(fr.tree, &fr.meta)
		var s walk.Shape
		walk.Walk(&s, fr.data, fr.wire, fr.link, 0)
		if v := f.Quick(&s, fr.data, &fr.meta); v == filter.Yes && !pass || v == filter.No && pass {
			if differs++; differs > 3 {
				continue
			}
			t.Errorf("%s: frame %d: Quick says %d, Match %v", text, i+1, v, pass)
		}
		if pass {
			fmt.Fprintf(&b, " %d", i+1)
		}
	}
	return strings.TrimSpace(b.String())
}

// filters reads the list of filters: one a line, those after "#" being remarks.
func filters(t testing.TB, name string) (all []string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimRight(line, "\n"); line != "" && !strings.HasPrefix(line, "# ") {
			all = append(all, line)
		}
	}
	return all
}

// made are captures that this project has made. Of what frames tell only
// together, package capture judges.
var made = []string{"../../testdata/dns.pcapng", "../../testdata/http.pcap", "../../testdata/loopback.pcap", "../../testdata/ping.pcap",
	"../../testdata/records.pcapng", "../../testdata/refused.pcap", "../../testdata/streams.pcap"}

// TestSelects holds the filters of testdata to what tshark selects with them,
// as it is written down there.
func TestSelects(t *testing.T) {
	time.Local = time.UTC
	frames := merged(t, made)
	if *update {
		writeGolden(t, frames)
	}
	golden, err := os.ReadFile("testdata/selected.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for line := range strings.Lines(string(golden)) {
		text, selected, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		want[text] = selected
	}
	for _, text := range filters(t, "filters.txt") {
		selected, ok := want[text]
		if !ok {
			t.Errorf("%s: not in selected.txt; run with -update", text)
			continue
		}
		compare(t, text, frames, selected)
	}
}

func compare(t testing.TB, text string, frames []frame, want string) {
	t.Helper()
	f, err := filter.Parse(text)
	if err != nil {
		t.Errorf("%s: %v", text, err)
		return
	}
	if got := ours(t, f, text, frames); got != want {
		t.Errorf("%s\n selects  %s\n tshark's %s", text, differ(got, want), differ(want, got))
	}
}

// differ shows the first frames of a that are not in b.
func differ(a, b string) string {
	has := map[string]bool{}
	for _, n := range strings.Fields(b) {
		has[n] = true
	}
	var only []string
	for _, n := range strings.Fields(a) {
		if !has[n] {
			only = append(only, n)
		}
	}
	return fmt.Sprintf("%d frames, alone %d: %s", len(strings.Fields(a)), len(only), strings.Join(only[:min(8, len(only))], " "))
}

// askTshark asks tshark about all filters, two at a time.
func askTshark(t testing.TB, texts []string, path string) (selected, complaints []string) {
	selected, complaints = make([]string, len(texts)), make([]string, len(texts))
	var wg sync.WaitGroup
	next := make(chan int)
	for range 2 {
		wg.Go(func() {
			for i := range next {
				selected[i], complaints[i] = tshark(t, path, texts[i])
			}
		})
	}
	for i := range texts {
		next <- i
	}
	close(next)
	wg.Wait()
	return selected, complaints
}

func writeGolden(t *testing.T, frames []frame) {
	t.Helper()
	texts := filters(t, "filters.txt")
	selected, complaints := askTshark(t, texts, writeMerged(t, frames))
	var b strings.Builder
	for i, text := range texts {
		if complaints[i] != "" {
			t.Errorf("%s: tshark: %s", text, complaints[i])
		}
		fmt.Fprintf(&b, "%s\t%s\n", text, selected[i])
	}
	if err := os.WriteFile("testdata/selected.txt", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestWrongFilters: what tshark takes no part of, Parse does not take either.
func TestWrongFilters(t *testing.T) {
	texts := filters(t, "wrong.txt")
	for _, text := range texts {
		_, err := filter.Parse(text)
		if err == nil {
			t.Errorf("%s: taken", text)
			continue
		}
		e, ok := err.(*filter.Error)
		if !ok || e.Pos < 0 || e.Len < 0 || e.Pos+e.Len > len(text) || e.Text == "" {
			t.Errorf("%s: %#v", text, err)
		}
	}
	if !*update && os.Getenv("STRATA_LONG") == "" {
		return
	}
	_, complaints := askTshark(t, texts, made[0])
	for i, text := range texts {
		if complaints[i] == "" {
			t.Errorf("%s: tshark takes it", text)
		}
	}
}
