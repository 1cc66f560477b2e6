package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"strata/scenarios"
	"strata/scenarios/tree"
	"strata/sim"
	"strata/trace"
	"strata/tui"
)

// runFlags change a scenario before it runs.
type runFlags struct {
	seed    uint64
	seedSet bool
	until   time.Duration
	sets    []string
	profile string
	keylog  string
}

func newRun(a *app) *cobra.Command {
	var (
		run    runFlags
		write  writeFlags
		screen screenFlags
		stats  bool
		record bool
	)
	c := &cobra.Command{
		Use:   "run SCENARIO",
		Short: "Run a scenario, and look at it or write it",
		Long: "Runs a scenario: a built-in one by its name, or a .yaml file. Opens the screen,\n" +
			"or writes files with -o.",
		Args:              takes(1, 1, "one scenario: a built-in name or a .yaml file"),
		ValidArgsFunction: completeScenario,
		RunE: func(c *cobra.Command, args []string) error {
			run.seedSet = c.Flags().Changed("seed")
			if err := run.check(); err != nil {
				return err
			}
			o, err := screen.options()
			if err != nil {
				return err
			}
			w, err := write.check(a, o.Screen)
			if err != nil {
				return err
			}
			switch {
			case record && !stats:
				return usagef("--record goes with --stats")
			case stats && len(w.list) > 0:
				return usagef("--stats and -o do not go together")
			case stats && run.keylog != "":
				return usagef("--stats and --keylog-out do not go together")
			case stats && write.filter.text != "":
				return usagef("--stats counts all frames: -Y goes with -o or the screen")
			case stats:
				return interruptible(func() error { return a.stats(args[0], run, record) }, nil)
			case len(w.list) > 0:
				return w.from(func() (trace.Trace, error) { return run.record(args[0]) })
			case !isTerminal(a.stdout):
				return errNoTerminal("run "+args[0], ", or count with --stats")
			}
			o.Filter = write.filter.text
			return a.watch(args[0], run, o)
		},
	}
	write.add(c)
	c.Flags().StringArrayVarP(&write.interfaces, "interface", "i", nil, "with -o x.pcapng: only what is seen at `NODE:IF` (repeatable)")
	run.add(c)
	c.Flags().BoolVar(&stats, "stats", false, "record nothing; print counts as one JSON object")
	c.Flags().BoolVar(&record, "record", false, "with --stats: record in memory")
	screen.add(c)
	return c
}

func (r *runFlags) add(c *cobra.Command) {
	c.Flags().Uint64Var(&r.seed, "seed", 0, "another seed of all chance")
	c.Flags().DurationVar(&r.until, "until", 0, "stop at this simulated time, like 2.5s")
	c.Flags().StringArrayVar(&r.sets, "set", nil, "override `PATH=VALUE` of the file, like links.wan.loss=2% (repeatable)")
	c.Flags().StringVar(&r.keylog, "keylog-out", "", "write the secrets of the run's TLS sessions to `FILE`, as a key log")
	c.Flags().StringVar(&r.profile, "profile", "", "the hosts' defaults: rfc")
}

// check finds what is wrong with the flags alone.
func (r runFlags) check() error {
	for _, s := range r.sets {
		if _, _, err := tree.SplitSet(s); err != nil {
			return usageError{err}
		}
	}
	switch {
	case r.until < 0:
		return usagef("--until %s: time does not run backwards", r.until)
	case r.profile == "linux":
		return usagef("--profile linux is not built yet; use rfc")
	case r.profile != "" && r.profile != "rfc":
		return usagef("unknown profile %q: use rfc", r.profile)
	}
	return nil
}

// network makes a scenario ready to run, changed as the flags say.
func (r runFlags) network(name string, record bool) (*scenarios.Scenario, *sim.Network, error) {
	s, err := scenarios.Open(name, r.sets...)
	if err != nil {
		return nil, nil, notScenario(name, blameFlag(err))
	}
	cfg := s.Config()
	if r.seedSet {
		cfg.Seed = r.seed
	}
	if r.until > 0 {
		cfg.Until = r.until
	}
	if r.profile != "" {
		cfg.Profile = r.profile
	}
	n, err := sim.New(cfg, record)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, n, nil
}

// blameFlag makes it a usage error when it is an override that is wrong, and
// not the file.
func blameFlag(err error) error {
	var one tree.Problem
	var all tree.Problems
	if errors.As(err, &all) && len(all) > 0 {
		one = all[0]
	} else if !errors.As(err, &one) {
		return err
	}
	if one.Pos.From != "" {
		return usageError{err}
	}
	return err
}

// record runs a scenario and gives its trace, with what the scenario says of it.
func (r runFlags) record(name string) (*trace.Log, error) {
	s, n, err := r.network(name, true)
	if err != nil {
		return nil, err
	}
	if _, err := n.Run(context.Background()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s.Annotate(n.Trace())
	return n.Trace(), r.writeKeylog(n.Trace())
}

// writeKeylog writes the secrets of the run's TLS sessions, if they are wanted.
func (r runFlags) writeKeylog(t trace.Trace) error {
	if r.keylog == "" {
		return nil
	}
	b, err := t.Info().Secrets.AppendText(nil)
	if err != nil {
		return err
	}
	return pathError(r.keylog, os.WriteFile(r.keylog, b, 0o600))
}

// scenario is the scenario with what the flags change in it, so that the
// screen can run it again.
func (r runFlags) scenario(name string) tui.Scenario {
	s := tui.Scenario{Name: name}
	add := func(path, value string) {
		says := path + " is " + value
		if c, err := typedChange(s, path+"="+value); err == nil {
			says = c.Says
		}
		s.Changes = append(s.Changes, tui.Change{Path: path, Value: value, Says: says})
	}
	for _, set := range r.sets {
		path, value, _ := strings.Cut(set, "=")
		add(path, value)
	}
	if r.seedSet {
		add("seed", strconv.FormatUint(r.seed, 10))
	}
	if r.until > 0 {
		add("until", r.until.String())
	}
	if r.profile != "" {
		add("profile", r.profile)
	}
	return s
}

// watch runs a scenario and shows it.
func (a *app) watch(name string, r runFlags, o tui.Options) error {
	err := interruptible(func() error {
		t, err := r.record(name)
		o.Trace, o.Scenario, o.Opened = t, r.scenario(name), name
		return err
	}, nil)
	if err != nil {
		return err
	}
	return a.open(a.stdin, a.house(), o)
}
