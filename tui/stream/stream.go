// Package stream is the pane in which one follows a conversation: what its two
// sides said, as text, in hex, or raw.
package stream

import (
	"time"

	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
)

// Pane is what the two sides of a conversation said, in order. A stream may
// be longer than memory: a window of it is kept, around what is looked at,
// and read anew when one goes out of it.
type Pane struct {
	*scene.Scene
	opened bool
	talk   int // the conversation's number
	is     trace.Conversation

	side  scene.Side
	form  form
	inner bool // what TLS protects is shown, not the bytes as they are
	win   window
	total [2]int64 // bytes that each side said, as far as they were counted
	whole bool     // they were counted to the end
	read  time.Time
	job   *scene.Job

	needle scene.Needle
	typed  string
	seeker *scene.Job

	rows  []streamRow // of the window, for a width
	stale bool        // rows are not those of the window
	width int
	at    int   // the chosen row
	pos   int64 // where it stands among the bytes of both sides
	top   int
	area  draw.Rect
}

// form is how they are shown.
type form uint8

const (
	asText form = iota
	asHex
	asRaw
	forms
)

var formNames = [forms]string{"text", "hex dump", "raw"}

// window is a part of what was said, of the sides shown: runs of one side
// each. Offsets count the bytes of both sides in the order in which they were
// said.
type window struct {
	begin, end int64 // of what it covers
	last       bool  // nothing comes after it
	runs       []run
	size       int
}

// run is bytes that one side said without a break.
type run struct {
	back   bool
	off    int64 // of the side's own bytes
	data   []byte
	pieces []piece
}

// piece is where in its run the bytes that a frame made whole begin.
type piece struct {
	from  int
	at    int64 // offset among the bytes of both sides
	frame int
}

// windowSize is how many bytes of a stream are kept.
const windowSize = 512 << 10

// chunk is what reading a stream brings.
type chunk struct {
	said  []trace.Said
	at    []int64
	off   []int64
	total [2]int64
	end   bool // nothing comes after it
	full  bool // more would have come: the window is full
}

const chunkBytes = 64 << 10

// Open begins to show a conversation.
func (s *Pane) Open(talk int, sc *scene.Scene) {
	s.Stop()
	s.StopSeeking()
	*s = Pane{Scene: sc, opened: true, talk: talk, is: sc.T.Conversation(talk)}
	sc.Start(s.fetch(0))
}

// update reads the window anew when the conversation went on in a trace that
// grows; nil when it did not.
func (s *Pane) update() *scene.Job {
	if s.job.Running() || !s.win.last || s.T.Frozen || time.Since(s.read) < scene.Rest {
		return nil
	}
	is := s.T.Conversation(s.talk)
	if is.Frames == s.is.Frames {
		return nil
	}
	s.is, s.whole = is, false
	return s.fetch(s.win.begin)
}

// fetch reads the window that begins at an offset, and the first time counts
// what comes after it.
func (s *Pane) fetch(from int64) *scene.Job {
	s.job.Stop()
	s.read = time.Now()
	fresh := true
	count := !s.whole
	s.job = s.reading(func(c *chunk, emit func() bool) func(trace.Said) bool {
		return s.reader(c, emit, from, count)
	}, func(c chunk) {
		if fresh {
			s.win, fresh = window{begin: from, end: from}, false
		}
		s.win.add(c)
		s.stale = true
		for side, n := range c.total {
			s.total[side] = max(s.total[side], n)
		}
		s.whole = s.whole || c.end && !c.full
	})
	return s.job
}

// reader takes what is said piece by piece, keeps the window in the chunk,
// and hands the chunk on when it is full.
func (s *Pane) reader(c *chunk, emit func() bool, from int64, count bool) func(trace.Said) bool {
	shown := s.side
	var at int64
	var total [2]int64
	kept, size := 0, 0
	return func(p trace.Said) bool {
		n := int64(len(p.Data))
		begin, back := at, 0
		if p.Back {
			back = 1
		}
		off := total[back]
		at += n
		total[back] += n
		c.total = total
		if at > from && kept < windowSize && shown.Has(p.Back) {
			data := append([]byte(nil), p.Data[max(from-begin, 0):]...)
			skipped := n - int64(len(data))
			c.said = append(c.said, trace.Said{Back: p.Back, Frame: p.Frame, Data: data})
			c.at, c.off = append(c.at, begin+skipped), append(c.off, off+skipped)
			kept += len(data)
		}
		size += len(p.Data)
		if size >= chunkBytes && kept < windowSize || size >= 16*chunkBytes || len(c.said) >= 64 {
			size = 0
			if !emit() {
				return false
			}
		}
		c.full = kept >= windowSize && !count
		return !c.full
	}
}

// follow gives what both sides said: the bytes as they are, or what TLS
// protects of them.
func (s *Pane) follow() func(each func(trace.Said) bool) {
	t, talk := s.T.Trace, s.talk
	if s.inner {
		return func(each func(trace.Said) bool) { t.FollowInside(talk, each) }
	}
	return func(each func(trace.Said) bool) { t.Follow(talk, each) }
}

// turnInside shows what TLS protects, or again the bytes as they are.
func (s *Pane) turnInside() *scene.Job {
	s.seeker.Stop()
	s.inner = !s.inner
	s.win, s.total, s.whole, s.stale, s.pos, s.top = window{}, [2]int64{}, false, true, 0, 0
	return s.fetch(0)
}

// reading makes the job that follows a conversation. A capture is followed
// by a goroutine beside it, which hands over what it has in chunks.
func (s *Pane) reading(begin func(*chunk, func() bool) func(trace.Said) bool, take func(chunk)) *scene.Job {
	follow := s.follow()
	j := &scene.Job{Of: s.T}
	if !s.T.Info().Captured {
		j.Work = func(time.Duration) func() bool {
			var c chunk
			follow(begin(&c, func() bool { return true }))
			c.end = true
			return func() bool { take(c); return false }
		}
		return j
	}
	chunks, leave := make(chan chunk), make(chan struct{})
	j.Leave = func() { close(leave) }
	read := func() {
		defer close(chunks)
		var c chunk
		hand := func() bool {
			select {
			case chunks <- c:
				c = chunk{total: c.total, full: c.full}
				return true
			case <-leave:
				return false
			}
		}
		follow(begin(&c, hand))
		c.end = true
		hand()
	}
	started := false
	j.Work = func(d time.Duration) func() bool {
		if !started {
			started = true
			go read()
		}
		var got []chunk
		open := true
		for late := time.After(d); open; {
			var c chunk
			select {
			case c, open = <-chunks:
				if open {
					got = append(got, c)
				}
				continue
			case <-late:
			}
			break
		}
		return func() bool {
			for _, c := range got {
				take(c)
			}
			return open
		}
	}
	return j
}

// add puts a chunk's pieces behind what the window has.
func (w *window) add(c chunk) {
	for i, p := range c.said {
		n := len(w.runs)
		if n == 0 || w.runs[n-1].back != p.Back {
			w.runs = append(w.runs, run{back: p.Back, off: c.off[i]})
			n++
		}
		r := &w.runs[n-1]
		r.pieces = append(r.pieces, piece{len(r.data), c.at[i], p.Frame})
		r.data = append(r.data, p.Data...)
		w.size += len(p.Data)
		w.end = c.at[i] + int64(len(p.Data))
	}
	w.last = c.end && !c.full && (w.size < windowSize || w.end >= c.total[0]+c.total[1])
}

// pieceAt is the piece of a run that a byte of it belongs to.
func (r *run) pieceAt(i int) piece {
	p := r.pieces[0]
	for _, next := range r.pieces[1:] {
		if next.from > i {
			break
		}
		p = next
	}
	return p
}

// offset is where a byte of a run stands among the bytes of both sides.
func (r *run) offset(i int) int64 {
	p := r.pieceAt(i)
	return p.at + int64(i-p.from)
}
