package trace

import "sort"

// about chains the events about each PDU, in their order: 4 bytes an event, so
// that a PDU's few are found without a look at the others.
type about struct {
	first []EventID // by PDU
	next  []EventID // by event, less 1
}

// About are the events about a PDU, in order.
func (l *Log) About(id PDUID) []EventID {
	x := l.indexed()
	if x.about == nil {
		x.about = newAbout(l)
	}
	if int(id) >= len(x.about.first) {
		return nil
	}
	var out []EventID
	for n := x.about.first[id]; n != 0; n = x.about.next[n-1] {
		out = append(out, n)
	}
	return out
}

func newAbout(l *Log) *about {
	a := &about{first: make([]EventID, l.npdu+1), next: make([]EventID, l.n)}
	for n := EventID(l.n); n > 0; n-- {
		if id := l.event(n).PDU; id != 0 {
			a.next[n-1], a.first[id] = a.first[id], n
		}
	}
	return a
}

// ParentsAt are those of Parents that the bytes [off, off+n) come from.
func (l *Log) ParentsAt(id PDUID, off, n int64) []Span {
	var one [1]Span
	all := l.parents(id, &one)
	if l.PDU(id).form == joined { // in order and without overlap: the first is found by halving
		all = all[sort.Search(len(all), func(i int) bool { return all[i].At+all[i].Len > off }):]
		all = all[:sort.Search(len(all), func(i int) bool { return all[i].At >= off+n })]
		return append([]Span(nil), all...)
	}
	var out []Span
	for _, s := range all {
		if s.At < off+n && s.At+s.Len > off {
			out = append(out, s)
		}
	}
	return out
}

// mostChildren bounds how many PDUs are named that hold the same bytes: sent
// again and again, they may be as many as one likes.
const mostChildren = 1 << 14

// ChildrenAt are those of Children that hold some of the bytes [off, off+n),
// the first of them where there are very many.
func (l *Log) ChildrenAt(id PDUID, off, n int64) []Child {
	var out []Child
	for _, c := range l.Children(id) {
		if c.Span.Off >= off+n || c.Span.Off+c.Span.Extent() <= off {
			continue
		}
		if out = append(out, c); len(out) == mostChildren {
			break
		}
	}
	return out
}
