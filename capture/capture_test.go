package capture

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"strata/testdata/need"
	"strata/trace"
)

// walkAll walks every step of a trace, forwards and then backwards, and says
// what does not hang together.
func walkAll(t *testing.T, f *File) {
	t.Helper()
	for n := trace.EventID(1); int(n) <= f.Events(); n++ {
		checkEvent(t, f, n)
	}
	for n := trace.EventID(f.Events()); n > 0; n-- {
		if f.FrameOf(n) >= f.Frames() || f.Event(n).Kind == 0 {
			t.Fatalf("event %d: frame %d, %+v", n, f.FrameOf(n), f.Event(n))
		}
	}
	next := trace.EventID(1)
	for n := range f.Frames() {
		for _, id := range f.Steps(n) {
			if id != next || f.FrameOf(id) != n {
				t.Fatalf("frame %d: step %d, want %d; FrameOf says %d", n, id, next, f.FrameOf(id))
			}
			next++
		}
		checkFrame(t, f, n)
		if v := f.view(n); !v.fits {
			t.Fatalf("frame %d: the index says %d steps, but the view has others", n+1, v.entry.steps)
		}
	}
	if int(next)-1 != f.Events() {
		t.Fatalf("%d steps, %d events", next-1, f.Events())
	}
}

func checkEvent(t *testing.T, f *File, n trace.EventID) {
	t.Helper()
	e := f.Event(n)
	switch {
	case e.Kind == 0 || e.Layer == 0 || e.Why == 0:
		t.Fatalf("event %d has no kind, layer or reason: %+v", n, e)
	case e.Cause >= n:
		t.Fatalf("event %d: cause %d", n, e.Cause)
	case int(e.Node) >= len(f.Info().Nodes) || e.End.Link() >= len(f.Info().Links):
		t.Fatalf("event %d: node %d, end %d", n, e.Node, e.End)
	case e.Inferred == (e.Kind == trace.Transmit):
		t.Fatalf("event %d: %v, inferred %v", n, e.Kind, e.Inferred)
	}
	text := f.Text(n)
	if text == "" || bytes.ContainsAny([]byte(text), "{}?\x1b") {
		t.Fatalf("event %d (%v): %q", n, e.Why, text)
	}
	from, to := f.Peers(n)
	if isMessage := e.Kind == trace.Send || e.Kind == trace.Deliver; isMessage != (from != "" && to != "") {
		t.Fatalf("event %d: peers %q %q", n, from, to)
	}
	if p := f.PDU(e.PDU); p.Proto == 0 {
		t.Fatalf("event %d: no PDU %d", n, e.PDU)
	}
}

// checkFrame compares a frame's PDU with the file's bytes, and every PDU in
// it with the one that holds it.
func checkFrame(t *testing.T, f *File, n int) {
	t.Helper()
	fr := f.Frame(n)
	data, _, err := f.Data(n)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Append(nil, fr.PDU, 0, 1<<30); !bytes.Equal(got, data) || f.Size(fr.PDU) != int64(len(data)) {
		t.Fatalf("frame %d: PDU %d has %d bytes, the frame %d", n, fr.PDU, len(got), len(data))
	}
	if e := f.Event(fr.Transmit); e.Kind != trace.Transmit || e.PDU != fr.PDU {
		t.Fatalf("frame %d: Transmit is %+v", n, e)
	}
	if e := f.Event(fr.Last); e.Kind != trace.Arrive || e.Node != fr.To {
		t.Fatalf("frame %d: Last is %+v", n, e)
	}
	v := f.view(n)
	if len(v.pdus) > len(v.events) {
		t.Fatalf("frame %d: %d PDUs, %d steps", n, len(v.pdus), len(v.events))
	}
	for i := range v.pdus {
		id := v.id(i)
		if n := f.Size(id); n < 0 || n != int64(len(f.Append(nil, id, 0, n))) {
			t.Fatalf("PDU %d: size %d", id, n)
		}
	}
}

// checkLineage says whether the bytes of each PDU are those of its parents.
func checkLineage(t *testing.T, f *File) {
	t.Helper()
	check := func(id trace.PDUID) {
		for _, s := range f.Parents(id) {
			if p, _, _ := f.find(id); p != nil && p.bytes != nil {
				continue // they are made of those of the parent
			}
			own, of := f.Append(nil, id, s.At, s.Len), f.Append(nil, s.Of, s.Off, s.Len)
			if !bytes.Equal(own, of) {
				t.Fatalf("PDU %d: bytes %d to %d are not those of PDU %d from %d", id, s.At, s.At+s.Len, s.Of, s.Off)
			}
			// Asking a long stream for its children once for each of them
			// would take long.
			if a, _ := f.assemblyOf(s.Of); a != nil && a.pieces() > 200 && id%97 != 0 {
				continue
			}
			found := false
			for _, c := range f.Children(s.Of) {
				found = found || c.PDU == id
			}
			if !found {
				t.Fatalf("PDU %d is no child of its parent %d (%.300s)", id, s.Of, fmt.Sprint(f.Children(s.Of)))
			}
		}
	}
	for n := range f.Frames() {
		v := f.view(n)
		for i := range v.pdus {
			check(v.id(i))
		}
	}
	for i := range f.asms.n() {
		check(receivedPDU(uint32(i)))
	}
}

// sample is every step-th of others' captures; all with STRATA_LONG set.
func sample(t *testing.T, step int) (some []string) {
	t.Helper()
	for i, path := range need.Corpus(t) {
		if i%step == 0 || os.Getenv("STRATA_LONG") != "" {
			some = append(some, path)
		}
	}
	return some
}

func TestCorpus(t *testing.T) {
	disagree, frames := 0, 0
	for _, path := range sample(t, 6) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			began, before := cpu(), heap()
			f, err := Open(path, nil)
			if err == nil {
				f.Wait(math.MaxInt)
			}
			if err != nil {
				t.Logf("refused: %v", err)
				return
			}
			defer f.Close()
			st, _ := os.Stat(path)
			if held := int64(heap()) - int64(before); held > 1<<20+2*st.Size() {
				t.Errorf("a file of %d bytes takes %d bytes of memory", st.Size(), held)
			}
			walkAll(t, f)
			for n := range f.Frames() {
				frames++
				if !f.view(n).agrees {
					disagree++
				}
			}
			if err := f.WriteJSON(io.Discard, false, nil, func(trace.Progress) {}); err != nil {
				t.Error(err)
			}
			if d := cpu() - began; d > slower*2*time.Second {
				t.Errorf("took %v", d)
			}
			checkLineage(t, f)
		})
	}
	// What differs is cut or malformed, where gopacket stops sooner.
	if disagree > frames/500 {
		t.Errorf("gopacket finds other headers in %d of %d frames", disagree, frames)
	}
	t.Logf("%d frames; gopacket finds other headers in %d", frames, disagree)
}

// cpu is the processor time that the tests have taken: unlike the clock it
// does not depend on what else the machine does.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// heap is how much memory is held.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
