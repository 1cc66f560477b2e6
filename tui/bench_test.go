package tui

import (
	"fmt"
	"sync"
	"testing"

	tea "charm.land/bubbletea/v2"

	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
	"strata/tui/tuitest"
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
	for m.viewer.overview.Work(t, 1<<16) {
	}
	m.viewer.At.GoTo(longEvents / 2)
	m.View()
	return m
}

// BenchmarkKey is from a key to the finished View, a step on.
func BenchmarkKey(b *testing.B) {
	for _, s := range tuitest.Sizes {
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

// BenchmarkListKey is from a key to the finished View of the list: to the next
// frame, and a page on, which takes a screen of new frames apart.
func BenchmarkListKey(b *testing.B) {
	for name, k := range map[string]tea.KeyPressMsg{"down": {Code: tea.KeyDown}, "page": {Code: tea.KeyPgDown}} {
		for _, s := range tuitest.Sizes {
			b.Run(fmt.Sprintf("%s-%dx%d", name, s[0], s[1]), func(b *testing.B) {
				m := longModel(b, s[0], s[1])
				m.viewer.showList(true)
				m.View()
				b.ReportAllocs()
				for b.Loop() {
					m.Update(k)
					m.View()
				}
			})
		}
	}
}

// BenchmarkListFiltered is a key in the list with one in a thousand of ten
// million frames passing.
func BenchmarkListFiltered(b *testing.B) {
	m := newModel(House{}, Options{Trace: &fakeTrace{Trace: rtoBackoff(), frames: 10_000_000}})
	m.Init()
	m.resize(200, 60)
	s := &scene.Sieve{}
	var hits []int
	for n := 500; n < 10_000_000; n += 1000 {
		hits = append(hits, n)
	}
	s.Grow(10_000_000, hits)
	m.viewer.Sieve = s
	m.viewer.showList(true)
	m.viewer.At.GoToFrame(5_000_500)
	for b.Loop() {
		m.Update(tea.KeyPressMsg{Code: tea.KeyDown})
		m.View()
	}
}

// BenchmarkTick is a tick of a pipe that brings 100,000 frames a second.
func BenchmarkTick(b *testing.B) {
	g := &fakeTrace{Trace: captured(rtoBackoff().(*trace.Log)), frames: 1, progress: trace.Progress{Live: true, Pipe: true}}
	m := newModel(House{}, Options{Trace: g})
	m.resize(200, 60)
	m.show(g)
	for b.Loop() {
		g.frames += 10_000
		m.look(m.viewer)
		for m.viewer.overview.Work(m.viewer.T, 256) {
		}
		m.View()
	}
}

// BenchmarkJump goes far, to and fro, as `:` and a click do.
func BenchmarkJump(b *testing.B) {
	m := longModel(b, 200, 60)
	i := 0
	for b.Loop() {
		i++
		m.viewer.At.GoTo(trace.EventID(i * 7_654_321 % longEvents))
		m.fresh = false
		m.View()
	}
}

// BenchmarkJumpToTime finds the event by its time.
func BenchmarkJumpToTime(b *testing.B) {
	m := longModel(b, 200, 60)
	end := m.viewer.T.Event(longEvents).Time
	i := trace.Time(0)
	for b.Loop() {
		i++
		m.viewer.At.GoToTime(i * 987_654_321_987 % end)
		m.fresh = false
		m.View()
	}
}

// chatty is one connection with a hundred thousand messages in coats.
var chatty = sync.OnceValue(func() trace.Trace {
	m := newMaker("chatty")
	for range 100_000 {
		u, w := m.emit(client, `["chat","hello",1]`, socketIO(18, record(27)))
		c := m.send(segment{from: client, flags: ack | psh, seq: isnC + 1 + uint32(u.off), off: u.off, n: len(u.bytes[4]), code: "tcp.push"}, w)
		m.take(u, c)
		m.now += trace.Millisecond
	}
	m.FrameOf(1)
	return m.Log
})

// BenchmarkUpperKey is from a key to the finished View among many messages.
func BenchmarkUpperKey(b *testing.B) {
	for name, pane := range map[string]string{"panes": stackPane, "bytes": bytesPane, "tables": tablesPane} {
		b.Run(name, func(b *testing.B) {
			m := newModel(House{}, Options{Trace: chatty()})
			m.Init()
			m.resize(200, 60)
			m.viewer.At.GoTo(trace.EventID(m.viewer.T.Events() / 2))
			m.viewer.focus = pane
			m.View()
			for b.Loop() {
				m.Update(tea.KeyPressMsg{Code: '.', Text: "."})
				m.View()
			}
		})
	}
}

// BenchmarkMessagesKey is a key in the list of a hundred thousand messages.
func BenchmarkMessagesKey(b *testing.B) {
	m := newModel(House{}, Options{Trace: chatty()})
	m.resize(200, 60)
	m.show(chatty())
	v := m.viewer
	v.visit(messagePane)
	finish(m)
	for b.Loop() {
		m.Update(tea.KeyPressMsg{Code: tea.KeyDown})
		m.View()
	}
}

// BenchmarkPane draws each pane alone.
func BenchmarkPane(b *testing.B) {
	m := longModel(b, 200, 60)
	for _, p := range m.viewer.panes {
		b.Run(p.Name(), func(b *testing.B) {
			for b.Loop() {
				p.Draw(m.canvas, draw.Box(0, 0, 200, 60), m.viewer.Scene, true)
			}
		})
	}
}
