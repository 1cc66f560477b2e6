package tui

import (
	"slices"
	"strings"
	"time"

	"strata/trace"
	"strata/tui/scene"
)

// search looks for text in the why-sentences, their codes and glossary words,
// protocols, kinds and summaries of events, a slice at a time, so that a long trace does not stop the keys.
type search struct {
	query  string // in lower case
	from   trace.EventID
	by     int // 1 or -1
	seen   int // events looked at
	hit    trace.EventID
	landed trace.EventID // the step that the cursor went to for it
	on     bool
}

// begin starts to look, from the event beside an event.
func (s *search) begin(query string, from trace.EventID, by int) {
	*s = search{query: strings.ToLower(query), from: from, by: by, on: query != ""}
}

// again looks for the next hit in a direction; from the last hit, if the
// cursor is still there.
func (s *search) again(from trace.EventID, atHit bool, by int) {
	if atHit && s.hit != 0 {
		from = s.hit
	}
	s.from, s.by, s.seen, s.on = from, by, 0, s.query != ""
}

// work looks for as long as d. It ends (on is false) at a hit, or when all
// events were looked at.
func (s *search) work(t trace.Trace, g *scene.Glances, d time.Duration) (found bool) {
	n := t.Events()
	for begin := time.Now(); s.on && s.seen < n; s.seen++ {
		if s.seen%64 == 63 && time.Since(begin) > d {
			s.seen++
			return false
		}
		at := (int(s.from) - 1 + s.by*(s.seen+1)) % n
		id := trace.EventID((at+n)%n + 1)
		if s.matches(t, g, id) {
			s.hit, s.on = id, false
			return true
		}
	}
	s.on = false
	return false
}

func (s *search) matches(t trace.Trace, g *scene.Glances, id trace.EventID) bool {
	e := t.Event(id)
	has := func(text string) bool { return text != "" && strings.Contains(strings.ToLower(text), s.query) }
	r := e.Why.Reason()
	if has(e.Proto.String()) || has(e.Kind.String()) || has(t.Text(id)) || has(r.Code) || slices.ContainsFunc(r.Words, has) {
		return true
	}
	return e.Kind == trace.Transmit && has(g.Of(t, t.FrameOf(id)).Label)
}
