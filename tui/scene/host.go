package scene

import "strata/trace"

// Host is the node whose tables are looked at: the one that was chosen, else
// the cursor's.
func (s *Scene) Host() trace.NodeID {
	if n := s.host - 1; n >= 0 && n < len(s.T.Info().Nodes) {
		return trace.NodeID(n)
	}
	return s.Event().Node
}

// HostChosen tells whether a node was chosen.
func (s *Scene) HostChosen() bool { return s.host > 0 }

// ChooseHost chooses a node.
func (s *Scene) ChooseHost(n trace.NodeID) { s.host = int(n) + 1 }

// TurnHost chooses the next of some nodes, or the one before; beyond the last
// and before the first is the cursor's, whichever it is.
func (s *Scene) TurnHost(among []trace.NodeID, by int) {
	at := -1
	for i, n := range among {
		if s.host == int(n)+1 {
			at = i
		}
	}
	round := len(among) + 1
	at = (at + 1 + by + round) % round
	if s.host = 0; at > 0 {
		s.ChooseHost(among[at-1])
	}
}

// nextLook bounds how far NextAt looks.
const nextLook = 1 << 16

// NextAt goes to the next step at a node; false: none of the next many is
// there.
func (s *Scene) NextAt(n trace.NodeID) bool {
	last := min(s.T.Events(), int(s.At.Event)+nextLook)
	for e := s.At.Event + 1; int(e) <= last; e++ {
		if ev := s.T.Event(e); ev.Node == n && !Attached(ev.Kind) {
			s.At.GoTo(e)
			return true
		}
	}
	return false
}
