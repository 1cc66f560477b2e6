package websocket_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"strata/sim"
	"strata/sim/host"
	"strata/sim/host/hosttest"
	"strata/sim/websocket"
)

// talk is one of everything.
var talk = websocket.Talk{Messages: []websocket.Message{
	{Text: "hello {n}"}, {}, {Text: "grün 漢 {n}", Size: 70_000, Fragment: 1000}, {Text: "\xff", Binary: true, Size: 125}, {Binary: true, Size: 126}, {Binary: true, Size: 65536}, {Text: "漢字漢字", Fragment: 1}},
	Repeat: 2}

func TestEcho(t *testing.T) {
	for _, deflate := range []bool{false, true} {
		t.Run(fmt.Sprintf("deflate=%v", deflate), func(t *testing.T) {
			m, addr := hosttest.New(t), hosttest.Free(t)
			both := talk
			both.Deflate = deflate
			end := m.Serve(t, &websocket.Server{Listen: addr, Echo: true, Talk: websocket.Talk{Deflate: deflate}}, 1)
			p := &websocket.Client{To: addr, Talk: both, Expect: 14, Timeout: 10 * time.Second, Ping: time.Millisecond, Reason: "done"}
			hosttest.MustRun(t, m, p)
			for i, got := range p.Received {
				sent := talk.Messages[i%len(talk.Messages)]
				want := host.Numbered(sent.Text, sent.Size, i+1)
				if !bytes.Equal(got, want.Part(0, want.Len())) {
					t.Errorf("message %d: %.80q", i+1, got)
				}
			}
			hosttest.WantMessages(t, m, 2+2*14)
			if err := end(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestBothAtOnce: neither side waits for the other before it sends.
func TestBothAtOnce(t *testing.T) {
	m, addr := hosttest.New(t), hosttest.Free(t)
	many := websocket.Talk{Messages: []websocket.Message{{Text: "{n} ", Size: 1_000_000}}, Repeat: 20}
	end := m.Serve(t, &websocket.Server{Listen: addr, Talk: many, Subprotocols: []string{"b", "a"}}, 1)
	p := &websocket.Client{To: addr, Talk: many, Expect: 20, Timeout: 20 * time.Second, Subprotocols: []string{"a", "b"}, Code: 3000}
	hosttest.MustRun(t, m, p)
	hosttest.WantMessages(t, m, 2+40)
	if err := end(); err != nil {
		t.Fatal(err)
	}
}

// TestSimulated: what is sent arrives, also when one frame in ten is lost.
func TestSimulated(t *testing.T) {
	client := func() []host.Program {
		return []host.Program{&websocket.Client{To: "10.0.2.2:80", Path: "/chat", Talk: talk, Expect: 14 + 3, Timeout: 5 * time.Minute, Ping: 2 * time.Second}}
	}
	server := func() []host.Program {
		return []host.Program{&websocket.Server{Listen: ":80", Path: "/chat", Echo: true, Talk: websocket.Talk{
			Messages: []websocket.Message{{Text: "news {n}"}}, Repeat: 3, Interval: 50 * time.Millisecond, Deflate: true}}}
	}
	hosttest.MustExchange(t, client(), server(), 2+2*14+3)
	errs, sent, same := hosttest.Simulated(t, client(), server(), sim.Fault{Kind: sim.Lose, Rate: 0.1})
	for i, err := range errs {
		if err != nil {
			t.Errorf("program %d: %v", i, err)
		}
	}
	if sent != 2+2*14+3 || same != sent {
		t.Errorf("%d messages sent, %d delivered", sent, same)
	}
}

func TestSettings(t *testing.T) {
	for want, p := range map[string]host.Program{
		"to: ":              &websocket.Client{},
		"path: ":            &websocket.Client{To: "10.0.0.1:80", Path: "chat"},
		"host: ":            &websocket.Client{To: "10.0.0.1:80", Host: "a b"},
		"code: ":            &websocket.Client{To: "10.0.0.1:80", Code: 1005},
		"reason: ":          &websocket.Client{To: "10.0.0.1:80", Reason: strings.Repeat("x", 124)},
		"subprotocols[1]: ": &websocket.Client{To: "10.0.0.1:80", Subprotocols: []string{"a", "b,c"}},
		"messages[0]: text": &websocket.Client{To: "10.0.0.1:80", Talk: websocket.Talk{Messages: []websocket.Message{{Text: "\xff"}}}},
		"listen: ":          &websocket.Server{Listen: "80"},
		"origins[0]: ":      &websocket.Server{Listen: ":80", Origins: []string{""}},
	} {
		if err := host.Check(p); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
