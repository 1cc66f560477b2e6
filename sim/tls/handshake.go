package tls

import (
	"bytes"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hmac"
	"hash"
	"slices"

	"strata/layers/tlskeys"
)

// handshake is a handshake under way.
type handshake struct {
	*Conn
	random       []byte    // the client's
	transcript   hash.Hash // of all messages so far (RFC 8446 section 4.4.1)
	again        bool      // the client was asked for another hello
	ours, theirs []byte    // traffic secrets of the handshake
	master       []byte
}

// next reads the peer's next message. It is not yet part of the transcript.
func (h *handshake) next() (kind uint8, body []byte, err error) {
	for {
		kind, body, whole, err := nextMessage(&h.begun)
		if err != nil || whole {
			return kind, body, err
		}
		record, content, err := h.in.record()
		switch {
		case err != nil:
			return 0, nil, err
		case record == typeAlert && len(h.begun) == 0:
			if err := peerAlert(content); err != nil {
				return 0, nil, err
			}
		case record != typeHandshake:
			return 0, nil, fail(UnexpectedMessage, "a record of type %d within the handshake", record)
		default:
			h.begun = append(h.begun, content...)
		}
	}
}

// want reads the peer's next message, which must be of a type, and makes it
// part of the transcript.
func (h *handshake) want(kind uint8, name string) ([]byte, error) {
	got, body, err := h.next()
	if err != nil {
		return nil, err
	}
	if got != kind {
		return nil, fail(UnexpectedMessage, "a message of type %d where a %s was due", got, name)
	}
	h.note(got, body)
	return body, nil
}

// note makes a message of the peer's part of the transcript.
func (h *handshake) note(kind uint8, body []byte) {
	n := len(body)
	h.transcript.Write([]byte{kind, byte(n >> 16), byte(n >> 8), byte(n)})
	h.transcript.Write(body)
}

// settled wants that no message goes on beyond a change of keys (RFC 8446
// section 5.1).
func (h *handshake) settled() error {
	if len(h.begun) > 0 {
		return fail(UnexpectedMessage, "a record goes on after its keys were changed")
	}
	return nil
}

// retried puts a hash for the first Client Hello into the transcript (RFC 8446
// section 4.4.1).
func (h *handshake) retried() {
	sum := h.transcript.Sum(nil)
	h.transcript.Reset()
	h.note(msgMessageHash, sum)
}

// secret is Derive-Secret (RFC 8446 section 7.1); no transcript: of no
// messages.
func (h *handshake) secret(from []byte, label string, transcript []byte) []byte {
	if transcript == nil {
		transcript = h.suite.Hash().Sum(nil)
	}
	return tlskeys.ExpandLabel(h.suite.Hash, from, label, transcript, h.suite.Hash().Size())
}

// extract is HKDF-Extract.
func (h *handshake) extract(secret, salt []byte) []byte {
	out, err := hkdf.Extract(h.suite.Hash, secret, salt)
	if err != nil {
		panic(err) // no hash of TLS 1.3's makes it fail
	}
	return out
}

// agreed makes the keys of the handshake and the master secret from what both
// have agreed on, when the transcript ends with the Server Hello (RFC 8446
// section 7.1).
func (h *handshake) agreed(shared []byte) {
	zeros := make([]byte, h.suite.Hash().Size())
	early := h.extract(zeros, nil)
	common := h.extract(shared, h.secret(early, "derived", nil))
	h.master = h.extract(zeros, h.secret(common, "derived", nil))
	sum := h.transcript.Sum(nil)
	client := h.secret(common, "c hs traffic", sum)
	server := h.secret(common, "s hs traffic", sum)
	h.tellSecret(tlskeys.ClientHandshakeSecret, client)
	h.tellSecret(tlskeys.ServerHandshakeSecret, server)
	h.ours, h.theirs = server, client
	if h.client {
		h.ours, h.theirs = client, server
	}
	h.in.keys = tlskeys.NewTraffic(h.suite, h.theirs)
	h.setKeys(h.ours)
}

// dataSecrets are the secrets of the data, of client and server, when the
// transcript ends with the server's Finished.
func (h *handshake) dataSecrets() (client, server []byte) {
	sum := h.transcript.Sum(nil)
	client = h.secret(h.master, "c ap traffic", sum)
	server = h.secret(h.master, "s ap traffic", sum)
	h.tellSecret(tlskeys.ClientTrafficSecret, client)
	h.tellSecret(tlskeys.ServerTrafficSecret, server)
	h.tellSecret(tlskeys.ExporterSecret, h.secret(h.master, "exp master", sum))
	return client, server
}

func (h *handshake) tellSecret(label string, secret []byte) {
	if h.cfg.Secret != nil {
		h.cfg.Secret(label, h.random, secret)
	}
}

// setKeys changes what is sent from here on over to another secret.
func (h *handshake) setKeys(secret []byte) {
	h.mu.Lock()
	h.keys = tlskeys.NewTraffic(h.suite, secret)
	h.mu.Unlock()
}

// finished is what a Finished holds, made with a traffic secret of the
// handshake (RFC 8446 section 4.4.4).
func (h *handshake) finished(secret []byte) []byte {
	key := tlskeys.ExpandLabel(h.suite.Hash, secret, "finished", nil, h.suite.Hash().Size())
	mac := hmac.New(h.suite.Hash, key)
	mac.Write(h.transcript.Sum(nil))
	return mac.Sum(nil)
}

// wantFinished reads the peer's Finished.
func (h *handshake) wantFinished() error {
	want := h.finished(h.theirs)
	got, err := h.want(msgFinished, "Finished")
	if err != nil {
		return err
	}
	if !hmac.Equal(got, want) {
		return fail(DecryptError, "the peer's Finished does not fit the handshake")
	}
	return h.settled()
}

// out is what is to be sent with one write.
type out struct {
	h *handshake
	b []byte
}

// add appends a message, under the keys in use.
func (o *out) add(message []byte) {
	o.h.transcript.Write(message)
	o.b = sealed(o.b, o.h.keys, typeHandshake, message)
}

// calm appends a Change Cipher Spec, which means nothing, for the sake of
// middleboxes (RFC 8446 appendix D.4).
func (o *out) calm() { o.b = append(o.b, typeChangeCipherSpec, 3, 3, 0, 1, 1) }

func (o *out) send() error {
	_, err := o.h.under.Write(o.b)
	return err
}

// privateKey makes a key for a group.
func (c *Config) privateKey(group uint16) *ecdh.PrivateKey {
	curve := ecdh.X25519()
	if group == P256 {
		curve = ecdh.P256()
	}
	for {
		key, err := curve.NewPrivateKey(c.random(32))
		if err == nil { // one in four billion is beyond P-256's order
			return key
		}
	}
}

// agree computes the secret that both share from the peer's public key.
func agree(key *ecdh.PrivateKey, public []byte) ([]byte, error) {
	peer, err := key.Curve().NewPublicKey(public)
	if err == nil {
		var shared []byte
		if shared, err = key.ECDH(peer); err == nil {
			return shared, nil
		}
	}
	return nil, fail(IllegalParameter, "the peer's public key is none: %w", err)
}

// first is the first of our values that is among theirs; false: none is.
func first(ours, theirs []uint16) (uint16, bool) {
	for _, v := range ours {
		if slices.Contains(theirs, v) {
			return v, true
		}
	}
	return 0, false
}

// sameHello says whether a second Client Hello differs from the first only in
// what may change (RFC 8446 section 4.1.2).
func sameHello(a, b *hello) bool {
	return bytes.Equal(a.random, b.random) && bytes.Equal(a.session, b.session) && a.name == b.name &&
		slices.Equal(a.suites, b.suites) && slices.Equal(a.groups, b.groups) && slices.Equal(a.versions, b.versions)
}
