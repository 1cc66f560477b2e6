package quiz_test

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"strata/capture/capturetest"
	"strata/layers"
	"strata/scenarios"
	"strata/scenarios/scenariotest"
	"strata/trace"
	"strata/trace/quiz"
)

// sample visits the questions of up to n events of a trace, evenly spread.
func sample(tr trace.Trace, n int, visit func(q quiz.Question)) {
	step := max(1, tr.Events()/n)
	for id := 1; id <= tr.Events(); id += step {
		for _, q := range quiz.Here(tr, trace.EventID(id)) {
			visit(q)
		}
	}
}

// answer is the right answer to a question, typed as its solution shows it.
func answer(q quiz.Question) quiz.Answer {
	var a quiz.Answer
	for _, p := range q.Solution().Parts {
		text, _, _ := strings.Cut(p.Is, " (")
		a.Text = append(a.Text, text)
		a.Choice = slices.Index(q.Choices, p.Is)
		a.Order = append(a.Order, slices.Index(q.Items, p.Is))
	}
	return a
}

// TestSound asks everything that can be asked of all lessons and captures, and
// wants of each question that its own answer is right, that nothing else is,
// that it does not tell its answer, and that it is the same the next time.
func TestSound(t *testing.T) {
	kinds := map[string]int{}
	check := func(t *testing.T, tr trace.Trace) {
		sample(tr, 25, func(q quiz.Question) {
			kinds[q.Name]++
			sound(t, q)
		})
		for _, id := range quiz.Gates(tr.Info()) {
			q, ok := quiz.Prompt(tr, id)
			if !ok {
				t.Errorf("event %d: its prompt cannot be asked", id)
				continue
			}
			sound(t, q)
		}
	}
	for _, e := range scenarios.List() {
		if !e.Hidden {
			t.Run(e.Name, func(t *testing.T) { check(t, scenariotest.Annotated(t, e.Name)) })
		}
	}
	files, _ := filepath.Glob("../../testdata/*.pcap*")
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) { check(t, capturetest.Open(t, path)) })
	}
	for _, name := range []string{"order", "next-sequence", "acknowledgment", "duplicate-ack", "reply-kind", "reply-header", "reason", "finding",
		"state", "value", "noticed", "fate", "ttl", "kept", "next-header", "answer", "lengths", "fragment", "pieces", "addresses", "adds", "size"} {
		if kinds[name] == 0 {
			t.Errorf("nothing asks %s", name)
		}
	}
}

func sound(t *testing.T, q quiz.Question) {
	t.Helper()
	v, err := q.Check(answer(q))
	if err != nil || !v.Right {
		t.Errorf("%s at %d: its own answer %q is wrong: %+v, %v", q.Name, q.Event, answer(q).Text, v, err)
	}
	if v.Why == "" || q.Ask == "" {
		t.Errorf("%s at %d asks %q and says why %q", q.Name, q.Event, q.Ask, v.Why)
	}
	right := 0
	for i, c := range q.Choices {
		v, _ := q.Check(quiz.Answer{Choice: i})
		if v.Right {
			right++
		}
		if slices.Index(q.Choices, c) != i {
			t.Errorf("%s at %d offers %q twice", q.Name, q.Event, c)
		}
	}
	if q.Kind == quiz.Choose && right != 1 {
		t.Errorf("%s at %d: %d of %q are right", q.Name, q.Event, right, q.Choices)
	}
	if blanks := countBlanks(q); q.Kind == quiz.Fill && (blanks == 0 || blanks != q.Blanks()) {
		t.Errorf("%s at %d has %d blanks, and asks for %d", q.Name, q.Event, blanks, q.Blanks())
	}
	for _, r := range q.Rows {
		for _, p := range q.Solution().Parts {
			if !r.Blank && len(p.Is) > 3 && r.Show == p.Is {
				t.Errorf("%s at %d: %s shows the answer %s", q.Name, q.Event, r.Field.Name, p.Is)
			}
		}
	}
}

func countBlanks(q quiz.Question) (n int) {
	for _, r := range q.Rows {
		if r.Blank {
			n++
		}
	}
	return n
}

func TestSameEachTime(t *testing.T) {
	a, b := scenariotest.Annotated(t, "rto-backoff"), scenariotest.Annotated(t, "rto-backoff")
	for id := trace.EventID(1); int(id) <= a.Events(); id++ {
		x, y := quiz.Here(a, id), quiz.Here(b, id)
		if len(x) != len(y) {
			t.Fatalf("event %d: %d questions, then %d", id, len(x), len(y))
		}
		for i := range x {
			if !reflect.DeepEqual(x[i].Choices, y[i].Choices) || x[i].Ask != y[i].Ask || !reflect.DeepEqual(x[i].Items, y[i].Items) {
				t.Fatalf("event %d: %+v, then %+v", id, x[i], y[i])
			}
		}
	}
}

// at finds a question by its name, at the first event that has one.
func at(t *testing.T, tr trace.Trace, name string, holds func(quiz.Question) bool) quiz.Question {
	t.Helper()
	for id := trace.EventID(1); int(id) <= min(tr.Events(), 1000); id++ {
		for _, q := range quiz.Here(tr, id) {
			if q.Name == name && (holds == nil || holds(q)) {
				return q
			}
		}
	}
	t.Fatalf("nothing asks %s", name)
	return quiz.Question{}
}

// TestTellsTheTruth holds answers to what the scenarios are known to do.
func TestTellsTheTruth(t *testing.T) {
	for _, c := range []struct{ scenario, name, ask, is string }{
		{"hop-by-hop", "ttl", "reaches r2 with a TTL of 63", "62"},
		{"hop-by-hop", "fate", "What does r1 do", "passes it on to the next station"},
		{"hop-by-hop", "addresses", "r1 passes on", "02:00:00:00:02:02 (r1:eth1) ► 02:00:00:00:03:01 (r2:eth0)"},
		{"one-byte-hello", "size", "UDP is given 1 byte", "9 bytes"},
		{"one-byte-hello", "size", "Ethernet is given a packet of 29 bytes", "64 bytes"},
		{"who-has", "fate", "What does printer do", "stays silent: the question is about another address"},
		{"who-has", "fate", "What does server do with this ARP", "answers it: the address is its own"},
		{"switch-learns", "fate", "What does switch do", "does not know its destination, and sends it out of every other port"},
		{"bit-flip", "fate", "What does r1 do", "drops it: its check sequence does not fit"},
		{"bit-flip", "fate", "What does server do", "drops it: UDP's checksum does not fit"},
		{"bit-flip", "noticed", "How does UDP", "not at all"},
		{"closed-port", "reply-kind", "client sends SYN", "server sends RST"},
		{"rto-backoff", "reason", "client sends a segment with 75 bytes", "it is little, but nothing is on its way unacknowledged"},
		{"rto-backoff", "noticed", "How does TCP", "its timer runs out before an acknowledgment comes"},
		{"rto-backoff", "value", "waits 2 s", "4 s"},
		{"reorder-duplicate", "duplicate-ack", "still waits for bytes", "relative 1461"},
		{"fragment-amplifier", "pieces", "payload of 8200 bytes", "6"},
		{"half-close", "state", "state ESTABLISHED", "FIN-WAIT-1"},
	} {
		tr := scenariotest.Annotated(t, c.scenario)
		q := at(t, tr, c.name, func(q quiz.Question) bool { return strings.Contains(q.Ask, c.ask) })
		if is := q.Solution().Parts[0].Is; !strings.Contains(is, c.is) {
			t.Errorf("%s: %s is %q, want %q", c.scenario, q.Ask, is, c.is)
		}
	}
}

// TestNumbersAgreeWithTheAnalysis holds what the questions count to what
// layers.Dissect does.
func TestNumbersAgreeWithTheAnalysis(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/*.pcap*")
	checked := 0
	for _, path := range files {
		tr := capturetest.Open(t, path)
		for n := 0; n < min(tr.Frames(), 200); n++ {
			next := field(tr.Tree(n), "tcp.nxtseq")
			for _, q := range quiz.Here(tr, tr.Frame(n).Transmit) {
				if q.Name != "next-sequence" && q.Name != "acknowledgment" || next == nil {
					continue
				}
				checked++
				if v, err := q.Check(quiz.Answer{Text: []string{strconv.FormatUint(next.Uint, 10)}}); err != nil || !v.Right {
					t.Errorf("%s frame %d: %s is %+v, and tcp.nxtseq %d", path, n+1, q.Ask, v.Parts, next.Uint)
				}
			}
		}
	}
	if checked < 500 {
		t.Errorf("only %d numbers were compared", checked)
	}
}

func field(tree *layers.Tree, name string) *layers.Node {
	if tree == nil {
		return nil
	}
	for i := range tree.Parts {
		for j := range tree.Parts[i].Fields {
			if f := &tree.Parts[i].Fields[j]; f.Field.Name == name && !tree.Parts[i].Quoted {
				return f
			}
		}
	}
	return nil
}

// TestWrongIsWrong looks at every choice of what a node does with a frame, and
// wants none of the wrong ones to be the reason of anything it did.
func TestWrongIsWrong(t *testing.T) {
	for _, name := range []string{"closed-port", "bit-flip", "switch-learns", "who-has", "tcp-vs-udp-loss", "reorder-duplicate", "rst-vs-fin", "nat-rebinding"} {
		tr := scenariotest.Annotated(t, name)
		for n := range tr.Frames() {
			id := tr.Frame(n).Transmit
			for _, q := range quiz.Here(tr, id) {
				if q.Name != "fate" {
					continue
				}
				for i, c := range q.Choices {
					v, _ := q.Check(quiz.Answer{Choice: i})
					why := quiz.WhyOf(c)
					happened := slices.ContainsFunc(tr.Steps(n), func(id trace.EventID) bool {
						e := tr.Event(id)
						return e.Node == tr.Frame(n).To && slices.Contains(why, e.Why)
					})
					if !v.Right && happened {
						t.Errorf("%s frame %d: %q is called wrong, and happened", name, n+1, c)
					}
				}
			}
		}
	}
}

func BenchmarkHere(b *testing.B) {
	tr := scenariotest.Annotated(b, "tcp-vs-udp-video")
	tr.Steps(0)
	for i := 0; b.Loop(); i++ {
		quiz.Here(tr, trace.EventID(1+i*37%tr.Events()))
	}
}

func BenchmarkHereCapture(b *testing.B) {
	tr := capturetest.Open(b, "../../testdata/loopback.pcap")
	for i := 0; b.Loop(); i++ {
		quiz.Here(tr, trace.EventID(1+i*37%tr.Events()))
	}
}

func Example() {
	q, _ := quiz.Prompt(promptTrace(), 1)
	for _, text := range []string{"2 apples", "3", "2000 ms"} {
		v, err := q.Check(quiz.Answer{Text: []string{text}})
		fmt.Println(v.Right, err)
	}
	// Output:
	// false "apples" is no unit that is known here: write 20, 20 ms or 0.02 s
	// false <nil>
	// true <nil>
}

func promptTrace() trace.Trace {
	l := trace.NewLog(trace.Info{Name: "x", Nodes: []trace.Node{{Name: "a"}}, Prompts: map[trace.EventID]trace.Prompt{
		1: {Question: "After how many seconds?", Answer: "2", Why: "So it is."}}})
	l.Add(trace.Event{Kind: trace.Send, Layer: layers.Application})
	return l
}
