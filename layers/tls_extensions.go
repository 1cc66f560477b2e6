package layers

const rfcExtension = "RFC 8446 sec. 4.2"

// Extensions whose numbers decide something beyond their own bytes.
const (
	extCertType        = 9
	extClientCertType  = 19
	extServerCertType  = 20
	extEarlyData       = 42
	extVersions        = 43
	extTicketEarlyData = 46
)

var (
	extsLen   = tlsText("tls.handshake.extensions_length", "extensions length", TypeUint, rfcExtension, "How many bytes all extensions have.")
	extension = tlsText("", "extension", TypeNone, rfcExtension, "A thing that the sender can or wants beyond the message's fixed part.")
	extType   = tlsEnum("tls.handshake.extension.type", "type", tlsExtensionNames(), rfcExtension, "Which extension it is.")
	extLen    = tlsText("tls.handshake.extension.len", "length", TypeUint, rfcExtension, "How many bytes the extension has after this.")
	extData   = tlsText("tls.handshake.extension.data", "data", TypeBytes, rfcExtension, "The extension's content.")
)

// tlsExtension is an extension being read.
type tlsExtension struct {
	message uint64 // in which handshake message it is
	end     int    // where it ends
	ja3     *ja3   // nil: nothing is gathered
}

// tlsExtensionKind says what an extension is called, and how it is read; nil:
// as data.
type tlsExtensionKind struct {
	name string
	read func(*tlsReader, *tlsExtension)
}

var tlsExtensions = map[uint64]tlsExtensionKind{
	0: {"server name", (*tlsReader).extServerName}, 1: {"maximum fragment length", (*tlsReader).extMaxFragment},
	2: {"client certificate URL", nil}, 3: {"trusted CA keys", nil}, 4: {"truncated HMAC", nil}, 5: {"status request", (*tlsReader).extStatusRequest},
	6: {"user mapping", nil}, 7: {"client authorization", nil}, 8: {"server authorization", nil}, extCertType: {"certificate type", (*tlsReader).extCertType},
	10: {"supported groups", (*tlsReader).extGroups}, 11: {"EC point formats", (*tlsReader).extPointFormats}, 12: {"SRP", (*tlsReader).extSRP},
	13: {"signature algorithms", (*tlsReader).extSignatures}, 14: {"use SRTP", extEmpty}, 15: {"heartbeat", (*tlsReader).extHeartbeat},
	16: {"ALPN", (*tlsReader).extALPN}, 17: {"status request v2", (*tlsReader).extStatusRequestV2}, 18: {"signed certificate timestamp", (*tlsReader).extSCT},
	extClientCertType: {"client certificate type", (*tlsReader).extCertType}, extServerCertType: {"server certificate type", (*tlsReader).extCertType},
	21: {"padding", (*tlsReader).extPadding}, 22: {"encrypt then MAC", extEmpty}, 23: {"extended master secret", extEmpty}, 24: {"token binding", nil},
	25: {"cached info", nil}, 27: {"compress certificate", (*tlsReader).extCompress}, 28: {"record size limit", (*tlsReader).extRecordLimit},
	34: {"delegated credentials", (*tlsReader).extDelegated}, 35: {"session ticket", (*tlsReader).extTicket}, 40: {"key share (old)", (*tlsReader).extKeyShare},
	41: {"pre-shared key", (*tlsReader).extPSK}, extEarlyData: {"early data", (*tlsReader).extEarlyData}, extVersions: {"supported versions", (*tlsReader).extVersions},
	44: {"cookie", (*tlsReader).extCookie}, 45: {"PSK key exchange modes", (*tlsReader).extPSKModes}, extTicketEarlyData: {"early data info (old)", (*tlsReader).extEarlyData},
	47: {"certificate authorities", (*tlsReader).extAuthorities}, 48: {"OID filters", (*tlsReader).extOIDFilters}, 49: {"post-handshake authentication", extEmpty},
	50: {"signature algorithms for certificates", (*tlsReader).extSignatures}, 51: {"key share", (*tlsReader).extKeyShare}, 52: {"transparency info", nil},
	53: {"connection identifier (old)", (*tlsReader).extConnectionID}, 54: {"connection identifier", (*tlsReader).extConnectionID},
	55: {"external identifier hash", nil}, 56: {"external session identifier", nil}, 57: {"QUIC transport parameters", (*tlsReader).extQUIC},
	58: {"ticket request", nil}, 59: {"DNSSEC chain", nil}, 13172: {"next protocol negotiation", (*tlsReader).extNPN},
	17513: {"application settings", (*tlsReader).extALPS}, 17613: {"application settings (new)", nil}, 30031: {"channel identifier (old)", nil}, 30032: {"channel identifier", nil},
	0xfe0d: {"encrypted Client Hello", nil}, 0xfd00: {"outer extensions of an encrypted Client Hello", nil},
	65281: {"renegotiation info", (*tlsReader).extRenegotiation}, 65445: {"QUIC transport parameters (drafts)", (*tlsReader).extQUIC},
	65486: {"encrypted server name", (*tlsReader).extESNI},
}

// extEmpty reads an extension that says all by being there.
func extEmpty(*tlsReader, *tlsExtension) {}

func tlsExtensionNames() map[uint64]string {
	names := map[uint64]string{}
	for v, kind := range tlsExtensions {
		names[v] = kind.name
	}
	return greased(names)
}

// extensions reads a list of extensions, as part of what message.
func (m *tlsReader) extensions(end int, message uint64, j *ja3) {
	n, ok := m.vector(extsLen, 2, end)
	if !ok {
		m.seek(max(m.pos, end))
		return
	}
	x := tlsExtension{message: message, ja3: j}
	end = m.pos + n
	for end-m.pos >= 4 && !*m.broken {
		if !m.extension(&x, end) {
			break
		}
	}
	if j != nil && message == hsClientHello {
		j.text = append(append(j.text, ','), j.groups...)
		j.text = append(append(j.text, ','), j.formats...)
	}
	m.finish(end)
}

// extension reads one extension; false when its length is wrong.
func (m *tlsReader) extension(x *tlsExtension, end int) bool {
	kind := uint64(m.peek(0, 2))
	n := 4 + m.peek(2, 2)
	if x.ja3 != nil && !isGrease(kind) {
		x.ja3.text = appendJA3(x.ja3.text, kind, end-m.pos > n)
	}
	whole := true
	node := m.open(extension, n, func() {
		m.add(extType, 2)
		size, ok := m.vector(extLen, 2, end)
		if whole = ok; !ok {
			m.seek(end)
			return
		}
		x.end = m.pos + size
		if read := tlsExtensions[kind].read; read != nil {
			read(m, x)
		} else {
			m.add(extData, size)
		}
		m.finish(x.end)
	})
	if node.Field != nil {
		name := extType.Names[kind]
		if name == "" {
			name = "unknown"
		}
		node.Show = name + " (" + count(n-4, "byte") + ")"
	}
	return whole
}
