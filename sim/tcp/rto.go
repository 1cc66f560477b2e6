package tcp

import "strata/trace"

// estimator computes the retransmission timeout (RFC 6298).
type estimator struct {
	srtt, rttvar, rto trace.Time
	sampled           bool
	last              trace.Time // the last sample

	// One segment at a time is timed, unless timestamps do it.
	timing bool
	upTo   int64 // acknowledged up to here, the timed segment has arrived
	sentAt trace.Time
}

// RFC 6298: (2.1) and (2.4) and (2.5).
const (
	initialRTO = 1 * trace.Second
	minRTO     = 1 * trace.Second
	maxRTO     = 60 * trace.Second
)

// synLostRTO is for data after a lost SYN (RFC 6298 section 5.7).
const synLostRTO = 3 * trace.Second

// granularity is the G of RFC 6298.
const granularity = trace.Millisecond

// sample enters a round-trip time. Where several are taken in one window, as
// with timestamps, each counts for one of expected, or the past would be
// forgotten too soon (RFC 7323 appendix G).
func (e *estimator) sample(r trace.Time, expected int) {
	e.last = r
	if !e.sampled {
		e.sampled = true
		e.srtt, e.rttvar = r, r/2
	} else {
		n := trace.Time(expected)
		off := e.srtt - r
		if off < 0 {
			off = -off
		}
		// RTTVAR first, with the old SRTT (RFC 6298 section 2.3).
		e.rttvar += (off - e.rttvar) / (4 * n)
		e.srtt += (r - e.srtt) / (8 * n)
	}
	e.rto = min(maxRTO, max(minRTO, e.srtt+max(granularity, 4*e.rttvar)))
}

// backOff doubles the timeout (RFC 6298 section 5.5).
func (e *estimator) backOff() { e.rto = min(maxRTO, 2*e.rto) }

// sampleRTT takes the sample that an acknowledgment of n new bytes gives.
func (c *Conn) sampleRTT(seg *Segment, n int64) {
	e := &c.rtt
	switch {
	case c.stamps.on && seg.Options.HasTimestamps:
		// Also right for what was sent again: the echo tells which one
		// arrived (RFC 7323 section 4).
		if r := c.stamps.elapsed(seg.Options.TSEcr, c.now); r >= 0 && r <= c.now {
			flight := int(n + c.snd.nxt - c.snd.una)
			e.sample(r, max(1, (flight+2*c.snd.mss-1)/(2*c.snd.mss)))
		}
	case e.timing && c.snd.una >= e.upTo:
		e.timing = false
		e.sample(c.now-e.sentAt, 1)
	}
}

// timeSegment times a segment that is sent for the first time.
func (e *estimator) timeSegment(upTo int64, now trace.Time) {
	if !e.timing {
		e.timing, e.upTo, e.sentAt = true, upTo, now
	}
}
