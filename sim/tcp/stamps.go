package tcp

import "strata/trace"

// stamps are the timestamps of RFC 7323.
type stamps struct {
	on     bool   // both SYNs had the option
	offset uint32 // of this connection's clock (RFC 7323 section 5.4)
	recent uint32 // TS.Recent
	at     trace.Time
}

// tick is the timestamp clock's: RFC 7323 section 5.4 wants 1 ms to 1 s.
const tick = trace.Millisecond

// outdated is when TS.Recent is too old to judge by (RFC 7323 section 5.5).
const outdated = 24 * 24 * 3600 * trace.Second

// clock is the TSval for now.
func (s *stamps) clock(now trace.Time) uint32 { return uint32(now/tick) + s.offset }

// old says that a segment's timestamp is older than one seen before: it comes
// from an earlier turn of the sequence numbers (RFC 7323 section 5.3, R1).
func (s *stamps) old(val uint32, now trace.Time) bool {
	return int32(val-s.recent) < 0 && now-s.at < outdated
}

// take makes a segment's timestamp TS.Recent.
func (s *stamps) take(val uint32, now trace.Time) { s.recent, s.at = val, now }

// elapsed is how long ago the clock showed a value.
func (s *stamps) elapsed(ecr uint32, now trace.Time) trace.Time {
	return trace.Time(int32(s.clock(now)-ecr)) * tick
}
