package layers

import "strings"

const (
	rfcECDHE  = "RFC 8422 sec. 5.4"
	rfcDHE    = "RFC 5246 sec. 7.4.3"
	rfcExport = "RFC 2246 sec. 7.4.3"
	rfcKeyPSK = "RFC 4279 sec. 2"
	rfcCKE    = "RFC 5246 sec. 7.4.7"
	rfcJPAKE  = "draft-cragie-tls-ecjpake-01"
)

var (
	kxServerEC  = tlsText("", "EC Diffie-Hellman, server", TypeNone, rfcECDHE, "The server's half of an agreement on keys, on a curve.")
	kxCurveType = tlsEnum("tls.handshake.server_curve_type", "curve type", tlsCurveTypes, rfcECDHE, "Whether the curve has a name or is spelled out.")
	kxCurve     = tlsEnum("tls.handshake.server_named_curve", "curve", tlsGroups, rfcECDHE, "The curve that the agreement happens on.")
	kxServerPtN = tlsText("tls.handshake.server_point_len", "public key length", TypeUint, rfcECDHE, "How many bytes the key has.")
	kxServerPt  = tlsText("tls.handshake.server_point", "public key", TypeBytes, rfcECDHE, "The server's half, made for this session only: nobody who gets its certificate's key later can read the session.")
	kxSigN      = tlsText("tls.handshake.sig_len", "signature length", TypeUint, rfcDHE, "How many bytes the signature has.")
	kxSig       = tlsText("tls.handshake.sig", "signature", TypeBytes, rfcDHE, "The certificate's key has signed the server's half: it is not somebody else's.")
	kxServerDH  = tlsText("", "Diffie-Hellman, server", TypeNone, rfcDHE, "The server's half of an agreement on keys.")
	kxPLen      = tlsText("tls.handshake.p_len", "p length", TypeUint, rfcDHE, "How many bytes the prime has.")
	kxP         = tlsText("tls.handshake.p", "p", TypeBytes, rfcDHE, "The prime that both compute with.")
	kxGLen      = tlsText("tls.handshake.g_len", "g length", TypeUint, rfcDHE, "How many bytes the generator has.")
	kxG         = tlsText("tls.handshake.g", "g", TypeBytes, rfcDHE, "The number that both raise to a secret power.")
	kxYsLen     = tlsText("tls.handshake.ys_len", "public key length", TypeUint, rfcDHE, "How many bytes the key has.")
	kxYs        = tlsText("tls.handshake.ys", "public key", TypeBytes, rfcDHE, "The server's half: g to the power of its secret.")
	kxServerRSA = tlsText("", "RSA export key, server", TypeNone, rfcExport, "A weak key, for countries that strong ones must not be exported to; long forbidden.")
	kxModulusN  = tlsText("tls.handshake.modulus_len", "modulus length", TypeUint, rfcExport, "How many bytes the modulus has.")
	kxModulus   = tlsText("tls.handshake.modulus", "modulus", TypeBytes, rfcExport, "The product of two primes that is the key's main part.")
	kxExponentN = tlsText("tls.handshake.exponent_len", "exponent length", TypeUint, rfcExport, "How many bytes the exponent has.")
	kxExponent  = tlsText("tls.handshake.exponent", "exponent", TypeBytes, rfcExport, "The power that a message is raised to.")
	kxServerPSK = tlsText("", "pre-shared key, server", TypeNone, rfcKeyPSK, "The server's help to find the key that both have.")
	kxHintLen   = tlsText("tls.handshake.hint_len", "hint length", TypeUint, rfcKeyPSK, "How many bytes the hint has.")
	kxHint      = tlsText("tls.handshake.hint", "hint", TypeBytes, rfcKeyPSK, "Tells the client which of its keys to use.")

	kxClientEC  = tlsText("", "EC Diffie-Hellman, client", TypeNone, "RFC 8422 sec. 5.7", "The client's half of an agreement on keys, on a curve.")
	kxClientPtN = tlsText("tls.handshake.client_point_len", "public key length", TypeUint, "RFC 8422 sec. 5.7", "How many bytes the key has.")
	kxClientPt  = tlsText("tls.handshake.client_point", "public key", TypeBytes, "RFC 8422 sec. 5.7", "The client's half, made for this session only.")
	kxClientDH  = tlsText("", "Diffie-Hellman, client", TypeNone, rfcCKE, "The client's half of an agreement on keys.")
	kxYcLen     = tlsText("tls.handshake.yc_len", "public key length", TypeUint, rfcCKE, "How many bytes the key has.")
	kxYc        = tlsText("tls.handshake.yc", "public key", TypeBytes, rfcCKE, "The client's half: g to the power of its secret.")
	kxClientRSA = tlsText("", "RSA-encrypted premaster secret", TypeNone, rfcCKE, "The client's secret for the server: who has the certificate's key, even years later, can read the session.")
	kxEPMSLen   = tlsText("tls.handshake.epms_len", "encrypted premaster length", TypeUint, rfcCKE, "How many bytes the encrypted secret has.")
	kxEPMS      = tlsText("tls.handshake.epms", "encrypted premaster", TypeBytes, rfcCKE, "The secret that all keys are made from, encrypted with the certificate's key.")
	kxClientPSK = tlsText("", "pre-shared key, client", TypeNone, rfcKeyPSK, "Which key of both the client uses.")
	kxRSAPSK    = tlsText("", "RSA and pre-shared key, client", TypeNone, "RFC 4279 sec. 4", "Which key of both the client uses, and a secret for the server.")
	kxIDLen     = tlsText("tls.handshake.identity_len", "identity length", TypeUint, rfcKeyPSK, "How many bytes the identity has.")
	kxID        = tlsText("tls.handshake.identity", "identity", TypeBytes, rfcKeyPSK, "The name of the key, mostly of its owner.")

	kxServerJPAKE = tlsText("", "EC J-PAKE, server", TypeNone, rfcJPAKE, "The server's half of an agreement that a short password is enough for.")
	kxClientJPAKE = tlsText("", "EC J-PAKE, client", TypeNone, rfcJPAKE, "The client's half of an agreement that a short password is enough for.")
	kxJPAKE       = [2][]*Field{jpakeRows("c", "client"), jpakeRows("s", "server")}
)

func jpakeRows(letter, who string) (rows []*Field) {
	for _, part := range [][2]string{{"x", "public key"}, {"v", "ephemeral public key"}, {"r", "Schnorr signature"}} {
		name := "tls.handshake." + part[0] + letter
		rows = append(rows,
			tlsText(name+"_len", part[1]+" length", TypeUint, rfcJPAKE, "How many bytes follow."),
			tlsText(name, part[1], TypeBytes, rfcJPAKE, "The "+who+"'s "+part[1]+"."))
	}
	return rows
}

// keyExchange is how a cipher suite agrees on keys, which its name says:
// "ECDHE_RSA"; "" for those of TLS 1.3, which leave it open.
func keyExchange(suite uint16) string {
	name, _, ok := strings.Cut(tlsSuites[uint64(suite)], "_WITH_")
	if !ok {
		return ""
	}
	name = strings.TrimPrefix(strings.TrimPrefix(name, "TLS_"), "SSL_")
	name, _, _ = strings.Cut(name, "_EXPORT")
	if name == "PSK_DHE" {
		return "DHE_PSK"
	}
	return name
}

// serverKeys reads a Server Key Exchange: what is in it only the cipher suite
// tells.
func (m *tlsReader) serverKeys(end int) {
	kx := keyExchange(m.sess.Cipher)
	heading := kxServerEC
	var read func()
	switch kx {
	case "DHE_DSS", "DHE_RSA", "DH_anon":
		heading, read = kxServerDH, func() {
			m.counted(2, kxPLen, kxP, kxGLen, kxG, kxYsLen, kxYs)
			if kx != "DH_anon" {
				m.signed(end, m.sess.Version, kxSigN, kxSig)
			}
		}
	case "ECDH_ECDSA", "ECDH_RSA", "ECDHE_ECDSA", "ECDHE_RSA", "ECDH_anon":
		read = func() {
			if m.namedCurve(end) {
				m.counted(1, kxServerPtN, kxServerPt)
				if kx != "ECDH_anon" {
					m.signed(end, m.sess.Version, kxSigN, kxSig)
				}
			}
		}
	case "PSK", "RSA_PSK":
		if 2+m.peek(0, 2) != end-m.pos {
			return
		}
		heading, read = kxServerPSK, func() { m.counted(2, kxHintLen, kxHint) }
	case "RSA":
		heading, read = kxServerRSA, func() {
			m.counted(2, kxModulusN, kxModulus, kxExponentN, kxExponent)
			m.signed(end, m.sess.Version, kxSigN, kxSig)
		}
	case "ECJPAKE":
		heading, read = kxServerJPAKE, func() {
			if m.namedCurve(end) {
				m.counted(1, kxJPAKE[1]...)
			}
		}
	default:
		return
	}
	m.open(heading, max(0, end-m.pos), read)
}

// namedCurve reads which curve the server uses; false when it has no name, or
// nothing follows.
func (m *tlsReader) namedCurve(end int) bool {
	if m.add(kxCurveType, 1).Uint != 3 {
		return false
	}
	m.add(kxCurve, 2)
	return m.pos < end
}

// counted reads fields with a length of size bytes before each.
func (m *tlsReader) counted(size int, rows ...*Field) {
	for i := 0; i+1 < len(rows); i += 2 {
		n := int(m.add(rows[i], size).Uint)
		m.add(rows[i+1], n)
	}
}

// clientKeys reads a Client Key Exchange: what is in it only the cipher suite
// tells.
func (m *tlsReader) clientKeys(end int) {
	n := max(0, end-m.pos)
	switch keyExchange(m.sess.Cipher) {
	case "DHE_DSS", "DHE_RSA", "DH_anon", "DH_DSS", "DH_RSA":
		m.open(kxClientDH, n, func() { m.counted(2, kxYcLen, kxYc) })
	case "ECDH_ECDSA", "ECDH_RSA", "ECDHE_ECDSA", "ECDHE_RSA", "ECDH_anon":
		m.open(kxClientEC, n, func() { m.counted(1, kxClientPtN, kxClientPt) })
	case "PSK":
		m.open(kxClientPSK, n, func() { m.counted(2, kxIDLen, kxID) })
	case "RSA":
		m.open(kxClientRSA, n, func() {
			if m.sess.Version == verSSL3 || m.sess.Version == verSSL2 { // SSL 3 leaves the length out
				m.add(kxEPMS, n)
			} else {
				m.counted(2, kxEPMSLen, kxEPMS)
			}
		})
	case "RSA_PSK":
		m.open(kxRSAPSK, n, func() { m.counted(2, kxIDLen, kxID, kxEPMSLen, kxEPMS) })
	case "ECJPAKE":
		m.open(kxClientJPAKE, n, func() { m.counted(1, kxJPAKE[0]...) })
	}
}
