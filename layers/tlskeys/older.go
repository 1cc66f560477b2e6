package tlskeys

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/hmac"
	"crypto/rc4"
	"encoding/binary"
	"hash"
)

// older opens what one side sends in TLS 1.0 to 1.2 (RFC 5246 section 6.2.3).
type older struct {
	suite   Suite
	version uint16
	seq     uint64
	etm     bool // the MAC is over what is encrypted (RFC 7366)

	aead cipher.AEAD
	iv   []byte // fixed part of the nonce; TLS 1.0: of the next record
	mac  hash.Hash
	bulk cipher.Block
	flow *rc4.Cipher
}

// session is what two sides of TLS 1.0 to 1.2 have agreed on.
type session struct {
	version        uint16
	suite          Suite
	etm            bool
	client, server [randomSize]byte
}

// keys makes the keys of both sides from the master secret (RFC 5246 section
// 6.3); nil: the suite is none of these versions'.
func (s *session) keys(master []byte) [2]*older {
	if s.suite.tls13() {
		return [2]*older{}
	}
	ivLen, macLen := 0, 0
	switch s.suite.method {
	case methodGCM, methodCCM:
		ivLen = 4 // RFC 5288 section 3
	case methodChaCha:
		ivLen = 12 // RFC 7905 section 2
	case methodBlock:
		ivLen = 8
		if s.suite.cipher == "AES" {
			ivLen = aes.BlockSize
		}
	}
	if s.suite.mac != nil {
		macLen = s.suite.mac().Size()
	}
	seed := append(append([]byte{}, s.server[:]...), s.client[:]...)
	block := bytes.NewBuffer(prf(s.version, s.suite.Hash, master, "key expansion", seed, 2*(macLen+s.suite.keyLen+ivLen)))
	var sides [2]*older
	for i := range sides {
		sides[i] = &older{suite: s.suite, version: s.version, etm: s.etm && s.suite.method == methodBlock}
		if s.suite.mac != nil {
			sides[i].mac = hmac.New(s.suite.mac, block.Next(macLen))
		}
	}
	for _, o := range sides {
		o.key(block.Next(s.suite.keyLen))
	}
	for _, o := range sides {
		o.iv = block.Next(ivLen)
	}
	return sides
}

func (o *older) key(key []byte) {
	switch o.suite.cipher {
	case "3DES":
		o.bulk, _ = des.NewTripleDESCipher(key)
	case "DES":
		o.bulk, _ = des.NewCipher(key)
	case "RC4":
		o.flow, _ = rc4.NewCipher(key)
	}
	if o.suite.method == methodBlock && o.suite.cipher == "AES" {
		o.bulk, _ = aes.NewCipher(key)
	}
	o.aead = o.suite.aead(key)
}

// Open takes the next record, header included, and appends what it carries to
// dst. A record that cannot be opened is counted as well as one that can.
func (o *older) Open(dst, record []byte) (kind uint8, plain []byte, err error) {
	at := len(dst)
	switch o.suite.method {
	case methodGCM, methodCCM, methodChaCha:
		dst, err = o.openAEAD(dst, record)
	case methodBlock:
		dst, err = o.openBlock(dst, record)
	default:
		dst = append(dst, record[recordSize:]...)
		if o.flow != nil {
			o.flow.XORKeyStream(dst[at:], dst[at:])
		}
		dst, err = o.checked(dst, at, record)
	}
	o.seq++
	return record[0], dst[at:], err
}

// head is what is authenticated before a record's content of n bytes.
func (o *older) head(record []byte, n int) []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, 13), o.seq)
	b = append(b, record[:3]...)
	return binary.BigEndian.AppendUint16(b, uint16(n))
}

func (o *older) openAEAD(dst, record []byte) ([]byte, error) {
	body := record[recordSize:]
	var nonce [12]byte
	if n := copy(nonce[:], o.iv); n < len(nonce) {
		if len(body) < 8 {
			return dst, ErrMAC
		}
		body = body[copy(nonce[n:], body):] // RFC 5288 section 3
	} else {
		numbered(&nonce, o.seq) // RFC 7905 section 2
	}
	n := len(body) - o.aead.Overhead()
	if n < 0 {
		return dst, ErrMAC
	}
	out, err := o.aead.Open(dst, nonce[:], body, o.head(record, n))
	if err != nil {
		return dst, ErrMAC
	}
	return out, nil
}

// checked cuts the MAC from what stands in dst from at on, and checks it (RFC
// 5246 section 6.2.3.1).
func (o *older) checked(dst []byte, at int, record []byte) ([]byte, error) {
	if o.mac == nil {
		return dst, nil
	}
	end := len(dst) - o.mac.Size()
	if end < at {
		return dst[:at], ErrMAC
	}
	o.mac.Reset()
	o.mac.Write(o.head(record, end-at))
	o.mac.Write(dst[at:end])
	if !hmac.Equal(o.mac.Sum(nil), dst[end:]) {
		return dst[:at], ErrMAC
	}
	return dst[:end], nil
}

// openBlock opens a record in CBC mode (RFC 5246 section 6.2.3.2).
func (o *older) openBlock(dst, record []byte) ([]byte, error) {
	at, body, size := len(dst), record[recordSize:], o.bulk.BlockSize()
	if o.etm {
		sealed, err := o.checked(bytes.Clone(body), 0, record)
		if err != nil {
			return dst, err
		}
		body = sealed
	}
	iv := o.iv
	if o.version >= verTLS11 {
		if len(body) < size {
			return dst, ErrMAC
		}
		iv, body = body[:size], body[size:]
	}
	if len(body) == 0 || len(body)%size != 0 {
		return dst, ErrMAC
	}
	dst = append(dst, body...)
	cipher.NewCBCDecrypter(o.bulk, iv).CryptBlocks(dst[at:], dst[at:])
	if o.version == verTLS10 { // RFC 2246 section 6.2.3.2: the next record goes on from the last block
		o.iv = bytes.Clone(body[len(body)-size:])
	}
	pad := dst[len(dst)-1]
	end := len(dst) - 1 - int(pad)
	if end < at || bytes.Count(dst[end:], []byte{pad}) != int(pad)+1 {
		return dst[:at], ErrMAC
	}
	if o.etm {
		return dst[:end], nil
	}
	return o.checked(dst[:end], at, record)
}
