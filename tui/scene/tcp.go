package scene

import (
	"sync"
	"time"

	"strata/trace"
	"strata/trace/connection"
)

// TCP is the connections that the cursor was in lately, and what is known of
// each so far. A job reads on in the trace beside the loop, so whoever looks
// at one holds it.
type TCP struct {
	mu   sync.Mutex
	kept []*connection.Connection // the one of the cursor, or of before, first
	at   trace.EventID            // for which it was looked up
	job  *Job
}

const (
	keptConnections = 4
	// atOnce is how long one looks at a new connection before it is drawn: most
	// are known then. A slice is how long the job holds one.
	atOnce   = 2 * time.Millisecond
	tcpSlice = time.Millisecond
	// lookAhead is how many frames are looked at for the first connection.
	lookAhead = 256
)

// Connection is the TCP connection that the cursor is in, or, where it is in
// none, was in before, or comes to soon; nil: there is none. Nobody else has it until done
// is called.
func (s *Scene) Connection() (c *connection.Connection, done func()) {
	k := &s.TCP
	k.mu.Lock()
	if k.at != s.At.Event && s.At.Event != 0 {
		k.at = s.At.Event
		k.turnTo(s)
	}
	if len(k.kept) == 0 {
		return nil, k.mu.Unlock
	}
	return k.kept[0], k.mu.Unlock
}

// turnTo finds the connection of the cursor's event.
func (k *TCP) turnTo(s *Scene) {
	for i, c := range k.kept {
		if c.Has(k.at) {
			copy(k.kept[1:i+1], k.kept[:i])
			k.kept[0] = c
			return
		}
	}
	c := connection.Of(s.T.Trace, k.at)
	for n := s.At.Frame + 1; c == nil && len(k.kept) == 0 && n <= min(s.At.Frame+lookAhead, s.T.Frames()-1); n++ {
		c = connection.Of(s.T.Trace, s.T.Frame(n).Transmit)
	}
	if c == nil {
		return
	}
	k.kept = append([]*connection.Connection{c}, k.kept...)
	k.kept = k.kept[:min(len(k.kept), keptConnections)]
	c.Work(atOnce)
}

// maxChanges bounds the changes that one step can have.
const maxChanges = 256

// After is the cursor's event, or the last of the changes that it brings
// about at once: what is known after the step.
func (s *Scene) After() trace.EventID {
	at, now := s.At.Event, s.Event().Time
	for _, id := range s.At.Changes(maxChanges) {
		if s.T.Event(id).Time != now {
			break
		}
		at = id
	}
	return at
}

// ReadConnection is the job that reads on what the cursor's connection did;
// nil: all is known that is asked for, or it is at work.
func (s *Scene) ReadConnection() *Job {
	c, done := s.Connection()
	defer done()
	if c == nil || s.TCP.job.Running() {
		return nil
	}
	if c.Grow(); !c.More() {
		return nil
	}
	k := &s.TCP
	k.job = &Job{Of: s.T, Work: func(d time.Duration) func() bool {
		more := true
		for begin := time.Now(); more && time.Since(begin) < d; {
			k.mu.Lock()
			more = c.Work(tcpSlice)
			k.mu.Unlock()
		}
		return func() bool { return more }
	}}
	return k.job
}

// Stop ends the work for it.
func (k *TCP) Stop() { k.job.Stop() }
