// Package keys is what keys do: a table of bindings, from which come the
// dispatch, the help, the footer, and what `strata keys` prints.
package keys

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
)

// Action is what a key does.
type Action uint8

const (
	DoNothing Action = iota
	NextStep
	PrevStep
	NextFrame
	PrevFrame
	FirstStep
	LastStep
	Play
	Faster
	Slower
	TurnPlay
	Command
	Find
	NextHit
	PrevHit
	NextPane
	PrevPane
	Zoom
	SwitchModel
	Words
	Help
	Back
	Quit
	MoveLeft
	MoveRight
	MoveUp
	MoveDown
	PageUp
	PageDown
	Enter
	ListFrames
	EditFilter
	FilterThis
	FilterOff
	ShowTalks
	FollowStream
	ShowMessages
	ShowTravel
	InsideTLS
	OtherSide
	SaveStream
	TurnOver
	TurnTimes
	SetMark
	ToMark
	NextMark
	PrevMark
	Freeze
	ClosePane
	SwapNext
	SwapPrev
	Wider
	Narrower
	Taller
	Shorter
	UsualLayout
	ChoosePane
	Change
	BothRuns
	TakeBack
	OtherRun
	Quiz
	Copy
)

// binding is one row of the table of keys: from it come the dispatch, the
// help, the footer, and what `strata keys` prints.
type binding struct {
	key.Binding
	does Action
	name string // as a command behind the colon; "": it is none
}

func bind(does Action, name, show, long string, keys ...string) binding {
	return binding{key.NewBinding(key.WithKeys(keys...), key.WithHelp(show, long)), does, name}
}

// Bindings is the table, in the order in which the help shows it.
var Bindings = []binding{
	bind(NextStep, "", ".", "next layer step, and on into the next frame", "."),
	bind(PrevStep, "", ",", "previous layer step", ","),
	bind(NextFrame, "", ">", "next frame", ">"),
	bind(PrevFrame, "", "<", "previous frame", "<"),
	bind(FirstStep, "first", "g", "first step; in lists the first row", "g", "home"),
	bind(LastStep, "last", "G", "last step; in lists the last row, and from a pipe stay with the newest", "G", "end", "shift+g"),
	bind(Play, "play", "space", "play, pause", "space", " "),
	bind(Faster, "", "+", "play faster; in charts look closer", "+"),
	bind(Slower, "", "-", "play slower; in charts look at more", "-"),
	bind(TurnPlay, "real-time", "P", "play in the run's own time; again: by steps", "P", "shift+p"),
	bind(NextPane, "", "tab", "next pane; next table of conversations; text, hex, raw of a stream", "tab"),
	bind(PrevPane, "", "shift-tab", "previous pane, table or form", "shift+tab"),
	bind(Zoom, "zoom", `z \`, "zoom the pane", "z", `\`),
	bind(ChoosePane, "", "1 - 9", "the pane with this number", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
	bind(SwapNext, "", "}", "let the pane change places with the next one", "}"),
	bind(SwapPrev, "", "{", "let the pane change places with the one before", "{"),
	bind(Wider, "", ")", "a wider pane", ")"),
	bind(Narrower, "", "(", "a narrower pane", "("),
	bind(Taller, "", "^", "a taller pane", "^"),
	bind(Shorter, "", "_", "a shorter pane", "_"),
	bind(ClosePane, "close", "X", "take the pane away;  :beside NAME  and  :beneath NAME  add one", "X", "shift+x"),
	bind(UsualLayout, "usual-layout", "=", "the usual layout again", "="),
	bind(MoveLeft, "", "← h", "step back; in bytes the byte before, in fields fold, in tables the column", "left", "h"),
	bind(MoveRight, "", "→ l", "step on; in bytes the next byte, in fields unfold, in tables the column", "right", "l"),
	bind(MoveUp, "", "↑ k", "previous frame; in bytes, fields and tables the line above", "up", "k"),
	bind(MoveDown, "", "↓ j", "next frame; in bytes, fields and tables the line below", "down", "j"),
	bind(PageUp, "", "PgUp", "a page up", "pgup", "ctrl+b"),
	bind(PageDown, "", "PgDn", "a page down", "pgdown", "ctrl+f"),
	bind(Enter, "", "↵", "open: the frame, the conversation; in fields fold or unfold; in why the words", "enter"),
	bind(ListFrames, "frames", "v", "the list of frames, and back into the frame", "v"),
	bind(EditFilter, "", "f", "filter: Wireshark's display filters, with completion", "f"),
	bind(FilterThis, "", "F", "filter by this: the field in fields, else the conversation", "F", "shift+f"),
	bind(FilterOff, "all", "x", "no filter: show all frames", "x"),
	bind(ShowTalks, "conversations", "c", "conversations, as tables", "c"),
	bind(FollowStream, "stream", "s", "follow the stream: what both sides said", "s"),
	bind(ShowMessages, "messages", "a", "application: the messages as the programs saw them, both ways; on the start screen a new scenario", "a"),
	bind(ShowTravel, "byte", "b", "byte: where the chosen one goes, and where it comes from", "b"),
	bind(Change, "change", "e", "change: lose this frame, delay it, cut the link, another rate or setting; and run again", "e"),
	bind(BothRuns, "both-runs", "C", "the run before the change and the one with it, side by side", "C", "shift+c"),
	bind(TakeBack, "undo", "u", "take the last change back", "u"),
	bind(OtherRun, "other-run", "E", "the run before the change, and back, at the same moment", "E", "shift+e"),
	bind(Copy, "copy", "y", "copy to the clipboard: the value, the bytes, why, the filter, the line", "y"),
	bind(InsideTLS, "", "i", "in a stream: what TLS protects, or the bytes as they are", "i"),
	bind(OtherSide, "", "d", "in a stream or among messages: both sides, one, the other; in charts and states the other side", "d"),
	bind(SaveStream, "", "S", "in a stream: save what is shown to a file", "S", "shift+s"),
	bind(TurnOver, "", "r", "bytes: frame, decrypted, unmasked; tables: the other order; charts: the next one", "r"),
	bind(TurnTimes, "times", "t", "times in the list: since the first frame, since the one shown before, date and time", "t"),
	bind(SetMark, "", "m", "mark the frame with the letter that follows", "m"),
	bind(ToMark, "", "'", "go to the mark of the letter that follows", "'"),
	bind(NextMark, "", "]", "next marked frame", "]"),
	bind(PrevMark, "", "[", "previous marked frame", "["),
	bind(Freeze, "freeze", "p", "while frames come: hold still, go on", "p"),
	bind(Words, "words", "w", "words: the glossary cards of this step", "w"),
	bind(Quiz, "quiz", "Q", "quiz me here: a question about this step; again, another one", "Q", "shift+q"),
	bind(SwitchModel, "turn-model", "o", "OSI or TCP/IP model, everywhere", "o"),
	bind(Command, "", ":", "a command, with completion; :120 goes to a step, :1.02 or :20.4ms to a time", ":"),
	bind(Find, "", "/", "find in sentences, protocols, summaries; in the list in all text and bytes", "/"),
	bind(NextHit, "", "n", "next hit", "n"),
	bind(PrevHit, "", "N", "previous hit", "N", "shift+n"),
	bind(Help, "help", "?", "this help", "?"),
	bind(Back, "back", "esc", "back", "esc"),
	bind(Quit, "quit", "q", "quit", "q"),
}

// ActionOf finds what a key press does.
func ActionOf(k fmt.Stringer) Action {
	for _, b := range Bindings {
		if key.Matches(k, b.Binding) {
			return b.does
		}
	}
	return DoNothing
}

// hint is a key of the footer: what it does, in a word.
type hint struct {
	does Action
	word string
}

// ScreenPart is where on the program's screens one is; each has its own hints.
type ScreenPart uint8

const (
	OnStart ScreenPart = iota
	InPanes
	InBytes
	InList
	InTalks
	InStream
	InMessages
	InTravel
	InBeside
)

var hintsOf = [...][]hint{
	OnStart: {{Enter, "open"}, {Find, "find"}, {ShowMessages, "a new scenario"}, {SwitchModel, "OSI/TCP-IP"}, {Help, "help"}, {Words, "words"}, {Quit, "quit"}},
	InPanes: {{NextStep, "step"}, {NextFrame, "frame"}, {Play, "play"}, {NextPane, "pane"}, {Zoom, "zoom"}, {SwitchModel, "OSI/TCP-IP"},
		{Find, "find"}, {Help, "help"}, {Words, "words"}, {ListFrames, "list"}, {ShowMessages, "messages"}, {ShowTravel, "byte"}, {FollowStream, "stream"}, {Change, "change"}, {Copy, "copy"}, {EditFilter, "filter"}, {Quit, "quit"}},
	InBytes: {{NextStep, "step"}, {MoveRight, "next"}, {TurnOver, "other bytes"}, {ShowTravel, "everywhere it goes"}, {NextPane, "pane"}, {Help, "help"}, {Zoom, "zoom"},
		{FilterThis, "filter by this"}, {Words, "words"}, {Quit, "quit"}},
	InList: {{Enter, "open"}, {EditFilter, "filter"}, {Find, "find"}, {FollowStream, "stream"}, {ShowTalks, "conversations"}, {NextPane, "pane"},
		{Help, "help"}, {ShowMessages, "messages"}, {SetMark, "mark"}, {TurnTimes, "times"}, {FilterThis, "filter by this"}, {Zoom, "zoom"}, {Quit, "quit"}},
	InTalks: {{Enter, "first frame"}, {FollowStream, "stream"}, {FilterThis, "filter"}, {NextPane, "table"}, {MoveRight, "sort"}, {TurnOver, "turn"},
		{Back, "back"}, {Help, "help"}},
	InBeside: {{NextStep, "step"}, {NextFrame, "pair"}, {NextHit, "next difference"}, {Freeze, "where they part"}, {Zoom, "steps, sums"},
		{Enter, "open A's"}, {OtherSide, "open B's"}, {Back, "back"}, {SwitchModel, "OSI/TCP-IP"}, {Help, "help"}, {Quit, "quit"}},
	InTravel:   {{Enter, "that step"}, {MoveRight, "the other side"}, {Back, "back"}, {Help, "help"}, {Quit, "quit"}},
	InMessages: {{Enter, "its journey"}, {OtherSide, "side"}, {Find, "find"}, {FollowStream, "stream"}, {Back, "back"}, {Help, "help"}, {Quit, "quit"}},
	InStream:   {{NextPane, "form"}, {OtherSide, "side"}, {InsideTLS, "TLS"}, {Find, "find"}, {SaveStream, "save"}, {Enter, "its frame"}, {FilterThis, "filter"}, {Back, "back"}, {Help, "help"}},
}

// Hint is a key of the last line, and what it does.
type Hint struct {
	Key, Word string
	Does      Action
}

// Footer is the hints of the last line: keys, and what they do.
func Footer(at ScreenPart) []Hint {
	var hints []Hint
	for _, h := range hintsOf[at] {
		for _, b := range Bindings {
			if b.does == h.does {
				hints = append(hints, Hint{strings.Fields(b.Help().Key)[0], h.word, h.does})
			}
		}
	}
	return hints
}

// Name is a key that is a command, too.
type Name struct {
	Name   string
	Action Action
	Keys   string
	Does   string
}

// Named lists the keys that are commands.
func Named() []Name {
	var out []Name
	for _, b := range Bindings {
		if b.name != "" {
			out = append(out, Name{b.name, b.does, b.Help().Key, b.Help().Desc})
		}
	}
	return out
}

// Key is one row of the table of keys.
type Key struct{ Keys, Does string }

// Keys lists the key bindings for people, in the order of the help.
func List() []Key {
	var out []Key
	for _, b := range Bindings {
		out = append(out, Key{b.Help().Key, b.Help().Desc})
	}
	return out
}

// Steps of the arrows: across, and down the screen.
func Steps(a Action, page int) (dx, dy int) {
	switch a {
	case MoveLeft:
		return -1, 0
	case MoveRight:
		return 1, 0
	case MoveUp:
		return 0, -1
	case MoveDown:
		return 0, 1
	case PageUp:
		return 0, -page
	case PageDown:
		return 0, page
	}
	return 0, 0
}
