package dns_test

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"

	names "strata/sim/dns"
	"strata/sim/host"
	"strata/sim/host/hosttest"
)

// clocked is a machine whose clock the test turns, and which keeps notes.
type clocked struct {
	*hosttest.Machine
	mu    sync.Mutex
	start time.Time
	ahead time.Duration
	notes map[string]string
}

func (c *clocked) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.start.Add(c.ahead)
}

func (c *clocked) Note(table, key, field, value string) {
	if c.notes[table+" "+key+" "+field] = value; value == "" {
		delete(c.notes, table+" "+key+" "+field)
	}
}

// What is asked of a server, and when it is asked again.
func TestResolverCache(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &dns.Server{PacketConn: pc, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		mu.Lock()
		asked = append(asked, q.Question[0].Name)
		mu.Unlock()
		a := new(dns.Msg).SetReply(q)
		add := func(to *[]dns.RR, text string) {
			rr, err := dns.NewRR(text)
			if err != nil {
				panic(err)
			}
			*to = append(*to, rr)
		}
		switch q.Question[0].Name {
		case "www.example.":
			add(&a.Answer, "www.example. 300 CNAME web.example.")
			add(&a.Answer, "web.example. 60 A 10.0.0.1")
			add(&a.Answer, "web.example. 60 A 10.0.0.2")
		case "once.example.":
			add(&a.Answer, "once.example. 0 A 10.0.0.3")
		case "open.example.": // the alias's target is another zone's: ask again
			add(&a.Answer, "open.example. 10 CNAME www.example.")
		case "circle.example.":
			add(&a.Answer, "circle.example. 10 CNAME circle.example.")
		default:
			a.Rcode = dns.RcodeNameError
			add(&a.Ns, "example. 3600 SOA ns admin 1 7200 900 1209600 30")
		}
		w.WriteMsg(a)
	})}
	go s.ActivateAndServe()
	defer s.Shutdown()
	h := &clocked{Machine: hosttest.New(t), start: time.Now(), notes: map[string]string{}}
	// The first server's port is closed: the second one is asked.
	r := names.NewResolver(h, hosttest.Free(t), pc.LocalAddr().String())
	addr := func(s ...string) (all []netip.Addr) {
		for _, s := range s {
			all = append(all, netip.MustParseAddr(s))
		}
		return all
	}
	for _, step := range []struct {
		at    time.Duration
		name  string
		want  []netip.Addr
		asked int // questions so far
	}{
		{0, "10.9.8.7", addr("10.9.8.7"), 0},
		{0, "www.example", addr("10.0.0.1", "10.0.0.2"), 1},
		{time.Second, "WWW.Example.", addr("10.0.0.1", "10.0.0.2"), 1},
		{59 * time.Second, "www.example", addr("10.0.0.1", "10.0.0.2"), 1},
		{60 * time.Second, "www.example", addr("10.0.0.1", "10.0.0.2"), 2},
		{60 * time.Second, "once.example", addr("10.0.0.3"), 3},
		{60 * time.Second, "once.example", addr("10.0.0.3"), 4},
		{60 * time.Second, "none.example", nil, 5},
		{89 * time.Second, "none.example", nil, 5},
		{90 * time.Second, "none.example", nil, 6},
		{90 * time.Second, "open.example", addr("10.0.0.1", "10.0.0.2"), 8},
		{99 * time.Second, "open.example", addr("10.0.0.1", "10.0.0.2"), 8},
		{100 * time.Second, "open.example", addr("10.0.0.1", "10.0.0.2"), 10},
	} {
		h.mu.Lock()
		h.ahead = step.at
		h.mu.Unlock()
		got, err := r.Lookup(step.name)
		mu.Lock()
		if !slices.Equal(got, step.want) || len(asked) != step.asked || (err == nil) != (step.want != nil) || step.want == nil && !errors.Is(err, names.ErrNoAddress) {
			t.Errorf("%v, %s: %v, %v; asked %v", step.at, step.name, got, err, asked)
		}
		mu.Unlock()
	}
	at := func(d time.Duration) string { return h.start.Add(d).UTC().Format("15:04:05.000") }
	if want := map[string]string{
		"dns www.example address": "10.0.0.1, 10.0.0.2", "dns www.example until": at(2 * time.Minute),
		"dns none.example address": "none", "dns none.example until": at(2 * time.Minute),
		"dns open.example address": "10.0.0.1, 10.0.0.2", "dns open.example until": at(110 * time.Second),
	}; fmt.Sprint(h.notes) != fmt.Sprint(want) {
		t.Errorf("the table says\n%v, want\n%v", h.notes, want)
	}
	if _, err := r.Lookup("circle.example"); err == nil || errors.Is(err, names.ErrNoAddress) {
		t.Errorf("an alias of itself: %v", err)
	}
}

// With EDNS a long answer comes whole, over UDP.
func TestEDNS(t *testing.T) {
	client := &names.Client{Server: "10.0.2.2:53", Name: "many.example", Type: "A", Network: "udp", Timeout: time.Second, Tries: 1, EDNS: 1232}
	hosttest.MustExchange(t, []host.Program{client}, []host.Program{testZone(":53")}, 2)
	if len(client.Answer) != 60 {
		t.Errorf("got %d addresses", len(client.Answer))
	}
}
