package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"strata/trace"
	"strata/tui"
)

// From the screen: a frame is lost, a setting changed, and what came of it is
// kept as a file that passes its test.
func TestChangeRerunKeep(t *testing.T) {
	of := tui.Scenario{Name: "two-tabs"}
	log, err := rerun(context.Background(), of)
	if err != nil {
		t.Fatal(err)
	}
	at := log.Frame(4).Transmit
	list, err := offers(of, log, at, -1)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range list {
		if o.Label == "lose it" {
			c, err := o.Make("")
			if err != nil {
				t.Fatal(err)
			}
			of.Changes = append(of.Changes, c)
		}
	}
	typed, err := typedChange(of, "seed = 3")
	if err != nil {
		t.Fatal(err)
	}
	of.Changes = append(of.Changes, typed)
	if len(of.Changes) != 2 || !strings.Contains(of.Changes[0].Says, " loses the ") || typed.Says != "chance comes from seed 3" {
		t.Fatalf("%+v", of.Changes)
	}
	after, err := rerun(context.Background(), of)
	if err != nil || after.Frame(4).Fate != trace.Lost || len(after.Info().Narration) == 0 {
		t.Errorf("the frame's fate is %d, %v", after.Frame(4).Fate, err)
	}
	file := filepath.Join(t.TempDir(), "mine.yaml")
	if err := keep(context.Background(), of, file, false); err != nil {
		t.Fatal(err)
	}
	if err := keep(context.Background(), of, file, false); err == nil {
		t.Error("a file was replaced unasked")
	}
	if failures, err := testOne(file); err != nil || len(failures) > 0 {
		text, _ := os.ReadFile(file)
		t.Errorf("%v %v\n%s", failures, err, text)
	}
}

func TestChangeMistakes(t *testing.T) {
	of := tui.Scenario{Name: "two-tabs"}
	for typed, want := range map[string]string{
		"seed":                 "write it as PATH=VALUE, like links.wan.loss=2%",
		"seed=x":               `seed must be a whole number from 0, not "x"`,
		"links.lan.rate=quick": `there is no key "lan"; there are: wan`,
	} {
		if _, err := typedChange(of, typed); err == nil || !strings.HasPrefix(err.Error(), want[:20]) {
			t.Errorf("%s: %v", typed, err)
		}
	}
}

func TestTemplateOpens(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new.yaml")
	if err := template(file); err != nil {
		t.Fatal(err)
	}
	if failures, err := testOne(file); err != nil || len(failures) > 0 {
		t.Errorf("%v %v", failures, err)
	}
	if err := template(file); err == nil {
		t.Error("a file was replaced")
	}
}

func TestFlagsAreChanges(t *testing.T) {
	r := runFlags{sets: []string{"links.lan.rate=1Mbit/s"}, seed: 7, seedSet: true, until: 5e9}
	of := r.scenario("rto-backoff")
	var says []string
	for _, c := range of.Changes {
		says = append(says, c.Says)
	}
	if got := strings.Join(says, "; "); got != "link lan carries 1Mbit/s instead of 10Mbit/s; chance comes from seed 7; the run stops at 5s" {
		t.Error(got)
	}
	a, err := r.record("rto-backoff")
	if err != nil {
		t.Fatal(err)
	}
	b, err := rerun(context.Background(), of)
	if err != nil || a.Events() != b.Events() {
		t.Errorf("%d events with flags, %d with changes, %v", a.Events(), b.Events(), err)
	}
}
