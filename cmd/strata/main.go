// Command strata shows what happens to a message at every layer of a network,
// step by step, in a simulation or in a capture.
//
//	words and flags ──> a command ──┬──> scenarios ──> sim ──┐
//	 (one file each)                └──> capture ────────────┴─> trace ──┬─> files
//	                                                                      └─> tui
//
// This package only wires the other rooms together: it knows their words,
// where results and errors go, and that a file is written whole or not at all.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	// A reader that went away shows as an error of the write, so that files
	// which are half written then can be removed.
	signal.Ignore(syscall.SIGPIPE)
	a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	root := newRoot(a)
	root.SetArgs(os.Args[1:])
	os.Exit(a.finish(root.Execute()))
}
