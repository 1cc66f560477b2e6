package layers

import (
	"errors"
	"strconv"
)

// Protocol levels of MQTT: what CONNECT names (MQTT 5.0 section 3.1.2.2).
const (
	MQTT31  = 3 // MQTT 3.1
	MQTT311 = 4 // MQTT 3.1.1
	MQTT5   = 5 // MQTT 5.0
)

// Control packets (MQTT 5.0 section 2.1.2).
const (
	mqttConnect     = 1
	mqttConnack     = 2
	mqttPublish     = 3
	mqttPuback      = 4
	mqttPubrec      = 5
	mqttPubrel      = 6
	mqttPubcomp     = 7
	mqttSubscribe   = 8
	mqttSuback      = 9
	mqttUnsubscribe = 10
	mqttUnsuback    = 11
	mqttPingreq     = 12
	mqttPingresp    = 13
	mqttDisconnect  = 14
	mqttAuth        = 15
)

// MQTTPort is the port that MQTT is spoken at, without TLS.
const MQTTPort = 1883

// mqttMaxVarint is how many bytes a remaining length may have (MQTT 5.0
// section 1.5.5); Wireshark reads more.
const (
	mqttMaxVarint  = 4
	mqttReadVarint = 10
)

// ErrMQTTLength is a remaining length of more than four bytes.
var ErrMQTTLength = errors.New("MQTT: malformed variable byte integer: the remaining length has more than 4 bytes")

// MQTTLen is the length in bytes, fixed header included, of the control packet
// that begins with b (MQTT 5.0 section 2.1). It is not ok while b is too short
// to tell; the error is ErrMQTTLength, and no further packet can be found.
func MQTTLen(b []byte) (n int, ok bool, err error) {
	if len(b) < 2 {
		return 0, false, nil
	}
	v, size, whole := varint(b[1:], mqttMaxVarint)
	switch {
	case whole:
		return 1 + size + int(v), true, nil
	case size == mqttMaxVarint:
		return 0, false, ErrMQTTLength
	}
	return 0, false, nil
}

// varint reads seven bits a byte, the least significant first, as long as a
// byte's uppermost bit is set, in at most limit bytes. It is not whole when
// none of size bytes was the last.
func varint(b []byte, limit int) (v uint64, size int, whole bool) {
	for size < min(len(b), limit) {
		v |= uint64(b[size]&0x7f) << (7 * size)
		size++
		if b[size-1] < 0x80 {
			return v, size, true
		}
	}
	return v, size, false
}

// wholeMQTT says whether b is control packets, the last of them to its end.
func wholeMQTT(b []byte) bool {
	for len(b) > 0 {
		n, ok, err := MQTTLen(b)
		if !ok || err != nil || n > len(b) {
			return false
		}
		b = b[n:]
	}
	return true
}

// BeginsMQTT says whether b begins with a CONNECT packet of a version of MQTT,
// and which protocol level it names: what a connection that speaks MQTT
// begins with, whatever its port (MQTT 5.0 section 3.1).
func BeginsMQTT(b []byte) (level uint8, ok bool) {
	if len(b) < 2 || b[0] != mqttConnect<<4 {
		return 0, false
	}
	_, size, whole := varint(b[1:], mqttMaxVarint)
	if !whole {
		return 0, false
	}
	for _, name := range [...]string{"\x00\x04MQTT", "\x00\x06MQIsdp"} {
		if at := 1 + size + len(name); at < len(b) && string(b[1+size:at]) == name {
			return b[at], true
		}
	}
	return 0, false
}

// MQTTCoats is what a whole control packet wraps around a message, from outer
// to inner: PUBLISH one, for it alone carries a message of a program. Version
// is the protocol level that CONNECT named.
func MQTTCoats(b []byte, version uint8) []Coat {
	at, ok := mqttMessageAt(b, version)
	if !ok {
		return nil
	}
	return []Coat{{Proto: MQTT, Head: at, Inner: b[at:]}}
}

// mqttMessageAt says where in a whole PUBLISH packet its message begins.
func mqttMessageAt(b []byte, version uint8) (at int, ok bool) {
	n, ok, err := MQTTLen(b)
	if !ok || err != nil || n != len(b) || b[0]>>4 != mqttPublish {
		return 0, false
	}
	_, size, _ := varint(b[1:], mqttMaxVarint)
	if at = 1 + size; at+2 > n {
		return 0, false
	}
	at += 2 + int(number(b[at:at+2]))
	if b[0]&6 != 0 {
		at += 2 // the packet identifier
	}
	if version == MQTT5 && at < n {
		length, size, whole := varint(b[at:], mqttMaxVarint)
		if !whole {
			return 0, false
		}
		at += size + int(length)
	}
	return at, at <= n
}

func init() {
	tcpApplications[MQTTPort] = (*dissector).mqtt
	carried[MQTT] = (*dissector).mqtt
}

// mqtt reads the control packets of a payload, one after the other.
func (d *dissector) mqtt(s span) {
	for s.pos < s.end && d.within() {
		v, size, whole := uint64(0), 0, false
		if s.end-s.pos >= 2 {
			v, size, whole = varint(d.data[s.pos+1:s.end], mqttReadVarint)
		}
		switch {
		case !whole && size >= mqttMaxVarint:
			d.mqttExpert("mqtt.len.malformed", "Malformed variable byte integer: the remaining length has more than 4 bytes. No packet can be found after it.", s.pos+1, size)
			d.payload(s)
			return
		case !whole:
			d.short(MQTT, s)
			d.payload(s)
			return
		}
		n := int(min(v, 1<<30)) + 1 + size
		d.mqttPacket(s.first(n), size, v, n > s.size())
		s = s.from(n)
	}
}

// mqttPacket is a control packet being read.
type mqttPacket struct {
	*cursor
	p       *Part
	kind    byte
	flags   byte
	version uint8
	topic   string // that of a PUBLISH or of the first topic filter
	id      uint64 // packet identifier
	reason  string // return or reason code, in words
	used    uint64 // the properties that were there, a bit each
	cut     bool   // it goes on in another segment
	inJSON  bool   // its properties say that its message is JSON
}

// mqttExpert tells what a specification forbids.
func (d *dissector) mqttExpert(name, text string, pos, n int) { d.expert(Error, name, text, pos, n) }

// mqttPacket reads the packet that s is, or that is cut where s ends; its
// remaining length has size bytes.
func (d *dissector) mqttPacket(s span, size int, length uint64, cut bool) {
	p := d.part(MQTT, s.pos, s.end-s.pos)
	first := d.data[s.pos]
	m := mqttPacket{cursor: d.cursor(s), p: p, kind: first >> 4, flags: first & 15, version: d.above.MQTT, cut: cut}
	if m.kind != mqttConnect && m.version == 0 {
		d.expert(Note, "mqtt.unknown_version", "The version is not known: the CONNECT packet was not captured. What only MQTT 5 has is not read.", s.pos, 0)
	}
	m.take(&p.Fields, m.headerRow(), 1)
	m.checkFlags(s.pos)
	if n := m.take(&p.Fields, mqttLength, size); n.Field != nil {
		n.Uint, n.Show = length, strconv.FormatUint(length, 10)
	}
	m.checkLength(s, size, length)
	m.read()
	p.Summary = m.summary()
	switch {
	case !d.within():
	case cut && s.whole():
		d.expert(Note, "_ws.unreassembled.expert", "The packet goes on in another segment.", s.pos, s.end-s.pos)
	case !*m.broken && m.left() > 0 && !m.unread():
		m.mqttExpert("_ws.malformed.expert", "Malformed packet: "+count(m.left(), "byte")+" more than "+showEnumName(mqttTypes, uint64(m.kind))+" has.", m.pos, m.left())
	case *m.broken:
		d.short(MQTT, s)
	case m.inJSON && m.kind == mqttPublish:
		d.json(span{p.Payload, m.pos, m.pos})
	}
}

// unread says whether what is left of the packet is of a kind that cannot be
// known: its type is reserved, or its version is not known.
func (m *mqttPacket) unread() bool { return m.kind == 0 || m.version == 0 }

// headerRow is the row of the first byte: which flags it has depends on type
// and version (MQTT 3.1 section 2.1; MQTT 5.0 section 2.1.3).
func (m *mqttPacket) headerRow() *Field {
	switch {
	case m.kind == mqttPublish:
		return mqttPublishHeader
	case m.version == MQTT31 && (m.kind == mqttPubrel || m.kind == mqttSubscribe || m.kind == mqttUnsubscribe):
		return mqttOldHeader
	}
	return mqttHeader
}

func (m *mqttPacket) checkFlags(pos int) {
	want := byte(0)
	switch m.kind {
	case mqttPublish:
		switch {
		case m.flags>>1&3 == 3: // MQTT 5.0 section 3.3.1.2
			m.mqttExpert("mqtt.qos.reserved", "Malformed packet: a PUBLISH must not have both QoS bits set.", pos, 1)
		case m.flags&0xe == 8: // MQTT 5.0 section 3.3.1.1
			m.mqttExpert("mqtt.dupflag.qos", "DUP must not be set with QoS 0: such a message is never sent again.", pos, 1)
		}
		return
	case mqttPubrel, mqttSubscribe, mqttUnsubscribe:
		want = 2
	case mqttAuth:
		if m.version > 0 && m.version < MQTT5 {
			m.mqttExpert("mqtt.msgtype.reserved", "Protocol error: only MQTT 5 has AUTH.", pos, 1)
		}
	case 0:
		m.mqttExpert("mqtt.msgtype.reserved", "Malformed packet: the packet type 0 is reserved.", pos, 1)
		return
	}
	if m.flags != want && m.version != MQTT31 { // MQTT 5.0 section 2.1.3
		m.mqttExpert("mqtt.hdrflags.reserved", "Malformed packet: the flags of "+showEnumName(mqttTypes, uint64(m.kind))+" must be "+strconv.Itoa(int(want))+".", pos, 1)
	}
}

// mqttMuch is how many bytes a packet that is not there may announce before
// that is worth a word.
const mqttMuch = 1 << 20

func (m *mqttPacket) checkLength(s span, size int, length uint64) {
	switch {
	case size > mqttMaxVarint:
		m.mqttExpert("mqtt.len.malformed", "Malformed variable byte integer: the remaining length has more than 4 bytes.", s.pos+1, size)
	case size > 1 && length < 1<<(7*(size-1)): // MQTT 5.0 section 1.5.5
		m.mqttExpert("mqtt.len.overlong", "The remaining length takes more bytes than it needs.", s.pos+1, size)
	case length > mqttMuch && s.end-s.pos < int(length):
		m.expert(Warning, "mqtt.len.large", "The packet announces "+count(int(length), "byte")+". A receiver that made room for them at once could be starved by a few such headers.", s.pos+1, size)
	}
}

func (m *mqttPacket) read() {
	dst := &m.p.Fields
	switch m.kind {
	case mqttConnect:
		m.connect(dst)
	case mqttConnack:
		m.connack(dst)
	case mqttPublish:
		m.publish(dst)
	case mqttPuback, mqttPubrec, mqttPubrel, mqttPubcomp:
		m.identifier(dst)
		m.outcome(dst)
	case mqttSubscribe, mqttUnsubscribe:
		m.filters(dst)
	case mqttSuback, mqttUnsuback:
		m.granted(dst)
	case mqttDisconnect, mqttAuth:
		m.outcome(dst)
	}
}

// summary is the packet's type with what matters most of it.
func (m *mqttPacket) summary() string {
	text := showEnumName(mqttTypes, uint64(m.kind))
	if m.kind == mqttPublish {
		text += ", QoS " + strconv.Itoa(int(m.flags>>1&3))
		if m.flags&8 != 0 {
			text += ", DUP"
		}
		if m.flags&1 != 0 {
			text += ", retain"
		}
	}
	if m.id > 0 {
		text += ", id " + strconv.FormatUint(m.id, 10)
	}
	if m.topic != "" {
		text += ", " + Printable(m.topic)
	}
	if m.reason != "" {
		text += ", " + m.reason
	}
	if m.kind == mqttPublish && !*m.broken {
		text += ", " + count(m.p.Pos+m.p.Len-m.p.Payload, "byte")
	}
	return text
}
