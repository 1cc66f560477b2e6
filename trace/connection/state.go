package connection

import (
	"math/bits"
	"strings"

	"strata/trace"
)

// State is a state of a connection's end (RFC 9293 sec. 3.3.2).
type State uint8

// The states, in the order of a life.
const (
	Closed State = iota
	Listen
	SynSent
	SynReceived
	Established
	FinWait1
	FinWait2
	CloseWait
	Closing
	LastAck
	TimeWait
	stateCount
)

var stateNames = [stateCount]string{
	"CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT",
}

// String is the state's name in the RFC.
func (s State) String() string { return stateNames[s] }

func (s State) only() States { return 1 << s }

// States are those that an end may be in, as far as is known.
type States uint16

// anyState is all of them: nothing is known.
const anyState States = 1<<stateCount - 1

// Has says whether s is among them.
func (m States) Has(s State) bool { return m&s.only() != 0 }

// One is the state, when only one is possible.
func (m States) One() (State, bool) {
	return State(bits.TrailingZeros16(uint16(m))), bits.OnesCount16(uint16(m)) == 1
}

// Vague says whether so many are possible that naming them helps nobody.
func (m States) Vague() bool {
	n := bits.OnesCount16(uint16(m))
	return n == 0 || n > fewStates
}

// fewStates is how many are worth naming.
const fewStates = 3

// String names the states, or says that they cannot be known.
func (m States) String() string {
	if m.Vague() {
		return "cannot be known"
	}
	var names []string
	for s := range stateCount {
		if m.Has(s) {
			names = append(names, s.String())
		}
	}
	return strings.Join(names, " or ")
}

// Transition is a step from one state to the next.
type Transition struct {
	From, To States
	Time     trace.Time
	Event    trace.EventID // the change, or of a capture the frame that shows it
	By       string        // in the words of the RFC's figure: "rcv SYN, snd SYN,ACK"
	Inferred bool          // it is not seen, but follows from what is

	source uint32
}

// Before says whether a transition of the same connection comes before
// another one.
func (t *Transition) Before(other *Transition) bool { return t.source < other.source }

// maxPath bounds the transitions that are remembered of an end: a connection
// has ten at most; only made-up segments bring more.
const maxPath = 64

// path is the way of one end.
type path struct {
	all     []Transition
	dropped int // how many more there were
}

func (p *path) add(t Transition) {
	if len(p.all) == maxPath {
		p.dropped++
		return
	}
	p.all = append(p.all, t)
}

// labels are what brings an end from one state to another (RFC 9293 figure 5).
var labels = map[[2]State]string{
	{Closed, Listen}:           "passive open",
	{Closed, SynSent}:          "active open, snd SYN",
	{Listen, SynSent}:          "send, snd SYN",
	{Listen, SynReceived}:      "rcv SYN, snd SYN,ACK",
	{SynSent, SynReceived}:     "rcv SYN, snd SYN,ACK",
	{SynSent, Established}:     "rcv SYN,ACK, snd ACK",
	{SynReceived, Established}: "rcv ACK of SYN",
	{SynReceived, FinWait1}:    "close, snd FIN",
	{SynReceived, CloseWait}:   "rcv FIN, snd ACK",
	{Established, FinWait1}:    "close, snd FIN",
	{Established, CloseWait}:   "rcv FIN, snd ACK",
	{FinWait1, FinWait2}:       "rcv ACK of FIN",
	{FinWait1, Closing}:        "rcv FIN, snd ACK",
	{FinWait1, TimeWait}:       "rcv FIN and ACK of FIN, snd ACK",
	{FinWait2, TimeWait}:       "rcv FIN, snd ACK",
	{CloseWait, LastAck}:       "close, snd FIN",
	{Closing, TimeWait}:        "rcv ACK of FIN",
	{LastAck, Closed}:          "rcv ACK of FIN",
	{TimeWait, Closed}:         "2 MSL passed",
}

// label is what brings an end from one state to another; "" when the RFC's
// figure has no such step.
func label(from, to States) string {
	a, one := from.One()
	b, two := to.One()
	if !one || !two {
		return ""
	}
	return labels[[2]State{a, b}]
}

// stateNamed is a state by its name; false: there is none.
func stateNamed(name string) (State, bool) {
	for s, n := range stateNames {
		if n == name {
			return State(s), true
		}
	}
	return 0, false
}
