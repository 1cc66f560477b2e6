package tlskeys

import (
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"slices"
)

// Why a record cannot be opened. The alerts of RFC 8446 section 6 of the same
// names are what a peer sends.
var (
	ErrMAC        = errors.New("tls: the record was changed on its way, or the keys are not its keys (bad_record_mac)")
	ErrOverflow   = errors.New("tls: the record is longer than one may be (record_overflow)")
	ErrUnexpected = errors.New("tls: the record has no content (unexpected_message)")
	ErrLength     = errors.New("tls: the record is not as long as it says (decode_error)")
)

const (
	recordSize = 5       // type, version, length
	maxPlain   = 1 << 14 // RFC 8446 section 5.1
	maxSealed  = 1<<14 + 256

	typeChangeCipherSpec = 20
	typeAlert            = 21
	typeHandshake        = 22
	typeAppData          = 23

	verTLS10 = 0x0301
	verTLS11 = 0x0302
	verTLS12 = 0x0303
	verTLS13 = 0x0304
)

// Traffic protects or opens what one side sends in TLS 1.3 under one secret
// and those that follow from it (RFC 8446 sections 5.2 and 7).
type Traffic struct {
	suite  Suite
	secret []byte
	aead   cipher.AEAD
	iv     [12]byte
	seq    uint64
	nonce  [12]byte
}

// NewTraffic begins with a traffic secret; nil: the suite is none of TLS 1.3's.
func NewTraffic(s Suite, secret []byte) *Traffic {
	if !s.tls13() {
		return nil
	}
	t := &Traffic{suite: s, secret: slices.Clone(secret)}
	t.rekey()
	return t
}

// rekey makes key and nonces from the secret (RFC 8446 section 7.3).
func (t *Traffic) rekey() {
	t.aead = t.suite.aead(ExpandLabel(t.suite.Hash, t.secret, "key", nil, t.suite.keyLen))
	copy(t.iv[:], ExpandLabel(t.suite.Hash, t.secret, "iv", nil, len(t.iv)))
	t.seq = 0
}

// Update goes on to the next secret, as after a KeyUpdate (RFC 8446 section
// 7.2).
func (t *Traffic) Update() {
	t.secret = ExpandLabel(t.suite.Hash, t.secret, "traffic upd", nil, len(t.secret))
	t.rekey()
}

// Overhead is how many bytes a record has more than what it carries.
func (t *Traffic) Overhead() int { return recordSize + 1 + t.aead.Overhead() }

// next is the nonce of the next record (RFC 8446 section 5.3).
func (t *Traffic) next() []byte {
	t.nonce = t.iv
	numbered(&t.nonce, t.seq)
	return t.nonce[:]
}

// numbered puts a record's number into a nonce by exclusive or.
func numbered(nonce *[12]byte, seq uint64) {
	binary.BigEndian.PutUint64(nonce[4:], binary.BigEndian.Uint64(nonce[4:])^seq)
}

// Seal appends a record, header included, that carries plain, at most 2^14
// bytes, of a content type.
func (t *Traffic) Seal(dst []byte, kind uint8, plain []byte) []byte {
	at, n := len(dst), len(plain)+1+t.aead.Overhead()
	dst = append(slices.Grow(dst, recordSize+n), typeAppData, 3, 3, byte(n>>8), byte(n))
	dst = append(append(dst, plain...), kind)
	head, body := dst[at:at+recordSize], dst[at+recordSize:]
	t.aead.Seal(body[:0], t.next(), body, head)
	t.seq++
	return dst[:at+recordSize+n]
}

// Skip counts a record that could not be opened.
func (t *Traffic) Skip() { t.seq++ }

// Open takes the next record, header included, and appends what it carries to
// dst: the content type, and the plaintext without its padding. A record that
// cannot be opened is not counted: another one may be the next.
func (t *Traffic) Open(dst, record []byte) (kind uint8, plain []byte, err error) {
	switch {
	case len(record) < recordSize || len(record) != recordSize+int(binary.BigEndian.Uint16(record[3:])):
		return 0, nil, ErrLength
	case len(record) > recordSize+maxSealed:
		return 0, nil, ErrOverflow
	}
	at := len(dst)
	dst, err = t.aead.Open(dst, t.next(), record[recordSize:], record[:recordSize])
	if err != nil {
		return 0, nil, ErrMAC
	}
	t.seq++
	end := len(dst) // RFC 8446 section 5.4: zeros are padding, before them stands the type
	for end > at && dst[end-1] == 0 {
		end--
	}
	switch {
	case end == at:
		return 0, nil, ErrUnexpected
	case end-1-at > maxPlain:
		return 0, nil, ErrOverflow
	}
	return dst[end-1], dst[at : end-1], nil
}
