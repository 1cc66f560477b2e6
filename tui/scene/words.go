package scene

import "strata/tui/draw"

// Words draws paragraphs from line y on, in at most so many lines, and gives
// the line behind them. What does not fit ends in "~".
func Words(c *draw.Canvas, r draw.Rect, y, most int, l draw.Look, paragraphs ...string) int {
	var lines []string
	for _, p := range paragraphs {
		lines = append(lines, draw.Wrap(c.Clean(p), max(r.W-Margin, 2))...)
	}
	for i, s := range lines[:min(len(lines), max(most, 0))] {
		if i == most-1 && len(lines) > most {
			s = draw.Cut(s+" "+lines[most], r.W-Margin)
		}
		c.Text(r, Margin, y, s, l)
		y++
	}
	return y
}
