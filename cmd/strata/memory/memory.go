// Package memory remembers from one use of the program to the next how far
// somebody got: which lessons were seen and answered, what was open last and
// where, and how the panes stood.
//
//	Update(news) ──lock──> read ──> Merge ──> temporary file ──rename──> progress.json
//
// It lies in the user's state folder. What is kept is small and bounded, and
// nothing depends on it: a file that cannot be read is set aside, and one
// begins anew. Several programs may keep at the same time. Merging loses
// nothing of either: what was seen stays seen, and of what there is only one,
// the newer counts.
package memory

import (
	"cmp"
	"slices"
	"time"
)

// Kept is all that is remembered.
type Kept struct {
	Version  int               `json:"version"`
	Lessons  map[string]Lesson `json:"lessons,omitempty"` // by name
	Last     Last              `json:"last,omitzero"`
	Layout   []byte            `json:"layout,omitempty"` // of the panes, as the screen writes it
	LaidOut  time.Time         `json:"laid_out,omitzero"`
	hindered bool              // the file is a newer program's
}

// Lesson is how far somebody got in a lesson. Its stations, the steps at which
// it says or asks something, are numbered from 0.
type Lesson struct {
	Stations int       `json:"stations"`        // how many it has
	Seen     []int     `json:"seen,omitempty"`  // of what it says
	Right    []int     `json:"right,omitempty"` // questions that were answered rightly
	Wrong    []int     `json:"wrong,omitempty"` // questions that were answered, but not yet rightly
	When     time.Time `json:"when"`            // last
}

// Done is how many stations are behind one.
func (l *Lesson) Done() int { return len(union(l.Seen, l.Right)) }

// Last is what was open when the program ended.
type Last struct {
	Open  string    `json:"open"`  // a lesson's name, or a file's path
	Frame int       `json:"frame"` // from 0
	Event uint32    `json:"event"`
	When  time.Time `json:"when"`
}

// The bounds of what is kept.
const (
	maxLessons  = 200
	maxStations = 400     // a scenario may say, and ask, 200 times
	maxName     = 4096    // bytes
	maxLayout   = 1 << 16 // bytes
	maxFile     = 1 << 20 // bytes
)

// Merge joins what two programs know. It does not matter which is which, or
// how often something is merged.
func Merge(a, b Kept) Kept {
	out := Kept{Version: version, Lessons: map[string]Lesson{}, Last: a.Last, Layout: a.Layout, LaidOut: a.LaidOut}
	if b.Last.When.After(a.Last.When) {
		out.Last = b.Last
	}
	if b.LaidOut.After(a.LaidOut) {
		out.Layout, out.LaidOut = b.Layout, b.LaidOut
	}
	for name, l := range a.Lessons {
		out.Lessons[name] = l
	}
	for name, l := range b.Lessons {
		if was, ok := out.Lessons[name]; ok {
			l = mergeLessons(was, l)
		}
		out.Lessons[name] = l
	}
	out.bound()
	return out
}

// mergeLessons joins what is known of a lesson. When it has changed, what was
// known of the older one is worth nothing.
func mergeLessons(a, b Lesson) Lesson {
	if a.When.After(b.When) {
		a, b = b, a
	}
	if a.Stations != b.Stations {
		return b
	}
	right := union(a.Right, b.Right)
	wrong := slices.DeleteFunc(union(a.Wrong, b.Wrong), func(n int) bool { return slices.Contains(right, n) })
	return Lesson{Stations: b.Stations, Seen: union(a.Seen, b.Seen), Right: right, Wrong: wrong, When: b.When}
}

func union(a, b []int) []int {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// bound leaves out what cannot be, and of too much the oldest.
func (k *Kept) bound() {
	names := make([]string, 0, len(k.Lessons))
	for name, l := range k.Lessons {
		if name == "" || len(name) > maxName || l.Stations < 1 || l.Stations > maxStations {
			delete(k.Lessons, name)
			continue
		}
		outside := func(n int) bool { return n < 0 || n >= l.Stations }
		for _, list := range []*[]int{&l.Seen, &l.Right, &l.Wrong} {
			*list = slices.DeleteFunc(union(*list, nil), outside)
		}
		k.Lessons[name] = l
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(k.Lessons[b].When.Compare(k.Lessons[a].When), cmp.Compare(a, b))
	})
	for _, name := range names[min(len(names), maxLessons):] {
		delete(k.Lessons, name)
	}
	if len(k.Layout) > maxLayout {
		k.Layout, k.LaidOut = nil, time.Time{}
	}
	if len(k.Last.Open) > maxName || k.Last.Frame < 0 {
		k.Last = Last{}
	}
}
