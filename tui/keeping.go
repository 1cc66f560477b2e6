package tui

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// keepAs writes the scenario with its changes as a file.
func (m *model) keepAs(file string, replace bool) (tea.Cmd, error) {
	of := m.viewer.of
	switch {
	case m.house.Keep == nil || of.Name == "":
		return nil, errors.New("this is no run of a scenario: :w NAME writes what is shown")
	case !strings.HasSuffix(file, ".yaml") && !strings.HasSuffix(file, ".yml"):
		return nil, errors.New("a scenario's file ends in .yaml: :save mine.yaml")
	}
	m.note = "writing " + file + " ..."
	return func() tea.Msg {
		err := m.house.Keep(context.Background(), of, file, replace)
		again := func() tea.Cmd {
			cmd, _ := m.keepAs(file, true)
			return cmd
		}
		return savedMsg{name: file, err: err, says: "the scenario is in " + file, again: again}
	}, nil
}

// newScenario asks for the name of a new scenario's file, with a name that is
// free as far as the start screen knows.
func (m *model) newScenario() {
	if m.house.Template == nil {
		m.note = "no file can be written here"
		return
	}
	name := "my-first.yaml"
	for n := 2; m.start.has(name); n++ {
		name = fmt.Sprintf("my-scenario-%d.yaml", n)
	}
	m.ask(m.questions.template, name)
}

// writeTemplate writes a scenario to learn from, and opens it.
func (m *model) writeTemplate(file string) tea.Cmd {
	if file == "" {
		return nil
	}
	if !strings.HasSuffix(file, ".yaml") && !strings.HasSuffix(file, ".yml") {
		file += ".yaml"
	}
	return func() tea.Msg {
		err := m.house.Template(file)
		if errors.Is(err, fs.ErrExist) {
			err = errors.New(file + " is there already: choose another name")
		}
		return templateMsg{file, err}
	}
}

// templateMsg tells what came of writing a template.
type templateMsg struct {
	file string
	err  error
}

func (m *model) templateWritten(msg templateMsg) tea.Cmd {
	m.fresh = false
	if msg.err != nil {
		m.note = msg.err.Error()
		return nil
	}
	m.arrival = msg.file + " is yours: edit it, and  :rerun  shows what is different"
	return m.open(msg.file)
}
