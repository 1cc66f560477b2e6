package quiz

import (
	"fmt"
	"slices"

	"strata/layers"
	"strata/trace"
)

// choosePhrase makes a question of a family's choices, of which one is right. Of
// the others, those are left out that are a reason of any event in what
// happened, for they are true, too.
func (s *scene) choosePhrase(q *Question, family []phrase, right *phrase, happened []trace.Why) bool {
	var wrong []string
	for i := range family {
		p := &family[i]
		if p.why != right.why && p.text != right.text && !slices.Contains(right.also, p.why) && !slices.Contains(happened, p.why) {
			wrong = append(wrong, p.text)
		}
	}
	return s.choose(q, right.text, wrong)
}

// reasons are those of the frame's events at a node.
func (s *scene) reasons(at trace.NodeID) (all []trace.Why) {
	for _, id := range s.steps {
		if e := s.t.Event(id); e.Node == at {
			all = append(all, e.Why)
		}
	}
	return all
}

// askReason asks why TCP sent the segment just now. Only a simulation knows.
func (s *scene) askReason(q *Question) bool {
	made := s.made(s.n)
	if s.seg == nil || made == 0 || s.info.Captured {
		return false
	}
	family := sentAck
	switch {
	case s.seg.flags&syn != 0:
		family = sentOpening
	case s.seg.flags&(fin|rst) != 0 && s.seg.size == 0:
		family = sentEnd
	case s.seg.size > 0:
		family = sentData
	}
	e := s.t.Event(made)
	right := find(family, e.Why)
	if right == nil {
		return false
	}
	q.Ask = fmt.Sprintf("%s sends %s. Why just now?", s.node(e.Node), s.seg.described())
	s.becauseOf(q, made)
	return s.choosePhrase(q, family, right, nil)
}

// described is a segment in words.
func (g *segment) described() string {
	switch {
	case g.flags&rst != 0:
		return "a segment with RST"
	case g.numbers() == 0:
		return "a segment without data"
	}
	return "a segment with " + g.what()
}

// decision is the step that says what became of the frame at the node that it
// went to: the last one there that drops it, passes it on or takes it.
func (s *scene) decision(family []phrase) (id trace.EventID, right *phrase) {
	for _, step := range s.steps {
		e := s.t.Event(step)
		if e.Node != s.f.To || step <= s.f.Transmit {
			continue
		}
		if p := find(family, e.Why); p != nil {
			id, right = step, p
		}
	}
	return id, right
}

// askFate asks what a node does with the frame that reaches it.
func (s *scene) askFate(q *Question) bool {
	if s.info.Captured || s.f.Fate == trace.Lost || s.f.Fate == trace.OnTheWay || int(s.f.To) >= len(s.info.Nodes) {
		return false
	}
	kind, what := s.info.Nodes[s.f.To].Kind, "this packet"
	var family []phrase
	switch {
	case kind == "switch":
		family, what = onSwitch, "this frame"
	case kind == "router":
		family = onRouter
	case s.shape.N > 0 && (s.shape.Fragment || s.shape.More):
		family, what = onHostPiece, "this fragment"
	case s.seg != nil:
		family, what = onHostTCP, "this segment"
	case s.shape.N > 0 && s.shape.Inner().Proto == layers.UDP:
		family, what = onHostUDP, "this datagram"
	case s.shape.N > 0 && s.shape.Inner().Proto == layers.ARP:
		family, what = onHostARP, "this ARP packet"
	}
	id, right := s.decision(family)
	if right == nil {
		return false
	}
	happened := s.reasons(s.f.To)
	if answer := s.answer(); answer != 0 && find(family, trace.ARPAnswer) != nil {
		happened = append(happened, trace.ARPLearn)
		id, right = answer, find(family, trace.ARPAnswer)
	}
	q.Ask = fmt.Sprintf("What does %s do with %s?", s.node(s.f.To), what)
	s.becauseOf(q, id)
	return s.choosePhrase(q, family, right, happened)
}

// answer is the event with which the node that the frame went to answers its
// ARP question; 0: it does not. The answer is a frame of its own.
func (s *scene) answer() trace.EventID {
	for n := s.n + 1; n < min(s.t.Frames(), s.n+1+ahead/8); n++ {
		if f := s.t.Frame(n); f.From != s.f.To || !causedBy(s.t, f.Transmit, s.n) {
			continue
		}
		for _, id := range s.t.Steps(n) {
			if s.t.Event(id).Why == trace.ARPAnswer {
				return id
			}
		}
	}
	return 0
}

// seen is what Wireshark's analysis finds of a segment, in words.
type seen struct {
	why     trace.Why
	finding string // Wireshark's name of it, behind tcp.analysis; empty: it is none
	text    string
}

var seenData = []seen{
	{trace.CaptureTimedOut, "retransmission", "the same bytes once more, after a wait: a timer has run out"},
	{trace.CaptureFast, "fast_retransmission", "the same bytes once more, because duplicate acknowledgments asked for them"},
	{trace.CaptureSpurious, "spurious_retransmission", "the same bytes once more, though they had been acknowledged"},
	{trace.CaptureOutOfOrder, "out_of_order", "bytes that a later segment has overtaken on the way"},
	{trace.CaptureGap, "lost_segment", "bytes before which others are missing"},
	{trace.CaptureSegment, "", "new bytes, just where the last ones ended"},
	{trace.CaptureFull, "window_full", "bytes that use up the receiver's window"},
	{trace.CaptureProbe, "zero_window_probe", "one byte that asks whether a closed window has opened"},
}

var seenAck = []seen{
	{trace.CaptureDuplicate, "duplicate_ack", "an acknowledgment that repeats the one before: something came out of order"},
	{trace.CaptureUpdate, "window_update", "news of more room in the receive buffer"},
	{trace.CaptureZero, "zero_window", "news that there is no room left"},
	{trace.CaptureProbeAck, "zero_window_probe_ack", "the answer to one who asked for room: there is none yet"},
	{trace.CaptureKeepAlive, "keep_alive", "a question whether the other side is still there"},
	{trace.CaptureAlive, "keep_alive_ack", "the answer to one who asked whether it is still there"},
	{trace.CaptureControl, "", "an acknowledgment of something that has just come"},
}

// askFinding asks what a segment of a capture is.
func (s *scene) askFinding(q *Question) bool {
	made := s.made(s.n)
	if s.seg == nil || !s.info.Captured || made == 0 || s.seg.flags&(syn|fin|rst) != 0 {
		return false
	}
	family, why := seenData, s.t.Event(made).Why
	if s.seg.size == 0 {
		family = seenAck
	}
	tree := s.tree()
	if tree == nil || !s.told(tree) {
		return false
	}
	right, wrong := "", []string{}
	for _, p := range family {
		switch {
		case p.why == why:
			right = p.text
		case p.finding == "" && !ordinary(tree) || p.finding != "" && !found(tree, p.finding):
			wrong = append(wrong, p.text)
		}
	}
	if right == "" || why == trace.CaptureFull {
		return false
	}
	q.Ask = "What is this segment of " + s.host(s.seg.src) + "?"
	s.becauseOf(q, made)
	return s.choose(q, right, wrong)
}

// told says whether the connection of a segment was analysed.
func (s *scene) told(tree *layers.Tree) bool { return s.value(tree, "tcp.completeness") != nil }

// ordinary says whether none of the families' findings is told of a segment.
func ordinary(tree *layers.Tree) bool {
	for _, p := range slices.Concat(seenData, seenAck) {
		if p.finding != "" && found(tree, p.finding) {
			return false
		}
	}
	return true
}

// found says whether the analysis found something of a frame's segment.
func found(tree *layers.Tree, finding string) bool {
	return slices.ContainsFunc(tree.Expert, func(x layers.Expert) bool { return x.Name == "tcp.analysis."+finding })
}
