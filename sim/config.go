package sim

import (
	"net/netip"
	"time"

	"strata/sim/host"
	"strata/sim/link"
	"strata/sim/node"
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
	Backlog    int           // hosts: connections that may wait to be accepted; 0: 128
	MACAge     time.Duration // switches: how long an address is remembered; 0: 300 s
	Filters    []Filter      // what arrives here and is dropped without a word
	NAT        *NAT          // routers: addresses are translated
	Corrupts   []Match       // routers: packets whose last byte the router damages in its memory, past the FCS check
}

// Interface is a node's end of a link.
type Interface struct {
	Name string
	MAC  [6]byte      // zero: 02:00:00:00:<node>:<interface>, both from 1
	Addr netip.Prefix // not for switches
	DHCP bool         // hosts only: no address yet; a program will set one up
}

// Route sends packets for a network to a next router.
type Route struct {
	To  netip.Prefix
	Via netip.Addr
}

// NAT makes a router translate addresses: see node.NATConfig.
type NAT = node.NATConfig

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

// What link knows of faults and of choosing frames.
type (
	Fault     = link.Fault
	FaultKind = link.FaultKind
	Match     = link.Match
)

// The kinds of faults.
const (
	Lose      = link.Lose
	Corrupt   = link.Corrupt
	Duplicate = link.Duplicate
	Reorder   = link.Reorder
	Jitter    = link.Jitter
)

// Program is a program on a node.
type Program struct {
	Node  string
	Name  string // as the scenario calls it
	Start time.Duration
	Run   host.Program
}
