package dns_test

import (
	"testing"
	"time"

	names "strata/sim/dns"
	"strata/sim/host"
	"strata/sim/host/hosttest"
)

// Over UDP, over TCP, and over TCP after an answer that did not fit into UDP.
func TestSimulated(t *testing.T) {
	for _, c := range []struct {
		name, network string
		messages      int
	}{{"www.example", "udp", 2}, {"www.example", "tcp", 2}, {"many.example", "udp", 4}, {"many.example", "tcp", 2}} {
		client := &names.Client{Server: "10.0.2.2:53", Name: c.name, Type: "A", Network: c.network, Timeout: time.Second, Tries: 3}
		hosttest.MustExchange(t, []host.Program{client}, []host.Program{testZone(":53")}, c.messages)
	}
}
