package tui

import (
	"strata/layers"
	"strata/trace"
)

// maker writes a trace by hand, event by event as trace's grammar has it:
// client ── r1 ── server, TCP from one end to the other.
type maker struct {
	*trace.Log
	now     trace.Time
	streams [2]trace.PDUID // of client and server
	source  [2]*trace.Source
	id      uint16
}

const (
	client = trace.NodeID(0)
	router = trace.NodeID(1)
	server = trace.NodeID(2)
)

var (
	hostIP   = [3]uint32{0x0a000102, 0, 0x0a000202}
	hostPort = [3]uint16{49152, 0, 80}
	addrs    = [3]string{"10.0.1.2:49152", "", "10.0.2.2:80"}
	macs     = [4][6]byte{{2, 0, 0, 0, 1, 1}, {2, 0, 0, 0, 1, 2}, {2, 0, 0, 0, 2, 1}, {2, 0, 0, 0, 2, 2}}
)

func newMaker(name string) *maker {
	end := func(n trace.NodeID, ifname string, mac int, ip string) trace.End {
		return trace.End{Node: n, If: ifname, MAC: macs[mac], IP: ip}
	}
	m := &maker{Log: trace.NewLog(trace.Info{
		Name: name, Title: "the retransmission timer", Profile: "rfc", Seed: 1,
		Nodes: []trace.Node{
			{Name: "client", Kind: "host", Addrs: []string{"10.0.1.2"}},
			{Name: "r1", Kind: "router", Addrs: []string{"10.0.1.1", "10.0.2.1"}},
			{Name: "server", Kind: "host", Addrs: []string{"10.0.2.2"}},
		},
		Links: []trace.Link{
			{Name: "lan", Ends: [2]trace.End{end(client, "eth0", 0, "10.0.1.2/24"), end(router, "eth0", 1, "10.0.1.1/24")},
				Rate: 100e6, Delay: 5 * trace.Millisecond, MTU: 1500},
			{Name: "wan", Ends: [2]trace.End{end(router, "eth1", 2, "10.0.2.1/24"), end(server, "eth0", 3, "10.0.2.2/24")},
				Rate: 10e6, Delay: 5 * trace.Millisecond, MTU: 1500},
		},
		Narration: map[trace.EventID]string{}, Prompts: map[trace.EventID]trace.Prompt{},
	})}
	for i := range m.streams {
		m.streams[i], m.source[i] = m.Source(layers.Stream)
	}
	return m
}

func (m *maker) ev(k trace.Kind, n trace.NodeID, p layers.Proto, l layers.Layer, pdu trace.PDUID, cause trace.EventID, code string, args ...int64) trace.EventID {
	return m.Add(trace.Event{Time: m.now, Kind: k, Node: n, Proto: p, Layer: l, PDU: pdu, Cause: cause, End: trace.NoEnd, Why: trace.WhyNamed(code)}, args...)
}

// segment is one TCP segment to send.
type segment struct {
	from   trace.NodeID
	flags  byte
	seq    uint32
	ack    uint32
	off, n int // of the sender's stream
	lostOn int // the link that loses it, from 1; 0: none
	code   string
	args   []int64
}

const (
	fin = 0x01
	syn = 0x02
	rst = 0x04
	psh = 0x08
	ack = 0x10
)

func sideOf(n trace.NodeID) int { return int(n) / 2 }

func other(n trace.NodeID) trace.NodeID { return server - n }

// tcp makes the segment's PDU.
func (m *maker) tcp(s segment) trace.PDUID {
	to := other(s.from)
	head := make([]byte, 20, 24)
	if s.flags&syn != 0 {
		head = append(head, 2, 4, 0x05, 0xb4)
	}
	h := layers.TCPHeader(head)
	h.Put(&layers.TCPFields{SrcPort: hostPort[s.from], DstPort: hostPort[to], Seq: s.seq, Ack: s.ack, HeaderLen: len(head), Flags: s.flags, Window: 64240})
	data := m.source[sideOf(s.from)].Append(nil, int64(s.off), int64(s.n))
	acc := layers.PseudoHeader(hostIP[s.from], hostIP[to], layers.ProtocolTCP, len(head)+s.n)
	h.SetChecksum(layers.Sum(data, acc))
	if s.n == 0 {
		return m.Wrap(layers.TCP, head, 0, 0, 0)
	}
	return m.Wrap(layers.TCP, head, m.streams[sideOf(s.from)], int64(s.off), s.n)
}

func (m *maker) ip(s segment, seg trace.PDUID, ttl uint8) trace.PDUID {
	head := make([]byte, 20)
	n := int(m.Size(seg))
	layers.IPv4Header(head).Put(&layers.IPv4Fields{TotalLen: 20 + n, ID: m.id, DF: true, TTL: ttl, Protocol: layers.ProtocolTCP, Src: hostIP[s.from], Dst: hostIP[other(s.from)]})
	return m.Wrap(layers.IPv4, head, seg, 0, n)
}

func (m *maker) eth(packet trace.PDUID, end trace.EndID) trace.PDUID {
	head := make([]byte, 14)
	layers.EthernetHeader(head).Put(macs[end.Peer()], macs[end], layers.EtherTypeIPv4)
	return m.Seal(head, packet, int(m.Size(packet)))
}

// wire sends a frame over a link; 0 when it is lost there.
func (m *maker) wire(s segment, n trace.NodeID, link int, frame trace.PDUID, cause trace.EventID) trace.EventID {
	e := trace.EndID(link * 2)
	if n > trace.NodeID(link) {
		e++
	}
	l := m.Info().Links[link]
	t := trace.Event{Time: m.now, Kind: trace.Transmit, Node: n, End: e, Proto: layers.Wire, Layer: layers.Physical, PDU: frame, Cause: cause, Why: trace.WireSend}
	sending := trace.Time(m.Size(frame)+20) * 8 * trace.Second / trace.Time(l.Rate)
	c := m.Add(t, m.Size(frame), int64(sending), l.Rate, int64(l.Delay))
	m.now += sending + l.Delay
	if s.lostOn == link+1 {
		t.Time, t.Kind, t.Cause, t.Why = m.now, trace.Drop, c, trace.WireAimed
		m.Add(t)
		return 0
	}
	far := l.Ends[e.Peer().Side()].Node
	return m.ev(trace.Arrive, far, layers.Wire, layers.Physical, frame, c, "wire.arrive", int64(sending+l.Delay))
}

// send takes a segment all the way; it gives the receiver's last event, or 0
// if the segment was lost.
func (m *maker) send(s segment, cause trace.EventID) trace.EventID {
	m.id++
	seg := m.tcp(s)
	to := other(s.from)
	c := m.ev(trace.Segment, s.from, layers.TCP, layers.Transport, seg, cause, s.code, s.args...)
	if s.n > 0 {
		m.Set(trace.Event{Time: m.now, Cause: c, Layer: layers.Transport, Proto: layers.TCP, End: trace.NoEnd},
			m.Slot(trace.Slot{Node: s.from, Table: "tcp", Key: addrs[s.from] + " " + addrs[to], Field: "snd.nxt"}), int64(s.off+s.n+1))
	}
	packet := m.ip(s, seg, 64)
	c = m.ev(trace.Encapsulate, s.from, layers.IPv4, layers.Network, packet, c, "ip.packet", int64(hostIP[s.from]), int64(hostIP[to]), 64)
	links := [2]int{0, 1}
	if s.from == server {
		links = [2]int{1, 0}
	}
	out := trace.EndID(links[0] * 2)
	if s.from == server {
		out++
	}
	frame := m.eth(packet, out)
	c = m.ev(trace.Encapsulate, s.from, layers.Ethernet, layers.DataLink, frame, c, "eth.frame", 0x020000000102)
	if c = m.wire(s, s.from, links[0], frame, c); c == 0 {
		return 0
	}
	c = m.ev(trace.Decapsulate, router, layers.Ethernet, layers.DataLink, frame, c, "eth.for-me")
	packet = m.ip(s, seg, 63)
	c = m.ev(trace.Forward, router, layers.IPv4, layers.Network, packet, c, "ip.forward", int64(hostIP[to]), int64(hostIP[to]&^255), 24, int64(hostIP[to]), 64, 63)
	out = trace.EndID(links[1] * 2)
	if s.from == server {
		out++
	}
	frame = m.eth(packet, out)
	c = m.ev(trace.Encapsulate, router, layers.Ethernet, layers.DataLink, frame, c, "eth.frame", 0x020000000202)
	if c = m.wire(s, router, links[1], frame, c); c == 0 {
		return 0
	}
	c = m.ev(trace.Decapsulate, to, layers.Ethernet, layers.DataLink, frame, c, "eth.for-me")
	c = m.ev(trace.Decapsulate, to, layers.IPv4, layers.Network, packet, c, "ip.for-me", int64(hostIP[to]), m.Intern("TCP"))
	return m.ev(trace.Decapsulate, to, layers.TCP, layers.Transport, seg, c, "tcp.to-socket", m.Intern(addrs[to]), int64(s.n))
}

// message hands a message to a host's socket: Send, Encode, Write.
func (m *maker) message(n trace.NodeID, text string) (off int, c trace.EventID) {
	src := m.source[sideOf(n)]
	off = int(src.Len())
	src.Write([]byte(text))
	pdu := m.Part(layers.HTTP, m.streams[sideOf(n)], int64(off), len(text))
	size := int64(len(text))
	e := trace.Event{Time: m.now, Kind: trace.Send, Node: n, End: trace.NoEnd, Proto: layers.HTTP, Layer: layers.Application, PDU: pdu, Why: trace.WhyNamed("program.send")}
	c = m.AddMessage(e, addrs[n], addrs[other(n)], size)
	c = m.ev(trace.Encode, n, layers.UTF8, layers.Presentation, pdu, c, "text.utf8", size, size)
	e.Kind, e.Proto, e.Layer, e.Cause, e.Why = trace.Write, layers.Connection, layers.Session, c, trace.WhyNamed("socket.write")
	return off, m.AddExtent(e, int64(off), size, size, m.Intern(addrs[n]))
}

// deliver hands a message up: Read, Decode, Deliver.
func (m *maker) deliver(n trace.NodeID, off, size int, c trace.EventID) {
	pdu := m.Part(layers.HTTP, m.streams[1-sideOf(n)], int64(off), size)
	e := trace.Event{Time: m.now, Kind: trace.Read, Node: n, End: trace.NoEnd, Proto: layers.Connection, Layer: layers.Session, PDU: pdu, Cause: c, Why: trace.WhyNamed("socket.read")}
	c = m.AddExtent(e, int64(off), int64(size), int64(size), m.Intern(addrs[n]))
	c = m.ev(trace.Decode, n, layers.UTF8, layers.Presentation, pdu, c, "text.decode", int64(size), int64(size))
	e.Kind, e.Proto, e.Layer, e.Cause, e.Why = trace.Deliver, layers.HTTP, layers.Application, c, trace.WhyNamed("program.deliver")
	m.AddMessage(e, addrs[other(n)], addrs[n], int64(size))
}

const request = "GET /index.html HTTP/1.1\r\nHost: server.example\r\nUser-Agent: strata\r\nAccept: */*\r\n\r\n"

const (
	isnC = 0x1a2b3c4c
	isnS = 0x5e6f7080
)

// rtoBackoff is the picture of SCREEN.md: a handshake, a request that is lost
// and sent again when the timer runs out, and its answer.
func rtoBackoff() trace.Trace { return requestLostOn(1) }

// requestLostOn is the same, and another link may lose the request.
func requestLostOn(link int) trace.Trace {
	m := newMaker("rto-backoff")
	c := m.send(segment{from: client, flags: syn, seq: isnC, code: "tcp.syn"}, 0)
	c = m.send(segment{from: server, flags: syn | ack, seq: isnS, ack: isnC + 1, code: "tcp.syn-ack"}, c)
	m.send(segment{from: client, flags: ack, seq: isnC + 1, ack: isnS + 1, code: "tcp.ack"}, c)
	m.now += 400 * trace.Microsecond
	off, w := m.message(client, request)
	m.Info().Narration[w] = "From here on it is the stack's work."
	data := segment{from: client, flags: ack | psh, seq: isnC + 1, ack: isnS + 1, off: off, n: len(request), lostOn: link, code: "tcp.push"}
	m.send(data, w)
	m.now += 990 * trace.Millisecond
	timer := m.ev(trace.TimerFired, client, layers.TCP, layers.Transport, 0, w, "tcp.rto-fired")
	m.Set(trace.Event{Time: m.now, Cause: timer, Layer: layers.Transport, Proto: layers.TCP, End: trace.NoEnd},
		m.Slot(trace.Slot{Node: client, Table: "tcp", Key: addrs[client] + " " + addrs[server], Field: "rto", Type: trace.Duration}), int64(2*trace.Second))
	data.lostOn, data.code = 0, resendCode
	c = m.send(data, timer)
	m.deliver(server, off, len(request), c)
	answer := "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n"
	off, w = m.message(server, answer)
	c = m.send(segment{from: server, flags: ack | psh, seq: isnS + 1, ack: isnC + 1 + uint32(len(request)), off: off, n: len(answer), code: "tcp.push"}, w)
	m.deliver(client, off, len(answer), c)
	m.send(segment{from: client, flags: ack, seq: isnC + 1 + uint32(len(request)), ack: isnS + 1 + uint32(len(answer)), code: "tcp.ack"}, c)
	return m.Log
}

// resendCode is some code that marks a resend.
var resendCode = func() string {
	for _, w := range trace.Catalogue() {
		if w.Reason().Resend {
			return w.String()
		}
	}
	return ""
}()

// brokenTrace panics when it is read.
type brokenTrace struct{ trace.Trace }

func (brokenTrace) Text(trace.EventID) string { panic("this trace is broken") }
