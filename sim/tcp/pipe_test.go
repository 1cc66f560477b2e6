package tcp

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"

	"strata/trace"
)

var (
	cases = flag.Int("cases", 1000, "how many random pairs TestRandomPairs joins")
	only  = flag.Int("seed", -1, "join this pair only, and say what it did when it fails")
)

// end is one of two connections joined by a pipe, with the program that uses
// it and its streams. The byte at an offset is a function of the offset and
// the end, so that no stream need be kept: what is carried is a range.
type end struct {
	name   string
	c      *Conn
	peer   *end
	done   bool
	wake   trace.Time
	toSend int64 // what the program will write in all
	wrote  int64
	ready  Ready
	read   int64
	slow   int // reads happen with probability 1/slow
	closed bool
	rude   rudeness
	got    []span // which bytes of the stream arrived, as Accepted says
	right  int64  // the right edge that the peer was told, as a position of the peer's stream
	sentTo int64  // how far the end has sent
	iss    Seq
}

// rudeness is how a program ends.
type rudeness int

const (
	polite rudeness = iota // CloseWrite, and reads to the end
	hasty                  // Close, as soon as all is written
	brutal                 // Abort, at any time
)

type flying struct {
	at  trace.Time
	n   int // order of sending
	to  *end
	seg Segment
}

type pipe struct {
	t       testing.TB
	rng     *rand.Rand
	now     trace.Time
	a, b    *end
	air     []flying
	n       int
	drop    float64
	twice   float64
	late    float64
	trouble trace.Time // no losses after this
	listens bool
	steps   int
	msl     trace.Time
	trail   []string
}

func newPipe(t testing.TB, seed uint64) *pipe {
	rng := rand.New(rand.NewPCG(seed, 1))
	pick := func(v ...int) int { return v[rng.IntN(len(v))] }
	p := &pipe{t: t, rng: rng, msl: trace.Second * trace.Time(pick(1, 120))}
	make := func(name string, iss Seq, passive bool) *end {
		cfg := Config{
			MSS:           pick(100, 536, 1460, 1460),
			Timestamps:    rng.IntN(2) == 0,
			WindowScale:   rng.IntN(2) == 0,
			ReceiveBuffer: pick(1, 50, 700, 3000, 20000, 65535, 300000),
			SendBuffer:    pick(1, 60, 1000, 5000, 65536, 200000),
			NoDelay:       rng.IntN(3) == 0,
			NoDelayedAck:  rng.IntN(4) == 0,
			MSL:           p.msl,
			Congestion:    []string{"", "none"}[rng.IntN(2)],
		}
		e := &end{name: name, iss: iss, slow: pick(1, 1, 3, 40), rude: rudeness(max(0, rng.IntN(20)-17)), toSend: int64(pick(0, 1, 500, 5000, 40000))}
		if cfg.ReceiveBuffer < 100 {
			e.toSend = int64(pick(0, 1, 40))
		}
		e.c = New(cfg, iss)
		if passive {
			e.c = NewPassive(cfg, iss)
		}
		return e
	}
	near := func() Seq { return Seq(uint32(pick(0, 1<<31)) - uint32(rng.IntN(60000))) }
	p.listens = rng.IntN(5) > 0
	p.a = make("a", near(), false)
	p.b = make("b", near(), p.listens)
	p.a.peer, p.b.peer = p.b, p.a
	if min(p.a.c.cfg.ReceiveBuffer, p.b.c.cfg.ReceiveBuffer) < 100 {
		p.a.toSend, p.b.toSend = min(p.a.toSend, 40), min(p.b.toSend, 40)
	}
	if rng.IntN(4) > 0 {
		p.drop, p.twice, p.late = float64(pick(0, 1, 5, 20))/100, float64(pick(0, 5, 20))/100, float64(pick(0, 5, 30))/100
	}
	p.trouble = trace.Time(pick(1, 20, 60)) * trace.Second
	return p
}

// run plays until both are done, or nothing is left to happen.
func (p *pipe) run() {
	p.step(p.a, Input{Kind: Open})
	if !p.listens {
		p.step(p.b, Input{Kind: Open})
	}
	for p.steps = 0; !p.a.done || !p.b.done; p.steps++ {
		if p.steps > 400000 {
			p.fail("no end in sight")
		}
		p.programs()
		if !p.advance() {
			break
		}
	}
}

func (p *pipe) fail(format string, args ...any) {
	for _, line := range p.trail[max(0, len(p.trail)-60):] {
		fmt.Println(line)
	}
	for _, e := range []*end{p.a, p.b} {
		fmt.Printf("%s: %+v\n   snd %+v\n   rcv %+v\n", e.name, *e, e.c.snd, e.c.rcv)
	}
	p.t.Fatalf("at %v: "+format, append([]any{p.now.Seconds()}, args...)...)
}

// programs lets each program do something now and then.
func (p *pipe) programs() {
	for _, e := range []*end{p.a, p.b} {
		open := e.c.state != Listen && (e.c.state != SynReceived || !p.listens)
		if e.done || !open {
			continue
		}
		if e.wrote < e.toSend && e.ready.Space > 0 && p.rng.IntN(2) == 0 {
			n := min(1+p.rng.IntN(4000), e.ready.Space, int(e.toSend-e.wrote))
			e.wrote += int64(n)
			p.step(e, Input{Kind: Write, N: n})
		}
		if unread := int(e.ready.Readable - e.read); !e.done && unread > 0 && !e.c.deaf && p.rng.IntN(e.slow) == 0 {
			n := 1 + p.rng.IntN(unread)
			e.read += int64(n)
			p.step(e, Input{Kind: Consume, N: n})
		}
		if !e.done && e.wrote == e.toSend && !e.closed && e.c.state.synchronized() && p.rng.IntN(3) == 0 {
			e.closed = true
			if e.rude == hasty {
				p.step(e, Input{Kind: Close})
			} else {
				p.step(e, Input{Kind: CloseWrite})
			}
		}
		if !e.done && e.rude == brutal && p.rng.IntN(100) == 0 {
			p.step(e, Input{Kind: Abort})
		}
	}
}

// advance lets the next thing happen: an arrival, a tick, or the readers'
// being slow.
func (p *pipe) advance() bool {
	first, at := -1, trace.Time(1)<<62
	for i, f := range p.air {
		if f.at < at || f.at == at && f.n < p.air[first].n {
			first, at = i, f.at
		}
	}
	var who *end
	for _, e := range []*end{p.a, p.b} {
		if !e.done && e.wake != 0 && e.wake < at {
			who, at = e, e.wake
		}
	}
	switch {
	case who != nil:
		p.now = max(p.now, at)
		p.step(who, Input{Kind: Tick})
	case first >= 0:
		f := p.air[first]
		p.air = append(p.air[:first], p.air[first+1:]...)
		p.now = max(p.now, at)
		p.arrive(f)
	default:
		return p.busy()
	}
	return true
}

// busy says that a program still has something to do.
func (p *pipe) busy() bool {
	for _, e := range []*end{p.a, p.b} {
		if !e.done && (e.ready.Readable > e.read && !e.c.deaf || e.wrote < e.toSend && e.ready.Space > 0 || !e.closed && e.c.state.synchronized()) {
			p.now += trace.Millisecond
			return true
		}
	}
	return false
}

func (p *pipe) arrive(f flying) {
	if f.to.done || f.to.c.state == Listen && !Opens(&f.seg) {
		if rst, ok := Reset(&f.seg, !f.to.done); ok {
			p.send(f.to, rst)
		}
		return
	}
	p.step(f.to, Input{Kind: Arrive, Segment: &f.seg})
}

func (p *pipe) step(e *end, in Input) {
	r := e.c.Step(p.now, in)
	reached(p.t, r)
	if *only >= 0 {
		p.trail = append(p.trail, fmt.Sprintf("%.6f %s %d %+v %d: wake %.3f drop %v", p.now.Seconds(), e.name, in.Kind, in.Segment, in.N, r.Wake.Seconds(), r.Drop.Why))
		for _, s := range r.Segments {
			p.trail = append(p.trail, fmt.Sprintf("   > %s %v", s.show(0), s.Why))
		}
		if len(p.trail) > 1000 {
			p.trail = p.trail[500:]
		}
	}
	invariants(p.t, e.c)
	for _, a := range r.Accepted {
		if a.Len <= 0 || a.Skip < 0 || a.Skip+a.Len > in.Segment.Len {
			p.fail("%s: accepted %+v of %+v", e.name, a, in.Segment)
		}
		if in.Segment.Off+int64(a.Skip) != a.Off {
			p.fail("%s: the byte at %d went to %d", e.name, in.Segment.Off+int64(a.Skip), a.Off)
		}
		e.accept(p, a)
	}
	if n := e.contiguous(); r.Readable != n {
		p.fail("%s: readable %d, but %d arrived", e.name, r.Readable, n)
	}
	e.done, e.wake, e.ready = r.Done, r.Wake, *r
	for i := range r.Segments {
		p.send(e, r.Segments[i])
	}
	if r.Wake != 0 && (r.Wake < p.now || in.Kind == Tick && r.Wake == p.now) {
		p.fail("%s: wake at %v", e.name, r.Wake)
	}
}

// accept enters a piece; no byte may come twice.
func (e *end) accept(p *pipe, a Piece) {
	at := 0
	for at < len(e.got) && e.got[at].from < a.Off {
		at++
	}
	to := a.Off + int64(a.Len)
	if at > 0 && e.got[at-1].to > a.Off || at < len(e.got) && e.got[at].from < to {
		p.fail("%s: %+v was accepted before: %v", e.name, a, e.got)
	}
	e.got = append(e.got, span{})
	copy(e.got[at+1:], e.got[at:])
	e.got[at] = span{a.Off, to}
	for i := 0; i+1 < len(e.got); {
		if e.got[i].to == e.got[i+1].from {
			e.got[i].to = e.got[i+1].to
			e.got = append(e.got[:i+1], e.got[i+2:]...)
			continue
		}
		i++
	}
}

func (e *end) contiguous() int64 {
	if len(e.got) > 0 && e.got[0].from == 0 {
		return e.got[0].to
	}
	return 0
}

// send puts a segment into the air, or loses it.
func (p *pipe) send(e *end, seg Segment) {
	if seg.Len > 0 {
		if seg.Off+int64(seg.Len) > e.wrote {
			p.fail("%s: sends %d bytes from %d, but wrote %d", e.name, seg.Len, seg.Off, e.wrote)
		}
		if got := int64(uint32(seg.Seq - e.iss - 1)); got != seg.Off {
			p.fail("%s: offset %d has number %d", e.name, seg.Off, got)
		}
		if over := seg.Off + int64(seg.Len) - e.peer.right; over > 1 || over > 0 && seg.Len > 1 && seg.Off > e.sentTo {
			p.fail("%s: sends %d bytes past the window (%+v)", e.name, over, seg)
		}
		e.sentTo = max(e.sentTo, seg.Off+int64(seg.Len))
	}
	if seg.Flags&(RST|ACK) == ACK {
		scale := e.c.rcv.scale
		if seg.Flags&SYN != 0 {
			scale = 0
		}
		told := int64(uint32(seg.Ack-e.peer.iss-1)) + int64(seg.Window)<<scale
		e.right = max(e.right, told)
	} else if seg.Flags&SYN != 0 {
		e.right = max(e.right, int64(seg.Window))
	}
	copies := 1
	if p.now < p.trouble {
		if p.rng.Float64() < p.drop {
			copies = 0
		} else if p.rng.Float64() < p.twice {
			copies = 2
		}
	}
	for range copies {
		at := p.now + 10*trace.Millisecond
		if p.now < p.trouble && p.rng.Float64() < p.late {
			at += trace.Time(p.rng.IntN(int(300 * trace.Millisecond)))
		}
		p.n++
		p.air = append(p.air, flying{at, p.n, e.peer, seg})
	}
}

// invariants hold after every step.
func invariants(t testing.TB, c *Conn) {
	s, r := &c.snd, &c.rcv
	bad := ""
	switch {
	case s.una > s.nxt, s.resend < s.una, s.resend > s.nxt:
		bad = "una, resend, nxt"
	case s.nxt > s.end() && s.nxt > 0:
		bad = "sent more than was written"
	case r.nxt > r.edge && r.nxt >= 0:
		bad = "rcv.nxt beyond the window"
	case r.furthest() > r.edge && r.nxt >= 0:
		bad = "held beyond the window"
	case r.consumed > r.readable():
		bad = "consumed more than was readable"
	case c.state.synchronized() && c.state != TimeWait && c.win.cwnd < c.win.smss:
		bad = "cwnd below one segment"
	case c.state.sends() && s.una < s.nxt && !s.probing && c.timer[Retransmission] == 0:
		bad = "something is on its way and no timer runs"
	case c.state.sends() && s.una == s.nxt && s.nxt < s.end() && c.timer[Persist] == 0 && c.timer[Override] == 0:
		bad = "something waits and no timer runs"
	}
	at := r.nxt
	for _, h := range r.held {
		if h.from <= at || h.to <= h.from {
			bad = "held out of order"
		}
		at = h.to
	}
	if bad != "" {
		t.Fatalf("%s: %+v %+v %+v", bad, *s, *r, c.timer)
	}
}

// TestRandomPairs joins random connections by pipes that lose, double and
// reorder. Each stream must arrive whole, unless an end says that it failed;
// nothing may stand still.
func TestRandomPairs(t *testing.T) {
	failed := 0
	for seed := range uint64(*cases) {
		if *only >= 0 && seed != uint64(*only) {
			continue
		}
		p := newPipe(t, seed)
		p.t = named{t, seed}
		p.run()
		if p.a.ready.Err != nil || p.b.ready.Err != nil {
			failed++
			// TIME-WAIT of 2 s does not wait for all that may come, and an
			// end may have bad luck for 100 s.
			patient := p.a.ready.Err != ErrTimedOut && p.b.ready.Err != ErrTimedOut
			if p.a.rude == polite && p.b.rude == polite && p.msl > trace.Second && patient {
				p.fail("seed %d: %v, %v", seed, p.a.ready.Err, p.b.ready.Err)
			}
			continue
		}
		for _, e := range []*end{p.a, p.b} {
			if !e.done || e.ready.Readable != e.peer.toSend || !e.ready.PeerDone || e.ready.Acked != e.toSend {
				p.fail("seed %d: %s ended with %d of %d bytes, done %v", seed, e.name, e.ready.Readable, e.peer.toSend, e.done)
			}
		}
	}
	t.Logf("%d pairs, %d ended with an error", *cases, failed)
}

type named struct {
	testing.TB
	seed uint64
}

func (n named) Fatalf(format string, args ...any) {
	n.TB.Fatalf("seed %d: "+format, append([]any{n.seed}, args...)...)
}
