package layers

import (
	"bytes"
	"encoding/binary"

	"strata/layers/quickeys"
)

// quicKind is what kind of packet it is, whatever the version's number for it.
type quicKind uint8

const (
	quicInitial quicKind = iota
	quicZeroRTT
	quicHandshake
	quicRetry
	quicShort       // with a short header
	quicNegotiation // of the version
)

// quicHead is what the headers of all versions have (RFC 8999).
type quicHead struct {
	kind       quicKind
	version    uint32
	dcid, scid []byte // destination and source; of a short header's nobody knows where it ends
	size       int    // bytes up to the end of the source
}

// quicHeadOf reads the header at the start of b; not ok: it is not all there.
func quicHeadOf(b []byte) (h quicHead, ok bool) {
	if len(b) == 0 {
		return h, false
	}
	if b[0]&0x80 == 0 {
		return quicHead{kind: quicShort, dcid: b[1:], size: 1}, true
	}
	if len(b) < 6 {
		return h, false
	}
	h.version = binary.BigEndian.Uint32(b[1:])
	h.kind = quicKindOf(b[0], h.version)
	h.size = 5
	for _, id := range []*[]byte{&h.dcid, &h.scid} {
		if h.size >= len(b) || h.size+1+int(b[h.size]) > len(b) {
			return h, false
		}
		n := int(b[h.size])
		*id = b[h.size+1 : h.size+1+n]
		h.size += 1 + n
	}
	return h, true
}

func quicKindOf(first byte, version uint32) quicKind {
	kind := quicKind(first >> 4 & 3)
	switch {
	case version == 0:
		return quicNegotiation
	case quickeys.Stage(version) == quickeys.Version2: // RFC 9369 section 3.2
		return (kind + 3) & 3
	}
	return kind
}

// quicVarint reads a number of one, two, four or eight bytes, which its first
// two bits tell (RFC 9000 section 16); size is 0 when it is not all there.
func quicVarint(b []byte) (v uint64, size int) {
	if len(b) == 0 {
		return 0, 0
	}
	if size = 1 << (b[0] >> 6); size > len(b) {
		return 0, 0
	}
	return number(b[:size]) & (1<<(8*size-2) - 1), size
}

// quicPacketSize is how many bytes the packet at the start of b has, of wire
// that were sent: other packets may come after it (RFC 9000 section 12.2).
func quicPacketSize(b []byte, h *quicHead, wire int) int {
	if h.kind > quicHandshake {
		return wire
	}
	at := h.size
	if h.kind == quicInitial {
		token, size := quicVarint(b[at:])
		if size == 0 || token > uint64(len(b)-at-size) {
			return wire
		}
		at += size + int(token)
	}
	n, size := quicVarint(b[at:])
	if size == 0 || n > uint64(wire-at-size) {
		return wire
	}
	return at + size + int(n)
}

// BeginsQUIC says whether the payload of a UDP datagram on these ports looks
// like the first of a QUIC connection: it has a long header of a version that
// is known, and no other protocol is at home at the ports.
func BeginsQUIC(src, dst uint16, payload []byte) bool {
	const least = 13
	if len(payload) < least || isTaken(src) || isTaken(dst) {
		return false
	}
	h, ok := quicHeadOf(payload)
	return ok && h.kind != quicShort && quickeys.Stage(h.version) >= quickeys.Draft11 &&
		len(h.dcid) <= quicMaxID && len(h.scid) <= quicMaxID
}

// quicMaxID is how long a connection identifier can be (RFC 9000 section 17.2).
const quicMaxID = 20

// quicID is a connection identifier.
type quicID struct {
	size uint8
	id   [quicMaxID]byte
}

func quicIDOf(b []byte) (id quicID) {
	if len(b) <= quicMaxID {
		id.size = uint8(copy(id.id[:], b))
	}
	return id
}

func (q *quicID) bytes() []byte { return q.id[:q.size] }

// is says whether a long header names it; no bytes name nobody.
func (q *quicID) is(b []byte) bool { return q.size > 0 && bytes.Equal(q.bytes(), b) }

// quicRemembered is how many datagrams of each side are remembered.
const quicRemembered = 8

// QUICConnection is what the datagrams of a UDP conversation have told of the
// QUIC connection in it, by their headers alone: which keys its Initial
// packets have, and which names its two sides. The zero value knows nothing.
//
// It is small, has no pointers and can be compared: it changes only while a
// connection is set up.
type QUICConnection struct {
	Number uint32 // Wireshark's quic.connection.number of the datagram's connection; whoever numbers them sets it

	begun      bool   // a client's Initial packet was seen
	serverBack bool   // the server's datagrams go back, from the conversation's B to its A
	original   quicID // what the client calls the server at first: its Initial packets' keys are made from it
	client     quicID // what the server calls the client
	server     quicID // what the client calls the server from the server's first answer on
	// initials are numbers, from 1, of the frames with the first datagrams that
	// went one way and the other (back) and have Initial packets.
	initials [2][quicRemembered]uint32
}

// Datagram takes note of the payload of a frame's UDP datagram, and says
// whether a connection begins with it, and whether it has an Initial packet.
// Frames are numbered from 1; back says that it goes from the conversation's B
// to its A. Datagrams are to be told in the order of their frames.
func (c *QUICConnection) Datagram(frame uint32, back bool, payload []byte) (begins, initial bool) {
	h, ok := quicHeadOf(payload)
	if !ok || h.kind == quicShort {
		return false, false
	}
	known, server := c.knows(&h, back)
	begins = c.learn(&h, known, server, back)
	for b := payload; len(b) > 0 && !initial; {
		if h, ok = quicHeadOf(b); !ok {
			break
		}
		initial = h.kind == quicInitial
		b = b[quicPacketSize(b, &h, len(b)):]
	}
	if initial {
		for i, list := 0, c.way(back); i < len(list); i++ {
			if list[i] == 0 {
				list[i] = frame
				break
			}
		}
	}
	return begins, initial
}

// Earlier gives the numbers, from 1, of the frames whose datagrams went the
// same way and have Initial packets: what Seen.Earlier is to hold.
func (c *QUICConnection) Earlier(back bool) []uint32 {
	list := c.way(back)
	n := 0
	for n < len(list) && list[n] != 0 {
		n++
	}
	return list[:n]
}

func (c *QUICConnection) way(back bool) *[quicRemembered]uint32 {
	if back {
		return &c.initials[1]
	}
	return &c.initials[0]
}

// knows says whether a packet belongs to the connection, as Wireshark sees it,
// and whether the server has sent it. Names tell, and where a packet has none,
// the way that it goes (RFC 9000 section 5.2).
func (c *QUICConnection) knows(h *quicHead, back bool) (known, server bool) {
	server = back == c.serverBack
	fromServer, fromClient := c.client.is(h.dcid), c.server.is(h.dcid)
	switch {
	case !c.begun:
		return false, false
	case h.kind == quicShort:
		id := &c.server
		if server {
			id = &c.client
		}
		return bytes.HasPrefix(h.dcid, id.bytes()), server
	case len(h.dcid) == 0, h.kind != quicZeroRTT && fromServer && fromClient:
		return true, server
	case h.kind == quicZeroRTT:
		return c.original.is(h.dcid), false
	case fromServer:
		return true, true
	case fromClient, h.kind == quicInitial && c.original.is(h.dcid):
		return true, false
	}
	return false, false
}

// learn takes note of a datagram's first header. An Initial packet that belongs
// to no known connection begins one.
func (c *QUICConnection) learn(h *quicHead, known, server, back bool) (begins bool) {
	switch {
	case h.kind == quicInitial && !known:
		*c = QUICConnection{Number: c.Number, begun: true, serverBack: !back, original: quicIDOf(h.dcid), client: quicIDOf(h.scid)}
		return true
	case h.kind == quicInitial && !server:
		if c.original.size == 0 && len(h.dcid) > 0 { // RFC 9001 section 5.2: after a Retry there are new keys
			c.original, c.server = quicIDOf(h.dcid), quicID{}
			if len(h.scid) > 0 {
				c.client = quicIDOf(h.scid)
			}
		}
	case known && server && (h.kind == quicInitial || h.kind == quicRetry || h.kind == quicHandshake):
		if h.kind == quicRetry {
			c.original = quicID{}
		}
		if c.server.size == 0 {
			c.server = quicIDOf(h.scid)
		}
	}
	return false
}

// keyName is the name that the keys of an Initial packet are made from. What a
// client has sent before it had to try again has the older one.
func (c *QUICConnection) keyName(h *quicHead, server bool) []byte {
	if !server && !c.server.is(h.dcid) {
		return h.dcid
	}
	return c.original.bytes()
}
