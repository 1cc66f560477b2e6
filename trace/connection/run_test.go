package connection

import (
	"fmt"
	"slices"
	"testing"

	"strata/layers"
	"strata/scenarios/scenariotest"
	"strata/trace"
)

// TestLinesAreTheHosts: at every event of every run, each line has the value
// that the host's table has then.
func TestLinesAreTheHosts(t *testing.T) {
	fields := map[Kind]string{Cwnd: "cwnd", Ssthresh: "ssthresh", SRTT: "srtt", RTO: "rto", Window: "snd.wnd"}
	for _, name := range []string{"rto-backoff", "tcp-vs-udp-loss", "nat-rebinding", "rst-vs-fin", "half-close", "reorder-duplicate"} {
		t.Run(name, func(t *testing.T) {
			l := scenariotest.Run(t, name)
			checked := 0
			for _, c := range connections(l) {
				for n := trace.EventID(1); int(n) <= l.Events(); n++ {
					checked += c.checkAgainst(t, l, n, fields)
				}
			}
			if checked == 0 {
				t.Error("there was nothing to compare")
			}
		})
	}
}

func (c *Connection) checkAgainst(t *testing.T, l *trace.Log, n trace.EventID, fields map[Kind]string) (checked int) {
	for d := range c.ends {
		row := map[string]int64{}
		for _, e := range l.State(n).Table(c.ends[d].node, "tcp") {
			if e.Slot.Key == c.ends[d].key {
				row[e.Slot.Field] = e.Value
			}
		}
		for k, field := range fields {
			want, there := row[field]
			got, ok := c.Value(d, k, n)
			if ok != there || ok && got != want {
				t.Fatalf("event %d, end %d: %v is %d %v, the host has %d %v", n, d, k, got, ok, want, there)
			}
			checked++
		}
		una, nxt, ok := c.sequence(row)
		if got, has := c.Value(d, InFlight, n); ok && (!has || got != max(0, nxt-una) && got != max(0, nxt-una-1)) {
			t.Fatalf("event %d, end %d: %d in flight, SND.NXT is %d and SND.UNA %d", n, d, got, nxt, una)
		}
		_, now := c.At(d, n)
		for _, e := range l.State(n).Table(c.ends[d].node, "tcp") {
			if e.Slot.Key == c.ends[d].key && e.Slot.Field == "state" && now.String() != e.Show {
				t.Fatalf("event %d, end %d: in state %v, the host says %s", n, d, now, e.Show)
			}
		}
	}
	return checked
}

func (c *Connection) sequence(row map[string]int64) (una, nxt int64, ok bool) {
	una, ok = row["snd.una"]
	nxt, both := row["snd.nxt"]
	return una, nxt, ok && both
}

// TestBothEndsAreFound: whichever event of a connection one asks about, it is
// the same two ends, the one that opened it first, also behind a NAT.
func TestBothEndsAreFound(t *testing.T) {
	for _, name := range course() {
		t.Run(name, func(t *testing.T) {
			l := scenariotest.Run(t, name, small[name]...)
			for _, c := range connections(l) {
				if c.ends[0].key == "" || c.ends[1].key == "" {
					t.Fatalf("%+v has one end", c.ends)
				}
				for d := range c.ends {
					if s := c.whole.dirs[d][Data].all; len(s) > 0 {
						again := Of(l, trace.EventID(s[0].first)).all()
						if again.ends != c.ends {
							t.Errorf("asked about event %d: %v, not %v", s[0].first, again.ends, c.ends)
						}
					}
				}
				path, _ := c.Path(0)
				if len(path) == 0 || path[0].To != SynSent.only() {
					t.Errorf("%v did not open it: %v", c.Name(0), path)
				}
			}
		})
	}
}

// TestSegmentsOfRuns: every segment that a host sends is drawn, the resent
// ones as such, and every one that a wire loses is drawn as lost.
func TestSegmentsOfRuns(t *testing.T) {
	for _, name := range course() {
		t.Run(name, func(t *testing.T) {
			l := scenariotest.Run(t, name, small[name]...)
			var drawn, resent, lost, wantDrawn, wantResent, wantLost int
			for _, c := range connections(l) {
				for d := range c.ends {
					drawn += c.Count(d, Data) + c.Count(d, Resent)
					resent += c.Count(d, Resent)
					lost += c.Count(d, Lost)
				}
			}
			for n := trace.EventID(1); int(n) <= l.Events(); n++ {
				e := l.Event(n)
				switch {
				case e.Kind == trace.Segment && e.Why != trace.TCPRefuse && takesRoom(l, e.PDU):
					wantDrawn++
					if e.Why.Resend() {
						wantResent++
					}
				case e.Kind == trace.Drop && (e.Layer < layers.Transport || e.Why == trace.TCPChecksum):
					if _, id := lineage(l, e.PDU); id != 0 && takesRoom(l, id) {
						wantLost++
					}
				}
			}
			if drawn != wantDrawn || resent != wantResent || lost != wantLost {
				t.Errorf("drawn %d of %d segments, %d of %d resent, %d of %d lost", drawn, wantDrawn, resent, wantResent, lost, wantLost)
			}
		})
	}
}

// takesRoom says whether a segment has data, SYN or FIN.
func takesRoom(l *trace.Log, id trace.PDUID) bool {
	var s trace.Sent
	b := l.Append(nil, id, 0, l.Size(id))
	return s.Read(b, len(b)) && (s.Len > 0 || s.Flags&(flagSYN|flagFIN) != 0)
}

// TestLostWhereItWasSent: a lost segment is drawn over the one that was lost.
func TestLostWhereItWasSent(t *testing.T) {
	c := connections(scenariotest.Run(t, "rto-backoff"))[0]
	var got []string
	for _, b := range c.whole.dirs[0][Lost].all {
		got = append(got, fmt.Sprintf("%.2f s: %d to %d", b.from.Seconds(), b.lo, b.hi))
	}
	want := []string{"0.02 s: 1 to 76", "1.02 s: 1 to 76", "3.02 s: 1 to 76"}
	if !slices.Equal(got, want) {
		t.Errorf("lost: %q, want %q", got, want)
	}
}

// TestRoundTrips: the samples are what the reasons of the changes say.
func TestRoundTrips(t *testing.T) {
	c := connections(scenariotest.Run(t, "tcp-vs-udp-loss"))[0]
	var got []trace.Time
	for _, b := range c.whole.dirs[0][RTT].all {
		got = append(got, trace.Time(b.lo))
	}
	// The handshake; then the first small segment, whose answer is delayed by 200 ms.
	want := []trace.Time{20115200, 220182400}
	if !slices.Equal(got, want) {
		t.Errorf("samples %v, want %v", got, want)
	}
}

// TestSegmentsOfConversations: the segments that a trace gives for a
// conversation are those that its ends send, on whichever wire one asks.
func TestSegmentsOfConversations(t *testing.T) {
	for _, name := range []string{"rto-backoff", "hop-by-hop", "rst-vs-fin", "reorder-duplicate"} {
		t.Run(name, func(t *testing.T) {
			l := scenariotest.Run(t, name)
			for _, c := range connections(l) {
				talk := l.ConversationOf(l.FrameOf(trace.EventID(c.whole.dirs[0][Data].all[0].first)))
				for n := range l.Frames() {
					if e, ok := firstWire(l, n); ok && (e == c.ends[0] || e == c.ends[1]) && l.ConversationOf(n) != talk {
						t.Errorf("frame %d is of conversation %d, its first of %d", n, l.ConversationOf(n), talk)
					}
				}
				for d := range c.ends {
					var got, want []string
					for _, k := range [...]Kind{Data, Resent} {
						for _, b := range c.whole.dirs[d][k].all {
							want = append(want, fmt.Sprint(b.lo, b.hi, k == Resent))
						}
					}
					base := c.whole.ledgers[d].base
					l.Segments(talk, 0, l.Frames(), func(s *trace.Sent) bool {
						lo, hi := int64(s.Seq-base), int64(s.Seq-base)+int64(s.Len)
						if s.Flags&(flagSYN|flagFIN) != 0 {
							hi++
						}
						if s.Back == (d == 1) && hi > lo {
							got = append(got, fmt.Sprint(lo, hi, s.Resent))
						}
						return true
					})
					slices.Sort(got)
					slices.Sort(want)
					if !slices.Equal(got, want) {
						t.Errorf("%v sends %q, the conversation has %q", c.names[d], want, got)
					}
				}
			}
		})
	}
}
