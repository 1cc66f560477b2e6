package travel_test

import (
	"bytes"
	"math"
	"slices"
	"testing"
	"time"

	"strata/capture/capturetest"
	"strata/layers"
	"strata/scenarios/scenariotest"
	"strata/trace"
	"strata/trace/travel"
)

// followed is the whole journey of some bytes.
func followed(t testing.TB, tr trace.Trace, pdu trace.PDUID, from, to int64) *travel.Travel {
	t.Helper()
	x := travel.Begin(tr, pdu, from, to)
	for begin := time.Now(); x.Work(time.Millisecond); {
		if time.Since(begin) > 30*time.Second {
			t.Fatal("it does not end")
		}
	}
	return x
}

// first is the first event that passes.
func first(t testing.TB, tr trace.Trace, is func(e trace.Event) bool) (trace.EventID, trace.Event) {
	t.Helper()
	for n := trace.EventID(1); int(n) <= tr.Events(); n++ {
		if e := tr.Event(n); is(e) {
			return n, e
		}
	}
	t.Fatal("no such event")
	return 0, trace.Event{}
}

func kinds(tr trace.Trace, x *travel.Travel) (out []trace.Kind) {
	for _, n := range x.Stops() {
		out = append(out, tr.Event(n).Kind)
	}
	return out
}

// TestMessageOverRouter: a message goes down, over both wires, is resent after
// its loss, and comes up at the other end; all of it is lit everywhere.
func TestMessageOverRouter(t *testing.T) {
	log := scenariotest.Run(t, "rto-backoff")
	_, sent := first(t, log, func(e trace.Event) bool { return e.Kind == trace.Send })
	size := log.Size(sent.PDU)
	x := followed(t, log, sent.PDU, 0, size)
	resends := 0
	for n := range log.Frames() {
		f := log.Frame(n)
		seg := travel.Inside(log, f.PDU, layers.TCP)
		carries := seg != 0 && log.PDU(seg).Len > 0 && f.From != 0 == (f.Hop > 1) && slices.Contains(x.Frames(), n)
		lit := x.Lit(f.PDU)
		if carries != (lit != nil) {
			t.Errorf("frame %d: carries %v, lit %v", n+1, carries, lit)
		}
		if lit == nil {
			continue
		}
		if f.Resent {
			resends++
		}
		if got := log.Append(nil, f.PDU, lit[0].From, lit[0].To-lit[0].From); len(lit) != 1 || lit[0].Form != travel.Same ||
			!bytes.Equal(got, log.Append(nil, sent.PDU, 0, size)) {
			t.Errorf("frame %d: %v are %q", n+1, lit, got)
		}
	}
	if resends < 2 {
		t.Errorf("%d frames carry it again; every hop of each resend should", resends)
	}
	all := kinds(log, x)
	for _, k := range []trace.Kind{trace.Send, trace.Write, trace.Segment, trace.Transmit, trace.Drop, trace.Arrive, trace.Forward, trace.Read, trace.Deliver} {
		if !slices.Contains(all, k) {
			t.Errorf("no %v among the stops %v", k, all)
		}
	}
	if all[0] != trace.Send || !slices.IsSorted(x.Stops()) {
		t.Errorf("the stops are %v", all)
	}
}

// TestUpFromAnyHop: followed from the last wire, a byte is lit in the same
// PDUs as when it is followed from the message.
func TestUpFromAnyHop(t *testing.T) {
	log := scenariotest.Run(t, "rto-backoff")
	_, sent := first(t, log, func(e trace.Event) bool { return e.Kind == trace.Send })
	down := followed(t, log, sent.PDU, 3, 5)
	last := down.Frames()[len(down.Frames())-1]
	lit := down.Lit(log.Frame(last).PDU)
	up := followed(t, log, log.Frame(last).PDU, lit[0].From, lit[0].To)
	if !slices.Equal(up.Stops(), down.Stops()) || !slices.Equal(up.Frames(), down.Frames()) {
		t.Errorf("from the wire %v, from the message %v", up.Stops(), down.Stops())
	}
}

// TestHeaderOnTheWay: an IP header's field is remade at every router, and is
// found from any of its hops.
func TestHeaderOnTheWay(t *testing.T) {
	log := scenariotest.Run(t, "hop-by-hop")
	for n := range log.Frames() {
		f := log.Frame(n)
		ip := travel.Inside(log, f.PDU, layers.IPv4)
		if ip == 0 || f.Hop < 2 || log.Event(f.Transmit).Node == 0 {
			continue
		}
		x := followed(t, log, ip, 8, 9) // TTL
		var ttls []byte
		for _, k := range x.Frames() {
			g := log.Frame(k)
			lit := x.Lit(g.PDU)
			if len(lit) != 1 || lit[0].To-lit[0].From != 1 {
				t.Fatalf("frame %d: %v", k+1, lit)
			}
			ttls = append(ttls, log.Append(nil, g.PDU, lit[0].From, 1)...)
			if same := travel.Inside(log, g.PDU, layers.IPv4) == ip; same != (lit[0].Form == travel.Same) {
				t.Errorf("frame %d: the form is %d", k+1, lit[0].Form)
			}
		}
		for i := 1; i < len(ttls); i++ {
			if ttls[i] > ttls[i-1] {
				t.Errorf("TTL on the way: %v", ttls)
			}
		}
		if len(ttls) < 2 || ttls[0] != 64 {
			t.Errorf("frame %d: TTL on the way: %v", n+1, ttls)
		}
		return
	}
	t.Fatal("no frame of a second hop")
}

// TestFragments: what is cut is lit in each piece that has some of it, and
// whole at the end.
func TestFragments(t *testing.T) {
	log := scenariotest.Run(t, "fragment-amplifier")
	_, cut := first(t, log, func(e trace.Event) bool { return e.Kind == trace.Fragment })
	_, sent := first(t, log, func(e trace.Event) bool { return e.Kind == trace.Send && log.Size(e.PDU) > 1500 })
	x := followed(t, log, sent.PDU, 0, log.Size(sent.PDU))
	if x.Lit(cut.PDU) == nil {
		t.Error("the fragment is not lit")
	}
	_, got := first(t, log, func(e trace.Event) bool { return e.Kind == trace.Deliver && log.Size(e.PDU) == log.Size(sent.PDU) })
	if lit := x.Lit(got.PDU); len(lit) != 1 || lit[0].To != log.Size(sent.PDU) {
		t.Errorf("what is delivered is lit in %v", lit)
	}
}

// TestSealed: of what TLS seals byte for byte each byte is followed, through
// the record and out of it again.
func TestSealed(t *testing.T) {
	log := scenariotest.Run(t, "sealed-envelope")
	var sent trace.Event
	for n := trace.EventID(1); int(n) <= log.Events(); n++ {
		if e := log.Event(n); e.Kind == trace.Encode && e.Proto == layers.TLS && e.Why == trace.TLSSeal {
			sent = e
			break
		}
	}
	if sent.PDU == 0 {
		t.Fatal("nothing is sealed")
	}
	x := followed(t, log, sent.PDU, 0, 5) // the record's header is TLS's own
	for _, k := range x.Stops() {
		if e := log.Event(k); e.Kind == trace.Deliver {
			t.Error("a record's header is delivered")
		}
	}
	if len(x.Frames()) == 0 {
		t.Error("no frame carries the record's header")
	}
}

// TestHostileRanges: ranges that are none, or reach too far, light nothing
// that is not there.
func TestHostileRanges(t *testing.T) {
	log := scenariotest.Run(t, "one-byte-hello")
	for _, r := range [][2]int64{{0, 0}, {-5, -1}, {5, 2}, {0, math.MaxInt64}, {math.MaxInt64 - 1, math.MaxInt64}, {-9, 3}} {
		for pdu := range trace.PDUID(12) {
			x := followed(t, log, pdu, r[0], r[1])
			for id := range trace.PDUID(200) {
				for _, l := range x.Lit(id) {
					if l.From < 0 || l.To > log.Size(id) || l.From >= l.To {
						t.Fatalf("PDU %d from %v: %v in %d of %d bytes", pdu, r, l, id, log.Size(id))
					}
				}
			}
		}
	}
}

// TestCapture: in a capture, a message is found in its frames and at its
// receiver, and a frame's byte in the message.
func TestCapture(t *testing.T) {
	f := capturetest.Open(t, "../../testdata/http.pcap")
	found := 0
	for n := trace.EventID(1); int(n) <= f.Events(); n++ {
		e := f.Event(n)
		if e.Kind != trace.Send || f.Size(e.PDU) < 20 {
			continue
		}
		x := followed(t, f, e.PDU, 2, 12)
		if len(x.Frames()) == 0 {
			t.Errorf("event %d: no frame carries the message", n)
			continue
		}
		g := f.Frame(x.Frames()[0])
		lit := x.Lit(g.PDU)
		if len(lit) != 1 || !bytes.Equal(f.Append(nil, g.PDU, lit[0].From, 10), f.Append(nil, e.PDU, 2, 10)) {
			t.Errorf("event %d: lit %v in its frame", n, lit)
			continue
		}
		back := followed(t, f, g.PDU, lit[0].From, lit[0].To)
		if back.Lit(e.PDU) == nil || !slices.Contains(back.Stops(), n) || !slices.Contains(kinds(f, back), trace.Deliver) {
			t.Errorf("event %d: from its frame, the message is lit in %v; stops %v", n, back.Lit(e.PDU), kinds(f, back))
		}
		found++
	}
	if found == 0 {
		t.Error("no message was followed")
	}
}

// BenchmarkFollow follows a field of a frame in the middle of a long run.
func BenchmarkFollow(b *testing.B) {
	log := scenariotest.Run(b, "bulk")
	f := log.Frame(log.Frames() / 2)
	followed(b, log, f.PDU, 54, 60) // the index is made once
	b.ReportAllocs()
	for b.Loop() {
		x := followed(b, log, f.PDU, 54, 60)
		if x.Lit(f.PDU) == nil {
			b.Fatal("not lit")
		}
	}
}
