package layers

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// text reads a text with its length before it, and gives it. What is binary
// may hold any bytes.
func (m *mqttPacket) text(dst *[]Node, f mqttText, binary bool) []byte {
	length := m.take(dst, f.length, 2)
	if length.Field == nil {
		return nil
	}
	n, pos := int(length.Uint), m.pos
	if m.take(dst, f.text, n); *m.broken {
		return nil
	}
	if n == 0 && f != mqttWillTopic { // as in Wireshark, which finds a client that has no name by mqtt.clientid
		*dst = append(*dst, m.node(f.text, pos, 0))
	}
	b := m.data[pos : pos+n]
	if !binary {
		m.checkText(b, pos)
	}
	return b
}

// checkText holds a text to MQTT 5.0 section 1.5.4.
func (m *mqttPacket) checkText(b []byte, pos int) {
	switch {
	case !utf8.Valid(b): // surrogates are not valid, either
		m.mqttExpert("mqtt.utf8.malformed", "Malformed packet: a text is not well-formed UTF-8.", pos, len(b))
	case bytes.IndexByte(b, 0) >= 0:
		m.mqttExpert("mqtt.utf8.null", "Malformed packet: a text holds the null character U+0000.", pos, len(b))
	}
}

// connect reads what follows the fixed header of CONNECT (MQTT 5.0 section
// 3.1). From it on, the version is known.
func (m *mqttPacket) connect(dst *[]Node) {
	name := string(m.text(dst, mqttProtocol, false))
	version := m.take(dst, mqttVersion, 1)
	if version.Field == nil {
		return
	}
	m.version = uint8(version.Uint)
	m.above.MQTT = m.version
	known := m.version == MQTT311 || m.version == MQTT5 || m.version&0x7f == MQTT311 // a bridge sets the uppermost bit
	if known && name != "MQTT" || m.version == MQTT31 && name != "MQIsdp" || !known && m.version != MQTT31 {
		m.mqttExpert("mqtt.ver.unsupported", "Unsupported protocol version: "+Printable(name)+", level "+version.Show+".", version.Pos, 1)
	}
	flags := m.take(dst, mqttConFlags, 1)
	m.checkConnect(flags)
	m.all(dst, mqttKeepAlive)
	m.properties(dst, mqttProperties)
	client := m.text(dst, mqttClient, false)
	if m.reason = version.Field.Names[uint64(m.version)]; len(client) > 0 {
		m.reason += ", client " + Printable(string(client))
	}
	if flags.Uint&4 != 0 {
		m.properties(dst, mqttWillProperties)
		at := m.pos
		m.checkTopic(m.text(dst, mqttWillTopic, false), at, false)
		m.text(dst, mqttWill, true)
	}
	if flags.Uint&0x80 != 0 && m.left() > 0 {
		m.text(dst, mqttUser, false)
	}
	if flags.Uint&0x40 != 0 && m.left() > 0 {
		m.text(dst, mqttPassword, true)
	}
}

func (m *mqttPacket) checkConnect(flags *Node) {
	f, pos := flags.Uint, flags.Pos
	switch {
	case flags.Field == nil:
	case f&1 != 0:
		m.mqttExpert("mqtt.conflags.malformed", "Malformed packet: the reserved connect flag must be 0.", pos, 1)
	case f&0x18 == 0x18:
		m.mqttExpert("mqtt.conflags.malformed", "Malformed packet: there is no QoS 3 for a will.", pos, 1)
	case f&4 == 0 && f&0x38 != 0:
		m.mqttExpert("mqtt.conflags.malformed", "Malformed packet: without a will, its QoS and retain must be 0.", pos, 1)
	case f&0xc0 == 0x40 && m.version < MQTT5:
		m.mqttExpert("mqtt.conflags.malformed", "Malformed packet: before MQTT 5 there must be no password without a user name.", pos, 1)
	}
}

// connack reads what follows the fixed header of CONNACK (MQTT 5.0 section
// 3.2).
func (m *mqttPacket) connack(dst *[]Node) {
	present := false
	if m.version == MQTT31 {
		m.take(dst, mqttAckReserved, 1)
	} else if n := m.take(dst, mqttAckFlags, 1); n.Field != nil {
		if n.Uint > 1 {
			m.mqttExpert("mqtt.conack.flags.malformed", "Malformed packet: the reserved acknowledge flags must be 0.", n.Pos, 1)
		}
		present = n.Uint&1 != 0
	}
	code := mqttReason[mqttConnack]
	if m.version == MQTT31 || m.version == MQTT311 {
		code = mqttAckCode
	}
	n := m.take(dst, code, 1)
	if m.outcomeIs(n); present {
		m.reason += ", session present"
		if n.Uint != 0 { // MQTT 5.0 section 3.2.2.1.1
			m.mqttExpert("mqtt.conack.flags.sp.refused", "Session present must not be set when the connection is refused.", n.Pos-1, 1)
		}
	}
	m.properties(dst, mqttProperties)
}

// outcomeIs notes a code as the packet's outcome.
func (m *mqttPacket) outcomeIs(n *Node) {
	if n.Field == nil {
		return
	}
	m.reason = showEnumName(n.Field.Names, n.Uint)
	if _, ok := n.Field.Names[n.Uint]; !ok {
		m.mqttExpert("mqtt.reason_code.unknown", "Malformed packet: there is no such code.", n.Pos, 1)
	}
}

// identifier reads the packet identifier (MQTT 5.0 section 2.2.1).
func (m *mqttPacket) identifier(dst *[]Node) {
	n := m.take(dst, mqttID, 2)
	if m.id = n.Uint; n.Field != nil && n.Uint == 0 {
		m.mqttExpert("mqtt.msgid.zero", "Protocol error: a packet identifier must not be 0.", n.Pos, 2)
	}
}

// outcome reads a reason code and properties; either may be left out (MQTT
// 5.0 sections 3.4.2.1, 3.14.2.1 and 3.15.2.1).
func (m *mqttPacket) outcome(dst *[]Node) {
	if m.version != MQTT5 || m.left() == 0 {
		return
	}
	m.outcomeIs(m.take(dst, mqttReason[m.kind], 1))
	if m.left() > 0 {
		m.properties(dst, mqttProperties)
	}
}

// publish reads what follows the fixed header of PUBLISH (MQTT 5.0 section
// 3.3).
func (m *mqttPacket) publish(dst *[]Node) {
	at := m.pos
	topic := m.text(dst, mqttTopic, false)
	m.topic = string(topic)
	if m.flags&6 != 0 {
		m.identifier(dst)
	}
	m.properties(dst, mqttProperties)
	if *m.broken {
		return
	}
	if len(topic) > 0 || m.used&(1<<0x23) == 0 { // a topic alias may stand for it
		m.checkTopic(topic, at, false)
	}
	n := m.end - m.pos
	if m.cut || !m.whole() { // what is missing is the message's
		*m.broken = true
		return
	}
	m.p.Payload = m.pos
	if node := m.take(dst, mqttMessage, n); n > 0 {
		if b := m.data[node.Pos : node.Pos+n]; utf8.Valid(b) {
			node.Show = Printable(string(b))
		}
	}
}

// filters reads the topic filters of SUBSCRIBE and UNSUBSCRIBE (MQTT 5.0
// sections 3.8 and 3.10).
func (m *mqttPacket) filters(dst *[]Node) {
	m.identifier(dst)
	m.properties(dst, mqttProperties)
	if m.left() == 0 && !*m.broken {
		m.mqttExpert("mqtt.topic.none", "Protocol error: there must be at least one topic filter.", m.pos, 0)
	}
	for m.left() > 0 {
		at := m.pos
		filter := m.text(dst, mqttTopic, false)
		if m.checkTopic(filter, at, true); m.topic == "" {
			m.topic = string(filter)
		}
		if m.kind != mqttSubscribe {
			continue
		}
		row := mqttWanted
		if m.version == MQTT5 {
			row = mqttOptions
		}
		n := m.take(dst, row, 1)
		if n.Field != nil && (n.Uint&3 == 3 || n.Uint&0xc0 != 0 || n.Uint&0x30 == 0x30 || m.version != MQTT5 && n.Uint > 2) {
			m.mqttExpert("mqtt.subscription_options.malformed", "Malformed packet: a subscription's options have bits set that are reserved.", n.Pos, 1)
		}
	}
}

// granted reads the answers of SUBACK and UNSUBACK, one for each topic filter
// (MQTT 5.0 sections 3.9 and 3.11).
func (m *mqttPacket) granted(dst *[]Node) {
	m.identifier(dst)
	m.properties(dst, mqttProperties)
	if m.kind == mqttUnsuback && m.version != MQTT5 {
		return
	}
	row := mqttReason[m.kind]
	if m.kind == mqttSuback && (m.version == MQTT31 || m.version == MQTT311) {
		row = mqttGranted
	}
	for m.left() > 0 {
		first := m.reason
		if m.outcomeIs(m.take(dst, row, 1)); first != "" {
			m.reason = first
		}
	}
}

// checkTopic holds a topic name, or a topic filter, to MQTT 5.0 section 4.7;
// its length is at pos.
func (m *mqttPacket) checkTopic(topic []byte, pos int, filter bool) {
	switch {
	case *m.broken:
	case len(topic) == 0:
		m.expert(Warning, "mqtt.illegal_topic_length", "A topic must have at least one character.", pos, 2)
	case filter && !ValidTopicFilter(string(topic)):
		m.mqttExpert("mqtt.topic.filter", "Topic filter invalid: + must stand for a whole level, # for all levels at the end.", pos+2, len(topic))
	case !filter && bytes.ContainsAny(topic, "+#"):
		m.mqttExpert("mqtt.topic.wildcard", "Topic name invalid: a message cannot be published to a wildcard.", pos+2, len(topic))
	}
}

// ValidTopicFilter says whether the wildcards of a topic filter stand where they
// may (MQTT 5.0 section 4.7.1).
func ValidTopicFilter(filter string) bool {
	levels := strings.Split(filter, "/")
	for i, level := range levels {
		if strings.ContainsAny(level, "+#") && level != "+" && (level != "#" || i < len(levels)-1) {
			return false
		}
	}
	return true
}
