// Package quickeys opens what everybody can open of QUIC: Initial packets,
// whose keys are made from the name that the client first gave the server, and
// the seal of Retry packets.
//
//	version, that name ──Initial──> Keys ──Header──> packet number ──Open──> frames
package quickeys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"hash"

	"strata/layers/keylabel"
)

// Stages of QUIC, in the order in which they came (Stage).
const (
	Draft11  = 11  // the first whose packets begin as those of version 1 do
	Draft24  = 24  // the last whose Retry packets are not sealed
	Version1 = 34  // RFC 9000; the last draft was the same
	Version2 = 100 // RFC 9369
)

// Stage says which draft of QUIC a version is, or is like: 1 to 34, 34 for
// version 1 and for those that no server knows (RFC 9000 section 15), 100 for
// version 2; 0: it is none.
func Stage(version uint32) int {
	switch {
	case version == 1, version&0x0f0f0f0f == 0x0a0a0a0a:
		return Version1
	case version == 0x6b3343cf:
		return Version2
	case version>>8 == 0xff0000:
		return int(version & 0xff)
	case version == 0xfaceb001: // mvfst's
		return 22
	case version == 0xfaceb002, version == 0xfaceb00e:
		return 27
	}
	return 0
}

// edition is what differs between versions.
type edition struct {
	last       int // the stage up to which it holds
	salt       []byte
	prefix     string // of the labels
	key, nonce []byte // of the seal of Retry packets
}

// The constants of RFC 9001 sections 5.2 and 5.8, RFC 9369 section 3.3, and
// drafts 22 to 32 of RFC 9001.
var editions = []edition{
	{last: 22, prefix: "quic ", salt: []byte("\x7f\xbc\xdb\x0e\x7c\x66\xbb\xe9\x19\x3a\x96\xcd\x21\x51\x9e\xbd\x7a\x02\x64\x4a")},
	{last: 28, prefix: "quic ", salt: []byte("\xc3\xee\xf7\x12\xc7\x2e\xbb\x5a\x11\xa7\xd2\x43\x2b\xb4\x63\x65\xbe\xf9\xf5\x02"),
		key:   []byte("\x4d\x32\xec\xdb\x2a\x21\x33\xc8\x41\xe4\x04\x3d\xf2\x7d\x44\x30"),
		nonce: []byte("\x4d\x16\x11\xd0\x55\x13\xa5\x52\xc5\x87\xd5\x75")},
	{last: 32, prefix: "quic ", salt: []byte("\xaf\xbf\xec\x28\x99\x93\xd2\x4c\x9e\x97\x86\xf1\x9c\x61\x11\xe0\x43\x90\xa8\x99"),
		key:   []byte("\xcc\xce\x18\x7e\xd0\x9a\x09\xd0\x57\x28\x15\x5a\x6c\xb9\x6b\xe1"),
		nonce: []byte("\xe5\x49\x30\xf9\x7f\x21\x36\xf0\x53\x0a\x8c\x1c")},
	{last: Version1, prefix: "quic ", salt: []byte("\x38\x76\x2c\xf7\xf5\x59\x34\xb3\x4d\x17\x9a\xe6\xa4\xc8\x0c\xad\xcc\xbb\x7f\x0a"),
		key:   []byte("\xbe\x0c\x69\x0b\x9f\x66\x57\x5a\x1d\x76\x6b\x54\xe3\x68\xc8\x4e"),
		nonce: []byte("\x46\x15\x99\xd3\x5d\x63\x2b\xf2\x23\x98\x25\xbb")},
	{last: Version2, prefix: "quicv2 ", salt: []byte("\x0d\xed\xe3\xde\xf7\x00\xa6\xdb\x81\x93\x81\xbe\x6e\x26\x9d\xcb\xf9\xbd\x2e\xd9"),
		key:   []byte("\x8f\xb4\xb0\x1b\x56\xac\x48\xe2\x60\xfb\xcb\xce\xad\x7c\xcc\x92"),
		nonce: []byte("\xd8\x69\x69\xbc\x2d\x7c\x6d\x99\x90\xef\xb0\x4a")},
}

func editionOf(version uint32) *edition {
	if stage := Stage(version); stage >= Draft11 {
		for i := range editions {
			if e := &editions[i]; stage <= e.last {
				return e
			}
		}
	}
	return nil
}

const (
	keySize    = 16
	tagSize    = 16
	sampleSize = 16
	nonceSize  = 12
	maxNumber  = 4 // bytes of a packet number on the wire
)

// Keys open one side's Initial packets.
type Keys struct {
	mask cipher.Block
	aead cipher.AEAD
	iv   [nonceSize]byte
}

// Initial makes the keys of the Initial packets that one side sends (RFC 9001
// section 5.2): original is the name that the client first gave the server. It
// gives nil for a version that is not known.
func Initial(version uint32, original []byte, server bool) *Keys {
	e := editionOf(version)
	if e == nil {
		return nil
	}
	sum := func() hash.Hash { return sha256.New() }
	secret, err := hkdf.Extract(sum, original, e.salt)
	if err != nil {
		return nil
	}
	side := "client in"
	if server {
		side = "server in"
	}
	secret = keylabel.Expand(sum, secret, side, nil, sha256.Size)
	k := &Keys{aead: gcm(keylabel.Expand(sum, secret, e.prefix+"key", nil, keySize))}
	copy(k.iv[:], keylabel.Expand(sum, secret, e.prefix+"iv", nil, nonceSize))
	k.mask, _ = aes.NewCipher(keylabel.Expand(sum, secret, e.prefix+"hp", nil, keySize)) // 16 bytes are a key
	return k
}

func gcm(key []byte) cipher.AEAD {
	block, _ := aes.NewCipher(key) // 16 bytes are a key
	aead, _ := cipher.NewGCM(block)
	return aead
}

// Header is a packet's first byte and number, without their protection.
type Header struct {
	First  byte
	Number uint64 // all of it
	Size   int    // how many bytes of it were sent: 1 to 4
}

// Header takes the protection off the header of a packet (RFC 9001 section
// 5.4) whose number stands at a place; next is the number that its sender was
// to use next. It is not ok when the packet is too short.
func (k *Keys) Header(packet []byte, at int, next uint64) (h Header, ok bool) {
	sample := at + maxNumber
	if at <= 0 || sample+sampleSize > len(packet) {
		return h, false
	}
	var mask [sampleSize]byte
	k.mask.Encrypt(mask[:], packet[sample:sample+sampleSize])
	h.First = packet[0] ^ mask[0]&0x0f
	h.Size = int(h.First&3) + 1
	for i := range h.Size {
		h.Number = h.Number<<8 | uint64(packet[at+i]^mask[1+i])
	}
	h.Number = whole(h.Number, h.Size, next)
	return h, true
}

// whole is the number nearest to the next one that ends in the size bytes
// which were sent (RFC 9000 appendix A.3).
func whole(sent uint64, size int, next uint64) uint64 {
	window := uint64(1) << (8 * size)
	near := next&^(window-1) | sent
	switch {
	case near+window/2 <= next && near < 1<<62-window:
		return near + window
	case near > next+window/2 && near >= window:
		return near - window
	}
	return near
}

// Open gives what a packet holds whose number stands at a place: its frames;
// nil: it was changed on its way, or these are not its keys.
func (k *Keys) Open(packet []byte, at int, h Header) []byte {
	size := at + h.Size
	if size+tagSize >= len(packet) {
		return nil
	}
	header := append(make([]byte, 0, 64), packet[:size]...)
	header[0] = h.First
	for i := range h.Size {
		header[size-1-i] = byte(h.Number >> (8 * i))
	}
	nonce := k.iv
	low := nonce[nonceSize-8:]
	binary.BigEndian.PutUint64(low, binary.BigEndian.Uint64(low)^h.Number)
	plain, err := k.aead.Open(nil, nonce[:], packet[size:], header)
	if err != nil {
		return nil
	}
	return plain
}

// Sealed says whether the tag at a Retry packet's end is right (RFC 9001
// section 5.8): only who saw the client's first packet, with the name original
// in it, can make one.
func Sealed(version uint32, original, packet []byte) bool {
	e := editionOf(version)
	if e == nil || e.key == nil || len(packet) < tagSize {
		return false
	}
	end := len(packet) - tagSize
	pseudo := append([]byte{byte(len(original))}, original...)
	tag := gcm(e.key).Seal(nil, e.nonce, nil, append(pseudo, packet[:end]...))
	return subtle.ConstantTimeCompare(tag, packet[end:]) == 1
}
