package tui

import (
	"strings"
	"testing"

	"strata/trace"
)

// TestConversations: many of them, in any order, and from a
// row to its first frame, its filter and its stream.
func TestConversations(t *testing.T) {
	tr := &fakeTrace{Trace: incident(), frames: 1000, talks: 60_000}
	tr.said = func(each func(trace.Said) bool) { each(trace.Said{Data: []byte("hello there")}) }
	d := drive(t, House{}, Options{Trace: tr}, 160, 40)
	d.press("c")
	d.wants("TCP 12,000")
	d.wants("Ethernet 12,000")
	d.press("tab", "down", "down", "F")
	if got := d.m.line.Text(); !strings.HasPrefix(got, "udp.stream == ") {
		t.Errorf("the filter of a UDP conversation is %q", got)
	}
	d.press("esc", "s")
	d.wants("hello there")
	d.press("esc")
	d.wants("TCP 12,000")
	d.press("/", "10.0.7.", "enter")
	d.wants("▐")
	for _, l := range strings.Split(d.screen(), "\n") {
		if strings.HasPrefix(l, "▐") && !strings.Contains(l, "10.0.7.") {
			t.Errorf("found is %s", l)
		}
	}
	d.press("tab", "s")
	d.wants("only TCP and UDP")
	d.press("shift+tab", "enter")
	if d.m.viewer.focus != listPane {
		t.Errorf("Enter goes to %s", d.m.viewer.focus)
	}
}
