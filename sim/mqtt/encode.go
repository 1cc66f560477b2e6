package mqtt

import (
	"encoding/binary"
)

// maxRemaining is the largest remaining length (section 2.1.4).
const maxRemaining = 1<<28 - 1

// Append adds a packet to b as it is sent. The packet must be one that may be
// sent: texts of at most 65535 bytes, valid topics; what it holds beyond the
// version is left out.
func Append(b []byte, p *Packet, version Version) []byte {
	if p.Type == CONNECT {
		version = p.Connect.Version
	}
	e := &encoder{version: version}
	e.body(p)
	return append(appendVariable(append(b, byte(p.Type)<<4|fixedFlags(p)), len(e.b)), e.b...)
}

// fixedFlags are the fixed header's flags (section 2.1.3).
func fixedFlags(p *Packet) (f byte) {
	switch p.Type {
	case PUBLISH:
		f = p.QoS << 1
		if p.Dup {
			f |= 8
		}
		if p.Retain {
			f |= 1
		}
	case PUBREL, SUBSCRIBE, UNSUBSCRIBE:
		f = 2
	}
	return f
}

func appendVariable(b []byte, n int) []byte { return binary.AppendUvarint(b, uint64(n)) }

type encoder struct {
	b       []byte
	version Version
}

func (e *encoder) byte(v byte)     { e.b = append(e.b, v) }
func (e *encoder) uint16(v uint16) { e.b = binary.BigEndian.AppendUint16(e.b, v) }

// text writes a text, or bytes, with the length before it.
func (e *encoder) text(s string) {
	e.uint16(uint16(len(s)))
	e.b = append(e.b, s...)
}

func (e *encoder) body(p *Packet) {
	switch p.Type {
	case CONNECT:
		e.connect(p)
	case CONNACK:
		e.byte(bit(p.SessionPresent, 0))
		e.byte(byte(p.Reason))
		e.properties(p.Properties)
	case PUBLISH:
		e.text(p.Topic)
		if p.QoS > 0 {
			e.uint16(p.ID)
		}
		e.properties(p.Properties)
		e.b = append(e.b, p.Payload...)
	case PUBACK, PUBREC, PUBREL, PUBCOMP:
		e.uint16(p.ID)
		e.outcome(p)
	case SUBSCRIBE, UNSUBSCRIBE:
		e.uint16(p.ID)
		e.properties(p.Properties)
		for _, s := range p.Filters {
			e.text(s.Filter)
			if p.Type == SUBSCRIBE {
				e.byte(e.options(s))
			}
		}
	case SUBACK, UNSUBACK:
		e.uint16(p.ID)
		e.properties(p.Properties)
		for _, r := range p.Reasons {
			if p.Type == SUBACK || e.version == V5 {
				e.byte(byte(r))
			}
		}
	case DISCONNECT, AUTH:
		e.outcome(p)
	}
}

func bit(set bool, place int) byte {
	if set {
		return 1 << place
	}
	return 0
}

func (e *encoder) connect(p *Packet) {
	c := p.Connect
	e.text("MQTT")
	e.byte(byte(c.Version))
	f := bit(c.User != nil, 7) | bit(c.Password != nil, 6) | bit(c.Clean, 1)
	if w := c.Will; w != nil {
		f |= bit(w.Retain, 5) | w.QoS<<3 | 4
	}
	e.byte(f)
	e.uint16(c.KeepAlive)
	e.properties(p.Properties)
	e.text(c.ClientID)
	if w := c.Will; w != nil {
		e.properties(w.Properties)
		e.text(w.Topic)
		e.text(string(w.Payload))
	}
	if c.User != nil {
		e.text(*c.User)
	}
	if c.Password != nil {
		e.text(*c.Password)
	}
}

func (e *encoder) options(s Subscription) byte {
	if e.version != V5 {
		return s.QoS
	}
	return s.QoS | bit(s.NoLocal, 2) | bit(s.RetainAsPublished, 3) | s.RetainHandling<<4
}

// outcome writes a reason and properties, as far as they say something
// (section 3.4.2.1).
func (e *encoder) outcome(p *Packet) {
	if e.version != V5 || p.Reason == Success && len(p.Properties) == 0 {
		return
	}
	e.byte(byte(p.Reason))
	if len(p.Properties) > 0 {
		e.properties(p.Properties)
	}
}

func (e *encoder) properties(ps Properties) {
	if e.version != V5 {
		return
	}
	inner := &encoder{version: e.version}
	for _, p := range ps {
		inner.byte(p.ID)
		switch known[p.ID].form {
		case oneByte:
			inner.byte(byte(p.Num))
		case twoBytes:
			inner.uint16(uint16(p.Num))
		case fourBytes:
			inner.b = binary.BigEndian.AppendUint32(inner.b, p.Num)
		case variable:
			inner.b = appendVariable(inner.b, int(p.Num))
		case pair:
			inner.text(p.Text)
			inner.text(p.Value)
		default:
			inner.text(p.Text)
		}
	}
	e.b = append(appendVariable(e.b, len(inner.b)), inner.b...)
}
