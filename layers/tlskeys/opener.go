package tlskeys

import (
	"encoding/binary"
	"slices"

	"strata/layers"
)

// Opener follows a TLS connection: it is given the records of both sides in
// the order in which they came, learns from them what was agreed on, and opens
// what is protected, if the log has the secrets. It takes no more memory than
// two hellos do.
type Opener struct {
	log       *Log
	clientRnd [randomSize]byte
	known     bool   // the client's random
	version   uint16 // 0: there was no Server Hello
	alpn      string
	offered   []Suite // of TLS 1.3, by a client that sends early data
	sides     [2]side
}

// The sides of a connection.
const (
	Client = 0
	Server = 1
)

// side is what one side sends.
type side struct {
	messages messages
	changed  bool     // TLS 1.2 and older: it has sent a Change Cipher Spec
	pending  *older   // the keys that it goes over to with the next
	keys     *older   // the keys that it uses
	stages   []*stage // TLS 1.3: the keys in use, and those after them
}

// stage is a time of a TLS 1.3 session with keys of its own.
type stage struct {
	label   string
	traffic *Traffic // nil: it has opened nothing yet
	opened  bool     // a record, so that these are the keys
}

// NewOpener follows a connection from its first record on.
func NewOpener(log *Log) *Opener { return &Opener{log: log} }

// ALPN is the protocol that client and server agreed to speak within the
// session (RFC 7301); "": none, or it is not known.
func (o *Opener) ALPN() string { return o.alpn }

// Begun is what a side's records have brought so far of a handshake message
// that is not whole yet, one piece from each, as layers.Seen has it; nil: there
// is none, or it is too long to be kept.
func (o *Opener) Begun(from int) [][]byte { return slices.Clone(o.sides[from&1].messages.pieces) }

// Record takes the next record that a side (Client or Server) has sent, header
// included. Protected says whether it is encrypted, by what is known of the
// session; then it is opened: the data are appended to dst, and nil when they
// cannot be read.
func (o *Opener) Record(dst []byte, from int, record []byte) (opened layers.Opened, protected bool) {
	s := &o.sides[from&1]
	if len(record) < recordSize || len(record) != recordSize+int(binary.BigEndian.Uint16(record[3:])) {
		return opened, false
	}
	kind := record[0]
	protected = kind == typeAppData || s.changed
	opened = layers.Opened{Proto: layers.TLS, Type: kind}
	content := record[recordSize:]
	if protected {
		inner, plain, ok := o.open(s, dst, record)
		if !ok {
			return opened, true
		}
		if plain == nil {
			plain = []byte{} // opened, and empty
		}
		opened.Type, opened.Data = inner, plain
		kind, content = inner, plain
	}
	switch kind {
	case typeChangeCipherSpec:
		s.change(o.version)
	case typeHandshake:
		s.messages.add(content, func(m message) { o.message(from&1, m) })
	}
	return opened, protected
}

// change takes note of a Change Cipher Spec, which means nothing in TLS 1.3
// (RFC 8446 appendix D.4).
func (s *side) change(version uint16) {
	if version != verTLS13 {
		s.changed = true
		s.keys, s.pending = s.pending, nil
	}
}

func (o *Opener) open(s *side, dst, record []byte) (kind uint8, plain []byte, ok bool) {
	if s.keys != nil {
		kind, plain, err := s.keys.Open(dst, record)
		return kind, plain, err == nil
	}
	return o.open13(s, dst, record)
}

// open13 tries the keys in use, and if they do not fit those that come after
// them: a server may refuse early data, and a capture may lack records.
func (o *Opener) open13(s *side, dst, record []byte) (kind uint8, plain []byte, ok bool) {
	for i, st := range s.stages {
		for _, t := range o.traffic(st) {
			kind, plain, err := t.Open(dst, record)
			if err != nil {
				continue
			}
			st.traffic, st.opened = t, true
			s.stages = s.stages[i:]
			return kind, plain, true
		}
	}
	if len(s.stages) > 0 && s.stages[0].opened {
		s.stages[0].traffic.Skip() // it was changed on its way
	}
	return 0, nil, false
}

// traffic are the keys that a stage can have: for early data, which come
// before the server has chosen a suite, one for each that fits.
func (o *Opener) traffic(st *stage) []*Traffic {
	if st.traffic != nil {
		return []*Traffic{st.traffic}
	}
	secret := o.log.Find(o.clientRnd, st.label)
	if secret == nil {
		return nil
	}
	var all []*Traffic
	for _, suite := range o.offered {
		if suite.Hash().Size() == len(secret) {
			all = append(all, NewTraffic(suite, secret))
		}
	}
	return all
}

// message takes note of a handshake message.
func (o *Opener) message(from int, m message) {
	s := &o.sides[from]
	switch m.kind {
	case msgClientHello:
		if from == Client {
			o.clientHello(m.body)
		}
	case msgServerHello:
		if from == Server {
			o.serverHello(m.body)
		}
	case msgEncryptedExtensions:
		eachExtension(m.body, func(kind uint16, b []byte) { o.extension(kind, b) })
	case msgEndOfEarlyData:
		s.pass(ClientEarlySecret)
	case msgFinished:
		s.pass(ClientHandshakeSecret)
		s.pass(ServerHandshakeSecret)
	case msgKeyUpdate:
		if len(s.stages) == 1 && s.stages[0].opened { // RFC 8446 section 4.6.3
			s.stages[0].traffic.Update()
		}
	}
}

// pass ends a stage, if it is the one that the side is in.
func (s *side) pass(label string) {
	if len(s.stages) > 1 && s.stages[0].label == label {
		s.stages = s.stages[1:]
	}
}

func (o *Opener) clientHello(b []byte) {
	h, ok := readHello(b, false)
	if !ok {
		return
	}
	again := o.known && o.clientRnd == h.random // after a Hello Retry Request
	o.clientRnd, o.known = h.random, true
	o.offered = nil
	early := false
	eachExtension(h.extensions, func(kind uint16, _ []byte) { early = early || kind == extEarlyData })
	s := &o.sides[Client]
	if s.keys != nil || s.changed {
		return // agreed on anew, within the session
	}
	if s.stages = nil; early && !again {
		for suites := h.suites; len(suites) >= 2; suites = suites[2:] {
			if suite, ok := SuiteByID(binary.BigEndian.Uint16(suites)); ok && suite.tls13() && len(o.offered) < 8 {
				o.offered = append(o.offered, suite)
			}
		}
		s.stages = []*stage{{label: ClientEarlySecret}}
	}
}

func (o *Opener) serverHello(b []byte) {
	h, ok := readHello(b, true)
	if !ok {
		return
	}
	etm := false
	eachExtension(h.extensions, func(kind uint16, b []byte) {
		switch {
		case kind == extVersions && len(b) == 2:
			h.version = binary.BigEndian.Uint16(b)
		case kind == extEncryptThenMAC:
			etm = true
		default:
			o.extension(kind, b)
		}
	})
	o.version = h.version
	if h.random == helloRetry {
		return
	}
	suite, ok := SuiteByID(h.suite)
	switch {
	case !ok:
	case h.version == verTLS13 && suite.tls13():
		o.stages(suite)
	case h.version >= verTLS10 && h.version <= verTLS12:
		if master := o.log.Find(o.clientRnd, MasterSecret); master != nil {
			agreed := session{version: h.version, suite: suite, etm: etm, client: o.clientRnd, server: h.random}
			keys := agreed.keys(master)
			o.sides[Client].pending, o.sides[Server].pending = keys[Client], keys[Server]
		}
	}
}

// stages are what comes after the Server Hello of TLS 1.3 (RFC 8446 section
// 7.1). Their secrets are looked for when they are needed: a log that grows may
// not have them yet.
func (o *Opener) stages(suite Suite) {
	o.offered = []Suite{suite}
	after := [2][]string{{ClientHandshakeSecret, ClientTrafficSecret}, {ServerHandshakeSecret, ServerTrafficSecret}}
	for i, labels := range after {
		s := &o.sides[i]
		s.changed = false
		if len(s.stages) > 1 {
			s.stages = nil // a second Server Hello
		}
		for _, label := range labels {
			s.stages = append(s.stages, &stage{label: label})
		}
	}
}

// extension takes note of the protocol that was agreed on (RFC 7301 section
// 3.1).
func (o *Opener) extension(kind uint16, b []byte) {
	if kind == extALPN && len(b) > 3 && int(b[2]) == len(b)-3 {
		o.alpn = string(b[3:])
	}
}
