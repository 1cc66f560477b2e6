package tui

import (
	"context"
	"io"

	"strata/trace"
	"strata/trace/compare"
)

// House is what the screen asks of the program around it. A nil function or
// an empty list is a thing that is not there.
type House struct {
	// What the start screen lists: the built-in course, in order, and the
	// scenario files and captures here. They are called off the screen's loop,
	// whenever that screen comes, so that a capture need not wait for them.
	Lessons func() []Lesson
	Files   func() []File

	// Open runs the built-in scenario of a name, or the scenario or capture
	// in a file. It is called off the screen's loop, once at a time; the
	// trace then belongs to the screen.
	Open func(name string) (trace.Trace, error)

	// Save writes a file, whole or not at all; write gives its bytes. When
	// there is a file of that name already, and it is not to be replaced,
	// Save leaves it and fails with fs.ErrExist. It is called off the
	// screen's loop.
	Save func(name string, replace bool, write func(io.Writer) error) error

	// Offers lists what can be changed where an event of a scenario's run is;
	// of the event's frame, byte is the chosen one, -1 none. Change reads a
	// change as it was typed, PATH=VALUE. Both are called on the screen's loop.
	Offers func(s Scenario, t trace.Trace, e trace.EventID, byte int) ([]Offer, error)
	Change func(s Scenario, typed string) (Change, error)

	// Rerun runs a scenario from its start. Keep writes it as a scenario file,
	// as Save does; it runs it, too, to leave out what is no longer true.
	// Template writes a scenario to learn from. They are called off the loop.
	Rerun    func(ctx context.Context, s Scenario) (trace.Trace, error)
	Keep     func(ctx context.Context, s Scenario, file string, replace bool) error
	Template func(file string) error

	// Recall gives what is remembered of earlier uses, and Remember adds news
	// to it. They are called off the loop.
	Recall   func() Learned
	Remember func(news Learned) error

	// Folder lists a folder; "" is the current one. It is called off the loop.
	Folder func(path string) (Folder, error)
}

// Scenario is what a run is of: a scenario and changes made to it.
type Scenario struct {
	Name    string // what Open takes
	Changes []Change
}

// Change is an override of a scenario, as `strata run --set` takes it.
type Change struct {
	Path, Value string
	Says        string // what it does, a sentence without its full stop
}

// Offer is a change that can be made somewhere.
type Offer struct {
	Group   string   // what is changed: "this frame", "link lan", "client"
	Label   string   // the change: "lose it"
	Help    string   // what it means; may be empty
	Setting string   // the path of what it sets; "": it sets nothing
	Asks    string   // what has to be said for it; empty: nothing
	Given   string   // an answer to begin with
	OneOf   []string // the answers that there are; nil: any
	Make    func(answer string) (Change, error)
}

// Folder is what the screen shows of a folder: what it can open there.
type Folder struct {
	Path   string // in full
	Parent string // "" at the top
	Files  []File // folders first, then by name
	Cut    bool   // there are more than it lists
}

// Lesson is one built-in scenario.
type Lesson struct {
	Group   string // "Basics"
	Number  int    // in the course, from 1
	Name    string // what Open takes: "rto-backoff"
	Teaches string // in some words
}

// File is a scenario or capture, or in a Folder another folder.
type File struct {
	Name string // without its folder
	Path string // what Open takes
	What string // "scenario", "capture" or "folder"
	Size int64  // bytes
}

// Options say how the screen begins and behaves.
type Options struct {
	Screen
	NoMotion bool          // nothing slides
	NoMouse  bool          // the mouse is the terminal's
	Lines    bool          // lines instead of panes, for screen readers
	Trace    trace.Trace   // shown at once; nil: the start screen
	Scenario Scenario      // that Trace is a run of; zero: none that can be run again
	Opened   string        // what House.Open takes to give Trace; empty: nothing does
	Event    trace.EventID // where the cursor begins; 0: at the first step
	Filter   string        // of the frames shown, in Wireshark's syntax; empty: all

	Beside *compare.Comparison // two traces to be shown side by side; nil: one is
}
