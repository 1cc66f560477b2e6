package tcp

import (
	"net/netip"

	"strata/trace"
)

// ISN is the initial sequence number of a connection (RFC 6528): a clock that
// ticks every 4 µs, plus a keyed hash of the two addresses and ports.
func ISN(now trace.Time, local, remote netip.AddrPort, key [16]byte) Seq { return 0 }
