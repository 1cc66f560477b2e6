package main

import (
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"strata/layers/filter"
	"strata/trace"
	"strata/trace/export"
	"strata/tui"
)

// writeFlags say what is written instead of opening the screen.
type writeFlags struct {
	files      []string
	format     string
	interfaces []string
	step       int
	size       string
	filter     filterFlag
	flags      *pflag.FlagSet // that they were given to
}

func (f *writeFlags) add(c *cobra.Command) {
	c.Flags().StringArrayVarP(&f.files, "output", "o", nil, "write to `FILE` instead of opening the screen (repeatable): ."+strings.Join(formats(), ", ."))
	c.Flags().StringVar(&f.format, "format", "", "with \"-o -\": "+formatList())
	c.Flags().IntVar(&f.step, "step", 0, "with -o x.svg: the screen at this step instead of the journey")
	c.Flags().StringVar(&f.size, "size", "", "with --step: the screen's size, like 80x24 (default 120x40)")
	f.filter.add(c)
	f.flags = c.Flags()
}

func formats() []string  { return export.Formats() }
func formatList() string { return strings.Join(formats(), ", ") }

// writing is what writeFlags ask for, checked as far as possible before the
// long work begins.
type writing struct {
	*outputs
	app        *app
	interfaces []string // as named
	ends       []trace.EndID
	by         *filter.Filter
	passing    func(frame int) bool
	step       int // of the screen to draw; 0: none
	w, h       int // its size
	screen     tui.Screen
}

func (f *writeFlags) check(a *app, screen tui.Screen) (*writing, error) {
	out, err := parseOutputs(f.files, f.format, a.stdout)
	if err != nil {
		return nil, err
	}
	w := &writing{outputs: out, app: a, interfaces: f.interfaces, screen: screen}
	if w.by, err = f.filter.parse(); err != nil {
		return nil, err
	}
	if len(f.interfaces) > 0 && !out.have(export.PcapNG) {
		return nil, usagef("-i goes with -o x.pcapng")
	}
	switch stepped := f.flags.Changed("step"); {
	case !stepped && f.size == "":
		return w, nil
	case !stepped:
		return nil, usagef("--size goes with --step N")
	case f.step < 1:
		return nil, usagef("--step %d: steps count from 1", f.step)
	}
	if !out.have(export.SVG) {
		return nil, usagef("--step and --size go with -o x.svg")
	}
	w.step = f.step
	w.w, w.h, err = parseSize(f.size)
	return w, err
}

func (o *outputs) have(f export.Format) bool {
	for _, out := range o.list {
		if out.format == f {
			return true
		}
	}
	return false
}

// parseSize reads a screen's size, "120x40".
func parseSize(s string) (w, h int, err error) {
	if s == "" {
		return 120, 40, nil
	}
	left, right, _ := strings.Cut(s, "x")
	w, err1 := strconv.Atoi(left)
	h, err2 := strconv.Atoi(right)
	if err1 != nil || err2 != nil || w < 1 || h < 1 {
		return 0, 0, usagef("the size %q is not WIDTHxHEIGHT, like 120x40", s)
	}
	return w, h, nil
}

// chooseEnds finds the interfaces that -i names.
func (w *writing) chooseEnds(info *trace.Info) error {
	for _, name := range w.interfaces {
		e, err := export.EndNamed(info, name)
		if err != nil {
			return usageError{err}
		}
		w.ends = append(w.ends, e)
	}
	return nil
}

// from writes the trace that long work gives to every output.
func (w *writing) from(work func() (trace.Trace, error)) error {
	return interruptible(func() error {
		if err := w.create(w.app.stdout); err != nil {
			return err
		}
		t, err := work()
		if err == nil {
			err = w.chooseEnds(t.Info())
		}
		if err != nil {
			w.discard()
			return err
		}
		look := w.app.progress("filtering")
		w.passing = selection(t, w.by, look)
		look.done()
		p := w.app.progress("writing")
		defer p.done()
		return w.write(func(to io.Writer, out *output) error { return w.one(to, out, watched{t, p}) })
	}, w.discard)
}

func (w *writing) one(to io.Writer, out *output, t trace.Trace) error {
	if out.format != export.SVG || w.step == 0 {
		return export.Write(to, t, out.format, export.Part{Ends: w.ends, Frames: w.passing})
	}
	svg, err := tui.RenderSVG(t, trace.EventID(w.step), w.w, w.h, w.screen)
	if err != nil {
		return usageError{err}
	}
	_, err = to.Write(svg)
	return err
}
