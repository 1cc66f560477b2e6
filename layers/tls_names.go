package layers

import "fmt"

// tlsInner are the programs' protocols that are known to be spoken in TLS at
// a port of their own.
var tlsInner = map[uint16]string{
	324: "RPKI-Router Protocol", 443: "Hypertext Transfer Protocol", 465: "Simple Mail Transfer Protocol", 636: "Lightweight Directory Access Protocol",
	802: "Modbus/TCP", 853: "Domain Name System", 993: "Internet Message Access Protocol", 995: "Post Office Protocol", 1300: "Q.931",
	2221: "EtherNet/IP", 2443: "Skinny Client Control Protocol", 3249: "OPA Fabric Executive", 3250: "OPA Fabric Executive",
	3251: "OPA Fabric Executive", 3252: "OPA Fabric Executive", 3389: "TPKT", 3496: "Diagnostics over IP", 5061: "Session Initiation Protocol",
	5671: "Advanced Message Queuing Protocol", 5684: "Constrained Application Protocol", 5868: "Diameter Protocol",
	8883: "MQ Telemetry Transport Protocol", 11207: "Couchbase Protocol", 19999: "Distributed Network Protocol 3.0", 27017: "MongoDB Wire Protocol",
}

// tlsPort says whether connections to a port begin with TLS: all those above,
// but for remote desktops, which agree on it first.
func tlsPort(port uint16) bool { return tlsInner[port] != "" && port != 3389 }

func init() {
	for port := range tlsInner {
		if tlsPort(port) {
			tcpApplications[port] = (*dissector).tls
		}
	}
}

var tlsContents = map[uint64]string{
	tlsChangeCipherSpec: "Change Cipher Spec", tlsAlert: "Alert", tlsHandshake: "Handshake", tlsAppData: "Application Data",
	tlsHeartbeat: "Heartbeat", tlsConnectionID: "Connection ID",
}

// Versions, with the values that clients send to keep servers used to the
// unknown (GREASE, RFC 8701).
var tlsVersions = greased(map[uint64]string{
	verSSL2: "SSL 2.0", verSSL3: "SSL 3.0", verTLS10: "TLS 1.0", verTLS11: "TLS 1.1", verTLS12: "TLS 1.2", verTLS13: "TLS 1.3", verTLCP: "TLCP",
	0x0100: "DTLS 1.0 (OpenSSL before 0.9.8f)", 0xfeff: "DTLS 1.0", 0xfefd: "DTLS 1.2", 0xfefc: "DTLS 1.3",
	0xfb17: "TLS 1.3 (Facebook draft 23)", 0xfb1a: "TLS 1.3 (Facebook draft 26)",
	0x7f0e: "TLS 1.3 (draft 14)", 0x7f0f: "TLS 1.3 (draft 15)", 0x7f10: "TLS 1.3 (draft 16)", 0x7f11: "TLS 1.3 (draft 17)",
	0x7f12: "TLS 1.3 (draft 18)", 0x7f13: "TLS 1.3 (draft 19)", 0x7f14: "TLS 1.3 (draft 20)", 0x7f15: "TLS 1.3 (draft 21)",
	0x7f16: "TLS 1.3 (draft 22)", 0x7f17: "TLS 1.3 (draft 23)", 0x7f18: "TLS 1.3 (draft 24)", 0x7f19: "TLS 1.3 (draft 25)",
	0x7f1a: "TLS 1.3 (draft 26)", 0x7f1b: "TLS 1.3 (draft 27)", 0x7f1c: "TLS 1.3 (draft 28)",
})

// greased adds GREASE's values of two bytes to names.
func greased(names map[uint64]string) map[uint64]string {
	for v := uint64(0x0a0a); v <= 0xfafa; v += 0x1010 {
		names[v] = "reserved (GREASE)"
	}
	return names
}

// isGrease says whether a value of two bytes is one of GREASE's.
func isGrease(v uint64) bool { return v&0x0f0f == 0x0a0a }

var tlsAlerts = map[uint64]string{
	0: "close notify", 1: "end of early data", 10: "unexpected message", 20: "bad record MAC", 21: "decryption failed", 22: "record overflow",
	30: "decompression failure", 40: "handshake failure", 41: "no certificate", 42: "bad certificate", 43: "unsupported certificate",
	44: "certificate revoked", 45: "certificate expired", 46: "certificate unknown", 47: "illegal parameter", 48: "unknown CA",
	49: "access denied", 50: "decode error", 51: "decrypt error", 60: "export restriction", 70: "protocol version",
	71: "insufficient security", 80: "internal error", 86: "inappropriate fallback", 90: "user canceled", 100: "no renegotiation",
	109: "missing extension", 110: "unsupported extension", 111: "certificate unobtainable", 112: "unrecognized name",
	113: "bad certificate status response", 114: "bad certificate hash value", 115: "unknown PSK identity", 116: "certificate required",
	120: "no application protocol", 121: "ECH required",
}

// Handshake messages whose numbers decide something.
const (
	hsHelloRequest   = 0
	hsClientHello    = 1
	hsServerHello    = 2
	hsHelloVerify    = 3 // DTLS only
	hsNewTicket      = 4
	hsEndEarlyData   = 5
	hsHelloRetry     = 6 // drafts of TLS 1.3
	hsEncryptedExts  = 8
	hsCertificate    = 11
	hsServerKeys     = 12
	hsCertRequest    = 13
	hsServerDone     = 14
	hsCertVerify     = 15
	hsClientKeys     = 16
	hsFinished       = 20
	hsCertURL        = 21
	hsCertStatus     = 22
	hsSupplemental   = 23
	hsKeyUpdate      = 24
	hsCompressedCert = 25
	hsNextProtocol   = 67
)

var tlsMessages = map[uint64]string{
	hsHelloRequest: "Hello Request", hsClientHello: "Client Hello", hsServerHello: "Server Hello", hsHelloVerify: "Hello Verify Request",
	hsNewTicket: "New Session Ticket", hsEndEarlyData: "End of Early Data", hsHelloRetry: "Hello Retry Request", hsEncryptedExts: "Encrypted Extensions",
	hsCertificate: "Certificate", hsServerKeys: "Server Key Exchange", hsCertRequest: "Certificate Request", hsServerDone: "Server Hello Done",
	hsCertVerify: "Certificate Verify", hsClientKeys: "Client Key Exchange", hsFinished: "Finished", hsCertURL: "Client Certificate URL",
	hsCertStatus: "Certificate Status", hsSupplemental: "Supplemental Data", hsKeyUpdate: "Key Update", hsCompressedCert: "Compressed Certificate",
	hsNextProtocol: "Encrypted Extensions (NPN)",
}

// tlsGroups are the groups for key exchange (RFC 8446 section 4.2.7, RFC 8422,
// RFC 7919, and IANA's registry).
var tlsGroups = greased(map[uint64]string{
	1: "sect163k1", 2: "sect163r1", 3: "sect163r2", 4: "sect193r1", 5: "sect193r2", 6: "sect233k1", 7: "sect233r1", 8: "sect239k1",
	9: "sect283k1", 10: "sect283r1", 11: "sect409k1", 12: "sect409r1", 13: "sect571k1", 14: "sect571r1", 15: "secp160k1", 16: "secp160r1",
	17: "secp160r2", 18: "secp192k1", 19: "secp192r1", 20: "secp224k1", 21: "secp224r1", 22: "secp256k1", 23: "secp256r1", 24: "secp384r1",
	25: "secp521r1", 26: "brainpoolP256r1", 27: "brainpoolP384r1", 28: "brainpoolP512r1", 29: "x25519", 30: "x448",
	31: "brainpoolP256r1tls13", 32: "brainpoolP384r1tls13", 33: "brainpoolP512r1tls13", 41: "curveSM2",
	256: "ffdhe2048", 257: "ffdhe3072", 258: "ffdhe4096", 259: "ffdhe6144", 260: "ffdhe8192",
	512: "MLKEM512", 513: "MLKEM768", 514: "MLKEM1024", 0x11eb: "SecP256r1MLKEM768", 0x11ec: "X25519MLKEM768", 0x11ed: "SecP384r1MLKEM1024",
	0x6399: "X25519Kyber768Draft00", 0x639a: "SecP256r1Kyber768Draft00", 0xff01: "any prime curve", 0xff02: "any binary curve",
})

var (
	tlsHashes     = map[uint64]string{0: "none", 1: "MD5", 2: "SHA1", 3: "SHA224", 4: "SHA256", 5: "SHA384", 6: "SHA512", 7: "SM3", 8: "intrinsic"}
	tlsSigners    = map[uint64]string{0: "anonymous", 1: "RSA", 2: "DSA", 3: "ECDSA", 4: "SM2", 7: "Ed25519", 8: "Ed448"}
	tlsSignatures = signatureNames()
)

// signatureNames are the signature schemes of TLS 1.3 (RFC 8446 section
// 4.2.3), and the pairs of hash and signer that TLS 1.2 had in their place.
func signatureNames() map[uint64]string {
	names := greased(map[uint64]string{
		0x0201: "rsa_pkcs1_sha1", 0x0203: "ecdsa_sha1", 0x0401: "rsa_pkcs1_sha256", 0x0403: "ecdsa_secp256r1_sha256", 0x0501: "rsa_pkcs1_sha384",
		0x0503: "ecdsa_secp384r1_sha384", 0x0601: "rsa_pkcs1_sha512", 0x0603: "ecdsa_secp521r1_sha512", 0x0708: "sm2sig_sm3",
		0x0804: "rsa_pss_rsae_sha256", 0x0805: "rsa_pss_rsae_sha384", 0x0806: "rsa_pss_rsae_sha512", 0x0807: "ed25519", 0x0808: "ed448",
		0x0809: "rsa_pss_pss_sha256", 0x080a: "rsa_pss_pss_sha384", 0x080b: "rsa_pss_pss_sha512",
		0x081a: "ecdsa_brainpoolP256r1tls13_sha256", 0x081b: "ecdsa_brainpoolP384r1tls13_sha384", 0x081c: "ecdsa_brainpoolP512r1tls13_sha512",
		0x0904: "mldsa44", 0x0905: "mldsa65", 0x0906: "mldsa87",
	})
	for hash := range uint64(8) {
		for signer := range uint64(4) {
			if v := hash<<8 | signer; names[v] == "" {
				names[v] = fmt.Sprint(tlsHashes[hash], " ", tlsSigners[signer])
			}
		}
	}
	return names
}

var (
	tlsCompressions = map[uint64]string{0: "none", 1: "DEFLATE", 64: "LZS"}
	tlsPointFormats = map[uint64]string{0: "uncompressed", 1: "compressed (prime)", 2: "compressed (binary)"}
	tlsCurveTypes   = map[uint64]string{1: "explicit prime", 2: "explicit binary", 3: "named curve"}
	tlsCertTypes    = map[uint64]string{
		1: "RSA signature", 2: "DSS signature", 3: "RSA fixed DH", 4: "DSS fixed DH", 5: "RSA ephemeral DH", 6: "DSS ephemeral DH", 20: "Fortezza",
		21: "GOST R 34.10-94", 22: "GOST R 34.10-2001", 64: "ECDSA signature", 65: "RSA fixed ECDH", 66: "ECDSA fixed ECDH", 67: "GOST 256", 68: "GOST 512", 80: "IBC",
	}
)
