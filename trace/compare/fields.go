package compare

import (
	"slices"
	"strconv"
	"strings"

	"strata/layers"
)

// Field is a field that has other values on the two sides, or that one has
// alone.
type Field struct {
	Name    string // Wireshark's: "ip.ttl"
	Label   string // in words
	Layer   layers.Layer
	Show    [2]string
	Has     [2]bool
	Numbers bool // it only numbers, names or sums up: what it says may differ, and nothing else does
}

// maxFields is how many differing fields are listed of a row.
const maxFields = 256

// Fields are the fields in which a row's two frames differ, in order.
func (c *Comparison) Fields(row int) []Field {
	r := c.Row(row)
	if r.Differ&(OnlyA|OnlyB) != 0 {
		return nil
	}
	var trees [2]*layers.Tree
	for s, x := range c.sides {
		if trees[s] = x.t.Tree(r.Seen[s].Frame); trees[s] == nil {
			return nil
		}
	}
	var all [2][]leaf
	for s := range c.sides {
		t, back := c.talkOf(Side(s), c.sight(Side(s), row))
		all[s] = leaves(trees[s], map[string]uint32{"tcp.seq": t.base[back], "tcp.ack": t.base[1-back]})
	}
	t, _ := c.talkOf(A, c.sight(A, row))
	u, _ := c.talkOf(B, c.sight(B, row))
	fields := differing(all[A], all[B])
	for i := range fields {
		fields[i].Numbers = numbers(fields[i].Name, numbering) || t.talkKey != u.talkKey && numbers(fields[i].Name, naming)
	}
	return fields
}

// talkOf is the conversation of a sight, and 1 if it goes from the server to the client.
func (c *Comparison) talkOf(s Side, sight int) (t *talk, back int) {
	x := c.sides[s].talk[sight]
	t = &c.sides[s].talks.all[x>>1]
	return t, t.way(int(x & 1))
}

// leaf is a field with no parts of its own.
type leaf struct {
	field *layers.Field
	layer layers.Layer
	show  string
	nth   int // of its name
}

// leaves lists a tree's fields that are in the frame, as a reader sees them. Sequence numbers count
// from their bases: a trace may count from elsewhere, or not know.
func leaves(t *layers.Tree, bases map[string]uint32) []leaf {
	var out []leaf
	nth := map[string]int{}
	at := map[string]int{} // in out, the first of a name
	var layer layers.Layer
	var walk func(nodes []layers.Node)
	walk = func(nodes []layers.Node) {
		for i := range nodes {
			n := &nodes[i]
			if n.Field == nil {
				continue
			}
			name := n.Field.Name
			if counted, ok := strings.CutSuffix(name, "_raw"); ok {
				if i, ok := at[counted]; ok && nth[name] == 0 && n.Uint != 0 { // 0: no ACK
					out[i].show = strconv.FormatUint(uint64(uint32(n.Uint)-bases[counted]), 10)
					nth[name]++
				}
			}
			switch {
			case len(n.Children) > 0:
				walk(n.Children)
			case n.Len > 0 && !n.Hidden && !n.Field.Hidden && name != "":
				if _, ok := bases[name]; ok && nth[name] == 0 {
					at[name] = len(out)
				}
				out = append(out, leaf{n.Field, layer, n.Show, nth[name]})
				nth[name]++
			}
		}
	}
	for i := range t.Parts {
		layer = t.Parts[i].Proto.Layer()
		walk(t.Parts[i].Fields)
	}
	return out
}

// differing pairs fields by name, the first with the first.
func differing(a, b []leaf) []Field {
	type name struct {
		name string
		nth  int
	}
	var in [2]map[name]int
	for s, leaves := range [2][]leaf{a, b} {
		in[s] = make(map[name]int, len(leaves))
		for i, l := range leaves {
			in[s][name{l.field.Name, l.nth}] = i
		}
	}
	var out []Field
	next := 0 // of b's
	only := func(to int) {
		for ; next < to; next++ {
			l := b[next]
			if _, ok := in[A][name{l.field.Name, l.nth}]; !ok {
				out = append(out, field(l, [2]string{"", l.show}, [2]bool{false, true}))
			}
		}
	}
	for _, l := range a {
		i, ok := in[B][name{l.field.Name, l.nth}]
		if !ok {
			out = append(out, field(l, [2]string{l.show, ""}, [2]bool{true, false}))
			continue
		}
		only(i)
		if b[i].show != l.show {
			out = append(out, field(l, [2]string{l.show, b[i].show}, [2]bool{true, true}))
		}
	}
	only(len(b))
	return out[:min(len(out), maxFields)]
}

func field(l leaf, show [2]string, has [2]bool) Field {
	return Field{Name: l.field.Name, Label: l.field.Label, Layer: l.layer, Show: show, Has: has}
}

// numbering are fields that are drawn by chance, lead a frame on its way, or
// sum up others: two frames that mean the same may differ in them. naming
// are those that name the ends.
var (
	numbering = []string{
		"tcp.nxtseq", "tcp.checksum", "tcp.options.timestamp.tsval", "tcp.options.timestamp.tsecr",
		"udp.checksum", "ip.id", "ip.checksum", "icmp.checksum", "icmp.ident", "icmpv6.checksum",
		"dns.id", "eth.", "frame.",
	}
	naming = []string{
		"ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport", "udp.srcport", "udp.dstport", "arp.",
	}
)

// numbers says whether a field is in a list, where "eth." are all of Ethernet.
func numbers(name string, list []string) bool {
	return slices.ContainsFunc(list, func(n string) bool {
		return name == n || strings.HasSuffix(n, ".") && strings.HasPrefix(name, n)
	})
}
