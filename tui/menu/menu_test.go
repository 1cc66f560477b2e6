package menu

import (
	"strings"
	"testing"

	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/tuitest"
)

func drawn(m *Menu, w, h int) string {
	c := draw.NewCanvas(w, h, false)
	m.Draw(c, draw.Box(0, 0, w, h))
	return tuitest.Text(c)
}

func menu() *Menu {
	m := &Menu{Title: "change", Remark: "frame 6", Empty: "nothing"}
	m.Set([]Row{
		{Group: "link", Name: "rate", Value: "10Mbit/s", Help: "Bits per second."},
		{Group: "link", Name: "delay", Value: "5ms", Help: "One way."},
		{Group: "client", Name: "mss", Help: "A long explanation that does not fit into the line."},
		{Group: "client", Name: "no\x1bdelay"},
	})
	return m
}

func TestDraw(t *testing.T) {
	m := menu()
	m.Do(keys.MoveDown)
	want := `change                                     frame 6
──────────────────────────────────────────────────
  link
    rate         10Mbit/s  Bits per second.
  ▐ delay        5ms       One way.

  client
    mss                    A long explanation th~
    no\x1bdelay
`
	if got := drawn(m, 50, 9); got != want {
		t.Errorf("drawn:\n%s", got)
	}
}

func TestMoves(t *testing.T) {
	m := menu()
	for _, c := range []struct {
		does keys.Action
		want int
	}{
		{keys.MoveUp, 0}, {keys.MoveDown, 1}, {keys.NextPane, 2}, {keys.NextPane, 3}, {keys.PrevPane, 2}, {keys.PrevPane, 0},
		{keys.LastStep, 3}, {keys.MoveDown, 3}, {keys.FirstStep, 0},
	} {
		m.Do(c.does)
		if i, _ := m.Chosen(); i != c.want {
			t.Errorf("after %d row %d is chosen, want %d", c.does, i, c.want)
		}
	}
	m.Narrow("CLIENT")
	if i, ok := m.Chosen(); i != 2 || !ok {
		t.Errorf("narrowed, row %d is chosen", i)
	}
	m.Narrow("no such thing")
	if _, ok := m.Chosen(); ok || !strings.Contains(drawn(m, 50, 12), "Nothing here has that") {
		t.Error("something is chosen where nothing is")
	}
}

func TestClick(t *testing.T) {
	m := menu()
	drawn(m, 50, 12)
	if hit, again := m.Click(6, 4); !hit || again {
		t.Errorf("hit %v, again %v", hit, again)
	}
	if i, _ := m.Chosen(); i != 1 {
		t.Errorf("row %d is chosen", i)
	}
	if hit, again := m.Click(6, 4); !hit || !again {
		t.Errorf("hit %v, again %v", hit, again)
	}
	if hit, _ := m.Click(6, 5); hit {
		t.Error("a blank line is a row")
	}
}

// However small, the chosen row is on the screen.
func TestEverySize(t *testing.T) {
	for w := 1; w < 60; w += 7 {
		for h := 3; h < 20; h++ {
			m := menu()
			m.Head = []Line{{"one", draw.Plain}, {"two", draw.Plain}, {"three", draw.Plain}, {"four", draw.Plain}}
			for range 4 {
				s := drawn(m, w, h)
				if w > 10 && h > 4 && !strings.Contains(s, "▐") {
					t.Fatalf("%dx%d: nothing is chosen\n%s", w, h, s)
				}
				m.Do(keys.MoveDown)
			}
		}
	}
}
