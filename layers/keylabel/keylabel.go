// Package keylabel makes keys from secrets as TLS 1.3 and QUIC do: each purpose
// has a label, and with it its own key.
package keylabel

import (
	"crypto/hkdf"
	"encoding/binary"
	"hash"
)

// Expand is HKDF-Expand-Label (RFC 8446 section 7.1): n bytes made from a
// secret for a purpose.
func Expand(sum func() hash.Hash, secret []byte, label string, context []byte, n int) []byte {
	info := make([]byte, 0, 4+6+len(label)+len(context))
	info = binary.BigEndian.AppendUint16(info, uint16(n))
	info = append(info, byte(6+len(label)))
	info = append(append(info, "tls13 "...), label...)
	info = append(append(info, byte(len(context))), context...)
	out, err := hkdf.Expand(sum, secret, string(info), n)
	if err != nil {
		panic(err) // only more than 255 hashes of output
	}
	return out
}
