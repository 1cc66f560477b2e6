// Package travel is the pane of where bytes go, and where they come from.
//
//	pane.go    the pane: its two lists, what keys do in them
//	stops.go   where it goes: the steps that the bytes take part in
//	causes.go  where it comes from: what decided them, cause by cause
package travel

import (
	"fmt"
	"time"

	"strata/layers"
	"strata/trace"
	"strata/trace/origin"
	"strata/tui/draw"
	"strata/tui/inspect"
	"strata/tui/keys"
	"strata/tui/scene"
)

// Pane is both, side by side, or one above the other.
type Pane struct {
	*scene.Scene
	asked   *origin.Asked // where they come from; nil: nothing was asked
	asking  *scene.Job
	pdu     trace.PDUID // of which it was asked
	from    int64
	to      int64
	frame   int
	field   string
	shown   [2]column
	in      int // the column that has the keys
	opening bool
}

// The columns.
const (
	goes = iota
	comes
)

// column is a list to choose from.
type column struct {
	at, top int
	n       int
	area    draw.Rect
	rowAt   []int // the item on each line of the area
}

// Name is the pane's word.
func (x *Pane) Name() string { return "travel" }

// Follow begins to follow the bytes that are chosen.
func (x *Pane) Follow(v *inspect.View, s *scene.Scene) {
	pdu, from, to, ok := v.Range(s)
	if !ok {
		s.Say("this byte was made in reading: choose one of the frame (r turns to it)")
		return
	}
	x.Scene = s
	s.Light(pdu, from, to)
	x.ask(v.Field())
	x.opening = true
	s.Show(x.Name())
}

// How long a key waits for an answer, and the loop after that.
const (
	askAtOnce = 2 * time.Millisecond
	askSlice  = 3 * time.Millisecond
)

// ask asks where what is lit comes from.
func (x *Pane) ask(field string) {
	x.asking.Stop()
	x.pdu, x.from, x.to = x.Lighted()
	x.frame, x.field = x.frameOf(x.pdu), field
	x.shown[comes] = column{}
	q := origin.Ask(x.T, x.frame, x.pdu, x.from, x.to, field)
	x.asked = q
	if q.Work(askAtOnce) {
		x.asking = &scene.Job{Of: x.T, Work: func(time.Duration) func() bool {
			return func() bool { return q.Work(askSlice) }
		}}
		x.Start(x.asking)
	}
}

// frameOf is the frame whose steps are about a PDU: the cursor's, if it has
// one; else the first.
func (x *Pane) frameOf(pdu trace.PDUID) int {
	if x.T.PDU(pdu).Proto == layers.Stream {
		return x.At.Frame // of a stream, too many are
	}
	frame := -1
	for _, n := range x.T.About(pdu) {
		switch f := x.T.FrameOf(n); {
		case f == x.At.Frame:
			return f
		case frame < 0:
			frame = f
		}
	}
	return max(frame, 0)
}

// Do chooses a stop or a cause, and goes there.
func (x *Pane) Do(a keys.Action, s *scene.Scene) bool {
	x.Scene = s
	l := &x.shown[x.in]
	_, dy := keys.Steps(a, max(len(l.rowAt)-1, 1))
	switch a {
	case keys.FirstStep:
		l.move(-1 << 30)
	case keys.LastStep:
		l.move(1 << 30)
	case keys.MoveLeft:
		x.in = goes
	case keys.MoveRight:
		x.in = comes
	case keys.TurnOver:
		x.in = comes - x.in
	case keys.Enter:
		x.visit()
	default:
		l.move(dy)
		return dy != 0
	}
	return true
}

func (l *column) move(by int) { l.at = max(min(l.at+by, l.n-1), 0) }

// visit goes to the chosen step.
func (x *Pane) visit() {
	at := x.shown[x.in].at
	switch {
	case x.in == goes:
		way, _ := x.Journey()
		if way == nil || at >= len(way.Stops()) {
			return
		}
		x.At.GoTo(way.Stops()[at])
	default:
		if x.asked == nil || at >= len(x.asked.Links()) {
			return
		}
		switch l := x.asked.Links()[at]; {
		case l.Event != 0:
			x.At.GoTo(l.Event)
		case l.Frame >= 0:
			x.At.GoToFrame(l.Frame)
		default:
			x.Say("nothing in this trace shows it: a rule, or what its maker set up")
			return
		}
	}
	x.Settled = true
	x.Show("stack")
}

// Click chooses a stop or a cause; the chosen one is gone to.
func (x *Pane) Click(cx, cy int, _ *scene.Scene) bool {
	for in := range x.shown {
		l := &x.shown[in]
		line := cy - l.area.Y
		if !l.area.Has(cx, cy) || line >= len(l.rowAt) {
			continue
		}
		if again := x.in == in && l.at == l.rowAt[line]; again {
			x.visit()
			return true
		}
		x.in, l.at = in, l.rowAt[line]
		return true
	}
	return false
}

// Wheel goes by stops, or causes.
func (x *Pane) Wheel(by int, _ *scene.Scene) bool {
	x.shown[x.in].move(3 * by)
	return true
}

// beside is the width from which the two stand side by side.
const beside = 116

// Draw draws both.
func (x *Pane) Draw(c *draw.Canvas, r draw.Rect, s *scene.Scene, focus bool) draw.Spot {
	x.Scene = s
	way, _ := s.Journey()
	if way == nil {
		_, body := scene.Title(c, r, "everywhere it goes", focus)
		c.Text(body, scene.Margin, 0, "choose a field or a byte, and press b", draw.Quiet)
		return draw.Spot{}
	}
	if pdu, from, to := s.Lighted(); pdu != x.pdu || from != x.from || to != x.to {
		x.ask("") // something else was chosen in another pane
		x.opening = true
	}
	left, right := draw.Box(r.X, r.Y, r.W, r.H), draw.Rect{}
	if r.W >= beside {
		left.W = r.W*11/20 - 1
		right = draw.Box(r.X+left.W+1, r.Y, r.W-left.W-1, r.H)
	} else {
		h := min(max(x.height(c, r.W)+1, 3), r.H/2)
		right = r.Top(h)
		left = r.Below(h)
	}
	spots := [...]draw.Spot{
		goes:  x.drawStops(c, left, focus && x.in == goes),
		comes: x.drawCauses(c, right, focus && x.in == comes),
	}
	return spots[x.in]
}

// facts draws short facts behind a title, as long as there is room.
func facts(c *draw.Canvas, r draw.Rect, at int, all ...string) {
	for _, f := range all {
		if f != "" && at+3+c.Width(f) < r.W {
			at = c.Text(r, at+1, 0, " "+f+" ", draw.Quiet)
		}
	}
}

// what names the bytes: the field, and how many they are.
func (x *Pane) what() string {
	n := x.to - x.from
	size := fmt.Sprintf("%s B", scene.Thousands(int(n)))
	switch f := x.asked.Field(); {
	case f != nil && f.Name != "" && x.field != "":
		return f.Name + ", " + size
	case f != nil && f.Name != "" && n == 1:
		return "one byte, in " + f.Name
	case n == 1:
		return "one byte"
	}
	return size
}
