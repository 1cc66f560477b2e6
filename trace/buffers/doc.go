// Package buffers tells what the two buffers of a transfer hold at an event:
// what its sender has written, sent and knows to be there, what its receiver
// has, misses and has handed on.
//
//	 what was read │ in order │ hole │ waits │ hole      sent │ written
//	───────────────┼──────────┼──────┼───────┼──────────┬─────┼─────────
//	               ► Read     ► Next                    Edge  High   Written
//	 acknowledged ──────────┤ Acked        ├┤ SACK
//
// A transfer is the stream of one direction of a TCP connection, or an IP
// packet that was cut into fragments; trace.Trace says of both which pieces of
// them travelled, and what came back. Of a simulation that is exact. Of a
// capture it is inferred from what passed one point: what was seen is taken to
// have arrived, unless it was sent again; what a program has read and written
// is known as far as whole messages tell.
//
// A Look costs the same wherever it falls: it reads what lies around the first
// byte that is missing, and no more of a transfer of any length.
package buffers
