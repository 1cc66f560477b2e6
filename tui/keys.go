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
	listFrames
	editFilter
	filterThis
	filterOff
	showTalks
	followStream
	showMessages
	showTravel
	insideTLS
	otherSide
	saveStream
	turnOver
	turnTimes
	setMark
	toMark
	nextMark
	prevMark
	freeze
)

// binding is one row of the table of keys: from it come the dispatch, the
// help, the footer, and what `strata keys` prints.
type binding struct {
	key.Binding
	does action
}

func bind(does action, show, long string, keys ...string) binding {
	return binding{key.NewBinding(key.WithKeys(keys...), key.WithHelp(show, long)), does}
}

// bindings is the table, in the order in which the help shows it.
var bindings = []binding{
	bind(nextStep, ".", "next layer step, and on into the next frame", "."),
	bind(prevStep, ",", "previous layer step", ","),
	bind(nextFrame, ">", "next frame", ">"),
	bind(prevFrame, "<", "previous frame", "<"),
	bind(firstStep, "g", "first step; in lists the first row", "g", "home"),
	bind(lastStep, "G", "last step; in lists the last row, and from a pipe stay with the newest", "G", "end", "shift+g"),
	bind(play, "space", "play, pause", "space", " "),
	bind(faster, "+", "play faster", "+", "="),
	bind(slower, "-", "play slower", "-"),
	bind(nextPane, "tab", "next pane; next table of conversations; text, hex, raw of a stream", "tab"),
	bind(prevPane, "shift-tab", "previous pane, table or form", "shift+tab"),
	bind(zoom, `z \`, "zoom the pane", "z", `\`),
	bind(moveLeft, "← h", "step back; in bytes the byte before, in fields fold, in tables the column", "left", "h"),
	bind(moveRight, "→ l", "step on; in bytes the next byte, in fields unfold, in tables the column", "right", "l"),
	bind(moveUp, "↑ k", "previous frame; in bytes, fields and tables the line above", "up", "k"),
	bind(moveDown, "↓ j", "next frame; in bytes, fields and tables the line below", "down", "j"),
	bind(pageUp, "PgUp", "a page up", "pgup", "ctrl+b"),
	bind(pageDown, "PgDn", "a page down", "pgdown", "ctrl+f"),
	bind(enter, "↵", "open: the frame, the conversation; in fields fold or unfold; in why the words", "enter"),
	bind(listFrames, "v", "the list of frames, and back into the frame", "v"),
	bind(editFilter, "f", "filter: Wireshark's display filters, with completion", "f"),
	bind(filterThis, "F", "filter by this: the field in fields, else the conversation", "F", "shift+f"),
	bind(filterOff, "x", "no filter: show all frames", "x"),
	bind(showTalks, "c", "conversations, as tables", "c"),
	bind(followStream, "s", "follow the stream: what both sides said", "s"),
	bind(showMessages, "a", "application: the messages as the programs saw them, both ways", "a"),
	bind(showTravel, "b", "byte: everywhere the chosen one goes, through layers and hops", "b"),
	bind(insideTLS, "i", "in a stream: what TLS protects, or the bytes as they are", "i"),
	bind(otherSide, "d", "in a stream or among messages: both sides, one, the other", "d"),
	bind(saveStream, "S", "in a stream: save what is shown to a file", "S", "shift+s"),
	bind(turnOver, "r", "bytes: frame, decrypted, unmasked; tables: the other order", "r"),
	bind(turnTimes, "t", "times in the list: since the first frame, since the one shown before, date and time", "t"),
	bind(setMark, "m", "mark the frame with the letter that follows", "m"),
	bind(toMark, "'", "go to the mark of the letter that follows", "'"),
	bind(nextMark, "]", "next marked frame", "]"),
	bind(prevMark, "[", "previous marked frame", "["),
	bind(freeze, "p", "while frames come: hold still, go on", "p"),
	bind(words, "w", "words: the glossary cards of this step", "w"),
	bind(switchModel, "o", "OSI or TCP/IP model, everywhere", "o"),
	bind(command, ":", "go to  :120 step  :frame 6  :t 1.02 or :20.4ms time", ":"),
	bind(find, "/", "find in sentences, protocols, summaries; in the list in all text and bytes", "/"),
	bind(nextHit, "n", "next hit", "n"),
	bind(prevHit, "N", "previous hit", "N", "shift+n"),
	bind(help, "?", "this help", "?"),
	bind(back, "esc", "back", "esc"),
	bind(quit, "q", "quit", "q"),
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

// hint is a key of the footer: what it does, in a word.
type hint struct {
	does action
	word string
}

// screenPart is where on the program's screens one is; each has its own hints.
type screenPart uint8

const (
	onStart screenPart = iota
	inPanes
	inBytes
	inList
	inTalks
	inStream
	inMessages
	inTravel
)

var hintsOf = [...][]hint{
	onStart: {{enter, "open"}, {find, "find"}, {switchModel, "OSI/TCP-IP"}, {help, "help"}, {words, "words"}, {quit, "quit"}},
	inPanes: {{nextStep, "step"}, {nextFrame, "frame"}, {play, "play"}, {nextPane, "pane"}, {zoom, "zoom"}, {switchModel, "OSI/TCP-IP"},
		{find, "find"}, {help, "help"}, {words, "words"}, {listFrames, "list"}, {showMessages, "messages"}, {showTravel, "byte"}, {followStream, "stream"}, {editFilter, "filter"}, {quit, "quit"}},
	inBytes: {{nextStep, "step"}, {moveRight, "next"}, {turnOver, "other bytes"}, {showTravel, "everywhere it goes"}, {nextPane, "pane"}, {help, "help"}, {zoom, "zoom"},
		{filterThis, "filter by this"}, {words, "words"}, {quit, "quit"}},
	inList: {{enter, "open"}, {editFilter, "filter"}, {find, "find"}, {followStream, "stream"}, {showTalks, "conversations"}, {nextPane, "pane"},
		{help, "help"}, {showMessages, "messages"}, {setMark, "mark"}, {turnTimes, "times"}, {filterThis, "filter by this"}, {zoom, "zoom"}, {quit, "quit"}},
	inTalks: {{enter, "first frame"}, {followStream, "stream"}, {filterThis, "filter"}, {nextPane, "table"}, {moveRight, "sort"}, {turnOver, "turn"},
		{back, "back"}, {help, "help"}},
	inTravel:   {{enter, "that step"}, {back, "back"}, {help, "help"}, {quit, "quit"}},
	inMessages: {{enter, "its journey"}, {otherSide, "side"}, {find, "find"}, {followStream, "stream"}, {back, "back"}, {help, "help"}, {quit, "quit"}},
	inStream:   {{nextPane, "form"}, {otherSide, "side"}, {insideTLS, "TLS"}, {find, "find"}, {saveStream, "save"}, {enter, "its frame"}, {filterThis, "filter"}, {back, "back"}, {help, "help"}},
}

// footer is the hints of the last line: keys, and what they do.
func footer(at screenPart) [][2]string {
	var hints [][2]string
	for _, h := range hintsOf[at] {
		for _, b := range bindings {
			if b.does == h.does {
				hints = append(hints, [2]string{strings.Fields(b.Help().Key)[0], h.word})
			}
		}
	}
	return hints
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
