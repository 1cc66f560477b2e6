package diagram

import "strata/layers"

// layout makes the rows.
type layout struct {
	*Diagram
	buffer []byte
	row    Row
}

// owner is who has a bit: a field, by its number, from 1; 0: nobody.
type owner = int32

// plan says of each bit of a stretch of bytes whose it is.
type plan struct {
	pos   int // of the stretch in the buffer
	bits  []owner
	nodes []*layers.Node // by owner, from 1
	in    layers.Source
}

// fields lays out the fields of a part that lie in a stretch of the buffer.
func (l *layout) fields(p *layers.Part, from, to int) {
	if to <= from {
		return
	}
	m := plan{pos: from, bits: make([]owner, (to-from)*8), in: p.In}
	for i := range p.Fields {
		m.paint(&p.Fields[i], 0)
	}
	l.row = Row{At: from - l.Pos}
	for at := 0; at < len(m.bits); {
		end := at + 1
		for end < len(m.bits) && m.bits[end] == m.bits[at] {
			end++
		}
		l.put(&m, at, end)
		at = end
	}
	l.flush()
}

// paint gives a node's bits to it, and those of its parts to them, as far as
// they belong to over, the one that it is a part of: fields that show the same
// bytes again have none.
func (m *plan) paint(n *layers.Node, over owner) {
	if n.Hidden || n.Len <= 0 || n.In != m.in || n.Pos < m.pos || n.Pos+n.Len > m.pos+len(m.bits)/8 {
		return
	}
	m.nodes = append(m.nodes, n)
	me, got := owner(len(m.nodes)), 0
	each(n, func(bit int) {
		if at := (n.Pos-m.pos)*8 + bit; m.bits[at] == over {
			m.bits[at] = me
			got++
		}
	})
	if got == 0 {
		m.nodes = m.nodes[:me-1]
		return
	}
	if divides(n) {
		for i := range n.Children {
			m.paint(&n.Children[i], me)
		}
	}
}

// each gives a node's bits, counted from the first one of its first byte as
// they are drawn: the most significant bit of each byte first. A part of a word
// that is sent with its least significant byte first need not be in one piece.
func each(n *layers.Node, do func(bit int)) {
	first, bits := n.Bit, n.Bits
	if bits == 0 {
		first, bits = 0, n.Len*8
	}
	for i := first; i < min(first+bits, n.Len*8); i++ {
		if n.Field.Little && n.Bits > 0 {
			do((n.Len-1-i/8)*8 + i%8)
		} else {
			do(i)
		}
	}
}

// divides says whether a node is drawn by its parts: a heading is, and a field
// of which they make up half or more; the rest stays its own, as the kind of
// an option does. The two marked bits of a MAC address do not.
func divides(n *layers.Node) bool {
	if n.Field.Name == "" || n.Field.Type == layers.TypeNone {
		return true
	}
	whole, covered := n.Len*8, 0
	if n.Bits > 0 {
		whole = n.Bits
	}
	for i := range n.Children {
		c := &n.Children[i]
		switch {
		case c.Hidden || c.Len <= 0 || c.In != n.In || c.Pos < n.Pos || c.Pos+c.Len > n.Pos+n.Len:
		case c.Bits > 0:
			covered += c.Bits
		default:
			covered += c.Len * 8
		}
	}
	return 2*covered >= whole
}

// put adds a run of bits of one owner.
func (l *layout) put(m *plan, from, to int) {
	var n *layers.Node
	if k := m.bits[from]; k > 0 {
		n = m.nodes[k-1]
	}
	if from%8 == 0 && to%8 == 0 && isOpen(n, to-from) {
		l.flush()
		l.open(Row{At: m.pos + from/8 - l.Pos, Bytes: (to - from) / 8, Cells: []Cell{{Bits: RowBits, Node: n, First: true, Last: true}}})
		l.row = Row{At: m.pos + to/8 - l.Pos}
		return
	}
	for at := from; at < to; {
		used := l.used()
		k := min(to-at, RowBits-used)
		c := Cell{Bit: used, Bits: k, Node: n, Raw: l.number(m.pos*8+at, k), First: at == from, Last: at+k == to}
		c.First = c.First && (n == nil || !m.has(m.bits[from], 0, from))
		c.Last = c.Last && (n == nil || !m.has(m.bits[from], to, len(m.bits)))
		l.row.Cells = append(l.row.Cells, c)
		if at += k; used+k == RowBits {
			next := l.row.At + RowBits/8
			l.flush()
			l.row = Row{At: next}
		}
	}
}

// isOpen says whether a field of so many bits has a row of its own.
func isOpen(n *layers.Node, bits int) bool {
	if n == nil {
		return bits > RowBits
	}
	return n.Field.Size == 0 && bits > RowBits || bits > openBits
}

// has says whether somebody has one of a stretch of bits.
func (m *plan) has(who owner, from, to int) bool {
	for _, o := range m.bits[from:to] {
		if o == who {
			return true
		}
	}
	return false
}

func (l *layout) used() int {
	if n := len(l.row.Cells); n > 0 {
		return l.row.Cells[n-1].Bit + l.row.Cells[n-1].Bits
	}
	return 0
}

// number reads up to 32 bits of the buffer.
func (l *layout) number(bit, n int) (v uint64) {
	for i := bit; i < bit+n; i++ {
		v = v<<1 | uint64(l.buffer[i/8]>>(7-i%8)&1)
	}
	return v
}

func (l *layout) flush() {
	if len(l.row.Cells) > 0 {
		l.Rows = append(l.Rows, l.row)
	}
	l.row = Row{}
}

func (l *layout) open(r Row) {
	if r.Bytes > 0 {
		r.Open = true
		l.Rows = append(l.Rows, r)
	}
}
