package inspect

import (
	"strata/layers"
	"strata/trace"
	"strata/tui/scene"
)

// PDU is where the bytes shown stand in the trace: the PDU, and its byte that
// the first of the buffer is. ok is false of bytes that were made in reading.
func (v *View) PDU() (pdu trace.PDUID, off int64, ok bool) {
	switch {
	case v.Tree == nil:
	case v.In == layers.InFrame && v.Tree == v.whole:
		return v.T.Frame(v.At.Frame).PDU, 0, true
	case v.In == v.Home:
		return v.about.pdu, v.about.off - int64(v.Base), true
	}
	return 0, 0, false
}

// light follows the chosen field, wherever it goes; a whole protocol is none.
func (v *View) light() {
	from, to := v.Lit()
	pdu, off, ok := v.PDU()
	if !ok || to <= from {
		v.Dark()
		return
	}
	v.Scene.Light(pdu, off+int64(from), off+int64(to))
}

// Field is the chosen field's name; "": none is chosen.
func (v *View) Field() string {
	if len(v.Rows) == 0 || v.Rows[v.row()].Node == nil {
		return ""
	}
	return v.Rows[v.row()].Node.Field.Name
}

// Range is the chosen field's bytes in a PDU, or, while none is chosen, the
// message's first; ok is false if they are in none.
func (v *View) Range(s *scene.Scene) (pdu trace.PDUID, from, to int64, ok bool) {
	v.Follow(s)
	p, ok := v.Place()
	if !ok {
		return 0, 0, 0, false
	}
	from, to = p.Off, p.Off+1
	if a, b := v.Lit(); b > a {
		to = from + int64(b-a)
	}
	return p.PDU, from, to, true
}

// litAt tells whether a byte of the buffer is among those followed.
func (v *View) litAt(at int) bool {
	pdu, off, ok := v.PDU()
	if !ok {
		return false
	}
	for _, l := range v.Scene.Lit(pdu) {
		if n := off + int64(at); n >= l.From && n < l.To {
			return true
		}
	}
	return false
}
