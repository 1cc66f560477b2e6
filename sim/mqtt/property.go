package mqtt

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

// properties reads the properties of a packet; those of a will for type 0.
func (d *decoder) properties(of Type) (ps Properties) {
	if d.version != V5 || d.err != nil {
		return nil
	}
	n := int(d.variable())
	rest := d.b
	d.b = d.take(n)
	for len(d.b) > 0 && d.err == nil {
		ps = append(ps, d.property(of, ps))
	}
	if d.err == nil {
		d.b = rest[n:]
	}
	return ps
}

func (d *decoder) property(of Type, before Properties) Property {
	p := Property{ID: d.byte()}
	k, ok := known[p.ID]
	if !ok || k.in&(1<<of) == 0 {
		d.fail("%v has no property 0x%02x (section 2.2.2.2)", d.p.Type, p.ID)
		return p
	}
	if _, twice := before.Num(p.ID); twice && p.ID != UserProperty && (p.ID != SubscriptionID || of != PUBLISH) {
		d.violate("the property 0x%02x is there twice (section 2.2.2.2)", p.ID)
	}
	switch k.form {
	case oneByte:
		if p.Num = uint32(d.byte()); p.Num > 1 {
			d.violate("the property 0x%02x is 0 or 1 (section 3.2.2.3)", p.ID)
		}
	case twoBytes:
		p.Num = uint32(d.uint16())
	case fourBytes:
		p.Num = d.uint32()
	case variable:
		p.Num = d.variable()
	case text:
		p.Text = d.text()
	case opaque:
		p.Text = string(d.binary())
	case pair:
		p.Text, p.Value = d.text(), d.text()
	}
	switch p.ID {
	case SubscriptionID, ReceiveMaximum, MaximumPacketSize:
		if p.Num == 0 && d.err == nil {
			d.violate("the property 0x%02x must not be 0 (section 2.2.2.2)", p.ID)
		}
	case TopicAlias:
		if p.Num == 0 && d.err == nil {
			d.err = &Error{TopicAliasInvalid, "a topic alias must not be 0 (section 3.3.2.3.4)"}
		}
	}
	return p
}
