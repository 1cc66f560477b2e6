package tlskeys

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"strings"

	"strata/layers"
)

// method is how a suite encrypts.
type method uint8

const (
	methodNull method = iota
	methodStream
	methodBlock
	methodGCM
	methodCCM
	methodChaCha
)

// Suite is what a cipher suite's keys and records need.
type Suite struct {
	ID     uint16
	Hash   func() hash.Hash // of HKDF (TLS 1.3) or the PRF (TLS 1.2)
	method method
	cipher string // "AES", "3DES", "DES", "RC4"
	keyLen int
	tagLen int              // of CCM
	mac    func() hash.Hash // of suites without AEAD; nil: none
}

// suiteCiphers are the ciphers that can be used, as suites' names have them.
var suiteCiphers = []struct {
	name   string
	method method
	cipher string
	keyLen int
	tagLen int
}{
	{"AES_128_GCM", methodGCM, "AES", 16, 16},
	{"AES_256_GCM", methodGCM, "AES", 32, 16},
	{"CHACHA20_POLY1305", methodChaCha, "", 32, 16},
	{"AES_128_CCM_8", methodCCM, "AES", 16, 8},
	{"AES_256_CCM_8", methodCCM, "AES", 32, 8},
	{"AES_128_CCM", methodCCM, "AES", 16, 16},
	{"AES_256_CCM", methodCCM, "AES", 32, 16},
	{"AES_128_CBC", methodBlock, "AES", 16, 0},
	{"AES_256_CBC", methodBlock, "AES", 32, 0},
	{"3DES_EDE_CBC", methodBlock, "3DES", 24, 0},
	{"DES_CBC", methodBlock, "DES", 8, 0},
	{"RC4_128", methodStream, "RC4", 16, 0},
	{"NULL", methodNull, "", 0, 0},
}

// suiteHashes are the hashes that end suites' names.
var suiteHashes = map[string]func() hash.Hash{
	"_SHA384": sha512.New384, "_SHA256": sha256.New, "_SHA": sha1.New, "_MD5": md5.New, "": nil, "_NULL": nil,
}

// SuiteByID finds the suite with a number; ok is false when nothing here can
// open its records.
func SuiteByID(id uint16) (s Suite, ok bool) {
	name := layers.TLSSuiteName(id)
	_, rest, old := strings.Cut(name, "_WITH_")
	if !old {
		rest = strings.TrimPrefix(name, "TLS_")
	}
	for _, c := range suiteCiphers {
		end, found := strings.CutPrefix(rest, c.name)
		if !found {
			continue
		}
		sum, known := suiteHashes[end]
		draft := id>>8 == 0xcc && id < 0xcca8 // ChaCha20 before RFC 7905, with other nonces
		if !known || draft || strings.Contains(name, "EXPORT") {
			return Suite{}, false
		}
		s = Suite{ID: id, Hash: sum, method: c.method, cipher: c.cipher, keyLen: c.keyLen, tagLen: c.tagLen}
		if s.method <= methodBlock {
			s.mac = sum
		}
		// RFC 5246 section 5: SHA-256, unless a suite says something stronger.
		if end != "_SHA384" {
			s.Hash = sha256.New
		}
		return s, true
	}
	return Suite{}, false
}

// tls13 says whether the suite is one of TLS 1.3's (RFC 8446 appendix B.4).
func (s Suite) tls13() bool { return s.ID>>8 == 0x13 }
