package tui

import (
	"bytes"
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
	total int64 // of what is shown
	pdu   [2]int
	fresh [2]int // the bytes that this step added or reads
	owner []layers.Layer
	name  string // of the PDU: "TCP segment"
	named string // of what is shown

	rows   []fieldRow
	chosen string // the path of the chosen row; kept from step to step
	folds  map[string]bool
	line   int // first line shown of the bytes
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
	f := t.Frame(n)
	frame, pdu := f.PDU, ev.PDU
	if pdu == 0 {
		pdu = frame
	}
	v.size = t.Size(pdu)
	v.name = pduName(t.PDU(pdu).Proto)
	if base, ok := place(t, frame, pdu); ok && v.take(n) {
		v.tree = v.whole
		v.pdu = [2]int{int(base), int(base + v.size)}
	} else {
		b := t.Append(nil, pdu, 0, min(v.size, maxInspected))
		v.tree = layers.Dissect(b, layers.Options{First: first(t.PDU(pdu).Proto, ev.Proto, b)})
		v.pdu = [2]int{0, int(v.size)}
	}
	v.turnTo(layers.InFrame)
	v.fresh = [2]int{v.base, v.base}
	seen := t.Info().Captured && ev.Kind == trace.Transmit // adds nothing
	if n := nest(t, pdu); len(n.heads) > 0 && ev.Layer < layers.Session && !seen {
		v.fresh[1] = min(v.base+int(n.heads[0].n), v.end)
	}
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

// turnTo shows another buffer of the tree: the PDU in its frame, or what was
// put together of several frames.
func (v *inspect) turnTo(in layers.Source) {
	v.in, v.line = in, 0
	if in == layers.InFrame {
		v.base, v.end = min(v.pdu[0], len(v.tree.Data)), min(v.pdu[1], len(v.tree.Data))
		v.named, v.total = v.name, v.size
	} else {
		v.base, v.end = 0, len(v.tree.Buffer(in))
		v.total = int64(v.end)
		v.named = "put together of several frames"
		if in >= layers.InBody {
			v.named = "a body, put together of its chunks"
			if v.tree.Decrypted(in) {
				v.named = "what a TLS record held"
			}
		}
	}
	v.own()
}

// turn goes on to the next buffer that has something, and chooses what lies
// there.
func (v *inspect) turn() (more bool) {
	if v.tree == nil {
		return false
	}
	var all []layers.Source
	for in := layers.InFrame; in < layers.InBody+layers.Source(min(len(v.tree.Bodies), 200)); in++ {
		if len(v.tree.Buffer(in)) > 0 {
			all = append(all, in)
		}
	}
	if len(all) < 2 {
		return false
	}
	v.turnTo(all[(slices.Index(all, v.in)+1)%len(all)])
	for _, r := range v.rows {
		if r.in() == v.in {
			v.chosen = r.path
			break
		}
	}
	return true
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

func pduName(p layers.Proto) string {
	if p.Unit() == "" || p.Unit() == p.String() {
		return p.String()
	}
	return p.String() + " " + p.Unit()
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
	if n.low > 0 || n.origin == 0 || n.origin != carried.origin ||
		n.from < carried.from || n.from+n.size > carried.from+carried.size {
		return 0, false
	}
	return carried.low + n.from - carried.from, true
}

// own finds the layer that each byte belongs to.
func (v *inspect) own() {
	v.owner = make([]layers.Layer, len(v.data()))
	paint := func(from, to int, l layers.Layer) {
		for i := max(from, 0); i < min(to, len(v.owner)); i++ {
			v.owner[i] = l
		}
	}
	for _, p := range v.tree.Parts {
		if p.Quoted {
			continue
		}
		if p.In == v.in {
			paint(p.Pos, p.Pos+p.Len, p.Proto.Layer())
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
	seen := map[string]int{}
	for i := range v.tree.Parts {
		p := &v.tree.Parts[i]
		if p.In == layers.InFrame && (p.Pos < v.pdu[0] || p.Pos >= v.pdu[1]) {
			continue
		}
		path := once(seen, p.Proto.Filter())
		folds := len(p.Fields) > 0
		open := v.open(path, p.Proto.Layer() == layer || i == inner)
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
