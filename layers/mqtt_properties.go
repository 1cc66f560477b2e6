package layers

import (
	"slices"
	"strconv"
)

// How a property's value is written (MQTT 5.0 section 2.2.2.2).
const (
	mqttByte = iota
	mqttTwo
	mqttFour
	mqttVarint
	mqttString
	mqttBinary
	mqttPairOfStrings
)

// mqttWillOnly stands, among packet types, for the will's properties.
const mqttWillOnly = 16

// mqttKnown are the properties: how each is written, and in which packets it
// may be (MQTT 5.0 table 2-4).
var mqttKnown = map[uint64]struct {
	name    string
	form    int
	packets []int
}{
	0x01: {"payload format indicator", mqttByte, []int{mqttPublish, mqttWillOnly}},
	0x02: {"message expiry interval", mqttFour, []int{mqttPublish, mqttWillOnly}},
	0x03: {"content type", mqttString, []int{mqttPublish, mqttWillOnly}},
	0x08: {"response topic", mqttString, []int{mqttPublish, mqttWillOnly}},
	0x09: {"correlation data", mqttBinary, []int{mqttPublish, mqttWillOnly}},
	0x0b: {"subscription identifier", mqttVarint, []int{mqttPublish, mqttSubscribe}},
	0x11: {"session expiry interval", mqttFour, []int{mqttConnect, mqttConnack, mqttDisconnect}},
	0x12: {"assigned client identifier", mqttString, []int{mqttConnack}},
	0x13: {"server keep alive", mqttTwo, []int{mqttConnack}},
	0x15: {"authentication method", mqttString, []int{mqttConnect, mqttConnack, mqttAuth}},
	0x16: {"authentication data", mqttBinary, []int{mqttConnect, mqttConnack, mqttAuth}},
	0x17: {"request problem information", mqttByte, []int{mqttConnect}},
	0x18: {"will delay interval", mqttFour, []int{mqttWillOnly}},
	0x19: {"request response information", mqttByte, []int{mqttConnect}},
	0x1a: {"response information", mqttString, []int{mqttConnack}},
	0x1c: {"server reference", mqttString, []int{mqttConnack, mqttDisconnect}},
	0x1f: {"reason string", mqttString, []int{mqttConnack, mqttPuback, mqttPubrec, mqttPubrel, mqttPubcomp, mqttSuback, mqttUnsuback, mqttDisconnect, mqttAuth}},
	0x21: {"receive maximum", mqttTwo, []int{mqttConnect, mqttConnack}},
	0x22: {"topic alias maximum", mqttTwo, []int{mqttConnect, mqttConnack}},
	0x23: {"topic alias", mqttTwo, []int{mqttPublish}},
	0x24: {"maximum QoS", mqttByte, []int{mqttConnack}},
	0x25: {"retain available", mqttByte, []int{mqttConnack}},
	0x26: {"user property", mqttPairOfStrings, nil}, // in all that have properties
	0x27: {"maximum packet size", mqttFour, []int{mqttConnect, mqttConnack}},
	0x28: {"wildcard subscription available", mqttByte, []int{mqttConnack}},
	0x29: {"subscription identifier available", mqttByte, []int{mqttConnack}},
	0x2a: {"shared subscription available", mqttByte, []int{mqttConnack}},
}

var mqttPropNames = func() map[uint64]string {
	names := map[uint64]string{}
	for id, p := range mqttKnown {
		names[id] = p.name
	}
	return names
}()

// properties reads a packet's properties, or its will's.
func (m *mqttPacket) properties(dst *[]Node, f *Field) {
	if m.version != MQTT5 || *m.broken {
		return
	}
	length, size, whole := varint(m.data[m.pos:m.end], mqttReadVarint)
	if !whole {
		*m.broken = true
		return
	}
	if size > mqttMaxVarint {
		m.mqttExpert("mqtt.property_len.malformed", "Malformed variable byte integer: it has more than 4 bytes.", m.pos, size)
	}
	left := m.end - m.pos - size
	if length > uint64(left) {
		m.mqttExpert("mqtt.property_len.malformed", "Malformed packet: the properties are longer than the packet.", m.pos, size)
	}
	end := m.pos + size + int(min(length, uint64(left)+1)) // one more than there is breaks the cursor, too
	all := m.over(dst, f, min(end, m.end)-m.pos)
	all.Show = count(int(length), "byte")
	if n := m.take(&all.Children, mqttPropLength, size); n.Field != nil {
		n.Uint, n.Show = length, strconv.FormatUint(length, 10)
	}
	place := int(m.kind)
	if f == mqttWillProperties {
		place = mqttWillOnly
	}
	m.used = 0
	for m.pos < end && !*m.broken {
		m.property(&all.Children, place, end)
	}
	if m.pos > end {
		m.mqttExpert("mqtt.property_len.malformed", "Malformed packet: a property is longer than all of them are said to be.", end, m.pos-end)
		m.span = span{end, m.end, m.wire}
	}
}

// property reads one property; those of the packet end at end.
func (m *mqttPacket) property(dst *[]Node, place, end int) {
	n := m.take(dst, mqttPropID, 1)
	if n.Field == nil {
		return
	}
	id, pos := n.Uint, n.Pos
	known, ok := mqttKnown[id]
	if !ok {
		m.mqttExpert("mqtt.property_id.unknown", "Malformed packet: there is no property of this number.", pos, 1)
		m.take(dst, mqttPropUnknown, end-m.pos)
		return
	}
	if known.packets != nil && !slices.Contains(known.packets, place) {
		m.mqttExpert("mqtt.property_id.misplaced", "Protocol error: the property "+known.name+" does not belong here.", pos, 1)
	}
	many := id == 0x26 || id == 0x0b && place == mqttPublish
	if m.used&(1<<id) != 0 && !many {
		m.mqttExpert("mqtt.property_id.twice", "Protocol error: the property "+known.name+" is there twice.", pos, 1)
	}
	m.used |= 1 << id
	switch known.form {
	case mqttString, mqttBinary:
		if id == 0x03 {
			m.contentType(dst)
		} else {
			m.text(dst, mqttPropText, known.form == mqttBinary)
		}
	case mqttPairOfStrings:
		m.text(dst, mqttPropKey, false)
		m.text(dst, mqttPropValue, false)
	case mqttVarint:
		v, size, _ := varint(m.data[m.pos:m.end], mqttReadVarint)
		if n := m.take(dst, mqttPropNumber, max(1, size)); n.Field != nil {
			n.Uint, n.Show = v, strconv.FormatUint(v, 10)
			m.bounds(id, n)
		}
	default:
		f := mqttPropNumber
		switch id {
		case 0x24:
			f = mqttPropMaxQoS
		case 0x23:
			f = mqttPropAlias
		}
		m.bounds(id, m.take(dst, f, []int{mqttByte: 1, mqttTwo: 2, mqttFour: 4}[known.form]))
	}
}

// bounds checks a number against what its property may be.
func (m *mqttPacket) bounds(id uint64, n *Node) {
	if n.Field == nil {
		return
	}
	flag := mqttKnown[id].form == mqttByte
	never0 := id == 0x0b || id == 0x21 || id == 0x23 || id == 0x27
	if flag && n.Uint > 1 || never0 && n.Uint == 0 {
		m.mqttExpert("mqtt.property.value", "Protocol error: the property "+mqttKnown[id].name+" must not be "+n.Show+".", n.Pos, n.Len)
	}
}

// contentType reads a text that Wireshark shows as one with its length.
func (m *mqttPacket) contentType(dst *[]Node) {
	n := m.peek(0, 2)
	if node := m.take(dst, mqttPropType, 2+n); node.Field != nil {
		b := m.data[node.Pos+2 : node.Pos+node.Len]
		node.Show = Printable(string(b))
		m.checkText(b, node.Pos)
		m.inJSON = string(b) == "application/json"
	}
}
