package dhcp_test

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"strata/sim/dhcp"
	"strata/sim/host"
	"strata/sim/host/hosttest"
	"strata/testdata/need"
)

// namespace runs functions in a network namespace of its own.
type namespace struct {
	tid  int
	work chan func()
}

// newNamespace needs root.
func newNamespace(t *testing.T) *namespace {
	n := &namespace{work: make(chan func())}
	ready := make(chan error)
	go func() {
		// Never unlocked: the thread ends with the goroutine, and the
		// namespace with it.
		runtime.LockOSThread()
		n.tid = syscall.Gettid()
		ready <- syscall.Unshare(syscall.CLONE_NEWNET)
		for f := range n.work {
			f()
		}
	}()
	if err := <-ready; err != nil {
		need.Missing(t, "needs root for network namespaces")
	}
	t.Cleanup(func() { close(n.work) })
	return n
}

// do runs f on the namespace's thread and waits for it.
func (n *namespace) do(f func()) {
	done := make(chan struct{})
	n.work <- func() { defer close(done); f() }
	<-done
}

func (n *namespace) ip(t *testing.T, args string) {
	t.Helper()
	n.do(func() {
		if out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput(); err != nil {
			t.Fatalf("ip %s: %v %s", args, err, out)
		}
	})
}

// wire is two namespaces with a cable between them: s0 of the one, c0 of the
// other.
func wire(t *testing.T) (server, client *namespace) {
	need.Tool(t, "ip")
	server, client = newNamespace(t), newNamespace(t)
	server.ip(t, fmt.Sprintf("link add s0 type veth peer name c0 netns %d", client.tid))
	server.ip(t, "addr add 10.77.0.1/24 dev s0")
	server.ip(t, "link set s0 up")
	client.ip(t, "link set c0 up")
	return server, client
}

// opened lets a namespace's programs open their sockets in it.
type opened struct {
	*hosttest.Machine
	in *namespace
}

func (o opened) HardwareAddr(iface string) (mac net.HardwareAddr, err error) {
	o.in.do(func() { mac, err = o.Machine.HardwareAddr(iface) })
	return mac, err
}

func (o opened) ListenOn(iface, address string) (pc net.PacketConn, err error) {
	o.in.do(func() { pc, err = o.Machine.ListenOn(iface, address) })
	return pc, err
}

// configured sets this machine's interfaces up for a program, by ip.
type configured struct {
	opened
	t *testing.T
}

func (c configured) Configure(iface string, cfg host.Config) error {
	c.in.ip(c.t, "addr flush dev "+iface)
	if cfg.Address.IsValid() {
		c.in.ip(c.t, fmt.Sprintf("addr add %v dev %s", cfg.Address, iface))
	}
	return nil
}

// Sleep does not wait: a lease is too long for a test.
func (configured) Sleep(time.Duration) error { return nil }

func (configured) Claim(string, netip.Addr) error                      { return nil }
func (configured) Neighbor(string, netip.Addr, net.HardwareAddr) error { return nil }
func (configured) Nameservers() []netip.Addr                           { return nil }

// Our client with dnsmasq: it gets an address, renews it and gives it back.
func TestClientWithDnsmasq(t *testing.T) {
	dnsmasq := need.Tool(t, "dnsmasq")
	server, client := wire(t)
	leases := filepath.Join(t.TempDir(), "leases")
	var log strings.Builder
	cmd := exec.Command(dnsmasq, "--conf-file=/dev/null", "--no-daemon", "--port=0", "--interface=s0", "--user=root", "--pid-file=",
		"--dhcp-range=10.77.0.50,10.77.0.60,255.255.255.0,120", "--dhcp-option=option:router,10.77.0.1", "--dhcp-option=option:dns-server,10.77.0.1,10.77.0.2",
		"--dhcp-leasefile="+leases, "--log-dhcp", "--dhcp-authoritative")
	cmd.Stderr = &log
	server.do(func() {
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
	})
	defer cmd.Wait()
	defer cmd.Process.Kill()
	h := configured{opened{hosttest.New(t), client}, t}
	c := &dhcp.Client{Interface: "c0", Tries: 5, Hostname: "strata", Renewals: 1, Release: true}
	if err := c.Run(h); err != nil {
		t.Fatal(err)
	}
	l := c.Lease
	if l.Server.String() != "10.77.0.1" || l.Address.Bits() != 24 || !netip.MustParsePrefix("10.77.0.48/28").Contains(l.Address.Addr()) ||
		l.Router != l.Server || fmt.Sprint(l.Nameservers) != "[10.77.0.1 10.77.0.2]" || l.Time != 2*time.Minute || l.T1 > time.Minute {
		t.Errorf("lease %+v", l)
	}
	for range 3000 { // the last message was not answered
		if b, err := os.ReadFile(leases); err == nil && len(b) == 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	cmd.Process.Kill()
	cmd.Wait()
	got := log.String()
	for _, want := range []string{"DHCPDISCOVER(s0)", "DHCPOFFER(s0)", "client provides name: strata", "DHCPRELEASE(s0)"} {
		if !strings.Contains(got, want) {
			t.Errorf("dnsmasq does not say %q:\n%s", want, got)
		}
	}
	if n := strings.Count(got, "DHCPACK(s0)"); n != 2 {
		t.Errorf("dnsmasq acknowledged %d times:\n%s", n, got)
	}
}

// serve runs our server beside a real client until the test ends.
func serve(t *testing.T, in *namespace) {
	p := &dhcp.Server{Interface: "s0", Self: "10.77.0.1/24", Pool: "10.77.0.50-10.77.0.60", Router: "10.77.0.1", DNS: []string{"10.77.0.1"}, Lease: time.Hour}
	hosttest.Check(t, p)
	m := hosttest.New(t)
	h := opened{m, in}
	failed := make(chan error, 1)
	go func() { failed <- p.Run(h) }()
	t.Cleanup(func() {
		m.Close()
		if err := <-failed; err != nil {
			t.Error(err)
		}
	})
	time.Sleep(100 * time.Millisecond) // until the socket is open
}

func TestServerForUdhcpc(t *testing.T) {
	udhcpc := need.Tool(t, "udhcpc")
	server, client := wire(t)
	serve(t, server)
	script := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho $1 $ip $mask $router $dns $lease $serverid\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, flags := range [][]string{nil, {"-B"}, {"-r", "10.77.0.55"}} {
		args := append([]string{"-i", "c0", "-f", "-q", "-n", "-t", "5", "-T", "2", "-s", script}, flags...)
		var out []byte
		var err error
		client.do(func() { out, err = exec.Command(udhcpc, args...).CombinedOutput() })
		if want := "bound 10.77.0.50 24 10.77.0.1 10.77.0.1 3600 10.77.0.1\n"; err != nil || !strings.Contains(string(out), want) {
			t.Errorf("udhcpc %v: %v, want %q in\n%s", flags, err, want, out)
		}
	}
}

func TestServerForDhclient(t *testing.T) {
	dhclient := need.Tool(t, "dhclient")
	server, client := wire(t)
	serve(t, server)
	dir := t.TempDir()
	args := []string{"-1", "-v", "-d", "-sf", "/bin/true", "-cf", "/dev/null", "-lf", filepath.Join(dir, "leases"), "-pf", filepath.Join(dir, "pid"), "c0"}
	cmd := exec.Command(dhclient, args...)
	var log strings.Builder
	cmd.Stdout, cmd.Stderr = &log, &log
	client.do(func() {
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
	})
	lease := ""
	for range 1200 {
		b, _ := os.ReadFile(filepath.Join(dir, "leases"))
		if lease = string(b); strings.Contains(lease, "}") {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	cmd.Process.Kill()
	cmd.Wait()
	for _, want := range []string{"fixed-address 10.77.0.50;", "option subnet-mask 255.255.255.0;", "option routers 10.77.0.1;",
		"option dhcp-lease-time 3600;", "option domain-name-servers 10.77.0.1;", "option dhcp-server-identifier 10.77.0.1;", "option dhcp-renewal-time 1800;"} {
		if !strings.Contains(lease, want) {
			t.Errorf("dhclient's lease lacks %q:\n%s\n%s", want, lease, &log)
		}
	}
}
