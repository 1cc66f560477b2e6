package export

import (
	"fmt"
	"slices"

	"strata/trace"
)

// journey is the part of a trace that fits into a drawing: frames in order of
// transmission, and the nodes that they pass in order of appearance.
type journey struct {
	frames  []int
	nodes   []trace.NodeID
	leftOut string // what does not fit, in words; "" when all does
}

// Bounds of a drawing, whatever the trace's size.
const (
	maxFrames = 300
	maxNodes  = 12
)

func journeyOf(t trace.Trace) journey {
	var j journey
	for n := 0; n < t.Frames() && len(j.frames) < maxFrames; n++ {
		f := t.Frame(n)
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
