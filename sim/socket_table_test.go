package sim

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"strata/sim/host"
	"strata/trace"
)

// changes lists what became of a field of a node's socket table: "key: value".
func changes(l *trace.Log, node, field string) (out []string) {
	for i := 1; i <= l.Events(); i++ {
		n := trace.EventID(i)
		if l.Event(n).Kind != trace.StateChange {
			continue
		}
		c := l.Change(n)
		if l.Info().Nodes[c.Slot.Node].Name == node && c.Slot.Table == "socket" && c.Slot.Field == field {
			out = append(out, c.Slot.Key+": "+c.Show(c.New))
		}
	}
	return out
}

// A program that reads late lets bytes wait in its socket; then its window is
// closed, and the rest waits in the sender's.
func TestSocketQueues(t *testing.T) {
	server := run(func(h host.Host) error {
		l, err := h.Listen("tcp", ":80")
		if err != nil {
			return err
		}
		c, err := l.Accept()
		if err != nil {
			return err
		}
		h.Sleep(5 * time.Second)
		b := make([]byte, 1000)
		for {
			if _, err := c.Read(b); err != nil {
				return err
			}
		}
	})
	cfg := routed(Program{Node: "server", Name: "s", Run: server}, Program{Node: "client", Name: "c", Run: hello("10.0.2.2:80", 5000)})
	cfg.Nodes[2].TCP.ReceiveBuffer = 3000
	cfg.Until = time.Minute
	l, _ := simulate(t, cfg)
	unsent := changes(l, "client", "unsent")
	key := "tcp 10.0.1.2:49152 10.0.2.2:80"
	if len(unsent) < 2 || unsent[0] != key+": 2080" || !slices.Contains(unsent, key+": 0") {
		t.Errorf("the sender's queue: %q", unsent)
	}
	unread := changes(l, "server", "unread")
	key = "tcp 10.0.2.2:80 10.0.1.2:49152"
	if len(unread) < 5 || unread[0] != key+": 1460" || unread[1] != key+": 2920" || !slices.Contains(unread, key+": 0") {
		t.Errorf("the receiver's queue: %q", unread)
	}
	// A program that waits for them takes them at once: nothing is queued.
	cfg = routed(Program{Node: "server", Name: "s", Run: run(drain)}, Program{Node: "client", Name: "c", Run: hello("10.0.2.2:80", 1000)})
	if l, _ = simulate(t, cfg); len(changes(l, "server", "unread"))+len(changes(l, "client", "unsent")) > 0 {
		t.Errorf("queues: %q, %q", changes(l, "server", "unread"), changes(l, "client", "unsent"))
	}
}

// The same for datagrams, and which socket gets what on one port.
func TestDatagramQueues(t *testing.T) {
	late := run(func(h host.Host) error {
		c, err := h.ListenPacket("udp", ":9")
		if err != nil {
			return err
		}
		h.Sleep(time.Second)
		b := make([]byte, 100)
		for range 2 {
			if _, from, err := c.ReadFrom(b); err != nil {
				return err
			} else if _, err := c.WriteTo([]byte("answer"), from); err != nil {
				return err
			}
		}
		return nil
	})
	ask := run(func(h host.Host) error {
		c, err := h.Dial("udp", "10.0.2.2:9")
		if err != nil {
			return err
		}
		c.Write([]byte("one"))
		c.Write([]byte("three"))
		_, err = c.Read(make([]byte, 100))
		return err
	})
	cfg := routed(Program{Node: "server", Name: "s", Run: late}, Program{Node: "client", Name: "c", Run: ask})
	l, _ := simulate(t, cfg)
	key := "udp 0.0.0.0:9 *: "
	if got := changes(l, "server", "unread"); !slices.Equal(got, []string{key + "3", key + "8", key + "5", key + "0"}) {
		t.Errorf("the queue: %q", got)
	}
	for w, n := range map[trace.Why]int{trace.UDPDeliver: 2, trace.UDPToPeer: 2, trace.SocketEphemeral: 1, trace.SocketOpen: 1} {
		if got := why(l, w); got != n {
			t.Errorf("%v: %d times, want %d", w, got, n)
		}
	}
}

// Connections wait for a program that is slow to accept them, no more than the
// backlog has room for.
func TestBacklogShows(t *testing.T) {
	slow := run(func(h host.Host) error {
		l, err := h.Listen("tcp", ":80")
		if err != nil {
			return err
		}
		h.Sleep(500 * time.Millisecond)
		for range 3 {
			if _, err := l.Accept(); err != nil {
				return err
			}
		}
		return l.Close()
	})
	cfg := routed(Program{Node: "server", Name: "s", Run: slow})
	cfg.Nodes[2].Backlog = 2
	cfg.Until = 3 * time.Second
	for i := range 3 {
		cfg.Programs = append(cfg.Programs, Program{Node: "client", Name: fmt.Sprint("c", i), Start: time.Duration(i+1) * time.Millisecond, Run: hello("10.0.2.2:80", 1)})
	}
	l, _ := simulate(t, cfg)
	key := "tcp 0.0.0.0:80 *: "
	if got := changes(l, "server", "backlog"); !slices.Equal(got, []string{key + "1", key + "2", key + "1", key + "0", key + "1", key + "0", key + "none"}) {
		t.Errorf("the backlog: %q", got)
	}
	if why(l, trace.TCPBacklog) != 1 || why(l, trace.SocketChild) != 3 {
		t.Errorf("%d refused, %d made", why(l, trace.TCPBacklog), why(l, trace.SocketChild))
	}
}
