package tables

import (
	"slices"
	"strings"

	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
)

// A table is drawn in columns where its rows have few fields, all the same,
// and there is room; else field by field:
//
//	L2 ARP: which MAC address an IP address has
//	     IP address   MAC address         changed
//	     10.0.0.2     02:00:00:00:02:01   1.2 s ago
//
//	T4 TCP, for each connection
//	     10.0.0.1:49152 10.0.0.2:80     1.2 s ago
//	       snd.nxt 84     rto 2 s was 1 s

// The columns.
const (
	mostColumns = 4  // fields of a row in columns
	between     = 3  // blanks
	indent      = 2  // after the margin
	leastName   = 16 // of a row field by field
	mostName    = 44
	leastValue  = 14
	mostValue   = 40
	changedHead = "changed"
)

// table lists the rows of a table.
func (x *tables) table(n trace.NodeID, name string, rows []tableRow) {
	k := kindOf(name)
	l := draw.LayerLook(k.layer)
	head := say(scene.Margin, scene.Margin+2, k.layer.Tag(), l|draw.Bold)
	head.add(scene.Margin+3, x.w, k.title, l)
	x.put(head)
	for i := range rows {
		if name == "tcp" {
			rows[i].key = strings.TrimPrefix(rows[i].key, "tcp ")
		}
	}
	if !x.columns(n, k, rows) {
		x.fields(n, k, rows)
	}
}

// columns draws a table in columns; false: they do not fit.
func (x *tables) columns(n trace.NodeID, k kind, rows []tableRow) bool {
	var fields []string
	for i := range rows {
		for _, e := range rows[i].fields {
			if !slices.Contains(fields, e.Slot.Field) {
				fields = append(fields, e.Slot.Field)
			}
		}
	}
	if len(fields) > mostColumns || len(fields) == 1 && tableRank(k.name) == 1 {
		return false
	}
	heads := []string{k.key}
	widths := []int{draw.Width(k.key)}
	for _, f := range fields {
		head := f
		if word := k.words[f]; word != "" {
			head = word
		}
		heads, widths = append(heads, head), append(widths, draw.Width(head))
	}
	heads, widths = append(heads, changedHead), append(widths, len(changedHead))
	for i := range rows {
		r := &rows[i]
		widths[0] = max(widths[0], draw.Width(draw.Clean(r.key)))
		for j, f := range fields {
			if e, ok := r.entry(f); ok {
				w := draw.Width(draw.Clean(x.show(e)))
				if was := x.was(e); was != "" {
					w += 1 + draw.Width(draw.Clean(was))
				}
				widths[j+1] = max(widths[j+1], w)
			}
		}
		age, _ := x.age(r)
		widths[len(widths)-1] = max(widths[len(widths)-1], draw.Width(draw.Clean(age)))
	}
	at := []int{scene.Margin + indent}
	for _, w := range widths {
		at = append(at, at[len(at)-1]+w+between)
	}
	if last := len(widths) - 1; at[last+1]-between > x.w {
		if at[last]-between > x.w {
			return false
		}
		heads, widths = heads[:last], widths[:last] // without when it changed
	}
	var head tableLine
	for i, h := range heads {
		head.add(at[i], at[i]+widths[i], h, draw.Quiet)
	}
	x.put(head)
	for i := range rows {
		r := &rows[i]
		x.row(n, k.name, r)
		line := x.named(r, at[0], at[0]+widths[0])
		for j, f := range fields {
			if e, ok := r.entry(f); ok {
				x.value(&line, at[j+1], at[j+1]+widths[j+1], "", e)
			}
		}
		if age, l := x.age(r); len(heads) == len(fields)+2 {
			last := len(heads) - 1
			line.add(at[last], at[last]+widths[last], age, l)
		}
		x.own(line)
	}
	return true
}

// named begins a line with a row's name, and ✗ before one that is gone.
func (x *tables) named(r *tableRow, from, end int) (line tableLine) {
	l := draw.Plain
	switch {
	case x.gone(r):
		l = draw.Bad
		line.add(from-2, from, "✗", draw.Bad|draw.Bold)
	case x.born(r):
		l = draw.Reverse
	}
	line.add(from, end, r.key, l)
	return line
}

// value adds a value, and what it was.
func (x *tables) value(line *tableLine, from, end int, name string, e trace.Entry) {
	if name != "" {
		line.add(from, end, name, draw.Quiet)
		from += draw.Width(draw.Clean(name)) + 1
	}
	shown := x.show(e)
	line.add(from, end, shown, x.look(e))
	if was := x.was(e); was != "" {
		line.add(from+draw.Width(draw.Clean(shown))+1, end, was, draw.Quiet)
	}
}

// fields lists a table's rows as fields and values.
func (x *tables) fields(n trace.NodeID, k kind, rows []tableRow) {
	longest, valueWidth := leastName, leastValue
	for i := range rows {
		longest = max(longest, draw.Width(draw.Clean(rows[i].key))+1)
		for _, f := range rows[i].fields {
			w := draw.Width(draw.Clean(f.Slot.Field)) + draw.Width(draw.Clean(x.show(f))) + 3
			if was := x.was(f); was != "" {
				w += draw.Width(draw.Clean(was)) + 1
			}
			valueWidth = max(valueWidth, w)
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
	for i := range rows {
		row := &rows[i]
		x.row(n, k.name, row)
		line := x.named(row, scene.Margin+indent, from-1)
		if own {
			line.parts[len(line.parts)-1].end = x.w
			if age, l := x.age(row); age != "" {
				line.add(scene.Margin+indent+draw.Width(draw.Clean(row.key))+between, x.w, age, l)
			}
			x.own(line)
			line = tableLine{}
		}
		for i, f := range row.fields {
			if i > 0 && i%columns == 0 {
				x.own(line)
				line = tableLine{}
			}
			at := from + i%columns*valueWidth
			end := at + valueWidth - 2
			if i%columns == columns-1 || len(row.fields) == 1 {
				end = x.w
			}
			x.value(&line, at, end, f.Slot.Field, f)
		}
		x.own(line)
	}
}
