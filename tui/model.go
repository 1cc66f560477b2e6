package tui

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"strata/trace"
)

// model is the root: it alone handles messages, and hands what they mean to
// the start screen or to the viewer.
type model struct {
	house   House
	opt     Options
	start   start
	viewer  *viewer // nil: the start screen
	over    overlay
	words   glossary
	page    int // first line of the help
	input   line
	typing  typing
	prompt  filterPrompt
	letter  action // a mark's letter is awaited for it; doNothing: not
	replace string // the file that may be replaced, if that is wanted
	search  search
	after   tea.Cmd // what a job's result asks for
	note    string  // instead of the footer, until the next key
	opening string

	asked   bool // measureLater
	w, h    int
	can     colorprofile.Profile
	canvas  *canvas
	inks    *inks
	held    spot
	content string
	fresh   bool // content is what the screen should show
}

// overlay is what lies over the whole screen.
type overlay uint8

const (
	noOverlay overlay = iota
	helpOverlay
	wordsOverlay
)

// typing is which line is typed.
type typing uint8

const (
	noTyping typing = iota
	typeCommand
	typeFind
	typeFilter
	typeName // of a file
)

var typingSigns = [...]string{typeCommand: ":", typeFind: "/", typeName: "save as "}

// The messages of the loop's own.
type (
	playMsg struct {
		viewer *viewer
		round  int
	}
	slideMsg   struct{ viewer *viewer }
	countMsg   struct{ viewer *viewer }
	searchMsg  struct{}
	measureMsg struct{}
	startMsg   struct {
		lessons []Lesson
		files   []File
	}
	openedMsg struct {
		name  string
		trace trace.Trace
		err   error
	}
)

// slice is how long work in the background may keep a key waiting.
const slice = 3 * time.Millisecond

func newModel(h House, o Options) *model {
	m := &model{house: h, opt: o, can: colorprofile.TrueColor}
	m.canvas = newCanvas(0, 0, o.ASCII)
	m.prompt.input = &m.input
	m.colours()
	return m
}

// colours prepares the looks for the theme and what the terminal can show.
func (m *model) colours() {
	m.inks = newInks(m.opt.Theme.palette(), m.opt.profile(m.can))
	m.fresh = false
}

func (m *model) resize(w, h int) {
	m.w, m.h = w, h
	m.fresh = false
}

// show opens the viewer on a trace.
func (m *model) show(t trace.Trace) {
	if m.viewer != nil {
		m.viewer.close()
	}
	m.viewer = newViewer(t, m.opt.Model)
	m.over, m.note, m.opening, m.search = noOverlay, "", "", search{}
	m.typing, m.letter, m.replace = noTyping, doNothing, ""
}

// Init begins with the trace that was given, or with the start screen.
func (m *model) Init() tea.Cmd {
	var cmds []tea.Cmd
	if m.opt.Theme == Auto {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	if m.opt.Trace == nil {
		cmds = append(cmds, m.begin)
	} else {
		m.show(m.opt.Trace)
		if m.opt.Event > 0 {
			m.viewer.cursor.goTo(m.opt.Event)
		}
		if m.opt.Filter != "" {
			cmds = append(cmds, m.filter(m.opt.Filter))
		}
		cmds = append(cmds, m.work(m.viewer), m.viewer.tickLater())
	}
	return tea.Batch(cmds...)
}

// begin finds what the start screen lists, beside the loop.
func (m *model) begin() tea.Msg {
	var here startMsg
	if m.house.Lessons != nil {
		here.lessons = m.house.Lessons()
	}
	if m.house.Files != nil {
		here.files = m.house.Files()
	}
	return here
}

func count(v *viewer) tea.Cmd { return func() tea.Msg { return countMsg{v} } }

// Update takes one message.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
		return m, m.measureLater()
	case tea.CursorPositionMsg:
		return m, m.measured(msg)
	case tea.ColorProfileMsg:
		m.can = msg.Profile
		m.colours()
		return m, nil
	case tea.BackgroundColorMsg:
		if m.opt.Theme == Auto && !msg.IsDark() {
			m.opt.Theme = Light
			m.colours()
		}
		return m, nil
	case tea.KeyReleaseMsg, tea.MouseReleaseMsg:
		return m, nil
	case tea.MouseMotionMsg:
		m.drag(msg)
		return m, nil
	case tea.KeyPressMsg:
		m.fresh = false
		return m, m.key(msg)
	case tea.PasteMsg:
		if m.typing != noTyping {
			m.input.insert(msg.Content)
			m.fresh = false
		}
		if m.typing == typeFilter {
			m.prompt.changed()
		}
		return m, nil
	case tea.MouseMsg:
		m.fresh = false
		return m, m.mouse(msg)
	}
	return m, m.own(msg)
}

// own takes the messages that the model sent itself.
func (m *model) own(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case playMsg:
		return m.playStep(msg)
	case slideMsg:
		return m.slideStep(msg.viewer)
	case countMsg:
		if msg.viewer != m.viewer {
			return nil
		}
		m.fresh = false
		m.viewer.counting = m.viewer.overview.workFor(m.viewer.t, slice)
		if m.viewer.counting {
			return count(m.viewer)
		}
	case tickMsg:
		return m.tick(msg.viewer)
	case jobMsg:
		return m.worked(msg)
	case savedMsg:
		m.saved(msg)
	case searchMsg:
		return m.searchStep()
	case measureMsg:
		return tea.Raw(measure)
	case startMsg:
		m.start.lessons, m.start.files = msg.lessons, msg.files
		m.start.list()
		m.fresh = false
	case openedMsg:
		return m.opened(msg)
	}
	return nil
}

// open runs or reads what was chosen, beside the loop.
func (m *model) open(name string) tea.Cmd {
	if m.opening != "" || m.house.Open == nil {
		return nil
	}
	m.opening = name
	return func() tea.Msg {
		t, err := m.house.Open(name)
		if err == nil && t.Frames() > 0 {
			t.Tree(0) // what that needs to know of all frames is found out here, not on the loop
		}
		return openedMsg{name, t, err}
	}
}

func (m *model) opened(msg openedMsg) tea.Cmd {
	m.opening, m.fresh = "", false
	if msg.err != nil {
		m.note = msg.err.Error()
		return nil
	}
	m.show(msg.trace)
	return tea.Batch(m.work(m.viewer), m.viewer.tickLater())
}

// View gives the screen as it was drawn last, or draws it anew.
func (m *model) View() tea.View {
	if !m.fresh {
		m.draw()
		m.content = m.inks.ansi(m.canvas)
		m.fresh = true
	}
	v := tea.NewView(m.content)
	v.AltScreen = true
	v.WindowTitle = "strata"
	if m.viewer != nil {
		v.WindowTitle += " " + toASCII(clean(m.viewer.t.Info().Name))
	}
	if !m.opt.NoMouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	if m.held.ok {
		v.Cursor = tea.NewCursor(m.held.x, m.held.y)
		v.Cursor.Blink = false
	}
	return v
}

// draw draws the whole screen on the canvas.
func (m *model) draw() {
	c := m.canvas
	c.resize(m.w, m.h)
	m.held = spot{}
	if m.w < minWidth || m.h < minHeight {
		c.text(rect{0, 0, m.w, m.h}, 0, 0, "Strata needs 40 x 12", plain)
		return
	}
	all := rect{0, 0, m.w, m.h}
	switch {
	case m.over == helpOverlay:
		m.drawHelp(c, all)
	case m.over == wordsOverlay:
		c.text(all, 0, 0, "words", accent)
		c.line(all, 6, 0, m.w, '─', rule)
		m.words.draw(c, rect{2, 2, m.w - 4, m.h - 4})
	case m.viewer != nil:
		m.viewer.draw(c, all)
		m.held = m.viewer.held
	default:
		m.held = m.start.draw(c, all)
	}
	if m.typing == typeFilter {
		c.line(all, 0, m.h-1, m.w, ' ', plain)
		m.held = m.prompt.draw(c, all)
		return
	}
	m.drawFoot(c, rect{0, m.h - 1, m.w, 1})
}

// drawFoot draws the last line: what is typed, what there is to say, or the
// hints.
func (m *model) drawFoot(c *canvas, r rect) {
	switch {
	case m.typing != noTyping:
		x := c.text(r, 0, 0, typingSigns[m.typing], accent)
		c.text(r, x, 0, m.input.value(), plain)
		at := x + c.width(string(m.input.text[:m.input.at]))
		m.held = spot{min(at, r.w-1), r.y, true}
	case m.opening != "":
		c.text(r, 0, 0, "opening "+m.opening+" ...", plain)
	case m.viewer != nil && m.viewer.hunt.job.running():
		h := &m.viewer.hunt
		c.text(r, 0, 0, fmt.Sprintf("looking for %q: %d %% of the frames. esc stops", h.typed, int64(h.seen)*100/int64(max(m.viewer.t.Frames(), 1))), accent)
	case m.note != "":
		c.text(r, 0, 0, m.note, accent)
	case m.letter == setMark:
		c.text(r, 0, 0, "mark this frame with which letter?", accent)
	case m.letter == toMark:
		c.text(r, 0, 0, "go to the mark of which letter?", accent)
	case m.over != noOverlay:
		c.text(r, 0, 0, "↑ ↓ move  esc back  q quit", quiet)
	default:
		m.hints(c, r)
	}
}

// hints draws as many of the footer's hints as fit whole.
func (m *model) hints(c *canvas, r rect) {
	x := 0
	at := onStart
	if m.viewer != nil {
		at = m.viewer.where()
	}
	for _, h := range footer(at) {
		w := c.width(h[0]) + 1 + c.width(h[1])
		if x+w > r.w {
			return
		}
		x = c.text(r, x, 0, h[0], bold)
		x = c.text(r, x+1, 0, h[1], quiet) + 2
	}
}
