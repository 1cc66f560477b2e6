package tls

import (
	"slices"

	"golang.org/x/crypto/cryptobyte"

	"strata/layers/tlskeys"
)

// maxEarly is how many bytes of early data are passed over, which no session
// here allows (RFC 8446 section 4.2.10).
const maxEarly = 1 << 16

// asServer does the server's part of a handshake (RFC 8446 section 2).
func (h *handshake) asServer() error {
	theirs, body, err := h.clientHelloFrom()
	if err != nil {
		return err
	}
	h.in.shake = true
	h.random, h.name = theirs.random, theirs.name
	if theirs.early {
		h.in.early = maxEarly
	}
	id, ok := first(h.cfg.suites(), theirs.suites)
	if !ok {
		return fail(HandshakeFailure, "the client has no cipher suite in common with the server")
	}
	h.suite, _ = tlskeys.SuiteByID(id)
	h.transcript = h.suite.Hash()
	h.note(msgClientHello, body)
	if err := h.chooseProtocol(&theirs); err != nil {
		return err
	}
	certificate, scheme, err := h.cfg.choose(&theirs)
	if err != nil {
		return err
	}
	flight := out{h: h}
	group, err := h.group(&theirs, &flight)
	if err != nil {
		return err
	}
	key := h.cfg.privateKey(group)
	shared, err := agree(key, theirs.share(group))
	if err != nil {
		return err
	}
	mine := hello{random: h.cfg.random(randomSize), session: theirs.session, suites: []uint16{id}, shares: []keyShare{{group, key.PublicKey().Bytes()}}}
	flight.add(mine.serverHello())
	if len(theirs.session) > 0 && !h.again {
		flight.calm()
	}
	h.agreed(shared)
	return h.finishServer(&flight, certificate, scheme)
}

// clientHelloFrom reads a Client Hello, and checks what needs no choice.
func (h *handshake) clientHelloFrom() (theirs hello, body []byte, err error) {
	kind, body, err := h.next()
	if err != nil {
		return theirs, nil, err
	}
	if kind != msgClientHello {
		return theirs, nil, fail(UnexpectedMessage, "a message of type %d where a Client Hello was due", kind)
	}
	theirs, ok := readClientHello(body)
	switch {
	case !ok:
		return theirs, nil, fail(DecodeError, "the Client Hello is broken")
	case !slices.Contains(theirs.versions, version13):
		return theirs, nil, fail(ProtocolVersion, "the client does not speak TLS 1.3")
	case string(theirs.methods) != "\x00":
		return theirs, nil, fail(IllegalParameter, "the client wants to compress")
	}
	for _, e := range []uint16{extGroups, extSignatures, extKeyShare} { // RFC 8446 section 9.2
		if !theirs.has(e) {
			return theirs, nil, fail(MissingExtension, "the Client Hello lacks the extension %d", e)
		}
	}
	for _, s := range theirs.shares {
		if !slices.Contains(theirs.groups, s.group) { // RFC 8446 section 4.2.8
			return theirs, nil, fail(IllegalParameter, "a key for the group %04x, which the client does not offer", s.group)
		}
	}
	return theirs, body, h.settled()
}

// chooseProtocol finds what both can speak within the session (RFC 7301
// section 3.2).
func (h *handshake) chooseProtocol(theirs *hello) error {
	if len(theirs.protocols) == 0 || len(h.cfg.Protocols) == 0 {
		return nil
	}
	for _, name := range h.cfg.Protocols {
		if slices.Contains(theirs.protocols, name) {
			h.protocol = name
			return nil
		}
	}
	return fail(NoApplicationProtocol, "the client speaks %q, the server %q", theirs.protocols, h.cfg.Protocols)
}

// group chooses the group that keys are agreed in. If the client has sent no
// key for one that both know, it is asked for another Client Hello.
func (h *handshake) group(theirs *hello, flight *out) (uint16, error) {
	for _, group := range h.cfg.groups() {
		if theirs.share(group) != nil {
			return group, nil
		}
	}
	group, ok := first(h.cfg.groups(), theirs.groups)
	if !ok {
		return 0, fail(HandshakeFailure, "the client has no group in common with the server")
	}
	h.retried()
	retry := hello{random: helloRetry[:], session: theirs.session, suites: []uint16{h.suite.ID}, groups: []uint16{group}}
	flight.add(retry.serverHello())
	if len(theirs.session) > 0 {
		flight.calm()
	}
	if err := flight.send(); err != nil {
		return 0, err
	}
	flight.b, h.again = nil, true
	second, body, err := h.clientHelloFrom()
	switch {
	case err != nil:
		return 0, err
	case !sameHello(theirs, &second) || second.early || len(second.shares) != 1 || second.share(group) == nil:
		return 0, fail(IllegalParameter, "the second Client Hello is not what was asked for")
	}
	h.note(msgClientHello, body)
	*theirs = second
	return group, nil
}

// finishServer sends what comes encrypted, and reads the client's answer.
func (h *handshake) finishServer(flight *out, certificate *Certificate, scheme uint16) error {
	flight.add(message(msgEncryptedExtensions, func(b *cryptobyte.Builder) {
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
			if h.protocol != "" {
				addProtocols(b, []string{h.protocol})
			}
		})
	}))
	flight.add(message(msgCertificate, func(b *cryptobyte.Builder) {
		b.AddUint8(0)
		b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) {
			for _, der := range certificate.Chain {
				b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(der) })
				b.AddUint16(0)
			}
		})
	}))
	signature, err := certificate.sign(scheme, signedContent(h.transcript.Sum(nil)))
	if err != nil {
		return &Error{Alert: InternalError, Cause: err}
	}
	flight.add(message(msgCertificateVerify, func(b *cryptobyte.Builder) {
		b.AddUint16(scheme)
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(signature) })
	}))
	flight.add(message(msgFinished, func(b *cryptobyte.Builder) { b.AddBytes(h.finished(h.ours)) }))
	if err := flight.send(); err != nil {
		return err
	}
	client, server := h.dataSecrets()
	h.setKeys(server)
	if err := h.wantFinished(); err != nil {
		return err
	}
	h.in.keys = tlskeys.NewTraffic(h.suite, client)
	return nil
}
