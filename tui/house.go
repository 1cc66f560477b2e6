package tui

import (
	"io"

	"strata/trace"
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
}

// Lesson is one built-in scenario.
type Lesson struct {
	Group   string // "Basics"
	Number  int    // in the course, from 1
	Name    string // what Open takes: "rto-backoff"
	Teaches string // in some words
}

// File is a scenario or capture that lies here.
type File struct {
	Path string // what Open takes
	What string // "scenario" or "capture"
	Size int64  // bytes
}

// Options say how the screen begins and behaves.
type Options struct {
	Screen
	NoMotion bool          // nothing slides
	NoMouse  bool          // the mouse is the terminal's
	Trace    trace.Trace   // shown at once; nil: the start screen
	Event    trace.EventID // where the cursor begins; 0: at the first step
	Filter   string        // of the frames shown, in Wireshark's syntax; empty: all
}
