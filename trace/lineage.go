package trace

// Place is one byte of one PDU.
type Place struct {
	PDU PDUID
	Off int64
}

// Origins follows a byte to what it was made from: frame, packet, segment,
// stream. The last place is where the byte was first written. A byte of a
// header has no origin but its own PDU.
func Origins(t Trace, p Place) []Place {
	out := []Place{p}
	for {
		next, ok := origin(t, p)
		if !ok {
			return out
		}
		out = append(out, next)
		p = next
	}
}

func origin(t Trace, p Place) (Place, bool) {
	for _, s := range t.Parents(p.PDU) {
		if p.Off >= s.At && p.Off < s.At+s.Len {
			return Place{s.Of, s.Off + min(p.Off-s.At, s.Extent()-1)}, true
		}
	}
	return Place{}, false
}
