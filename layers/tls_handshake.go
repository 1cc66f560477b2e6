package layers

var (
	tlsMessage = tlsText("tls.handshake", "handshake message", TypeNone, rfcHandshake, "A step of the talk in which both sides agree on keys and show who they are.")
	tlsMsgType = tlsEnum("tls.handshake.type", "type", tlsMessages, rfcHandshake, "Which step of the handshake it is.")
	tlsMsgLen  = tlsText("tls.handshake.length", "length", TypeUint, rfcHandshake, "How many bytes the message has after this.")

	tlsPieces = tlsText("tls.handshake.fragments", "fragments", TypeNone, rfcRecord, "The records that the message came in, put together again.")
	tlsPiece  = tlsText("tls.handshake.fragment", "fragment", TypeNone, rfcRecord, "What one record brought of the message.")

	tlsVerify   = tlsText("tls.handshake.verify_data", "verify data", TypeNone, "RFC 8446 sec. 4.4.4", "A checksum over the whole handshake that only who has the keys can make: nobody has changed it on the way.")
	tlsMD5Hash  = tlsText("tls.handshake.md5_hash", "MD5 hash", TypeNone, "RFC 6101 sec. 5.6.9", "Half of SSL 3's proof that nobody has changed the handshake on the way.")
	tlsSHAHash  = tlsText("tls.handshake.sha_hash", "SHA-1 hash", TypeNone, "RFC 6101 sec. 5.6.9", "The other half of SSL 3's proof that nobody has changed the handshake on the way.")
	tlsUpdate   = tlsEnum("tls.handshake.key_update.request_update", "key update", map[uint64]string{0: "update not requested", 1: "update requested"}, "RFC 8446 sec. 4.6.3", "The sender's next data is under new keys; whether the other side shall change its keys, too.")
	tlsVfySigN  = tlsText("tls.handshake.client_cert_vrfy.sig_len", "signature length", TypeUint, "RFC 8446 sec. 4.4.3", "How many bytes the signature has.")
	tlsVfySig   = tlsText("tls.handshake.client_cert_vrfy.sig", "signature", TypeBytes, "RFC 8446 sec. 4.4.3", "Proves that the sender has the private key that belongs to its certificate.")
	tlsNPNLen   = tlsText("tls.handshake.npn_selected_protocol_len", "protocol length", TypeUint, rfcNPN, "How many bytes the name has.")
	tlsNPNName  = tlsText("tls.handshake.npn_selected_protocol", "selected protocol", TypeString, rfcNPN, "The protocol that the client chose from the server's list.")
	tlsNPNPadN  = tlsText("tls.handshake.npn_padding_len", "padding length", TypeUint, rfcNPN, "How many bytes of padding follow.")
	tlsNPNPad   = tlsText("tls.handshake.npn_padding", "padding", TypeBytes, rfcNPN, "Hides how long the name is.")
	tlsURLType  = tlsEnum("tls.handshake.cert_url_type", "chain type", map[uint64]string{1: "individual certificates", 2: "PKI path"}, rfcCertURL, "Whether each address names a certificate, or one a whole chain.")
	tlsURLsLen  = tlsText("tls.handshake.cert_url.url_hash_len", "list length", TypeUint, rfcCertURL, "How long the list of addresses is.")
	tlsURLItem  = tlsText("tls.handshake.cert_url.url_hash", "address and hash", TypeNone, rfcCertURL, "Where the server may fetch a certificate of the client's.")
	tlsURLLen   = tlsText("tls.handshake.cert_url.url_len", "address length", TypeUint, rfcCertURL, "How many bytes the address has.")
	tlsURL      = tlsText("tls.handshake.cert_url.url", "address", TypeString, rfcCertURL, "Where the certificate lies.")
	tlsURLPad   = tlsText("tls.handshake.cert_url.padding", "padding", TypeNone, rfcCertURL, "Always 1.")
	tlsURLHash  = tlsText("tls.handshake.cert_url.sha1", "SHA-1 hash", TypeBytes, rfcCertURL, "What the certificate's hash must be.")
	tlsTicketT  = tlsText("", "session ticket", TypeNone, "RFC 8446 sec. 4.6.1", "Lets the client come back later without a full handshake.")
	tlsLifetime = tlsText("tls.handshake.session_ticket_lifetime_hint", "lifetime", TypeUint, "RFC 8446 sec. 4.6.1", "For how many seconds the ticket is good; in TLS 1.2 only a hint.")
	tlsAgeAdd   = tlsText("tls.handshake.session_ticket_age_add", "age add", TypeUint, "RFC 8446 sec. 4.6.1", "The client adds this to the ticket's age, so that nobody can tell its connections by it.")
	tlsNonceLen = tlsText("tls.handshake.session_ticket_nonce_length", "nonce length", TypeUint, "RFC 8446 sec. 4.6.1", "How many bytes the nonce has.")
	tlsNonce    = tlsText("tls.handshake.session_ticket_nonce", "nonce", TypeBytes, "RFC 8446 sec. 4.6.1", "Makes the ticket's key differ from that of other tickets.")
	tlsTickLen  = tlsText("tls.handshake.session_ticket_length", "ticket length", TypeUint, "RFC 8446 sec. 4.6.1", "How many bytes the ticket has.")
	tlsTicket   = tlsText("tls.handshake.session_ticket", "ticket", TypeBytes, "RFC 8446 sec. 4.6.1", "What the server needs to remember of the session, encrypted for itself; the client keeps it and brings it back.")
)

const (
	rfcNPN     = "draft-agl-tls-nextprotoneg-04"
	rfcCertURL = "RFC 6066 sec. 5"
)

// handshake reads the messages of a handshake record that reaches to end. A
// message may go on in the records after it (RFC 8446 section 5.1).
func (m *tlsReader) handshake(end int) {
	p, first := &m.sess.pending[m.side], true
	b := m.data[m.pos:end]
	switch {
	case p.got > 0:
		n, whole := p.add(b)
		if m.begun != nil {
			m.begun, m.cuts = append(m.begun, b[:n]...), append(m.cuts, n)
		}
		if !whole {
			m.fragment(end, p.head[0])
			return
		}
		m.words = append(m.words, tlsMessages[uint64(p.head[0])]+" (last fragment)")
		m.add(tlsMessage, n)
		m.assembled()
		first = false
	case !m.plain && m.sess.encrypted(thisFrame, m.side, b):
		m.words = append(m.words, "Encrypted Handshake Message")
		m.add(tlsMessage, end-m.pos)
		return
	}
	for m.pos < end && !*m.broken {
		b := m.data[m.pos:end]
		n := messageSize(b)
		if n == 0 || n > len(b) {
			p.start(b)
			m.begun, m.cuts = append([]byte{}, b...), []int{len(b)}
			m.fragment(end, b[0])
			return
		}
		m.message(n, first)
		first = false
	}
}

// resume goes on with a handshake message that earlier frames have begun.
func (m *tlsReader) resume(pieces [][]byte) {
	for _, b := range pieces {
		if m.begun == nil {
			m.sess.pending[m.side].start(b)
		} else {
			m.sess.pending[m.side].add(b)
		}
		m.begun, m.cuts = append(m.begun, b...), append(m.cuts, len(b))
	}
}

// fragment shows a part of a message that is not the last.
func (m *tlsReader) fragment(end int, kind uint8) {
	m.words = append(m.words, tlsMessages[uint64(kind)]+" (fragment)")
	m.add(tlsMessage, end-m.pos)
}

// assembled reads a message that several records of this payload carried, in
// a buffer of its own. What began in an earlier frame is not at hand.
func (m *tlsReader) assembled() {
	body := m.begun
	m.begun = nil
	if body == nil || len(m.tree.Bodies) >= maxBodies {
		return
	}
	m.inside(body, func() {
		m.under(tlsPieces, len(body), func() {
			for _, n := range m.cuts {
				m.add(tlsPiece, n)
			}
		})
		m.seek(0)
		m.message(len(body), true)
	})
}

// message reads a message of n bytes, header included.
func (m *tlsReader) message(n int, first bool) {
	b := m.data[m.pos : m.pos+n]
	kind := uint64(b[0])
	name := tlsMessages[kind]
	if name == "" && !first {
		if m.plain {
			m.add(tlsUnknown, n)
		}
		m.seek(m.pos + n)
		return
	}
	retry := false
	if kind == hsServerHello && first && n > 6 {
		var version uint16
		version, retry = scanServerHello(b)
		m.sess.agree(version, true)
		if retry {
			name = "Hello Retry Request"
		}
		m.version = m.sess.Version
	}
	if name == "" {
		m.words = append(m.words, "Encrypted Handshake Message")
		m.add(tlsMessage, n)
		return
	}
	m.words = append(m.words, name)
	m.under(tlsMessage, n, func() {
		m.add(tlsMsgType, 1)
		m.add(tlsMsgLen, 3)
		m.body(kind, m.pos+n-4, retry)
	})
	if kind == hsKeyUpdate { // Wireshark has it beside the message
		end := m.pos
		m.seek(end - n + 4)
		m.add(tlsUpdate, 1)
		m.seek(end)
	}
	m.sess.message(b, m.dst, first)
}

// body reads what follows a message's header, up to end.
func (m *tlsReader) body(kind uint64, end int, retry bool) {
	switch kind {
	case hsClientHello:
		m.clientHello(end)
	case hsServerHello:
		m.serverHello(end, retry)
	case hsNewTicket:
		m.under(tlsTicketT, end-m.pos, func() { m.newTicket(end) })
	case hsHelloRetry:
		m.retryRequest(end)
	case hsEncryptedExts:
		m.extensions(end, hsEncryptedExts, nil)
	case hsCertificate:
		m.certificates(end)
	case hsServerKeys:
		m.serverKeys(end)
	case hsCertRequest:
		m.certRequest(end)
	case hsCertVerify:
		m.signed(end, m.sess.Version, tlsVfySigN, tlsVfySig)
	case hsClientKeys:
		m.clientKeys(end)
	case hsFinished:
		m.finished(end)
	case hsCertURL:
		m.certURLs()
	case hsCertStatus:
		m.certStatus(end)
	case hsCompressedCert:
		m.compressedCert(end)
	case hsNextProtocol:
		n := int(m.add(tlsNPNLen, 1).Uint)
		m.add(tlsNPNName, n)
		n = int(m.add(tlsNPNPadN, 1).Uint)
		m.add(tlsNPNPad, n)
	}
}

func (m *tlsReader) tls13() bool { return m.sess.Version == verTLS13 }

// newTicket reads a ticket (RFC 5077 section 3.3, RFC 8446 section 4.6.1).
func (m *tlsReader) newTicket(end int) {
	life := m.add(tlsLifetime, 4)
	life.Show += " s"
	if m.tls13() {
		m.add(tlsAgeAdd, 4)
		if m.sess.draft == 0 || m.sess.draft >= 21 {
			n, ok := m.vector(tlsNonceLen, 1, end)
			if !ok {
				return
			}
			m.add(tlsNonce, n)
		}
	}
	n, ok := m.vector(tlsTickLen, 2, end)
	if !ok {
		return
	}
	m.add(tlsTicket, n)
	if m.tls13() {
		m.extensions(end, hsNewTicket, nil)
	}
}

// finished reads the message that ends a handshake; it is nearly always
// encrypted.
func (m *tlsReader) finished(end int) {
	if m.sess.Version == verSSL3 {
		m.add(tlsMD5Hash, 16)
		m.add(tlsSHAHash, 20)
		return
	}
	m.add(tlsVerify, end-m.pos)
}

// certURLs reads where a client's certificates lie. As Wireshark does, it
// takes the list's length for the number of its entries.
func (m *tlsReader) certURLs() {
	m.add(tlsURLType, 1)
	for n := m.add(tlsURLsLen, 2).Uint; n > 0 && m.left() > 0; n-- {
		m.open(tlsURLItem, m.left(), func() {
			n := int(m.add(tlsURLLen, 2).Uint)
			m.add(tlsURL, n)
			m.add(tlsURLPad, 1)
			m.add(tlsURLHash, 20)
		})
	}
}
