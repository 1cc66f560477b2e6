package export

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"strata/layers"
	"strata/trace"
	"strata/trace/caption"
)

// The colours of SCREEN: per layer, then what is lost or wrong; on light and
// on dark.
var palette = [...]struct{ class, light, dark string }{
	layers.Physical:     {"p1", "#5E6166", "#B0B0B1"},
	layers.DataLink:     {"l2", "#1913F2", "#757BFF"},
	layers.Network:      {"n3", "#004054", "#61D7FE"},
	layers.Transport:    {"t4", "#2A7F53", "#4DA375"},
	layers.Session:      {"s5", "#B73F8D", "#B571A1"},
	layers.Presentation: {"p6", "#7F4501", "#F4A310"},
	layers.Application:  {"a7", "#7F7100", "#FFF779"},
	lost:                {"x", "#6C1E10", "#ED5044"},
}

const lost = layers.Application + 1

// Measures of the drawing, in pixels.
const (
	svgLeft    = 110 // for the times
	svgColumn  = 210 // from node to node
	svgHead    = 70  // title and names of nodes
	svgFoot    = 60
	svgRow     = 20 // at least, between two frames that leave
	svgTick    = 4  // at least, between any two times
	svgSqueeze = 56 // at most, between any two times
	labelChars = 28 // that fit between two columns
)

// svg draws a journey: time runs down, squeezed where nothing happens.
type svg struct {
	w    *bufio.Writer
	t    trace.Trace
	j    journey
	axis axis
}

func writeSVG(w *bufio.Writer, t trace.Trace, part Part) error {
	s := &svg{w: w, t: t, j: journeyOf(t, part)}
	s.axis = axisOf(t, s.j.frames)
	s.open()
	s.columns()
	for _, gap := range s.axis.gaps {
		y := (s.axis.y[gap-1] + s.axis.y[gap]) / 2
		s.label(svgLeft-10, y+4, "end", "dim", "~ "+trace.FormatDuration(s.axis.times[gap]-s.axis.times[gap-1]))
	}
	for _, n := range s.j.frames {
		s.frame(n)
	}
	s.legend()
	_, err := w.WriteString("</svg>\n")
	return err
}

func (s *svg) width() int  { return svgLeft + max(1, len(s.j.nodes)-1)*svgColumn + svgLeft }
func (s *svg) height() int { return s.axis.bottom() + svgFoot }

func (s *svg) x(n trace.NodeID) int {
	return svgLeft + 20 + s.j.column(n)*svgColumn
}

func (s *svg) open() {
	fmt.Fprintf(s.w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d" font-family="monospace" font-size="12">`+"\n",
		s.width(), s.height())
	info := s.t.Info()
	fmt.Fprintf(s.w, "<title>%s</title>\n<style>\n", escape(heading(info)))
	fmt.Fprint(s.w, ".bg{fill:#FFFFFF}.ink{fill:#1E1E2E}.dim{fill:#5E6166}.axis{stroke:#5E6166;stroke-width:1}\n"+
		"text{paint-order:stroke;stroke:#FFFFFF;stroke-width:3px}\n")
	for _, p := range palette[layers.Physical:] {
		fmt.Fprintf(s.w, ".%s{fill:%s}line.%[1]s{stroke:%[2]s;stroke-width:1.5}\n", p.class, p.light)
	}
	fmt.Fprint(s.w, "@media (prefers-color-scheme: dark){\n.bg{fill:#1E1E2E}.ink{fill:#FFFFFF}.dim{fill:#B0B0B1}.axis{stroke:#B0B0B1}\n"+
		"text{stroke:#1E1E2E}\n")
	for _, p := range palette[layers.Physical:] {
		fmt.Fprintf(s.w, ".%s{fill:%s}line.%[1]s{stroke:%[2]s}\n", p.class, p.dark)
	}
	fmt.Fprintf(s.w, "}\n</style>\n<rect class=\"bg\" width=\"%d\" height=\"%d\"/>\n", s.width(), s.height())
	s.label(20, 24, "start", "ink", short(heading(info), s.width()/8))
}

func (s *svg) columns() {
	for _, n := range s.j.nodes {
		fmt.Fprintf(s.w, "<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%[1]d\" y2=\"%[3]d\"/>\n", s.x(n), svgHead-12, s.axis.bottom())
		s.label(s.x(n), svgHead-20, "middle", "ink", short(s.t.Info().Nodes[n].Name, labelChars))
	}
}

// frame draws one arrow, from when and where the frame left to when and where
// it arrived or was lost, with its label on it and its reason behind it.
func (s *svg) frame(n int) {
	f := s.t.Frame(n)
	x1, y1, x2, y2 := s.x(f.From), s.axis.of(f.Sent), s.x(f.To), s.axis.of(ended(f))
	text, layer := caption.Label(s.t, n)
	class, sign, forth := palette[layer].class, "", 1
	if f.Resent {
		sign = "↻ "
	}
	if x2 < x1 {
		forth = -1
	}
	fmt.Fprintf(s.w, "<g><title>%s</title>\n", escape(fmt.Sprintf("frame %d, %s. %s", n+1, trace.FormatDuration(f.Sent), whySent(s.t, f.Transmit))))
	s.label(svgLeft-10, y1+4, "end", "dim", trace.FormatDuration(f.Sent))
	// The label stands before the node that the frame goes to, so that
	// those of frames that leave at once for different nodes stand apart.
	at := x2 - forth*svgColumn/2
	if f.Fate == trace.Lost {
		x2 = x1 + forth*svgColumn*3/4
		at = x1 + forth*svgColumn/2
	}
	fmt.Fprintf(s.w, "<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n", class, x1, y1, x2, y2)
	if wrong(s.t, f) {
		s.label(x2, y2+5, "middle", palette[lost].class, "✗")
	} else {
		fmt.Fprintf(s.w, "<path class=\"%s\" d=\"M%d %dl%d -4v8z\"/>\n", class, x2, y2, -8*forth)
	}
	y := y1
	if x1 != x2 {
		y += (y2 - y1) * (at - x1) / (x2 - x1)
	}
	s.label(at, y-3, "middle", class, short(sign+text, labelChars))
	fmt.Fprint(s.w, "</g>\n")
}

func (s *svg) legend() {
	y, x := s.axis.bottom()+20, 20
	for l := layers.Application; l >= layers.Physical; l-- {
		s.label(x, y, "start", palette[l].class, l.Tag())
		x += 30
	}
	s.label(x, y, "start", palette[lost].class, "✗ lost")
	s.label(x+60, y, "start", "ink", "↻ resent")
	if s.j.leftOut != "" {
		s.label(20, y+20, "start", "ink", s.j.leftOut)
	}
}

func (s *svg) label(x, y int, anchor, class, text string) {
	fmt.Fprintf(s.w, "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n", class, x, y, anchor, escape(text))
}

func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "~"
	}
	return s
}

func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(clean(s))); err != nil {
		return ""
	}
	return b.String()
}

// axis maps times to heights: in proportion, but never so near that labels
// cover each other, nor so far that nothing is to be seen.
type axis struct {
	times []trace.Time
	y     []int
	gaps  []int // indices of times before which time is squeezed
}

func axisOf(t trace.Trace, frames []int) axis {
	var a axis
	sent := map[trace.Time]int{} // how many frames leave then
	for _, n := range frames {
		f := t.Frame(n)
		a.times = append(a.times, f.Sent, ended(f))
		sent[f.Sent]++
	}
	slices.Sort(a.times)
	a.times = slices.Compact(a.times)
	scale := a.scale()
	y := svgHead
	for i, at := range a.times {
		if i > 0 {
			least := svgTick
			if sent[at] > 0 {
				least = svgRow
			}
			px := int(float64(at-a.times[i-1]) * scale)
			if px > svgSqueeze {
				px = svgSqueeze
				a.gaps = append(a.gaps, i)
			}
			y += max(px, least)
		}
		a.y = append(a.y, y)
	}
	return a
}

// scale is pixels per nanosecond: the median distance becomes a row.
func (a *axis) scale() float64 {
	var steps []trace.Time
	for i := 1; i < len(a.times); i++ {
		steps = append(steps, a.times[i]-a.times[i-1])
	}
	if len(steps) == 0 {
		return 1
	}
	slices.Sort(steps)
	return svgRow / float64(steps[len(steps)/2])
}

func (a *axis) of(t trace.Time) int {
	i, _ := slices.BinarySearch(a.times, t)
	return a.y[i]
}

func (a *axis) bottom() int {
	if len(a.y) == 0 {
		return svgHead
	}
	return a.y[len(a.y)-1] + svgRow
}

// ended is when the frame's way ended; while it is on its way, when it left.
func ended(f trace.Frame) trace.Time { return max(f.Ended, f.Sent) }
