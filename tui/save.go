package tui

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	tea "charm.land/bubbletea/v2"

	"strata/tui/scene"
)

// followFrame finds the conversation of the cursor's frame, and shows it.
func (m *model) followFrame() tea.Cmd {
	v := m.viewer
	j := v.Conversation(v.At.Frame, func(talk int) {
		if talk < 0 {
			m.note = "this frame belongs to no conversation that can be followed"
			return
		}
		v.FollowTalk(talk)
	})
	if j == nil {
		m.note = "nobody says anything in this frame: a stream needs TCP or UDP"
	}
	return scene.Begin(j)
}

// saveStream asks for the name of a file for the stream that is shown.
func (m *model) saveStream() {
	switch {
	case m.viewer.focus != streamPane:
		m.note = "what is saved is a stream: s follows one"
	case m.house.Save == nil:
		m.note = "nothing can be saved here"
	default:
		m.ask(m.questions.name, m.viewer.stream.File())
	}
}

// savedMsg tells what came of writing a file.
type savedMsg struct {
	name  string
	n     int64
	err   error
	says  string         // when it is written; "": how many bytes there are
	again func() tea.Cmd // writes it though there is a file of that name
}

// saveAs writes the bytes of the sides shown to a file.
func (m *model) saveAs(name string, replace bool) tea.Cmd {
	v, save := m.viewer, m.house.Save
	s := *v.stream // it may be turned over while it is written
	run := func() tea.Msg {
		var n int64
		err := save(name, replace, func(w io.Writer) (err error) {
			n, err = s.Write(w)
			return err
		})
		return savedMsg{name: name, n: n, err: err, again: func() tea.Cmd { return m.saveAs(name, true) }}
	}
	if v.T.Info().Captured {
		m.note = "writing " + name
		return run
	}
	m.saved(run().(savedMsg)) // a run in memory is read by the loop alone
	return nil
}

func (m *model) saved(msg savedMsg) {
	m.fresh = false
	switch {
	case errors.Is(msg.err, fs.ErrExist):
		m.replace, m.again = msg.name, msg.again
		m.note = msg.name + " is there already. y replaces it, any other key leaves it"
	case msg.err != nil:
		m.note = "not saved: " + msg.err.Error()
	case msg.says != "":
		m.note = msg.says
	default:
		m.note = fmt.Sprintf("%s bytes are in %s", scene.Thousands(int(msg.n)), msg.name)
	}
}

// mayReplace takes the answer whether a file may be replaced.
func (m *model) mayReplace(k tea.KeyPressMsg) tea.Cmd {
	name := m.replace
	m.replace = ""
	if k.Text == "y" && m.again != nil {
		return m.again()
	}
	m.note = name + " is left as it was"
	return nil
}
