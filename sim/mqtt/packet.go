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

// Of a property, its identifier (section 2.2.2.2).
const (
	PayloadFormat           byte = 0x01
	MessageExpiry           byte = 0x02
	ContentType             byte = 0x03
	ResponseTopic           byte = 0x08
	CorrelationData         byte = 0x09
	SubscriptionID          byte = 0x0b
	SessionExpiry           byte = 0x11
	AssignedClientID        byte = 0x12
	ServerKeepAlive         byte = 0x13
	AuthMethod              byte = 0x15
	AuthData                byte = 0x16
	RequestProblemInfo      byte = 0x17
	WillDelay               byte = 0x18
	RequestResponseInfo     byte = 0x19
	ResponseInfo            byte = 0x1a
	ServerReference         byte = 0x1c
	ReasonString            byte = 0x1f
	ReceiveMaximum          byte = 0x21
	TopicAliasMaximum       byte = 0x22
	TopicAlias              byte = 0x23
	MaximumQoS              byte = 0x24
	RetainAvailable         byte = 0x25
	UserProperty            byte = 0x26
	MaximumPacketSize       byte = 0x27
	WildcardAvailable       byte = 0x28
	SubscriptionIDAvailable byte = 0x29
	SharedAvailable         byte = 0x2a
)

// Property is one property. A number is in Num, a text or bytes in Text; a user
// property has a name in Text and a value.
type Property struct {
	ID          byte
	Num         uint32
	Text, Value string
}

// Properties are the properties of a packet, in their order.
type Properties []Property

// Num is the number of a property; ok is false when it is not there.
func (ps Properties) Num(id byte) (v uint32, ok bool) {
	for i := range ps {
		if ps[i].ID == id {
			return ps[i].Num, true
		}
	}
	return 0, false
}

// Or is the number of a property, or what holds without it.
func (ps Properties) Or(id byte, otherwise uint32) uint32 {
	if v, ok := ps.Num(id); ok {
		return v
	}
	return otherwise
}

// Text is the text of a property; "" when it is not there.
func (ps Properties) Text(id byte) string {
	for i := range ps {
		if ps[i].ID == id {
			return ps[i].Text
		}
	}
	return ""
}

// form is how a property's value is written.
type form byte

const (
	oneByte form = iota
	twoBytes
	fourBytes
	variable
	text
	opaque
	pair
)

// known are the properties: their form, and which packets may have them, a bit
// each; the will's stand for type 0 (table 2-4).
var known = map[byte]struct {
	form form
	in   uint16
}{
	PayloadFormat: {oneByte, in(PUBLISH, 0)}, MessageExpiry: {fourBytes, in(PUBLISH, 0)}, ContentType: {text, in(PUBLISH, 0)},
	ResponseTopic: {text, in(PUBLISH, 0)}, CorrelationData: {opaque, in(PUBLISH, 0)}, SubscriptionID: {variable, in(PUBLISH, SUBSCRIBE)},
	SessionExpiry: {fourBytes, in(CONNECT, CONNACK, DISCONNECT)}, AssignedClientID: {text, in(CONNACK)}, ServerKeepAlive: {twoBytes, in(CONNACK)},
	AuthMethod: {text, in(CONNECT, CONNACK, AUTH)}, AuthData: {opaque, in(CONNECT, CONNACK, AUTH)}, RequestProblemInfo: {oneByte, in(CONNECT)},
	WillDelay: {fourBytes, in(0)}, RequestResponseInfo: {oneByte, in(CONNECT)}, ResponseInfo: {text, in(CONNACK)},
	ServerReference: {text, in(CONNACK, DISCONNECT)}, ReasonString: {text, in(CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, DISCONNECT, AUTH)},
	ReceiveMaximum: {twoBytes, in(CONNECT, CONNACK)}, TopicAliasMaximum: {twoBytes, in(CONNECT, CONNACK)}, TopicAlias: {twoBytes, in(PUBLISH)},
	MaximumQoS: {oneByte, in(CONNACK)}, RetainAvailable: {oneByte, in(CONNACK)}, UserProperty: {pair, ^in(PINGREQ, PINGRESP)},
	MaximumPacketSize: {fourBytes, in(CONNECT, CONNACK)}, WildcardAvailable: {oneByte, in(CONNACK)}, SubscriptionIDAvailable: {oneByte, in(CONNACK)},
	SharedAvailable: {oneByte, in(CONNACK)},
}

func in(types ...Type) (bits uint16) {
	for _, t := range types {
		bits |= 1 << t
	}
	return bits
}
