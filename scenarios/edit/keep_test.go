package edit_test

import (
	"strings"
	"testing"
	"time"

	"strata/scenarios"
	"strata/scenarios/edit"
	"strata/scenarios/scenariotest"
)

// tested loads a file's text and says what its run does not keep.
func tested(t *testing.T, file string, text []byte) (*scenarios.Scenario, []scenarios.Failure) {
	t.Helper()
	s, err := scenarios.Parse(file, text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	log, res := scenariotest.Play(t, s)
	return s, s.Verify(log, res.Stats)
}

func TestTemplate(t *testing.T) {
	for file, name := range map[string]string{"/tmp/over/there.yaml": "there", "no name!.yaml": "my-first"} {
		text := edit.Template(file)
		s, failures := tested(t, file, text)
		if len(failures) > 0 || s.File().Name != name {
			t.Errorf("%s is called %s and fails: %v", file, s.File().Name, failures)
		}
		if n := strings.Count(string(text), "#"); n < 20 {
			t.Errorf("%s: %d comments are left", file, n)
		}
	}
}

// Whatever is changed, the file that is kept passes its test.
func TestKeep(t *testing.T) {
	for _, e := range scenarios.List() {
		if heavy[e.Name] {
			continue
		}
		s, err := scenarios.Open(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		link := s.File().Links[0]
		node, _, _ := strings.Cut(link.Endpoints[0], ":")
		struck := edit.Struck{Link: link.Name, Node: node, Nth: 1}
		changes := []edit.Change{struck.Lose(), edit.Cut(link.Name, 50*time.Millisecond, time.Second)}
		s, err = edit.Apply(e.Name, changes)
		if err != nil {
			t.Fatal(err)
		}
		log, res := scenariotest.Play(t, s)
		says := []string{edit.Says(nil, changes[0]), edit.Says(nil, changes[1])}
		text, err := edit.Keep("x/mine.yaml", s, says, log, res.Stats)
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		kept, failures := tested(t, "mine.yaml", text)
		if len(failures) > 0 || kept.File().Name != "mine" || kept.File().Group != "Own" {
			t.Errorf("%s kept as %s fails:\n%v\n%s", e.Name, kept.File().Name, failures, text)
		}
		if !strings.Contains(string(text), "# Made from "+e.Name+": link "+link.Name+" loses the 1st frame from "+node) {
			t.Errorf("%s: %.200s", e.Name, text)
		}
	}
}
