package scene

import (
	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
)

// Hit is an event that can be chosen on the screen.
type Hit struct {
	Area  draw.Rect
	Event trace.EventID
}

// ModelTag is the sign of a layer in a model. The TCP/IP model's own have no
// numbers: Ap, Tr, In, Li.
func ModelTag(l layers.Layer, m layers.Model) string {
	if m == layers.TCPIP && l != 0 {
		return l.In(m)[:2]
	}
	return l.Tag()
}

// Held is the cell for the terminal's cursor: where an event was drawn.
func Held(hits []Hit, e trace.EventID) draw.Spot {
	for _, h := range hits {
		if h.Event == e {
			return draw.At(h.Area.X+Margin, h.Area.Y, true)
		}
	}
	return draw.Spot{}
}

// GoWhere goes to the event that was drawn at a cell; false: there is none.
func GoWhere(hits []Hit, x, y int, s *Scene) bool {
	for _, h := range hits {
		if h.Area.Has(x, y) {
			s.At.GoTo(h.Event)
			return true
		}
	}
	return false
}

// Margin is the columns left of what is drawn: the bar of what is chosen, and
// a blank.
const Margin = 2
