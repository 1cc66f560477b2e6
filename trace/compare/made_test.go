package compare_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"strata/capture"
	"strata/capture/capturetest"
	"strata/scenarios"
	"strata/trace"
	"strata/trace/compare"
	"strata/trace/export"
)

// short lists the scenarios of the course that are quickly run.
func short() (names []string) {
	for _, e := range scenarios.List() {
		if !e.Hidden {
			names = append(names, e.Name)
		}
	}
	return names
}

// compared is a comparison that is done.
func compared(a, b trace.Trace, o compare.Options) *compare.Comparison {
	c := compare.New(a, b, o)
	for !c.Work(time.Hour) {
	}
	return c
}

// captured writes a run to a capture file, as seen at some ends or at all, and opens it.
func captured(t testing.TB, tr trace.Trace, ends ...trace.EndID) *capture.File {
	t.Helper()
	var b bytes.Buffer
	if err := export.Write(&b, tr, export.PcapNG, export.Part{Ends: ends}); err != nil {
		t.Fatal(err)
	}
	return open(t, b.Bytes())
}

func open(t testing.TB, file []byte) *capture.File {
	t.Helper()
	f, err := capture.Pipe(bytes.NewReader(file), "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	f.Wait(math.MaxInt)
	return f
}

// packets are the frames of a trace.
func packets(tr trace.Trace) (out []capturetest.Frame) {
	tr.Scan(0, tr.Frames(), func(n int, data []byte) bool {
		out = append(out, capturetest.Frame{At: 1e9*trace.Second + tr.Frame(n).Sent, Data: bytes.Clone(data)})
		return true
	})
	return out
}

func real(t testing.TB, name string) *capture.File {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return open(t, b)
}

func text(t testing.TB, c *compare.Comparison) string {
	t.Helper()
	var b strings.Builder
	if err := c.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
