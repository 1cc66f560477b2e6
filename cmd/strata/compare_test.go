package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCompare: what is the same, what is not, and each with its own flags.
func TestCompare(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		args  string
		words []string
	}{
		{"compare one-byte-hello -- -o -", []string{"The two are the same, event for event", "messages delivered"}},
		{"compare one-byte-hello one-byte-hello -o -", []string{"The two are the same"}},
		{"compare rto-backoff -- --set links.lan.faults=[] -o -", []string{
			"A  rto-backoff\n", "B  rto-backoff --set links.lan.faults=[]\n", "They part at event ", "frame 6 is lost on the way", "frame 6 arrives at r1",
		}},
		{"compare rto-backoff --seed 3 -- two-tabs --until 1s -o -", []string{"A  rto-backoff --seed 3\n", "B  two-tabs --until 1s\n"}},
		{"compare tcp-vs-udp-loss -Y udp -- tcp-vs-udp-loss -Y tcp -o -", []string{"A  tcp-vs-udp-loss -Y udp\n", "only in A", "only in B"}},
		{"compare rto-backoff -i client:eth0 -- rto-backoff -i client:eth0 -o -", []string{"seen from client:eth0"}},
	} {
		out := good(t, dir, strings.Fields(c.args)...)
		for _, w := range c.words {
			if !strings.Contains(out, w) {
				t.Errorf("strata %s does not say %q:\n%s", c.args, w, out)
			}
		}
	}
	if left := names(t, dir); len(left) > 0 {
		t.Errorf("files are left: %q", left)
	}
}

// TestCompareCaptures: a run's capture is the run; a damaged one is compared as
// far as it can be read, and then blamed.
func TestCompareCaptures(t *testing.T) {
	dir := t.TempDir()
	good(t, dir, "run", "two-tabs", "-o", "all.pcapng", "-i", "client:eth0")
	out := good(t, dir, "compare", "two-tabs", "--", "all.pcapng", "-o", "-")
	if !strings.Contains(out, "The two are the same, frame for frame and byte for byte") || !strings.Contains(out, "seen from client:eth0") {
		t.Error(out)
	}
	good(t, dir, "compare", "all.pcapng", "--", "two-tabs", "-o", "both.txt", "-o", "both.jsonl")
	lines, err := os.ReadFile(filepath.Join(dir, "both.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var head struct {
		Compare, Rows int
		Same          bool
	}
	first, _, _ := strings.Cut(string(lines), "\n")
	if err := json.Unmarshal([]byte(first), &head); err != nil || head.Compare != 1 || !head.Same || head.Rows+1 != strings.Count(string(lines), "\n") {
		t.Errorf("%v: %+v of %d lines", err, head, strings.Count(string(lines), "\n"))
	}

	whole, err := os.ReadFile(filepath.Join(dir, "all.pcapng"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "cut.pcapng"), string(whole[:len(whole)-30]))
	r := strata(t, dir, "compare", "all.pcapng", "--", "cut.pcapng", "-o", "-")
	if !strings.Contains(r.out, "only in A") {
		t.Errorf("what can be read is not compared: %q", r.out)
	}
	oneLine(t, r, exitFailed, "cut.pcapng")
}
