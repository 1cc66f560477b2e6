package capture

import (
	"encoding/binary"

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
	key := reassembly.Key{
		Src: binary.BigEndian.Uint32(s.Src.Addr[:]), Dst: binary.BigEndian.Uint32(s.Dst.Addr[:]),
		ID: s.FragID, Protocol: s.Kind,
	}
	x.packets.fragments.Expire(e.time)
	number, ok := x.packets.open[key]
	if !ok {
		number = x.openPacket(key, e)
	}
	a := x.asms[number]
	e.place |= flagFragment
	e.flow = number

	from, to, wire := s.Inner().Body()
	if to-from < wire { // cut by the snap length: its packet cannot be whole
		return tally{}
	}
	by := handle{x.frame, uint8(s.Inner().Size)}
	whole, err := x.packets.fragments.Add(e.time, key, s.FragOff, wire, s.More, by)
	if err != nil {
		return tally{}
	}
	p := newPiece(int64(s.FragOff), int64(wire), by)
	a.others = append(a.others, p)
	a.high = max(a.high, p.end())
	if whole != nil {
		for _, r := range whole {
			a.enter(r)
		}
		a.total = a.size()
		e.place |= flagWhole
		delete(x.packets.open, key)
	}
	return x.packetMessages(a, s, e)
}

// packetMessages counts the message of a UDP datagram in fragments: it is
// seen to begin with the first fragment, and is whole with the last.
func (x *index) packetMessages(a *assembly, s *walk.Shape, e *entry) (n tally) {
	if a.proto != layers.UDP {
		return n
	}
	if s.FragOff == 0 {
		n.started = 1
	}
	if e.is(flagWhole) && a.total >= layers.UDPSize {
		n.ended = 1
	}
	return n
}

func (x *index) openPacket(key reassembly.Key, e *entry) uint32 {
	a := &assembly{flow: e.flow, dir: uint8(sideOf(e)), first: x.frame, total: -1}
	switch key.Protocol {
	case layers.ProtocolUDP:
		a.proto = layers.UDP
	case layers.ProtocolTCP:
		a.proto = layers.TCP
	case layers.ProtocolICMP:
		a.proto = layers.ICMPv4
	default:
		a.proto = layers.Data
	}
	number := uint32(len(x.asms))
	x.asms = append(x.asms, a)
	x.packets.open[key] = number
	return number
}
