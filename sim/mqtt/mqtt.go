// Package mqtt is a message queue: MQTT 3.1.1 and 5.0, a broker and clients
// that run on a host.Host, simulated or real.
//
//	publisher ──> client ══connection══> broker ══connection══> client ──> worker
//	               flow                sessions, retained           flow
//
// The codec (packet.go, property.go, decode.go, encode.go) makes and checks
// control packets. A flow (flow.go) is one side's state of the messages that
// it sends and takes with QoS 1 and 2; it outlives connections. The broker
// (broker*.go) keeps a session for each client, with a flow, subscriptions and
// a queue; it has no idea of programs but for Broker, which listens. The
// client (client*.go) is a program that publishes, subscribes and works.
//
// Section numbers are those of MQTT 5.0, unless they say 3.1.1.
package mqtt

import "fmt"

// Type is the type of a control packet (section 2.1.2).
type Type byte

// The control packets.
const (
	CONNECT     Type = 1
	CONNACK     Type = 2
	PUBLISH     Type = 3
	PUBACK      Type = 4
	PUBREC      Type = 5
	PUBREL      Type = 6
	PUBCOMP     Type = 7
	SUBSCRIBE   Type = 8
	SUBACK      Type = 9
	UNSUBSCRIBE Type = 10
	UNSUBACK    Type = 11
	PINGREQ     Type = 12
	PINGRESP    Type = 13
	DISCONNECT  Type = 14
	AUTH        Type = 15
)

var typeNames = [16]string{"the reserved type 0", "CONNECT", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP",
	"SUBSCRIBE", "SUBACK", "UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT", "AUTH"}

// String is the packet's name.
func (t Type) String() string { return typeNames[t&15] }

// Version is the protocol level that CONNECT names.
type Version byte

// The versions that both sides speak.
const (
	V311 Version = 4
	V5   Version = 5
)

// Reason says how something went (section 2.4); from 0x80 on it failed. Of
// MQTT 3.1.1 it holds the return code of CONNACK, and what SUBACK grants.
type Reason byte

// The reasons that decide something here.
const (
	Success                  Reason = 0x00
	DisconnectWithWill       Reason = 0x04
	NoMatchingSubscribers    Reason = 0x10
	NoSubscriptionExisted    Reason = 0x11
	UnspecifiedError         Reason = 0x80
	MalformedPacket          Reason = 0x81
	ProtocolError            Reason = 0x82
	UnsupportedVersion       Reason = 0x84
	ClientIDNotValid         Reason = 0x85
	ServerBusy               Reason = 0x89
	ServerShuttingDown       Reason = 0x8b
	BadAuthMethod            Reason = 0x8c
	KeepAliveTimeout         Reason = 0x8d
	SessionTakenOver         Reason = 0x8e
	TopicFilterInvalid       Reason = 0x8f
	TopicNameInvalid         Reason = 0x90
	PacketIDNotFound         Reason = 0x92
	ReceiveMaximumExceeded   Reason = 0x93
	TopicAliasInvalid        Reason = 0x94
	PacketTooLarge           Reason = 0x95
	QuotaExceeded            Reason = 0x97
	failure                  Reason = 0x80 // from here on it failed; SUBACK's refusal in 3.1.1
	refusedVersion311        Reason = 1    // CONNACK of 3.1.1 (its section 3.2.2.3)
	refusedIdentifier311     Reason = 2
	refusedUnavailable311    Reason = 3
	refusedNotAuthorized311  Reason = 5
	normalDisconnection             = Success
	grantedQoS0, grantedQoS2 Reason = 0, 2
)

var reasonNames = map[Reason]string{
	0x00: "Success", 0x01: "Granted QoS 1", 0x02: "Granted QoS 2", 0x04: "Disconnect with Will Message", 0x10: "No matching subscribers",
	0x11: "No subscription existed", 0x18: "Continue authentication", 0x19: "Re-authenticate", 0x80: "Unspecified error", 0x81: "Malformed Packet",
	0x82: "Protocol Error", 0x83: "Implementation specific error", 0x84: "Unsupported Protocol Version", 0x85: "Client Identifier not valid",
	0x86: "Bad User Name or Password", 0x87: "Not authorized", 0x88: "Server unavailable", 0x89: "Server busy", 0x8a: "Banned",
	0x8b: "Server shutting down", 0x8c: "Bad authentication method", 0x8d: "Keep Alive timeout", 0x8e: "Session taken over",
	0x8f: "Topic Filter invalid", 0x90: "Topic Name invalid", 0x91: "Packet Identifier in use", 0x92: "Packet Identifier not found",
	0x93: "Receive Maximum exceeded", 0x94: "Topic Alias invalid", 0x95: "Packet too large", 0x96: "Message rate too high", 0x97: "Quota exceeded",
	0x98: "Administrative action", 0x99: "Payload format invalid", 0x9a: "Retain not supported", 0x9b: "QoS not supported", 0x9c: "Use another server",
	0x9d: "Server moved", 0x9e: "Shared Subscriptions not supported", 0x9f: "Connection rate exceeded", 0xa0: "Maximum connect time",
	0xa1: "Subscription Identifiers not supported", 0xa2: "Wildcard Subscriptions not supported",
}

// String is the reason's name in the specification.
func (r Reason) String() string {
	if name, ok := reasonNames[r]; ok {
		return name
	}
	return fmt.Sprintf("reason 0x%02x", byte(r))
}

// mayHave are the reasons that a packet of MQTT 5 may have (section 2.4).
var mayHave = map[Type]string{
	CONNACK:    "\x00\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8c\x90\x95\x97\x99\x9a\x9b\x9c\x9d\x9f",
	PUBACK:     "\x00\x10\x80\x83\x87\x90\x91\x97\x99",
	PUBREC:     "\x00\x10\x80\x83\x87\x90\x91\x97\x99",
	PUBREL:     "\x00\x92",
	PUBCOMP:    "\x00\x92",
	SUBACK:     "\x00\x01\x02\x80\x83\x87\x8f\x91\x97\x9e\xa1\xa2",
	UNSUBACK:   "\x00\x11\x80\x83\x87\x8f\x91",
	DISCONNECT: "\x00\x04\x80\x81\x82\x83\x87\x89\x8b\x8c\x8d\x8e\x8f\x90\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9d\x9e\x9f\xa0\xa1\xa2",
	AUTH:       "\x00\x18\x19",
}

// Error is what one side may not do, and the other one ends the connection
// for (section 4.13).
type Error struct {
	Reason Reason
	Text   string // what was wrong, with the section
}

func (e *Error) Error() string { return "mqtt: " + e.Reason.String() + ": " + e.Text }

func malformed(format string, args ...any) error {
	return &Error{MalformedPacket, fmt.Sprintf(format, args...)}
}

func violation(format string, args ...any) error {
	return &Error{ProtocolError, fmt.Sprintf(format, args...)}
}
