// Package origin answers "where does this byte come from?" for any byte on a
// wire: which program wrote it, or which layer's rule, table, or earlier packet
// decided what it is.
//
//	byte ──> field ──rule──> link ─> link ─> link      nearest cause first
//	  │                        │      │       └ a program's Send, a drawn number
//	  │                        │      └ an entry of a table, as an event set it
//	  └─lineage─> its own PDU  └ the header's maker, an earlier frame
//
// A rule belongs to a field's name, or to a protocol; it reads the trace: which
// event made the header, on which hop, and what its node knew then. What lies
// far back is looked for in slices: Work goes on for as long as a screen can
// wait, and Links tells what is known so far.
//
// A simulation recorded how everything came about. In a capture, earlier frames
// were seen, what hosts did follows from them, and much cannot be known.
//
//	origin.go   the question, and how it is worked on
//	place.go    which field and which PDU a byte belongs to, and who made it
//	find.go     what is looked for: earlier changes, frames, steps
//	rules.go    the table; link.go, network.go, tcp.go, ports.go: headers
//	content.go  what headers carry
package origin

import (
	"fmt"
	"time"

	"strata/layers"
	"strata/trace"
)

// Known says how a link of the chain is known.
type Known uint8

// The ways of knowing.
const (
	Recorded Known = iota // by a simulation, which did it
	Seen                  // the frames of a capture show it
	Inferred              // it follows from what was seen
	Unknown               // it cannot be known from here
)

var knownWords = [...]string{Recorded: "recorded", Seen: "seen", Inferred: "inferred", Unknown: "cannot be known from here"}

// String is the word for it.
func (k Known) String() string { return knownWords[k%4] }

// Link is one cause: a sentence, the document that rules it, and where to look
// at it.
type Link struct {
	Text  string // a plain sentence, with the numbers of this packet
	RFC   string // "RFC 826"; empty: no document rules it
	Known Known
	Event trace.EventID // that did it; 0: none is named
	Frame int           // that shows it; -1: none is named

	// The bytes that it was made of, where these lie somewhere: [From, To) of
	// PDU; 0: nowhere.
	PDU      trace.PDUID
	From, To int64
}

// Asked is a question about some bytes, and what is known of their origin. It
// is not safe for use by several goroutines at once.
type Asked struct {
	t     trace.Trace
	info  *trace.Info
	frame int
	at    place
	links []Link
	finds map[string]*find
	open  bool // something is still being looked for
}

// Ask is a question about the bytes [from, to) of a PDU that a frame carries,
// or that some step of the frame is about. Of several fields there, the named
// one is meant, or, when field is empty, the first of the smallest.
func Ask(t trace.Trace, frame int, pdu trace.PDUID, from, to int64, field string) *Asked {
	q := &Asked{t: t, info: t.Info(), frame: frame, finds: map[string]*find{}}
	q.at = q.locate(pdu, from, to, field)
	q.tell()
	return q
}

// Work goes on looking for about as long as d, and reports whether there is
// more to look for.
func (q *Asked) Work(d time.Duration) bool {
	for begin := time.Now(); q.open; {
		news := false
		for _, f := range q.finds {
			for !f.done && time.Since(begin) < d {
				news = !f.look(q.t) || news
			}
		}
		if news {
			q.tell()
		}
		if time.Since(begin) >= d {
			break
		}
	}
	return q.open
}

// Links are the causes, the nearest first; there is always one. The last is
// the root, as far as it can be told.
func (q *Asked) Links() []Link { return q.links }

// Field is the field that the bytes belong to; nil: they are content that no
// table knows.
func (q *Asked) Field() *layers.Field {
	if q.at.node == nil {
		return nil
	}
	return q.at.node.Field
}

// Shown is the field's value as people read it.
func (q *Asked) Shown() string {
	if q.at.node == nil {
		return ""
	}
	return q.at.node.Show
}

// Proto is the protocol that the bytes belong to.
func (q *Asked) Proto() layers.Proto { return q.at.proto }

// tell applies the rules, with what was found so far.
func (q *Asked) tell() {
	q.links, q.open = q.links[:0], false
	if q.t.Frames() == 0 {
		q.add(Unknown, "no frame was sent")
		return
	}
	q.damage()
	n := len(q.links)
	q.rule()
	if len(q.links) == n {
		q.fallback()
	}
}

// add adds a link, and gives it to be completed.
func (q *Asked) add(k Known, format string, args ...any) *Link {
	q.links = append(q.links, Link{Text: fmt.Sprintf(format, args...), Known: k, Frame: -1})
	return &q.links[len(q.links)-1]
}

// say adds a link about what a node did: recorded, or inferred in a capture.
func (q *Asked) say(format string, args ...any) *Link {
	if q.info.Captured {
		return q.add(Inferred, format, args...)
	}
	return q.add(Recorded, format, args...)
}

// shows adds a link about what a frame shows.
func (q *Asked) shows(frame int, format string, args ...any) *Link {
	k := Recorded
	if q.info.Captured {
		k = Seen
	}
	l := q.add(k, format, args...)
	l.Frame = frame
	return l
}

// waits adds a link that says that something is still being looked for.
func (q *Asked) waits(what string) { q.say("…looking for %s", what) }

// by names the RFC, on names the event.
func (l *Link) by(rfc string) *Link { l.RFC = rfc; return l }
func (l *Link) on(e trace.EventID) *Link {
	l.Event = e
	return l
}

// in names the frame.
func (l *Link) in(frame int) *Link { l.Frame = frame; return l }

// of names the bytes that it was made of.
func (l *Link) of(pdu trace.PDUID, from, to int64) *Link {
	l.PDU, l.From, l.To = pdu, from, to
	return l
}

// told adds an event's own reason.
func (q *Asked) told(e trace.EventID) {
	ev := q.t.Event(e)
	if text := q.t.Text(e); text != "" {
		q.step(q.say("%s", text).by(ev.Why.Reason().RFC), e)
	}
}

// step names an event and its frame. In a capture, what a unit of several
// frames holds is known with the last of them.
func (q *Asked) step(l *Link, e trace.EventID) *Link {
	frame := q.t.FrameOf(e)
	if q.info.Captured && frame > q.frame {
		l.Text += fmt.Sprintf(" That is known with frame %d, in which it is whole.", frame+1)
	}
	return l.on(e).in(frame)
}

// name is a node's name.
func (q *Asked) name(n trace.NodeID) string {
	if int(n) >= len(q.info.Nodes) {
		return "a node"
	}
	return q.info.Nodes[n].Name
}
