package node

import (
	"iter"
	"net"
	"slices"

	"strata/sim/engine"
	"strata/trace"
)

// Scheduler runs programs as coroutines: one at a time, in the order in which
// they became ready, after the event that made them so.
type Scheduler struct {
	clock   *engine.Engine
	ready   []*process
	all     []*process
	current *process
	done    int // of all, how many have stopped
	ended   bool
}

// NewScheduler is a scheduler without programs.
func NewScheduler(clock *engine.Engine) *Scheduler { return &Scheduler{clock: clock} }

// process is a program, or a branch of one, on its own coroutine.
type process struct {
	sched  *Scheduler
	resume func() (struct{}, bool)
	stop   func()
	park   func(struct{}) bool
	timer  *engine.Timer // wakes it at a deadline or after a sleep
	queued bool
	done   bool
	over   int           // blocked calls after the end
	cause  trace.EventID // what made it ready last
}

// start makes a process that is ready at once.
func (s *Scheduler) start(f func(), cause trace.EventID) {
	p := &process{sched: s, cause: cause}
	p.timer = s.clock.NewTimer(func() { s.wake(p, 0) })
	p.resume, p.stop = iter.Pull(func(yield func(struct{}) bool) {
		p.park = yield
		defer func() {
			if r := recover(); r != nil && r != errStuck {
				panic(r)
			}
		}()
		f()
	})
	s.all = append(s.all, p)
	s.wake(p, cause)
}

// wake makes a process ready; cause is the event that did, when there is one.
func (s *Scheduler) wake(p *process, cause trace.EventID) {
	if cause != 0 {
		p.cause = cause
	}
	if !p.queued {
		p.queued = true
		s.ready = append(s.ready, p)
	}
}

// Run lets every ready process go on until none is ready.
func (s *Scheduler) Run() {
	for i := 0; i < len(s.ready); i++ {
		p := s.ready[i]
		p.queued = false
		s.current = p
		if _, more := p.resume(); !more && !p.done {
			p.done = true
			s.done++
		}
	}
	s.ready = s.ready[:0]
	s.current = nil
	if s.done > len(s.all)/2 {
		s.all = slices.DeleteFunc(s.all, func(p *process) bool { return p.done })
		s.done = 0
	}
}

// End makes every blocked call return net.ErrClosed until all processes have
// stopped.
func (s *Scheduler) End() {
	s.ended = true
	for i := 0; i < len(s.all); i++ {
		p := s.all[i]
		s.current = p
		for more := true; more; {
			_, more = p.resume()
		}
		p.stop()
	}
	s.all, s.ready = nil, nil
}

// waiters are processes blocked on one condition.
type waiters []*process

// errStuck ends a program that goes on blocking after the end of its host.
var errStuck = &net.OpError{Op: "run", Err: net.ErrClosed}

const patience = 1000 // blocked calls that a program may make after the end

// over says that the run has ended: the call that asks counts as a blocked one,
// which fails.
func (s *Station) over() bool { return s.Sched.ended && !s.Sched.wait(nil, 0) }

// wait blocks the current process until the list is woken or a deadline
// (0: none) has come. False: the host has ended.
func (s *Scheduler) wait(list *waiters, deadline trace.Time) bool {
	p := s.current
	if s.ended {
		if p.over++; p.over > patience {
			panic(errStuck)
		}
		return false
	}
	if list != nil {
		*list = append(*list, p)
	}
	if deadline > 0 {
		p.timer.Set(deadline)
	}
	p.park(struct{}{})
	p.timer.Stop()
	if list != nil {
		for i, q := range *list {
			if q == p {
				*list = append((*list)[:i], (*list)[i+1:]...)
				break
			}
		}
	}
	return !s.ended
}

// wakeAll makes all waiters ready.
func (s *Scheduler) wakeAll(list *waiters, cause trace.EventID) {
	for _, p := range *list {
		s.wake(p, cause)
	}
	*list = (*list)[:0]
}
