package export

import (
	"fmt"
	"slices"

	"strata/layers"
	"strata/trace"
)

// journey is the part of a trace that fits into a drawing: frames in order of
// transmission, and the nodes that they pass in order of appearance. Of a
// network of many nodes, it is the first conversation.
type journey struct {
	frames  []int
	nodes   []trace.NodeID
	leftOut string // what does not fit, in words; "" when all does
}

// Bounds of a drawing, and of the search for its frames, whatever the trace's
// size.
const (
	maxFrames = 300
	maxNodes  = 12
	maxSearch = 1 << 17
)

func journeyOf(t trace.Trace, part Part) journey {
	var j journey
	var chosen, none pair
	large := len(t.Info().Nodes) > maxNodes
	for n := 0; n < min(t.Frames(), maxSearch) && len(j.frames) < maxFrames; n++ {
		f := t.Frame(n)
		if !part.has(n) {
			continue
		}
		if large {
			p := pairOf(t, f.PDU)
			if chosen == none {
				chosen = p
			}
			if p != chosen {
				continue
			}
		}
		if j.place(f.From) && j.place(f.To) {
			j.frames = append(j.frames, n)
		}
	}
	frames, nodes := t.Frames()-len(j.frames), len(t.Info().Nodes)-len(j.nodes)
	if frames > 0 {
		j.leftOut = fmt.Sprintf("%d of %d frames and %d of %d nodes are left out", frames, t.Frames(), nodes, len(t.Info().Nodes))
	}
	return j
}

// pair is the two IPv4 addresses of a conversation, the lower one first;
// zero for frames that carry no IPv4.
type pair [2]uint32

func pairOf(t trace.Trace, id trace.PDUID) pair {
	b := t.Append(nil, id, 0, layers.EthernetSize+layers.IPv4MinSize)
	if len(b) < layers.EthernetSize+layers.IPv4MinSize || layers.EthernetHeader(b).Type() != layers.EtherTypeIPv4 {
		return pair{}
	}
	h := layers.IPv4Header(b[layers.EthernetSize:])
	return pair{min(h.Src(), h.Dst()), max(h.Src(), h.Dst())}
}

// place gives the node a column if it has none yet; false: there is no room.
func (j *journey) place(n trace.NodeID) bool {
	if j.column(n) >= 0 {
		return true
	}
	if len(j.nodes) == maxNodes {
		return false
	}
	j.nodes = append(j.nodes, n)
	return true
}

func (j *journey) column(n trace.NodeID) int { return slices.Index(j.nodes, n) }

// wrong says that a frame came to harm: lost on its way, or refused for a
// reason that is no good one. What somebody else was meant for is not harmed.
func wrong(t trace.Trace, f trace.Frame) bool {
	return f.Fate == trace.Lost || f.Fate == trace.Refused && t.Event(f.Last).Why.Reason().Bad
}
