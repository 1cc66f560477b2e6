package connection

import (
	"strata/trace"
	"testing"
)

// BenchmarkRun is the reading of a connection of a long run, per event.
func BenchmarkRun(b *testing.B) {
	l := runOf(b, "dumbbell")
	c := Of(l, 1)
	for n := 2; c == nil; n++ {
		c = Of(l, trace.EventID(n))
	}
	c.all()
	b.ResetTimer()
	for b.Loop() {
		again := *c
		again.begin(1)
		again.all()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(l.Events()), "ns/event")
	b.ReportMetric(float64(l.Events()), "events")
}
