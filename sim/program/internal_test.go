package program

import (
	"net"
	"testing"
	"time"

	"strata/layers"
	"strata/sim/host"
)

// clock is a host of which only the time is asked.
type clock struct{ host.Host }

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
