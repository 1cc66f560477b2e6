package scene

import (
	"strata/layers"
	"strata/trace"
	"strata/trace/travel"
	"strata/tui/draw"
	"strata/tui/keys"
)

// Scene is what is looked at: a trace, the place in it, and what all panes
// show alike.
type Scene struct {
	T       *Steady
	At      Cursor
	Model   layers.Model
	Glances Glances
	Marks   Marks
	Sieve   *Sieve // the filter, if there is one
	Settled bool   // the cursor has found its place among what passes
	Needle  Needle // what was looked for in frames: it is lit
	Lanes   *Lanes // which nodes stand side by side
	TCP     TCP    // what the cursor's connection did

	Zoomed bool // the pane in focus has the whole screen

	wishes Wishes

	light    *travel.Travel // the bytes that are followed; nil: none are
	lighting *Job

	tree  *layers.Tree
	frame int  // whose tree it is, from 1
	fine  bool // times need three decimals
	host  int  // the node that was chosen, from 1; 0: the cursor's
	late  late // how far the moment is behind the cursor's event
}

// New is the scene of a trace; its cursor is nowhere yet.
func New(t trace.Trace, m layers.Model) *Scene {
	s := &Scene{T: NewSteady(t), Model: m, Lanes: NewLanes(t.Info()), fine: quick(t.Info())}
	s.At.T = s.T
	return s
}

// Event is the cursor's.
func (s *Scene) Event() trace.Event { return s.T.Event(s.At.Event) }

// Shown is the frames that lists show.
func (s *Scene) Shown() Shown { return Shown{T: s.T, Sieve: s.Sieve} }

// Tree is the cursor's frame taken apart, once for all its steps; nil: there
// is no frame.
func (s *Scene) Tree() *layers.Tree {
	if s.frame != s.At.Frame+1 {
		s.tree, s.frame = s.T.Tree(s.At.Frame), s.At.Frame+1
	}
	return s.tree
}

// Glance is a frame at a glance.
func (s *Scene) Glance(frame int) Glance { return s.Glances.Of(s.T, frame) }

// Wishes are what panes ask of the root, which is beyond the scene.
type Wishes struct {
	Note *string // is said in the line at the bottom; nil: nothing new
	Jobs []*Job  // begin
	Pane string  // is shown; back comes back from there
	Talk *int    // the conversation that is followed
}

// Say tells the user something, in the line at the bottom.
func (s *Scene) Say(note string) { s.wishes.Note = &note }

// Start lets a job begin; nil: there is nothing to do.
func (s *Scene) Start(j *Job) {
	if j != nil {
		s.wishes.Jobs = append(s.wishes.Jobs, j)
	}
}

// Show goes to a pane; back comes back from there.
func (s *Scene) Show(pane string) { s.wishes.Pane = pane }

// FollowTalk shows what was said in a conversation.
func (s *Scene) FollowTalk(talk int) { s.wishes.Talk = &talk }

// TakeWishes gives what was asked for since the last time.
func (s *Scene) TakeWishes() Wishes {
	w := s.wishes
	s.wishes = Wishes{}
	return w
}

// MoveFrame goes by frames of those shown.
func (s *Scene) MoveFrame(by int) {
	all := s.Shown()
	n := all.Count()
	if n == 0 {
		return
	}
	s.Settled = true
	i, there := all.Place(s.At.Frame)
	if !there && by > 0 {
		i-- // the one that stands there now is the next
	}
	if to := min(max(i+by, 0), n-1); to != i || !there {
		s.At.GoToFrame(all.Frame(to))
	}
}

// Pane is one room of the screen. It draws itself from the scene into a
// rectangle, and reads no more of the trace than what is visible there.
type Pane interface {
	// Name is its word in commands, in the help, and in a layout that is
	// kept: "journey".
	Name() string

	// Draw draws it, its title included (Title draws one); focus: keys go to
	// it. It gives the cell for the terminal's cursor.
	Draw(c *draw.Canvas, r draw.Rect, s *Scene, focus bool) draw.Spot

	// Do carries out a key that means something in this pane; false: it does
	// not. A key may come before anything was drawn.
	Do(a keys.Action, s *Scene) bool

	// Click chooses what lies at a cell of what was drawn last; false: there
	// is nothing to choose.
	Click(x, y int, s *Scene) bool

	// Wheel scrolls by lines; false: it cannot be scrolled.
	Wheel(by int, s *Scene) bool
}

// What some panes can do beside, each for itself.
type (
	// Updater needs more than what is visible. While it is shown it may Start
	// to read that, after each message and whenever the trace has grown.
	Updater interface{ Update(s *Scene) }
	// Stopper ends its work in the background: it is not shown any more.
	Stopper interface{ Stop() }
	// Finder looks for text, or bytes in hex, in what it shows: forward (by
	// 1) or back (by -1). An empty text is what was looked for before.
	Finder interface {
		Find(text string, by int, s *Scene)
	}
	// Filterer knows the filter for what is chosen in it; "": there is none.
	Filterer interface{ Filter(s *Scene) string }
	// Seeker is looking for something, which esc stops.
	Seeker interface{ StopSeeking() (was bool) }
)

// Title draws a pane's first line, bright where keys go to the pane, and
// gives the column behind it, and the room beneath.
func Title(c *draw.Canvas, r draw.Rect, text string, focus bool) (x int, inner draw.Rect) {
	look := draw.Quiet
	if focus {
		look = draw.Accent
	}
	c.Line(r, 0, 0, r.W, '─', draw.Rule)
	x = c.TextTo(r, 3, 0, r.W-1, text, look)
	c.Text(r, 2, 0, " ", draw.Plain)
	if x < r.W {
		c.Text(r, x, 0, " ", draw.Plain)
	}
	return x, r.Below(1)
}
