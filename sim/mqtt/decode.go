package mqtt

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf8"

	"strata/layers"
)

// Read reads one packet of at most limit bytes; n is how many it had. A
// connection's first packet names the version; of version 0 only CONNECT can
// be read. Of a packet that is wrong, p has what was read of it. Room is made for a packet only as its bytes come: a header alone
// cannot claim memory. The error is io.EOF at the end of the stream, and
// *Error for what the specification forbids.
func Read(r io.Reader, version Version, limit int) (p *Packet, n int, err error) {
	head := make([]byte, 0, 5)
	for {
		size, ok, err := layers.MQTTLen(head)
		if err != nil {
			return nil, 0, malformed("the Remaining Length has more than four bytes (section 2.1.4)")
		}
		if ok {
			n = size
			break
		}
		head = head[:len(head)+1]
		if _, err := io.ReadFull(r, head[len(head)-1:]); err != nil {
			if len(head) > 1 && err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, 0, err
		}
		if len(head) == 1 && version == 0 && head[0] != byte(CONNECT)<<4 {
			return nil, 0, violation("the first packet must be a CONNECT, not %v (section 3.1)", Type(head[0]>>4))
		}
	}
	if n > limit {
		return nil, n, &Error{PacketTooLarge, "a packet of " + Type(head[0]>>4).String() + " announces more than this side takes (section 3.1.2.11.4)"}
	}
	var body bytes.Buffer
	if got, err := io.CopyN(&body, r, int64(n-len(head))); err != nil {
		if err == io.EOF && got < int64(n-len(head)) {
			err = io.ErrUnexpectedEOF
		}
		return nil, 0, err
	}
	p, err = decode(head, body.Bytes(), version)
	return p, n, err
}

// decode reads the packet whose fixed header is head, and whose remaining
// bytes are body. The packet keeps body. Of a wrong one there is what was read.
func decode(head, body []byte, version Version) (*Packet, error) {
	if v := uint64(len(body)); len(head) > 2 && v < 1<<(7*(len(head)-2)) {
		return nil, malformed("the Remaining Length takes more bytes than it needs (section 1.5.5)")
	}
	p := &Packet{Type: Type(head[0] >> 4)}
	d := &decoder{b: body, p: p, version: version}
	d.flags(head[0] & 15)
	if d.err == nil {
		d.read()
	}
	if d.err == nil && len(d.b) > 0 {
		d.fail("there are %d bytes after the end of %v", len(d.b), p.Type)
	}
	return p, d.err
}

// decoder reads a packet; the first error stays.
type decoder struct {
	b       []byte // what is left
	p       *Packet
	version Version
	err     error
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = malformed(format, args...)
	}
	d.b = nil
}

func (d *decoder) violate(format string, args ...any) {
	if d.err == nil {
		d.err = violation(format, args...)
	}
}

// take is the next n bytes.
func (d *decoder) take(n int) []byte {
	if n > len(d.b) {
		d.fail("%v ends before it is complete", d.p.Type)
		return make([]byte, min(n, 4))
	}
	b := d.b[:n:n]
	d.b = d.b[n:]
	return b
}

func (d *decoder) byte() byte     { return d.take(1)[0] }
func (d *decoder) uint16() uint16 { return binary.BigEndian.Uint16(d.take(2)) }
func (d *decoder) uint32() uint32 { return binary.BigEndian.Uint32(d.take(4)) }

// binary is bytes with their length before them (section 1.5.6).
func (d *decoder) binary() []byte {
	n := int(d.uint16())
	if d.err != nil {
		return nil
	}
	if b := d.take(n); d.err == nil {
		return b
	}
	return nil
}

// text is a text with its length before it (section 1.5.4).
func (d *decoder) text() string {
	b := d.binary()
	switch {
	case !utf8.Valid(b):
		d.fail("a string is not well-formed UTF-8 (section 1.5.4)")
	case bytes.IndexByte(b, 0) >= 0:
		d.fail("a string has the null character U+0000 (section 1.5.4)")
	}
	return string(b)
}

// variable is a variable byte integer (section 1.5.5).
func (d *decoder) variable() uint32 {
	v := uint32(0)
	for i := range 4 {
		b := d.byte()
		v |= uint32(b&0x7f) << (7 * i)
		if b < 0x80 {
			if b == 0 && i > 0 {
				d.fail("a variable byte integer takes more bytes than it needs (section 1.5.5)")
			}
			return v
		}
	}
	d.fail("a variable byte integer has more than four bytes (section 1.5.5)")
	return 0
}

// flags reads the fixed header's flags (section 2.1.3).
func (d *decoder) flags(f byte) {
	want := byte(0)
	switch d.p.Type {
	case PUBLISH:
		d.p.Dup, d.p.QoS, d.p.Retain = f&8 != 0, f>>1&3, f&1 != 0
		if d.p.QoS == 3 {
			d.fail("a PUBLISH must not have both QoS bits set (section 3.3.1.2)")
		} else if d.p.Dup && d.p.QoS == 0 {
			d.fail("DUP must be 0 with QoS 0 (section 3.3.1.1)")
		}
		return
	case PUBREL, SUBSCRIBE, UNSUBSCRIBE:
		want = 2
	case AUTH:
		if d.version != V5 {
			d.fail("only MQTT 5 has AUTH")
		}
	case 0:
		d.fail("the packet type 0 is reserved (section 2.1.2)")
	}
	if f != want {
		d.fail("the flags of %v must be %d (section 2.1.3)", d.p.Type, want)
	}
}

func (d *decoder) read() {
	p := d.p
	switch p.Type {
	case CONNECT:
		d.connect()
	case CONNACK:
		d.connack()
	case PUBLISH:
		d.publish()
	case PUBACK, PUBREC, PUBREL, PUBCOMP:
		d.identifier()
		d.outcome()
	case SUBSCRIBE, UNSUBSCRIBE:
		d.filters()
	case SUBACK, UNSUBACK:
		d.reasons()
	case DISCONNECT, AUTH:
		d.outcome()
	}
}

func (d *decoder) connect() {
	c := &Connect{}
	d.p.Connect = c
	name := d.text()
	if c.Version = Version(d.byte()); d.err != nil {
		return
	}
	if name != "MQTT" || c.Version != V311 && c.Version != V5 { // section 3.1.2.1
		d.err = &Error{UnsupportedVersion, "the protocol " + layers.Printable(name) + " of this level is not spoken here (section 3.1.2.2)"}
		return
	}
	d.version = c.Version
	f := d.byte()
	will, willQoS := f&4 != 0, f>>3&3
	switch {
	case f&1 != 0:
		d.fail("the reserved flag of CONNECT must be 0 (section 3.1.2.3)")
	case willQoS == 3 || !will && f&0x38 != 0:
		d.fail("the will's QoS and retain must be 0 without a will, and never 3 (section 3.1.2.6)")
	case f&0xc0 == 0x40 && c.Version == V311:
		d.fail("a password needs a user name (3.1.1 section 3.1.2.9)")
	}
	c.Clean, c.KeepAlive = f&2 != 0, d.uint16()
	d.p.Properties = d.properties(CONNECT)
	c.ClientID = d.text()
	if will {
		c.Will = &Will{QoS: willQoS, Retain: f&0x20 != 0, Properties: d.properties(0)}
		c.Will.Topic = d.text()
		d.topic(c.Will.Topic)
		c.Will.Payload = d.binary()
	}
	if f&0x80 != 0 {
		user := d.text()
		c.User = &user
	}
	if f&0x40 != 0 {
		password := string(d.binary())
		c.Password = &password
	}
}

func (d *decoder) connack() {
	f := d.byte()
	if f > 1 {
		d.fail("the acknowledge flags of CONNACK have reserved bits set (section 3.2.2.1)")
	}
	d.p.SessionPresent, d.p.Reason = f == 1, Reason(d.byte())
	if d.version == V5 {
		d.known(d.p.Reason)
		d.p.Properties = d.properties(CONNACK)
	} else if d.p.Reason > refusedNotAuthorized311 {
		d.fail("CONNACK has a reserved return code (3.1.1 section 3.2.2.3)")
	}
	if d.p.SessionPresent && d.p.Reason != Success {
		d.violate("a refused connection has no session (section 3.2.2.1.1)")
	}
}

// known holds a reason to those that the packet may have.
func (d *decoder) known(r Reason) {
	if strings.IndexByte(mayHave[d.p.Type], byte(r)) < 0 {
		d.fail("%v has no reason code 0x%02x (section 2.4)", d.p.Type, byte(r))
	}
}

// identifier reads the packet identifier (section 2.2.1).
func (d *decoder) identifier() {
	if d.p.ID = d.uint16(); d.p.ID == 0 && d.err == nil {
		d.violate("the packet identifier of %v must not be 0 (section 2.2.1)", d.p.Type)
	}
}

// outcome reads a reason code and properties, which may be left out.
func (d *decoder) outcome() {
	if d.version != V5 || len(d.b) == 0 {
		return
	}
	d.p.Reason = Reason(d.byte())
	d.known(d.p.Reason)
	if len(d.b) > 0 {
		d.p.Properties = d.properties(d.p.Type)
	}
}

// topic holds a topic name to section 4.7.
func (d *decoder) topic(name string) {
	switch {
	case d.err != nil:
	case name == "":
		d.violate("a topic name must have at least one character (section 4.7.3)")
	case strings.ContainsAny(name, "+#"):
		d.err = &Error{TopicNameInvalid, "a topic name must not have wildcards (section 3.3.2.1)"}
	}
}

func (d *decoder) publish() {
	p := d.p
	p.Topic = d.text()
	if p.QoS > 0 {
		d.identifier()
	}
	p.Properties = d.properties(PUBLISH)
	if _, alias := p.Properties.Num(TopicAlias); p.Topic != "" || !alias { // section 3.3.2.3.4
		d.topic(p.Topic)
	}
	if topic := p.Properties.Text(ResponseTopic); strings.ContainsAny(topic, "+#") {
		d.violate("a response topic must not have wildcards (section 3.3.2.3.5)")
	}
	p.Payload = d.take(len(d.b))
}

func (d *decoder) filters() {
	p := d.p
	d.identifier()
	p.Properties = d.properties(p.Type)
	if len(d.b) == 0 {
		d.violate("%v must have at least one topic filter (section 3.8.3)", p.Type)
	}
	for len(d.b) > 0 {
		s := Subscription{Filter: d.text()}
		if d.err == nil && !validFilter(s.Filter) {
			d.err = &Error{TopicFilterInvalid, "in a topic filter, + stands for a whole level, and # for all levels at the end; a share has a name (section 4.7)"}
		}
		if p.Type == SUBSCRIBE {
			d.options(&s)
		}
		p.Filters = append(p.Filters, s)
	}
}

// options reads a subscription's options (section 3.8.3.1).
func (d *decoder) options(s *Subscription) {
	o := d.byte()
	s.QoS = o & 3
	if s.QoS == 3 || d.version != V5 && o > 2 || o&0xc0 != 0 || o&0x30 == 0x30 {
		d.fail("a subscription's options have reserved bits set (section 3.8.3.1)")
	}
	s.NoLocal, s.RetainAsPublished, s.RetainHandling = o&4 != 0, o&8 != 0, o>>4&3
	if share, _ := sharedBy(s.Filter); share != "" && s.NoLocal {
		d.violate("a shared subscription must not be no-local (section 3.8.3.1)")
	}
}

func (d *decoder) reasons() {
	p := d.p
	d.identifier()
	p.Properties = d.properties(p.Type)
	for len(d.b) > 0 && (p.Type == SUBACK || d.version == V5) {
		r := Reason(d.byte())
		if d.version == V5 {
			d.known(r)
		} else if r > grantedQoS2 && r != failure {
			d.fail("SUBACK has a reserved return code (3.1.1 section 3.9.3)")
		}
		p.Reasons = append(p.Reasons, r)
	}
	if len(p.Reasons) == 0 && (p.Type == SUBACK || d.version == V5) {
		d.violate("%v answers no topic filter (section 3.9.3)", p.Type)
	}
}
