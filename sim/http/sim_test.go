package http_test

import (
	"testing"
	"time"

	"strata/sim"
	"strata/sim/host"
	"strata/sim/host/hosttest"
	web "strata/sim/http"
)

func list(p ...host.Program) []host.Program { return p }

func TestSimulatedTwoTabs(t *testing.T) {
	hosttest.MustExchange(t, list(
		&web.Client{To: "10.0.2.2:80", Requests: []web.Request{{}, {Path: "/chunked"}, {Path: "/missing"}, {Method: "POST", Text: "a=b"}}},
		&web.Client{To: "10.0.2.2:80", Requests: []web.Request{{Path: "/large"}, {Path: "/empty"}}, Close: true}),
		list(testSite(":80")), 12)
}

// On a bad link everything takes longer, and nothing else changes.
func TestSimulatedBadLink(t *testing.T) {
	faults := []sim.Fault{
		{Kind: sim.Lose, Rate: 0.05}, {Kind: sim.Corrupt, Rate: 0.02, Bit: -1}, {Kind: sim.Duplicate, Rate: 0.05},
		{Kind: sim.Reorder, Rate: 0.05, Delay: 7 * time.Millisecond},
	}
	large := &web.Client{To: "10.0.2.2:80", Requests: []web.Request{{Path: "/large"}, {Path: "/chunked"}, {Method: "POST", Size: 50_000, Chunk: 1000}}}
	errs, sent, same := hosttest.Simulated(t, list(large), list(testSite(":80")), faults...)
	if errs[0] != nil || errs[1] != nil || sent != 6 || same != 6 {
		t.Errorf("%v, %d messages sent, %d delivered; want 6", errs, sent, same)
	}
}
