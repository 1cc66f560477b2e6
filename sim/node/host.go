package node

import (
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"strconv"
	"syscall"
	"time"

	"strata/layers"
	"strata/sim/engine"
	"strata/sim/host"
	"strata/sim/tcp"
	"strata/trace"
)

// machine is a station as a program sees it.
type machine struct {
	s       *Station
	program string
	rand    *rand.Rand
}

// Start runs a program on the station at a time of the run.
func (s *Station) Start(name string, at trace.Time, p host.Program) {
	draws := engine.NewDraws(s.Seed, s.name, "program "+name)
	h := &machine{s: s, program: name, rand: draws.Rand()}
	s.Rec.Clock.NewTimer(func() {
		s.Sched.start(func() { h.finish(p.Run(h)) }, 0)
	}).Set(at)
}

// finish records how a program ended.
func (h *machine) finish(err error) {
	s := h.s
	// That the host has ended is no news; what went wrong before is.
	if !s.Rec.On() || s.Sched.ended && (err == nil || errors.Is(err, net.ErrClosed)) {
		return
	}
	result := "done"
	if err != nil {
		result = err.Error()
	}
	slot := trace.Slot{Node: s.id, Table: "program", Key: h.program, Field: "result", Type: trace.Text}
	text := s.Rec.Text(result)
	e := trace.Event{Cause: s.cause(), Layer: layers.Application, Proto: layers.Message, Why: trace.ProgramEnd}
	s.Rec.Set(e, slot, text, text)
}

// cause is what made the current program go on.
func (s *Station) cause() trace.EventID {
	if p := s.Sched.current; p != nil {
		return p.cause
	}
	return 0
}

func (h *machine) Now() time.Time {
	return time.Unix(0, int64(h.s.Epoch+h.s.Rec.Clock.Now())).UTC()
}

// deadline is a time of the run; 0 for none.
func (s *Station) deadline(t time.Time) trace.Time {
	if t.IsZero() {
		return 0
	}
	// Sub keeps what is too far away at the longest Duration.
	return max(1, trace.Time(t.Sub(time.Unix(0, int64(s.Epoch)))))
}

func (h *machine) Sleep(d time.Duration) error {
	now := h.s.Rec.Clock.Now()
	until := now + min(trace.Time(d), math.MaxInt64-now)
	for first := true; first || h.s.Rec.Clock.Now() < until; first = false {
		if !h.s.Sched.wait(nil, max(1, until)) {
			return net.ErrClosed
		}
	}
	return nil
}

func (h *machine) Go(f func()) { h.s.Sched.start(f, h.s.cause()) }

func (h *machine) Rand() *rand.Rand { return h.rand }

func (h *machine) Sending(c net.Conn, n int, message []byte) {
	if c, above := base(c); c != nil {
		c.sending(n, message, above)
	}
}

func (h *machine) Got(c net.Conn, n int, message []byte) {
	if c, above := base(c); c != nil {
		c.got(n, message, above)
	}
}

// base is the socket under a connection; above says that it is not c itself.
func base(c net.Conn) (socket *conn, above bool) {
	for ; ; above = true {
		if socket, ok := c.(*conn); ok {
			return socket, above
		}
		wrapper, ok := c.(interface{ NetConn() net.Conn })
		if !ok {
			return nil, false
		}
		c = wrapper.NetConn()
	}
}

func (h *machine) Note(table, key, field, value string) {
	r := h.s.Rec
	if !r.On() || h.s.Sched.ended {
		return
	}
	slot := trace.Slot{Node: h.s.id, Table: table, Key: key, Field: field, Type: trace.Text}
	e := trace.Event{Cause: h.s.cause(), Layer: layers.Application, Proto: layers.Message, Why: trace.ProgramNote}
	v := r.Text(value)
	if value == "" {
		e.Why, v = trace.ProgramForget, trace.Absent
	}
	r.Set(e, slot, v, r.Text(field), r.Text(key), r.Text(value))
}

func (h *machine) Secret(label string, clientRandom, secret []byte) {
	if h.s.Rec.On() {
		// What is no secret opens nothing.
		_ = h.s.Rec.Log.Info().Secrets.Add(label, clientRandom, secret)
	}
}

func (h *machine) Signal() host.Signal { return &signal{s: h.s} }

// signal is a host.Signal of a simulated host.
type signal struct {
	s    *Station
	set  bool
	wait waiters
}

func (g *signal) Notify() {
	g.set = true
	g.s.Sched.wakeAll(&g.wait, g.s.cause())
}

func (g *signal) Wait(until time.Time) error {
	deadline := g.s.deadline(until)
	for !g.set {
		if deadline != 0 && g.s.Rec.Clock.Now() >= deadline {
			return os.ErrDeadlineExceeded
		}
		if !g.s.Sched.wait(&g.wait, deadline) {
			return net.ErrClosed
		}
	}
	g.set = false
	if g.s.over() {
		return net.ErrClosed
	}
	return nil
}

func (h *machine) Dial(network, address string) (net.Conn, error) {
	fail := func(err error) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	if h.s.over() {
		return fail(net.ErrClosed)
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil || !to.Addr().Is4() {
		return fail(&net.AddrError{Err: "not an IPv4 address with a port", Addr: address})
	}
	ip := be32(to.Addr().AsSlice())
	src, ok := h.s.sourceFor(ip)
	if !ok {
		return fail(syscall.ENETUNREACH)
	}
	switch network {
	case "udp":
		c := &packetConn{s: h.s, program: h.program, ip: src, peerIP: ip, peerPort: to.Port()}
		if c.port, err = h.s.udpPort(0); err != nil {
			return fail(err)
		}
		c.open(trace.SocketEphemeral)
		return c, nil
	case "tcp":
		return h.s.dialTCP(h.program, src, ip, to.Port())
	}
	return fail(net.UnknownNetworkError(network))
}

func (h *machine) Listen(network, address string) (net.Listener, error) {
	ip, port, err := h.s.localAddress(address)
	if err == nil && network != "tcp" {
		err = net.UnknownNetworkError(network)
	}
	taken := func(p uint16) bool { return h.s.listeners[p] != nil }
	switch {
	case err != nil:
	case h.s.over():
		err = net.ErrClosed
	case port == 0:
		port, err = h.s.nextPort(taken)
	case taken(port):
		err = syscall.EADDRINUSE
	}
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Err: err}
	}
	return h.s.listenTCP(h.program, ip, port), nil
}

func (h *machine) ListenPacket(network, address string) (net.PacketConn, error) {
	c := &packetConn{s: h.s, program: h.program}
	var err error
	why := trace.SocketOpen
	switch {
	case h.s.over():
		err = net.ErrClosed
	case network == "ip4:icmp":
		c.icmp = true
	case network == "udp":
		if c.ip, c.port, err = h.s.localAddress(address); err == nil {
			if c.port == 0 {
				why = trace.SocketEphemeral
			}
			c.port, err = h.s.udpPort(c.port)
		}
	default:
		err = net.UnknownNetworkError(network)
	}
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Err: err}
	}
	c.open(why)
	return c, nil
}

// localAddress reads an address to listen at: ":80" or "10.0.0.1:80".
func (s *Station) localAddress(address string) (ip uint32, port uint16, err error) {
	name, number, err := net.SplitHostPort(address)
	if err != nil {
		return 0, 0, err
	}
	n, err := strconv.ParseUint(number, 10, 16)
	if err != nil {
		return 0, 0, &net.AddrError{Err: "not a port", Addr: address}
	}
	if name == "" || name == "0.0.0.0" {
		return 0, uint16(n), nil
	}
	a, err := netip.ParseAddr(name)
	if err != nil || !a.Is4() || !s.isUnicastMine(be32(a.AsSlice())) {
		return 0, 0, syscall.EADDRNOTAVAIL
	}
	return be32(a.AsSlice()), uint16(n), nil
}

// firstEphemeral begins the dynamic ports (RFC 6335 section 6).
const firstEphemeral = 49152

// nextPort is the next dynamic port that is free.
func (s *Station) nextPort(taken func(uint16) bool) (uint16, error) {
	for range 65536 - firstEphemeral {
		p := s.ephemeral
		s.ephemeral++
		if s.ephemeral == 0 {
			s.ephemeral = firstEphemeral
		}
		if !taken(p) {
			return p, nil
		}
	}
	return 0, syscall.EADDRNOTAVAIL
}

// udpPort claims a UDP port; 0 asks for a dynamic one.
func (s *Station) udpPort(port uint16) (uint16, error) {
	if port == 0 {
		return s.nextPort(func(p uint16) bool { return len(s.udp[p]) > 0 })
	}
	if len(s.udp[port]) > 0 {
		return 0, syscall.EADDRINUSE
	}
	return port, nil
}

// sourceFor is the address that packets to a destination are sent from.
func (s *Station) sourceFor(ip uint32) (uint32, bool) {
	if s.isUnicastMine(ip) {
		return ip, true
	}
	out, _, ok := s.lookup(ip)
	if !ok {
		return 0, false
	}
	return out.addr, true
}

// config is how this station speaks TCP to a destination.
func (s *Station) config(ip uint32) tcp.Config {
	cfg := s.tcpConfig
	if out, _, ok := s.lookup(ip); ok && cfg.MSS == 0 {
		cfg.MSS = out.wire.MTU() - layers.IPv4MinSize - layers.TCPMinSize
	}
	return cfg
}

func be32(b []byte) uint32 { return binary.BigEndian.Uint32(b) }
