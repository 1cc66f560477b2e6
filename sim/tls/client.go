package tls

import (
	"bytes"
	"crypto/ecdh"
	"net"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"

	"strata/layers/tlskeys"
)

// asClient does the client's part of a handshake (RFC 8446 section 2):
//
//	Client Hello ──>
//	             <── Server Hello, {Encrypted Extensions, Certificate, Certificate Verify, Finished}
//	  {Finished} ──>
func (h *handshake) asClient() error {
	mine, key := h.clientHello()
	flight := out{h: h}
	first := mine.clientHello()
	flight.b = sealed(nil, nil, typeHandshake, first)
	if err := flight.send(); err != nil {
		return err
	}
	h.in.shake = true
	theirs, body, err := h.serverHello(&mine)
	if err != nil {
		return err
	}
	h.transcript = h.suite.Hash()
	h.transcript.Write(first)
	flight.b = nil
	flight.calm()
	if bytes.Equal(theirs.random, helloRetry[:]) {
		h.retried()
		h.note(msgServerHello, body)
		if key, err = h.retry(&mine, &theirs, key); err != nil {
			return err
		}
		flight.add(mine.clientHello())
		if err := flight.send(); err != nil {
			return err
		}
		flight.b = nil
		if theirs, body, err = h.serverHello(&mine); err != nil {
			return err
		}
	}
	if err := h.secretsOf(&theirs, key, body); err != nil {
		return err
	}
	return h.finishClient(&mine, &flight)
}

// clientHello is what the client offers, and the key that it offers first.
func (h *handshake) clientHello() (hello, *ecdh.PrivateKey) {
	cfg := h.cfg
	mine := hello{random: cfg.random(randomSize), session: cfg.random(32), suites: cfg.suites(), versions: []uint16{version13}, groups: cfg.groups(),
		signatures: slices.Concat(schemes, chainSchemes), protocols: cfg.Protocols}
	if net.ParseIP(cfg.ServerName) == nil { // RFC 6066 section 3: no addresses
		mine.name = strings.TrimSuffix(cfg.ServerName, ".")
	}
	h.random, h.name = mine.random, mine.name
	key := cfg.privateKey(mine.groups[0])
	mine.shares = []keyShare{{mine.groups[0], key.PublicKey().Bytes()}}
	return mine, key
}

// serverHello reads a Server Hello or a Hello Retry Request, and checks what
// holds for both. The second of the two must choose the same suite.
func (h *handshake) serverHello(mine *hello) (theirs hello, body []byte, err error) {
	kind, body, err := h.next()
	if err != nil {
		return theirs, nil, err
	}
	if kind != msgServerHello {
		return theirs, nil, fail(UnexpectedMessage, "a message of type %d where a Server Hello was due", kind)
	}
	theirs, ok := readServerHello(body)
	switch {
	case !ok:
		return theirs, nil, fail(DecodeError, "the Server Hello is broken")
	case len(theirs.versions) == 0 || theirs.versions[0] != version13:
		return theirs, nil, fail(ProtocolVersion, "the server does not speak TLS 1.3")
	case !bytes.Equal(theirs.session, mine.session):
		return theirs, nil, fail(IllegalParameter, "the server does not echo the session identifier")
	case !slices.Contains(mine.suites, theirs.suites[0]), h.transcript != nil && theirs.suites[0] != h.suite.ID:
		return theirs, nil, fail(IllegalParameter, "the server chose the cipher suite %04x", theirs.suites[0])
	}
	for _, e := range theirs.extensions {
		if e != extSupportedVersions && e != extKeyShare && e != extCookie {
			return theirs, nil, fail(UnsupportedExtension, "the Server Hello has the extension %d", e)
		}
	}
	h.suite, _ = tlskeys.SuiteByID(theirs.suites[0])
	return theirs, body, h.settled()
}

// retry makes the second Client Hello (RFC 8446 section 4.1.4).
func (h *handshake) retry(mine, theirs *hello, key *ecdh.PrivateKey) (*ecdh.PrivateKey, error) {
	switch {
	case len(theirs.groups) == 0 && theirs.cookie == nil:
		return nil, fail(IllegalParameter, "a Hello Retry Request that changes nothing")
	case len(theirs.groups) > 0:
		group := theirs.groups[0]
		if !slices.Contains(mine.groups, group) || group == mine.shares[0].group {
			return nil, fail(IllegalParameter, "a Hello Retry Request for the group %04x", group)
		}
		key = h.cfg.privateKey(group)
		mine.shares[0] = keyShare{group, key.PublicKey().Bytes()}
	}
	mine.cookie = theirs.cookie
	return key, nil
}

// secretsOf takes the Server Hello in: from here on everything is encrypted.
func (h *handshake) secretsOf(theirs *hello, key *ecdh.PrivateKey, body []byte) error {
	group := X25519
	if key.Curve() == ecdh.P256() {
		group = P256
	}
	switch {
	case bytes.Equal(theirs.random, helloRetry[:]):
		return fail(UnexpectedMessage, "a second Hello Retry Request")
	case len(theirs.shares) == 0:
		return fail(MissingExtension, "the Server Hello has no key share")
	case theirs.shares[0].group != group || theirs.cookie != nil:
		return fail(IllegalParameter, "the server uses the group %04x", theirs.shares[0].group)
	}
	shared, err := agree(key, theirs.shares[0].key)
	if err != nil {
		return err
	}
	h.note(msgServerHello, body)
	h.agreed(shared)
	return nil
}

// finishClient reads what the server sends encrypted, and answers.
func (h *handshake) finishClient(mine *hello, flight *out) error {
	body, err := h.want(msgEncryptedExtensions, "Encrypted Extensions")
	if err != nil {
		return err
	}
	if err := h.encryptedExtensions(mine, body); err != nil {
		return err
	}
	context, asked, err := h.serverCertificate()
	if err != nil {
		return err
	}
	if err := h.wantFinished(); err != nil {
		return err
	}
	client, server := h.dataSecrets()
	if asked { // we have none: RFC 8446 section 4.4.2
		flight.add(message(msgCertificate, func(b *cryptobyte.Builder) {
			b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(context) })
			b.AddUint24(0)
		}))
	}
	flight.add(message(msgFinished, func(b *cryptobyte.Builder) { b.AddBytes(h.finished(h.ours)) }))
	if err := flight.send(); err != nil {
		return err
	}
	h.in.keys = tlskeys.NewTraffic(h.suite, server)
	h.setKeys(client)
	return nil
}

// encryptedExtensions reads the server's answers to what was offered (RFC 8446
// section 4.3.1).
func (h *handshake) encryptedExtensions(mine *hello, body []byte) error {
	var theirs hello
	s := cryptobyte.String(body)
	foreign := uint16(0)
	ok := theirs.eachExtension(&s, func(kind uint16, s *cryptobyte.String) bool {
		switch {
		case kind == extALPN && len(mine.protocols) > 0:
			return readProtocols(s, &theirs.protocols)
		case kind != extGroups && (kind != extServerName || mine.name == ""):
			foreign = kind
		}
		return s.Skip(len(*s))
	})
	switch {
	case !ok || !s.Empty():
		return fail(DecodeError, "the Encrypted Extensions are broken")
	case foreign != 0 || mine.name == "" && theirs.has(extServerName):
		return fail(UnsupportedExtension, "the server answers the extension %d, which was not offered", foreign)
	case len(theirs.protocols) == 0:
		return nil
	case len(theirs.protocols) > 1 || !slices.Contains(mine.protocols, theirs.protocols[0]):
		return fail(IllegalParameter, "the server chose the protocol %q", theirs.protocols[0])
	}
	h.protocol = theirs.protocols[0]
	return nil
}

// serverCertificate reads who the server is, and checks it. Asked says that it
// wants to know, in turn, who the client is.
func (h *handshake) serverCertificate() (context []byte, asked bool, err error) {
	kind, body, err := h.next()
	if err != nil {
		return nil, false, err
	}
	if kind == msgCertificateRequest {
		s := cryptobyte.String(body)
		var request hello
		asked = s.ReadUint8LengthPrefixed((*cryptobyte.String)(&context)) && request.eachExtension(&s, func(_ uint16, s *cryptobyte.String) bool { return s.Skip(len(*s)) })
		if !asked || !s.Empty() {
			return nil, false, fail(DecodeError, "the Certificate Request is broken")
		}
		h.note(kind, body)
		if kind, body, err = h.next(); err != nil {
			return nil, false, err
		}
	}
	if kind != msgCertificate {
		return nil, false, fail(UnexpectedMessage, "a message of type %d where a Certificate was due", kind)
	}
	h.note(kind, body)
	leaf, err := h.cfg.checkChain(body)
	if err != nil {
		return nil, false, err
	}
	signed := signedContent(h.transcript.Sum(nil))
	if body, err = h.want(msgCertificateVerify, "Certificate Verify"); err != nil {
		return nil, false, err
	}
	return context, asked, checkSignature(leaf, body, signed)
}
