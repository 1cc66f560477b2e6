package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"strata/capture"
	"strata/scenarios"
	"strata/trace"
	"strata/trace/compare"
	"strata/trace/export"
	"strata/tui"
)

// compared is one of the two that are compared: a scenario or a capture, and
// the flags of run or replay that go with it.
type compared struct {
	name   string
	run    runFlags
	keys   keylogFlag
	ends   []string
	filter filterFlag
	flags  *cobra.Command // that they were given to
}

func (x *compared) add(c *cobra.Command) {
	x.flags = c
	x.run.add(c)
	x.keys.add(c)
	x.filter.add(c)
	c.Flags().StringArrayVarP(&x.ends, "interface", "i", nil, "of a scenario, only what is seen at `NODE:IF` (repeatable)")
}

// compareOutput says what is written instead of opening the screen.
type compareOutput struct {
	files  []string
	format string
	screen tui.Options // for when nothing is written
}

func (o *compareOutput) add(c *cobra.Command) {
	c.Flags().StringArrayVarP(&o.files, "output", "o", nil, "write to `FILE` instead of opening the screen (repeatable): .txt, .jsonl, or - for standard output")
	c.Flags().StringVar(&o.format, "format", "", "with \"-o -\": txt (default) or jsonl")
}

func newCompare(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "compare A [flags] -- B [flags]",
		Short: "Compare two runs or captures, and see where they part",
		Long: "Lays two traces side by side: scenarios (built-in names or .yaml files) that are run, or\n" +
			"captures. Each has flags of its own, as for run or replay. Without a name, B is A's\n" +
			"scenario again: strata compare rto-backoff -- --seed 7",
		Args:               cobra.ArbitraryArgs,
		DisableFlagParsing: true, // there are two sets of them
		ValidArgsFunction:  completeScenario,
	}
	// These are for --help alone.
	(&compared{}).add(c)
	(&compareOutput{}).add(c)
	(&screenFlags{}).add(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if slices.ContainsFunc(args, func(s string) bool { return s == "--help" || s == "-h" }) {
			return c.Help()
		}
		both, out, err := parseCompared(args)
		if err != nil {
			return err
		}
		switch {
		case len(out.files) > 0:
			return a.compare(both, out)
		case !isTerminal(a.stdout):
			return errNoCompareScreen
		}
		return a.lookAtBoth(both, out.screen)
	}
	return c
}

var errNoCompareScreen = usagef("standard output is not a terminal, so there is no screen: print where they part with -o -, " +
	"or write it with -o FILE (FILE ends in .txt or .jsonl)")

// parseCompared understands the words on both sides of --. Without one, the
// flags hold for both.
func parseCompared(args []string) (both [2]*compared, out *compareOutput, err error) {
	out = &compareOutput{}
	var shared screenFlags
	parse := func(x *compared, args []string, most int) ([]string, error) {
		c := &cobra.Command{}
		var o compareOutput
		var screen screenFlags
		x.add(c)
		o.add(c)
		screen.add(c)
		if err := c.ParseFlags(args); err != nil {
			return nil, flagMistake(err, "strata compare")
		}
		out.files = append(out.files, o.files...)
		if o.format != "" {
			out.format = o.format
		}
		shared.merge(screen)
		names := c.Flags().Args()
		if len(names) > most {
			return nil, usagef("strata compare takes two scenarios or captures: strata compare A [flags] -- B [flags]")
		}
		return names, nil
	}
	a, b := &compared{}, &compared{}
	var left, right []string
	if i := slices.Index(args, "--"); i >= 0 {
		left, err = parse(a, args[:i], 1)
		if err == nil {
			right, err = parse(b, args[i+1:], 1)
		}
		if len(right) == 0 {
			right = left
		}
	} else {
		left, err = parse(a, args, 2)
		*b = *a
		left, right = left[:min(len(left), 1)], left[min(len(left), 1):]
	}
	if err != nil {
		return both, nil, err
	}
	if len(left) == 0 || len(right) == 0 {
		return both, nil, usagef("strata compare takes two scenarios or captures: strata compare A [flags] -- B [flags]")
	}
	a.name, b.name = left[0], right[0]
	if a.name == "-" && b.name == "-" {
		return both, nil, usagef("standard input can be one of the two, not both")
	}
	both = [2]*compared{a, b}
	for _, x := range both {
		if err := x.check(); err != nil {
			return both, nil, err
		}
	}
	out.screen, err = shared.options()
	return both, out, err
}

// captured says whether it is a capture; a name that is no file's is a scenario's.
func (x *compared) captured() bool {
	ending := strings.ToLower(filepath.Ext(x.name))
	if x.name == "-" || slices.Contains(captureEndings, ending) {
		return true
	}
	if _, builtIn := scenarios.Source(x.name); builtIn || slices.Contains(scenarioEndings, ending) {
		return false
	}
	_, err := os.Stat(x.name)
	return err == nil
}

// check finds what is wrong with the flags alone.
func (x *compared) check() error {
	x.run.seedSet = x.flags.Flags().Changed("seed")
	wrong, kind, is := []string{"keylog"}, "capture", "scenario"
	if x.captured() {
		wrong, kind, is = []string{"seed", "until", "set", "profile", "keylog-out", "interface"}, "scenario", "capture"
	}
	for _, name := range wrong {
		if x.flags.Flags().Changed(name) {
			return usagef("--%s goes with a %s, and %s is a %s", name, kind, x.name, is)
		}
	}
	if _, err := x.filter.parse(); err != nil {
		return err
	}
	return x.run.check()
}

// called is how the report names it: as it was named here.
func (x *compared) called() string {
	said := []string{x.name}
	if x.run.seedSet {
		said = append(said, fmt.Sprintf("--seed %d", x.run.seed))
	}
	if x.run.until > 0 {
		said = append(said, fmt.Sprintf("--until %s", x.run.until))
	}
	if x.run.profile != "" {
		said = append(said, "--profile "+x.run.profile)
	}
	for _, s := range x.run.sets {
		said = append(said, "--set "+s)
	}
	if x.filter.text != "" {
		said = append(said, "-Y "+x.filter.text)
	}
	return strings.Join(said, " ")
}

// open runs the scenario, or opens the capture and waits for its end.
func (x *compared) open(a *app) (trace.Trace, error) {
	if !x.captured() {
		return x.run.record(x.name)
	}
	a.secrets = nil
	if err := x.keys.load(a); err != nil {
		return nil, err
	}
	f, err := a.openCapture(x.name)
	if err != nil {
		return nil, err
	}
	a.whole(f)
	return f, nil
}

// compare writes what comes of comparing the two. What can be read of a
// damaged file is compared before its damage is reported.
func (a *app) compare(both [2]*compared, flags *compareOutput) error {
	out, err := flags.outputs(a.stdout)
	if err != nil {
		return err
	}
	var damage error
	err = interruptible(func() error {
		if err := out.create(a.stdout); err != nil {
			return err
		}
		var c *compare.Comparison
		if c, damage, err = a.sideBySide(both); err != nil {
			out.discard()
			return err
		}
		return out.write(func(to io.Writer, one *output) error {
			if one.format == export.JSONLines {
				return c.WriteJSON(to)
			}
			return c.WriteText(to)
		})
	}, out.discard)
	if err != nil {
		return err
	}
	return damage
}

// lookAtBoth shows the two side by side.
func (a *app) lookAtBoth(both [2]*compared, o tui.Options) error {
	var damage error
	err := interruptible(func() (err error) {
		if o.Beside, damage, err = a.sideBySide(both); err != nil {
			return err
		}
		for _, s := range []compare.Side{compare.A, compare.B} {
			o.Beside.Trace(s).Tree(0) // what that needs to know of all frames is found out here, not on the screen's loop
		}
		return nil
	}, nil)
	if err != nil {
		return err
	}
	if err := a.openWith(both[0].name == "-" || both[1].name == "-", o); err != nil {
		return err
	}
	return damage
}

// outputs are the files to write, in the two formats that there are.
func (o *compareOutput) outputs(stdout *os.File) (*outputs, error) {
	format := o.format
	if format == "" && slices.Contains(o.files, "-") {
		format = string(export.Text)
	}
	out, err := parseOutputs(o.files, format, stdout)
	if err != nil {
		return nil, err
	}
	for _, one := range out.list {
		if one.format != export.Text && one.format != export.JSONLines {
			return nil, usagef("compare writes txt or jsonl, not %s", one.format)
		}
	}
	return out, nil
}

// sideBySide opens the two and compares them.
func (a *app) sideBySide(both [2]*compared) (c *compare.Comparison, damage, err error) {
	var o compare.Options
	var traces [2]trace.Trace
	for i, x := range both {
		if traces[i], err = x.open(a); err != nil {
			return nil, nil, err
		}
		for _, name := range x.ends {
			e, err := export.EndNamed(traces[i].Info(), name)
			if err != nil {
				return nil, nil, usageError{err}
			}
			o.Ends[i] = append(o.Ends[i], e)
		}
		by, err := x.filter.parse()
		if err != nil {
			return nil, nil, err
		}
		p := a.progress("filtering")
		o.Frames[i], o.Names[i] = selection(traces[i], by, p), x.called()
		p.done()
		if f, ok := traces[i].(*capture.File); ok {
			damage = errors.Join(damage, f.Progress().Damage)
		}
	}
	c = compare.New(traces[0], traces[1], o)
	p := a.progress("comparing")
	defer p.done()
	for !c.Work(progressEvery / 2) {
		p.at(c.Progress())
	}
	return c, damage, nil
}
