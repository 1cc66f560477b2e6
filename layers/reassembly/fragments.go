package reassembly

import (
	"container/list"
	"errors"
)

// Key tells which packet a fragment belongs to (RFC 791 section 3.2, RFC 8200
// section 4.5). An IPv4 address is the first four bytes.
type Key struct {
	Src, Dst [16]byte
	ID       uint32
	Protocol uint8
}

// Defaults of Fragments.
const (
	DefaultTimeout    = 60e9    // ns; RFC 1122 section 3.3.2 wants 60 to 120 s
	DefaultMaxPackets = 1024    // incomplete packets
	DefaultMaxBytes   = 4 << 20 // bytes of their fragments
)

const maxPacket = 65535 // payload bytes that an IPv4 packet's fragments can name

// Errors of Fragments.Add; the fragment was not taken.
var (
	ErrEmpty     = errors.New("reassembly: the fragment is empty")
	ErrUnaligned = errors.New("reassembly: the fragment is not the last, and its length is no multiple of 8")
	ErrTooLong   = errors.New("reassembly: the fragment goes past the longest packet")
	ErrEnd       = errors.New("reassembly: the fragment contradicts where the packet ends")
)

// Reason says why an incomplete packet was given up.
type Reason uint8

// The reasons.
const (
	TimedOut Reason = iota
	Crowded         // to make room for newer ones
)

// Abandoned is an incomplete packet that was given up. An ICMP Time Exceeded
// answers a TimedOut one only when fragment zero came (RFC 792): then
// HasFirst, and First is its handle.
type Abandoned[H any] struct {
	Key      Key
	Reason   Reason
	HasFirst bool
	First    H
	Handles  []H // of all its fragments, in order of arrival
}

// Fragments collects the fragments of IPv4 packets. The zero value is ready;
// set the fields before use.
type Fragments[H any] struct {
	Timeout    int64 // ns from a packet's first fragment to arrive; 0: DefaultTimeout
	MaxPackets int   // 0: DefaultMaxPackets
	MaxBytes   int64 // 0: DefaultMaxBytes
	// Gave is told of every packet that is given up; nil: nobody is.
	Gave func(Abandoned[H])

	packets map[Key]*list.Element
	order   list.List // of *packet[H], oldest first
	bytes   int64
}

type packet[H any] struct {
	key      Key
	deadline int64
	pieces   pieces[H]
	filled   int64
	total    int64 // -1 until the last fragment comes
	handles  []H
	first    int // index of fragment zero in handles; -1: it did not come
}

func orDefault[T int | int64](v, def T) T {
	if v == 0 {
		return def
	}
	return v
}

// Add takes a fragment of n bytes at byte offset off of its packet; more says
// whether others follow it. When it completes the packet, the packet's pieces
// are returned, in order. Packets whose time has come by now are given up
// first.
func (f *Fragments[H]) Add(now int64, key Key, off, n int, more bool, from H) ([]Piece[H], error) {
	f.Expire(now)
	switch {
	case n <= 0:
		return nil, ErrEmpty
	case more && n%8 != 0:
		return nil, ErrUnaligned
	case off+n > maxPacket:
		return nil, ErrTooLong
	}
	p := f.packet(now, key)
	end := int64(off + n)
	known := p.total >= 0
	switch {
	case known && end > p.total, known && !more && end != p.total,
		!known && !more && len(p.pieces) > 0 && p.pieces[len(p.pieces)-1].End() > end:
		return nil, ErrEnd
	case !more:
		p.total = end
	}
	if off == 0 && p.first < 0 {
		p.first = len(p.handles)
	}
	added := p.pieces.insert(int64(off), int64(n), 0, from)
	if added > 0 || p.first == len(p.handles) {
		p.handles = append(p.handles, from)
	}
	p.filled += added
	f.bytes += added
	if p.filled == p.total {
		f.remove(f.packets[key])
		return p.pieces, nil
	}
	for f.bytes > orDefault(f.MaxBytes, DefaultMaxBytes) {
		f.giveUp(Crowded)
	}
	return nil, nil
}

// packet finds the packet of a key, or begins it and makes room.
func (f *Fragments[H]) packet(now int64, key Key) *packet[H] {
	if e := f.packets[key]; e != nil {
		return e.Value.(*packet[H])
	}
	if len(f.packets) >= orDefault(f.MaxPackets, DefaultMaxPackets) {
		f.giveUp(Crowded)
	}
	if f.packets == nil {
		f.packets = make(map[Key]*list.Element)
	}
	p := &packet[H]{key: key, deadline: now + orDefault(f.Timeout, DefaultTimeout), total: -1, first: -1}
	f.packets[key] = f.order.PushBack(p)
	return p
}

func (f *Fragments[H]) remove(e *list.Element) *packet[H] {
	p := f.order.Remove(e).(*packet[H])
	delete(f.packets, p.key)
	f.bytes -= p.filled
	return p
}

// giveUp ends the oldest packet.
func (f *Fragments[H]) giveUp(why Reason) {
	p := f.remove(f.order.Front())
	if f.Gave == nil {
		return
	}
	a := Abandoned[H]{Key: p.key, Reason: why, HasFirst: p.first >= 0, Handles: p.handles}
	if a.HasFirst {
		a.First = p.handles[p.first]
	}
	f.Gave(a)
}

// Deadline is when the oldest incomplete packet is to be given up; ok is
// false when there is none.
func (f *Fragments[H]) Deadline() (at int64, ok bool) {
	e := f.order.Front()
	if e == nil {
		return 0, false
	}
	return e.Value.(*packet[H]).deadline, true
}

// Expire gives up the packets whose time has come by now.
func (f *Fragments[H]) Expire(now int64) {
	for {
		at, ok := f.Deadline()
		if !ok || at > now {
			return
		}
		f.giveUp(TimedOut)
	}
}

// Waiting is how many packets are incomplete.
func (f *Fragments[H]) Waiting() int { return len(f.packets) }
