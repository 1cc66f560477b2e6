package seek_test

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"strata/capture/capturetest"
	"strata/scenarios/scenariotest"
	"strata/trace"
	"strata/trace/seek"
)

// next asks until it is answered.
func next(t testing.TB, s *seek.Search, from trace.EventID, by int) (trace.EventID, bool) {
	t.Helper()
	for range 1 << 20 {
		e, around, a := s.Next(from, by)
		switch a {
		case seek.Found:
			return e, around
		case seek.None:
			return 0, false
		}
		s.Work(0)
		s.Work(time.Millisecond)
	}
	t.Fatal("it is never answered")
	return 0, false
}

// by hand: the nearest event that passes, round the ends.
func byHand(n int, from trace.EventID, by int, is func(trace.EventID) bool) (trace.EventID, bool) {
	around := false
	for e := int(from); ; {
		if e += by; e > n {
			e, around = 1, true
		} else if e < 1 {
			e, around = n, true
		}
		if is(trace.EventID(e)) {
			return trace.EventID(e), around
		}
		if trace.EventID(e) == from {
			return 0, false
		}
	}
}

// TestEvents: next and previous, from everywhere, are what one finds by going
// through all events.
func TestEvents(t *testing.T) {
	log := scenariotest.Run(t, "rto-backoff")
	r := seek.NewRun(log)
	for r.Work(time.Millisecond) {
	}
	for query, is := range map[string]func(e trace.Event) bool{
		"kind drop":                func(e trace.Event) bool { return e.Kind == trace.Drop },
		"why tcp.rto":              func(e trace.Event) bool { return strings.HasPrefix(e.Why.String(), "tcp.rto") },
		"node r1 kind forward":     func(e trace.Event) bool { return log.Info().Nodes[e.Node].Name == "r1" && e.Kind == trace.Forward },
		"layer N3":                 func(e trace.Event) bool { return e.Layer == 3 },
		"kind drop layer 7":        func(e trace.Event) bool { return false },
		"layer p1 why wire.arrive": func(e trace.Event) bool { return e.Why == trace.WireArrive },
	} {
		q, err := seek.Parse(log, query)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []*seek.Run{nil, r} {
			s := seek.New(log, q, r)
			for from := trace.EventID(1); int(from) <= log.Events(); from++ {
				for _, by := range []int{1, -1} {
					want, wantAround := byHand(log.Events(), from, by, func(n trace.EventID) bool { return is(log.Event(n)) })
					if got, around := next(t, s, from, by); got != want || got != 0 && around != wantAround {
						t.Fatalf("%s from %d by %d: %d, %v; by hand %d, %v", query, from, by, got, around, want, wantAround)
					}
				}
			}
			for s.Work(time.Millisecond) {
			}
			hits, seen, of := s.Hits()
			sum := 0
			for _, n := range s.Columns(nil, 77) {
				sum += int(n)
			}
			if hits != sum || seen != of {
				t.Errorf("%s: %d hits, %d in the columns; %d of %d were looked at", query, hits, sum, seen, of)
			}
		}
	}
}

// TestFrames: filters, flows, text and bytes are found in frames.
func TestFrames(t *testing.T) {
	log := scenariotest.Run(t, "two-tabs")
	has := func(what string, fold bool) func(int) bool {
		return func(n int) bool {
			b := log.Append(nil, log.Frame(n).PDU, 0, math.MaxInt32)
			if fold {
				b = bytes.ToLower(b)
			}
			return bytes.Contains(b, []byte(what))
		}
	}
	for query, is := range map[string]func(n int) bool{
		"filter tcp.flags.syn == 1": func(n int) bool { return log.Append(nil, log.Frame(n).PDU, 47, 1)[0]&2 != 0 },
		"flow 1":                    func(n int) bool { i := log.ConversationOf(n); return i >= 0 && log.Conversation(i).Stream == 1 },
		"text gEt /":                has("get /", true),
		"hex 47 45:54":              has("GET", false),
		"text nowhere to be found":  func(int) bool { return false },
	} {
		q, err := seek.Parse(log, query)
		if err != nil {
			t.Fatal(err)
		}
		s := seek.New(log, q, nil)
		found := 0
		for from := range log.Frames() {
			want, _ := byHand(log.Frames(), trace.EventID(from+1), 1, func(n trace.EventID) bool { return is(int(n) - 1) })
			got, _ := next(t, s, log.Frame(from).Transmit, 1)
			if want == 0 && got != 0 || want != 0 && got != log.Frame(int(want)-1).Transmit {
				t.Fatalf("%s from frame %d: event %d, not frame %d", query, from+1, got, want)
			}
			if want != 0 {
				found++
			}
		}
		if found == 0 && !strings.Contains(query, "nowhere") {
			t.Errorf("%s: nothing was found", query)
		}
	}
}

// TestCapture: in a capture events are found, too, and what it cannot have is
// known not to be there.
func TestCapture(t *testing.T) {
	f := capturetest.Open(t, "../../testdata/http.pcap")
	for query, least := range map[string]int{"kind send": 1, "kind drop": 0, "layer 4": 10, "why capture.handshake": -1, "why capture.segment": 5, "flow 0": 5} {
		q, err := seek.Parse(f, query)
		if least < 0 {
			if err == nil {
				t.Errorf("%s: no error", query)
			}
			continue
		}
		s := seek.New(f, q, seek.NewRun(f))
		for s.Work(time.Millisecond) {
		}
		if hits, _, _ := s.Hits(); hits < least || least == 0 && hits > 0 {
			t.Errorf("%s: %d hits", query, hits)
		}
		if e, _ := next(t, s, 1, 1); least > 0 && e <= 1 {
			t.Errorf("%s: event %d", query, e)
		} else if least > 0 && q.Kind != 0 && f.Event(e).Kind != q.Kind {
			t.Errorf("%s: event %d is %v", query, e, f.Event(e).Kind)
		}
	}
}

// TestParse: what is asked for wrongly is told, with what to say.
func TestParse(t *testing.T) {
	log := scenariotest.Run(t, "two-tabs")
	for line, says := range map[string]string{
		"":                        "Say kind",
		"kind":                    "Say kind",
		"kind lunch":              "no kind",
		"why nothing.at-all":      "no reason",
		"node mars":               "no node",
		"layer 9":                 "no layer",
		"flow 77":                 "no conversation",
		"flow x":                  "no conversation",
		"hex xyz":                 "no bytes",
		"drop it":                 "nothing to look for",
		"kind drop node":          "missing",
		"filter tcp.nonsense ===": "",
		"kind drop flow 0":        "alone",
	} {
		if _, err := seek.Parse(log, line); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// TestTrip goes from round trip to round trip.
func TestTrip(t *testing.T) {
	log := scenariotest.Run(t, "handshake-bytes")
	trips := 0
	for n := range log.Frames() {
		x := seek.NewTrip(log, n)
		if x == nil {
			continue
		}
		for x.Work(time.Millisecond) {
		}
		k := x.Frame()
		if k < 0 {
			continue
		}
		trips++
		a, b := log.Frame(n), log.Frame(k)
		if k <= n || a.From != b.To || a.To != b.From {
			t.Errorf("frame %d: answered by %d", n+1, k+1)
		}
		seq := func(n, at int) uint32 {
			v := log.Append(nil, log.Frame(n).PDU, int64(at), 4)
			return uint32(v[0])<<24 | uint32(v[1])<<16 | uint32(v[2])<<8 | uint32(v[3])
		}
		if size := log.Append(nil, a.PDU, 16, 2); int(size[0])<<8+int(size[1]) > 60 && int32(seq(k, 42)-seq(n, 38)) <= 0 {
			t.Errorf("frame %d: frame %d does not acknowledge it", n+1, k+1)
		}
	}
	if trips < 3 {
		t.Errorf("%d round trips", trips)
	}
}

// TestAt goes to moments.
func TestAt(t *testing.T) {
	log := scenariotest.Run(t, "rto-backoff")
	if e := seek.At(log, -5); e != 1 {
		t.Errorf("before all: %d", e)
	}
	if e := seek.At(log, math.MaxInt64); int(e) != log.Events() {
		t.Errorf("after all: %d", e)
	}
	for n := 1; n <= log.Events(); n += 7 {
		at := log.Event(trace.EventID(n)).Time
		e := seek.At(log, at)
		if log.Event(e).Time != at || int(e) < log.Events() && log.Event(e+1).Time <= at {
			t.Fatalf("at %d: event %d", at, e)
		}
	}
}

// large is a run as long as one likes: the events of a small one, again and
// again, but for one that is rare.
type large struct {
	*trace.Log
	n    int
	rare trace.EventID
}

func (l *large) Events() int { return l.n }
func (l *large) Event(n trace.EventID) trace.Event {
	e := l.Log.Event(1 + (n-1)%trace.EventID(l.Log.Events()))
	if n == l.rare {
		e.Kind, e.Why = trace.Duplicate, trace.WireTwice
	}
	return e
}

// TestRareIsFar: in ten million events a rare one is found at once, when the
// run was summed up.
func TestRareIsFar(t *testing.T) {
	l := &large{scenariotest.Run(t, "one-byte-hello"), 10_000_000, 9_876_543}
	r := seek.NewRun(l)
	for r.Work(time.Second) {
	}
	q, err := seek.Parse(l, "kind duplicate")
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	s := seek.New(l, q, r)
	if e, _ := next(t, s, 1, 1); e != l.rare {
		t.Fatalf("event %d", e)
	}
	if took := time.Since(begin); took > time.Second { // it takes a millisecond; the machine may be busy
		t.Errorf("it took %v", took)
	}
}

func BenchmarkRareIsFar(b *testing.B) {
	l := &large{scenariotest.Run(b, "one-byte-hello"), 10_000_000, 9_876_543}
	r := seek.NewRun(l)
	for r.Work(time.Second) {
	}
	q, _ := seek.Parse(l, "kind duplicate")
	for b.Loop() {
		if e, _ := next(b, seek.New(l, q, r), 1, 1); e != l.rare {
			b.Fatal(e)
		}
	}
}

// BenchmarkSumUp is the cost of summing up ten million events.
func BenchmarkSumUp(b *testing.B) {
	l := &large{scenariotest.Run(b, "one-byte-hello"), 10_000_000, 9_876_543}
	for b.Loop() {
		r := seek.NewRun(l)
		for r.Work(time.Second) {
		}
	}
}

func BenchmarkAt(b *testing.B) {
	log := scenariotest.Run(b, "bulk")
	for b.Loop() {
		seek.At(log, trace.Second)
	}
}
