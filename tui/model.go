package tui

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"strata/trace"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/layout"
	"strata/tui/scene"
)

// model is the root: it alone handles messages, and hands what they mean to
// the start screen or to the viewer.
type model struct {
	house     House
	opt       Options
	start     start
	viewer    *viewer // nil: the start screen
	over      overlay
	words     glossary
	page      int // first line of the help
	questions questions
	asking    *question // what is being typed; nil: nothing
	line      ask.Line
	letter    keys.Action    // a mark's letter is awaited for it; doNothing: not
	copying   bool           // the letter of what to copy is awaited
	replace   string         // the file that may be replaced, if that is wanted
	again     func() tea.Cmd // and what then writes it
	changing  changing
	browsing  browsing
	arrival   string // the note when what is opened has come
	search    search
	speaker   speaker
	hinted    []hinted // of the footer: a click is the key
	pressed   draw.Spot
	beside    beside
	after     tea.Cmd // what a job's result asks for
	note      string  // instead of the footer, until the next key
	opening   string

	recollected bool                    // what is remembered has come
	layouts     map[string]*layout.Node // that were remembered; nil: not yet
	resuming    Last                    // where to go in what is being opened
	jumped      bool                    // a command has moved the cursor

	asked   bool // measureLater
	w, h    int
	can     colorprofile.Profile
	canvas  *draw.Canvas
	inks    *draw.Inks
	held    draw.Spot
	content string
	fresh   bool // content is what the screen should show
}

// hinted is where a key stands in the footer.
type hinted struct {
	area draw.Rect
	does keys.Action
}

// overlay is what lies over the whole screen.
type overlay uint8

const (
	noOverlay overlay = iota
	helpOverlay
	wordsOverlay
	changeOverlay
	browseOverlay
	lessonOverlay
)

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
	if o.Lines {
		o.ASCII, o.NoMotion, o.NoMouse = true, true, true
	}
	m := &model{house: h, opt: o, can: colorprofile.TrueColor}
	m.canvas = draw.NewCanvas(0, 0, o.ASCII)
	m.questions = m.newQuestions()
	m.colours()
	return m
}

// colours prepares the looks for the theme and what the terminal can show.
func (m *model) colours() {
	m.inks = draw.NewInks(m.opt.Theme.Palette(), m.opt.profile(m.can))
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
	m.furnish()
	m.over, m.note, m.opening, m.search = noOverlay, "", "", search{}
	m.asking, m.letter, m.replace = nil, keys.DoNothing, ""
}

// Init begins with the trace that was given, or with the start screen.
func (m *model) Init() tea.Cmd {
	var cmds []tea.Cmd
	if m.opt.Theme == draw.Auto {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	if m.opt.Beside != nil {
		return tea.Batch(append(cmds, m.compare(m.opt.Beside))...)
	}
	cmds = append(cmds, m.recall)
	if m.opt.Trace == nil {
		cmds = append(cmds, m.begin)
	} else {
		m.show(m.opt.Trace)
		m.viewer.of, m.viewer.opened = m.opt.Scenario, m.opt.Opened
		if m.opt.Event > 0 {
			m.viewer.At.GoTo(m.opt.Event)
		} else {
			m.beginLesson()
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
	was := m.stands()
	cmd := tea.Batch(m.update(msg), m.wishes())
	m.gate(was)
	if m.opt.Lines {
		cmd = tea.Batch(cmd, m.speak(msg))
	}
	return m, cmd
}

func (m *model) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
		return m.measureLater()
	case tea.CursorPositionMsg:
		return m.measured(msg)
	case tea.ColorProfileMsg:
		m.can = msg.Profile
		m.colours()
		return nil
	case tea.BackgroundColorMsg:
		if m.opt.Theme == draw.Auto && !msg.IsDark() {
			m.opt.Theme = draw.Light
			m.colours()
		}
		return nil
	case tea.KeyReleaseMsg, tea.MouseReleaseMsg:
		return nil
	case tea.MouseMotionMsg:
		m.drag(msg)
		return nil
	case tea.KeyPressMsg:
		m.fresh = false
		return m.key(msg)
	case tea.PasteMsg:
		if m.over == lessonOverlay {
			m.viewer.lesson.room.Paste(msg.Content)
			m.fresh = false
		} else if m.asking != nil {
			m.line.Insert(msg.Content)
			m.fresh = false
		}
		return nil
	case tea.MouseMsg:
		m.fresh = false
		return m.mouse(msg)
	}
	return m.own(msg)
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
		m.viewer.counting = m.viewer.overview.WorkFor(m.viewer.T, slice)
		if m.viewer.counting {
			return count(m.viewer)
		}
	case tickMsg:
		return m.tick(msg.viewer)
	case scene.JobMsg:
		return m.worked(msg)
	case savedMsg:
		m.saved(msg)
	case searchMsg:
		return m.searchStep()
	case besideMsg:
		return m.besideStep(msg)
	case measureMsg:
		return tea.Raw(measure)
	case startMsg:
		m.start.lessons, m.start.files = msg.lessons, msg.files
		m.start.list()
		m.fresh = false
	case learnedMsg:
		m.recalled(msg.learned)
	case openedMsg:
		return m.opened(msg)
	case rerunMsg:
		return m.reran(msg)
	case templateMsg:
		return m.templateWritten(msg)
	case folderMsg:
		m.browsed(msg)
	case pathMsg:
		return m.open(string(msg))
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
	arrival := m.arrival
	m.arrival = ""
	if msg.err != nil {
		m.note = msg.err.Error()
		return nil
	}
	m.show(msg.trace)
	m.note = arrival
	if !msg.trace.Info().Captured {
		m.viewer.of = Scenario{Name: msg.name}
	}
	if m.viewer.opened = msg.name; !m.resume(msg.name) {
		m.beginLesson()
	}
	return tea.Batch(m.work(m.viewer), m.viewer.tickLater())
}

// View gives the screen as it was drawn last, or draws it anew.
func (m *model) View() tea.View {
	if m.opt.Lines {
		return m.linesView()
	}
	if !m.fresh {
		m.draw()
		m.content = m.inks.ANSI(m.canvas)
		m.fresh = true
	}
	v := tea.NewView(m.content)
	v.AltScreen = true
	v.WindowTitle = "strata"
	if m.viewer != nil {
		v.WindowTitle += " " + draw.ToASCII(draw.Clean(m.viewer.T.Info().Name))
	}
	if !m.opt.NoMouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	if m.held.OK {
		v.Cursor = tea.NewCursor(m.held.X, m.held.Y)
		v.Cursor.Blink = false
	}
	return v
}

// draw draws the whole screen on the canvas.
func (m *model) draw() {
	c := m.canvas
	c.Resize(m.w, m.h)
	m.held = draw.Spot{}
	if m.w < minWidth || m.h < minHeight {
		c.Text(draw.Box(0, 0, m.w, m.h), 0, 0, "Strata needs 40 x 12", draw.Plain)
		return
	}
	all := draw.Box(0, 0, m.w, m.h)
	switch {
	case m.over == helpOverlay:
		m.drawHelp(c, all)
	case m.over == wordsOverlay:
		c.Text(all, 0, 0, "words", draw.Accent)
		c.Line(all, 6, 0, m.w, '─', draw.Rule)
		m.words.draw(c, draw.Box(2, 2, m.w-4, m.h-4))
	case m.over == lessonOverlay:
		m.drawLesson(c, all)
	case m.overMenu() != nil:
		m.held = m.overMenu().Draw(c, draw.Box(0, 0, m.w, m.h-1))
	case m.beside.room != nil:
		m.held = m.beside.room.Draw(c, draw.Box(0, 0, m.w, m.h-1))
	case m.viewer != nil:
		m.viewer.lines = m.opt.Lines
		m.viewer.draw(c, all)
		m.held = m.viewer.held
	default:
		m.held = m.start.draw(c, all)
	}
	if m.asking != nil {
		m.held = m.line.Draw(c, all)
		return
	}
	m.drawFoot(c, draw.Box(0, m.h-1, m.w, 1))
}

// drawFoot draws the last line: what is typed, what there is to say, or the
// hints.
func (m *model) drawFoot(c *draw.Canvas, r draw.Rect) {
	switch {
	case m.opening != "":
		c.Text(r, 0, 0, "opening "+m.opening+" ...", draw.Plain)
	case m.changing.stop != nil:
		c.Text(r, 0, 0, "running it again from the start ... esc stops", draw.Plain)
	case m.viewer != nil && m.viewer.writing != nil && m.viewer.writing.job.Running() && m.note == "":
		c.Text(r, 0, 0, m.viewer.writing.progress(), draw.Plain)
	case m.copying:
		c.Text(r, 0, 0, copyPrompt, draw.Accent)
	case m.viewer != nil && m.viewer.hunt.job.Running():
		h := &m.viewer.hunt
		c.Text(r, 0, 0, fmt.Sprintf("looking for %q: %d %% of the frames. esc stops", h.typed, int64(h.seen)*100/int64(max(m.viewer.T.Frames(), 1))), draw.Accent)
	case m.note != "":
		c.Text(r, 0, 0, m.note, draw.Accent)
	case m.letter == keys.SetMark:
		c.Text(r, 0, 0, "mark this frame with which letter?", draw.Accent)
	case m.letter == keys.ToMark:
		c.Text(r, 0, 0, "go to the mark of which letter?", draw.Accent)
	case m.over == lessonOverlay:
		c.Text(r, 0, 0, m.viewer.lesson.room.Hint(), draw.Quiet)
	case m.over == changeOverlay:
		c.Text(r, 0, 0, "↵ change it, and run again  tab next group  / find  u take back  esc back", draw.Quiet)
	case m.over == browseOverlay:
		c.Text(r, 0, 0, "↵ open  ← the folder above  / find  : type a path  esc back", draw.Quiet)
	case m.over != noOverlay:
		c.Text(r, 0, 0, "↑ ↓ move  esc back  q quit", draw.Quiet)
	default:
		m.hints(c, r)
	}
}

// hints draws as many of the footer's hints as fit whole.
func (m *model) hints(c *draw.Canvas, r draw.Rect) {
	m.hinted = m.hinted[:0]
	x := 0
	at := keys.OnStart
	switch {
	case m.beside.room != nil:
		at = keys.InBeside
	case m.viewer != nil:
		at = m.viewer.where()
	}
	for _, h := range keys.Footer(at) {
		w := c.Width(h.Key) + 1 + c.Width(h.Word)
		if x+w > r.W {
			return
		}
		m.hinted = append(m.hinted, hinted{draw.Box(r.X+x, r.Y, w, 1), h.Does})
		x = c.Text(r, x, 0, h.Key, draw.Bold)
		x = c.Text(r, x+1, 0, h.Word, draw.Quiet) + 2
	}
}
