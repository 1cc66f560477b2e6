// Package program is the catalogue of the programs that a scenario can name,
// and the plain ones among them: those that talk no protocol of their own.
//
//	Kinds ──> sender, receiver, echo-client, echo-server, ping, script
//	      ──> the rooms of the protocols: http, dns …
//
// A stream does not keep messages apart, so both sides must know how: by a
// size in the settings, by the stream's end, or by the protocol.
package program

import (
	"strata/sim/dhcp"
	"strata/sim/dns"
	"strata/sim/host"
	"strata/sim/http"
	"strata/sim/media"
	"strata/sim/mqtt"
	"strata/sim/socketio"
	"strata/sim/websocket"
	"time"
)

// Kind is a kind of program that a scenario can name.
type Kind struct {
	Name string
	Doc  string // one sentence
	// New is such a program with the settings that hold unless others are
	// given. What may be set has a yaml tag; other exported fields are what
	// the program found.
	New func() host.Program
}

// Kinds are all kinds of programs, in the order in which to list them.
var Kinds = []Kind{
	{"sender", "Sends messages, over TCP or UDP.",
		func() host.Program { return &Sender{Network: "tcp", Count: 1, Write: 65536} }},
	{"receiver", "Takes what senders send, over TCP or UDP.",
		func() host.Program { return &Receiver{Network: "tcp"} }},
	{"echo-client", "Sends messages to an echo server and compares what comes back.",
		func() host.Program { return &EchoClient{Network: "tcp", Count: 1, Timeout: 5 * time.Second} }},
	{"echo-server", "Sends every message back to where it came from, over TCP or UDP.",
		func() host.Program { return &EchoServer{Network: "tcp"} }},
	{"ping", "Sends ICMP echo requests and measures the time until their replies.",
		func() host.Program {
			return &Ping{Count: 3, Size: 56, Interval: time.Second, Timeout: time.Second}
		}},
	{"dhcp-client", "Gets an address for an interface of its host, by DHCP.",
		func() host.Program { return &dhcp.Client{Interface: "eth0", Tries: 5} }},
	{"dhcp-server", "Gives addresses to the hosts of a link, by DHCP.",
		func() host.Program { return &dhcp.Server{Interface: "eth0", Lease: time.Hour} }},
	{"dns-client", "Asks a DNS server one question, over UDP or TCP.",
		func() host.Program {
			return &dns.Client{Network: "udp", Type: "A", Timeout: 5 * time.Second, Tries: 2}
		}},
	{"dns-server", "Answers DNS questions about one zone, over UDP and TCP.",
		func() host.Program { return &dns.Server{Listen: ":53"} }},
	{"http-client", "Asks an HTTP/1.1 server for pages, one after the other.",
		func() host.Program { return &http.Client{} }},
	{"browser", "Opens pages by their URLs: asks DNS for the site's address, connects, and asks for the page.",
		func() host.Program { return &http.Browser{} }},
	{"http-server", "Serves pages over HTTP/1.1.",
		func() host.Program { return &http.Server{Listen: ":80"} }},
	{"websocket-client", "Opens a WebSocket, sends messages while it takes what comes, and closes.",
		func() host.Program { return &websocket.Client{Timeout: 10 * time.Second} }},
	{"websocket-server", "Takes WebSockets: sends messages of its own, and echoes what comes.",
		func() host.Program { return &websocket.Server{Listen: ":80", Echo: true} }},
	{"socketio-client", "Emits events to a Socket.IO server, and reacts to its events.",
		func() host.Program { return socketio.NewClient() }},
	{"socketio-server", "Serves Socket.IO: events, answers, namespaces and rooms, over polling and WebSocket.",
		func() host.Program { return socketio.NewServer() }},
	{"mqtt-broker", "Takes messages from MQTT clients and gives them to those who have subscribed.",
		func() host.Program { return mqtt.NewBroker() }},
	{"mqtt-client", "Publishes messages over MQTT, and subscribes and works on what it gets.",
		func() host.Program { return mqtt.NewClient() }},
	{"video-sender", "Sends something like live video, over UDP or TCP.",
		func() host.Program {
			return &media.Sender{Network: "udp", FPS: 25, Length: 10 * time.Second, Key: 25, Whole: 12_000, Change: 3_000, Packet: 1200}
		}},
	{"video-player", "Shows such a stream's pictures, each at its time, and counts what came too late or never.",
		func() host.Program {
			return &media.Player{Listen: ":5004", Network: "udp", Buffer: 200 * time.Millisecond, Timeout: 3 * time.Second}
		}},
	{"script", "Does with one TCP connection what a list of steps says.",
		func() host.Program { return &Script{} }},
}
