package tui

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	tea "charm.land/bubbletea/v2"
)

// followFrame finds the conversation of the cursor's frame, and shows it.
func (m *model) followFrame() tea.Cmd {
	v := m.viewer
	w, ok := wantedOf(v, v.cursor.frame)
	if !ok {
		m.note = "nobody says anything in this frame: a stream needs TCP or UDP"
		return nil
	}
	return begin(w.find(v, func(talk int) {
		if talk < 0 {
			m.note = "this frame belongs to no conversation that can be followed"
			return
		}
		m.after = begin(v.stream.open(v, talk, v.page))
		v.page = streamPage
	}))
}

func (m *model) streamAction(a action) tea.Cmd {
	v := m.viewer
	s := &v.stream
	_, dy := steps(a, max(s.area.h-1, 1))
	switch a {
	case firstStep:
		return begin(s.jump(0))
	case lastStep:
		if !s.whole {
			m.note = "its end is not known yet: it is still being read"
			return nil
		}
		return begin(s.jump(max(s.total[0]+s.total[1]-1, 0)))
	case nextPane, prevPane:
		s.form = (s.form + map[action]form{nextPane: 1, prevPane: forms - 1}[a]) % forms
		s.stale = true
	case otherSide:
		s.side = (s.side + 1) % sides
		return begin(s.fetch(max(s.pos-windowSize/2, 0)))
	case insideTLS:
		return begin(s.turnInside())
	case saveStream:
		if m.house.Save == nil {
			m.note = "nothing can be saved here"
			return nil
		}
		name := fmt.Sprintf("%s-stream-%d", s.is.Proto.Filter(), s.is.Stream)
		if s.inner {
			name += "-inside"
		}
		m.ask(typeName, name+[...]string{"", "-client", "-server"}[s.side]+".bin")
	case enter:
		if n, ok := s.frame(); ok {
			v.goFrame(n)
		}
	case nextHit:
		return m.seek(1)
	case prevHit:
		return m.seek(-1)
	default:
		return begin(s.move(dy))
	}
	return nil
}

// seek looks on in the stream.
func (m *model) seek(by int) tea.Cmd {
	s := &m.viewer.stream
	if s.needle.text == "" {
		m.note = "nothing to find yet: type / and a text, or bytes in hex"
		return nil
	}
	m.note = "looking for it ... esc stops"
	return begin(s.seek(by, func(at int64) {
		if at < 0 {
			m.note = fmt.Sprintf("nobody said %q", s.typed)
			return
		}
		m.note = ""
		m.after = begin(s.jump(at))
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
	if v.t.Info().Captured {
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
		m.note = fmt.Sprintf("%s bytes are in %s", thousands(int(msg.n)), msg.name)
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
