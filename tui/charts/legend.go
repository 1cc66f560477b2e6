package charts

import (
	"strings"

	"strata/tui/draw"
	"strata/tui/scene"
)

// entry is one of a legend: a letter or sign, and what it stands for.
type entry struct {
	sign rune // 0: none
	text string
	look draw.Look
}

// entries are the chart's lines with their values at the cursor, its marks as
// far as there are any, and what cannot be known.
func (p *plot) entries() (all []entry) {
	var unknown []string
	why := ""
	for _, l := range p.chart.lines {
		if ok, because := p.conn.Known(l.kind); !ok {
			unknown, why = append(unknown, l.kind.String()), because
			continue
		}
		text := l.kind.String()
		if v, ok := p.conn.Value(p.side, l.kind, p.now); ok {
			text += " " + value(v, p.chart.unit)
		}
		all = append(all, entry{l.letter, text, l.look})
	}
	for _, m := range p.chart.marks {
		if p.conn.Any(p.side, m.kind) {
			all = append(all, entry{m.sign, m.kind.String(), m.look})
		}
	}
	if why != "" {
		all = append(all, entry{0, strings.Join(unknown, ", ") + ": " + why, draw.Quiet})
	}
	return all
}

// legend draws the chart's name and its entries, in as many lines as they
// need and there are; it gives how many.
func (p *plot) legend(c *draw.Canvas, r draw.Rect, most int) (lines int) {
	x, y := c.Text(r, scene.Margin, 0, p.chart.title, draw.Plain)+2, 0
	for _, e := range p.entries() {
		n := c.Width(e.text)
		if e.sign != 0 {
			n += 2
		}
		if x+n > r.W-2 && x > 2*scene.Margin && y+1 < most {
			x, y = 2*scene.Margin, y+1
		}
		if x+4 > r.W {
			c.Text(r, r.W-1, y, "~", draw.Accent)
			break
		}
		if e.sign != 0 {
			c.Sign(r, x, y, e.sign, e.look|draw.Bold)
			x += 2
		}
		x = c.Text(r, x, y, e.text, e.look) + 2
	}
	return y + 1
}
