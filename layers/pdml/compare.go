package pdml

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"strata/layers"
)

// Score counts the fields of one protocol.
type Score struct {
	Want    int            // fields that tshark has
	Matched int            // of them, those that the tree has at the same place, with the same bytes
	Extra   int            // fields that only the tree has
	Missing map[string]int // by path and place, for the report
	Surplus map[string]int
}

// Share is the part of tshark's fields that the tree has, from 0 to 1.
func (s *Score) Share() float64 {
	if s.Want == 0 {
		return 1
	}
	return float64(s.Matched) / float64(s.Want)
}

// Scores are the scores by protocol name.
type Scores map[string]*Score

func (s Scores) of(proto string) *Score {
	if s[proto] == nil {
		s[proto] = &Score{Missing: map[string]int{}, Surplus: map[string]int{}}
	}
	return s[proto]
}

// known are the protocols that are compared: those that have a table.
var known = func() map[string]bool {
	names := map[string]bool{}
	for _, p := range layers.Protos() {
		names[p.Filter()] = len(layers.Fields(p)) > 0
	}
	return names
}()

// derived says whether a field is tshark's conclusion, not the frame's bytes:
// names from its database of manufacturers, knowledge from other frames.
func derived(name string) bool {
	switch {
	case strings.HasSuffix(name, "_resolved"), strings.HasPrefix(name, "_ws."):
	case strings.HasSuffix(name, "_rt_host"), strings.HasPrefix(name, "data"):
	default:
		return false
	}
	return true
}

// item is a field as it is compared: its path of names, place and bytes.
type item struct {
	proto, path string
	pos, size   int
	bytes       string
}

func (i item) String() string { return fmt.Sprintf("%s @%d+%d", i.path, i.pos, i.size) }

// Add compares one frame's dissection with tshark's, and counts. File and
// number name the frame in reports.
func (s Scores) Add(tree *layers.Tree, protos []Element, where string) {
	mine := map[item]int{}
	place := map[item][]item{} // the same without bytes
	for _, p := range tree.Parts {
		for _, i := range flatten(tree, p.Proto.Filter(), "", p.Pos, p.Fields) {
			mine[i]++
			bare := i
			bare.bytes = ""
			place[bare] = append(place[bare], i)
		}
	}
	for _, p := range reached(protos) {
		for _, want := range expected(p, nil) {
			score := s.of(want.proto)
			score.Want++
			found := want
			if want.bytes == "" && len(place[want]) > 0 {
				found = place[want][0]
			}
			if mine[found] > 0 {
				mine[found]--
				score.Matched++
				continue
			}
			score.Missing[want.path+"  e.g. "+where+" "+want.String()]++
		}
	}
	for i, n := range mine {
		if n > 0 && known[i.proto] {
			score := s.of(i.proto)
			score.Extra += n
			score.Surplus[i.path+"  e.g. "+where+" "+i.String()] += n
		}
	}
}

// reached are a frame's protocols up to the first one that is not known: what
// a tunnel carries cannot be found without reading the tunnel. What HTTP and
// WebSocket carry is no tunnel: other messages may come after it.
func reached(protos []Element) []Element {
	if i := slices.IndexFunc(protos, func(p Element) bool { return p.Name == "http" || p.Name == "websocket" }); i >= 0 {
		content := func(p Element) bool { return !known[p.Name] }
		rest := slices.DeleteFunc(slices.Clone(protos[i:]), content)
		protos = slices.Concat(protos[:i], rest)
	}
	asked := false
	for i, p := range protos {
		switch p.Name {
		case "geninfo", "frame":
		case "raw", "wlan_radio": // what tshark concludes; it has no bytes
		case "fake-field-wrapper": // fields outside of protocols: data, or hidden
		case "udp", "tcp":
			asked = p.has(p.Name+".port", "53")
		case "gtp": // its control messages have another header than users' packets
			if !p.has("gtp.message", "255") && !p.has("gtp.message", "0xff") {
				return protos[:i]
			}
		case "dns": // elsewhere, tshark has guessed that it is DNS
			if !asked {
				return protos[:i]
			}
		default:
			if !known[p.Name] {
				return protos[:i]
			}
		}
	}
	return protos
}

// has says whether the element has a field of this name and value.
func (e Element) has(name, show string) bool {
	for _, c := range e.Children {
		if c.Name == name && c.Show == show {
			return true
		}
	}
	return false
}

// flatten lists nodes as PDML has them, where a field that begins before the
// one that it is in, at least by its buffer's count, counts from that one.
func flatten(tree *layers.Tree, proto, path string, parent int, nodes []layers.Node) []item {
	var all []item
	for _, n := range nodes {
		here := path + "/" + n.Field.Name
		pos := n.Pos
		if pos < parent {
			pos += parent
		}
		if n.Len > 0 && !derived(n.Field.Name) {
			all = append(all, item{proto, here, pos, n.Len, hex.EncodeToString(tree.Buffer(n.In)[n.Pos : n.Pos+n.Len])})
		}
		all = append(all, flatten(tree, proto, here, n.Pos, n.Children)...)
	}
	return all
}

// expected lists the fields of a protocol that are compared, and those of
// protocols within it.
func expected(proto Element, all []item) []item {
	var walk func(e Element, path string)
	walk = func(e Element, path string) {
		for _, c := range e.Children {
			here := path + "/" + c.Name
			switch {
			case c.XMLName.Local == "proto" && c.Name != "mptcp": // that one is an option of TCP
				all = expected(c, all)
				continue
			case derived(c.Name):
				continue
			case c.Size > 0 && known[proto.Name]:
				all = append(all, item{proto.Name, here, c.Pos, c.Size, c.Bytes()})
			}
			walk(c, here)
		}
	}
	walk(proto, "")
	return all
}
