package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"strata/layers"
	"strata/tui"
	"strata/tui/draw"
)

// screenFlags are the flags of what opens the screen.
type screenFlags struct {
	ascii, noMotion, noMouse, plain bool
	theme, model                    string
}

func (s *screenFlags) add(c *cobra.Command) {
	c.Flags().BoolVar(&s.ascii, "ascii", false, "draw with ASCII characters only")
	c.Flags().StringVar(&s.theme, "theme", "auto", "dark, light or auto")
	c.Flags().StringVar(&s.model, "model", "osi", "osi or tcpip")
	c.Flags().BoolVar(&s.noMotion, "no-motion", false, "nothing slides")
	c.Flags().BoolVar(&s.plain, "plain", false, "lines instead of panes, for screen readers")
	c.Flags().BoolVar(&s.noMouse, "no-mouse", false, "leave the mouse to the terminal")
}

// merge takes over what other flags say, where they say something.
func (s *screenFlags) merge(other screenFlags) {
	s.ascii, s.plain = s.ascii || other.ascii, s.plain || other.plain
	s.noMotion, s.noMouse = s.noMotion || other.noMotion, s.noMouse || other.noMouse
	if s.theme == "" || other.theme != "auto" {
		s.theme = other.theme
	}
	if s.model == "" || other.model != "osi" {
		s.model = other.model
	}
}

// options are the flags as tui has them.
func (s *screenFlags) options() (tui.Options, error) {
	o := tui.Options{NoMotion: s.noMotion, NoMouse: s.noMouse, Lines: s.plain}
	o.ASCII = s.ascii
	switch o.Theme = draw.Theme(s.theme); o.Theme {
	case draw.Auto, draw.Dark, draw.Light:
	default:
		return o, usagef("unknown theme %q: use dark, light or auto", s.theme)
	}
	switch s.model {
	case "osi":
		o.Model = layers.OSI
	case "tcpip":
		o.Model = layers.TCPIP
	default:
		return o, usagef("unknown model %q: use osi or tcpip", s.model)
	}
	return o, nil
}

// errNoTerminal says what to do where there is no screen to open.
func errNoTerminal(command, orElse string) error {
	return usagef("standard output is not a terminal, so there is no screen: "+
		"write files with `strata %s -o FILE` (FILE ends in .%s)%s", command, strings.Join(formats(), ", ."), orElse)
}

// open shows the screen until the user quits; keys are read from keys.
func (a *app) open(keys io.Reader, h tui.House, o tui.Options) error {
	o.Screen = o.Screen.FromEnvironment(nil)
	err := tui.Run(context.Background(), keys, h, o)
	if errors.Is(err, tui.ErrInterrupted) {
		return interrupted{syscall.SIGINT}
	}
	return err
}
