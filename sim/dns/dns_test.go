package dns_test

import (
	"encoding/binary"
	"fmt"
	"net"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"

	names "strata/sim/dns"
	"strata/sim/host/hosttest"
	"strata/sim/program"
	"strata/testdata/need"
)

func testZone(addr string) *names.Server {
	p := &names.Server{Listen: addr, Zone: "example", Records: []string{
		"@ 3600 IN SOA ns admin 1 7200 900 1209600 86400",
		"@ NS ns",
		"ns 300 A 10.0.2.53",
		"www CNAME web",
		"web 60 A 10.0.2.2",
		"web 60 A 10.0.2.3",
		"web AAAA 2001:db8::2",
		"a.deep TXT \"some text\"",
		"loop CNAME pool",
		"pool CNAME loop",
		"away CNAME www.example.org.",
		"broken CNAME missing",
	}}
	for i := range 60 {
		p.Records = append(p.Records, fmt.Sprintf("many A 10.1.0.%d", i))
	}
	return p
}

func TestDNS(t *testing.T) {
	m, addr := hosttest.New(t), hosttest.Free(t)
	end := m.Serve(t, testZone(addr), 2)
	client := func(name, typ, network string) *names.Client {
		return &names.Client{Server: addr, Name: name, Type: typ, Network: network, Timeout: time.Minute, Tries: 2}
	}
	for _, c := range []struct {
		name, typ string
		want      []string // the answer's records, or the error
	}{
		{"web.example", "A", []string{"web.example. 60 IN A 10.0.2.2", "web.example. 60 IN A 10.0.2.3"}},
		{"WEB.Example.", "AAAA", []string{"web.example. 300 IN AAAA 2001:db8::2"}},
		{"www.example", "A", []string{"www.example. 300 IN CNAME web.example.", "web.example. 60 IN A 10.0.2.2", "web.example. 60 IN A 10.0.2.3"}},
		{"www.example", "CNAME", []string{"www.example. 300 IN CNAME web.example."}},
		{"away.example", "A", []string{"away.example. 300 IN CNAME www.example.org."}},
		{"web.example", "MX", nil},
		{"deep.example", "A", nil},
		{"none.example", "A", []string{"NXDOMAIN"}},
		{"broken.example", "A", []string{"NXDOMAIN"}},
		{"www.example.org", "A", []string{"REFUSED"}},
	} {
		for _, network := range []string{"udp", "tcp"} {
			p := client(c.name, c.typ, network)
			hosttest.Check(t, p)
			if err := p.Run(m); err != nil {
				if len(c.want) != 1 || !strings.HasSuffix(err.Error(), c.want[0]) {
					t.Errorf("%s %s over %s: %v, want %q", c.name, c.typ, network, err, c.want)
				}
				continue
			}
			var got []string
			for _, rr := range p.Answer {
				got = append(got, strings.ReplaceAll(rr.String(), "\t", " "))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s %s over %s: got %q, want %q", c.name, c.typ, network, got, c.want)
			}
		}
	}
	hosttest.WantMessages(t, m, 40)

	// Sixty addresses need more than 512 bytes: the client comes back over TCP.
	p := client("many.example", "A", "udp")
	hosttest.MustRun(t, m, p)
	if len(p.Answer) != 60 {
		t.Errorf("got %d addresses, want 60", len(p.Answer))
	}
	hosttest.WantMessages(t, m, 44)
	if err := end(); err != nil {
		t.Fatal(err)
	}
}

// What the server says to a client of another make.
func TestDNSServerForOthers(t *testing.T) {
	m, addr := hosttest.New(t), hosttest.Free(t)
	m.Serve(t, testZone(addr), 2)
	ask := func(name string, typ uint16, edns uint16) *dns.Msg {
		q := new(dns.Msg).SetQuestion(name, typ)
		if edns > 0 {
			q.SetEdns0(edns, false)
		}
		a, _, err := new(dns.Client).Exchange(q, addr)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	a := ask("none.example.", dns.TypeA, 0)
	if !a.Authoritative || a.Rcode != dns.RcodeNameError || len(a.Ns) != 1 || a.Ns[0].Header().Rrtype != dns.TypeSOA {
		t.Errorf("no such name:\n%v", a)
	}
	a = ask("many.example.", dns.TypeA, 0)
	a.Compress = true
	if !a.Truncated || a.Len() > 512 {
		t.Errorf("without EDNS: truncated %v, %d bytes", a.Truncated, a.Len())
	}
	a = ask("many.example.", dns.TypeA, 1232)
	if a.Truncated || len(a.Answer) != 60 || a.IsEdns0() == nil {
		t.Errorf("with EDNS: truncated %v, %d records", a.Truncated, len(a.Answer))
	}
	if a = ask("loop.example.", dns.TypeA, 0); len(a.Answer) > 20 {
		t.Errorf("aliases in a circle: %d records", len(a.Answer))
	}
}

func TestDNSServerForDig(t *testing.T) {
	dig := need.Tool(t, "dig")
	m, addr := hosttest.New(t), hosttest.Free(t)
	m.Serve(t, testZone(addr), 2)
	host, port, _ := net.SplitHostPort(addr)
	for _, args := range []string{"", "+tcp", "+noedns", "+noedns +ignore", "+edns=1 +noednsneg"} {
		cmd := append([]string{"@" + host, "-p", port, "many.example", "A", "+tries=1", "+time=5"}, strings.Fields(args)...)
		out, err := exec.Command(dig, cmd...).CombinedOutput()
		text := string(out)
		want := "ANSWER: 60"
		switch args {
		case "+noedns +ignore":
			want = "flags: qr aa tc rd"
		case "+edns=1 +noednsneg":
			want = "status: BADVERS"
		}
		if err != nil || !strings.Contains(text, want) || strings.Contains(text, "WARNING: Message parser") {
			t.Errorf("dig %s: %v, want %q in\n%s", args, err, want, text)
		}
	}
}

// The client against a server of another make, which is at first silent, then
// answers other questions, then this one.
func TestDNSClientForOthers(t *testing.T) {
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int32
	s := &dns.Server{PacketConn: pc, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		if asked.Add(1) == 1 {
			return
		}
		other := new(dns.Msg).SetReply(q)
		other.Id++
		w.WriteMsg(other)
		w.Write([]byte("nonsense"))
		a := new(dns.Msg).SetReply(q)
		rr, _ := dns.NewRR(q.Question[0].Name + " 5 A 10.9.8.7")
		a.Answer = []dns.RR{rr}
		w.WriteMsg(a)
	})}
	go s.ActivateAndServe()
	defer s.Shutdown()
	m := hosttest.New(t)
	p := &names.Client{Server: pc.LocalAddr().String(), Name: "x.example", Type: "A", Network: "udp", Timeout: time.Second, Tries: 2}
	hosttest.MustRun(t, m, p)
	if len(p.Answer) != 1 || p.Answer[0].(*dns.A).A.String() != "10.9.8.7" || asked.Load() != 2 {
		t.Errorf("asked %d times, got %v", asked.Load(), p.Answer)
	}
}

func TestDNSNoServer(t *testing.T) {
	m, addr := hosttest.New(t), hosttest.Free(t)
	m.Serve(t, &program.Receiver{Listen: addr, Network: "udp"}, 1)
	err := (&names.Client{Server: addr, Name: "x", Type: "A", Network: "udp", Timeout: 10 * time.Millisecond, Tries: 3}).Run(m)
	if err == nil || !strings.Contains(err.Error(), "no answer within 10ms, asked 3 times") {
		t.Fatal(err)
	}
}

// A TCP client that sends no DNS is cut off and told of, and others still served.
func TestDNSServerRefusesNonsense(t *testing.T) {
	m, addr := hosttest.New(t), hosttest.Free(t)
	end := m.Serve(t, testZone(addr), 2)
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.Write(binary.BigEndian.AppendUint16(nil, 3))
	c.Write([]byte("abc"))
	if n, err := c.Read(make([]byte, 1)); err == nil {
		t.Errorf("got %d bytes for an answer", n)
	}
	hosttest.MustRun(t, m, &names.Client{Server: addr, Name: "web.example", Type: "A", Network: "tcp"})
	if err := end(); err == nil || !strings.Contains(err.Error(), "not a DNS query") {
		t.Error(err)
	}
}
