package topology

import (
	"fmt"
	"strings"

	"strata/trace"
	"strata/trace/wire"
	"strata/tui/draw"
	"strata/tui/scene"
)

// tell finds what each node that is shown does at the cursor.
func (p *Pane) tell() {
	s := p.of
	now := s.Now()
	if p.at != s.At.Event || p.words == nil {
		p.at, p.words = s.At.Event, map[trace.NodeID]string{}
	}
	busy := map[trace.NodeID]bool{}
	for _, f := range p.on.Flights {
		if frame := s.T.Frame(f.Frame); wire.Leaves(s.T, frame) > now {
			busy[frame.From] = true
		}
	}
	st := s.T.State(s.At.Event)
	for _, n := range p.g.nodes {
		if n.point {
			continue
		}
		if p.g.point >= 0 {
			p.words[n.id] = counted(n.frames)
			continue
		}
		switch e := s.Event(); {
		case e.Node == n.id && e.Time == now && scene.PhaseOf(s.T, e) != scene.Wire:
			p.words[n.id] = doing(e)
		case busy[n.id]:
			p.words[n.id] = "sends"
		default:
			p.words[n.id] = waiting(st, n.id)
		}
	}
}

func counted(n int) string {
	if n == 1 {
		return "1 frame"
	}
	return scene.Thousands(n) + " frames"
}

// doing is a step in a word or two.
func doing(e trace.Event) string {
	name := e.Proto.String()
	switch e.Kind {
	case trace.Send:
		return "has a message"
	case trace.Encode:
		return "writes it as " + name
	case trace.Write:
		return "into the socket"
	case trace.Segment:
		return "cuts a segment"
	case trace.Encapsulate:
		return "adds " + name
	case trace.Fragment:
		return "cuts the packet"
	case trace.Hold:
		return "lets it wait"
	case trace.Queue:
		return "queues it"
	case trace.Arrive:
		return "gets a frame"
	case trace.Drop:
		if e.Why.Reason().Bad {
			return "✗ drops it"
		}
		return "ignores it"
	case trace.Decapsulate:
		return "reads " + name
	case trace.Forward:
		return "passes it on"
	case trace.Reassemble:
		return "puts it together"
	case trace.Read:
		return "from the socket"
	case trace.Decode:
		return "reads " + name
	case trace.Deliver:
		return "has it whole"
	}
	return ""
}

// waiting is what a node waits for, from its sockets and connections.
func waiting(st *trace.State, n trace.NodeID) string {
	word := ""
	var una, nxt int64
	for _, e := range st.Table(n, "tcp") {
		switch e.Slot.Field {
		case "snd.nxt":
			nxt = e.Value
		case "snd.una":
			una = e.Value
			if una != nxt {
				word = "waits for ACK"
			}
		case "state":
			switch e.Show {
			case "SYN-SENT":
				return "waits: SYN,ACK"
			case "TIME-WAIT":
				word = "TIME-WAIT"
			}
		}
	}
	if word != "" {
		return word
	}
	for _, e := range st.Table(n, "socket") {
		switch {
		case e.Slot.Field == "unread" && e.Value > 0:
			return e.Show + " B unread"
		case e.Slot.Field == "state" && e.Show == "LISTEN":
			word = "listens"
		case e.Slot.Field == "state" && e.Show == "ESTABLISHED":
			return "connected"
		}
	}
	return word
}

// linkWords say what a link is, in at most w cells.
func linkWords(info *trace.Info, e edge, w int) string {
	l := info.Links[e.links[0]]
	var parts []string
	if l.Rate > 0 {
		parts = append(parts, trace.FormatValue(trace.Rate, l.Rate, nil))
	}
	parts = append(parts, trace.FormatDuration(l.Delay))
	if l.MTU > 0 {
		parts = append(parts, fmt.Sprintf("MTU %d", l.MTU))
	}
	if len(e.links) > 1 {
		parts = append([]string{fmt.Sprintf("%d links", len(e.links))}, parts...)
	}
	for n := len(parts); n > 0; n-- {
		if text := strings.Join(parts[:n], "  "); draw.Width(draw.Clean(text)) <= w {
			return text
		}
	}
	return ""
}

// foot says what is in the picture, and what is not.
func (p *Pane) foot(c *draw.Canvas, r draw.Rect) {
	if r.Empty() {
		return
	}
	var notes []string
	if p.g.point >= 0 && p.g.counts != [2]int{0, p.of.T.Frames()} {
		notes = append(notes, fmt.Sprintf("counted: frames %s to %s", scene.Thousands(p.g.counts[0]+1), scene.Thousands(p.g.counts[1])))
	}
	switch {
	case p.g.more > 0 && p.g.point >= 0:
		notes = append(notes, scene.Thousands(p.g.more)+" who said less are not shown")
	case p.g.more > 0:
		notes = append(notes, scene.Thousands(p.g.more)+" of "+scene.Thousands(p.g.more+len(p.g.nodes))+" nodes are not shown")
	}
	if p.on.More {
		notes = append(notes, fmt.Sprintf("more than %s frames are on their way", scene.Thousands(wire.MaxFrames)))
	}
	c.Text(r, scene.Margin, 0, p.frameWords(), draw.Plain)
	if r.H > 1 {
		if len(notes) == 0 {
			notes = append(notes, "← → choose a node, ↵ its next event; a click on a frame goes to it")
		}
		c.Text(r, scene.Margin, 1, strings.Join(notes, "; "), draw.Quiet)
	}
}

// frameWords say where the cursor's frame is, and what it is.
func (p *Pane) frameWords() string {
	s := p.of
	if s.T.Frames() == 0 {
		return "nothing was put on a wire"
	}
	f := s.T.Frame(s.At.Frame)
	info := s.T.Info()
	text := fmt.Sprintf("frame %d, %s to %s, %s: %s", s.At.Frame+1, info.Nodes[f.From].Name, info.Nodes[f.To].Name, p.whereabouts(f), s.Glance(s.At.Frame).Label)
	if f.Resent {
		return "↻ " + text
	}
	return text
}

func (p *Pane) whereabouts(f trace.Frame) string {
	s := p.of
	if p.g.point >= 0 {
		return "seen between them"
	}
	for _, on := range p.on.Flights {
		if on.Frame == s.At.Frame && !on.Lost {
			return fmt.Sprintf("%.0f %% of its way", on.Part*100)
		}
	}
	switch {
	case s.At.Event < f.Transmit:
		return "not on the wire yet"
	case f.Fate == trace.Lost:
		return "✗ " + scene.FateWords(s.T.Event(f.Last))
	case f.Fate == trace.OnTheWay:
		return "on its way as the run ends"
	}
	return "has arrived"
}
