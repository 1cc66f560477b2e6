package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"strconv"

	"github.com/spf13/cobra"

	"strata/capture"
	"strata/capture/flows"
	"strata/capture/source"
	"strata/layers"
	"strata/layers/filter"
	"strata/layers/walk"
)

func newFlows(a *app) *cobra.Command {
	var format string
	var passing filterFlag
	c := &cobra.Command{
		Use:   "flows FILE|-",
		Short: "Print the conversations of a capture",
		Long: "Prints who talked with whom: a table for each of TCP, UDP, IPv4, IPv6 and Ethernet, or\n" +
			"JSON Lines. With -Y only the frames that pass count; stream numbers stay those of the whole.",
		Args: takes(1, 1, "one capture file, or -"),
		RunE: func(_ *cobra.Command, args []string) error {
			by, err := passing.parse()
			if err != nil {
				return err
			}
			write, ok := map[string]func(*bufio.Writer, *capture.Counted) error{"table": writeFlowTables, "jsonl": writeFlowLines}[format]
			if !ok {
				return usagef("unknown format %q: use table or jsonl", format)
			}
			return interruptible(func() error { return a.flows(args[0], by, write) }, nil)
		},
	}
	c.Flags().StringVar(&format, "format", "table", "table or jsonl")
	passing.add(c)
	return c
}

func (a *app) flows(path string, by *filter.Filter, write func(*bufio.Writer, *capture.Counted) error) error {
	counted, damage, err := a.count(path, by)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(a.stdout, 1<<16)
	if err := write(out, counted); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return damage
}

// count counts the conversations of the frames that pass a filter. Where their
// headers do not decide it, a pass with an index goes before.
func (a *app) count(path string, by *filter.Filter) (c *capture.Counted, damage, err error) {
	unsure := false
	if by == nil {
		return a.countOnce(path, nil)
	}
	if !by.NeedsStream() {
		c, damage, err = a.countOnce(path, capture.ByHeaders(by, &unsure))
		if err != nil || !unsure {
			return c, damage, err
		}
	}
	if !readsTwice(path) {
		return nil, nil, usagef("-Y asks for more than the headers of frames tell, which needs a file: standard input can be read once only")
	}
	f, err := a.openCapture(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	a.whole(f)
	p := a.progress("filtering")
	passes, n := selection(f, by, p), -1
	p.done()
	return a.countOnce(path, func(*source.Record, *walk.Shape) bool {
		n++
		return !passes(n)
	})
}

func (a *app) countOnce(path string, hides capture.Hides) (c *capture.Counted, damage, err error) {
	s, err := a.openSource(path)
	if err != nil {
		return nil, nil, err
	}
	defer s.Close()
	p := a.progress("counting")
	defer p.done()
	c, damage = capture.Count(s, hides, p.at)
	return c, damage, nil
}

func (a *app) openSource(path string) (*source.Source, error) {
	littleGarbage()
	if path == "-" {
		return source.Pipe(a.stdin, "standard input")
	}
	s, err := source.Open(path)
	return s, pathError(path, err)
}

// conversation is a line of the output.
type conversation struct {
	Proto    string      `json:"proto"`
	Stream   *uint32     `json:"stream,omitempty"`
	A        string      `json:"a"`
	B        string      `json:"b"`
	FramesAB uint32      `json:"frames_ab"`
	BytesAB  uint64      `json:"bytes_ab"`
	FramesBA uint32      `json:"frames_ba"`
	BytesBA  uint64      `json:"bytes_ba"`
	Start    json.Number `json:"start"`
	Duration json.Number `json:"duration"`
}

// flowProtos are the protocols whose conversations are listed, in order.
var flowProtos = []layers.Proto{layers.TCP, layers.UDP, layers.IPv4, layers.IPv6, layers.Ethernet}

// listed are the conversations of a protocol in order of their first frame.
func listed(c *capture.Counted, p layers.Proto) iter.Seq[*flows.Flow] {
	return func(yield func(*flows.Flow) bool) {
		for i := range uint32(c.Len()) {
			if f := c.At(i); f.Proto == p && f.Frames != [2]uint32{} && !yield(f) {
				return
			}
		}
	}
}

func oneConversation(f *flows.Flow, start int64) conversation {
	a, b := f.Ends()
	c := conversation{
		Proto: f.Proto.Filter(), A: a.String(), B: b.String(),
		FramesAB: f.Frames[0], BytesAB: f.Bytes[0], FramesBA: f.Frames[1], BytesBA: f.Bytes[1],
		Start: seconds(f.Start, start), Duration: seconds(f.End, f.Start),
	}
	if f.Proto == layers.TCP || f.Proto == layers.UDP {
		c.A, c.B, c.Stream = a.Peer(), b.Peer(), &f.Stream
	}
	return c
}

// appendSeconds appends the time from one moment to another in seconds, with
// so many decimals, at most nine; what is less is left out.
func appendSeconds(dst []byte, to, from int64, decimals int) []byte {
	d := to - from
	if from < 0 && to > 0 && d < 0 {
		d = math.MaxInt64
	}
	if d < 0 {
		dst, d = append(dst, '-'), -d
	}
	dst = append(strconv.AppendInt(dst, d/1e9, 10), '.')
	for unit := int64(1e8); decimals > 0; decimals, unit = decimals-1, unit/10 {
		dst = append(dst, byte('0'+d/unit%10))
	}
	return dst
}

func seconds(to, from int64) json.Number { return json.Number(appendSeconds(nil, to, from, 9)) }

func writeFlowLines(w *bufio.Writer, c *capture.Counted) error {
	enc := json.NewEncoder(w)
	for _, p := range flowProtos {
		for f := range listed(c, p) {
			if err := enc.Encode(oneConversation(f, c.Start)); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeFlowTables writes a table for each protocol that has conversations.
func writeFlowTables(w *bufio.Writer, c *capture.Counted) error {
	first := true
	for _, p := range flowProtos {
		wide := flowWidths(c, p)
		if wide[0] == 0 {
			continue
		}
		if !first {
			fmt.Fprintln(w)
		}
		first = false
		for i, head := range flowHeads {
			fmt.Fprintf(w, "%*s  ", wide[i], head)
		}
		fmt.Fprintf(w, "%v: A ► B\n", p)
		var line flowLine
		for f := range listed(c, p) {
			line.set(f, c.Start)
			line.write(w, &wide)
		}
	}
	_, err := w.Write(nil) // a Writer keeps its first error
	return err
}

var flowHeads = [...]string{"stream", "frames A>B", "bytes A>B", "frames B>A", "bytes B>A", "start s", "duration s"}

// flowLine is a line of a table: a cell under each head, then the ends. There
// may be millions, so that its memory is used again.
type flowLine struct {
	cells [len(flowHeads)][]byte
	ends  []byte
}

func (l *flowLine) set(f *flows.Flow, start int64) {
	for i := range l.cells {
		l.cells[i] = l.cells[i][:0]
	}
	a, b := f.Ends()
	if f.Proto == layers.TCP || f.Proto == layers.UDP {
		l.cells[0] = strconv.AppendUint(l.cells[0], uint64(f.Stream), 10)
		l.ends = b.AppendPeer(append(a.AppendPeer(l.ends[:0]), " ► "...))
	} else {
		l.ends = b.Append(append(a.Append(l.ends[:0]), " ► "...))
	}
	for i := range f.Frames {
		l.cells[1+2*i] = strconv.AppendUint(l.cells[1+2*i], uint64(f.Frames[i]), 10)
		l.cells[2+2*i] = strconv.AppendUint(l.cells[2+2*i], f.Bytes[i], 10)
	}
	l.cells[5] = appendSeconds(l.cells[5], f.Start, start, 6)
	l.cells[6] = appendSeconds(l.cells[6], f.End, f.Start, 6)
}

// blanks are as many as a column of numbers can be wide.
const blanks = "                        "

// write writes the cells, each at the right of its column.
func (l *flowLine) write(w *bufio.Writer, wide *[len(flowHeads)]int) {
	for i, cell := range l.cells {
		w.WriteString(blanks[:wide[i]-len(cell)])
		w.Write(cell)
		w.WriteString("  ")
	}
	w.Write(l.ends)
	w.WriteByte('\n')
}

// flowWidths are the widths of a table's columns; zero where it has no line.
func flowWidths(c *capture.Counted, p layers.Proto) (wide [len(flowHeads)]int) {
	var line flowLine
	for f := range listed(c, p) {
		if wide[0] == 0 {
			for i, head := range flowHeads {
				wide[i] = len(head)
			}
		}
		line.set(f, c.Start)
		for i, cell := range line.cells {
			wide[i] = max(wide[i], len(cell))
		}
	}
	return wide
}
