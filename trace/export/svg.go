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
	lost:                {"x", "#B3261E", "#ED5044"},
}

const lost = layers.Application + 1

// Measures of the drawing, in pixels.
const (
	svgLeft    = 120 // for the times
	svgHead    = 124 // title and names of nodes
	svgFoot    = 72
	svgRow     = 24   // at least, between two frames that leave
	svgTick    = 4    // at least, between any two times
	svgSqueeze = 60   // at most, between any two times
	svgSlack   = 90   // at most, between a note and its time
	svgTall    = 1200 // from where names stand at the bottom, too
	svgLetter  = 7.3
	svgLine    = 17  // of a note
	svgNotes   = 360 // the column of the notes
	labelChars = 36  // of a label, at most
	noteChars  = 52  // of a note's line
)

// svg draws a journey: time runs down, squeezed where nothing happens, and
// beside it stands what there is to say.
type svg struct {
	w      *bufio.Writer
	t      trace.Trace
	j      journey
	axis   axis
	notes  []note
	labels map[int]string   // by frame
	reach  map[bunch]int    // the most columns that a frame of it goes,
	far    map[bunch]string // and that frame's label
	layers map[int]layers.Layer
	column int // from node to node
}

func writeSVG(w *bufio.Writer, t trace.Trace, part Part) error {
	s := &svg{w: w, t: t, j: journeyOf(t, part), labels: map[int]string{}, layers: map[int]layers.Layer{}, reach: map[bunch]int{}, far: map[bunch]string{}}
	s.notes = notesOf(t, &s.j)
	s.axis = axisOf(t, s.j.frames, s.notes, noteHeight)
	longest := 14
	for _, n := range s.j.frames {
		text, layer := caption.Label(t, n)
		if t.Frame(n).Resent {
			text = "↻ " + text
		}
		s.labels[n], s.layers[n] = short(text, labelChars), layer
		longest = max(longest, len([]rune(s.labels[n])))
		if b, columns := s.bunchOf(s.t.Frame(n)); columns > s.reach[b] {
			s.reach[b], s.far[b] = columns, s.labels[n]
		}
	}
	s.column = int(svgLetter*float64(longest+3)) + 84
	s.open()
	s.lanes()
	for _, n := range s.j.frames {
		s.frame(n)
	}
	s.remarks()
	s.legend()
	_, err := w.WriteString("</svg>\n")
	return err
}

// right is where the last lane is.
func (s *svg) right() int { return svgLeft + max(1, len(s.j.nodes)-1)*s.column }

func (s *svg) width() int {
	w := s.right() + 100
	if len(s.notes) > 0 {
		w = s.right() + 60 + svgNotes
	}
	return max(w, 560) // for the legend
}

func (s *svg) x(n trace.NodeID) int { return svgLeft + s.j.column(n)*s.column }

func (s *svg) open() {
	h := s.axis.bottom() + svgFoot
	fmt.Fprintf(s.w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d" `+
		`font-family="ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="12">`+"\n", s.width(), h)
	info := s.t.Info()
	fmt.Fprintf(s.w, "<title>%s</title>\n<style>\n", escape(heading(info)))
	fmt.Fprint(s.w, "text{paint-order:stroke;stroke-linejoin:round;stroke:#FFFFFF;stroke-width:4px}\n"+
		".bg{fill:#FFFFFF}.ink{fill:#1E1E2E}.dim{fill:#5E6166}.m{text-anchor:middle}.e{text-anchor:end}.b{font-weight:bold}\n"+
		".sans{font-family:system-ui,'Segoe UI','Helvetica Neue','DejaVu Sans',sans-serif}.node{fill:#F1F2F6;stroke:#A9ADB8}\n"+
		"line,path{fill:none}.axis{stroke:#A9ADB8}.gap{stroke:#A9ADB8;stroke-dasharray:2 5}.lead{stroke:#A9ADB8;stroke-dasharray:1 3}\n"+
		"line.w,path.w{stroke-width:1.6}\n")
	for _, p := range palette[layers.Physical:] {
		fmt.Fprintf(s.w, ".%s{fill:%s}.%[1]s.w{stroke:%[2]s}path.%[1]s.h{fill:%[2]s}\n", p.class, p.light)
	}
	fmt.Fprint(s.w, "@media (prefers-color-scheme:dark){\ntext{stroke:#1E1E2E}.bg{fill:#1E1E2E}.ink{fill:#FFFFFF}.dim{fill:#B0B0B1}"+
		".node{fill:#2A2B3D;stroke:#6C7086}.axis,.gap,.lead{stroke:#6C7086}\n")
	for _, p := range palette[layers.Physical:] {
		fmt.Fprintf(s.w, ".%s{fill:%s}.%[1]s.w{stroke:%[2]s}path.%[1]s.h{fill:%[2]s}\n", p.class, p.dark)
	}
	fmt.Fprintf(s.w, "}\n</style>\n<rect class=\"bg\" width=\"%d\" height=\"%d\"/>\n", s.width(), h)
	fmt.Fprintf(s.w, "<text class=\"ink sans b\" x=\"20\" y=\"30\" font-size=\"17\">%s</text>\n", escape(short(heading(info), s.width()/10)))
	s.text(20, 50, "dim sans", s.summary())
	if s.j.leftOut != "" {
		s.text(20, 68, "ink sans", s.j.leftOut)
	}
}

// summary is the drawing in numbers.
func (s *svg) summary() string {
	if len(s.j.frames) == 0 {
		return "no frames"
	}
	var harm, resent int
	end := trace.Time(0)
	for _, n := range s.j.frames {
		f := s.t.Frame(n)
		end = max(end, arrived(s.t, n, f))
		if wrong(s.t, f) {
			harm++
		}
		if f.Resent && f.Hop <= 1 {
			resent++
		}
	}
	text := count(len(s.j.frames), "frame") + " in " + trace.FormatDuration(end-s.t.Frame(s.j.frames[0]).Sent)
	if harm > 0 {
		text += fmt.Sprintf(", %d lost or refused", harm)
	}
	if resent > 0 {
		text += fmt.Sprintf(", %d sent again", resent)
	}
	if s.t.Info().Captured {
		text += "; captured from " + s.t.Info().Start.UTC().Format("2006-01-02 15:04:05") + " UTC on"
	}
	return text
}

// lanes draws each node's line of time, broken where time is squeezed, its name
// at both ends, and the times at the left.
func (s *svg) lanes() {
	from := svgHead - 14
	var breaks [][2]int
	for _, gap := range s.axis.gaps {
		top, bottom := s.axis.y[gap-1], s.axis.y[gap]
		breaks = append(breaks, [2]int{top + 12, bottom - 12})
		s.text(svgLeft-16, (top+bottom)/2+4, "dim e", "~ "+trace.FormatDuration(s.axis.times[gap]-s.axis.times[gap-1]))
	}
	bottom := s.axis.bottom()
	for _, n := range s.j.nodes {
		x, y := s.x(n), from
		for _, b := range breaks {
			if b[1] > b[0] {
				fmt.Fprintf(s.w, "<path class=\"axis\" d=\"M%d %dV%d\"/><path class=\"gap\" d=\"M%[1]d %[3]dV%[4]d\"/>\n", x, y, b[0], b[1])
				y = b[1]
			}
		}
		fmt.Fprintf(s.w, "<path class=\"axis\" d=\"M%d %dV%d\"/>\n", x, y, bottom)
		s.node(n, x, svgHead-32)
		if bottom > svgTall {
			s.node(n, x, bottom)
		}
	}
	var last trace.Time = -1
	for _, n := range s.j.frames {
		if at := s.t.Frame(n).Sent; at != last {
			s.text(svgLeft-16, s.axis.of(at)+4, "dim e", trace.FormatDuration(at))
			last = at
		}
	}
}

func (s *svg) node(n trace.NodeID, x, y int) {
	node := s.t.Info().Nodes[n]
	name := short(node.Name, s.column/8-2)
	w := max(int(svgLetter*float64(len([]rune(name))))+24, 60)
	fmt.Fprintf(s.w, "<g><title>%s</title><rect class=\"node\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"24\" rx=\"6\"/>",
		escape(strings.TrimSpace(node.Kind+" "+strings.Join(node.Addrs, ", "))), x-w/2, y-6, w)
	s.text(x, y+10, "ink b m", name)
	fmt.Fprint(s.w, "</g>\n")
}

func (s *svg) legend() {
	y, x := s.axis.bottom()+svgFoot-24, 20
	for l := layers.Application; l >= layers.Physical; l-- {
		if !s.shows(l) {
			continue
		}
		name := l.Tag() + " " + l.String()
		fmt.Fprintf(s.w, "<path class=\"%s w\" d=\"M%d %dh18\"/>", palette[l].class, x, y-4)
		s.text(x+24, y, palette[l].class, name)
		x += 24 + int(svgLetter*float64(len(name)+2))
	}
	if slices.ContainsFunc(s.notes, func(n note) bool { return n.kind == harmed }) {
		s.cross(x+6, y-4)
		s.text(x+18, y, palette[lost].class, "lost")
		x += 66
	}
	if len(s.axis.gaps) > 0 {
		s.text(x, y, "dim", "~ a pause, drawn shorter")
	}
}

func (s *svg) shows(l layers.Layer) bool {
	for _, n := range s.j.frames {
		if s.layers[n] == l {
			return true
		}
	}
	return false
}

func (s *svg) text(x, y int, class, text string) {
	fmt.Fprintf(s.w, "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n", class, x, y, escape(text))
}

func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:max(n-1, 0)]) + "~"
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
