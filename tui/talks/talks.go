// Package talks is the pane of conversations: a table for each protocol, in an
// order that one chooses.
package talks

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
)

// Pane is the conversations as tables, one for each protocol. The rows are
// in an order that is worked out in the background; only those shown are
// read.
type Pane struct {
	*scene.Scene
	tab    int
	tables [len(talkProtos)]table
	known  int // conversations that the tables have
	job    *scene.Job
	sorted time.Time
	area   draw.Rect // where the rows were drawn
	tabAt  [len(talkProtos)]draw.Rect
	cols   []column
	order  sortBy
	back   bool // the greatest first
	typed  string
	seeker *scene.Job
}

// table is one protocol's conversations.
type table struct {
	rows []int // conversations, in the order shown
	at   int   // the chosen row
	top  int
}

var talkProtos = [...]layers.Proto{layers.TCP, layers.UDP, layers.IPv4, layers.IPv6, layers.Ethernet}

// sortBy is a column of the tables.
type sortBy uint8

const (
	byFirst sortBy = iota // the order in which they began
	byA
	byB
	byFrames
	byThere
	byBack
	byBytes
	byStart
	byDuration
	sortColumns
)

var sortNames = [sortColumns]string{"No.", "A", "B", "Frames", "A ► B", "A ◄ B", "Bytes", "Start", "Duration"}

// talkKey is what conversations are put in order by.
type talkKey struct {
	n    int64
	text string
	i    int
}

func (o sortBy) key(i int, c trace.Conversation) talkKey {
	k := talkKey{i: i}
	switch o {
	case byA:
		k.text = c.A
	case byB:
		k.text = c.B
	case byFrames:
		k.n = int64(c.Frames[0] + c.Frames[1])
	case byThere:
		k.n = c.Bytes[0]
	case byBack:
		k.n = c.Bytes[1]
	case byBytes:
		k.n = c.Bytes[0] + c.Bytes[1]
	case byStart:
		k.n = int64(c.Start)
	case byDuration:
		k.n = int64(c.End - c.Start)
	}
	return k
}

// update begins to put the conversations in order, when there are new ones;
// nil when there is nothing to do.
func (x *Pane) update() *scene.Job {
	n := x.T.Conversations()
	if x.job.Running() || n == x.known || x.T.Frozen && x.known > 0 || time.Since(x.sorted) < scene.Rest {
		return nil
	}
	return x.sort()
}

// sort puts all conversations in order. They are read some at a time; what
// was shown stays until the new order is whole, but for the first time.
func (x *Pane) sort() *scene.Job {
	x.job.Stop()
	t, order, back := x.T.Trace, x.order, x.back
	total := t.Conversations()
	fresh := x.known == 0
	var keys [len(talkProtos)][]talkKey
	var begun [len(talkProtos)][]int // the rows as they began, to show at first
	next := 0
	x.job = &scene.Job{Of: x.T, Work: func(d time.Duration) func() bool {
		for begin := time.Now(); next < total && time.Since(begin) < d; next++ {
			c := t.Conversation(next)
			if p := slices.Index(talkProtos[:], c.Proto); p >= 0 {
				keys[p] = append(keys[p], order.key(next, c))
				begun[p] = append(begun[p], next)
			}
		}
		if next < total {
			some := begun
			return func() bool {
				if fresh {
					x.take(some)
				}
				return true
			}
		}
		var rows [len(talkProtos)][]int
		for p := range keys {
			rows[p] = inOrder(keys[p], back)
		}
		return func() bool {
			x.take(rows)
			x.known, x.sorted = total, time.Now()
			return false
		}
	}}
	return x.job
}

func inOrder(keys []talkKey, back bool) []int {
	slices.SortFunc(keys, func(a, b talkKey) int {
		if back {
			a, b = b, a
		}
		return cmp.Or(cmp.Compare(a.n, b.n), strings.Compare(a.text, b.text), cmp.Compare(a.i, b.i))
	})
	rows := make([]int, len(keys))
	for i, k := range keys {
		rows[i] = k.i
	}
	return rows
}

// take shows the tables in a new order; the chosen rows stay chosen, and an
// empty table gives way to one with rows.
func (x *Pane) take(rows [len(talkProtos)][]int) {
	for p := range x.tables {
		t := &x.tables[p]
		chosen := -1
		if t.at < len(t.rows) {
			chosen = t.rows[t.at]
		}
		t.rows = rows[p]
		if t.at > 0 {
			t.at = max(slices.Index(t.rows, chosen), 0)
		}
	}
	for p := range x.tables {
		if x.known == 0 && len(x.tables[x.tab].rows) == 0 && len(x.tables[p].rows) > 0 {
			x.tab = p
		}
	}
}

// chosen is the conversation of the chosen row.
func (x *Pane) chosen() (i int, ok bool) {
	t := &x.tables[x.tab]
	if t.at >= len(t.rows) {
		return 0, false
	}
	return t.rows[t.at], true
}

// move moves the choice by rows.
func (x *Pane) move(by int) {
	t := &x.tables[x.tab]
	t.at = min(max(t.at+by, 0), max(len(t.rows)-1, 0))
}

// turnTab goes on to the next table.
func (x *Pane) turnTab(by int) {
	x.tab = (x.tab + by + len(x.tables)) % len(x.tables)
}

// chooseBy orders the rows by a column; by the same one again, the other way.
func (x *Pane) chooseBy(by sortBy) {
	if by == x.order {
		x.back = !x.back
		return
	}
	x.by(int(by) - int(x.order))
}

// by chooses the column beside the one that the rows are ordered by. Numbers
// begin with the greatest, what has an order of its own with the first.
func (x *Pane) by(beside int) {
	x.order = sortBy((int(x.order) + beside + int(sortColumns)) % int(sortColumns))
	x.back = x.order == byFrames || x.order == byThere || x.order == byBack || x.order == byBytes || x.order == byDuration
}

// find looks for an end with what was typed in it, on from the chosen row of
// the table or back; found is called on the loop, with -1 when there is none.
func (x *Pane) find(by int, found func(row int)) *scene.Job {
	x.seeker.Stop()
	t, rows, typed := x.T.Trace, x.tables[x.tab].rows, strings.ToLower(x.typed)
	x.seeker = scene.SeekRow(x.T, len(rows), x.tables[x.tab].at, by, func(row int) bool {
		c := t.Conversation(rows[row])
		return strings.Contains(strings.ToLower(c.A+" "+c.B), typed)
	}, found)
	return x.seeker
}
