package tlskeys

import (
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
)

// ccm is Counter with CBC-MAC (RFC 3610) with nonces of 12 bytes, as TLS has
// it: three bytes are left for a message's length.
type ccm struct {
	block  cipher.Block
	tagLen int
}

const ccmMost = 1<<24 - 1 // bytes in a message

func (c ccm) NonceSize() int { return 12 }
func (c ccm) Overhead() int  { return c.tagLen }

// Seal is cipher.AEAD's.
func (c ccm) Seal(dst, nonce, plain, extra []byte) []byte {
	tag := c.tag(nonce, plain, extra)
	at := len(dst)
	dst = append(append(dst, plain...), tag[:c.tagLen]...)
	c.stream(nonce).XORKeyStream(dst[at:len(dst)-c.tagLen], plain)
	return dst
}

// Open is cipher.AEAD's.
func (c ccm) Open(dst, nonce, sealed, extra []byte) ([]byte, error) {
	n := len(sealed) - c.tagLen
	if n < 0 || n > ccmMost {
		return nil, ErrMAC
	}
	at := len(dst)
	dst = append(dst, sealed[:n]...)
	c.stream(nonce).XORKeyStream(dst[at:], dst[at:])
	tag := c.tag(nonce, dst[at:], extra)
	if subtle.ConstantTimeCompare(tag[:c.tagLen], sealed[n:]) != 1 {
		return nil, ErrMAC
	}
	return dst, nil
}

// counter is the block that the n-th block of key stream is made from.
func counter(nonce []byte, n byte) (a [16]byte) {
	a[0] = 15 - 12 - 1 // the length field's bytes, less 1
	copy(a[1:13], nonce)
	a[15] = n
	return a
}

// stream is the key stream for the message; that of its tag comes before.
func (c ccm) stream(nonce []byte) cipher.Stream {
	first := counter(nonce, 1)
	return cipher.NewCTR(c.block, first[:])
}

// tag is what authenticates a message, already encrypted (RFC 3610 section
// 2.2 and 2.3).
func (c ccm) tag(nonce, plain, extra []byte) [16]byte {
	x := counter(nonce, 0)
	x[0] |= byte(c.tagLen-2) / 2 << 3
	if len(extra) > 0 {
		x[0] |= 1 << 6
	}
	x[13], x[14], x[15] = byte(len(plain)>>16), byte(len(plain)>>8), byte(len(plain))
	c.block.Encrypt(x[:], x[:])
	if len(extra) > 0 {
		head := binary.BigEndian.AppendUint16(make([]byte, 0, 2+len(extra)), uint16(len(extra)))
		c.mix(&x, append(head, extra...))
	}
	c.mix(&x, plain)
	first, key := counter(nonce, 0), [16]byte{}
	c.block.Encrypt(key[:], first[:])
	subtle.XORBytes(x[:], x[:], key[:])
	return x
}

// mix goes on with a CBC-MAC; b is filled up with zeros.
func (c ccm) mix(x *[16]byte, b []byte) {
	for len(b) > 0 {
		n := subtle.XORBytes(x[:], x[:], b[:min(16, len(b))])
		c.block.Encrypt(x[:], x[:])
		b = b[n:]
	}
}
