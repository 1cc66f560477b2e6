package tui

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/trace/export"
	"strata/tui/scene"
)

// writing is a file that is being written, some of it at a time: a run in
// memory is read by the loop alone, and a capture may have gigabytes.
type writing struct {
	name string
	job  *scene.Job
	mu   sync.Mutex // a slice of it may run beside the loop

	next    func() (struct{}, bool)
	stop    func()
	stopped bool
	frames  int // of the trace
	at      int // the frame that is being written
	bytes   int64
	err     error
}

var errStopped = errors.New("stopped")

// file writes the trace that is shown, or what of it passes the filter, in the
// form that the name's ending says.
func (m *model) file(name string, replace bool) (tea.Cmd, error) {
	v, save := m.viewer, m.house.Save
	format, err := export.FormatOf(name)
	switch {
	case save == nil:
		return nil, errors.New("nothing can be saved here")
	case err != nil:
		return nil, err
	case v.writing != nil && v.writing.job.Running():
		return nil, errors.New(v.writing.name + " is still being written; esc stops it")
	case v.Sieve != nil && v.Sieve.Done < v.T.Frames():
		return nil, errors.New("the filter has not looked at all frames yet: wait for it, or x takes it away")
	}
	still := scene.NewSteady(v.T.Trace) // what comes later is not in the file
	w := &writing{name: name, frames: still.Frames()}
	passes := func(int) bool { return true }
	if v.Sieve != nil {
		sieve := *v.Sieve
		sieve.Bits = slices.Clone(sieve.Bits)
		passes = sieve.Has
	}
	w.next, w.stop = iter.Pull(func(yield func(struct{}) bool) {
		part := export.Part{Frames: func(n int) bool {
			if w.at = n; n%256 == 0 {
				w.stopped = w.stopped || !yield(struct{}{})
			}
			return !w.stopped && passes(n)
		}}
		w.err = save(name, replace, func(to io.Writer) error {
			return export.Write(slowly{to, w, yield}, still, format, part)
		})
	})
	w.job = &scene.Job{Of: v.T, Leave: w.leave, Work: func(d time.Duration) func() bool {
		done := w.work(d)
		return func() bool {
			if done {
				m.written(w, name)
			}
			return !done
		}
	}}
	v.writing = w
	m.note = ""
	return scene.Begin(w.job), nil
}

// slowly is a writer that lets others have their turn.
type slowly struct {
	to    io.Writer
	w     *writing
	yield func(struct{}) bool
}

func (s slowly) Write(b []byte) (int, error) {
	if s.w.stopped = s.w.stopped || !s.yield(struct{}{}); s.w.stopped {
		return 0, errStopped
	}
	n, err := s.to.Write(b)
	s.w.bytes += int64(n)
	return n, err
}

// work writes for some time, and tells whether the file is done.
func (w *writing) work(d time.Duration) (done bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for begin := time.Now(); time.Since(begin) < d; {
		if _, more := w.next(); !more {
			return true
		}
	}
	return false
}

// leave ends it; what was written is gone.
func (w *writing) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stop()
}

// progress says how far it is.
func (w *writing) progress() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return fmt.Sprintf("writing %s: %d %% of the frames. esc stops", w.name, int64(w.at)*100/int64(max(w.frames, 1)))
}

// written tells what came of it.
func (m *model) written(w *writing, name string) {
	again := func() tea.Cmd {
		cmd, err := m.file(name, true)
		if err != nil {
			m.note = err.Error()
		}
		return cmd
	}
	says := fmt.Sprintf("%s are in %s", bytesCount(w.bytes), name)
	if v := m.viewer; v.Sieve != nil {
		says += ": what passes the filter"
	}
	m.saved(savedMsg{name: name, n: w.bytes, err: w.err, says: says, again: again})
}

func bytesCount(n int64) string {
	if n == 1 {
		return "1 byte"
	}
	return scene.Thousands(int(n)) + " bytes"
}

// screenshot writes the screen as it stands as an SVG.
func (m *model) screenshot(name string, replace bool) (tea.Cmd, error) {
	save := m.house.Save
	switch {
	case save == nil:
		return nil, errors.New("nothing can be saved here")
	case !strings.EqualFold(filepath.Ext(name), ".svg"):
		return nil, errors.New("the screen is drawn as SVG: :screen NAME.svg")
	}
	m.note = ""
	m.draw()
	svg := m.canvas.SVG(m.opt.Theme, m.opt.Plain)
	again := func() tea.Cmd {
		cmd, _ := m.screenshot(name, true)
		return cmd
	}
	return func() tea.Msg {
		err := save(name, replace, func(to io.Writer) error {
			_, err := to.Write(svg)
			return err
		})
		return savedMsg{name: name, err: err, says: "the screen is in " + name, again: again}
	}, nil
}

// fileNames are names that could come behind :w.
func (m *model) fileNames() []string {
	base := filepath.Base(m.viewer.T.Info().Name)
	base = strings.TrimSuffix(base, filepath.Ext(base))
	var out []string
	for _, f := range export.Formats() {
		out = append(out, base+"."+f)
	}
	return out
}
