package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestRunWritesEveryFormat(t *testing.T) {
	dir := t.TempDir()
	good(t, dir, "run", "who-has", "-o", "a.pcapng", "-o", "a.jsonl", "-o", "a.txt", "-o", "a.mmd", "-o", "a.svg")
	good(t, dir, "run", "who-has", "-o", "b.pcapng")
	want := []string{"a.jsonl", "a.mmd", "a.pcapng", "a.svg", "a.txt", "b.pcapng"}
	if got := names(t, dir); !slices.Equal(got, want) {
		t.Fatalf("files %q, want %q", got, want)
	}
	content := map[string][]byte{}
	for _, name := range want {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		content[name] = b
	}
	if !bytes.Equal(content["a.pcapng"], content["b.pcapng"]) {
		t.Error("two runs differ")
	}
	if out := good(t, dir, "run", "who-has", "-o", "-", "--format", "pcapng"); out != string(content["a.pcapng"]) {
		t.Error("standard output differs from the file")
	}
	for i, line := range bytes.Split(bytes.TrimSpace(content["a.jsonl"]), []byte("\n")) {
		if !json.Valid(line) {
			t.Errorf("line %d is not JSON: %s", i+1, line)
		}
	}
	isXML(t, content["a.svg"])
	if at, err := os.Stat(filepath.Join(dir, "a.txt")); err != nil || at.Mode().Perm()&0o600 != 0o600 {
		t.Errorf("mode %v, %v", at.Mode(), err)
	}
}

func isXML(t *testing.T, b []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("no XML: %v", err)
		}
	}
}

func TestScreenAsSVG(t *testing.T) {
	dir := t.TempDir()
	good(t, dir, "run", "who-has", "-o", "a.svg", "--step", "3", "--size", "80x24")
	good(t, dir, "run", "who-has", "-o", "b.svg", "--step", "3", "--size", "80x24", "--theme", "light", "--model", "tcpip", "--ascii")
	a, _ := os.ReadFile(filepath.Join(dir, "a.svg"))
	b, _ := os.ReadFile(filepath.Join(dir, "b.svg"))
	isXML(t, a)
	isXML(t, b)
	if bytes.Equal(a, b) {
		t.Error("the theme and the model change nothing")
	}
}

// A link stays a link, and a device is written, not replaced.
func TestOutputInPlace(t *testing.T) {
	dir := t.TempDir()
	real := write(t, filepath.Join(dir, "real.txt"), "old")
	if err := os.Symlink("real.txt", filepath.Join(dir, "link.txt")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/null", filepath.Join(dir, "null.txt")); err != nil {
		t.Fatal(err)
	}
	good(t, dir, "run", "who-has", "-o", "link.txt", "-o", "null.txt")
	if b, _ := os.ReadFile(real); !strings.HasPrefix(string(b), "who-has") {
		t.Errorf("the link's file has %.20q", b)
	}
	if at, err := os.Lstat(filepath.Join(dir, "link.txt")); err != nil || at.Mode()&os.ModeSymlink == 0 {
		t.Error("the link was replaced")
	}
}

func TestOverrides(t *testing.T) {
	base := good(t, "", "run", "who-has", "-o", "-", "--format", "jsonl")
	cut := good(t, "", "run", "who-has", "-o", "-", "--format", "jsonl", "--until", "1ms")
	if strings.Count(cut, "\n") >= strings.Count(base, "\n") {
		t.Error("--until cuts nothing")
	}
	same := good(t, "", "run", "who-has", "-o", "-", "--format", "jsonl", "--profile", "rfc")
	if same != base {
		t.Error("--profile rfc is not the default")
	}
	other := good(t, "", "run", "who-has", "-o", "-", "--format", "jsonl", "--set", "name=other")
	if !strings.HasPrefix(other, `{"strata":1,"name":"other"`) {
		t.Errorf("--set does nothing: %.60s", other)
	}
}

func TestOneInterface(t *testing.T) {
	all := good(t, "", "run", "one-byte-hello", "-o", "-", "--format", "pcapng")
	one := good(t, "", "run", "one-byte-hello", "-o", "-", "--format", "pcapng", "-i", "client:eth0")
	if len(one) >= len(all) || strings.Contains(one, "server:eth0") || !strings.Contains(one, "client:eth0") {
		t.Errorf("%d of %d bytes for one interface", len(one), len(all))
	}
}

func TestStats(t *testing.T) {
	var s map[string]float64
	if err := json.Unmarshal([]byte(good(t, "", "run", "who-has", "--stats")), &s); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"sim_seconds", "wall_seconds", "events", "packet_hops", "bytes_sent", "bytes_delivered", "retransmissions", "drops"} {
		if _, ok := s[key]; !ok {
			t.Errorf("no %s", key)
		}
	}
	if _, ok := s["trace_bytes"]; ok || s["packet_hops"] == 0 {
		t.Errorf("without --record: %v", s)
	}
	if err := json.Unmarshal([]byte(good(t, "", "run", "who-has", "--stats", "--record")), &s); err != nil || s["trace_bytes"] == 0 {
		t.Errorf("with --record: %v, %v", s, err)
	}
}

// What a simulation writes is a capture that can be replayed and dissected.
func TestReplayWhatWasRun(t *testing.T) {
	dir := t.TempDir()
	good(t, dir, "run", "who-has", "-o", "a.pcapng", "-i", "client:eth0")
	good(t, dir, "replay", "a.pcapng", "-o", "b.pcapng", "-o", "b.jsonl", "-o", "b.txt", "-o", "b.mmd", "-o", "b.svg")
	for _, name := range []string{"a.pcapng", "b.pcapng"} {
		frames := 0
		for line := range strings.Lines(good(t, dir, "dissect", name)) {
			var f struct{ Frame int }
			if frames++; json.Unmarshal([]byte(line), &f) != nil || f.Frame != frames {
				t.Errorf("%s, line %d: %s", name, frames, line)
			}
		}
		if frames == 0 {
			t.Errorf("%s has no frames", name)
		}
	}
	good(t, dir, "dissect", "--no-reassembly", "a.pcapng")
	good(t, dir, "replay", "a.pcapng", "-o", "screen.svg", "--step", "2")
}

func TestDamagedCapture(t *testing.T) {
	dir := t.TempDir()
	whole := good(t, dir, "run", "who-has", "-o", "-", "--format", "pcapng")
	write(t, filepath.Join(dir, "cut.pcapng"), whole[:len(whole)-30])
	r := strata(t, dir, "dissect", "cut.pcapng")
	oneLine(t, r, exitFailed, "cut.pcapng")
	if !strings.HasPrefix(r.out, `{"frame":1,`) {
		t.Errorf("what can be read is not shown: %.80q", r.out)
	}
}

// A reader that has seen enough is no reason to speak, nor to leave files.
func TestClosedPipe(t *testing.T) {
	dir := t.TempDir()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(built, "run", "who-has", "-o", "a.txt", "-o", "-", "--format", "jsonl")
	cmd.Dir, cmd.Stdout = dir, w
	r.Close()
	got := run(t, cmd)
	w.Close()
	if got.status != exitFailed || got.err != "" {
		t.Errorf("status %d, error %q", got.status, got.err)
	}
	if left := names(t, dir); len(left) > 0 {
		t.Errorf("files are left: %q", left)
	}
}

func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no /dev/full here")
	}
	defer full.Close()
	for _, args := range [][]string{
		{"run", "who-has", "-o", "-", "--format", "txt"}, {"run", "who-has", "--stats"}, {"list"}, {"list", "--format", "jsonl"},
		{"show", "who-has"}, {"schema"}, {"keys"}, {"version"}, {"completion", "bash"}, {"test", "who-has"},
	} {
		cmd := exec.Command(built, args...)
		cmd.Stdout = full
		t.Run(strings.Join(args, " "), func(t *testing.T) { oneLine(t, run(t, cmd), exitFailed, "no space left") })
	}
}

// Ctrl-C in the middle of long work: status 130, and no file, nor a part of
// one. The same for other ways of being told to stop.
func TestInterrupt(t *testing.T) {
	for _, by := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		dir := t.TempDir()
		old := write(t, filepath.Join(dir, "old.jsonl"), "what was here before")
		cmd := exec.Command(built, "run", "bulk", "-o", "a.pcapng", "-o", "old.jsonl")
		cmd.Dir = dir
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for len(names(t, dir)) < 2 { // until it has begun to write
			time.Sleep(time.Millisecond)
		}
		if err := cmd.Process.Signal(by); err != nil {
			t.Fatal(err)
		}
		cmd.Wait() //nolint:errcheck // the status says it
		if got, want := cmd.ProcessState.ExitCode(), 128+int(by); got != want {
			t.Errorf("%v: status %d, want %d", by, got, want)
		}
		if left := names(t, dir); !slices.Equal(left, []string{"old.jsonl"}) {
			t.Errorf("%v: files %q", by, left)
		}
		if b, _ := os.ReadFile(old); string(b) != "what was here before" {
			t.Errorf("%v: the old file has changed", by)
		}
	}
}
