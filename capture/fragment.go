package capture

import (
	"strata/capture/flows"
	"strata/layers"
	"strata/layers/reassembly"
	"strata/layers/walk"
)

// packetTable finds the assembly of the IPv4 packet that a fragment belongs
// to, as long as it is not whole and has not waited for too long.
type packetTable struct {
	fragments reassembly.Fragments[handle]
	open      map[reassembly.Key]uint32 // index into asms
}

func (t *packetTable) init() {
	t.open = map[reassembly.Key]uint32{}
	t.fragments.Gave = func(a reassembly.Abandoned[handle]) { delete(t.open, a.Key) }
}

// addFragment enters a fragment into its packet.
func (x *index) addFragment(s *walk.Shape, e *entry, data []byte) tally {
	key := reassembly.Key{Src: s.Src.Addr, Dst: s.Dst.Addr, ID: s.FragID, Protocol: s.Kind}
	x.packets.fragments.Expire(e.time)
	number, ok := x.packets.open[key]
	if !ok {
		number = x.openPacket(key, e)
	}
	a := x.asms.take(int(number))
	e.place |= flagFragment
	e.flow = number

	_, _, wire := s.Inner().Body()
	if s.Cut {
		return tally{}
	}
	by := handle{x.frame, uint8(s.Inner().Size)}
	whole, err := x.packets.fragments.Add(e.time, key, s.FragOff, wire, s.More, by)
	if err != nil {
		return tally{}
	}
	p := newPiece(int64(s.FragOff), int64(wire), by)
	if a.overlaps(p) {
		e.place |= flagResent
	}
	a.others = append(a.others, p)
	a.high = max(a.high, p.end())
	if whole != nil {
		for _, r := range whole {
			a.enter(r)
		}
		a.total = a.size()
		e.place |= flagWhole
		delete(x.packets.open, key)
		x.carried(a, s, data, e)
	}
	return x.packetMessages(a, s, e)
}

// compared is with how many of the fragments before it one is compared: a
// packet made to have very many must not take long.
const compared = 64

// overlaps says whether a fragment brings bytes of one before it.
func (a *assembly) overlaps(p piece) bool {
	for _, q := range a.others[max(0, len(a.others)-compared):] {
		if p.off < q.end() && q.off < p.end() {
			return true
		}
	}
	return false
}

// carried enters what a packet carries that is whole now, as Wireshark does:
// with the frame that completed it.
func (x *index) carried(a *assembly, s *walk.Shape, data []byte, e *entry) {
	var whole walk.Shape
	packet := s.WalkWhole(&whole, data, a.append(nil, 0, a.total, x.readPiece))
	for _, u := range x.table.AddWhole(&whole, packet, flows.Frame{Number: x.frame, Wire: int(e.wire), Time: e.time}) {
		x.noteHeader(u, &whole, packet, e, inWhole)
	}
}

// packetMessages counts the message of a UDP datagram in fragments: it is
// seen to begin with the first fragment, and is whole with the last.
func (x *index) packetMessages(a *assembly, s *walk.Shape, e *entry) (n tally) {
	if a.proto != layers.UDP {
		return n
	}
	if s.FragOff == 0 {
		n.making = 2
	}
	if e.is(flagWhole) && a.total >= layers.UDPSize {
		n.taking = 2
	}
	return n
}

func (x *index) openPacket(key reassembly.Key, e *entry) uint32 {
	a, number := x.asms.add()
	*a = assembly{lists: &x.lists, flow: e.flow, dir: uint8(sideOf(e)), first: x.frame, total: -1}
	switch key.Protocol {
	case layers.ProtocolUDP:
		a.proto = layers.UDP
	case layers.ProtocolTCP:
		a.proto = layers.TCP
	case layers.ProtocolICMP:
		a.proto = layers.ICMPv4
	case layers.ProtocolICMPv6:
		a.proto = layers.ICMPv6
	default:
		a.proto = layers.Data
	}
	x.packets.open[key] = uint32(number)
	return uint32(number)
}
