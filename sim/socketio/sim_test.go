package socketio_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"strata/sim"
	"strata/sim/host"
	"strata/sim/host/hosttest"
	"strata/sim/socketio"
)

func list(p ...host.Program) []host.Program { return p }

// room is a server where clients say something to each other.
func room() *socketio.Server {
	s := socketio.NewServer()
	s.Listen, s.Namespaces = ":80", []string{"/", "/chat"}
	s.PingInterval, s.PingTimeout = 2*time.Second, 20*time.Second
	s.On = []socketio.Reaction{
		{Event: "connect", Namespace: "/", Emit: "welcome", Data: `["hello"]`},
		{Event: "join", Join: "{0}"},
		{Event: "tell", Emit: "told", Whom: "others", Room: "{0}"},
		{Event: "count", Ack: "same", Emit: "counted", Whom: "all"},
		{Event: "bytes", Emit: "bytes"},
	}
	return s
}

func guest(transport string) *socketio.Client {
	c := socketio.NewClient()
	c.To, c.Transport, c.Namespaces, c.Stay, c.Patience = "10.0.2.2:80", transport, []string{"/", "/chat"}, 8*time.Second, time.Minute
	return c
}

// Three clients, two of them in a room: who gets what, in order, whatever the
// link does, and the same whatever the transport.
func TestSimulatedRoom(t *testing.T) {
	bad := []sim.Fault{{Kind: sim.Lose, Rate: 0.03}, {Kind: sim.Corrupt, Rate: 0.01, Bit: -1}, {Kind: sim.Duplicate, Rate: 0.03}, {Kind: sim.Reorder, Rate: 0.03, Delay: 7 * time.Millisecond}}
	for _, transport := range transports {
		for name, faults := range map[string][]sim.Fault{"good": nil, "bad": bad} {
			t.Run(transport+" "+name, func(t *testing.T) {
				a, b, c := guest(transport), guest(transport), guest(transport)
				a.Emits = []socketio.Emit{
					{Event: "join", Data: `["kitchen"]`},
					{Event: "tell", Data: `["kitchen", "from a"]`, At: 4 * time.Second},
					{Event: "count", Data: `[{n}]`, Count: 100, At: 3 * time.Second, Every: 20 * time.Millisecond, Ack: true},
					{Event: "bytes", Attach: []int{10, 50_000}, At: time.Second},
				}
				b.Emits = []socketio.Emit{{Event: "join", Data: `["kitchen"]`}}
				c.Emits = []socketio.Emit{{Event: "tell", Data: `["kitchen", "from c"]`, At: 4 * time.Second}}
				errs, sent, same := hosttest.Simulated(t, list(a, b, c), list(room()), faults...)
				if slices.ContainsFunc(errs, func(err error) bool { return err != nil }) {
					t.Fatal(errs)
				}
				// 3 welcomes, 2 joins, 2 tells told 3 times, 100 counts told to 3, the bytes and back.
				if n := 3 + 2 + 2 + 3 + 100 + 300 + 2; sent != n || same != n {
					t.Errorf("%d messages sent, %d delivered; want %d", sent, same, n)
				}
				told := func(c *socketio.Client) (said, counted []string) {
					for _, line := range events(c.Received) {
						if strings.HasPrefix(line, "/ told") {
							said = append(said, line)
						}
						if strings.HasPrefix(line, "/ counted") {
							counted = append(counted, line)
						}
					}
					return said, counted
				}
				for i, g := range []*socketio.Client{a, b, c} {
					said, counted := told(g)
					want := [][]string{{`/ told ["told","kitchen","from c"]`}, {`/ told ["told","kitchen","from a"]`, `/ told ["told","kitchen","from c"]`}, nil}[i]
					slices.Sort(said)
					if !slices.Equal(said, want) {
						t.Errorf("guest %d heard %q", i, said)
					}
					if len(counted) != 100 {
						t.Fatalf("guest %d: %d counts", i, len(counted))
					}
					for k, line := range counted {
						if line != fmt.Sprintf(`/ counted ["counted",%d]`, k+1) {
							t.Fatalf("guest %d: count %d is %s", i, k, line)
						}
					}
				}
			})
		}
	}
}
