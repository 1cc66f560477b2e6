package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"strata/testdata/need"
)

// seen is a frame as tshark and we tell of it: number, time, length on the
// wire, length captured, comments.
type seen struct {
	time     string
	wire     string
	captured string
	comments string
}

func (s seen) String() string {
	return fmt.Sprintf("time %s, length %s, captured %s, comments %q", s.time, s.wire, s.captured, s.comments)
}

// ours reads a file to its end or its damage.
func ours(t testing.TB, path string) (all []seen, damage error) {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return drain(t, s)
}

func drain(t testing.TB, s *Source) (all []seen, damage error) {
	t.Helper()
	var b Batch
	var m Meta
	for {
		switch err := s.Read(&b); {
		case err == io.EOF:
			return all, nil
		case err != nil:
			return all, err
		}
		for _, r := range b.Records {
			data, err := s.Frame(r.At, len(r.Data), &m)
			if err != nil {
				t.Fatalf("frame %d is read, but not again: %v", len(all)+1, err)
			}
			if !bytes.Equal(data, r.Data) || m.Iface != r.Iface || m.WireLen != int(r.WireLen) || m.Untimed != r.Untimed || !m.Untimed && m.Time != r.Time {
				t.Fatalf("frame %d is read again as something else", len(all)+1)
			}
			x := seen{wire: strconv.Itoa(m.WireLen), captured: strconv.Itoa(len(data)), comments: strings.Join(m.Comments, ",")}
			if !r.Untimed {
				x.time = epoch(r.Time)
			}
			if err := s.Describe(r.At, &m); err != nil || strings.Join(m.Comments, ",") != x.comments {
				t.Fatalf("frame %d is described with %q, %v", len(all)+1, m.Comments, err)
			}
			all = append(all, x)
		}
	}
}

// epoch writes a time as tshark does.
func epoch(ns int64) string {
	sign := ""
	if ns < 0 {
		sign, ns = "-", -ns
	}
	return fmt.Sprintf("%s%d.%09d", sign, ns/1e9, ns%1e9)
}

// theirs is what tshark tells of a file; says is its complaint.
func theirs(t testing.TB, path string) (all []seen, says string) {
	t.Helper()
	cmd := exec.Command(need.Tool(t, "tshark"), "-r", path, "-T", "fields", "-E", "separator=\x1f",
		"-e", "frame.time_epoch", "-e", "frame.len", "-e", "frame.cap_len", "-e", "frame.comment")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	failed := cmd.Run() != nil
	for line := range strings.Lines(out.String()) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\x1f")
		if len(f) == 4 {
			all = append(all, seen{f[0], f[1], f[2], f[3]})
		}
	}
	if failed {
		says = strings.TrimSpace(errs.String())
	}
	return all, says
}

// same compares what we read of a file with tshark.
func same(t *testing.T, path string) {
	t.Helper()
	got, damage := ours(t, path)
	want, says := theirs(t, path)
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Errorf("frame %d: %v; tshark: %v", i+1, got[i], want[i])
			return
		}
	}
	if len(got) != len(want) || (damage == nil) != (says == "") {
		t.Errorf("%d frames (%v); tshark: %d (%s)", len(got), damage, len(want), says)
	}
	var f *Fault
	if damage != nil && !errors.As(damage, &f) {
		t.Errorf("the damage has no place: %v", damage)
	}
}

func TestCorpusAsTshark(t *testing.T) {
	if os.Getenv("STRATA_LONG") == "" {
		t.Skip("STRATA_LONG is not set")
	}
	for _, path := range need.Corpus(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			if _, says := theirs(t, path); strings.Contains(says, "unknown or unsupported") {
				ours(t, path) // a link type that tshark does not know; we show its bytes
				return
			}
			same(t, path)
		})
	}
}
