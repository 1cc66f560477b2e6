package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"strata/layers"
	"strata/trace"
)

// followFlags say which conversation, and how it is printed.
type followFlags struct {
	tcp, udp    int
	format, dir string
	keys        keylogFlag
}

func newFollow(a *app) *cobra.Command {
	var flags followFlags
	c := &cobra.Command{
		Use:   "follow FILE|-",
		Short: "Print what the two sides of a conversation said",
		Long: "Prints what both sides of a TCP or UDP conversation said, in order. As text and hex, what\n" +
			"B said begins with a tab. With --dir, raw prints the bytes of that side alone. With --keylog, it\n" +
			"is what they said inside TLS.",
		Args: takes(1, 1, "one capture file, or -"),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := flags.check(); err != nil {
				return err
			}
			if err := flags.keys.load(a); err != nil {
				return err
			}
			return interruptible(func() error { return a.follow(args[0], flags) }, nil)
		},
	}
	c.Flags().IntVar(&flags.tcp, "tcp", -1, "the TCP stream `N` (tcp.stream)")
	c.Flags().IntVar(&flags.udp, "udp", -1, "the UDP stream `N` (udp.stream)")
	for _, name := range []string{"tcp", "udp"} {
		c.Flags().Lookup(name).DefValue = "0" // is not shown, as -1 would be
	}
	c.Flags().StringVar(&flags.format, "format", "text", "text, hex or raw")
	flags.keys.add(c)
	c.Flags().StringVar(&flags.dir, "dir", "", "with --format raw: client or server, one side's bytes")
	return c
}

func (f followFlags) check() error {
	switch {
	case (f.tcp < 0) == (f.udp < 0):
		return usagef("say which conversation: --tcp N or --udp N (`strata flows` lists them)")
	case f.format != "text" && f.format != "hex" && f.format != "raw":
		return usagef("unknown format %q: use text, hex or raw", f.format)
	case f.dir != "" && f.format != "raw":
		return usagef("--dir goes with --format raw")
	case f.dir != "" && f.dir != "client" && f.dir != "server":
		return usagef("unknown side %q: use client or server", f.dir)
	}
	return nil
}

func (a *app) follow(path string, flags followFlags) error {
	f, err := a.openCapture(path)
	if err != nil {
		return err
	}
	defer f.Close()
	a.whole(f)
	i, ok := flags.find(f)
	if !ok {
		return fmt.Errorf("%s: there is no %s", path, flags.what())
	}
	out := bufio.NewWriterSize(a.stdout, 1<<16)
	offsets := [2]int{}
	said := f.Follow
	if a.secrets != nil && flags.tcp >= 0 {
		said = f.FollowInside
	}
	said(i, func(s trace.Said) bool {
		flags.write(out, s, &offsets)
		_, err = out.Write(nil) // a Writer keeps its first error
		return err == nil
	})
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return err
	}
	return f.Progress().Damage
}

func (f followFlags) what() string {
	if f.tcp >= 0 {
		return fmt.Sprintf("TCP stream %d", f.tcp)
	}
	return fmt.Sprintf("UDP stream %d", f.udp)
}

// find is the conversation's number in the trace.
func (f followFlags) find(t trace.Trace) (int, bool) {
	proto, stream := layers.TCP, f.tcp
	if f.udp >= 0 {
		proto, stream = layers.UDP, f.udp
	}
	for i := range t.Conversations() {
		if c := t.Conversation(i); c.Proto == proto && c.Stream == stream {
			return i, true
		}
	}
	return 0, false
}

// write prints a piece; offsets are those of the two sides so far.
func (f followFlags) write(w *bufio.Writer, s trace.Said, offsets *[2]int) {
	side, indent := 0, ""
	if s.Back {
		side, indent = 1, "\t"
	}
	switch f.format {
	case "raw":
		if f.dir == "" || (f.dir == "server") == s.Back {
			w.Write(s.Data)
		}
	case "hex":
		for line := range strings.Lines(hex.Dump(s.Data)) {
			at, _ := strconv.ParseUint(line[:8], 16, 32)
			if len(line) > 10 { // the last line has the length alone
				fmt.Fprintf(w, "%s%08x%s", indent, offsets[side]+int(at), line[8:])
			}
		}
	default:
		for line := range strings.Lines(string(s.Data)) {
			w.WriteString(indent)
			w.WriteString(text(line))
		}
	}
	offsets[side] += len(s.Data)
}

// text is a line as a terminal can show it: what is no printable ASCII is a
// dot, and each side's piece ends its line.
func text(line string) string {
	end := strings.TrimRight(line, "\r\n")
	shown := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r > '~' {
			return '.'
		}
		return r
	}, end)
	return shown + "\n"
}
