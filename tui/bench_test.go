package tui

import (
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"

	"strata/trace"
)

// long is a run of ten million events: one connection that sends and sends,
// losing a frame now and then.
var long trace.Trace

const longEvents = 10_000_000

func longTrace(b *testing.B) trace.Trace {
	b.Helper()
	if long != nil {
		return long
	}
	m := newMaker("long")
	off, w := m.message(client, request)
	for i := 0; m.Events() < longEvents; i++ {
		s := segment{from: client, flags: ack | psh, seq: isnC + uint32(i), off: off, n: len(request), code: "tcp.to-socket"}
		if i%1000 == 999 {
			s.lostOn = 1
		}
		m.send(s, w)
		m.now += trace.Time(i%7) * trace.Millisecond
	}
	m.FrameOf(1) // makes the index
	long = m.Log
	return long
}

func longModel(b *testing.B, w, h int) *model {
	t := longTrace(b)
	m := newModel(House{}, Options{Trace: t})
	m.Init()
	m.resize(w, h)
	for m.viewer.overview.work(t, 1<<16) {
	}
	m.viewer.cursor.goTo(longEvents / 2)
	m.View()
	return m
}

var sizes = [][2]int{{80, 24}, {120, 40}, {200, 60}}

// BenchmarkKey is from a key to the finished View, a step on.
func BenchmarkKey(b *testing.B) {
	for _, s := range sizes {
		b.Run(fmt.Sprintf("%dx%d", s[0], s[1]), func(b *testing.B) {
			m := longModel(b, s[0], s[1])
			b.ReportAllocs()
			for b.Loop() {
				m.Update(tea.KeyPressMsg{Code: '.', Text: "."})
				m.View()
			}
		})
	}
}

// BenchmarkJump goes far, to and fro, as `:` and a click do.
func BenchmarkJump(b *testing.B) {
	m := longModel(b, 200, 60)
	i := 0
	for b.Loop() {
		i++
		m.viewer.cursor.goTo(trace.EventID(i * 7_654_321 % longEvents))
		m.fresh = false
		m.View()
	}
}

// BenchmarkJumpToTime finds the event by its time.
func BenchmarkJumpToTime(b *testing.B) {
	m := longModel(b, 200, 60)
	end := m.viewer.t.Event(longEvents).Time
	i := trace.Time(0)
	for b.Loop() {
		i++
		m.viewer.cursor.goToTime(i * 987_654_321_987 % end)
		m.fresh = false
		m.View()
	}
}

// BenchmarkPane draws each pane alone.
func BenchmarkPane(b *testing.B) {
	for id := paneID(0); id < paneCount; id++ {
		b.Run(paneNames[id], func(b *testing.B) {
			m := longModel(b, 200, 60)
			for b.Loop() {
				m.viewer.pane(m.canvas, rect{0, 0, 200, 60}, id)
			}
		})
	}
}

// BenchmarkOverview counts the whole run, once.
func BenchmarkOverview(b *testing.B) {
	t := longTrace(b)
	for b.Loop() {
		o := newOverview(t)
		for o.work(t, 1<<16) {
		}
	}
}

// BenchmarkSVG renders a screen without a terminal.
func BenchmarkSVG(b *testing.B) {
	t := rtoBackoff()
	for b.Loop() {
		if _, err := RenderSVG(t, 20, 200, 60, Screen{}); err != nil {
			b.Fatal(err)
		}
	}
}
