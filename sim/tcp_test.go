package sim

import (
	"bytes"
	"io"
	"testing"
	"time"

	"strata/layers"
	"strata/sim/host"
	"strata/trace"
)

// TestStreamIsCutAndWhole sends 5000 bytes: 3 segments of 1460 and one of 620,
// or 3 of 1448 and one of 656 with timestamps; one message comes out.
func TestStreamIsCutAndWhole(t *testing.T) {
	for stamps, want := range map[bool][]int64{false: {1460, 1460, 1460, 620}, true: {1448, 1448, 1448, 656}} {
		var got []byte
		server := run(func(h host.Host) error {
			l, err := h.Listen("tcp", ":80")
			if err != nil {
				return err
			}
			c, err := l.Accept()
			if err != nil {
				return err
			}
			got, err = io.ReadAll(c)
			h.Got(c, len(got), nil)
			c.Close()
			return err
		})
		message := bytes.Repeat([]byte("Hello"), 1000)
		client := run(func(h host.Host) error {
			c, err := h.Dial("tcp", "10.0.2.2:80")
			if err != nil {
				return err
			}
			h.Sending(c, len(message), nil)
			c.Write(message)
			return c.Close()
		})
		cfg := routed(Program{Node: "server", Name: "s", Run: server}, Program{Node: "client", Name: "c", Run: client})
		cfg.Nodes[0].TCP.Timestamps, cfg.Nodes[2].TCP.Timestamps = stamps, stamps
		l, _ := simulate(t, cfg)
		var sizes []int64
		for i := 1; i <= l.Events(); i++ {
			e := l.Event(trace.EventID(i))
			if p := l.PDU(e.PDU); e.Kind == trace.Segment && p.Len > 0 {
				sizes = append(sizes, int64(p.Len))
			}
			if e.Kind == trace.Deliver && !bytes.Equal(l.Append(nil, e.PDU, 0, 1e6), message) {
				t.Error("another message is delivered than was sent")
			}
			if e.Kind == trace.Deliver && l.PDU(e.PDU).Proto != layers.Message {
				t.Error("what is delivered is no message")
			}
		}
		if !bytes.Equal(got, message) || len(sizes) != 4 || sizes[0] != want[0] || sizes[3] != want[3] {
			t.Errorf("%d bytes came in segments of %v, want %v\n%s", len(got), sizes, want, story(l))
		}
	}
}

// TestPortsComeAroundAgain makes so many connections that a port comes back
// while the server still holds its last connection in TIME-WAIT: the new SYN
// ends that one (RFC 9293 section 3.10.7.4) and is answered at once.
func TestPortsComeAroundAgain(t *testing.T) {
	const dials = 65536 - 49152 + 1
	done := 0
	server := run(func(h host.Host) error {
		l, err := h.Listen("tcp", ":80")
		for err == nil {
			var c io.Closer
			if c, err = l.Accept(); err == nil {
				c.Close()
			}
		}
		return err
	})
	client := run(func(h host.Host) error {
		start := h.Now()
		for range dials {
			c, err := h.Dial("tcp", "10.0.0.2:80")
			if err != nil {
				return err
			}
			io.ReadAll(c)
			c.Close()
			done++
			h.Sleep(time.Microsecond)
		}
		if d := h.Now().Sub(start); d > time.Second {
			t.Errorf("the connections took %v", d)
		}
		return nil
	})
	cfg := Config{
		Nodes: []Node{
			{Name: "a", Kind: HostNode, Interfaces: ifaces("10.0.0.1/24")},
			{Name: "b", Kind: HostNode, Interfaces: ifaces("10.0.0.2/24")},
		},
		Links:    []Link{{Name: "ab", Ends: [2]Endpoint{{"a", "eth0"}, {"b", "eth0"}}, Delay: time.Microsecond}},
		Programs: []Program{{Node: "b", Name: "server", Run: server}, {Node: "a", Name: "client", Run: client}},
	}
	n, err := New(cfg, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Run(t.Context()); err != nil || done != dials {
		t.Errorf("%d of %d connections, %v", done, dials, err)
	}
}
