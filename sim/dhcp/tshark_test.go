package dhcp_test

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
	"time"

	"strata/testdata/need"
	"strata/trace/export"
)

// What tshark reads in the messages of a whole life: asked for, renewed, given
// back; and with the answers sent to the new address.
func TestTsharkReadsMessages(t *testing.T) {
	tshark := need.Tool(t, "tshark")
	for _, unicast := range []bool{false, true} {
		l := newLAN(map[string]string{"server": "10.0.1.1/24"}, "server", "laptop")
		c := testClient()
		c.Renewals, c.Release, c.Unicast = 1, true, unicast
		l.run("server", "dhcp", 0, testServer())
		l.run("laptop", "c", time.Millisecond, c)
		log := l.trace(t)
		if l.errs["c"] != nil {
			t.Fatal(l.errs)
		}
		var file bytes.Buffer
		f, err := export.FormatNamed("pcapng")
		if err == nil {
			err = export.Write(&file, log, f, export.Part{})
		}
		if err != nil {
			t.Fatal(err)
		}
		args := []string{"-n", "-r", "-", "-Y", "dhcp && frame.interface_name == \"laptop:eth0\"", "-T", "fields", "-E", "separator= ", "-E", "aggregator=,",
			"-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"}
		for _, field := range []string{"dhcp.option.dhcp", "ip.src", "ip.dst", "udp.dstport", "dhcp.ip.client", "dhcp.ip.your", "dhcp.flags.bc",
			"dhcp.option.requested_ip_address", "dhcp.option.dhcp_server_id", "dhcp.option.ip_address_lease_time", "udp.length", "_ws.malformed", "udp.checksum.status"} {
			args = append(args, "-e", field)
		}
		cmd := exec.Command(tshark, args...)
		cmd.Stdin = &file
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		flag, to := "1", "255.255.255.255"
		if unicast {
			flag, to = "0", "10.0.1.100"
		}
		want := strings.ReplaceAll(strings.ReplaceAll(`1 0.0.0.0 255.255.255.255 67 0.0.0.0 0.0.0.0 FLAG    308  1
2 10.0.1.1 TO 68 0.0.0.0 10.0.1.100 FLAG  10.0.1.1 60 308  1
3 0.0.0.0 255.255.255.255 67 0.0.0.0 0.0.0.0 FLAG 10.0.1.100 10.0.1.1  308  1
5 10.0.1.1 TO 68 0.0.0.0 10.0.1.100 FLAG  10.0.1.1 60 308  1
3 10.0.1.100 10.0.1.1 67 10.0.1.100 0.0.0.0 0    308  1
5 10.0.1.1 10.0.1.100 68 10.0.1.100 10.0.1.100 0  10.0.1.1 60 308  1
7 10.0.1.100 10.0.1.1 67 10.0.1.100 0.0.0.0 0  10.0.1.1  308  1
`, "FLAG", flag), "TO", to)
		if string(out) != want {
			t.Errorf("unicast %v: tshark reads\n%s\nwant\n%s", unicast, out, want)
		}
	}
}
