package tls

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	_ "crypto/sha256" // for crypto.Hash
	_ "crypto/sha512"
	"crypto/x509"
	"errors"
	"slices"

	"golang.org/x/crypto/cryptobyte"
)

// Signature schemes (RFC 8446 section 4.2.3).
const (
	schemeECDSA256  = 0x0403
	schemeECDSA384  = 0x0503
	schemeRSAPSS256 = 0x0804
	schemeRSAPSS384 = 0x0805
	schemeRSAPSS512 = 0x0806
	schemeEd25519   = 0x0807
)

// schemes are those that a server may sign a handshake with; chainSchemes are
// taken in its certificates, too.
var (
	schemes      = []uint16{schemeEd25519, schemeECDSA256, schemeECDSA384, schemeRSAPSS256, schemeRSAPSS384, schemeRSAPSS512}
	chainSchemes = []uint16{0x0401, 0x0501, 0x0601} // RSA as in PKCS #1
	schemeHashes = map[uint16]crypto.Hash{schemeECDSA256: crypto.SHA256, schemeECDSA384: crypto.SHA384,
		schemeRSAPSS256: crypto.SHA256, schemeRSAPSS384: crypto.SHA384, schemeRSAPSS512: crypto.SHA512}
)

// maxChain is how many certificates a server may send.
const maxChain = 16

// signedContent is what a server signs of the transcript's hash (RFC 8446
// section 4.4.3).
func signedContent(sum []byte) []byte {
	b := slices.Repeat([]byte{' '}, 64)
	b = append(b, "TLS 1.3, server CertificateVerify\x00"...)
	return append(b, sum...)
}

// scheme is how the certificate's key signs; 0: it cannot be used.
func (c *Certificate) scheme() uint16 {
	switch key := c.Key.Public().(type) {
	case ed25519.PublicKey:
		return schemeEd25519
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P256() {
			return schemeECDSA256
		}
	}
	return 0
}

// choose finds a certificate for a client.
func (c *Config) choose(theirs *hello) (*Certificate, uint16, error) {
	var found *Certificate
	for i := range c.Certificates {
		own := &c.Certificates[i]
		if scheme := own.scheme(); scheme == 0 || !slices.Contains(theirs.signatures, scheme) {
			continue
		}
		leaf, err := x509.ParseCertificate(own.Chain[0])
		if err == nil && theirs.name != "" && leaf.VerifyHostname(theirs.name) == nil {
			return own, own.scheme(), nil
		}
		if found == nil {
			found = own
		}
	}
	if found == nil {
		return nil, 0, fail(HandshakeFailure, "the client can check no certificate of the server's")
	}
	return found, found.scheme(), nil
}

// sign signs a handshake; with the same key and content, the signature is the
// same: Ed25519 needs no randomness, and ECDSA takes it from both (RFC 6979).
func (c *Certificate) sign(scheme uint16, content []byte) ([]byte, error) {
	hash, ok := schemeHashes[scheme]
	if !ok {
		return c.Key.Sign(nil, content, crypto.Hash(0))
	}
	sum := hash.New()
	sum.Write(content)
	return c.Key.Sign(nil, sum.Sum(nil), hash)
}

// checkChain checks the certificates that a server has sent (RFC 8446 section
// 4.4.2), and gives its own.
func (c *Config) checkChain(body []byte) (*x509.Certificate, error) {
	s := cryptobyte.String(body)
	var context, list cryptobyte.String
	if !s.ReadUint8LengthPrefixed(&context) || len(context) > 0 || !s.ReadUint24LengthPrefixed(&list) || !s.Empty() {
		return nil, fail(DecodeError, "the Certificate is broken")
	}
	var leaf *x509.Certificate
	others := x509.NewCertPool()
	for n := 0; !list.Empty(); n++ {
		var der cryptobyte.String
		var entry hello
		if !list.ReadUint24LengthPrefixed(&der) || !entry.eachExtension(&list, func(_ uint16, s *cryptobyte.String) bool { return s.Skip(len(*s)) }) {
			return nil, fail(DecodeError, "the Certificate is broken")
		}
		one, err := x509.ParseCertificate(der)
		switch {
		case err != nil:
			return nil, fail(BadCertificate, "the server's certificate cannot be read: %w", err)
		case len(entry.extensions) > 0:
			return nil, fail(UnsupportedExtension, "the certificate has the extension %d, which was not asked for", entry.extensions[0])
		case n == maxChain:
			return nil, fail(BadCertificate, "more than %d certificates", n)
		case leaf == nil:
			leaf = one
		default:
			others.AddCert(one)
		}
	}
	if leaf == nil {
		return nil, fail(DecodeError, "the server sends no certificate")
	}
	roots := c.Roots
	if roots == nil {
		roots = x509.NewCertPool() // nil would mean this machine's
	}
	if _, err := leaf.Verify(x509.VerifyOptions{DNSName: c.ServerName, Roots: roots, Intermediates: others, CurrentTime: c.Time()}); err != nil {
		return nil, fail(chainAlert(err), "the server's certificate is refused: %w", err)
	}
	return leaf, nil
}

// chainAlert is the alert for what is wrong with a chain of certificates.
func chainAlert(err error) Alert {
	var authority x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &authority):
		return UnknownCA
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return CertificateExpired
	}
	return BadCertificate
}

// checkSignature reads a Certificate Verify, and checks that the server has
// the key of its certificate (RFC 8446 section 4.4.3).
func checkSignature(leaf *x509.Certificate, body, content []byte) error {
	s := cryptobyte.String(body)
	var scheme uint16
	var signature cryptobyte.String
	if !s.ReadUint16(&scheme) || !s.ReadUint16LengthPrefixed(&signature) || !s.Empty() {
		return fail(DecodeError, "the Certificate Verify is broken")
	}
	sum := content
	if hash, ok := schemeHashes[scheme]; ok {
		h := hash.New()
		h.Write(content)
		sum = h.Sum(nil)
	}
	good, fits := false, false
	switch key := leaf.PublicKey.(type) {
	case ed25519.PublicKey:
		if fits = scheme == schemeEd25519; fits {
			good = ed25519.Verify(key, sum, signature)
		}
	case *ecdsa.PublicKey:
		if fits = scheme == schemeECDSA256 && key.Curve == elliptic.P256() || scheme == schemeECDSA384 && key.Curve == elliptic.P384(); fits {
			good = ecdsa.VerifyASN1(key, sum, signature)
		}
	case *rsa.PublicKey:
		if fits = scheme >= schemeRSAPSS256 && scheme <= schemeRSAPSS512; fits {
			good = rsa.VerifyPSS(key, schemeHashes[scheme], sum, signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
		}
	}
	switch {
	case !fits:
		return fail(IllegalParameter, "the server signs by the scheme %04x, which does not fit its certificate", scheme)
	case !good:
		return fail(DecryptError, "the server's signature is wrong: it does not have the key of its certificate")
	}
	return nil
}
