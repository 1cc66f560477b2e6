package export

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
	"unicode/utf8"

	"strata/layers"
	"strata/trace"
)

// timeLayout is RFC 3339 with all nine decimals.
const timeLayout = "2006-01-02T15:04:05.000000000Z"

// jsonLines writes one object a line. Its fields' order is fixed, so each is
// appended by hand: a trace may have tens of millions of lines.
type jsonLines struct {
	t    trace.Trace
	b    []byte
	data []byte // of one message, for its digest
}

func writeJSONLines(w *bufio.Writer, t trace.Trace, part Part) error {
	j := &jsonLines{t: t}
	j.header(t.Info())
	if _, err := w.Write(j.b); err != nil {
		return err
	}
	for n := trace.EventID(1); int(n) <= t.Events(); n++ {
		if !part.has(t.FrameOf(n)) {
			continue
		}
		j.event(n)
		if _, err := w.Write(j.b); err != nil {
			return err
		}
	}
	return nil
}

func (j *jsonLines) header(info *trace.Info) {
	j.b = append(j.b[:0], `{"strata":1,"name":`...)
	j.b = appendString(j.b, info.Name)
	j.b = append(j.b, `,"start":"`...)
	j.b = info.Start.UTC().AppendFormat(j.b, timeLayout)
	j.b = append(j.b, `","nodes":[`...)
	for i, n := range info.Nodes {
		if i > 0 {
			j.b = append(j.b, ',')
		}
		j.b = append(j.b, `{"name":`...)
		j.b = appendString(j.b, n.Name)
		j.text("kind", n.Kind)
		j.b = append(j.b, `,"addrs":[`...)
		j.strings(n.Addrs...)
		j.b = append(j.b, `]}`...)
	}
	j.b = append(j.b, `],"links":[`...)
	for i, l := range info.Links {
		if i > 0 {
			j.b = append(j.b, ',')
		}
		j.b = append(j.b, `{"name":`...)
		j.b = appendString(j.b, l.Name)
		j.b = append(j.b, `,"endpoints":[`...)
		j.strings(info.EndName(trace.EndID(2*i)), info.EndName(trace.EndID(2*i+1)))
		j.b = append(j.b, ']')
		j.number("rate", l.Rate)
		j.b = append(j.b, `,"delay":`...)
		j.b = appendSeconds(j.b, l.Delay)
		j.number("mtu", int64(l.MTU))
		j.b = append(j.b, '}')
	}
	j.b = append(j.b, "]}\n"...)
}

func (j *jsonLines) event(n trace.EventID) {
	e := j.t.Event(n)
	j.b = append(j.b[:0], `{"n":`...)
	j.b = strconv.AppendUint(j.b, uint64(n), 10)
	j.b = append(j.b, `,"t":`...)
	j.b = appendSeconds(j.b, e.Time)
	j.text("node", j.t.Info().Nodes[e.Node].Name)
	j.number("layer", int64(e.Layer))
	j.text("kind", e.Kind.String())
	if e.Proto != layers.None {
		j.text("proto", e.Proto.Filter())
	}
	if e.PDU != 0 {
		j.pdu(n, e)
	}
	if e.Why != 0 {
		j.text("why", e.Why.String())
		j.text("text", j.t.Text(n))
	}
	if e.Cause != 0 {
		j.number("cause", int64(e.Cause))
	}
	switch e.Kind {
	case trace.Send, trace.Deliver:
		j.message(n, e)
	case trace.Write, trace.Read:
		off, size := j.t.Extent(n)
		j.number("offset", off)
		j.number("length", size)
	case trace.StateChange:
		j.change(j.t.Change(n))
	}
	if e.Inferred {
		j.b = append(j.b, `,"inferred":true`...)
	}
	j.b = append(j.b, "}\n"...)
}

// pdu writes which PDU the event is about, what it was made of, and its
// length: for a segment what RFC 9293 calls its length, the stream's bytes in
// it; else the whole. A stream grows, and is made of all segments in the end:
// of it, only the range that is written or read is told.
func (j *jsonLines) pdu(n trace.EventID, e trace.Event) {
	j.number("pdu", int64(e.PDU))
	p, size := j.t.PDU(e.PDU), j.t.Size(e.PDU)
	switch {
	case p.Proto == layers.Stream && (e.Kind == trace.Read || e.Kind == trace.Write):
		_, size = j.t.Extent(n)
	case p.Proto == layers.Stream:
		return
	default:
		j.parents(e.PDU)
	}
	if e.Kind == trace.Segment {
		size = int64(p.Len)
	}
	j.number("len", size)
}

func (j *jsonLines) parents(id trace.PDUID) {
	last := trace.PDUID(0)
	for _, s := range j.t.Parents(id) {
		switch {
		case s.Of == last || s.Len == 0:
			continue
		case last == 0:
			j.b = append(j.b, `,"of":[`...)
		default:
			j.b = append(j.b, ',')
		}
		last = s.Of
		j.b = strconv.AppendUint(j.b, uint64(s.Of), 10)
	}
	if last != 0 {
		j.b = append(j.b, ']')
	}
}

// digestChunk bounds the memory that a message's digest takes.
const digestChunk = 1 << 20

func (j *jsonLines) message(n trace.EventID, e trace.Event) {
	from, to := j.t.Peers(n)
	j.text("from", from)
	j.text("to", to)
	h := sha256.New()
	for off := int64(0); off < j.t.Size(e.PDU); off += digestChunk {
		j.data = j.t.Append(j.data[:0], e.PDU, off, digestChunk)
		h.Write(j.data)
	}
	j.b = append(j.b, `,"sha256":"`...)
	j.b = hex.AppendEncode(j.b, h.Sum(nil))
	j.b = append(j.b, '"')
}

func (j *jsonLines) change(c trace.Change) {
	j.text("table", c.Slot.Table)
	j.text("key", c.Slot.Key)
	j.text("field", c.Slot.Field)
	j.value("old", c, c.Old)
	j.value("new", c, c.New)
}

// value writes a state's value: null where there is none, durations in
// seconds, numbers as such, everything else as it is shown.
func (j *jsonLines) value(name string, c trace.Change, v int64) {
	switch {
	case v == trace.Absent:
		j.b = append(append(append(j.b, `,"`...), name...), `":null`...)
	case c.Slot.Type == trace.Duration:
		j.b = append(append(append(j.b, `,"`...), name...), `":`...)
		j.b = appendSeconds(j.b, trace.Time(v))
	case c.Slot.Type == trace.Number, c.Slot.Type == trace.Rate:
		j.number(name, v)
	default:
		j.text(name, c.Show(v))
	}
}

func (j *jsonLines) number(name string, v int64) {
	j.b = append(append(append(j.b, `,"`...), name...), `":`...)
	j.b = strconv.AppendInt(j.b, v, 10)
}

func (j *jsonLines) text(name, s string) {
	j.b = append(append(append(j.b, `,"`...), name...), `":`...)
	j.b = appendString(j.b, s)
}

func (j *jsonLines) strings(all ...string) {
	for i, s := range all {
		if i > 0 {
			j.b = append(j.b, ',')
		}
		j.b = appendString(j.b, s)
	}
}

// appendSeconds writes a time as seconds with nine decimals.
func appendSeconds(b []byte, t trace.Time) []byte {
	if t < 0 {
		b = append(b, '-')
		t = -t
	}
	b = strconv.AppendInt(b, int64(t)/int64(time.Second), 10)
	b = append(b, '.')
	rest := int64(t) % int64(time.Second)
	for unit := int64(time.Second) / 10; unit > 0; unit /= 10 {
		b = append(b, byte('0'+rest/unit%10))
	}
	return b
}

// appendString writes a JSON string (RFC 8259 sec. 7) that is safe to print:
// control characters, C1 included, are escaped.
func appendString(b []byte, s string) []byte {
	const digits = "0123456789abcdef"
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case isControl(r):
			b = append(b, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}
