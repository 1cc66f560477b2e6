package connection

import (
	"strata/trace"
)

// TCP's flags (RFC 9293 sec. 3.1).
const (
	flagFIN = 1 << iota
	flagSYN
	flagRST
	_
	flagACK
)

// sign is something in a segment from which an end's state follows.
type sign struct {
	next     [stateCount]States // after it, from each state that allows it; 0: none does
	anyway   States             // when no state that was thought possible allows it
	by       string             // "": it only shows what was so already
	inferred bool
	resets   bool
}

// only makes a table of what follows from single states.
func only(pairs ...State) (next [stateCount]States) {
	for i := 0; i+1 < len(pairs); i += 2 {
		next[pairs[i]] = pairs[i+1].only()
	}
	return next
}

// staying is only, but all other states stay what they are.
func staying(pairs ...State) (next [stateCount]States) {
	next = only(pairs...)
	for s := range stateCount {
		if next[s] == 0 {
			next[s] = s.only()
		}
	}
	return next
}

// The signs. What an end sends is seen; what it receives is inferred, when
// it acknowledges it or, of an acknowledgment, when that passes.
var (
	sendsSYN    = sign{next: only(Closed, SynSent, SynSent, SynSent), anyway: SynSent.only(), by: "active open, snd SYN"}
	sendsSYNACK = sign{next: only(Listen, SynReceived, SynSent, SynReceived, SynReceived, SynReceived), anyway: SynReceived.only(), by: "rcv SYN, snd SYN,ACK"}
	// An end that speaks without SYN has its numbers agreed upon.
	speaks = sign{next: only(SynReceived, SynReceived, Established, Established, FinWait1, FinWait1, FinWait2, FinWait2, CloseWait, CloseWait,
		Closing, Closing, LastAck, LastAck, TimeWait, TimeWait, SynSent, SynSent)}
	acksSYN   = sign{next: staying(SynSent, Established), by: "rcv SYN,ACK, snd ACK"}
	sendsData = sign{next: only(Established, Established, CloseWait, CloseWait, SynReceived, SynReceived)}
	acksData  = sign{next: only(Established, Established, FinWait1, FinWait1, FinWait2, FinWait2, SynReceived, SynReceived)}
	acksFIN   = sign{
		next: only(SynReceived, CloseWait, Established, CloseWait, FinWait1, Closing, FinWait2, TimeWait,
			CloseWait, CloseWait, Closing, Closing, LastAck, LastAck, TimeWait, TimeWait),
		anyway: CloseWait.only() | Closing.only() | TimeWait.only(), by: "rcv FIN, snd ACK",
	}
	sendsFIN = sign{
		next:   only(SynReceived, FinWait1, Established, FinWait1, CloseWait, LastAck, FinWait1, FinWait1, Closing, Closing, LastAck, LastAck),
		anyway: FinWait1.only() | LastAck.only(), by: "close, snd FIN",
	}
	// Where a program listens no RST answers a SYN: there is no connection.
	sendsRST = sign{next: only(Closed, Closed, SynSent, Closed, SynReceived, Closed, Established, Closed, FinWait1, Closed, FinWait2, Closed,
		CloseWait, Closed, Closing, Closed, LastAck, Closed, TimeWait, Closed), by: "snd RST", resets: true}
	getsSYNsACK = sign{next: staying(SynReceived, Established), by: "rcv ACK of SYN", inferred: true}
	getsFINsACK = sign{next: staying(FinWait1, FinWait2, Closing, TimeWait, LastAck, Closed), by: "rcv ACK of FIN", inferred: true}
	getsRST     = sign{next: sendsRST.next, by: "rcv RST", inferred: true, resets: true}
)

// inferred is what segments have told of both ends' states.
type inferred struct {
	now   [2]States
	paths [2]path
}

func newInferred() inferred { return inferred{now: [2]States{anyState, anyState}} }

// sees enters a sign at an end. A step goes into the path; so does it when an
// end's state, not known before, becomes clear.
func (f *inferred) sees(end int, s *sign, at trace.Time, source uint32) {
	was := f.now[end]
	from, moved, to := States(0), States(0), States(0)
	for st := range stateCount {
		if was.Has(st) && s.next[st] != 0 {
			from |= st.only()
			to |= s.next[st]
			if s.next[st] != st.only() {
				moved |= st.only()
			}
		}
	}
	switch {
	case to == 0 && s.anyway == 0:
		return // it says nothing about what is thought possible
	case to == 0:
		from, to = was, s.anyway
	case moved != 0:
		from = moved
	}
	f.now[end] = to
	if to&^was == 0 { // it may only make clear what was so already
		if _, clear := to.One(); to == was || !clear {
			return
		}
		if moved == 0 {
			from = was
		}
	}
	f.paths[end].add(Transition{From: from, To: to, Time: at, By: s.says(from, to), Inferred: s.inferred, source: source})
}

// says is what the sign is in the words of the RFC's figure.
func (s *sign) says(from, to States) string {
	if l := label(from, to); l != "" && !s.resets {
		return l
	}
	if s.by == "" {
		return "seen to send and to receive"
	}
	return s.by
}

// segment enters a segment from an end, with what is known of both ends'
// numbers before it.
func (f *inferred) segment(s *trace.Sent, me, peer *ledger, p *place, at trace.Time, source uint32) {
	end, other := p.side, 1-p.side
	see := func(end int, sg *sign) { f.sees(end, sg, at, source) }
	switch {
	case s.Flags&flagRST != 0:
		if f.breaks(s, me, peer, p) {
			see(end, &sendsRST)
			see(other, &getsRST)
		}
		return
	case s.Flags&(flagSYN|flagACK) == flagSYN:
		see(end, &sendsSYN)
		if f.now[other] == anyState { // it has not spoken yet
			f.now[other] = Closed.only() | Listen.only()
		}
		return
	case s.Flags&flagSYN != 0:
		see(end, &sendsSYNACK)
		return
	}
	see(end, &speaks)
	if p.acks {
		f.acknowledges(me, peer, p, see)
	}
	if s.Len > 0 && p.off+int64(s.Len) > me.nxt {
		see(end, &sendsData)
	}
	if s.Flags&flagFIN != 0 {
		see(end, &sendsFIN)
	}
}

// acknowledges enters what an acknowledgment shows of who sends it, and does
// to whom it goes.
func (f *inferred) acknowledges(me, peer *ledger, p *place, see func(int, *sign)) {
	if p.ack >= 1 {
		see(p.side, &acksSYN)
		see(1-p.side, &getsSYNsACK)
	}
	switch {
	case peer.fin >= 0 && p.ack > peer.fin:
		see(1-p.side, &getsFINsACK)
		see(p.side, &acksFIN)
	case p.ack > peer.una && peer.una > 0 && peer.nxt > peer.una:
		see(p.side, &acksData)
	}
}

// breaks says whether a reset ends the connection: to answer a SYN it must
// acknowledge it, else it must have a number that the other side takes (RFC
// 9293 sec. 3.10.7).
func (f *inferred) breaks(s *trace.Sent, me, peer *ledger, p *place) bool {
	if f.now[1-p.side] == SynSent.only() {
		return p.acks && p.ack == peer.nxt
	}
	return !me.based || p.off >= me.una && p.off <= max(me.nxt, me.una+me.wnd)
}
