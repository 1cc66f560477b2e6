package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"unicode"

	"golang.org/x/term"

	"strata/layers/tlskeys"
)

// app is what commands share: where they read and write.
type app struct {
	stdin, stdout, stderr *os.File
	secrets               *tlskeys.Log // of the TLS sessions in captures; nil: none
}

// Exit statuses, of every command.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// usageError is a mistake in how a command was called.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// errReported is a failure that has been said already.
var errReported = errors.New("failed")

// interrupted is the end by a signal.
type interrupted struct{ by syscall.Signal }

func (i interrupted) Error() string { return "ended by a signal: " + i.by.String() }

// finish says what went wrong, if anything, and gives the exit status.
func (a *app) finish(err error) int {
	var usage usageError
	var end interrupted
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &end):
		if isTerminal(a.stderr) {
			fmt.Fprint(a.stderr, clearLine) // of a progress bar
		}
		return 128 + int(end.by)
	case errors.Is(err, errReported), errors.Is(err, syscall.EPIPE):
		return exitFailed
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintf(a.stderr, "strata: %s\n", plain(strings.TrimSuffix(line, "\n")))
	}
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitFailed
}

// plain keeps control characters of arguments and files from the terminal.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// interruptible does long work until it is done or the user has had enough;
// then clean, unless nil, removes what is half done.
func interruptible(work func() error, clean func()) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(stop)
	done := make(chan error, 1)
	go func() { done <- work() }()
	select {
	case err := <-done:
		return err
	case by := <-stop:
		if clean != nil {
			clean()
		}
		return interrupted{by.(syscall.Signal)}
	}
}

// lines writes to standard output and keeps its first error.
type lines struct {
	w   io.Writer
	err error
}

func (l *lines) printf(format string, args ...any) {
	if l.err == nil {
		_, l.err = fmt.Fprintf(l.w, format, args...)
	}
}
