package scenarios

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"strata/layers"
	"strata/scenarios/tree"
	"strata/trace"
)

// finder finds the events of a run that a Match chooses.
type finder struct {
	log   *trace.Log
	nodes map[string]trace.NodeID
	buf   []byte
	trees map[trace.PDUID]*layers.Tree // of the PDUs last looked into
}

func newFinder(log *trace.Log) *finder {
	f := &finder{log: log, nodes: map[string]trace.NodeID{}, trees: map[trace.PDUID]*layers.Tree{}}
	for i, n := range log.Info().Nodes {
		f.nodes[n.Name] = trace.NodeID(i)
	}
	return f
}

// wanted is a Match with its words turned into numbers.
type wanted struct {
	kinds  []trace.Kind
	whys   []trace.Why
	protos []layers.Proto
	nodes  []trace.NodeID
}

func (f *finder) want(m *Match) wanted {
	var w wanted
	for _, k := range m.Kind {
		w.kinds = append(w.kinds, trace.KindNamed(k))
	}
	for _, code := range m.Why {
		w.whys = append(w.whys, trace.WhyNamed(code))
	}
	for _, p := range m.Proto {
		w.protos = append(w.protos, protoNamed(p))
	}
	for _, n := range m.Node {
		w.nodes = append(w.nodes, f.nodes[n])
	}
	return w
}

// find lists the events that a Match chooses, in order.
func (f *finder) find(m *Match) []trace.EventID {
	w := f.want(m)
	var all []trace.EventID
	for n := trace.EventID(1); int(n) <= f.log.Events(); n++ {
		e := f.log.Event(n)
		if w.admits(&e) && f.admits(m, n, &e) {
			all = append(all, n)
		}
	}
	if m.Nth == nil {
		return all
	}
	var chosen []trace.EventID
	for _, nth := range m.Nth {
		i := nth - 1
		if nth < 0 {
			i = len(all) + nth
		}
		if i >= 0 && i < len(all) {
			chosen = append(chosen, all[i])
		}
	}
	return chosen
}

// admits checks what the event itself says.
func (w *wanted) admits(e *trace.Event) bool {
	return (w.kinds == nil || slices.Contains(w.kinds, e.Kind)) &&
		(w.whys == nil || slices.Contains(w.whys, e.Why)) &&
		(w.protos == nil || slices.Contains(w.protos, e.Proto)) &&
		(w.nodes == nil || slices.Contains(w.nodes, e.Node))
}

// admits checks what must be looked up, the cheap first.
func (f *finder) admits(m *Match, n trace.EventID, e *trace.Event) bool {
	if m.Link != "" && (e.End == trace.NoEnd || f.log.Info().Links[e.End.Link()].Name != m.Link) {
		return false
	}
	if m.Table != "" || m.Key != "" || m.Field != "" || m.Value != nil {
		if e.Kind != trace.StateChange || !m.admitsChange(f.log.Change(n)) {
			return false
		}
	}
	if m.Data != nil && (f.payload(e.PDU) > 0) != *m.Data {
		return false
	}
	for i := range m.Fields {
		if !f.hasField(n, m.Fields[i].Name, m.Fields[i].Is...) {
			return false
		}
	}
	return true
}

func (m *Match) admitsChange(c trace.Change) bool {
	return (m.Table == "" || m.Table == c.Slot.Table) &&
		(m.Key == "" || glob(m.Key, c.Slot.Key)) &&
		(m.Field == "" || m.Field == c.Slot.Field) &&
		(m.Value == nil || string(*m.Value) == c.Show(c.New))
}

// glob compares a text with a pattern in which * stands for anything.
func glob(pattern, s string) bool {
	first, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == s
	}
	s, ok := strings.CutPrefix(s, first)
	if !ok {
		return false
	}
	for {
		middle, after, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(s, rest)
		}
		i := strings.Index(s, middle)
		if i < 0 {
			return false
		}
		s, rest = s[i+len(middle):], after
	}
}

// payload is how many bytes the TCP segment or UDP datagram in a PDU carries;
// -1 when there is none in it.
func (f *finder) payload(id trace.PDUID) int {
	for id != 0 {
		p := f.log.PDU(id)
		if p.Proto == layers.TCP || p.Proto == layers.UDP {
			return int(f.log.Size(id)) - f.headerLen(id, p.Proto)
		}
		parents := f.log.Parents(id)
		if len(parents) == 0 {
			break
		}
		id = parents[0].Of
	}
	return -1
}

// headerLen is read from the header: at a receiver, segments are parts of
// packets, without a header of their own in the trace.
func (f *finder) headerLen(id trace.PDUID, p layers.Proto) int {
	if p == layers.UDP {
		return layers.UDPSize
	}
	f.buf = f.log.Append(f.buf[:0], id, 0, layers.TCPMinSize)
	if len(f.buf) < layers.TCPMinSize {
		return len(f.buf)
	}
	return layers.TCPHeader(f.buf).HeaderLen()
}

// hasField says whether a header field of an event's PDU has one of some
// values: in any of its occurrences, as a number or as it is shown.
func (f *finder) hasField(n trace.EventID, name string, values ...tree.Any) bool {
	for _, n := range f.fields(n, name) {
		if slices.Contains(values, tree.Any(n.Show)) || slices.Contains(values, tree.Any(strconv.FormatUint(n.Uint, 10))) {
			return true
		}
	}
	return false
}

// fields are the occurrences of a header field in an event's PDU.
func (f *finder) fields(n trace.EventID, name string) []layers.Node {
	var out []layers.Node
	for _, part := range f.parts(n) {
		if !part.Quoted {
			out = appendNamed(out, part.Fields, name)
		}
	}
	return out
}

// parts are what an event's PDU is made of. What is wrapped around a message
// above the socket can only be read by one who knows what came before it in
// its stream: so it is found in the frame that it went with.
func (f *finder) parts(n trace.EventID) []layers.Part {
	e := f.log.Event(n)
	if e.Kind != trace.Encode && e.Kind != trace.Decode {
		return f.dissect(e.PDU).Parts
	}
	t := f.log.Tree(f.log.FrameOf(n))
	if t == nil {
		return nil
	}
	f.buf = f.log.Append(f.buf[:0], e.PDU, 0, f.log.Size(e.PDU))
	for i := range t.Parts {
		if p := &t.Parts[i]; p.Proto == e.Proto && bytes.HasPrefix(t.Buffer(p.In)[p.Pos:], f.buf) {
			return t.Parts[i : i+1]
		}
	}
	return nil
}

func appendNamed(out, nodes []layers.Node, name string) []layers.Node {
	for _, n := range nodes {
		if n.Field.Name == name {
			out = append(out, n)
		}
		out = appendNamed(out, n.Children, name)
	}
	return out
}

// maxTrees bounds how many dissections are kept.
const maxTrees = 1000

// dissect takes a PDU apart. A transport PDU alone does not say what it is:
// it gets the smallest packet around it that does.
func (f *finder) dissect(id trace.PDUID) *layers.Tree {
	if t := f.trees[id]; t != nil {
		return t
	}
	size := f.log.Size(id)
	opt := layers.Options{First: f.log.PDU(id).Proto, FCSLen: -1}
	var b []byte
	wrap := map[layers.Proto]uint8{layers.TCP: layers.ProtocolTCP, layers.UDP: layers.ProtocolUDP, layers.ICMPv4: layers.ProtocolICMP}
	protocol, bare := wrap[opt.First]
	switch {
	case id == 0:
		return &layers.Tree{}
	case opt.First == layers.Ethernet:
		opt.FCSLen = 4
	case bare:
		opt.First = layers.IPv4
		total := layers.IPv4MinSize + size
		b = []byte{0x45, 0, byte(total >> 8), byte(total), 0, 0, 0, 0, 1, protocol, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	}
	const enough = 10_000 // the longest frame; of a longer packet, the front
	opt.WireLen = len(b) + int(size)
	t := layers.Dissect(f.log.Append(b, id, 0, min(size, enough)), opt)
	if bare {
		t.Parts = t.Parts[1:]
	}
	if len(f.trees) >= maxTrees {
		clear(f.trees)
	}
	f.trees[id] = t
	return t
}
