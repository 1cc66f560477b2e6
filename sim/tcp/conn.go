package tcp

import "strata/trace"

// Conn is one connection: RFC 9293's transmission control block.
type Conn struct {
	ready Ready
}

// New is a connection that opens actively: Step it with Open.
func New(cfg Config, iss Seq) *Conn { return nil }

// NewPassive is a connection in LISTEN, for a segment at a listener for
// which Opens is true: Step it with that segment.
func NewPassive(cfg Config, iss Seq) *Conn { return nil }

// Step takes one input at a time that never goes back.
func (c *Conn) Step(now trace.Time, in Input) *Ready { return &c.ready }

// State is the state now.
func (c *Conn) State() State { return c.ready.State }
