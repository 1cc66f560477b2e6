package scene

import (
	"fmt"
	"slices"
	"strings"

	"strata/layers"
	"strata/trace"
)

// listRow is what the frame list says of one frame.
type Summary struct {
	Src, Dst string
	Proto    string
	Layer    layers.Layer
	Length   int // bytes on the wire
	Sign     rune
	Told     string // what is not usual about the frame
	Info     string
	Bad      bool // told is no good news
}

// listRows keeps the rows of frames that were drawn lately: only what is
// visible is taken apart.
type Summaries map[int]Summary

const keptRows = 2048

func (k *Summaries) Of(t trace.Trace, n int) Summary {
	if r, ok := (*k)[n]; ok {
		return r
	}
	if *k == nil || len(*k) >= keptRows {
		*k = make(Summaries)
	}
	r := newRow(t, n)
	(*k)[n] = r
	return r
}

// newRow takes a frame apart and sums it up.
func newRow(t trace.Trace, n int) Summary {
	tree := t.Tree(n)
	if tree == nil {
		return Summary{Info: "cannot be read"}
	}
	return RowOf(t, n, tree)
}

func RowOf(t trace.Trace, n int, tree *layers.Tree) Summary {
	f := t.Frame(n)
	r := Summary{Length: max(f.WireLen, len(tree.Data))}
	for i := range tree.Parts {
		p := &tree.Parts[i]
		if p.Quoted {
			continue // of a frame that was sent earlier
		}
		r.ends(p)
		if p.Proto != layers.Data || r.Proto == "" {
			r.Proto, r.Layer = p.Proto.String(), p.Proto.Layer()
			r.Info = p.Summary
		}
	}
	if ends := r.Src + " ► " + r.Dst; r.Src != "" { // two columns say that already
		r.Info = strings.TrimPrefix(strings.TrimPrefix(r.Info, ends), ", ")
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
func (r *Summary) ends(p *layers.Part) {
	if at := fieldOf(p.Fields, sources); at != nil {
		r.Src, r.Dst = at.Show, ""
	}
	if at := fieldOf(p.Fields, destinations); at != nil {
		r.Dst = at.Show
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

// NodeNamed finds a field anywhere in a part.
func NodeNamed(nodes []layers.Node, name string) *layers.Node {
	for i := range nodes {
		if nodes[i].Field.Name == name {
			return &nodes[i]
		}
		if at := NodeNamed(nodes[i].Children, name); at != nil {
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
func (r *Summary) tell(t trace.Trace, f trace.Frame, tree *layers.Tree) {
	var words []string
	if Harmed(t, f) {
		r.Sign, r.Bad = '✗', true
		words = append(words, FateWords(t.Event(f.Last)))
	}
	words = append(words, r.analysed(tree)...)
	if f.Resent && r.Sign == 0 {
		r.Sign = '↻'
		if t.Info().Captured {
			words = append(words, "resent")
		}
	}
	for _, e := range tree.Expert {
		if text := expertWords(e); text != "" && !slices.Contains(words, text) {
			words = append(words, text)
			r.Bad = true
			if r.Sign == 0 && e.Severity >= layers.Warning {
				r.Sign = '✗'
			}
		}
	}
	r.Told = strings.Join(words, ", ")
}

// analysed gives the findings about a frame's segment.
func (r *Summary) analysed(tree *layers.Tree) (words []string) {
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
			r.Sign = f.sign
		}
		r.Bad = r.Bad || f.bad
		words = append(words, text)
	}
	return words
}

// tcpNode finds a field of the frame's own segment.
func tcpNode(tree *layers.Tree, name string) *layers.Node {
	for i := range tree.Parts {
		if p := &tree.Parts[i]; p.Proto == layers.TCP && !p.Quoted {
			return NodeNamed(p.Fields, name)
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
