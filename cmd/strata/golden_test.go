package main

import (
	"math"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"strata/testdata/need"
)

// read gives the fields that tshark finds in a scenario's frames, as one
// interface sees them.
func read(t *testing.T, scenario, end, filter string, fields ...string) [][]string {
	t.Helper()
	args := []string{"-n", "-r", "-", "-Y", filter, "-o", "ip.defragment:FALSE", "-T", "fields", "-E", "separator=|"}
	for _, f := range fields {
		args = append(args, "-e", f)
	}
	cmd := exec.Command(need.Tool(t, "tshark"), args...)
	cmd.Stdin = strings.NewReader(good(t, "", "run", scenario, "-o", "-", "--format", "pcapng", "-i", end))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(out)) {
		rows = append(rows, strings.Split(strings.TrimSuffix(line, "\n"), "|"))
	}
	return rows
}

// column is one field of all rows.
func column(rows [][]string, i int) string {
	var all []string
	for _, r := range rows {
		all = append(all, r[i])
	}
	return strings.Join(all, " ")
}

// offsets are the times of the rows' first field since the first row, seconds.
func offsets(t *testing.T, rows [][]string) (out []float64) {
	t.Helper()
	for _, r := range rows {
		s, err := strconv.ParseFloat(r[0], 64)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	for i := len(out) - 1; i >= 0; i-- {
		out[i] -= out[0]
	}
	return out
}

func wantOffsets(t *testing.T, what string, rows [][]string, within float64, want ...float64) {
	t.Helper()
	got := offsets(t, rows)
	if len(got) != len(want) {
		t.Errorf("%s: at %v, want %v", what, got, want)
		return
	}
	for i := range want {
		if math.Abs(got[i]-want[i]) > within {
			t.Errorf("%s: at %v, want %v", what, got, want)
			return
		}
	}
}

// TestGoldenNumbers has tshark read the numbers that everybody can work out on
// paper.
func TestGoldenNumbers(t *testing.T) {
	rows := read(t, "one-byte-hello", "client:eth0", "udp", "data.len", "udp.length", "ip.len", "frame.len", "eth.padding")
	if len(rows) != 1 || strings.Join(rows[0][:4], " ") != "1 9 29 64" || len(rows[0][4]) != 2*17 {
		t.Errorf("one byte over UDP: %v, want 1, 9, 29, and 43 padded to 60, with the FCS 64", rows)
	}
	const data = "tcp.len > 0 && tcp.dstport == 9000"
	if got := column(read(t, "cut-to-size", "plain:eth0", data, "tcp.len"), 0); got != "1460 1460 1460 620" {
		t.Errorf("5000 bytes leave as %s", got)
	}
	if got := column(read(t, "cut-to-size", "stamped:eth0", data, "tcp.len"), 0); got != "1448 1448 1448 656" {
		t.Errorf("5000 bytes with timestamps leave as %s", got)
	}
	wantOffsets(t, "the lost request", read(t, "rto-backoff", "client:eth0", "tcp.len > 0 && tcp.dstport == 80", "frame.time_epoch"), 0.001, 0, 1, 3, 7)
	wantOffsets(t, "the lost SYN", read(t, "closed-port", "client:eth0", "tcp.dstport == 83", "frame.time_epoch"), 0.001, 0, 1, 3, 7)

	pieces := map[string]int{}
	for _, r := range read(t, "fragment-amplifier", "client:eth0", "ip.src == 10.0.0.1 && !icmp", "ip.id") {
		pieces[r[0]]++
	}
	if len(pieces) != 1000 {
		t.Errorf("%d datagrams are sent", len(pieces))
	}
	for id, n := range pieces {
		if n != 6 {
			t.Errorf("datagram %s is cut into %d fragments", id, n)
			break
		}
	}
}

// TestDNSTakesOneRoundTripOverUDPAndTwoOverTCP, from the first packet to the
// answer.
func TestDNSTakesOneRoundTripOverUDPAndTwoOverTCP(t *testing.T) {
	rtt := offsets(t, read(t, "udp-starts-sooner", "client:eth0", "tcp.flags.syn == 1", "frame.time_epoch"))
	udp := offsets(t, read(t, "udp-starts-sooner", "client:eth0", "udp.port == 53", "frame.time_epoch"))
	tcp := offsets(t, read(t, "udp-starts-sooner", "client:eth0", "tcp.flags.syn == 1 || (tcp.port == 53 && dns)", "frame.time_epoch"))
	if len(rtt) != 2 || len(udp) != 2 || len(tcp) != 4 {
		t.Fatalf("SYNs %v, UDP %v, TCP %v", rtt, udp, tcp)
	}
	if one, two := udp[1]/rtt[1], tcp[3]/rtt[1]; math.Abs(one-1) > 0.05 || math.Abs(two-2) > 0.1 {
		t.Errorf("UDP takes %.2f round trips, TCP %.2f", one, two)
	}
}
