package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"strata/layers"
	"strata/trace"
	"strata/trace/caption"
)

// Says tells what happens on a side where the two part, in words.
func (c *Comparison) Says(p Parting, s Side) string {
	id, frame := p.Event[s], -1
	if p.Row >= 0 {
		frame = c.Row(p.Row).Seen[s].Frame
	}
	switch {
	case !c.Runs() || p.Turn:
		return c.frameSays(p, s)
	case frame >= 0 && (c.aboutFrame(p) || id == 0 && c.sides[s.Other()].t.Event(p.Event[s.Other()]).Layer == layers.Physical):
		return c.Outcome(s, frame)
	case id != 0:
		return c.eventSays(s, id, p.Differ)
	case int(c.exact.event) > c.sides[s].t.Events():
		return "nothing more happens"
	case c.instead(s, p.Event[s.Other()]):
		return c.eventSays(s, c.exact.event, 0)
	}
	return "nothing of the kind happens here"
}

// instead says whether the event that a side has in the place of another one is
// what happens instead: of the same cause, at the same moment.
func (c *Comparison) instead(s Side, of trace.EventID) bool {
	e, f := c.sides[s].t.Event(c.exact.event), c.sides[s.Other()].t.Event(of)
	return e.Cause == f.Cause && e.Time == f.Time && c.node(s, e.Node) == c.node(s.Other(), f.Node) &&
		e.Kind != trace.StateChange && f.Kind != trace.StateChange
}

// aboutFrame says whether the events where the two part are about how the way of a frame ends.
func (c *Comparison) aboutFrame(p Parting) bool {
	if p.Differ&(OnlyA|OnlyB|Moved) == 0 && p.Differ != 0 {
		return false
	}
	for s, id := range p.Event {
		e := c.sides[s].t.Event(id)
		if id != 0 && e.Kind != trace.Drop && e.Kind != trace.Arrive {
			return false
		}
	}
	return true
}

// eventSays tells of an event.
func (c *Comparison) eventSays(s Side, id trace.EventID, d Diff) string {
	t := c.sides[s].t
	e := t.Event(id)
	var b strings.Builder
	if e.Layer == layers.Physical && e.Kind == trace.Drop {
		fmt.Fprintf(&b, "frame %d is lost on the way. ", t.FrameOf(id)+1)
	} else {
		fmt.Fprintf(&b, "%s, %s %s: ", c.node(s, e.Node), e.Proto, e.Kind)
	}
	if d&Time != 0 {
		fmt.Fprintf(&b, "at %s. ", clock(e.Time))
	}
	if e.Kind == trace.StateChange {
		x := t.Change(id)
		fmt.Fprintf(&b, "%s %s: %s is %s, was %s. ", x.Slot.Table, x.Slot.Key, x.Slot.Field, x.Show(x.New), x.Show(x.Old))
	}
	if d&Content != 0 && e.PDU != 0 && e.Layer > layers.Transport {
		fmt.Fprintf(&b, "%s ", c.beginning(s, e.PDU))
	}
	b.WriteString(because(t, id))
	return strings.TrimSpace(b.String())
}

// beginning shows the first bytes of a PDU.
func (c *Comparison) beginning(s Side, id trace.PDUID) string {
	const most = 24
	t := c.sides[s].t
	b := t.Append(nil, id, 0, most)
	more := ""
	if t.Size(id) > most {
		more = "~"
	}
	return fmt.Sprintf("%q%s", b, more)
}

// because is an event's reason.
func because(t trace.Trace, id trace.EventID) string {
	text := t.Text(id)
	if text == "" {
		return ""
	}
	return fmt.Sprintf("%s [%s]", text, t.Event(id).Why)
}

// frameSays tells of a row's frame on a side.
func (c *Comparison) frameSays(p Parting, s Side) string {
	f := c.Row(p.Row).Seen[s].Frame
	if f < 0 {
		return "there is no such frame"
	}
	t := c.sides[s].t
	if c.Runs() && p.Differ&Fate != 0 {
		return c.Outcome(s, f)
	}
	out := fmt.Sprintf("frame %d at %s: %s. ", f+1, clock(c.Row(p.Row).Seen[s].Time), c.label(s, f))
	why := t.Frame(f).Transmit
	for _, id := range t.Steps(f) { // what made the segment says most
		if e := t.Event(id); e.Kind == trace.Segment || e.Kind == trace.Encapsulate && e.Layer == layers.Transport {
			why = id
		}
	}
	return strings.TrimSpace(out + because(t, why))
}

// Outcome tells how the way of a run's frame ended, and why.
func (c *Comparison) Outcome(s Side, frame int) string {
	t := c.sides[s].t
	f := t.Frame(frame)
	to := c.node(s, f.To)
	var what string
	switch f.Fate {
	case trace.Arrived:
		what = fmt.Sprintf("frame %d arrives at %s after %s. ", frame+1, to, trace.FormatDuration(f.Ended-f.Sent))
	case trace.Lost:
		what = fmt.Sprintf("frame %d is lost on the way. ", frame+1)
	case trace.Refused:
		what = fmt.Sprintf("%s drops frame %d. ", to, frame+1)
	default:
		return fmt.Sprintf("frame %d is still on its way at the end", frame+1)
	}
	if f.Fate == trace.Arrived {
		return strings.TrimSpace(what)
	}
	return strings.TrimSpace(what + because(t, f.Last))
}

// label is a frame in a few words.
func (c *Comparison) label(s Side, frame int) string {
	text, _ := caption.Label(c.sides[s].t, frame)
	if c.sides[s].t.Frame(frame).Resent {
		text = "↻ " + text
	}
	return text
}

// Frame is a row's frame in a few words: from where to where, and what.
func (c *Comparison) Frame(row int) (way, label string) {
	r := c.Row(row)
	s := A
	if r.Seen[A].Frame < 0 {
		s = B
	}
	frame := r.Seen[s].Frame
	f, info := c.sides[s].t.Frame(frame), c.sides[s].t.Info()
	from, to := info.EndName(f.End), info.EndName(f.End.Peer())
	if info.Captured {
		from, to = c.node(s, f.From), c.node(s, f.To)
	}
	return from + " ► " + to, c.label(s, frame)
}

var fateWords = map[trace.Fate]string{
	trace.OnTheWay: "on its way", trace.Arrived: "arrives", trace.Lost: "lost", trace.Refused: "dropped on arrival",
}

// Words say what differs in a row.
func (c *Comparison) Words(row int) string {
	r := c.Row(row)
	if s, ok := r.Differ.Only(); ok {
		said := []string{fmt.Sprintf("only in %s", s)}
		f := c.sides[s].t.Frame(r.Seen[s].Frame)
		if f.Resent {
			said = append(said, "sent again")
		}
		if c.Runs() && f.Fate != trace.Arrived {
			said = append(said, fateWords[f.Fate])
		}
		return strings.Join(said, ", ")
	}
	a, b := c.sides[A].t.Frame(r.Seen[A].Frame), c.sides[B].t.Frame(r.Seen[B].Frame)
	var said []string
	if r.Differ&Fate != 0 {
		said = append(said, fmt.Sprintf("%s in A, %s in B", fateWords[a.Fate], fateWords[b.Fate]))
	}
	if r.Differ&Again != 0 {
		s := A
		if b.Resent {
			s = B
		}
		said = append(said, fmt.Sprintf("sent again in %s", s))
	}
	if r.Differ&Content != 0 {
		said = append(said, c.contents(row))
	}
	if r.Differ&Moved != 0 {
		said = append(said, "in another order")
	}
	if r.Differ&Time != 0 {
		said = append(said, later(r.Later))
	}
	if len(said) == 0 && r.Differ == Header {
		return "the same but for numbers"
	}
	return strings.Join(said, "; ")
}

// contents say which fields differ, those of the highest layer first.
func (c *Comparison) contents(row int) string {
	const most = 3
	var said []string
	more := 0
	fields := c.Fields(row)
	slices.SortStableFunc(fields, func(x, y Field) int { return int(y.Layer) - int(x.Layer) })
	for _, f := range fields {
		switch {
		case f.Numbers:
		case len(said) == most:
			more++
		default:
			said = append(said, fmt.Sprintf("%s %s / %s", f.Name, orNone(f, A), orNone(f, B)))
		}
	}
	if more > 0 {
		said = append(said, fmt.Sprintf("and %d more", more))
	}
	if len(said) == 0 {
		return cmp.Or(c.contentWords(row), "other contents")
	}
	return strings.Join(said, ", ")
}

func orNone(f Field, s Side) string {
	const most = 32
	if !f.Has[s] {
		return "none"
	}
	if r := []rune(f.Show[s]); len(r) > most {
		return string(r[:most]) + "~"
	}
	return f.Show[s]
}

// later says how much later one side's is.
func later(by trace.Time) string {
	switch {
	case by > 0:
		return trace.FormatDuration(by) + " later in B"
	case by < 0:
		return trace.FormatDuration(-by) + " later in A"
	}
	return "another time on its way"
}
