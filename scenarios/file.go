package scenarios

import (
	"time"

	"strata/scenarios/tree"
)

// File is a scenario file, as written. Its tags are what the loader checks
// and the schema says (package tree).
type File struct {
	Name      string        `yaml:"name" need:"true" doc:"What run calls it: letters, digits, - and _."`
	Title     string        `yaml:"title" need:"true" doc:"What it is about, in a few words."`
	Group     string        `yaml:"group" oneof:"Basics Web Reliable Engineer Measure Own" doc:"Part of the course."`
	Teaches   string        `yaml:"teaches" doc:"The ideas in it, for the list."`
	Profile   string        `yaml:"profile" oneof:"rfc" doc:"The hosts' defaults; rfc."`
	Seed      uint64        `yaml:"seed" doc:"Where all chance comes from; 0."`
	Until     time.Duration `yaml:"until" doc:"When the run is stopped; without it, when nothing is left to happen."`
	ARP       string        `yaml:"arp" oneof:"warm cold" doc:"warm (the default): hosts and routers know their neighbours' MAC addresses at the start."`
	Delivers  *bool         `yaml:"delivers" doc:"false where no message can arrive."`
	Hidden    bool          `yaml:"hidden" doc:"Not in the list; for measuring."`
	BadFrames []int         `yaml:"bad_frames" max:"1000" range:"1..10000000" doc:"Numbers, in the full pcapng, of frames that tshark rightly complains of."`
	Nodes     []Node        `yaml:"nodes" need:"true" keyed:"name" max:"1000" doc:"Hosts, switches and routers."`
	Links     []Link        `yaml:"links" need:"true" keyed:"name" max:"2000" doc:"What joins them."`
	Programs  []Program     `yaml:"programs" keyed:"name" max:"2000" doc:"What runs on the hosts."`
	Before    []string      `yaml:"before" single:"true" max:"12" doc:"Words of the glossary to know before the lesson."`
	Narration []Narration   `yaml:"narration" max:"200" doc:"What to say at which event."`
	Prompts   []PromptOn    `yaml:"prompts" max:"200" doc:"Questions, each asked before an event is shown."`
	After     []string      `yaml:"after" single:"true" max:"8" doc:"What to remember, a sentence or two each."`
	Expect    []Expectation `yaml:"expect" max:"200" doc:"What must be true of a run."`
}

// Node is a host, a switch or a router.
type Node struct {
	Name      string        `yaml:"name" need:"true" doc:"Letters, digits, - and _."`
	Kind      string        `yaml:"kind" oneof:"host switch router" doc:"host (the default), switch or router."`
	Addresses []Address     `yaml:"addresses" keyed:"interface" max:"100" doc:"For each interface, its address and prefix."`
	Gateway   string        `yaml:"gateway" doc:"Where packets for other networks go: a router's name or address."`
	Routes    []Route       `yaml:"routes" max:"1000" doc:"Ways to other networks."`
	MACAge    time.Duration `yaml:"mac_age" doc:"Switches: how long an address is remembered; 300s."`
	TCP       *TCP          `yaml:"tcp" doc:"Hosts: how TCP is spoken."`
	Filters   []Packets     `yaml:"filters" max:"100" doc:"Packets that are dropped here without a word, as by a firewall."`
	NAT       *NAT          `yaml:"nat" doc:"Routers: hosts inside share the address of one interface."`
	Corrupts  []Packets     `yaml:"corrupts" max:"100" doc:"Routers: packets that are damaged in memory, past the FCS check."`
}

// Address is an interface's address.
type Address struct {
	Interface string `yaml:"interface" need:"true"`
	Address   string `yaml:"address" need:"true" doc:"Like 10.0.1.2/24; on a host also dhcp: none until a dhcp-client gets one."`
}

// NAT is how a router translates addresses.
type NAT struct {
	Inside     []string      `yaml:"inside" need:"true" single:"true" max:"100" doc:"Interfaces behind which hosts hide."`
	Outside    string        `yaml:"outside" need:"true" doc:"The interface whose address they share."`
	UDPTimeout time.Duration `yaml:"udp_timeout" doc:"How long UDP's mappings last without a packet from inside; 5m."`
	TCPTimeout time.Duration `yaml:"tcp_timeout" doc:"How long those of established TCP connections last without a packet; 124m."`
}

// Route is a way to another network.
type Route struct {
	To  string `yaml:"to" need:"true" doc:"A network, like 10.0.2.0/24."`
	Via string `yaml:"via" need:"true" doc:"The next router: its name or its address."`
}

// TCP is how a host speaks TCP; what is not given is the profile's.
type TCP struct {
	MSS           int           `yaml:"mss" range:"88..65495" doc:"Advertised MSS, bytes; the link's MTU less 40."`
	Timestamps    bool          `yaml:"timestamps" doc:"RFC 7323 timestamps."`
	WindowScale   bool          `yaml:"window_scale" doc:"RFC 7323 window scaling."`
	ReceiveBuffer tree.Size     `yaml:"receive_buffer" doc:"65535B."`
	SendBuffer    tree.Size     `yaml:"send_buffer" doc:"64KiB."`
	NoDelay       bool          `yaml:"no_delay" doc:"Nagle's algorithm off."`
	NoDelayedAck  bool          `yaml:"no_delayed_ack" doc:"Acknowledge at once."`
	Backlog       int           `yaml:"backlog" range:"1..100000" doc:"Connections that may wait for a program to accept them; 128."`
	MSL           time.Duration `yaml:"msl" doc:"Maximum segment lifetime; 2m."`
	Congestion    string        `yaml:"congestion" oneof:"newreno none" doc:"Congestion control."`
}

// Link joins two interfaces.
type Link struct {
	Name      string        `yaml:"name" need:"true" doc:"Letters, digits, - and _."`
	Endpoints []string      `yaml:"endpoints" need:"true" max:"2" doc:"Two, like [\"client:eth0\", \"r1:eth0\"]."`
	Rate      tree.Rate     `yaml:"rate" doc:"Bits per second; without it, infinitely fast."`
	Delay     time.Duration `yaml:"delay" doc:"Propagation, one way."`
	MTU       int           `yaml:"mtu" range:"68..9000" doc:"Bytes of a packet; 1500."`
	Queue     int           `yaml:"queue" range:"1..1000000" doc:"Frames that may wait at each end; 1000."`
	Loss      tree.Percent  `yaml:"loss" doc:"How many frames vanish by chance."`
	Corrupt   tree.Percent  `yaml:"corrupt" doc:"How many frames have a random bit flipped."`
	Duplicate tree.Percent  `yaml:"duplicate" doc:"How many frames arrive twice."`
	Jitter    time.Duration `yaml:"jitter" doc:"At most so much longer takes a frame, at random, in order."`
	Faults    []Fault       `yaml:"faults" max:"100" doc:"Faults aimed at chosen frames."`
}

// Fault is something wrong with a link.
type Fault struct {
	Kind  string        `yaml:"kind" need:"true" oneof:"loss corrupt duplicate reorder jitter"`
	Rate  *tree.Percent `yaml:"rate" doc:"How many of the chosen frames it strikes; all."`
	Delay time.Duration `yaml:"delay" doc:"reorder, jitter: how long the frame is held back."`
	Bit   *int          `yaml:"bit" range:"0..80000" doc:"corrupt: which bit of the frame, from 0; a random one."`
	Packets
}

// Packets chooses packets on their way. Every condition that is given must hold.
type Packets struct {
	Proto   string        `yaml:"proto" oneof:"arp ip icmp udp tcp"`
	From    string        `yaml:"from" doc:"A host's name, or the packet's source address."`
	To      string        `yaml:"to" doc:"A host's name, or the packet's destination address."`
	Out     string        `yaml:"out" doc:"The node that puts the frame on the link."`
	Port    int           `yaml:"port" range:"1..65535" doc:"Source or destination port."`
	Flags   string        `yaml:"flags" doc:"TCP flags that are set, of FSRPAU."`
	NoFlags string        `yaml:"no_flags" doc:"TCP flags that are not set, of FSRPAU."`
	Data    bool          `yaml:"data" doc:"With at least one byte of payload."`
	Nth     []int         `yaml:"nth" single:"true" max:"10000" range:"1..100000000" doc:"Which of those that match, from 1, whatever other faults do to them; all."`
	After   time.Duration `yaml:"after" doc:"Not before this time of the run."`
	Before  time.Duration `yaml:"before" doc:"Not from this time of the run."`
}

// Program is a program on a node.
type Program struct {
	Name  string        `yaml:"name" need:"true" doc:"Letters, digits, - and _."`
	Node  string        `yaml:"node" need:"true" doc:"The host that it runs on."`
	Start time.Duration `yaml:"start" doc:"When it starts; 0s."`
	Run   string        `yaml:"run" need:"true" doc:"What it is."`
	With  tree.Raw      `yaml:"with" doc:"Its settings."`
}

// Narration is what is said at an event: the first that matches, or those that
// nth names. States and timers belong to the step that they go with.
type Narration struct {
	On  Match  `yaml:"on" need:"true"`
	Say string `yaml:"say" need:"true" doc:"In the second person, plainly."`
}

// PromptOn is a question, asked before the event is shown: for one of choices,
// for what is filled in, for an order; without these, for a number.
type PromptOn struct {
	On      Match      `yaml:"on" need:"true"`
	Ask     string     `yaml:"ask" need:"true"`
	Choices []tree.Any `yaml:"choices" max:"6" doc:"Two to six, of which one is right."`
	Fill    []string   `yaml:"fill" single:"true" max:"8" doc:"Header fields of the event's frame, by Wireshark's names, that are to be filled in."`
	Order   []Match    `yaml:"order" max:"8" doc:"Events whose frames are to be put in order: of each match the first, or those that nth names."`
	Answer  tree.Any   `yaml:"answer" doc:"The right choice; or the number, with a unit where it needs one. Not with fill and order: the run tells."`
	Why     string     `yaml:"why" need:"true" doc:"Why that is the answer."`
}

// Match chooses events of a run. Every condition that is given must hold.
type Match struct {
	Kind   []string  `yaml:"kind" single:"true" max:"30" doc:"What happened: send, segment, transmit, drop …"`
	Why    []string  `yaml:"why" single:"true" max:"30" doc:"The reason's code, like tcp.syn."`
	Proto  []string  `yaml:"proto" single:"true" max:"30" doc:"The protocol that acts: tcp, ip, eth, wire …"`
	Node   []string  `yaml:"node" single:"true" max:"100" doc:"Where."`
	Link   string    `yaml:"link" doc:"The link that the event concerns."`
	Data   *bool     `yaml:"data" doc:"Whether the TCP segment or UDP datagram carries data."`
	Fields []FieldIs `yaml:"fields" keyed:"name" max:"30" doc:"Header fields, by Wireshark's names, and what they are."`
	Table  string    `yaml:"table" doc:"state: the table that changes."`
	Key    string    `yaml:"key" doc:"state: the row; * stands for anything."`
	Field  string    `yaml:"field" doc:"state: the field."`
	Value  *tree.Any `yaml:"value" doc:"state: its new value, as shown."`
	Nth    []int     `yaml:"nth" single:"true" max:"1000" doc:"Which of those that match, from 1; -1 is the last; all."`
}

// FieldIs is a header field and its value, or values, one of which it has:
// numbers, or as they are shown.
type FieldIs struct {
	Name string     `yaml:"name" need:"true"`
	Is   []tree.Any `yaml:"is" need:"true" single:"true" max:"30"`
}

// Expectation is a claim, or several, about the events that match: all those
// of a run, when nothing is asked of them.
type Expectation struct {
	That    string          `yaml:"that" need:"true" doc:"The claim in words."`
	Match   Match           `yaml:"match" doc:"Which events it is about."`
	Count   *int            `yaml:"count" range:"0..1000000000" doc:"How many there are."`
	AtLeast *int            `yaml:"at_least" range:"0..1000000000" doc:"How many there are, at least."`
	AtMost  *int            `yaml:"at_most" range:"0..1000000000" doc:"How many there are, at most."`
	At      []time.Duration `yaml:"at" single:"true" max:"1000" doc:"When they are."`
	Gaps    []time.Duration `yaml:"gaps" single:"true" max:"1000" doc:"The times between them."`
	Within  time.Duration   `yaml:"within" doc:"How far times may be off; 0s."`
	Nodes   []string        `yaml:"nodes" max:"1000" doc:"The nodes where they are, in order."`
	Payload []int           `yaml:"payload" single:"true" max:"1000" doc:"Bytes that each one's PDU carries behind its header."`
	Nested  []int           `yaml:"nested" max:"30" doc:"Bytes of each one's PDU from the inside out: message, datagram, packet, frame, padded, with FCS."`
	Text    []string        `yaml:"text" max:"1000" doc:"Each one's bytes, as text."`
	SHA256  []string        `yaml:"sha256" max:"1000" doc:"The hashes of each one's bytes."`
	SameAs  *Match          `yaml:"same_as" doc:"Their bytes are those of these events, in order."`
	Values  []FieldValues   `yaml:"values" keyed:"name" max:"30" doc:"Header fields, and what they are in each."`
	Rises   []FieldRises    `yaml:"rises" keyed:"name" max:"30" doc:"Header fields that are numbers, and by how much each is more than in the event before."`
	Same    []string        `yaml:"same" max:"30" doc:"Header fields that are the same in all."`
	Differ  []string        `yaml:"differ" max:"30" doc:"Header fields that are different in each from the one before."`
	Before  *Match          `yaml:"before" doc:"The last of them is earlier than the first of these."`
	Share   *Share          `yaml:"share" doc:"How many there are for each of others."`
	State   []StateIs       `yaml:"state" max:"100" doc:"Values after the last of them; without match, at the end."`
	Stats   []StatIs        `yaml:"stats" keyed:"name" max:"10" doc:"Counts of the whole run."`
}

// FieldValues is a header field and its value in each event.
type FieldValues struct {
	Name string     `yaml:"name" need:"true"`
	Are  []tree.Any `yaml:"are" need:"true" single:"true" max:"1000"`
}

// FieldRises is a numeric header field and its differences between events.
type FieldRises struct {
	Name string `yaml:"name" need:"true"`
	By   []int  `yaml:"by" need:"true" single:"true" max:"1000"`
}

// Share compares the number of events with that of others.
type Share struct {
	Of     Match        `yaml:"of" need:"true"`
	Is     tree.Percent `yaml:"is" need:"true"`
	Within tree.Percent `yaml:"within"`
}

// StateIs is a value in a table of a node.
type StateIs struct {
	Node  string   `yaml:"node" need:"true"`
	Table string   `yaml:"table" need:"true"`
	Key   string   `yaml:"key" doc:"The row; * stands for anything."`
	Field string   `yaml:"field" need:"true"`
	Value tree.Any `yaml:"value" need:"true" doc:"As shown; none where there is none."`
}

// StatIs is a count of the whole run.
type StatIs struct {
	Name  string `yaml:"name" need:"true" oneof:"packet_hops bytes_sent bytes_delivered retransmissions drops"`
	Value int64  `yaml:"is" need:"true"`
}
