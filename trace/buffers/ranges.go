package buffers

import (
	"slices"

	"strata/trace"
)

// divide makes the ranges: what is here, and the holes between, divided at every
// mark that means something to either end.
func (w *work) divide() {
	at := w.Start
	for i := range w.here {
		r := w.here[i]
		if r.To <= at {
			continue
		}
		w.hole(at, r.From)
		r.From = max(r.From, at)
		r.State = Held
		w.add(r)
		at = r.To
	}
	w.hole(at, w.High)
	if w.cut {
		w.hole(max(at, w.High), w.Total)
	} else if w.Written > w.High {
		w.add(Range{Range: trace.Range{From: max(at, w.High), To: w.Written}, State: Unsent})
	}
	w.states()
}

// hole adds what is missing of a range: the pieces that carried it.
func (w *work) hole(from, to int64) {
	for from < to {
		r := Range{Range: trace.Range{From: from, To: to}, State: Unsent}
		for i := range w.pieces {
			w.carried(&r, &w.pieces[i])
		}
		if r.State == Unsent && from < w.High && (w.Inferred || from < w.Next) {
			r.State = Unseen // it was acknowledged, or something sent later was seen
			if from >= w.Next {
				r.State = Lost
			}
		}
		w.add(r)
		from = r.To
	}
}

// carried takes into account that a piece carries the beginning of a hole; the
// hole ends where a piece begins or ends.
func (w *work) carried(r *Range, p *trace.Piece) {
	switch {
	case p.End() <= r.From || p.Off >= r.To:
		return
	case p.Off > r.From:
		if p.Sent <= w.At || r.Filler.PDU == 0 {
			r.To = p.Off
		}
		return
	}
	r.To = min(r.To, p.End())
	if p.Got > w.At && r.Filler.PDU == 0 && (p.Lost == 0 || p.Lost < p.Got) {
		r.Filler = *p
	}
	if p.Sent > w.At {
		return
	}
	r.Copies++
	lost := p.Lost != 0 && p.Lost <= w.At
	if lost && r.State == OnTheWay {
		return // another one may still come
	}
	r.Piece, r.Pieces, r.State = *p, 1, OnTheWay
	if lost {
		r.State = Lost
	}
}

// add appends a range, divided at the marks.
func (w *work) add(r Range) {
	if r.To <= r.From {
		return
	}
	cuts := []int64{w.Read, w.Next, w.Acked, w.High, w.Edge}
	for _, s := range w.sacked {
		cuts = append(cuts, s.From, s.To)
	}
	slices.Sort(cuts)
	for _, c := range cuts {
		if c > r.From && c < r.To {
			part := r
			part.To, r.From = c, c
			w.Ranges = append(w.Ranges, part)
		}
	}
	w.Ranges = append(w.Ranges, r)
}

// states finishes the ranges by where they lie.
func (w *work) states() {
	for i := range w.Ranges {
		r := &w.Ranges[i]
		switch {
		case r.State == Unseen:
		case r.State != Held:
			if r.To <= w.Next && w.Next > 0 && r.State != Unsent {
				r.State = Unseen
			}
		case r.To <= w.Read:
			r.State = Read
		case r.To <= w.Next:
			r.State = Ready
		}
		r.Acked = r.To <= w.Acked
		for _, s := range w.sacked {
			r.SACK = r.SACK || !r.Acked && r.From >= s.From && r.To <= s.To
		}
		if r.State.Here() && r.Pieces > 0 {
			r.Copies = w.copies(r)
		}
	}
}

// copies is how often a range had been sent.
func (w *work) copies(r *Range) (n int) {
	for i := range w.pieces {
		if p := &w.pieces[i]; p.Sent <= w.At && p.Off <= r.From && p.End() >= r.To {
			n++
		}
	}
	return n
}

// merge joins neighbours that are in the same states, until few enough are
// left: those that are settled first, and the oldest of these.
func (l *Look) merge() {
	for _, settled := range []bool{true, false} {
		if len(l.Ranges) > MaxRanges {
			l.join(func(a *Range) bool { return !settled || a.State <= Ready && a.Acked })
		}
	}
	if len(l.Ranges) > MaxRanges {
		l.Ranges, l.Cut = l.Ranges[:MaxRanges], true
	}
}

func (l *Look) join(may func(a *Range) bool) {
	out, spare := l.Ranges[:0], len(l.Ranges)-MaxRanges
	for _, r := range l.Ranges {
		if n := len(out); spare > 0 && n > 0 && out[n-1].alike(&r) && may(&r) {
			last := &out[n-1]
			if last.Pieces == 1 {
				l.Merged++
			}
			l.Merged++
			last.To, last.Pieces = r.To, last.Pieces+r.Pieces
			spare--
			continue
		}
		out = append(out, r)
	}
	l.Ranges = out
}

func (r *Range) alike(b *Range) bool {
	return r.State == b.State && r.Acked == b.Acked && r.SACK == b.SACK
}

// light marks what differs from the look at the event before.
func (l *Look) light(was *Look) {
	for i := range l.Ranges {
		r := &l.Ranges[i]
		r.Lit = l.differs(r, was)
	}
}

func (l *Look) differs(r *Range, was *Look) bool {
	for i := range was.Ranges {
		q := &was.Ranges[i]
		if q.To <= r.From {
			continue
		}
		// The first that overlaps it tells: what changes, changes from a place
		// where one of the two was divided.
		return q.From >= r.To || !q.alike(r) || q.Copies != r.Copies && q.Pieces <= 1 && r.Pieces <= 1
	}
	return r.From >= was.Start
}
