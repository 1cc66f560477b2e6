package main

import (
	"fmt"
	"strings"
	"testing"

	"strata/scenarios/scenariotest"
	"strata/sim/program"
	"strata/trace"
)

// questions are those that a web developer brings along; each is answered by
// what a scenario says at a step, of which says is the beginning or a part.
var questions = []struct{ ask, scenario, says string }{
	{"What is a socket bound to?", "two-tabs", "Four numbers together do: client's address, client's port, server's address, server's port."},
	{"How do OSI and TCP/IP divide the same work?", "osi-vs-tcpip", "Two maps show the same country."},
	{"What do OSI's layers 5 and 6 do, when plain HTTP needs none?", "osi-vs-tcpip", "In TCP/IP the layers 5, 6 and 7 are one, as your program does all of them."},
	{"How do packets become the message again?", "reorder-duplicate", "The second segment fills the gap. Now all the bytes are there, each once, each in its place."},
	{"What does bidirectional mean?", "both-at-once", "the connection is bidirectional, or, in the word that engineers use, full duplex."},
	{"And why is it useful?", "both-at-once", "That is why it is useful that both directions are open"},
	{"What happens when a client emits an event?", "emit-both-ways", "You write socket.emit(\"hey\")."},
	{"And when a server does?", "emit-both-ways", "Now the server emits, unasked."},
	{"What does TCP guarantee?", "tcp-vs-udp-video", "But TCP guarantees order and completeness"},
	{"What does UDP save, in numbers?", "tcp-vs-udp-video", "48 of 50 pictures were shown, each at its time."},
	{"And what does TCP cost, in the same?", "tcp-vs-udp-video", "All 50 pictures were shown, and not one at its time since the loss"},
	{"Why is UDP quicker?", "udp-starts-sooner", "The answer is here after two round trips"},
	{"What does a queue add?", "queue-decouples", "What has the queue added?"},
}

// saidAt is the step at which a scenario says something; 0: it never does.
func saidAt(tr trace.Trace, says string) trace.EventID {
	for n := trace.EventID(1); int(n) <= tr.Events(); n++ {
		if strings.Contains(tr.Info().Narration[n], says) {
			return n
		}
	}
	return 0
}

// Each question has its step, and the README says which.
func TestReadmeQuestions(t *testing.T) {
	var table strings.Builder
	table.WriteString("| question | scenario | step | what is said there |\n|---|---|---|---|\n")
	for _, q := range questions {
		tr := scenariotest.Annotated(t, q.scenario)
		n := saidAt(tr, q.says)
		if n == 0 {
			t.Errorf("%s: no step says %q", q.scenario, q.says)
			continue
		}
		fmt.Fprintf(&table, "| %s | `%s` | %d | %s |\n", q.ask, q.scenario, n, tr.Info().Narration[n])
	}
	inReadme(t, "questions", table.String())
}

// The README names every program that a scenario can have.
func TestReadmePrograms(t *testing.T) {
	text := readme(t)
	for _, k := range program.Kinds {
		if !strings.Contains(text, "`"+k.Name+"`") {
			t.Errorf("the README does not name %s", k.Name)
		}
	}
}
