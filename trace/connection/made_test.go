package connection

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"strata/capture"
	"strata/layers"
	"strata/scenarios"
	"strata/sim"
	"strata/trace"
)

// runOf runs a scenario of the course.
func runOf(t testing.TB, name string, sets ...string) *trace.Log {
	t.Helper()
	s, err := scenarios.Open(name, sets...)
	if err != nil {
		t.Fatal(err)
	}
	return run(t, s)
}

func run(t testing.TB, s *scenarios.Scenario) *trace.Log {
	t.Helper()
	n, err := sim.New(s.Config(), true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return n.Trace()
}

// frame is a record of a capture to be written.
type frame struct {
	at   trace.Time
	data []byte
}

// seenAt is what tcpdump would see of a run at a host.
func seenAt(l *trace.Log, host trace.NodeID) []frame {
	var all []frame
	add := func(at trace.Time, id trace.PDUID) {
		b := l.Append(nil, id, 0, l.Size(id))
		all = append(all, frame{at, b[:len(b)-layers.FCSSize]})
	}
	for n := trace.EventID(1); int(n) <= l.Events(); n++ {
		e := l.Event(n)
		switch {
		case e.Node != host:
		case e.Kind == trace.Transmit:
			add(e.Time, e.PDU)
		case e.Kind == trace.Decapsulate && e.Layer == layers.DataLink: // its FCS was right
			add(e.Time, e.PDU)
		}
	}
	return all
}

// writePcap writes frames of Ethernet as a pcap file of nanoseconds.
func writePcap(t testing.TB, frames []frame) string {
	t.Helper()
	le := binary.LittleEndian
	b := make([]byte, 24)
	le.PutUint32(b, 0xa1b23c4d)
	le.PutUint16(b[4:], 2)
	le.PutUint16(b[6:], 4)
	le.PutUint32(b[16:], 1<<18)
	le.PutUint32(b[20:], 1)
	for _, f := range frames {
		b = le.AppendUint32(b, uint32(f.at/1e9)+1)
		b = le.AppendUint32(b, uint32(f.at%1e9))
		b = le.AppendUint32(b, uint32(len(f.data)))
		b = le.AppendUint32(b, uint32(len(f.data)))
		b = append(b, f.data...)
	}
	path := filepath.Join(t.TempDir(), "made.pcap")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func openFile(t testing.TB, path string) *capture.File {
	t.Helper()
	f, err := capture.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	f.Wait(1 << 40)
	return f
}

// all reads a connection to its end.
func (c *Connection) all() *Connection {
	for c.Work(time.Second) {
	}
	return c
}

// connections are those of a trace, in the order of their first event.
func connections(t trace.Trace) (all []*Connection) {
	if t.Info().Captured {
		for i := range t.Conversations() {
			if talk := t.Conversation(i); talk.Proto == layers.TCP {
				all = append(all, Of(t, t.Frame(talk.First).Transmit).all())
			}
		}
		return all
	}
	for n := trace.EventID(1); int(n) <= t.Events(); n++ {
		if ch := t.Change(n); ch.Old != trace.Absent || ch.Slot.Table != "tcp" || ch.Slot.Field != "state" || slices.ContainsFunc(all, func(c *Connection) bool { return c.Has(n) }) {
			continue
		}
		if c := Of(t, n); c != nil {
			all = append(all, c.all())
		}
	}
	return all
}

// small is how to make a large scenario small.
var small = map[string][]string{
	"bulk": {"programs.source.with.size=1000000", "expect=[{that: quick, stats: {bytes_delivered: 1000000, drops: 0}}]"},
}

// course is the names of the built-in scenarios.
func course() (names []string) {
	for _, e := range scenarios.List() {
		if e.Name != "dumbbell" { // large, and like bulk
			names = append(names, e.Name)
		}
	}
	return names
}

// Count is how many samples there are of a kind.
func (c *Connection) Count(side int, k Kind) (n int) {
	if c.pairing > 0 {
		return 0
	}
	for i := range c.whole.dirs[side][k].all {
		n += int(c.whole.dirs[side][k].all[i].n)
	}
	return n
}
