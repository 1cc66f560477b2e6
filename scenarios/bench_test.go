package scenarios

import (
	"context"
	"testing"

	"strata/sim"
)

// BenchmarkOpen is what a learner waits for: a scenario from its name to its
// annotated trace.
func BenchmarkOpen(b *testing.B) {
	for _, name := range []string{"rto-backoff", "fragment-amplifier"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s, err := Open(name)
				if err != nil {
					b.Fatal(err)
				}
				n, err := sim.New(s.Config(), true)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := n.Run(context.Background()); err != nil {
					b.Fatal(err)
				}
				s.Annotate(n.Trace())
			}
		})
	}
}
