package export

import (
	"bufio"
	"fmt"
	"strings"

	"strata/trace"
	"strata/trace/caption"
)

// writeMermaid writes a sequence diagram: an arrow for each frame, a note for
// what was lost or sent again and for what the scenario tells, and a line across
// where nothing happens for long. Numbers are the frames', where all are drawn.
func writeMermaid(w *bufio.Writer, t trace.Trace, part Part) error {
	j := journeyOf(t, part)
	info := t.Info()
	fmt.Fprintf(w, "---\ntitle: %q\n---\nsequenceDiagram\n", clean(heading(info)))
	if n := len(j.frames); n > 0 && j.frames[n-1] == n-1 {
		fmt.Fprint(w, "    autonumber\n")
	}
	for i, n := range j.nodes {
		name := mermaidText(info.Nodes[n].Name)
		if a := info.Nodes[n].Addrs; len(a) > 0 && a[0] != info.Nodes[n].Name {
			name += "<br/>" + mermaidText(a[0])
		}
		fmt.Fprintf(w, "    participant n%d as %s\n", i, name)
	}
	if j.leftOut != "" && len(j.nodes) > 0 {
		fmt.Fprintf(w, "    Note over n0: %s\n", j.leftOut)
	}
	m := mermaid{w, t, &j, notesOf(t, &j), pause(t, &j)}
	for i, n := range j.frames {
		if i > 0 {
			m.silence(t.Frame(j.frames[i-1]).Sent, t.Frame(n).Sent)
		}
		m.frame(n)
	}
	return nil
}

// mermaid writes a journey.
type mermaid struct {
	w     *bufio.Writer
	t     trace.Trace
	j     *journey
	notes []note
	pause trace.Time
}

func (m *mermaid) frame(n int) {
	f := m.t.Frame(n)
	from, to := m.j.column(f.From), m.j.column(f.To)
	arrow, resent := "->>", ""
	if wrong(m.t, f) {
		arrow = "-x"
	}
	if f.Resent {
		resent = "↻ "
	}
	text, _ := caption.Label(m.t, n)
	fmt.Fprintf(m.w, "    n%d%sn%d: %s%s\n", from, arrow, to, resent, mermaidText(text))
	for _, r := range m.notes {
		if r.frame != n {
			continue
		}
		lines := wrapped(r.text, noteChars)
		for i := range lines {
			lines[i] = mermaidText(lines[i])
		}
		text := strings.Join(lines, "<br/>")
		switch r.kind {
		case harmed:
			fmt.Fprintf(m.w, "    Note over n%d,n%d: ✗ %s\n", min(from, to), max(from, to), text)
		case again:
			fmt.Fprintf(m.w, "    Note over n%d: ↻ %s\n", from, text)
		case said:
			fmt.Fprintf(m.w, "    Note over n%d,n%d: %s\n", min(from, to), max(from, to), text)
		}
	}
}

// pause is how long nothing must be sent for that to be said: ten times as
// long as it usually takes from frame to frame.
func pause(t trace.Trace, j *journey) trace.Time {
	if len(j.frames) < 2 {
		return 0
	}
	a := axis{}
	for _, n := range j.frames {
		a.times = append(a.times, t.Frame(n).Sent)
	}
	return 10 * max(a.median(), trace.Microsecond)
}

// silence says for how long nothing is sent.
func (m *mermaid) silence(from, to trace.Time) {
	if to-from > m.pause {
		fmt.Fprintf(m.w, "    Note over n0,n%d: ~ %s, nothing\n", len(m.j.nodes)-1, trace.FormatDuration(to-from))
	}
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
