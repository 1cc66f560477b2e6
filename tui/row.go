package tui

import (
	"fmt"
	"slices"
	"strings"

	"strata/layers"
	"strata/trace"
)

// listRow is what the frame list says of one frame.
type listRow struct {
	src, dst string
	proto    string
	layer    layers.Layer
	length   int // bytes on the wire
	sign     rune
	told     string // what is not usual about the frame
	info     string
	bad      bool // told is no good news
}

// listRows keeps the rows of frames that were drawn lately: only what is
// visible is taken apart.
type listRows map[int]listRow

const keptRows = 2048

func (k *listRows) of(t trace.Trace, n int) listRow {
	if r, ok := (*k)[n]; ok {
		return r
	}
	if *k == nil || len(*k) >= keptRows {
		*k = make(listRows)
	}
	r := newRow(t, n)
	(*k)[n] = r
	return r
}

// newRow takes a frame apart and sums it up.
func newRow(t trace.Trace, n int) listRow {
	tree := t.Tree(n)
	if tree == nil {
		return listRow{info: "cannot be read"}
	}
	return rowOf(t, n, tree)
}

func rowOf(t trace.Trace, n int, tree *layers.Tree) listRow {
	f := t.Frame(n)
	r := listRow{length: max(f.WireLen, len(tree.Data))}
	for i := range tree.Parts {
		p := &tree.Parts[i]
		if p.Quoted {
			continue // of a frame that was sent earlier
		}
		r.ends(p)
		if p.Proto != layers.Data || r.proto == "" {
			r.proto, r.layer = p.Proto.String(), p.Proto.Layer()
			r.info = p.Summary
		}
	}
	if ends := r.src + " ► " + r.dst; r.src != "" { // two columns say that already
		r.info = strings.TrimPrefix(strings.TrimPrefix(r.info, ends), ", ")
	}
	r.tell(t, f, tree)
	return r
}

// sources and destinations are the fields that say where a frame comes from
// and goes to.
var (
	sources      = []string{"ip.src", "ipv6.src", "eth.src", "sll.src.eth", "wlan.ta", "wlan.sa"}
	destinations = []string{"ip.dst", "ipv6.dst", "eth.dst", "wlan.ra", "wlan.da"}
)

// ends takes the addresses of a part; those of the innermost packet stay.
func (r *listRow) ends(p *layers.Part) {
	if at := fieldOf(p.Fields, sources); at != nil {
		r.src, r.dst = at.Show, ""
	}
	if at := fieldOf(p.Fields, destinations); at != nil {
		r.dst = at.Show
	}
}

// fieldOf finds the first node among nodes whose field has one of the names.
func fieldOf(nodes []layers.Node, names []string) *layers.Node {
	for i := range nodes {
		for _, name := range names {
			if nodes[i].Field.Name == name {
				return &nodes[i]
			}
		}
	}
	return nil
}

// nodeNamed finds a field anywhere in a part.
func nodeNamed(nodes []layers.Node, name string) *layers.Node {
	for i := range nodes {
		if nodes[i].Field.Name == name {
			return &nodes[i]
		}
		if at := nodeNamed(nodes[i].Children, name); at != nil {
			return at
		}
	}
	return nil
}

// finding is what Wireshark's analysis of TCP says of a segment, in a few
// words of ours.
type finding struct {
	field string // below tcp.analysis
	sign  rune
	words string
	bad   bool
}

var findings = []finding{
	{"fast_retransmission", '↻', "resent: fast retransmit", false},
	{"spurious_retransmission", '↻', "resent, though acknowledged", false},
	{"retransmission", '↻', "resent", false},
	{"out_of_order", 0, "out of order", true},
	{"ack_lost_segment", 0, "acknowledges what was not captured", true},
	{"lost_segment", 0, "what goes before was not captured", true},
	{"reused_ports", 0, "ports used again", false},
	{"keep_alive", 0, "keep-alive", false},
	{"keep_alive_ack", 0, "answers a keep-alive", false},
	{"zero_window_probe", 0, "zero-window probe", false},
	{"zero_window_probe_ack", 0, "answers a zero-window probe", false},
	{"zero_window", 0, "window is zero", true},
	{"window_full", 0, "fills the window", true},
	{"window_update", 0, "window update", false},
	{"duplicate_ack", 0, "duplicate ACK", true},
}

// tell says first what is not usual: lost, sent again, or what experts find.
func (r *listRow) tell(t trace.Trace, f trace.Frame, tree *layers.Tree) {
	var words []string
	if harmed(t, f) {
		r.sign, r.bad = '✗', true
		words = append(words, fateWords(t.Event(f.Last)))
	}
	words = append(words, r.analysed(tree)...)
	if f.Resent && r.sign == 0 {
		r.sign = '↻'
		if t.Info().Captured {
			words = append(words, "resent")
		}
	}
	for _, e := range tree.Expert {
		if text := expertWords(e); text != "" && !slices.Contains(words, text) {
			words = append(words, text)
			r.bad = true
			if r.sign == 0 && e.Severity >= layers.Warning {
				r.sign = '✗'
			}
		}
	}
	r.told = strings.Join(words, ", ")
}

// analysed gives the findings about a frame's segment.
func (r *listRow) analysed(tree *layers.Tree) (words []string) {
	for _, f := range findings {
		name := "tcp.analysis." + f.field
		if !slices.ContainsFunc(tree.Expert, func(e layers.Expert) bool { return e.Name == name }) {
			continue
		}
		text := f.words
		switch f.field {
		case "retransmission":
			if len(words) > 0 {
				continue // said in other words
			}
			if rto := tcpNode(tree, "tcp.analysis.rto"); rto != nil {
				text = fmt.Sprintf("resent after %s: RTO", trace.FormatDuration(trace.Time(rto.Uint)))
			}
		case "duplicate_ack":
			if n := tcpNode(tree, "tcp.analysis.duplicate_ack_num"); n != nil {
				text = fmt.Sprintf("duplicate ACK %d", n.Uint)
			}
		}
		if f.sign != 0 {
			r.sign = f.sign
		}
		r.bad = r.bad || f.bad
		words = append(words, text)
	}
	return words
}

// tcpNode finds a field of the frame's own segment.
func tcpNode(tree *layers.Tree, name string) *layers.Node {
	for i := range tree.Parts {
		if p := &tree.Parts[i]; p.Proto == layers.TCP && !p.Quoted {
			return nodeNamed(p.Fields, name)
		}
	}
	return nil
}

// expertWords are an expert's finding in a few words; "" when it can wait
// until one looks at the frame.
func expertWords(e layers.Expert) string {
	switch {
	case e.Name == "_ws.short":
		return "cut by the capture"
	case e.Name == "_ws.malformed.expert":
		return "malformed"
	case e.Text == layers.ChecksumLeft:
		return ""
	case strings.Contains(e.Name, "checksum"), strings.Contains(e.Name, "fcs"):
		return "bad checksum"
	case e.Severity < layers.Error:
		return ""
	}
	first, _, _ := strings.Cut(e.Text, ".")
	return first
}
