package dns

import (
	"encoding/binary"
	"fmt"
	"net"
	"strata/sim/host"
	"strings"

	"github.com/miekg/dns"
)

// Server is the authority for one zone. It serves what a master file can
// say without wildcards and without delegating parts of the zone.
type Server struct {
	Listen  string   `yaml:"listen" doc:"Port to listen at, over UDP and TCP (default :53)."`
	Zone    string   `yaml:"zone" need:"true" doc:"Name of the zone, like example."`
	Records []string `yaml:"records" need:"true" max:"10000" doc:"The zone's records as in a master file, like 'www 300 A 10.0.2.2'; names without a final dot are within the zone."`
}

func (p *Server) Check() error {
	if _, ok := dns.IsDomainName(p.Zone); !ok {
		return host.Wrong(&p.Zone, "zone", fmt.Sprintf("%q is not a domain name; write example", p.Zone))
	}
	for i := range p.Records {
		if _, err := p.record(p.Records[i]); err != nil {
			return host.Wrong(&p.Records[i], fmt.Sprintf("records[%d]", i), err.Error())
		}
	}
	return host.CheckLocal(&p.Listen, "listen")
}

// record reads one record of the zone. Of a master file's directives there are
// none, so that a record is a record.
func (p *Server) record(text string) (dns.RR, error) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "$") || strings.ContainsAny(text, "\r\n") {
		return nil, fmt.Errorf("%q is not a record; write one, like 'www 300 A 10.0.2.2'", text)
	}
	zp := dns.NewZoneParser(strings.NewReader(text), dns.Fqdn(p.Zone), "")
	zp.SetDefaultTTL(300)
	rr, ok := zp.Next()
	switch {
	case zp.Err() != nil:
		return nil, fmt.Errorf("%q is not a record: %w", text, zp.Err())
	case !ok:
		return nil, fmt.Errorf("%q is not a record; write one, like 'www 300 A 10.0.2.2'", text)
	case !dns.IsSubDomain(dns.Fqdn(p.Zone), rr.Header().Name):
		return nil, fmt.Errorf("%q is not in the zone %s", rr.Header().Name, p.Zone)
	}
	return rr, nil
}

// zone is a zone's records, in the order of the settings.
type zone struct {
	name    string
	records []dns.RR
}

// Run answers until the host ends.
func (p *Server) Run(h host.Host) error {
	z := zone{name: dns.Fqdn(p.Zone)}
	for _, text := range p.Records {
		rr, err := p.record(text)
		if err != nil {
			return fmt.Errorf("dns server: %w", err)
		}
		z.records = append(z.records, rr)
	}
	var f host.Failures
	h.Go(func() {
		host.ServeStreams(h, p.Listen, &f, func(c net.Conn) error { return z.serve(h, c) })
	})
	host.ServeDatagrams(h, p.Listen, &f, func(b []byte) []byte {
		answer := z.answer(b, false)
		if answer == nil {
			return nil
		}
		packed, err := answer.Pack()
		f.Add(err)
		return packed
	})
	return f.Err("dns server")
}

// serve answers the questions of one connection, until the client closes it
// (RFC 7766 section 6.2.1).
func (z *zone) serve(h host.Host, c net.Conn) error {
	for {
		b, err := readDNS(h, c)
		if err != nil {
			return host.UnlessEnd(err)
		}
		answer := z.answer(b, true)
		if answer == nil {
			return fmt.Errorf("what came is not a DNS query")
		}
		if err := writeDNS(h, c, answer); err != nil {
			return err
		}
	}
}

// answer answers a query; nil: with nothing. Over UDP the answer has at most 512
// bytes, or as many as the query says that its sender can take (RFC 6891
// section 6.2.3), and what does not fit is cut off.
func (z *zone) answer(b []byte, tcp bool) *dns.Msg {
	q, a := new(dns.Msg), new(dns.Msg)
	if err := q.Unpack(b); err != nil || len(q.Question) != 1 {
		// Never answer an answer, or two servers could keep each other busy.
		if len(b) < 12 || b[2]&0x80 != 0 {
			return nil
		}
		a.Id = binary.BigEndian.Uint16(b)
		a.Response, a.Rcode = true, dns.RcodeFormatError
		return a
	}
	if q.Response {
		return nil
	}
	a.SetReply(q)
	a.Compress = true
	size, version := dns.MinMsgSize, uint8(0)
	if opt := q.IsEdns0(); opt != nil {
		a.SetEdns0(dns.DefaultMsgSize, false)
		size, version = max(size, min(int(opt.UDPSize()), dns.DefaultMsgSize)), opt.Version()
	}
	switch question := q.Question[0]; {
	case version != 0:
		a.Rcode = dns.RcodeBadVers
	case q.Opcode != dns.OpcodeQuery:
		a.Rcode = dns.RcodeNotImplemented
	case question.Qclass != dns.ClassINET || !dns.IsSubDomain(z.name, question.Name):
		a.Rcode = dns.RcodeRefused
	default:
		z.find(a, question)
	}
	if tcp {
		size = dns.MaxMsgSize
	}
	a.Truncate(size)
	return a
}

// find looks a name up (RFC 1034 section 4.3.2), following aliases inside the
// zone.
func (z *zone) find(a *dns.Msg, q dns.Question) {
	a.Authoritative = true
	name := dns.CanonicalName(q.Name)
	// An alias of an alias is followed, but not for ever: they may be a circle.
	for range 8 {
		exists, alias := false, ""
		for _, rr := range z.records {
			own := dns.CanonicalName(rr.Header().Name)
			// A name with others below it exists, even without records
			// (RFC 8020 section 3.1).
			exists = exists || dns.IsSubDomain(name, own)
			if own != name {
				continue
			}
			cname, isAlias := rr.(*dns.CNAME)
			if rr.Header().Rrtype == q.Qtype || q.Qtype == dns.TypeANY {
				a.Answer = append(a.Answer, rr)
			} else if isAlias {
				a.Answer = append(a.Answer, rr)
				alias = dns.CanonicalName(cname.Target)
			}
		}
		if alias != "" && dns.IsSubDomain(z.name, alias) {
			name = alias
			continue
		}
		if !exists {
			a.Rcode = dns.RcodeNameError
		}
		break
	}
	if len(a.Answer) == 0 || a.Rcode == dns.RcodeNameError {
		a.Ns = z.startOfAuthority()
	}
}

// startOfAuthority goes with an answer that says no, so that it can be
// remembered (RFC 2308 section 3).
func (z *zone) startOfAuthority() []dns.RR {
	for _, rr := range z.records {
		if rr.Header().Rrtype == dns.TypeSOA {
			return []dns.RR{rr}
		}
	}
	return nil
}
