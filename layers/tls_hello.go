package layers

import (
	"crypto/md5"
	"encoding/hex"
	"strconv"
)

const rfcHello = "RFC 8446 sec. 4.1.2"

var (
	helloVersion  = tlsEnum("tls.handshake.version", "version", tlsVersions, rfcHello, "The highest version up to 1.2 that the sender speaks; that it speaks TLS 1.3 it says in an extension.")
	helloRandom   = tlsText("tls.handshake.random", "random", TypeBytes, rfcHello, "32 bytes of chance from each side make every session's keys different.")
	helloTime     = tlsText("tls.handshake.random_time", "time", TypeAbsTime, "RFC 5246 sec. 7.4.1.2", "The sender's clock, in theory; most send chance instead, so as not to be recognised by it.")
	helloBytes    = tlsText("tls.handshake.random_bytes", "random bytes", TypeBytes, "RFC 5246 sec. 7.4.1.2", "The rest of the random.")
	helloIDLen    = tlsText("tls.handshake.session_id_length", "session identifier length", TypeUint, rfcHello, "How many bytes the identifier has; 0: there is none.")
	helloID       = tlsText("tls.handshake.session_id", "session identifier", TypeBytes, rfcHello, "Names an earlier session that both could go on with; in TLS 1.3 it is chance, and only echoed.")
	helloSuitesN  = tlsText("tls.handshake.cipher_suites_length", "cipher suites length", TypeUint, rfcHello, "How many bytes the list has, two for each suite.")
	helloSuites   = tlsText("tls.handshake.ciphersuites", "cipher suites", TypeNone, rfcHello, "All suites that the client is ready to use, its favourites first.")
	helloSuite    = tlsEnum("tls.handshake.ciphersuite", "cipher suite", greased(tlsSuites), "RFC 8446 app. B.4", "A set of methods: how keys are agreed on, what encrypts the data, and which hash guards it.")
	helloMethodsN = tlsText("tls.handshake.comp_methods_length", "compression methods length", TypeUint, rfcHello, "How many methods the list has.")
	helloMethods  = tlsText("tls.handshake.comp_methods", "compression methods", TypeNone, rfcHello, "How the client could compress; nobody does, for the size of what is compressed gives secrets away.")
	helloMethod   = tlsEnum("tls.handshake.comp_method", "compression method", tlsCompressions, rfcHello, "How data is compressed before it is encrypted: today never.")

	helloJA3Full  = tlsText("tls.handshake.ja3_full", "JA3 in full", TypeString, "", "What the client offers, as a list of numbers: each kind of program has its own.")
	helloJA3      = tlsText("tls.handshake.ja3", "JA3", TypeString, "", "A short name for what the client offers, to recognise programs by.")
	helloJA3SFull = tlsText("tls.handshake.ja3s_full", "JA3S in full", TypeString, "", "What the server chose, as a list of numbers.")
	helloJA3S     = tlsText("tls.handshake.ja3s", "JA3S", TypeString, "", "A short name for what the server chose, to recognise programs by.")
)

// ja3 gathers the numbers that name a program by its hello; GREASE's values
// are left out.
type ja3 struct{ text, groups, formats []byte }

func appendJA3(list []byte, v uint64, more bool) []byte {
	list = strconv.AppendUint(list, v, 10)
	if more {
		list = append(list, '-')
	}
	return list
}

// ja3Nodes adds the list and its hash, which take no room in the message.
func (m *tlsReader) ja3Nodes(full, short *Field, list []byte) {
	if *m.broken {
		return
	}
	sum := md5.Sum(list)
	*m.out = append(*m.out, m.told(full, m.pos, 0, Printable(string(list))), m.told(short, m.pos, 0, hex.EncodeToString(sum[:])))
}

// helloStart reads what both hellos begin with.
func (m *tlsReader) helloStart(server bool) {
	if m.tls13() {
		m.add(helloRandom, 32)
	} else {
		m.under(helloRandom, 32, func() {
			t := m.add(helloTime, 4)
			t.Uint *= 1e9
			t.Show = show(helloTime, t.Uint, nil)
			m.add(helloBytes, 28)
		})
	}
	if server && m.noSession() {
		return
	}
	n := m.add(helloIDLen, 1).Uint
	m.add(helloID, int(n))
}

// noSession says whether it is a draft of TLS 1.3 whose Server Hello has
// neither session nor compression.
func (m *tlsReader) noSession() bool { return m.tls13() && m.sess.draft > 0 && m.sess.draft < 22 }

// clientHello reads a Client Hello (RFC 8446 section 4.1.2).
func (m *tlsReader) clientHello(end int) {
	var j ja3
	j.text = append(strconv.AppendUint(nil, m.add(helloVersion, 2).Uint, 10), ',')
	m.helloStart(false)
	n, ok := m.vector(helloSuitesN, 2, end)
	if !ok {
		return
	}
	stop := m.pos + n
	m.open(helloSuites, n, func() {
		for m.pos+2 <= stop && !*m.broken {
			if suite := m.add(helloSuite, 2).Uint; !isGrease(suite) {
				j.text = appendJA3(j.text, suite, m.pos < stop)
			}
		}
		m.finish(stop)
	})
	j.text = append(j.text, ',')
	if n, ok = m.vector(helloMethodsN, 1, end); !ok {
		return
	}
	stop = m.pos + n
	m.open(helloMethods, n, func() { m.list(helloMethod, 1, stop) })
	if m.pos < end { // SSL 3 has no extensions
		m.extensions(end, hsClientHello, &j)
	} else {
		j.text = append(j.text, ',', ',')
	}
	m.ja3Nodes(helloJA3Full, helloJA3, j.text)
}

// serverHello reads a Server Hello, or a Hello Retry Request, which looks like
// one (RFC 8446 sections 4.1.3 and 4.1.4).
func (m *tlsReader) serverHello(end int, retry bool) {
	var j ja3
	j.text = append(strconv.AppendUint(nil, m.add(helloVersion, 2).Uint, 10), ',')
	m.helloStart(true)
	suite := m.add(helloSuite, 2).Uint
	j.text = append(strconv.AppendUint(j.text, suite, 10), ',')
	if !m.noSession() {
		m.add(helloMethod, 1)
	}
	if m.pos < end {
		kind := uint64(hsServerHello)
		if retry {
			kind = hsHelloRetry
		}
		m.extensions(end, kind, &j)
	}
	m.ja3Nodes(helloJA3SFull, helloJA3S, j.text)
}

// retryRequest reads a Hello Retry Request as drafts of TLS 1.3 had it.
func (m *tlsReader) retryRequest(end int) {
	draft := m.add(helloVersion, 2).Uint
	if draft>>8 != 0x7f || draft&0xff >= 19 {
		m.add(helloSuite, 2)
	}
	m.extensions(end, hsHelloRetry, nil)
}
