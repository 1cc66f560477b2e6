package sim

import (
	"net/netip"
	"time"

	"strata/sim/program"
	"strata/sim/tcp"
)

// Config is a network, its programs and its faults: all that a run depends on.
type Config struct {
	Name, Title string
	Profile     string // "rfc"
	Seed        uint64
	Start       time.Time     // wall-clock time of the run's time 0
	Until       time.Duration // 0: run until nothing is left to happen
	ColdARP     bool          // hosts and routers start with empty ARP caches
	Nodes       []Node
	Links       []Link
	Programs    []Program
}

// Kind is what a node is.
type Kind string

// The kinds of nodes.
const (
	HostNode   Kind = "host"
	SwitchNode Kind = "switch"
	RouterNode Kind = "router"
)

// Node is a host, a switch or a router.
type Node struct {
	Name       string
	Kind       Kind
	Interfaces []Interface   // one per link end, in the links' order
	Routes     []Route       // beside those to the interfaces' own networks
	TCP        tcp.Config    // hosts only
	MACAge     time.Duration // switches: how long an address is remembered; 0: 300 s
	Filters    []Filter      // what arrives here and is dropped without a word
	Corrupts   []Match       // routers: packets whose last byte the router damages in its memory, past the FCS check
}

// Interface is a node's end of a link.
type Interface struct {
	Name string
	MAC  [6]byte      // zero: 02:00:00:00:<node>:<interface>, from 1
	Addr netip.Prefix // not for switches
}

// Route sends packets for a network to a next router.
type Route struct {
	To  netip.Prefix
	Via netip.Addr
}

// Filter drops matching packets silently, as a firewall does.
type Filter struct{ Match }

// Link joins two interfaces.
type Link struct {
	Name   string
	Ends   [2]Endpoint
	Rate   int64         // bits per second; 0: infinitely fast
	Delay  time.Duration // propagation, one way
	MTU    int           // bytes of a packet; 0: 1500
	Queue  int           // frames that may wait at each end; 0: 1000
	Faults []Fault
}

// Endpoint names an interface of a node.
type Endpoint struct{ Node, Interface string }

// FaultKind is what a fault does to a frame.
type FaultKind string

// The kinds of faults.
const (
	Lose      FaultKind = "loss"
	Corrupt   FaultKind = "corrupt"   // flips one bit
	Duplicate FaultKind = "duplicate" // a second copy arrives after it
	Reorder   FaultKind = "reorder"   // held back by Delay, so that later frames pass it
	Jitter    FaultKind = "jitter"    // held back by a random share of Delay, in order
)

// Fault is something wrong with a link. It strikes the frames that Match
// chooses, each with probability Rate.
type Fault struct {
	Kind  FaultKind
	Rate  float64 // 0 to 1
	Delay time.Duration
	Bit   int // corrupt: which bit of the frame, from 0; -1: a random one
	Match
}

// Match chooses frames. Every condition that is set must hold.
type Match struct {
	Proto    string     // "arp", "ip", "icmp", "udp", "tcp"
	From, To netip.Addr // addresses of the packet
	Out      string     // node that puts the frame on the link
	Port     uint16     // source or destination port
	Flags    string     // TCP flags that must be set, of "FSRPAU"
	NoFlags  string     // TCP flags that must not be set
	Data     bool       // TCP or UDP payload of at least 1 byte
	Nth      []int      // of the matching frames, these, from 1; empty: all
	After    time.Duration
	Before   time.Duration // 0: no end
}

// Program is a program on a node.
type Program struct {
	Node  string
	Name  string // as the scenario calls it
	Start time.Duration
	Run   program.Program
}
