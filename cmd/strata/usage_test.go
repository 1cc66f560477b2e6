package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestWrongUsage(t *testing.T) {
	for _, c := range []struct {
		args  string
		words []string
	}{
		{"", []string{"not a terminal", "-o FILE"}},
		{"nonsense", []string{`no command "nonsense"`, "--help"}},
		{"replya x", []string{"did you mean replay?"}},
		{"help nonsense", []string{`no command "nonsense"`, "--help"}},
		{"--nonsense", []string{"unknown flag"}},
		{"run", []string{"one scenario"}},
		{"run who-has one-byte-hello", []string{"one scenario"}},
		{"run who-has", []string{"not a terminal", "-o FILE", "--stats"}},
		{"replay a.pcap", []string{"not a terminal", "-o FILE"}},
		{"run who-has -o x.pcap", []string{"x.pcap", ".pcapng"}},
		{"run who-has -o x", []string{"ending"}},
		{"run who-has -o -", []string{"--format"}},
		{"run who-has -o - --format xml", []string{"xml", "jsonl"}},
		{"run who-has -o a.txt --format txt", []string{"-o -"}},
		{"run who-has -o a.txt -o a.txt", []string{"twice"}},
		{"run who-has -o - --format txt -i client:eth9", []string{"pcapng"}},
		{"run who-has -o - --format pcapng -i client:eth9", []string{"client:eth9", "client:eth0"}},
		{"run who-has -o a.txt --step 3", []string{".svg"}},
		{"run who-has -o a.svg --size 80x24", []string{"--step"}},
		{"run who-has -o a.svg --step 3 --size 80", []string{"80", "120x40"}},
		{"run who-has -o a.svg --step 3 --size 1x1", []string{"1x1"}},
		{"run who-has -o a.svg --step 1000000", []string{"1000000"}},
		{"run who-has -o a.svg --step 0", []string{"--step 0", "from 1"}},
		{"run who-has -o a.svg --step one", []string{"--step one", "whole number"}},
		{"run who-has -o a.txt --seed -1", []string{"--seed -1", "whole number from 0"}},
		{"run who-has -o a.txt --until never", []string{"--until never", "2.5s"}},
		{"run who-has -o a.txt --until -1s", []string{"until"}},
		{"run who-has -o a.txt --set loss", []string{"PATH=VALUE"}},
		{"run who-has -o a.txt --set nonsense.x=1", []string{"nonsense"}},
		{"run who-has -o a.txt --profile linux", []string{"not built yet"}},
		{"run who-has -o a.txt --profile bsd", []string{"rfc"}},
		{"run who-has --stats -o a.txt", []string{"--stats"}},
		{"run who-has --stats -Y arp", []string{"--stats", "-Y"}},
		{"run who-has --stats --keylog-out x", []string{"--stats", "--keylog-out"}},
		{"run who-has --record", []string{"--stats"}},
		{"run who-has -o a.txt --theme pink", []string{"pink", "dark"}},
		{"run who-has -o a.txt --model eight", []string{"eight", "tcpip"}},
		{"list extra", []string{"no arguments"}},
		{"list --format xml", []string{"jsonl"}},
		{"show", []string{"name"}},
		{"check", []string{"scenario files"}},
		{"test", []string{"scenario files"}},
		{"dissect", []string{"one capture"}},
		{"completion tcsh", []string{"tcsh", "bash"}},
		{"compare", []string{"A [flags] -- B [flags]"}},
		{"compare who-has", []string{"two scenarios or captures"}},
		{"compare who-has two-tabs", []string{"-o -", "-o FILE"}},
		{"compare who-has -- two-tabs", []string{"-o -", "-o FILE"}},
		{"compare who-has x -- two-tabs -o -", []string{"two scenarios or captures"}},
		{"compare -- two-tabs -o -", []string{"two scenarios or captures"}},
		{"compare - -- - -o -", []string{"standard input"}},
		{"compare who-has -- --nonsense -o -", []string{"unknown flag"}},
		{"compare who-has -- --seed x -o -", []string{"--seed x", "whole number"}},
		{"compare who-has -- --set nonsense.x=1 -o -", []string{"nonsense"}},
		{"compare who-has -- --keylog k -o -", []string{"--keylog", "capture"}},
		{"compare a.pcap -- --seed 1 -o -", []string{"--seed", "scenario"}},
		{"compare who-has -- -i client:eth9 -o -", []string{"client:eth9", "client:eth0"}},
		{"compare who-has -- -Y nonsense.at.all -o -", []string{"-Y: filter, column 1"}},
		{"compare who-has -- -o x.pcapng", []string{"txt or jsonl"}},
		{"compare who-has -- -o - --format svg", []string{"txt or jsonl"}},
		{"compare who-has -- --theme pink", []string{"pink"}},
		{"run who-has -o a.txt -Y nonsense.at.all", []string{"-Y: filter, column 1"}},
		{"replay a.pcap -i client:eth0", []string{"unknown shorthand flag"}},
	} {
		t.Run(c.args, func(t *testing.T) {
			dir := t.TempDir()
			r := strata(t, dir, strings.Fields(c.args)...)
			oneLine(t, r, exitUsage, c.words...)
			if r.out != "" {
				t.Errorf("standard output has %q", r.out)
			}
			if left := names(t, dir); len(left) > 0 {
				t.Errorf("files are left: %q", left)
			}
		})
	}
}

func TestFailures(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "broken.yaml"), "name: x\ntitle: t\nnodse: []\n")
	write(t, filepath.Join(dir, "evil\x1b[2J.pcap"), "no capture\n")
	for _, name := range []string{"d.txt", "d.yaml"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	before := len(names(t, dir))
	for _, c := range []struct {
		args  []string
		words []string
	}{
		{[]string{"run", "no-such", "-o", "a.txt"}, []string{"no-such"}},
		{[]string{"run", "no-such.yaml", "-o", "a.txt"}, []string{"no-such.yaml", "no such file"}},
		{[]string{"run", "who-hsa", "-o", "a.txt"}, []string{`did you mean "who-has"?`}},
		{[]string{"run", "d.yaml", "-o", "a.txt"}, []string{"d.yaml", "directory"}},
		{[]string{"run", "some.pcap", "-o", "a.txt"}, []string{"strata replay some.pcap"}},
		{[]string{"replay", "who-has", "-o", "a.txt"}, []string{"no such file", "strata run who-has"}},
		{[]string{"show", "no-such"}, []string{"no-such", "strata list"}},
		{[]string{"show", "who-hsa"}, []string{`did you mean "who-has"?`}},
		{[]string{"replay", "no-such.pcap", "-o", "a.txt"}, []string{"no-such.pcap", "no such file"}},
		{[]string{"dissect", "no-such.pcap"}, []string{"no-such.pcap", "no such file"}},
		{[]string{"compare", "no-such.pcap", "--", "who-has", "-o", "a.txt"}, []string{"no-such.pcap", "no such file"}},
		{[]string{"compare", "who-has", "--", "no-such", "-o", "-"}, []string{"no-such"}},
		{[]string{"dissect", "broken.yaml"}, []string{"broken.yaml", "pcap"}},
		{[]string{"dissect", "evil\x1b[2J.pcap"}, []string{"evil"}},
		{[]string{"dissect", "."}, nil},
		{[]string{"run", "who-has", "-o", "no/such/folder/a.txt"}, []string{"a.txt", "no such file"}},
		{[]string{"run", "who-has", "-o", "d.txt"}, []string{"d.txt", "directory"}},
	} {
		r := strata(t, dir, c.args...)
		oneLine(t, r, exitFailed, c.words...)
		if strings.Contains(r.err, "\x1b") {
			t.Errorf("%q: an escape character reaches the terminal: %q", c.args, r.err)
		}
	}
	if after := names(t, dir); len(after) != before {
		t.Errorf("files are left: %q", after)
	}
}

func TestCheck(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "good.yaml"), good(t, "", "show", "who-has"))
	write(t, filepath.Join(dir, "bad.yaml"), "name: x\ntitle: t\nnodse: []\n")
	if out := good(t, dir, "check", "good.yaml"); out != "good.yaml: good\n" {
		t.Errorf("check says %q", out)
	}
	r := strata(t, dir, "check", "bad.yaml", "good.yaml")
	if r.status != exitFailed || r.out != "good.yaml: good\n" {
		t.Errorf("status %d, output %q", r.status, r.out)
	}
	if !regexp.MustCompile(`(?m)^strata: bad\.yaml:3:1: .*nodse`).MatchString(r.err) {
		t.Errorf("the error does not point at the place: %q", r.err)
	}
}

func TestTest(t *testing.T) {
	dir := t.TempDir()
	if out := good(t, dir, "test", "who-has", "one-byte-hello"); !strings.HasSuffix(out, "\n2 passed, 0 failed\n") {
		t.Errorf("test says %q", out)
	}
	source := good(t, "", "show", "who-has")
	write(t, filepath.Join(dir, "a.yaml"), source)
	write(t, filepath.Join(dir, "b.yaml"), source+"\n  - that: nothing is ever sent\n    match: {kind: transmit}\n    count: 0\n")
	r := strata(t, dir, "test", ".")
	if r.status != exitFailed || !strings.HasSuffix(r.out, "\n1 passed, 1 failed\n") || !strings.Contains(r.out, "b.yaml:") {
		t.Errorf("status %d, output %q, error %q", r.status, r.out, r.err)
	}
}

func TestList(t *testing.T) {
	out := good(t, "", "list", "--format", "jsonl")
	for line := range strings.Lines(out) {
		var e struct {
			Name, Title *string
			Delivers    *bool
			BadFrames   *[]int `json:"bad_frames"`
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Name == nil || e.Title == nil || e.Delivers == nil || e.BadFrames == nil {
			t.Errorf("%v: %s", err, line)
		}
	}
	if strings.Contains(out, `"bulk"`) || !strings.Contains(good(t, "", "list", "--all", "--format", "jsonl"), `"bulk"`) {
		t.Error("hidden scenarios must be listed with --all, and only then")
	}
	if table := good(t, "", "list"); !strings.HasPrefix(table, "NAME") || strings.Count(table, "\n") != strings.Count(out, "\n")+1 {
		t.Errorf("the table is %q", table)
	}
}

func TestShowSchemaKeysVersion(t *testing.T) {
	if out := good(t, "", "show", "who-has"); !strings.Contains(out, "name: who-has") {
		t.Errorf("show says %q", out)
	}
	if out := good(t, "", "schema"); !json.Valid([]byte(out)) {
		t.Error("the schema is not JSON")
	}
	if out := good(t, "", "keys"); !strings.Contains(out, "next frame") {
		t.Errorf("keys says %q", out)
	}
	if out := good(t, "", "version"); !regexp.MustCompile(`^strata .*go1\.\d+`).MatchString(out) {
		t.Errorf("version says %q", out)
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"help"}, {"run", "--help"}, {"help", "run"}} {
		if out := good(t, "", args...); !strings.Contains(out, "Usage:") {
			t.Errorf("strata %s says %q", strings.Join(args, " "), out)
		}
	}
}

func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "fish", "powershell", "zsh"} {
		if out := good(t, "", "completion", shell); !strings.Contains(out, "strata") {
			t.Errorf("no script for %s", shell)
		}
	}
	if bash, err := exec.LookPath("bash"); err == nil {
		cmd := exec.Command(bash, "-n")
		cmd.Stdin = strings.NewReader(good(t, "", "completion", "bash"))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("bash does not take the script: %s", out)
		}
	}
	if out := strata(t, "", "__complete", "run", "who"); !strings.HasPrefix(out.out, "who-has\t") {
		t.Errorf("scenarios are not completed: %q", out.out)
	}
}
