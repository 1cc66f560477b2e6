package capture

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"math"
	"testing"
	"time"
	"unicode/utf8"

	"strata/trace"
)

// TestCorpusJSON: whatever is in a file, each frame is one line of valid JSON
// in the command line's shape, without control characters, in little time. All
// of the corpus takes a while: it is read with STRATA_LONG set.
func TestCorpusJSON(t *testing.T) {
	for _, path := range sample(t, 30) {
		f, err := Open(path, nil)
		if err == nil {
			f.Wait(math.MaxInt)
		}
		if err != nil {
			continue
		}
		for _, alone := range []bool{false, true} {
			began := cpu()
			if n := checkJSON(t, f, alone); n != f.Frames() {
				t.Errorf("%s: %d lines for %d frames", path, n, f.Frames())
			}
			if d := cpu() - began; d > slower*(5*time.Second+time.Duration(f.Frames())*time.Millisecond) {
				t.Errorf("%s: %d frames took %v", path, f.Frames(), d)
			}
		}
		f.Close()
	}
}

// checkJSON writes a file's JSON and reads it back: the number of lines.
func checkJSON(t *testing.T, f *File, alone bool) int {
	t.Helper()
	r, w := io.Pipe()
	go func() { w.CloseWithError(f.WriteJSON(w, alone, nil, func(trace.Progress) {})) }()
	defer r.Close()
	in := bufio.NewReader(r)
	for n := 0; ; n++ {
		line, err := in.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			return n
		}
		var got jsonFrame
		d := json.NewDecoder(bytes.NewReader(line))
		d.DisallowUnknownFields()
		switch {
		case err != nil:
			t.Fatalf("%s, line %d: %v", f.info.Name, n+1, err)
		case !utf8.Valid(line) || control(line[:len(line)-1]):
			t.Fatalf("%s, line %d holds a control character or no UTF-8", f.info.Name, n+1)
		case d.Decode(&got) != nil || d.More():
			t.Fatalf("%s, line %d is not of its shape: %.200s", f.info.Name, n+1, line)
		case got.Frame != n+1 || len(got.Time) != len("2006-01-02T15:04:05.000000000Z") || got.CapLen > 0 && len(got.Layers) == 0:
			t.Fatalf("%s, line %d: %+v", f.info.Name, n+1, got)
		}
	}
}

func control(line []byte) bool {
	return bytes.ContainsFunc(line, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 })
}
