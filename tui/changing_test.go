package tui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"reflect"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"strata/testdata/golden"
	"strata/trace"
)

// workshop is a house that can change a run: in it, the request is lost on the
// first link; each change lets it come a link further.
type workshop struct {
	files   map[string]string
	reruns  int
	edited  int           // how often its file was changed
	waiting chan struct{} // a run waits for it, if there is one
}

func lose(link string) Change {
	return Change{"links." + link + ".faults.+", "{kind: loss}", "link " + link + " loses the 1st frame from client"}
}

func (w *workshop) house() House {
	h := house()
	h.Save = w.save
	h.Offers = func(s Scenario, _ trace.Trace, e trace.EventID, at int) ([]Offer, error) {
		return []Offer{
			{Group: "this frame", Label: "lose it", Help: "It vanishes on the link.", Make: func(string) (Change, error) { return lose("wan"), nil }},
			{Group: "this frame", Label: "delay it", Help: "It is held back on the link; later frames pass it.", Asks: "for how long?", Given: "20ms", Make: func(answer string) (Change, error) {
				if answer != "20ms" {
					return Change{}, fmt.Errorf("%q is not a time", answer)
				}
				return lose("slow"), nil
			}},
			{Group: "link lan", Label: "rate", Help: "Bits per second; without it, infinitely fast.", Setting: "links.lan.rate", Asks: "what is it to be?", Given: "10Mbit/s", Make: func(answer string) (Change, error) {
				return Change{"links.lan.rate", answer, "link lan carries " + answer}, nil
			}},
			{Group: "TCP of client", Label: "congestion", Setting: "nodes.client.tcp.congestion", Asks: "what is it to be?", OneOf: []string{"newreno", "none"}, Make: func(answer string) (Change, error) {
				return Change{"nodes.client.tcp.congestion", answer, "congestion is " + answer}, nil
			}},
		}, nil
	}
	h.Change = func(_ Scenario, typed string) (Change, error) {
		path, value, ok := strings.Cut(typed, "=")
		if !ok {
			return Change{}, errors.New("write it as PATH=VALUE")
		}
		return Change{path, value, path + " is " + value}, nil
	}
	h.Rerun = func(ctx context.Context, s Scenario) (trace.Trace, error) {
		w.reruns++
		if w.waiting != nil {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return requestLostOn(1 + len(s.Changes) + w.edited), nil
	}
	h.Keep = func(_ context.Context, s Scenario, file string, replace bool) error {
		return w.save(file, replace, func(to io.Writer) error {
			for _, c := range s.Changes {
				fmt.Fprintln(to, c.Says)
			}
			return nil
		})
	}
	h.Template = func(file string) error {
		return w.save(file, false, func(to io.Writer) error { _, err := io.WriteString(to, "name: x"); return err })
	}
	h.Folder = func(path string) (Folder, error) {
		switch path {
		case "", "/home/me":
			return Folder{Path: "/home/me", Parent: "/home", Files: []File{
				{"captures", "/home/me/captures", "folder", 0}, {"bad\x1b[2J.yaml", "/home/me/bad\x1b[2J.yaml", "scenario", 12},
				{"incident.pcapng", "/home/me/incident.pcapng", "capture", 12e6}}}, nil
		case "/home/me/captures":
			return Folder{Path: "/home/me/captures", Parent: "/home/me", Files: []File{{"rto", "rto-backoff", "scenario", 9}}}, nil
		}
		return Folder{}, fs.ErrNotExist
	}
	return h
}

func (w *workshop) save(name string, replace bool, write func(io.Writer) error) error {
	if _, there := w.files[name]; there && !replace {
		return &fs.PathError{Op: "save", Path: name, Err: fs.ErrExist}
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	if w.files == nil {
		w.files = map[string]string{}
	}
	w.files[name] = b.String()
	return nil
}

func atWork(t *testing.T, w, h int) (*workshop, *driver) {
	shop := &workshop{}
	d := drive(t, shop.house(), Options{Trace: rtoBackoff(), Scenario: Scenario{Name: "rto-backoff"}}, w, h)
	d.press(">>>>>>") // the request
	d.wants("GET 83 B")
	return shop, d
}

// compared lets the two runs be compared.
func compared(d *driver) {
	for r := d.m.beside.room; r != nil && r.Working(); {
		d.m.own(besideMsg{room: r})
	}
}

// TestChange changes the run, turns between the two, takes the change back,
// and keeps it.
func TestChange(t *testing.T) {
	shop, d := atWork(t, 100, 30)
	d.press("e")
	d.wants("lose it")
	d.wants("10Mbit/s")
	d.press("enter")
	compared(d)
	d.wants("link wan loses the 1st frame from client.  esc: the new run  u: take it back")
	lost := eventOf(requestLostOn(1), trace.Drop, 1)
	if at := d.m.viewer.At.Event; at != lost {
		t.Errorf("it shows event %d, where they part is %d", at, lost)
	}
	d.wants("They part at event")
	d.press("enter") // the run before, and back
	d.wants("frame 7/13")
	d.press("esc")
	d.wants("A: rto-backoff")
	d.press("d", "esc", "esc")
	d.wants("+1 changed")
	d.press("C")
	compared(d)
	d.wants("They part at event")
	d.press("C")
	d.press("E")
	d.wants("the run without: link wan loses")
	if s := d.screen(); strings.Contains(s, "changed") {
		t.Errorf("it is the changed run:\n%s", s)
	}
	d.press("E")
	d.wants("the run with: link wan loses")
	d.press("u")
	d.wants("taken back: link wan loses")
	if shop.reruns != 1 {
		t.Errorf("%d runs; what is there need not be run again", shop.reruns)
	}
	d.press("u")
	d.wants("nothing was changed in this run")
}

func TestChangesAsk(t *testing.T) {
	shop, d := atWork(t, 100, 30)
	d.press("e", "down", "enter")
	d.wants("delay it: for how long? 20ms")
	d.press("x", "enter")
	d.wants(`"20msx" is not a time`)
	d.press("enter", "enter", "esc")
	d.wants("+1 changed")
	d.press("e")
	d.wants("1  link slow loses the 1st frame from client   (u takes it back)")
	d.press("G", "enter", "tab", "enter")
	d.wants("congestion is newreno.  esc: the new run  u: take it back")
	d.press("esc")
	d.press(":", "set links.", "tab")
	d.wants("set links.lan.rate=10Mbit/s")
	d.press("enter")
	d.wants("+3 changed")
	d.wants("links.lan.rate is 10Mbit/s: no difference. u takes it back")
	d.press("u")
	d.press("u")
	d.wants("+1 changed")
	if shop.reruns != 4 {
		t.Errorf("%d runs", shop.reruns)
	}
	d.press(":", "save mine.txt", "enter")
	d.wants("a scenario's file ends in .yaml")
	d.press(":", "save mine.yaml", "enter")
	d.wants("the scenario is in mine.yaml")
	if got := shop.files["mine.yaml"]; got != "link slow loses the 1st frame from client\n" {
		t.Errorf("it holds %q", got)
	}
	shop.files["mine.yaml"] = "old"
	d.press(":", "save mine.yaml", "enter", "n")
	d.wants("mine.yaml is left as it was")
	d.press(":", "save mine.yaml", "enter", "y")
	if shop.files["mine.yaml"] == "old" {
		t.Error("it was not replaced")
	}
}

func TestNarrowedMenu(t *testing.T) {
	_, d := atWork(t, 80, 24)
	d.press("e", "/", "bits", "enter", "enter")
	d.wants("rate: what is it to be? 10Mbit/s")
	d.press("esc")
	d.wants("Bits per second")
	d.press("esc")
	d.wants("lose it")
	d.press("esc")
	d.wants("frame 7/13")
}

// A run that takes too long is given up, and the one that was there stays.
func TestRunIsStopped(t *testing.T) {
	shop, d := atWork(t, 80, 24)
	shop.waiting = make(chan struct{})
	d.press("e")
	_, cmd := d.m.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	d.wants("running it again from the start ... esc stops")
	d.press("esc")
	d.run(cmd)
	d.wants("stopped: this is the run as it was")
}

func TestUnchangeable(t *testing.T) {
	shop := &workshop{}
	d := drive(t, shop.house(), Options{Trace: captured(rtoBackoff().(*trace.Log))}, 80, 24)
	d.press("e")
	d.wants("a capture is what has happened")
	d.press("E")
	d.wants("there is no other run")
	d = drive(t, House{}, Options{Trace: rtoBackoff()}, 80, 24)
	d.press("e")
	d.wants("this run cannot be made again")
}

// TestRunAgain runs a scenario again whose file has been changed.
func TestRunAgain(t *testing.T) {
	shop, d := atWork(t, 100, 30)
	d.press(":", "rerun", "enter")
	d.wants("run again: no difference")
	shop.edited = 1
	d.press(":", "rerun", "enter")
	compared(d)
	d.wants("run again: here the scenario's file makes a difference.  esc: the new run")
	d.wants("They part at event")
	d.press("esc", "E")
	d.wants("the other run of the two")
}

// TestNewScenario writes a template from the start screen, and opens it.
func TestNewScenario(t *testing.T) {
	shop := &workshop{}
	h := shop.house()
	h.Open = func(name string) (trace.Trace, error) {
		if name != "mine.yaml" {
			return nil, errors.New("not there")
		}
		return rtoBackoff(), nil
	}
	d := drive(t, h, Options{}, 80, 24)
	d.press("a")
	d.wants("the new scenario's file: my-first.yaml")
	for range "my-first.yaml" {
		d.press("backspace")
	}
	d.press("mine", "enter")
	d.wants("mine.yaml is yours")
	d.wants("frame 1/13")
	d.press("esc", "a")
	for range "my-first.yaml" {
		d.press("backspace")
	}
	d.press("mine", "enter")
	d.wants("mine.yaml is there already: choose another name")
}

// TestBrowse goes through folders, and opens what lies there.
func TestBrowse(t *testing.T) {
	shop := &workshop{}
	d := drive(t, shop.house(), Options{}, 80, 24)
	d.press("G", "enter")
	d.wants("/home/me")
	d.wants("captures/")
	d.wants(`bad\x1b[2J.yaml`)
	d.wants("12.0 MB")
	d.press("down", "enter")
	d.wants("/home/me/captures")
	d.press("left")
	if i, _ := d.m.browsing.menu.Chosen(); i != 1 {
		t.Errorf("row %d is chosen above, not the folder that was left", i)
	}
	d.press("enter", "down", "enter")
	d.wants("frame 1/13")
	d.press("esc", "esc")
	d.press(":", "open /home/me/captures", "enter")
	d.wants("..")
	d.press(":")
	d.wants("open /home/me/captures/")
	d.press("esc", "esc", ":", "open /no/where", "enter")
	d.wants("cannot be opened")
}

// TestTakeAway writes what is shown, in every form, and the screen.
func TestTakeAway(t *testing.T) {
	for _, tr := range []trace.Trace{rtoBackoff(), captured(rtoBackoff().(*trace.Log))} {
		shop := &workshop{}
		d := drive(t, shop.house(), Options{Trace: tr}, 100, 30)
		for _, ending := range []string{"pcapng", "jsonl", "txt", "mmd", "svg"} {
			d.press(":", "w all."+ending, "enter")
			d.wants(" bytes are in all." + ending)
		}
		if got := strings.Count(shop.files["all.mmd"], "->>") + strings.Count(shop.files["all.mmd"], "-x"); got != 13 {
			t.Errorf("%d frames are drawn:\n%s", got, shop.files["all.mmd"])
		}
		d.press(":", "w all.doc", "enter")
		d.wants("the ending says no known format")
		d.press(":", "w all.svg", "enter")
		d.wants("all.svg is there already")
		d.press("y")
		d.wants("bytes are in all.svg")
		d.press("f", "tcp.flags.syn == 1", "enter", ":", "w syn.mmd", "enter")
		d.wants("what passes the filter")
		if got := shop.files["syn.mmd"]; strings.Contains(got, "GET") || !strings.Contains(got, "SYN") {
			t.Errorf("filtered:\n%s", got)
		}
		d.press("x", ":", "screen me.svg", "enter")
		d.wants("the screen is in me.svg")
		if !strings.HasPrefix(shop.files["me.svg"], "<svg") || strings.Contains(shop.files["me.svg"], "screen me.svg") {
			t.Errorf("the screen:\n%.300s", shop.files["me.svg"])
		}
	}
}

// A file that is being written is given up by esc, and by leaving; nothing of
// it stays.
func TestTakeAwayIsStopped(t *testing.T) {
	for _, leave := range []string{"esc", "close"} {
		shop := &workshop{}
		m := newMaker("long")
		for range 3000 {
			m.send(segment{from: client, flags: syn, seq: isnC, code: "tcp.syn"}, 0)
		}
		d := drive(t, shop.house(), Options{Trace: m.Log}, 80, 24)
		cmd, err := d.m.file("long.txt", false)
		if err != nil {
			t.Fatal(err)
		}
		w := d.m.viewer.writing
		w.next()
		if s := d.screen(); !strings.Contains(s, "writing long.txt") || !strings.Contains(s, "esc stops") {
			t.Errorf("%s", s)
		}
		if leave == "esc" {
			d.press("esc")
			d.wants("stopped: nothing was written")
		} else {
			d.m.viewer.close()
		}
		d.run(cmd)
		if len(shop.files) > 0 || !errors.Is(w.err, errStopped) {
			t.Errorf("%s: there are files %v, error %v", leave, len(shop.files), w.err)
		}
	}
}

// What is copied is clean, bounded, and what one sees.
func TestCopy(t *testing.T) {
	d := drive(t, House{}, Options{Trace: rtoBackoff(), Scenario: Scenario{Name: "x", Changes: []Change{{"links.lan.faults.+", "{kind: loss}", ""}, {"seed", "7", ""}}}}, 100, 30)
	d.press(">>>>>>", "y")
	d.wants("copy: y what is chosen")
	v := d.m.viewer
	for letter, want := range map[string]string{
		"w": v.T.Text(v.At.Event) + " (" + v.Event().Why.Reason().RFC + ")",
		"b": "0200000001020200000001010800",
		"l": "7  0.030622  client -> r1  GET 83 B",
		"c": "--set 'links.lan.faults.+={kind: loss}' --set seed=7",
		"f": "tcp.stream == 0",
	} {
		if _, got := v.copy(letter); !strings.HasPrefix(got, want) && !strings.HasSuffix(want, " ()") {
			t.Errorf("%s copies %q, want %q", letter, got, want)
		}
	}
	_, cmd := d.m.Update(tea.KeyPressMsg{Code: 'b', Text: "b"})
	if text := clipboard(cmd); !strings.HasPrefix(text, "0200000001") || d.m.note != "copied, if the terminal lets: bytes" {
		t.Errorf("%q is in the clipboard, and the note says %q", text, d.m.note)
	}
	if text := clipboard(d.m.copy("text", "a\x1b]52;c;\u202eb")); strings.ContainsAny(text, "\x1b\u202e") {
		t.Errorf("%q is in the clipboard", text)
	}
	if text := clipboard(d.m.copy("text", strings.Repeat("ä", mostCopied))); len(text) > mostCopied || !strings.Contains(d.m.note, "the first 49,152 bytes of the text") {
		t.Errorf("%d bytes, %s", len(text), d.m.note)
	}
	if d.m.copy("value", "") != nil || d.m.note != "there is no value here to copy" {
		t.Error(d.m.note)
	}
}

// clipboard is the text that a command puts there.
func clipboard(cmd tea.Cmd) string {
	if cmd == nil {
		return ""
	}
	msg := cmd()
	if all, ok := msg.(tea.BatchMsg); ok && len(all) > 0 {
		msg = all[0]()
	}
	if v := reflect.ValueOf(msg); v.Kind() == reflect.String {
		return v.String()
	}
	return ""
}

func TestMenuScreens(t *testing.T) {
	for _, s := range []struct{ w, h int }{{80, 24}, {120, 40}, {200, 60}} {
		size := fmt.Sprintf("%dx%d", s.w, s.h)
		_, d := atWork(t, s.w, s.h)
		d.press("e", "enter")
		compared(d)
		golden.Check(t, "changed-"+size+".txt", d.screen())
		d.press("esc", "e", "down")
		golden.Check(t, "change-"+size+".txt", d.screen())
		d = drive(t, (&workshop{}).house(), Options{}, s.w, s.h)
		d.press("G", "enter", "down", "down")
		golden.Check(t, "browse-"+size+".txt", d.screen())
	}
}
