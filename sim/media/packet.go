// Package media sends something like live video: pictures at a steady rate,
// each of which is worth nothing once its moment has passed.
//
//	Sender ── pictures, in RTP packets (RFC 3550) ──> Player: buffer, clock
//	          over UDP, or over TCP (RFC 4571)
//
// A picture that comes too late is skipped over UDP. Over TCP nothing is
// missing, so the player waits for it: the picture freezes.
package media

import (
	"encoding/binary"
	"errors"
)

const (
	rtpSize     = 12
	pictureSize = 20
	headSize    = rtpSize + pictureSize
	clockRate   = 90_000 // ticks of a timestamp per second, as for all video (RFC 3551 section 5)
	payloadType = 96     // a dynamic one (RFC 3551 section 6)
)

// packet is an RTP packet, with what our own payload says at its start.
type packet struct {
	last      bool // of its picture: the marker
	sequence  uint16
	timestamp uint32
	source    uint32 // SSRC

	picture, pictures uint32 // which one, and how many there will be
	part, parts       uint16
	period            uint32 // ticks between two pictures
	key               bool   // can be shown without the pictures before it

	body []byte
}

// append is the packet's bytes.
func (p *packet) append(b []byte) []byte {
	marker := byte(0)
	if p.last {
		marker = 0x80
	}
	b = append(b, 2<<6, marker|payloadType) // version 2 (RFC 3550 section 5.1)
	b = binary.BigEndian.AppendUint16(b, p.sequence)
	b = binary.BigEndian.AppendUint32(b, p.timestamp)
	b = binary.BigEndian.AppendUint32(b, p.source)
	b = binary.BigEndian.AppendUint32(b, p.picture)
	b = binary.BigEndian.AppendUint32(b, p.pictures)
	b = binary.BigEndian.AppendUint16(b, p.part)
	b = binary.BigEndian.AppendUint16(b, p.parts)
	b = binary.BigEndian.AppendUint32(b, p.period)
	kind := uint32('P')
	if p.key {
		kind = 'I'
	}
	b = binary.BigEndian.AppendUint32(b, kind)
	return append(b, p.body...)
}

var errNoPacket = errors.New("not a packet of a video stream")

// What a stream may have; a player keeps something of each of its pictures.
const (
	maxPictures = 100_000
	maxParts    = 1000
)

// parse reads a packet.
func parse(b []byte) (packet, error) {
	if len(b) < headSize || b[0] != 2<<6 || b[1]&0x7f != payloadType {
		return packet{}, errNoPacket
	}
	p := packet{
		last: b[1]&0x80 != 0, sequence: binary.BigEndian.Uint16(b[2:]), timestamp: binary.BigEndian.Uint32(b[4:]), source: binary.BigEndian.Uint32(b[8:]),
		picture: binary.BigEndian.Uint32(b[12:]), pictures: binary.BigEndian.Uint32(b[16:]),
		part: binary.BigEndian.Uint16(b[20:]), parts: binary.BigEndian.Uint16(b[22:]),
		period: binary.BigEndian.Uint32(b[24:]), body: b[headSize:],
	}
	kind := binary.BigEndian.Uint32(b[28:])
	p.key = kind == 'I'
	if p.picture >= p.pictures || p.pictures > maxPictures || p.part >= p.parts || p.parts > maxParts || p.last != (p.part == p.parts-1) ||
		p.period == 0 || p.period > 100*clockRate || kind != 'I' && kind != 'P' {
		return packet{}, errNoPacket
	}
	return p, nil
}
