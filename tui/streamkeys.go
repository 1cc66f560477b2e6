package tui

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	tea "charm.land/bubbletea/v2"

	"strata/tui/keys"
	"strata/tui/scene"
)

// followFrame finds the conversation of the cursor's frame, and shows it.
func (m *model) followFrame() tea.Cmd {
	v := m.viewer
	w, ok := wantedOf(v, v.At.Frame)
	if !ok {
		m.note = "nobody says anything in this frame: a stream needs TCP or UDP"
		return nil
	}
	return scene.Begin(w.find(v, func(talk int) {
		if talk < 0 {
			m.note = "this frame belongs to no conversation that can be followed"
			return
		}
		m.after = scene.Begin(v.stream.open(v, talk, v.page))
		v.page = streamPage
	}))
}

func (m *model) streamAction(a keys.Action) tea.Cmd {
	v := m.viewer
	s := &v.stream
	_, dy := keys.Steps(a, max(s.area.H-1, 1))
	switch a {
	case keys.FirstStep:
		return scene.Begin(s.jump(0))
	case keys.LastStep:
		if !s.whole {
			m.note = "its end is not known yet: it is still being read"
			return nil
		}
		return scene.Begin(s.jump(max(s.total[0]+s.total[1]-1, 0)))
	case keys.NextPane, keys.PrevPane:
		s.form = (s.form + map[keys.Action]form{keys.NextPane: 1, keys.PrevPane: forms - 1}[a]) % forms
		s.stale = true
	case keys.OtherSide:
		s.side = (s.side + 1) % sides
		return scene.Begin(s.fetch(max(s.pos-windowSize/2, 0)))
	case keys.InsideTLS:
		return scene.Begin(s.turnInside())
	case keys.SaveStream:
		if m.house.Save == nil {
			m.note = "nothing can be saved here"
			return nil
		}
		name := fmt.Sprintf("%s-stream-%d", s.is.Proto.Filter(), s.is.Stream)
		if s.inner {
			name += "-inside"
		}
		m.ask(m.questions.name, name+[...]string{"", "-client", "-server"}[s.side]+".bin")
	case keys.Enter:
		if n, ok := s.frame(); ok {
			v.goFrame(n)
		}
	case keys.NextHit:
		return m.seek(1)
	case keys.PrevHit:
		return m.seek(-1)
	default:
		return scene.Begin(s.move(dy))
	}
	return nil
}

// seek looks on in the stream.
func (m *model) seek(by int) tea.Cmd {
	s := &m.viewer.stream
	if s.needle.Text == "" {
		m.note = "nothing to find yet: type / and a text, or bytes in hex"
		return nil
	}
	m.note = "looking for it ... esc stops"
	return scene.Begin(s.seek(by, func(at int64) {
		if at < 0 {
			m.note = fmt.Sprintf("nobody said %q", s.typed)
			return
		}
		m.note = ""
		m.after = scene.Begin(s.jump(at))
	}))
}

// savedMsg tells what came of saving a stream.
type savedMsg struct {
	name string
	n    int64
	err  error
}

// saveAs writes the bytes of the sides shown to a file.
func (m *model) saveAs(name string, replace bool) tea.Cmd {
	v, save := m.viewer, m.house.Save
	s := v.stream
	run := func() tea.Msg {
		var n int64
		err := save(name, replace, func(w io.Writer) (err error) {
			n, err = s.write(w)
			return err
		})
		return savedMsg{name, n, err}
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
		m.replace = msg.name
		m.note = msg.name + " is there already. y replaces it, any other key leaves it"
	case msg.err != nil:
		m.note = "not saved: " + msg.err.Error()
	default:
		m.note = fmt.Sprintf("%s bytes are in %s", scene.Thousands(int(msg.n)), msg.name)
	}
}

// mayReplace takes the answer whether a file may be replaced.
func (m *model) mayReplace(k tea.KeyPressMsg) tea.Cmd {
	name := m.replace
	m.replace = ""
	if k.Text == "y" && m.viewer != nil && m.viewer.page == streamPage {
		return m.saveAs(name, true)
	}
	m.note = name + " is left as it was"
	return nil
}
