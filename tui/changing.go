package tui

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"strata/trace"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/menu"
)

// changing is the change that is being chosen, and the run with it while it is
// on its way.
type changing struct {
	menu    menu.Menu
	offers  []Offer
	answer  question           // asks for what an offer needs
	words   []string           // that can come behind :set,
	wordsOf trace.EventID      // at this event
	wordsIn *viewer            // of this run
	stop    context.CancelFunc // of the run; nil: none is on its way
}

// rerunMsg brings a changed scenario's run.
type rerunMsg struct {
	of    Scenario
	from  *viewer // the run that was changed
	trace trace.Trace
	err   error
}

// openChanges opens the menu of what can be changed where the cursor is.
func (m *model) openChanges() tea.Cmd {
	v := m.viewer
	if m.note = m.unchangeable(); m.note != "" {
		return nil
	}
	at := -1
	if p, ok := v.inspected().Place(); ok && (v.focus == bytesPane || v.focus == fieldsPane) && p.PDU == v.T.Frame(v.At.Frame).PDU {
		at = int(p.Off)
	}
	offers, err := m.house.Offers(v.of, v.T.Trace, v.At.Event, at)
	if err != nil {
		m.note = err.Error()
		return nil
	}
	x := &m.changing
	x.offers = offers
	rows := make([]menu.Row, len(offers))
	for i, o := range offers {
		rows[i] = menu.Row{Group: o.Group, Name: o.Label, Value: o.Given, Help: o.Help}
		if o.Setting == "" {
			rows[i].Value = ""
		}
	}
	x.menu = menu.Menu{Title: "change, and run again", Remark: fmt.Sprintf("%s, frame %d", v.T.Info().Name, v.At.Frame+1), Head: changesMade(v.of), Empty: "Nothing can be changed here."}
	x.menu.Set(rows)
	m.over = changeOverlay
	return nil
}

// unchangeable says why the run that is shown cannot be changed; "": it can.
func (m *model) unchangeable() string {
	v := m.viewer
	switch {
	case v.T.Info().Captured:
		return "a capture is what has happened: only the run of a scenario can be changed"
	case m.house.Rerun == nil || m.house.Offers == nil || v.of.Name == "":
		return "this run cannot be made again"
	case m.changing.stop != nil:
		return "a run is on its way already; esc stops it"
	}
	return ""
}

// changesMade are the lines above the menu.
func changesMade(of Scenario) []menu.Line {
	var out []menu.Line
	for i, c := range of.Changes {
		text := fmt.Sprintf("%d  %s", i+1, c.Says)
		if i == len(of.Changes)-1 {
			text += "   (u takes it back)"
		}
		out = append(out, menu.Line{Text: text, Look: draw.Good})
	}
	return out
}

// chooseChange makes the chosen change, or asks for what it needs.
func (m *model) chooseChange() tea.Cmd {
	i, ok := m.changing.menu.Chosen()
	if !ok {
		return nil
	}
	o := m.changing.offers[i]
	if o.Asks == "" {
		return m.makeChange(o, "")
	}
	m.changing.answer = question{
		Kind: ask.Kind{Sign: o.Label + ": " + o.Asks + " ", Hint: o.Help, Offers: func(text string, at int) []ask.Offer { return oneOf(o, text, at) }},
		entered: func(text string) tea.Cmd {
			return m.makeChange(o, strings.TrimSpace(text))
		},
	}
	m.ask(&m.changing.answer, o.Given)
	return nil
}

// oneOf completes an answer of which there are only some.
func oneOf(o Offer, text string, at int) []ask.Offer {
	var out []ask.Offer
	for _, w := range o.OneOf {
		if w != text && (strings.HasPrefix(w, text) || text == o.Given) {
			out = append(out, ask.Offer{Text: w, To: at})
		}
	}
	return out
}

func (m *model) makeChange(o Offer, answer string) tea.Cmd {
	c, err := o.Make(answer)
	if err != nil {
		m.note = err.Error()
		return nil
	}
	return m.addChange(c)
}

// addChange runs the scenario again with one change more.
func (m *model) addChange(c Change) tea.Cmd {
	of := m.viewer.of
	of.Changes = append(of.Changes[:len(of.Changes):len(of.Changes)], c)
	m.over = noOverlay
	return m.rerun(of)
}

// setChange makes a change that was typed.
func (m *model) setChange(typed string) (tea.Cmd, error) {
	if text := m.unchangeable(); text != "" {
		return nil, errors.New(text)
	}
	c, err := m.house.Change(m.viewer.of, typed)
	if err != nil {
		return nil, err
	}
	return m.addChange(c), nil
}

// settings are the words that can come behind :set.
func (m *model) settings() []string {
	v, x := m.viewer, &m.changing
	switch {
	case m.unchangeable() != "":
		return nil
	case x.wordsIn == v && x.wordsOf == v.At.Event:
		return x.words
	}
	offers, err := m.house.Offers(v.of, v.T.Trace, v.At.Event, -1)
	if err != nil {
		return nil
	}
	x.words, x.wordsOf, x.wordsIn = nil, v.At.Event, v
	for _, o := range offers {
		if o.Setting != "" {
			x.words = append(x.words, o.Setting+"="+o.Given)
		}
	}
	return x.words
}

// runAgain runs the scenario as it is: its file may have been changed since.
func (m *model) runAgain(string) (tea.Cmd, error) {
	if text := m.unchangeable(); text != "" {
		return nil, errors.New(text)
	}
	return m.rerun(m.viewer.of), nil
}

// takeBack runs the scenario again without the last change.
func (m *model) takeBack() tea.Cmd {
	v := m.viewer
	n := len(v.of.Changes)
	if n == 0 {
		m.note = "nothing was changed in this run"
		return nil
	}
	if m.note = m.unchangeable(); m.note != "" {
		return nil
	}
	if b := v.before; b != nil && len(b.of.Changes) == n-1 {
		m.note = "taken back: " + v.of.Changes[n-1].Says
		v.sameMoment(b)
		m.turnTo(b)
		b.before = nil
		return m.work(b)
	}
	return m.rerun(Scenario{v.of.Name, v.of.Changes[:n-1]})
}

// rerun runs a scenario beside the loop.
func (m *model) rerun(of Scenario) tea.Cmd {
	ctx, stop := context.WithCancel(context.Background())
	m.changing.stop = stop
	from := m.viewer
	m.note = ""
	return func() tea.Msg {
		t, err := m.house.Rerun(ctx, of)
		return rerunMsg{of, from, t, err}
	}
}

// hush ends what works beside the loop.
func (m *model) hush() {
	if m.changing.stop != nil {
		m.changing.stop()
	}
	if m.viewer != nil {
		m.viewer.close()
	}
}

// reran shows a changed run, where it parts from the one before.
func (m *model) reran(msg rerunMsg) tea.Cmd {
	m.fresh = false
	m.changing.stop()
	m.changing.stop = nil
	switch {
	case errors.Is(msg.err, context.Canceled):
		m.note = "stopped: this is the run as it was"
		return nil
	case msg.err != nil:
		m.note = msg.err.Error()
		return nil
	case m.viewer != msg.from:
		return nil // somebody has gone on to something else
	}
	old := msg.from
	v := newViewer(msg.trace, m.opt.Model)
	v.of = msg.of
	v.listing, v.focus, v.under, v.Zoomed, v.changed, v.tempo = old.listing, old.focus, old.under, old.Zoomed, old.changed, old.tempo
	v.parted = parting(old.T.Trace, msg.trace)
	v.before, old.before, old.parted = old, v, v.parted
	v.At.GoTo(old.At.Event)
	at := v.parted
	if at > 0 {
		v.At.GoTo(at)
	}
	old.close()
	m.viewer = v
	cmd := tea.Batch(m.work(v), v.tickLater())
	back := len(old.of.Changes) > len(v.of.Changes)
	if !back && v.parted > 0 {
		cmd = tea.Batch(cmd, m.bothRuns())
	}
	m.note = changedNote(v, len(v.of.Changes)-len(old.of.Changes))
	return cmd
}

// changedNote says what is different in a run that has so many changes more than
// the one before.
func changedNote(v *viewer, more int) string {
	n := len(v.of.Changes)
	switch {
	case more < 0:
		return "taken back. E: the run before"
	case more == 0 && v.parted == 0:
		return "run again: no difference"
	case more == 0:
		return "run again: here the scenario's file makes a difference.  esc: the new run"
	case v.parted == 0:
		return v.of.Changes[n-1].Says + ": no difference. u takes it back"
	}
	return v.of.Changes[n-1].Says + ".  esc: the new run  u: take it back"
}

// changeAction takes a key while the menu of changes lies over the screen.
func (m *model) changeAction(a keys.Action) tea.Cmd {
	switch a {
	case keys.Enter, keys.MoveRight:
		return m.chooseChange()
	case keys.TakeBack:
		m.over = noOverlay
		return m.takeBack()
	case keys.Find:
		m.ask(m.questions.narrow, m.changing.menu.Query)
	default:
		m.changing.menu.Do(a)
	}
	return nil
}
