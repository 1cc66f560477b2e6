package draw

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// The cell of the SVG's grid, in pixels, and the font that fits into it.
const (
	cellWidth  = 8.4
	cellHeight = 18.0
	fontSize   = 14.0
	margin     = 12.0
)

// SVG draws the canvas as a picture. Runs of equal looks become one text
// element each, with its length given, so that columns line up in any font.
func (c *Canvas) SVG(t Theme, noColour bool) []byte {
	p := t.Palette()
	var b bytes.Buffer
	w, h := float64(c.W)*cellWidth+2*margin, float64(c.H)*cellHeight+2*margin
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.1f %.1f" width="%.1f" height="%.1f">`+"\n", w, h, w, h)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="6" fill="%s"/>`+"\n", p.back)
	fmt.Fprintf(&b, `<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="%g" fill="%s" xml:space="preserve">`+"\n", fontSize, p.fore)
	for y := 0; y < c.H; y++ {
		row := c.Cells[y*c.W : (y+1)*c.W]
		for x := 0; x < len(row); {
			end := x + 1
			for end < len(row) && row[end].look == row[x].look {
				end++
			}
			svgRun(&b, row[x:end], x, y, p, noColour)
			x = end
		}
	}
	b.WriteString("</g>\n</svg>\n")
	return b.Bytes()
}

func svgRun(b *bytes.Buffer, run []cell, x, y int, p *palette, noColour bool) {
	l := run[0].look
	fore := p.fore
	if c := p.full[l&Roles]; c != "" && !noColour {
		fore = c
	}
	left, top := margin+float64(x)*cellWidth, margin+float64(y)*cellHeight
	if l&Reverse != 0 {
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
	blank := func(i int) bool { return run[i].R == ' ' || drawn(run[i].R) }
	i := 0
	if blank(0) {
		for i < len(run) && blank(i) {
			i++
		}
		return i
	}
	for i < len(run) && !(blank(i) && (drawn(run[i].R) || i+1 == len(run) || blank(i+1))) {
		i++
	}
	return i
}

func svgText(b *bytes.Buffer, word []cell, left, top float64, fore string, l Look, p *palette) {
	var text strings.Builder
	for _, at := range word {
		if at.R != 0 && !drawn(at.R) {
			text.WriteRune(at.R)
		}
	}
	if strings.TrimSpace(text.String()) == "" {
		return
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" textLength="%.1f"`, left, top+cellHeight*0.74, float64(len(word))*cellWidth)
	if fore != p.fore {
		fmt.Fprintf(b, ` fill="%s"`, fore)
	}
	if l&Bold != 0 || l&Roles == Accent {
		b.WriteString(` font-weight="bold"`)
	}
	if l&Underline != 0 {
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
		switch run[i].R {
		case '─':
			n := 1
			for i+n < len(run) && run[i+n].R == '─' {
				n++
			}
			shape(i, 0, midY, float64(n)*cellWidth, thin)
			i += n - 1
		case '│', '├', '┤', '┼':
			shape(i, midX, 0, thin, cellHeight)
			if run[i].R == '├' || run[i].R == '┼' {
				shape(i, midX, midY, cellWidth/2, thin)
			}
			if run[i].R == '┤' || run[i].R == '┼' {
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
