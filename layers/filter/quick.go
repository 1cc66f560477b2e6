package filter

import (
	"encoding/binary"

	"strata/layers"
	"strata/layers/walk"
)

// Verdict is what a quick look at a frame tells.
type Verdict uint8

// The verdicts.
const (
	Unknown Verdict = iota // only Match can tell
	Yes
	No
)

// sight is a frame as its headers show it.
type sight struct {
	shape *walk.Shape
	data  []byte
	frame *Frame
	whole Verdict // whether the walk has found all headers; Unknown: not asked yet
}

// judge says whether a frame passes, by Kleene's logic: what is unknown stays
// so unless the rest decides.
func (t *test) judge(s *sight) Verdict {
	switch t.op {
	case testAll:
		return Yes
	case testNot:
		return [...]Verdict{Unknown: Unknown, Yes: No, No: Yes}[t.a.judge(s)]
	case testAnd, testOr:
		deciding := No
		if t.op == testOr {
			deciding = Yes
		}
		a := t.a.judge(s)
		if a == deciding {
			return a
		}
		if b := t.b.judge(s); b == deciding || a == b {
			return b
		}
		return Unknown
	}
	if t.quick == nil {
		return Unknown
	}
	return t.quick.judge(s)
}

// quick is a test of the values at fixed places of a protocol's header, or of
// what is known of the frame: whether they lie in ranges.
type quick struct {
	proto   layers.Proto
	above   bool    // the protocol is an application's: it comes with TCP or UDP only
	frame   string  // the frame's number or time of this name, in place of a header's
	kind    kind    // of the values
	exists  bool    // that there is a header decides
	places  []place // none, without exists: only that there is no header decides
	mask    wide    // the bits that count
	ranges  []interval
	outside bool // values pass that lie in no range
	every   bool
}

// place is where a header has a number.
type place struct {
	at, size int
	mask     uint64 // 0: all
	shift    int
	scale    uint64 // the number is this many times what stands there
	floor    uint64 // below it, it is another field
}

// wide is a number as large as an IPv6 address.
type wide struct{ high, low uint64 }

func (a wide) less(b wide) bool { return a.high < b.high || a.high == b.high && a.low < b.low }

// interval is a range of numbers with both its ends.
type interval struct{ from, to wide }

func (q *quick) judge(s *sight) Verdict {
	if q.frame != "" {
		v := s.frame.number(q.frame)
		return verdict(q.passes(ordered(q.kind, &v)))
	}
	found, sure := 0, true
	for i := range s.shape.All {
		h := &s.shape.Headers[i]
		if i > 0 && s.vague(&s.shape.Headers[i-1]) {
			return Unknown
		}
		if h.Proto != q.proto {
			continue
		}
		if h.Proto == layers.TCP && !layers.TCPHeader(s.data[h.At:h.End]).Valid() {
			return Unknown
		}
		if h.Proto == layers.VLAN && (h.At < 2 || binary.BigEndian.Uint16(s.data[h.At-2:]) != layers.EtherTypeVLAN) {
			sure = false // a provider's tag is another protocol
			continue
		}
		if q.exists {
			return Yes
		}
		if len(q.places) == 0 {
			return Unknown
		}
		for j := range q.places {
			v, ok := q.places[j].load(s.data, h)
			switch {
			case !ok:
				sure = false
				continue
			case q.places[j].floor > 0 && v.low < q.places[j].floor:
				continue
			}
			if q.passes(v) != q.every {
				return verdict(!q.every)
			}
			found++
		}
		sure = sure && q.settled(s.data, h)
	}
	if !sure || !s.complete() || q.above && s.carries() {
		return Unknown
	}
	return verdict(q.every && found > 0)
}

func verdict(pass bool) Verdict {
	if pass {
		return Yes
	}
	return No
}

func (q *quick) passes(v wide) bool {
	v.high &= q.mask.high
	v.low &= q.mask.low
	for i := range q.ranges {
		if r := &q.ranges[i]; !v.less(r.from) && !r.to.less(v) {
			return !q.outside
		}
	}
	return q.outside
}

// load reads the number from a header; false when the header is cut off
// before it.
func (p *place) load(data []byte, h *walk.Header) (wide, bool) {
	if p.at+p.size > h.Size || h.At+p.at+p.size > len(data) {
		return wide{}, false
	}
	b := data[h.At+p.at:]
	var v uint64
	switch p.size {
	case 1:
		v = uint64(b[0])
	case 2:
		v = uint64(binary.BigEndian.Uint16(b))
	case 4:
		v = uint64(binary.BigEndian.Uint32(b))
	case 6:
		v = uint64(binary.BigEndian.Uint32(b))<<16 | uint64(binary.BigEndian.Uint16(b[4:]))
	case 16:
		return wide{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}, true
	default:
		for _, c := range b[:p.size] {
			v = v<<8 | uint64(c)
		}
	}
	if p.mask != 0 {
		v = v & p.mask >> p.shift
	}
	return wide{0, v * p.scale}, true
}

// vague says whether it is open what a header carries: an IPv6 packet that does
// not say how long it is, and extension headers whose options may be broken.
func (s *sight) vague(h *walk.Header) bool {
	switch h.Proto {
	case layers.IPv6:
		return h.At+6 > len(s.data) || s.data[h.At+4]|s.data[h.At+5] == 0
	case layers.IPv6HopByHop, layers.IPv6Routing, layers.IPv6Destination, layers.IPv6Fragment:
		return true
	}
	return false
}

// settled says whether the header has all the values that the field takes: a
// source route or a routing header names further destinations.
func (q *quick) settled(data []byte, h *walk.Header) bool {
	switch {
	case q.proto == layers.IPv4:
		return h.Size == layers.IPv4MinSize
	case q.proto == layers.IPv6 && h.At+6 < len(data):
		switch data[h.At+6] {
		case layers.ProtocolTCP, layers.ProtocolUDP, layers.ProtocolICMPv6:
			return true
		}
		return false
	}
	return true
}

// complete says whether the walk has found every header that a dissection
// finds, up to the transport's.
func (s *sight) complete() bool {
	if s.whole == Unknown {
		s.whole = verdict(s.looksWhole())
	}
	return s.whole == Yes
}

func (s *sight) looksWhole() bool {
	sh := s.shape
	// What an error quotes may be cut off anywhere.
	if sh.N == 0 || sh.All > sh.N || sh.All == len(sh.Headers) || sh.Fragment {
		return false
	}
	h := sh.Inner()
	if h.At+h.Size > len(s.data) || s.vague(h) {
		return false
	}
	switch h.Proto {
	case layers.ARP:
		return true
	case layers.TCP:
		return layers.TCPHeader(s.data[h.At:h.End]).Valid()
	case layers.UDP:
		u := layers.UDPHeader(s.data[h.At:])
		return !tunnelPort(u.SrcPort()) && !tunnelPort(u.DstPort())
	case layers.ICMPv4:
		t := s.data[h.At]
		return t == 0 || t == 8 || t >= 13 && t <= 18 // not an error, which quotes
	case layers.ICMPv6:
		t := s.data[h.At]
		return t >= 128 && t <= 136 // nor a redirect
	}
	return false
}

// tunnelPort says whether packets are carried over this UDP port: GTP, Teredo,
// VXLAN and its older port, GRE, MPLS, Geneve.
func tunnelPort(p uint16) bool {
	switch p {
	case 2152, 3386, 3544, 4754, 4789, 4790, 6081, 6635, 8472:
		return true
	}
	return false
}

// carries says whether the innermost header is one that applications use.
func (s *sight) carries() bool {
	p := s.shape.Inner().Proto
	return p == layers.TCP || p == layers.UDP
}
