package layers

const (
	rfcCert    = "RFC 8446 sec. 4.4.2"
	rfcCertReq = "RFC 5246 sec. 7.4.4"
)

var (
	certContextN = tlsText("tls.handshake.certificate_request_context_length", "context length", TypeUint, rfcCert, "How many bytes the context has.")
	certContext  = tlsText("tls.handshake.certificate_request_context", "context", TypeBytes, rfcCert, "Ties a certificate to the request for it.")
	certsLen     = tlsText("tls.handshake.certificates_length", "certificates length", TypeUint, rfcCert, "How many bytes all certificates have.")
	certsList    = tlsText("tls.handshake.certificates", "certificates", TypeNone, rfcCert, "The sender's certificate first, then each one that vouches for the one before it.")
	certLen      = tlsText("tls.handshake.certificate_length", "certificate length", TypeUint, rfcCert, "How many bytes the certificate has.")

	certTypesN  = tlsText("tls.handshake.cert_types_count", "types count", TypeUint, rfcCertReq, "How many types follow.")
	certTypes   = tlsText("tls.handshake.cert_types", "certificate types", TypeNone, rfcCertReq, "The kinds of certificates that the server takes from the client.")
	certType    = tlsEnum("tls.handshake.cert_type", "certificate type", tlsCertTypes, rfcCertReq, "A kind of key, and how the client shall prove that it has it.")
	dnamesLen   = tlsText("tls.handshake.dnames_len", "names length", TypeUint, rfcCertReq, "How many bytes the list of names has.")
	dnamesList  = tlsText("tls.handshake.dnames", "distinguished names", TypeNone, rfcCertReq, "Whose certificates are taken: the authorities that the sender trusts.")
	dnameLen    = tlsText("tls.handshake.dname_len", "name length", TypeUint, rfcCertReq, "How many bytes the name has.")
	dnamesMore  = tlsText("tls.handshake.dnames_truncated", "more names", TypeNone, rfcCertReq, "Names beyond the hundredth, not read one by one.")
	zipFullLen  = tlsText("tls.compress_certificate.uncompressed_length", "uncompressed length", TypeUint, "RFC 8879 sec. 4", "How many bytes the certificates have when they are unpacked.")
	zipBytesLen = tlsText("tls.compress_certificate.compressed_certificate_message.length", "compressed length", TypeUint, "RFC 8879 sec. 4", "How many bytes follow.")
	zipBytes    = tlsText("tls.compress_certificate.compressed_certificate_message", "compressed certificates", TypeBytes, "RFC 8879 sec. 4", "The certificates, packed.")
)

// requestContext reads the context that TLS 1.3 puts before certificates and
// requests for them; false when it is broken.
func (m *tlsReader) requestContext(end int) bool {
	n, ok := m.vector(certContextN, 1, end)
	if ok {
		m.add(certContext, n)
	}
	return ok
}

// certificates reads a chain of certificates, or a bare key (RFC 7250).
func (m *tlsReader) certificates(end int) {
	if m.tls13() && !m.requestContext(end) {
		return
	}
	raw := m.sess.rawKey[m.side]
	if !raw || m.tls13() {
		n, ok := m.vector(certsLen, 3, end)
		if !ok {
			return
		}
		end = m.pos + n
	}
	read := func() {
		for m.pos < end && !*m.broken {
			n, ok := m.vector(certLen, 3, end)
			if !ok {
				return
			}
			m.certificate(n, raw)
			if m.tls13() {
				m.extensions(end, hsCertificate, nil)
			}
		}
	}
	if raw {
		read()
	} else {
		m.under(certsList, end-m.pos, read)
	}
}

// certRequest reads the server's wish for a certificate of the client's.
func (m *tlsReader) certRequest(end int) {
	if m.tls13() {
		if !m.requestContext(end) {
			return
		}
		if m.sess.draft == 0 || m.sess.draft >= 19 {
			m.extensions(end, hsCertRequest, nil)
			return
		}
	} else {
		n, ok := m.vector(certTypesN, 1, end)
		if !ok {
			return
		}
		stop := m.pos + n
		m.open(certTypes, n, func() { m.list(certType, 1, stop) })
	}
	if m.sess.Version == verTLS12 || m.tls13() {
		m.signatures(end)
	}
	m.authorities(end)
	if m.tls13() {
		m.extOIDFilters(&tlsExtension{end: end})
	}
}

// maxNames is how many names Wireshark shows of a list.
const maxNames = 100

// authorities reads the names of those whose certificates are taken.
func (m *tlsReader) authorities(end int) {
	n, ok := m.vector(dnamesLen, 2, end)
	if !ok {
		m.seek(end)
		return
	}
	stop := m.pos + n
	m.under(dnamesList, n, func() {
		for i := 0; m.pos < stop && !*m.broken; i++ {
			if i == maxNames {
				m.add(dnamesMore, stop-m.pos)
				return
			}
			n, ok := m.vector(dnameLen, 2, stop)
			if !ok {
				return
			}
			m.name(n)
		}
	})
}

// compressedCert reads certificates that are compressed (RFC 8879).
func (m *tlsReader) compressedCert(end int) {
	m.add(zipAlgo, 2)
	m.add(zipFullLen, 3)
	if n, ok := m.vector(zipBytesLen, 3, end); ok {
		m.add(zipBytes, n)
	}
}
