package origin

import (
	"strconv"
	"strings"

	"strata/layers"
	"strata/trace"
)

func (q *Asked) srcPort() { q.port(0) }
func (q *Asked) dstPort() { q.port(2) }

// port goes back over the hops; a router that translates wrote another port.
func (q *Asked) port(at int64) {
	all := q.headers()
	for i, h := range all[:len(all)-1] {
		is, was := q.bytes(h.pdu, at, 2), q.bytes(all[i+1].pdu, at, 2)
		if is[0] != was[0] || is[1] != was[1] {
			q.told(h.made)
		}
	}
	root := all[len(all)-1]
	l4 := q.bytes(root.pdu, 0, 20)
	if at == 0 {
		q.say("%s sends from this port: its socket has it", q.name(root.node)).by(q.portRFC()).on(root.made).in(q.t.FrameOf(root.made))
		q.socket(root, number16(l4))
		return
	}
	q.say("the other side's port, by which its host knows whom this is for").by(q.portRFC()).on(root.made).in(q.t.FrameOf(root.made))
	if q.t.PDU(root.pdu).Proto == layers.TCP {
		q.opened(root.pdu, l4)
		return
	}
	q.answered(header{pdu: q.packetOf(root)}, l4)
}

func (q *Asked) portRFC() string {
	if q.at.proto == layers.TCP {
		return "RFC 9293 sec. 3.1"
	}
	return "RFC 768"
}

func number16(b []byte) int { return int(b[0])<<8 | int(b[1]) }

// packetOf is the packet that the first node put a transport header in.
func (q *Asked) packetOf(root header) trace.PDUID {
	for _, c := range q.t.Children(root.pdu) {
		if q.t.PDU(c.PDU).Proto == layers.IPv4 {
			return c.PDU
		}
	}
	return q.within(layers.IPv4)
}

// socket tells how a socket came to its port, and whose it is.
func (q *Asked) socket(root header, port int) {
	if q.info.Captured {
		q.capturedPort(port)
		return
	}
	e, ok := q.socketOf(root, port)
	switch {
	case !ok:
		q.waits("the socket")
	case e == 0 && q.t.Event(root.made).Why == trace.TCPRefuse:
		q.cause(root.made)
	case e != 0:
		q.told(e)
		q.program(e)
	}
}

// capturedPort says what the number of a port lets one suppose.
func (q *Asked) capturedPort(port int) {
	if port >= 1024 {
		q.add(Inferred, "%d is no port of a well-known service: most likely the host lent it to a program for this connection", port).by("RFC 6335 sec. 6")
		return
	}
	q.add(Inferred, "%d is the port of a well-known service: a program listens there", port).by("RFC 6335 sec. 6")
}

// socketOf is the event that gave a node's program a socket with a port.
func (q *Asked) socketOf(root header, port int) (trace.EventID, bool) {
	proto := strings.ToLower(q.t.PDU(root.pdu).Proto.String())
	suffix := ":" + strconv.Itoa(port)
	return q.event("socket"+suffix, root.made, func(n trace.EventID, e trace.Event) bool {
		if e.Kind != trace.StateChange || e.Node != root.node || e.Proto != layers.Connection {
			return false
		}
		c := q.t.Change(n)
		words := strings.Fields(c.Slot.Key)
		return c.Slot.Table == "socket" && c.Slot.Field == "program" && c.New != trace.Absent &&
			len(words) == 3 && words[0] == proto && strings.HasSuffix(words[1], suffix)
	})
}

// program names the program that a socket was opened for.
func (q *Asked) program(e trace.EventID) {
	if c := q.t.Change(e); c.New != trace.Absent && c.Slot.Field == "program" {
		q.say("the socket belongs to the program %s on %s", c.Show(c.New), q.name(c.Slot.Node)).on(e)
	}
}

// opened is how the other end of a connection came to be known: the program
// named it, or its SYN did.
func (q *Asked) opened(body trace.PDUID, l4 []byte) {
	root := q.root()
	if q.t.PDU(root.pdu).Proto != layers.TCP {
		root = header{pdu: body, made: q.maker(body)}
		root.node = q.t.Event(root.made).Node
	}
	if q.t.Event(root.made).Why == trace.TCPRefuse {
		q.say("a segment for nobody is answered to where it came from").by("RFC 9293 sec. 3.10.7.1").on(root.made)
		q.cause(root.made)
		return
	}
	n, ok := q.segment("opened", true, func(o segment) bool { return o.flags&flagSYN != 0 && o.flags&flagACK == 0 })
	switch {
	case !ok:
		q.waits("the SYN")
		return
	case n >= 0:
		q.shows(n, "the SYN in frame %d came from there: the answers go back", n+1).by("RFC 9293 sec. 3.5")
		return
	case q.info.Captured:
		q.add(Inferred, "the program that opened the connection named it")
		return
	}
	e, ok := q.socketOf(root, number16(l4))
	switch {
	case !ok:
		q.waits("the socket")
	case e != 0:
		c := q.t.Change(e)
		q.say("the program %s on %s opened the connection and named address and port of the other side", c.Show(c.New), q.name(root.node)).by("RFC 9293 sec. 3.9.1.1").on(e)
	}
}

// writer names the program that wrote what a PDU carries.
func (q *Asked) writer(body trace.PDUID, what string) {
	sent := q.sendOf(body)
	if sent == 0 {
		q.maybeTold(q.maker(body))
		return
	}
	e := q.t.Event(sent)
	q.say("the program on %s %s", q.name(e.Node), what).on(sent).in(q.t.FrameOf(sent))
	q.told(sent)
}

// sendOf is the event by which a program handed over what a PDU carries; 0:
// none tells of it.
func (q *Asked) sendOf(body trace.PDUID) trace.EventID {
	for range 8 {
		for _, n := range q.t.About(body) {
			if q.t.Event(n).Kind == trace.Send {
				return n
			}
		}
		spans := q.t.ParentsAt(body, 0, max(q.t.Size(body), 1))
		if len(spans) == 0 {
			return 0
		}
		body = spans[0].Of
	}
	return 0
}
