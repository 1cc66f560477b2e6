package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/layers"
	"strata/trace"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/keys"
)

// command is what can be typed behind ':'. Every key that has a name is one,
// too.
type command struct {
	name  string
	arg   string // what comes behind it, as the menu says; "": nothing
	about string
	words func(m *model) []string // that could come behind it; nil: none is known
	run   func(m *model, arg string) (tea.Cmd, error)
}

// commands are those that take something behind them.
var commands = []command{
	{"frame", "N", "go to a frame", nil, (*model).toFrame},
	{"step", "N", "go to a step, counted through the whole run", nil, (*model).toStep},
	{"t", "TIME", "go to a time: 1.02 (seconds) or 20.4ms", nil, (*model).toTime},
	{"kind", "KIND", "go to the next event of a kind; n and N go on: drop, timer-fired, deliver", seekWords("kind"), seekFor("kind")},
	{"why", "CODE", "go to the next event with a reason, or one that begins so: tcp.rto", seekWords("why"), seekFor("why")},
	{"node", "NAME", "go to the next event at a node", seekWords("node"), seekFor("node")},
	{"layer", "LAYER", "go to the next event of a layer: 4, T4", seekWords("layer"), seekFor("layer")},
	{"flow", "N", "go to the next frame of a TCP conversation, or of UDP's: udp.N", nil, seekFor("flow")},
	{"where", "FILTER", "go to the next frame that passes a filter, and show where all of them are", nil, seekFor("filter")},
	{"text", "TEXT", "go to the next frame with a text", nil, seekFor("text")},
	{"hex", "BYTES", "go to the next frame with some bytes: de ad be ef", nil, seekFor("hex")},
	{"rtt", "", "go to the frame that answers this one; from an answer, to the next question", nil, (*model).roundTrip},
	{"play", "RATE", "play in the run's own time, 1/100 as fast; or by steps", (*model).rates, (*model).toPlay},
	{"filter", "FILTER", "show only the frames that pass", nil, func(m *model, arg string) (tea.Cmd, error) { return m.filter(arg), nil }},
	{"w", "FILE", "write what is shown: .pcapng .jsonl .txt .mmd .svg", (*model).fileNames, func(m *model, arg string) (tea.Cmd, error) { return m.file(arg, false) }},
	{"screen", "FILE.svg", "write the screen as it stands", nil, func(m *model, arg string) (tea.Cmd, error) { return m.screenshot(arg, false) }},
	{"save", "FILE.yaml", "write the scenario with its changes", nil, func(m *model, arg string) (tea.Cmd, error) { return m.keepAs(arg, false) }},
	{"set", "PATH=VALUE", "change a setting, and run again", (*model).settings, (*model).setChange},
	{"compare", "NAME", "lay a scenario or capture beside this one; without a name, the run before the change", nil, (*model).compareWith},
	{"rerun", "", "run the scenario again: its file may have been changed", nil, (*model).runAgain},
	{"open", "PATH", "open a file, or look at a folder", nil, (*model).openPath},
	{"pane", "NAME", "go to a pane", (*model).paneNames, (*model).toPane},
	{"beside", "NAME", "divide the pane's place, and put another one beside it", (*model).paneNames, func(m *model, arg string) (tea.Cmd, error) { return nil, m.split(arg, true) }},
	{"beneath", "NAME", "divide the pane's place, and put another one beneath it", (*model).paneNames, func(m *model, arg string) (tea.Cmd, error) { return nil, m.split(arg, false) }},
	{"swap", "NAME", "let the pane change places with another one", (*model).paneNames, (*model).swapWith},
	{"theme", "NAME", "colours", func(*model) []string { return []string{"dark", "light"} }, (*model).setTheme},
	{"model", "NAME", "OSI or TCP/IP", func(*model) []string { return []string{"osi", "tcpip"} }, (*model).setModel},
}

// onStart tells whether a command means something on the start screen.
func onStart(name string) bool { return slices.Contains([]string{"theme", "model", "open"}, name) }

// commandOffers lists the commands, and then what could come behind one.
func (m *model) commandOffers(text string, at int) []ask.Offer {
	name, arg, typing := strings.Cut(text[:at], " ")
	if !typing {
		return m.commandNames(name, at)
	}
	i := slices.IndexFunc(commands, func(c command) bool { return c.name == name })
	if i < 0 || commands[i].words == nil || m.viewer == nil {
		return nil
	}
	var out []ask.Offer
	for _, w := range commands[i].words(m) {
		if strings.HasPrefix(w, arg) && w != arg {
			out = append(out, ask.Offer{Text: w, From: at - len(arg), To: at})
		}
	}
	return out
}

// commandNames are those that begin with a text.
func (m *model) commandNames(begin string, at int) []ask.Offer {
	var out []ask.Offer
	offer := func(name, about string) {
		if strings.HasPrefix(name, begin) {
			out = append(out, ask.Offer{Text: name, Help: about, To: at})
		}
	}
	for _, c := range commands {
		if m.viewer != nil || onStart(c.name) {
			offer(c.name+" ", c.arg+"  "+c.about)
		}
	}
	for _, k := range keys.Named() {
		if k.Name != begin {
			offer(k.Name, k.Keys+"  "+k.Does)
		}
	}
	slices.SortStableFunc(out, func(a, b ask.Offer) int { return cmp.Compare(a.Text, b.Text) })
	return out
}

// command carries out what was typed behind ':'. A number is a step, a time is
// gone to.
func (m *model) command(text string) tea.Cmd {
	m.jumped = true
	name, arg, _ := strings.Cut(strings.TrimSpace(text), " ")
	arg = strings.TrimSpace(arg)
	if name == "" {
		return nil
	}
	for _, k := range keys.Named() {
		if k.Name == name && arg == "" {
			return m.act(k.Action)
		}
	}
	run := (*model).noCommand
	switch i := slices.IndexFunc(commands, func(c command) bool { return c.name == name }); {
	case i >= 0 && (m.viewer != nil || onStart(name)):
		run = commands[i].run
	case m.viewer == nil:
	case strings.ContainsAny(name[:1], "0123456789."):
		run, arg = (*model).toTime, text
		if _, err := strconv.Atoi(name); err == nil {
			run = (*model).toStep
		}
	}
	if arg == "" {
		arg = name
	}
	cmd, err := run(m, arg)
	if err != nil {
		m.note = err.Error()
	}
	return cmd
}

func (m *model) noCommand(name string) (tea.Cmd, error) {
	return nil, fmt.Errorf("there is no command %q: tab behind the colon lists them", name)
}

func (m *model) toFrame(arg string) (tea.Cmd, error) {
	v := m.viewer
	n, err := strconv.Atoi(arg)
	if err != nil || n < 1 {
		return nil, fmt.Errorf("%q is no frame number: frames count from 1", arg)
	}
	if n > v.T.Frames() {
		return nil, fmt.Errorf("there is no frame %d: the run has %d", n, v.T.Frames())
	}
	v.slide = 1
	v.At.GoToFrame(n - 1)
	return nil, nil
}

func (m *model) toStep(arg string) (tea.Cmd, error) {
	v := m.viewer
	n, err := strconv.Atoi(arg)
	if err != nil || n < 1 {
		return nil, fmt.Errorf("%q is no step: steps count from 1", arg)
	}
	if n > v.T.Events() {
		return nil, fmt.Errorf("there is no step %d: the run has %d", n, v.T.Events())
	}
	v.slide = 1
	v.At.GoTo(trace.EventID(n))
	return nil, nil
}

func (m *model) toTime(arg string) (tea.Cmd, error) {
	at, err := parseTime(arg)
	if err == nil {
		m.viewer.slide = 1
		m.viewer.At.GoToTime(at)
	}
	return nil, err
}

// parseTime reads "1.02" (seconds), "1.02s", "20.4ms", "3us".
func parseTime(s string) (trace.Time, error) {
	if sec, err := strconv.ParseFloat(s, 64); err == nil && sec >= 0 && sec < 1e9 {
		return trace.Time(sec * float64(trace.Second)), nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is no time: use seconds, or a unit as in 20.4ms", s)
	}
	return trace.Time(d), nil
}

func (m *model) setTheme(name string) (tea.Cmd, error) {
	switch t := draw.Theme(name); t {
	case draw.Dark, draw.Light:
		m.opt.Theme = t
		m.colours()
		return nil, nil
	}
	return nil, fmt.Errorf("there is no theme %q: use dark or light", name)
}

func (m *model) setModel(name string) (tea.Cmd, error) {
	models := map[string]layers.Model{"osi": layers.OSI, "tcpip": layers.TCPIP}
	to, ok := models[name]
	if !ok {
		return nil, fmt.Errorf("there is no model %q: use osi or tcpip", name)
	}
	m.opt.Model = to
	if m.viewer != nil {
		m.viewer.Model = to
	}
	return nil, nil
}
