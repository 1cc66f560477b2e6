// Package dns has the programs that speak DNS (RFC 1034 and 1035), and the
// resolver that other programs find names with:
//
//	Client   ── one question ──────────────> Server: the zone's records
//	Resolver ── only what it does not know ──┘
//	   └─ cache, the host's table "dns"
//
// Questions go over UDP, and over TCP when an answer is cut (RFC 7766).
// Messages are encoded and decoded by miekg/dns.
package dns
