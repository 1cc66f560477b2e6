package tui

import (
	"strata/layers"
)

// helpLine is one line of the help: a key and what it does, or a heading
// (keys empty).
type helpLine struct {
	keys, text string
	look       look
}

// helpLines makes the help from the table of keys, the signs and the layers.
func helpLines(m layers.Model) []helpLine {
	lines := []helpLine{{text: "Keys", look: accent}}
	for _, b := range bindings {
		lines = append(lines, helpLine{keys: b.Help().Key, text: b.Help().Desc})
	}
	lines = append(lines, helpLine{}, helpLine{text: "Layers: one colour and one tag each, everywhere", look: accent})
	for l := layers.Application; l >= layers.Physical; l-- {
		text := l.String()
		if m == layers.TCPIP {
			text = l.In(m) + " (OSI: " + text + ")"
		}
		lines = append(lines, helpLine{keys: modelTag(l, m), text: text, look: layerLook(l)})
	}
	lines = append(lines, helpLine{}, helpLine{text: "Signs", look: accent})
	return append(lines,
		helpLine{keys: "✗", text: "lost, or dropped, and why", look: bad},
		helpLine{keys: "↻", text: "sent again"},
		helpLine{keys: "▐", text: "where the cursor is", look: accent},
		helpLine{keys: "[+20]", text: "20 bytes of header, in the colour of their layer; reversed: added or read in this step"},
		helpLine{keys: "~", text: "more than fits here, or time in which nothing happens"},
		helpLine{keys: ". : |", text: "in the second line, the whole run: little, more, most is sent"},
		helpLine{},
		helpLine{text: "w opens the glossary.", look: plain},
	)
}

func (m *model) drawHelp(c *canvas, r rect) {
	c.text(r, 0, 0, "help", accent)
	c.line(r, 5, 0, r.w, '─', rule)
	body := rect{r.x + 2, r.y + 2, r.w - 4, r.h - 3}
	lines := helpLines(m.opt.Model)
	m.page = min(m.page, max(len(lines)-body.h, 0))
	for y := 0; y < body.h && m.page+y < len(lines); y++ {
		line := lines[m.page+y]
		if line.keys == "" {
			c.text(body, 0, y, line.text, line.look)
			continue
		}
		c.textTo(body, 2, y, 13, line.keys, line.look|bold)
		c.text(body, 14, y, line.text, plain)
	}
	if m.page+body.h < len(lines) {
		c.text(body, body.w-1, body.h-1, "~", accent)
	}
}
