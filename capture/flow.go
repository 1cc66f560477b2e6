package capture

import (
	"strata/capture/analysis"
	"strata/capture/flows"
	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
)

// way is where a flow goes in the trace: the nodes of its A and B, the link
// between them, and of a TCP flow its connection.
type way struct {
	a, b trace.NodeID
	link uint16
	conn uint32 // index into conns, +1
	quic uint32 // of a UDP flow: number of what is known of its QUIC connection, +1
}

// note is what is kept of a TCP or UDP header of a frame: its conversation,
// and of a segment what the analysis found.
type note struct {
	flow   uint32
	back   bool
	header uint8 // number in the frame, or of what it completed; and flags
	found  analysis.Note
	// The numbers, +1, of what is known of its TLS session: from segments
	// read one by one, and from whole records; 0: it has none.
	// Of a UDP datagram alone is the number, +1, of what is known of its QUIC
	// connection, and whole is 1 when it has packets that go on with earlier ones.
	alone, whole uint32
}

// A note's header.
const (
	headerMask = 1<<6 - 1

	inWhole = 1 << 6 // it is in what came in fragments, and is whole with the frame
	apart   = 1 << 7 // it is only quoted, or in a fragment: nobody knows how long its PDU is
)

// TCP's flags, RFC 9293 sec. 3.1.
const (
	flagFIN = 1
	flagSYN = 2
	flagRST = 4
	flagACK = 16
)

// follow enters the frame's innermost flow, and notes those of its transport
// headers.
func (x *index) follow(uses []flows.Use, s *walk.Shape, data []byte, e *entry) {
	inner := &uses[0]
	for i, u := range uses {
		if u.Header < s.N {
			inner = &uses[i]
		}
		x.noteHeader(u, s, data, e, 0)
	}
	x.flow(inner, s, data, e)
}

// noteHeader notes what is known of a header, if it is a transport's.
func (x *index) noteHeader(u flows.Use, s *walk.Shape, data []byte, e *entry, flags uint8) {
	n := note{flow: u.Flow, back: u.Back, header: uint8(u.Header) | flags}
	if u.Header >= s.N || s.Cut {
		n.header |= apart
	}
	switch h := &s.Headers[u.Header]; h.Proto {
	case layers.TCP:
		n.found = x.analyse(u, e, data[h.At:h.End], h.WireEnd-h.At, n.header&apart != 0)
		if n.header&apart == 0 {
			again := n.found.Findings()&(sentAgain|layers.OutOfOrder|layers.KeepAlive) != 0
			n.alone, n.whole = x.secured(u.Flow, data[h.At:h.End], h.WireEnd-h.At, again)
		}
	case layers.UDP:
		if n.header&apart == 0 {
			n.alone, n.whole = x.quic(u, layers.UDPHeader(data[h.At:h.End]))
		}
	default:
		return
	}
	number := x.notes.Append(n)
	if e.notes == 0 {
		e.notes = uint32(number + 1)
	}
	e.noted++
}

// flow enters the flow that a frame belongs to.
func (x *index) flow(u *flows.Use, s *walk.Shape, data []byte, e *entry) {
	e.flow = u.Flow
	if u.Back {
		e.place |= flagBack
	}
	for x.ways.n <= int(u.Flow) {
		x.ways.add()
	}
	w := x.ways.at(int(u.Flow))
	if w.a == observer {
		w.a, w.b = x.between(s, data, u.Header)
		w.link = x.linkBetween(w.a, w.b, s, data)
		if u.Back { // an error quoted it before, turned round
			w.a, w.b = w.b, w.a
		}
	}
}

// analyse judges a segment of wire bytes, header included.
func (x *index) analyse(u flows.Use, e *entry, segment []byte, wire int, apart bool) analysis.Note {
	s := analysis.Segment{Frame: x.frame + 1, Time: e.time, Back: u.Back, Reused: u.Reused, NoLength: apart}
	if !s.Read(segment, wire) {
		return analysis.Note{}
	}
	return x.pool.Add(&x.connOf(u.Flow).Conn, &s)
}

// connOf is the connection of a TCP flow, opened when first asked for.
func (x *index) connOf(flow uint32) *conn {
	for x.ways.n <= int(flow) {
		x.ways.add()
	}
	w := x.ways.at(int(flow))
	if w.conn == 0 {
		_, n := x.conns.add()
		w.conn = uint32(n + 1)
	}
	return x.conns.take(int(w.conn - 1))
}

// maxNodes and maxLinks bound what a trace names one by one; the rest is
// "others".
const (
	maxNodes = 1 << 10
	maxLinks = 1 << 12
)

// between gives the nodes that a frame goes from and to. A host that talks to
// itself is two: what serves at a port is told apart from who asks.
func (x *index) between(s *walk.Shape, data []byte, header int) (from, to trace.NodeID) {
	src, dst := s.Src, s.Dst
	src.Port, dst.Port = 0, 0
	if src == dst {
		serves := &dst
		src.Port, dst.Port = s.Src.Port, s.Dst.Port
		if h := &s.Headers[header]; h.Proto == layers.TCP && h.At+layers.TCPMinSize <= len(data) {
			const syn, ack = 0x02, 0x10
			switch flags := layers.TCPHeader(data[h.At:]).Flags() & (syn | ack); {
			case flags == syn|ack, flags&syn == 0 && src.Port < dst.Port: // its beginning was not seen
				serves = &src
			}
		}
		if serves == &dst {
			src.Port = 0
		} else {
			dst.Port = 0
		}
	}
	return x.node(src), x.node(dst)
}

// node is the node of an address, or of what serves at a port of it.
func (x *index) node(e walk.Endpoint) trace.NodeID {
	if id, ok := x.nodes[e]; ok {
		return id
	}
	x.told = nil
	if len(x.nodes) >= maxNodes {
		if len(x.info.Nodes) == maxNodes+1 {
			x.info.Nodes = append(x.info.Nodes, trace.Node{Name: "others", Kind: "host"})
		}
		return maxNodes + 1
	}
	id := trace.NodeID(len(x.info.Nodes))
	n := trace.Node{Name: e.String(), Kind: "host"}
	switch {
	case e.Port != 0:
		n.Name = e.Peer() // the address is that of the whole host
	case e.Family >= walk.IPv4Address:
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
	x.told = nil
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

// tell gives out what the trace says once: a copy, since nodes may be added.
func (x *index) tell() *trace.Info {
	if x.told == nil {
		info := x.info
		x.told = &info
	}
	return x.told
}
