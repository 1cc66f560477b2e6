package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"strata/trace"
)

// progress is a bar on standard error for work that takes long. It shows only
// on a terminal, and only after a moment.
type progress struct {
	w     io.Writer // nil: silent
	what  string
	begun time.Time
	shown time.Time
}

const (
	progressPatience = 400 * time.Millisecond
	progressEvery    = 100 * time.Millisecond
	progressWidth    = 30

	clearLine = "\r\x1b[K"
)

func (a *app) progress(what string) *progress {
	p := &progress{what: what, begun: time.Now()}
	if isTerminal(a.stderr) {
		p.w = a.stderr
	}
	return p
}

// at says how much is done; with a total of 0, nobody knows how much there is.
func (p *progress) at(done, total int64) {
	now := time.Now()
	if p.w == nil || now.Sub(p.begun) < progressPatience || now.Sub(p.shown) < progressEvery {
		return
	}
	p.shown = now
	if total <= 0 {
		fmt.Fprintf(p.w, clearLine+"%s  %d", p.what, done)
		return
	}
	full := int(min(done, total) * progressWidth / total)
	fmt.Fprintf(p.w, clearLine+"%s  [%s%s] %d %%", p.what, strings.Repeat("#", full),
		strings.Repeat("-", progressWidth-full), min(done, total)*100/total)
}

// done takes the bar away.
func (p *progress) done() {
	if p.w != nil && !p.shown.IsZero() {
		fmt.Fprint(p.w, clearLine)
	}
}

// watched is a trace whose reader's place is shown: exporters go through
// either the events or the frames, front to back.
type watched struct {
	trace.Trace
	p *progress
}

const watchEvery = 1 << 12

// Event shows the place of those who read event by event.
func (w watched) Event(n trace.EventID) trace.Event {
	if n%watchEvery == 0 {
		w.p.at(int64(n), int64(w.Events()))
	}
	return w.Trace.Event(n)
}

// Frame shows the place of those who read frame by frame.
func (w watched) Frame(n int) trace.Frame {
	if n%watchEvery == 0 {
		w.p.at(int64(n), int64(w.Frames()))
	}
	return w.Trace.Frame(n)
}
