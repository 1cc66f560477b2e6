package tui

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/charmbracelet/colorprofile"

	"strata/layers"
	"strata/trace"
)

// Screen says how a screen looks, on a terminal or in an SVG.
type Screen struct {
	ASCII bool
	Plain bool // no colour
	Theme Theme
	Model layers.Model
}

// RenderSVG draws the screen of w by h cells with the cursor at an event, as
// a terminal would show it: of a capture the list, where the event is that a
// frame was seen, else the frame's layers. It fails when the event or the size is out of
// range: events count from 1, sizes go from 40×12 to 500×200.
func RenderSVG(t trace.Trace, event trace.EventID, w, h int, s Screen) ([]byte, error) {
	switch {
	case event < 1 || int(event) > t.Events():
		return nil, fmt.Errorf("there is no step %d: the run has steps 1 to %d", event, t.Events())
	case w < minWidth || h < minHeight || w > 500 || h > 200:
		return nil, fmt.Errorf("the size %dx%d is out of range: use 40x12 to 500x200", w, h)
	}
	m := newModel(House{}, Options{Screen: s})
	m.resize(w, h)
	m.show(t)
	m.viewer.showList(t.Info().Captured && t.Event(event).Kind == trace.Transmit)
	m.viewer.cursor.goTo(event)
	for m.viewer.overview.work(t, 1<<16) {
	}
	m.draw()
	return svg(m.canvas, s), nil
}

// The cell of the SVG's grid, in pixels, and the font that fits into it.
const (
	cellWidth  = 8.4
	cellHeight = 18.0
	fontSize   = 14.0
	margin     = 12.0
)

// svg draws a canvas. Runs of equal looks become one text element each, with
// its length given, so that columns line up in any font.
func svg(c *canvas, s Screen) []byte {
	p := s.Theme.palette()
	var b bytes.Buffer
	w, h := float64(c.w)*cellWidth+2*margin, float64(c.h)*cellHeight+2*margin
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.1f %.1f" width="%.1f" height="%.1f">`+"\n", w, h, w, h)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="6" fill="%s"/>`+"\n", p.back)
	fmt.Fprintf(&b, `<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="%g" fill="%s" xml:space="preserve">`+"\n", fontSize, p.fore)
	for y := 0; y < c.h; y++ {
		row := c.cells[y*c.w : (y+1)*c.w]
		for x := 0; x < len(row); {
			end := x + 1
			for end < len(row) && row[end].look == row[x].look {
				end++
			}
			svgRun(&b, row[x:end], x, y, p, s.Plain)
			x = end
		}
	}
	b.WriteString("</g>\n</svg>\n")
	return b.Bytes()
}

func svgRun(b *bytes.Buffer, run []cell, x, y int, p *palette, noColour bool) {
	l := run[0].look
	fore := p.fore
	if c := p.full[l&roles]; c != "" && !noColour {
		fore = c
	}
	left, top := margin+float64(x)*cellWidth, margin+float64(y)*cellHeight
	if l&reverse != 0 {
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`, left, top, float64(len(run))*cellWidth, cellHeight, fore)
		fore = p.back
	}
	svgRules(b, run, left, top, fore)
	for len(run) > 0 {
		word := run[:wordEnd(run)]
		svgText(b, word, left, top, fore, l, p)
		left += float64(len(word)) * cellWidth
		run = run[len(word):]
	}
}

// wordEnd is where a gap of two or more blanks begins, or ends if the run
// begins with one, so that no text element holds a wide gap.
func wordEnd(run []cell) int {
	blank := func(i int) bool { return run[i].r == ' ' || drawn(run[i].r) }
	i := 0
	if blank(0) {
		for i < len(run) && blank(i) {
			i++
		}
		return i
	}
	for i < len(run) && !(blank(i) && (drawn(run[i].r) || i+1 == len(run) || blank(i+1))) {
		i++
	}
	return i
}

func svgText(b *bytes.Buffer, word []cell, left, top float64, fore string, l look, p *palette) {
	var text strings.Builder
	for _, at := range word {
		if at.r != 0 && !drawn(at.r) {
			text.WriteRune(at.r)
		}
	}
	if strings.TrimSpace(text.String()) == "" {
		return
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" textLength="%.1f"`, left, top+cellHeight*0.74, float64(len(word))*cellWidth)
	if fore != p.fore {
		fmt.Fprintf(b, ` fill="%s"`, fore)
	}
	if l&bold != 0 || l&roles == accent {
		b.WriteString(` font-weight="bold"`)
	}
	if l&underline != 0 {
		b.WriteString(` text-decoration="underline"`)
	}
	b.WriteByte('>')
	xml.EscapeText(b, []byte(text.String())) //nolint:errcheck // a Buffer does not fail
	b.WriteString("</text>\n")
}

// drawn are the glyphs drawn as shapes, so that lines join whatever the font.
func drawn(r rune) bool { return strings.ContainsRune("─│├┤┼▐▂▄▇", r) }

func svgRules(b *bytes.Buffer, run []cell, left, top float64, fore string) {
	shape := func(i int, x, y, w, h float64) {
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`, left+float64(i)*cellWidth+x, top+y, w, h, fore)
	}
	const midX, midY, thin = cellWidth/2 - 0.5, cellHeight/2 - 0.5, 1.0
	for i := 0; i < len(run); i++ {
		switch run[i].r {
		case '─':
			n := 1
			for i+n < len(run) && run[i+n].r == '─' {
				n++
			}
			shape(i, 0, midY, float64(n)*cellWidth, thin)
			i += n - 1
		case '│', '├', '┤', '┼':
			shape(i, midX, 0, thin, cellHeight)
			if run[i].r == '├' || run[i].r == '┼' {
				shape(i, midX, midY, cellWidth/2, thin)
			}
			if run[i].r == '┤' || run[i].r == '┼' {
				shape(i, 0, midY, cellWidth/2, thin)
			}
		case '▐':
			shape(i, cellWidth/2, 0, cellWidth/2, cellHeight)
		case '▂':
			shape(i, 0, cellHeight*0.75, cellWidth, cellHeight*0.25)
		case '▄':
			shape(i, 0, cellHeight*0.5, cellWidth, cellHeight*0.5)
		case '▇':
			shape(i, 0, cellHeight*0.12, cellWidth, cellHeight*0.88)
		}
	}
}

// noColours is the profile of a screen without colour.
func (s Screen) profile(can colorprofile.Profile) colorprofile.Profile {
	if s.Plain {
		return colorprofile.ASCII
	}
	return can
}
