package tui

import (
	"fmt"
	"strings"

	"strata/layers"
	"strata/trace"
)

// why says in plain words why the cursor's step happened, what changed with
// it, what the scenario's author says, and which words explain it.
type why struct {
	model layers.Model
	lines []whyLine // of the last draw
	first int       // the first line shown, when not all fit
}

type whyLine struct {
	text  string
	look  look
	right bool
}

// title is what happens, in the pane's title line.
func (p *why) title(t trace.Trace, e trace.Event) string {
	layer := fmt.Sprintf("layer %d, %s", e.Layer, e.Layer)
	if p.model == layers.TCPIP {
		layer = e.Layer.In(layers.TCPIP) + " layer"
	}
	return fmt.Sprintf("why: %s, %s, at %s", kindWords(e), layer, t.Info().Nodes[e.Node].Name)
}

// kindWords says an event's kind in words.
func kindWords(e trace.Event) string {
	unit := e.Proto.Unit()
	if unit == "" {
		unit = "PDU"
	}
	switch e.Kind {
	case trace.Send:
		return "send a message"
	case trace.Encode:
		return "encode as " + e.Proto.String()
	case trace.Write:
		return "write to the socket"
	case trace.Segment:
		return "cut a segment"
	case trace.Encapsulate:
		return "put the " + e.Proto.String() + " header before it"
	case trace.Transmit:
		return "put the frame on the wire"
	case trace.Arrive:
		return "the frame arrives"
	case trace.Decapsulate:
		return "read and take off the " + e.Proto.String() + " header"
	case trace.Forward:
		return "forward the " + unit
	case trace.Read:
		return "read from the socket"
	case trace.Decode:
		return "decode " + e.Proto.String()
	case trace.Deliver:
		return "deliver a message"
	case trace.Drop:
		if e.Layer == layers.Physical {
			return "the frame is lost"
		}
		return "the " + unit + " ends here"
	case trace.Hold:
		return "the " + unit + " must wait"
	case trace.Queue:
		return "the frame waits for the wire"
	case trace.Fragment:
		return "cut a fragment"
	case trace.Reassemble:
		return "put the pieces together"
	}
	return e.Kind.String() + " the " + unit
}

// draw draws the explanation; what does not fit can be scrolled to.
func (p *why) draw(c *canvas, r rect, cur *cursor) {
	p.lines = p.lines[:0]
	t, e := cur.t, cur.t.Event(cur.event)
	reason := e.Why.Reason()
	p.say(c, r.w, sentence(t, cur.event), sentenceLook(reason))
	p.changes(c, r.w, cur)
	p.author(c, r.w, t.Info(), cur.event)
	if notes := notes(reason); notes != "" {
		p.lines = append(p.lines, whyLine{c.clean(notes), quiet, true})
	}
	p.first = max(min(p.first, len(p.lines)-r.h), 0)
	for y := 0; y < r.h && p.first+y < len(p.lines); y++ {
		line := p.lines[p.first+y]
		if line.right {
			c.right(r, tagColumn, y, r.w, line.text, line.look)
			continue
		}
		c.text(r, tagColumn, y, line.text, line.look)
	}
	if p.first+r.h < len(p.lines) && r.h > 0 {
		c.text(r, r.w-1, r.h-1, "~", accent)
	}
}

// sentence is why the event happened; of a capture it says how that is known.
func sentence(t trace.Trace, id trace.EventID) string {
	e, text := t.Event(id), t.Text(id)
	if !t.Info().Captured {
		return text
	}
	switch {
	case text == "":
		return "Why this happened cannot be known from here: the capture shows frames at one point, and nothing of what the hosts thought."
	case e.Inferred:
		return "Inferred: " + text
	}
	return "Seen: " + text
}

func sentenceLook(r trace.Reason) look {
	if r.Bad {
		return bad
	}
	return plain | bold
}

// say adds a text, wrapped.
func (p *why) say(c *canvas, w int, s string, l look) {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return
	}
	for _, line := range wrap(c.clean(s), w-tagColumn) {
		p.lines = append(p.lines, whyLine{text: line, look: l})
	}
}

// shownChanges is how many state changes of a step the pane lists.
const shownChanges = 8

// changes lists what the step changed in the node's tables, and what a timer
// did later because nothing else came.
func (p *why) changes(c *canvas, w int, cur *cursor) {
	now := cur.t.Event(cur.event)
	var parts []string
	later := trace.Time(0)
	flush := func() {
		if len(parts) == 0 {
			return
		}
		head := "Changes: "
		if later > 0 {
			head = trace.FormatDuration(later) + " later: "
		}
		p.say(c, w, head+strings.Join(parts, ", "), layerLook(now.Layer))
		parts = nil
	}
	for _, id := range cur.changes(shownChanges) {
		e := cur.t.Event(id)
		if d := e.Time - now.Time; d != later {
			flush()
			later = d
		}
		parts = append(parts, changeWords(cur.t, id))
	}
	flush()
}

// changeWords says what a state change or a timer did.
func changeWords(t trace.Trace, id trace.EventID) string {
	switch e := t.Event(id); e.Kind {
	case trace.TimerFired:
		return orElse(t.Text(id), "the timer ran out")
	case trace.TimerSet:
		return orElse(t.Text(id), "a timer is set")
	}
	ch := t.Change(id)
	what := ch.Slot.Field
	if ch.Slot.Table != "tcp" && ch.Slot.Table != "socket" {
		what = ch.Slot.Table + " " + ch.Slot.Key + " " + ch.Slot.Field
	}
	return fmt.Sprintf("%s %s → %s", what, ch.Show(ch.Old), ch.Show(ch.New))
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return strings.TrimSuffix(s, ".")
}

// author adds the scenario's narration and the question that waits here.
func (p *why) author(c *canvas, w int, info *trace.Info, id trace.EventID) {
	if s := info.Narration[id]; s != "" {
		p.say(c, w, s, accent)
	}
	q, ok := info.Prompts[id]
	if !ok {
		return
	}
	text := "? " + q.Question
	if len(q.Choices) > 0 {
		text += "  (" + strings.Join(q.Choices, " | ") + ")"
	}
	p.say(c, w, text, accent)
}

// notes are the RFC section and the glossary words.
func notes(r trace.Reason) string {
	parts := make([]string, 0, 1+len(r.Words))
	if r.RFC != "" {
		parts = append(parts, r.RFC)
	}
	parts = append(parts, r.Words...)
	return strings.Join(parts, "   ")
}
