package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"strata/capture"
	"strata/layers"
	"strata/testdata/need"
	"strata/trace"
)

// judged are the captures that conversations are compared on: our own, and
// with STRATA_LONG set those of the corpus.
func judged(t *testing.T) []string {
	files, _ := filepath.Glob("../../testdata/*.pcap*")
	files = append(files, writeOdd(t))
	if os.Getenv("STRATA_LONG") == "" {
		return files
	}
	more := need.Captures()
	t.Logf("%d captures of the corpus", len(more))
	return append(files, more...)
}

func tsharkSays(t *testing.T, args ...string) string {
	t.Helper()
	out, _ := exec.Command(need.Tool(t, "tshark"), args...).Output() // it fails on a file that is cut
	return string(out)
}

// strataPrints is what a command prints, whatever it thinks of the file.
func strataPrints(t *testing.T, args ...string) []byte {
	t.Helper()
	out, _ := exec.Command(built, args...).Output()
	return out
}

// strataReads is strataPrints with something on standard input.
func strataReads(t *testing.T, in *os.File, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(built, args...)
	cmd.Stdin = in
	out, _ := cmd.Output()
	return out
}

// talk is a conversation as it is compared: frames and bytes back and forth.
type talk struct {
	proto, a, b        string
	backFrames, frames int
	backBytes, bytes   string
}

// conversationsOf reads what "strata flows" prints. Bytes are rounded as
// tshark rounds them.
func conversationsOf(t *testing.T, path string) (all []talk, streams []conversation) {
	for line := range bytes.Lines(strataPrints(t, "flows", path, "--format", "jsonl")) {
		var c conversation
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		all = append(all, talk{c.Proto, c.A, c.B, int(c.FramesBA), int(c.FramesAB), rounded(c.BytesBA), rounded(c.BytesAB)})
		if c.Stream != nil {
			streams = append(streams, c)
		}
	}
	return all, streams
}

func rounded(n uint64) string {
	switch {
	case n >= 10e6:
		return fmt.Sprintf("%d MB", n/1e6)
	case n >= 10e3:
		return fmt.Sprintf("%d kB", n/1e3)
	}
	return fmt.Sprintf("%d bytes", n)
}

var (
	convTitle = regexp.MustCompile(`^(TCP|UDP|IPv4|IPv6|Ethernet) Conversations`)
	convLine  = regexp.MustCompile(`^(\S+)\s+<-> (\S+)\s+(\d+) (\d+ \S+)\s+(\d+) (\d+ \S+)\s`)
)

func conversationsOfTshark(t *testing.T, path string) (all []talk) {
	args := []string{"-n", "-q", "-r", path}
	for _, p := range []string{"tcp", "udp", "ip", "ipv6", "eth"} {
		args = append(args, "-z", "conv,"+p)
	}
	proto := ""
	bare := strings.NewReplacer("TCP", "tcp", "UDP", "udp", "IPv4", "ip", "IPv6", "ipv6", "Ethernet", "eth")
	for line := range strings.Lines(tsharkSays(t, args...)) {
		if m := convTitle.FindStringSubmatch(line); m != nil {
			proto = bare.Replace(m[1])
		} else if m := convLine.FindStringSubmatch(line); m != nil {
			back, _ := strconv.Atoi(m[3])
			forth, _ := strconv.Atoi(m[5])
			all = append(all, talk{proto, m[1], m[2], back, forth, m[4], m[6]})
		}
	}
	return all
}

// TestFlowsLikeTshark: conversations are who talked with whom, and how much, as
// tshark counts.
func TestFlowsLikeTshark(t *testing.T) {
	total, other := 0, 0
	for _, path := range judged(t) {
		mine, _ := conversationsOf(t, path)
		for i := range mine { // tshark writes no brackets
			mine[i].a, mine[i].b = unbracket(mine[i].a), unbracket(mine[i].b)
		}
		theirs := conversationsOfTshark(t, path)
		total += len(theirs)
		for _, c := range theirs {
			if i := slices.Index(mine, c); i >= 0 {
				mine = slices.Delete(mine, i, i+1)
				continue
			}
			other++
			t.Logf("%s: tshark alone has %+v", filepath.Base(path), c)
		}
		for _, c := range mine {
			other++
			t.Logf("%s: tshark does not have %+v", filepath.Base(path), c)
		}
	}
	t.Logf("%d conversations, %d differ", total, other)
	// Tunnels that are not read, and tshark's own addresses of mobile hosts.
	if least := total / 15; os.Getenv("STRATA_LONG") == "" && other > 0 || other > least {
		t.Errorf("%d of %d conversations differ", other, total)
	}
}

func unbracket(s string) string { return strings.NewReplacer("[", "", "]", "").Replace(s) }

// TestFollowLikeTshark: both sides of every stream are tshark's, byte for byte.
func TestFollowLikeTshark(t *testing.T) {
	total, other := 0, 0
	for _, path := range judged(t) {
		_, streams := conversationsOf(t, path)
		streams = streams[:min(len(streams), 20)]
		if len(streams) == 0 {
			continue
		}
		args := []string{"-n", "-q", "-r", path}
		for _, c := range streams {
			args = append(args, "-z", fmt.Sprintf("follow,%s,raw,%d", c.Proto, *c.Stream))
		}
		theirs := followedByTshark(tsharkSays(t, args...))
		for _, c := range streams {
			for side, dir := range []string{"client", "server"} {
				total++
				got := strataPrints(t, "follow", path, "--"+c.Proto, fmt.Sprint(*c.Stream), "--format", "raw", "--dir", dir)
				if want := theirs[fmt.Sprint(c.Proto, *c.Stream)][side]; !bytes.Equal(got, want) {
					other++
					t.Logf("%s: %s stream %d, %s: %d bytes, tshark %d", filepath.Base(path), c.Proto, *c.Stream, dir, len(got), len(want))
				}
			}
		}
	}
	t.Logf("%d sides, %d differ", total, other)
	if os.Getenv("STRATA_LONG") == "" && other > 0 || other*50 > total {
		t.Errorf("%d of %d sides of streams differ", other, total)
	}
}

// followedByTshark reads "follow" as raw: a line of hex for each piece, behind
// a tab when the server said it.
func followedByTshark(out string) map[string][2][]byte {
	all := map[string][2][]byte{}
	proto, key := "", ""
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, "\n")
		if rest, ok := strings.CutPrefix(line, "Follow: "); ok {
			proto, _, _ = strings.Cut(rest, ",")
		} else if strings.HasPrefix(line, "Filter: ") {
			key = proto + line[strings.LastIndex(line, " ")+1:]
		} else if b, err := hex.DecodeString(strings.TrimPrefix(line, "\t")); err == nil && key != "" {
			sides := all[key]
			side := 0
			if strings.HasPrefix(line, "\t") {
				side = 1
			}
			sides[side] = append(sides[side], b...)
			all[key] = sides
		}
	}
	return all
}

// The conversations of a run are those that its first interface's pcapng has:
// a host sees each packet once, on its way's first wire or its last.
func TestConversationsOfARun(t *testing.T) {
	for _, name := range []string{"two-tabs", "who-has", "closed-port", "udp-starts-sooner"} {
		l, err := runFlags{}.record(name)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "x.pcapng")
		good(t, "", "run", name, "-o", path, "-i", "client:eth0")
		f, err := capture.Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		f.Wait(math.MaxInt)
		if got, want := talksOf(l), talksOf(f); len(got) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s: the run has\n%v\nand its capture\n%v", name, got, want)
		}
	}
}

// talksOf is who talked with whom, and how much.
func talksOf(tr trace.Trace) (out []string) {
	for i := range tr.Conversations() {
		if c := tr.Conversation(i); c.Proto != layers.ARP { // which has no table
			out = append(out, fmt.Sprintln(c.Proto, c.Stream, c.A, c.B, c.Frames, c.Bytes))
		}
	}
	return out
}

// What a router forwards is the same packet in another Ethernet frame; what a
// switch passes on is the same frame.
func TestConversationsBehindARouter(t *testing.T) {
	for name, want := range map[string]string{"rto-backoff": "Ethernet 2, IPv4 1, TCP 1", "switch-learns": "Ethernet 2, IPv4 1, UDP 1"} {
		l, err := runFlags{}.record(name)
		if err != nil {
			t.Fatal(err)
		}
		n := map[layers.Proto]int{}
		for i := range l.Conversations() {
			n[l.Conversation(i).Proto]++
		}
		var got []string
		for _, p := range []layers.Proto{layers.Ethernet, layers.IPv4, layers.TCP, layers.UDP} {
			if n[p] > 0 {
				got = append(got, fmt.Sprint(p, " ", n[p]))
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %v, not %s", name, got, want)
		}
	}
}
