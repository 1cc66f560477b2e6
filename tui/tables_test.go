package tui

import (
	"strings"
	"testing"

	"strata/testdata/golden"
	"strata/trace"
)

// knowing is rtoBackoff's run with tables: an ARP entry that is learned, changes
// and goes; a name with its time; a route that stays.
func knowing() *maker {
	m := newMaker("knowing")
	set := func(at trace.Time, n trace.NodeID, table, key, field string, typ trace.ValueType, v int64, cause trace.EventID) trace.EventID {
		return m.Set(trace.Event{Time: at, Cause: cause, Layer: 3, End: trace.NoEnd}, m.Slot(trace.Slot{Node: n, Table: table, Key: key, Field: field, Type: typ}), v)
	}
	set(0, client, "route", "10.0.1.0/24", "via", trace.Text, m.Intern("on the link"), 0)
	set(0, router, "route", "10.0.2.0/24", "via", trace.Text, m.Intern("on the link"), 0)
	set(0, client, "dns", "www.example", "address", trace.Text, m.Intern("10.0.2.2"), 0)
	set(0, client, "dns", "www.example", "until", trace.Text, m.Intern("00:00:30.500"), 0)
	for i, v := range []int64{0x020000000102, 0x020000000999, trace.Absent} {
		c := m.send(segment{from: client, flags: syn, seq: uint32(isnC + i), code: "tcp.syn"}, 0)
		set(m.now, client, "arp", "10.0.1.1", "mac", trace.MAC, v, c)
		m.now += 500 * trace.Millisecond
	}
	return m
}

// changing finds the step that the nth change of the ARP entry belongs to.
func changingARP(m *maker, nth int) trace.EventID {
	for e := trace.EventID(1); int(e) <= m.Events(); e++ {
		if m.Event(e).Kind == trace.StateChange && m.Change(e).Slot.Table == "arp" {
			if nth--; nth == 0 {
				return e
			}
		}
	}
	return 0
}

// TestTableScreens holds the tables: when a value is new, when it changes, when
// it goes; and what is heard of them in a capture.
func TestTableScreens(t *testing.T) {
	m := knowing()
	zoom := func(v *viewer) { v.focus, v.Zoomed, v.listing = tablesPane, true, false; v.ChooseHost(client) }
	for _, s := range []struct {
		name string
		t    trace.Trace
		e    trace.EventID
		w, h int
		s    Screen
	}{
		{"new-80x24", m, changingARP(m, 1), 80, 24, Screen{}},
		{"changed-80x24", m, changingARP(m, 2), 80, 24, Screen{}},
		{"gone-80x24", m, changingARP(m, 3), 80, 24, Screen{}},
		{"ascii", m, changingARP(m, 3), 80, 24, Screen{ASCII: true}},
		{"120x40", m, changingARP(m, 2), 120, 40, Screen{}},
		{"200x60", m, changingARP(m, 2), 200, 60, Screen{}},
		{"capture-80x24", captured(rtoBackoff().(*trace.Log)), eventOf(rtoBackoff(), trace.Deliver, 1), 80, 24, Screen{}},
	} {
		golden.Check(t, "tables-"+s.name+".txt", text(screenAt(s.t, s.e, s.w, s.h, s.s, zoom)))
	}
	looks(t, "tables", m, changingARP(m, 2), zoom)
}

// TestTableKeys chooses rows and nodes, and goes to the event that changed a row.
func TestTableKeys(t *testing.T) {
	m := knowing()
	d := drive(t, House{}, Options{Trace: m}, 120, 40)
	v := d.m.viewer
	v.At.Last()
	v.focus = tablesPane
	for i, want := range []trace.NodeID{client, router, server} {
		if d.press("right"); v.Host() != want {
			t.Errorf("%d times right: node %d, want %d", i+1, v.Host(), want)
		}
	}
	d.press("right", "right")
	d.m.draw()
	if v.Host() != client || !strings.Contains(text(d.m), "client's (chosen)") {
		t.Errorf("node %d is chosen", v.Host())
	}
	// Rows: the name, the entry that goes in this step, the route.
	d.press("pgup", "down", "down", "enter")
	if e := v.Event(); e.Time != 0 {
		t.Errorf("the route was made at %d", e.Time)
	}
	v.At.Last()
	d.m.draw()
	d.press("pgup", "enter")
	if e := v.Event(); e.Time != 0 {
		t.Errorf("the name came at %d", e.Time)
	}
}

// TestTableRowGoesBack: a row that changed later goes to that change.
func TestTableRowGoesBack(t *testing.T) {
	m := knowing()
	d := drive(t, House{}, Options{Trace: m}, 120, 40)
	v := d.m.viewer
	v.focus = tablesPane
	v.ChooseHost(client)
	v.At.GoTo(changingARP(m, 3) - 2)
	d.m.draw()
	d.press("pgup", "down", "enter")
	if want := v.T.Event(changingARP(m, 2)).Time; v.Event().Time != want {
		t.Errorf("at %d, the entry changed at %d", v.Event().Time, want)
	}
}
