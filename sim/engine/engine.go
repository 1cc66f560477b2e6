// Package engine is the clock of a simulation: virtual time, timers, and
// random draws that depend on nothing but their own name.
//
//	Timer.Set(t) ──> [heap by (time, order set)] ──> Engine.Step ──> the timer's function
package engine

import "strata/trace"

// Engine runs timers in order of time; timers of one time run in the order in
// which they were set. The zero value is ready at time 0.
type Engine struct {
	now   trace.Time
	order uint64
	heap  []entry
	fired uint64
}

type entry struct {
	at    trace.Time
	order uint64
	timer *Timer
}

func (a entry) before(b entry) bool {
	return a.at < b.at || a.at == b.at && a.order < b.order
}

// Timer calls a function at a time. It can be set again at any moment, also by
// its own function.
type Timer struct {
	engine *Engine
	f      func()
	index  int // in the heap, +1; 0: not set
}

// NewTimer gives a timer that is not set.
func (e *Engine) NewTimer(f func()) *Timer { return &Timer{engine: e, f: f} }

// Now is the virtual time.
func (e *Engine) Now() trace.Time { return e.now }

// Fired counts the timers that have run.
func (e *Engine) Fired() uint64 { return e.fired }

// Next is the time of the next timer; ok is false when none is set.
func (e *Engine) Next() (at trace.Time, ok bool) {
	if len(e.heap) == 0 {
		return 0, false
	}
	return e.heap[0].at, true
}

// Step moves the clock to the next timer and runs it; false when none is set.
func (e *Engine) Step() bool {
	if len(e.heap) == 0 {
		return false
	}
	top := e.heap[0]
	e.remove(0)
	e.now = top.at
	e.fired++
	top.timer.f()
	return true
}

// Set makes the timer run at a time; a time in the past means now.
func (t *Timer) Set(at trace.Time) {
	e := t.engine
	at = max(at, e.now)
	e.order++
	x := entry{at, e.order, t}
	if t.index > 0 {
		i := t.index - 1
		old := e.heap[i]
		e.heap[i] = x
		if x.before(old) {
			e.up(i)
		} else {
			e.down(i)
		}
		return
	}
	e.heap = append(e.heap, x)
	t.index = len(e.heap)
	e.up(len(e.heap) - 1)
}

// Stop makes the timer not run.
func (t *Timer) Stop() {
	if t.index > 0 {
		t.engine.remove(t.index - 1)
	}
}

// IsSet says whether the timer will run.
func (t *Timer) IsSet() bool { return t.index > 0 }

// At is when the timer will run; valid iff IsSet.
func (t *Timer) At() trace.Time { return t.engine.heap[t.index-1].at }

func (e *Engine) remove(i int) {
	last := len(e.heap) - 1
	e.heap[i].timer.index = 0
	moved := e.heap[last]
	e.heap[last] = entry{}
	e.heap = e.heap[:last]
	if i == last {
		return
	}
	e.heap[i] = moved
	moved.timer.index = i + 1
	e.down(i)
	e.up(i)
}

func (e *Engine) up(i int) {
	x := e.heap[i]
	for i > 0 {
		parent := (i - 1) / 2
		if !x.before(e.heap[parent]) {
			break
		}
		e.place(i, e.heap[parent])
		i = parent
	}
	e.place(i, x)
}

func (e *Engine) down(i int) {
	x := e.heap[i]
	for {
		c := 2*i + 1
		if c >= len(e.heap) {
			break
		}
		if c+1 < len(e.heap) && e.heap[c+1].before(e.heap[c]) {
			c++
		}
		if !e.heap[c].before(x) {
			break
		}
		e.place(i, e.heap[c])
		i = c
	}
	e.place(i, x)
}

func (e *Engine) place(i int, x entry) {
	e.heap[i] = x
	x.timer.index = i + 1
}
