package sim

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"strata/layers"
	"strata/sim/host"
	"strata/sim/link"
	"strata/trace"
	"strata/trace/tracetest"
)

var (
	randomRuns = flag.Int("random", 2000, "how many random networks to try")
	randomSeed = flag.Uint64("random.first", 1, "seed of the first random network")
)

// TestRandomNetworks tries random networks, programs and fault plans. Whatever
// is lost, reordered, duplicated or corrupted: what a TCP program reads is what
// the other one wrote, whole or with an error on a socket; a datagram arrives
// exact or not at all.
func TestRandomNetworks(t *testing.T) {
	runs := *randomRuns
	if testing.Short() {
		runs /= 10
	}
	var all tally
	for i := range runs {
		seed := *randomSeed + uint64(i)
		if err := all.try(seed, i%10 == 0); err != nil {
			t.Fatalf("seed %d (-random 1 -random.first %d): %v", seed, seed, err)
		}
	}
	t.Logf("%d networks: %+v", runs, all)
	if all.Whole < runs/2 || all.Failed < runs/20 || all.Datagrams < runs/2 || all.Resends < int64(runs) {
		t.Errorf("%d networks tried too little: %+v", runs, all)
	}
}

// tally is what random networks went through.
type tally struct {
	Whole, Failed  int // TCP conversations: without an error, with one
	Datagrams      int // that arrived
	Resends, Drops int64
	Frames         int64
}

func (all *tally) try(seed uint64, record bool) error {
	g := &generator{r: rand.New(rand.NewPCG(seed, 7)), cfg: Config{Seed: seed, Until: 12 * time.Hour}}
	g.network()
	g.programs()
	n, err := New(g.cfg, record)
	if err != nil {
		return err
	}
	res, err := n.Run(context.Background())
	if err != nil {
		return err
	}
	for _, x := range g.transfers {
		switch err := x.judge(); {
		case errors.Is(err, errHangs) && !record:
			return all.try(seed, true) // look whether the socket knew
		case errors.Is(err, errHangs) && socketFailed(n.Trace(), x.port):
			// The program had closed its socket before the connection failed.
		case err != nil:
			return err
		}
		if x.sides[0].err == nil && x.sides[1].err == nil {
			all.Whole++
		} else {
			all.Failed++
		}
	}
	all.Datagrams += len(g.heard)
	all.Resends += res.Retransmissions
	all.Drops += res.Drops
	all.Frames += res.PacketHops
	for i, d := range g.heard {
		if !g.sent[d] {
			return fmt.Errorf("datagram %d of %d bytes was never sent", i, len(d))
		}
	}
	if record {
		return g.judgeTrace(n.Trace())
	}
	return nil
}

// generator makes a network and notes what its programs do.
type generator struct {
	r         *rand.Rand
	cfg       Config
	hosts     []string // names, in the order of addrs
	addrs     []string
	damaged   bool
	transfers []*transfer
	sent      map[string]bool // datagrams
	heard     []string
}

// network makes one to four LANs in a row, with routers between.
func (g *generator) network() {
	lans := 1 + g.r.IntN(4)
	type member struct{ node, iface string }
	for lan := range lans {
		var members []member
		join := func(k int, addr string) {
			n := &g.cfg.Nodes[k]
			name := fmt.Sprintf("eth%d", len(n.Interfaces))
			n.Interfaces = append(n.Interfaces, Interface{Name: name, Addr: netip.MustParsePrefix(addr + "/24")})
			members = append(members, member{n.Name, name})
		}
		if lan > 0 { // the router to the left
			join(len(g.cfg.Nodes)-1, fmt.Sprintf("10.0.%d.1", lan))
		}
		for h := range 2 + g.r.IntN(2) {
			name := fmt.Sprintf("h%d-%d", lan, h)
			g.cfg.Nodes = append(g.cfg.Nodes, Node{Name: name, Kind: HostNode, Routes: routesFrom(lans, lan, lan)})
			addr := fmt.Sprintf("10.0.%d.%d", lan, 10+h)
			join(len(g.cfg.Nodes)-1, addr)
			g.tcp(&g.cfg.Nodes[len(g.cfg.Nodes)-1])
			g.hosts, g.addrs = append(g.hosts, name), append(g.addrs, addr)
		}
		if lan < lans-1 {
			g.cfg.Nodes = append(g.cfg.Nodes, Node{
				Name: fmt.Sprintf("r%d", lan), Kind: RouterNode, Routes: routesFrom(lans, lan, lan+1),
				Corrupts: g.damages(),
			})
			join(len(g.cfg.Nodes)-1, fmt.Sprintf("10.0.%d.254", lan))
		}
		mtu := []int{1500, 1500, 576, 296, 1006, 9000, 128}[g.r.IntN(7)]
		if len(members) == 2 {
			g.link(members[0].node, members[0].iface, members[1].node, members[1].iface, mtu)
			continue
		}
		if len(members) < 2 {
			continue
		}
		sw := Node{Name: fmt.Sprintf("s%d", lan), Kind: SwitchNode}
		for i := range members {
			sw.Interfaces = append(sw.Interfaces, Interface{Name: fmt.Sprintf("p%d", i)})
		}
		// The switch goes before the LAN's right router, which must be the last node.
		g.cfg.Nodes = append([]Node{sw}, g.cfg.Nodes...)
		for i, m := range members {
			g.link(m.node, m.iface, sw.Name, fmt.Sprintf("p%d", i), mtu)
		}
	}
	g.cfg.ColdARP = g.r.IntN(3) == 0
}

// routesFrom leads to all networks beyond those from low to high: to the left
// by .1 of the lowest, to the right by .254 of the highest.
func routesFrom(lans, low, high int) (out []Route) {
	for k := range lans {
		via := ""
		switch {
		case k < low:
			via = fmt.Sprintf("10.0.%d.1", low)
		case k > high:
			via = fmt.Sprintf("10.0.%d.254", high)
		default:
			continue
		}
		out = append(out, Route{To: netip.MustParsePrefix(fmt.Sprintf("10.0.%d.0/24", k)), Via: netip.MustParseAddr(via)})
	}
	return out
}

func (g *generator) tcp(n *Node) {
	c := &n.TCP
	c.Timestamps, c.WindowScale = g.r.IntN(2) == 0, g.r.IntN(2) == 0
	c.NoDelay, c.NoDelayedAck = g.r.IntN(2) == 0, g.r.IntN(4) == 0
	c.ReceiveBuffer = []int{0, 0, 2000, 10000, 300000}[g.r.IntN(5)]
	c.SendBuffer = []int{0, 0, 3000, 200000}[g.r.IntN(4)]
	c.MSL = trace.Second
	if g.r.IntN(8) == 0 {
		c.Congestion = "none"
	}
	if g.r.IntN(8) == 0 {
		c.MSS = 100 + g.r.IntN(1000)
	}
}

// damages lets one router flip one bit, once: two flips can cancel out in the
// Internet checksum, and then nobody below the program can notice.
func (g *generator) damages() []Match {
	if g.damaged || g.r.IntN(4) > 0 {
		return nil
	}
	g.damaged = true
	return []Match{{Nth: []int{1 + g.r.IntN(50)}}}
}

func (g *generator) link(a, ai, b, bi string, mtu int) {
	l := Link{
		Name: a + "-" + b, Ends: [2]Endpoint{{a, ai}, {b, bi}}, MTU: mtu,
		Rate:  []int64{0, 1e6, 10e6, 1e9}[g.r.IntN(4)],
		Delay: time.Duration(g.r.IntN(50)) * time.Millisecond,
		Queue: []int{0, 0, 3, 10, 50}[g.r.IntN(5)],
	}
	for g.r.IntN(2) == 0 {
		f := Fault{Rate: g.r.Float64() * 0.15, Delay: time.Duration(g.r.IntN(300)) * time.Millisecond, Bit: -1}
		f.Kind = []FaultKind{Lose, Corrupt, Duplicate, Reorder, Jitter}[g.r.IntN(5)]
		if g.r.IntN(3) == 0 {
			f.Rate = 1
			f.Match = Match{Nth: []int{1 + g.r.IntN(10), 1 + g.r.IntN(30)}, Proto: []string{"", "tcp", "udp", "arp"}[g.r.IntN(4)]}
		}
		if g.r.IntN(20) == 0 { // the link is dead from some time on, or for some time
			f = Fault{Kind: link.Lose, Rate: 1}
			f.After = time.Duration(g.r.IntN(5000)) * time.Millisecond
			if g.r.IntN(2) == 0 {
				f.Before = f.After + time.Duration(g.r.IntN(60))*time.Second
			}
		}
		l.Faults = append(l.Faults, f)
	}
	g.cfg.Links = append(g.cfg.Links, l)
}

func (g *generator) programs() {
	g.sent = map[string]bool{}
	for i := range 1 + g.r.IntN(4) {
		from, to := g.r.IntN(len(g.hosts)), g.r.IntN(len(g.hosts))
		if from == to && len(g.hosts) > 1 {
			to = (to + 1) % len(g.hosts)
		}
		port := 1000 + i
		if g.r.IntN(3) == 0 {
			g.datagrams(i, from, to, port)
		} else {
			g.transfer(i, from, to, port)
		}
	}
}

func (g *generator) add(host int, name string, start time.Duration, f run) {
	g.cfg.Programs = append(g.cfg.Programs, Program{Node: g.hosts[host], Name: name, Start: start, Run: f})
}

func (g *generator) bytes(most int) []byte {
	b := make([]byte, g.r.IntN(most))
	for i := range b {
		b[i] = byte(g.r.Uint32())
	}
	return b
}

func (g *generator) datagrams(i, from, to, port int) {
	var all [][]byte
	for range 1 + g.r.IntN(8) {
		b := append([]byte(fmt.Sprintf("%d %d ", i, len(all))), g.bytes(5000)...)
		all = append(all, b)
		g.sent[string(b)] = true
	}
	open := g.r.IntN(6) > 0 // else ICMP errors quote the datagrams
	g.add(to, fmt.Sprintf("sink%d", i), 0, func(h host.Host) error {
		if !open {
			return nil
		}
		c, err := h.ListenPacket("udp", fmt.Sprintf(":%d", port))
		b := make([]byte, 65536)
		for err == nil {
			var n int
			if n, _, err = c.ReadFrom(b); err == nil {
				g.heard = append(g.heard, string(b[:n]))
			}
		}
		return err
	})
	g.add(from, fmt.Sprintf("source%d", i), time.Duration(g.r.IntN(1000))*time.Millisecond, func(h host.Host) error {
		c, err := h.Dial("udp", fmt.Sprintf("%s:%d", g.addrs[to], port))
		if err != nil {
			return err
		}
		for _, b := range all {
			c.Write(b) // an ICMP error of an earlier one may come back here
		}
		return c.Close()
	})
}

// transfer is a TCP conversation: both sides write, then end their stream.
type transfer struct {
	port  int
	sides [2]side
}

type side struct {
	writes   [][]byte // one message each
	got      []byte
	err      error // of any call
	finished bool  // read to the end of the stream, after writing all
	abort    bool
}

func (s *side) all() []byte { return bytes.Join(s.writes, nil) }

func (g *generator) transfer(i, from, to, port int) {
	x := &transfer{port: port}
	g.transfers = append(g.transfers, x)
	for k := range x.sides {
		for range g.r.IntN(5) {
			x.sides[k].writes = append(x.sides[k].writes, append(g.bytes(1+g.r.IntN(40000)), 1))
		}
		x.sides[k].abort = g.r.IntN(20) == 0
	}
	pause, slow := time.Duration(g.r.IntN(300))*time.Millisecond, g.r.IntN(5) == 0
	g.add(to, fmt.Sprintf("server%d", i), 0, func(h host.Host) error {
		l, err := h.Listen("tcp", fmt.Sprintf(":%d", port))
		if err != nil {
			return err
		}
		c, err := l.Accept()
		if err != nil {
			return err
		}
		x.sides[1].talk(h, c, pause, slow)
		return nil
	})
	g.add(from, fmt.Sprintf("client%d", i), time.Duration(1+g.r.IntN(1000))*time.Millisecond, func(h host.Host) error {
		c, err := h.Dial("tcp", fmt.Sprintf("%s:%d", g.addrs[to], port))
		if err != nil {
			x.sides[0].err = err
			return err
		}
		x.sides[0].talk(h, c, pause/2, slow)
		return nil
	})
}

// talk writes and reads at once, until both streams have ended.
func (s *side) talk(h host.Host, c net.Conn, pause time.Duration, slow bool) {
	wrote := false
	h.Go(func() {
		for _, b := range s.writes {
			h.Sending(c, len(b), nil)
			if _, err := c.Write(b); err != nil {
				s.fail(err)
				return
			}
			if h.Sleep(pause) != nil {
				return
			}
		}
		if s.abort {
			c.(interface{ SetLinger(int) error }).SetLinger(0)
			s.fail(errors.New("aborted by the program"))
			c.Close()
			return
		}
		wrote = true
		s.fail(c.(interface{ CloseWrite() error }).CloseWrite())
		if s.finished {
			c.Close()
		}
	})
	b := make([]byte, 5000)
	for {
		n, err := c.Read(b)
		s.got = append(s.got, b[:n]...)
		if err == io.EOF {
			s.finished = true
			if wrote {
				c.Close()
			}
			return
		}
		if err != nil {
			s.fail(err)
			return
		}
		if slow {
			h.Sleep(pause)
		}
	}
}

// fail notes what the program was told. That the host has ended is no news of
// the connection: until then, it hung.
func (s *side) fail(err error) {
	if s.err == nil && err != nil && !errors.Is(err, net.ErrClosed) {
		s.err = err
	}
}

var errHangs = errors.New("the connection hangs, and no program was told")

// socketFailed says whether the trace has an error of a connection of the port.
func socketFailed(l *trace.Log, port int) bool {
	for i := 1; i <= l.Events(); i++ {
		n := trace.EventID(i)
		if l.Event(n).Why == trace.SocketError && strings.Contains(l.Change(n).Slot.Key+" ", fmt.Sprintf(":%d ", port)) {
			return true
		}
	}
	return false
}

// judge says what TCP got wrong.
func (x *transfer) judge() error {
	for k := range x.sides {
		me, peer := &x.sides[k], &x.sides[1-k]
		want := peer.all()
		if !bytes.HasPrefix(want, me.got) {
			return fmt.Errorf("side %d read %d bytes that are not what the other wrote", k, len(me.got))
		}
		if me.finished && len(me.got) < len(want) && me.err == nil && peer.err == nil {
			return fmt.Errorf("side %d read the end after %d of %d bytes, and nobody was told", k, len(me.got), len(want))
		}
	}
	a, b := &x.sides[0], &x.sides[1]
	if a.err == nil && b.err == nil && (!a.finished || !b.finished) {
		return fmt.Errorf("%w: read %d of %d and %d of %d bytes", errHangs, len(a.got), len(b.all()), len(b.got), len(a.all()))
	}
	return nil
}

// judgeTrace holds the trace to what happened: every delivered message was
// sent, and events hang together.
func (g *generator) judgeTrace(l *trace.Log) error {
	sent := map[[32]byte]bool{}
	for i := 1; i <= l.Events(); i++ {
		n := trace.EventID(i)
		if err := l.Check(n); err != nil {
			return err
		}
		e := l.Event(n)
		if e.Kind != trace.Send && e.Kind != trace.Deliver {
			continue
		}
		sum := sha256.Sum256(l.Append(nil, e.PDU, 0, l.Size(e.PDU)))
		if e.Kind == trace.Send {
			// A message is announced before all of it is written.
			sent[sum] = true
		} else if !sent[sum] {
			return fmt.Errorf("event %d delivers a message that nobody sent", i)
		}
	}
	for f := range l.Frames() {
		if len(l.Steps(f)) == 0 {
			return fmt.Errorf("frame %d has no steps", f)
		}
		if err := judgeFrame(l, l.Frame(f).PDU); err != nil {
			return fmt.Errorf("frame %d: %w", f, err)
		}
	}
	return g.judgeStreams(l)
}

// judgeFrame holds a frame's bytes, which lineage puts together, to the
// lengths that they name.
func judgeFrame(l *trace.Log, id trace.PDUID) error {
	b := l.Append(nil, id, 0, l.Size(id))
	if l.PDU(id).Proto != layers.Ethernet || int64(len(b)) != l.Size(id) || len(b) < 64 {
		return fmt.Errorf("%d bytes of %d", len(b), l.Size(id))
	}
	if h := layers.EthernetHeader(b); h.Type() == layers.EtherTypeIPv4 {
		n := layers.IPv4Header(b[layers.EthernetSize:]).TotalLen()
		if want := max(60, layers.EthernetSize+n) + 4; want != len(b) {
			return fmt.Errorf("%d bytes for a packet of %d", len(b), n)
		}
	}
	return nil
}

// judgeStreams holds the streams of the trace, which refer to segments, to
// what the programs read, which came by another way. The last byte read leads
// to a frame and back.
func (g *generator) judgeStreams(l *trace.Log) error {
	read := map[trace.PDUID]int64{} // how far each stream was read
	for i := 1; i <= l.Events(); i++ {
		n := trace.EventID(i)
		if e := l.Event(n); e.Why == trace.SocketRead && l.PDU(e.PDU).Proto == layers.Stream {
			off, size := l.Extent(n)
			read[e.PDU] = off + size
		}
	}
	got := map[string]bool{}
	for _, x := range g.transfers {
		got[string(x.sides[0].got)], got[string(x.sides[1].got)] = true, true
	}
	for id, n := range read {
		if !got[string(l.Append(nil, id, 0, n))] {
			return fmt.Errorf("stream %d: its %d bytes are not what a program read", id, n)
		}
		framed := false
		for _, p := range tracetest.Everywhere(l, trace.Place{PDU: id, Off: n - 1}) {
			framed = framed || l.PDU(p.PDU).Proto == layers.Ethernet
		}
		if o := trace.Origins(l, trace.Place{PDU: id, Off: n - 1}); !framed || l.PDU(o[len(o)-1].PDU).Proto != layers.Stream || len(o) < 3 {
			return fmt.Errorf("stream %d: byte %d comes from %v, in a frame: %v", id, n-1, o, framed)
		}
	}
	return nil
}
