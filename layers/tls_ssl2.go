package layers

import (
	"encoding/binary"
	"maps"
)

const rfcSSL2 = "RFC 5246 app. E.2"

var (
	v2Escape     = tlsText("tls.record.is_escape", "security escape", TypeBool, rfcSSL2, "The record is a message about security, not data; never used.")
	v2Padding    = tlsText("tls.record.padding_length", "padding length", TypeUint, rfcSSL2, "How many bytes of padding the record ends with.")
	v2Type       = tlsEnum("tls.handshake.type", "message type", ssl2Messages, rfcSSL2, "Which step of SSL 2's handshake it is.")
	v2SpecsLen   = tlsText("tls.handshake.cipher_spec_len", "cipher specs length", TypeUint, rfcSSL2, "How many bytes the list has, three for each.")
	v2IDLen      = tlsText("tls.handshake.session_id_length", "session identifier length", TypeUint, rfcSSL2, "How many bytes the identifier has.")
	v2ChallengeN = tlsText("tls.handshake.challenge_length", "challenge length", TypeUint, rfcSSL2, "How many bytes the challenge has.")
	v2Spec       = tlsEnum("tls.handshake.cipherspec", "cipher spec", ssl2Suites(), rfcSSL2, "A set of methods, in three bytes; those that begin with zero are suites of TLS.")
	v2Challenge  = tlsText("tls.handshake.challenge", "challenge", TypeNone, rfcSSL2, "The client's random bytes.")
	v2ClearN     = tlsText("tls.handshake.clear_key_length", "clear key length", TypeUint, "SSL 2 sec. 2.4", "How many bytes of the key are not encrypted.")
	v2SecretN    = tlsText("tls.handshake.encrypted_key_length", "encrypted key length", TypeUint, "SSL 2 sec. 2.4", "How many bytes the encrypted part of the key has.")
	v2ArgN       = tlsText("tls.handshake.key_arg_length", "key argument length", TypeUint, "SSL 2 sec. 2.4", "How many bytes the argument has.")
	v2Clear      = tlsText("tls.handshake.clear_key_data", "clear key", TypeNone, "SSL 2 sec. 2.4", "The part of the key that everybody may see: it made keys weak enough for export.")
	v2Secret     = tlsText("tls.handshake.encrypted_key", "encrypted key", TypeNone, "SSL 2 sec. 2.4", "The secret part of the key, encrypted for the server.")
	v2Arg        = tlsText("tls.handshake.key_arg", "key argument", TypeNone, "SSL 2 sec. 2.4", "What else the cipher needs to begin with.")
	v2Hit        = tlsText("tls.handshake.session_id_hit", "session found", TypeBool, "SSL 2 sec. 2.6", "Whether the server knows the session that the client wants to go on with.")
	v2CertType   = tlsEnum("tls.handshake.cert_type", "certificate type", map[uint64]string{0: "none", 1: "X.509"}, "SSL 2 sec. 2.6", "What kind of certificate follows.")
	v2CertLen    = tlsText("tls.handshake.certificate_length", "certificate length", TypeUint, "SSL 2 sec. 2.6", "How many bytes the certificate has.")
	v2ConnN      = tlsText("tls.handshake.connection_id_length", "connection identifier length", TypeUint, "SSL 2 sec. 2.6", "How many bytes the identifier has.")
	v2Conn       = tlsText("tls.handshake.connection_id", "connection identifier", TypeNone, "SSL 2 sec. 2.6", "The server's random bytes.")

	ssl2Messages = map[uint64]string{
		0: "Error", 1: "Client Hello", 2: "Client Master Key", 3: "Client Finished", 4: "Server Hello", 5: "Server Verify",
		6: "Server Finished", 7: "Request Certificate", 8: "Client Certificate",
	}
)

func ssl2Suites() map[uint64]string {
	names := maps.Clone(tlsSuites)
	maps.Copy(names, map[uint64]string{
		0x010080: "SSL2_RC4_128_WITH_MD5", 0x020080: "SSL2_RC4_128_EXPORT40_WITH_MD5", 0x030080: "SSL2_RC2_128_CBC_WITH_MD5",
		0x040080: "SSL2_RC2_128_CBC_EXPORT40_WITH_MD5", 0x050080: "SSL2_IDEA_128_CBC_WITH_MD5", 0x060040: "SSL2_DES_64_CBC_WITH_MD5",
		0x0700c0: "SSL2_DES_192_EDE3_CBC_WITH_MD5", 0x080080: "SSL2_RC4_64_WITH_MD5",
	})
	return names
}

const ssl2MaxID = 16 // bytes of a session identifier

// ssl2 reads a record of SSL 2 of n bytes, header included. One that does not
// look like an early message of the handshake is encrypted.
func (m *tlsReader) ssl2(n int) {
	head := ssl2HeaderSize(m.data[m.pos])
	if !m.ok(head + 1) {
		return
	}
	m.version = verSSL2
	start, message := m.pos, m.data[m.pos+head:]
	m.sess.ssl2(message[0])
	if ssl2Messages[uint64(message[0])] == "" || !looksLikeSSL2(message, n-head) {
		m.words = append(m.words, "Encrypted Data")
		return
	}
	m.words = append(m.words, ssl2Messages[uint64(message[0])])
	if length := m.over(m.out, tlsLength, head); length.Field != nil {
		length.Uint = uint64(n - head)
		length.Show = show(tlsLength, length.Uint, nil)
	}
	if head == 3 {
		escape := m.over(m.out, v2Escape, 1)
		escape.Uint = escape.Uint >> 6 & 1
		m.skip(2)
		m.add(v2Padding, 1)
	} else {
		m.skip(2)
	}
	switch m.add(v2Type, 1).Uint {
	case 1:
		m.sess.Server = m.dst
		m.ssl2ClientHello()
	case 2:
		m.ssl2MasterKey()
	case 4:
		m.ssl2ServerHello()
	}
	m.seek(start + n)
}

// looksLikeSSL2 says whether a message of size bytes can be one that is not
// encrypted.
func looksLikeSSL2(b []byte, size int) bool {
	if len(b) < 10 {
		return false
	}
	word := func(at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
	switch b[0] {
	case 1:
		return ssl2Version(word(1))
	case 2:
		return word(4)+word(6)+word(8) <= size
	case 4:
		return ssl2Version(word(3))
	}
	return false
}

func ssl2Version(v int) bool { return tlsVersions[uint64(v)] != "" }

func (m *tlsReader) ssl2ClientHello() {
	m.add(helloVersion, 2)
	specs := int(m.add(v2SpecsLen, 2).Uint)
	id := int(m.add(v2IDLen, 2).Uint)
	if id > ssl2MaxID {
		m.expert(Error, "tls.handshake.session_id_length.error", "A session identifier has at most 16 bytes.", m.pos-2, 2)
		return
	}
	challenge := int(m.add(v2ChallengeN, 2).Uint)
	m.ssl2Specs(specs)
	m.add(helloID, id)
	m.add(v2Challenge, challenge)
}

func (m *tlsReader) ssl2Specs(n int) {
	end := m.pos + n
	m.open(helloSuites, n, func() {
		for m.pos < end && !*m.broken {
			m.add(v2Spec, 3)
		}
	})
}

func (m *tlsReader) ssl2MasterKey() {
	m.add(v2Spec, 3)
	clear, secret, arg := int(m.add(v2ClearN, 2).Uint), int(m.add(v2SecretN, 2).Uint), int(m.add(v2ArgN, 2).Uint)
	m.add(v2Clear, clear)
	m.add(v2Secret, secret)
	m.add(v2Arg, arg)
}

func (m *tlsReader) ssl2ServerHello() {
	m.add(v2Hit, 1)
	m.add(v2CertType, 1)
	m.add(helloVersion, 2)
	cert, specs, conn := int(m.add(v2CertLen, 2).Uint), int(m.add(v2SpecsLen, 2).Uint), int(m.add(v2ConnN, 2).Uint)
	m.certificate(cert, false)
	if specs > 0 {
		m.ssl2Specs(specs)
	}
	m.add(v2Conn, conn)
}
