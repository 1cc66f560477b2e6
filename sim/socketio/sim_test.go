package socketio_test

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"strata/sim"
	"strata/sim/host"
	"strata/sim/host/hosttest"
	"strata/sim/socketio"
	"strata/sim/tls"
	"strata/trace/export"
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
				// 3 welcomes, 2 joins, 2 tells told 3 times, 100 counts answered and told to 3, the bytes and back.
				if n := 3 + 2 + 2 + 3 + 100 + 100 + 300 + 2; sent != n || same != n {
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

// Within TLS nothing is different for them.
func TestSimulatedTLS(t *testing.T) {
	for _, transport := range transports {
		server, client := room(), guest(transport)
		server.Listen, server.TLS = ":443", &tls.Setting{}
		client.To, client.TLS = "10.0.2.2:443", &tls.Setting{}
		client.Emits = []socketio.Emit{{Event: "count", Data: `[{n}]`, Count: 10, Every: 20 * time.Millisecond, Ack: true}, {Event: "bytes", Attach: []int{50_000}}}
		hosttest.MustExchange(t, list(client), list(server), 1+30+2)
	}
}

// Events go both ways as fast as they can while the client polls, changes over
// and goes on over WebSocket: none is lost, and none overtakes another.
func TestSimulatedUpgradeKeepsOrder(t *testing.T) {
	plans := 10
	if os.Getenv("STRATA_LONG") != "" {
		plans = 1000
	}
	const n = 200
	for i := range plans {
		rate := float64(i%10) / 100
		faults := []sim.Fault{{Kind: sim.Lose, Rate: rate}, {Kind: sim.Reorder, Rate: rate, Delay: time.Duration(i%50) * time.Millisecond}, {Kind: sim.Duplicate, Rate: rate / 2}}
		server, client := room(), guest("upgrade")
		server.PingTimeout = time.Minute
		server.Emits = []socketio.Emit{{Event: "tick", Data: `[{n}]`, Count: 3000, Every: time.Duration(i%20+1) * time.Millisecond}}
		client.Stay = time.Minute
		client.Emits = []socketio.Emit{
			{Event: "count", Data: `[{n}]`, Count: n, Every: time.Duration(i%5+1) * time.Millisecond},
			{Event: "bytes", Attach: []int{1, 2000}, Count: 5, Every: 7 * time.Millisecond},
		}
		errs, sent, same := hosttest.Simulated(t, list(client), list(server), faults...)
		if slices.ContainsFunc(errs, func(err error) bool { return err != nil }) {
			if rate < 0.08 {
				t.Fatalf("plan %d: %v", i, errs)
			}
			continue // it took too long, and they say so
		}
		// What the server emits when the client is on its way out may not arrive.
		if sent-same > 3000 || same < 2*n+10 {
			t.Errorf("plan %d: %d messages sent, %d delivered", i, sent, same)
		}
		next := map[string]int{"counted": 1, "tick": 0, "bytes": 0}
		for _, r := range client.Received {
			var k int
			switch _, err := fmt.Sscanf(r.Data, `["`+r.Event+`",%d]`, &k); {
			case r.Event == "bytes" && r.Attached == 2001:
				next["bytes"]++
				continue
			case r.Event == "welcome":
				continue
			case err != nil:
				t.Fatalf("plan %d: %v", i, r)
			}
			if r.Event == "tick" && next["tick"] == 0 {
				next["tick"] = k
			}
			if k != next[r.Event] {
				t.Fatalf("plan %d: %s %d where %d was due", i, r.Event, k, next[r.Event])
			}
			next[r.Event]++
		}
		if next["counted"] != n+1 || next["bytes"] != 5 || next["tick"] == 0 {
			t.Errorf("plan %d: got %v", i, next)
		}
	}
}

// The cable is cut: no FIN, no RST. Both sides notice, each by what does not
// come.
func TestSimulatedHeartbeatDeath(t *testing.T) {
	for _, transport := range transports {
		server, client := room(), guest(transport)
		server.PingInterval, server.PingTimeout = 2*time.Second, 3*time.Second
		client.Stay = time.Hour
		errs, _, _ := hosttest.Simulated(t, list(client), list(server), sim.Fault{Kind: sim.Lose, Rate: 1, Match: sim.Match{After: 5 * time.Second}})
		for i, err := range errs {
			if err == nil || !strings.Contains(err.Error(), "ping timeout") {
				t.Errorf("%s: program %d: %v", transport, i, err)
			}
		}
	}
}

// A client that lost the server tries again, each time after a longer while.
func TestSimulatedReconnect(t *testing.T) {
	for _, transport := range transports {
		server, client := room(), guest(transport)
		server.PingInterval, server.PingTimeout = time.Second, time.Second
		client.Reconnect, client.Stay = true, 40*time.Second
		client.Emits = []socketio.Emit{{Event: "count", Data: `[{n}]`, Count: 2, Every: 10 * time.Second, At: 2 * time.Second, Ack: true}}
		errs, sent, same := hosttest.Simulated(t, list(client), list(server), sim.Fault{Kind: sim.Lose, Rate: 1, Match: sim.Match{After: 5 * time.Second, Before: 20 * time.Second}})
		if errs[1] != nil || errs[0] == nil || !strings.Contains(errs[0].Error(), "ping timeout") {
			t.Errorf("%s: %v", transport, errs)
		}
		// A welcome each time, and the counts, the second of which waited for the server.
		if len(client.Lost) < 1 || sent != same || same < 6 {
			t.Errorf("%s: %d sent, %d delivered, lost: %v", transport, sent, same, client.Lost)
		}
		if got := events(client.Received); !slices.Contains(got, `/ counted ["counted",2]`) {
			t.Errorf("%s: got %q", transport, got)
		}
	}
}

// One seed, one trace: every byte and every time.
func TestSimulatedRunsAreEqual(t *testing.T) {
	run := func() []byte {
		end := func(node string) sim.Endpoint { return sim.Endpoint{Node: node, Interface: "eth0"} }
		node := func(name, address string) sim.Node {
			return sim.Node{Name: name, Kind: sim.HostNode, Interfaces: []sim.Interface{{Name: "eth0", Addr: netip.MustParsePrefix(address)}}}
		}
		client := guest("upgrade")
		client.Emits = []socketio.Emit{{Event: "count", Data: `[{n}]`, Count: 20, Every: 5 * time.Millisecond, Ack: true}, {Event: "bytes", Attach: []int{5000}}}
		cfg := sim.Config{Name: "equal", Seed: 7, Until: 20 * time.Second, Nodes: []sim.Node{node("client", "10.0.2.1/24"), node("server", "10.0.2.2/24")},
			Links:    []sim.Link{{Name: "cable", Ends: [2]sim.Endpoint{end("client"), end("server")}, Rate: 1e6, Delay: 5 * time.Millisecond, Faults: []sim.Fault{{Kind: sim.Lose, Rate: 0.1}}}},
			Programs: []sim.Program{{Node: "server", Name: "s", Run: room()}, {Node: "client", Name: "c", Run: client}}}
		n, err := sim.New(cfg, true)
		if err == nil {
			_, err = n.Run(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		f, _ := export.FormatNamed("jsonl")
		var b bytes.Buffer
		if err := export.Write(&b, n.Trace(), f, export.Part{}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	a, b := run(), run()
	if !bytes.Equal(a, b) || len(a) < 100_000 {
		t.Errorf("two runs differ: %d and %d bytes", len(a), len(b))
	}
}
