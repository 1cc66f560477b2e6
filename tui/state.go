package tui

import (
	"slices"
	"strings"

	"strata/layers"
	"strata/trace"
)

// state draws the tables of the cursor's node as they are after its step, and
// then those of the others: sockets, sessions, TCP's variables, addresses,
// routes, queues. What the step changed is reversed.
type state struct{ first int } // the first line shown

// tableLine is a line of the tables.
type tableLine []tablePart

// tablePart is a text from a column up to, but not including, another one.
type tablePart struct {
	x, end int
	text   string
	look   look
}

// add adds a text; of one that does not fit, the beginning.
func (l *tableLine) add(x, end int, text string, look look) {
	*l = append(*l, tablePart{x, end, text, look})
}

func (s *state) draw(c *canvas, r rect, cur *cursor) {
	lines := newTables(cur, r.w).all()
	s.first = max(min(s.first, len(lines)-r.h), 0)
	if len(lines) == 0 {
		c.text(r, tagColumn, 0, "nothing is known of this node's tables here", quiet)
	}
	for y := 0; y < r.h && s.first+y < len(lines); y++ {
		for _, p := range lines[s.first+y] {
			c.textTo(r, p.x, y, min(p.end, r.w), p.text, p.look)
		}
	}
	if s.first+r.h < len(lines) && r.h > 0 {
		c.text(r, 0, r.h-1, "~", accent)
	}
}

// tables is what makes the lines.
type tables struct {
	cur   *cursor
	w     int
	at    trace.EventID         // the state after the step, with what it changed at once
	fresh map[trace.SlotID]bool // what the step changed
	born  map[trace.SlotID]bool // what was not there before
	lines []tableLine
}

// maxAttached bounds how many state changes one step can have here.
const maxAttached = 256

func newTables(cur *cursor, w int) *tables {
	x := &tables{cur: cur, w: w, at: cur.event, fresh: map[trace.SlotID]bool{}, born: map[trace.SlotID]bool{}}
	for _, id := range cur.changes(maxAttached) {
		e := cur.t.Event(id)
		if e.Time != cur.t.Event(cur.event).Time {
			break
		}
		x.at = id
		if ch := cur.t.Change(id); e.Kind == trace.StateChange {
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
	t, here := x.cur.t, x.cur.t.Event(x.cur.event).Node
	x.node(here)
	nodes := t.Info().Nodes
	if t.Info().Captured || len(nodes) > fewTables {
		return x.lines
	}
	for i := range nodes {
		if n := trace.NodeID(i); n != here {
			before := len(x.lines)
			x.lines = append(x.lines, nil, tableLine{{0, x.w, nodes[i].Name + "'s tables", accent}})
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
	for _, e := range x.cur.t.State(x.at).Table(n, "") {
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
	l := layerLook(tableLayer(name))
	x.lines = append(x.lines, tableLine{{tagColumn, tagColumn + 2, tableLayer(name).Tag(), l | bold}, {tagColumn + 3, x.w, title, l}})
	longest, valueWidth := leastName, leastValue
	for i := range rows {
		rows[i].key = strings.TrimPrefix(rows[i].key, "tcp ")
		longest = max(longest, len(rows[i].key)+1)
		for _, f := range rows[i].fields {
			valueWidth = max(valueWidth, len(f.Slot.Field)+len(f.Show)+3)
		}
	}
	valueWidth = min(valueWidth, mostValue)
	from, own := tagColumn+3+min(longest, mostName), false
	if x.w < from+2*valueWidth && len(rows[0].fields) > 1 {
		from, own = tagColumn+4, true // the row's name has its own line
	} else if x.w < from+valueWidth {
		from = tagColumn + 3 + min(longest, x.w/2)
	}
	columns := max((x.w-from)/valueWidth, 1)
	for _, row := range rows {
		line := tableLine{{tagColumn + 2, from - 1, row.key, plain}}
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
func (x *tables) look(e trace.Entry) look {
	if x.fresh[e.ID] {
		return reverse
	}
	return plain
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
