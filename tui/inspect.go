package tui

import (
	"bytes"
	"fmt"

	"strata/layers"
	"strata/trace"
)

// inspect is what bytes and fields share: the PDU of the cursor's step, taken
// apart, and the field that is chosen. It is one thing seen twice.
type inspect struct {
	t     trace.Trace
	event trace.EventID

	tree  *layers.Tree
	base  int // where the PDU begins in tree.Data
	end   int // and where it ends
	total int64
	fresh [2]int // the bytes that this step added or reads
	owner []layers.Layer
	name  string // of the PDU: "TCP segment"

	rows   []fieldRow
	chosen string // the path of the chosen row; kept from step to step
	folds  map[string]bool
	line   int // first line shown of the bytes
	top    int // first row shown of the fields
}

// maxInspected bounds what is taken apart: no frame is larger, and of a
// stream the beginning is enough.
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

// span is the bytes of the row in the frame; none for what was reassembled.
func (r fieldRow) span() (from, to int) {
	switch {
	case r.node != nil && r.node.In == layers.InFrame:
		return r.node.Pos, r.node.Pos + r.node.Len
	case r.node == nil && r.part != nil && r.part.In == layers.InFrame:
		return r.part.Pos, r.part.Pos + r.part.Len
	}
	return 0, 0
}

// follow takes apart what the event is about, once.
func (v *inspect) follow(t trace.Trace, e trace.EventID) {
	if v.t == t && v.event == e && v.tree != nil {
		return
	}
	v.t, v.event = t, e
	ev := t.Event(e)
	f := t.Frame(t.FrameOf(e))
	frame, pdu := f.PDU, ev.PDU
	if pdu == 0 {
		pdu = frame
	}
	v.total = t.Size(pdu)
	v.name = pduName(t.PDU(pdu).Proto)
	if base, ok := place(t, frame, pdu); ok {
		v.base, v.end = int(base), int(base+v.total)
		v.tree = layers.Dissect(t.Append(nil, frame, 0, min(t.Size(frame), maxInspected)), frameOptions(t, f))
	} else {
		b := t.Append(nil, pdu, 0, min(v.total, maxInspected))
		v.tree = layers.Dissect(b, layers.Options{First: first(t.PDU(pdu).Proto, ev.Proto, b)})
		v.base, v.end = 0, int(v.total)
	}
	v.end = min(v.end, len(v.tree.Data))
	v.own()
	v.fresh = [2]int{v.base, v.base}
	if n := nest(t, pdu); len(n.heads) > 0 && ev.Layer < layers.Session {
		v.fresh[1] = min(v.base+int(n.heads[0].n), v.end)
	}
	v.line, v.top = 0, 0
	v.list()
}

func pduName(p layers.Proto) string {
	if p.Unit() == "" || p.Unit() == p.String() {
		return p.String()
	}
	return p.String() + " " + p.Unit()
}

// frameOptions say how a frame is read: a simulated one ends in its FCS; a
// captured one says what is known.
func frameOptions(t trace.Trace, f trace.Frame) layers.Options {
	if t.Info().Captured {
		return layers.Options{FCSLen: f.FCS, WireLen: f.WireLen}
	}
	return layers.Options{FCSLen: 4}
}

// first is the protocol that bytes begin with which lie in no frame.
func first(pdu, event layers.Proto, b []byte) layers.Proto {
	switch {
	case pdu.Layer() < layers.Transport:
		return pdu
	case event.Layer() == layers.Application && event != layers.Message:
		return event
	case pdu == layers.Message && isHTTP(b):
		return layers.HTTP
	}
	return layers.Data
}

// isHTTP reports whether a message's first line is one of HTTP/1.
func isHTTP(b []byte) bool {
	line, _, _ := bytes.Cut(b, []byte("\r\n"))
	return bytes.HasPrefix(line, []byte("HTTP/1.")) || bytes.HasSuffix(line, []byte(" HTTP/1.1")) || bytes.HasSuffix(line, []byte(" HTTP/1.0"))
}

// place finds where a PDU lies whole in a frame: as one that the frame nests,
// or as a message whose bytes the frame carries.
func place(t trace.Trace, frame, pdu trace.PDUID) (at int64, ok bool) {
	outer := frame
	for depth := 0; outer != 0 && depth < 32; depth++ {
		if outer == pdu {
			return at, true
		}
		spans := t.Parents(outer)
		if len(spans) != 1 || spans[0].Off != 0 || spans[0].Len != t.Size(spans[0].Of) {
			break
		}
		at += spans[0].At
		outer = spans[0].Of
	}
	carried, n := nest(t, frame), nest(t, pdu)
	if n.headBytes() > 0 || n.origin == 0 || n.origin != carried.origin ||
		n.at < carried.at || n.at+n.payload > carried.at+carried.payload {
		return 0, false
	}
	return carried.headBytes() + n.at - carried.at, true
}

// own finds the layer that each byte belongs to.
func (v *inspect) own() {
	v.owner = make([]layers.Layer, len(v.tree.Data))
	paint := func(from, to int, l layers.Layer) {
		for i := max(from, 0); i < min(to, len(v.owner)); i++ {
			v.owner[i] = l
		}
	}
	for _, p := range v.tree.Parts {
		if p.In != layers.InFrame || p.Quoted {
			continue
		}
		paint(p.Pos, p.Pos+p.Len, p.Proto.Layer())
		for _, n := range p.Fields {
			if n.In == layers.InFrame && n.Pos >= p.Pos+p.Len {
				paint(n.Pos, n.Pos+n.Len, p.Proto.Layer()) // padding, FCS
			}
		}
	}
}

// list lists the visible rows of the field tree.
func (v *inspect) list() {
	v.rows = v.rows[:0]
	layer := max(v.t.Event(v.event).Layer, layers.DataLink) // bits have no fields
	seen := map[string]int{}
	for i := range v.tree.Parts {
		p := &v.tree.Parts[i]
		if p.In == layers.InFrame && (p.Pos < v.base || p.Pos >= v.end) {
			continue
		}
		path := once(seen, p.Proto.Filter())
		folds := len(p.Fields) > 0
		open := v.open(path, p.Proto.Layer() == layer)
		v.rows = append(v.rows, fieldRow{path: path, part: p, folds: folds, open: open && folds})
		if open {
			v.listNodes(p, p.Fields, path, 1)
		}
	}
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
	at = min(max(at, v.base), v.end-1)
	best, size := -1, maxInspected+1
	for {
		before := len(v.rows)
		for i, r := range v.rows {
			if from, to := r.span(); at >= from && at < to && to-from <= size {
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
	from, to = v.rows[v.row()].span()
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
