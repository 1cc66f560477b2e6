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

// Carriers finds every PDU that holds the byte, directly or within another
// one: from a written byte to its segments, packets and frames on every hop,
// resends included, and on into the receiver's stream and message. Each PDU
// comes once, after the PDU that it was found through.
func Carriers(t Trace, p Place) []Place {
	out := []Place{p}
	seen := map[PDUID]bool{p.PDU: true}
	for i := 0; i < len(out); i++ {
		at := out[i]
		for _, c := range t.Children(at.PDU) {
			if at.Off < c.Span.Off || at.Off >= c.Span.Off+c.Span.Extent() || seen[c.PDU] {
				continue
			}
			seen[c.PDU] = true
			out = append(out, Place{c.PDU, c.Span.At + min(at.Off-c.Span.Off, c.Span.Len-1)})
		}
	}
	return out
}

// Everywhere is Carriers of the byte's first origin: all the places that the
// byte is ever at.
func Everywhere(t Trace, p Place) []Place {
	o := Origins(t, p)
	return Carriers(t, o[len(o)-1])
}
