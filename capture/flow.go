package capture

import (
	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
)

// flow is all frames between two endpoints by one protocol.
type flow struct {
	a, b   walk.Endpoint // a sent the first frame seen
	kind   uint8
	link   uint16
	na, nb trace.NodeID
	conn   uint32 // TCP: index into conns, +1
}

// flowKey finds a flow from a frame of either direction.
type flowKey struct {
	low, high walk.Endpoint
	kind      uint8
}

// conn is a TCP connection.
type conn struct {
	connection
	sides [2]side
}

// side is one direction of a connection.
type side struct {
	base   uint32 // sequence number of the stream's offset 0
	high   int64  // highest offset seen, SYN and FIN not counted
	acked  int64  // what the other side has acknowledged
	asm    uint32 // index into asms, +1; 0: no data seen
	begun  bool   // base is known
	syn    bool   // by its SYN
	fin    bool
	finOff int64
}

// flowOf finds or opens the frame's flow; back says that the frame goes from
// its b to its a.
func (x *index) flowOf(s *walk.Shape, data []byte) (number uint32, back bool) {
	key := flowKey{s.Src, s.Dst, s.Kind}
	if key.kind == layers.ProtocolTCP && s.Inner().Proto != layers.TCP {
		key.kind = walk.KindFrame // its ports are cut off: not a connection's
	}
	if walk.After(&s.Src, &s.Dst) {
		key.low, key.high = s.Dst, s.Src
	}
	number, known := x.keys[key]
	if known && s.Inner().Proto == layers.TCP && x.isReused(number, s, data) {
		known = false
	}
	if !known {
		number = x.open(s, key, data)
	}
	return number, s.Src != x.flows[number].a
}

// isReused says whether a SYN opens a new connection between ports that had
// one before.
func (x *index) isReused(number uint32, s *walk.Shape, data []byte) bool {
	h := layers.TCPHeader(data[s.Inner().At:])
	if h.Flags()&(flagSYN|flagACK) != flagSYN {
		return false
	}
	f := &x.flows[number]
	sd := &x.conns[f.conn-1].sides[0]
	if s.Src != f.a {
		sd = &x.conns[f.conn-1].sides[1]
	}
	return sd.begun && sd.base != h.Seq()+1
}

// TCP's flags, RFC 9293 sec. 3.1.
const (
	flagFIN = 1
	flagSYN = 2
	flagACK = 16
)

func (x *index) open(s *walk.Shape, key flowKey, data []byte) uint32 {
	f := flow{a: s.Src, b: s.Dst, kind: key.kind}
	f.na, f.nb = x.node(s.Src), x.node(s.Dst)
	f.link = x.linkBetween(f.na, f.nb, s, data)
	if s.Inner().Proto == layers.TCP {
		x.conns = append(x.conns, conn{})
		f.conn = uint32(len(x.conns))
	}
	x.flows = append(x.flows, f)
	number := uint32(len(x.flows) - 1)
	x.keys[key] = number
	return number
}

// streams are the assemblies of the flow's connection.
func (f *flow) streams(x *index) []*assembly {
	var all []*assembly
	for _, s := range x.conns[f.conn-1].sides {
		if s.asm > 0 {
			all = append(all, x.asms[s.asm-1])
		}
	}
	return all
}

// maxNodes and maxLinks bound what a trace names one by one; the rest is
// "others".
const (
	maxNodes = 1 << 10
	maxLinks = 1 << 12
)

func (x *index) node(e walk.Endpoint) trace.NodeID {
	e.Port = 0
	if id, ok := x.nodes[e]; ok {
		return id
	}
	if len(x.nodes) >= maxNodes {
		if len(x.info.Nodes) == maxNodes+1 {
			x.info.Nodes = append(x.info.Nodes, trace.Node{Name: "others", Kind: "host"})
		}
		return maxNodes + 1
	}
	id := trace.NodeID(len(x.info.Nodes))
	n := trace.Node{Name: e.String(), Kind: "host"}
	if e.Family >= walk.IPv4Address {
		n.Addrs = []string{n.Name}
	}
	x.nodes[e] = id
	x.info.Nodes = append(x.info.Nodes, n)
	return id
}

func (x *index) linkBetween(a, b trace.NodeID, s *walk.Shape, data []byte) uint16 {
	pair := [2]trace.NodeID{min(a, b), max(a, b)}
	if l, ok := x.links[pair]; ok {
		return l
	}
	if len(x.links) >= maxLinks {
		return 0
	}
	l := trace.Link{Name: x.info.Nodes[a].Name + " " + x.info.Nodes[b].Name}
	l.Ends[0] = trace.End{Node: a, If: "seen"}
	l.Ends[1] = trace.End{Node: b, If: "seen"}
	if s.Headers[0].Proto == layers.Ethernet {
		eth := layers.EthernetHeader(data)
		l.Ends[0].MAC, l.Ends[1].MAC = eth.Src(), eth.Dst()
	}
	if s.Src.Family >= walk.IPv4Address {
		l.Ends[0].IP, l.Ends[1].IP = s.Src.String(), s.Dst.String()
	}
	x.info.Links = append(x.info.Links, l)
	number := uint16(len(x.info.Links) - 1)
	x.links[pair] = number
	return number
}
