package compare_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"strata/capture"
	"strata/scenarios"
	"strata/sim"
	"strata/trace"
	"strata/trace/compare"
	"strata/trace/export"
)

var update = flag.Bool("update", false, "write the golden files anew")

// run runs a scenario, changed by overrides as --set takes them, and by "seed=7".
func run(t testing.TB, name string, sets ...string) *trace.Log {
	t.Helper()
	tr, _ := runFor(t, name, sets...)
	return tr
}

func runFor(t testing.TB, name string, sets ...string) (*trace.Log, *sim.Result) {
	t.Helper()
	s, err := scenarios.Open(name, sets...)
	if err != nil {
		t.Fatal(err)
	}
	n, err := sim.New(s.Config(), true)
	if err != nil {
		t.Fatal(err)
	}
	res, err := n.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return n.Trace(), &res
}

// short lists the scenarios of the course that are quickly run.
func short() (names []string) {
	for _, e := range scenarios.List() {
		if !e.Hidden {
			names = append(names, e.Name)
		}
	}
	return names
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

// packet is a frame of a capture to be written.
type packet struct {
	at   trace.Time
	data []byte
}

// packets are the frames of a trace.
func packets(tr trace.Trace) (out []packet) {
	tr.Scan(0, tr.Frames(), func(n int, data []byte) bool {
		out = append(out, packet{tr.Frame(n).Sent, bytes.Clone(data)})
		return true
	})
	return out
}

// pcap is a capture file of packets, nanoseconds, Ethernet.
func pcap(all []packet) []byte {
	b := binary.LittleEndian.AppendUint32(nil, 0xa1b23c4d)
	b = append(b, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0)
	for _, p := range all {
		b = binary.LittleEndian.AppendUint32(b, uint32(1e9+p.at/trace.Second))
		b = binary.LittleEndian.AppendUint32(b, uint32(p.at%trace.Second))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(p.data)))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(p.data)))
		b = append(b, p.data...)
	}
	return b
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
