package origin_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"strata/layers"
	"strata/scenarios"
	"strata/scenarios/scenariotest"
	"strata/trace"
	"strata/trace/origin"
)

// answer is the whole answer about a field of a frame.
func answer(t testing.TB, tr trace.Trace, frame int, n *layers.Node) *origin.Asked {
	t.Helper()
	q := origin.Ask(tr, frame, tr.Frame(frame).PDU, int64(n.Pos), int64(n.Pos+max(n.Len, 1)), n.Field.Name)
	for begin := time.Now(); q.Work(time.Millisecond); {
		if time.Since(begin) > 20*time.Second {
			t.Fatalf("frame %d, %s: it does not end", frame+1, n.Field.Name)
		}
	}
	return q
}

// eachField visits the fields of a frame that can be seen in it.
func eachField(tree *layers.Tree, visit func(n *layers.Node, quoted bool)) {
	var walk func(nodes []layers.Node, quoted bool)
	walk = func(nodes []layers.Node, quoted bool) {
		for i := range nodes {
			if n := &nodes[i]; n.In == layers.InFrame && !n.Hidden && n.Len > 0 {
				visit(n, quoted)
				walk(n.Children, quoted)
			}
		}
	}
	for i := range tree.Parts {
		if tree.Parts[i].In == layers.InFrame {
			walk(tree.Parts[i].Fields, tree.Parts[i].Quoted)
		}
	}
}

// chosen are the frames to look at: all, or of a long run some of everywhere.
func chosen(n int) (out []int) {
	most := 20
	if n > 1000 {
		most = 6 // what is looked for lies far back
	}
	if os.Getenv("STRATA_LONG") != "" {
		most = n
	}
	for i := 0; i < n; i += (n + most - 1) / most {
		out = append(out, i)
	}
	return out
}

// TestCourse: every field of the frames of every scenario has an origin that
// hangs together.
func TestCourse(t *testing.T) {
	for _, e := range scenarios.List() {
		t.Run(e.Name, func(t *testing.T) {
			if e.Hidden && os.Getenv("STRATA_LONG") == "" {
				t.Skip("it is long")
			}
			log := scenariotest.Run(t, e.Name)
			for _, frame := range chosen(log.Frames()) {
				covered := make([]bool, log.Size(log.Frame(frame).PDU))
				tree := log.Tree(frame)
				eachField(tree, func(n *layers.Node, quoted bool) {
					for i := n.Pos; i < n.Pos+n.Len; i++ {
						covered[i] = true
					}
					q := answer(t, log, frame, n)
					hangsTogether(t, log, frame, n.Field.Name, q)
					if !quoted {
						verify(t, log, tree, frame, n, q)
					}
				})
				for i, is := range covered {
					if !is { // what no field shows has an origin, too
						q := origin.Ask(log, frame, log.Frame(frame).PDU, int64(i), int64(i)+1, "")
						for q.Work(time.Second) {
						}
						hangsTogether(t, log, frame, fmt.Sprint("byte ", i), q)
						break
					}
				}
			}
		})
	}
}

// hangsTogether checks what holds for every answer.
func hangsTogether(t *testing.T, log *trace.Log, frame int, name string, q *origin.Asked) {
	t.Helper()
	sent := log.Frame(frame).Sent
	if len(q.Links()) == 0 {
		t.Errorf("frame %d, %s: no origin", frame+1, name)
	}
	for _, l := range q.Links() {
		switch {
		case l.Text == "" || strings.Contains(l.Text, "%!") || strings.Contains(l.Text, "…looking"):
			t.Errorf("frame %d, %s: %q", frame+1, name, l.Text)
		case l.Event != 0 && log.Event(l.Event).Time > sent:
			t.Errorf("frame %d, %s: %q: event %d came later", frame+1, name, l.Text, l.Event)
		case l.Frame > frame || l.Frame < -1:
			t.Errorf("frame %d, %s: %q: frame %d", frame+1, name, l.Text, l.Frame+1)
		case l.Known != origin.Recorded:
			t.Errorf("frame %d, %s: %q is %v, in a simulation", frame+1, name, l.Text, l.Known)
		case l.From < 0 || l.To > log.Size(l.PDU) || l.From > l.To:
			t.Errorf("frame %d, %s: %q: bytes %d to %d of PDU %d", frame+1, name, l.Text, l.From, l.To, l.PDU)
		}
	}
}

// field is a field's number in a frame, found by name.
func field(log *trace.Log, frame int, name string) (v uint64, ok bool) {
	eachField(log.Tree(frame), func(n *layers.Node, _ bool) {
		if n.Field.Name == name && !ok {
			v, ok = n.Uint, true
		}
	})
	return v, ok
}

// named is the frame of the first link that says something.
func named(q *origin.Asked, says string) (frame int, ok bool) {
	for _, l := range q.Links() {
		if strings.Contains(l.Text, says) {
			return l.Frame, true
		}
	}
	return -1, false
}

// tally counts the claims that were checked, by field.
var tally = map[string]int{}

// verify checks what an answer claims against the frames that it names, read
// by the tables of their own.
func verify(t *testing.T, log *trace.Log, tree *layers.Tree, frame int, n *layers.Node, q *origin.Asked) {
	t.Helper()
	bad := func(format string, args ...any) {
		t.Helper()
		t.Errorf("frame %d, %s = %s: %s; %v", frame+1, n.Field.Name, n.Show, fmt.Sprintf(format, args...), q.Links())
	}
	end := func(k int) uint32 {
		seq, _ := field(log, k, "tcp.seq")
		flags, _ := field(log, k, "tcp.flags")
		ipLen, _ := field(log, k, "ip.len")
		head, _ := field(log, k, "tcp.hdr_len")
		if head < 20 {
			head *= 4
		}
		return uint32(seq + ipLen - 20 - head + flags&1 + flags>>1&1) // FIN and SYN take a number each
	}
	switch n.Field.Name {
	case "eth.dst":
		if k, ok := named(q, "brought the news"); ok {
			tally[n.Field.Name]++
			if b := log.Append(nil, log.Frame(k).PDU, 22, 6); string(b) != string(tree.Data[n.Pos:n.Pos+6]) {
				bad("frame %d tells of %x", k+1, b)
			}
		} else if tree.Data[0]&1 == 0 {
			if _, warm := named(q, "before the run began"); !warm {
				if _, reply := named(q, "the one who asked"); !reply {
					bad("nobody told it")
				}
			}
		}
	case "tcp.ack":
		if flags, _ := field(log, frame, "tcp.flags"); flags&0x10 == 0 {
			return
		}
		k, ok := named(q, "brought the last of it")
		if !ok {
			bad("no frame brought it")
		} else if tally[n.Field.Name]++; end(k) != binary.BigEndian.Uint32(tree.Data[n.Pos:]) {
			bad("frame %d ends at %d", k+1, end(k))
		} else if f := log.Frame(k); f.Fate == trace.Lost || f.Ended > log.Frame(frame).Sent {
			bad("frame %d had not come", k+1)
		}
	case "tcp.seq":
		if k, ok := named(q, "ended right before it"); ok {
			if tally[n.Field.Name]++; end(k) != binary.BigEndian.Uint32(tree.Data[n.Pos:]) {
				bad("frame %d ends at %d", k+1, end(k))
			}
		} else if flags, _ := field(log, frame, "tcp.flags"); flags&6 == 0 {
			bad("what came before it?")
		}
	case "ip.id":
		if k, ok := named(q, "the next number after"); ok {
			tally[n.Field.Name]++
			if id, _ := field(log, k, "ip.id"); uint16(id+1) != uint16(n.Uint) {
				bad("frame %d has %d", k+1, id)
			}
		}
	case "ip.ttl":
		tally[n.Field.Name]++
		fewer := 0
		for _, l := range q.Links() {
			if strings.Contains(l.Text, "took one off") {
				fewer++
			}
		}
		if int(n.Uint)+fewer != 64 {
			bad("%d routers took one off", fewer)
		}
	case "ip.checksum", "eth.fcs":
		tally[n.Field.Name]++
		for _, l := range q.Links() {
			if l.PDU == 0 {
				continue
			}
			b := log.Append(nil, l.PDU, l.From, l.To-l.From)
			if n.Field.Name == "ip.checksum" && layers.IPv4Header(b).ChecksumOK() || n.Field.Name == "eth.fcs" && len(b) == n.Pos {
				return
			}
		}
		bad("the bytes that it is worked out over are not named")
	case "tcp.srcport", "udp.srcport":
		tally[n.Field.Name]++
	}
}

// TestClaims: enough of the claims could be checked; it runs after TestCourse.
func TestClaims(t *testing.T) {
	if len(tally) == 0 {
		t.Skip("the course was not walked")
	}
	for name, least := range map[string]int{"eth.dst": 10, "tcp.ack": 200, "tcp.seq": 200, "ip.id": 200, "ip.ttl": 300, "ip.checksum": 300, "eth.fcs": 300} {
		if tally[name] < least {
			t.Errorf("%s: only %d claims were checked", name, tally[name])
		}
	}
	t.Log(tally)
}
