package inspect

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
)

// Place is the chosen byte, as a byte of a PDU; false: it is known in no PDU.
// While no field is chosen, it is the first byte behind the headers.
func (v *View) Place() (p trace.Place, ok bool) {
	at, to := v.held()
	if to <= at {
		at = v.Base
	}
	if len(v.Rows) > 0 && v.Rows[v.row()].Node == nil && v.In == v.Home {
		at = v.Base + v.message()
	}
	switch {
	case v.Tree == nil || at >= v.end:
		return p, false
	case v.In == layers.InFrame && v.Tree == v.whole:
		return trace.Place{PDU: v.T.Frame(v.At.Frame).PDU, Off: int64(at)}, true
	case v.In == v.Home:
		return trace.Place{PDU: v.about.pdu, Off: v.about.off + int64(at-v.Base)}, true
	}
	return p, false
}

// message is where in the bytes shown the message begins that they carry.
func (v *View) message() int {
	ev := v.T.Event(v.event)
	var n scene.Nesting
	switch a := v.about; {
	case ev.Kind == trace.Write && v.T.PDU(a.pdu).Proto == layers.Stream:
		n = scene.Nesting{Origin: a.pdu, At: a.off, Payload: a.n}
		n.Fill(v.T, v.T.Parents(a.pdu))
	case ev.Layer >= layers.Session:
		n, _ = scene.Worn(v.T, a.pdu, ev.Kind == trace.Encode)
	default:
		n = scene.Nest(v.T, a.pdu)
	}
	at := int64(0)
	for _, b := range n.Heads {
		at += b.N
	}
	if n.Payload <= 0 || int(at) >= v.end-v.Base {
		return 0
	}
	return int(at)
}

// Filter is the filter for the chosen field's value; "" when there is none.
func (v *View) Filter(s *scene.Scene) string {
	v.Follow(s)
	if len(v.Rows) == 0 {
		return ""
	}
	row := v.Rows[v.row()]
	if row.Node == nil {
		return row.part.Proto.Filter()
	}
	n, name := row.Node, row.Node.Field.Name
	if name == "" {
		return ""
	}
	if value := filterValue(n, v.Tree.Buffer(n.In)); value != "" {
		return name + " == " + value
	}
	return name
}

// longestValue is how many bytes a filter compares at most.
const longestValue = 32

// filterValue writes a node's value as filters have it; "" when it can only be
// asked whether the field is there.
func filterValue(n *layers.Node, data []byte) string {
	switch n.Field.Type {
	case layers.TypeUint, layers.TypeEnum:
		return fmt.Sprint(n.Uint)
	case layers.TypeInt:
		return fmt.Sprint(int64(n.Uint))
	case layers.TypeHex:
		return fmt.Sprintf("%#x", n.Uint)
	case layers.TypeBool:
		return fmt.Sprint(min(n.Uint, 1))
	case layers.TypeMAC, layers.TypeIPv4, layers.TypeIPv6:
		return n.Show
	case layers.TypeString:
		if strings.ContainsAny(n.Show, "\\\"~") || n.Show != draw.Clean(n.Show) {
			return ""
		}
		return `"` + n.Show + `"`
	case layers.TypeRelTime:
		return fmt.Sprintf("%.9f", float64(int64(n.Uint))/1e9)
	case layers.TypeAbsTime:
		return `"` + time.Unix(0, int64(n.Uint)).UTC().Format("2006-01-02 15:04:05.000000000") + `"`
	case layers.TypeBytes:
		if n.Len == 0 || n.Len > longestValue || n.Pos < 0 || n.Pos+n.Len > len(data) {
			return ""
		}
		text := hex.EncodeToString(data[n.Pos : n.Pos+n.Len])
		var out []string
		for ; text != ""; text = text[2:] {
			out = append(out, text[:2])
		}
		return strings.Join(out, ":")
	}
	return ""
}

// Value is what is chosen, as it is shown.
func (v *View) Value() string {
	if len(v.Rows) == 0 {
		return ""
	}
	row := v.Rows[v.row()]
	if row.Node == nil {
		return row.part.Proto.String() + " " + row.part.Summary
	}
	return v.value(row.Node)
}

// Bytes are those of what is chosen; of the step, where nothing is.
func (v *View) Bytes() []byte {
	if v.Tree == nil {
		return nil
	}
	data := v.Data()
	from, to := v.held()
	if to <= from {
		from, to = v.Base, v.end
	}
	return data[min(max(from, 0), len(data)):max(min(to, len(data)), 0)]
}
