package quiz

import (
	"fmt"
	"strings"

	"strata/trace"
)

// what says what takes a segment's sequence numbers.
func (g *segment) what() string {
	var parts []string
	if g.flags&syn != 0 {
		parts = append(parts, "SYN")
	}
	if g.size > 0 {
		parts = append(parts, count(g.size, "byte")+" of data")
	}
	if g.flags&fin != 0 {
		parts = append(parts, "FIN")
	}
	if parts == nil {
		return "no data"
	}
	return strings.Join(parts, " and ")
}

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// askNext asks for the sequence number behind a segment.
func (s *scene) askNext(q *Question) bool {
	g := s.seg
	if g == nil || g.flags&rst != 0 {
		return false
	}
	base, _ := g.bases(s.t)
	q.Kind = Number
	q.Ask = fmt.Sprintf("This segment of %s begins at sequence number %s and has %s. Which sequence number comes next in its stream?",
		s.host(g.src), seqText(g.seq, base), g.what())
	q.key.number = number{value: float64(g.seq + g.numbers()), seq: true, base: base}
	why := "Every byte of data takes a number, SYN and FIN take one each, and nothing else does: "
	q.because(fmt.Sprintf("%s%s here.", why, count(int(g.numbers()), "number")), "RFC 9293 sec. 3.4", "sequence number")
	return true
}

// askAck asks how a segment is acknowledged.
func (s *scene) askAck(q *Question) bool {
	g := s.seg
	if g == nil || g.flags&rst != 0 || g.numbers() == 0 {
		return false
	}
	base, _ := g.bases(s.t)
	q.Kind = Number
	q.Ask = fmt.Sprintf("This segment begins at sequence number %s and has %s. %s has everything before it, and takes it. Which acknowledgment number says so?",
		seqText(g.seq, base), g.what(), s.host(g.dst))
	q.key.number = number{value: float64(g.seq + g.numbers()), seq: true, base: base}
	q.because("An acknowledgment names the next number that is wanted, not the last one that came: everything before it has arrived.",
		"RFC 9293 sec. 3.4", "acknowledgment", "sequence number")
	return true
}

// askDuplicate asks for the acknowledgment of a segment before which bytes are
// missing.
func (s *scene) askDuplicate(q *Question) bool {
	g := s.seg
	if g == nil || s.info.Captured || g.size == 0 {
		return false
	}
	reply, ok := g.after(s.t, func(o *segment) bool {
		return o.answers(g) && causedBy(s.t, o.f.Transmit, g.n)
	})
	if !ok {
		return false
	}
	why := s.whyMade(reply.n)
	if why != trace.TCPAckOutOfOrder {
		return false
	}
	base, _ := g.bases(s.t)
	q.Kind = Number
	q.Ask = fmt.Sprintf("This segment brings the bytes from %s on. %s still waits for bytes before them. Which acknowledgment number does it answer with?",
		seqText(g.seq, base), s.host(g.dst))
	q.key.number = number{value: float64(reply.ack), seq: true, base: base}
	s.becauseOf(q, s.made(reply.n))
	return true
}

// made is the event with which TCP made the segment in frame n; 0: there is none.
func (s *scene) made(n int) trace.EventID {
	for _, id := range s.t.Steps(n) {
		if e := s.t.Event(id); e.Kind == trace.Segment {
			return id
		}
	}
	return 0
}

func (s *scene) whyMade(n int) trace.Why { return s.t.Event(s.made(n)).Why }

// segmentWords say what kind of segment one is.
func (g *segment) words(from string) string {
	switch set := g.flags & (syn | ack | fin | rst); {
	case g.flags&rst != 0:
		return from + " sends RST"
	case set == syn:
		return from + " sends SYN"
	case set == syn|ack:
		return from + " sends SYN and ACK"
	case g.flags&fin != 0 && g.size > 0:
		return from + " sends data with FIN"
	case g.flags&fin != 0:
		return from + " sends FIN"
	case g.size > 0:
		return from + " sends data"
	}
	return from + " sends an ACK without data"
}

// askReply asks what comes after a segment that begins or ends something.
func (s *scene) askReply(q *Question) bool {
	g := s.seg
	if g == nil || s.f.Hop > 1 || g.flags&(syn|fin) == 0 {
		return false
	}
	next, ok := g.after(s.t, func(*segment) bool { return true })
	if !ok || s.made(next.n) == 0 || s.info.Captured && !next.answers(g) && next.seq == g.seq {
		return false // what a router translates is no news, nor what a capture saw twice
	}
	here, there := s.host(g.src), s.host(g.dst)
	right := next.words(s.host(next.src))
	if next.f.Resent {
		right = s.host(next.src) + " sends the same again"
	}
	wrong := []string{there + " sends SYN and ACK", there + " sends RST", there + " sends FIN", there + " sends an ACK without data",
		here + " sends the same again", here + " sends data"}
	if g.flags&fin != 0 {
		wrong = append(wrong, there+" sends SYN")
	}
	q.Ask = fmt.Sprintf("%s sends %s. What comes next on this connection?", here, strings.TrimPrefix(g.words(""), " sends "))
	s.becauseOf(q, s.made(next.n))
	return s.choose(q, right, wrong)
}

// askReplyHeader asks to fill in the header of the answer to a segment.
func (s *scene) askReplyHeader(q *Question) bool {
	g := s.seg
	if g == nil || s.f.Hop > 1 || g.numbers() == 0 {
		return false
	}
	reply, ok := g.after(s.t, func(o *segment) bool { return o.answers(g) })
	if !ok || reply.flags&ack == 0 || reply.ack != g.seq+g.numbers() {
		return false
	}
	base, _ := g.bases(s.t)
	q.Kind = Fill
	q.Rows, q.key.fields, ok = fillQuestion(s.t, reply.n, []string{"tcp.srcport", "tcp.dstport", "tcp.ack"})
	q.Ask = fmt.Sprintf("This segment goes from port %d to port %d, begins at %s and has %s. The other side answers, and acknowledges all of it. Fill in its header.",
		g.src.Port, g.dst.Port, seqText(g.seq, base), g.what())
	q.because("The answer's ports are those of the question, swapped, and its acknowledgment is the next number that is wanted.",
		"RFC 9293 sec. 3.1", "port", "acknowledgment")
	return ok
}
