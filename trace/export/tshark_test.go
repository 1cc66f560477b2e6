package export

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"strata/testdata/need"
	"strata/trace"
)

// read gives fields of every packet of a capture file as tshark reads them,
// with every checksum checked.
func read(t *testing.T, file []byte, fields ...string) [][]string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pcapng")
	if err := os.WriteFile(path, file, 0o666); err != nil {
		t.Fatal(err)
	}
	args := []string{"-r", path, "-n", "-o", "eth.check_fcs:TRUE", "-o", "ip.check_checksum:TRUE",
		"-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-T", "fields", "-E", "separator=\x1f"}
	for _, f := range fields {
		args = append(args, "-e", f)
	}
	out, err := exec.Command(need.Tool(t, "tshark"), args...).Output()
	if err != nil {
		t.Fatalf("tshark: %v", err)
	}
	var packets [][]string
	for line := range strings.Lines(string(out)) {
		packets = append(packets, strings.Split(strings.TrimSuffix(line, "\n"), "\x1f"))
	}
	return packets
}

func TestTsharkReadsPcapNG(t *testing.T) {
	got := read(t, export(t, lossAndResend(), PcapNG), "frame.interface_name", "frame.packet_flags_direction",
		"frame.time_epoch", "frame.len", "eth.fcs.status", "tcp.checksum.status", "frame.comment", "_ws.malformed")
	const (
		out, in   = "0x00000002", "0x00000001"
		good, bad = "1", "0"
	)
	want := []struct{ iface, direction, time, len, fcs, tcp, comment string }{
		{"client:eth0", out, "45.000000006", "64", good, good, "ip.packet"},
		{"r1:eth0", in, "45.001000006", "64", good, good, "ip.forward"},
		{"r1:eth1", out, "45.001000006", "64", good, good, "ip.forward"},
		{"server:eth0", in, "45.011000006", "64", good, good, "wire.arrive"},
		{"client:eth0", out, "45.011000006", "89", good, good, "ip.packet. fault.loss-aimed"},
		{"client:eth0", out, "46.011000006", "89", good, good, "capture.resent"},
		{"r1:eth0", in, "46.012000006", "89", good, good, "ip.forward"},
		{"r1:eth1", out, "46.012000006", "89", good, good, "ip.forward"},
		{"server:eth0", in, "46.022000006", "89", good, good, "wire.arrive"},
		{"client:eth0", out, "46.022000006", "89", good, good, "capture.resent. fault.corrupt"},
		{"r1:eth0", in, "46.023000006", "89", bad, bad, "eth.fcs"},
	}
	if len(got) != len(want) {
		t.Fatalf("tshark reads %d packets, want %d", len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		if g[0] != w.iface || g[1] != w.direction || !strings.HasSuffix(g[2], w.time) || g[3] != w.len || g[4] != w.fcs || g[5] != w.tcp || g[7] != "" {
			t.Errorf("packet %d: %q, want %v", i+1, g, w)
		}
		if comment := strings.ReplaceAll(g[6], "because ", ""); comment != w.comment+"." {
			t.Errorf("packet %d says %q, want %q", i+1, comment, w.comment)
		}
	}
}

func TestOnlyTheInterfacesAskedFor(t *testing.T) {
	for _, packet := range read(t, export(t, lossAndResend(), PcapNG, 3, 1, 3), "frame.interface_id", "frame.interface_name") {
		if got := strings.Join(packet, " "); got != "0 r1:eth0" && got != "1 server:eth0" {
			t.Errorf("a packet of interface %s", got)
		}
	}
}

// captured is a trace with a point of observation, as a capture file gives it:
// frames cut by a snap length, one record for each.
type captured struct{ *trace.Log }

func (c captured) Frame(n int) trace.Frame {
	f := c.Log.Frame(n)
	f.WireLen, f.LinkType, f.Interface = 1514, linkEthernet, "any name"
	return f
}

func TestCapturedFramesKeepTheirFacts(t *testing.T) {
	s := newStory()
	s.Info().Captured = true
	cut := s.Wrap(0, make([]byte, 80), 0, 0, 0)
	s.add(0, trace.Transmit, 0, cut, 0, 0, "")
	got := read(t, export(t, captured{s.Log}, PcapNG), "frame.interface_name", "frame.cap_len", "frame.len", "eth.fcs")
	if len(got) != 1 || strings.Join(got[0], " ") != "any name 80 1514 " {
		t.Errorf("tshark reads %q", got)
	}
}
