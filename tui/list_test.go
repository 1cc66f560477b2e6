package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"strata/layers"
	"strata/testdata/golden"
	"strata/trace"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/list"
	"strata/tui/scene"
)

// incident is the run of the golden screens, as if a capture had seen it.
func incident() seen { return captured(rtoBackoff().(*trace.Log)) }

func runOrCapture(capture bool) trace.Trace {
	if capture {
		return incident()
	}
	return rtoBackoff()
}

// TestListScreens holds the screens of a capture.
func TestListScreens(t *testing.T) {
	big := &fakeTrace{Trace: incident(), frames: 1_020_016, talks: 3000}
	for _, s := range []struct {
		name string
		tr   trace.Trace
		w, h int
		s    Screen
		keys []string
	}{
		{"list-80x24", incident(), 80, 24, Screen{}, []string{"down", "down", "down", "down", "down", "down"}},
		{"list-80x24-ascii", incident(), 80, 24, Screen{ASCII: true}, []string{"G", "ma"}},
		{"list-120x40", incident(), 120, 40, Screen{}, []string{":frame 8", "enter", "tab", "tab", "tab"}},
		{"list-200x60", incident(), 200, 60, Screen{}, []string{":frame 7", "enter"}},
		{"list-40x12", incident(), 40, 12, Screen{}, nil},
		{"list-times", big, 120, 30, Screen{}, []string{"t", "t", ":frame 1000000", "enter", "mz", "down"}},
		{"list-run", rtoBackoff(), 120, 40, Screen{}, []string{"v"}},
		{"list-filtered", incident(), 80, 24, Screen{}, []string{"f", "http.host", "enter"}},
		{"list-none", incident(), 80, 24, Screen{}, []string{"f", "dns.flags", "enter"}},
		{"list-wrong", incident(), 80, 24, Screen{}, []string{"f", "tcp.prot"}},
		{"list-menu", incident(), 80, 24, Screen{}, []string{"f", "ip.s", "down"}},
		{"list-found", incident(), 100, 30, Screen{}, []string{"/", "server.ex", "enter", "tab", "tab", "tab"}},
		{"talks-80x24", big, 80, 24, Screen{}, []string{"c", "down"}},
		{"talks-160x40", big, 160, 40, Screen{}, []string{"c", "right", "right", "right", "G"}},
		{"stream-80x24", incident(), 80, 24, Screen{}, []string{"s"}},
		{"stream-hex", incident(), 100, 30, Screen{ASCII: true}, []string{"s", "tab", "down", "/", "host", "enter"}},
		{"stream-server", incident(), 80, 24, Screen{}, []string{"s", "d", "d", "tab", "tab"}},
		{"frame-80x24", incident(), 80, 24, Screen{}, []string{":frame 8", "enter", "enter"}},
	} {
		d := drive(t, House{}, Options{Trace: s.tr, Screen: s.s}, s.w, s.h)
		if q := d.m.questions.filter; s.name == "list-menu" || s.name == "list-wrong" { // what the filter language says is its own affair
			wrong := &ask.Wrong{Pos: 4, Len: 4, Text: "there is no such field"}
			if s.name == "list-wrong" {
				q.Offers = nil
				wrong.Text += "; and this is so long a mistake that the line over the filter does not hold it"
			} else {
				q.Offers = func(_ string, at int) (out []ask.Offer) {
					for i := range 12 {
						out = append(out, ask.Offer{Text: fmt.Sprintf("ip.some%d", i), Help: "what it is: and what it means", To: at})
					}
					return out
				}
			}
			q.Check = func(text string) (*ask.Wrong, bool) {
				if len(text) < 8 && s.name == "list-wrong" {
					return nil, false
				}
				return wrong, false
			}
		}
		d.press(s.keys...)
		d.m.fresh = false
		d.screen()
		golden.Check(t, s.name+".txt", text(d.m))
	}
}

// TestListColours: rows have the colours of their layers, a stream the two of
// its sides, a filter that of its being one.
func TestListColours(t *testing.T) {
	for _, s := range []struct {
		name  string
		theme draw.Theme
		keys  []string
	}{
		{"list-dark", draw.Dark, []string{":frame 8", "enter", "f", "http.host", "enter"}},
		{"stream-light", draw.Light, []string{"s"}},
	} {
		d := drive(t, House{}, Options{Trace: incident(), Screen: Screen{Theme: s.theme}}, 80, 24)
		d.press(s.keys...)
		golden.Check(t, s.name+".ansi", d.m.View().Content+"\n")
	}
}

// TestFromTheListAndBack: Enter opens the frame, esc comes back to the list,
// and the keys of both move the same cursor.
func TestFromTheListAndBack(t *testing.T) {
	d := drive(t, house(), Options{Trace: incident()}, 80, 24)
	v := d.m.viewer
	d.press("down", "down", "enter")
	d.wants("frame 3/13")
	d.wants("stack")
	d.press(">", ".", "esc")
	d.wants("Source")
	if v.At.Frame != 3 || v.focus != listPane {
		t.Errorf("back in the list the cursor is on frame %d", v.At.Frame+1)
	}
	d.press("G", "up", "g", "pgdown")
	d.screen()
	if v.At.Frame != v.list.Body.H-1 {
		t.Errorf("a page down is %d frames", v.At.Frame)
	}
	d.press("f", "http.host", "enter", "esc")
	if d.m.viewer == nil || v.Sieve != nil {
		t.Error("esc does not take the filter away first")
	}
	d.press("g", "tab", "tab")
	if v.focus != fieldsPane {
		t.Errorf("tab goes to %s", v.focus)
	}
	d.press("esc")
	if d.m.viewer != nil {
		t.Error("esc in the list does not go back to the start")
	}
	run := drive(t, house(), Options{Trace: rtoBackoff()}, 80, 24)
	run.press("v", "down", "down")
	run.wants("Source")
	run.press("enter")
	run.wants("frame 3/13")
	run.press("v")
	run.wants("Source")
	run.press("esc")
	run.wants("stack")
}

// TestFilterKeepsTheCursor: on its frame if that passes, else on the nearest;
// without the filter all are back.
func TestFilterKeepsTheCursor(t *testing.T) {
	for _, c := range []struct{ from, to int }{{0, 6}, {6, 6}, {7, 7}, {8, 8}, {12, 8}} {
		for _, capture := range []bool{true, false} {
			d := drive(t, House{}, Options{Trace: runOrCapture(capture)}, 80, 24)
			v := d.m.viewer
			v.At.GoToFrame(c.from)
			d.press("f", "tcp.len > 0 && tcp.dstport == 80", "enter")
			if v.At.Frame != c.to {
				t.Errorf("from frame %d the cursor goes to %d, want %d", c.from, v.At.Frame, c.to)
			}
			d.wants("3 of 13 pass")
			d.press("G", "down", "down")
			if v.At.Frame != 8 {
				t.Errorf("the last frame that passes is 8, the cursor is on %d", v.At.Frame)
			}
			d.press("up", "up", "up", "<")
			if v.At.Frame != 6 {
				t.Errorf("the first frame that passes is 6, the cursor is on %d", v.At.Frame)
			}
			d.press("x")
			d.wants("13 frames")
			d.press("down")
			if v.At.Frame != 7 {
				t.Errorf("the next of all frames is 7, the cursor is on %d", v.At.Frame)
			}
		}
	}
}

// TestFilterLine: errors do not apply, esc leaves all as it was, up brings
// back what was typed before, tab completes.
func TestFilterLine(t *testing.T) {
	d := drive(t, House{}, Options{Trace: incident()}, 80, 24)
	d.press("f", "no.such.field", "enter")
	d.wants("no.such.field")
	if d.m.asking != d.m.questions.filter || d.m.viewer.Sieve != nil {
		t.Error("what is no filter is applied")
	}
	d.press("esc")
	d.wants("13 frames")
	d.press("f", "http.host", "enter", "f", "esc")
	d.wants("1 of 13 pass")
	d.press("x", "f", "dns.fl", "up")
	if got := d.m.line.Text(); got != "http.host" {
		t.Errorf("up brings %q", got)
	}
	d.press("down")
	if got := d.m.line.Text(); got != "dns.fl" {
		t.Errorf("down brings back %q", got)
	}
	d.press("esc", "f", "http.ho", "tab")
	if got := strings.TrimSpace(d.m.line.Text()); got != "http.host" {
		t.Errorf("tab completes to %q", got)
	}
	d.press("enter")
	d.wants("1 of 13 pass")
}

// TestFilterByThis makes the filter from the field under the cursor.
func TestFilterByThis(t *testing.T) {
	d := drive(t, House{}, Options{Trace: incident()}, 120, 40)
	v := d.m.viewer
	v.At.GoToFrame(6)
	for field, want := range map[string]string{
		"tcp/tcp.dstport": "tcp.dstport == 80", "ip/ip.src": "ip.src == 10.0.1.2", "tcp": "tcp", "http/http.host": `http.host == "server.example"`,
		"eth/eth.dst": "eth.dst == 02:00:00:00:01:02", "tcp/tcp.checksum": "tcp.checksum == 0x1d17", "tcp/tcp.flags/tcp.flags.push": "tcp.flags.push == 1",
	} {
		v.focus = fieldsPane
		v.inspect.Folds = map[string]bool{"tcp": true, "ip": true, "eth": true, "http": true, "tcp/tcp.flags": true}
		v.inspect.Tree = nil
		d.screen()
		v.inspect.Chosen = field
		d.press("F")
		if got := d.m.line.Text(); got != want {
			t.Errorf("%s gives the filter %q, want %q", field, got, want)
		}
		d.press("esc")
	}
	v.setFocus(listPane)
	d.press("F")
	if got := d.m.line.Text(); got != "tcp.stream == 0" {
		t.Errorf("a frame gives the filter %q", got)
	}
}

// TestFindInTheList looks for text, bytes and sentences, round the end and
// back, and for what is nowhere.
func TestFindInTheList(t *testing.T) {
	for _, capture := range []bool{true, false} {
		d := drive(t, House{}, Options{Trace: runOrCapture(capture)}, 80, 24)
		v := d.m.viewer
		v.showList(true)
		for _, c := range []struct {
			keys []string
			want int
		}{
			{[]string{"/", "SERVER.example", "enter"}, 6},
			{[]string{"n"}, 7},
			{[]string{"n"}, 8},
			{[]string{"n"}, 6}, // round the end
			{[]string{"N"}, 8},
			{[]string{"N"}, 7},
			{[]string{"/", "48 54 54 50 2f 31 2e 31 20 32", "enter"}, 9}, // HTTP/1.1 2
			{[]string{"/", "0x47455420", "enter"}, 6},                    // GET
			{[]string{"g", "/", "syn, ack", "enter"}, 2},
			{[]string{"/", "this is nowhere", "enter"}, 2},
		} {
			d.press(c.keys...)
			if v.At.Frame != c.want {
				t.Errorf("%q goes to frame %d, want %d", c.keys, v.At.Frame, c.want)
			}
		}
		d.wants("no frame shown has")
		d.press("f", "http.host", "enter", "/", "example", "enter", "n", "n", "n")
		if v.At.Frame != 6 && v.At.Frame != 7 && v.At.Frame != 8 {
			t.Errorf("a frame that does not pass is found: %d", v.At.Frame)
		}
	}
}

// TestMarks sets, returns, goes on to the next, and takes back.
func TestMarks(t *testing.T) {
	d := drive(t, House{}, Options{Trace: incident()}, 80, 24)
	v := d.m.viewer
	d.press("m", "a", "down", "down", "mb", "down", "m", "esc", "m", "down", "mZ")
	for _, c := range []struct {
		keys string
		want int
	}{{"'a", 0}, {"'b", 2}, {"]", 3}, {"]", 3}, {"[", 2}, {"[", 0}, {"'Z", 3}} {
		d.press(c.keys)
		if v.At.Frame != c.want {
			t.Errorf("%s goes to frame %d, want %d", c.keys, v.At.Frame, c.want)
		}
	}
	d.press("'q")
	d.wants("no frame has the mark q")
	d.press("'bmb")
	d.wants("the mark b is gone")
	d.press("G", "[", "[")
	if v.At.Frame != 0 {
		t.Errorf("a mark that is gone is gone to: %d", v.At.Frame)
	}
	d.press("mz")
	if v.Marks.At(0) != 'z' || len(v.Marks.Frame) != 2 {
		t.Errorf("a frame has more than one letter: %v", v.Marks.Frame)
	}
}

// TestTimes holds the three time columns.
func TestTimes(t *testing.T) {
	tr := incident()
	for mode, want := range map[list.TimeMode][2]string{
		list.SinceFirst: {"0.000000", "0.030623"}, list.SinceShown: {"0.000000", "0.015480"}, list.Absolute: {"0001-01-01 00:00:00.000000", "0001-01-01 00:00:00.030623"},
	} {
		if got := mode.Text(tr, 0, -1); got != want[0] {
			t.Errorf("mode %d: the first frame's time is %q, want %q", mode, got, want[0])
		}
		if got := mode.Text(tr, 6, 3); got[:len(want[1])-1] != want[1][:len(want[1])-1] {
			t.Errorf("mode %d: frame 7's time is %q, want %q", mode, got, want[1])
		}
		if n := len(mode.Text(tr, 6, 3)); n > mode.Width() {
			t.Errorf("mode %d: the time takes %d cells, more than %d", mode, n, mode.Width())
		}
	}
	if got := list.Seconds(-1500 * trace.Microsecond); got != "-0.001500" {
		t.Errorf("a time that goes back is %q", got)
	}
}

// TestListMouse: a click chooses a frame and opens the chosen one; the wheel
// scrolls; in the conversations, heads order and tabs turn.
func TestListMouse(t *testing.T) {
	d := drive(t, House{}, Options{Trace: &fakeTrace{Trace: incident(), frames: 1000, talks: 500}}, 120, 40)
	v := d.m.viewer
	click := func(x, y int) {
		d.screen()
		d.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	}
	click(20, 3+4)
	if v.At.Frame != 4 {
		t.Errorf("a click goes to frame %d", v.At.Frame)
	}
	d.send(tea.MouseWheelMsg{X: 20, Y: 5, Button: tea.MouseWheelDown})
	if v.At.Frame != 7 {
		t.Errorf("the wheel goes to frame %d", v.At.Frame)
	}
	click(20, 3+7)
	if v.listing {
		t.Error("a click on the chosen frame does not open it")
	}
	d.press("esc", "c")
	at := func(what string) (int, int) {
		for y, l := range strings.Split(d.screen(), "\n") {
			if i := strings.Index(l, what); i >= 0 {
				return len([]rune(l[:i])) + 1, y
			}
		}
		t.Fatalf("%q is nowhere", what)
		return 0, 0
	}
	click(at("Frames"))
	d.wants("Frames▾") // ordered by it, the greatest first
	click(at("Frames"))
	if strings.Contains(d.screen(), "Frames▾") {
		t.Error("a second click does not turn the order")
	}
	was := d.screen()
	click(at("UDP"))
	if d.screen() == was {
		t.Error("a click on the tab does not turn to it")
	}
	click(30, 7)
	if bar := []rune(strings.Split(d.screen(), "\n")[7])[0]; bar != '▐' {
		t.Errorf("a click does not choose its row, which begins with %c", bar)
	}
	click(30, 7)
	if v.focus != listPane {
		t.Error("a click on the chosen row does not open it")
	}
}

// TestReassembled: what a frame completes of several can be looked at, with
// the fields lit in it.
func TestReassembled(t *testing.T) {
	tr := &joined{seen: incident()}
	d := drive(t, House{}, Options{Trace: tr}, 120, 40)
	v := d.m.viewer
	v.At.GoToFrame(9)
	v.setFocus(fieldsPane)
	d.wants("bytes: Ethernet frame")
	d.press("r")
	d.wants("bytes: put together of several frames, 44 B")
	for _, r := range v.inspect.Rows {
		if r.Node != nil && r.Node.Field.Name == "http.content_length_header" {
			v.inspect.Chosen = r.Path
		}
	}
	d.screen()
	from, to := v.inspect.Lit()
	if got := string(v.inspect.Data()[from:to]); got != "Content-Length: 6\r\n" {
		t.Errorf("lit is %q", got)
	}
	d.press("g") // another frame, which has nothing of the kind
	d.press("r")
	d.wants("nothing was put together")
	d.press(":frame 10", "enter")
	d.wants("bytes: put together") // the choice stays
	d.press("r")
	d.wants("bytes: Ethernet frame")
}

// joined is a capture in which frame 10 completes a message.
type joined struct{ seen }

func (j *joined) Tree(n int) *layers.Tree {
	if n != 9 {
		return j.seen.Tree(n)
	}
	f := j.Frame(n)
	b := j.Append(nil, f.PDU, 0, j.Size(f.PDU))
	const answer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n"
	return layers.Dissect(b, layers.Options{FCSLen: layers.FCSSize, Reassembled: []byte(answer), Taken: len(answer)})
}

// TestFindings: what the analysis of TCP finds comes first, in few words.
func TestFindings(t *testing.T) {
	tr := incident()
	for _, c := range []struct {
		a    layers.Analysis
		sign rune
		told string
	}{
		{layers.Analysis{Findings: layers.Retransmission, RTO: 201e6, RTOFrame: 1}, '↻', "resent after 201 ms: RTO"},
		{layers.Analysis{Findings: layers.Retransmission | layers.FastRetransmission}, '↻', "resent: fast retransmit"},
		{layers.Analysis{Findings: layers.DuplicateAck, DuplicateAck: 3, DuplicateOf: 2}, 0, "duplicate ACK 3"},
		{layers.Analysis{Findings: layers.LostSegment}, 0, "what goes before was not captured"},
		{layers.Analysis{Findings: layers.ZeroWindow | layers.WindowFull}, 0, "window is zero, fills the window"},
		{layers.Analysis{}, 0, ""},
	} {
		c.a.Told = true
		f := tr.Frame(4)
		tree := layers.Dissect(tr.Append(nil, f.PDU, 0, tr.Size(f.PDU)), layers.Options{FCSLen: layers.FCSSize, Seen: []layers.Seen{{Stream: 7, Analysis: &c.a}}})
		if r := scene.RowOf(tr, 4, tree); r.Told != c.told || r.Sign != c.sign {
			t.Errorf("%b is told as %q %q, want %q %q", c.a.Findings, r.Sign, r.Told, c.sign, c.told)
		}
	}
}
