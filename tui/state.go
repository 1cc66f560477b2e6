package tui

import (
	"slices"

	"strata/trace"
)

// state draws the tables of the cursor's node as they are after its step:
// sockets, TCP's variables, ARP, MAC and routing tables, queues. What the
// step changed is reversed.
type state struct{ first int } // the first line shown

// stateLine is one line: a row's name, or nothing where its values go on.
type stateLine struct {
	name   string
	values []stateValue
}

type stateValue struct {
	text  string
	fresh bool
}

// The columns of the pane: the row's name, then "field value" again and again.
const (
	nameWidth  = 38
	valueWidth = 25
)

func (s *state) draw(c *canvas, r rect, cur *cursor) {
	names, own := nameWidth, false
	if r.w < 2*nameWidth {
		names, own = 4, true // the row's name has its own line
	}
	lines := s.lines(cur, max((r.w-names)/valueWidth, 1), own)
	s.first = max(min(s.first, len(lines)-r.h), 0)
	if len(lines) == 0 {
		c.text(r, tagColumn, 0, "nothing is known of this node's tables here", quiet)
	}
	for y := 0; y < r.h && s.first+y < len(lines); y++ {
		line := lines[s.first+y]
		if own {
			c.text(r, tagColumn, y, line.name, quiet)
		} else {
			c.textTo(r, tagColumn, y, names-1, line.name, quiet)
		}
		for i, v := range line.values {
			l := plain
			if v.fresh {
				l = reverse
			}
			x := names + i*valueWidth
			c.textTo(r, x, y, x+valueWidth-2, v.text, l)
		}
	}
	if s.first+r.h < len(lines) && r.h > 0 {
		c.text(r, 0, r.h-1, "~", accent)
	}
}

// maxAttached bounds how many state changes one step can have here.
const maxAttached = 256

// lines lists the node's tables, with columns values a line; each row's name
// on a line of its own, or before its first values.
func (s *state) lines(cur *cursor, columns int, own bool) []stateLine {
	at := cur.event
	fresh := map[trace.SlotID]bool{}
	for _, id := range cur.changes(maxAttached) {
		if cur.t.Event(id).Time != cur.t.Event(cur.event).Time {
			break
		}
		at = id
		fresh[cur.t.Change(id).ID] = cur.t.Event(id).Kind == trace.StateChange
	}
	entries := cur.t.State(at).Table(cur.t.Event(cur.event).Node, "")
	slices.SortStableFunc(entries, func(a, b trace.Entry) int { return rank(a.Slot.Table) - rank(b.Slot.Table) })
	var out []stateLine
	was := ""
	for _, e := range entries {
		name := e.Slot.Key
		if e.Slot.Table != "tcp" {
			name = e.Slot.Table + " " + name
		}
		if name != was {
			out = append(out, stateLine{name: name})
			was = name
			if own {
				out = append(out, stateLine{})
			}
		} else if len(out[len(out)-1].values) == columns {
			out = append(out, stateLine{})
		}
		n := len(out) - 1
		out[n].values = append(out[n].values, stateValue{e.Slot.Field + " " + e.Show, fresh[e.ID]})
	}
	return out
}

// rank orders the tables: what changes most comes first.
func rank(table string) int {
	return slices.Index([]string{"route", "mac", "arp", "queue", "socket", "tcp"}, table) * -1
}
