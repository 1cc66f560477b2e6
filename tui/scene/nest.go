package scene

import (
	"fmt"

	"strata/layers"
	"strata/trace"
)

// block is the bytes that one protocol adds to a PDU.
type block struct {
	Proto layers.Proto
	N     int64
}

// Text is the block on the screen: "[+14]", or in brief "+14".
func (b block) Text(brief bool) string {
	if brief {
		return fmt.Sprintf("+%d", b.N)
	}
	return fmt.Sprintf("[+%d]", b.N)
}

// Nesting is how a PDU is made up: headers from the outside in, what they
// carry, and what comes behind.
type Nesting struct {
	Heads   []block
	Tails   []block // behind the payload, from the inside out
	Payload int64
	Origin  trace.PDUID // the PDU that the payload's bytes come from
	At      int64       // where in it
	pad     int64
	fcs     int64

	Low   int64        // bytes of the headers below the socket
	From  int64        // where in origin begins what they carry
	Size  int64        // and how much it is: coats and payload
	Form  layers.Layer // whose work the payload's form is; 0: it stands there as the program has it
	proto layers.Proto // of the unit of the stream that it is, or begins with; None: not known
	Note  string       // what it is, where it is not one whole unit
}

// HeadWidth is the room that the headers' blocks take.
func (n Nesting) HeadWidth(brief bool) (w int) {
	for _, b := range n.Heads {
		w += len(b.Text(brief))
	}
	return w
}

// TailWidth is the room of the blocks behind the payload.
func (n Nesting) TailWidth(brief bool) (w int) {
	for _, b := range n.Tails {
		w += len(b.Text(brief))
	}
	return w
}

// Behind is what Ethernet puts behind what it carries: "[pad 2][FCS 4]", or in
// brief " +2+4".
func (n Nesting) Behind(brief bool) (text string) {
	for _, part := range []struct {
		name string
		n    int64
	}{{"pad", n.pad}, {"FCS", n.fcs}} {
		switch {
		case part.n == 0:
		case brief:
			text += fmt.Sprintf("+%d", part.n)
		default:
			text += fmt.Sprintf("[%s %d]", part.name, part.n)
		}
	}
	if brief && text != "" {
		text = " " + text
	}
	return text
}

// Nest follows a PDU's lineage down to what it carries.
func Nest(t trace.Trace, id trace.PDUID) Nesting {
	var out Nesting
	off, n := int64(0), t.Size(id)
	for depth := 0; id != 0 && depth < 32; depth++ {
		p := t.PDU(id)
		spans := t.Parents(id)
		if len(spans) == 0 && p.Proto.Layer() > layers.Transport || IsCoat(p.Proto) {
			break // what a program wrote
		}
		if p.Proto == layers.Stream {
			if spans = between(spans, off, n); len(spans) == 0 || t.PDU(spans[0].Of).Proto.Layer() > layers.Transport {
				break // what a program's host wrote
			}
		}
		head := int64(p.Head)
		if p.Proto == layers.ICMPv4 {
			head = min(head, layers.ICMPv4Size) // made whole by a program or host, data and all
		}
		if k := min(head-off, n); k > 0 {
			out.Heads = append(out.Heads, block{p.Proto, k})
			out.Low += k
			off, n = off+k, n-k
		}
		if len(spans) != 1 || n == 0 {
			break
		}
		s := spans[0]
		if tail := off + n - s.At - s.Len; tail > 0 {
			out.trail(p, tail, t.Info().Captured)
			n -= tail
		}
		id, off = s.Of, s.Off+off-s.At
	}
	if n > 0 {
		out.Payload, out.Origin, out.At = n, id, off
		out.From, out.Size = off, n
		if t.PDU(id).Proto == layers.Stream && !t.Info().Captured {
			out.Fill(t, t.Parents(id))
		}
	}
	return out
}

// Worn is how a PDU of layers 5 to 7 is made up: its coat, and those in it.
func Worn(t trace.Trace, id trace.PDUID, made bool) (n Nesting, ok bool) {
	n = Nesting{Payload: t.Size(id), Origin: id}
	n.Size = n.Payload
	return n, n.dress(t, id, made)
}

// trail divides what comes behind a frame's payload. Captures seldom hold the
// frame check sequence.
func (n *Nesting) trail(p trace.PDU, tail int64, captured bool) {
	const fcs = 4
	if p.Proto == layers.Ethernet && tail >= fcs && !captured {
		n.fcs, tail = fcs, tail-fcs
	}
	n.pad += tail
}

// PayloadStart reads the beginning of what a PDU carries, at most limit bytes.
func (n Nesting) PayloadStart(t trace.Trace, limit int64) []byte {
	if n.Origin == 0 {
		return nil
	}
	return t.Append(nil, n.Origin, n.At, min(n.Payload, limit))
}
