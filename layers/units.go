package layers

import "encoding/binary"

// Protocols that have no table here, but say how long their messages are:
// Wireshark shows the messages' sizes among the transport's fields.

// unit is how a protocol tells its messages' sizes.
type unit struct {
	header int                // how many bytes tell it
	size   func(b []byte) int // of a message, the header included; 0: it is none
}

var (
	tcpUnitSize = row(TCP, Field{Name: "tcp.pdu.size", Label: "message size", Type: TypeUint, Help: "How many bytes a message of the program has, as it says itself."})
	udpUnitSize = row(UDP, Field{Name: "udp.pdu.size", Label: "message size", Type: TypeUint, Help: "How many bytes a message of the program has, as it says itself."})
)

var (
	dnp3Unit        = unit{10, dnp3Size}
	webSocketFrames = unit{2, webSocketSizeOf}
	openFlowUnit    = unit{8, func(b []byte) int { return int(binary.BigEndian.Uint16(b[2:])) }}

	// tcpUnits by port.
	tcpUnits = map[uint16]unit{
		53:    {2, func(b []byte) int { return 2 + int(binary.BigEndian.Uint16(b)) }},
		88:    {4, func(b []byte) int { return 4 + int(binary.BigEndian.Uint32(b)&0x7fffffff) }}, // Kerberos, RFC 4120 section 7.2.2
		323:   {8, func(b []byte) int { return int(binary.BigEndian.Uint32(b[4:])) }},            // RPKI's routers, RFC 8210 section 5.1
		389:   {4, ldapSize},
		502:   {6, modbusSize},
		524:   {8, netwareSize},
		1883:  {2, mqttSize},
		3306:  {4, func(b []byte) int { return 4 + int(b[0]) + int(b[1])<<8 + int(b[2])<<16 }}, // MySQL
		6633:  openFlowUnit,
		6653:  openFlowUnit,
		20000: dnp3Unit,
	}
	udpUnits = map[uint16]unit{20000: dnp3Unit}
)

// units adds the sizes of the messages in a payload to the transport's part.
func (d *dissector) units(p *Part, f *Field, src, dst uint16, s span, by map[uint16]unit) {
	u, ok := by[min(src, dst)]
	if !ok {
		if u, ok = by[max(src, dst)]; !ok {
			return
		}
	}
	d.unitSizes(p, f, u, s)
}

func (d *dissector) unitSizes(p *Part, f *Field, u unit, s span) {
	for s.end-s.pos >= u.header && d.within() {
		n := u.size(d.data[s.pos:s.end])
		if n < u.header {
			return
		}
		p.Fields = append(p.Fields, d.valued(f, s.pos, min(n, s.end-s.pos), uint64(n)))
		s = s.from(n)
	}
}

func webSocketSizeOf(b []byte) int {
	h, ok := WebSocketHeader(b)
	if !ok {
		return 0
	}
	return h.HeaderLen + int(min(h.PayloadLen, 1<<30))
}

// dnp3Size counts the checksums after each 16 bytes (IEEE 1815 section 9.2.4).
func dnp3Size(b []byte) int {
	const start, header, block, sum = 0x0564, 10, 16, 2
	if binary.BigEndian.Uint16(b) != start || b[2] < header/2 {
		return 0
	}
	body := int(b[2]) - header/2
	return header + body + (body+block-1)/block*sum
}

func modbusSize(b []byte) int {
	if binary.BigEndian.Uint16(b[2:]) != 0 { // the protocol's number
		return 0
	}
	return 6 + int(binary.BigEndian.Uint16(b[4:]))
}

// netwareSize is that of NetWare's requests and replies over TCP.
func netwareSize(b []byte) int {
	if s := string(b[:4]); s != "DmdT" && s != "tNcP" {
		return 0
	}
	return int(binary.BigEndian.Uint32(b[4:]) & 0x7fffffff)
}

// mqttSize reads seven bits a byte (MQTT 5.0 section 1.5.5).
func mqttSize(b []byte) int {
	const most = 4
	n := 0
	for i := 1; i < len(b) && i <= most; i++ {
		n |= int(b[i]&0x7f) << (7 * (i - 1))
		if b[i] < 0x80 {
			return 1 + i + n
		}
	}
	return 0
}

// ldapSize reads the length of a message (ITU-T X.690 section 8.1.3), or that
// of one whose contents are signed or encrypted (RFC 4422 section 3.7).
func ldapSize(b []byte) int {
	const sequence = 0x30
	switch {
	case b[0] != sequence:
		return 4 + int(binary.BigEndian.Uint32(b))
	case b[1] < 0x80:
		return 2 + int(b[1])
	}
	more := int(b[1] & 0x7f)
	if more == 0 || more > 4 || len(b) < 2+more {
		return 0
	}
	return 2 + more + int(number(b[2:2+more]))
}
