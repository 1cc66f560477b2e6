package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"strata/scenarios"
)

// wanted says what the flags of a type take, which the library says in Go's words.
var wanted = map[string]string{
	"int":      "a whole number",
	"uint64":   "a whole number from 0 on",
	"duration": "a time with its unit, like 2.5s or 300ms",
}

// flagMistake is the error for flags that cannot be read; command is whose.
func flagMistake(err error, command string) error {
	var value *pflag.InvalidValueError
	if errors.As(err, &value) {
		if what := wanted[value.GetFlag().Value.Type()]; what != "" {
			return usagef("--%s %s: this is not %s", value.GetFlag().Name, value.GetValue(), what)
		}
	}
	return usagef("%w; see %s --help", err, command)
}

// notScenario adds to err, with which a scenario could not be opened, that it
// is a capture, where its name says so.
func notScenario(name string, err error) error {
	if !slices.Contains(captureEndings, strings.ToLower(filepath.Ext(name))) {
		return err
	}
	return fmt.Errorf("%s is no scenario; for a capture: `strata replay %[1]s`", name)
}

// notCapture adds to err, with which a capture could not be opened, that it
// is a scenario, where its name says so.
func notCapture(name string, err error) error {
	_, builtIn := scenarios.Source(name)
	if !builtIn && !slices.Contains(scenarioEndings, strings.ToLower(filepath.Ext(name))) {
		return err
	}
	return fmt.Errorf("%w; for a scenario: `strata run %s`", err, name)
}
