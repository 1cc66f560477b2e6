package layers

const mqttSpec = "MQTT 5.0 sec. "

var mqttTypes = map[uint64]string{
	0: "reserved", mqttConnect: "CONNECT", mqttConnack: "CONNACK", mqttPublish: "PUBLISH", mqttPuback: "PUBACK", mqttPubrec: "PUBREC", mqttPubrel: "PUBREL",
	mqttPubcomp: "PUBCOMP", mqttSubscribe: "SUBSCRIBE", mqttSuback: "SUBACK", mqttUnsubscribe: "UNSUBSCRIBE", mqttUnsuback: "UNSUBACK",
	mqttPingreq: "PINGREQ", mqttPingresp: "PINGRESP", mqttDisconnect: "DISCONNECT", mqttAuth: "AUTH",
}

var mqttQoS = map[uint64]string{0: "at most once", 1: "at least once", 2: "exactly once", 3: "reserved"}

// mqttFirst is a row of a packet's first byte, with the flags that it has.
func mqttFirst(flags ...*Field) *Field {
	kind := named(0xf0, "mqtt.msgtype", "packet type", mqttTypes, "Which of the control packets it is.")
	return describeOne(MQTT, mqttSpec+"2.1.1", split(hexRow(0, 1, "mqtt.hdrflags", "type and flags", "The packet's type, and flags that depend on it."), append([]*Field{kind}, flags...)...))
}

func mqttDUP() *Field {
	return flag(0x08, "mqtt.dupflag", "DUP", "The sender may have sent this packet before: it was not acknowledged. It does not say that the receiver has it.")
}

func mqttQoSFlag() *Field {
	return named(0x06, "mqtt.qos", "QoS", mqttQoS, "How hard both sides try: 0 sends once and forgets, 1 until it is acknowledged, 2 so that it counts exactly once.")
}

var (
	mqttPublishHeader = mqttFirst(mqttDUP(), mqttQoSFlag(),
		flag(0x01, "mqtt.retain", "retain", "The broker keeps the message, and gives it to whoever subscribes later; or: this is such a message."))
	mqttOldHeader = mqttFirst(mqttDUP(), mqttQoSFlag(), part(0x01, "mqtt.retain_reserved", "reserved", "Not used with this packet."))
	mqttHeader    = mqttFirst(part(0x0f, "mqtt.hdr_reserved", "reserved", "Flags that this packet does not have: 2 for SUBSCRIBE, UNSUBSCRIBE and PUBREL, else 0."))
	mqttLength    = describeOne(MQTT, mqttSpec+"2.1.4", uintRow(0, 0, "mqtt.len", "remaining length", "How many bytes the packet has after this number, which is written in one to four bytes of seven bits each."))
	mqttID        = describeOne(MQTT, mqttSpec+"2.2.1", uintRow(0, 2, "mqtt.msgid", "packet identifier", "The number by which the packet is acknowledged; free again after that."))
)

// mqttText is a pair of rows: a length of two bytes, and as many bytes.
type mqttText struct{ length, text *Field }

func mqttPair(section, length, name, label string, t Type, help string) mqttText {
	pair := describe(MQTT, mqttSpec+section, uintRow(0, 2, length, "length of the "+label, "How many bytes come next."), &Field{Name: name, Label: label, Type: t, Help: help})
	return mqttText{pair[0], pair[1]}
}

// CONNECT and CONNACK.
var (
	mqttProtocol = mqttPair("3.1.2.1", "mqtt.proto_len", "mqtt.protoname", "protocol name", TypeString, "MQTT, or MQIsdp as version 3.1 called it.")
	mqttVersion  = describeOne(MQTT, mqttSpec+"3.1.2.2", enumRow(0, 1, "mqtt.ver", "protocol version", map[uint64]string{MQTT31: "MQTT 3.1", MQTT311: "MQTT 3.1.1", MQTT5: "MQTT 5.0"}, "Which version the client speaks; the server must refuse one that it does not know."))
	mqttConFlags = describeOne(MQTT, mqttSpec+"3.1.2.3", split(hexRow(0, 1, "mqtt.conflags", "connect flags", "What the packet holds, and what the client wants."),
		flag(0x80, "mqtt.conflag.uname", "user name", "There is a user name."),
		flag(0x40, "mqtt.conflag.passwd", "password", "There is a password."),
		flag(0x20, "mqtt.conflag.retain", "retain will", "The broker keeps the will for later subscribers, too."),
		named(0x18, "mqtt.conflag.qos", "QoS of the will", mqttQoS, "How hard the broker tries to deliver the will."),
		flag(0x04, "mqtt.conflag.willflag", "will", "There is a will: a message that the broker publishes when this connection breaks."),
		flag(0x02, "mqtt.conflag.cleansess", "clean start", "Whatever the broker has kept for this client is to be forgotten."),
		flag(0x01, "mqtt.conflag.reserved", "reserved", "Must be 0.")))
	mqttKeepAlive = describeOne(MQTT, mqttSpec+"3.1.2.10", uintRow(0, 2, "mqtt.kalive", "keep alive", "So many seconds at most go by between two packets of the client; after half as many more, the broker takes it for dead. 0: no limit."))
	mqttClient    = mqttPair("3.1.3.1", "mqtt.clientid_len", "mqtt.clientid", "client identifier", TypeString, "The client's name, by which the broker finds its session again.")
	mqttWillTopic = mqttPair("3.1.3.3", "mqtt.willtopic_len", "mqtt.willtopic", "will topic", TypeString, "Where the will is published.")
	mqttWill      = mqttPair("3.1.3.4", "mqtt.willmsg_len", "mqtt.willmsg", "will message", TypeBytes, "What is published when the connection breaks.")
	mqttUser      = mqttPair("3.1.3.5", "mqtt.username_len", "mqtt.username", "user name", TypeString, "Who the client says it is.")
	mqttPassword  = mqttPair("3.1.3.6", "mqtt.passwd_len", "mqtt.passwd", "password", TypeString, "What proves it; who listens can read it, unless there is TLS.")

	mqttAckFlags = describeOne(MQTT, mqttSpec+"3.2.2.1", split(hexRow(0, 1, "mqtt.conack.flags", "acknowledge flags", "Whether the broker remembers the client."),
		flag(0xfe, "mqtt.conack.flags.reserved", "reserved", "Must be 0."),
		flag(0x01, "mqtt.conack.flags.sp", "session present", "The broker goes on with a session that it has kept: subscriptions, and messages not yet acknowledged.")))
	mqttAckReserved = describeOne(MQTT, "MQTT 3.1 sec. 3.2", &Field{Name: "mqtt.conack.flags.reserved", Label: "reserved", Type: TypeBool, Size: 1, Help: "Not used in version 3.1."})
	mqttAckCode     = describeOne(MQTT, "MQTT 3.1.1 sec. 3.2.2.3", enumRow(0, 1, "mqtt.conack.val", "return code", map[uint64]string{
		0: "accepted", 1: "refused: unacceptable protocol version", 2: "refused: identifier rejected", 3: "refused: server unavailable",
		4: "refused: bad user name or password", 5: "refused: not authorized"}, "Whether the broker takes the connection, or why not."))
)

// PUBLISH, SUBSCRIBE, SUBACK, UNSUBSCRIBE.
var (
	mqttTopic   = mqttPair("3.3.2.1", "mqtt.topic_len", "mqtt.topic", "topic", TypeString, "What the message is about, in levels between slashes; a subscription's filter may have + for one level and # for all that follow.")
	mqttMessage = describeOne(MQTT, mqttSpec+"3.3.3", bytesRow(0, 0, "mqtt.msg", "message", "What the program has to say; MQTT does not look into it."))
	mqttWanted  = describeOne(MQTT, "MQTT 3.1.1 sec. 3.8.3", enumRow(0, 1, "mqtt.sub.qos", "QoS wanted", mqttQoS, "The best that the subscriber wants; a message that was published with less comes with less."))
	mqttOptions = describeOne(MQTT, mqttSpec+"3.8.3.1", split(hexRow(0, 1, "mqtt.subscription_options", "subscription options", "How messages are to be delivered."),
		part(0xc0, "mqtt.subscription_options_reserved", "reserved", "Must be 0."),
		named(0x30, "mqtt.subscription_options_retain", "retain handling", map[uint64]string{0: "send retained messages", 1: "send them if the subscription is new", 2: "do not send them", 3: "reserved"}, "Whether retained messages are sent now."),
		flag(0x08, "mqtt.subscription_options_rap", "retain as published", "Messages keep the retain flag that they were published with."),
		flag(0x04, "mqtt.subscription_options_nl", "no local", "What this client publishes is not sent back to it."),
		named(0x03, "mqtt.subscription_options_qos", "QoS wanted", mqttQoS, "The best that the subscriber wants.")))
	mqttGranted = describeOne(MQTT, "MQTT 3.1.1 sec. 3.9.3", enumRow(0, 1, "mqtt.suback.qos", "QoS granted", map[uint64]string{
		0: "at most once", 1: "at least once", 2: "exactly once", 3: "reserved", 0x80: "failure"}, "The QoS that the broker grants, or that it refuses."))
)

// Properties (MQTT 5.0 section 2.2.2).
var (
	mqttProperties     = describeOne(MQTT, mqttSpec+"2.2.2", heading("mqtt.properties", "properties", "What MQTT 5 adds to the packet, each by its number."))
	mqttWillProperties = describeOne(MQTT, mqttSpec+"3.1.3.2", heading("mqtt.will_properties", "will properties", "What MQTT 5 adds to the will."))
	mqttPropLength     = describeOne(MQTT, mqttSpec+"2.2.2.1", uintRow(0, 0, "mqtt.property_len", "length of the properties", "How many bytes the properties have, in the form of the remaining length."))
	mqttPropID         = describeOne(MQTT, mqttSpec+"2.2.2.2", enumRow(0, 1, "mqtt.property_id", "property", mqttPropNames, "Which property comes next."))
	mqttPropNumber     = describeOne(MQTT, mqttSpec+"2.2.2.2", uintRow(0, 0, "mqtt.prop_number", "value", "The property's value."))
	mqttPropMaxQoS     = describeOne(MQTT, mqttSpec+"3.2.2.3.4", enumRow(0, 1, "mqtt.property.max_qos", "maximum QoS", mqttQoS, "The best that the broker offers."))
	mqttPropAlias      = describeOne(MQTT, mqttSpec+"3.3.2.3.4", uintRow(0, 2, "mqtt.property.topic_alias", "topic alias", "A number that stands for the topic from now on, on this connection."))
	mqttPropType       = describeOne(MQTT, mqttSpec+"3.3.2.3.9", textRow(0, 0, "mqtt.property.content_type", "content type", "What kind of content the message has, with a length before it."))
	mqttPropText       = mqttPair("2.2.2.2", "mqtt.prop_string_len", "mqtt.prop_string", "value", TypeString, "The property's value.")
	mqttPropKey        = mqttPair("2.2.2.2", "mqtt.prop_key_len", "mqtt.prop_key", "key", TypeString, "The name of a property that programs have agreed on.")
	mqttPropValue      = mqttPair("2.2.2.2", "mqtt.prop_value_len", "mqtt.prop_value", "value of the key", TypeString, "What that property says.")
	mqttPropUnknown    = describeOne(MQTT, mqttSpec+"2.2.2.2", textRow(0, 0, "mqtt.prop_unknown", "unknown property", "A property of a number that MQTT 5 does not have; it and those after it cannot be read."))
)

// mqttReasons are the reason codes (MQTT 5.0 section 2.4).
var mqttReasons = map[uint64]string{
	0x00: "success", 0x01: "granted QoS 1", 0x02: "granted QoS 2", 0x04: "disconnect with will message", 0x10: "no matching subscribers",
	0x11: "no subscription existed", 0x18: "continue authentication", 0x19: "re-authenticate", 0x80: "unspecified error", 0x81: "malformed packet",
	0x82: "protocol error", 0x83: "implementation specific error", 0x84: "unsupported protocol version", 0x85: "client identifier not valid",
	0x86: "bad user name or password", 0x87: "not authorized", 0x88: "server unavailable", 0x89: "server busy", 0x8a: "banned",
	0x8b: "server shutting down", 0x8c: "bad authentication method", 0x8d: "keep alive timeout", 0x8e: "session taken over",
	0x8f: "topic filter invalid", 0x90: "topic name invalid", 0x91: "packet identifier in use", 0x92: "packet identifier not found",
	0x93: "receive maximum exceeded", 0x94: "topic alias invalid", 0x95: "packet too large", 0x96: "message rate too high", 0x97: "quota exceeded",
	0x98: "administrative action", 0x99: "payload format invalid", 0x9a: "retain not supported", 0x9b: "QoS not supported", 0x9c: "use another server",
	0x9d: "server moved", 0x9e: "shared subscriptions not supported", 0x9f: "connection rate exceeded", 0xa0: "maximum connect time",
	0xa1: "subscription identifiers not supported", 0xa2: "wildcard subscriptions not supported",
}

// mqttReason are the rows of the reason codes, by packet type.
var mqttReason = func() (rows [16]*Field) {
	names := func(zero string) map[uint64]string {
		own := map[uint64]string{0: zero}
		for v, name := range mqttReasons {
			if v != 0 {
				own[v] = name
			}
		}
		return own
	}
	for kind, r := range map[int]struct {
		section, name string
		names         map[uint64]string
	}{
		mqttConnack: {"3.2.2.2", "connack", mqttReasons}, mqttPuback: {"3.4.2.1", "puback", mqttReasons}, mqttPubrec: {"3.5.2.1", "pubrec", mqttReasons},
		mqttPubrel: {"3.6.2.1", "pubrel", mqttReasons}, mqttPubcomp: {"3.7.2.1", "pubcomp", mqttReasons}, mqttSuback: {"3.9.3", "suback", names("granted QoS 0")},
		mqttUnsuback: {"3.11.3", "unsuback", mqttReasons}, mqttDisconnect: {"3.14.2.1", "disconnect", names("normal disconnection")}, mqttAuth: {"3.15.2.1", "auth", mqttReasons},
	} {
		rows[kind] = describeOne(MQTT, mqttSpec+r.section, enumRow(0, 1, "mqtt."+r.name+".reason_code", "reason code", r.names, "How it went; from 128 on, it failed."))
	}
	return rows
}()
