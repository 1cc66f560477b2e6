package program

import (
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"strata/layers"
)

func TestPattern(t *testing.T) {
	for _, off := range []int{0, 8, 999_992, 1_000_000, 123_000_008} {
		want := "0000000 "
		switch off {
		case 8, 123_000_008:
			want = "0000008 "
		case 999_992:
			want = "0999992 "
		}
		if got := string(message{size: 1 << 30}.part(off, 8)); got != want {
			t.Errorf("bytes from %d: %q, want %q", off, got, want)
		}
	}
	// Cut anywhere, the parts make the same message.
	r := rand.New(rand.NewPCG(1, 2))
	m := message{strings.Repeat("a long text ", 10), 3_000_000}
	whole := string(m.part(0, maxWrite)) + string(m.part(maxWrite, maxWrite)) + string(m.part(2*maxWrite, maxWrite))
	for range 1000 {
		off := r.IntN(m.len())
		n := r.IntN(min(maxWrite, m.len()-off)) + 1
		if off%2 == 0 {
			off %= 200
		}
		if string(m.part(off, n)) != whole[off:off+n] {
			t.Fatalf("part %d, %d differs", off, n)
		}
	}
}

// clock is a host of which only the time is asked.
type clock struct{ Host }

func (clock) Now() time.Time { return time.Unix(1, 5_000_000) }

// What a ping makes of ICMP messages that come in.
func TestPingTakes(t *testing.T) {
	icmp := func(typ, code uint8, rest uint32, data string) layers.ICMPv4Header {
		m := append(make([]byte, layers.ICMPv4Size), data...)
		layers.ICMPv4Header(m).Put(typ, code, rest, layers.Sum(m[layers.ICMPv4Size:], 0))
		return m
	}
	quote := func(protocol byte, offset int, inner []byte) string {
		b := make([]byte, layers.IPv4MinSize, 100)
		layers.IPv4Header(b).Put(&layers.IPv4Fields{TotalLen: 84, TTL: 1, Protocol: protocol, FragmentOffset: offset})
		return string(append(b, inner...))
	}
	request := icmp(layers.ICMPEcho, 0, 0xabcd0001, "")
	damaged := icmp(layers.ICMPEchoReply, 0, 0xabcd0001, "x")
	damaged[8] ^= 1
	for name, c := range map[string]struct {
		m       layers.ICMPv4Header
		rtt     time.Duration
		refusal string
	}{
		"reply":              {icmp(layers.ICMPEchoReply, 0, 0xabcd0001, "data"), 5 * time.Millisecond, ""},
		"another's reply":    {icmp(layers.ICMPEchoReply, 0, 0xabce0001, ""), 0, ""},
		"reply to nothing":   {icmp(layers.ICMPEchoReply, 0, 0xabcd0002, ""), 0, ""},
		"own request":        {request, 0, ""},
		"damaged":            {damaged, 0, ""},
		"short":              {layers.ICMPv4Header{0, 0, 0xff}, 0, ""},
		"ttl":                {icmp(11, 0, 0, quote(1, 0, request)), 0, "10.0.0.9 answers: time to live exceeded"},
		"host":               {icmp(3, 1, 0, quote(1, 0, request)), 0, "10.0.0.9 answers: host unreachable"},
		"too big":            {icmp(3, 4, 1400, quote(1, 0, request)), 0, "10.0.0.9 answers: fragmentation needed, the next link carries 1400 bytes"},
		"other":              {icmp(3, 13, 0, quote(1, 0, request)), 0, "10.0.0.9 answers: ICMP type 3 code 13"},
		"of UDP":             {icmp(3, 3, 0, quote(17, 0, request)), 0, ""},
		"of a late fragment": {icmp(11, 1, 0, quote(1, 8, request)), 0, ""},
		"cut quote":          {icmp(11, 0, 0, quote(1, 0, request[:7])), 0, ""},
		"no quote":           {icmp(11, 0, 0, ""), 0, ""},
	} {
		g := pinging{Ping: &Ping{RTTs: make([]time.Duration, 1)}, h: clock{}, id: 0xabcd, sent: []time.Time{time.Unix(1, 0)}}
		g.take(c.m, &net.IPAddr{IP: net.IPv4(10, 0, 0, 9)})
		refusal := ""
		if g.refusal != nil {
			refusal = g.refusal.Error()
		}
		if g.RTTs[0] != c.rtt || refusal != c.refusal {
			t.Errorf("%s: %v, %q; want %v, %q", name, g.RTTs[0], refusal, c.rtt, c.refusal)
		}
	}
}

// Whatever comes, the server's answer can be packed, and over UDP is no longer
// than a datagram may be.
func FuzzDNSAnswer(f *testing.F) {
	z := zone{name: "example."}
	for _, text := range []string{"www.example. 300 IN CNAME web.example.", "web.example. 300 IN A 10.0.2.2", "example. 1 IN SOA a. b. 1 2 3 4 5"} {
		rr, err := dns.NewRR(text)
		if err != nil {
			f.Fatal(err)
		}
		z.records = append(z.records, rr)
	}
	for _, typ := range []uint16{dns.TypeA, dns.TypeANY, dns.TypeAXFR} {
		q := new(dns.Msg).SetQuestion("www.example.", typ).SetEdns0(4096, true)
		b, _ := q.Pack()
		f.Add(b)
		f.Add(b[:20])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, tcp := range []bool{false, true} {
			a := z.answer(b, tcp)
			if a == nil {
				continue
			}
			packed, err := a.Pack()
			if err != nil || !tcp && len(packed) > 4096 || !a.Response {
				t.Fatalf("answer to %x: %v, %d bytes\n%v", b, err, len(packed), a)
			}
		}
	})
}
