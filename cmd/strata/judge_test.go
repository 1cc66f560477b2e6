package main

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"strata/scenarios"
	"strata/testdata/need"
)

// What tshark must be told to check, and the fields in which it says what is
// bad: a checksum's status of 0 is bad, an expert's severity of error too.
var (
	checks   = []string{"eth.check_fcs", "ip.check_checksum", "tcp.check_checksum", "udp.check_checksum"}
	statuses = []string{"eth.fcs.status", "ip.checksum.status", "tcp.checksum.status", "udp.checksum.status", "icmp.checksum.status"}
)

const severityError = "8388608"

// TestTsharkJudgesEveryScenario: of the whole pcapng of every listed scenario,
// tshark complains of just the frames that the scenario says are bad, and each
// frame says why it is there.
func TestTsharkJudgesEveryScenario(t *testing.T) {
	tshark := need.Tool(t, "tshark")
	for _, e := range scenarios.List() {
		if e.Hidden {
			continue // large, and of the same parts
		}
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			file := good(t, "", "run", e.Name, "-o", "-", "--format", "pcapng")
			if again := good(t, "", "run", e.Name, "-o", "-", "--format", "pcapng"); again != file {
				t.Error("two runs differ")
			}
			bad, what := complaints(t, tshark, file)
			if !slices.Equal(bad, e.BadFrames) {
				t.Errorf("tshark complains of frames %v, the scenario says %v\n%s", bad, e.BadFrames, strings.Join(what, "\n"))
			}
		})
	}
}

// complaints lists the frames that tshark finds bad, and what it says.
func complaints(t *testing.T, tshark, file string) (bad []int, what []string) {
	t.Helper()
	args := []string{"-n", "-r", "-", "-T", "fields", "-E", "separator=|"}
	for _, c := range checks {
		args = append(args, "-o", c+":TRUE")
	}
	for _, f := range append([]string{"frame.number", "_ws.malformed", "_ws.expert.severity", "frame.comment"}, statuses...) {
		args = append(args, "-e", f)
	}
	cmd := exec.Command(tshark, args...)
	cmd.Stdin = strings.NewReader(file)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tshark: %v: %s", err, errs.String())
	}
	frames := 0
	for line := range strings.Lines(string(out)) {
		frames++
		v := strings.Split(strings.TrimSuffix(line, "\n"), "|")
		n, err := strconv.Atoi(v[0])
		if err != nil || len(v) != 4+len(statuses) {
			t.Fatalf("tshark says %q", line)
		}
		if v[3] == "" {
			t.Errorf("frame %d does not say why", n)
		}
		wrong := v[1] != "" || slices.Contains(strings.Split(v[2], ","), severityError)
		for _, status := range v[4:] {
			wrong = wrong || slices.Contains(strings.Split(status, ","), "0")
		}
		if wrong {
			bad, what = append(bad, n), append(what, strings.TrimSpace(line))
		}
	}
	if frames == 0 {
		t.Error("tshark reads no frames")
	}
	return bad, what
}

// TestWhatArrivesWasSent reads the JSON Lines as anyone would: each message
// that is delivered was sent, by that sender to that receiver, with the same
// bytes; and where the scenario says so, something is delivered.
func TestWhatArrivesWasSent(t *testing.T) {
	type message struct{ Kind, From, To, SHA256 string }
	for _, e := range scenarios.List() {
		if e.Hidden {
			continue
		}
		sent, delivered := map[message]bool{}, 0
		lines := good(t, "", "run", e.Name, "-o", "-", "--format", "jsonl")
		translated := strings.Contains(lines, `"why":"nat.rewrite"`)
		for line := range strings.Lines(lines) {
			var m message
			if err := json.Unmarshal([]byte(line), &m); err != nil {
				t.Fatalf("%s: %v: %s", e.Name, err, line)
			}
			if translated { // each side knows the other by another address
				m.From, m.To = "", ""
			}
			switch m.Kind {
			case "send":
				m.Kind = ""
				sent[m] = true
			case "deliver":
				delivered++
				m.Kind = ""
				if !sent[m] {
					t.Errorf("%s: delivered, but never sent: %+v", e.Name, m)
				}
			}
		}
		if e.Delivers != (delivered > 0) {
			t.Errorf("%s: delivers is %v, but %d messages arrived", e.Name, e.Delivers, delivered)
		}
	}
}
