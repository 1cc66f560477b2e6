package tui

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/trace"
)

// The player goes on by itself: by so many steps a second, in the order of
// frames and layers, or in the run's own time, slower or faster, so that frames
// move over their wires in proportion.

// tempo is how fast it plays.
type tempo struct {
	pace int     // index into paces
	own  bool    // in the run's own time
	rate float64 // seconds of the run in one of ours; 0: not chosen yet

	clock   trace.Time    // the run's time that was reached
	reached trace.EventID // the last event that has happened by then
	shown   trace.EventID // where that has put the cursor; when it is elsewhere, the clock goes on from there
	ticked  time.Time
}

// paces are the steps per second of the player.
var paces = [...]float64{0.25, 0.5, 1, 2, 4, 8, 16, 32}

const usualPace = 2

// The rates between which one can choose.
const (
	leastRate = 1e-6
	mostRate  = 1e3
)

// faster plays faster by a step, or slower: rates go 1, 2, 5, 10.
func (v *viewer) faster(by int) {
	if !v.own {
		v.pace = min(max(v.pace+by, 0), len(paces)-1)
		return
	}
	i := math.Round(3 * math.Log10(v.rate)) // 1, 2 and 5 are near thirds
	v.rate = min(max(roundRate(int(i)+by), leastRate), mostRate)
}

// roundRate is the ith of … 1/2, 1, 2, 5, 10 …, where 1 is the 0th.
func roundRate(i int) float64 {
	tens := math.Floor(float64(i) / 3)
	return []float64{1, 2, 5}[i-3*int(tens)] * math.Pow(10, tens)
}

// turnTempo turns between steps and the run's own time.
func (v *viewer) turnTempo() {
	if v.own = !v.own; v.own && v.rate == 0 {
		v.rate = roundRate(int(math.Floor(3 * math.Log10(min(max(v.usualRate(), leastRate), mostRate)))))
	}
	v.playing = true
}

// usualRate lets a frame take about a second over the shortest wire; in a
// capture there are about four frames a second.
func (v *viewer) usualRate() float64 {
	if n := v.T.Frames(); v.T.Info().Captured && n > 1 {
		return (v.T.Frame(n-1).Sent - v.T.Frame(0).Sent).Seconds() / float64(n) * 4
	}
	unit := trace.Second
	for _, l := range v.T.Info().Links {
		if l.Delay > 0 {
			unit = min(unit, l.Delay)
		}
	}
	return unit.Seconds()
}

// tempoWords say how fast it plays: "2 steps/s", "1/100 of real time".
func (v *viewer) tempoWords() string {
	switch {
	case !v.own:
		return fmt.Sprintf("%gx", paces[v.pace])
	case v.rate < 1:
		return fmt.Sprintf("at 1/%.4g of real time", 1/v.rate)
	}
	return fmt.Sprintf("at %.4g x real time", v.rate)
}

// toPlay plays at a rate, "1/100" of real time, or by "steps".
func (m *model) toPlay(arg string) (tea.Cmd, error) {
	v := m.viewer
	if arg != "steps" {
		rate, err := parseRate(arg)
		if err != nil {
			return nil, err
		}
		v.rate = rate
	}
	v.own, v.playing = arg != "steps", true
	return m.playOn(), nil
}

// parseRate reads "1/100", "0.01" or "2".
func parseRate(s string) (float64, error) {
	over, under, divided := strings.Cut(s, "/")
	rate, err := strconv.ParseFloat(strings.TrimSpace(over), 64)
	if divided && err == nil {
		var by float64
		by, err = strconv.ParseFloat(strings.TrimSpace(under), 64)
		rate /= by
	}
	if err != nil || !(rate >= leastRate && rate <= mostRate) {
		return 0, fmt.Errorf("%q is no tempo: use 1/100 of real time (from 1/1000000 to 1000), or steps", s)
	}
	return rate, nil
}

func (m *model) rates() []string {
	return []string{"1/1", "1/10", "1/100", "1/1000", "1/10000", "steps"}
}

// playOn lets the player go on, if it is on, in its tempo.
func (m *model) playOn() tea.Cmd {
	v := m.viewer
	v.round++
	v.ticked = time.Now()
	if !v.playing {
		return nil
	}
	return playLater(v)
}

// playLater asks for the player's next step.
func playLater(v *viewer) tea.Cmd {
	wait := time.Duration(float64(time.Second) / paces[v.pace])
	if v.own {
		wait = slideTime
	}
	msg := playMsg{v, v.round}
	return tea.Tick(wait, func(time.Time) tea.Msg { return msg })
}

// playStep goes on by a step; the player stops at the end and at a question.
func (m *model) playStep(msg playMsg) tea.Cmd {
	v := msg.viewer
	if v != m.viewer || !v.playing || msg.round != v.round {
		return nil
	}
	if v.own {
		was := v.At.Event
		gone := time.Since(v.ticked)
		v.ticked = v.ticked.Add(gone)
		v.playing = v.advance(min(gone, mostTick), !m.opt.NoMotion)
		if !m.opt.NoMotion || v.At.Event != was || !v.playing {
			m.fresh = false
		}
	} else {
		m.fresh = false
		v.playing = v.move(1)
		if _, asked := v.T.Info().Prompts[v.At.Event]; asked {
			v.playing = false
		}
	}
	if !v.playing {
		return nil
	}
	return tea.Batch(playLater(v), m.slideLater())
}

// mostTick is how long one tick may count for: after a pause of the terminal
// nothing is skipped.
const mostTick = 200 * time.Millisecond

// advance lets the run's clock go on for a time of ours, and tells whether
// something is left to play. With motion the moment is shown between events,
// too.
func (v *viewer) advance(d time.Duration, motion bool) (more bool) {
	if v.shown != v.At.Event {
		v.clock, v.reached = v.Event().Time, v.At.Event
	}
	v.clock += trace.Time(float64(d) * v.rate)
	all := v.T.Events()
	e := trace.EventID(sort.Search(all, func(i int) bool { return v.T.Event(trace.EventID(i+1)).Time > v.clock }))
	more = int(e) < all
	for id := range v.T.Info().Prompts {
		if id > v.reached && id <= e {
			e, more, v.clock = id, false, v.T.Event(id).Time
		}
	}
	if e > v.reached {
		v.reached = e
		v.At.GoTo(e)
	}
	v.shown, v.slide = v.At.Event, 1
	if !motion || !more {
		return more
	}
	v.SetNow(v.clock)
	if f := v.T.Frame(v.At.Frame); f.Sent <= v.clock && v.clock < f.Ended {
		v.slide = float64(v.clock-f.Sent) / float64(f.Ended-f.Sent)
		v.sliding = false
	}
	return more
}

// The slide: a frame put on the wire moves over the diagram.
const (
	slideTime = 33 * time.Millisecond
	slidePart = 0.12
)

// slideLater begins to slide, if something is to and nothing does.
func (m *model) slideLater() tea.Cmd {
	v := m.viewer
	if v == nil || v.slide >= 1 || v.sliding || v.own && v.playing {
		return nil
	}
	if m.opt.NoMotion {
		v.slide = 1
		return nil
	}
	v.sliding = true
	return slideTick(v)
}

func slideTick(v *viewer) tea.Cmd {
	return tea.Tick(slideTime, func(time.Time) tea.Msg { return slideMsg{v} })
}

func (m *model) slideStep(v *viewer) tea.Cmd {
	if v.own && v.playing {
		v.sliding = false // the frame moves with the run's time
		return nil
	}
	v.slide = min(v.slide+slidePart, 1)
	v.sliding = v == m.viewer && v.slide < 1
	m.fresh = false
	if !v.sliding {
		return nil
	}
	return slideTick(v)
}
