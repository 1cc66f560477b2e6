package node

import (
	"net"
	"os"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"

	"strata/layers"
	"strata/sim/frame"
	"strata/trace"
)

// packetConn is a datagram socket: UDP, or raw ICMP. It is a net.PacketConn,
// and a net.Conn when it is connected.
type packetConn struct {
	s        *Station
	icmp     bool
	ip       uint32 // local; 0: any
	port     uint16
	peerIP   uint32 // valid iff connected
	peerPort uint16
	on       *port // the only interface that it uses; nil: all
	program  string

	queue    []datagram
	queued   int // bytes, headers included: empty datagrams take room, too
	readers  waiters
	deadline trace.Time
	name     string // key in the socket table
	queues   queues
	err      error // pending: told once
	closed   bool
}

type datagram struct {
	from  uint32
	port  uint16
	to    uint32 // what it was sent to: the host's address, or everybody's
	data  []byte
	pdu   trace.PDUID // the message, or the ICMP packet
	cause trace.EventID
}

// receiveBuffer is how many bytes wait for a program that reads too slowly.
const receiveBuffer = 208 << 10

// room is what the datagram takes of the receive buffer.
func (d datagram) room() int { return layers.IPv4MinSize + layers.UDPSize + len(d.data) }

func (c *packetConn) push(d datagram) bool {
	if c.queued+d.room() > receiveBuffer {
		return false
	}
	c.queue = append(c.queue, d)
	c.queued += d.room()
	c.noteQueue(len(c.readers) > 0, d.cause)
	c.s.Sched.wakeAll(&c.readers, d.cause)
	return true
}

// noteQueue records how many bytes of messages wait to be read, but for one
// that is awaited.
func (c *packetConn) noteQueue(awaited bool, cause trace.EventID) {
	if !awaited && c.s.Rec.On() {
		c.queues.setUnread(c.s, c.key(), int64(c.queued-len(c.queue)*datagram{}.room()), cause)
	}
}

func (c *packetConn) fail(err error, cause trace.EventID) {
	c.err = err
	c.note("error", c.s.Rec.Text(err.Error()), trace.SocketError, cause, c.s.Rec.Text(err.Error()))
	c.s.Sched.wakeAll(&c.readers, cause)
}

// note records a field of the socket table.
func (c *packetConn) note(field string, v int64, why trace.Why, cause trace.EventID, args ...int64) {
	if !c.s.Rec.On() {
		return
	}
	slot := trace.Slot{Node: c.s.id, Table: "socket", Key: c.key(), Field: field, Type: trace.Text}
	c.s.Rec.Set(trace.Event{Cause: cause, Layer: layers.Session, Proto: layers.Connection, Why: why}, slot, v, args...)
}

func (c *packetConn) key() string {
	if c.name != "" {
		return c.name
	}
	proto, peer := "udp", " *"
	if c.icmp {
		proto = "icmp"
	}
	if c.peerIP != 0 {
		peer = " " + portText(c.peerIP, c.peerPort)
	}
	c.name = proto + " " + portText(c.ip, c.port) + peer
	return c.name
}

// open enters the socket into the station's tables; why is SocketOpen, or
// SocketEphemeral.
func (c *packetConn) open(why trace.Why) {
	if c.icmp {
		c.s.raw = append(c.s.raw, c)
	} else {
		c.s.udp[c.port] = append(c.s.udp[c.port], c)
	}
	c.note("program", c.s.Rec.Text(c.program), why, c.s.cause(), int64(c.port))
}

// receiveUDP hands a datagram to the socket that its port belongs to.
func (s *Station) receiveUDP(in *port, f *frame.Frame) {
	u, ip := layers.UDPHeader(f.L4()), f.IP()
	if len(u) < layers.UDPSize || u.Length() != f.BodyLen() {
		s.drop(f, layers.UDP, f.Body, trace.UDPMalformed)
		return
	}
	sum := layers.PseudoHeader(ip.Src(), ip.Dst(), layers.ProtocolUDP, u.Length()) + f.Sum
	if !u.ChecksumOK(sum) {
		want := u.Checksum()
		u.SetChecksum(sum)
		s.drop(f, layers.UDP, f.Body, trace.UDPChecksum, int64(want), int64(u.Checksum()))
		return
	}
	c := s.udpSocket(in, ip, u)
	if c == nil {
		s.refuse(f, icmpNews{layers.ICMPDestinationUnreachable, layers.ICMPPortUnreachable, 0}, layers.UDP, f.Body, trace.UDPNoSocket, int64(u.DstPort()))
		return
	}
	d := datagram{from: ip.Src(), port: u.SrcPort(), to: ip.Dst(), data: f.Payload}
	if s.Rec.On() {
		why, args := trace.UDPDeliver, []int64{int64(u.DstPort()), int64(len(f.Payload))}
		if c.peerIP != 0 {
			why, args = trace.UDPToPeer, []int64{args[0], s.Rec.Text(portText(c.peerIP, c.peerPort)), args[1]}
		}
		f.Cause = s.event(trace.Decapsulate, layers.UDP, f.Body, f.Cause, why, args...)
		d.pdu = s.payloadOf(f, layers.UDPSize)
	}
	d.cause = f.Cause
	if !c.push(d) {
		s.drop(f, layers.UDP, f.Body, trace.UDPFull)
		return
	}
	s.Pool.Put(f)
}

// payloadOf is the message in a transport PDU: the sender's own where the PDU
// came as it was sent.
func (s *Station) payloadOf(f *frame.Frame, head int64) trace.PDUID {
	p := s.Rec.Log.PDU(f.Body)
	if int64(p.Head) == head && p.Of != 0 && s.Rec.Log.PDU(p.Of).Proto == layers.Message {
		return p.Of
	}
	return s.Rec.Log.Part(layers.Message, f.Body, head, len(f.Payload))
}

// udpSocket finds the socket for a datagram: a connected one by all four
// numbers, else one by port.
func (s *Station) udpSocket(in *port, ip layers.IPv4Header, u layers.UDPHeader) *packetConn {
	var open *packetConn
	for _, c := range s.udp[u.DstPort()] {
		switch {
		case c.ip != 0 && c.ip != ip.Dst(), c.on != nil && c.on != in:
		case c.peerIP == 0:
			open = c
		case c.peerIP == ip.Src() && c.peerPort == u.SrcPort():
			return c
		}
	}
	return open
}

// ReadFrom waits for a datagram (net.PacketConn).
func (c *packetConn) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		switch {
		case c.s.over() || c.closed:
			return 0, nil, c.opError("read", net.ErrClosed)
		case c.err != nil:
			err := c.err
			c.err = nil
			return 0, nil, c.opError("read", err)
		case len(c.queue) > 0:
			d := c.queue[0]
			c.queue = c.queue[1:]
			c.queued -= d.room()
			n := copy(b, d.data)
			c.delivered(d, n)
			c.noteQueue(false, c.s.cause())
			return n, c.address(d.from, d.port), nil
		case c.deadline != 0 && c.s.Rec.Clock.Now() >= c.deadline:
			return 0, nil, c.opError("read", os.ErrDeadlineExceeded)
		}
		if !c.s.Sched.wait(&c.readers, c.deadline) {
			return 0, nil, c.opError("read", net.ErrClosed)
		}
	}
}

// delivered records that a program has a datagram.
func (c *packetConn) delivered(d datagram, n int) {
	r := c.s.Rec
	r.Stats.BytesDelivered += int64(n)
	if !r.On() {
		return
	}
	e := c.s.about(trace.Read, layers.Connection, d.pdu, d.cause, trace.SocketRead)
	cause := r.Extent(e, 0, int64(n), int64(n), r.Text(c.key()))
	c.s.Sched.current.cause = cause
	if c.icmp && d.data[0] != layers.ICMPEchoReply {
		return // news about a packet: nobody's message
	}
	cause = c.s.text(trace.Decode, d.data, d.pdu, cause)
	e = c.s.about(trace.Deliver, layers.Message, d.pdu, cause, trace.ProgramDeliver)
	c.s.Sched.current.cause = r.Message(e, c.peerText(d.from, d.port), c.peerText(d.to, c.port), int64(n))
}

// text records the step between text and bytes (layer 6), when the message is
// text that people can read.
func (s *Station) text(k trace.Kind, b []byte, pdu trace.PDUID, cause trace.EventID) trace.EventID {
	if !readable(b) {
		return cause
	}
	why := trace.TextEncode
	if k == trace.Decode {
		why = trace.TextDecode
	}
	return s.event(k, layers.UTF8, pdu, cause, why, int64(len(b)), int64(utf8.RuneCount(b)))
}

// maxText is how long a message may be that is looked at as text, bytes.
const maxText = 1 << 16

func readable(b []byte) bool {
	if len(b) == 0 || len(b) > maxText {
		return false
	}
	for len(b) > 0 {
		if b[0] >= ' ' && b[0] <= '~' { // nearly always: every byte of every message is looked at
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 || !unicode.IsPrint(r) && r != '\n' && r != '\r' && r != '\t' {
			return false
		}
		b = b[n:]
	}
	return true
}

// WriteTo sends one datagram (net.PacketConn). It never blocks: UDP sends at
// once.
func (c *packetConn) WriteTo(b []byte, to net.Addr) (int, error) {
	ip, port, err := udpAddress(to)
	if err != nil {
		return 0, c.opError("write", err)
	}
	return c.send(b, ip, port)
}

func udpAddress(a net.Addr) (ip uint32, port uint16, err error) {
	switch a := a.(type) {
	case *net.UDPAddr:
		if v4 := a.IP.To4(); v4 != nil {
			return be32(v4), uint16(a.Port), nil
		}
	case *net.IPAddr:
		if v4 := a.IP.To4(); v4 != nil {
			return be32(v4), 0, nil
		}
	}
	return 0, 0, syscall.EAFNOSUPPORT
}

// The most that an IP packet leaves for an ICMP message, and for UDP's payload.
const (
	maxMessage  = 65535 - layers.IPv4MinSize
	maxDatagram = maxMessage - layers.UDPSize
)

func (c *packetConn) send(b []byte, ip uint32, port uint16) (int, error) {
	s := c.s
	switch {
	case s.over() || c.closed:
		return 0, c.opError("write", net.ErrClosed)
	case len(b) > maxMessage, !c.icmp && len(b) > maxDatagram:
		return 0, c.opError("write", syscall.EMSGSIZE)
	case !c.icmp && port == 0: // RFC 6335 section 6 reserves it
		return 0, c.opError("write", syscall.EINVAL)
	case c.err != nil:
		err := c.err
		c.err = nil
		return 0, c.opError("write", err)
	}
	src, ok := s.sourceFor(ip)
	switch {
	case c.ip != 0:
		src = c.ip
	case c.on != nil:
		src, ok = c.on.addr, true
	}
	if !ok {
		return 0, c.opError("write", syscall.ENETUNREACH)
	}
	s.Rec.Stats.BytesSent += int64(len(b))
	f := s.Pool.Get()
	protocol := uint8(layers.ProtocolUDP)
	if c.icmp {
		protocol = layers.ProtocolICMP
		c.packICMP(f, b, src, ip)
	} else {
		c.packUDP(f, b, src, ip, port)
	}
	if !s.send(f, header{src: src, dst: ip, protocol: protocol, out: c.on}) {
		return 0, c.opError("write", syscall.ENETUNREACH)
	}
	return len(b), nil
}

func (c *packetConn) packUDP(f *frame.Frame, b []byte, src, dst uint32, port uint16) {
	s := c.s
	f.Payload = append([]byte(nil), b...)
	f.Sum = layers.Sum(b, 0)
	n := layers.UDPSize + len(b)
	u := layers.UDPHeader(f.SetL4(layers.UDPSize))
	u.Put(c.port, port, n)
	u.SetChecksum(layers.PseudoHeader(src, dst, layers.ProtocolUDP, n) + f.Sum)
	if !s.Rec.On() {
		return
	}
	log := s.Rec.Log
	msg := log.Wrap(layers.Message, b, 0, 0, 0)
	e := s.about(trace.Send, layers.Message, msg, s.cause(), trace.ProgramSend)
	cause := s.Rec.Message(e, s.portName(src, c.port), s.portName(dst, port), int64(len(b)))
	cause = s.text(trace.Encode, b, msg, cause)
	e = s.about(trace.Write, layers.Connection, msg, cause, trace.SocketWrite)
	cause = s.Rec.Extent(e, 0, int64(len(b)), int64(len(b)), s.Rec.Text(c.key()))
	f.Body = log.Wrap(layers.UDP, u, msg, 0, len(b))
	f.Cause = s.event(trace.Encapsulate, layers.UDP, f.Body, cause, trace.UDPWrap, int64(len(b)))
}

// packICMP sends a message as the program made it, header and all.
func (c *packetConn) packICMP(f *frame.Frame, b []byte, src, dst uint32) {
	s := c.s
	k := min(len(b), layers.ICMPv4Size)
	copy(f.SetL4(k), b)
	f.Payload = append([]byte(nil), b[k:]...)
	f.Sum = layers.Sum(f.Payload, 0)
	if s.Rec.On() {
		f.Body = s.Rec.Log.Wrap(layers.ICMPv4, b, 0, 0, 0)
		e := s.about(trace.Send, layers.Message, f.Body, s.cause(), trace.ProgramSend)
		cause := s.Rec.Message(e, ipText(src), ipText(dst), int64(len(b)))
		f.Cause = s.event(trace.Encapsulate, layers.ICMPv4, f.Body, cause, trace.ICMPWrap, int64(len(b)))
	}
}

// Read and Write are those of a connected socket (net.Conn).
func (c *packetConn) Read(b []byte) (int, error) {
	n, _, err := c.ReadFrom(b)
	return n, err
}

// Write sends one datagram to the peer.
func (c *packetConn) Write(b []byte) (int, error) {
	if c.peerIP == 0 {
		return 0, c.opError("write", syscall.EDESTADDRREQ)
	}
	return c.send(b, c.peerIP, c.peerPort)
}

// Close gives the port back.
func (c *packetConn) Close() error {
	if c.closed {
		return c.opError("close", net.ErrClosed)
	}
	c.closed = true
	if c.s.Sched.ended {
		return nil
	}
	c.note("program", trace.Absent, trace.SocketClose, c.s.cause())
	c.queues.drop(c.s, c.s.cause())
	remove := func(list []*packetConn) []*packetConn {
		for i, x := range list {
			if x == c {
				return append(list[:i:i], list[i+1:]...)
			}
		}
		return list
	}
	if c.icmp {
		c.s.raw = remove(c.s.raw)
	} else {
		c.s.udp[c.port] = remove(c.s.udp[c.port])
	}
	c.s.Sched.wakeAll(&c.readers, 0)
	return nil
}

func (c *packetConn) address(ip uint32, port uint16) net.Addr {
	if c.icmp {
		return &net.IPAddr{IP: addr(ip).AsSlice()}
	}
	return &net.UDPAddr{IP: addr(ip).AsSlice(), Port: int(port)}
}

func (c *packetConn) peerText(ip uint32, port uint16) string {
	if c.icmp {
		return ipText(ip)
	}
	return c.s.portName(ip, port)
}

// LocalAddr is the socket's own address.
func (c *packetConn) LocalAddr() net.Addr { return c.address(c.ip, c.port) }

// RemoteAddr is the peer's; that of an unconnected socket is 0.0.0.0:0.
func (c *packetConn) RemoteAddr() net.Addr { return c.address(c.peerIP, c.peerPort) }

// SetDeadline is SetReadDeadline: writes do not block.
func (c *packetConn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

// SetReadDeadline bounds the wait of Read and ReadFrom.
func (c *packetConn) SetReadDeadline(t time.Time) error {
	c.deadline = c.s.deadline(t)
	c.s.Sched.wakeAll(&c.readers, 0)
	return nil
}

// SetWriteDeadline does nothing: writes do not block.
func (c *packetConn) SetWriteDeadline(time.Time) error { return nil }

func (c *packetConn) opError(op string, err error) error {
	network := "udp"
	if c.icmp {
		network = "ip4:icmp"
	}
	e := &net.OpError{Op: op, Net: network, Source: c.LocalAddr(), Err: err}
	if c.peerIP != 0 {
		e.Addr = c.RemoteAddr()
	}
	return e
}
