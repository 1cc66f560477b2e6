package tls

import (
	"crypto"
	"crypto/x509"
	"math/rand/v2"
	"time"
)

// Config is what a side needs for a session. It may be used for several, not
// side by side, for they share the randomness.
type Config struct {
	Rand *rand.Rand       // the only source of randomness
	Time func() time.Time // what certificates are checked against

	// ServerName is, for a client, whose certificate the server must have, and
	// what it asks for: a name, or an IP address.
	ServerName string
	Protocols  []string       // that can be spoken within the session, the favourite first (RFC 7301)
	Roots      *x509.CertPool // a client's: who vouches for servers
	// Certificates are a server's. It uses the first one that the client can
	// check and that is for the name that it asks for, or else the first one
	// that it can check.
	Certificates []Certificate

	Suites []uint16 // those that may be used, the favourite first; nil: all
	Groups []uint16 // likewise, of groups for the key agreement; a client tries the first

	// Secret, if set, is told every secret of the session, as a line of a key
	// log has it.
	Secret func(label string, clientRandom, secret []byte)
}

// Certificate is a certificate with those that vouch for it, and its key: of
// Ed25519, or ECDSA on P-256.
type Certificate struct {
	Chain [][]byte // DER, the certificate itself first
	Key   crypto.Signer
}

// Cipher suites (RFC 8446 appendix B.4) and groups (section 4.2.7).
const (
	AES128GCM        uint16 = 0x1301
	AES256GCM        uint16 = 0x1302
	ChaCha20Poly1305 uint16 = 0x1303

	P256   uint16 = 0x0017
	X25519 uint16 = 0x001d
)

func (c *Config) suites() []uint16 {
	if c.Suites != nil {
		return c.Suites
	}
	return []uint16{AES128GCM, AES256GCM, ChaCha20Poly1305}
}

func (c *Config) groups() []uint16 {
	if c.Groups != nil {
		return c.Groups
	}
	return []uint16{X25519, P256}
}

// random makes n random bytes.
func (c *Config) random(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(c.Rand.Uint64())
	}
	return b
}
