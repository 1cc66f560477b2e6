package dns

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"

	"strata/sim/host"
)

// Resolver finds the addresses that names stand for. It asks servers, and
// remembers what they say for as long as they say (RFC 1034 section 5.3.1),
// which shows in the host's table "dns".
type Resolver struct {
	host    host.Host
	servers []string

	mu    sync.Mutex
	cache map[string]entry // by canonical name
}

// entry is what is known of a name.
type entry struct {
	addrs   []netip.Addr
	err     error // that there are none
	expires time.Time
}

// NewResolver asks servers, like "10.0.2.53:53", each when those before it do
// not answer.
func NewResolver(h host.Host, servers ...string) *Resolver {
	return &Resolver{host: h, servers: servers, cache: map[string]entry{}}
}

// What a stub resolver does by default (resolv.conf).
const (
	askTimeout = 5 * time.Second
	askTries   = 2
	maxAliases = 8
	// udpSize is what fits any path in one packet (DNS flag day 2020).
	udpSize = 1232
)

// ErrNoAddress says that a name has no IPv4 address.
var ErrNoAddress = errors.New("the name has no address")

// Lookup finds a name's IPv4 addresses. An address stands for itself.
func (r *Resolver) Lookup(name string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(name); err == nil {
		return []netip.Addr{a}, nil
	}
	key := dns.CanonicalName(name)
	if e, ok := r.known(key); ok {
		return e.addrs, e.err
	}
	e, err := r.ask(key)
	if err != nil {
		return nil, fmt.Errorf("dns: looking for %s: %w", name, err)
	}
	r.keep(key, e)
	return e.addrs, e.err
}

// known is what is in the cache and not too old.
func (r *Resolver) known(key string) (entry, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.cache[key]
	if ok && !r.host.Now().Before(e.expires) {
		delete(r.cache, key)
		r.note(key, "", "")
		return entry{}, false
	}
	return e, ok
}

func (r *Resolver) keep(key string, e entry) {
	if !r.host.Now().Before(e.expires) {
		return // a TTL of 0: for this once (RFC 1035 section 3.2.1)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cache[key] = e
	what := "none"
	for i, a := range e.addrs {
		if i == 0 {
			what = a.String()
		} else {
			what += ", " + a.String()
		}
	}
	r.note(key, what, e.expires.UTC().Format("15:04:05.000"))
}

func (r *Resolver) note(key, addrs, until string) {
	name := strings.TrimSuffix(key, ".")
	r.host.Note("dns", name, "address", addrs)
	r.host.Note("dns", name, "until", until)
}

// ask asks the servers, and follows aliases that an answer leaves open. How
// long it holds is the least of its records' TTLs.
func (r *Resolver) ask(name string) (entry, error) {
	ttl := ^uint32(0)
	for range maxAliases {
		answer, err := r.query(name)
		if err != nil {
			return entry{}, err
		}
		e, alias := read(answer, name, &ttl)
		if alias == "" {
			e.expires = r.host.Now().Add(time.Duration(ttl) * time.Second)
			return e, nil
		}
		name = alias
	}
	return entry{}, errors.New("too many aliases, one after the other")
}

func (r *Resolver) query(name string) (answer *dns.Msg, err error) {
	if len(r.servers) == 0 {
		return nil, errors.New("no DNS server is known: set one, or get one by DHCP")
	}
	for _, server := range r.servers {
		c := &Client{Server: server, Name: name, Type: "A", Network: "udp", Timeout: askTimeout, Tries: askTries, EDNS: udpSize}
		answer, err = c.ask(r.host)
		if err == nil && answer.Rcode != dns.RcodeSuccess && answer.Rcode != dns.RcodeNameError {
			err = fmt.Errorf("%s answers %s", server, dns.RcodeToString[answer.Rcode])
		}
		if err == nil {
			return answer, nil
		}
	}
	return nil, err
}

// read finds a name's addresses in an answer; alias is what to ask for instead
// when the answer ends with a CNAME. ttl is lowered to what all that counts
// for it.
func read(a *dns.Msg, name string, ttl *uint32) (e entry, alias string) {
	for range maxAliases {
		next := ""
		for _, rr := range a.Answer {
			if dns.CanonicalName(rr.Header().Name) != name {
				continue
			}
			switch rr := rr.(type) {
			case *dns.A:
				if ip, ok := netip.AddrFromSlice(rr.A.To4()); ok {
					e.addrs = append(e.addrs, ip)
					*ttl = min(*ttl, rr.Hdr.Ttl)
				}
			case *dns.CNAME:
				next = dns.CanonicalName(rr.Target)
				*ttl = min(*ttl, rr.Hdr.Ttl)
			}
		}
		if len(e.addrs) > 0 || next == "" {
			break
		}
		name, alias = next, next
	}
	if len(e.addrs) > 0 {
		return e, ""
	}
	if alias != "" && a.Rcode == dns.RcodeSuccess {
		return e, alias
	}
	// That there is nothing holds as long as the SOA record says; without one
	// it is not remembered (RFC 2308 section 5).
	negative := uint32(0)
	for _, rr := range a.Ns {
		if soa, ok := rr.(*dns.SOA); ok {
			negative = min(soa.Hdr.Ttl, soa.Minttl)
		}
	}
	*ttl = min(*ttl, negative)
	e.err = fmt.Errorf("dns: %s: %w", strings.TrimSuffix(name, "."), ErrNoAddress)
	return e, ""
}
