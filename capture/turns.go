package capture

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// turns lets those who look at a file go before the one who indexes it: what
// is on a screen is asked for in many small questions, and none of them may
// wait for long.
type turns struct {
	mu    sync.Mutex
	asked atomic.Int64 // when the last question was asked, in nanoseconds
	wait  atomic.Int32 // questions that wait
}

// grace is how long the index keeps away after a question: the next one
// mostly comes at once.
const grace = 50 * time.Microsecond

// look begins a question; the function that it gives ends it.
func (t *turns) look() func() {
	t.wait.Add(1)
	t.mu.Lock()
	t.wait.Add(-1)
	return t.looked
}

func (t *turns) looked() {
	t.asked.Store(time.Now().UnixNano())
	t.mu.Unlock()
}

// enter begins a piece of the index's work, when nobody asks.
func (t *turns) enter() {
	for t.wait.Load() > 0 || time.Duration(time.Now().UnixNano()-t.asked.Load()) < grace {
		runtime.Gosched()
	}
	t.mu.Lock()
}
