package dns

import (
	"testing"

	"github.com/miekg/dns"
)

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

// Whatever a server answers, what is read in it is addresses, another name to
// ask for, or an error, and holds for a time that it says.
func FuzzResolverReads(f *testing.F) {
	a := new(dns.Msg).SetQuestion("www.example.", dns.TypeA)
	a.Response = true
	for _, text := range []string{"www.example. 300 CNAME web.example.", "web.example. 60 A 10.0.0.1", "web.example. 5 CNAME www.example."} {
		rr, err := dns.NewRR(text)
		if err != nil {
			f.Fatal(err)
		}
		a.Answer = append(a.Answer, rr)
		b, _ := a.Pack()
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a := new(dns.Msg)
		if a.Unpack(b) != nil {
			return
		}
		ttl := uint32(1000)
		e, alias := read(a, "www.example.", &ttl)
		if ttl > 1000 || (len(e.addrs) > 0) == (e.err != nil || alias != "") || alias != "" && e.err != nil {
			t.Fatalf("%v: %v, %q for %d s", a, e, alias, ttl)
		}
	})
}
