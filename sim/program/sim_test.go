package program_test

import (
	"reflect"
	"syscall"
	"testing"
	"time"

	"strata/sim/host"
	"strata/sim/host/hosttest"
	"strata/sim/program"
)

func list(p ...host.Program) []host.Program { return p }

// The programs that use datagrams, against each other on the simulated network.
func TestSimulatedDatagrams(t *testing.T) {
	for name, c := range map[string]struct {
		client, server []host.Program
		messages       int
	}{
		"datagrams": {list(&program.Sender{To: "10.0.2.2:9", Network: "udp", Text: "no. {n}", Count: 5, Interval: time.Millisecond}),
			list(&program.Receiver{Listen: ":9", Network: "udp"}), 5},
		"datagram in fragments": {list(&program.Sender{To: "10.0.2.2:9", Network: "udp", Size: 8192, Count: 1}),
			list(&program.Receiver{Listen: ":9", Network: "udp"}), 1},
		"UDP echo": {list(&program.EchoClient{To: "10.0.2.2:7", Network: "udp", Text: "hello {n}", Count: 3, Timeout: time.Second}),
			list(&program.EchoServer{Listen: ":7", Network: "udp"}), 6},
	} {
		t.Run(name, func(t *testing.T) { hosttest.MustExchange(t, c.client, c.server, c.messages) })
	}
}

func TestSimulatedPing(t *testing.T) {
	p := &program.Ping{To: "10.0.2.2", Count: 3, Size: 56, Interval: time.Second, Timeout: time.Second}
	errs, _, _ := hosttest.Simulated(t, list(p), nil)
	// 20 ms of propagation there and back; and preamble, frame and FCS, 8 + 98
	// + 4 bytes, onto links of 100 Mbit/s and 10 Mbit/s, twice.
	rtt := 20*time.Millisecond + 2*(8800+88000)*time.Nanosecond
	if errs[0] != nil || !reflect.DeepEqual(p.RTTs, []time.Duration{rtt, rtt, rtt}) {
		t.Errorf("%v, %v; want thrice %v", errs[0], p.RTTs, rtt)
	}
	p = &program.Ping{To: "10.0.9.9", Count: 1, Size: 56, Interval: time.Second, Timeout: time.Second}
	errs, _, _ = hosttest.Simulated(t, list(p), nil)
	if errs[0] == nil || errs[0].Error() != "ping 10.0.9.9: 1 of 1 requests without a reply: 10.0.1.1 answers: network unreachable" {
		t.Errorf("to no network: %v", errs[0])
	}
}

func TestSimulatedRefusal(t *testing.T) {
	p := &program.EchoClient{To: "10.0.2.2:7", Network: "udp", Text: "x", Count: 1, Timeout: time.Second}
	errs, _, _ := hosttest.Simulated(t, list(p), nil)
	hosttest.WantError(t, errs[0], syscall.ECONNREFUSED)
}
