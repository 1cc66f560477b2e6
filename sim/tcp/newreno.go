package tcp

import "strata/trace"

// newReno is the congestion control of RFC 5681, with RFC 6582's handling of
// partial acknowledgments.
type newReno struct {
	bytes int // acknowledged since cwnd last grew in congestion avoidance
}

// start is RFC 6928 section 2, or after a lost SYN RFC 5681 section 3.1.
func (r *newReno) start(w *window, synLost bool) trace.Why {
	w.cwnd = w.initial
	if synLost {
		w.cwnd = w.smss
		return trace.TCPSynLostWindow
	}
	return trace.TCPInitialWindow
}

func (r *newReno) acked(w *window, n int) trace.Why {
	if w.cwnd < w.ssthresh {
		w.cwnd += min(n, w.smss) // RFC 5681 equation 2
		return trace.TCPSlowStart
	}
	// RFC 5681 section 3.1: by one segment for each window's worth of bytes.
	r.bytes += n
	if r.bytes >= w.cwnd {
		r.bytes -= w.cwnd
		w.cwnd += w.smss
	}
	return trace.TCPAvoidance
}

// half is RFC 5681 equation 4. FlightSize, not cwnd: a sender that had little
// to send has not tested a large cwnd.
func half(w *window, flight int) int { return max(flight/2, 2*w.smss) }

func (r *newReno) lost(w *window, flight int) {
	w.ssthresh = half(w, flight)
	// RFC 5681 section 3.2 (3): three segments have left the network.
	w.cwnd = w.ssthresh + 3*w.smss
	r.bytes = 0
}

func (r *newReno) left(w *window) { w.cwnd += w.smss }

// partly is RFC 6582 section 3.2, "partial acknowledgment": what was
// acknowledged has left the network, less the segment sent for it.
func (r *newReno) partly(w *window, n int) {
	w.cwnd -= n
	if n >= w.smss {
		w.cwnd += w.smss
	}
	w.cwnd = max(w.cwnd, w.smss)
}

// recovered is RFC 6582 section 3.2, "full acknowledgment", (1): the variant
// that lets no burst go.
func (r *newReno) recovered(w *window, flight int) {
	w.cwnd = min(w.ssthresh, max(flight, w.smss)+w.smss)
}

func (r *newReno) timeout(w *window, flight int, again bool) {
	if !again {
		w.ssthresh = half(w, flight)
	}
	w.cwnd = w.smss // the loss window of RFC 5681 section 3.1
	r.bytes = 0
}

// idle is RFC 5681 section 4.1: the restart window.
func (r *newReno) idle(w *window) { w.cwnd = min(w.initial, w.cwnd) }
