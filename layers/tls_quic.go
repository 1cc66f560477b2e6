package layers

const rfcQUIC = "RFC 9000 sec. 18.2"

var (
	qpLen     = tlsText("tls.quic.len", "parameters length", TypeUint, rfcQUIC, "How many bytes all parameters have; only drafts of QUIC have it.")
	qpHead    = tlsText("", "parameter", TypeNone, rfcQUIC, "Something that one side tells the other about how to use QUIC.")
	qpType    = tlsEnum("tls.quic.parameter.type", "type", qpNames(), rfcQUIC, "Which parameter it is.")
	qpSize    = tlsText("tls.quic.parameter.length", "length", TypeUint, rfcQUIC, "How many bytes the parameter has.")
	qpSizeOld = tlsText("tls.quic.parameter.lengt.old", "length", TypeUint, rfcQUIC, "How many bytes the parameter has, as drafts of QUIC wrote it.")
	qpValue   = tlsText("tls.quic.parameter.value", "value", TypeBytes, rfcQUIC, "The parameter's bytes.")

	qpAddr4      = tlsText("tls.quic.parameter.preferred_address.ipv4address", "IPv4 address", TypeIPv4, rfcQUIC, "Where the server would rather be spoken to.")
	qpPort4      = tlsText("tls.quic.parameter.preferred_address.ipv4port", "port", TypeUint, rfcQUIC, "The port at the IPv4 address.")
	qpAddr6      = tlsText("tls.quic.parameter.preferred_address.ipv6address", "IPv6 address", TypeIPv6, rfcQUIC, "Where the server would rather be spoken to.")
	qpPort6      = tlsText("tls.quic.parameter.preferred_address.ipv6port", "port", TypeUint, rfcQUIC, "The port at the IPv6 address.")
	qpConnLen    = tlsText("tls.quic.parameter.preferred_address.connectionid.length", "identifier length", TypeUint, rfcQUIC, "How many bytes the identifier has.")
	qpConn       = tlsText("tls.quic.parameter.preferred_address.connectionid", "connection identifier", TypeBytes, rfcQUIC, "The connection's name at the new address.")
	qpToken      = tlsText("tls.quic.parameter.preferred_address.statelessresettoken", "reset token", TypeBytes, rfcQUIC, "What a reset of the connection at the new address must show.")
	qpCibirLen   = quicRow("cibir_encoding.length", "identifier length", "How long the identifier's part for routing is.")
	qpCibirAt    = quicRow("cibir_encoding.offset", "identifier offset", "Where the identifier's part for routing begins.")
	qpGoogleVer  = tlsText("tls.quic.parameter.google.quic_version", "version", TypeHex, "", "The version of QUIC that the client began with.")
	qpGoogleVerN = tlsText("tls.quic.parameter.google.supported_versions_length", "versions length", TypeUint, "", "How many bytes the list of versions has.")
	qpGoogleVers = tlsText("tls.quic.parameter.google.supported_version", "supported version", TypeHex, "", "A version of QUIC that the server speaks.")
	qpGoogleHead = quicBytes("google.quic_params_unknown_field", "unknown", "Four bytes of which nobody says what they mean.")
	qpChosen     = tlsText("tls.quic.parameter.vi.chosen_version", "chosen version", TypeHex, "RFC 9368 sec. 3", "The version of QUIC that the sender uses.")
	qpOther      = tlsText("tls.quic.parameter.vi.other_version", "other version", TypeHex, "RFC 9368 sec. 3", "Another version of QUIC that the sender could speak.")
)

func quicRow(name, label, help string) *Field {
	return tlsText("tls.quic.parameter."+name, label, TypeUint, rfcQUIC, help)
}

func quicBytes(name, label, help string) *Field {
	return tlsText("tls.quic.parameter."+name, label, TypeBytes, rfcQUIC, help)
}

// A parameter's value is a number of QUIC's, or all its bytes, or nothing that
// Wireshark looks into.
type quicParameter struct {
	name   string
	number *Field
	bytes  *Field
}

var quicParameters = map[uint64]quicParameter{
	0x00:       {name: "original destination connection identifier", bytes: quicBytes("original_destination_connection_id", "original destination identifier", "The name that the client first gave the server.")},
	0x01:       {name: "maximum idle timeout", number: quicRow("max_idle_timeout", "maximum idle timeout", "After so many silent milliseconds the connection is over.")},
	0x02:       {name: "stateless reset token", bytes: quicBytes("stateless_reset_token", "stateless reset token", "What a reset from a server that has forgotten the connection must show.")},
	0x03:       {name: "maximum UDP payload size", number: quicRow("max_udp_payload_size", "maximum UDP payload", "The largest datagram that the sender takes.")},
	0x04:       {name: "initial maximum data", number: quicRow("initial_max_data", "initial maximum data", "How many bytes may be sent on all streams before the sender allows more.")},
	0x05:       {name: "initial maximum stream data, bidirectional, local", number: quicRow("initial_max_stream_data_bidi_local", "initial maximum stream data, own", "How many bytes may be sent on a two-way stream that the sender opens.")},
	0x06:       {name: "initial maximum stream data, bidirectional, remote", number: quicRow("initial_max_stream_data_bidi_remote", "initial maximum stream data, other's", "How many bytes may be sent on a two-way stream that the other side opens.")},
	0x07:       {name: "initial maximum stream data, unidirectional", number: quicRow("initial_max_stream_data_uni", "initial maximum stream data, one-way", "How many bytes may be sent on a one-way stream.")},
	0x08:       {name: "initial maximum streams, bidirectional", number: quicRow("initial_max_streams_bidi", "initial maximum streams", "How many two-way streams the other side may open.")},
	0x09:       {name: "initial maximum streams, unidirectional", number: quicRow("initial_max_streams_uni", "initial maximum streams, one-way", "How many one-way streams the other side may open.")},
	0x0a:       {name: "ack delay exponent", number: quicRow("ack_delay_exponent", "ack delay exponent", "Delays of acknowledgments are counted in units of two to this power microseconds.")},
	0x0b:       {name: "maximum ack delay", number: quicRow("max_ack_delay", "maximum ack delay", "For at most so many milliseconds the sender holds acknowledgments back.")},
	0x0c:       {name: "disable active migration"},
	0x0d:       {name: "preferred address"},
	0x0e:       {name: "active connection identifier limit", number: quicRow("active_connection_id_limit", "active identifier limit", "How many names of the connection the sender can remember.")},
	0x0f:       {name: "initial source connection identifier", bytes: quicBytes("initial_source_connection_id", "initial source identifier", "The name that the sender first gave itself.")},
	0x10:       {name: "retry source connection identifier", bytes: quicBytes("retry_source_connection_id", "retry source identifier", "The name that the server gave itself when it asked the client to try again.")},
	0x11:       {name: "version information"},
	0x20:       {name: "maximum datagram frame size", number: quicRow("max_datagram_frame_size", "maximum datagram size", "The largest unreliable datagram that the sender takes.")},
	0x1000:     {name: "CIBIR encoding"},
	0x1057:     {name: "loss bits", number: quicRow("loss_bits", "loss bits", "Whether the sender can mark packets so that loss can be measured on the way.")},
	0x2ab2:     {name: "GREASE the QUIC bit"},
	0x3127:     {name: "Google: initial RTT", number: quicRow("google.initial_rtt", "initial round trip", "What the client thinks the way there and back takes, in microseconds.")},
	0x3128:     {name: "Google: connection options", bytes: quicBytes("google.connection_options", "connection options", "Experiments that the client takes part in.")},
	0x3129:     {name: "Google: user agent", bytes: tlsText("tls.quic.parameter.google.user_agent", "user agent", TypeString, "", "Which program the client is.")},
	0x312a:     {name: "Google: handshake done", bytes: tlsText("tls.quic.parameter.google.support_handshake_done", "handshake done", TypeNone, "", "The client knows the frame that says that the handshake is done.")},
	0x312b:     {name: "Google: key update not supported", bytes: tlsText("tls.quic.parameter.google.key_update_not_yet_supported", "no key update", TypeNone, "", "The client cannot change its keys yet.")},
	0x4752:     {name: "Google: QUIC version"},
	0x4751:     {name: "Google: QUIC parameters", bytes: quicBytes("google.quic_params", "QUIC parameters", "Parameters as Google's own QUIC had them.")},
	0x7157:     {name: "time stamp"},
	0x7158:     {name: "time stamp, version 2", number: quicRow("enable_time_stamp_v2", "time stamps", "Whether time stamps may be sent, wanted, or both.")},
	0xde1a:     {name: "minimum ack delay (old)", number: quicRow("min_ack_delay", "minimum ack delay", "The shortest time in microseconds for which the sender can hold acknowledgments back.")},
	0xff00:     {name: "Facebook: partial reliability", number: quicRow("facebook.partial_reliability", "partial reliability", "Whether streams may leave data out.")},
	0xff02de1a: {name: "minimum ack delay (draft 1)"},
	0xff03de1a: {name: "minimum ack delay (draft 2)", number: quicRow("min_ack_delay", "minimum ack delay", "The shortest time in microseconds for which the sender can hold acknowledgments back.")},
	0xff04de1b: {name: "minimum ack delay"},
	0xff73db:   {name: "version information (draft)"},
}

func qpNames() map[uint64]string {
	names := map[uint64]string{}
	for v, p := range quicParameters {
		names[v] = p.name
	}
	return names
}

// extQUIC reads QUIC's transport parameters (RFC 9000 section 18). Drafts
// before the 27th had lengths of two bytes.
func (m *tlsReader) extQUIC(x *tlsExtension) {
	end, old := x.end, false
	if n := x.end - m.pos; n >= 6 && 2+m.peek(0, 2) == n && 6+m.peek(4, 2) <= n {
		old = true
		m.add(qpLen, 2)
	}
	for m.pos < end && !*m.broken {
		m.quicParameter(x, end, old)
	}
}

func (m *tlsReader) quicParameter(x *tlsExtension, end int, old bool) {
	start, size := m.pos, 2
	node := m.open(qpHead, min(2, m.left()), func() {
		var kind uint64
		var n int
		if old {
			kind = m.add(qpType, 2).Uint
			var ok bool
			if n, ok = m.vector(qpSizeOld, 2, end); !ok {
				m.seek(end)
				return
			}
		} else {
			kind = m.varint(qpType)
			n = int(min(m.varint(qpSize), 1<<32-1)) // Wireshark has 32 bits for it
		}
		size = m.pos - start + n
		stop := m.pos + n
		m.over(m.out, qpValue, n)
		m.quicValue(x, kind, n)
		m.finish(stop)
	})
	if node.Field != nil {
		node.Len = min(size, m.end-start)
	}
}

func (m *tlsReader) quicValue(x *tlsExtension, kind uint64, n int) {
	p := quicParameters[kind]
	switch {
	case p.number != nil:
		stop := m.pos + n
		m.varint(p.number)
		if kind == 0x7158 || kind == 0xff00 {
			m.seek(stop)
		}
	case kind == 0x02:
		m.add(p.bytes, 16)
	case kind == 0x4751:
		m.over(m.out, p.bytes, n)
		m.over(m.out, qpGoogleHead, 4)
		m.skip(n)
	case p.bytes != nil:
		m.add(p.bytes, n)
	case kind == 0x0d:
		m.quicAddress(x)
	case kind == 0x1000:
		m.varint(qpCibirLen)
		m.varint(qpCibirAt)
	case kind == 0x11:
		m.add(qpChosen, 4)
		for i := 4; i < n && !*m.broken; i += 4 {
			m.add(qpOther, 4)
		}
	case kind == 0x4752:
		m.add(qpGoogleVer, 4)
		if x.message == hsEncryptedExts {
			for i := m.add(qpGoogleVerN, 1).Uint / 4; i > 0 && !*m.broken; i-- {
				m.add(qpGoogleVers, 4)
			}
		}
	default:
		m.skip(n)
	}
}

func (m *tlsReader) quicAddress(x *tlsExtension) {
	m.add(qpAddr4, 4)
	m.add(qpPort4, 2)
	m.add(qpAddr6, 16)
	m.add(qpPort6, 2)
	if n, ok := m.vector(qpConnLen, 1, x.end); ok {
		m.add(qpConn, n)
		m.add(qpToken, 16)
	}
}

// varint takes the next of QUIC's numbers.
func (m *tlsReader) varint(f *Field) uint64 {
	return m.cursor.varint(m.out, f)
}
