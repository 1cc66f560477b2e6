package connection

import (
	"slices"
	"time"

	"strata/capture/capturetest"
	"strata/layers"
	"strata/scenarios"
	"strata/trace"
)

// seenAt is what tcpdump would see of a run at a host.
func seenAt(l *trace.Log, host trace.NodeID) []capturetest.Frame {
	var all []capturetest.Frame
	add := func(at trace.Time, id trace.PDUID) {
		b := l.Append(nil, id, 0, l.Size(id))
		all = append(all, capturetest.Frame{At: at + trace.Second, Data: b[:len(b)-layers.FCSSize]})
	}
	for n := trace.EventID(1); int(n) <= l.Events(); n++ {
		e := l.Event(n)
		switch {
		case e.Node != host:
		case e.Kind == trace.Transmit:
			add(e.Time, e.PDU)
		case e.Kind == trace.Decapsulate && e.Layer == layers.DataLink: // its FCS was right
			add(e.Time, e.PDU)
		}
	}
	return all
}

// all reads a connection to its end.
func (c *Connection) all() *Connection {
	for c.Work(time.Second) {
	}
	return c
}

// connections are those of a trace, in the order of their first event.
func connections(t trace.Trace) (all []*Connection) {
	if t.Info().Captured {
		for i := range t.Conversations() {
			if talk := t.Conversation(i); talk.Proto == layers.TCP {
				all = append(all, Of(t, t.Frame(talk.First).Transmit).all())
			}
		}
		return all
	}
	for n := trace.EventID(1); int(n) <= t.Events(); n++ {
		if ch := t.Change(n); ch.Old != trace.Absent || ch.Slot.Table != "tcp" || ch.Slot.Field != "state" || slices.ContainsFunc(all, func(c *Connection) bool { return c.Has(n) }) {
			continue
		}
		if c := Of(t, n); c != nil {
			all = append(all, c.all())
		}
	}
	return all
}

// small is how to make a large scenario small.
var small = map[string][]string{
	"bulk": {"programs.source.with.size=1000000", "expect=[{that: quick, stats: {bytes_delivered: 1000000, drops: 0}}]"},
}

// course is the names of the built-in scenarios.
func course() (names []string) {
	for _, e := range scenarios.List() {
		if e.Name != "dumbbell" { // large, and like bulk
			names = append(names, e.Name)
		}
	}
	return names
}

// Count is how many samples there are of a kind.
func (c *Connection) Count(side int, k Kind) (n int) {
	if c.pairing > 0 {
		return 0
	}
	for i := range c.whole.dirs[side][k].all {
		n += int(c.whole.dirs[side][k].all[i].n)
	}
	return n
}
