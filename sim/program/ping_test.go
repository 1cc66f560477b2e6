package program_test

import (
	"net"
	"testing"
	"time"

	"strata/sim/host/hosttest"
	"strata/sim/program"
	"strata/testdata/need"
)

func TestPing(t *testing.T) {
	pc, err := net.ListenPacket("ip4:icmp", "127.0.0.1")
	if err != nil {
		need.Missing(t, "raw ICMP sockets need privileges: "+err.Error())
	}
	pc.Close()
	m := hosttest.New(t)
	p := &program.Ping{To: "127.0.0.1", Count: 3, Size: 1001, Interval: 5 * time.Millisecond, Timeout: time.Minute}
	hosttest.MustRun(t, m, p)
	for seq, rtt := range p.RTTs {
		if rtt <= 0 || rtt > time.Minute {
			t.Errorf("request %d: round trip took %v", seq+1, rtt)
		}
	}
	if len(p.RTTs) != 3 {
		t.Errorf("%d round trips, want 3", len(p.RTTs))
	}
}
