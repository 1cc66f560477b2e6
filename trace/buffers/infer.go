package buffers

import "strata/trace"

// A capture at the sender sees segments leave that never arrive. That one was
// lost further on is inferred from what came back before its bytes were sent
// again: acknowledgments that still asked for it while they told of what
// follows it (RFC 5681 sec. 3.2; RFC 2018 sec. 4).

// doubt takes away what passed the capture and did not arrive, as is known
// with hindsight.
func (w *work) doubt() {
	var again []*trace.Piece
	for i := range w.pieces {
		if p := &w.pieces[i]; p.Again {
			again = append(again, p)
		}
	}
	if len(again) == 0 {
		return
	}
	said := w.t.Answers(nil, w.of, again[len(again)-1].Sent, 4*answers)
	for i := range w.pieces {
		p := &w.pieces[i]
		for _, q := range again {
			if q.Sent > p.Sent && q.Off < p.End() && q.End() > p.Off && missed(p, q, said) {
				p.Lost, p.Got = p.Got, 0
				break
			}
		}
	}
}

// missed says whether the answers between a piece and the one that brings its
// bytes again show that the first did not arrive. They come the latest first.
func missed(p, q *trace.Piece, said []trace.Answer) bool {
	beyond, same := false, 0
	for i := range said {
		a := &said[i]
		if a.Sent <= p.Got || a.Sent >= q.Sent {
			continue
		}
		if a.Ack > p.Off {
			return false
		}
		for _, r := range a.SACK[:a.Blocks] {
			if r.From < p.End() && r.To > p.Off {
				return false
			}
			beyond = beyond || r.From >= p.End()
		}
		if a.Ack == p.Off {
			same++
		}
	}
	// RFC 5681 sec. 2: a duplicate acknowledgment tells that something came.
	return beyond || same >= 2
}
