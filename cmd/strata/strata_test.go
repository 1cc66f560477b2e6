package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// built is the program as users get it; these tests run it, so that exit
// statuses, signals and closed pipes are the real ones.
var built string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "strata")
	if err != nil {
		panic(err)
	}
	os.Setenv("XDG_STATE_HOME", filepath.Join(dir, "state")) //nolint:errcheck // what is remembered stays out of the tests, and they out of it
	built = filepath.Join(dir, "strata")
	cmd := exec.Command("go", "build", "-o", built, ".")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		os.RemoveAll(dir)
		os.Exit(1)
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// result is what a command did.
type result struct {
	out, err string
	status   int
}

// strata runs the program in a folder; "" is the test's own.
func strata(t *testing.T, dir string, args ...string) result {
	t.Helper()
	cmd := exec.Command(built, args...)
	cmd.Dir = dir
	return run(t, cmd)
}

func run(t *testing.T, cmd *exec.Cmd) result {
	t.Helper()
	var out, errs bytes.Buffer
	if cmd.Stdout == nil {
		cmd.Stdout = &out
	}
	cmd.Stderr = &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// good is a run that must exit with 0 and say nothing on standard error.
func good(t *testing.T, dir string, args ...string) string {
	t.Helper()
	r := strata(t, dir, args...)
	if r.status != exitDone || r.err != "" {
		t.Fatalf("strata %s: status %d, error %q", strings.Join(args, " "), r.status, r.err)
	}
	return r.out
}

// oneLine checks that an error is one line which holds the words.
func oneLine(t *testing.T, r result, status int, words ...string) {
	t.Helper()
	if r.status != status {
		t.Errorf("status %d, want %d; error %q", r.status, status, r.err)
	}
	if strings.Count(r.err, "\n") != 1 || !strings.HasPrefix(r.err, "strata: ") {
		t.Errorf("the error is not one line of ours: %q", r.err)
	}
	for _, w := range words {
		if !strings.Contains(r.err, w) {
			t.Errorf("the error %q does not say %q", r.err, w)
		}
	}
}

// write makes a file for a test.
func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// names lists a folder, hidden files too.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}
