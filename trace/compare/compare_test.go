package compare_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"strata/capture/capturetest"
	"strata/layers"
	"strata/scenarios"
	"strata/scenarios/scenariotest"
	"strata/testdata/golden"
	"strata/trace"
	"strata/trace/compare"
)

// TestARunIsTheSameAsItself in every frame and event, whatever it is of.
func TestARunIsTheSameAsItself(t *testing.T) {
	for _, name := range short() {
		c := compared(scenariotest.Run(t, name), scenariotest.Run(t, name), compare.Options{})
		if p, parts := c.Parts(); parts {
			t.Errorf("%s parts from itself at %+v", name, p)
		}
		n := c.Counts()
		if n.Same != n.Rows || n.Rows != c.Trace(compare.A).Frames() {
			t.Errorf("%s: %d of %d rows are the same, of %d frames", name, n.Same, n.Rows, c.Trace(compare.A).Frames())
		}
		for i := range c.Len() {
			if r := c.Row(i); r.Seen[0] != r.Seen[1] || r.Later != 0 {
				t.Fatalf("%s: row %d is %+v", name, i, r)
			}
			for _, s := range c.Steps(i) {
				if s.Differ != 0 || s.Event[0] != s.Event[1] {
					t.Fatalf("%s: row %d has the step %+v", name, i, s)
				}
			}
		}
	}
}

// TestOneFaultMore parts two runs exactly where it strikes first: with the
// loss in one of them, and nowhere before.
func TestOneFaultMore(t *testing.T) {
	struck := 0
	for _, name := range short() {
		plain := scenariotest.Run(t, name)
		for _, link := range plain.Info().Links {
			for _, nth := range []int{1, 2, 5} {
				lossy := scenariotest.Run(t, name, fmt.Sprintf("links.%s.faults.+={kind: loss, nth: %d}", link.Name, nth))
				want := firstLoss(plain, lossy)
				c := compared(plain, lossy, compare.Options{})
				p, parts := c.Parts()
				if want == 0 {
					if parts {
						t.Errorf("%s, %s %d: nothing was lost, but they part at %+v", name, link.Name, nth, p)
					}
					continue
				}
				struck++
				if p.Event[compare.B] != want || c.Trace(compare.B).Event(want).Kind != trace.Drop {
					t.Errorf("%s, %s %d: they part at %+v, want B's event %d", name, link.Name, nth, p, want)
				}
				for i := trace.EventID(1); i < want; i++ {
					if plain.Event(i).Time != lossy.Event(i).Time || plain.Text(i) != lossy.Text(i) {
						t.Fatalf("%s: event %d differs already", name, i)
					}
				}
			}
		}
	}
	if struck < 100 {
		t.Errorf("only %d faults struck", struck)
	}
}

// firstLoss is the first event of b that a does not have, if it is a loss that is aimed.
func firstLoss(a, b trace.Trace) trace.EventID {
	for n := trace.EventID(1); int(n) <= b.Events(); n++ {
		if e := b.Event(n); e.Kind == trace.Drop && e.Why == trace.WireAimed && a.Event(n).Kind != trace.Drop {
			return n
		}
	}
	return 0
}

// TestNumbersAreTheRuns: what a trace comes to is what its simulation counted.
func TestNumbersAreTheRuns(t *testing.T) {
	for _, name := range short() {
		s, err := scenarios.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		tr, res := scenariotest.Play(t, s)
		c := compared(tr, tr, compare.Options{})
		n := c.Numbers()[compare.A]
		if int64(n.Frames) != res.PacketHops || int64(n.Drops) != res.Drops || int64(n.Resent) != res.Retransmissions ||
			n.Delivered != res.BytesDelivered {
			t.Errorf("%s: %+v, but the run counted %+v", name, n, res)
		}
	}
}

// TestARunAndItsCapture pair frame for frame: at every single interface, and at
// all of them at once.
func TestARunAndItsCapture(t *testing.T) {
	for _, name := range short() {
		tr := scenariotest.Run(t, name)
		choices := [][]trace.EndID{nil}
		for e := range trace.EndID(2 * len(tr.Info().Links)) {
			choices = append(choices, []trace.EndID{e})
		}
		for _, ends := range choices {
			f := captured(t, tr, ends...)
			if f.Frames() == 0 {
				continue // nothing passes there
			}
			c := compared(tr, f, compare.Options{})
			if n := c.Counts(); n.Same != n.Rows || n.Rows != f.Frames() {
				t.Errorf("%s at %v: %d of %d rows are the same, of %d frames:\n%s", name, ends, n.Same, n.Rows, f.Frames(), text(t, c))
			}
			back := compared(f, tr, compare.Options{})
			if n := back.Counts(); n.Same != f.Frames() {
				t.Errorf("%s at %v, the other way round: %+v", name, ends, n)
			}
		}
	}
}

// TestGolden holds what is said of two traces to what was read and found good.
func TestGolden(t *testing.T) {
	lossy := "links.wan.loss=20%"
	for _, g := range []struct {
		name string
		a, b func() trace.Trace
	}{
		{"rto-backoff-loss", of(t, "rto-backoff"), of(t, "rto-backoff", lossy)},
		{"rto-backoff-well", of(t, "rto-backoff"), of(t, "rto-backoff", "links.lan.faults=[]")},
		{"rto-backoff-seed", of(t, "rto-backoff"), of(t, "rto-backoff", "seed=3", lossy)},
		{"tcp-vs-udp-loss-seed", of(t, "tcp-vs-udp-loss"), of(t, "tcp-vs-udp-loss", "seed=7")},
		{"hop-by-hop-delay", of(t, "hop-by-hop"), of(t, "hop-by-hop", "links.middle.delay=30ms")},
		{"reorder-duplicate-none", of(t, "reorder-duplicate"), of(t, "reorder-duplicate", "links.cable.faults=[]")},
		{"other-scenarios", of(t, "two-tabs"), of(t, "rto-backoff")},
		{"capture-run", func() trace.Trace { return captured(t, scenariotest.Run(t, "rto-backoff"), 0) }, of(t, "rto-backoff", "links.lan.faults=[]")},
		{"captures", func() trace.Trace { return real(t, "ws.pcap") }, func() trace.Trace { return real(t, "http.pcap") }},
		{"same", of(t, "one-byte-hello"), of(t, "one-byte-hello")},
	} {
		t.Run(g.name, func(t *testing.T) {
			c := compared(g.a(), g.b(), compare.Options{})
			golden.Check(t, g.name+".txt", text(t, c))
			checkJSON(t, c)
		})
	}
}

func of(t *testing.T, name string, sets ...string) func() trace.Trace {
	return func() trace.Trace { return scenariotest.Run(t, name, sets...) }
}

// checkJSON: as many lines as rows and one, each an object.
func checkJSON(t *testing.T, c *compare.Comparison) {
	t.Helper()
	var b bytes.Buffer
	if err := c.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	if len(lines) != c.Len()+1 {
		t.Fatalf("%d lines for %d rows", len(lines), c.Len())
	}
	for i, line := range lines {
		var row struct {
			Row  int
			A, B *struct{ Frame int }
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
		if i == 0 {
			continue
		}
		for s, x := range []*struct{ Frame int }{row.A, row.B} {
			if f := c.Row(i - 1).Seen[s].Frame; x == nil && f >= 0 || x != nil && x.Frame != f+1 {
				t.Fatalf("line %d: side %d is %v, want frame %d", i+1, s, x, f)
			}
		}
	}
}

// TestAFrameThatOneCaptureMissed is the only row that differs, whichever it is.
func TestAFrameThatOneCaptureMissed(t *testing.T) {
	all := packets(real(t, "http.pcap"))
	whole := open(t, capturetest.Pcap(all))
	for miss := range all {
		part := append(append([]capturetest.Frame(nil), all[:miss]...), all[miss+1:]...)
		c := compared(whole, open(t, capturetest.Pcap(part)), compare.Options{})
		n := c.Counts()
		if n.By(compare.OnlyA) != 1 || n.By(compare.OnlyB) != 0 || n.Same != len(part) {
			t.Errorf("without frame %d: %+v\n%s", miss+1, n, text(t, c))
			continue
		}
		if p, _ := c.Parts(); c.Row(p.Row).Seen[compare.A].Frame != miss {
			t.Errorf("without frame %d they part at %+v", miss+1, p)
		}
	}
}

// TestTheSameSeenFromElsewhere: two points see the same frames at other times,
// one of them from the middle of the connections on, through a router and with
// other hardware addresses.
func TestTheSameSeenFromElsewhere(t *testing.T) {
	all := packets(real(t, "http.pcap"))
	const missed = 7 // the first connection's beginning among them
	var far []capturetest.Frame
	for _, p := range all[missed:] {
		b := bytes.Clone(p.Data)
		copy(b, []byte{2, 0, 0, 0, 9, 1, 2, 0, 0, 0, 9, 2})
		b[22]-- // TTL
		far = append(far, capturetest.Frame{At: p.At + 40*trace.Millisecond + 3*trace.Second, Data: b})
	}
	c := compared(open(t, capturetest.Pcap(all)), open(t, capturetest.Pcap(far)), compare.Options{})
	n := c.Counts()
	if n.Paired != len(far) || n.By(compare.OnlyA) != missed || n.By(compare.Content)+n.By(compare.Time)+n.By(compare.Moved) != 0 ||
		n.By(compare.Header) != len(far) {
		t.Errorf("%+v\n%s", n, text(t, c))
	}
	for i := missed; i < c.Len(); i++ {
		if r := c.Row(i); r.Seen[compare.A].Frame != r.Seen[compare.B].Frame+missed {
			t.Errorf("row %d pairs %+v", i, r)
		}
	}
	fields := c.Fields(c.Len() - 1)
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); !strings.Contains(got, "eth.dst eth.src") && !strings.Contains(got, "ip.ttl") {
		t.Errorf("the fields %s differ", got)
	}
}

// TestSteps: inside a frame that is lost in one, what only one has stands alone.
func TestSteps(t *testing.T) {
	c := compared(scenariotest.Run(t, "rto-backoff"), scenariotest.Run(t, "rto-backoff", "links.lan.faults=[]"), compare.Options{})
	p, _ := c.Parts()
	var said []string
	for _, s := range c.Steps(p.Row) {
		side := compare.A
		if s.Event[side] == 0 {
			side = compare.B
		}
		e := c.Trace(side).Event(s.Event[side])
		if e.Kind == trace.StateChange || e.Kind == trace.TimerSet {
			continue
		}
		said = append(said, fmt.Sprintf("%s %s %v", e.Kind, e.Proto, s.Differ.Names()))
	}
	want := []string{
		"send message []", "encode UTF-8 []", "write connection []", "segment TCP []", "encapsulate IPv4 []", "encapsulate Ethernet []",
		"queue Ethernet []", "transmit wire []", "drop wire [only-a]",
		"arrive wire [only-b]", "decapsulate Ethernet [only-b]", "forward IPv4 [only-b]",
	}
	if got := strings.ToLower(strings.Join(said, "\n")); got != strings.ToLower(strings.Join(want, "\n")) {
		t.Errorf("the steps are\n%s", strings.Join(said, "\n"))
	}
}

// TestFilteredAndFromAnEnd: only what is asked for is compared.
func TestFilteredAndFromAnEnd(t *testing.T) {
	tr := scenariotest.Run(t, "tcp-vs-udp-loss")
	isUDP := func(n int) bool {
		tree := tr.Tree(n)
		return len(tree.Parts) > 2 && tree.Parts[2].Proto == layers.UDP
	}
	c := compared(tr, tr, compare.Options{Frames: [2]func(int) bool{isUDP, isUDP}})
	if c.Len() != 4 || c.Numbers()[0].Frames != 4 || c.Numbers()[0].Delivered != 18 || !strings.Contains(c.Verdict(), "frame for frame") {
		t.Errorf("%d rows, %+v: %s", c.Len(), c.Numbers()[0], c.Verdict())
	}
	c = compared(tr, tr, compare.Options{Frames: [2]func(int) bool{isUDP, func(n int) bool { return !isUDP(n) }}})
	if n := c.Counts(); n.Paired != 0 || !strings.Contains(c.Verdict(), "They part") {
		t.Errorf("%+v: %s", n, c.Verdict())
	}
	ends := []trace.EndID{1} // what reaches the server, and what it sends
	c = compared(tr, tr, compare.Options{Ends: [2][]trace.EndID{ends, nil}})
	n := c.Counts()
	if n.By(compare.OnlyB) == 0 || n.By(compare.OnlyA) == 0 {
		t.Errorf("seen from one end and from above: %+v", n)
	}
}

// TestWorkGoesInSlices: a budget of nothing is still a little work, and the
// result does not depend on it.
func TestWorkGoesInSlices(t *testing.T) {
	a, b := scenariotest.Run(t, "head-of-line"), scenariotest.Run(t, "head-of-line", "seed=9")
	c := compare.New(a, b, compare.Options{})
	last := int64(-1)
	calls := 0
	for ; !c.Work(0); calls++ {
		done, total := c.Progress()
		if done < last || done > total {
			t.Fatalf("progress goes from %d to %d of %d", last, done, total)
		}
		last = done
	}
	if calls < 5 {
		t.Errorf("all was done in %d slices", calls)
	}
	if got, want := text(t, c), text(t, compared(a, b, compare.Options{})); got != want {
		t.Errorf("in slices it is\n%s\nat once\n%s", got, want)
	}
}

// TestDeterminism: the same two traces give the same text, whatever the hashes are.
func TestDeterminism(t *testing.T) {
	a, b := real(t, "ws.pcap"), real(t, "http.pcap")
	want := text(t, compared(a, b, compare.Options{}))
	for range 20 {
		if got := text(t, compared(a, b, compare.Options{})); got != want {
			t.Fatalf("once it is\n%s\nonce\n%s", want, got)
		}
	}
}

func TestNothingToCompare(t *testing.T) {
	empty := open(t, capturetest.Pcap(nil))
	if got := text(t, compared(empty, open(t, capturetest.Pcap(nil)), compare.Options{})); !strings.Contains(got, "no frame in either") {
		t.Error(got)
	}
	c := compared(empty, real(t, "http.pcap"), compare.Options{})
	if n := c.Counts(); n.By(compare.OnlyB) != n.Rows || n.Rows == 0 {
		t.Errorf("%+v", n)
	}
	text(t, c)
	text(t, compared(scenariotest.Run(t, "who-has"), empty, compare.Options{}))
}

// TestNothingReachesTheTerminal that it could take for a command.
func TestNothingReachesTheTerminal(t *testing.T) {
	evil := "evil\x1b[2J\u202e\u200b\xff\r\n"
	all := packets(real(t, "http.pcap"))
	b := bytes.Clone(all[3].Data)
	copy(b[66:], "GET /\x1b[2J\x07 HTTP/1.1\r\nHost: \xe2\x80\xae\r\n")
	other := append([]capturetest.Frame(nil), all...)
	other[3].Data = b
	c := compared(open(t, capturetest.Pcap(all)), open(t, capturetest.Pcap(other)), compare.Options{Names: [2]string{evil, evil}})
	var lines bytes.Buffer
	if err := c.WriteJSON(&lines); err != nil {
		t.Fatal(err)
	}
	for what, out := range map[string]string{"text": text(t, c), "jsonl": lines.String()} {
		for i, r := range out {
			if r != '\n' && !unicode.IsPrint(r) || r == unicode.ReplacementChar {
				t.Errorf("%s: %U at byte %d", what, r, i)
			}
		}
	}
}

// BenchmarkCompare is of two captures of a run with chance, by frames.
func BenchmarkCompare(b *testing.B) {
	x, y := scenariotest.Run(b, "dumbbell"), scenariotest.Run(b, "dumbbell", "seed=5")
	b.ResetTimer()
	for b.Loop() {
		c := compare.New(x, y, compare.Options{})
		for !c.Work(time.Second) {
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(x.Frames()+y.Frames()), "ns/frame")
}

// TestWhereContentsDiffer: where no field tells it, the bytes do.
func TestWhereContentsDiffer(t *testing.T) {
	all := packets(real(t, "http.pcap"))
	other := append([]capturetest.Frame(nil), all...)
	const body = 9 // in the middle of a page
	b := bytes.Clone(all[body].Data)
	b[len(b)-100] ^= 1
	other[body].Data = b
	c := compared(open(t, capturetest.Pcap(all)), open(t, capturetest.Pcap(other)), compare.Options{})
	if n := c.Counts(); n.By(compare.Content) != 1 || n.Same != len(all)-1 {
		t.Fatalf("%+v", n)
	}
	got := text(t, c)
	if !strings.Contains(got, fmt.Sprintf("byte %d ", len(b)-100-66)) {
		t.Errorf("the place is not told:\n%s", got)
	}
}

// TestWhyTheyPart: a setting shows where it decides first, with what happens
// on either side, and why.
func TestWhyTheyPart(t *testing.T) {
	c := compared(scenariotest.Run(t, "tcp-vs-udp-loss"), scenariotest.Run(t, "tcp-vs-udp-loss", "nodes.client.tcp.no_delay=false"), compare.Options{})
	p, _ := c.Parts()
	if a, b := c.Says(p, compare.A), c.Says(p, compare.B); !strings.HasSuffix(a, "[tcp.no-delay]") || !strings.HasSuffix(b, "[tcp.nagle]") {
		t.Errorf("in A %s\nin B %s", a, b)
	}
	if v := c.Verdict(); !strings.HasSuffix(v, ", at client.") {
		t.Error(v)
	}
	short := compared(scenariotest.Run(t, "rto-backoff"), scenariotest.Run(t, "rto-backoff", "until=2s"), compare.Options{})
	if p, _ := short.Parts(); short.Says(p, compare.B) != "nothing more happens" {
		t.Errorf("%+v: %s", p, short.Says(p, compare.B))
	}
	twice := compared(scenariotest.Run(t, "reorder-duplicate"), scenariotest.Run(t, "reorder-duplicate", "links.cable.faults=[]"), compare.Options{})
	if p, _ := twice.Parts(); !strings.Contains(twice.Says(p, compare.B), "arrives at server") {
		t.Errorf("%+v: %s", p, twice.Says(p, compare.B))
	}
}
