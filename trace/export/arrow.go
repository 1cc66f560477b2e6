package export

import (
	"fmt"
	"math"

	"strata/trace"
)

// bunch is what leaves a node at one moment in one direction.
type bunch struct {
	from  trace.NodeID
	sent  trace.Time
	forth int
}

// bunchOf is a frame's, and how many columns it goes.
func (s *svg) bunchOf(f trace.Frame) (bunch, int) {
	columns := s.j.column(f.To) - s.j.column(f.From)
	if columns < 0 {
		return bunch{f.From, f.Sent, -1}, -columns
	}
	return bunch{f.From, f.Sent, 1}, columns
}

// frame draws one arrow, from when and where the frame left to when and where
// it arrived or was lost, with its label along it and its reason behind it.
func (s *svg) frame(n int) {
	f := s.t.Frame(n)
	x1, y1, x2, y2 := s.x(f.From), s.axis.of(f.Sent), s.x(f.To), s.axis.of(arrived(s.t, n, f))
	bunch, columns := s.bunchOf(f)
	// The label stands before the node that the frame goes to, so that those of
	// frames that leave at once for different nodes stand apart; and under the
	// arrow, early, where another passes over it, unless that says the same.
	middle, above := x2-bunch.forth*s.column/2, columns == s.reach[bunch]
	if !above {
		middle = x2 - bunch.forth*s.column*3/5
	}
	if f.Fate == trace.Lost {
		x2, y2 = x1+bunch.forth*s.column*3/5, y1+svgRow*3/5
		middle = (x1 + x2) / 2
	}
	class := palette[s.layers[n]].class
	fmt.Fprintf(s.w, "<g><title>%s</title>", escape(fmt.Sprintf("frame %d, %s. %s", n+1, trace.FormatDuration(f.Sent), whySent(s.t, f.Transmit))))
	fmt.Fprintf(s.w, "<path class=\"%s w\" d=\"M%d %dL%d %d\"/>", class, x1, y1, x2, y2)
	slope := math.Atan2(float64(y2-y1), float64(x2-x1))
	switch {
	case wrong(s.t, f):
		s.cross(x2, y2)
	case x1 != x2:
		fmt.Fprintf(s.w, "<path class=\"%s h\" d=\"M0 0l-9-4v8z\" transform=\"translate(%d %d)rotate(%.1f)\"/>", class, x2, y2, degrees(slope))
	}
	y := y1
	if x1 != x2 {
		y += (y2 - y1) * (middle - x1) / (x2 - x1)
	}
	if !above && s.far[bunch] == s.labels[n] {
		fmt.Fprint(s.w, "</g>\n")
		return
	}
	s.along(middle, y, slope, above, fmt.Sprintf("<tspan class=\"dim\" font-size=\"9\">%s</tspan> %s", s.layers[n].Tag(), escape(s.labels[n])), class)
	fmt.Fprint(s.w, "</g>\n")
}

// steepest is the slope, in degrees, beyond which a label does not lean with
// its arrow.
const steepest = 35

// along writes a label on a line, or under it, around a point of it.
func (s *svg) along(x, y int, slope float64, above bool, text, class string) {
	angle := degrees(slope)
	if math.Abs(angle) > 90 {
		angle -= math.Copysign(180, angle) // so that it is not upside down
	}
	if math.Abs(angle) > steepest {
		angle = 0
	}
	off := -4
	if !above {
		off = 12
	}
	fmt.Fprintf(s.w, "<text class=\"%s m\" transform=\"translate(%d %d)rotate(%.1f)\" y=\"%d\">%s</text>", class, x, y, angle, off, text)
}

func degrees(radians float64) float64 { return radians * 180 / math.Pi }

// cross marks where a frame ended that came to harm.
func (s *svg) cross(x, y int) {
	fmt.Fprintf(s.w, "<path class=\"%s w\" stroke-width=\"2.5\" style=\"stroke-width:2.5\" d=\"M%d %dl10 10m0-10l-10 10\"/>", palette[lost].class, x-5, y-5)
}

// noteHeight is the room that a note takes.
func noteHeight(n note) int { return svgLine*len(wrapped(n.text, noteChars)) + 10 }

// remarks writes the notes beside the drawing, each at its time.
func (s *svg) remarks() {
	x, free := s.right()+60, 0
	for _, n := range s.notes {
		y := max(s.axis.of(n.at), free)
		class, sign := "ink", ""
		switch n.kind {
		case harmed:
			class, sign = palette[lost].class, "✗ "
		case again:
			class, sign = palette[s.layers[n.frame]].class, "↻ "
		}
		fmt.Fprintf(s.w, "<path class=\"lead\" d=\"M%d %dL%d %d\"/>", s.right()+8, s.axis.of(n.at), x-8, y)
		for i, line := range wrapped(n.text, noteChars) {
			if i == 0 {
				line = sign + line
			}
			s.text(x, y+4+svgLine*i, class+" sans", line)
		}
		free = y + noteHeight(n)
	}
}
