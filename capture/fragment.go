package capture

import "strata/layers"

// packetTable finds the IPv4 packet that a fragment belongs to. It is bounded:
// the packet that has waited longest gives way.
type packetTable struct {
	open  map[packetKey]uint32 // to an index into asms
	queue []openPacket         // in order of their opening
}

type packetKey struct {
	src, dst endpoint
	id       uint16
	protocol uint8
}

type openPacket struct {
	key    packetKey
	number uint32
}

const (
	maxPackets    = 1 << 12
	packetTimeout = 60e9 // ns; RFC 1122 sec. 3.3.2 asks for 60 to 120 s
)

func (t *packetTable) init() { t.open = map[packetKey]uint32{} }

// addFragment enters a fragment into its packet.
func (x *index) addFragment(s *shape, e *entry, data []byte) tally {
	key := packetKey{s.src, s.dst, s.fragID, s.kind}
	number, ok := x.packets.open[key]
	if ok && e.time-x.entry(int(x.asms[number].first)).time > packetTimeout {
		ok = false
	}
	if !ok {
		number = x.openPacket(key, e)
	}
	a := x.asms[number]
	e.place |= flagFragment
	e.flow = number

	from, to, wire := s.inner().body()
	p := newPiece(int64(s.fragOff), x.frame, to-from, s.inner().size)
	end := p.off + int64(wire)
	if !s.more && a.total < 0 {
		a.total = end
	}
	if a.add(p) == placedAgain && p.len() > 0 {
		e.place |= flagResent
	}
	for _, more := a.take(); more; _, more = a.take() {
	}
	if a.total >= 0 && a.next == a.total && a.total > 0 && !e.is(flagResent) {
		e.place |= flagWhole
		delete(x.packets.open, key)
	}
	return x.packetMessages(a, s, e)
}

// packetMessages counts the message of a UDP datagram in fragments: it is
// seen to begin with the first fragment, and is whole with the last.
func (x *index) packetMessages(a *assembly, s *shape, e *entry) (n tally) {
	if a.proto != layers.UDP {
		return n
	}
	if s.fragOff == 0 {
		n.started = 1
	}
	if e.is(flagWhole) && a.total >= layers.UDPSize {
		n.ended = 1
	}
	return n
}

func (x *index) openPacket(key packetKey, e *entry) uint32 {
	t := &x.packets
	if len(t.queue) >= maxPackets {
		if old := t.queue[0]; t.open[old.key] == old.number {
			delete(t.open, old.key)
		}
		t.queue = t.queue[1:]
	}
	a := &assembly{flow: e.flow, dir: uint8(sideOf(e)), first: x.frame, total: -1}
	switch key.protocol {
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
	t.open[key] = number
	t.queue = append(t.queue, openPacket{key, number})
	return number
}
