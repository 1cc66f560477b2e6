package layers_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"strata/capture/source"
	"strata/layers"
	"strata/layers/pdml"
	"strata/testdata/need"
)

type frame struct {
	data  []byte
	wire  int
	fcs   int
	first layers.Proto
	time  int64 // nanoseconds since 1970
}

// readCapture reads the frames of a capture, each with the outermost protocol
// of its interface; ok is false for a file without frames.
func readCapture(t *testing.T, path string) (frames []frame, ok bool) {
	t.Helper()
	src, err := source.Open(path)
	if err != nil {
		return nil, false
	}
	defer src.Close()
	var batch source.Batch
	for err == nil {
		err = src.Read(&batch)
		for _, r := range batch.Records {
			frames = append(frames, frame{
				data: append([]byte(nil), r.Data...), wire: int(r.WireLen), fcs: r.Iface.FCSLen,
				first: layers.LinkProto(int(r.Iface.Link)), time: r.Time,
			})
		}
	}
	return frames, len(frames) > 0
}

const framesPerFile = 400

func score(t *testing.T, scores pdml.Scores, path string) {
	t.Helper()
	frames, ok := readCapture(t, path)
	if !ok {
		return
	}
	n := 0
	each := func(protos []pdml.Element) {
		if n < len(frames) {
			tree := layers.Dissect(frames[n].data, layers.Options{WireLen: frames[n].wire, FCSLen: frames[n].fcs, First: frames[n].first, Time: frames[n].time})
			scores.Add(tree, protos, fmt.Sprintf("%s:%d", filepath.Base(path), n+1))
		}
		n++
	}
	pdml.Tshark(t, path, each, append(pdml.Alone, "-c", fmt.Sprint(framesPerFile))...)
	if n == 0 {
		t.Logf("%s: tshark reads no packet", path)
	}
}

// TestDissectEqualsTshark compares names, nesting, places and bytes. The
// whole corpus takes a minute: it is read only with STRATA_LONG set.
func TestDissectEqualsTshark(t *testing.T) {
	files := need.Corpus(t)
	if os.Getenv("STRATA_LONG") == "" {
		var some []string
		for i, f := range files {
			if i%80 == 0 {
				some = append(some, f)
			}
		}
		files = some
	}
	scores := pdml.Scores{}
	for _, f := range files {
		score(t, scores, f)
	}
	// Of MQTT, TLS and QUIC much is told by other frames: package capture,
	// which knows them, holds it to all.
	report(t, scores, map[string]float64{"http": 0.98, "mqtt": 0.9, "tls": 0.88, "quic": 0.6})
}

// report logs the table, and fails where a protocol's share is too low.
func report(t *testing.T, scores pdml.Scores, least map[string]float64) {
	t.Helper()
	var names []string
	for name := range scores {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		s := scores[name]
		t.Logf("%-5s %7d fields, %7d equal (%.2f %%), %d only here", name, s.Want, s.Matched, s.Share()*100, s.Extra)
		logWorst(t, "missing", s.Missing)
		logWorst(t, "only here", s.Surplus)
		want, ok := least[name]
		if !ok {
			want = 0.99
		}
		if s.Share() < want {
			t.Errorf("%s: %.2f %% of tshark's fields, want %.0f %%", name, s.Share()*100, want*100)
		}
	}
}

func logWorst(t *testing.T, what string, counts map[string]int) {
	byPath := map[string]int{}
	example := map[string]string{}
	for k, n := range counts {
		var path string
		fmt.Sscan(k, &path)
		byPath[path] += n
		if example[path] == "" || k < example[path] {
			example[path] = k
		}
	}
	var paths []string
	for p := range byPath {
		paths = append(paths, p)
	}
	sort.Slice(paths, func(i, j int) bool { return byPath[paths[i]] > byPath[paths[j]] })
	for i, p := range paths {
		if i == 12 {
			break
		}
		t.Logf("      %s %d: %s", what, byPath[p], example[p])
	}
}
