package quiz

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"strata/layers"
	"strata/trace"
)

// blank is a field that is to be filled in.
type blank struct {
	node layers.Node
	raw  uint32 // of a sequence number: as it stands in the header
	base uint32 // where its connection's numbers begin; 0: not known
	info *trace.Info
}

// sequences are the fields that count the bytes of a connection.
var sequences = map[string]string{"tcp.seq": "tcp.seq_raw", "tcp.ack": "tcp.ack_raw", "tcp.nxtseq": ""}

// fillQuestion hides fields of frame n. It reports false when the frame lacks
// one of them.
func fillQuestion(t trace.Trace, n int, hide []string) (rows []Row, blanks []blank, ok bool) {
	tree := t.Tree(n)
	if tree == nil {
		return nil, nil, false
	}
	h := hider{info: t.Info()}
	if seg, ok := segmentAt(t, n); ok {
		h.seqBase, h.ackBase = seg.bases(t)
	}
	of := make([]*layers.Part, len(hide)) // which header has which field
	for i, name := range hide {
		for j := range tree.Parts {
			if p := &tree.Parts[j]; of[i] == nil && !p.Quoted && findNode(p.Fields, name) != nil {
				of[i] = p
				h.hidden = append(h.hidden, *findNode(p.Fields, name))
			}
		}
	}
	for i := range tree.Parts {
		if p := &tree.Parts[i]; slices.Contains(of, p) {
			h.fields(p, p.Fields)
		}
	}
	return h.rows, h.blanks, len(h.hidden) == len(hide) && len(h.blanks) == len(hide)
}

// hider makes rows of a frame's headers, with blanks in them.
type hider struct {
	info             *trace.Info
	seqBase, ackBase uint32
	hidden           []layers.Node
	rows             []Row
	blanks           []blank
}

func (h *hider) fields(p *layers.Part, nodes []layers.Node) {
	for i := range nodes {
		node := &nodes[i]
		switch {
		case isOneOf(h.hidden, node):
			h.rows = append(h.rows, Row{Proto: p.Proto, Field: node.Field, Blank: true})
			h.blanks = append(h.blanks, h.blank(p, node))
		case holds(node, h.hidden):
			h.fields(p, node.Children)
		case !node.Hidden && node.Len > 0 && node.Field.Label != "" && node.Field.Type != layers.TypeBytes && !tells(node, h.hidden):
			h.rows = append(h.rows, Row{Proto: p.Proto, Field: node.Field, Show: node.Show})
		}
	}
}

func (h *hider) blank(p *layers.Part, node *layers.Node) blank {
	b := blank{node: *node, info: h.info, raw: uint32(node.Uint)}
	switch node.Field.Name {
	case "tcp.seq", "tcp.nxtseq":
		b.base = h.seqBase
	case "tcp.ack":
		b.base = h.ackBase
	}
	if raw := findNode(p.Fields, sequences[node.Field.Name]); raw != nil && raw.Uint != node.Uint {
		b.raw, b.base = uint32(raw.Uint), uint32(raw.Uint)-uint32(node.Uint)
	}
	return b
}

func isOneOf(hidden []layers.Node, node *layers.Node) bool {
	for i := range hidden {
		if hidden[i].Field == node.Field && hidden[i].In == node.In && hidden[i].Pos == node.Pos && hidden[i].Bit == node.Bit {
			return true
		}
	}
	return false
}

// holds says whether one of the hidden fields is a part of a node.
func holds(node *layers.Node, hidden []layers.Node) bool {
	for i := range node.Children {
		if isOneOf(hidden, &node.Children[i]) || holds(&node.Children[i], hidden) {
			return true
		}
	}
	return false
}

// tells says whether a node shows what a hidden field does: the same bits, the
// same value elsewhere, or, as a checksum does, what is said about it.
func tells(node *layers.Node, hidden []layers.Node) bool {
	for i := range hidden {
		h := &hidden[i]
		if len(h.Show) > 3 && node.Show == h.Show {
			return true // as an address that stands in two headers
		}
		if node.In != h.In || node.Pos >= h.Pos+max(h.Len, 1) || h.Pos >= node.Pos+node.Len {
			continue
		}
		apart := node.Pos == h.Pos && node.Len == h.Len && node.Bits > 0 && h.Bits > 0 &&
			(node.Bit+node.Bits <= h.Bit || h.Bit+h.Bits <= node.Bit)
		if !apart {
			return true
		}
	}
	return false
}

func findNode(nodes []layers.Node, name string) *layers.Node {
	for i := range nodes {
		if nodes[i].Field.Name == name && name != "" {
			return &nodes[i]
		}
		if n := findNode(nodes[i].Children, name); n != nil {
			return n
		}
	}
	return nil
}

// part is the blank's part of a verdict, not yet judged.
func (b *blank) part(given string) Part {
	p := Part{Label: b.node.Field.Label, Given: given, Is: b.node.Show, Note: b.node.Field.Help}
	if _, ok := sequences[b.node.Field.Name]; ok {
		p.Is = seqText(b.raw, b.base)
	}
	return p
}

// fits compares what was written with the field. What is left empty is wrong.
func (b *blank) fits(text string) (bool, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return false, nil
	}
	if _, ok := sequences[b.node.Field.Name]; ok {
		n := number{value: float64(b.raw), seq: true, base: b.base}
		right, _, err := n.fits(text)
		return right, err
	}
	switch b.node.Field.Type {
	case layers.TypeUint, layers.TypeHex, layers.TypeInt:
		return b.fitsNumber(text)
	case layers.TypeBool:
		return b.fitsBool(text)
	case layers.TypeEnum:
		return b.fitsEnum(text)
	case layers.TypeMAC:
		return b.fitsMAC(text)
	case layers.TypeIPv4, layers.TypeIPv6:
		return b.fitsIP(text)
	}
	return strings.EqualFold(text, b.node.Show), nil
}

// fitsNumber takes decimal and 0x, and for what is shown in hexadecimal also
// digits without 0x.
func (b *blank) fitsNumber(text string) (bool, error) {
	v, word, ok := scan(text)
	hexadecimal := b.node.Field.Type == layers.TypeHex
	if u, err := strconv.ParseUint(text, 16, 64); hexadecimal && err == nil && u == b.node.Uint {
		return true, nil
	}
	if _, known := unitNamed(word); !ok || word != "" && !known {
		return false, fmt.Errorf("%q is not a number: write 64 or 0x40", short(text))
	}
	return v == float64(b.node.Uint), nil
}

var boolWords = map[string]uint64{"1": 1, "set": 1, "yes": 1, "true": 1, "on": 1, "0": 0, "not set": 0, "unset": 0, "clear": 0, "no": 0, "false": 0, "off": 0}

func (b *blank) fitsBool(text string) (bool, error) {
	v, ok := boolWords[strings.ToLower(text)]
	if !ok {
		return false, fmt.Errorf("%q is neither: write 1 or 0", short(text))
	}
	return (v != 0) == (b.node.Uint != 0), nil
}

// fitsEnum takes the value's name or its number.
func (b *blank) fitsEnum(text string) (bool, error) {
	if v, word, ok := scan(text); ok && word == "" {
		return v == float64(b.node.Uint), nil
	}
	return strings.EqualFold(text, b.node.Field.Names[b.node.Uint]) || strings.EqualFold(text, b.node.Show), nil
}

// fitsMAC takes an address however it is punctuated, or who has it: "r1", or
// "r1:eth0".
func (b *blank) fitsMAC(text string) (bool, error) {
	want := plainMAC(b.node.Show)
	name := strings.TrimSuffix(strings.TrimSuffix(text, "'s"), "’s")
	named := false
	for _, l := range b.info.Links {
		for _, e := range l.Ends {
			node := b.info.Nodes[e.Node].Name
			if !strings.EqualFold(name, node) && !strings.EqualFold(name, node+":"+e.If) {
				continue
			}
			named = true
			if hex.EncodeToString(e.MAC[:]) == want {
				return true, nil
			}
		}
	}
	if strings.EqualFold(name, "broadcast") {
		return want == "ffffffffffff", nil
	}
	if mac := plainMAC(text); !named && len(mac) != 12 {
		return false, fmt.Errorf("%q is no MAC address: write 02:00:00:00:01:01, or whose it is", short(text))
	}
	return plainMAC(text) == want, nil
}

// plainMAC is an address's 12 digits; empty: it is none.
func plainMAC(text string) string {
	digits := strings.ToLower(strings.NewReplacer(":", "", "-", "", ".", "", " ", "").Replace(text))
	if _, err := hex.DecodeString(digits); err != nil || len(digits) != 12 {
		return ""
	}
	return digits
}

func (b *blank) fitsIP(text string) (bool, error) {
	want, _ := netip.ParseAddr(b.node.Show)
	if a, err := netip.ParseAddr(text); err == nil {
		return a == want, nil
	}
	for _, n := range b.info.Nodes {
		if !strings.EqualFold(n.Name, strings.TrimSuffix(text, "'s")) {
			continue
		}
		for _, addr := range n.Addrs {
			if a, err := netip.ParseAddr(addr); err == nil && a == want {
				return true, nil
			}
		}
		return false, nil
	}
	return false, fmt.Errorf("%q is no address: write 10.0.1.2", short(text))
}
