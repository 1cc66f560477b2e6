package tui

import (
	"fmt"
	"slices"

	"strata/layers"
	"strata/trace"
)

// inspect is what bytes and fields share: the PDU of the cursor's step, taken
// apart, and the field that is chosen. It is one thing seen twice.
type inspect struct {
	t     trace.Trace
	event trace.EventID

	whole *layers.Tree // of the frame
	frame int          // which one
	tree  *layers.Tree
	in    layers.Source // the buffer of the tree whose bytes are shown
	base  int           // where the PDU begins in the buffer
	end   int           // and where it ends
	size  int64
	total int64         // of what is shown
	about about         // the bytes that the step is about
	home  layers.Source // the buffer that the PDU lies in
	pdu   [2]int        // and where
	fresh [][2]int      // the bytes that this step added or reads
	other otherForm     // the same bytes in the form that they had before, or get
	owner []layers.Layer
	name  string // of the PDU: "TCP segment"

	rows   []fieldRow
	chosen string // the path of the chosen row; kept from step to step
	folds  map[string]bool
	line   int  // first line shown of the bytes
	area   rect // where they were drawn
	tabs   []tabHit
	top    int // first row shown of the fields

	needle needle   // what was looked for in the list
	hits   [][2]int // where it is in the bytes shown
}

// maxInspected bounds what is taken apart of what is no frame: of a stream the
// beginning is enough.
const maxInspected = 1 << 16

// fieldRow is one visible line of the field tree: a protocol's heading (node
// nil) or a field.
type fieldRow struct {
	path  string
	depth int
	part  *layers.Part
	node  *layers.Node
	folds bool // has something to fold
	open  bool
}

// span is the bytes of the row in its buffer.
func (r fieldRow) span() (from, to int) {
	if r.node != nil {
		return r.node.Pos, r.node.Pos + r.node.Len
	}
	return r.part.Pos, r.part.Pos + r.part.Len
}

// in is the buffer that the row's bytes lie in.
func (r fieldRow) in() layers.Source {
	if r.node != nil {
		return r.node.In
	}
	return r.part.In
}

// follow takes apart what the event is about, once.
func (v *inspect) follow(t trace.Trace, e trace.EventID) {
	if v.t == t && v.event == e && v.tree != nil {
		return
	}
	v.t, v.event = t, e
	ev := t.Event(e)
	n := t.FrameOf(e)
	frame, a := t.Frame(n).PDU, aboutOf(t, e, t.Frame(n).PDU)
	v.about, v.size, v.name = a, a.n, a.name
	v.home = layers.InFrame
	if at, in, ok := v.whereIs(n, frame, a); ok {
		v.tree, v.home = v.whole, in
		v.pdu = [2]int{at, at + int(a.n)}
	} else {
		b := t.Append(nil, a.pdu, a.off, min(a.n, maxInspected))
		v.tree = layers.Dissect(b, layers.Options{First: first(t.PDU(a.pdu).Proto, ev.Proto, b)})
		v.pdu = [2]int{0, int(a.n)}
	}
	v.turnTo(v.home)
	v.adds(ev, a)
	v.top = 0
	v.list()
	v.side()
}

// take takes a frame apart, once for all its steps.
func (v *inspect) take(n int) bool {
	if v.whole == nil || v.frame != n {
		v.whole, v.frame = v.t.Tree(n), n
	}
	return v.whole != nil
}

// side shows the buffer that the chosen row lies in.
func (v *inspect) side() {
	if len(v.rows) > 0 {
		if in := v.rows[v.row()].in(); in != v.in && v.chosen != "" {
			v.turnTo(in)
		}
	}
}

// data is the buffer whose bytes are shown.
func (v *inspect) data() []byte { return v.tree.Buffer(v.in) }

// own finds the layer that each byte belongs to.
func (v *inspect) own() {
	v.owner = make([]layers.Layer, len(v.data()))
	paint := func(from, to int, l layers.Layer) {
		for i := max(from, 0); i < min(to, len(v.owner)); i++ {
			v.owner[i] = l
		}
	}
	ev := v.t.Event(v.event)
	for _, p := range v.tree.Parts {
		if p.Quoted {
			continue
		}
		layer := p.Proto.Layer()
		if p.Proto == layers.Data && v.tree != v.whole && ev.Layer >= layers.Session {
			layer = ev.Layer // what the step says they are
		}
		if p.In == v.in {
			paint(p.Pos, p.Pos+p.Len, layer)
		}
		for _, n := range p.Fields {
			if n.In == v.in && (n.In != p.In || n.Pos >= p.Pos+p.Len) {
				paint(n.Pos, n.Pos+n.Len, p.Proto.Layer()) // padding, FCS, a body
			}
		}
	}
}

// list lists the visible rows of the field tree.
func (v *inspect) list() {
	v.rows = v.rows[:0]
	layer, inner := v.opened()
	proto := v.t.Event(v.event).Proto
	known := slices.ContainsFunc(v.tree.Parts, func(p layers.Part) bool { return p.Proto == proto })
	seen := map[string]int{}
	for i := range v.tree.Parts {
		p := &v.tree.Parts[i]
		if p.In < v.home || p.In == v.home && (p.Pos < v.pdu[0] || p.Pos >= v.pdu[1]) {
			continue
		}
		path := once(seen, p.Proto.Filter())
		folds := len(p.Fields) > 0
		open := v.open(path, p.Proto.Layer() == layer && (p.Proto == proto || !known) || i == inner)
		v.rows = append(v.rows, fieldRow{path: path, part: p, folds: folds, open: open && folds})
		if open {
			v.listNodes(p, p.Fields, path, 1)
		}
	}
}

// opened is what of the tree is open at first: the layer of this step, whose
// bits have no fields; of a captured frame as a whole, its innermost protocol.
func (v *inspect) opened() (layer layers.Layer, inner int) {
	layer, inner = v.t.Event(v.event).Layer, -1
	if layer > layers.Physical {
		return layer, inner
	}
	if !v.t.Info().Captured {
		return layers.DataLink, inner
	}
	for i := range v.tree.Parts {
		if p := &v.tree.Parts[i]; inner < 0 || !p.Quoted && p.Proto != layers.Data {
			inner = i
		}
	}
	return 0, inner
}

func (v *inspect) listNodes(p *layers.Part, nodes []layers.Node, path string, depth int) {
	seen := map[string]int{}
	for i := range nodes {
		n := &nodes[i]
		if n.Hidden || depth > 8 {
			continue
		}
		at := path + "/" + once(seen, n.Field.Name)
		folds := len(n.Children) > 0
		open := folds && v.open(at, false)
		v.rows = append(v.rows, fieldRow{path: at, depth: depth, part: p, node: n, folds: folds, open: open})
		if open {
			v.listNodes(p, n.Children, at, depth+1)
		}
	}
}

// once makes names among siblings differ: "tcp.option", "tcp.option#2".
func once(seen map[string]int, name string) string {
	seen[name]++
	if n := seen[name]; n > 1 {
		return fmt.Sprintf("%s#%d", name, n)
	}
	return name
}

func (v *inspect) open(path string, otherwise bool) bool {
	if open, ok := v.folds[path]; ok {
		return open
	}
	return otherwise
}

// row is the chosen row's index: of the path chosen before, if it is there;
// else the protocol of this step.
func (v *inspect) row() int {
	for i, r := range v.rows {
		if r.path == v.chosen {
			return i
		}
	}
	for i, r := range v.rows {
		if r.open {
			return i
		}
	}
	return 0
}

// choose moves the choice by rows.
func (v *inspect) choose(by int) {
	if len(v.rows) > 0 {
		v.chosen = v.rows[min(max(v.row()+by, 0), len(v.rows)-1)].path
		v.side()
	}
}

// fold opens or closes the chosen row; closing a row that has nothing to
// close goes to the one that it belongs to.
func (v *inspect) fold(open bool) {
	if len(v.rows) == 0 {
		return
	}
	i := v.row()
	r := v.rows[i]
	if !open && (!r.folds || !r.open) {
		for ; i > 0 && v.rows[i].depth >= r.depth && r.depth > 0; i-- {
		}
		v.chosen = v.rows[i].path
		return
	}
	if r.folds {
		if v.folds == nil {
			v.folds = map[string]bool{}
		}
		v.folds[r.path] = open
		v.chosen = r.path
		v.list()
	}
}

// toggle opens or closes the chosen row.
func (v *inspect) toggle() {
	if len(v.rows) > 0 {
		v.fold(!v.rows[v.row()].open)
	}
}

// chooseByte chooses the field that holds a byte, opening what it lies in.
func (v *inspect) chooseByte(at int) {
	at = min(max(at, v.base), max(v.end-1, 0))
	best, size := -1, len(v.owner)
	for {
		before := len(v.rows)
		for i, r := range v.rows {
			if from, to := r.span(); r.in() == v.in && at >= from && at < to && to-from <= size {
				best, size = i, to-from
			}
		}
		if best < 0 {
			return
		}
		v.chosen = v.rows[best].path
		if r := v.rows[best]; !r.folds || r.open || r.depth > 0 {
			return
		}
		v.fold(true)
		if len(v.rows) == before {
			return
		}
	}
}

// held is the chosen row's bytes.
func (v *inspect) held() (from, to int) {
	if len(v.rows) == 0 {
		return 0, 0
	}
	row := v.rows[v.row()]
	if row.in() != v.in {
		return 0, 0
	}
	from, to = row.span()
	return max(from, v.base), min(to, v.end)
}

// lit is the bytes to light: the chosen field's. A whole protocol has its
// colour.
func (v *inspect) lit() (from, to int) {
	if len(v.rows) == 0 || v.rows[v.row()].node == nil {
		return 0, 0
	}
	return v.held()
}
