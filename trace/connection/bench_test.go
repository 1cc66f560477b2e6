package connection

import (
	"testing"

	"strata/capture/capturetest"
	"strata/scenarios/scenariotest"
	"strata/trace"
)

// BenchmarkRun is the reading of a connection of a long run, per event.
func BenchmarkRun(b *testing.B) {
	l := scenariotest.Run(b, "dumbbell")
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

const benchFrames = 300_000

// BenchmarkCapture is the reading of a connection of a large capture, per
// frame.
func BenchmarkCapture(b *testing.B) {
	f := capturetest.Open(b, capturetest.Write(b, download(benchFrames)))
	for b.Loop() {
		Of(f, 1).all()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchFrames, "ns/frame")
}

// BenchmarkJump is what a screen asks for when the cursor has jumped: all
// lines and marks of one side, in 400 columns.
func BenchmarkJump(b *testing.B) {
	f := capturetest.Open(b, capturetest.Write(b, download(benchFrames)))
	c := Of(f, 1).all()
	from, to := c.Span()
	cols := make([]Column, 400)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		at := from + (to-from)*trace.Time(i%80)/100
		for k := range Kinds {
			c.Columns(cols, 1, k, at, at+(to-from)/5)
		}
		c.Value(1, InFlight, trace.EventID(1+i%f.Events()))
	}
}

// BenchmarkCloserLook is a look at a stretch for which the frames must be read
// again, until it is there.
func BenchmarkCloserLook(b *testing.B) {
	f := capturetest.Open(b, capturetest.Write(b, download(benchFrames)))
	c := Of(f, 1).all()
	from, to := c.Span()
	for i := 0; b.Loop(); i++ {
		at := from + (to-from)*trace.Time(i%99)/100
		c.Focus(at, at+(to-from)/500, 400)
		c.all()
	}
}
