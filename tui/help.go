package tui

import (
	"strata/layers"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

// helpLine is one line of the help: a key and what it does, or a heading
// (keys empty).
type helpLine struct {
	keys, text string
	look       draw.Look
	more       bool // it goes on with what the line above says
}

// helpColumn is where it begins what keys do.
const helpColumn = 14

// helpLines makes the help from the table of keys, the signs and the layers.
func helpLines(m layers.Model) []helpLine {
	lines := []helpLine{{text: "Keys", look: draw.Accent}}
	for _, b := range keys.Bindings {
		lines = append(lines, helpLine{keys: b.Help().Key, text: b.Help().Desc})
	}
	lines = append(lines, helpLine{}, helpLine{text: "Layers: one colour and one tag each, everywhere", look: draw.Accent})
	for l := layers.Application; l >= layers.Physical; l-- {
		text := l.String()
		if m == layers.TCPIP {
			text = l.In(m) + " (OSI: " + text + ")"
		}
		lines = append(lines, helpLine{keys: scene.ModelTag(l, m), text: text, look: draw.LayerLook(l)})
	}
	lines = append(lines, helpLine{}, helpLine{text: "Signs", look: draw.Accent})
	return append(lines,
		helpLine{keys: "✗", text: "lost, or dropped, and why", look: draw.Bad},
		helpLine{keys: "↻", text: "sent again"},
		helpLine{keys: "▐", text: "where the cursor is", look: draw.Accent},
		helpLine{keys: "[+20]", text: "20 bytes of header, in the colour of their layer; reversed: added or read in this step"},
		helpLine{keys: "~", text: "more than fits here, or time in which nothing happens"},
		helpLine{keys: ". : |", text: "in the second line, the whole run: little, more, most is sent"},
		helpLine{},
		helpLine{text: "w opens the glossary.", look: draw.Plain},
	)
}

// help is the help in lines that are at most w wide.
func (m *model) help(w int) (out []helpLine) {
	for _, line := range helpLines(m.opt.Model) {
		room := w
		if line.keys != "" {
			room -= helpColumn
		}
		for i, text := range draw.Wrap(line.text, room) {
			line.text, line.more = text, i > 0
			out = append(out, line)
		}
	}
	return out
}

func (m *model) drawHelp(c *draw.Canvas, r draw.Rect) {
	c.Text(r, 0, 0, "help", draw.Accent)
	c.Line(r, 5, 0, r.W, '─', draw.Rule)
	body := draw.Box(r.X+2, r.Y+2, r.W-4, r.H-3)
	lines := m.help(body.W - 2) // beside the sign that more follows
	m.page = min(m.page, max(len(lines)-body.H, 0))
	for y := 0; y < body.H && m.page+y < len(lines); y++ {
		line := lines[m.page+y]
		if line.keys == "" {
			c.Text(body, 0, y, line.text, line.look)
			continue
		}
		if !line.more {
			c.TextTo(body, 2, y, helpColumn-1, line.keys, line.look|draw.Bold)
		}
		c.Text(body, helpColumn, y, line.text, draw.Plain)
	}
	if m.page+body.H < len(lines) {
		c.Text(body, body.W-1, body.H-1, "~", draw.Accent)
	}
}
