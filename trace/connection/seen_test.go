package connection

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"strata/capture"
	"strata/testdata/need"
	"strata/trace"
)

// judged is a segment as tshark sees it.
type judged struct {
	stream                int
	seq, ack, len, window int64
	flying, rtt, rto      int64 // 0: not told
	again, dup, zero      bool
	flags                 uint64
}

// judge has tshark tell of every TCP segment in a file, by frame from 0.
// Frames with several TCP headers (quoted, tunnelled) are left out.
func judge(t testing.TB, path string) map[int]judged {
	t.Helper()
	fields := []string{
		"frame.number", "tcp.stream", "tcp.seq", "tcp.ack", "tcp.len", "tcp.window_size", "tcp.flags",
		"tcp.analysis.bytes_in_flight", "tcp.analysis.ack_rtt", "tcp.analysis.rto", "tcp.analysis.duplicate_ack",
		"tcp.analysis.zero_window", "tcp.analysis.retransmission",
	}
	args := []string{"-n", "-r", path, "-T", "fields", "-Y", "tcp"}
	for _, f := range fields {
		args = append(args, "-e", f)
	}
	cmd := exec.Command(need.Tool(t, "tshark"), args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && len(out) == 0 {
		t.Logf("tshark: %v: %s", err, stderr.String())
	}
	all := map[int]judged{}
	for line := range strings.Lines(string(out)) {
		v := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(v) != len(fields) || strings.Contains(v[1]+v[2], ",") {
			continue
		}
		num := func(i int) int64 { n, _ := strconv.ParseInt(v[i], 0, 64); return n }
		ns := func(i int) int64 {
			whole, part, _ := strings.Cut(v[i], ".")
			n, err := strconv.ParseInt(whole+part, 10, 64)
			if err != nil {
				return 0
			}
			return n
		}
		all[int(num(0))-1] = judged{
			stream: int(num(1)), seq: num(2), ack: num(3), len: num(4), window: num(5), flags: uint64(num(6)),
			flying: num(7), rtt: ns(8), rto: ns(9), dup: v[10] != "", zero: v[11] != "", again: v[12] != "",
		}
	}
	return all
}

// TestAgainstTshark: what is drawn of captures is what tshark says: where each
// segment begins and ends, which were sent before, how much was in flight, how
// long each answer took, which window held.
func TestAgainstTshark(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/*.pcap*")
	if os.Getenv("STRATA_LONG") != "" {
		files = append(files, need.Captures()...)
	}
	segments := 0
	for _, path := range files {
		f, err := capture.Open(path, nil)
		if err != nil {
			continue // no capture that can be read
		}
		defer f.Close()
		f.Wait(1 << 40)
		all := connections(f)
		if len(all) == 0 {
			continue
		}
		want := judge(t, path)
		if len(want) > 20_000 {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			for _, c := range all {
				segments += c.against(t, f, want)
			}
		})
	}
	if segments == 0 {
		t.Error("nothing was compared")
	}
	t.Log(segments, "segments")
}

// against compares a connection with what tshark says of its segments.
func (c *Connection) against(t *testing.T, f trace.Trace, want map[int]judged) (n int) {
	stream := f.Conversation(c.talk).Stream
	var drawn [2]map[uint32][2]int64 // by source: from and to
	for d := range drawn {
		drawn[d] = map[uint32][2]int64{}
		for _, k := range [...]Kind{Data, Resent} {
			for _, b := range c.whole.dirs[d][k].all {
				drawn[d][b.first] = [2]int64{b.lo, b.hi}
			}
		}
	}
	f.Segments(c.talk, 0, f.Frames(), func(s *trace.Sent) bool {
		w, ok := want[s.Frame]
		if !ok || w.stream != stream {
			return true
		}
		n++
		d := 0
		if s.Back {
			d = 1
		}
		c.compare(t, s, d, &w, drawn[d])
		return !t.Failed()
	})
	return n
}

func (c *Connection) compare(t *testing.T, s *trace.Sent, d int, w *judged, drawn map[uint32][2]int64) {
	source := uint32(s.Frame + 1)
	fail := func(what string, got, want any) {
		t.Errorf("frame %d: %s: %v, tshark says %v", s.Frame+1, what, got, want)
	}
	size := w.len
	if w.flags&(flagSYN|flagFIN) != 0 {
		size++
	}
	if b, ok := drawn[source]; size > 0 && (!ok || uint32(b[0]) != uint32(w.seq) || b[1]-b[0] != size) {
		fail("drawn from and to", b, [2]int64{w.seq, w.seq + size})
	}
	if v, _ := c.whole.dirs[d][InFlight].value(source); w.flying > 0 && v != w.flying {
		fail("in flight", v, w.flying)
	}
	if v, _ := c.whole.dirs[1-d][Window].value(source); w.flags&(flagACK|flagRST) == flagACK && v != w.window && w.newest(c, d, source) {
		fail("window", v, w.window)
	}
	has := func(d int, k Kind) (int64, bool) {
		for _, b := range c.whole.dirs[d][k].all {
			if b.first == source {
				return b.lo, true
			}
		}
		return 0, false
	}
	if v, _ := has(1-d, RTT); v != w.rtt {
		fail("round trip", v, w.rtt)
	}
	if v, _ := has(d, Waited); v != w.rto {
		fail("waited", v, w.rto)
	}
	if _, ok := has(1-d, DupAck); ok != w.dup {
		fail("duplicate", ok, w.dup)
	}
	if _, ok := has(1-d, ZeroWindow); ok != w.zero {
		fail("window 0", ok, w.zero)
	}
	if _, ok := has(d, Resent); w.again && size > 0 && !ok {
		fail("resent", ok, w.again)
	}
}

// newest says whether a segment acknowledges as much as any before it: only
// then its window holds (RFC 9293 sec. 3.10.7.4).
func (w *judged) newest(c *Connection, d int, source uint32) bool {
	v, _ := c.whole.dirs[1-d][Acked].value(source)
	return uint32(v) == uint32(w.ack)
}
