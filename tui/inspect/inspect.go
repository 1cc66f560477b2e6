// Package inspect is one thing seen twice: the bytes of the cursor's step, and
// its fields. What is chosen in one is lit in the other.
//
//	View      the step's PDU taken apart: its buffers (frame, decrypted,
//	          unmasked, put together), the rows of its tree, the chosen one
//	Bytes     the pane of the hex dump
//	Fields    the pane of the tree
package inspect

import (
	"fmt"
	"slices"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
)

// View is what bytes and fields share: the PDU of the cursor's step, taken
// apart, and the field that is chosen. It is one thing seen twice.
type View struct {
	*scene.Scene
	event trace.EventID
	whole *layers.Tree // of the frame
	Tree  *layers.Tree
	In    layers.Source // the buffer of the tree whose bytes are shown
	Base  int           // where the PDU begins in the buffer
	end   int           // and where it ends
	size  int64
	total int64         // of what is shown
	about about         // the bytes that the step is about
	Home  layers.Source // the buffer that the PDU lies in
	pdu   [2]int        // and where
	fresh [][2]int      // the bytes that this step added or reads
	other otherForm     // the same bytes in the form that they had before, or get
	owner []layers.Layer
	name  string // of the PDU: "TCP segment"

	Rows      []fieldRow
	Chosen    string // the path of the chosen row; kept from step to step
	Folds     map[string]bool
	line      int       // first line shown of the bytes
	area      draw.Rect // where they were drawn
	Tabs      []tabHit
	fieldArea draw.Rect // where the fields were drawn
	top       int       // first row shown of the fields

	hits [][2]int // where it is in the bytes shown
}

// MaxInspected bounds what is taken apart of what is no frame: of a stream the
// beginning is enough.
const MaxInspected = 1 << 16

// fieldRow is one visible line of the field tree: a protocol's heading (node
// nil) or a field.
type fieldRow struct {
	Path  string
	depth int
	part  *layers.Part
	Node  *layers.Node
	folds bool // has something to fold
	open  bool
}

// span is the bytes of the row in its buffer.
func (r fieldRow) span() (from, to int) {
	if r.Node != nil {
		return r.Node.Pos, r.Node.Pos + r.Node.Len
	}
	return r.part.Pos, r.part.Pos + r.part.Len
}

// in is the buffer that the row's bytes lie in.
func (r fieldRow) in() layers.Source {
	if r.Node != nil {
		return r.Node.In
	}
	return r.part.In
}

// Follow takes apart what the cursor's step is about, once.
func (v *View) Follow(s *scene.Scene) {
	if v.Scene == s && v.event == s.At.Event && v.Tree != nil {
		return
	}
	t, e := s.T, s.At.Event
	v.Scene, v.event = s, e
	if t.Events() == 0 {
		return
	}
	v.whole = s.Tree()
	ev := t.Event(e)
	n := t.FrameOf(e)
	frame, a := t.Frame(n).PDU, aboutOf(t, e, t.Frame(n).PDU)
	v.about, v.size, v.name = a, a.n, a.name
	v.Home = layers.InFrame
	if at, in, ok := v.whereIs(n, frame, a); ok {
		v.Tree, v.Home = v.whole, in
		v.pdu = [2]int{at, at + int(a.n)}
	} else {
		b := t.Append(nil, a.pdu, a.off, min(a.n, MaxInspected))
		v.Tree = layers.Dissect(b, layers.Options{First: first(t.PDU(a.pdu).Proto, ev.Proto, b)})
		v.pdu = [2]int{0, int(a.n)}
	}
	v.turnTo(v.Home)
	v.adds(ev, a)
	v.top = 0
	v.list()
	v.side()
}

// side shows the buffer that the chosen row lies in.
func (v *View) side() {
	if len(v.Rows) > 0 {
		if in := v.Rows[v.row()].in(); in != v.In && v.Chosen != "" {
			v.turnTo(in)
		}
	}
}

// Data is the buffer whose bytes are shown.
func (v *View) Data() []byte { return v.Tree.Buffer(v.In) }

// own finds the layer that each byte belongs to.
func (v *View) own() {
	v.owner = make([]layers.Layer, len(v.Data()))
	paint := func(from, to int, l layers.Layer) {
		for i := max(from, 0); i < min(to, len(v.owner)); i++ {
			v.owner[i] = l
		}
	}
	ev := v.T.Event(v.event)
	for _, p := range v.Tree.Parts {
		if p.Quoted {
			continue
		}
		layer := p.Proto.Layer()
		if p.Proto == layers.Data && v.Tree != v.whole && ev.Layer >= layers.Session {
			layer = ev.Layer // what the step says they are
		}
		if p.In == v.In {
			paint(p.Pos, p.Pos+p.Len, layer)
		}
		for _, n := range p.Fields {
			if n.In == v.In && (n.In != p.In || n.Pos >= p.Pos+p.Len) {
				paint(n.Pos, n.Pos+n.Len, p.Proto.Layer()) // padding, FCS, a body
			}
		}
	}
}

// list lists the visible rows of the field tree.
func (v *View) list() {
	v.Rows = v.Rows[:0]
	layer, inner := v.opened()
	proto := v.T.Event(v.event).Proto
	known := slices.ContainsFunc(v.Tree.Parts, func(p layers.Part) bool { return p.Proto == proto })
	seen := map[string]int{}
	for i := range v.Tree.Parts {
		p := &v.Tree.Parts[i]
		if p.In < v.Home || p.In == v.Home && (p.Pos < v.pdu[0] || p.Pos >= v.pdu[1]) {
			continue
		}
		path := once(seen, p.Proto.Filter())
		folds := len(p.Fields) > 0
		open := v.open(path, p.Proto.Layer() == layer && (p.Proto == proto || !known) || i == inner)
		v.Rows = append(v.Rows, fieldRow{Path: path, part: p, folds: folds, open: open && folds})
		if open {
			v.listNodes(p, p.Fields, path, 1)
		}
	}
}

// opened is what of the tree is open at first: the layer of this step, whose
// bits have no fields; of a captured frame as a whole, its innermost protocol.
func (v *View) opened() (layer layers.Layer, inner int) {
	layer, inner = v.T.Event(v.event).Layer, -1
	if layer > layers.Physical {
		return layer, inner
	}
	if !v.T.Info().Captured {
		return layers.DataLink, inner
	}
	for i := range v.Tree.Parts {
		if p := &v.Tree.Parts[i]; inner < 0 || !p.Quoted && p.Proto != layers.Data {
			inner = i
		}
	}
	return 0, inner
}

func (v *View) listNodes(p *layers.Part, nodes []layers.Node, path string, depth int) {
	seen := map[string]int{}
	for i := range nodes {
		n := &nodes[i]
		if n.Hidden || depth > 8 {
			continue
		}
		at := path + "/" + once(seen, n.Field.Name)
		folds := len(n.Children) > 0
		open := folds && v.open(at, false)
		v.Rows = append(v.Rows, fieldRow{Path: at, depth: depth, part: p, Node: n, folds: folds, open: open})
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

func (v *View) open(path string, otherwise bool) bool {
	if open, ok := v.Folds[path]; ok {
		return open
	}
	return otherwise
}

// row is the chosen row's index: of the path chosen before, if it is there;
// else the protocol of this step.
func (v *View) row() int {
	for i, r := range v.Rows {
		if r.Path == v.Chosen {
			return i
		}
	}
	for i, r := range v.Rows {
		if r.open {
			return i
		}
	}
	return 0
}

// choose moves the choice by rows.
func (v *View) choose(by int) {
	if len(v.Rows) > 0 {
		v.Chosen = v.Rows[min(max(v.row()+by, 0), len(v.Rows)-1)].Path
		v.side()
	}
}

// fold opens or closes the chosen row; closing a row that has nothing to
// close goes to the one that it belongs to.
func (v *View) fold(open bool) {
	if len(v.Rows) == 0 {
		return
	}
	i := v.row()
	r := v.Rows[i]
	if !open && (!r.folds || !r.open) {
		for ; i > 0 && v.Rows[i].depth >= r.depth && r.depth > 0; i-- {
		}
		v.Chosen = v.Rows[i].Path
		return
	}
	if r.folds {
		if v.Folds == nil {
			v.Folds = map[string]bool{}
		}
		v.Folds[r.Path] = open
		v.Chosen = r.Path
		v.list()
	}
}

// toggle opens or closes the chosen row.
func (v *View) toggle() {
	if len(v.Rows) > 0 {
		v.fold(!v.Rows[v.row()].open)
	}
}

// chooseByte chooses the field that holds a byte, opening what it lies in.
func (v *View) chooseByte(at int) {
	at = min(max(at, v.Base), max(v.end-1, 0))
	best, size := -1, len(v.owner)
	for {
		before := len(v.Rows)
		for i, r := range v.Rows {
			if from, to := r.span(); r.in() == v.In && at >= from && at < to && to-from <= size {
				best, size = i, to-from
			}
		}
		if best < 0 {
			return
		}
		v.Chosen = v.Rows[best].Path
		if r := v.Rows[best]; !r.folds || r.open || r.depth > 0 {
			return
		}
		v.fold(true)
		if len(v.Rows) == before {
			return
		}
	}
}

// held is the chosen row's bytes.
func (v *View) held() (from, to int) {
	if len(v.Rows) == 0 {
		return 0, 0
	}
	row := v.Rows[v.row()]
	if row.in() != v.In {
		return 0, 0
	}
	from, to = row.span()
	return max(from, v.Base), min(to, v.end)
}

// Lit is the bytes to light: the chosen field's. A whole protocol has its
// colour.
func (v *View) Lit() (from, to int) {
	if len(v.Rows) == 0 || v.Rows[v.row()].Node == nil {
		return 0, 0
	}
	return v.held()
}
