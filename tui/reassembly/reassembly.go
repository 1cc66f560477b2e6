// Package reassembly is the pane of the two buffers of a stream, or of a packet
// in fragments: what was sent and what has come of it, as a bar and as rows.
//
//	sent   ======++++--------....      acknowledged, SACK, on its way, written
//	here   =====####✗✗✗++++-----       read, in order, lost, waits, on its way
//	           ►    ^                  read up to here; the first that is missing
//
// What it shows is trace/buffers' Look; what this step changed is reversed.
package reassembly

import (
	"fmt"
	"strings"

	"strata/layers"
	"strata/trace"
	"strata/trace/buffers"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

// Pane draws the buffers of the transfer that the cursor's event is about.
type Pane struct {
	look   *buffers.Look
	ok     bool
	event  trace.EventID
	events int  // of the trace when the look was taken: what comes later may fill holes
	turned bool // the other direction than the step's own
	back   bool

	at   int // the chosen range
	top  int // the first range shown
	area draw.Rect
}

// Name is the pane's word.
func (p *Pane) Name() string { return "reassembly" }

// follow takes a look at the cursor's event, once. The range that it changes is
// chosen, or else the first that is missing.
func (p *Pane) follow(s *scene.Scene) {
	if p.event == s.At.Event && p.events == s.T.Events() && p.event != 0 {
		return
	}
	moved := p.event != s.At.Event
	p.event, p.events = s.At.Event, s.T.Events()
	p.back = buffers.Main(s.T, p.event) != p.turned
	p.look, p.ok = buffers.Of(s.T, p.event, p.back)
	if !p.ok || !moved {
		return
	}
	p.at = len(p.look.Ranges) - 1
	for i := len(p.look.Ranges) - 1; i >= 0; i-- {
		if r := &p.look.Ranges[i]; !r.State.Here() {
			p.at = i
		}
	}
	for i := len(p.look.Ranges) - 1; i >= 0; i-- {
		if p.look.Ranges[i].Lit {
			p.at = i
		}
	}
	p.at = max(p.at, 0)
	p.top = max(p.at-lead, 0)
}

// lead is how many rows before the chosen one are shown at first.
const lead = 3

// Draw draws the bars and the rows.
func (p *Pane) Draw(c *draw.Canvas, r draw.Rect, s *scene.Scene, focus bool) draw.Spot {
	p.follow(s)
	title := "reassembly"
	if p.ok {
		title += ": " + p.title()
	}
	_, r = scene.Title(c, r, title, focus)
	if !p.ok {
		p.nothing(c, r, s)
		return draw.Spot{}
	}
	y := scene.Words(c, r, 0, max(r.H-6, min(r.H, 1)), draw.Plain, p.summary(s)...)
	if y+3 <= r.H {
		y = p.bars(c, r, y)
	}
	return p.rows(c, r.Below(y), s)
}

// nothing says why there is nothing to see.
func (p *Pane) nothing(c *draw.Canvas, r draw.Rect, s *scene.Scene) {
	why := "This step belongs to no TCP connection and to no packet in fragments: there is nothing to put together."
	if x := s.T.Transfers(p.event); x.Sent != 0 || x.Back != 0 {
		why = "Nothing has been sent that way."
	}
	scene.Words(c, r, 0, r.H, draw.Quiet, why)
}

func (p *Pane) title() string {
	from, to := p.look.From, p.look.To
	if from == "" {
		from = "one side"
	}
	if to == "" {
		to = "the other"
	}
	switch {
	case p.look.Packet && p.look.Total >= 0:
		return fmt.Sprintf("a packet of %d bytes in fragments, %s ► %s", p.look.Total, from, to)
	case p.look.Packet:
		return fmt.Sprintf("a packet in fragments, %s ► %s", from, to)
	}
	return from + " ► " + to + "   r: the other way"
}

// summary says in words where the two ends are.
func (p *Pane) summary(s *scene.Scene) []string {
	l := p.look
	missing, holes := int64(0), 0
	waits := int64(0)
	for i := range l.Ranges {
		switch r := &l.Ranges[i]; r.State {
		case buffers.Held:
			waits += r.Len()
		case buffers.OnTheWay, buffers.Lost:
			missing += r.Len()
			if i == 0 || l.Ranges[i-1].State.Here() {
				holes++
			}
		}
	}
	if l.Packet {
		return []string{p.packet(s, missing)}
	}
	var out []string
	first := ""
	switch {
	case waits > 0:
		first = fmt.Sprintf("Byte %d is the first that is missing; %d wait behind it, %s missing in %s.", l.Next, waits, count(missing, "byte is", "bytes are"), count(int64(holes), "place", "places"))
	case missing > 0:
		first = fmt.Sprintf("All up to byte %d is there, and %s on the way or lost.", l.Next, count(missing, "byte more is", "bytes more are"))
	case l.Next == 0:
		first = "Nothing has come yet."
	default:
		first = fmt.Sprintf("All that was sent is there: %s.", count(l.Next, "byte", "bytes"))
	}
	if l.Inferred {
		first = "Inferred: " + lower(first)
	}
	out = append(out, first)
	second := fmt.Sprintf("Sent up to %d, acknowledged up to %d", l.High, l.Acked)
	if l.Written > l.High {
		second += fmt.Sprintf(", written up to %d", l.Written)
	}
	if l.Edge >= 0 {
		second += fmt.Sprintf("; the window reaches to %d", l.Edge)
	}
	out = append(out, second+".")
	if n := len(l.Arrived); n > 1 {
		out = append(out, "The last to come began at byte "+p.order(l.Arrived[max(n-6, 0):])+".")
	}
	return out
}

// order lists pieces as they came.
func (p *Pane) order(all []buffers.Arrival) string {
	var b strings.Builder
	for i, a := range all {
		switch {
		case i > 0 && i == len(all)-1:
			b.WriteString(" and then ")
		case i > 0:
			b.WriteString(", ")
		}
		fmt.Fprint(&b, a.Off)
		switch {
		case a.Refused:
			b.WriteString(" (refused)")
		case a.New == 0:
			b.WriteString(" (nothing new)")
		case a.New < a.Len:
			fmt.Fprintf(&b, " (%d of %d bytes new)", a.New, a.Len)
		}
	}
	return b.String()
}

// packet says how a packet in fragments stands.
func (p *Pane) packet(s *scene.Scene, missing int64) string {
	l := p.look
	switch {
	case l.Given != 0:
		return "Not all fragments came in time: what was here of the packet has been given up (RFC 1122 sec. 3.3.2)."
	case l.Whole != 0:
		return fmt.Sprintf("All %d bytes are here, and the packet goes up as one.", l.Next)
	case l.Deadline != 0:
		held := ""
		if l.Inferred {
			held = ", if its receiver waits for 60 s"
		}
		return fmt.Sprintf("The packet waits for its other fragments, until %s at the longest%s. Then all of it is given up (RFC 1122 sec. 3.3.2).", s.Moment(l.Deadline), held)
	}
	return "None of its fragments has come yet."
}

func count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func lower(s string) string {
	if s != "" && s[0] >= 'A' && s[0] <= 'Z' {
		return string(s[0]+'a'-'A') + s[1:]
	}
	return s
}

// Do goes from range to range, to the event that brought one, and to the other
// direction.
func (p *Pane) Do(a keys.Action, s *scene.Scene) bool {
	p.follow(s)
	_, dy := keys.Steps(a, max(p.area.H-1, 1))
	switch {
	case a == keys.TurnOver:
		p.turned = !p.turned
		p.event = 0
	case !p.ok:
		return false
	case a == keys.Enter:
		return p.open(s)
	case dy != 0:
		p.move(dy)
	default:
		return false
	}
	return true
}

func (p *Pane) move(by int) {
	if p.ok {
		p.at = min(max(p.at+by, 0), max(len(p.look.Ranges)-1, 0))
	}
}

// open goes where the chosen range came, or was lost, or will come.
func (p *Pane) open(s *scene.Scene) bool {
	if p.at >= len(p.look.Ranges) {
		return false
	}
	r := &p.look.Ranges[p.at]
	for _, e := range []trace.EventID{r.Filler.Got, r.Piece.Got, r.Piece.Lost, r.Piece.Sent} {
		if e != 0 {
			s.At.GoTo(e)
			return true
		}
	}
	return false
}

// Click chooses a range; the chosen one is opened.
func (p *Pane) Click(_, y int, s *scene.Scene) bool {
	i := p.top + y - p.area.Y
	if !p.ok || y < p.area.Y || i < 0 || i >= len(p.look.Ranges) || y >= p.area.Y+p.area.H {
		return false
	}
	if i == p.at {
		return p.open(s)
	}
	p.at = i
	return true
}

// Wheel goes from range to range.
func (p *Pane) Wheel(by int, s *scene.Scene) bool {
	p.follow(s)
	p.move(by)
	return true
}

// layer is whose work it is.
func (p *Pane) layer() layers.Layer {
	if p.look.Packet {
		return layers.Network
	}
	return layers.Transport
}
