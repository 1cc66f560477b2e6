package quiz

import (
	"fmt"
	"slices"

	"strata/layers"
	"strata/trace"
)

// change finds a state change that lies ahead in the frame's steps, or else in
// one of those of the next frame, and that a test holds for.
func (s *scene) change(holds func(trace.Change) bool) (trace.EventID, trace.Change, bool) {
	const steps = 64
	for id := s.id + 1; id <= min(s.id+steps, trace.EventID(s.t.Events())); id++ {
		if s.t.Event(id).Kind != trace.StateChange || s.t.FrameOf(id) != s.n && s.t.FrameOf(id) != s.n+1 {
			continue
		}
		if c := s.t.Change(id); holds(c) {
			return id, c, true
		}
	}
	return 0, trace.Change{}, false
}

// tcpStates are the states of a connection (RFC 9293 sec. 3.3.2).
var tcpStates = []string{"SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT", "CLOSED"}

// askState asks for a connection's next state.
func (s *scene) askState(q *Question) bool {
	id, c, ok := s.change(func(c trace.Change) bool {
		return c.Slot.Table == "tcp" && c.Slot.Field == "state" && c.Old != trace.Absent && c.New != trace.Absent
	})
	if !ok {
		return false
	}
	var wrong []string
	for _, state := range tcpStates {
		if state != c.Show(c.New) && state != c.Show(c.Old) {
			wrong = append(wrong, state)
		}
	}
	q.Ask = fmt.Sprintf("At %s the connection is in state %s. Which state comes next?", s.node(c.Slot.Node), c.Show(c.Old))
	s.becauseOf(q, id)
	return s.choose(q, c.Show(c.New), append(wrong, c.Show(c.Old)+", as before"))
}

// askValue asks what a value of a connection becomes, where a rule says so that
// one can follow without knowing what was measured.
func (s *scene) askValue(q *Question) bool {
	id, c, ok := s.change(func(c trace.Change) bool {
		return c.Slot.Table == "tcp" && (c.Slot.Field == "rto" || c.Slot.Field == "cwnd") && c.Old > 0 && c.New > 0
	})
	if !ok {
		return false
	}
	s.becauseOf(q, id)
	switch s.t.Event(id).Why {
	case trace.TCPBackOff:
		q.Kind = Number
		q.Ask = fmt.Sprintf("%s waits %s for an acknowledgment. Now this time has run out once more. How long will it wait after sending again?",
			s.node(c.Slot.Node), c.Show(c.Old))
		q.key.number = number{value: trace.Time(c.New).Seconds(), unit: units["s"]}
		return true
	case trace.TCPCwndTimeout:
		q.Ask = fmt.Sprintf("The congestion window of %s is %d bytes when its retransmission timer runs out. What becomes of it?", s.node(c.Slot.Node), c.Old)
		bytes := func(n int64) string { return count(int(n), "byte") }
		var wrong []string
		for _, n := range []int64{c.Old, 2 * c.Old, c.Old / 2, c.Old + c.New, 0} {
			if n != c.New {
				wrong = append(wrong, bytes(n))
			}
		}
		return s.choose(q, bytes(c.New), wrong)
	}
	return false
}

// unseen are the reasons for which a frame ends and nobody is told.
var unseen = []trace.Why{trace.WireLost, trace.WireAimed, trace.EthBadFCS, trace.TCPChecksum, trace.UDPChecksum, trace.IPFiltered}

// noticed are the ways in which a transport learns of a loss.
var noticed = []phrase{
	{trace.TCPRTOResend, "its timer runs out before an acknowledgment comes", []trace.Why{trace.TCPGoBack}},
	{trace.TCPFastRetransmit, "three duplicate acknowledgments come", []trace.Why{trace.TCPPartialAck}},
	{trace.TCPPartialAck, "an acknowledgment takes only a part of what it has sent", nil},
	{trace.ICMPUnreachable, "an ICMP message comes back", nil},
	{0, "not at all", nil},
}

// askNoticed asks how the sender learns that a frame was lost.
func (s *scene) askNoticed(q *Question) bool {
	if s.info.Captured || s.shape.N == 0 || s.shape.Fragment || !slices.Contains(unseen, s.t.Event(s.f.Last).Why) {
		return false
	}
	proto := s.shape.Inner().Proto
	why := trace.Why(0)
	switch {
	case proto == layers.UDP:
		q.because("UDP sends and forgets. If the message matters, the program has to notice for itself that no answer comes.", "RFC 768", "UDP", "loss")
	case proto == layers.TCP && s.seg != nil && s.seg.numbers() > 0:
		again, ok := s.seg.after(s.t, func(o *segment) bool { return o.f.Resent && o.src == s.seg.src && o.seq == s.seg.seq })
		if !ok {
			return false
		}
		if why = s.whyMade(again.n); slices.Contains(timers, why) {
			why = trace.TCPRTOResend
		}
		s.becauseOf(q, s.made(again.n))
	default:
		return false
	}
	right := find(noticed, why)
	if right == nil {
		return false
	}
	q.Ask = fmt.Sprintf("This frame is lost on its way. How does %s at its sender learn of that?", proto)
	return s.choosePhrase(q, noticed, right, nil)
}

// timers are the reasons for sending again that a timer gives.
var timers = []trace.Why{trace.TCPRTOResend, trace.TCPGoBack, trace.TCPSynResend, trace.TCPSynAckResend, trace.TCPFinResend}
