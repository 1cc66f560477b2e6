package mqtt

// Packet is a control packet. Which fields hold depends on its type.
type Packet struct {
	Type Type

	ID         uint16     // PUBLISH with QoS 1 and 2, and what acknowledges; SUBSCRIBE, UNSUBSCRIBE and their answers
	Reason     Reason     // CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, DISCONNECT, AUTH
	Reasons    []Reason   // SUBACK, UNSUBACK: one for each filter
	Properties Properties // MQTT 5, not of PINGREQ and PINGRESP

	Connect        *Connect       // CONNECT
	SessionPresent bool           // CONNACK
	Filters        []Subscription // SUBSCRIBE; UNSUBSCRIBE: of each, the Filter alone

	Dup, Retain bool // PUBLISH
	QoS         byte
	Topic       string
	Payload     []byte
}

// Connect is what CONNECT says beside its properties (section 3.1).
type Connect struct {
	Version   Version
	Clean     bool   // CleanSession of 3.1.1, Clean Start of 5
	KeepAlive uint16 // seconds; 0: no limit
	ClientID  string
	Will      *Will
	User      *string
	Password  *string // any bytes
}

// Will is the message that a broker publishes when a connection breaks
// (section 3.1.2.5).
type Will struct {
	Topic      string
	Payload    []byte
	QoS        byte
	Retain     bool
	Properties Properties
}

// Subscription is a topic filter with its options (section 3.8.3.1); MQTT
// 3.1.1 has only QoS.
type Subscription struct {
	Filter            string
	QoS               byte
	NoLocal           bool
	RetainAsPublished bool
	RetainHandling    byte // 0: send retained messages, 1: if the subscription is new, 2: do not
}
