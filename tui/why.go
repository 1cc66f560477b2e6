package tui

import (
	"fmt"
	"slices"
	"strings"

	"strata/layers"
	"strata/trace"
)

// why says in plain words why the cursor's step happened, what changed with
// it, what the scenario's author says, and which words explain it.
type why struct {
	model layers.Model
	tree  *layers.Tree // of the cursor's frame; nil: it is not known
	lines []whyLine    // of the last draw
	first int          // the first line shown, when not all fit
}

type whyLine struct {
	text string
	look look
}

// title is what happens, in the pane's title line.
func (p *why) title(t trace.Trace, e trace.Event, frame int) string {
	if t.Info().Captured && e.Kind == trace.Transmit {
		return fmt.Sprintf("why: frame %d, as the capture saw it", frame+1)
	}
	layer := fmt.Sprintf("layer %d %s", e.Layer, e.Layer)
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
		if e.Why == trace.TLSRecord {
			return "put into a TLS record"
		}
		return formingWords(e.Proto, true)
	case trace.Write:
		return "write to the socket"
	case trace.Segment:
		return "make a segment"
	case trace.Encapsulate:
		return "add the " + e.Proto.String() + " header"
	case trace.Transmit:
		return "put the frame on the wire"
	case trace.Arrive:
		return "the frame arrives"
	case trace.Decapsulate:
		return "take off the " + e.Proto.String() + " header"
	case trace.Forward:
		return "forward the " + unit
	case trace.Read:
		return "read from the socket"
	case trace.Decode:
		if e.Why == trace.TLSSealed {
			return "read the TLS record's header"
		}
		return formingWords(e.Proto, false)
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

// formingWords say what a change of form is called.
func formingWords(p layers.Proto, made bool) string {
	words := [2]string{"undo " + p.String(), "write as " + p.String()}
	switch p {
	case layers.UTF8:
		words = [2]string{"decode UTF-8", "encode as UTF-8"}
	case layers.JSON:
		words = [2]string{"read the JSON", "write as JSON"}
	case layers.TLS:
		words = [2]string{"open the TLS record", "seal in a TLS record"}
	case layers.Gzip:
		words = [2]string{"unpack", "pack"}
	case layers.WebSocket, layers.EngineIO, layers.SocketIO, layers.MQTT, layers.HTTP:
		words = [2]string{"unwrap the " + p.String() + " " + p.Unit(), "wrap in " + article(p) + p.String() + " " + p.Unit()}
	}
	if made {
		return words[1]
	}
	return words[0]
}

func article(p layers.Proto) string {
	if strings.ContainsRune("AEHIOM", rune(p.String()[0])) { // an HTTP message, an MQTT packet
		return "an "
	}
	return "a "
}

// draw draws the explanation, and beneath it where it is written and the words
// that explain it; what does not fit between can be scrolled to.
func (p *why) draw(c *canvas, r rect, cur *cursor) {
	p.lines = p.lines[:0]
	t, e := cur.t, cur.t.Event(cur.event)
	reason := e.Why.Reason()
	if t.Info().Captured && e.Kind == trace.Transmit {
		reason = p.frame(c, r.w, cur, reason)
	} else {
		p.say(c, r.w, sentence(t, cur.event), sentenceLook(reason))
		p.again(c, r.w, cur, e)
	}
	p.cause(c, r.w, cur, e)
	p.author(c, r.w, t.Info(), cur.event)
	p.changes(c, r.w, cur)
	body := r
	if notes := c.clean(notes(reason)); notes != "" && r.h > 1 {
		body.h--
		c.right(r, tagColumn, min(len(p.lines), body.h), r.w, notes, quiet)
	}
	p.first = max(min(p.first, len(p.lines)-body.h), 0)
	for y := 0; y < body.h && p.first+y < len(p.lines); y++ {
		line := p.lines[p.first+y]
		c.text(body, tagColumn, y, line.text, line.look)
	}
	if p.first+body.h < len(p.lines) && body.h > 0 {
		c.text(body, body.w-1, body.h-1, "~", accent)
	}
}

// frame explains a captured frame as a whole: first what experts find, then
// the step that tells most, then what was seen. It gives the reason that the
// notes are of.
func (p *why) frame(c *canvas, w int, cur *cursor, seen trace.Reason) trace.Reason {
	telling := p.telling(cur)
	resent := cur.t.Event(telling).Why.Resend()
	left := "" // nothing is wrong: it can wait
	if p.tree != nil {
		for _, e := range p.tree.Expert {
			switch {
			case resent && strings.Contains(e.Name, "retransmission"): // the step says more
			case e.Text == layers.ChecksumLeft:
				left = e.Text
			case e.Severity == layers.Error:
				p.say(c, w, "✗ "+e.Text, bad)
			case e.Severity >= layers.Note:
				p.say(c, w, e.Text, accent)
			}
		}
	}
	reason := seen
	if telling != cur.event {
		reason = cur.t.Event(telling).Why.Reason()
		p.say(c, w, sentence(cur.t, telling), sentenceLook(reason))
	}
	p.say(c, w, sentence(cur.t, cur.event), quiet)
	if left != "" {
		p.say(c, w, left, quiet)
	}
	return reason
}

// telling is the frame's step whose reason says most: that it is sent again,
// else the first, what the frame was made for.
func (p *why) telling(cur *cursor) trace.EventID {
	for _, id := range cur.steps {
		if cur.t.Event(id).Why.Resend() {
			return id
		}
	}
	return cur.steps[0]
}

// sentence is why the event happened. A capture's reasons say themselves what
// was seen and what is inferred.
func sentence(t trace.Trace, id trace.EventID) string {
	if text := t.Text(id); text != "" || !t.Info().Captured {
		return text
	}
	return "Why this happened cannot be known from here: a capture shows frames at one point, and nothing of what the hosts thought."
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
		p.lines = append(p.lines, whyLine{line, l})
	}
}

// again says why a frame that is put on the wire was sent once more: that was
// decided some steps before, perhaps at another node.
func (p *why) again(c *canvas, w int, cur *cursor, e trace.Event) {
	if e.Kind != trace.Transmit || !cur.t.Frame(cur.frame).Resent {
		return
	}
	for _, id := range chain(cur.t, cur.event) {
		if was := cur.t.Event(id); was.Why.Resend() && id != cur.event {
			p.say(c, w, fmt.Sprintf("↻ At %s: %s", cur.t.Info().Nodes[was.Node].Name, cur.t.Text(id)), plain)
		}
	}
}

// cause names what made the step happen, where that is not the step before
// it: a timer, or something that happened to another frame.
func (p *why) cause(c *canvas, w int, cur *cursor, e trace.Event) {
	if e.Cause == 0 {
		return
	}
	was := cur.t.Event(e.Cause)
	switch f := cur.t.FrameOf(e.Cause); {
	case attached(was.Kind):
		text := cur.t.Text(e.Cause)
		if text == "" {
			text = "A timer ran out."
		}
		p.say(c, w, "The cause: "+strings.ToLower(text[:1])+text[1:], plain)
	case f != cur.frame && was.Kind != trace.Forward:
		p.say(c, w, fmt.Sprintf("The cause: frame %d: %s, at %s.", f+1, kindWords(was), cur.t.Info().Nodes[was.Node].Name), quiet)
	}
}

// shownChanges is how many state changes of a step the pane lists.
const shownChanges = 12

// changes says what the step changed in the node's tables, what a timer did
// later because nothing else came, and why. What became of the connection
// comes before the numbers.
func (p *why) changes(c *canvas, w int, cur *cursor) {
	now := cur.t.Event(cur.event)
	ids := cur.changes(shownChanges + 1)
	said := map[string]bool{cur.t.Text(cur.event): true, "": true}
	reason := func(id trace.EventID) {
		why := cur.t.Event(id).Why
		if text := cur.t.Text(id); !said[text] && why != trace.SocketState && why != trace.StatQueue {
			said[text] = true
			p.say(c, w, text, plain)
		}
	}
	for _, id := range ids {
		e := cur.t.Event(id)
		if e.Kind != trace.StateChange || e.Time != now.Time {
			continue
		}
		if slot := cur.t.Change(id).Slot; slot.Table == "tcp" && slot.Field == "state" {
			reason(id)
		}
	}
	p.tables(c, w, cur, now, ids)
	for _, id := range ids {
		reason(id)
	}
}

// tables says what the changes did, those of one time in one line.
func (p *why) tables(c *canvas, w int, cur *cursor, now trace.Event, ids []trace.EventID) {
	var parts []string
	for i, id := range ids[:min(len(ids), shownChanges)] {
		e := cur.t.Event(id)
		if words := changeWords(cur.t.Change(id)); e.Kind == trace.StateChange && !slices.Contains(parts, words) {
			parts = append(parts, words)
		}
		if i+1 == len(ids) || cur.t.Event(ids[i+1]).Time != e.Time {
			p.changed(c, w, e.Time-now.Time, parts, now.Layer)
			parts = parts[:0]
		}
	}
	if len(ids) > shownChanges {
		p.changed(c, w, 0, append(parts, "and more"), now.Layer)
	}
}

// changed is the line of what changed at one time.
func (p *why) changed(c *canvas, w int, later trace.Time, parts []string, l layers.Layer) {
	if len(parts) > 0 {
		p.say(c, w, afterWords(later)+strings.Join(parts, ", ")+".", layerLook(l))
	}
}

func afterWords(d trace.Time) string {
	if d > 0 {
		return trace.FormatDuration(d) + " later: "
	}
	return "Now: "
}

// changeWords says what a state change did: "cwnd 1460 ► 2920". Of a row that
// goes, its fields need not be told one by one.
func changeWords(ch trace.Change) string {
	what, row := ch.Slot.Field, "the "+ch.Slot.Table+" entry"
	if ch.Slot.Table != "tcp" && ch.Slot.Table != "socket" {
		row = ch.Slot.Table + " " + ch.Slot.Key
		what = row + " " + what
	}
	switch {
	case ch.New == trace.Absent:
		return row + " is gone"
	case ch.Old == trace.Absent:
		return what + " " + ch.Show(ch.New)
	}
	return fmt.Sprintf("%s %s ► %s", what, ch.Show(ch.Old), ch.Show(ch.New))
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
