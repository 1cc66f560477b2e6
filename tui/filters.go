package tui

import (
	"fmt"
	"net/netip"

	"strata/layers"
	"strata/trace"
)

// filterOf is the filter that a conversation's frames pass.
func filterOf(c trace.Conversation) string {
	switch {
	case c.Stream >= 0 && (c.Proto == layers.TCP || c.Proto == layers.UDP):
		return fmt.Sprintf("%s.stream == %d", c.Proto.Filter(), c.Stream)
	case c.Proto == layers.Ethernet:
		return fmt.Sprintf("eth.addr == %s && eth.addr == %s", c.A, c.B)
	}
	return addrFilter(c.A) + " && " + addrFilter(c.B)
}

// filter is the filter that the frames of a wanted conversation pass.
func (w *wanted) filter() string {
	if w.stream >= 0 {
		return filterOf(trace.Conversation{Proto: w.proto, Stream: w.stream})
	}
	return endFilter(w.proto, w.a) + " && " + endFilter(w.proto, w.b)
}

// endFilter asks for an address with its port, "10.0.0.1:80".
func endFilter(p layers.Proto, end string) string {
	ap, err := netip.ParseAddrPort(end)
	if err != nil {
		return addrFilter(end)
	}
	return fmt.Sprintf("%s && %s.port == %d", addrFilter(ap.Addr().String()), p.Filter(), ap.Port())
}

// addrFilter asks for an address of any kind.
func addrFilter(addr string) string {
	a, err := netip.ParseAddr(addr)
	switch {
	case err != nil:
		return "eth.addr == " + addr
	case a.Is4():
		return "ip.addr == " + addr
	}
	return "ipv6.addr == " + addr
}
