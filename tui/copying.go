package tui

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"strata/tui/draw"
)

// mostCopied bounds what is copied: terminals refuse longer ones, or cut them
// without a word.
const mostCopied = 48 << 10

// copyPrompt is what the footer says while the letter is awaited that says
// what is to be copied.
const copyPrompt = "copy: y what is chosen  v value  b bytes  w why  f filter  l line  c changes"

// copied takes that letter.
func (m *model) copied(k tea.KeyPressMsg) tea.Cmd {
	m.copying = false
	letter := k.Text
	if letter == "y" {
		letter = m.viewer.copyHere()
	}
	what, text := m.viewer.copy(letter)
	if what == "" {
		return nil
	}
	return m.copy(what, text)
}

// copy puts a text into the terminal's clipboard (OSC 52). It is clean: whoever
// pastes it into a shell runs nothing that was hidden in a packet.
func (m *model) copy(what, text string) tea.Cmd {
	if text == "" {
		m.note = "there is no " + what + " here to copy"
		return nil
	}
	text, cut := cutText(draw.Clean(text), mostCopied)
	m.note = "copied, if the terminal lets: " + what
	if cut {
		m.note = fmt.Sprintf("copied, if the terminal lets: the first %s of the %s", bytesCount(int64(len(text))), what)
	}
	return tea.SetClipboard(text)
}

// cutText shortens a text to n bytes, between two characters.
func cutText(s string, n int) (string, bool) {
	if len(s) <= n {
		return s, false
	}
	return strings.ToValidUTF8(s[:n], ""), true
}

// copyHere is what is copied of the pane that has the focus.
func (v *viewer) copyHere() string {
	switch {
	case v.focus == fieldsPane:
		return "v"
	case v.focus == bytesPane:
		return "b"
	case v.listing:
		return "l"
	}
	return "w"
}

// copy is the text that a letter stands for, and what it is; "": the letter
// stands for nothing.
func (v *viewer) copy(letter string) (what, text string) {
	switch letter {
	case "v":
		return "value", v.inspected().Value()
	case "b":
		b := v.inspected().Bytes()
		return "bytes", hex.EncodeToString(b[:min(len(b), mostCopied)])
	case "w":
		return "why", v.why()
	case "f":
		return "filter", v.thisFilter()
	case "l":
		return "line", v.line()
	case "c":
		var sets []string
		for _, c := range v.of.Changes {
			sets = append(sets, "--set "+shellQuote(c.Path+"="+c.Value))
		}
		return "changes", strings.Join(sets, " ")
	}
	return "", ""
}

// why is the sentence of the cursor's step, and where it is written.
func (v *viewer) why() string {
	if v.T.Events() == 0 {
		return ""
	}
	text := v.T.Text(v.At.Event)
	if rfc := v.Event().Why.Reason().RFC; text != "" && rfc != "" {
		text += " (" + rfc + ")"
	}
	return text
}

// line is the cursor's frame as a line of the list.
func (v *viewer) line() string {
	if v.T.Frames() == 0 {
		return ""
	}
	f, info := v.T.Frame(v.At.Frame), v.T.Info()
	g := v.Glance(v.At.Frame)
	resent := ""
	if f.Resent {
		resent = "↻ "
	}
	return fmt.Sprintf("%d  %.6f  %s -> %s  %s%s", v.At.Frame+1, f.Sent.Seconds(), info.Nodes[f.From].Name, info.Nodes[f.To].Name, resent, g.Label)
}

// shellQuote writes a word so that a shell takes it as it is.
func shellQuote(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return !isPlainWord(r) }) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

func isPlainWord(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || slices.Contains([]rune("._-/=:%+@,"), r)
}
