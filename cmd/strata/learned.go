package main

import (
	"path/filepath"
	"time"

	"strata/cmd/strata/memory"
	"strata/scenarios"
	"strata/trace"
	"strata/tui"
)

// remembered is where the screen's memory lies; nil: nowhere.
func remembered() *memory.Store {
	dir, err := memory.Dir()
	if err != nil {
		return nil
	}
	return memory.In(dir)
}

// recall gives the screen what is remembered. What cannot be read is not
// missed: one begins anew.
func recall() tui.Learned {
	s := remembered()
	if s == nil {
		return tui.Learned{}
	}
	k, _ := s.Load()
	l := tui.Learned{
		Lessons: map[string]tui.Progress{}, Layout: k.Layout,
		Last: tui.Last{Open: k.Last.Open, Frame: k.Last.Frame, Event: trace.EventID(k.Last.Event)},
	}
	for name, p := range k.Lessons {
		l.Lessons[name] = tui.Progress{Stations: p.Stations, Seen: p.Seen, Right: p.Right, Wrong: p.Wrong}
	}
	return l
}

// remember adds the screen's news to what is remembered. Files are named so
// that they are found from any folder.
func remember(l tui.Learned) error {
	s := remembered()
	if s == nil {
		return nil
	}
	now := time.Now()
	k := memory.Kept{Lessons: map[string]memory.Lesson{}}
	if l.Last.Open != "" {
		k.Last = memory.Last{Open: fromAnywhere(l.Last.Open), Frame: l.Last.Frame, Event: uint32(l.Last.Event), When: now}
	}
	if l.Layout != nil {
		k.Layout, k.LaidOut = l.Layout, now
	}
	for name, p := range l.Lessons {
		k.Lessons[fromAnywhere(name)] = memory.Lesson{Stations: p.Stations, Seen: p.Seen, Right: p.Right, Wrong: p.Wrong, When: now}
	}
	return s.Update(k)
}

// fromAnywhere is what opens a scenario or a file, whatever the current folder
// is then.
func fromAnywhere(name string) string {
	if _, builtIn := scenarios.Source(name); builtIn {
		return name
	}
	if path, err := filepath.Abs(name); err == nil {
		return path
	}
	return name
}
