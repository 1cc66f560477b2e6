package media

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"strata/sim"
	"strata/sim/host"
	"strata/sim/host/hosttest"
)

func testSender(network, to string) *Sender {
	return &Sender{To: to, Network: network, FPS: 25, Length: 4 * time.Second, Key: 25, Whole: 12_000, Change: 3_000, Packet: 1200}
}

func testPlayer(network, listen string) *Player {
	return &Player{Listen: listen, Network: network, Buffer: 200 * time.Millisecond, Timeout: time.Second}
}

// watch plays a stream through a simulated network.
func watch(t *testing.T, network string, faults ...sim.Fault) Report {
	t.Helper()
	p := testPlayer(network, ":5004")
	errs, _, _ := hosttest.Simulated(t, []host.Program{testSender(network, "10.0.2.2:5004")}, []host.Program{p}, faults...)
	if errs[0] != nil || errs[1] != nil {
		t.Fatal(errs)
	}
	if r := p.Report; r.Pictures != 100 || r.Played+r.Late+r.Lost != r.Pictures {
		t.Fatalf("%s: %v", network, r)
	}
	return p.Report
}

// With nothing lost, everything is shown, whatever carries it.
func TestGoodLink(t *testing.T) {
	for _, network := range []string{"udp", "tcp"} {
		if r := watch(t, network); r.Played != 100 || r.Frozen != 0 || r.Damaged != 0 {
			t.Errorf("%s: %v", network, r)
		}
	}
}

// The same losses: UDP leaves pictures out, and stays on time; TCP leaves out
// nothing, and stands still.
func TestLosses(t *testing.T) {
	losses := sim.Fault{Kind: sim.Lose, Rate: 0.03, Match: sim.Match{Out: "client"}}
	udp, tcp := watch(t, "udp", losses), watch(t, "tcp", losses)
	if udp.Lost == 0 || udp.Late > 0 || udp.Played != 100-udp.Lost || udp.Damaged == 0 || udp.Frozen != time.Duration(udp.Lost)*40*time.Millisecond {
		t.Errorf("udp: %v", udp)
	}
	if tcp.Played != 100 || tcp.Damaged != 0 || tcp.Frozen == 0 {
		t.Errorf("tcp: %v", tcp)
	}
}

// What is held up for longer than the buffer lasts comes too late; for less, it
// is shown, for the buffer is there for that.
func TestJitter(t *testing.T) {
	if r := watch(t, "udp", sim.Fault{Kind: sim.Jitter, Rate: 1, Delay: 150 * time.Millisecond}); r.Played != 100 || r.Jitter < 5*time.Millisecond {
		t.Errorf("%v", r)
	}
	if r := watch(t, "udp", sim.Fault{Kind: sim.Reorder, Rate: 0.05, Delay: 400 * time.Millisecond}); r.Late == 0 || r.Lost > 0 {
		t.Errorf("%v", r)
	}
	// In and out of order, doubled and damaged.
	r := watch(t, "udp", sim.Fault{Kind: sim.Reorder, Rate: 0.3, Delay: 20 * time.Millisecond}, sim.Fault{Kind: sim.Duplicate, Rate: 0.3})
	if r.Played != 100 {
		t.Errorf("%v", r)
	}
}

// On this machine, in real time.
func TestRealTime(t *testing.T) {
	for _, network := range []string{"udp", "tcp"} {
		m, addr := hosttest.New(t), hosttest.Free(t)
		p := testPlayer(network, addr)
		m.Go(func() { hosttest.MustRun(t, m, p) })
		<-m.Ready
		s := testSender(network, addr)
		s.Length = 400 * time.Millisecond
		hosttest.MustRun(t, m, s)
		for range 1200 {
			if m.Ended.Load() == 2 {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		m.Close()
		if r := p.Report; r.Pictures != 10 || r.Lost > 0 {
			t.Errorf("%s: %v", network, r)
		}
	}
}

// A stream that breaks off, and one that is none.
func TestBadPeers(t *testing.T) {
	cut := sim.Fault{Kind: sim.Lose, Rate: 1, Match: sim.Match{Out: "client", After: 2 * time.Second}}
	if r := watch(t, "udp", cut); r.Lost < 45 || r.Lost > 55 {
		t.Errorf("%v", r)
	}
	p := testPlayer("tcp", ":5004")
	errs, _, _ := hosttest.Simulated(t, []host.Program{&shout{}}, []host.Program{p})
	if errs[0] == nil || !strings.Contains(errs[0].Error(), errNoPacket.Error()) {
		t.Error(errs)
	}
}

// shout sends text where a stream is expected.
type shout struct{}

func (*shout) Run(h host.Host) error {
	c, err := h.Dial("tcp", "10.0.2.2:5004")
	if err != nil {
		return err
	}
	fmt.Fprint(c, "\x00\x05hello")
	return c.Close()
}

func TestCheck(t *testing.T) {
	for want, p := range map[string]host.Program{
		"length: that is less": &Sender{To: "10.0.2.2:1", FPS: 1, Length: time.Millisecond, Packet: 1},
		"length: a stream":     &Sender{To: "10.0.2.2:1", FPS: 1000, Length: time.Hour, Packet: 1},
		"packet: ":             &Sender{To: "10.0.2.2:1", FPS: 1, Length: time.Second, Whole: 100_000, Packet: 1},
		"to: ":                 &Sender{FPS: 1, Length: time.Second, Packet: 1},
		"listen: ":             &Player{Listen: "x"},
	} {
		if err := host.Check(p); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// Whatever comes is refused, or means the same when it is written again; and a
// player takes it.
func FuzzPacket(f *testing.F) {
	p := packet{last: true, sequence: 7, timestamp: 1, source: 2, picture: 3, pictures: 4, parts: 1, period: 3600, key: true, body: []byte("x")}
	f.Add(p.append(nil))
	f.Add(p.append(nil)[:31])
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := parse(b)
		if err != nil {
			return
		}
		again, err := parse(p.append(nil))
		if err != nil || fmt.Sprint(again) != fmt.Sprint(p) {
			t.Fatalf("%v became %v, %v", p, again, err)
		}
	})
}
