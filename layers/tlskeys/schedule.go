package tlskeys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"hash"

	"golang.org/x/crypto/chacha20poly1305"

	"strata/layers/keylabel"
)

// ExpandLabel is HKDF-Expand-Label (RFC 8446 section 7.1): n bytes made from
// a secret for a purpose.
func ExpandLabel(sum func() hash.Hash, secret []byte, label string, context []byte, n int) []byte {
	return keylabel.Expand(sum, secret, label, context, n)
}

// aead makes the suite's AEAD; nil: the suite has none, or the key does not fit.
func (s Suite) aead(key []byte) cipher.AEAD {
	if len(key) != s.keyLen {
		return nil
	}
	switch s.method {
	case methodChaCha:
		a, _ := chacha20poly1305.New(key)
		return a
	case methodGCM, methodCCM:
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil
		}
		if s.method == methodCCM {
			return ccm{block, s.tagLen}
		}
		a, _ := cipher.NewGCM(block)
		return a
	}
	return nil
}

// prf makes n bytes from a secret, by the rules of a version before 1.3 (RFC
// 5246 section 5, RFC 2246 section 5).
func prf(version uint16, sum func() hash.Hash, secret []byte, label string, seed []byte, n int) []byte {
	seed = append([]byte(label), seed...)
	out := make([]byte, n)
	if version >= verTLS12 {
		expand(out, sum, secret, seed)
		return out
	}
	half := (len(secret) + 1) / 2
	expand(out, md5.New, secret[:half], seed)
	expand(out, sha1.New, secret[len(secret)-half:], seed)
	return out
}

// expand is P_hash of RFC 5246 section 5; what it makes is added to out by
// exclusive or.
func expand(out []byte, sum func() hash.Hash, secret, seed []byte) {
	h := hmac.New(sum, secret)
	h.Write(seed)
	a := h.Sum(nil)
	for len(out) > 0 {
		h.Reset()
		h.Write(a)
		h.Write(seed)
		for i, c := range h.Sum(nil) {
			if i == len(out) {
				return
			}
			out[i] ^= c
		}
		out = out[min(len(out), h.Size()):]
		h.Reset()
		h.Write(a)
		a = h.Sum(a[:0])
	}
}
