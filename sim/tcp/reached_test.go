package tcp

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"strata/trace"
)

// seen are the reasons that a test has come by.
var seen = map[trace.Why]bool{}

// reached notes the reasons in a Ready, and that each can be said in full.
func reached(t testing.TB, r *Ready) {
	say := func(r Reason) {
		if r.Why == 0 || seen[r.Why] {
			return
		}
		seen[r.Why] = true
		if s := r.Why.Sentence(r.Args[:], nil); strings.ContainsAny(s, "{}") || strings.Contains(s, "? ") {
			t.Errorf("%v: %s", r.Why, s)
		}
	}
	say(r.Drop)
	say(r.Held)
	for i := range r.Segments {
		if r.Segments[i].Why == 0 {
			t.Errorf("a segment without a reason: %+v", r.Segments[i])
		}
		say(r.Segments[i].Reason)
	}
	for _, n := range r.Notes {
		say(n.Reason)
	}
}

// hosts lists the tcp codes that are not this package's.
var hosts = []string{"tcp.to-socket", "tcp.to-listener", "tcp.no-socket", "tcp.refuse", "tcp.checksum", "tcp.malformed",
	"tcp.broadcast", "tcp.backlog-full", "tcp.gap-filled"}

// TestMain fails when all tests have run and a sentence was never said.
func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	if code == 0 && flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.fuzz").Value.String() == "" {
		for _, w := range trace.Catalogue() {
			mine := strings.HasPrefix(w.String(), "tcp.")
			for _, h := range hosts {
				mine = mine && w.String() != h
			}
			if mine && !seen[w] {
				fmt.Println("FAIL: no test reaches", w)
				code = 1
			}
		}
	}
	os.Exit(code)
}
