package edit

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"strata/scenarios"
	"strata/scenarios/tree"
	"strata/sim"
	"strata/sim/program"
	"strata/trace"
)

// Offer is a change that can be made where the cursor is. What it asks for is
// given an answer, from which Make makes the change.
type Offer struct {
	Group   string   // what is changed: "this frame", "link lan", "client"
	Label   string   // the change: "lose it"
	Help    string   // what it means; may be empty
	Setting string   // the path of what it sets; "": it sets nothing
	Asks    string   // what has to be said: "for how long?"; empty: nothing
	Given   string   // what is there now, or what may do
	OneOf   []string // the answers that there are; nil: any
	Make    func(answer string) (Change, error)
}

// Offers lists what can be changed at an event of a run of the scenario: its
// frame, the link it leaves by, the node where the event is and its programs,
// and the run as a whole. At is the byte of the frame that is chosen; -1: none.
func Offers(s *scenarios.Scenario, t trace.Trace, n trace.EventID, at int) []Offer {
	if t.Info().Captured || t.Events() == 0 {
		return nil
	}
	e := t.Event(n)
	var out []Offer
	frame := t.FrameOf(n)
	if struck, err := FrameOf(t, frame); err == nil {
		if f := t.Frame(frame); f.Fate == trace.Lost {
			out = append(out, ofLost(t.Event(f.Last).Why, struck))
		} else {
			out = append(out, ofFrame(f, struck, at)...)
		}
		out = append(out, cutting(struck.Link, time.Duration(e.Time)))
		out = append(out, settings("link "+struck.Link, "links."+struck.Link, reflect.TypeFor[scenarios.Link](), s, "name")...)
	}
	out = append(out, ofNode(s, t.Info().Nodes[e.Node].Name)...)
	run := settings("the run", "", reflect.TypeFor[scenarios.File](), s)
	return append(out, slices.DeleteFunc(run, func(o Offer) bool {
		return !slices.Contains([]string{"seed", "until", "arp"}, o.Label)
	})...)
}

func always(c Change) func(string) (Change, error) {
	return func(string) (Change, error) { return c, nil }
}

// group names the frame.
func (s Struck) group() string {
	return fmt.Sprintf("this frame, the %s from %s on link %s", ordinal(s.Nth), s.Node, s.Link)
}

// ofLost offers what would have let a frame through that was lost.
func ofLost(why trace.Why, s Struck) Offer {
	if why == trace.WireLost {
		return Offer{Group: s.group(), Label: "let all through", Help: "This frame was lost by chance. Let the link lose nothing by chance.",
			Make: always(Change{"links." + s.Link + ".loss", "0%"})}
	}
	return Offer{Group: s.group(), Label: "let all through", Help: "This frame was lost to a fault aimed at it. Take all such faults off the link.",
		Make: always(Change{"links." + s.Link + ".faults", "[]"})}
}

// ofFrame offers what can befall a frame on its wire.
func ofFrame(f trace.Frame, s Struck, at int) []Offer {
	group := s.group()
	bit := "a bit of it"
	if at >= 0 {
		bit = fmt.Sprintf("the first bit of byte %d, which is chosen", at)
	}
	delay := (2 * time.Duration(max(f.Ended-f.Sent, 0))).Round(time.Millisecond)
	return []Offer{
		{Group: group, Label: "lose it", Help: "It vanishes on the link, and nobody is told.", Make: always(s.Lose())},
		{Group: group, Label: "delay it", Help: "It is held back on the link; later frames pass it.", Asks: "for how long?",
			Given: max(delay, time.Millisecond).String(), Make: func(answer string) (Change, error) {
				d, err := duration(answer)
				return s.Delay(d), err
			}},
		{Group: group, Label: "duplicate it", Help: "A second copy arrives after it.", Make: always(s.Duplicate())},
		{Group: group, Label: "corrupt it", Help: "The link flips " + bit + "; its receiver compares the frame check sequence.",
			Make: always(s.Corrupt(max(8*at, -1)))},
	}
}

func cutting(link string, from time.Duration) Offer {
	return Offer{
		Group: "link " + link, Label: "cut it from here on", Help: "Whatever is put on it later is lost, both ways.",
		Asks: "until when in the run? (end: for good)", Given: "end",
		Make: func(answer string) (Change, error) {
			if answer == "end" {
				return Cut(link, from, 0), nil
			}
			until, err := duration(answer)
			if err == nil && until <= from {
				err = fmt.Errorf("%s is not after %s, where you are", answer, from)
			}
			return Cut(link, from, until), err
		},
	}
}

func duration(answer string) (time.Duration, error) {
	d, err := time.ParseDuration(answer)
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("%s is not a time; write 20ms, 1.5s or 2m", tree.Quote(answer))
	}
	return d, nil
}

// ofNode offers a node's settings, and those of its programs.
func ofNode(s *scenarios.Scenario, name string) []Offer {
	f := s.File()
	i := slices.IndexFunc(f.Nodes, func(n scenarios.Node) bool { return n.Name == name })
	if i < 0 {
		return nil
	}
	path := "nodes." + name
	var out []Offer
	switch sim.Kind(f.Nodes[i].Kind) {
	case sim.SwitchNode:
		return settings("switch "+name, path, reflect.TypeFor[scenarios.Node](), s, "name", "kind", "gateway")
	case sim.RouterNode:
		if f.Nodes[i].NAT != nil {
			out = settings("NAT of "+name, path+".nat", reflect.TypeFor[scenarios.NAT](), s, "outside")
		}
		return out
	}
	out = settings("TCP of "+name, path+".tcp", reflect.TypeFor[scenarios.TCP](), s)
	for i := range f.Programs {
		if p := &f.Programs[i]; p.Node == name {
			out = append(out, ofProgram(s, p)...)
		}
	}
	return out
}

func ofProgram(s *scenarios.Scenario, p *scenarios.Program) []Offer {
	group := "program " + p.Name
	out := settings(group, "programs."+p.Name, reflect.TypeFor[scenarios.Program](), s, "name", "node", "run")
	i := slices.IndexFunc(program.Kinds, func(k program.Kind) bool { return k.Name == p.Run })
	return append(out, settings(group, "programs."+p.Name+".with", reflect.TypeOf(program.Kinds[i].New()).Elem(), s)...)
}

// settings offers the fields of what lies at a path, but for some.
func settings(group, path string, t reflect.Type, s *scenarios.Scenario, but ...string) []Offer {
	var out []Offer
	for _, f := range tree.SettingsOf(t) {
		if slices.Contains(but, f.Key) {
			continue
		}
		at := f.Key
		if path != "" {
			at = path + "." + f.Key
		}
		o := Offer{Group: group, Label: strings.ReplaceAll(f.Key, "_", " "), Help: f.Doc, Setting: at, Asks: "what is it to be?",
			Given: unquoted(s.Value(at)), OneOf: f.OneOf}
		if f.Bool {
			o.OneOf = []string{"true", "false"}
		}
		text := f.Text
		o.Make = func(answer string) (Change, error) {
			if answer == "" {
				return Change{}, fmt.Errorf("say what %s is to be", at)
			}
			if text {
				answer = strconv.Quote(answer)
			}
			return Change{at, answer}, nil
		}
		out = append(out, o)
	}
	return out
}
