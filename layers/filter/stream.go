package filter

import (
	"strings"

	"strata/layers"
)

// needsStream says whether a test asks for what other frames tell.
func (t *test) needsStream() bool {
	switch t.op {
	case testAll:
		return false
	case testAnd, testOr:
		return t.a.needsStream() || t.b.needsStream()
	case testNot:
		return t.a.needsStream()
	}
	for _, m := range t.set {
		if m.low.needsStream() || m.high != nil && m.high.needsStream() {
			return true
		}
	}
	return t.left.needsStream() || t.right != nil && t.right.needsStream()
}

func (o *operand) needsStream() bool {
	for _, of := range o.of {
		if of.needsStream() {
			return true
		}
	}
	return o.entry != nil && o.entry.needsStream()
}

// needsStream says whether a name's values depend on other frames. Where it is
// not sure, they do.
func (e *entry) needsStream() bool {
	switch {
	case e.source == inFrame:
		return e.name == "frame.protocols"
	case e.source == inExpert, e.source == inData, e.shared:
		return true
	}
	switch e.home {
	case layers.TCP:
		switch e.name {
		case "tcp.seq", "tcp.ack", "tcp.window_size": // they stand in the header, but are shown by what came before
			return true
		}
		_, header := quickPlaces[e.name]
		return !e.proto && !header && !strings.HasPrefix(e.name, "tcp.options")
	case layers.UDP:
		_, header := quickPlaces[e.name]
		return !e.proto && !header
	}
	if e.home.Layer() >= layers.Session {
		return true
	}
	for _, word := range []string{"reassembled", "fragment", "stream", "resp", "request", "time"} {
		if strings.Contains(e.name, word) {
			return true
		}
	}
	return false
}
