package quiz

import (
	"fmt"
	"slices"

	"strata/layers/walk"
	"strata/trace"
	"strata/trace/caption"
)

// Gates are the events that wait for an answer, in order.
func Gates(info *trace.Info) []trace.EventID {
	gates := make([]trace.EventID, 0, len(info.Prompts))
	for id := range info.Prompts {
		gates = append(gates, id)
	}
	slices.Sort(gates)
	return gates
}

// Prompt is the question that an event waits with. It reports false where there
// is none, or none that can be asked of this trace.
func Prompt(t trace.Trace, id trace.EventID) (Question, bool) {
	p, ok := t.Info().Prompts[id]
	if !ok {
		return Question{}, false
	}
	e := t.Event(id)
	q := Question{Event: id, Frame: t.FrameOf(id), Name: "prompt", Ask: p.Question}
	q.key = key{why: p.Why, rfc: e.Why.Reason().RFC, words: e.Why.Reason().Words}
	switch {
	case p.Fill != nil:
		q.Kind = Fill
		q.Rows, q.key.fields, ok = fillQuestion(t, q.Frame, p.Fill)
	case p.Order != nil:
		ok = q.order(t, p.Order)
	case p.Choices != nil:
		q.Kind, q.Choices, q.key.choice = Choose, p.Choices, slices.Index(p.Choices, p.Answer)
		ok = q.key.choice >= 0
	default:
		q.Kind = Number
		q.key.number, ok = newNumber(p.Answer, p.Question)
	}
	return q, ok
}

// order asks for the order of frames. It reports false when they say the same
// whatever their order.
func (q *Question) order(t trace.Trace, frames []int) bool {
	lines := make([]string, len(frames))
	for i, n := range frames {
		lines[i] = line(t, n)
	}
	shuffled := dice(t, q.Event, q.Name).Perm(len(lines))
	if slices.Index(shuffled, 0) == 0 { // the first is not to be where it was
		slices.Reverse(shuffled)
	}
	q.Kind = Order
	q.key.order = make([]int, len(lines))
	for at, of := range shuffled {
		q.Items = append(q.Items, lines[of])
		q.key.order[of] = at
	}
	return len(lines) > 1 && slices.ContainsFunc(lines, func(s string) bool { return s != lines[0] })
}

// line is a frame in the words that the journey has for it. Who talks with whom
// is told by the packet; where there is none, by the frame.
func line(t trace.Trace, n int) string {
	var shape walk.Shape
	f, s := t.Frame(n), scene{t: t, info: t.Info()}
	shapeOf(t, f, &shape)
	from, to := s.node(f.From), s.node(f.To)
	if shape.Src.Family >= walk.IPv4Address && shape.Dst.Family >= walk.IPv4Address {
		from, to = s.host(shape.Src), s.host(shape.Dst)
	}
	text, _ := caption.Label(t, n)
	return fmt.Sprintf("%s ► %s  %s", from, to, text)
}
