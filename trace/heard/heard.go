// Package heard tells what somebody who listens at one point can know of the
// tables of hosts: who said which MAC address is theirs (ARP), which addresses
// names have (DNS), and which TCP connections were opened and closed.
//
//	frames ──Read, slice by slice──> claims, answers, turns, in their order
//	                                  └── up to a frame: the latest of each
//
// All of it is inferred: a host need not have heard what passed here, nor
// believe it. What a host keeps and says to nobody (its routes, its sockets, a
// router's NAT) is in no frame. A book stops to grow at MostKept of each kind;
// Full says from which frame on nothing was entered.
package heard

import (
	"math"
	"net/netip"
	"sort"
	"time"

	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
)

// MostKept is how many claims, answers and turns are kept, each; mostRead how
// many of them before a frame are looked at.
const (
	MostKept = 1 << 16
	mostRead = 1 << 12
)

// Claim is an ARP packet that says of its sender which MAC address it has.
type Claim struct {
	Frame int
	IP    netip.Addr
	MAC   [6]byte
}

// Answer is an address of a name, as a DNS server said.
type Answer struct {
	Frame int
	Name  string
	Addr  string
	TTL   trace.Time // how long it may be kept
}

// Sign is something in a segment that changes what is known of a connection.
type Sign uint8

// The signs, of either side: what the first side of the conversation does, and
// what the second does.
const (
	SYN Sign = 1 << iota
	SYNBack
	FIN
	FINBack
	RST
	RSTBack
)

// turn is a segment with signs.
type turn struct {
	frame, talk int32
	sign        Sign
}

// Connection is what is known of a TCP connection.
type Connection struct {
	Talk  int // conversation
	Signs Sign
	Frame int // that brought the last of them
	Was   Sign
}

// Book is what was heard up to a frame.
type Book struct {
	claims  []Claim
	answers []Answer
	turns   []turn
	next    int // the first frame that was not read
	full    int // the first frame of which something was left out
}

// New is an empty book.
func New() *Book { return &Book{full: math.MaxInt} }

// Knows tells whether all frames up to one were read.
func (b *Book) Knows(frame int) bool { return frame < b.next }

// Full is the first frame of which something had no room.
func (b *Book) Full() (frame int, ok bool) { return b.full, b.full < math.MaxInt }

// Read looks for about as long as d at frames that were not looked at yet. What
// it gives enters what was found, and tells whether more is to be read; only
// that changes the book.
func (b *Book) Read(t trace.Trace, d time.Duration) (enter func() (more bool)) {
	const some = 256
	r := &reader{t: t}
	next := b.next
	for begin := time.Now(); next < t.Frames() && time.Since(begin) < d; {
		to := min(next+some, t.Frames())
		r.names = r.names[:0]
		t.Scan(next, to, r.frame)
		for _, n := range r.names {
			r.answer(n)
		}
		next = to
	}
	return func() bool {
		b.claims = keep(b, b.claims, r.claims, func(c Claim) int { return c.Frame })
		b.answers = keep(b, b.answers, r.answers, func(a Answer) int { return a.Frame })
		b.turns = keep(b, b.turns, r.turns, func(t turn) int { return int(t.frame) })
		b.next = next
		return next < t.Frames()
	}
}

// keep adds what has room.
func keep[E any](b *Book, all, more []E, frame func(E) int) []E {
	room := MostKept - len(all)
	if len(more) > room {
		b.full = min(b.full, frame(more[room]))
		more = more[:room]
	}
	return append(all, more...)
}

// reader looks at frames.
type reader struct {
	t       trace.Trace
	shape   walk.Shape
	claims  []Claim
	answers []Answer
	turns   []turn
	names   []int // frames that may bring answers about names
}

// The ports of DNS and of DNS on the link (RFC 1035 sec. 4.2, RFC 6762 sec. 5).
const (
	portDNS  = 53
	portMDNS = 5353
)

func (r *reader) frame(n int, data []byte) bool {
	s := &r.shape
	f := r.t.Frame(n)
	walk.Walk(s, data, max(f.WireLen, len(data)), uint16(f.LinkType), f.FCS)
	if s.N == 0 {
		return true
	}
	h := s.Inner()
	b := data[min(h.At, len(data)):]
	switch {
	case h.Proto == layers.ARP && layers.ARPPacket(b).Valid():
		r.claim(n, layers.ARPPacket(b))
	case h.Proto == layers.UDP && (s.Src.Port == portDNS || s.Src.Port == portMDNS):
		r.names = append(r.names, n)
	case h.Proto == layers.TCP && !s.Fragment && len(b) >= layers.TCPMinSize:
		r.turn(n, layers.TCPHeader(b))
	}
	return true
}

// claim enters what an ARP packet says of its sender. A probe names no sender
// (RFC 5227 sec. 2.1.1).
func (r *reader) claim(n int, p layers.ARPPacket) {
	ip := p.SenderIP()
	if ip == 0 {
		return
	}
	a := netip.AddrFrom4([4]byte{byte(ip >> 24), byte(ip >> 16), byte(ip >> 8), byte(ip)})
	r.claims = append(r.claims, Claim{Frame: n, IP: a, MAC: p.SenderHW()})
}

// The flags of TCP (RFC 9293 sec. 3.1).
const (
	flagFIN = 0x01
	flagSYN = 0x02
	flagRST = 0x04
)

func (r *reader) turn(n int, h layers.TCPHeader) {
	var sign Sign
	for _, f := range []struct {
		flag byte
		sign Sign
	}{{flagSYN, SYN}, {flagFIN, FIN}, {flagRST, RST}} {
		if h.Flags()&f.flag != 0 {
			sign |= f.sign
		}
	}
	if sign == 0 {
		return
	}
	talk := r.t.ConversationOf(n)
	if talk < 0 {
		return
	}
	if r.t.Conversation(talk).A != r.shape.Src.Peer() {
		sign <<= 1
	}
	r.turns = append(r.turns, turn{int32(n), int32(talk), sign})
}

// answer reads the addresses that a DNS message brings.
func (r *reader) answer(n int) {
	tree := r.t.Tree(n)
	if tree == nil {
		return
	}
	for i := range tree.Parts {
		if p := &tree.Parts[i]; p.Proto == layers.DNS && !p.Quoted {
			r.records(n, p.Fields, record{})
		}
	}
}

// record is what was read of a resource record so far.
type record struct {
	name string
	ttl  trace.Time
}

// records looks for the records among fields. An address of the record comes
// behind its name and its time to live.
func (r *reader) records(n int, fields []layers.Node, of record) {
	for i := range fields {
		f := &fields[i]
		if f.Field != nil {
			switch f.Field.Name {
			case "dns.resp.name":
				of.name = f.Show
			case "dns.resp.ttl":
				of.ttl = trace.Time(f.Uint) * trace.Second
			case "dns.a", "dns.aaaa":
				r.answers = append(r.answers, Answer{Frame: n, Name: of.name, Addr: f.Show, TTL: of.ttl})
			}
		}
		r.records(n, f.Children, of)
	}
}

// latest gives, of what came up to a frame, the last of each key, the newest
// first, and the one of the same key before it, if there is one. more: there
// may be others.
func latest[E any, K comparable](all []E, frame int, most int, at func(*E) int, key func(*E) K) (out [][2]*E, more bool) {
	i := sort.Search(len(all), func(i int) bool { return at(&all[i]) > frame })
	place := map[K]int{}
	for first := max(i-mostRead, 0); i > first; i-- {
		e := &all[i-1]
		if k, there := place[key(e)]; there {
			if out[k][1] == nil {
				out[k][1] = e
			}
			continue
		}
		if len(out) == most {
			return out, true
		}
		place[key(e)] = len(out)
		out = append(out, [2]*E{e})
	}
	return out, i > 0
}

// ARP gives who said what up to a frame: for each address the last claim and
// the one before it, the newest first, at most most.
func (b *Book) ARP(frame, most int) (claims [][2]*Claim, more bool) {
	return latest(b.claims, frame, most, func(c *Claim) int { return c.Frame }, func(c *Claim) netip.Addr { return c.IP })
}

// Names gives the addresses of names that were told up to a frame, in the same
// way.
func (b *Book) Names(frame, most int) (answers [][2]*Answer, more bool) {
	type key struct{ name, addr string }
	return latest(b.answers, frame, most, func(a *Answer) int { return a.Frame }, func(a *Answer) key { return key{a.Name, a.Addr} })
}

// TCP gives the connections that something was heard of up to a frame, the
// newest first, at most most.
func (b *Book) TCP(frame, most int) (all []Connection, more bool) {
	i := sort.Search(len(b.turns), func(i int) bool { return int(b.turns[i].frame) > frame })
	place := map[int32]int{}
	for first := max(i-mostRead, 0); i > first; i-- {
		t := b.turns[i-1]
		k, there := place[t.talk]
		if !there {
			if len(all) == most {
				return all, true
			}
			k = len(all)
			place[t.talk] = k
			all = append(all, Connection{Talk: int(t.talk), Frame: int(t.frame)})
		}
		c := &all[k]
		c.Signs |= t.sign
		if int(t.frame) != c.Frame {
			c.Was |= t.sign
		}
	}
	return all, i > 0
}
