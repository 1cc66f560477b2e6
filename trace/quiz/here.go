package quiz

import (
	"cmp"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"

	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
)

// maker makes one question of a scene, if there is one in it.
type maker struct {
	name  string
	layer layers.Layer // whose work it is about
	make  func(*scene, *Question) bool
}

var makers = []maker{
	{"order", layers.Application, (*scene).askOrder},
	{"next-sequence", layers.Transport, (*scene).askNext},
	{"acknowledgment", layers.Transport, (*scene).askAck},
	{"duplicate-ack", layers.Transport, (*scene).askDuplicate},
	{"reply-kind", layers.Transport, (*scene).askReply},
	{"reply-header", layers.Transport, (*scene).askReplyHeader},
	{"reason", layers.Transport, (*scene).askReason},
	{"finding", layers.Transport, (*scene).askFinding},
	{"state", layers.Transport, (*scene).askState},
	{"value", layers.Transport, (*scene).askValue},
	{"noticed", layers.Transport, (*scene).askNoticed},
	{"fate", layers.Network, (*scene).askFate},
	{"ttl", layers.Network, (*scene).askTTL},
	{"kept", layers.Network, (*scene).askKept},
	{"next-header", layers.Network, (*scene).askNextHeader},
	{"answer", layers.Network, (*scene).askAnswer},
	{"lengths", layers.Network, (*scene).askLengths},
	{"fragment", layers.Network, (*scene).askFragment},
	{"pieces", layers.Network, (*scene).askPieces},
	{"addresses", layers.DataLink, (*scene).askAddresses},
	{"adds", layers.DataLink, (*scene).askAdds},
	{"size", layers.DataLink, (*scene).askSize},
}

// Here makes the questions that can be asked at an event: first those about the
// work of the event's layer. What they ask for lies ahead of the event, or is
// hidden in what is shown of it.
func Here(t trace.Trace, id trace.EventID) []Question {
	s := newScene(t, id)
	if s == nil {
		return nil
	}
	near := slices.Clone(makers)
	slices.SortStableFunc(near, func(a, b maker) int { return cmp.Compare(s.distance(a.layer), s.distance(b.layer)) })
	var all []Question
	for _, m := range near {
		q := Question{Event: id, Frame: s.n, Name: m.name}
		s.random = dice(t, id, m.name)
		if m.make(s, &q) {
			all = append(all, q)
		}
	}
	return all
}

// scene is an event with the frame that it belongs to.
type scene struct {
	t      trace.Trace
	info   *trace.Info
	id     trace.EventID
	e      trace.Event
	n      int
	f      trace.Frame
	steps  []trace.EventID
	shape  walk.Shape
	head   []byte   // the frame's first bytes, all headers of which shape tells among them
	seg    *segment // nil: the frame carries no TCP segment that can be read
	taken  *layers.Tree
	random *rand.Rand
}

// tree is the frame taken apart, once for all questions.
func (s *scene) tree() *layers.Tree {
	if s.taken == nil {
		s.taken = s.t.Tree(s.n)
	}
	return s.taken
}

// headBytes is enough for a frame's headers.
const headBytes = 256

func newScene(t trace.Trace, id trace.EventID) *scene {
	e := t.Event(id)
	if e.Kind == 0 || t.Frames() == 0 {
		return nil
	}
	s := &scene{t: t, info: t.Info(), id: id, e: e, n: t.FrameOf(id)}
	s.f = t.Frame(s.n)
	s.steps = slices.Clone(t.Steps(s.n))
	s.head = shapeOf(t, s.f, &s.shape)
	if seg, ok := segmentAt(t, s.n); ok {
		s.seg = &seg
	}
	return s
}

func (s *scene) distance(l layers.Layer) int {
	d := int(l) - int(s.e.Layer)
	return max(d, -d)
}

// shapeOf walks over a frame's headers and gives its first bytes.
func shapeOf(t trace.Trace, f trace.Frame, shape *walk.Shape) []byte {
	b, size := t.Append(nil, f.PDU, 0, headBytes), int(t.Size(f.PDU))
	link, fcs := uint16(walk.LinkEthernet), layers.FCSSize
	if t.Info().Captured {
		link, fcs, size = uint16(f.LinkType), f.FCS, max(f.WireLen, size)
	}
	walk.Walk(shape, b, size, link, fcs)
	return b
}

// dice gives the chance of a question: the same for the same trace, event and
// name.
func dice(t trace.Trace, id trace.EventID, name string) *rand.Rand {
	h := fnv.New64a()
	io.WriteString(h, t.Info().Name+"\x00"+strconv.Itoa(int(id))+"\x00"+name)
	return rand.New(rand.NewPCG(h.Sum64(), uint64(id)))
}

// node is the name of a node, for a question's text.
func (s *scene) node(id trace.NodeID) string {
	if int(id) >= len(s.info.Nodes) {
		return "?"
	}
	return s.info.Nodes[id].Name
}

// host names the host that has an endpoint's address; for a packet on its way,
// that is not the node that its frame comes from.
func (s *scene) host(e walk.Endpoint) string {
	if addr := e.String(); !s.info.Captured {
		for i := range s.info.Nodes {
			if slices.Contains(s.info.Nodes[i].Addrs, addr) {
				return s.info.Nodes[i].Name
			}
		}
	}
	return e.String()
}

// offered is how many choices a question has at most.
const offered = 4

// choose makes a question of choices: the right one, and some of the wrong
// ones, shuffled. It reports false when too little is left to choose from.
func (s *scene) choose(q *Question, right string, wrong []string) bool {
	q.Kind = Choose
	choices := []string{right}
	for _, i := range s.random.Perm(len(wrong)) {
		if len(choices) < offered && !slices.Contains(choices, wrong[i]) {
			choices = append(choices, wrong[i])
		}
	}
	if len(choices) < 3 {
		return false
	}
	s.random.Shuffle(len(choices), func(i, j int) { choices[i], choices[j] = choices[j], choices[i] })
	q.Choices, q.key.choice = choices, slices.Index(choices, right)
	return true
}

// because gives the question its reason.
func (q *Question) because(why, rfc string, words ...string) {
	q.key.why, q.key.rfc, q.key.words = why, rfc, words
}

// becauseOf gives it that of an event.
func (s *scene) becauseOf(q *Question, id trace.EventID) {
	r := s.t.Event(id).Why.Reason()
	q.because(s.t.Text(id), r.RFC, r.Words...)
}

// stepOf is the frame's first event that a test holds for; 0: there is none.
func (s *scene) stepOf(holds func(trace.Event) bool) trace.EventID {
	for _, id := range s.steps {
		if holds(s.t.Event(id)) {
			return id
		}
	}
	return 0
}
