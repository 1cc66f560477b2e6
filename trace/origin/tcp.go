package origin

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
	"strata/trace/travel"
)

// ends are the two ends of a segment or datagram, as the packet around it has
// them: IPv4 or IPv6 addresses and ports.
type ends struct{ src, dst walk.Endpoint }

// Flags of TCP (RFC 9293 section 3.1).
const (
	flagFIN, flagSYN, flagRST = 0x01, 0x02, 0x04
	flagPSH, flagACK          = 0x08, 0x10
)

// segment is what is needed of a TCP header.
type segment struct {
	seq, ack uint32
	flags    byte
	end      uint32 // the number after its last
	options  []byte
}

// segmentIn reads the innermost segment of a frame.
func segmentIn(s *walk.Shape, b []byte) (g segment, e ends, ok bool) {
	h := s.Inner()
	if h.Proto != layers.TCP || h.At+layers.TCPMinSize > len(b) || !layers.TCPHeader(b[h.At:]).Valid() {
		return g, e, false
	}
	_, _, wire := h.Body()
	t := layers.TCPHeader(b[h.At:])
	g = segment{seq: t.Seq(), ack: t.Ack(), flags: t.Flags(), options: t.Options()}
	g.end = g.seq + uint32(wire)
	if g.flags&flagSYN != 0 {
		g.end++
	}
	if g.flags&flagFIN != 0 {
		g.end++
	}
	return g, ends{s.Src, s.Dst}, true
}

// shape walks over the frame that is asked about, or the one on the first hop
// of what it carries.
func (q *Asked) shape(frame int) (s walk.Shape, b []byte) {
	f := q.t.Frame(frame)
	b = q.t.Append(nil, f.PDU, 0, q.t.Size(f.PDU))
	link, fcs := f.LinkType, f.FCS
	if !q.info.Captured {
		link, fcs = walk.LinkEthernet, layers.FCSSize
	}
	walk.Walk(&s, b, len(b), uint16(link), fcs)
	return s, b
}

// rootFrame is the frame on whose wire the first node put what it made.
func (q *Asked) rootFrame() int {
	if len(q.headers()) == 1 {
		return q.firstFrame(q.at.own().PDU, q.frame)
	}
	return q.firstFrame(q.root().pdu, q.frame)
}

// firstFrame is the first frame that carried a PDU; else is for one that none
// did.
func (q *Asked) firstFrame(id trace.PDUID, otherwise int) int {
	if q.info.Captured {
		return otherwise
	}
	for range 6 {
		for _, n := range q.t.About(id) {
			if q.t.Event(n).Kind == trace.Transmit {
				return q.t.FrameOf(n)
			}
		}
		kids := q.t.Children(id)
		if len(kids) == 0 {
			break
		}
		id = kids[0].PDU
	}
	return otherwise
}

// segments looks for the last segment before this frame, of the same
// connection in the same direction, or the other way, that passes. Of the
// other way's, in a simulation, only those count that had come when root was
// made.
func (q *Asked) segment(key string, back bool, is func(segment) bool) (frame int, ok bool) {
	s, b := q.shape(q.rootFrame())
	_, mine, fine := segmentIn(&s, b)
	if !fine {
		return -1, true
	}
	root := q.root()
	made := q.t.Event(root.made).Time
	return q.before(key, q.frame, func(n int, s *walk.Shape, b []byte) bool {
		g, e, ok := segmentIn(s, b)
		if !ok {
			return false
		}
		if back {
			e.src, e.dst = e.dst, e.src
		}
		if e != mine || !is(g) {
			return false
		}
		f := q.t.Frame(n)
		if q.info.Captured {
			return true
		}
		if back {
			return f.To == root.node && q.came(f) && f.Ended <= made
		}
		return f.From == root.node && q.maker(travel.Inside(q.t, f.PDU, layers.TCP)) < root.made
	})
}

// came says whether a frame brought its segment to TCP, which may have refused
// it.
func (q *Asked) came(f trace.Frame) bool {
	return f.Fate == trace.Arrived || f.Fate == trace.Refused && q.t.Event(f.Last).Layer >= layers.Transport
}

// ownSegment is this segment.
func (q *Asked) ownSegment() segment {
	s, b := q.shape(q.frame)
	g, _, _ := segmentIn(&s, b)
	return g
}

// tcpSeq: the first number was drawn; from there on, every byte has the next.
func (q *Asked) tcpSeq() {
	root := q.root()
	g := q.ownSegment()
	name := q.name(root.node)
	if g.flags&flagSYN != 0 {
		q.say("%s begins to count here: its first number, %d", name, g.seq).by("RFC 9293 sec. 3.4.1").on(root.made).in(q.frame)
		if q.info.Captured {
			q.add(Unknown, "the number itself: a clock and a secret of the host give it, so that nobody can guess it").by("RFC 6528 sec. 3")
			return
		}
		q.say("a clock that ticks every 4 µs, plus a hash of both addresses and ports with %s's secret key, drawn from the run's seed, %d: nobody can guess it", name, q.info.Seed).by("RFC 6528 sec. 3").on(root.made)
		return
	}
	what := "the first byte of this segment"
	switch {
	case g.end == g.seq:
		what = "the next byte that will be sent: this segment takes no number"
	case g.flags&flagFIN != 0 && g.end == g.seq+1:
		what = "the FIN, which takes a number of its own"
	}
	q.say("in %s's stream, %d numbers %s", name, g.seq, what).by("RFC 9293 sec. 3.4").on(root.made).in(q.frame)
	q.again(root)
	if e := q.t.Event(root.made); e.Why == trace.TCPRefuse && g.flags&flagACK != 0 {
		q.say("there is no connection, so there is no stream: 0, and the ACK tells which segment is refused").by("RFC 9293 sec. 3.10.7.1").on(root.made)
		q.cause(root.made)
		return
	}
	if g.flags&flagRST != 0 && g.flags&flagACK == 0 {
		n, ok := q.segment("reset", true, func(o segment) bool { return o.flags&flagACK != 0 && o.ack == g.seq })
		if q.found(n, ok, "the segment that named it") {
			q.shows(n, "frame %d said that it expects just this number, so its sender will believe the RST", n+1).by("RFC 9293 sec. 3.5.2")
		}
		return
	}
	n, ok := q.segment("seq", false, func(o segment) bool { return o.end == g.seq && o.end != o.seq })
	if q.found(n, ok, "the segment before") {
		q.shows(n, "the segment in frame %d ended right before it", n+1).by("RFC 9293 sec. 3.4")
	}
	n, ok = q.syn()
	switch {
	case !ok:
		q.waits("the SYN")
	case n >= 0:
		s, b := q.shape(n)
		syn, _, _ := segmentIn(&s, b)
		q.shows(n, "counting began with the SYN in frame %d, at %d; %s since", n+1, syn.seq, used(g.seq-syn.seq)).by("RFC 9293 sec. 3.4.1")
	default:
		q.add(Unknown, "where counting began: the connection was open before the first frame here").by("RFC 9293 sec. 3.4.1")
	}
}

// firstFrames is how far into a conversation its SYNs are looked for.
const firstFrames = 4096

// syn looks for the SYN of this side. In a capture, a conversation begins with
// it, if it was captured: one between the same ports is another conversation.
func (q *Asked) syn() (frame int, ok bool) {
	i := q.t.ConversationOf(q.frame)
	if i < 0 || !q.info.Captured {
		return q.segment("syn", false, func(o segment) bool { return o.flags&flagSYN != 0 })
	}
	s, _ := q.shape(q.frame)
	c := q.t.Conversation(i)
	back := s.Src.Peer() != c.A
	frame = -1
	q.t.Segments(i, c.First, min(c.First+firstFrames, q.frame+1), func(o *trace.Sent) bool {
		if o.Back == back && o.Flags&flagSYN != 0 {
			frame = o.Frame
		}
		return frame < 0
	})
	return frame, true
}

func used(n uint32) string {
	if n == 1 {
		return "one number was used, by that SYN,"
	}
	return fmt.Sprintf("%d numbers were used", n)
}

// found says whether a search has found a frame; until it has, that it goes on.
func (q *Asked) found(frame int, ok bool, what string) bool {
	if !ok {
		q.waits(what)
	}
	return ok && frame >= 0
}

// again tells of a segment that is sent once more.
func (q *Asked) again(root header) {
	if e := q.t.Event(root.made); e.Why.Resend() {
		q.told(root.made)
	}
}

// tcpAck: the end of what came in order.
func (q *Asked) tcpAck() {
	root := q.root()
	g := q.ownSegment()
	name := q.name(root.node)
	if g.flags&flagACK == 0 {
		q.say("the ACK flag is not set: %s acknowledges nothing, and leaves the field empty", name).by("RFC 9293 sec. 3.1").on(root.made).in(q.frame)
		return
	}
	q.say("all before %d has come in order: that is the byte that %s expects next", g.ack, name).by("RFC 9293 sec. 3.4").on(root.made).in(q.frame)
	n, ok := q.segment("ack", true, func(o segment) bool { return o.end == g.ack && o.flags&flagRST == 0 })
	switch {
	case !ok:
		q.waits("the segment that it acknowledges")
	case n >= 0:
		s, b := q.shape(n)
		o, _, _ := segmentIn(&s, b)
		q.shows(n, "frame %d brought the last of it: it begins at %d and ends before %d", n+1, o.seq, o.end).by("RFC 9293 sec. 3.10.7.4")
	case q.info.Captured:
		q.add(Unknown, "which segment brought the last of it: it was not captured")
	}
	q.maybeTold(root.made)
}

func (q *Asked) tcpHeaderLen() {
	root := q.root()
	q.say("the header's length in words of 4 bytes: 5, and %d bytes of options", len(q.ownSegment().options)).by("RFC 9293 sec. 3.1").on(root.made).in(q.frame)
	q.maybeTold(root.made)
}

// flagCauses say what sets a flag.
var flagCauses = map[string]struct {
	mask      byte
	set, none string
}{
	"tcp.flags.syn":   {flagSYN, "a connection is to be opened, or its opening answered", "the connection's opening is over, or this is no part of it"},
	"tcp.flags.ack":   {flagACK, "every segment but the first of a connection says what came so far", "nothing has come yet that could be acknowledged"},
	"tcp.flags.push":  {flagPSH, "with this segment all that the program has written is sent: the other side need not wait for more", "it brings no bytes, or more of what the program wrote will follow"},
	"tcp.flags.fin":   {flagFIN, "the program has closed its side, and this is the end of its stream", "the stream goes on"},
	"tcp.flags.reset": {flagRST, "the connection is broken off, or there is none", "nothing is wrong with the connection"},
}

func (q *Asked) tcpFlags() {
	root := q.root()
	g := q.ownSegment()
	for _, name := range q.at.names {
		if c, ok := flagCauses[name]; ok {
			text := c.none
			if g.flags&c.mask != 0 {
				text = c.set
			}
			q.say("%s", text).by("RFC 9293 sec. 3.1").on(root.made).in(q.frame)
			q.maybeTold(root.made)
			return
		}
	}
	q.say("the flags say what the segment is for").by("RFC 9293 sec. 3.1").on(root.made).in(q.frame)
	q.maybeTold(root.made)
}

// tcpWindow: the room in the receive buffer.
func (q *Asked) tcpWindow() {
	root := q.root()
	name := q.name(root.node)
	if q.ownSegment().flags&flagRST != 0 {
		q.say("a reset offers no room: %s leaves the field as it is", name).by("RFC 9293 sec. 3.5.2").on(root.made).in(q.frame)
		return
	}
	q.say("%s has room for so much more in its receive buffer", name).by("RFC 9293 sec. 3.8.6").on(root.made).in(q.frame)
	if q.info.Captured {
		q.add(Unknown, "how large the buffer is, and what its program has read of it")
		q.scaled()
		return
	}
	if e := q.stateOf(root, "rcv.wnd"); e != 0 {
		c := q.t.Change(e)
		q.say("the connection's rcv.wnd is %s", c.Show(c.New)).by("RFC 9293 sec. 3.3.1").on(e).in(q.t.FrameOf(e))
	}
	q.scaled()
}

// scaled tells of the factor that both sides agreed on.
func (q *Asked) scaled() {
	if q.ownSegment().flags&flagSYN != 0 {
		return
	}
	n, ok := q.syn()
	if !ok || n < 0 {
		return
	}
	s, b := q.shape(n)
	syn, _, _ := segmentIn(&s, b)
	trace.EachOption(syn.options, func(kind byte, v []byte) {
		if kind == layers.TCPOptionWindowScale && len(v) == 1 {
			q.shows(n, "the SYN in frame %d offered to shift it by %d bits: the number counts %d bytes, if the other side can, too", n+1, v[0], 1<<min(v[0], 14)).by("RFC 7323 sec. 2.2")
		}
	})
}

// stateOf is the change that gave a field of the segment's connection the
// value that it had when the segment was made: one of the same step, or the
// last before.
func (q *Asked) stateOf(root header, field string) trace.EventID {
	key := q.socketKey(root)
	if key == "" {
		return 0
	}
	for n := root.made + 1; n < root.made+32; n++ {
		e := q.t.Event(n)
		if e.Kind != trace.StateChange || e.Cause != root.made {
			continue
		}
		if s := q.t.Change(n).Slot; s.Table == "tcp" && s.Field == field && s.Key == key {
			return n
		}
	}
	e, _ := q.change(root.node, "tcp", key, field, root.made)
	return e
}

// socketKey is what the tables call the connection that a node made a segment
// for.
func (q *Asked) socketKey(root header) string {
	s, _ := q.shape(q.rootFrame())
	if s.Src.Port == 0 {
		return ""
	}
	return "tcp " + s.Src.Peer() + " " + s.Dst.Peer()
}

func (q *Asked) tcpUrgent() {
	q.fixed("RFC 9293 sec. 3.8.5", "it counts only with the URG flag, which hardly anybody uses any more: 0")
}

func (q *Asked) tcpMSS() {
	root := q.root()
	if q.at.node.Field.Name != "tcp.options.mss_val" && q.at.proto == layers.TCP && q.at.node.Len < 2 {
		q.say("the option for the largest segment: 2, with a length of 4").by("RFC 9293 sec. 3.7.1").on(root.made).in(q.frame)
	}
	if !q.info.Captured {
		end := q.t.Frame(q.rootFrame()).End
		if end != trace.NoEnd {
			mtu := q.info.Links[end.Link()].MTU
			q.say("the link takes packets of %d bytes; less 20 for IP's header and 20 for TCP's, %d are left for data", mtu, mtu-40).by("RFC 9293 sec. 3.7.1").on(root.made).in(q.frame)
		}
		return
	}
	q.add(Inferred, "the sender's link takes packets that are 40 bytes longer (IPv4; 60 with IPv6): what is left without the headers is what it can take in one segment").by("RFC 9293 sec. 3.7.1").in(q.frame)
}

func (q *Asked) tcpPad() {
	q.fixed("RFC 9293 sec. 3.1", "it fills up: options begin where it suits their readers, and the header's length counts in words of 4 bytes")
}

func (q *Asked) tcpScale() {
	root := q.root()
	q.say("%s's receive buffer is larger than 65,535 bytes or may become so; the smallest shift that can tell all of it", q.name(root.node)).by("RFC 7323 sec. 2.2").on(root.made).in(q.frame)
}

func (q *Asked) tcpSACKPerm() {
	root := q.root()
	q.say("%s can be told, and can tell, what has come beyond a gap", q.name(root.node)).by("RFC 2018 sec. 2").on(root.made).in(q.frame)
}

// tcpSACK: which segments came beyond the gap.
func (q *Asked) tcpSACK() {
	root := q.root()
	q.say("%s has bytes beyond a gap, and says which", q.name(root.node)).by("RFC 2018 sec. 3").on(root.made).in(q.frame)
	var edges [2]uint32
	trace.EachOption(q.ownSegment().options, func(kind byte, v []byte) {
		if kind == layers.TCPOptionSACK && len(v) >= 8 {
			edges = [2]uint32{binary.BigEndian.Uint32(v), binary.BigEndian.Uint32(v[4:])}
		}
	})
	n, ok := q.segment("sack", true, func(o segment) bool { return o.end == edges[1] || o.seq == edges[0] })
	if q.found(n, ok, "the segment beyond the gap") {
		q.shows(n, "frame %d brought some of the first block, up to %d", n+1, edges[1]).by("RFC 2018 sec. 4")
	}
}

// tcpStamps: the sender's clock, and the last one of the other side's.
func (q *Asked) tcpStamps() {
	root := q.root()
	name := q.name(root.node)
	if q.at.names[0] != "tcp.options.timestamp.tsecr" {
		q.say("%s's timestamp clock when the segment was made; it begins anywhere", name).by("RFC 7323 sec. 5.4").on(root.made).in(q.frame)
		if q.at.names[0] == "tcp.options.timestamp.tsval" {
			return
		}
	}
	echo := []byte(nil)
	trace.EachOption(q.ownSegment().options, func(kind byte, v []byte) {
		if kind == layers.TCPOptionTimestamps && len(v) == 8 {
			echo = v[4:8]
		}
	})
	if binary.BigEndian.Uint32(append(echo, 0, 0, 0, 0)) == 0 {
		q.say("%s has no timestamp of the other side yet", name).by("RFC 7323 sec. 3.2").on(root.made).in(q.frame)
		return
	}
	n, ok := q.segment("echo", true, func(o segment) (same bool) {
		trace.EachOption(o.options, func(kind byte, v []byte) {
			same = same || kind == layers.TCPOptionTimestamps && len(v) == 8 && bytes.Equal(v[:4], echo)
		})
		return same
	})
	if q.found(n, ok, "the timestamp that it repeats") {
		q.shows(n, "it repeats the timestamp of frame %d, so that the other side can tell how long the round trip took", n+1).by("RFC 7323 sec. 4.3")
	}
}

// sum: over the pseudo-header, the header and what it carries.
func (q *Asked) sum() {
	all := q.headers()
	h := all[0]
	p := q.t.PDU(h.pdu)
	what := "the addresses and lengths of the IP header, this header and what it carries"
	rfc := "RFC 9293 sec. 3.1"
	switch p.Proto {
	case layers.UDP:
		rfc = "RFC 768"
	case layers.ICMPv4:
		what, rfc = "this message, the field itself counted as 0", "RFC 792"
	}
	if len(all) > 1 {
		q.say("%s translated an address or a port, and put the difference in", q.name(h.node)).by("RFC 1624 sec. 3").on(h.made).in(q.t.FrameOf(h.made))
	}
	root := all[len(all)-1]
	q.say("worked out by %s over %s", q.name(root.node), what).by(rfc).on(root.made).in(q.t.FrameOf(root.made)).of(h.pdu, 0, q.t.Size(h.pdu))
	if q.info.Captured {
		q.add(Unknown, "whether the host or its network card did so: a card may do it after the capture was made")
	}
}

func (q *Asked) udpLength() {
	h := q.root()
	p := q.t.PDU(h.pdu)
	q.say("8 bytes of header and the program's message").by("RFC 768").on(h.made).in(q.frame).of(p.Of, 0, q.t.Size(p.Of))
	q.maybeTold(h.made)
}
