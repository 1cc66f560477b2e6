package mqtt

import (
	"slices"
	"time"
)

// message is what a program published. It is shared by all that it goes to.
type message struct {
	topic      string
	payload    []byte
	qos        byte
	retain     bool
	properties Properties // what is passed on with it: content type, response topic …
	expires    time.Time  // zero: never
	from       *session   // who published it; nil: not a client of the broker
}

// delivery is a message on its way to one peer.
type delivery struct {
	*message
	qos    byte
	retain bool
	ids    []uint32 // identifiers of the subscriptions that it is for
	share  *share   // that it is for; nil: a subscription of the peer's own

	id       uint16 // packet identifier; 0: not sent yet
	released bool   // QoS 2: the peer has it (PUBREC), and is to forget its identifier
	again    bool   // to be sent again, on a new connection
}

// flow is one side's state of the messages to and from its peer (section 4.3).
// It belongs to a session, not to a connection, and does no I/O: next says what
// to send, and every packet that acknowledges comes in by a method of its own.
type flow struct {
	window int // how many deliveries may be unacknowledged: the peer's receive maximum
	limit  int // how many may wait

	queue   []*delivery // that wait, oldest first
	flights []*delivery // QoS 1 and 2, not acknowledged, in the order in which they were first sent
	last    uint16      // the packet identifier that was given out last

	reserved uint16 // a packet identifier that something else has; 0: none

	taken map[uint16]bool // packet identifiers of QoS 2 that came in and are not released
}

// push lets a delivery wait for its turn. It is refused when too many do.
func (f *flow) push(d *delivery) bool {
	if len(f.queue) >= f.limit {
		return false
	}
	f.queue = append(f.queue, d)
	return true
}

// resume begins anew on another connection: what is not acknowledged is to be
// sent again, in the order of before (section 4.4). At no other time is
// anything sent again.
func (f *flow) resume(window int) {
	f.window = window
	for _, d := range f.flights {
		d.again = true
	}
}

// reset forgets all that the peer has forgotten: its session is gone. It gives
// the deliveries that the peer has not confirmed to have, oldest first; they
// are on the way no more.
func (f *flow) reset() (lost []*delivery) {
	for _, d := range f.flights {
		if !d.released {
			lost = append(lost, d)
		}
	}
	f.flights, f.taken = nil, nil
	return lost
}

// next is the packet to send now, with its delivery; nil: none may be sent.
// What has expired is forgotten (section 3.3.2.3.3).
func (f *flow) next(now time.Time) (*Packet, *delivery) {
	outstanding := 0
	for _, d := range f.flights {
		switch {
		case !d.again: // until PUBCOMP, not only until PUBREC (section 4.9)
			outstanding++
		case d.released:
			d.again = false
			return &Packet{Type: PUBREL, ID: d.id}, d
		default:
			if outstanding >= f.window { // the new connection's window may be smaller
				return nil, nil
			}
			d.again = false
			p := d.packet(now)
			p.Dup = true // section 3.3.1.1
			return p, d
		}
	}
	for len(f.queue) > 0 {
		d := f.queue[0]
		if d.expired(now) {
			f.pop()
			continue
		}
		if d.qos > 0 {
			if outstanding >= f.window {
				return nil, nil
			}
			if d.id = f.identifier(); d.id == 0 {
				return nil, nil
			}
			f.flights = append(f.flights, d)
		}
		f.pop()
		return d.packet(now), d
	}
	return nil, nil
}

func (f *flow) pop() {
	f.queue[0] = nil
	f.queue = f.queue[1:]
}

// identifier is a packet identifier that is free; 0: none is. One that was
// acknowledged may be used again, but the others come first (section 2.2.1).
func (f *flow) identifier() uint16 {
	for range 1 << 16 {
		f.last++
		if f.last != 0 && f.last != f.reserved && f.find(f.last) < 0 {
			return f.last
		}
	}
	return 0
}

// reserve gives a packet identifier to something that is no message.
func (f *flow) reserve() uint16 {
	f.reserved = f.identifier()
	return f.reserved
}

func (f *flow) find(id uint16) int {
	return slices.IndexFunc(f.flights, func(d *delivery) bool { return d.id == id })
}

// idle says that nothing is left to send or to be acknowledged.
func (f *flow) idle() bool { return len(f.queue)+len(f.flights) == 0 }

func (d *delivery) expired(now time.Time) bool { return !d.expires.IsZero() && !now.Before(d.expires) }

// packet is the delivery as it is sent.
func (d *delivery) packet(now time.Time) *Packet {
	p := &Packet{Type: PUBLISH, ID: d.id, QoS: d.qos, Retain: d.retain, Topic: d.topic, Payload: d.payload}
	if !d.expires.IsZero() { // what is left of it, in whole seconds
		left := max(0, d.expires.Sub(now)+time.Second-1) / time.Second
		p.Properties = append(p.Properties, Property{ID: MessageExpiry, Num: uint32(left)})
	}
	p.Properties = append(p.Properties, d.properties...)
	for _, id := range d.ids {
		p.Properties = append(p.Properties, Property{ID: SubscriptionID, Num: id})
	}
	return p
}

// acknowledge takes PUBACK, PUBREC and PUBCOMP. It gives the answer to send,
// nil for none, and the delivery that is done with, nil if it goes on.
func (f *flow) acknowledge(p *Packet) (answer *Packet, done *delivery, err error) {
	i := f.find(p.ID)
	if i < 0 {
		if p.Type == PUBREC { // section 4.13.2: the peer is to forget it
			return &Packet{Type: PUBREL, ID: p.ID, Reason: PacketIDNotFound}, nil, nil
		}
		return nil, nil, nil // what was acknowledged before
	}
	d := f.flights[i]
	switch {
	case (p.Type == PUBACK) != (d.qos == 1):
		return nil, nil, violation("%v does not acknowledge a PUBLISH of QoS %d (section 4.3)", p.Type, d.qos)
	case p.Type == PUBREC && p.Reason < failure:
		d.released, d.again = true, false
		return &Packet{Type: PUBREL, ID: p.ID}, nil, nil
	case p.Type == PUBCOMP && !d.released:
		return nil, nil, violation("PUBCOMP comes before PUBREL (section 4.3.3)")
	}
	f.flights = slices.Delete(f.flights, i, i+1)
	return nil, d, nil
}

// take notes that a PUBLISH of QoS 2 came in; it is fresh unless it came
// before and was not released (section 4.3.3).
func (f *flow) take(id uint16) (fresh bool) {
	if f.taken[id] {
		return false
	}
	if f.taken == nil {
		f.taken = map[uint16]bool{}
	}
	f.taken[id] = true
	return true
}

// release takes PUBREL, and gives the answer.
func (f *flow) release(id uint16) *Packet {
	p := &Packet{Type: PUBCOMP, ID: id}
	if !f.taken[id] {
		p.Reason = PacketIDNotFound
	}
	delete(f.taken, id)
	return p
}

// discard takes a delivery off the way: it can never be sent.
func (f *flow) discard(d *delivery) {
	f.flights = slices.DeleteFunc(f.flights, func(o *delivery) bool { return o == d })
}
