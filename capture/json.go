package capture

import (
	"encoding/hex"
	"io"
	"math"
	"strconv"
	"unicode/utf8"

	"strata/layers"
	"strata/layers/filter"
	"strata/trace"
)

// WriteJSON writes the file's dissection as JSON Lines, one frame a line; that
// of a pipe while it goes on. With alone set, each frame is read by itself, without
// reassembly; by, unless nil, says which frames. It needs the memory of some
// frames. Watch is told how far it is.
func (f *File) WriteJSON(w io.Writer, alone bool, by *filter.Filter, watch func(trace.Progress)) error {
	if !f.Progress().Pipe || !f.source.Live() {
		f.Wait(math.MaxInt) // to index and to dissect at once only hinders both
	}
	var which func(from, to int) []int
	if by != nil {
		which = func(from, to int) []int { return f.pick(nil, by, from, to, alone) }
	}
	return f.inOrder(w, watch, which, func(dst []byte, n int) ([]byte, error) {
		t, m, err := f.Dissect(n, alone)
		if err != nil {
			return dst, err
		}
		enc := encoder{dst}
		enc.frame(n+1, t, &m)
		return enc.b, nil
	})
}

// WriteFrames is WriteJSON of some frames, in order. It waits for no more of
// the index than they need.
func (f *File) WriteFrames(w io.Writer, frames []int, alone bool) error {
	var enc encoder
	for _, n := range frames {
		f.Wait(n)
		t, m, err := f.Dissect(n, alone)
		if err != nil {
			return err
		}
		enc.b = enc.b[:0]
		enc.frame(n+1, t, &m)
		if _, err := w.Write(enc.b); err != nil {
			return err
		}
	}
	return nil
}

// encoder builds a line of JSON; a field's order is the one of the command
// line's document.
type encoder struct{ b []byte }

func (e *encoder) frame(number int, t *layers.Tree, m *Meta) {
	e.b = append(e.b, `{"frame":`...)
	e.int(number)
	e.b = append(e.b, `,"time":"`...)
	e.b = m.Time.AppendFormat(e.b, "2006-01-02T15:04:05.000000000Z")
	e.b = append(e.b, `","caplen":`...)
	e.int(len(t.Data))
	e.b = append(e.b, `,"len":`...)
	e.int(m.WireLen)
	e.b = append(e.b, `,"layers":[`...)
	for i := range t.Parts {
		e.comma(i)
		e.part(t, &t.Parts[i])
	}
	e.b = append(e.b, ']')
	if len(t.Expert) > 0 {
		e.b = append(e.b, `,"expert":[`...)
		for i := range t.Expert {
			x := &t.Expert[i]
			e.comma(i)
			e.b = append(e.b, `{"severity":`...)
			e.str(x.Severity.String())
			e.b = append(e.b, `,"name":`...)
			e.str(x.Name)
			e.b = append(e.b, `,"text":`...)
			e.str(x.Text)
			e.b = append(e.b, '}')
		}
		e.b = append(e.b, ']')
	}
	e.b = append(e.b, "}\n"...)
}

func (e *encoder) part(t *layers.Tree, p *layers.Part) {
	e.b = append(e.b, `{"proto":`...)
	e.str(p.Proto.Filter())
	e.place(t, p.Pos, p.Len, p.In)
	e.b = append(e.b, `,"fields":[`...)
	e.nodes(t, p.Pos, p.Fields)
	e.b = append(e.b, "]}"...)
}

// nodes writes fields. As in tshark's PDML, one that begins before what it is
// in, by the count of its own buffer, counts from there.
func (e *encoder) nodes(t *layers.Tree, parent int, nodes []layers.Node) {
	for i := range nodes {
		n := &nodes[i]
		e.comma(i)
		e.b = append(e.b, `{"name":`...)
		e.str(n.Field.Name)
		pos := n.Pos
		if pos < parent {
			pos += parent
		}
		e.place(t, pos, n.Len, n.In)
		if n.Bits > 0 {
			e.b = append(e.b, `,"bit":`...)
			e.int(n.Bit)
			e.b = append(e.b, `,"bits":`...)
			e.int(n.Bits)
		}
		e.b = append(e.b, `,"value":"`...)
		e.b = hex.AppendEncode(e.b, bytesOf(t, n))
		e.b = append(e.b, `","show":`...)
		e.str(n.Show)
		if len(n.Children) > 0 {
			e.b = append(e.b, `,"fields":[`...)
			e.nodes(t, n.Pos, n.Children)
			e.b = append(e.b, ']')
		}
		e.b = append(e.b, '}')
	}
}

// bytesOf are the bytes that a node lies over.
func bytesOf(t *layers.Tree, n *layers.Node) []byte {
	b := t.Buffer(n.In)
	from := min(n.Pos, len(b))
	return b[from:min(from+n.Len, len(b))]
}

func (e *encoder) place(t *layers.Tree, pos, n int, in layers.Source) {
	e.b = append(e.b, `,"pos":`...)
	e.int(pos)
	e.b = append(e.b, `,"len":`...)
	e.int(n)
	switch {
	case in == layers.InFrame:
	case t.Decrypted(in):
		e.b = append(e.b, `,"in":"decrypted"`...)
	default:
		e.b = append(e.b, `,"in":"reassembled"`...)
	}
}

func (e *encoder) comma(i int) {
	if i > 0 {
		e.b = append(e.b, ',')
	}
}

func (e *encoder) int(n int) { e.b = strconv.AppendInt(e.b, int64(n), 10) }

// str writes a string. What is no printable ASCII is escaped only where JSON
// wants it; the strings come without control characters, except that none
// must ever pass here.
func (e *encoder) str(s string) {
	e.b = append(e.b, '"')
	if plain(s) {
		e.b = append(e.b, s...)
		e.b = append(e.b, '"')
		return
	}
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			e.b = append(e.b, '\\', byte(r))
		case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0:
			const digits = "0123456789abcdef"
			e.b = append(e.b, `\u00`...)
			e.b = append(e.b, digits[r>>4], digits[r&15])
		default:
			e.b = utf8.AppendRune(e.b, r)
		}
	}
	e.b = append(e.b, '"')
}

// plain says whether JSON takes a text as it is.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
