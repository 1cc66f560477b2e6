package tui

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
)

// action is what a key does.
type action uint8

const (
	doNothing action = iota
	nextStep
	prevStep
	nextFrame
	prevFrame
	firstStep
	lastStep
	play
	faster
	slower
	command
	find
	nextHit
	prevHit
	nextPane
	prevPane
	zoom
	switchModel
	words
	help
	back
	quit
	moveLeft
	moveRight
	moveUp
	moveDown
	pageUp
	pageDown
	enter
)

// binding is one row of the table of keys: from it come the dispatch, the
// help, the footer, and what `strata keys` prints.
type binding struct {
	key.Binding
	does  action
	foot  string // in the footer; "": not there
	start bool   // works on the start screen, too
}

func bind(does action, foot string, onStart bool, show, long string, keys ...string) binding {
	return binding{key.NewBinding(key.WithKeys(keys...), key.WithHelp(show, long)), does, foot, onStart}
}

// bindings is the table, in the order in which the help shows it.
var bindings = []binding{
	bind(nextStep, "step", false, ".", "next layer step, and on into the next frame", "."),
	bind(prevStep, "", false, ",", "previous layer step", ","),
	bind(nextFrame, "frame", false, ">", "next frame", ">"),
	bind(prevFrame, "", false, "<", "previous frame", "<"),
	bind(firstStep, "", true, "g", "first step", "g", "home"),
	bind(lastStep, "", true, "G", "last step", "G", "end", "shift+g"),
	bind(play, "play", false, "space", "play, pause", "space", " "),
	bind(faster, "", false, "+", "play faster", "+", "="),
	bind(slower, "", false, "-", "play slower", "-"),
	bind(nextPane, "pane", false, "tab", "next pane", "tab"),
	bind(prevPane, "", false, "shift-tab", "previous pane", "shift+tab"),
	bind(zoom, "zoom", false, `z \`, "zoom the pane", "z", `\`),
	bind(moveLeft, "", true, "← h", "step back; in bytes the byte before, in fields fold", "left", "h"),
	bind(moveRight, "", true, "→ l", "step on; in bytes the next byte, in fields unfold", "right", "l"),
	bind(moveUp, "", true, "↑ k", "previous frame; in bytes and fields the line above", "up", "k"),
	bind(moveDown, "", true, "↓ j", "next frame; in bytes and fields the line below", "down", "j"),
	bind(pageUp, "", true, "PgUp", "a page up", "pgup", "ctrl+b"),
	bind(pageDown, "", true, "PgDn", "a page down", "pgdown", "ctrl+f"),
	bind(enter, "", true, "↵", "open; in fields fold or unfold; in why the words", "enter"),
	bind(words, "", true, "w", "words: the glossary cards of this step", "w"),
	bind(switchModel, "OSI/TCP-IP", true, "o", "OSI or TCP/IP model, everywhere", "o"),
	bind(command, "", false, ":", "go to  :120 step  :frame 6  :t 1.02 or :20.4ms time", ":"),
	bind(find, "find", true, "/", "find in sentences, protocols, summaries", "/"),
	bind(nextHit, "", false, "n", "next hit", "n"),
	bind(prevHit, "", false, "N", "previous hit", "N", "shift+n"),
	bind(help, "help", true, "?", "this help", "?"),
	bind(back, "", true, "esc", "back", "esc"),
	bind(quit, "", true, "q", "quit", "q"),
}

// actionOf finds what a key press does.
func actionOf(k fmt.Stringer) action {
	for _, b := range bindings {
		if key.Matches(k, b.Binding) {
			return b.does
		}
	}
	return doNothing
}

// footer is the hints of the last line: keys, and what they do.
func footer(onStart bool) [][2]string {
	var hints [][2]string
	if onStart {
		hints = append(hints, [2]string{"↵", "open"})
	}
	for _, b := range bindings {
		if b.foot != "" && (!onStart || b.start) {
			hints = append(hints, [2]string{strings.Fields(b.Help().Key)[0], b.foot})
		}
	}
	return append(hints, [2]string{"w", "words"}, [2]string{"q", "quit"})
}

// Key is one row of the table of keys.
type Key struct{ Keys, Does string }

// Keys lists the key bindings for people, in the order of the help.
func Keys() []Key {
	var out []Key
	for _, b := range bindings {
		out = append(out, Key{b.Help().Key, b.Help().Desc})
	}
	return out
}
