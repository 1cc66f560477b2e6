package dhcp

import (
	"net"
	"net/netip"
	"time"

	"strata/sim/host"
)

// leases says who has which address of a pool.
type leases struct {
	host  host.Host
	own   netip.Addr
	first netip.Addr
	last  netip.Addr
	time  time.Duration
	held  map[netip.Addr]*lease
	by    map[string]*lease // by client; the latest of each
}

// lease is an address that was given, or is not to be.
type lease struct {
	addr   netip.Addr
	client string // "": declined, nobody's
	state  string
	until  time.Time
}

// States of a lease, as the table has them.
const (
	offered  = "offered"
	bound    = "bound"
	declined = "declined"
)

const (
	offerTime   = time.Minute      // how long an offer is kept for who asked
	declineTime = 10 * time.Minute // how long an address is not given that somebody else has
)

func newLeases(h host.Host, p *Server) *leases {
	l := &leases{host: h, time: p.Lease, own: netip.MustParsePrefix(p.Self).Addr(), held: map[netip.Addr]*lease{}, by: map[string]*lease{}}
	l.first, l.last, _ = poolOf(p.Pool) // checked
	return l
}

func (l *leases) contains(a netip.Addr) bool {
	return a.IsValid() && !a.Less(l.first) && !l.last.Less(a) && a != l.own
}

// free says whether an address can be given to a client.
func (l *leases) free(a netip.Addr, client string) bool {
	x := l.held[a]
	return l.contains(a) && (x == nil || x.client == client || !l.host.Now().Before(x.until))
}

// offer chooses an address for a client (RFC 2131 section 4.3.1): the one that
// it has or had, the one that it wishes, one that nobody had, or one whose
// time is over.
func (l *leases) offer(client string, wish netip.Addr) (netip.Addr, bool) {
	if x := l.by[client]; x != nil && l.free(x.addr, client) {
		if x.state != bound || !l.host.Now().Before(x.until) {
			l.set(x.addr, client, offered, offerTime)
		}
		return x.addr, true
	}
	choice := netip.Addr{}
	if l.free(wish, client) {
		choice = wish
	}
	for a := l.first; !choice.IsValid() && !l.last.Less(a); a = a.Next() {
		if l.held[a] == nil && l.contains(a) {
			choice = a
		}
	}
	for a := l.first; !choice.IsValid() && !l.last.Less(a); a = a.Next() {
		if l.free(a, client) {
			choice = a
		}
	}
	if !choice.IsValid() {
		return choice, false
	}
	l.set(choice, client, offered, offerTime)
	return choice, true
}

// of is the address that a client has or is offered.
func (l *leases) of(client string) (netip.Addr, bool) {
	x := l.by[client]
	if x == nil || !l.free(x.addr, client) {
		return netip.Addr{}, false
	}
	return x.addr, true
}

func (l *leases) bind(client string) { l.set(l.by[client].addr, client, bound, l.time) }

// forgo takes an offer back, which the client did not want.
func (l *leases) forgo(client string) {
	if x := l.by[client]; x != nil && x.state == offered {
		l.remove(x)
	}
}

// release takes back what a client gives back.
func (l *leases) release(client string, a netip.Addr) {
	if x := l.by[client]; x != nil && x.addr == a {
		l.remove(x)
	}
}

// decline keeps an address from being given: somebody has it already.
func (l *leases) decline(client string, a netip.Addr) {
	if x := l.by[client]; x != nil && x.addr == a {
		l.remove(x)
		l.set(a, "", declined, declineTime)
	}
}

func (l *leases) set(a netip.Addr, client, state string, d time.Duration) {
	if was := l.by[client]; was != nil && was.addr != a {
		l.remove(was)
	}
	if was := l.held[a]; was != nil && was.client != client {
		l.remove(was)
	}
	x := &lease{a, client, state, l.host.Now().Add(d)}
	l.held[a] = x
	name := ""
	if client != "" {
		l.by[client] = x
		name = clientName(client)
	}
	l.note(a, name, state, x.until.UTC().Format("15:04:05"))
}

func (l *leases) remove(x *lease) {
	delete(l.by, x.client)
	delete(l.held, x.addr)
	l.note(x.addr, "", "", "")
}

func (l *leases) note(a netip.Addr, client, state, until string) {
	for _, f := range [][2]string{{"client", client}, {"state", state}, {"until", until}} {
		l.host.Note("lease", a.String(), f[0], f[1])
	}
}

// clientName shows a client's identifier: as a MAC address where it is one.
func clientName(client string) string {
	b := []byte(client)
	if len(b) == ethernet+1 && b[0] == 1 {
		b = b[1:]
	}
	return net.HardwareAddr(b).String()
}
