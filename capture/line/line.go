// Package line lets goroutines that work side by side do a part of their work
// one after another.
package line

import "sync"

// Line is a row of numbered turns, from 0. The zero value is ready.
type Line struct {
	mu    sync.Mutex
	moved sync.Cond
	turn  int
}

// Enter waits for turn n.
func (l *Line) Enter(n int) {
	l.mu.Lock()
	for l.turn != n {
		l.moved.L = &l.mu
		l.moved.Wait()
	}
	l.mu.Unlock()
}

// Leave ends the turn that was entered; turn next is the one after it.
func (l *Line) Leave(next int) {
	l.mu.Lock()
	l.turn = next
	l.mu.Unlock()
	l.moved.Broadcast()
}
