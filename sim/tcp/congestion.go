package tcp

import "strata/trace"

// window is the sender's own limit on what is on its way (RFC 5681).
type window struct {
	cwnd, ssthresh int // bytes
	smss           int // bytes of a full-sized segment
	initial        int // the initial window
}

// control decides how much may be on its way. What was lost, and is sent
// again, is decided in recovery.go.
type control interface {
	// start is the beginning; synLost: a SYN had to be sent again. It says
	// why the window is what it is.
	start(w *window, synLost bool) trace.Why
	// acked is that n bytes were newly acknowledged outside of recovery; it
	// says why the window grew.
	acked(w *window, n int) trace.Why
	// lost is that duplicate acknowledgments show a loss, with flight bytes
	// on their way.
	lost(w *window, flight int)
	// left is that one more segment has left the network during recovery.
	left(w *window)
	// partly is that n bytes were acknowledged during recovery, but not all.
	partly(w *window, n int)
	// recovered is the end of recovery, with flight bytes on their way.
	recovered(w *window, flight int)
	// timeout is that the retransmission timer ran out; again: not for the
	// first time for this segment.
	timeout(w *window, flight int, again bool)
	// idle is that nothing was sent for longer than the timeout.
	idle(w *window)
}

func newControl(name string) control {
	if name == "none" {
		return unlimited{}
	}
	return &newReno{}
}

// unlimited is no congestion control: only the peer's window counts. It
// shows what a network does when nobody holds back.
type unlimited struct{}

func (unlimited) start(w *window, _ bool) trace.Why {
	w.cwnd = maxWindow
	return trace.TCPNoControl
}
func (unlimited) acked(*window, int) trace.Why { return 0 }
func (unlimited) lost(*window, int)            {}
func (unlimited) left(*window)                 {}
func (unlimited) partly(*window, int)          {}
func (unlimited) recovered(*window, int)       {}
func (unlimited) timeout(*window, int, bool)   {}
func (unlimited) idle(*window)                 {}
