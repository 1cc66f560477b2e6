package filter

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"strata/layers"
)

// entry is a name that a filter may use: of a protocol, a field, a finding.
type entry struct {
	name  string
	kind  kind
	bits  int // width of a number; 0: not known
	label string
	help  string
	names map[uint64]string // names of values

	proto  bool          // it names a protocol
	source source        // where its values come from
	home   layers.Proto  // of a field: whose table it is in
	field  *layers.Field // nil: none of the tables'
	shared bool          // more than one protocol has it
}

// source says where the values of a name come from.
type source uint8

const (
	inTree   source = iota // nodes of that name
	inParts                // protocols of that name
	inExpert               // findings of that name
	inFrame                // what is known of the frame
	inData                 // bytes of no protocol, and those that a protocol only carries
)

// catalogue holds every name, and their order.
type catalogue struct {
	byName map[string]*entry
	sorted []*entry
}

// names makes the catalogue when it is first asked for.
var names = sync.OnceValue(func() *catalogue {
	c := &catalogue{byName: map[string]*entry{}}
	for _, e := range frameEntries {
		c.add(e)
	}
	for _, e := range dataEntries {
		c.add(e)
	}
	for _, p := range layers.Protos() {
		switch p {
		case layers.Message, layers.UTF8, layers.Connection, layers.Stream, layers.Wire: // parts of traces, not of frames
			continue
		}
		c.add(&entry{name: p.Filter(), kind: kindProto, label: p.String(), help: "Frames that have " + p.String() + ".",
			proto: true, source: inParts, home: p})
		for _, f := range layers.Fields(p) {
			c.add(fieldEntry(p, f))
		}
	}
	for _, name := range experts {
		c.add(&entry{name: name, label: "finding", help: "Frames with this finding.", source: inExpert})
	}
	for _, e := range c.byName {
		c.sorted = append(c.sorted, e)
	}
	slices.SortFunc(c.sorted, func(a, b *entry) int { return cmp.Compare(a.name, b.name) })
	return c
})

func (c *catalogue) add(e *entry) {
	switch old := c.byName[e.name]; {
	case e.name == "":
	case old == nil:
		c.byName[e.name] = e
	case old.home != e.home && old.source == inTree && !(old.home.Layer() >= layers.Session && e.home.Layer() >= layers.Session):
		old.shared = true
	}
}

func fieldEntry(p layers.Proto, f *layers.Field) *entry {
	e := &entry{name: f.Name, kind: kindOf(f), label: f.Label, help: f.Help, names: f.Names, home: p, field: f}
	if e.kind == kindUint {
		e.bits = f.Size * 8
	}
	if e.kind == kindHeading {
		e.kind = kindProto // an option has bytes; Wireshark makes a protocol of it
	}
	return e
}

// renamed are names that Wireshark still takes for what has another name now.
var renamed = map[string]string{"bootp": "dhcp", "ssl": "tls"}

// lookup finds a name; nil when there is none.
func lookup(name string) *entry {
	c := names()
	if e := c.byName[name]; e != nil {
		return e
	}
	first, rest, more := strings.Cut(name, ".")
	if now := renamed[first]; now != "" {
		if more {
			now += "." + rest
		}
		return c.byName[now]
	}
	return nil
}

// near lists the names that are most like one that does not exist, best first.
func near(name string) []string {
	const most, longest = 3, 48
	if len(name) > longest {
		return nil
	}
	type guess struct {
		name string
		far  int
	}
	var found []guess
	lower := strings.ToLower(name)
	limit := 1 + len(name)/4
	for _, e := range names().sorted {
		if d := len(e.name) - len(lower); d > limit || -d > limit {
			continue
		}
		if far := distance(lower, e.name); far <= limit {
			found = append(found, guess{e.name, far})
		}
	}
	slices.SortStableFunc(found, func(a, b guess) int { return cmp.Compare(a.far, b.far) })
	var best []string
	for _, g := range found[:min(most, len(found))] {
		best = append(best, g.name)
	}
	return best
}

// distance counts the letters to add, drop, change or swap to make b of a.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			change := 1
			if a[i] == b[j] {
				change = 0
			}
			row[j+1] = min(last[j]+change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// sortedValues are the numbers that have names, in their order.
func sortedValues(names map[uint64]string) []uint64 {
	return slices.Sorted(maps.Keys(names))
}
