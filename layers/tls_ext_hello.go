package layers

const (
	rfcSNI     = "RFC 6066 sec. 3"
	rfcGroups  = "RFC 8446 sec. 4.2.7"
	rfcPoints  = "RFC 8422 sec. 5.1.2"
	rfcSigs    = "RFC 8446 sec. 4.2.3"
	rfcALPN    = "RFC 7301 sec. 3.1"
	rfcALPS    = "draft-vvv-tls-alps-01 sec. 4"
	rfcVersion = "RFC 8446 sec. 4.2.1"
	rfcCookie8 = "RFC 8446 sec. 4.2.2"
	rfcReneg   = "RFC 5746 sec. 3.2"
	rfcSRP     = "RFC 5054 sec. 2.8.1"
	rfcCID     = "RFC 9146 sec. 3"
	rfcRPK     = "RFC 7250 sec. 3"
)

// Extensions in which client and server say what they are about, and what
// they can do.
var (
	sniHeading = tlsText("", "server name indication", TypeNone, rfcSNI, "Which of the names at its address the client wants to speak to.")
	sniList    = tlsText("tls.handshake.extensions_server_name_list_len", "list length", TypeUint, rfcSNI, "How many bytes the list of names has.")
	sniType    = tlsEnum("tls.handshake.extensions_server_name_type", "name type", map[uint64]string{0: "host name"}, rfcSNI, "What kind of name it is: always a host's.")
	sniLen     = tlsText("tls.handshake.extensions_server_name_len", "name length", TypeUint, rfcSNI, "How many bytes the name has.")
	sniName    = tlsText("tls.handshake.extensions_server_name", "server name", TypeString, rfcSNI, "The name of the server that the client wants: it goes unencrypted, so that everybody on the way can read it.")

	groupsLen   = tlsText("tls.handshake.extensions_supported_groups_length", "list length", TypeUint, rfcGroups, "How many bytes the list has, two for each group.")
	groupsList  = tlsText("tls.handshake.extensions_supported_groups", "supported groups", TypeNone, rfcGroups, "The groups that the sender can agree on keys with, its favourites first.")
	groupsGroup = tlsEnum("tls.handshake.extensions_supported_group", "group", tlsGroups, rfcGroups, "A curve or a set of numbers in which two can agree on a secret while others listen.")
	pointsLen   = tlsText("tls.handshake.extensions_ec_point_formats_length", "list length", TypeUint, rfcPoints, "How many formats the list has.")
	pointsList  = tlsText("tls.handshake.extensions_ec_point_formats", "point formats", TypeNone, rfcPoints, "How points on curves may be written.")
	pointsOne   = tlsEnum("tls.handshake.extensions_ec_point_format", "point format", tlsPointFormats, rfcPoints, "A way to write a point on a curve; today only the uncompressed one is used.")
	sigsLen     = tlsText("tls.handshake.sig_hash_alg_len", "list length", TypeUint, rfcSigs, "How many bytes the list has, two for each algorithm.")
	sigsList    = tlsText("tls.handshake.sig_hash_algs", "signature algorithms", TypeNone, rfcSigs, "The ways of signing that the sender can check.")
	sigsOne     = tlsEnum("tls.handshake.sig_hash_alg", "signature algorithm", tlsSignatures, rfcSigs, "A way of signing: a kind of key together with a hash.")
	sigsHash    = tlsEnum("tls.handshake.sig_hash_hash", "hash", tlsHashes, "RFC 5246 sec. 7.4.1.4.1", "The hash, as TLS 1.2 reads the first byte.")
	sigsSigner  = tlsEnum("tls.handshake.sig_hash_sig", "signature", tlsSigners, "RFC 5246 sec. 7.4.1.4.1", "The kind of key, as TLS 1.2 reads the second byte.")

	alpnLen     = tlsText("tls.handshake.extensions_alpn_len", "list length", TypeUint, rfcALPN, "How many bytes the list has.")
	alpnList    = tlsText("tls.handshake.extensions_alpn_list", "protocols", TypeNone, rfcALPN, "The protocols that the client could speak inside; the server chooses one.")
	alpnNameLen = tlsText("tls.handshake.extensions_alpn_str_len", "name length", TypeUint, rfcALPN, "How many bytes the name has.")
	alpnName    = tlsText("tls.handshake.extensions_alpn_str", "protocol", TypeString, rfcALPN, "A protocol to speak inside: h2 is HTTP/2, http/1.1 what it says.")
	npnHeading  = tlsText("", "next protocol negotiation", TypeNone, rfcNPN, "The server's protocols, before ALPN did it better.")
	npnNameLen  = tlsText("tls.handshake.extensions_npn_str_len", "name length", TypeUint, rfcNPN, "How many bytes the name has.")
	npnName     = tlsText("tls.handshake.extensions_npn", "protocol", TypeString, rfcNPN, "A protocol that the server could speak inside.")
	alpsLen     = tlsText("tls.handshake.extensions_alps_len", "list length", TypeUint, rfcALPS, "How many bytes the list has.")
	alpsList    = tlsText("tls.handshake.extensions_alps_alpn_list", "protocols", TypeNone, rfcALPS, "The protocols whose settings the client would like to have early.")
	alpsNameLen = tlsText("tls.handshake.extensions_alps_alpn_str_len", "name length", TypeUint, rfcALPS, "How many bytes the name has.")
	alpsName    = tlsText("tls.handshake.extensions_alps_alpn_str", "protocol", TypeString, rfcALPS, "A protocol whose settings may come in the handshake.")

	versionsLen = tlsText("tls.handshake.extensions.supported_versions_len", "list length", TypeUint, rfcVersion, "How many bytes the list has, two for each version.")
	versionsOne = tlsEnum("tls.handshake.extensions.supported_version", "version", tlsVersions, rfcVersion, "A version that the client speaks, or the one that the server chose.")
	cookieLen   = tlsText("tls.handshake.extensions.cookie_len", "cookie length", TypeUint, rfcCookie8, "How many bytes the cookie has.")
	cookieBytes = tlsText("tls.handshake.extensions.cookie", "cookie", TypeBytes, rfcCookie8, "What the server wants to see again in the next hello, so that it need not remember the first.")
	renegHead   = tlsText("", "renegotiation info", TypeNone, rfcReneg, "Ties a new handshake to the one before it, so that nobody can slip something in between.")
	renegLen    = tlsText("tls.handshake.extensions_reneg_info_len", "length", TypeUint, rfcReneg, "How many bytes follow; 0 in a first handshake.")
	renegInfo   = tlsText("tls.handshake.extensions_reneg_info", "renegotiation info", TypeBytes, rfcReneg, "The checksums of the handshake before this one.")
	srpLen      = tlsText("tls.handshake.extensions_srp_len", "user name length", TypeUint, rfcSRP, "How many bytes the name has.")
	srpName     = tlsText("tls.handshake.extensions_srp_username", "user name", TypeString, rfcSRP, "Who logs in with a password that never goes over the wire.")
	beatMode    = tlsEnum("tls.handshake.extension.heartbeat.mode", "mode", map[uint64]string{1: "may send requests", 2: "must not send requests"}, "RFC 6520 sec. 2", "Whether the other side may ask for signs of life.")
	maxFragment = tlsEnum("tls.handshake.max_fragment_length", "maximum fragment length", map[uint64]string{1: "512", 2: "1024", 3: "2048", 4: "4096"}, "RFC 6066 sec. 4", "The client has little memory: records must not be larger than this.")
	recordLimit = tlsText("tls.record_size_limit", "record size limit", TypeUint, "RFC 8449 sec. 4", "The largest record that the sender wants to receive.")
	padData     = tlsText("tls.handshake.extensions_padding_data", "padding", TypeBytes, "RFC 7685 sec. 3", "Zeros that bring the hello to a size that old servers can stand.")
	cidLen      = tlsText("tls.connection_id_length", "identifier length", TypeUint, rfcCID, "How many bytes the identifier has.")
	cidBytes    = tlsText("tls.connection_id", "connection identifier", TypeBytes, rfcCID, "A name of the connection that holds when addresses change.")
	typesLen    = tlsText("tls.handshake.cert_type.types_len", "list length", TypeUint, rfcRPK, "How many types the list has.")
	typesList   = tlsText("tls.handshake.cert_type.types", "certificate types", TypeNone, rfcRPK, "The kinds of certificates that the client can take.")
	typesOne    = tlsEnum("tls.handshake.cert_type.type", "certificate type", map[uint64]string{0: "X.509", 1: "OpenPGP", 2: "raw public key"}, rfcRPK, "What kind of certificate it is.")
)

func (m *tlsReader) extServerName(x *tlsExtension) {
	if m.pos == x.end {
		return // the server says only that the name was of use
	}
	m.open(sniHeading, x.end-m.pos, func() {
		n, ok := m.vector(sniList, 2, x.end)
		if !ok {
			m.seek(x.end)
			return
		}
		for end := m.pos + n; m.pos < end && !*m.broken; {
			m.add(sniType, 1)
			if n, ok = m.vector(sniLen, 2, end); !ok {
				m.seek(end)
				return
			}
			name := m.add(sniName, n)
			m.words = append(m.words, name.Show)
		}
	})
}

// named reads a list of names, each with its length before it.
func (m *tlsReader) named(length, name *Field, end int) {
	for m.pos < end && !*m.broken {
		n, ok := m.vector(length, 1, end)
		if !ok {
			m.seek(end)
			return
		}
		m.add(name, n)
	}
}

// listed reads a list with its length, of size bytes, before it, and gives it
// to read.
func (m *tlsReader) listed(length *Field, size int, list *Field, x *tlsExtension, read func(end int)) {
	n, ok := m.vector(length, size, x.end)
	if !ok {
		m.seek(x.end)
		return
	}
	end := m.pos + n
	m.open(list, n, func() { read(end) })
}

func (m *tlsReader) extALPN(x *tlsExtension) {
	m.listed(alpnLen, 2, alpnList, x, func(end int) { m.named(alpnNameLen, alpnName, end) })
}

func (m *tlsReader) extNPN(x *tlsExtension) {
	m.under(npnHeading, x.end-m.pos, func() { m.named(npnNameLen, npnName, x.end) })
}

func (m *tlsReader) extALPS(x *tlsExtension) {
	if x.message == hsClientHello {
		m.listed(alpsLen, 2, alpsList, x, func(end int) { m.named(alpsNameLen, alpsName, end) })
	} else {
		m.seek(x.end)
	}
}

// extGroups reads the groups. As Wireshark does, it reads them to the
// extension's end, not to the list's.
func (m *tlsReader) extGroups(x *tlsExtension) {
	n, ok := m.vector(groupsLen, 2, x.end)
	if !ok {
		m.seek(x.end)
		return
	}
	end := m.pos + n
	m.open(groupsList, n, func() {
		for m.pos+2 <= x.end && !*m.broken {
			group := m.add(groupsGroup, 2).Uint
			if x.ja3 != nil && !isGrease(group) {
				x.ja3.groups = appendJA3(x.ja3.groups, group, m.pos < x.end)
			}
		}
		m.finish(end)
	})
}

func (m *tlsReader) extPointFormats(x *tlsExtension) {
	n := int(m.add(pointsLen, 1).Uint)
	m.open(pointsList, n, func() {
		for ; n > 0 && !*m.broken; n-- {
			format := m.add(pointsOne, 1).Uint
			if x.ja3 != nil {
				x.ja3.formats = appendJA3(x.ja3.formats, format, n > 1)
			}
		}
	})
}

func (m *tlsReader) extSignatures(x *tlsExtension) { m.signatures(x.end) }

// signatures reads a list of ways of signing.
func (m *tlsReader) signatures(end int) {
	x := tlsExtension{end: end}
	m.listed(sigsLen, 2, sigsList, &x, func(end int) {
		for m.pos+2 <= end && !*m.broken {
			m.signature()
		}
		m.finish(end)
	})
}

// signature reads a way of signing, by TLS 1.3's rules and by TLS 1.2's.
func (m *tlsReader) signature() {
	m.under(sigsOne, 2, func() {
		m.add(sigsHash, 1)
		m.add(sigsSigner, 1)
	})
}

func (m *tlsReader) extVersions(x *tlsExtension) {
	switch x.message {
	case hsClientHello:
		n, ok := m.vector(versionsLen, 1, x.end)
		if !ok {
			m.seek(x.end)
			return
		}
		end := m.pos + n
		m.list(versionsOne, 2, end)
		m.finish(end)
	case hsServerHello, hsHelloRetry:
		m.add(versionsOne, 2)
	}
}

func (m *tlsReader) extCookie(x *tlsExtension) {
	if n, ok := m.vector(cookieLen, 2, x.end); ok {
		m.add(cookieBytes, n)
	} else {
		m.seek(x.end)
	}
}

func (m *tlsReader) extRenegotiation(x *tlsExtension) {
	m.open(renegHead, x.end-m.pos, func() {
		if n, ok := m.vector(renegLen, 1, x.end); ok {
			m.add(renegInfo, n)
		} else {
			m.seek(x.end)
		}
	})
}

func (m *tlsReader) extSRP(x *tlsExtension) {
	if n, ok := m.vector(srpLen, 1, x.end); ok {
		m.add(srpName, n)
	} else {
		m.seek(x.end)
	}
}

func (m *tlsReader) extHeartbeat(*tlsExtension)   { m.add(beatMode, 1) }
func (m *tlsReader) extMaxFragment(*tlsExtension) { m.add(maxFragment, 1) }
func (m *tlsReader) extRecordLimit(*tlsExtension) { m.add(recordLimit, 2) }
func (m *tlsReader) extPadding(x *tlsExtension)   { m.add(padData, x.end-m.pos) }
func (m *tlsReader) extTicket(x *tlsExtension)    { m.add(extData, x.end-m.pos) }

func (m *tlsReader) extConnectionID(x *tlsExtension) {
	if x.message == hsClientHello || x.message == hsServerHello {
		n := int(m.add(cidLen, 1).Uint)
		m.add(cidBytes, n)
	}
}

// extCertType reads the kinds of certificates of RFC 6091 and RFC 7250.
func (m *tlsReader) extCertType(x *tlsExtension) {
	switch x.message {
	case hsClientHello:
		n := int(m.add(typesLen, 1).Uint)
		if x.end-m.pos == n {
			m.open(typesList, n, func() { m.list(typesOne, 1, x.end) })
		}
	case hsServerHello, hsEncryptedExts, hsCertificate:
		m.add(typesOne, 1)
	}
}
