package program_test

import (
	"errors"
	"syscall"
	"testing"
	"time"

	"strata/sim"
	"strata/sim/host"
	"strata/sim/host/hosttest"
	"strata/sim/program"
)

// The programs that use streams, against each other on the simulated network.
func TestSimulatedStreams(t *testing.T) {
	for name, c := range map[string]struct {
		client, server []host.Program
		messages       int
	}{
		"bulk": {list(&program.Sender{To: "10.0.2.2:9000", Network: "tcp", Size: 500_001, Count: 1, Write: 65536}),
			list(&program.Receiver{Listen: ":9000", Network: "tcp"}), 1},
		"messages over TCP": {list(&program.Sender{To: "10.0.2.2:9000", Network: "tcp", Text: "no. {n}", Count: 9, Write: 65536, Interval: time.Millisecond}),
			list(&program.Receiver{Listen: ":9000", Network: "tcp", Size: 5}), 9},
		"TCP echo": {list(&program.EchoClient{To: "10.0.2.2:7", Network: "tcp", Text: "echo", Size: 5000, Count: 2}),
			list(&program.EchoServer{Listen: ":7", Network: "tcp", Size: 5000}), 4},
		"two writes, one read": {
			list(&program.Script{Steps: []program.Step{{Dial: "10.0.2.2:80"}, {Write: "hello"}, {Write: "world"}, {CloseWrite: true}, {ReadEnd: true}}}),
			list(&program.Script{Steps: []program.Step{{Listen: ":80"}, {Accept: true}, {Sleep: 200 * time.Millisecond}, {Read: 100}, {Got: 5}, {Got: 5}, {ReadEnd: true}}}), 2},
		"half-close": {
			list(&program.Script{Steps: []program.Step{{Dial: "10.0.2.2:80"}, {Write: "how much?"}, {CloseWrite: true}, {Receive: 3000}, {ReadEnd: true}}}),
			list(&program.Script{Steps: []program.Step{{Listen: ":80"}, {Accept: true}, {Receive: 9}, {ReadEnd: true}, {WriteSize: 3000}, {Close: true}}}), 2},
	} {
		t.Run(name, func(t *testing.T) { hosttest.MustExchange(t, c.client, c.server, c.messages) })
	}
}

// Programs whose peer is not there, or goes.
func TestSimulatedFailures(t *testing.T) {
	dial := program.Step{Dial: "10.0.2.2:80"}
	listen, accept := program.Step{Listen: ":80"}, program.Step{Accept: true}
	reset := []host.Program{
		&program.Script{Steps: []program.Step{dial, {Receive: 4}, {Abort: true}}},
		&program.Script{Steps: []program.Step{listen, accept, {Write: "over"}, {ReadEnd: true}}},
	}
	for name, c := range map[string]struct {
		client, server []host.Program
		at             int // which fails
		want           error
	}{
		"closed TCP port": {list(&program.Script{Steps: []program.Step{dial}}), nil, 0, syscall.ECONNREFUSED},
		"closed UDP port": {list(&program.EchoClient{To: "10.0.2.2:7", Network: "udp", Text: "x", Count: 1, Timeout: time.Second}), nil, 0, syscall.ECONNREFUSED},
		"reset":           {reset[:1], reset[1:], 0, syscall.ECONNRESET},
	} {
		errs, _, _ := hosttest.Simulated(t, c.client, c.server)
		for i, err := range errs {
			if i == c.at && !errors.Is(err, c.want) || i != c.at && err != nil {
				t.Errorf("%s: program %d: %v", name, i, err)
			}
		}
	}
	silence := sim.Fault{Kind: sim.Lose, Rate: 1, Match: sim.Match{Proto: "tcp"}}
	errs, _, _ := hosttest.Simulated(t, list(&program.Script{Steps: []program.Step{dial}}), list(&program.Receiver{Listen: ":80", Network: "tcp"}), silence)
	if !errors.Is(errs[1], syscall.ETIMEDOUT) {
		t.Errorf("a firewall: %v", errs[1])
	}
}

// What is lost on the way stays lost with UDP, and heals with TCP.
func TestSimulatedLoss(t *testing.T) {
	for network, want := range map[string]int{"udp": 8, "tcp": 9} {
		third := sim.Fault{Kind: sim.Lose, Rate: 1, Match: sim.Match{Proto: network, Data: true, Nth: []int{3}}}
		errs, sent, same := hosttest.Simulated(t,
			list(&program.Sender{To: "10.0.2.2:9", Network: network, Text: "message {n}", Count: 9, Write: 65536, Interval: 100 * time.Millisecond}),
			list(&program.Receiver{Listen: ":9", Network: network, Size: 9}), third)
		if errs[0] != nil || errs[1] != nil || sent != 9 || same != want {
			t.Errorf("%s: %v, %d sent, %d delivered; want %d", network, errs, sent, same, want)
		}
	}
}

// On a bad link everything takes longer, and nothing else changes.
func TestSimulatedBadLink(t *testing.T) {
	faults := []sim.Fault{
		{Kind: sim.Lose, Rate: 0.05}, {Kind: sim.Corrupt, Rate: 0.02, Bit: -1}, {Kind: sim.Duplicate, Rate: 0.05},
		{Kind: sim.Reorder, Rate: 0.05, Delay: 7 * time.Millisecond},
	}
	errs, sent, same := hosttest.Simulated(t,
		list(&program.EchoClient{To: "10.0.2.2:7", Network: "tcp", Size: 20_000, Count: 3}),
		list(&program.EchoServer{Listen: ":7", Network: "tcp", Size: 20_000}), faults...)
	for i, err := range errs {
		if err != nil {
			t.Errorf("program %d: %v", i, err)
		}
	}
	if want := 6; sent != want || same != want {
		t.Errorf("%d messages sent, %d delivered; want %d", sent, same, want)
	}
}
