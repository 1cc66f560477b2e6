package media

import (
	"bytes"
	"context"
	"net/netip"
	"os/exec"
	"strings"
	"testing"
	"time"

	"strata/sim"
	"strata/testdata/need"
	"strata/trace"
	"strata/trace/export"
)

// tshark reads the stream as RTP, over UDP and over TCP alike.
func TestTsharkReadsRTP(t *testing.T) {
	tshark := need.Tool(t, "tshark")
	for network, as := range map[string]string{"udp": "udp.port==5004,rtp", "tcp": "tcp.port==5004,rtp"} {
		node := func(name, addr string) sim.Node {
			return sim.Node{Name: name, Kind: sim.HostNode, Interfaces: []sim.Interface{{Name: "eth0", Addr: netip.MustParsePrefix(addr)}}}
		}
		s := testSender(network, "10.0.0.2:5004")
		s.Length = 200 * time.Millisecond
		n, err := sim.New(sim.Config{Until: 9 * time.Second, Nodes: []sim.Node{node("a", "10.0.0.1/24"), node("b", "10.0.0.2/24")},
			Links:    []sim.Link{{Name: "l", Ends: [2]sim.Endpoint{{Node: "a", Interface: "eth0"}, {Node: "b", Interface: "eth0"}}}},
			Programs: []sim.Program{{Node: "b", Name: "player", Run: testPlayer(network, ":5004")}, {Node: "a", Name: "sender", Run: s}}}, true)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := n.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		f, err := export.FormatNamed("pcapng")
		if err == nil {
			err = export.Write(&file, n.Trace(), f, export.Part{Ends: []trace.EndID{1}})
		}
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(tshark, "-n", "-r", "-", "-d", as, "-Y", "rtp || _ws.malformed", "-T", "fields", "-E", "separator= ", "-E", "occurrence=a",
			"-e", "rtp.version", "-e", "rtp.p_type", "-e", "rtp.seq", "-e", "rtp.timestamp", "-e", "rtp.marker", "-e", "rtp.ssrc", "-e", "_ws.malformed")
		cmd.Stdin = &file
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		// Over TCP a segment ends some packets, and begins another.
		if packets := strings.Count(string(out), "0x"); packets != 10+4*3 || strings.Count(string(out), "96") < 5 || strings.Contains(string(out), "alformed") {
			t.Errorf("%s: %d packets\n%s", network, packets, out)
		}
	}
}
