package scenarios

import (
	"math/rand/v2"
	"testing"

	"strata/layers"
	"strata/trace"
	"strata/trace/tracetest"
)

// eachListed visits the run of every listed scenario.
func eachListed(t *testing.T, visit func(name string, log *trace.Log)) {
	t.Helper()
	for _, e := range List() {
		if e.Hidden {
			continue
		}
		s, err := Open(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		log, _ := run(t, s)
		visit(e.Name, log)
	}
}

// TestStepsGoBothWays goes forward and back from random events of every listed
// scenario: the state is the same whichever way it was reached.
func TestStepsGoBothWays(t *testing.T) {
	eachListed(t, func(name string, log *trace.Log) {
		var hashes []uint64
		for n := range log.Events() + 1 {
			hashes = append(hashes, log.State(trace.EventID(n)).Hash())
		}
		if hashes[0] == hashes[len(hashes)-1] {
			t.Errorf("%s: the state never changes", name)
		}
		r := rand.New(rand.NewPCG(1, 1))
		for range 300 {
			from := r.IntN(log.Events() + 1)
			to := r.IntN(log.Events() + 1)
			for _, n := range []int{from, to, from} {
				if got := log.State(trace.EventID(n)).Hash(); got != hashes[n] {
					t.Fatalf("%s: between events %d and %d the state at %d has hash %x, want %x", name, from, to, n, got, hashes[n])
				}
			}
		}
	})
}

// TestEveryByteLeadsToItsFramesAndBack follows bytes of every delivered
// message of every listed scenario to the frames that carried them, to the
// message that was sent, and from those frames back.
func TestEveryByteLeadsToItsFramesAndBack(t *testing.T) {
	eachListed(t, func(name string, log *trace.Log) {
		sent := map[trace.PDUID]bool{}
		for n := trace.EventID(1); int(n) <= log.Events(); n++ {
			switch ev := log.Event(n); ev.Kind {
			case trace.Send:
				sent[ev.PDU] = true
			case trace.Deliver:
				size := log.Size(ev.PDU)
				for off := int64(0); off < size; off += max(1, size/64) {
					follow(t, name, log, sent, trace.Place{PDU: ev.PDU, Off: off})
				}
			}
		}
	})
}

// follow checks all the places that a delivered byte was at.
func follow(t *testing.T, name string, log *trace.Log, sent map[trace.PDUID]bool, p trace.Place) {
	t.Helper()
	want := log.Append(nil, p.PDU, p.Off, 1)[0]
	frames, messages := 0, 0
	origin := trace.Origins(log, p)
	first := origin[len(origin)-1]
	for _, at := range tracetest.Everywhere(log, p) {
		if sent[at.PDU] {
			messages++
		}
		if log.PDU(at.PDU).Proto != layers.Ethernet {
			continue
		}
		frames++
		back := trace.Origins(log, at)
		if back[len(back)-1] != first {
			t.Fatalf("%s: byte %d of frame PDU %d leads back to %v, not to %v", name, at.Off, at.PDU, back[len(back)-1], first)
		}
		if got, readable := unmasked(log, back); readable && got != want && !damaged(log, at.PDU) {
			t.Fatalf("%s: byte %d of frame PDU %d is %#x, and %#x was delivered", name, at.Off, at.PDU, got, want)
		}
	}
	if frames == 0 || messages == 0 {
		t.Fatalf("%s: byte %d of PDU %d was in %d frames and %d sent messages", name, p.Off, p.PDU, frames, messages)
	}
}

// unmasked is the first byte of a way, with the mask of the WebSocket frame on
// that way taken off; not readable where it was encrypted or packed.
func unmasked(log *trace.Log, way []trace.Place) (b byte, readable bool) {
	b = log.Append(nil, way[0].PDU, way[0].Off, 1)[0]
	for _, at := range way {
		switch log.PDU(at.PDU).Proto {
		case layers.TLS, layers.Gzip, layers.Base64:
			return b, false
		case layers.WebSocket:
			h, _ := layers.WebSocketHeader(log.Append(nil, at.PDU, 0, 14))
			if h.RSV != 0 {
				return b, false
			}
			if i := at.Off - int64(h.HeaderLen); h.Masked && i >= 0 {
				b ^= h.Key[i%4]
			}
		}
	}
	return b, true
}

// damaged says whether a fault flipped a bit of the PDU, or of one in it.
func damaged(log *trace.Log, id trace.PDUID) bool {
	for n := trace.EventID(1); int(n) <= log.Events(); n++ {
		if e := log.Event(n); e.Kind == trace.Corrupt && e.PDU == id {
			return true
		}
	}
	return false
}
