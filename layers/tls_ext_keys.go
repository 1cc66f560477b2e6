package layers

const (
	rfcKeyShare = "RFC 8446 sec. 4.2.8"
	rfcPSK      = "RFC 8446 sec. 4.2.11"
	rfcStatus   = "RFC 6066 sec. 8"
	rfcSCT      = "RFC 6962 sec. 3.2"
	rfcESNI     = "draft-ietf-tls-esni-02"
	rfcDelegate = "RFC 9345 sec. 4"
	rfcCompress = "RFC 8879 sec. 3"
	rfcOIDs     = "RFC 8446 sec. 4.2.5"
)

// Extensions that carry keys, and proof of who is who.
var (
	shareHead  = tlsText("", "key share", TypeNone, rfcKeyShare, "What both sides need of each other to agree on a secret while others listen.")
	shareLen   = tlsText("tls.handshake.extensions_key_share_client_length", "list length", TypeUint, rfcKeyShare, "How many bytes the client's shares have.")
	shareEntry = tlsText("", "key share entry", TypeNone, rfcKeyShare, "One half of an agreement on keys.")
	shareGroup = tlsEnum("tls.handshake.extensions_key_share_group", "group", tlsGroups, rfcKeyShare, "The group that the share is of.")
	shareKeyN  = tlsText("tls.handshake.extensions_key_share_key_exchange_length", "share length", TypeUint, rfcKeyShare, "How many bytes the share has.")
	shareKey   = tlsText("tls.handshake.extensions_key_share_key_exchange", "share", TypeBytes, rfcKeyShare, "A public value: from it and its own secret, each side computes the same key, and nobody else can.")
	shareGiven = tlsEnum("tls.handshake.extensions_key_share_selected_group", "selected group", tlsGroups, rfcKeyShare, "The server asks for a share of this group, which the client did not send.")

	pskHead   = tlsText("", "pre-shared key", TypeNone, rfcPSK, "Keys that both have from an earlier session.")
	pskIDsLen = tlsText("tls.handshake.extensions.psk.identities.length", "identities length", TypeUint, rfcPSK, "How many bytes the list of keys' names has.")
	pskEntry  = tlsText("", "identity", TypeNone, rfcPSK, "The name of a key that both have.")
	pskIDLen  = tlsText("tls.handshake.extensions.psk.identity.identity_length", "identity length", TypeUint, rfcPSK, "How many bytes the name has.")
	pskID     = tlsText("tls.handshake.extensions.psk.identity.identity", "identity", TypeBytes, rfcPSK, "A ticket that the server gave in an earlier session, or the name of a key.")
	pskAge    = tlsText("tls.handshake.extensions.psk.identity.obfuscated_ticket_age", "obfuscated ticket age", TypeUint, rfcPSK, "The ticket's age in milliseconds, plus a number that only client and server know.")
	pskBindsN = tlsText("tls.handshake.extensions.psk.binders_len", "binders length", TypeUint, rfcPSK, "How many bytes the binders have.")
	pskBinds  = tlsText("tls.handshake.extensions.psk.binders", "binders", TypeNone, rfcPSK, "Prove that the client has the keys, one checksum for each.")
	pskChosen = tlsText("tls.handshake.extensions.psk.identity.selected", "selected identity", TypeUint, rfcPSK, "Which of the client's keys the server takes, counted from 0.")
	pskModesN = tlsText("tls.extension.psk_ke_modes_length", "list length", TypeUint, "RFC 8446 sec. 4.2.9", "How many modes the list has.")
	pskMode   = tlsEnum("tls.extension.psk_ke_mode", "mode", map[uint64]string{0: "key alone", 1: "key and fresh key exchange"}, "RFC 8446 sec. 4.2.9", "Whether a key from an earlier session may be used alone, or only with a fresh one added.")
	earlySize = tlsText("tls.early_data.max_early_data_size", "maximum early data", TypeUint, "RFC 8446 sec. 4.2.10", "How many bytes the client may send before the handshake, next time.")

	statusType   = tlsEnum("tls.handshake.extensions_status_request_type", "status type", map[uint64]string{1: "OCSP", 2: "OCSP for all"}, rfcStatus, "How to prove that a certificate was not revoked.")
	statusLen    = tlsText("tls.handshake.extensions_status_request_len", "request length", TypeUint, "RFC 6961 sec. 2.2", "How many bytes the request has.")
	statusIDs    = tlsText("tls.handshake.extensions_status_request_responder_ids_len", "responders length", TypeUint, rfcStatus, "How many bytes the list of trusted responders has; 0: the server knows best.")
	statusExts   = tlsText("tls.handshake.extensions_status_request_exts_len", "extensions length", TypeUint, rfcStatus, "How many bytes the request's extensions have.")
	statusList   = tlsText("tls.handshake.extensions_status_request_list_len", "list length", TypeUint, "RFC 6961 sec. 2.2", "How many bytes the list of requests has.")
	statusOCSPsN = tlsText("tls.handshake.ocsp_response_list_len", "list length", TypeUint, "RFC 6961 sec. 2.2", "How many bytes the list of answers has.")
	statusOCSPN  = tlsText("tls.handshake.ocsp_response_len", "response length", TypeUint, rfcStatus, "How many bytes the answer has.")
	statusOCSP   = tlsText("data.data", "OCSP response", TypeBytes, "RFC 6960 sec. 4.2", "The issuer's fresh word, signed, that the certificate was not revoked.")

	sctsLen  = tlsText("tls.sct.scts_length", "list length", TypeUint, "RFC 6962 sec. 3.3", "How many bytes the list has.")
	sctHead  = tlsText("", "signed certificate timestamp", TypeNone, rfcSCT, "A public log's promise that it has seen the certificate: nobody can issue one in secret.")
	sctLen   = tlsText("tls.sct.sct_length", "length", TypeUint, rfcSCT, "How many bytes the promise has.")
	sctVer   = tlsText("tls.sct.sct_version", "version", TypeUint, rfcSCT, "0: version 1.")
	sctLog   = tlsText("tls.sct.sct_logid", "log", TypeBytes, rfcSCT, "Which log it is: the hash of its key.")
	sctTime  = tlsText("tls.sct.sct_timestamp", "time stamp", TypeAbsTime, rfcSCT, "When the log saw the certificate.")
	sctExtsN = tlsText("tls.sct.sct_extensions_length", "extensions length", TypeUint, rfcSCT, "How many bytes of extensions follow; so far there are none.")
	sctExts  = tlsText("tls.sct.sct_extensions", "extensions", TypeNone, rfcSCT, "Room for what comes.")
	sctSigN  = tlsText("tls.sct.sct_signature_length", "signature length", TypeUint, rfcSCT, "How many bytes the signature has.")
	sctSig   = tlsText("tls.sct.sct_signature", "signature", TypeBytes, rfcSCT, "The log's signature.")

	esniSuite   = tlsEnum("tls.esni.suite", "cipher suite", tlsSuites, rfcESNI, "How the server's name is encrypted.")
	esniDigestN = tlsText("tls.esni.record_digest_length", "digest length", TypeUint, rfcESNI, "How many bytes the digest has.")
	esniDigest  = tlsText("tls.esni.record_digest", "record digest", TypeBytes, rfcESNI, "Which of the server's keys was used: the hash of its record in DNS.")
	esniNameN   = tlsText("tls.esni.encrypted_sni_length", "name length", TypeUint, rfcESNI, "How many bytes the encrypted name has.")
	esniName    = tlsText("tls.esni.encrypted_sni", "encrypted server name", TypeBytes, rfcESNI, "The server's name, which only the server can read.")
	esniNonce   = tlsText("tls.esni.nonce", "nonce", TypeBytes, rfcESNI, "Shows that the server could read the name.")

	credTime  = tlsText("tls.handshake.cred.valid_time", "valid time", TypeUint, rfcDelegate, "For how many seconds after the certificate's beginning the credential is good.")
	credKeyN  = tlsText("tls.handshake.cred.pubkey_len", "key length", TypeUint, rfcDelegate, "How many bytes the key has.")
	credKey   = tlsText("tls.handshake.cred.pubkey", "public key", TypeBytes, rfcDelegate, "The key that may stand in for the certificate's for a while.")
	credSigN  = tlsText("tls.handshake.cred.signature_len", "signature length", TypeUint, rfcDelegate, "How many bytes the signature has.")
	credSig   = tlsText("tls.handshake.cred.signature", "signature", TypeBytes, rfcDelegate, "The certificate's key has signed that it lets itself be replaced.")
	zipAlgosN = tlsText("tls.compress_certificate.algorithms_length", "list length", TypeUint, rfcCompress, "How many bytes the list has, two for each method.")
	zipAlgo   = tlsEnum("tls.compress_certificate.algorithm", "algorithm", map[uint64]string{1: "zlib", 2: "brotli", 3: "zstd"}, rfcCompress, "A way to make the certificates smaller.")
	oidsLen   = tlsText("tls.extension.psk_ke_modes_length", "list length", TypeUint, rfcOIDs, "How many bytes the list of filters has.")
	oidHead   = tlsText("", "OID filter", TypeNone, rfcOIDs, "What the client's certificate must say.")
	oidLen    = tlsText("tls.extension.oid_filters.oid_length", "OID length", TypeUint, rfcOIDs, "How many bytes the identifier has.")
	oidOID    = tlsText("tls.extension.oid_filters.oid", "OID", TypeBytes, rfcOIDs, "Which extension of the certificate is meant.")
	oidValueN = tlsText("tls.extension.oid_filters.values_length", "values length", TypeUint, rfcOIDs, "How many bytes the wanted values have.")
)

func (m *tlsReader) extKeyShare(x *tlsExtension) {
	m.under(shareHead, x.end-m.pos, func() {
		switch x.message {
		case hsClientHello:
			n, ok := m.vector(shareLen, 2, x.end)
			if !ok {
				return
			}
			end := m.pos + n
			for m.pos+4 <= end && !*m.broken {
				m.keyShare(end)
			}
			m.finish(end)
		case hsServerHello:
			m.keyShare(x.end)
		case hsHelloRetry:
			m.add(shareGiven, 2)
		default:
			return
		}
		m.finish(x.end)
	})
}

// keyShare reads an entry; one whose length is wrong shows as four bytes.
func (m *tlsReader) keyShare(end int) {
	size := 4
	start := m.pos
	node := m.open(shareEntry, min(size, m.left()), func() {
		m.add(shareGroup, 2)
		n, ok := m.vector(shareKeyN, 2, end)
		if !ok {
			m.seek(end)
			return
		}
		size += n
		m.add(shareKey, n)
	})
	if node.Field != nil {
		node.Len = min(size, m.end-start)
	}
}

func (m *tlsReader) extPSK(x *tlsExtension) {
	m.open(pskHead, x.end-m.pos, func() {
		switch x.message {
		case hsClientHello:
			m.pskOffer(x.end)
		case hsServerHello:
			m.add(pskChosen, 2)
		}
	})
}

func (m *tlsReader) pskOffer(last int) {
	n, ok := m.vector(pskIDsLen, 2, last)
	if !ok {
		m.seek(last)
		return
	}
	end := m.pos + n
	for m.pos < end && !*m.broken {
		start, size := m.pos, 4
		node := m.open(pskEntry, min(4, m.left()), func() {
			n, ok := m.vector(pskIDLen, 2, end)
			if !ok {
				m.seek(end)
				return
			}
			m.add(pskID, n)
			m.add(pskAge, 4)
			size = 2 + n + 4
		})
		if node.Field != nil {
			node.Len = min(size, m.end-start)
		}
	}
	m.finish(end)
	if n, ok = m.vector(pskBindsN, 2, last); ok {
		m.add(pskBinds, n)
	} else {
		m.seek(last)
	}
}

func (m *tlsReader) extPSKModes(x *tlsExtension) {
	if n, ok := m.vector(pskModesN, 1, x.end); ok {
		m.list(pskMode, 1, m.pos+n)
	} else {
		m.seek(x.end)
	}
}

func (m *tlsReader) extEarlyData(x *tlsExtension) {
	if x.message == hsNewTicket {
		m.add(earlySize, 4)
	}
}

func (m *tlsReader) extStatusRequest(x *tlsExtension) {
	switch {
	case x.message == hsClientHello:
		m.statusRequest(x.end, false)
	case x.message == hsCertificate && m.tls13():
		m.certStatus(x.end)
	}
}

// statusRequest reads a request for proof that a certificate was not revoked;
// in the second version a length comes before it (RFC 6961 section 2.2).
func (m *tlsReader) statusRequest(end int, length bool) {
	kind := m.add(statusType, 1).Uint
	if length {
		m.add(statusLen, 2)
	}
	if kind != 1 && kind != 2 {
		return
	}
	for _, f := range []*Field{statusIDs, statusExts} {
		n, ok := m.vector(f, 2, end)
		if !ok {
			m.seek(end)
			return
		}
		m.add(tlsOddity, n) // Wireshark does not look into it either
	}
}

func (m *tlsReader) extStatusRequestV2(x *tlsExtension) {
	if x.message != hsClientHello {
		return
	}
	n, ok := m.vector(statusList, 2, x.end)
	if !ok {
		m.seek(x.end)
		return
	}
	for end := m.pos + n; m.pos < end && !*m.broken; {
		m.statusRequest(end, true)
	}
}

// certStatus reads proof that certificates were not revoked (RFC 6066 section
// 8).
func (m *tlsReader) certStatus(end int) {
	switch m.add(statusType, 1).Uint {
	case 1:
		m.ocsp(end)
	case 2:
		n, ok := m.vector(statusOCSPsN, 3, end)
		if !ok {
			return
		}
		for end = m.pos + n; m.pos < end && !*m.broken; {
			m.ocsp(end)
		}
	}
}

func (m *tlsReader) ocsp(end int) {
	if n, ok := m.vector(statusOCSPN, 3, end); ok {
		m.add(statusOCSP, n)
	} else {
		m.seek(end)
	}
}

func (m *tlsReader) extSCT(x *tlsExtension) {
	if x.message != hsServerHello && x.message != hsEncryptedExts && x.message != hsCertificate {
		return
	}
	m.scts(x.end, m.sess.Version)
}

// scts reads a list of signed certificate timestamps.
func (m *tlsReader) scts(end int, version uint16) {
	if _, ok := m.vector(sctsLen, 2, end); !ok {
		m.seek(end)
		return
	}
	for m.pos < end && !*m.broken {
		m.sct(end, version)
	}
}

func (m *tlsReader) sct(last int, version uint16) {
	start, size := m.pos, 2
	node := m.open(sctHead, min(2, m.left()), func() {
		n, ok := m.vector(sctLen, 2, last)
		if !ok {
			m.seek(last)
			return
		}
		size += n
		end := m.pos + n
		if m.add(sctVer, 1).Uint == 0 {
			m.sctV1(end, version)
		}
		m.finish(end)
	})
	if node.Field != nil {
		node.Len = min(size, m.end-start)
	}
}

func (m *tlsReader) sctV1(end int, version uint16) {
	m.add(sctLog, 32)
	t := m.add(sctTime, 8)
	t.Uint *= 1e6 // milliseconds
	t.Show = show(sctTime, t.Uint, nil)
	n, ok := m.vector(sctExtsN, 2, end)
	if !ok {
		m.seek(end)
		return
	}
	m.add(sctExts, n)
	m.signed(end, version, sctSigN, sctSig)
}

// signed reads a signature, in TLS 1.2 and later with its algorithm before it.
func (m *tlsReader) signed(end int, version uint16, length, signature *Field) {
	if version == verTLS12 || version == verTLS13 {
		m.signature()
	}
	if n, ok := m.vector(length, 2, end); ok {
		m.add(signature, n)
	} else {
		m.seek(end)
	}
}

func (m *tlsReader) extESNI(x *tlsExtension) {
	switch x.message {
	case hsClientHello:
		m.add(esniSuite, 2)
		m.keyShare(x.end)
		for _, f := range [][2]*Field{{esniDigestN, esniDigest}, {esniNameN, esniName}} {
			n, ok := m.vector(f[0], 2, x.end)
			if !ok {
				m.seek(x.end)
				return
			}
			m.add(f[1], n)
		}
	case hsEncryptedExts:
		m.add(esniNonce, 16)
	}
}

func (m *tlsReader) extDelegated(x *tlsExtension) {
	if x.message == hsClientHello {
		m.signatures(x.end)
		return
	}
	m.add(credTime, 4)
	m.signature()
	n, ok := m.vector(credKeyN, 3, x.end)
	if !ok {
		m.seek(x.end)
		return
	}
	m.add(credKey, n)
	m.signature()
	if n, ok = m.vector(credSigN, 2, x.end); ok {
		m.add(credSig, n)
	} else {
		m.seek(x.end)
	}
}

func (m *tlsReader) extCompress(x *tlsExtension) {
	if x.message != hsClientHello && x.message != hsCertRequest {
		return
	}
	n, ok := m.vector(zipAlgosN, 1, x.end)
	if !ok {
		m.seek(x.end)
		return
	}
	for end := m.pos + n; m.pos < end && !*m.broken; {
		m.add(zipAlgo, 2)
	}
}

func (m *tlsReader) extAuthorities(x *tlsExtension) { m.authorities(x.end) }

// extOIDFilters reads filters for certificates. Wireshark gives their length
// the name of another field, of the same size.
func (m *tlsReader) extOIDFilters(x *tlsExtension) {
	n, ok := m.vector(oidsLen, 2, x.end)
	if !ok {
		m.seek(x.end)
		return
	}
	end := m.pos + n
	for m.pos < end && !*m.broken {
		start, size := m.pos, end-m.pos
		node := m.open(oidHead, min(size, m.left()), func() {
			n, ok := m.vector(oidLen, 1, end)
			if !ok {
				m.seek(end)
				return
			}
			m.der(asn1Ident(oidOID), n)
			if n, ok = m.vector(oidValueN, 2, end); !ok {
				m.seek(end)
				return
			}
			m.skip(n)
			size = m.pos - start
		})
		if node.Field != nil {
			node.Len = min(size, m.end-start)
		}
	}
}
