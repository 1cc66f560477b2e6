package tui

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/vt"
)

// terminal is an emulator that a program can write to and read keys from.
type terminal struct {
	*vt.Emulator
	mu   sync.Mutex // of what is on the screen
	keys *io.PipeWriter
}

// Write takes newlines as a terminal in its usual mode does: Bubble Tea counts
// on that where its input is no terminal.
func (t *terminal) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, err := t.Emulator.Write(bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n"))); err != nil {
		return 0, err
	}
	return len(b), nil
}

// runOn runs the whole program on an emulated terminal.
func runOn(t *testing.T, h House, o Options) (*terminal, func() error) {
	t.Helper()
	term := &terminal{Emulator: vt.NewEmulator(80, 24)}
	go io.Copy(io.Discard, term) //nolint:errcheck // drains the terminal's answers
	in, keys := io.Pipe()
	term.keys = keys
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	p := tea.NewProgram(newModel(h, o), tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(term), tea.WithWindowSize(80, 24),
		tea.WithEnvironment([]string{"TERM=xterm-256color", "COLORTERM=truecolor"}), tea.WithoutSignals())
	var err error
	var done sync.WaitGroup
	done.Go(func() { _, err = p.Run() })
	return term, func() error {
		done.Wait()
		cancel()
		return err
	}
}

func (t *terminal) screen() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var b strings.Builder
	for y := 0; y < 24; y++ {
		for x := 0; x < 80; x++ {
			if c := t.CellAt(x, y); c != nil && c.Content != "" {
				b.WriteString(c.Content)
			} else {
				b.WriteByte(' ')
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// shows waits until the screen shows something.
func (t *terminal) shows(test *testing.T, what string) {
	test.Helper()
	for range 6000 {
		if strings.Contains(t.screen(), what) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	test.Fatalf("the terminal never shows %q:\n%s", what, t.screen())
}

func (t *terminal) press(keys string) { io.WriteString(t.keys, keys) } //nolint:errcheck // a pipe

// TestOnATerminal goes from the start screen to a lost frame and out again,
// all through Bubble Tea; the terminal is left as it was.
func TestOnATerminal(t *testing.T) {
	term, wait := runOn(t, house(), Options{NoMotion: true})
	term.shows(t, "a message, layer by layer")
	term.press("/rto\r")
	time.Sleep(50 * time.Millisecond)
	term.press("\r")
	term.shows(t, "frame 1/13")
	term.press("/lost\r")
	term.shows(t, "✗ lost (fault)")
	term.press("q")
	if err := wait(); err != nil {
		t.Fatal(err)
	}
	if term.IsAltScreen() {
		t.Error("the terminal is left on the other screen")
	}
}

// TestCaptureOnATerminal filters, finds, follows and lists conversations, with
// all of it read beside the loop.
func TestCaptureOnATerminal(t *testing.T) {
	tr := incident()
	tr.FrameOf(1) // a run in memory makes its index when it is first read
	tr.Conversations()
	term, wait := runOn(t, House{}, Options{Trace: tr, NoMotion: true})
	for _, step := range []struct{ keys, shows string }{
		{"", "13 frames"},
		{"fhttp.host\r", "1 of 13 pass"},
		{"x", "13 frames"},
		{"/200 OK\r", "HTTP/1.1 200 OK"},
		{"c", "10.0.1.2:49152"},
		{"s", "server.example"},
		{"\t", "hex dump"},
		{"/6c6c6f\r", "..hello."},
		{"\r", "Source"},
	} {
		term.press(strings.NewReplacer(`\r`, "\r", `\t`, "\t").Replace(step.keys))
		term.shows(t, step.shows)
	}
	term.press("q")
	if err := wait(); err != nil {
		t.Fatal(err)
	}
}

// TestPanicRestores: a panic becomes an error, and the terminal is restored.
func TestPanicRestores(t *testing.T) {
	term, wait := runOn(t, house(), Options{Trace: brokenTrace{rtoBackoff()}})
	err := wait()
	if err == nil || term.IsAltScreen() {
		t.Errorf("error %v, on the other screen: %v", err, term.IsAltScreen())
	}
}
