// Package tables is the pane of what the nodes know at the cursor: sockets,
// sessions, TCP's variables, addresses, routes, queues; and which socket a
// segment was for.
package tables

import (
	"slices"
	"strings"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

// Pane draws the tables of the cursor's node as they are after its step, and
// then those of the others: sockets, sessions, TCP's variables, addresses,
// routes, queues. What the step changed is reversed.
type Pane struct {
	first int // the first line shown
	page  int // lines that there was room for
}

// tableLine is a line of the tables.
type tableLine []tablePart

// tablePart is a text from a column up to, but not including, another one.
type tablePart struct {
	x, end int
	text   string
	look   draw.Look
}

// add adds a text; of one that does not fit, the beginning.
func (l *tableLine) add(x, end int, text string, look draw.Look) {
	*l = append(*l, tablePart{x, end, text, look})
}

// Name is the pane's word.
func (s *Pane) Name() string { return "tables" }

// Draw draws the tables after the cursor's step.
func (s *Pane) Draw(c *draw.Canvas, r draw.Rect, sc *scene.Scene, focus bool) draw.Spot {
	_, r = scene.Title(c, r, "tables: "+sc.T.Info().Nodes[sc.Event().Node].Name+"'s after this step", focus)
	lines := newTables(&sc.At, r.W).all()
	s.first = max(min(s.first, len(lines)-r.H), 0)
	if len(lines) == 0 {
		c.Text(r, scene.Margin, 0, "nothing is known of this node's tables here", draw.Quiet)
	}
	for y := 0; y < r.H && s.first+y < len(lines); y++ {
		for _, p := range lines[s.first+y] {
			c.TextTo(r, p.x, y, min(p.end, r.W), p.text, p.look)
		}
	}
	if s.first+r.H < len(lines) && r.H > 0 {
		c.Text(r, 0, r.H-1, "~", draw.Accent)
	}
	s.page = r.H
	return draw.At(r.X+scene.Margin, r.Y, r.H > 0)
}

// Do scrolls.
func (s *Pane) Do(a keys.Action, _ *scene.Scene) bool {
	_, dy := keys.Steps(a, max(s.page-1, 1))
	s.first = max(s.first+dy, 0)
	return dy != 0
}

// Click has nothing to choose.
func (s *Pane) Click(int, int, *scene.Scene) bool { return false }

// Wheel scrolls.
func (s *Pane) Wheel(by int, _ *scene.Scene) bool {
	s.first = max(s.first+by, 0)
	return true
}

// tables is what makes the lines.
type tables struct {
	cur   *scene.Cursor
	w     int
	at    trace.EventID         // the state after the step, with what it changed at once
	fresh map[trace.SlotID]bool // what the step changed
	born  map[trace.SlotID]bool // what was not there before
	lines []tableLine
}

// maxAttached bounds how many state changes one step can have here.
const maxAttached = 256

func newTables(cur *scene.Cursor, w int) *tables {
	x := &tables{cur: cur, w: w, at: cur.Event, fresh: map[trace.SlotID]bool{}, born: map[trace.SlotID]bool{}}
	for _, id := range cur.Changes(maxAttached) {
		e := cur.T.Event(id)
		if e.Time != cur.T.Event(cur.Event).Time {
			break
		}
		x.at = id
		if ch := cur.T.Change(id); e.Kind == trace.StateChange {
			x.fresh[ch.ID] = true
			x.born[ch.ID] = ch.Old == trace.Absent
		}
	}
	return x
}

// fewTables is how many nodes' tables are listed; in a larger network only
// those of the cursor's node.
const fewTables = 16

func (x *tables) all() []tableLine {
	t, here := x.cur.T, x.cur.T.Event(x.cur.Event).Node
	x.node(here)
	nodes := t.Info().Nodes
	if t.Info().Captured || len(nodes) > fewTables {
		return x.lines
	}
	for i := range nodes {
		if n := trace.NodeID(i); n != here {
			before := len(x.lines)
			x.lines = append(x.lines, nil, tableLine{{0, x.w, nodes[i].Name + "'s tables", draw.Accent}})
			if x.node(n); len(x.lines) == before+2 {
				x.lines = x.lines[:before]
			}
		}
	}
	return x.lines
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

// node lists a node's tables.
func (x *tables) node(n trace.NodeID) {
	rows := map[string][]tableRow{}
	var names []string
	for _, e := range x.cur.T.State(x.at).Table(n, "") {
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
	for _, name := range names {
		switch name {
		case "socket":
			x.sockets(n, rows[name], rows["tcp"])
		case "tcp":
			x.grid(name, "TCP, for each connection", rows[name])
		default:
			x.grid(name, tableTitle(name), rows[name])
		}
	}
}

// tableKinds are the tables in the order in which they are listed, with their
// layers; what is not among them is a table of a program's and comes behind
// the sockets.
var tableKinds = []struct {
	name, title string
	layer       layers.Layer
}{
	{"socket", "sockets", layers.Session},
	{"", "", layers.Application},
	{"dns", "DNS: addresses of names, and how long they hold", layers.Application},
	{"lease", "DHCP: who has which address", layers.Application},
	{"program", "programs that have ended", layers.Application},
	{"tcp", "TCP", layers.Transport},
	{"nat", "NAT: who is behind which port", layers.Network},
	{"arp", "ARP: which MAC address an IP address has", layers.DataLink},
	{"mac", "MAC addresses: which port they are at", layers.DataLink},
	{"route", "routes", layers.Network},
	{"interface", "interfaces", layers.Network},
	{"queue", "queues before the wires", layers.Physical},
}

func tableRank(name string) int {
	for i, k := range tableKinds {
		if k.name == name {
			return i
		}
	}
	return 1
}

func tableTitle(name string) string {
	if title := tableKinds[tableRank(name)].title; title != "" {
		return title
	}
	return name
}

// tableLayer is the layer that a table belongs to: sessions are layer 5's.
func tableLayer(name string) layers.Layer {
	for _, word := range []struct {
		in    string
		layer layers.Layer
	}{{"session", layers.Session}, {"engine.io", layers.Session}, {"websocket", layers.Session}, {"tls", layers.Presentation}} {
		if tableRank(name) == 1 && strings.Contains(strings.ToLower(name), word.in) {
			return word.layer
		}
	}
	return tableKinds[tableRank(name)].layer
}

// The columns of a plain table: the row's name, then "field value" again and
// again.
const (
	leastName  = 16
	mostName   = 44
	leastValue = 14
	mostValue  = 40
)

// grid lists a table's rows as fields and values.
func (x *tables) grid(name, title string, rows []tableRow) {
	l := draw.LayerLook(tableLayer(name))
	x.lines = append(x.lines, tableLine{{scene.Margin, scene.Margin + 2, tableLayer(name).Tag(), l | draw.Bold}, {scene.Margin + 3, x.w, title, l}})
	longest, valueWidth := leastName, leastValue
	for i := range rows {
		rows[i].key = strings.TrimPrefix(rows[i].key, "tcp ")
		longest = max(longest, len(rows[i].key)+1)
		for _, f := range rows[i].fields {
			valueWidth = max(valueWidth, len(f.Slot.Field)+len(f.Show)+3)
		}
	}
	valueWidth = min(valueWidth, mostValue)
	from, own := scene.Margin+3+min(longest, mostName), false
	if x.w < from+2*valueWidth && len(rows[0].fields) > 1 {
		from, own = scene.Margin+4, true // the row's name has its own line
	} else if x.w < from+valueWidth {
		from = scene.Margin + 3 + min(longest, x.w/2)
	}
	columns := max((x.w-from)/valueWidth, 1)
	for _, row := range rows {
		line := tableLine{{scene.Margin + 2, from - 1, row.key, draw.Plain}}
		if own {
			line[0].end = x.w
			x.lines = append(x.lines, line)
			line = nil
		}
		for i, f := range row.fields {
			if i > 0 && i%columns == 0 {
				x.lines = append(x.lines, line)
				line = nil
			}
			at := from + i%columns*valueWidth
			end := at + valueWidth - 2
			if i%columns == columns-1 || len(row.fields) == 1 {
				end = x.w
			}
			line.add(at, end, f.Slot.Field+" "+f.Show, x.look(f))
		}
		x.lines = append(x.lines, line)
	}
}

// look is how a value looks: what the step changed stands out.
func (x *tables) look(e trace.Entry) draw.Look {
	if x.fresh[e.ID] {
		return draw.Reverse
	}
	return draw.Plain
}

// onTheWay is how many bytes a connection has sent that are not acknowledged
// yet.
func onTheWay(tcp *tableRow) uint32 {
	if tcp == nil {
		return 0
	}
	una, ok := tcp.entry("snd.una")
	nxt, there := tcp.entry("snd.nxt")
	if !ok || !there {
		return 0
	}
	return uint32(nxt.Value - una.Value)
}
