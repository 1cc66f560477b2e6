package mqtt

import (
	"strconv"
	"testing"
	"time"
)

// TestIdentifiersAreUsedAgain: more messages of QoS 2 than there are packet
// identifiers, each arrives once, though connections break in between.
func TestIdentifiersAreUsedAgain(t *testing.T) {
	from, to := &flow{window: 7, limit: 10}, &flow{}
	sent, got := 0, 0
	used := map[uint16]int{}
	now := time.Unix(0, 0)
	for step := 0; got < 140000; step++ {
		for sent < 140000 && from.push(&delivery{qos: 2, message: &message{topic: "t", payload: []byte(strconv.Itoa(sent))}}) {
			sent++
		}
		if step%1009 == 0 {
			from.resume(7)
		}
		lost := func(n int) bool { return step%1009 > 1000 && (step+n)%3 == 0 } // the connection is breaking
		for p, _ := from.next(now); p != nil; p, _ = from.next(now) {
			if lost(1) {
				continue
			}
			if p.Type == PUBLISH {
				if to.take(p.ID) {
					if used[p.ID]++; string(p.Payload) != strconv.Itoa(got) {
						t.Fatalf("message %s comes after %d", p.Payload, got)
					}
					got++
				} else if !p.Dup {
					t.Fatalf("identifier %d is used while it is in use", p.ID)
				}
				p = &Packet{Type: PUBREC, ID: p.ID}
				if lost(2) {
					continue
				}
				if p, _, _ = from.acknowledge(p); p == nil || lost(3) {
					continue
				}
			}
			if _, _, err := from.acknowledge(to.release(p.ID)); err != nil {
				t.Fatal(err)
			}
		}
		if step > 1000000 {
			t.Fatalf("%d of %d", got, sent)
		}
	}
	if len(used) != 65535 {
		t.Errorf("%d identifiers", len(used))
	}
	if len(to.taken) > 7 {
		t.Errorf("%d are not released", len(to.taken))
	}
}

// TestFlowKeepsToTheWindow: no more is under way than the peer wants, until it
// is done with for good.
func TestFlowKeepsToTheWindow(t *testing.T) {
	f := &flow{window: 2, limit: 10}
	now := time.Unix(0, 0)
	for i := range 4 {
		f.push(&delivery{qos: byte(1 + i%2), message: &message{topic: "t"}})
	}
	next := func() uint16 {
		p, _ := f.next(now)
		if p == nil {
			return 0
		}
		return p.ID
	}
	is := func(want uint16) {
		t.Helper()
		if got := next(); got != want {
			t.Fatalf("packet %d, want %d", got, want)
		}
	}
	ack := func(typ Type, id uint16) {
		t.Helper()
		if _, _, err := f.acknowledge(&Packet{Type: typ, ID: id}); err != nil {
			t.Fatal(err)
		}
	}
	is(1)
	is(2)
	is(0)
	ack(PUBACK, 1)
	is(3)
	is(0)
	ack(PUBREC, 2)
	is(0) // section 4.9: until PUBCOMP
	ack(PUBCOMP, 2)
	is(4)
	f.resume(1)
	is(3)
	is(0)
	ack(PUBACK, 3)
	is(4)
	if _, _, err := f.acknowledge(&Packet{Type: PUBACK, ID: 4}); err == nil {
		t.Error("PUBACK acknowledges QoS 2")
	}
	if _, _, err := f.acknowledge(&Packet{Type: PUBCOMP, ID: 4}); err == nil {
		t.Error("PUBCOMP comes before PUBREC")
	}
	if p, _, _ := f.acknowledge(&Packet{Type: PUBREC, ID: 99}); p == nil || p.Type != PUBREL || p.Reason != PacketIDNotFound {
		t.Errorf("PUBREC of nothing: %+v", p)
	}
	if p := f.release(99); p.Type != PUBCOMP || p.Reason != PacketIDNotFound {
		t.Errorf("PUBREL of nothing: %+v", p)
	}
}

// TestExpiry: what has expired is not sent; what has not says how long it has.
func TestExpiry(t *testing.T) {
	f := &flow{window: 10, limit: 10}
	now := time.Unix(100, 0)
	for _, after := range []time.Duration{time.Second, time.Minute} {
		f.push(&delivery{message: &message{topic: "t", expires: now.Add(after)}})
	}
	p, _ := f.next(now.Add(10500 * time.Millisecond))
	if left, ok := p.Properties.Num(MessageExpiry); !ok || left != 50 {
		t.Errorf("%+v", p)
	}
	if !f.idle() {
		t.Error("the other one is kept")
	}
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		filter, topic string
		want          bool
	}{
		{"a/b", "a/b", true}, {"a/b", "a/c", false}, {"a/b", "a", false}, {"a", "a/b", false}, {"a/+", "a/b", true}, {"a/+", "a", false}, {"a/+", "a/", true}, {"a/+/c", "a/b/c", true},
		{"+", "a", true}, {"+", "a/b", false}, {"+/+", "/a", true}, {"/+", "/a", true}, {"+", "/a", false}, {"#", "a/b/c", true}, {"a/#", "a", true}, {"a/#", "a/b/c", true}, {"a/#", "ab", false},
		{"a/+/#", "a", false}, {"a/+/#", "a/b", true}, {"#", "$SYS/x", false}, {"+/x", "$SYS/x", false}, {"$SYS/#", "$SYS/x", true}, {"$SYS/+", "$SYS/x", true}, {"a//b", "a//b", true}, {"a/+/b", "a//b", true}, {"sport/+/player", "sport/tennis/player", true},
	} {
		if got := matches(c.filter, c.topic); got != c.want {
			t.Errorf("%s matches %s: %v", c.filter, c.topic, got)
		}
		tree := &topicTree{}
		tree.at(c.filter, true).subs = []*subscription{{}}
		n := 0
		tree.match(c.topic, func(*subscription) { n++ })
		if n > 1 || n == 1 != c.want {
			t.Errorf("%s finds %s %d times", c.topic, c.filter, n)
		}
		tree.at(c.filter, true).subs = nil
		if tree.prune(c.filter); len(tree.next) > 0 {
			t.Errorf("%s is not forgotten", c.filter)
		}
	}
}

func TestValidFilter(t *testing.T) {
	for filter, want := range map[string]bool{"a": true, "+": true, "#": true, "/": true, "a/+/#": true, "$share/g/a/#": true, "$share/g//": true, "": false, "a+": false, "a/#/b": false, "#/": false, "$share/g": false, "$share//a": false, "$share/g/": false, "$share/g+/a": false, "$share/g/a+": false} {
		if got := validFilter(filter); got != want {
			t.Errorf("%q: %v", filter, got)
		}
	}
}
