package tui

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"strata/layers/filter"
	"strata/tui/ask"
)

// question is something that is asked for in the line at the bottom, and what
// to do with the answer.
type question struct {
	ask.Kind
	entered func(text string) tea.Cmd
}

// questions are all that can be asked.
type questions struct {
	filter, command, find, name, narrow, template *question
}

func (m *model) newQuestions() questions {
	return questions{
		filter:  &question{ask.Kind{Sign: "filter", Hint: "such as  tcp.port == 80  or  dns  or  ip.addr == 10.0.0.0/8", Offers: filterOffers, Check: checkFilter}, m.filter},
		command: &question{ask.Kind{Sign: ":", Hint: "a command; tab completes it", Offers: m.commandOffers}, m.command},
		find: &question{ask.Kind{Sign: "/"}, func(text string) tea.Cmd {
			if m.viewer == nil || text == "" {
				return nil
			}
			return m.findText(text)
		}},
		narrow: &question{ask.Kind{Sign: "/"}, func(text string) tea.Cmd {
			m.overMenu().Narrow(text)
			return nil
		}},
		template: &question{ask.Kind{Sign: "the new scenario's file: "}, m.writeTemplate},
		name:     &question{ask.Kind{Sign: "save as "}, func(name string) tea.Cmd { return m.saveAs(name, false) }},
	}
}

// ask begins to type an answer.
func (m *model) ask(q *question, text string) {
	m.asking = q
	if m.viewer == nil && q == m.questions.find {
		text = m.start.query
	}
	m.line.Begin(&q.Kind, text)
}

// typed takes a key while a line is typed.
func (m *model) typed(k tea.KeyPressMsg) tea.Cmd {
	q := m.asking
	switch k.String() {
	case "enter":
		if m.line.Enter() {
			return nil
		}
		m.asking = nil
		text := m.line.Text()
		if text != "" && q.Offers != nil {
			m.line.Remember(&q.Kind, text)
		}
		return q.entered(text)
	case "esc":
		m.asking = nil
		if m.viewer == nil {
			m.start.query = ""
			m.start.list()
		}
		return nil
	}
	m.line.Key(k)
	if q == m.questions.narrow {
		m.overMenu().Narrow(m.line.Text())
	}
	if m.viewer == nil && q == m.questions.find {
		m.start.query = m.line.Text()
		m.start.list()
	}
	return nil
}

// filterOffers lists what could stand at a place of a filter's text. Nothing
// is listed before something is typed: it would be everything.
func filterOffers(text string, at int) []ask.Offer {
	if at == 0 {
		return nil
	}
	from, list := filter.Complete(text, at)
	var out []ask.Offer
	for _, s := range list {
		if from == at-len(s.Text) && text[from:at] == s.Text {
			continue // it stands there
		}
		help := s.Label
		if s.Help != "" {
			help += ": " + s.Help
		}
		out = append(out, ask.Offer{Text: s.Text, Help: help, From: from, To: at})
	}
	return out
}

// checkFilter finds what is wrong in a filter.
func checkFilter(text string) (wrong *ask.Wrong, good bool) {
	_, err := filter.Parse(text)
	if err == nil {
		return nil, true
	}
	var at *filter.Error
	if errors.As(err, &at) {
		return &ask.Wrong{Pos: at.Pos, Len: at.Len, Text: at.Text}, false
	}
	return &ask.Wrong{Len: len(text), Text: err.Error()}, false
}
