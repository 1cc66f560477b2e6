package tui

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
)

// ErrInterrupted is what Run gives when the user pressed Ctrl-C or closed the
// terminal, or a signal ended it.
var ErrInterrupted = tea.ErrInterrupted

// Run shows the screen until the user quits. in is where keys come from; nil
// is standard input. The terminal is as it was before when Run returns,
// whatever happened.
func Run(ctx context.Context, in io.Reader, h House, o Options) error {
	until, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	opts := []tea.ProgramOption{tea.WithContext(until), tea.WithFilter(calm()), tea.WithoutSignalHandler()}
	if in != nil {
		opts = append(opts, tea.WithInput(in))
	}
	m := newModel(h, o)
	defer m.hush() // a file that is half written goes
	_, err := tea.NewProgram(m, opts...).Run()
	switch {
	case !errors.Is(err, tea.ErrProgramKilled):
	case ctx.Err() != nil:
		return ctx.Err()
	case until.Err() != nil:
		return ErrInterrupted
	}
	return err
}

// calm lets no more than one motion of the mouse through in 16 ms: a flood of
// them would delay keys.
func calm() func(tea.Model, tea.Msg) tea.Msg {
	var last time.Time
	return func(_ tea.Model, msg tea.Msg) tea.Msg {
		if _, motion := msg.(tea.MouseMotionMsg); motion {
			if time.Since(last) < 16*time.Millisecond {
				return nil
			}
			last = time.Now()
		}
		return msg
	}
}

// FromEnvironment adds what the environment asks for: no colour where
// NO_COLOR is set to anything but nothing, ASCII where the locale is not
// UTF-8.
func (s Screen) FromEnvironment(getenv func(string) string) Screen {
	if getenv == nil {
		getenv = os.Getenv
	}
	if getenv("NO_COLOR") != "" || getenv("TERM") == "dumb" {
		s.Plain = true
	}
	locale := ""
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale = getenv(name); locale != "" {
			break
		}
	}
	utf8 := strings.Contains(strings.ToLower(strings.ReplaceAll(locale, "-", "")), "utf8")
	if locale != "" && !utf8 {
		s.ASCII = true
	}
	return s
}
