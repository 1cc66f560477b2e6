package sim

import (
	"testing"
	"time"

	"strata/layers"
	"strata/trace"
)

// framesOf are a trace's frames that carry a protocol.
func framesOf(l *trace.Log, p layers.Proto) (out []trace.Frame) {
	for i := range l.Frames() {
		f := l.Frame(i)
		for id := f.PDU; id != 0; id = l.PDU(id).Of {
			if l.PDU(id).Proto == p {
				out = append(out, f)
				break
			}
		}
	}
	return out
}

// TestQuestionsAreNoHops: at every node the packet waits for an ARP answer. The
// packet's frames count its hops; those of ARP are on their first wire.
func TestQuestionsAreNoHops(t *testing.T) {
	var got []string
	cfg := routed(
		Program{Node: "server", Name: "sink", Run: sink(&got, ":9")},
		Program{Node: "client", Name: "send", Run: send("10.0.2.2:9", "x")})
	cfg.ColdARP = true
	l, _ := simulate(t, cfg)
	for _, f := range framesOf(l, layers.ARP) {
		if f.Hop != 1 {
			t.Errorf("frame of ARP on hop %d", f.Hop)
		}
	}
	if u := framesOf(l, layers.UDP); len(u) != 2 || u[0].Hop != 1 || u[1].Hop != 2 {
		t.Errorf("the datagram's frames: %+v", u)
	}
	if t.Failed() {
		t.Log("\n" + story(l))
	}
}

// TestResentIsSaidOfTheSegment: the first SYN finds nobody who answers ARP, the
// second one asks again. The question is no retransmission; the SYN is, in
// every one of its fragments' and hops' frames.
func TestResentIsSaidOfTheSegment(t *testing.T) {
	cfg := routed(
		Program{Node: "server", Name: "drain", Run: run(drain)},
		Program{Node: "client", Name: "hello", Run: hello("10.0.2.2:9", 3000)})
	cfg.ColdARP = true
	cfg.Nodes[0].TCP.MSS, cfg.Nodes[2].TCP.MSS = 1460, 1460
	cfg.Links[1].MTU = 576
	cfg.Links[0].Faults = []Fault{
		{Kind: Lose, Rate: 1, Match: Match{Proto: "arp", Before: 4 * time.Second}},
		{Kind: Lose, Rate: 1, Match: Match{Data: true, Nth: []int{1}}},
	}
	l, res := simulate(t, cfg)
	for _, f := range framesOf(l, layers.ARP) {
		if f.Resent {
			t.Error("a question counts as a retransmission")
		}
	}
	hops := map[int]int{}
	for _, f := range framesOf(l, layers.TCP) {
		if f.Resent {
			hops[f.Hop]++
		}
	}
	// Of the SYNs, one gets through; of the data, one segment of 1460 bytes,
	// which is three fragments on the second link.
	if hops[1] != 2 || hops[2] != 1+3 || res.Retransmissions < 2 {
		t.Errorf("retransmissions by hop: %v\n%s", hops, story(l))
	}
}

// TestADuplicateDoesNotRefuseTheFrame: the second copy of a data segment is
// dropped, the frame arrived all the same.
func TestADuplicateDoesNotRefuseTheFrame(t *testing.T) {
	cfg := routed(
		Program{Node: "server", Name: "drain", Run: run(drain)},
		Program{Node: "client", Name: "hello", Run: hello("10.0.2.2:9", 100)})
	cfg.Links[1].Faults = []Fault{{Kind: Duplicate, Rate: 1, Match: Match{Data: true, Nth: []int{1}}}}
	l, _ := simulate(t, cfg)
	want(t, l, map[trace.Why]int{trace.WireTwice: 1})
	for i := range l.Frames() {
		if f := l.Frame(i); f.Fate != trace.Arrived {
			t.Errorf("frame %d: %+v\n%s", i+1, f, story(l))
		}
	}
}
