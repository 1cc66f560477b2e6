package scenarios

import (
	"embed"
	"fmt"
	"maps"
	"slices"

	"strata/scenarios/tree"
)

//go:embed course/*.yaml
var files embed.FS

// course is the built-in scenarios in the order in which to learn from them.
var course = []string{
	"one-byte-hello", "two-tabs", "handshake-bytes", "closed-port", "cut-to-size",
	"who-has", "switch-learns", "hop-by-hop", "bit-flip", "tcp-vs-udp-loss",
	"reorder-duplicate", "stream-not-messages", "half-close", "rst-vs-fin", "udp-starts-sooner",
	"name-to-page", "polling-cost", "upgrade-101", "osi-vs-tcpip", "sealed-envelope",
	"mask-direction", "both-at-once", "emit-both-ways", "ack-and-broadcast", "poll-then-upgrade",
	"heartbeat-death", "head-of-line", "queue-decouples", "queue-qos", "redelivery", "tcp-vs-udp-video",
	"rto-backoff",
	"fragment-amplifier", "nat-rebinding",
	"bulk", "dumbbell",
}

// Source is the text of a built-in scenario.
func Source(name string) (src []byte, ok bool) {
	if !slices.Contains(course, name) {
		return nil, false
	}
	src, err := files.ReadFile("course/" + name + ".yaml")
	return src, err == nil
}

// List describes the built-in scenarios in the course's order, hidden ones
// too. It panics if one is broken, which a test rules out.
func List() []Entry {
	var out []Entry
	for _, name := range course {
		s, err := Open(name)
		if err != nil {
			panic(err)
		}
		out = append(out, s.Entry())
	}
	return out
}

// NotBuiltIn is the error for a name that no built-in scenario has: it says
// which one was probably meant, or where the names and other scenarios are.
func NotBuiltIn(name string) error {
	if meant := tree.Meant(name, course); meant != "" {
		return fmt.Errorf("there is no built-in scenario %s; did you mean %q?", tree.Quote(name), meant)
	}
	return fmt.Errorf("there is no built-in scenario %s; `strata list` shows them, and a scenario file's name ends in .yaml", tree.Quote(name))
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
