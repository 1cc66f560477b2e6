package tui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"strata/layers"
	"strata/trace"
	"strata/tui/overview"
)

// seen is a run as a capture of Ethernet shows it.
type seen struct{ *trace.Log }

func captured(l *trace.Log) seen {
	l.Info().Captured = true
	return seen{l}
}

func (s seen) Frame(n int) trace.Frame {
	f := s.Log.Frame(n)
	f.LinkType, f.FCS = 1, layers.FCSSize
	return f
}

// growing is a capture whose frames come one after another.
type growing struct {
	seen
	frames   int
	progress trace.Progress
}

var growth = sync.OnceValue(func() seen {
	m := newMaker("growing")
	for range 1600 {
		off, w := m.message(client, request)
		m.send(segment{from: client, flags: ack | psh, seq: isnC + uint32(off), off: off, n: len(request), code: "tcp.to-socket"}, w)
	}
	return captured(m.Log)
})

func newGrowing(frames int) *growing {
	return &growing{seen: growth(), frames: frames, progress: trace.Progress{Live: true, Pipe: true}}
}

func (g *growing) Frames() int { return g.frames }

func (g *growing) Events() int {
	if g.frames == 0 {
		return 0
	}
	steps := g.Steps(g.frames - 1)
	return int(steps[len(steps)-1])
}

func (g *growing) Progress() trace.Progress { return g.progress }

// tick lets the screen look at what has come.
func (d *driver) tick() {
	d.m.look(d.m.viewer)
	d.run(d.m.work(d.m.viewer))
}

// TestGrowing is a pipe's life on the screen: nothing yet, the first frame,
// more, held still, damage, the end.
func TestGrowing(t *testing.T) {
	g := newGrowing(0)
	d := drive(t, House{}, Options{Trace: g}, 100, 30)
	v := d.m.viewer
	d.wants("waiting for the first frame")
	d.wants("live")
	d.press(".", ">", "G", "down", "s", "c", "esc", "F", "/", "x", "enter", "m", "a", "enter", "esc", "tab", "t", "t", "t")
	d.screen()
	v.showList(true)
	d.wants("waiting for the first frame")
	g.frames = 1
	d.tick()
	d.wants("1 frame ")
	d.wants("GET /index.html")
	g.frames = 500
	d.tick()
	d.wants("500 frames")
	if v.At.Frame != 499 {
		t.Errorf("the cursor is on frame %d, not on the newest", v.At.Frame+1)
	}
	d.press("up")
	g.frames = 700
	d.tick()
	if v.At.Frame != 498 {
		t.Errorf("the cursor was moved away from the newest, and is on %d now", v.At.Frame+1)
	}
	d.press("G", "p")
	d.wants("held still")
	before := strings.Split(d.screen(), "\n")[2:28]
	g.frames = 900
	d.tick()
	if after := strings.Split(d.screen(), "\n")[2:28]; strings.Join(before, "\n") != strings.Join(after, "\n") {
		t.Errorf("the screen does not hold still:\n%s", strings.Join(after, "\n"))
	}
	d.wants("900 read")
	d.press("p")
	d.tick()
	d.wants("900 frames")
	g.progress.Damage = errors.New("record 901 is longer than any frame")
	d.tick()
	d.wants("✗ damaged")
	d.wants("it cannot be read further: record 901")
	g.frames, g.progress.Live = 901, false
	d.tick()
	d.press("G")
	d.wants("✗ It cannot be read further: record 901")
	if v.ticking = false; v.tickLater() != nil {
		t.Error("it ticks on, though nothing comes any more")
	}
	if got := v.overview.Next; got != 901 {
		t.Errorf("the overview has counted %d frames", got)
	}
}

// TestGrowingFile says how much of a file is indexed; the cursor stays where
// it is.
func TestGrowingFile(t *testing.T) {
	g := newGrowing(1)
	g.progress = trace.Progress{Live: true, Done: 68, Total: 100}
	d := drive(t, House{}, Options{Trace: g}, 100, 30)
	d.wants("68 % indexed")
	g.frames = 2000
	d.tick()
	d.wants("2,000 frames")
	if d.m.viewer.At.Frame != 0 {
		t.Error("the cursor does not stay")
	}
}

// TestGrowingFilter: what comes later is filtered, too.
func TestGrowingFilter(t *testing.T) {
	g := newGrowing(10)
	d := drive(t, House{}, Options{Trace: g, Filter: "http.host"}, 100, 30)
	d.wants("10 of 10 pass")
	g.frames = 1000
	d.tick()
	d.wants("1,000 of 1,000 pass")
	d.press("x")
	d.wants("1,000 frames")
}

// TestOverviewGrows: counted while it grows, the whole run looks as if it had
// been there from the beginning, but for the grain of its time.
func TestOverviewGrows(t *testing.T) {
	g := newGrowing(1)
	o := overview.New(g)
	for g.frames = 1; g.frames < 3000; g.frames += 7 {
		for o.Work(g, 100) {
		}
	}
	for o.Work(g, 100) {
	}
	whole := overview.New(g)
	for whole.Work(g, 1<<16) {
	}
	var n [2]uint32
	for i := range o.Buckets {
		n[0], n[1] = n[0]+o.Buckets[i].Frames, n[1]+whole.Buckets[i].Frames
	}
	if n[0] != n[1] {
		t.Errorf("%d frames are counted, %d when all are there", n[0], n[1])
	}
	if o.Unit < whole.Unit || o.Unit > 2*whole.Unit {
		t.Errorf("a bucket stands for %d ns, %d when all frames are there", o.Unit, whole.Unit)
	}
}

// TestManyFramesPerTick: a tick with ten thousand new frames is quick.
func TestManyFramesPerTick(t *testing.T) {
	g := &fakeTrace{Trace: captured(rtoBackoff().(*trace.Log)), frames: 1, progress: trace.Progress{Live: true, Pipe: true}}
	d := drive(t, House{}, Options{Trace: g}, 200, 60)
	d.screen()
	var took []time.Duration
	for range 50 {
		g.frames += 10_000
		begin := time.Now()
		d.tick()
		d.m.View()
		took = append(took, time.Since(begin))
	}
	slices.Sort(took) // a busy machine makes some of them long
	if middle := took[len(took)/2]; middle > 500*time.Millisecond {
		t.Errorf("a tick took %v", middle) // it takes some milliseconds; this is against work that grows
	}
	if d.m.viewer.overview.Next != g.frames {
		t.Errorf("the overview has %d of %d frames", d.m.viewer.overview.Next, g.frames)
	}
}

// fakeTrace is a trace as large as one likes: its frames are those of a small
// one again and again, and so are its conversations.
type fakeTrace struct {
	trace.Trace
	frames, talks int
	went          int // how many frames more the conversations have
	said, inside  func(each func(trace.Said) bool)
	progress      trace.Progress
}

func (f *fakeTrace) Frames() int                 { return f.frames }
func (f *fakeTrace) Events() int                 { return f.frames * 100 }
func (f *fakeTrace) Progress() trace.Progress    { return f.progress }
func (f *fakeTrace) small(n int) int             { return n % f.Trace.Frames() }
func (f *fakeTrace) Tree(n int) *layers.Tree     { return f.Trace.Tree(f.small(n)) }
func (f *fakeTrace) Steps(n int) []trace.EventID { return []trace.EventID{trace.EventID(n*100 + 1)} }
func (f *fakeTrace) FrameOf(e trace.EventID) int { return int(e-1) / 100 }
func (f *fakeTrace) Text(e trace.EventID) string { return f.Trace.Text(f.event(e)) }
func (f *fakeTrace) event(e trace.EventID) trace.EventID {
	return f.Trace.Frame(f.small(f.FrameOf(e))).Transmit
}
func (f *fakeTrace) Event(e trace.EventID) trace.Event { return f.Trace.Event(f.event(e)) }

func (f *fakeTrace) Frame(n int) trace.Frame {
	out := f.Trace.Frame(f.small(n))
	out.Sent = trace.Time(n) * trace.Microsecond * 10
	out.Ended, out.Transmit = out.Sent, trace.EventID(n*100+1)
	return out
}

func (f *fakeTrace) Conversations() int { return f.talks }

func (f *fakeTrace) Conversation(i int) trace.Conversation {
	proto := fakeProtos[i%len(fakeProtos)]
	return trace.Conversation{
		Proto: proto, Stream: i / len(fakeProtos), A: fmt.Sprintf("10.0.%d.%d:%d", i>>8&255, i&255, i&65535), B: "192.0.2.1:80",
		Frames: [2]int{i*7919%1000 + f.went, i * 104729 % 1000}, Bytes: [2]int64{int64(i) * 7919 % 1e6, int64(i) * 15485863 % 1e9},
		Start: trace.Time(i) * trace.Millisecond, End: trace.Time(i)*trace.Millisecond + trace.Time(i*31%977)*trace.Second, First: i % max(f.frames, 1),
	}
}

func (f *fakeTrace) FollowInside(_ int, each func(trace.Said) bool) {
	if f.inside != nil {
		f.inside(each)
	}
}

func (f *fakeTrace) Follow(_ int, each func(trace.Said) bool) {
	if f.said != nil {
		f.said(each)
	}
}

var fakeProtos = [...]layers.Proto{layers.TCP, layers.UDP, layers.IPv4, layers.IPv6, layers.Ethernet}
