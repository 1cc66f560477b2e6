// Package diagram lays a protocol's header out as the RFCs draw it: rows of 32
// bits, the most significant first, filled with the fields that were found in
// a packet.
//
//	layers.Tree ─> Part ──Of──> Diagram: rows ─> cells, each a field or a part of one
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	├───────┬───────┬───────────────┬───────────────────────────────┤
//	│version│  IHL  │     DSCP      │          total length         │
//
// Nothing here knows any protocol: the fields' places in the bytes say it all.
// A field that is longer than a row goes on in the next one; one that has no
// fixed length, or more than four rows, is an open row of its own, which says
// how many bytes it stands for, and so is what the protocol carries.
package diagram

import (
	"strings"

	"strata/layers"
)

// RowBits is how many bits a row has.
const RowBits = 32

// Diagram is a header, laid out.
type Diagram struct {
	Proto layers.Proto
	In    layers.Source // the buffer that places count in
	Pos   int           // where it begins there
	Rows  []Row
}

// Row is up to 32 bits of the header; or, when it is Open, any number of bytes.
type Row struct {
	At    int // its first byte, from the header's beginning
	Bytes int // of an open row: how many it stands for
	Open  bool
	Kind  Kind
	Cells []Cell // from left to right, without a gap; an open row has one
}

// Kind says what an open row is.
type Kind uint8

// The kinds of rows.
const (
	Fields  Kind = iota
	Payload      // what the protocol carries
	More         // fields that are not laid out: there are too many
)

// Cell is a field, or as much of one as lies in the row.
type Cell struct {
	Bit, Bits   int          // its place in the row
	Node        *layers.Node // the field; nil: no table names these bits
	First, Last bool         // the field begins here; it ends here
	Raw         uint64       // the cell's own bits as a number
}

// Label is what the field is called; what no table names is reserved or unknown.
func (c *Cell) Label() string {
	if c.Node == nil {
		return ""
	}
	return c.Node.Field.Label
}

// maxRows bounds a diagram: longer headers go on in a row that says how long.
const maxRows = 128

// openBits is how long a field is at least that has a row of its own although
// its length is fixed.
const openBits = 4 * RowBits

// textual are the protocols whose fields are words and lines, not bits.
var textual = map[layers.Proto]bool{
	layers.HTTP: true, layers.SSDP: true, layers.JSON: true, layers.UTF8: true, layers.Base64: true,
	layers.EngineIO: true, layers.SocketIO: true, layers.Message: true,
}

// Of lays out a part of a tree. Where there is nothing to lay out, why says so
// in a sentence.
func Of(t *layers.Tree, part int) (d *Diagram, why string) {
	p := &t.Parts[part]
	switch {
	case textual[p.Proto]:
		return nil, p.Proto.String() + " is text: its fields are words and lines, which have no fixed places. It has no such diagram."
	case p.Proto == layers.Data:
		return nil, "No protocol is known here that would give these bytes a meaning."
	}
	b := t.Buffer(p.In)
	head := headerEnd(t, part)
	l := layout{Diagram: &Diagram{Proto: p.Proto, In: p.In, Pos: p.Pos}, buffer: b}
	laid := min(head, p.Pos+maxRows*RowBits/8)
	l.fields(p, p.Pos, laid)
	l.open(Row{At: laid - p.Pos, Bytes: head - laid, Kind: More})
	tail, end := behind(t, part, head)
	l.open(Row{At: head - p.Pos, Bytes: tail - head, Kind: Payload})
	l.fields(p, tail, min(end, tail+maxRows*RowBits/8))
	if len(l.Rows) == 0 || l.Rows[0].Kind == Payload {
		return nil, p.Proto.String() + " has no header here."
	}
	return l.Diagram, ""
}

// headerEnd is where the header ends: where what it carries begins.
func headerEnd(t *layers.Tree, part int) int {
	p := &t.Parts[part]
	end := min(p.Pos+p.Len, len(t.Buffer(p.In)))
	if p.Payload >= p.Pos && p.Payload < end {
		end = p.Payload
	}
	for i := range t.Parts[part+1:] {
		if q := &t.Parts[part+1+i]; q.In == p.In && q.Pos > p.Pos {
			end = min(end, q.Pos)
		}
	}
	return end
}

// behind is where the fields begin that stand behind what a part carries, as
// Ethernet's padding and check sequence do, and where they end.
func behind(t *layers.Tree, part, head int) (from, to int) {
	p := &t.Parts[part]
	from, to = max(head, min(p.Pos+p.Len, len(t.Buffer(p.In)))), head
	carries := false
	for i := range t.Parts[part+1:] {
		if q := &t.Parts[part+1+i]; q.In == p.In && q.Pos >= head {
			from, carries = max(from, q.Pos+q.Len), carries || q.Pos == head
		}
	}
	for i := range p.Fields {
		switch n := &p.Fields[i]; {
		case n.In != p.In || n.Pos < head || n.Len <= 0 || n.Hidden:
		case n.Pos == head && (carries || strings.HasSuffix(n.Field.Name, ".payload")): // what it carries, as a field
			from = max(from, n.Pos+n.Len)
		default:
			from, to = min(from, n.Pos), max(to, n.Pos+n.Len)
		}
	}
	return from, max(from, to)
}
