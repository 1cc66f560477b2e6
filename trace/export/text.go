package export

import (
	"bufio"
	"fmt"

	"strata/layers"
	"strata/trace"
	"strata/trace/caption"
)

// writeText writes a line for every frame and under it one for every event
// that made it or took it apart.
func writeText(w *bufio.Writer, t trace.Trace, part Part) error {
	info := t.Info()
	fmt.Fprintf(w, "%s\n", clean(heading(info)))
	fmt.Fprintf(w, "%s, %s, %s, %s, start %s\n", count(len(info.Nodes), "node"), count(len(info.Links), "link"),
		count(t.Frames(), "frame"), count(t.Events(), "event"), info.Start.UTC().Format(timeLayout))
	for f := range t.Frames() {
		if !part.has(f) {
			continue
		}
		textFrame(w, t, f)
		for _, n := range t.Steps(f) {
			textEvent(w, t, n)
		}
		if _, err := w.Write(nil); err != nil { // a Writer keeps its first error
			return err
		}
	}
	if t.Frames() == 0 {
		for n := trace.EventID(1); int(n) <= t.Events(); n++ {
			textEvent(w, t, n)
		}
	}
	return nil
}

func textFrame(w *bufio.Writer, t trace.Trace, n int) {
	f := t.Frame(n)
	info := t.Info()
	resent := ""
	if f.Resent {
		resent = "↻ "
	}
	text, _ := caption.Label(t, n)
	fmt.Fprintf(w, "\nframe %d  %s ► %s  %s%s, %d bytes", n+1, clean(info.EndName(f.End)),
		clean(info.EndName(f.End.Peer())), resent, clean(text), t.Size(f.PDU))
	switch {
	case info.Captured:
		fmt.Fprintln(w) // that it was seen is all that is known
	case f.Fate == trace.Arrived:
		fmt.Fprintf(w, "  arrived after %s\n", trace.FormatDuration(f.Ended-f.Sent))
	case f.Fate == trace.Lost:
		fmt.Fprint(w, "  ✗ lost on the way\n")
	case wrong(t, f):
		fmt.Fprint(w, "  ✗ dropped on arrival\n")
	case f.Fate == trace.Refused:
		fmt.Fprint(w, "  ignored on arrival\n")
	default:
		fmt.Fprint(w, "  still on its way\n")
	}
}

func textEvent(w *bufio.Writer, t trace.Trace, n trace.EventID) {
	e := t.Event(n)
	fmt.Fprintf(w, "%7d  %s  %-8s  %s %-11s  %-10s", n, appendSeconds(nil, e.Time),
		clean(t.Info().Nodes[e.Node].Name), e.Layer.Tag(), e.Kind, e.Proto)
	switch {
	case e.Kind == trace.StateChange:
		c := t.Change(n)
		fmt.Fprintf(w, "  %s %s %s: %s, was %s", clean(c.Slot.Table), clean(c.Slot.Key), clean(c.Slot.Field),
			clean(c.Show(c.New)), clean(c.Show(c.Old)))
	case e.Kind == trace.Write || e.Kind == trace.Read:
		off, size := t.Extent(n)
		fmt.Fprintf(w, "  %s from %d", count(size, "byte"), off)
	case e.PDU != 0 && t.PDU(e.PDU).Proto != layers.Stream:
		fmt.Fprintf(w, "  %s", count(t.Size(e.PDU), "byte"))
	}
	if e.Inferred {
		fmt.Fprint(w, "  (inferred)")
	}
	if why := t.Text(n); why != "" {
		fmt.Fprintf(w, "  %s [%s]", clean(why), e.Why)
	}
	fmt.Fprintln(w)
}

// count is a number of things: "1 byte", "2 bytes".
func count[N int | int64](n N, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}
