package node

import (
	"strata/layers"
	"strata/sim/tcp"
	"strata/trace"
)

// queues are what waits in a socket, in bytes, as the socket table last said.
type queues struct {
	unread, unsent           int64
	unreadSlot, unsentSlot   trace.SlotID
	unreadKnown, unsentKnown bool // the slots are
}

// set records a number of the socket table when it has changed.
func (q *queues) set(s *Station, key, field string, known *bool, slot *trace.SlotID, was *int64, n int64, why trace.Why, cause trace.EventID) {
	if *was == n || !s.Rec.On() {
		return
	}
	*was = n
	if !*known {
		*slot, *known = s.Rec.Log.Slot(trace.Slot{Node: s.id, Table: "socket", Key: key, Field: field, Type: trace.Number}), true
	}
	e := s.about(0, layers.Connection, 0, cause, why)
	s.Rec.SetSlot(e, *slot, n, n)
}

func (q *queues) setUnread(s *Station, key string, n int64, cause trace.EventID) {
	q.set(s, key, "unread", &q.unreadKnown, &q.unreadSlot, &q.unread, n, trace.SocketUnread, cause)
}

func (q *queues) setUnsent(s *Station, key string, n int64, cause trace.EventID) {
	q.set(s, key, "unsent", &q.unsentKnown, &q.unsentSlot, &q.unsent, n, trace.SocketUnsent, cause)
}

// drop takes the numbers out of the table: the socket is gone.
func (q *queues) drop(s *Station, cause trace.EventID) {
	e := s.about(0, layers.Connection, 0, cause, trace.SocketClose)
	if q.unreadKnown {
		s.Rec.SetSlot(e, q.unreadSlot, trace.Absent)
	}
	if q.unsentKnown {
		s.Rec.SetSlot(e, q.unsentSlot, trace.Absent)
	}
}

// noteQueues records what waits in a connection's socket: bytes that came and
// were not read, bytes that were written and not sent. Those do not count for
// which the program waits already: it takes them now.
func (c *conn) noteQueues(awaited bool, cause trace.EventID) {
	if n := c.in.readable(); !awaited || n < c.queues.unread {
		c.queues.setUnread(c.s, c.names.socket, n, cause)
	}
	unsent := c.out.Len() - c.sent
	if c.state == tcp.Closed {
		unsent = 0
	}
	c.queues.setUnsent(c.s, c.names.socket, unsent, cause)
}

// noteBacklog records how many connections wait to be accepted.
func (l *listener) noteBacklog(cause trace.EventID) {
	s := l.s
	if !s.Rec.On() || s.Sched.ended {
		return
	}
	slot := trace.Slot{Node: s.id, Table: "socket", Key: l.key(), Field: "backlog", Type: trace.Number}
	v := int64(l.pending)
	e := s.about(0, layers.Connection, 0, cause, trace.SocketBacklog)
	if l.closed {
		v, e.Why = trace.Absent, trace.SocketClose
	}
	s.Rec.Set(e, slot, v, int64(l.pending), int64(s.backlog))
}

// openedWhy is why a connection's socket is there, and the port that this is
// about.
func (c *conn) openedWhy() (trace.Why, int64) {
	if c.passive {
		return trace.SocketChild, int64(c.key.localPort)
	}
	return trace.SocketEphemeral, int64(c.key.localPort)
}
