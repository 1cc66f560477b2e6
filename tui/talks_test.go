package tui

import (
	"slices"
	"strings"
	"testing"

	"strata/layers"
	"strata/trace"
)

// TestConversations: many of them, in any order, and from a
// row to its first frame, its filter and its stream.
func TestConversations(t *testing.T) {
	tr := &fakeTrace{Trace: incident(), frames: 1000, talks: 60_000}
	tr.said = func(each func(trace.Said) bool) { each(trace.Said{Data: []byte("hello there")}) }
	d := drive(t, House{}, Options{Trace: tr}, 160, 40)
	x := &d.m.viewer.talks
	d.press("c")
	d.wants("TCP 12,000")
	d.wants("Ethernet 12,000")
	for by := range sortColumns {
		x.order, x.back = (by+sortColumns-1)%sortColumns, false
		d.press("right")
		rows := x.tables[0].rows
		if len(rows) != 12_000 {
			t.Fatalf("%d rows", len(rows))
		}
		inOrder := slices.IsSortedFunc(rows, func(a, b int) int {
			ka, kb := by.key(a, tr.Conversation(a)), by.key(b, tr.Conversation(b))
			if x.back {
				ka, kb = kb, ka
			}
			if ka.n != kb.n {
				return int(min(max(ka.n-kb.n, -1), 1))
			}
			return strings.Compare(ka.text, kb.text)
		})
		if !inOrder {
			t.Errorf("the rows are not ordered by %s", sortNames[by])
		}
	}
	first := x.tables[0].rows[0]
	d.press("r")
	if rows := x.tables[0].rows; rows[len(rows)-1] != first {
		t.Error("r does not turn the order")
	}
	d.press("tab", "down", "down", "F")
	i, _ := x.chosen()
	if c := tr.Conversation(i); c.Proto != layers.UDP || d.m.line.Text() != filterOf(c) {
		t.Errorf("the filter of %v is %q", c, d.m.line.Text())
	}
	d.press("esc", "s")
	d.wants("hello there")
	d.press("esc")
	d.wants("TCP 12,000")
	d.press("/", "10.0.7.", "enter")
	if i, _ = x.chosen(); !strings.Contains(tr.Conversation(i).A, "10.0.7.") {
		t.Errorf("found is %s", tr.Conversation(i).A)
	}
	d.press("tab", "s")
	d.wants("only TCP and UDP")
	d.press("shift+tab", "enter")
	if d.m.viewer.page != framesPage || d.m.viewer.At.Frame != tr.Conversation(i).First {
		t.Errorf("Enter goes to frame %d, want %d", d.m.viewer.At.Frame, tr.Conversation(i).First)
	}
}
