package socketio_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"strata/sim/host/hosttest"
	"strata/sim/socketio"
)

// transports are the ways of a client.
var transports = []string{"polling", "websocket", "upgrade"}

// events are what came to a client, as "namespace event data bytes".
func events(all []socketio.Received) (lines []string) {
	for _, r := range all {
		line := strings.Join(strings.Fields(r.Namespace+" "+r.Event+" "+r.Data), " ")
		if r.Attached > 0 {
			line += fmt.Sprintf(" +%d", r.Attached)
		}
		lines = append(lines, line)
	}
	return lines
}

// Our client with npm's server: events, answers and bytes, both ways, in two
// namespaces.
func TestClientWithNpmServer(t *testing.T) {
	t.Parallel()
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			s, addr := npmServer(t, `{}`)
			m := hosttest.New(t)
			p := socketio.NewClient()
			p.To, p.Transport, p.Patience = addr, transport, time.Minute
			last := strings.Replace(transport, "upgrade", "websocket", 1)
			p.Namespaces = []string{"/", "/chat"}
			p.On = []socketio.Reaction{{Event: "question", Ack: `["yes", 42]`}}
			p.Emits = []socketio.Emit{
				{Event: "echo", Data: `["grün 漢", {"a": [1, null]}]`},
				{Event: "echo", Namespace: "/chat", Data: `[1]`, Ack: true},
				{Event: "echo", Attach: []int{3, 70000}, Ack: true},
				{Event: "echo", Attach: []int{5}, Data: `["x"]`},
				{Event: "ask", Data: `["why"]`},
				{Event: "echo", Data: `[{n}]`, Count: 30, Every: 5 * time.Millisecond},
				{Event: "echo", Size: 100_000, Ack: true},
				// Its answer comes last: when all others have, and the upgrade is done.
				{Event: "over", Data: `["` + last + `"]`, At: 200 * time.Millisecond, Ack: true},
			}
			hosttest.MustRun(t, m, p)
			var counted []string
			got := slices.DeleteFunc(events(p.Received), func(s string) bool {
				var n int
				if k, _ := fmt.Sscanf(s, `/ echo ["echo",%d]`, &n); k == 1 {
					counted = append(counted, s)
					return true
				}
				return false
			})
			for i := range counted {
				if counted[i] != fmt.Sprintf(`/ echo ["echo",%d]`, i+1) {
					t.Errorf("%d: %s", i, counted[i])
				}
			}
			if len(counted) != 30 {
				t.Errorf("%d of 30 events came back", len(counted))
			}
			slices.Sort(got)
			for i := range got {
				got[i] = got[i][:min(len(got[i]), 70)]
			}
			wanted := []string{
				`/ ["0000000 0000008 0000016 0000024 0000032 0000040 0000048 0000056 00`,
				`/ [{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}] +70003`,
				`/ echo ["echo","grün 漢",{"a":[1,null]}]`,
				`/ echo ["echo","x",{"_placeholder":true,"num":0}] +5`,
				`/ question ["question","why"]`,
				`/chat [1]`,
				`/ ["` + last + `"]`,
			}
			slices.Sort(wanted)
			if !reflect.DeepEqual(got, wanted) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(wanted, "\n"))
			}
			if len(p.Lost) > 0 {
				t.Errorf("lost: %v", p.Lost)
			}
			s.next(`{"disconnect":"/chat","reason":"client namespace disconnect"`)
			s.stop()
			want(t, s.rest(), `{"nsp":"/","event":"echo","values":["grün 漢",{"a":[1,null]}]}`, `{"nsp":"/","event":"echo","values":["x","bytes:3030303030"]}`, `{"answer":["yes",42]}`)
			if upgrades := slices.Contains(s.all, `{"upgrade":"websocket"}`); upgrades != (transport == "upgrade") {
				t.Errorf("upgraded: %v; the server said\n%s", upgrades, strings.Join(s.all, "\n"))
			}
		})
	}
}

// npm's client with our server: the same, the other way round.
func TestServerWithNpmClient(t *testing.T) {
	t.Parallel()
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			m, addr := hosttest.New(t), hosttest.Free(t)
			p := socketio.NewServer()
			p.Listen, p.Namespaces = addr, []string{"/", "/chat"}
			p.On = []socketio.Reaction{
				{Event: "connect", Emit: "welcome", Data: `["to you"]`},
				{Event: "echo", Ack: "same"},
				{Event: "back", Emit: "back"},
				{Event: "late", Emit: "later", After: 50 * time.Millisecond},
			}
			p.Emits = []socketio.Emit{{Event: "question", Data: `["{n}"]`, Ack: true, Every: 100 * time.Millisecond, Count: 200}}
			end := m.Serve(t, p, 1)
			s := node(t, "client.js", "http://"+addr, options(transport), `[
				{"connected": true, "emit": "back", "values": ["grün 漢", {"a": [1, null]}]},
				{"ask": "echo", "values": [1, "two"]},
				{"ask": "echo", "values": ["bytes:010203", "x", "bytes:"]},
				{"emit": "back", "values": ["bytes:ff00"]},
				{"connected": true, "nsp": "/chat", "ask": "echo", "values": ["chat"]},
				{"emit": "back", "values": [1]}, {"emit": "back", "values": [2]}, {"emit": "back", "values": [3]},
				{"emit": "late", "values": []}, {"until": "later"}, {"until": "question", "count": 5}]`)
			all := s.rest()
			want(t, all, `{"connect":"/"}`, `{"nsp":"/","event":"welcome","values":["to you"],"acked":false}`, `{"nsp":"/","event":"back","values":["grün 漢",{"a":[1,null]}],"acked":false}`,
				`{"answer":[1,"two"]}`, `{"answer":["bytes:010203","x","bytes:"]}`, `{"nsp":"/","event":"back","values":["bytes:ff00"],"acked":false}`, `{"connect":"/chat"}`, `{"answer":["chat"]}`,
				`{"nsp":"/","event":"back","values":[1],"acked":false}`, `{"nsp":"/","event":"back","values":[2],"acked":false}`, `{"nsp":"/","event":"back","values":[3],"acked":false}`,
				`{"nsp":"/","event":"later","values":[],"acked":false}`, `{"done":true}`)
			asked := slices.DeleteFunc(slices.Clone(all), func(l string) bool { return !strings.Contains(l, "question") || !strings.Contains(l, `"acked":true`) })
			if len(asked) < 3 {
				t.Errorf("%d questions; the client said\n%s", len(asked), strings.Join(all, "\n"))
			}
			if err := end(); err != nil {
				t.Error(err)
			}
			answers := 0
			for _, r := range p.Received {
				if r.Event == "" {
					answers++
				}
			}
			if answers < len(asked)-1 {
				t.Errorf("%d answers to %d questions", answers, len(asked))
			}
			if sent, same := m.Count(); sent < len(asked)+6 {
				t.Errorf("%d messages sent, %d got", sent, same)
			}
		})
	}
}

// options are those of npm's client for a transport.
func options(transport string) string {
	how := map[string]string{"polling": `["polling"]`, "websocket": `["websocket"]`, "upgrade": `["polling","websocket"]`}[transport]
	return `{"transports":` + how + `,"reconnectionDelay":100,"forceNew":false}`
}

// A namespace that the server does not have.
func TestUnknownNamespace(t *testing.T) {
	t.Parallel()
	m, addr := hosttest.New(t), hosttest.Free(t)
	p := socketio.NewServer()
	p.Listen = addr
	m.Serve(t, p, 1)
	s := node(t, "client.js", "http://"+addr, options("polling"), `[{"nsp": "/none", "refused": true}]`)
	want(t, s.rest(), `{"connect_error":"/none","message":"Invalid namespace"}`)
	_, theirs := npmServer(t, "{}")
	for _, addr := range []string{addr, theirs} {
		c := socketio.NewClient()
		c.To, c.Namespaces, c.Transport = addr, []string{"/none"}, "polling"
		if err := c.Run(m); err == nil || !strings.Contains(err.Error(), `the namespace /none: "Invalid namespace"`) {
			t.Errorf("got %v", err)
		}
	}
}

// Who is in a room hears what is said there, once: three clients of npm's with
// our server, over different transports.
func TestRoomsWithNpmClients(t *testing.T) {
	t.Parallel()
	m, addr := hosttest.New(t), hosttest.Free(t)
	p := socketio.NewServer()
	p.Listen = addr
	p.On = []socketio.Reaction{
		{Event: "join", Join: "{0}", Ack: `["in"]`}, {Event: "leave", Leave: "{0}", Ack: `["out"]`},
		{Event: "tell", Emit: "told", Whom: "others", Room: "{0}"}, {Event: "shout", Emit: "shouted", Whom: "all"},
	}
	end := m.Serve(t, p, 1)
	listener := `[{"ask": "join", "values": ["kitchen"]}, {"until": "shouted"}, {"ask": "leave", "values": ["kitchen"]}, {"emit": "shout", "values": ["left"]}, {"until": "shouted", "count": 4}]`
	a, b := node(t, "client.js", "http://"+addr, options("polling"), listener), node(t, "client.js", "http://"+addr, options("websocket"), listener)
	a.next(`{"answer":["in"]}`)
	b.next(`{"answer":["in"]}`)
	c := node(t, "client.js", "http://"+addr, options("upgrade"), `[{"connected": true, "emit": "tell", "values": ["kitchen", "soup", "bytes:0102"]}, {"emit": "shout", "values": ["all"]},
		{"until": "shouted", "count": 3}, {"emit": "tell", "values": ["kitchen", "too late"]}, {"emit": "shout", "values": ["end"]}, {"until": "shouted", "count": 4}]`)
	for name, s := range map[string]*script{"a": a, "b": b, "c": c} {
		var heard []string
		for _, l := range s.rest() {
			if strings.HasPrefix(l, `{"nsp"`) {
				heard = append(heard, l)
			}
		}
		expected := []string{`{"nsp":"/","event":"told","values":["kitchen","soup","bytes:0102"],"acked":false}`}
		for _, what := range []string{"all", "left", "left", "end"} {
			expected = append(expected, `{"nsp":"/","event":"shouted","values":["`+what+`"],"acked":false}`)
		}
		if name == "c" {
			expected = expected[1:]
		}
		if !slices.Equal(heard, expected) {
			t.Errorf("%s heard\n%s", name, strings.Join(heard, "\n"))
		}
	}
	if err := end(); err != nil {
		t.Error(err)
	}
}

// A client that is stopped vanishes without a word; so does a server. Both
// sides notice by the heartbeat, and only by it.
func TestHeartbeatWithNpm(t *testing.T) {
	t.Parallel()
	for _, transport := range transports {
		t.Run("client "+transport, func(t *testing.T) {
			t.Parallel()
			m, addr := hosttest.New(t), hosttest.Free(t)
			p := socketio.NewServer()
			p.Listen, p.PingInterval, p.PingTimeout = addr, 200*time.Millisecond, 2*time.Second
			end := m.Serve(t, p, 1)
			s := node(t, "client.js", "http://"+addr, options(transport), `[{"connected": true, "emit": "alive"}, {"wait": 60000}]`)
			s.next(`{"connect":"/"}`)
			time.Sleep(1500 * time.Millisecond) // several pings, all answered
			if err := s.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
				t.Fatal(err)
			}
			time.Sleep(4 * time.Second)
			if err := end(); err == nil || !strings.Contains(err.Error(), "ping timeout") {
				t.Errorf("%s: the server tells: %v", transport, err)
			}
			if len(p.Received) != 1 || p.Received[0].Event != "alive" {
				t.Errorf("%s: got %v", transport, p.Received)
			}
		})
		t.Run("server "+transport, func(t *testing.T) {
			t.Parallel()
			s, addr := npmServer(t, `{"pingInterval":200,"pingTimeout":3000}`)
			m := hosttest.New(t)
			p := socketio.NewClient()
			p.To, p.Transport, p.Stay = addr, transport, time.Minute
			time.AfterFunc(1500*time.Millisecond, func() { s.cmd.Process.Signal(syscall.SIGSTOP) })
			start := time.Now()
			if err := p.Run(m); err == nil || !strings.Contains(err.Error(), "ping timeout") || time.Since(start) < 1500*time.Millisecond {
				t.Errorf("%s: %v after %v", transport, err, time.Since(start))
			}
		})
	}
}

// A server is started again: clients come back by themselves.
func TestReconnectToNpmServer(t *testing.T) {
	t.Parallel()
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			_, port, _ := strings.Cut(hosttest.Free(t), ":")
			s, addr := npmServer(t, `{"port":`+port+`}`)
			m := hosttest.New(t)
			p := socketio.NewClient()
			p.To, p.Transport, p.Reconnect, p.ReconnectMin, p.ReconnectMax = addr, transport, true, 50*time.Millisecond, 100*time.Millisecond
			// The second is emitted when the server has gone, at the earliest.
			p.Emits = []socketio.Emit{{Event: "echo", Data: `["{n}"]`, Ack: true, Count: 2, Every: 5 * time.Second}, {Event: "ask", At: 10 * time.Millisecond}}
			p.On = []socketio.Reaction{{Event: "question", Ack: `["one has come"]`}}
			p.Namespaces, p.Stay, p.Patience = []string{"/", "/chat"}, 10*time.Millisecond, time.Minute
			done := make(chan error, 1)
			go func() { done <- p.Run(m) }()
			s.next(`{"answer":["one has come"]}`)
			s.upgraded(transport)
			s.stop()
			s, _ = npmServer(t, `{"port":`+port+`}`)
			s.next(`{"connect":"/chat"}`)
			s.next(`{"nsp":"/","event":"echo","values":["2"]}`)
			if err := <-done; err != nil {
				t.Error(err)
			}
			if got := events(p.Received); !slices.Equal(got, []string{`/ ["1"]`, `/ question ["question"]`, `/ ["2"]`}) || len(p.Lost) == 0 {
				t.Errorf("got %q, lost %v", got, p.Lost)
			}
		})
	}
}

func TestNpmClientReconnects(t *testing.T) {
	t.Parallel()
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			addr := hosttest.Free(t)
			serve := func() (*hosttest.Machine, *socketio.Server) {
				m, p := hosttest.New(t), socketio.NewServer()
				p.Listen, p.On = addr, []socketio.Reaction{{Event: "echo", Ack: "same"}}
				m.Serve(t, p, 1)
				return m, p
			}
			first, _ := serve()
			s := node(t, "client.js", "http://"+addr, options(transport), `[{"connected": true, "ask": "echo", "values": [1]}, {"lost": true}, {"connected": true, "ask": "echo", "values": [2]}]`)
			s.next(`{"answer":[1]}`)
			s.upgraded(transport)
			first.Close()
			s.next(`{"disconnect":"/"`)
			_, p := serve()
			s.next(`{"connect":"/"}`)
			s.next(`{"answer":[2]}`)
			s.next(`{"done":true}`)
			if got := events(p.Received); !slices.Equal(got, []string{`/ echo ["echo",2]`}) {
				t.Errorf("got %q", got)
			}
		})
	}
}

// A server that is never there.
func TestReconnectGivesUp(t *testing.T) {
	t.Parallel()
	m := hosttest.New(t)
	p := socketio.NewClient()
	p.To, p.Reconnect, p.Attempts, p.ReconnectMin, p.ReconnectMax = hosttest.Free(t), true, 3, time.Millisecond, 2*time.Millisecond
	p.Emits = []socketio.Emit{{Event: "x"}}
	if err := p.Run(m); err == nil || !strings.Contains(err.Error(), "given up after 3 attempts") || len(p.Lost) != 3 {
		t.Errorf("%v, lost %v", err, p.Lost)
	}
}
