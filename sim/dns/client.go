package dns

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strata/sim/host"
	"time"

	"github.com/miekg/dns"
)

// Client asks one question, as a stub resolver does (RFC 1034 section 5.3.1).
type Client struct {
	Server  string        `yaml:"server" need:"true" doc:"Address and port of the DNS server, like 10.0.2.53:53."`
	Name    string        `yaml:"name" need:"true" doc:"Name to ask about, like www.example."`
	Type    string        `yaml:"type" oneof:"A AAAA CNAME MX NS PTR SOA SRV TXT" doc:"Type of the records wanted (default A)."`
	Network string        `yaml:"network" oneof:"udp tcp" doc:"What carries the question: udp (the default, tcp after a truncated answer) or tcp."`
	Timeout time.Duration `yaml:"timeout" doc:"How long to wait for an answer over UDP before asking again (default 5s)."`
	Tries   int           `yaml:"tries" range:"1..20" doc:"How often to ask over UDP (default 2)."`
	EDNS    int           `yaml:"edns" range:"512..4096" doc:"Say that an answer over UDP may have so many bytes (default: not said, which means 512)."`

	// Answer is what the server found, when Run has returned nil.
	Answer []dns.RR
}

func (p *Client) Check() error {
	if _, ok := dns.IsDomainName(p.Name); !ok {
		return host.Wrong(&p.Name, "name", fmt.Sprintf("%q is not a domain name; write www.example", p.Name))
	}
	return host.CheckRemote(&p.Server, "server")
}

// Run asks. Whatever is not an answer with records, or none of the type, is an
// error.
func (p *Client) Run(h host.Host) error {
	answer, err := p.ask(h)
	if err != nil {
		return fmt.Errorf("dns: asking %s for %s %s: %w", p.Server, p.Name, p.Type, err)
	}
	if answer.Rcode != dns.RcodeSuccess {
		return fmt.Errorf("dns: %s answers about %s %s: %s", p.Server, p.Name, p.Type, dns.RcodeToString[answer.Rcode])
	}
	p.Answer = answer.Answer
	return nil
}

func (p *Client) ask(h host.Host) (*dns.Msg, error) {
	if p.Network == "udp" {
		// A truncated answer is of no use: ask anew over TCP (RFC 7766 section 5).
		if answer, err := p.overUDP(h); err != nil || !answer.Truncated {
			return answer, err
		}
	}
	return p.overTCP(h)
}

// question is a query with an ID that an attacker could not guess (RFC 5452).
func (p *Client) question(h host.Host) *dns.Msg {
	q := new(dns.Msg)
	q.Id = uint16(h.Rand().Uint32())
	q.RecursionDesired = true
	q.Question = []dns.Question{{Name: dns.Fqdn(p.Name), Qtype: dns.StringToType[p.Type], Qclass: dns.ClassINET}}
	if p.EDNS > 0 {
		q.SetEdns0(uint16(p.EDNS), false)
	}
	return q
}

func (p *Client) overUDP(h host.Host) (*dns.Msg, error) {
	c, err := h.Dial("udp", p.Server)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	for range p.Tries {
		q := p.question(h)
		b, err := q.Pack()
		if err != nil {
			return nil, err
		}
		if _, err := c.Write(b); err != nil {
			return nil, err
		}
		if err := c.SetReadDeadline(h.Now().Add(p.Timeout)); err != nil {
			return nil, err
		}
		answer, err := awaitAnswer(c, q)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return answer, err
		}
	}
	return nil, fmt.Errorf("no answer within %v, asked %d times", p.Timeout, p.Tries)
}

// awaitAnswer reads datagrams until one is the answer. Others are late answers,
// damaged or forged; they must not end the wait (RFC 5452 section 9.1).
func awaitAnswer(c net.Conn, q *dns.Msg) (*dns.Msg, error) {
	buf := make([]byte, host.MaxDatagram)
	for {
		n, err := c.Read(buf)
		if err != nil {
			return nil, err
		}
		answer := new(dns.Msg)
		if answer.Unpack(buf[:n]) == nil && answers(answer, q) {
			return answer, nil
		}
	}
}

// answers says whether a message answers a question.
func answers(a, q *dns.Msg) bool {
	if !a.Response || a.Id != q.Id || len(a.Question) != 1 {
		return false
	}
	got, asked := a.Question[0], q.Question[0]
	return got.Qtype == asked.Qtype && got.Qclass == asked.Qclass &&
		dns.CanonicalName(got.Name) == dns.CanonicalName(asked.Name)
}

func (p *Client) overTCP(h host.Host) (*dns.Msg, error) {
	c, err := h.Dial("tcp", p.Server)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	q := p.question(h)
	if err := writeDNS(h, c, q); err != nil {
		return nil, err
	}
	b, err := readDNS(h, c)
	if err != nil {
		return nil, host.TooSoon(err)
	}
	answer := new(dns.Msg)
	if err := answer.Unpack(b); err != nil {
		return nil, err
	}
	if !answers(answer, q) {
		return nil, errors.New("the answer is to another question")
	}
	return answer, nil
}

// writeDNS sends a message over TCP: its length in two bytes goes before it,
// in the same write (RFC 7766 section 8).
func writeDNS(h host.Host, c net.Conn, m *dns.Msg) error {
	b, err := m.Pack()
	if err != nil {
		return err
	}
	b = append(binary.BigEndian.AppendUint16(nil, uint16(len(b))), b...)
	h.Sending(c, len(b), nil)
	_, err = c.Write(b)
	return err
}

// readDNS reads a message over TCP. At the end of the stream the error is
// io.EOF.
func readDNS(h host.Host, c net.Conn) ([]byte, error) {
	var length [2]byte
	if _, err := io.ReadFull(c, length[:]); err != nil {
		return nil, err
	}
	b := make([]byte, binary.BigEndian.Uint16(length[:]))
	if _, err := io.ReadFull(c, b); err != nil {
		return nil, host.TooSoon(err)
	}
	h.Got(c, len(length)+len(b), nil)
	return b, nil
}
