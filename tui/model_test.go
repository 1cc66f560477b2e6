package tui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"strata/trace"
	book "strata/trace/glossary"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

// driver presses keys and runs what they ask for, as Bubble Tea would, but
// without waiting.
type driver struct {
	t *testing.T
	m *model
}

func drive(t *testing.T, h House, o Options, w, height int) *driver {
	d := &driver{t, newModel(h, o)}
	d.m.asked = true // nobody answers here
	d.run(d.m.Init())
	d.send(tea.WindowSizeMsg{Width: w, Height: height})
	return d
}

func (d *driver) send(msg tea.Msg) {
	_, cmd := d.m.Update(msg)
	d.run(cmd)
}

// run executes a command that does not wait; ticks are dropped.
func (d *driver) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			d.run(c)
		}
	case countMsg, searchMsg, startMsg, learnedMsg, openedMsg, scene.JobMsg, savedMsg, rerunMsg, templateMsg, folderMsg, pathMsg:
		d.send(msg)
	}
}

// press types keys: each word is one key, anything longer is typed rune by
// rune unless it is a key's name.
func (d *driver) press(keys ...string) {
	named := map[string]tea.KeyPressMsg{
		"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "tab": {Code: tea.KeyTab}, "up": {Code: tea.KeyUp},
		"down": {Code: tea.KeyDown}, "left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight}, "backspace": {Code: tea.KeyBackspace},
		"shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift}, "pgdown": {Code: tea.KeyPgDown}, "pgup": {Code: tea.KeyPgUp},
	}
	for _, k := range keys {
		if msg, ok := named[k]; ok {
			d.send(msg)
			continue
		}
		for _, r := range k {
			d.send(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
	}
}

func (d *driver) screen() string {
	d.m.View()
	return text(d.m)
}

func (d *driver) wants(what string) {
	d.t.Helper()
	if s := d.screen(); !strings.Contains(s, what) {
		d.t.Fatalf("the screen does not show %q:\n%s", what, s)
	}
}

func house() House {
	return House{
		Lessons: func() []Lesson { return course },
		Files:   func() []File { return []File{{Path: "incident.pcapng", What: "capture", Size: 12e6}} },
		Open: func(name string) (trace.Trace, error) {
			if name == "rto-backoff" {
				return rtoBackoff(), nil
			}
			return nil, errors.New(name + " cannot be opened: it is not here")
		},
	}
}

// TestWhyWasThisSentAgain is a newcomer's way from nothing to the question.
func TestWhyWasThisSentAgain(t *testing.T) {
	d := drive(t, house(), Options{}, 80, 24)
	d.wants("a message, layer by layer")
	d.wants("incident.pcapng")
	d.press("/", "rto", "enter")
	d.wants("rto-backoff")
	d.press("enter")
	d.wants("frame 1/13")
	d.press("tab", "tab") // the journey
	d.wants("↻GET 83 B")
	d.press(">>>>>>")
	d.wants("✗ lost")
	d.press("tab", ">") // bytes, and with them the why of the resend on the wire
	d.wants("↻ At client: ")
	d.press(",,,")
	d.wants("why: make a segment")
	d.press("g", "/", "resend", "enter") // or by the word
	d.wants("why: make a segment")
	d.press("esc")
	d.wants("a message, layer by layer")
	d.press("esc")
	d.wants("one-byte-hello")
	d.press("enter")
	d.wants("cannot be opened")
}

// TestStepsForwardAndBack: as many steps back as forward, from anywhere, and
// the cursor is where it was, having seen every step in between.
func TestStepsForwardAndBack(t *testing.T) {
	tr := rtoBackoff()
	c := scene.Cursor{T: tr}
	c.First()
	var way []trace.EventID
	for {
		way = append(way, c.Event)
		if !c.Move(1) {
			break
		}
	}
	want := 0
	for e := trace.EventID(1); int(e) <= tr.Events(); e++ {
		if !scene.Attached(tr.Event(e).Kind) {
			want++
		}
	}
	if len(way) != want {
		t.Errorf("%d steps seen, the trace has %d", len(way), want)
	}
	for _, e := range slices.Backward(way) {
		if c.Event != e {
			t.Fatalf("at %d going back, was at %d", c.Event, e)
		}
		c.Move(-1)
	}
	for e := trace.EventID(1); int(e) <= tr.Events(); e++ {
		if c.GoTo(e); !scene.Attached(tr.Event(e).Kind) && c.Event != e {
			t.Errorf("goTo(%d) goes to %d", e, c.Event)
		}
	}
}

func TestCommands(t *testing.T) {
	d := drive(t, house(), Options{Trace: rtoBackoff()}, 80, 24)
	for _, c := range []struct{ typed, shows string }{
		{":frame 8", "frame 8/13"},
		{":30", "frame"},
		{":t 1.03", "103"},
		{":0.02s", "15.1"},
		{":frame 99", "there is no frame 99: the run has 13"},
		{":999999", "there is no step 999999"},
		{":frame x", "is no frame number"},
		{":jump", `there is no command "jump"`},
		{":t soon", `"soon" is no time`},
		{"/lost", "the frame is lost"},
		{"/nowhere at all", "no sentence, protocol or summary"},
	} {
		d.press(c.typed, "enter")
		d.wants(c.shows)
	}
	d.press("g", "/", "↻none", "esc", "/", "deliver", "enter")
	d.wants("n next hit")
	at := d.m.viewer.At.Event
	d.press("n")
	if d.m.viewer.At.Event <= at {
		t.Errorf("n stays at %d", at)
	}
	d.press("N")
	if d.m.viewer.At.Event != at {
		t.Errorf("N goes to %d, not back to %d", d.m.viewer.At.Event, at)
	}
}

// TestBytesAndFieldsAreOne: choosing in one pane chooses in the other, and the
// choice stays from step to step.
func TestBytesAndFieldsAreOne(t *testing.T) {
	tr := rtoBackoff()
	d := drive(t, house(), Options{Trace: tr, Event: eventOf(tr, trace.Segment, 4)}, 120, 40)
	v := d.m.viewer
	v.focus = fieldsPane
	d.screen()
	d.press("down", "down", "down", "down", "down") // past the stream's number and the length, which have no bytes
	d.screen()
	if from, to := v.inspect.Lit(); to-from != 4 || from-v.inspect.Base != 4 {
		t.Errorf("the sequence number's bytes are 4 to 8, lit are %d to %d", from-v.inspect.Base, to-v.inspect.Base)
	}
	d.press("shift+tab", "right") // the next field, among the bytes
	d.screen()
	if from, to := v.inspect.Lit(); to-from != 4 || from-v.inspect.Base != 8 {
		t.Errorf("the acknowledgment's bytes are 8 to 12, lit are %d to %d", from-v.inspect.Base, to-v.inspect.Base)
	}
	chosen := v.inspect.Chosen
	d.press(".", ".")
	d.screen()
	if v.inspect.Chosen != chosen {
		t.Errorf("the choice is %q, was %q", v.inspect.Chosen, chosen)
	}
}

// TestKeysAreATable: every binding is shown in the help and listed by Keys,
// and no key means two things.
func TestKeysAreATable(t *testing.T) {
	d := drive(t, house(), Options{}, 120, 70)
	d.press("?")
	s := d.screen()
	seen := map[string]string{}
	for i, b := range keys.Bindings {
		if !strings.Contains(s, b.Help().Desc) {
			t.Errorf("the help lacks %q", b.Help().Desc)
		}
		if keys.List()[i].Does != b.Help().Desc {
			t.Errorf("Keys has %v for %q", keys.List()[i], b.Help().Desc)
		}
		for _, k := range b.Keys() {
			if seen[k] != "" {
				t.Errorf("key %q means %q and %q", k, seen[k], b.Help().Desc)
			}
			seen[k] = b.Help().Desc
		}
	}
	if key.Matches(tea.KeyPressMsg{Code: tea.KeyUp, Mod: tea.ModShift}, keys.Bindings[0].Binding) {
		t.Error("shift with an arrow means something")
	}
	narrow := drive(t, house(), Options{}, 50, 150)
	narrow.press("?")
	for line := range strings.Lines(narrow.screen()) {
		if strings.HasSuffix(strings.TrimRight(line, " \n"), "~") {
			t.Errorf("the help is cut: %s", line)
		}
	}
}

// TestColours: no colour where none is wanted, sixteen where there are no
// more, and what changed is reversed in all.
func TestColours(t *testing.T) {
	tr := rtoBackoff()
	e := eventOf(tr, trace.Segment, 4)
	for _, c := range []struct {
		s    Screen
		can  colorprofile.Profile
		has  string
		lack string
	}{
		{Screen{}, colorprofile.TrueColor, "38;2;77;163;117", ""},
		{Screen{Theme: draw.Light}, colorprofile.TrueColor, "38;2;42;127;83", ""},
		{Screen{}, colorprofile.ANSI, "\x1b[32m", "38;2"},
		{Screen{Plain: true}, colorprofile.TrueColor, "\x1b[7m", "38;"},
	} {
		m := screenAt(tr, e, 80, 24, c.s, nil)
		m.Update(tea.ColorProfileMsg{Profile: c.can})
		got := m.View().Content
		if !strings.Contains(got, c.has) || c.lack != "" && strings.Contains(got, c.lack) {
			t.Errorf("%+v on %v: wants %q, not %q:\n%q", c.s, c.can, c.has, c.lack, got)
		}
	}
	env := func(name string) string { return map[string]string{"NO_COLOR": "yes", "LANG": "C"}[name] }
	if s := (Screen{}).FromEnvironment(env); !s.Plain || !s.ASCII {
		t.Errorf("NO_COLOR=yes and LANG=C give %+v", s)
	}
}

// TestMouse: a click chooses, the wheel scrolls.
func TestMouse(t *testing.T) {
	tr := rtoBackoff()
	d := drive(t, house(), Options{Trace: tr}, 120, 40)
	d.screen()
	click := func(x, y int) { d.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}) }
	lines := strings.Split(d.screen(), "\n")
	for y, l := range lines {
		if strings.Contains(l, "↻GET") {
			click(20, y)
			break
		}
	}
	d.wants("frame 8/13")
	if d.m.viewer.focus != journeyPane {
		t.Error("a click gives the pane no focus")
	}
	d.send(tea.MouseWheelMsg{X: 20, Y: 10, Button: tea.MouseWheelDown})
	d.wants("frame 9/13")
	click(0, 1)
	d.wants("frame 1/13")
}

// TestNothing: a run without events, and one without frames, can be shown.
func TestNothing(t *testing.T) {
	empty := newMaker("empty")
	d := drive(t, house(), Options{Trace: empty.Log}, 80, 24)
	d.wants("Nothing happened")
	d.press(".", ",", "<", ">", "g", "G", "tab", "/x", "enter", "n", ":5", "enter", ":t 1", "enter", "tab", "up", "down", "enter")
	d.screen()
	quiet := newMaker("quiet")
	quiet.message(client, "nobody will ever get this")
	d = drive(t, house(), Options{Trace: quiet.Log}, 80, 24)
	d.press(".", ",", "<", ">", "g", "G", ":frame 1", "enter", "tab", "tab", "down", "up", "w", "esc")
	d.wants("going down")
	d.send(tea.MouseClickMsg{X: 5, Y: 1, Button: tea.MouseLeft})
	d.screen()
}

// TestCards: every word of the why-sentences has a card, and the issue's
// words, too.
func TestCards(t *testing.T) {
	need := []string{"message", "packet", "segment", "datagram", "frame", "client", "server", "socket", "port", "OSI model", "TCP/IP model",
		"TCP", "UDP", "WebSocket", "Socket.IO", "message queue", "full duplex"}
	for _, w := range trace.Catalogue() {
		need = append(need, w.Reason().Words...)
	}
	for _, w := range need {
		if book.Cards[w] == "" {
			t.Errorf("the glossary has no card for %q", w)
		}
	}
}

// TestPlay: the player steps on while it plays, no faster for being paused
// and started again, and stops at the end and at a question.
func TestPlay(t *testing.T) {
	tr := rtoBackoff()
	m := newModel(house(), Options{Trace: tr})
	m.Init()
	m.resize(80, 24)
	press := func() { m.Update(tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}) }
	press()
	late := playMsg{m.viewer, m.viewer.round}
	press()
	press()
	at := m.viewer.At.Event
	m.Update(late)
	if m.viewer.At.Event != at {
		t.Error("a tick of an earlier round makes a step")
	}
	asked := eventOf(tr, trace.Send, 1)
	tr.Info().Prompts[asked] = trace.Prompt{Question: "What comes next?"}
	for range 1000 {
		if !m.viewer.playing {
			break
		}
		m.Update(playMsg{m.viewer, m.viewer.round})
	}
	if m.viewer.At.Event != asked {
		t.Errorf("the player stops at %d, the question is at %d", m.viewer.At.Event, asked)
	}
	m.viewer.At.Last()
	press()
	m.Update(playMsg{m.viewer, m.viewer.round})
	if m.viewer.playing {
		t.Error("the player goes on after the end")
	}
}

// TestSlide: a frame put on the wire slides over the diagram, once, unless
// nothing is to move.
func TestSlide(t *testing.T) {
	for _, still := range []bool{false, true} {
		tr := rtoBackoff()
		m := newModel(house(), Options{Trace: tr, NoMotion: still, Event: eventOf(tr, trace.Transmit, 1) - 1})
		m.Init()
		m.resize(80, 24)
		m.Update(tea.KeyPressMsg{Code: '.', Text: "."})
		if moving := m.viewer.slide < 1; moving == still {
			t.Errorf("no motion %v: moving %v", still, moving)
		}
		for range 20 {
			m.Update(slideMsg{m.viewer})
		}
		if m.viewer.sliding || m.viewer.slide != 1 {
			t.Error("the slide does not end")
		}
	}
}

// TestMeasured: where a terminal draws the glyphs two cells wide, signs of
// ASCII stand for them.
func TestMeasured(t *testing.T) {
	for x, ascii := range map[int]bool{1: false, 2: true} {
		d := drive(t, house(), Options{Trace: rtoBackoff()}, 80, 24)
		d.send(tea.CursorPositionMsg{X: x, Y: 1})
		if got := !strings.ContainsAny(d.screen(), "─│▐"); got != ascii {
			t.Errorf("the cursor is in column %d after the glyph: ASCII %v", x, got)
		}
	}
}
