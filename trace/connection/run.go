package connection

import (
	"encoding/binary"
	"net/netip"
	"strings"

	"strata/layers"
	"strata/trace"
)

// end is one end of a simulation's connection: the host, and the row of its
// table "tcp".
type end struct {
	node trace.NodeID
	key  string // "tcp 10.0.1.2:49152 10.0.2.2:80": its own address first
}

// ways are the two addresses of an end's segments, as they leave it.
type ways struct{ local, remote netip.AddrPort }

// ways reads the key.
func (e *end) ways() (w ways, ok bool) {
	words := strings.Fields(e.key)
	if len(words) != 3 || words[0] != "tcp" {
		return w, false
	}
	var err, other error
	w.local, err = netip.ParseAddrPort(words[1])
	w.remote, other = netip.ParseAddrPort(words[2])
	return w, err == nil && other == nil
}

func (w ways) key() string { return "tcp " + w.local.String() + " " + w.remote.String() }

func (w ways) turned() ways { return ways{w.remote, w.local} }

// waysOf are the addresses of a segment in an IPv4 packet.
func waysOf(t trace.Trace, packet, segment trace.PDUID) (w ways, ok bool) {
	var buf [layers.IPv4MinSize]byte
	ip := layers.IPv4Header(t.Append(buf[:0], packet, 0, layers.IPv4MinSize))
	var ports [4]byte
	tcp := t.Append(ports[:0], segment, 0, 4)
	if len(ip) < layers.IPv4MinSize || ip[0]>>4 != 4 || len(tcp) < 4 {
		return w, false
	}
	addr := func(b []byte, port []byte) netip.AddrPort {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(b)), binary.BigEndian.Uint16(port))
	}
	return ways{addr(ip[12:16], tcp), addr(ip[16:20], tcp[2:])}, true
}

// packetOf is the packet that a host put a segment into; 0: none.
func packetOf(t trace.Trace, segment trace.PDUID) trace.PDUID {
	for _, c := range t.Children(segment) {
		if t.PDU(c.PDU).Proto == layers.IPv4 {
			return c.PDU
		}
	}
	return 0
}

// eventsASlice is how many events are looked at between two looks at the
// clock.
const eventsASlice = 4096

// events goes through some events of a simulation.
func (p *pass) events() {
	c := p.c
	total := c.t.Events() + 1
	to := min(total, p.next+eventsASlice)
	for n := max(p.next, 1); n < to; n++ {
		e := c.t.Event(trace.EventID(n))
		if e.Time > p.until {
			p.over = true
			return
		}
		p.now = e.Time
		switch {
		case e.Kind == trace.StateChange:
			p.change(trace.EventID(n), &e)
		case e.Kind == trace.Segment:
			p.sends(trace.EventID(n), &e)
		case e.Kind == trace.Decapsulate && e.Layer == layers.Transport:
			p.hears(trace.EventID(n), &e)
		case e.Kind == trace.Drop:
			p.drops(trace.EventID(n), &e)
		}
	}
	p.next = to
	p.over = to >= total
}

// side is the end that a row of a table belongs to; -1: neither.
func (c *Connection) sideOf(node trace.NodeID, key string) int {
	for d := range c.ends {
		if c.ends[d].node == node && c.ends[d].key == key {
			return d
		}
	}
	return -1
}

// change takes in what a host notes of its end.
func (p *pass) change(n trace.EventID, e *trace.Event) {
	c := p.c
	if e.Node != c.ends[0].node && e.Node != c.ends[1].node {
		return
	}
	ch := c.t.Change(n)
	if ch.Slot.Table != "tcp" {
		return
	}
	d := c.sideOf(e.Node, ch.Slot.Key)
	if d < 0 {
		return
	}
	c.keep(p, int(n))
	p.field(d, n, &ch)
}

// field enters the new value of a field.
func (p *pass) field(d int, n trace.EventID, ch *trace.Change) {
	l, source := &p.ledgers[d], uint32(n)
	if kind, ok := plainFields[ch.Slot.Field]; ok {
		p.line(d, kind, ch.New, source)
	}
	switch ch.Slot.Field {
	case "state":
		p.turns(d, n, ch)
		return
	case "srtt", "rttvar":
		p.roundTrip(d, ch, source)
		return
	case "dupacks":
		if ch.New > max(ch.Old, 0) {
			p.sample(d, DupAck, l.una, source)
		}
		return
	case "snd.una", "snd.nxt", "snd.wnd":
	default:
		return
	}
	if ch.New == trace.Absent {
		p.line(d, InFlight, trace.Absent, source)
		p.line(d, Acked, trace.Absent, source)
		p.line(d, Edge, trace.Absent, source)
		return
	}
	p.moves(d, l, ch, source)
}

// plainFields are lines as they stand in the table.
var plainFields = map[string]Kind{"cwnd": Cwnd, "ssthresh": Ssthresh, "srtt": SRTT, "rto": RTO, "snd.wnd": Window}

// moves enters a new place in the stream of what is sent.
func (p *pass) moves(d int, l *ledger, ch *trace.Change, source uint32) {
	switch ch.Slot.Field {
	case "snd.una":
		if !l.based { // SND.UNA begins with the SYN's number
			l.base, l.based = uint32(ch.New), true
		}
		l.una = l.at(uint32(ch.New))
		p.line(d, Acked, l.una, source)
	case "snd.nxt":
		l.nxt = l.at(uint32(ch.New))
	case "snd.wnd":
		if l.wnd = ch.New; l.wnd == 0 {
			p.sample(d, ZeroWindow, l.una, source)
		}
	}
	if l.wnd >= 0 {
		p.line(d, Edge, l.una+l.wnd, source)
	}
	p.line(d, InFlight, l.flight(), source)
}

// roundTrip enters the sample that changed SRTT, or only how much it varies.
func (p *pass) roundTrip(d int, ch *trace.Change, source uint32) {
	r := ch.New
	switch args := ch.Args(); {
	case ch.New == trace.Absent:
		return
	case len(args) > 0 && ch.Old != trace.Absent:
		r = args[0]
	case ch.Slot.Field == "rttvar": // its first value is half of the sample
		return
	}
	s := p.dirs[d][RTT].all
	if n := len(s); n > 0 && s[n-1].to == p.now && s[n-1].last == r {
		return // SRTT told it
	}
	p.sample(d, RTT, r, source)
}

// turns enters a step of an end from state to state.
func (p *pass) turns(d int, n trace.EventID, ch *trace.Change) {
	if p.states == nil {
		return
	}
	to, from := Closed.only(), p.states.now[d]
	if s, ok := stateNamed(ch.Show(ch.New)); ok && ch.New != trace.Absent {
		to = s.only()
	}
	if ch.Old == trace.Absent {
		from = Closed.only()
		if to == SynReceived.only() { // a listener's SYN opens it
			from = Listen.only()
		}
	}
	if from == to {
		return
	}
	p.states.now[d] = to
	by := label(from, to)
	if by == "" {
		by = "closed"
	}
	p.states.paths[d].add(Transition{From: from, To: to, Time: p.now, By: by, source: uint32(n)})
}

// header reads a segment's header.
func (p *pass) header(id trace.PDUID) (s trace.Sent, ok bool) {
	const most = 60 // with all options
	p.buf = p.c.t.Append(p.buf[:0], id, 0, most)
	return s, s.Read(p.buf, int(p.c.t.Size(id)))
}

// sends draws a segment that an end sends.
func (p *pass) sends(n trace.EventID, e *trace.Event) {
	c := p.c
	if e.Node != c.ends[0].node && e.Node != c.ends[1].node {
		return
	}
	w, ok := waysOf(c.t, packetOf(c.t, e.PDU), e.PDU)
	if !ok {
		return // it never became a packet
	}
	for d := range c.ends {
		if c.ends[d].node != e.Node || c.paths[d] != w {
			continue
		}
		s, ok := p.header(e.PDU)
		if !ok {
			return
		}
		p.sent(d, &s, e.Why.Resend(), uint32(n))
	}
}

func (p *pass) sent(d int, s *trace.Sent, resent bool, source uint32) {
	l := &p.ledgers[d]
	if s.Flags&flagSYN != 0 && !l.based {
		l.base, l.based = s.Seq, true
	}
	off := l.at(s.Seq)
	to := off + int64(s.Len)
	if s.Flags&(flagSYN|flagFIN) != 0 {
		to++
	}
	if s.Flags&flagFIN != 0 {
		l.fin = to - 1
	}
	switch {
	case to == off:
	case resent:
		p.bar(d, Resent, off, to, source)
	default:
		p.bar(d, Data, off, to, source)
	}
}

// hears takes in the blocks of what an end receives.
func (p *pass) hears(n trace.EventID, e *trace.Event) {
	c := p.c
	if e.Proto != layers.TCP || e.Node != c.ends[0].node && e.Node != c.ends[1].node {
		return
	}
	s, ok := p.header(e.PDU)
	if !ok || s.SACKs == 0 {
		return
	}
	w, ok := waysOf(c.t, c.t.Event(e.Cause).PDU, e.PDU)
	for d := range c.ends {
		if ok && c.ends[d].node == e.Node && c.paths[d] == w.turned() {
			p.sacks(d, &s, &p.ledgers[d], uint32(n))
		}
	}
}

// drops draws a segment that does not arrive, at the time when it was sent.
func (p *pass) drops(n trace.EventID, e *trace.Event) {
	c := p.c
	if e.Layer >= layers.Transport && e.Why != trace.TCPChecksum {
		return // it came, and was of no use
	}
	packet, segment := lineage(c.t, e.PDU)
	w, ok := waysOf(c.t, packet, segment)
	if !ok {
		return
	}
	for d := range c.ends {
		if c.paths[d] != w && c.paths[1-d].turned() != w { // the latter behind a NAT
			continue
		}
		if s, ok := p.header(segment); ok {
			p.lost(d, &s, uint32(n))
		}
		return
	}
}

// lineage is the segment that a PDU carries, and the packet around it; what
// quotes one does not carry it.
func lineage(t trace.Trace, id trace.PDUID) (packet, segment trace.PDUID) {
	for id != 0 {
		switch p := t.PDU(id); p.Proto {
		case layers.TCP:
			return packet, id
		case layers.IPv4:
			packet, id = id, p.Of
		case layers.Ethernet:
			id = p.Of
		default:
			return 0, 0
		}
	}
	return 0, 0
}

// lookBack is how many segments are looked through for one that was lost.
const lookBack = 2048

// lost draws a segment as lost, at the time when it was sent.
func (p *pass) lost(d int, s *trace.Sent, source uint32) {
	l := &p.ledgers[d]
	off := l.at(s.Seq)
	to := off + int64(s.Len)
	if s.Flags&(flagSYN|flagFIN) != 0 {
		to++
	}
	if to == off {
		return // an acknowledgment alone takes no room in the picture
	}
	at := trace.Time(-1)
	for _, k := range [...]Kind{Data, Resent} {
		all := p.dirs[d][k].all
		for i := len(all) - 1; i >= max(0, len(all)-lookBack); i-- {
			if all[i].lo <= off && all[i].hi >= to {
				at = max(at, all[i].to)
				break
			}
		}
	}
	if at < 0 {
		at = p.now
	}
	p.dirs[d][Lost].insert(bucket{from: at, to: at, lo: off, hi: to, last: to, first: source})
}
