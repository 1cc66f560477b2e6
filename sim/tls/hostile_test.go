package tls

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"strata/layers/tlskeys"
)

// script is a connection whose other side has said everything already: since
// the same seed makes the same bytes, one side of a session can be heard again
// without the other.
type script struct {
	net.Conn
	in  bytes.Reader
	out bytes.Buffer
}

func (s *script) Read(b []byte) (int, error)       { return s.in.Read(b) }
func (s *script) Write(b []byte) (int, error)      { return s.out.Write(b) }
func (s *script) Close() error                     { return nil }
func (s *script) SetWriteDeadline(time.Time) error { return nil }

const said = "some words of the program's"

// noon is the time in these tests.
func noon() time.Time { return time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC) }

// part is one of the sides of a session, to be heard again.
type part struct {
	client bool
	change func(client, server *Config)
}

var issued = sync.OnceValue(func() []Certificate {
	certificate, err := Issue(rand.New(rand.NewPCG(9, 8)), "www.example")
	if err != nil {
		panic(err)
	}
	return []Certificate{certificate}
})

// hear lets the side hear bytes. It gives what the program reads, what it
// sends, the secrets, and the error at the end.
func (p part) hear(t testing.TB, b []byte) (text string, sent []byte, secrets map[string][]byte, err error) {
	s := &script{}
	s.in.Reset(b)
	ours, theirs := clientConfig(9), &Config{Rand: rand.New(rand.NewPCG(9, 9)), Certificates: slices.Clone(issued())}
	if p.change != nil {
		p.change(ours, theirs)
	}
	cfg, c := ours, Client(s, ours)
	if !p.client {
		cfg, c = theirs, Server(s, theirs)
	}
	secrets = map[string][]byte{}
	cfg.Time, cfg.Secret = noon, func(label string, _, secret []byte) { secrets[label] = secret }
	if err = c.Handshake(); err == nil {
		var got []byte
		if _, err = c.Write([]byte(said)); err == nil {
			got, err = io.ReadAll(c)
		}
		text = string(got)
		if err == nil {
			err = io.EOF
		}
		_ = c.Close()
	}
	return text, s.out.Bytes(), secrets, err
}

// whole makes a whole session: what each side must hear. They are found by
// turns, each time with all that the other has said so far.
func whole(t testing.TB, change func(client, server *Config)) (toClient, toServer []byte) {
	for range 4 {
		_, toServer, _, _ = part{true, change}.hear(t, toClient)
		_, toClient, _, _ = part{false, change}.hear(t, toServer)
	}
	_, toServer, _, _ = part{true, change}.hear(t, toClient)
	return toClient, toServer
}

var changes = []func(client, server *Config){nil, func(_, b *Config) { b.Groups = []uint16{P256} }}

// TestHostileBytes: with any bit flipped, or cut off anywhere, a session ends
// with an error, or is the same as if nothing had happened.
func TestHostileBytes(t *testing.T) {
	for _, change := range changes {
		toClient, toServer := whole(t, change)
		for _, p := range []part{{true, change}, {false, change}} {
			b := toServer
			if p.client {
				b = toClient
			}
			if text, _, _, err := p.hear(t, b); text != said || err != io.EOF {
				t.Fatalf("client %v: %q, %v", p.client, text, err)
			}
			for i := range b {
				flipped := bytes.Clone(b)
				flipped[i] ^= 1 << (i % 8)
				text, _, _, err := p.hear(t, flipped)
				if text != "" && text != said || err == io.EOF && text != said {
					t.Errorf("client %v, byte %d flipped: %q, %v", p.client, i, text, err)
				}
				if i%7 == 0 {
					if _, _, _, err := p.hear(t, b[:i]); !errors.Is(err, io.ErrUnexpectedEOF) {
						t.Errorf("client %v, cut at %d: %v", p.client, i, err)
					}
				}
			}
		}
	}
}

// TestFlippedRecordIsTold: a record that was changed on its way is answered
// with the alert that the RFC wants, encrypted.
func TestFlippedRecordIsTold(t *testing.T) {
	toClient, _ := whole(t, nil)
	toClient[len(toClient)-30] ^= 1 // within the data, before the goodbye
	_, sent, secrets, err := part{client: true}.hear(t, toClient)
	var e *Error
	if !errors.As(err, &e) || e.Alert != BadRecordMAC || e.Peer || err.Error() != "tls: the record was changed on its way, or the keys are not its keys (bad_record_mac)" && !strings.Contains(err.Error(), "(bad_record_mac)") {
		t.Errorf("%v", err)
	}
	suite, _ := tlskeys.SuiteByID(AES128GCM)
	keys := tlskeys.NewTraffic(suite, secrets[tlskeys.ClientTrafficSecret])
	data, alert := len(said)+keys.Overhead(), 2+keys.Overhead()
	if _, text, err := keys.Open(nil, bytes.Clone(sent[len(sent)-alert-data:len(sent)-alert])); err != nil || string(text) != said {
		t.Fatalf("%q, %v", text, err)
	}
	if kind, b, err := keys.Open(nil, bytes.Clone(sent[len(sent)-alert:])); err != nil || kind != typeAlert || !bytes.Equal(b, []byte{2, byte(BadRecordMAC)}) {
		t.Errorf("%d, %x, %v", kind, b, err)
	}
}

func plainRecord(kind uint8, b ...byte) []byte {
	return append([]byte{kind, 3, 3, byte(len(b) >> 8), byte(len(b))}, b...)
}

// TestHostileServers: what a client hears after the handshake.
func TestHostileServers(t *testing.T) {
	toClient, _ := whole(t, nil)
	toClient = toClient[:len(toClient)-(2+22)] // without the goodbye
	_, _, secrets, _ := part{client: true}.hear(t, toClient)
	suite, _ := tlskeys.SuiteByID(AES128GCM)
	type record struct {
		kind uint8
		b    []byte
	}
	ticket := append([]byte{msgNewTicket, 0, 0, 15, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 2}, 7, 7, 0, 0)
	ended := record{typeAlert, []byte{1, 0}}
	many := make([]record, maxIdle+1)
	for i := range many {
		many[i] = record{typeAppData, nil}
	}
	for name, c := range map[string]struct {
		records []record
		raw     []byte // after them
		alert   Alert
		peer    bool
	}{
		"a goodbye":             {records: []record{ended}},
		"a ticket":              {records: []record{{22, ticket}, ended}},
		"a ticket in two":       {records: []record{{22, ticket[:3]}, {22, ticket[3:]}, ended}},
		"two tickets in one":    {records: []record{{22, append(bytes.Clone(ticket), ticket...)}, ended}},
		"new keys":              {records: []record{{22, []byte{msgKeyUpdate, 0, 0, 1, 0}}, ended}},
		"user_canceled":         {records: []record{{21, []byte{1, 90}}, ended}},
		"empty records":         {records: append(many[:maxIdle:maxIdle], ended)},
		"too many empty ones":   {records: many, alert: UnexpectedMessage},
		"a broken ticket":       {records: []record{{22, []byte{msgNewTicket, 0, 0, 1, 0}}}, alert: DecodeError},
		"new keys, wrong":       {records: []record{{22, []byte{msgKeyUpdate, 0, 0, 1, 2}}}, alert: IllegalParameter},
		"new keys, long":        {records: []record{{22, []byte{msgKeyUpdate, 0, 0, 2, 0, 0}}}, alert: DecodeError},
		"new keys within":       {records: []record{{22, append([]byte{msgKeyUpdate, 0, 0, 1, 0}, ticket...)}}, alert: UnexpectedMessage},
		"a message interrupted": {records: []record{{22, ticket[:5]}, {23, []byte("x")}}, alert: UnexpectedMessage},
		"a huge message":        {records: []record{{22, []byte{msgNewTicket, 1, 0, 0}}}, alert: DecodeError},
		"a request":             {records: []record{{22, []byte{msgCertificateRequest, 0, 0, 3, 0, 0, 0}}}, alert: UnexpectedMessage},
		"a hello":               {records: []record{{22, []byte{msgServerHello, 0, 0, 0}}}, alert: UnexpectedMessage},
		"an empty message":      {records: []record{{22, nil}}, alert: UnexpectedMessage},
		"an empty alert":        {records: []record{{21, nil}}, alert: UnexpectedMessage},
		"half an alert":         {records: []record{{21, []byte{2}}}, alert: DecodeError},
		"an alert":              {records: []record{{21, []byte{2, 80}}}, alert: InternalError, peer: true},
		"an unknown alert":      {records: []record{{21, []byte{1, 200}}}, alert: 200, peer: true},
		"a strange type":        {records: []record{{24, []byte("heartbeat")}}, alert: UnexpectedMessage},
		"change cipher spec":    {records: []record{{20, []byte{1}}}, alert: UnexpectedMessage},
		"no type":               {records: []record{{0, make([]byte, 9)}}, alert: UnexpectedMessage},
		"a long record":         {records: []record{{23, make([]byte, 1<<14+1)}}, alert: RecordOverflow},
		"a longer record":       {raw: append([]byte{23, 3, 3, 0x41, 1}, make([]byte, 1<<14+257)...), alert: RecordOverflow},
		"a plain record":        {raw: plainRecord(23, make([]byte, 40)...), alert: BadRecordMAC},
		"a plain alert":         {raw: plainRecord(21, 2, 80), alert: UnexpectedMessage},
		"a plain change":        {raw: plainRecord(20, 1), alert: UnexpectedMessage},
		"a tiny record":         {raw: plainRecord(23, 1, 2, 3), alert: BadRecordMAC},
		"no record":             {raw: []byte("HTTP/1.1 400 Bad Request\r\n\r\n"), alert: UnexpectedMessage},
	} {
		keys := tlskeys.NewTraffic(suite, secrets[tlskeys.ServerTrafficSecret])
		_ = keys.Seal(nil, 23, []byte(said)) // which was said
		b := bytes.Clone(toClient)
		for _, r := range c.records {
			b = keys.Seal(b, r.kind, r.b)
			if r.kind == 22 && len(r.b) > 0 && r.b[0] == msgKeyUpdate {
				keys.Update()
			}
		}
		text, _, _, err := part{client: true}.hear(t, append(b, c.raw...))
		if text != said {
			t.Errorf("%s: %q, %v", name, text, err)
		}
		var e *Error
		switch {
		case c.alert == 0 && err != io.EOF:
			t.Errorf("%s: %v", name, err)
		case c.alert != 0 && (!errors.As(err, &e) || e.Alert != c.alert || e.Peer != c.peer):
			t.Errorf("%s: %v; want %v", name, err, c.alert)
		}
	}
}

// TestHostileClients: what a server hears first.
func TestHostileClients(t *testing.T) {
	good := func() hello {
		cfg := clientConfig(1)
		c := Client(&script{}, cfg)
		mine, _ := (&handshake{Conn: c}).clientHello()
		return mine
	}
	with := func(change func(h *hello)) []byte {
		h := good()
		change(&h)
		return sealed(nil, nil, typeHandshake, h.clientHello())
	}
	patched := func(old, new string) []byte {
		b := with(func(*hello) {})
		if !bytes.Contains(b, []byte(old)) || len(old) != len(new) {
			t.Fatalf("%x", old)
		}
		return bytes.Replace(b, []byte(old), []byte(new), 1)
	}
	for name, c := range map[string]struct {
		b     []byte
		alert Alert
	}{
		"text":                  {[]byte("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), UnexpectedMessage},
		"another version":       {[]byte{22, 2, 0, 0, 1, 1}, UnexpectedMessage},
		"data":                  {plainRecord(23, 1, 2, 3), UnexpectedMessage},
		"a change cipher spec":  {plainRecord(20, 1), UnexpectedMessage},
		"a long record":         {[]byte{22, 3, 3, 0x40, 1}, RecordOverflow},
		"an empty record":       {plainRecord(22), UnexpectedMessage},
		"a finished":            {plainRecord(22, msgFinished, 0, 0, 1, 0), UnexpectedMessage},
		"an empty hello":        {plainRecord(22, msgClientHello, 0, 0, 0), DecodeError},
		"a huge hello":          {plainRecord(22, msgClientHello, 1, 0, 0), DecodeError},
		"half an alert":         {plainRecord(21, 2), DecodeError},
		"version 1.2":           {with(func(h *hello) { h.versions = []uint16{version12} }), ProtocolVersion},
		"no version":            {patched("\x00\x2b\x00\x03\x02\x03\x04", "\x7f\x2b\x00\x03\x02\x03\x04"), ProtocolVersion},
		"no groups":             {patched("\x00\x0a\x00\x06", "\x7f\x0a\x00\x06"), MissingExtension},
		"no signatures":         {patched("\x00\x0d\x00\x14", "\x7f\x0d\x00\x14"), MissingExtension},
		"no key share":          {patched("\x00\x33\x00\x26", "\x7f\x33\x00\x26"), MissingExtension},
		"an extension twice":    {patched("\x00\x0d\x00\x14", "\x00\x0a\x00\x14"), DecodeError},
		"compression":           {patched("\x13\x03\x01\x00", "\x13\x03\x01\x01"), IllegalParameter},
		"a group not offered":   {with(func(h *hello) { h.groups = []uint16{P256} }), IllegalParameter},
		"no point":              {with(func(h *hello) { h.shares[0].key = make([]byte, 32) }), IllegalParameter},
		"a short point":         {with(func(h *hello) { h.shares[0].key = h.shares[0].key[:31] }), IllegalParameter},
		"other suites":          {with(func(h *hello) { h.suites = []uint16{0x1304, 0xc02f} }), HandshakeFailure},
		"other groups":          {with(func(h *hello) { h.groups, h.shares = []uint16{24}, nil }), HandshakeFailure},
		"other signatures":      {with(func(h *hello) { h.signatures = []uint16{0x0603} }), HandshakeFailure},
		"a message behind":      {append(with(func(*hello) {})[:3], 0, 0), UnexpectedMessage},
		"not what was asked":    {append(with(func(h *hello) { h.shares = nil }), with(func(h *hello) { h.suites = h.suites[:1] })...), IllegalParameter},
		"no key again":          {append(with(func(h *hello) { h.shares = nil }), with(func(h *hello) { h.shares = nil })...), IllegalParameter},
		"a hello and no answer": {append(with(func(*hello) {}), plainRecord(22, msgFinished, 0, 0, 1, 0)...), UnexpectedMessage},
		"an answer with no key": {append(with(func(*hello) {}), plainRecord(23, make([]byte, 60)...)...), BadRecordMAC},
	} {
		_, sent, _, err := part{}.hear(t, c.b)
		var e *Error
		if !errors.As(err, &e) || e.Alert != c.alert || e.Peer {
			t.Errorf("%s: %v; want %v", name, err, c.alert)
		}
		if len(sent) < 7 || !bytes.HasSuffix(sent, plainRecord(21, 2, byte(c.alert))) && sent[0] == 21 {
			t.Errorf("%s: %x is sent", name, sent)
		}
	}
}

func FuzzConn(f *testing.F) {
	for _, change := range changes {
		toClient, toServer := whole(f, change)
		f.Add(true, toClient)
		f.Add(false, toServer)
		f.Add(false, toClient)
	}
	f.Fuzz(func(t *testing.T, client bool, b []byte) {
		if len(b) > 1<<16 {
			return
		}
		text, _, _, err := part{client: client}.hear(t, b)
		if err == nil || text != "" && text != said { // nobody else has the keys
			t.Fatalf("%q, %v", text, err)
		}
	})
}

// FuzzMessages: readers of messages read anything, and what they take, they
// write again.
func FuzzMessages(f *testing.F) {
	h, _ := (&handshake{Conn: Client(&script{}, clientConfig(1))}).clientHello()
	f.Add(h.clientHello()[4:])
	f.Add((&hello{random: helloRetry[:], suites: []uint16{AES128GCM}, groups: []uint16{P256}}).serverHello()[4:])
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, ok := readClientHello(b); ok && len(h.random) != randomSize {
			t.Fatalf("%+v", h)
		}
		if h, ok := readServerHello(b); ok && (len(h.random) != randomSize || len(h.suites) != 1) {
			t.Fatalf("%+v", h)
		}
		validTicket(b)
		cfg := &Config{Rand: rand.New(rand.NewPCG(1, 1)), Time: noon, ServerName: "www.example", Roots: Roots()}
		if _, err := cfg.checkChain(b); err == nil {
			t.Fatal("trusted")
		}
		rest := bytes.Clone(b)
		for len(rest) > 0 {
			n := len(rest)
			_, body, whole, err := nextMessage(&rest)
			if err != nil || !whole {
				break
			}
			if len(rest)+len(body)+4 != n || binary.BigEndian.Uint32(b[len(b)-n:])&0xffffff != uint32(len(body)) {
				t.Fatalf("%d bytes of %d", len(body), n)
			}
		}
	})
}
