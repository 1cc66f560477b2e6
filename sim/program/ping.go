package program

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"time"

	"strata/layers"
	"strata/sim/host"
)

// Ping sends ICMP echo requests (RFC 792) at a steady pace and waits for their
// replies.
type Ping struct {
	To       string        `yaml:"to" need:"true" doc:"Address to ping, like 10.0.2.2."`
	Count    int           `yaml:"count" range:"1..65535" doc:"How many requests to send (default 3)."`
	Size     int           `yaml:"size" range:"0..65507" doc:"Bytes of data in a request, after the 8 of the ICMP header (default 56)."`
	Interval time.Duration `yaml:"interval" doc:"Time from one request to the next (default 1s)."`
	Timeout  time.Duration `yaml:"timeout" doc:"How long to wait for replies after the last request (default 1s)."`

	// RTTs are the round-trip times by sequence number, from 1 at index 0,
	// when Run has returned; 0: no reply came.
	RTTs []time.Duration
}

func (p *Ping) Check() error {
	if a, err := netip.ParseAddr(p.To); err != nil || !a.Is4() {
		return host.Wrong(&p.To, "to", fmt.Sprintf("%q is not an address; write 10.0.2.2", p.To))
	}
	return nil
}

// pinging is a Ping at work.
type pinging struct {
	*Ping
	h       host.Host
	pc      net.PacketConn
	id      uint16
	sent    []time.Time
	replies int
	refusal error // the last ICMP error about one of the requests
	buf     []byte
}

// Run sends the requests. A request without a reply is an error at the end.
func (p *Ping) Run(h host.Host) error {
	pc, err := h.ListenPacket("ip4:icmp", "0.0.0.0")
	if err != nil {
		return fmt.Errorf("ping: %w", err)
	}
	defer pc.Close()
	p.RTTs = make([]time.Duration, p.Count)
	g := pinging{Ping: p, h: h, pc: pc, id: uint16(h.Rand().Uint32()), buf: make([]byte, 65535)}
	for seq := 1; seq <= p.Count; seq++ {
		if err := g.request(seq); err != nil {
			return fmt.Errorf("ping %s: request %d: %w", p.To, seq, err)
		}
		wait := p.Interval
		if seq == p.Count {
			wait = p.Timeout
		}
		if err := g.listen(g.sent[seq-1].Add(wait)); err != nil {
			return fmt.Errorf("ping %s: %w", p.To, err)
		}
	}
	switch {
	case g.replies == p.Count:
		return nil
	case g.refusal != nil:
		return fmt.Errorf("ping %s: %d of %d requests without a reply: %w", p.To, p.Count-g.replies, p.Count, g.refusal)
	}
	return fmt.Errorf("ping %s: %d of %d requests without a reply", p.To, p.Count-g.replies, p.Count)
}

func (g *pinging) request(seq int) error {
	b := make([]byte, layers.ICMPv4Size+g.Size)
	data := b[layers.ICMPv4Size:]
	copy(data, host.Payload{}.Part(0, g.Size))
	layers.ICMPv4Header(b).Put(layers.ICMPEcho, 0, uint32(g.id)<<16|uint32(seq), layers.Sum(data, 0))
	g.sent = append(g.sent, g.h.Now())
	_, err := g.pc.WriteTo(b, &net.IPAddr{IP: net.ParseIP(g.To)})
	return err
}

// listen takes replies until a time, or, when all requests are sent, until all
// are answered.
func (g *pinging) listen(until time.Time) error {
	if err := g.pc.SetReadDeadline(until); err != nil {
		return err
	}
	for len(g.sent) < g.Count || g.replies < g.Count {
		n, from, err := g.pc.ReadFrom(g.buf)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil
		}
		if err != nil {
			return err
		}
		g.take(layers.ICMPv4Header(g.buf[:n]), from)
	}
	return nil
}

// take looks at an ICMP message. A raw socket is given all that the host gets,
// also what answers other programs.
func (g *pinging) take(m layers.ICMPv4Header, from net.Addr) {
	if len(m) < layers.ICMPv4Size || !m.ChecksumOK(layers.Sum(m[layers.ICMPv4Size:], 0)) {
		return
	}
	switch {
	case m.Type() == layers.ICMPEchoReply && m.ID() == g.id:
		seq := int(m.Seq())
		if seq >= 1 && seq <= len(g.sent) && g.RTTs[seq-1] == 0 {
			// At least 1 ns, for a reply on an infinitely fast path.
			g.RTTs[seq-1] = max(1, g.h.Now().Sub(g.sent[seq-1]))
			g.replies++
		}
	case m.IsError() && g.quotesRequest(m[layers.ICMPv4Size:]):
		g.refusal = fmt.Errorf("%v answers: %s", from, refusalText(m))
	}
}

// quotesRequest says whether an ICMP error is about one of our requests: it
// quotes the packet's IP header and at least 8 bytes after it (RFC 792).
func (g *pinging) quotesRequest(quote []byte) bool {
	if len(quote) < layers.IPv4MinSize {
		return false
	}
	ip := layers.IPv4Header(quote)
	if ip.Protocol() != layers.ProtocolICMP || ip.HeaderLen() < layers.IPv4MinSize ||
		len(quote) < ip.HeaderLen()+layers.ICMPv4Size {
		return false
	}
	// Of a fragment that is not the first, the quoted 8 bytes are data.
	m := layers.ICMPv4Header(quote[ip.HeaderLen():])
	return ip.FragmentOffset() == 0 && m.Type() == layers.ICMPEcho && m.ID() == g.id
}

func refusalText(m layers.ICMPv4Header) string {
	switch {
	case m.Type() == layers.ICMPTimeExceeded && m.Code() == layers.ICMPTTLExceeded:
		return "time to live exceeded"
	case m.Type() == layers.ICMPTimeExceeded:
		return "fragment reassembly time exceeded"
	case m.Type() == layers.ICMPDestinationUnreachable && m.Code() == layers.ICMPNetUnreachable:
		return "network unreachable"
	case m.Type() == layers.ICMPDestinationUnreachable && m.Code() == layers.ICMPHostUnreachable:
		return "host unreachable"
	case m.Type() == layers.ICMPDestinationUnreachable && m.Code() == layers.ICMPFragmentationNeeded:
		return fmt.Sprintf("fragmentation needed, the next link carries %d bytes", m.MTU())
	}
	return fmt.Sprintf("ICMP type %d code %d", m.Type(), m.Code())
}
