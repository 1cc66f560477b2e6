package export

import (
	"bufio"
	"fmt"
	"strings"

	"strata/trace"
	"strata/trace/caption"
)

// writeMermaid writes a sequence diagram: an arrow for each frame, a note for
// what was lost or sent again.
func writeMermaid(w *bufio.Writer, t trace.Trace, part Part) error {
	j := journeyOf(t, part)
	info := t.Info()
	fmt.Fprintf(w, "---\ntitle: %q\n---\nsequenceDiagram\n", clean(heading(info)))
	for i, n := range j.nodes {
		fmt.Fprintf(w, "    participant n%d as %s\n", i, mermaidText(info.Nodes[n].Name))
	}
	for _, n := range j.frames {
		f := t.Frame(n)
		from, to := j.column(f.From), j.column(f.To)
		arrow, resent := "->>", ""
		if wrong(t, f) {
			arrow = "-x"
		}
		if f.Resent {
			resent = "↻ "
		}
		text, _ := caption.Label(t, n)
		fmt.Fprintf(w, "    n%d%sn%d: %s%s\n", from, arrow, to, resent, mermaidText(text))
		if f.Resent && f.Hop == 1 {
			fmt.Fprintf(w, "    Note over n%d: %s\n", from, mermaidText(whyMade(t, f.Transmit)))
		}
		if arrow == "-x" {
			fmt.Fprintf(w, "    Note over n%d,n%d: ✗ %s\n", from, to, mermaidText(t.Text(f.Last)))
		}
	}
	if j.leftOut != "" && len(j.nodes) > 0 {
		fmt.Fprintf(w, "    Note over n0: %s\n", j.leftOut)
	}
	return nil
}

// mermaidText makes a text safe in a diagram: what Mermaid or a page would
// read as its own is written as an entity of Mermaid's ("#59;" is ";").
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range clean(s) {
		switch {
		case strings.ContainsRune("#;<>\"&%{}`\\$", r):
			fmt.Fprintf(&b, "#%d;", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
