// Package why is the pane that explains: why the cursor's step happened, what
// caused it and what changed with it, and where that is written.
package why

import (
	"fmt"
	"slices"
	"strings"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

// Pane says in plain words why the cursor's step happened, what changed with
// it, what the scenario's author says, and which words explain it.
type Pane struct {
	*scene.Scene
	lines []whyLine     // of the last draw
	page  int           // lines that there was room for
	of    trace.EventID // the step that they are about
	first int           // the first line shown, when not all fit
}

type whyLine struct {
	text string
	look draw.Look
}

// title is what happens, in the pane's title line.
func (p *Pane) title() string {
	e := p.Event()
	if p.T.Info().Captured && e.Kind == trace.Transmit {
		return fmt.Sprintf("why: frame %d, as the capture saw it", p.At.Frame+1)
	}
	layer := fmt.Sprintf("layer %d %s", e.Layer, e.Layer)
	if p.Model == layers.TCPIP {
		layer = e.Layer.In(layers.TCPIP) + " layer"
	}
	return fmt.Sprintf("why: %s, %s, at %s", kindWords(e), layer, p.T.Info().Nodes[e.Node].Name)
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

// Name is the pane's word.
func (p *Pane) Name() string { return "why" }

// Draw draws the explanation, and beneath it where it is written and the words
// that explain it; what does not fit between can be scrolled to.
func (p *Pane) Draw(c *draw.Canvas, r draw.Rect, s *scene.Scene, focus bool) draw.Spot {
	p.Scene = s
	if p.of != s.At.Event {
		p.of, p.first = s.At.Event, 0
	}
	_, r = scene.Title(c, r, p.title(), focus)
	p.lines = p.lines[:0]
	t, e := p.T, p.Event()
	reason := e.Why.Reason()
	if t.Info().Captured && e.Kind == trace.Transmit {
		reason = p.frame(c, r.W, reason)
	} else {
		p.say(c, r.W, sentence(t, p.At.Event), sentenceLook(reason))
		p.again(c, r.W, e)
	}
	p.cause(c, r.W, e)
	p.author(c, r.W, t.Info(), p.At.Event)
	p.changes(c, r.W)
	body := r
	if notes := c.Clean(notes(reason)); notes != "" && r.H > 1 {
		body.H--
		c.Right(r, scene.Margin, min(len(p.lines), body.H), r.W, notes, draw.Quiet)
	}
	p.first = max(min(p.first, len(p.lines)-body.H), 0)
	for y := 0; y < body.H && p.first+y < len(p.lines); y++ {
		line := p.lines[p.first+y]
		c.Text(body, scene.Margin, y, line.text, line.look)
	}
	if p.first+body.H < len(p.lines) && body.H > 0 {
		c.Text(body, body.W-1, body.H-1, "~", draw.Accent)
	}
	p.page = r.H
	return draw.At(r.X+scene.Margin, r.Y, r.H > 0)
}

// Do scrolls.
func (p *Pane) Do(a keys.Action, _ *scene.Scene) bool {
	_, dy := keys.Steps(a, max(p.page-1, 1))
	p.first = max(p.first+dy, 0)
	return dy != 0
}

// Click has nothing to choose.
func (p *Pane) Click(int, int, *scene.Scene) bool { return false }

// Wheel scrolls.
func (p *Pane) Wheel(by int, _ *scene.Scene) bool {
	p.first = max(p.first+by, 0)
	return true
}

// frame explains a captured frame as a whole: first what experts find, then
// the step that tells most, then what was seen. It gives the reason that the
// notes are of.
func (p *Pane) frame(c *draw.Canvas, w int, seen trace.Reason) trace.Reason {
	telling := p.telling()
	resent := p.T.Event(telling).Why.Resend()
	left := "" // nothing is wrong: it can wait
	if tree := p.Tree(); tree != nil {
		for _, e := range tree.Expert {
			switch {
			case resent && strings.Contains(e.Name, "retransmission"): // the step says more
			case e.Text == layers.ChecksumLeft:
				left = e.Text
			case e.Severity == layers.Error:
				p.say(c, w, "✗ "+e.Text, draw.Bad)
			case e.Severity >= layers.Note:
				p.say(c, w, e.Text, draw.Accent)
			}
		}
	}
	reason := seen
	if telling != p.At.Event {
		reason = p.T.Event(telling).Why.Reason()
		p.say(c, w, sentence(p.T, telling), sentenceLook(reason))
	}
	p.say(c, w, sentence(p.T, p.At.Event), draw.Quiet)
	if left != "" {
		p.say(c, w, left, draw.Quiet)
	}
	return reason
}

// telling is the frame's step whose reason says most: that it is sent again,
// else the first, what the frame was made for.
func (p *Pane) telling() trace.EventID {
	for _, id := range p.At.Steps {
		if p.T.Event(id).Why.Resend() {
			return id
		}
	}
	return p.At.Steps[0]
}

// sentence is why the event happened. A capture's reasons say themselves what
// was seen and what is inferred.
func sentence(t trace.Trace, id trace.EventID) string {
	if text := t.Text(id); text != "" || !t.Info().Captured {
		return text
	}
	return "Why this happened cannot be known from here: a capture shows frames at one point, and nothing of what the hosts thought."
}

func sentenceLook(r trace.Reason) draw.Look {
	if r.Bad {
		return draw.Bad
	}
	return draw.Plain | draw.Bold
}

// say adds a text, wrapped.
func (p *Pane) say(c *draw.Canvas, w int, s string, l draw.Look) {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return
	}
	for _, line := range draw.Wrap(c.Clean(s), w-scene.Margin) {
		p.lines = append(p.lines, whyLine{line, l})
	}
}

// again says why a frame that is put on the wire was sent once more: that was
// decided some steps before, perhaps at another node.
func (p *Pane) again(c *draw.Canvas, w int, e trace.Event) {
	if e.Kind != trace.Transmit || !p.T.Frame(p.At.Frame).Resent {
		return
	}
	for _, id := range scene.Chain(p.T, p.At.Event) {
		if was := p.T.Event(id); was.Why.Resend() && id != p.At.Event {
			p.say(c, w, fmt.Sprintf("↻ At %s: %s", p.T.Info().Nodes[was.Node].Name, p.T.Text(id)), draw.Plain)
		}
	}
}

// cause names what made the step happen, where that is not the step before
// it: a timer, or something that happened to another frame.
func (p *Pane) cause(c *draw.Canvas, w int, e trace.Event) {
	if e.Cause == 0 {
		return
	}
	was := p.T.Event(e.Cause)
	switch f := p.T.FrameOf(e.Cause); {
	case scene.Attached(was.Kind):
		text := p.T.Text(e.Cause)
		if text == "" {
			text = "A timer ran out."
		}
		p.say(c, w, "The cause: "+strings.ToLower(text[:1])+text[1:], draw.Plain)
	case f != p.At.Frame && was.Kind != trace.Forward:
		p.say(c, w, fmt.Sprintf("The cause: frame %d: %s, at %s.", f+1, kindWords(was), p.T.Info().Nodes[was.Node].Name), draw.Quiet)
	}
}

// shownChanges is how many state changes of a step the pane lists.
const shownChanges = 12

// changes says what the step changed in the node's tables, what a timer did
// later because nothing else came, and why. What became of the connection
// comes before the numbers.
func (p *Pane) changes(c *draw.Canvas, w int) {
	now := p.T.Event(p.At.Event)
	ids := p.At.Changes(shownChanges + 1)
	said := map[string]bool{p.T.Text(p.At.Event): true, "": true}
	reason := func(id trace.EventID) {
		why := p.T.Event(id).Why
		if text := p.T.Text(id); !said[text] && why != trace.SocketState && why != trace.StatQueue {
			said[text] = true
			p.say(c, w, text, draw.Plain)
		}
	}
	for _, id := range ids {
		e := p.T.Event(id)
		if e.Kind != trace.StateChange || e.Time != now.Time {
			continue
		}
		if slot := p.T.Change(id).Slot; slot.Table == "tcp" && slot.Field == "state" {
			reason(id)
		}
	}
	p.tables(c, w, now, ids)
	for _, id := range ids {
		reason(id)
	}
}

// tables says what the changes did, those of one time in one line.
func (p *Pane) tables(c *draw.Canvas, w int, now trace.Event, ids []trace.EventID) {
	var parts []string
	for i, id := range ids[:min(len(ids), shownChanges)] {
		e := p.T.Event(id)
		if words := changeWords(p.T.Change(id)); e.Kind == trace.StateChange && !slices.Contains(parts, words) {
			parts = append(parts, words)
		}
		if i+1 == len(ids) || p.T.Event(ids[i+1]).Time != e.Time {
			p.changed(c, w, e.Time-now.Time, parts, now.Layer)
			parts = parts[:0]
		}
	}
	if len(ids) > shownChanges {
		p.changed(c, w, 0, append(parts, "and more"), now.Layer)
	}
}

// changed is the line of what changed at one time.
func (p *Pane) changed(c *draw.Canvas, w int, later trace.Time, parts []string, l layers.Layer) {
	if len(parts) > 0 {
		p.say(c, w, afterWords(later)+strings.Join(parts, ", ")+".", draw.LayerLook(l))
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

// author adds the scenario's narration. The question of a step was asked before
// one came here.
func (p *Pane) author(c *draw.Canvas, w int, info *trace.Info, id trace.EventID) {
	if s := info.Narration[id]; s != "" {
		p.say(c, w, s, draw.Accent)
	}
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
