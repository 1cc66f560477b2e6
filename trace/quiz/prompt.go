package quiz

import (
	"errors"
	"fmt"
	"slices"
	"strings"

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
	q, err := Ask(t, id, p)
	return q, err == nil
}

// Ask makes a prompt's question of an event. The error says why it cannot be
// asked of this trace.
func Ask(t trace.Trace, id trace.EventID, p trace.Prompt) (q Question, err error) {
	e, ok := t.Event(id), false
	q = Question{Event: id, Frame: t.FrameOf(id), Name: "prompt", Ask: p.Question}
	q.key = key{why: p.Why, rfc: e.Why.Reason().RFC, words: e.Why.Reason().Words}
	switch {
	case p.Fill != nil:
		q.Kind = Fill
		if q.Rows, q.key.fields, ok = fillQuestion(t, q.Frame, p.Fill); !ok {
			err = fmt.Errorf("frame %d, which the event belongs to, does not have all of the fields %s", q.Frame+1, strings.Join(p.Fill, ", "))
		}
	case p.Order != nil:
		if !q.order(t, p.Order) {
			err = errors.New("there is nothing to put in order: it takes two frames that read differently")
		}
	case p.Choices != nil:
		q.Kind, q.Choices, q.key.choice = Choose, p.Choices, slices.Index(p.Choices, p.Answer)
		if q.key.choice < 0 {
			err = errors.New("the answer is not among the choices")
		}
	default:
		q.Kind = Number
		if q.key.number, ok = newNumber(p.Answer, p.Question); !ok {
			err = errors.New("the answer is not a number")
		}
	}
	return q, err
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
