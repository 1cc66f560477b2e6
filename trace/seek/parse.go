package seek

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"strata/layers"
	"strata/layers/filter"
	"strata/trace"
)

// Words are the words that a query may begin with, and what follows them.
var Words = []struct{ Word, Takes, Help string }{
	{"kind", "KIND", "events of a kind: drop, segment, state, timer-fired, …"},
	{"why", "CODE", "events with a reason, or any that begins so: tcp.rto, arp."},
	{"node", "NAME", "what happens at a node"},
	{"layer", "1-7 or tag", "what a layer does: 4, T4"},
	{"flow", "N or udp.N", "the frames of a TCP conversation, or UDP's, by its number: tcp.stream, udp.stream"},
	{"filter", "FILTER", "frames that pass a display filter"},
	{"text", "TEXT", "frames with a text, whatever its case"},
	{"hex", "BYTES", "frames with some bytes: de ad be ef"},
}

// Parse reads a query: "kind drop", "why tcp.rto", "node r1", "flow 3". Words of
// events may be put together: "kind drop node r1".
func Parse(t trace.Trace, line string) (q Query, err error) {
	q.Text = strings.TrimSpace(line)
	word, rest, _ := strings.Cut(q.Text, " ")
	rest = strings.TrimSpace(rest)
	if rest == "" {
		return q, fmt.Errorf("what is to be found? Say %s", usage())
	}
	switch word {
	case "filter":
		q.Filter, err = filter.Parse(rest)
		return q, err
	case "text":
		q.Bytes, q.Fold = []byte(strings.ToLower(rest)), true
		return q, nil
	case "hex":
		q.Bytes, err = hex.DecodeString(strings.NewReplacer(" ", "", ":", "", "-", "", "0x", "").Replace(rest))
		if err != nil || len(q.Bytes) == 0 {
			return q, fmt.Errorf("%q are no bytes in hex, as de ad be ef", rest)
		}
		return q, nil
	}
	words := strings.Fields(q.Text)
	if len(words)%2 != 0 {
		return q, fmt.Errorf("after %q something is missing", words[len(words)-1])
	}
	for i := 0; i < len(words) && err == nil; i += 2 {
		err = q.take(t, words[i], words[i+1])
	}
	if err == nil && q.Flow != 0 && (q.Kind != 0 || q.Layer != 0 || q.Node != 0 || q.Reasons != nil) {
		err = fmt.Errorf("a flow is looked for alone")
	}
	return q, err
}

func usage() string {
	var all []string
	for _, w := range Words {
		all = append(all, w.Word+" "+w.Takes)
	}
	return strings.Join(all, ", ")
}

// take reads one word with its value.
func (q *Query) take(t trace.Trace, word, value string) error {
	switch word {
	case "kind":
		if q.Kind = trace.KindNamed(value); q.Kind == 0 {
			return fmt.Errorf("there is no kind %q of events", value)
		}
	case "why":
		if q.Reasons = reasonsOf(value); len(q.Reasons) == 0 {
			return fmt.Errorf("no reason is called %q, or begins so", value)
		}
	case "node":
		for i, n := range t.Info().Nodes {
			if n.Name == value {
				q.Node = i + 1
			}
		}
		if q.Node == 0 {
			return fmt.Errorf("there is no node %q", value)
		}
	case "layer":
		for l := layers.Physical; l <= layers.Application; l++ {
			if strings.EqualFold(value, l.Tag()) || value == strconv.Itoa(int(l)) {
				q.Layer = l
			}
		}
		if q.Layer == 0 {
			return fmt.Errorf("there is no layer %q: say 1 to 7, or P1 to A7", value)
		}
	case "flow":
		if q.Flow = flowOf(t, value) + 1; q.Flow == 0 {
			return fmt.Errorf("there is no conversation %s: say the number of tcp.stream, as 0, or of udp.stream, as udp.0", value)
		}
	default:
		return fmt.Errorf("%q is nothing to look for. Say %s", word, usage())
	}
	return nil
}

// flowOf is the conversation with Wireshark's number; -1: there is none.
func flowOf(t trace.Trace, value string) int {
	proto := layers.TCP
	number, udp := strings.CutPrefix(value, "udp.")
	if udp {
		proto = layers.UDP
	}
	n, err := strconv.Atoi(strings.TrimPrefix(number, "tcp."))
	if err != nil || n < 0 {
		return -1
	}
	for i := n; i < t.Conversations(); i++ { // no stream has a greater number than its conversation
		if c := t.Conversation(i); c.Proto == proto && c.Stream == n {
			return i
		}
	}
	return -1
}
