// Package wire is the pane of the bits of the cursor's frame as they leave:
// what goes before and after them, when, and how much of the link they fill.
//
//	preamble · SFD · header · packet · padding · FCS · gap    with their times
//	0000  10101010 10101010 …                                the bits, in order
//
// What it shows is trace/bits' Look. The bits of the field that is chosen in
// bytes and fields are lit.
package wire

import (
	"fmt"

	"strata/layers"
	"strata/trace"
	"strata/trace/bits"
	"strata/tui/draw"
	"strata/tui/inspect"
	"strata/tui/keys"
	"strata/tui/scene"
)

// Pane draws the bits of the cursor's frame.
type Pane struct {
	View  *inspect.View
	look  *bits.Look
	frame int // whose look it is, from 1
	line  int // the first line of bits shown
	page  int
	lines int
}

// Name is the pane's word.
func (p *Pane) Name() string { return "wire" }

func (p *Pane) follow(s *scene.Scene) bool {
	if p.frame != s.At.Frame+1 {
		p.look, _ = bits.Of(s.T, s.At.Frame)
		p.frame, p.line = s.At.Frame+1, 0
	}
	return p.look != nil
}

// Draw draws the frame's sections with their times, and its bits.
func (p *Pane) Draw(c *draw.Canvas, r draw.Rect, s *scene.Scene, focus bool) draw.Spot {
	if !p.follow(s) {
		_, r = scene.Title(c, r, "wire", focus)
		c.Text(r, scene.Margin, 0, "There is no frame.", draw.Quiet)
		return draw.Spot{}
	}
	l := p.look
	title := fmt.Sprintf("wire: frame %d", l.Frame+1)
	if l.Link != "" {
		title += " on " + l.Link
	}
	if l.Timed && l.Rate > 0 {
		title += ", " + trace.FormatValue(trace.Rate, l.Rate, nil)
	}
	_, r = scene.Title(c, r, title, focus)
	y := scene.Words(c, r, 0, min(r.H-2, max(r.H*2/5, 2)), draw.Plain, p.facts()...)
	y = p.bar(c, r, y, s)
	if r.H-y >= len(l.Sections)+4 {
		y = p.sections(c, r, y)
	}
	return p.dump(c, r.Below(y))
}

// facts are what the numbers mean.
func (p *Pane) facts() []string {
	l := p.look
	if l.Note != "" {
		return []string{l.Note}
	}
	if !l.Timed {
		return []string{"Nothing is known of this link: there are no times."}
	}
	if l.Rate == 0 {
		return []string{fmt.Sprintf("This link is infinitely fast: all %d bits leave at once, and arrive %s later. That is the propagation delay.", l.Bits, trace.FormatDuration(l.Delay))}
	}
	dur := trace.FormatDuration
	out := []string{fmt.Sprintf("%d bits at %s take %s to leave (serialisation), and each needs %s to the other end (propagation): the last one is there %s after the first left. %s",
		l.Bits, trace.FormatValue(trace.Rate, l.Rate, nil), dur(l.Serialising), dur(l.Delay), dur(l.Arrives), p.reach())}
	out = append(out, fmt.Sprintf("Rate times delay: %s at once on this link. After a gap of 96 bit times the next frame may leave, %s after this one began (IEEE 802.3 clause 4.4.2).", fits(l), dur(l.Free)))
	if l.Held > 0 {
		out = append(out, "A fault held the frame back for "+dur(l.Held)+".")
	}
	if n := len(l.Flipped); n > 0 {
		out = append(out, fmt.Sprintf("✗ Bit %d arrived flipped: the FCS does not fit any more.", l.Flipped[0]))
	}
	return out
}

func fits(l *bits.Look) string {
	if n := l.Capacity(); n < l.Bits {
		return fmt.Sprintf("there are never more than %d bits", n)
	} else if n < 2*l.Bits {
		return fmt.Sprintf("there is room for %d bits, more than this frame has,", n)
	}
	return fmt.Sprintf("there is room for %d bits, as many as %d such frames have,", l.Capacity(), l.Capacity()/l.Bits)
}

// reach says where the first bit is when the last one leaves.
func (p *Pane) reach() string {
	l := p.look
	switch {
	case l.Delay <= l.Serialising:
		return fmt.Sprintf("When the last bit leaves, the first one arrived %s before.", trace.FormatDuration(l.Serialising-l.Delay))
	case l.Serialising*100 < l.Delay:
		return "When the last bit leaves, the first one has gone less than a hundredth of the way."
	}
	return fmt.Sprintf("When the last bit leaves, the first one has gone %d %% of the way.", l.Serialising*100/l.Delay)
}

// look is how a section shows.
func look(k bits.Kind) draw.Look {
	switch k {
	case bits.Header, bits.Padding, bits.FCS:
		return draw.LayerLook(layers.DataLink)
	case bits.Packet:
		return draw.LayerLook(layers.Network)
	case bits.Gap:
		return draw.Quiet
	}
	return draw.LayerLook(layers.Physical)
}

// bar draws the sections in proportion, and beneath them how far the frame has
// come at the cursor's time.
func (p *Pane) bar(c *draw.Canvas, r draw.Rect, y int, s *scene.Scene) int {
	l, w := p.look, r.W-scene.Margin-1
	if w < 20 || r.H-y < 3 || len(l.Sections) == 0 {
		return y
	}
	last := l.Sections[len(l.Sections)-1]
	end := last.From + last.Bits
	column := func(bit int64) int { return scene.Margin + int(int64(w)*bit/end) }
	for _, q := range l.Sections {
		x, to := column(q.From), column(q.From+q.Bits)
		c.Line(r, x, y, to, '─', look(q.Kind))
		c.Sign(r, x, y, '│', draw.Rule)
		if name := q.Kind.String(); to-x > len(name)+1 {
			c.TextTo(r, x+1, y, to, name, look(q.Kind)|draw.Bold)
		}
	}
	c.Sign(r, column(end), y, '│', draw.Rule)
	y++
	if l.Timed && l.Rate > 0 {
		c.Text(r, scene.Margin, y, "now: "+p.now(s), draw.Accent)
		y++
	}
	return y
}

// now says how far the frame has come at the cursor's time.
func (p *Pane) now(s *scene.Scene) string {
	l, f := p.look, s.T.Frame(s.At.Frame)
	after := s.Event().Time - l.Sent
	left, come := l.Left(after), l.Come(after)
	switch {
	case s.At.Event < f.Transmit:
		return "not sent yet"
	case f.Fate == trace.Lost && s.At.Event >= f.Last:
		return "✗ lost on the way"
	case s.Event().Kind == trace.Corrupt:
		return "✗ a bit flips on the way"
	case come >= l.Bits:
		return "all have arrived"
	case left == 0:
		return "the first bit leaves"
	}
	return fmt.Sprintf("%d have left, %d have arrived", left, come)
}

// sections lists them with their times.
func (p *Pane) sections(c *draw.Canvas, r draw.Rect, y int) int {
	for _, q := range p.look.Sections {
		x := c.TextTo(r, scene.Margin, y, scene.Margin+10, q.Kind.String(), look(q.Kind)|draw.Bold)
		c.Right(r, x, y, scene.Margin+22, fmt.Sprintf("%d bits", q.Bits), draw.Plain)
		if p.look.Timed && p.look.Rate > 0 {
			c.Right(r, scene.Margin+23, y, scene.Margin+36, trace.FormatDuration(q.End-q.Start), draw.Plain)
		}
		c.Text(r, scene.Margin+38, y, p.says(q), draw.Quiet)
		y++
	}
	return y
}

// says what a section is for.
func (p *Pane) says(q bits.Section) string {
	text := map[bits.Kind]string{
		bits.Preamble: "1 and 0 in turn: the receiver's clock falls in step (802.3 clause 3.2.1)",
		bits.SFD:      "11 at its end: now the frame begins (clause 3.2.2)",
		bits.Header:   "destination, source, type",
		bits.Packet:   "what the frame carries",
		bits.Padding:  "zeros, up to the least of 64 bytes (clause 3.2.8)",
		bits.FCS:      "CRC-32 over all from the header on (clause 3.2.9)",
		bits.Gap:      "silence, so that receivers can get ready (clause 4.4.2)",
	}[q.Kind]
	if q.Computed {
		text += "; worked out, not captured"
	}
	return text
}

// Do scrolls the bits.
func (p *Pane) Do(a keys.Action, s *scene.Scene) bool {
	_, dy := keys.Steps(a, max(p.page-1, 1))
	if dy == 0 || !p.follow(s) {
		return false
	}
	p.scroll(dy)
	return true
}

func (p *Pane) scroll(by int) { p.line = max(min(p.line+by, p.lines-p.page), 0) }

// Click has nothing to choose.
func (p *Pane) Click(int, int, *scene.Scene) bool { return false }

// Wheel scrolls the bits.
func (p *Pane) Wheel(by int, s *scene.Scene) bool {
	if p.follow(s) {
		p.scroll(by)
	}
	return true
}
