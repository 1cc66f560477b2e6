// Package scenariotest runs scenarios in the tests of what looks at a run.
package scenariotest

import (
	"testing"

	"strata/scenarios"
	"strata/sim"
	"strata/trace"
)

// Run is the trace of a scenario: one of the course by its name, or a file's,
// changed by overrides as --set takes them, and by "seed=7".
func Run(t testing.TB, name string, sets ...string) *trace.Log {
	t.Helper()
	log, _ := Play(t, open(t, name, sets))
	return log
}

// Annotated is Run with what the scenario says to its steps.
func Annotated(t testing.TB, name string, sets ...string) *trace.Log {
	t.Helper()
	s := open(t, name, sets)
	log, _ := Play(t, s)
	s.Annotate(log)
	return log
}

// Play runs a scenario to its end.
func Play(t testing.TB, s *scenarios.Scenario) (*trace.Log, sim.Result) {
	t.Helper()
	n, err := sim.New(s.Config(), true)
	if err != nil {
		t.Fatal(err)
	}
	result, err := n.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n.Trace(), result
}

func open(t testing.TB, name string, sets []string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Open(name, sets...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
