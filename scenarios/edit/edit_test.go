package edit_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"strata/scenarios"
	"strata/scenarios/edit"
	"strata/scenarios/scenariotest"
	"strata/trace"
)

// heavy are the scenarios that are for measuring: they run too long for here.
var heavy = map[string]bool{"bulk": true, "dumbbell": true}

func run(t testing.TB, name string, changes ...edit.Change) (*scenarios.Scenario, *trace.Log) {
	t.Helper()
	s, err := edit.Apply(name, changes)
	if err != nil {
		t.Fatalf("%s with %v: %v", name, changes, err)
	}
	log, _ := scenariotest.Play(t, s)
	s.Annotate(log)
	return s, log
}

// samples is how many frames of a scenario are struck.
func samples() int {
	if os.Getenv("STRATA_LONG") != "" {
		return 20
	}
	return 1
}

// same fails unless two runs tell the same, from their start up to an event.
func same(t *testing.T, a, b *trace.Log, upTo trace.EventID) {
	t.Helper()
	if b.Events() < int(upTo) {
		t.Fatalf("only %d of %d events", b.Events(), upTo)
	}
	for n := trace.EventID(1); n <= upTo; n++ {
		if a.Event(n) != b.Event(n) || a.Text(n) != b.Text(n) {
			t.Fatalf("event %d: %s, was %s", n, b.Text(n), a.Text(n))
		}
	}
}

// What befalls a frame befalls this frame: up to its first bit the run is the
// same, and then the frame that is chosen has it.
func TestThisVeryFrame(t *testing.T) {
	draw := rand.New(rand.NewPCG(1, 2))
	for _, e := range scenarios.List() {
		if heavy[e.Name] {
			continue
		}
		t.Run(e.Name, func(t *testing.T) {
			_, before := run(t, e.Name)
			var chosen []int
			for range samples() {
				chosen = append(chosen, draw.IntN(before.Frames()))
			}
			for _, frame := range chosen {
				strike(t, e.Name, before, frame)
			}
		})
	}
}

func strike(t *testing.T, name string, before *trace.Log, frame int) {
	f := before.Frame(frame)
	s, err := edit.FrameOf(before, frame)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		edit.Change
		kind trace.Kind
		why  trace.Why
		arg  string
	}{
		{s.Lose(), trace.Drop, trace.WireAimed, ""},
		{s.Delay(7 * time.Millisecond), trace.Delay, trace.WireReorder, "7"},
		{s.Duplicate(), trace.Duplicate, trace.WireTwice, ""},
		{s.Corrupt(100), trace.Corrupt, trace.WireCorrupt, "100"},
	} {
		if f.Fate == trace.Lost && c.kind != trace.Drop {
			continue // what is lost already cannot be held back
		}
		_, after := run(t, name, c.Change)
		same(t, before, after, f.Transmit)
		found := false
		for _, n := range after.Steps(frame) {
			e := after.Event(n)
			found = found || e.Kind == c.kind && e.Why == c.why && e.End == f.End && strings.Contains(after.Text(n), c.arg) ||
				f.Fate == trace.Lost && e.Kind == trace.Drop // by the scenario itself
		}
		if !found {
			t.Errorf("%v: frame %d was not struck", c.Change, frame+1)
		}
	}
}

// Each loses its frame, whichever comes first in the list, and whatever is
// lost beside it.
func TestChangesStack(t *testing.T) {
	changes := []edit.Change{
		edit.Struck{Link: "cable", Node: "client", Nth: 5}.Lose(),
		edit.Struck{Link: "cable", Node: "client", Nth: 3}.Lose(),
		edit.Struck{Link: "cable", Node: "client", Nth: 4}.Delay(time.Second),
		{Path: "links.cable.loss", Value: "30%"},
	}
	for _, list := range [][]edit.Change{changes, {changes[3], changes[2], changes[1], changes[0]}} {
		_, log := run(t, "fragment-amplifier", list...)
		nth := 0
		for i := 0; nth < 5; i++ {
			f := log.Frame(i)
			if log.Info().Nodes[f.From].Name != "client" {
				continue
			}
			nth++
			if aimed := f.Fate == trace.Lost; (nth == 3 || nth == 5) && !aimed {
				t.Errorf("the frame %d passed", nth)
			}
		}
	}
}

// What chance does to the other frames does not depend on what is lost.
func TestChanceStays(t *testing.T) {
	lossy := edit.Change{Path: "links.cable.faults.+", Value: "{kind: jitter, delay: 100us}"}
	s := edit.Struck{Link: "cable", Node: "client", Nth: 3}
	_, before := run(t, "fragment-amplifier", lossy, edit.Change{Path: "links.cable.rate", Value: "10Gbit/s"})
	_, after := run(t, "fragment-amplifier", s.Lose(), lossy, edit.Change{Path: "links.cable.rate", Value: "10Gbit/s"})
	for i := range 100 {
		a, b := before.Frame(i), after.Frame(i)
		if i == 2 {
			continue
		}
		if was, is := arrival(before, i), arrival(after, i); was != is {
			t.Errorf("frame %d, sent %d and %d: arrives at %v, before at %v", i+1, a.Sent, b.Sent, is, was)
		}
	}
}

// arrival is when a frame arrives; 0: never.
func arrival(log *trace.Log, frame int) trace.Time {
	for _, n := range log.Steps(frame) {
		if e := log.Event(n); e.Kind == trace.Arrive {
			return e.Time
		}
	}
	return 0
}

func TestCut(t *testing.T) {
	_, log := run(t, "rto-backoff", edit.Cut("wan", 10*time.Millisecond, 2*time.Second))
	for i := range log.Frames() {
		f := log.Frame(i)
		if log.Info().Links[f.End.Link()].Name != "wan" {
			continue
		}
		if in := f.Sent >= 10*trace.Millisecond && f.Sent < 2*trace.Second; in != (f.Fate == trace.Lost) {
			t.Errorf("frame %d at %v: fate %d", i+1, f.Sent, f.Fate)
		}
	}
}

// Of every built-in scenario, with each kind of change, the text that is
// written says what the change has made.
func TestTextIsTheScenario(t *testing.T) {
	for _, e := range scenarios.List() {
		s, err := scenarios.Open(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		src, _ := scenarios.Source(e.Name)
		f := s.File()
		link := f.Links[0]
		node, _, _ := strings.Cut(link.Endpoints[0], ":")
		frame := edit.Struck{Link: link.Name, Node: node, Nth: 3}
		changes := []edit.Change{
			frame.Lose(), frame.Delay(time.Second), frame.Duplicate(), frame.Corrupt(9), edit.Cut(link.Name, 0, time.Second),
			{Path: "links." + link.Name + ".rate", Value: "5Mbit/s"}, {Path: "links." + link.Name + ".queue", Value: "7"},
			{Path: "seed", Value: "99"}, {Path: "programs." + f.Programs[0].Name + ".start", Value: "1ms"},
			{Path: "nodes." + hostOf(f) + ".tcp.mss", Value: "500"}, {Path: "title", Value: `"a: b"`},
		}
		if heavy[e.Name] {
			changes = changes[:1]
		}
		for i := range changes {
			textIsScenario(t, e.Name, src, changes[i:i+1])
		}
		textIsScenario(t, e.Name, src, changes)
	}
}

func hostOf(f *scenarios.File) string {
	for _, n := range f.Nodes {
		if n.Kind == "" || n.Kind == "host" {
			return n.Name
		}
	}
	return ""
}

func textIsScenario(t *testing.T, name string, src []byte, changes []edit.Change) {
	t.Helper()
	s, err := edit.Apply(name, changes)
	if err != nil {
		t.Fatalf("%s with %v: %v", name, changes, err)
	}
	text, err := s.Text()
	if err != nil {
		t.Fatalf("%s with %v: %v", name, changes, err)
	}
	again, err := scenarios.Parse(name, text)
	if err != nil {
		t.Fatalf("%s with %v: %v\n%s", name, changes, err, text)
	}
	if a, b := fmt.Sprintf("%+v", s.Config()), fmt.Sprintf("%+v", again.Config()); plain(a) != plain(b) {
		t.Errorf("%s with %v means\n%s\nbut the text\n%s", name, changes, a, b)
	}
	was := strings.Split(string(src), "\n")
	is := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		is[strings.TrimSuffix(line, "\n")] = true
	}
	gone := 0
	for _, line := range was {
		if !is[line] {
			gone++
		}
	}
	if gone > len(changes) {
		t.Errorf("%s with %v: %d lines were rewritten", name, changes, gone)
	}
}

// plain takes addresses in memory out.
func plain(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '{' || r == '}' })
	for i, w := range words {
		if at := strings.Index(w, "0x"); at >= 0 {
			words[i] = w[:at]
		}
	}
	return strings.Join(words, " ")
}

func TestSays(t *testing.T) {
	s, err := scenarios.Open("rto-backoff")
	if err != nil {
		t.Fatal(err)
	}
	frame := edit.Struck{Link: "lan", Node: "client", Nth: 3}
	for _, c := range []struct {
		change edit.Change
		want   string
	}{
		{frame.Lose(), "link lan loses the 3rd frame from client"},
		{frame.Delay(1500 * time.Millisecond), "link lan holds the 3rd frame from client back for 1.5s"},
		{frame.Duplicate(), "link lan doubles the 3rd frame from client"},
		{frame.Corrupt(-1), "link lan flips a bit of the 3rd frame from client"},
		{edit.Struck{Link: "lan", Node: "r1", Nth: 111}.Corrupt(8), "link lan flips bit 8 of the 111th frame from r1"},
		{edit.Cut("lan", time.Second, 0), "link lan is cut from 1s on"},
		{edit.Cut("lan", time.Second, 2*time.Second), "link lan is cut from 1s to 2s"},
		{edit.Change{"links.lan.rate", "1Mbit/s"}, "link lan carries 1Mbit/s instead of 10Mbit/s"},
		{edit.Change{"links.lan.queue", "3"}, "link lan lets 3 frames wait"},
		{edit.Change{"links.lan.faults.+", "{kind: loss, from: client, data: true, nth: [1, 22]}"},
			"link lan loses the 1st and 22nd frames whose packet is from client with data"},
		{edit.Change{"links.lan.faults.+", "{kind: loss, rate: 2.5%, proto: tcp, flags: S}"}, "link lan loses 2.5 % of the frames of TCP with flags S"},
		{edit.Change{"links.lan.faults", "[]"}, "link lan has no faults of its own"},
		{edit.Change{"nodes.client.tcp.no_delay", "true"}, "client: tcp no delay is true"},
		{edit.Change{"programs.browser.with.host", `"other"`}, "browser: host is other instead of server"},
		{edit.Change{"seed", "7"}, "chance comes from seed 7"},
		{edit.Change{"title", "\"a\\x1b[1mb\""}, "title is a?[1mb instead of Waiting longer each time"},
	} {
		if got := edit.Says(s, c.change); got != c.want {
			t.Errorf("%v says\n%s, want\n%s", c.change, got, c.want)
		}
	}
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct {
		change edit.Change
		want   string
	}{
		{edit.Change{"links.lan.rate", "fast"}, `rate: "fast" is not a rate; write 64kbit/s, 10Mbit/s or 1Gbit/s`},
		{edit.Change{"links.laan.rate", "1Mbit/s"}, `there is no key "laan"; did you mean "lan"?`},
		{edit.Change{"nodes.client.tcp.mms", "500"}, `there is no key "mms"; did you mean "mss"?`},
		{edit.Change{"links.lan.faults.+", "{kind: loss, out: server}"}, `"server" is not at an end of link "lan"`},
	} {
		_, err := edit.Apply("rto-backoff", []edit.Change{c.change})
		if err == nil || err.Error() != c.want {
			t.Errorf("%v: %v, want %s", c.change, err, c.want)
		}
	}
}

// What was lost can be let through, however it was lost.
func TestLetThrough(t *testing.T) {
	for _, name := range []string{"rto-backoff", "fragment-amplifier"} {
		s, log := run(t, name)
		lost := 0
		for log.Frame(lost).Fate != trace.Lost {
			lost++
		}
		c, err := edit.Offers(s, log, log.Frame(lost).Transmit, -1)[0].Make("")
		if err != nil {
			t.Fatal(err)
		}
		_, after := run(t, name, c)
		same(t, log, after, log.Frame(lost).Transmit)
		if fate := after.Frame(lost).Fate; fate == trace.Lost {
			t.Errorf("%s: with %v, frame %d is lost still", name, c, lost+1)
		}
	}
}

// Every offer that is taken with what is given makes a scenario, and says so.
func TestOffers(t *testing.T) {
	for _, name := range []string{"rto-backoff", "switch-learns", "nat-rebinding", "emit-both-ways"} {
		s, log := run(t, name)
		seen := map[string]bool{}
		for n := trace.EventID(1); int(n) <= log.Events(); n += 7 {
			for _, o := range edit.Offers(s, log, n, 20) {
				if seen[o.Group+o.Label] {
					continue
				}
				seen[o.Group+o.Label] = true
				answer := o.Given
				if answer == "" && o.OneOf != nil {
					answer = o.OneOf[0]
				}
				if o.Asks != "" && answer == "" {
					continue
				}
				c, err := o.Make(answer)
				if err != nil {
					t.Errorf("%s: %s, %s %q: %v", name, o.Group, o.Label, answer, err)
					continue
				}
				if _, err := edit.Apply(name, []edit.Change{c}); err != nil {
					t.Errorf("%s: %s, %s %q: %v: %v", name, o.Group, o.Label, answer, c, err)
				}
			}
		}
		if len(seen) < 20 {
			t.Errorf("%s: only %d offers", name, len(seen))
		}
	}
}
