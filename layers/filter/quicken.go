package filter

import (
	"math"
	"math/bits"

	"strata/layers"
)

// quicken finds for every condition how headers decide it.
func (t *test) quicken() {
	switch t.op {
	case testAll:
	case testAnd, testOr:
		t.a.quicken()
		t.b.quicken()
	case testNot:
		t.a.quicken()
	default:
		t.quick = t.headers()
	}
}

var allBits = wide{math.MaxUint64, math.MaxUint64}

// headers makes the quick form of a condition; nil when it has none.
func (t *test) headers() *quick {
	field := t.left
	q := &quick{mask: allBits, every: t.every}

	if field.form == formSum && field.sign == '&' && field.of[1].fixed && field.of[0].form == formField {
		if len(field.of[1].value.bytes) < 6 && field.kind == kindMAC {
			return nil
		}
		q.mask = ordered(field.kind, &field.of[1].value)
		field = field.of[0]
	}
	if field.form != formField || !q.locate(field) {
		return nil
	}
	protocol := q.exists
	q.exists = false
	ok := q.frame != "" || len(q.places) > 0
	switch {
	case t.op == testExists && protocol:
		q.exists, ok = true, true
	case t.op == testExists && field == t.left:
		q.ranges = []interval{{wide{}, allBits}}
	case t.op == testExists:
		q.ranges = []interval{{wide{0, 1}, allBits}}
		if t.left.kind == kindIPv6 { // any of its bits
			q.ranges = []interval{{wide{}, wide{}}}
			q.outside = true
		}
	case t.op == testCompare && t.right.fixed:
		q.ranges = relationRanges(t.relation, t.left.kind, &t.right.value)
		q.outside = t.relation == "!="
	case t.op == testIn:
		ok = q.members(t) && ok
	default:
		ok = false
	}
	switch {
	case ok:
		return q
	case q.frame != "":
		return nil
	}
	// What is true of all conditions is left: no header, no value.
	q.places, q.exists, q.ranges = nil, false, nil
	return q
}

// members makes ranges of a set; false when they are not known yet, or not
// alike for all values.
func (q *quick) members(t *test) bool {
	if t.every && len(t.set) > 1 {
		return false
	}
	unsigned := t.left.kind == kindUint
	for _, m := range t.set {
		high := m.high
		if high == nil {
			high = m.low
		}
		if !m.low.fixed || !high.fixed {
			return false
		}
		r := interval{lowest(q.kind, &m.low.value), highest(q.kind, &high.value)}
		if unsigned && high.value.neg {
			continue
		}
		if unsigned && m.low.value.neg {
			r.from = wide{}
		}
		q.ranges = append(q.ranges, r)
	}
	return true
}

// locate says where a field's values come from; false when no header tells.
func (q *quick) locate(o *operand) bool {
	e := o.entry
	if len(o.layers) > 0 || e.shared {
		return false
	}
	q.kind = e.kind
	switch e.source {
	case inFrame:
		if e.kind == kindProto || e.kind == kindString {
			return false
		}
		q.frame = e.name
		return true
	case inExpert, inData:
		return false
	}
	q.proto = e.home
	switch e.home {
	case layers.Ethernet, layers.VLAN, layers.ARP, layers.IPv4, layers.IPv6, layers.UDP, layers.TCP, layers.ICMPv4:
		q.exists = e.source == inParts
		q.places = quickPlaces[e.name]
		return true
	}
	q.above = e.home.Layer() >= layers.Session
	return q.above
}

// ordered is a value as a number in the order of its kind.
func ordered(k kind, v *value) wide {
	switch k {
	case kindIPv6:
		return wide{v.num, v.low}
	case kindMAC, kindBytes:
		var n uint64
		for _, c := range v.bytes {
			n = n<<8 | uint64(c)
		}
		return wide{0, n}
	case kindMoment, kindSpan:
		return wide{0, v.num ^ 1<<63}
	}
	return wide{0, v.num}
}

// lowest and highest are the ends of what a constant stands for: of an
// address with a prefix, the network's.
func lowest(k kind, v *value) wide {
	n, host := ordered(k, v), hostBits(v)
	return wide{n.high &^ host.high, n.low &^ host.low}
}

func highest(k kind, v *value) wide {
	n, host := ordered(k, v), hostBits(v)
	return wide{n.high | host.high, n.low | host.low}
}

func hostBits(v *value) wide {
	if v.host > 64 {
		return wide{1<<(v.host-64) - 1, math.MaxUint64}
	}
	return wide{0, uint64(1)<<v.host - 1} // 1<<64 is 0
}

// relationRanges are the numbers that a relation to a constant holds for; of
// "!=" those that it does not hold for.
func relationRanges(relation string, k kind, v *value) []interval {
	if v.neg && (k == kindUint || k == kindInt) { // no header has such a number
		if relation == ">" || relation == ">=" {
			return []interval{{wide{}, allBits}}
		}
		return nil
	}
	low, high := lowest(k, v), highest(k, v)
	switch relation {
	case "==", "!=":
		return []interval{{low, high}}
	case ">=":
		return []interval{{low, allBits}}
	case "<=":
		return []interval{{wide{}, high}}
	case ">":
		if high == allBits {
			return nil
		}
		return []interval{{high.plus(1), allBits}}
	}
	if low == (wide{}) {
		return nil
	}
	return []interval{{wide{}, low.plus(-1)}}
}

// plus adds 1 or -1.
func (a wide) plus(n int64) wide {
	low, carry := bits.Add64(a.low, uint64(n), 0)
	high := a.high + carry
	if n < 0 {
		high--
	}
	return wide{high, low}
}
