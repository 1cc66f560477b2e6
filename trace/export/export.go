// Package export writes a trace in forms that other programs and people read.
//
//	             ┌──> pcapng       every frame where it left and where it arrived
//	             ├──> JSON Lines   every event, for programs
//	trace.Trace ─┼──> text         every event, for people
//	             ├──> Mermaid      the frames between the nodes
//	             └──> SVG          the frames between the nodes, drawn over time
//
// All of them read the trace once, front to back, and write as they go: what
// they hold does not grow with the trace. The same trace gives the same bytes.
// Texts from the trace lose their control characters on the way out.
package export

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"strata/trace"
)

// Format is a form that a trace can be written in.
type Format string

// The formats, by the ending of their files.
const (
	PcapNG    Format = "pcapng"
	JSONLines Format = "jsonl"
	Text      Format = "txt"
	Mermaid   Format = "mmd"
	SVG       Format = "svg"
)

var writers = map[Format]func(*bufio.Writer, trace.Trace, Part) error{
	PcapNG: writePcapNG, JSONLines: writeJSONLines, Text: writeText, Mermaid: writeMermaid, SVG: writeSVG,
}

// Formats lists the formats' names.
func Formats() []string {
	return []string{string(PcapNG), string(JSONLines), string(Text), string(Mermaid), string(SVG)}
}

// FormatNamed finds a format by its name.
func FormatNamed(name string) (Format, error) {
	if !slices.Contains(Formats(), name) {
		return "", fmt.Errorf("unknown format %q: use one of %s", name, strings.Join(Formats(), ", "))
	}
	return Format(name), nil
}

// FormatOf finds the format that a file's ending names.
func FormatOf(path string) (Format, error) {
	f, err := FormatNamed(strings.ToLower(strings.TrimPrefix(filepath.Ext(path), ".")))
	if err != nil {
		return "", fmt.Errorf("%s: the ending says no known format: use one of .%s", path, strings.Join(Formats(), ", ."))
	}
	return f, nil
}

// Part is what of a trace is written. The zero Part is all of it.
type Part struct {
	Ends   []trace.EndID        // for PcapNG: the link ends whose interfaces and frames are written; empty: all
	Frames func(frame int) bool // whether a frame and its events are; nil: all are
}

func (p Part) has(frame int) bool { return p.Frames == nil || p.Frames(frame) }

// Write writes a part of the trace to w. The error is the writer's.
func Write(w io.Writer, t trace.Trace, f Format, part Part) error {
	b := bufio.NewWriterSize(w, 1<<16)
	if err := writers[f](b, t, part); err != nil {
		return err
	}
	return b.Flush()
}

// EndNamed finds a link's end by its name, "client:eth0".
func EndNamed(info *trace.Info, name string) (trace.EndID, error) {
	var names []string
	for _, e := range allEnds(info) {
		if info.EndName(e) == name {
			return e, nil
		}
		names = append(names, info.EndName(e))
	}
	return trace.NoEnd, fmt.Errorf("no interface %q: there are %s", name, strings.Join(names, ", "))
}

func allEnds(info *trace.Info) []trace.EndID {
	ends := make([]trace.EndID, 0, 2*len(info.Links))
	for i := range 2 * len(info.Links) {
		ends = append(ends, trace.EndID(i))
	}
	return ends
}

// heading is the trace's name and, where it has one, its title.
func heading(info *trace.Info) string {
	if info.Title == "" {
		return info.Name
	}
	return info.Name + ": " + info.Title
}

// clean replaces control characters, which a terminal or an XML reader would
// take for commands or refuse, by "?"; lone bytes that are no UTF-8 too.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if isControl(r) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

// isControl also holds for what changes the direction of text or is no
// character at all: U+2028 to U+202E, U+2066 to U+2069, U+FFFE, U+FFFF.
func isControl(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 ||
		r == 0xfffe || r == 0xffff
}
