package tcp

import (
	"testing"

	"strata/trace"
)

// steady is a sender and a receiver in mid-transfer: two segments go over,
// one acknowledgment comes back.
type steady struct {
	now  trace.Time
	a, b *Conn
	segs [2]Segment
	ack  Segment
}

func newSteady(tb testing.TB, cfg Config) *steady {
	s := &steady{a: New(cfg, 1), b: NewPassive(cfg, 2)}
	syn := s.a.Step(0, Input{Kind: Open}).Segments[0]
	synAck := s.b.Step(0, Input{Kind: Arrive, Segment: &syn}).Segments[0]
	ack := s.a.Step(0, Input{Kind: Arrive, Segment: &synAck}).Segments[0]
	if s.b.Step(0, Input{Kind: Arrive, Segment: &ack}).State != Established {
		tb.Fatal("not established")
	}
	for range 1000 {
		s.round(tb)
	}
	return s
}

// round is six steps: a write, two arrivals with reads, one acknowledgment.
func (s *steady) round(tb testing.TB) {
	s.now += trace.Millisecond
	r := s.a.Step(s.now, Input{Kind: Write, N: 2 * s.a.snd.mss})
	if len(r.Segments) != 2 {
		tb.Fatal(len(r.Segments), "segments")
	}
	s.segs[0], s.segs[1] = r.Segments[0], r.Segments[1]
	s.now += trace.Millisecond
	for i := range s.segs {
		r = s.b.Step(s.now, Input{Kind: Arrive, Segment: &s.segs[i]})
		if len(r.Segments) > 0 {
			s.ack = r.Segments[0]
		}
		s.b.Step(s.now, Input{Kind: Consume, N: s.segs[i].Len})
	}
	s.now += trace.Millisecond
	s.a.Step(s.now, Input{Kind: Arrive, Segment: &s.ack})
}

func benchmarkSteady(b *testing.B, cfg Config) {
	s := newSteady(b, cfg)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		s.round(b)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/6, "ns/step")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/3, "ns/segment")
}

func BenchmarkSteady(b *testing.B) { benchmarkSteady(b, Config{MSS: 1460}) }

func BenchmarkSteadyTimestamps(b *testing.B) {
	benchmarkSteady(b, Config{MSS: 1460, Timestamps: true, WindowScale: true, ReceiveBuffer: 1 << 20})
}

// TestNoAllocations holds the promise that a connection in mid-transfer
// allocates nothing.
func TestNoAllocations(t *testing.T) {
	s := newSteady(t, Config{MSS: 1460, Timestamps: true})
	if n := testing.AllocsPerRun(1000, func() { s.round(t) }); n != 0 {
		t.Errorf("%v allocations a round", n)
	}
}
