package compare

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"strata/layers"
	"strata/trace"
)

// WriteText writes for people where two traces part, why, what each comes to,
// and which frames differ.
func (c *Comparison) WriteText(to io.Writer) error {
	w := &writer{w: bufio.NewWriter(to)}
	for s := range c.sides {
		w.say(Side(s).String()+"  ", c.names[s])
		if from := c.From(Side(s)); len(from) > 0 {
			w.say("   ", "seen from "+strings.Join(from, ", "))
		}
		if n := c.sides[s].t.Frames(); n > Limit {
			w.say("   ", fmt.Sprintf("only the first %d of its %d frames are compared", Limit, n))
		}
	}
	w.line("")
	w.say("", c.Verdict())
	p, parts := c.Parts()
	turn, turns := c.Turns()
	switch {
	case parts && turns && c.Chance(p):
		c.writeParting(w, turn)
	case parts:
		c.writeParting(w, p)
		if turns && c.Runs() && turn.Row != p.Row {
			w.line("")
			w.say("", "They go other ways at "+c.where(turn)+".")
			c.writeParting(w, turn)
		}
	}
	c.writeNumbers(w)
	if c.counts.Same < c.counts.Rows {
		c.writeRows(w)
	}
	return w.w.Flush()
}

// Verdict says in a few sentences whether the two are the same, and where they
// part.
func (c *Comparison) Verdict() string {
	p, parts := c.Parts()
	turn, turns := c.Turns()
	n := &c.counts
	switch {
	case parts && (turns || !c.byEvent()) && !c.Chance(p):
		return "They part at " + c.where(p) + "."
	case parts && turns:
		return "They part at " + c.where(turn) + ". Until then they differ only in what is drawn by chance, first at " + c.where(p) + "."
	case parts && c.Chance(p):
		return "They do not part: the same frames come in the same order and fare alike. " +
			"What differs is drawn by chance, first at " + c.where(p) + "."
	case parts:
		return "They differ first at " + c.where(p) + ". But the same frames come in the same order, and fare alike."
	case c.byEvent():
		return fmt.Sprintf("The two are the same, event for event and byte for byte: %s, %s.",
			count(c.sides[A].t.Frames(), "frame"), count(c.sides[A].t.Events(), "event"))
	case n.Rows == 0:
		return "There is no frame in either of them."
	case n.Same == n.Rows:
		return fmt.Sprintf("The two are the same, frame for frame and byte for byte: %s.", count(n.Rows, "frame"))
	}
	said := fmt.Sprintf("They do not part: all %s pair, and say the same.", count(n.Rows, "frame"))
	if k := n.By(Header); k > 0 {
		said += fmt.Sprintf(" %d of them differ in what only numbers them or leads them on their way.", k)
	}
	if n.By(Time) > 0 {
		said += fmt.Sprintf(" On A's clock B's come %s.", c.spread(n.Earliest, n.Latest))
	}
	return said
}

// where is the place of a parting, in words.
func (c *Comparison) where(p Parting) string {
	var said []string
	if c.Runs() && !p.Turn {
		said = append(said, fmt.Sprintf("event %d", max(p.Event[A], p.Event[B])))
	}
	for s := range c.sides {
		if id := p.Event[s]; id != 0 {
			said = append(said, clock(c.sides[s].t.Event(id).Time))
			break
		}
	}
	if node := c.whoseOwn(p); node != "" {
		said = append(said, "at "+node)
	} else if p.Row >= 0 {
		way, label := c.Frame(p.Row)
		said = append(said, c.numbersOf(p.Row)+": "+way+", "+label)
	}
	return strings.Join(said, ", ")
}

// whoseOwn is the node where the two part, if they part in what is no frame's: in a table, in a
// timer, or in something that waits.
func (c *Comparison) whoseOwn(p Parting) string {
	if !c.Runs() || p.Turn || c.Chance(p) {
		return ""
	}
	s, id := A, p.Event[A]
	if id == 0 {
		s, id = B, p.Event[B]
	}
	switch e := c.sides[s].t.Event(id); e.Kind {
	case trace.StateChange, trace.TimerSet, trace.TimerFired, trace.Hold:
		return c.node(s, e.Node)
	}
	return ""
}

// numbersOf names a row's frames.
func (c *Comparison) numbersOf(row int) string {
	r := c.Row(row)
	a, b := r.Seen[A].Frame+1, r.Seen[B].Frame+1
	switch {
	case a == b:
		return fmt.Sprintf("frame %d", a)
	case b == 0:
		return fmt.Sprintf("frame %d of A", a)
	case a == 0:
		return fmt.Sprintf("frame %d of B", b)
	}
	return fmt.Sprintf("frame %d of A and %d of B", a, b)
}

func (c *Comparison) writeParting(w *writer, p Parting) {
	w.line("")
	chance := c.Chance(p)
	for s := range c.sides {
		if chance {
			break // the fields tell
		}
		w.say("  In "+Side(s).String()+"  ", c.Says(p, Side(s)))
	}
	if fields := c.partFields(p); len(fields) > 0 {
		if !chance {
			w.line("")
		}
		for _, f := range fields {
			w.say("  "+pad(f.Name, 24)+"  ", orNone(f, A)+" in A, "+orNone(f, B)+" in B")
		}
	}
	if p.Row >= 0 && c.diff[p.Row]&Content != 0 && len(c.partFields(p)) == 0 {
		if words := c.contentWords(p.Row); words != "" {
			w.line("")
			w.say("  They differ from ", words)
		}
	}
	if len(p.Led) == 0 || chance {
		return
	}
	w.line("")
	if p.Turn {
		w.line("What led there, in " + p.Of.String() + ":")
	} else {
		w.line("What led there, alike in both:")
	}
	for _, id := range p.Led {
		t := c.sides[p.Of].t
		e := t.Event(id)
		w.say("  "+clock(e.Time)+"  "+c.node(p.Of, e.Node)+"  ", because(t, id))
	}
}

// partFields are fields in which the frames differ where the two part.
func (c *Comparison) partFields(p Parting) []Field {
	const most = 8
	if p.Row < 0 || p.Event[A] == 0 || p.Event[B] == 0 || p.Differ&(Content|Header) == 0 && !c.Chance(p) {
		return nil
	}
	chance := c.Chance(p)
	fields := slices.DeleteFunc(c.Fields(p.Row), func(f Field) bool { return f.Numbers != chance })
	return fields[:min(len(fields), most)]
}

func (c *Comparison) writeNumbers(w *writer) {
	w.line("")
	w.line(pad("", 20) + left("A", 16) + left("B", 16))
	for _, n := range c.Table() {
		w.line(pad(n.What, 20) + left(n.Show[A], 16) + left(n.Show[B], 16))
	}
}

// maxLines is how many lines of frames the text has.
const maxLines = 60

// writeRows lists the frames: those that are the same, or differ only in
// time and numbering, in one line for as many as follow each other.
func (c *Comparison) writeRows(w *writer) {
	w.line("")
	w.line(left("A frame", 8) + left("at", 12) + "  " + left("B frame", 8) + left("at", 12))
	lines := 0
	for i := 0; i < c.Len(); lines++ {
		to := c.stretch(i)
		if lines == maxLines && to < c.Len() {
			w.say("", fmt.Sprintf("and %s more, %d of which differ", count(c.Len()-i, "row"), c.differing(i)))
			return
		}
		if to > i {
			c.writeStretch(w, i, to)
			i = to
			continue
		}
		way, label := c.Frame(i)
		r := c.Row(i)
		w.line(one(r.Seen[A]) + "  " + one(r.Seen[B]) + "  " + way + "  " + label + "  " + c.Words(i))
		i++
	}
}

// stretch is the end of the rows from i on that tell nothing new each; i: row
// i does.
func (c *Comparison) stretch(i int) int {
	plain := func(i int) bool { return c.diff[i]&course == 0 }
	same := func(i int) bool { return c.diff[i] == 0 }
	first := i
	for i < c.Len() && plain(i) && same(i) == same(first) {
		if by := i - first; c.sight(A, i) != c.sight(A, first)+by || c.sight(B, i) != c.sight(B, first)+by {
			break
		}
		i++
	}
	return i
}

func (c *Comparison) differing(i int) (n int) {
	for ; i < c.Len(); i++ {
		if c.diff[i] != 0 {
			n++
		}
	}
	return n
}

func (c *Comparison) writeStretch(w *writer, i, to int) {
	first, last := c.Row(i), c.Row(to-1)
	what := "the same"
	if c.diff[i] != 0 {
		low, high := first.Later, first.Later
		var d Diff
		for ; i < to; i++ {
			by := c.Row(i).Later
			low, high, d = min(low, by), max(high, by), d|c.diff[i]
		}
		var said []string
		if d&Header != 0 {
			said = append(said, "the same but for numbers")
		}
		if d&Time != 0 {
			said = append(said, c.spread(low, high))
		}
		what = strings.Join(said, ", ")
	}
	w.line(some(first.Seen[A], last.Seen[A]) + "  " + some(first.Seen[B], last.Seen[B]) + "  " + what)
}

// spread says how much later B's are.
func (c *Comparison) spread(low, high trace.Time) string {
	switch {
	case low == high:
		return later(low)
	case low >= 0:
		return "up to " + later(high)
	case high <= 0:
		return "up to " + later(low)
	}
	return fmt.Sprintf("up to %s, up to %s", later(low), later(high))
}

// one is a frame's number and time in a row.
func one(s Seen) string {
	if s.Frame < 0 {
		return left("-", 8) + left("", 12)
	}
	return left(strconv.Itoa(s.Frame+1), 8) + left(clock(s.Time), 12)
}

// some are the frames of several rows.
func some(a, b Seen) string {
	if a.Frame == b.Frame {
		return one(a)
	}
	return left(fmt.Sprintf("%d to %d", a.Frame+1, b.Frame+1), 20)
}

func clock(t trace.Time) string {
	if t == 0 {
		return "0 s"
	}
	return trace.FormatDuration(t)
}

// count is a number of things: "1 frame", "2 frames".
func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

// pad fills a text up to a width, and left puts it at the right end of one.
func pad(s string, w int) string { return s + strings.Repeat(" ", max(0, w-utf8.RuneCountInString(s))) }
func left(s string, w int) string {
	return strings.Repeat(" ", max(0, w-utf8.RuneCountInString(s))) + s
}

// writer writes lines that are safe for a terminal.
type writer struct{ w *bufio.Writer }

// textWidth is where sentences are broken.
const textWidth = 80

func (w *writer) line(s string) {
	fmt.Fprintln(w.w, strings.TrimRight(layers.Printable(s), " "))
}

// say writes a sentence behind a heading, its further lines indented by as much.
func (w *writer) say(heading, s string) {
	indent := utf8.RuneCountInString(heading)
	line := heading
	used := false
	for _, word := range strings.Fields(s) {
		if used && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > textWidth {
			w.line(line)
			line, used = strings.Repeat(" ", indent), false
		}
		if used {
			line += " "
		}
		line, used = line+word, true
	}
	w.line(line)
}
