package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"strata/capture"
	"strata/trace"
	"strata/tui"
)

func newReplay(a *app) *cobra.Command {
	var write writeFlags
	var screen screenFlags
	var keys keylogFlag
	c := &cobra.Command{
		Use:   "replay FILE|-",
		Short: "Look at a capture (pcap or pcapng), or write it",
		Long: "Opens a capture: a pcap or pcapng file, plain or packed by gzip or zstd, or standard\n" +
			"input with -, which may grow while you look. Opens the screen, or writes files with -o.",
		Args: takes(1, 1, "one capture file, or -"),
		RunE: func(_ *cobra.Command, args []string) error {
			o, err := screen.options()
			if err != nil {
				return err
			}
			w, err := write.check(a, o.Screen)
			if err != nil {
				return err
			}
			if len(w.list) == 0 && !isTerminal(a.stdout) {
				return errNoTerminal("replay "+args[0], "")
			}
			if err := keys.load(a); err != nil {
				return err
			}
			o.Filter = write.filter.text
			return a.replay(args[0], w, o)
		},
	}
	write.add(c)
	screen.add(c)
	keys.add(c)
	return c
}

// captureGarbage is how much garbage may lie beside an index, percent of it:
// the index is most of the memory, and reading makes little garbage.
const captureGarbage = 20

// At first there is so little of both that clearing it away would only delay
// the first screen, and a pass that ends so soon.
const (
	firstGarbage = 400
	firstScreen  = 100 * time.Millisecond
)

// littleGarbage keeps memory small while a capture is read.
func littleGarbage() {
	debug.SetGCPercent(firstGarbage)
	time.AfterFunc(firstScreen, func() { debug.SetGCPercent(captureGarbage) })
}

// openCapture opens a capture file, or standard input.
func (a *app) openCapture(path string) (*capture.File, error) {
	littleGarbage()
	if path == "-" {
		return capture.Pipe(a.stdin, "standard input", a.secrets)
	}
	f, err := capture.Open(path, a.secrets)
	if err != nil {
		return nil, notCapture(path, pathError(path, err))
	}
	return f, nil
}

// pathError says which file could not be opened, and no more.
func pathError(path string, err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s: %w", path, p.Err)
	}
	return err
}

// whole waits until a capture is indexed to its end.
func (a *app) whole(f *capture.File) {
	p := a.progress("indexing")
	defer p.done()
	go func() {
		for f.Progress().Live {
			at := f.Progress()
			p.at(at.Done, at.Total)
			time.Sleep(progressEvery)
		}
	}()
	f.Wait(math.MaxInt)
}

// A screen that shows frames at once is better than one that has to be drawn
// again; but a pipe may bring none for hours.
const (
	firstFrames = 100
	firstWait   = 20 * time.Millisecond
)

// begun waits a moment for the frames that the first screen shows.
func begun(f *capture.File) {
	there := make(chan struct{})
	go func() {
		f.Wait(firstFrames)
		close(there)
	}()
	select {
	case <-there:
	case <-time.After(firstWait):
	}
}

// openWith shows the screen; where standard input is read as a capture, keys
// come from the terminal itself.
func (a *app) openWith(taken bool, o tui.Options) error {
	keys := a.stdin
	if taken {
		var err error
		if keys, err = os.Open("/dev/tty"); err != nil {
			return fmt.Errorf("there is no terminal to read keys from: %w", err)
		}
		defer keys.Close()
	}
	return a.open(keys, a.house(), o)
}

// replay writes the capture, or shows it. What can be read of a damaged file
// is written or shown before its damage is reported.
func (a *app) replay(path string, w *writing, o tui.Options) error {
	f, err := a.openCapture(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if len(w.list) > 0 {
		err := w.from(func() (trace.Trace, error) {
			a.whole(f)
			return f, nil
		})
		if err != nil {
			return err
		}
		return f.Progress().Damage
	}
	o.Trace = f
	if path != "-" { // which comes once
		o.Opened = path
	}
	begun(f)
	if err := a.openWith(path == "-", o); err != nil {
		return err
	}
	return f.Progress().Damage
}
