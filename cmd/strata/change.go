package main

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"strata/scenarios"
	"strata/scenarios/edit"
	"strata/sim"
	"strata/sim/record"
	"strata/trace"
	"strata/tui"
)

// changes are a scenario's on the screen as the room of edits has them.
func changesOf(s tui.Scenario) []edit.Change {
	out := make([]edit.Change, len(s.Changes))
	for i, c := range s.Changes {
		out[i] = edit.Change{Path: c.Path, Value: c.Value}
	}
	return out
}

// offers lists what can be changed where an event of a run is.
func offers(s tui.Scenario, t trace.Trace, e trace.EventID, at int) ([]tui.Offer, error) {
	now, err := edit.Apply(s.Name, changesOf(s))
	if err != nil {
		return nil, err
	}
	var out []tui.Offer
	for _, o := range edit.Offers(now, t, e, at) {
		out = append(out, tui.Offer{Group: o.Group, Label: o.Label, Help: o.Help, Setting: o.Setting, Asks: o.Asks, Given: o.Given, OneOf: o.OneOf,
			Make: func(answer string) (tui.Change, error) {
				c, err := o.Make(answer)
				if err != nil {
					return tui.Change{}, err
				}
				return told(s, now, c)
			}})
	}
	return out, nil
}

// typedChange reads a change as it was typed.
func typedChange(s tui.Scenario, typed string) (tui.Change, error) {
	c, err := edit.Parse(typed)
	if err != nil {
		return tui.Change{}, err
	}
	now, err := edit.Apply(s.Name, changesOf(s))
	if err != nil {
		return tui.Change{}, err
	}
	return told(s, now, c)
}

// told is a change with its sentence, if it can be made.
func told(s tui.Scenario, now *scenarios.Scenario, c edit.Change) (tui.Change, error) {
	if _, err := edit.Apply(s.Name, append(changesOf(s), c)); err != nil {
		return tui.Change{}, err
	}
	return tui.Change{Path: c.Path, Value: c.Value, Says: edit.Says(now, c)}, nil
}

// simulated runs a changed scenario from its start.
func simulated(ctx context.Context, of tui.Scenario) (*scenarios.Scenario, *trace.Log, record.Stats, error) {
	s, err := edit.Apply(of.Name, changesOf(of))
	if err != nil {
		return nil, nil, record.Stats{}, err
	}
	n, err := sim.New(s.Config(), true)
	if err != nil {
		return nil, nil, record.Stats{}, fmt.Errorf("%s: %w", of.Name, err)
	}
	res, err := n.Run(ctx)
	if err != nil {
		return nil, nil, record.Stats{}, fmt.Errorf("%s: %w", of.Name, err)
	}
	return s, n.Trace(), res.Stats, nil
}

func rerun(ctx context.Context, of tui.Scenario) (trace.Trace, error) {
	s, log, _, err := simulated(ctx, of)
	if err != nil {
		return nil, err
	}
	s.Annotate(log)
	return log, nil
}

// keep writes a changed scenario as a file.
func keep(ctx context.Context, of tui.Scenario, file string, replace bool) error {
	s, log, stats, err := simulated(ctx, of)
	if err != nil {
		return err
	}
	says := make([]string, len(of.Changes))
	for i, c := range of.Changes {
		says[i] = c.Says
	}
	text, err := edit.Keep(file, s, says, log, stats)
	if err != nil {
		return err
	}
	return saveText(file, replace, text)
}

// template writes a scenario to learn from.
func template(file string) error { return saveText(file, false, edit.Template(file)) }

func saveText(file string, replace bool, text []byte) error {
	return save(file, replace, func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(text))
		return err
	})
}
