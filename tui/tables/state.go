package tables

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
)

// tables is what makes the lines.
type tables struct {
	s     *scene.Scene
	cur   *scene.Cursor
	w     int
	at    trace.EventID           // the state after the step, with what it changed at once
	did   map[trace.SlotID]change // what the step changed
	last  []trace.EventID         // by slot, the event that changed it last; nil: not known
	lines []tableLine
	refs  []ref
}

// change is what the step did to a value.
type change struct {
	slot trace.Slot
	was  string // "": it was not there
	gone bool
}

// maxAttached bounds how many state changes one step can have here.
const maxAttached = 256

func newTables(s *scene.Scene, w int) *tables {
	cur := &s.At
	x := &tables{s: s, cur: cur, w: w, at: cur.Event, did: map[trace.SlotID]change{}}
	for _, id := range cur.Changes(maxAttached) {
		e := cur.T.Event(id)
		if e.Time != cur.T.Event(cur.Event).Time {
			break
		}
		x.at = id
		if e.Kind == trace.StateChange {
			x.change(cur.T.Change(id))
		}
	}
	if len(cur.Steps) == 0 && cur.T.Event(cur.Event).Kind == trace.StateChange {
		x.change(cur.T.Change(cur.Event)) // a run without frames
	}
	return x
}

// change enters what the step did; of several to one value, from the first to
// the last.
func (x *tables) change(ch trace.Change) {
	d, again := x.did[ch.ID]
	if d.slot = ch.Slot; !again && ch.Old != trace.Absent {
		d.was = ch.Show(ch.Old)
	}
	d.gone = ch.New == trace.Absent
	x.did[ch.ID] = d
}

// fewTables is how many nodes' tables are listed; in a larger network only
// those of the cursor's node.
const fewTables = 16

func (x *tables) all() {
	here := x.s.Host()
	x.node(here)
	nodes := x.cur.T.Info().Nodes
	if len(nodes) > fewTables {
		return
	}
	for i := range nodes {
		if n := trace.NodeID(i); n != here {
			before := len(x.lines)
			x.put(tableLine{})
			x.put(say(0, x.w, nodes[i].Name+"'s tables", draw.Accent))
			if x.node(n); len(x.lines) == before+2 {
				x.lines = x.lines[:before]
			}
		}
	}
}

// say is a line of one text.
func say(from, end int, s string, l draw.Look) (line tableLine) {
	line.add(from, end, s, l)
	return line
}

// put adds a line that belongs to no row.
func (x *tables) put(l tableLine) {
	l.row = 0
	x.lines = append(x.lines, l)
}

// row begins a row of a table: the lines that own adds are its.
func (x *tables) row(n trace.NodeID, table string, r *tableRow) {
	x.refs = append(x.refs, ref{id: fmt.Sprint(n, table, r.key), event: x.changed(r), line: len(x.lines)})
}

func (x *tables) own(l tableLine) {
	l.row = len(x.refs)
	x.lines = append(x.lines, l)
}

// tableRow is a row with its fields, in the order in which they appeared.
type tableRow struct {
	key    string
	fields []trace.Entry
}

func (r *tableRow) entry(field string) (e trace.Entry, ok bool) {
	for _, e := range r.fields {
		if e.Slot.Field == field {
			return e, true
		}
	}
	return e, false
}

// gone tells whether the step took all of a row away.
func (x *tables) gone(r *tableRow) bool {
	return !slices.ContainsFunc(r.fields, func(e trace.Entry) bool { return !x.did[e.ID].gone })
}

// born tells whether the step made a row.
func (x *tables) born(r *tableRow) bool {
	return !slices.ContainsFunc(r.fields, func(e trace.Entry) bool {
		d, changed := x.did[e.ID]
		return !changed || d.was != ""
	})
}

// changed is the event that last changed something in a row; 0: not known.
func (x *tables) changed(r *tableRow) (last trace.EventID) {
	for _, e := range r.fields {
		if int(e.ID) < len(x.last) {
			last = max(last, x.last[e.ID])
		}
	}
	return last
}

// rows are a node's tables by their names, with what the step took away.
func (x *tables) rows(n trace.NodeID) (names []string, rows map[string][]tableRow) {
	all := x.cur.T.State(x.at).Table(n, "")
	taken := len(all)
	for id, d := range x.did {
		if d.gone && d.slot.Node == n && d.was != "" {
			all = append(all, trace.Entry{Slot: d.slot, ID: id, Value: trace.Absent, Show: d.was})
		}
	}
	if len(all) > taken {
		slices.SortFunc(all, func(a, b trace.Entry) int {
			return cmp.Or(strings.Compare(a.Slot.Table, b.Slot.Table), strings.Compare(a.Slot.Key, b.Slot.Key), cmp.Compare(a.ID, b.ID))
		})
	}
	rows = map[string][]tableRow{}
	for _, e := range all {
		name := e.Slot.Table
		list := rows[name]
		if list == nil {
			names = append(names, name)
		}
		if k := len(list); k == 0 || list[k-1].key != e.Slot.Key {
			list = append(list, tableRow{key: e.Slot.Key})
		}
		last := &list[len(list)-1]
		last.fields = append(last.fields, e)
		rows[name] = list
	}
	slices.SortStableFunc(names, func(a, b string) int { return tableRank(a) - tableRank(b) })
	return names, rows
}

// node lists a node's tables.
func (x *tables) node(n trace.NodeID) {
	names, rows := x.rows(n)
	for _, name := range names {
		if name == "socket" {
			x.sockets(n, rows[name], rows["tcp"])
			continue
		}
		x.table(n, name, rows[name])
	}
}

// kind is what is known of a kind of table.
type kind struct {
	name  string
	title string
	layer layers.Layer
	key   string            // what its rows are named by
	words map[string]string // of its fields
}

// kinds are the tables in the order in which they are listed; what is not among
// them is a table of a program's and comes behind the sockets.
var kinds = []kind{
	{name: "socket", title: "sockets", layer: layers.Session},
	{layer: layers.Application, key: "name"},
	{name: "dns", title: "DNS cache: addresses of names, and how long they hold", layer: layers.Application, key: "name", words: map[string]string{"until": "holds for"}},
	{name: "lease", title: "DHCP: who has which address, and how long", layer: layers.Application, key: "address", words: map[string]string{"until": "holds for"}},
	{name: "program", title: "programs that have ended", layer: layers.Application, key: "program"},
	{name: "tcp", title: "TCP, for each connection", layer: layers.Transport, key: "connection"},
	{name: "nat", title: "NAT: who is behind which port, until nothing goes out for long", layer: layers.Network, key: "inside", words: map[string]string{"peer": "lets in", "timeout": "kept without traffic"}},
	{name: "arp", title: "ARP: which MAC address an IP address has; kept for a minute once heard", layer: layers.DataLink, key: "IP address", words: map[string]string{"mac": "MAC address"}},
	{name: "mac", title: "MAC addresses: which port they are at; forgotten when silent for long", layer: layers.DataLink, key: "MAC address"},
	{name: "route", title: "routes: where packets go next", layer: layers.Network, key: "to"},
	{name: "interface", title: "interfaces", layer: layers.Network, key: "interface"},
	{name: "queue", title: "queues: frames that wait for a wire", layer: layers.Physical, key: "interface", words: map[string]string{"frames": "frames waiting"}},
}

func tableRank(name string) int {
	for i, k := range kinds {
		if k.name == name {
			return i
		}
	}
	return 1
}

// kindOf is the kind of a table. Sessions are layer 5's, but those of TLS.
func kindOf(name string) kind {
	k := kinds[tableRank(name)]
	if k.name != "" {
		return k
	}
	k.name, k.title = name, name
	for _, word := range []struct {
		in    string
		layer layers.Layer
	}{{"session", layers.Session}, {"engine.io", layers.Session}, {"websocket", layers.Session}, {"tls", layers.Presentation}} {
		if strings.Contains(strings.ToLower(name), word.in) {
			k.layer = word.layer
		}
	}
	return k
}

// look is how a value looks: what the step changed stands out.
func (x *tables) look(e trace.Entry) draw.Look {
	switch d, changed := x.did[e.ID]; {
	case d.gone:
		return draw.Bad
	case changed:
		return draw.Reverse
	}
	return draw.Plain
}

// show is a value with its words: how long it holds; ✗ before one that is gone.
func (x *tables) show(e trace.Entry) string {
	if x.did[e.ID].gone {
		return "✗ " + e.Show
	}
	if e.Slot.Field == "until" {
		if left, ok := x.left(e.Show); ok {
			return left
		}
	}
	return e.Show
}

// was is what a value was before the step; "" when nothing was there, or it
// is the same.
func (x *tables) was(e trace.Entry) string {
	if d := x.did[e.ID]; d.was != "" && !d.gone && d.was != e.Show {
		return "was " + d.was
	}
	return ""
}

// left says how long something holds that ends at a time of the day, at the
// cursor.
func (x *tables) left(until string) (string, bool) {
	at, err := time.Parse("15:04:05", until)
	if err != nil {
		return "", false
	}
	const day = 24 * time.Hour
	now := x.cur.T.Info().Start.UTC().Add(time.Duration(x.s.Now()))
	of := func(t time.Time) time.Duration { return t.Sub(t.Truncate(day)) }
	left := (of(at) - of(now) + day) % day
	return left.Round(time.Second/10).String() + ", to " + until, true
}

// age says when a row changed last.
func (x *tables) age(r *tableRow) (string, draw.Look) {
	for _, e := range r.fields {
		if _, changed := x.did[e.ID]; changed {
			return "now", draw.Accent
		}
	}
	e := x.changed(r)
	if e == 0 {
		return "", draw.Quiet
	}
	ago := x.s.Now() - x.cur.T.Event(e).Time
	if ago <= 0 {
		return "just before", draw.Quiet
	}
	return trace.FormatDuration(ago) + " ago", draw.Quiet
}
