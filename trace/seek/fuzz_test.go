package seek_test

import (
	"testing"
	"time"

	"strata/scenarios/scenariotest"
	"strata/trace/seek"
)

// FuzzParse: whatever is typed is either refused or can be looked for.
func FuzzParse(f *testing.F) {
	log := scenariotest.Run(f, "one-byte-hello")
	for _, s := range []string{"kind drop", "why tcp.rto*", "node client layer T4", "flow udp.0", "filter ip.ttl < 5", "text a", "hex 00", "hex 0", "layer", "text \x00\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		q, err := seek.Parse(log, line)
		if err != nil {
			return
		}
		s := seek.New(log, q, nil)
		for s.Work(time.Second) {
		}
		s.Next(1, 1)
		s.Next(1, -1)
		hits, _, _ := s.Hits()
		sum := 0
		for _, n := range s.Columns(nil, 33) {
			sum += int(n)
		}
		if sum != hits {
			t.Fatalf("%q: %d hits, %d in the columns", line, hits, sum)
		}
	})
}
