package scenarios

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"strata/scenarios/tree"
	"strata/sim"
	"strata/trace"
	"strata/trace/export"
)

// run runs a scenario and annotates its trace.
func run(t testing.TB, s *Scenario) (*trace.Log, sim.Result) {
	t.Helper()
	n, err := sim.New(s.Config(), true)
	if err != nil {
		t.Fatal(err)
	}
	result, err := n.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	s.Annotate(n.Trace())
	return n.Trace(), result
}

// quick makes the scenarios for measuring small enough for a test.
var quick = map[string][]string{
	"bulk": {"programs.source.with.size=1000000", "expect=[{that: quick, stats: {bytes_delivered: 1000000, drops: 0}}]"},
}

func TestCourse(t *testing.T) {
	for _, name := range course {
		t.Run(name, func(t *testing.T) {
			s, err := Open(name, quick[name]...)
			if err != nil {
				t.Fatal(err)
			}
			if s.file.Name != name {
				t.Errorf("the file says its name is %s", s.file.Name)
			}
			if len(s.file.Narration) == 0 || len(s.file.Prompts) == 0 || len(s.file.Expect) == 0 {
				t.Error("narration, prompts or expectations are missing")
			}
			if s.file.Group == "" || s.file.Teaches == "" {
				t.Error("group or teaches is missing")
			}
			if !s.file.Hidden && (len(s.file.Before) < 2 || len(s.file.After) < 2) {
				t.Error("words before or sentences after are missing")
			}
			log, result := run(t, s)
			for _, f := range s.Verify(log, result.Stats) {
				t.Error(f)
			}
			for n, said := range log.Info().Narration {
				if !slices.Contains(log.Steps(log.FrameOf(n)), n) || log.Event(n).Kind >= trace.StateChange {
					t.Errorf("event %d is no step that a learner sees: %s", n, said)
				}
			}
			if len(log.Info().Prompts) != len(s.file.Prompts) {
				t.Errorf("%d prompts of %d have found their event", len(log.Info().Prompts), len(s.file.Prompts))
			}
		})
	}
}

// TestExample holds the file that explains the format to what it says.
func TestExample(t *testing.T) {
	s, err := Open("testdata/example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	log, result := run(t, s)
	for _, f := range s.Verify(log, result.Stats) {
		t.Error(f)
	}
	src, err := os.ReadFile("testdata/example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := schema(t).Validate(asJSON(t, src)); err != nil {
		t.Error(err)
	}
}

func TestSameEachTime(t *testing.T) {
	for _, name := range course {
		if name == "bulk" || name == "dumbbell" {
			continue // long, and nothing in them that is not in others
		}
		var first []byte
		for range 2 {
			s, err := Open(name)
			if err != nil {
				t.Fatal(err)
			}
			log, _ := run(t, s)
			var out bytes.Buffer
			if err := export.Write(&out, log, export.JSONLines, export.Part{}); err != nil {
				t.Fatal(err)
			}
			if first != nil && !bytes.Equal(first, out.Bytes()) {
				t.Errorf("%s: two runs differ", name)
			}
			first = out.Bytes()
		}
	}
}

func TestConfigGivesFreshPrograms(t *testing.T) {
	s, err := Open("who-has")
	if err != nil {
		t.Fatal(err)
	}
	if s.Config().Programs[0].Run == s.Config().Programs[0].Run {
		t.Error("two runs share a program")
	}
}

// TestVerifyCanFail changes what each scenario does, or claims, and wants to
// hear of it.
func TestVerifyCanFail(t *testing.T) {
	for _, c := range []struct{ name, set, want string }{
		{"one-byte-hello", "programs.hello.with.text=HH", "expected [1 9 29 43 60 64], found [2 10 30 44 60 64]"},
		{"one-byte-hello", "links.cable.loss=100%", "expected 1 events, found 0"},
		{"hop-by-hop", "prompts.2.fill=[udp.length]", "does not have all of the fields udp.length"},
		{"who-has", "prompts.2.order=[{kind: hold}]", "there is nothing to put in order"},
		{"who-has", "prompts.2.on={kind: transmit, node: client, fields: {icmp.type: 8}, nth: 2}", "another question waits at the same step"},
		{"cut-to-size", "nodes.plain.tcp.mss=1000", "expected [1460 1460 1460 620], found [1000 1000 1000 1000 1000]"},
		{"who-has", "arp=warm", "no event matches, so this is never said"},
		{"hop-by-hop", "programs.letter.with.text=Another", `expected "A letter for the server.", found "Another"`},
		{"rto-backoff", "links.lan.faults=[]", "expected 3 events, found 0"},
		{"rto-backoff", "links.lan.delay=50ms", "expected [20ms] within 500µs, found"},
		{"udp-starts-sooner", "links.cable.loss=100%", "within 200µs, found []"},
		{"fragment-amplifier", "links.cable.loss=3%", "expected 94.1 % within 1.5 %, found"},
		{"handshake-bytes", "programs.caller.with.steps.2.write=Hello", "tcp.seq: expected [1 0 2], found [1 0]"},
		{"both-at-once", "links.cable.delay=1ms", "and that news had left before her line did: expected event"},
		{"heartbeat-death", "links.air.faults=[]", "no event matches"},
		{"head-of-line", "links.cable.faults=[]", "expected 1 events, found 0"},
		{"queue-decouples", "programs.work.with.back=1s", "expected [10.0406s 10.0406s 10.0406s] within 1ms, found"},
		{"queue-qos", "programs.queue.with.restart=[]", `expected "one 2", found "zero 2"`},
		{"redelivery", "programs.plain.with.idempotent=true", "expected plain's mqtt client plain handled to be 2, found [1]"},
		{"tcp-vs-udp-video", "links.cable.faults=[]", "expected 4 events, found 0"},
		{"nat-rebinding", "nodes.home.nat.tcp_timeout=2h", "expected 1 events, found 0"},
		{"mask-direction", "programs.chat.with.messages.1.text=Hallo", "number 3: expected \"Hello\", found \"Hallo\""},
		{"switch-learns", `links.b.endpoints=["blue:eth0", "switch:p9"]`, "port to be p2, found [p9]"},
	} {
		s, err := Open(c.name, c.set)
		if err != nil {
			t.Errorf("%s %s: %v", c.name, c.set, err)
			continue
		}
		log, result := run(t, s)
		var said []string
		for _, f := range s.Verify(log, result.Stats) {
			said = append(said, f.String())
			if !strings.HasPrefix(f.String(), c.name+".yaml:") {
				t.Errorf("%s: no place in %q", c.name, f)
			}
		}
		if all := strings.Join(said, "\n"); !strings.Contains(all, c.want) {
			t.Errorf("%s %s: got\n%s\nwant %s", c.name, c.set, all, c.want)
		}
	}
}

// TestClaimsCanFail puts wrong claims of every kind to one run.
func TestClaimsCanFail(t *testing.T) {
	const sent = "match: {kind: transmit, data: true}"
	for claim, want := range map[string]string{
		"count: 2":                               "expected 2 events, found 3",
		"at_least: 4":                            "expected at least 4 events, found 3",
		"at_most: 2":                             "expected at most 2 events, found 3",
		"at: 1s":                                 "expected [1s] within 0s, found [30.4128ms ",
		"gaps: [1ms, 2ms], within: 1us":          "expected [1ms 2ms] within 1µs, found [5.0",
		"nodes: [client, r1, server]":            "expected [client r1 server], found [client r1 r2]",
		"payload: [24, 24, 25]":                  "expected [24 24 25], found [24 24 24]",
		"nested: [24, 44, 64, 78, 81]":           "expected [24 44 64 78 81], found [24 44 64 78 82]",
		"text: [a, b, c]":                        "number 1: expected \"a\", found",
		"sha256: [ab]":                           "expected [ab], found [",
		"same_as: {kind: arrive, node: server}":  "there are 3 events here, and 5 of the others",
		"same_as: {kind: deliver}":               "there are 3 events here, and 1 of the others",
		"values: {ip.ttl: [64, 63, 63]}":         "ip.ttl: expected [64 63 63], found [64 63 62]",
		"values: {ip.ttl: 64}":                   "expected 1 events, found 3",
		"rises: {ip.ttl: [1, 1]}":                "ip.ttl: expected [1 1], found [-1 -1]",
		"rises: {udp.length: [1, 1]}":            "there is no udp.length in number 1 or 2",
		"same: [ip.ttl]":                         "expected ip.ttl to stay the same, found [64 63 62]",
		"differ: [ip.src]":                       "expected ip.src to change each time, found [10.0.1.2 10.0.1.2 10.0.1.2]",
		"before: {kind: send}":                   "expected event 138 before event 89",
		"before: {kind: corrupt}":                "no event matches what it is to be before",
		"share: {of: {kind: transmit}, is: 50%}": "expected 50 % within 0 %, found 3 of 24, which is 12.5 %",
		"share: {of: {kind: corrupt}, is: 50%}":  "there is nothing to be a share of",
		"stats: {drops: 1}":                      "drops: expected 1, found 0",
		"state: [{node: r1, table: route, field: via, key: 10.0.2.0/*, value: x}]": "to be x, found [10.0.12.2]",
		"state: [{node: r1, table: tcp, field: cwnd, value: 1}]":                   "to be 1, found []",
	} {
		s, err := Open("hop-by-hop", "expect=[{that: x, "+sent+", "+claim+"}]")
		if err != nil {
			t.Errorf("%s: %v", claim, err)
			continue
		}
		log, result := run(t, s)
		failures := s.Verify(log, result.Stats)
		if len(failures) != 1 || !strings.Contains(failures[0].Found.Text, want) {
			t.Errorf("%s: got %v, want %s", claim, failures, want)
		}
	}
}

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, s string
		want       bool
	}{
		{"abc", "abc", true}, {"abc", "abcd", false}, {"a*", "abc", true}, {"*c", "abc", true}, {"a*c", "abc", true},
		{"a*b*c", "a-b-c", true}, {"a*b*c", "a-c-b", false}, {"*", "", true}, {"a*a", "a", false}, {"", "", true},
	} {
		if got := glob(c.pattern, c.s); got != c.want {
			t.Errorf("glob(%q, %q) = %v", c.pattern, c.s, got)
		}
	}
}

// TestBroken wants of each file in testdata/broken just the problems that its
// comments name.
func TestBroken(t *testing.T) {
	paths, _ := filepath.Glob("testdata/broken/*.yaml")
	if len(paths) == 0 {
		t.Fatal("no files")
	}
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for line := range strings.Lines(string(src)) {
			if w, ok := strings.CutPrefix(line, "# want "); ok {
				want = append(want, path+":"+strings.TrimSpace(w))
			}
		}
		_, err = Open(path)
		if err == nil {
			t.Errorf("%s: no error", path)
			continue
		}
		got := strings.Split(err.Error(), "\n")
		for i := range max(len(got), len(want)) {
			switch {
			case i >= len(want):
				t.Errorf("unexpected: %s", got[i])
			case i >= len(got):
				t.Errorf("missing: %s", want[i])
			case !strings.HasPrefix(got[i], want[i]):
				t.Errorf("got  %s\nwant %s", got[i], want[i])
			}
		}
	}
}

func TestOpenErrors(t *testing.T) {
	for name, want := range map[string]string{
		"one-byte-helo":     `there is no built-in scenario "one-byte-helo"; did you mean "one-byte-hello"?`,
		"nowhere.yaml":      "nowhere.yaml: no such file or directory",
		"\x1b[31mevil.yaml": "?[31mevil.yaml: no such file or directory",
		"testdata/broken/":  "testdata/broken/",
	} {
		if _, err := Open(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v", name, err)
		}
	}
	_, err := Open("one-byte-hello", "links.cable.los=2%")
	var problems tree.Problems
	if !errors.As(err, &problems) || err.Error() != `--set links.cable.los=2%: there is no key "los"; did you mean "loss"?` {
		t.Errorf("got %v", err)
	}
}

// schema is what Schema gives, compiled by somebody else.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("scenario.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func asJSON(t *testing.T, src []byte) any {
	t.Helper()
	j, err := yaml.YAMLToJSON(src)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(j))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSchema(t *testing.T) {
	s := schema(t)
	for _, name := range course {
		src, _ := Source(name)
		if err := s.Validate(asJSON(t, src)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What is wrong by its form is wrong by the schema, too.
	for _, file := range []string{"unknown-keys", "wrong-types", "faults", "missing", "programs"} {
		src, err := os.ReadFile("testdata/broken/" + file + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		if s.Validate(asJSON(t, src)) == nil {
			t.Errorf("%s: the schema finds nothing wrong", file)
		}
	}
}

func TestList(t *testing.T) {
	list := List()
	if len(list) != len(course) {
		t.Fatalf("%d entries", len(list))
	}
	byName := map[string]Entry{}
	for _, e := range list {
		byName[e.Name] = e
	}
	if byName["closed-port"].Delivers || !byName["one-byte-hello"].Delivers {
		t.Error("delivers is wrong")
	}
	if !slices.Equal(byName["bit-flip"].BadFrames, []int{2, 5, 6}) || !byName["bulk"].Hidden {
		t.Errorf("bad_frames or hidden is wrong: %+v", byName["bit-flip"])
	}
	all, err := files.ReadDir("course")
	if err != nil || len(all) != len(course) {
		t.Errorf("%d files are embedded, %d are in the course", len(all), len(course))
	}
}

// TestSafeText puts an escape sequence wherever a file may hold text for
// people: none is accepted, and no error repeats it.
func TestSafeText(t *testing.T) {
	const file = `
name: x
title: TITLE
teaches: TEACHES
nodes: {a: {addresses: {eth0: 10.0.0.1/24}}, b: {addresses: {eth0: 10.0.0.2/24}}}
links: {LINK: {endpoints: ["a:eth0", "b:eth0"]}}
narration: [{on: {kind: send}, say: SAY}]
prompts: [{on: {kind: send}, ask: ASK, choices: [a, CHOICE], answer: a, why: WHY}]
expect: [{that: THAT, match: {kind: send}, count: 0}]
`
	if _, err := Parse("x.yaml", []byte(file)); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"TITLE", "TEACHES", "LINK", "SAY", "ASK", "CHOICE", "WHY", "THAT"} {
		for _, escape := range []string{`\e[2J`, `\u009b2J`, `\u202e`, `\r`, `\a`} {
			_, err := Parse("x.yaml", []byte(strings.Replace(file, word, `"`+escape+`"`, 1)))
			if err == nil {
				t.Errorf("%s: %s is accepted", word, escape)
			} else if strings.ContainsFunc(err.Error(), tree.Unsafe) {
				t.Errorf("%s: the error itself holds %s: %q", word, escape, err)
			}
		}
	}
}

func FuzzLoad(f *testing.F) {
	for _, name := range course {
		src, _ := Source(name)
		f.Add(src, "links.0.loss=2%")
	}
	broken, _ := filepath.Glob("testdata/broken/*.yaml")
	for _, path := range broken {
		src, _ := os.ReadFile(path)
		f.Add(src, "nodes.a.kind=router")
	}
	f.Fuzz(func(t *testing.T, src []byte, set string) {
		for _, sets := range [][]string{nil, {set}} {
			s, err := Parse("x.yaml", src, sets...)
			if err != nil {
				for line := range strings.Lines(err.Error()) {
					if strings.ContainsFunc(strings.TrimSuffix(line, "\n"), tree.Unsafe) {
						t.Errorf("the error holds control characters: %q", line)
					}
				}
				continue
			}
			// Nothing that was accepted can be impossible to build.
			if _, err := sim.New(s.Config(), false); err != nil {
				t.Errorf("checked, and yet: %v", err)
			}
		}
	})
}
