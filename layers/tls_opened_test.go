package layers_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"strata/layers"
	"strata/layers/pdml"
	"strata/layers/tlskeys"
)

// secretTalk lets a client and a server of Go's library speak by turns: each
// of the texts is one write, those of the server begin with '<'. It gives the
// key log, too.
func secretTalk(t *testing.T, server, client *tls.Config, texts ...string) ([]segment, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	a, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	b, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	var keys bytes.Buffer
	client.KeyLogWriter, client.InsecureSkipVerify = &keys, true
	var segments []segment
	var lock sync.Mutex
	c, s := tls.Client(wiretap{a, false, &lock, &segments}, client), tls.Server(wiretap{b, true, &lock, &segments}, server)
	done := make(chan error, 1)
	go func() { done <- s.Handshake() }()
	if err := c.Handshake(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		from, to := c, s
		if back, found := strings.CutPrefix(text, "<"); found {
			text, from, to = back, s, c
		}
		go func() { _, _ = io.WriteString(from, text) }()
		if _, err := io.ReadFull(to, make([]byte, len(text))); err != nil {
			t.Fatal(err)
		}
	}
	_ = c.Close()
	_, _ = io.Copy(io.Discard, s)
	_ = s.Close()
	return segments, keys.String()
}

// secretFrames are the frames of conversations, each with sequence numbers.
func secretFrames(conversations []conversation) (frames [][]byte) {
	for n, c := range conversations {
		next := [2]uint32{1000, 5000}
		for _, s := range c.segments {
			frame := s.frame(n, c.port)
			me := 0
			if s.back {
				me = 1
			}
			binary.BigEndian.PutUint32(frame[38:], next[me])
			binary.BigEndian.PutUint32(frame[42:], next[1-me])
			next[me] += uint32(len(s.data))
			h := layers.TCPHeader(frame[34:])
			pseudo := layers.PseudoHeader(binary.BigEndian.Uint32(frame[26:]), binary.BigEndian.Uint32(frame[30:]), layers.ProtocolTCP, len(h))
			h.SetChecksum(layers.Sum(s.data, pseudo))
			frames = append(frames, frame)
		}
	}
	return frames
}

// httpMessageLen is how long the message at the start of b is; 0: it is not
// all there.
func httpMessageLen(b string) int {
	head, _, ok := strings.Cut(b, "\r\n\r\n")
	if !ok {
		return 0
	}
	n := 0
	if _, length, ok := strings.Cut(head, "Content-Length: "); ok {
		fmt.Sscan(length, &n)
	}
	if n += len(head) + 4; n > len(b) {
		return 0
	}
	return n
}

func beginsHTTP(b string) bool {
	for _, word := range []string{"GET /", "POST /", "HTTP/"} {
		if n := min(len(b), len(word)); n > 0 && b[:n] == word[:n] {
			return true
		}
	}
	return false
}

// framed says of a record's data what of them belongs to messages that are
// put together; held are the pieces so far.
func framed(o *layers.Opened, held *string) {
	if o.Type != 23 || o.Data == nil {
		return
	}
	b := string(o.Data)
	if *held != "" {
		n := httpMessageLen(*held + b)
		if n == 0 {
			*held, o.Kept = *held+b, len(b)
			return
		}
		if all := *held + b; !strings.Contains(*held, "\r\n\r\n") { // as Wireshark does, with all that is whole
			for more := n; more > 0; n += more {
				if more = httpMessageLen(all[n:]); more == 0 {
					break
				}
			}
		}
		o.Reassembled, o.Taken = []byte((*held + b)[:n]), n-len(*held)
		b, *held = b[o.Taken:], ""
	}
	for beginsHTTP(b) {
		n := httpMessageLen(b)
		if n == 0 {
			*held, o.Kept = b, len(b)
			return
		}
		b = b[n:]
	}
}

// followOpened is like follow, for conversations whose records are opened with
// the secrets of a key log.
func followOpened(t *testing.T, conversations []conversation, keys string) (trees []*layers.Tree) {
	t.Helper()
	var log tlskeys.Log
	if err := log.Read(strings.NewReader(keys)); err != nil {
		t.Fatal(err)
	}
	frames := secretFrames(conversations)
	for n, c := range conversations {
		var session layers.TLSSession
		opener := tlskeys.NewOpener(&log)
		var held [2]string
		for _, s := range c.segments {
			src, dst := s.ports(n, c.port)
			now := session
			side := 0
			if s.back {
				side = 1
			}
			seen := layers.Seen{TLS: &now, Begun: opener.Begun(side)}
			for b := s.data; len(b) > 0; {
				size, ok := layers.TLSRecordLen(b)
				if !ok || size > len(b) {
					break
				}
				if o, protected := opener.Record(nil, side, b[:size]); protected {
					framed(&o, &held[side])
					seen.Opened = append(seen.Opened, o)
				}
				b = b[size:]
			}
			session.Segment(uint32(len(trees)+1), src, dst, s.data, len(s.data))
			tree := layers.Dissect(frames[len(trees)], layers.Options{Seen: []layers.Seen{seen}})
			check(t, tree)
			trees = append(trees, tree)
		}
	}
	return trees
}

// equalOpened holds opened conversations to what tshark opens.
func equalOpened(t *testing.T, conversations []conversation, keys string) []*layers.Tree {
	t.Helper()
	trees := followOpened(t, conversations, keys)
	file := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(file, []byte(keys), 0o600); err != nil {
		t.Fatal(err)
	}
	scores := pdml.Scores{}
	n := 0
	pdml.Tshark(t, writeCapture(t, secretFrames(conversations)), func(protos []pdml.Element) {
		scores.Add(trees[n], protos, fmt.Sprintf("frame:%d", n+1))
		n++
	}, append(pdml.Alone, "-o", "tcp.analyze_sequence_numbers:FALSE", "-o", "tls.keylog_file:"+file)...)
	if n != len(trees) {
		t.Errorf("tshark has %d frames of %d", n, len(trees))
	}
	report(t, scores, map[string]float64{"tls": 1, "http": 1})
	for _, name := range []string{"tls", "http"} {
		if s := scores[name]; s != nil && s.Extra > 0 {
			t.Errorf("%s: %+v", name, s)
		}
	}
	return trees
}

// TestOpenedTLSEqualsTshark: sessions of Go's library whose keys are known.
func TestOpenedTLSEqualsTshark(t *testing.T) {
	plain := pairFor(t)
	var conversations []conversation
	keys := ""
	large := strings.Repeat("0123456789abcdef", 2000)
	add := func(port uint16, server, client *tls.Config, texts ...string) {
		server.Certificates = append(server.Certificates, plain)
		segments, k := secretTalk(t, server, client, texts...)
		conversations, keys = append(conversations, conversation{port, segments}), keys+k
	}
	const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
	for _, v := range []uint16{tls.VersionTLS10, tls.VersionTLS12, tls.VersionTLS13} {
		add(443, &tls.Config{MaxVersion: v, MinVersion: v, NextProtos: []string{"http/1.1"}}, &tls.Config{MinVersion: v, NextProtos: []string{"http/1.1"}},
			get, "<HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
			"POST / HTTP/1.1\r\nHost: a\r\nContent-Le", "ngth: 5\r\n\r\nhello", "<HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "<hello",
			get, "<HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "+fmt.Sprint(len(large))+"\r\n\r\n"+large)
		add(4433, &tls.Config{MinVersion: v, MaxVersion: v}, &tls.Config{MinVersion: v}, "hello", "<world")
		add(443, &tls.Config{MinVersion: v, MaxVersion: v, ClientAuth: tls.RequestClientCert}, &tls.Config{MinVersion: v, Certificates: []tls.Certificate{plain}}, get)
	}
	add(443, &tls.Config{CurvePreferences: []tls.CurveID{tls.CurveP384}}, &tls.Config{CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP384}}, get)
	add(443, &tls.Config{}, &tls.Config{}, get+get+get[:10], get[10:]+get, get)
	add(4433, &tls.Config{}, &tls.Config{}, get, "<HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello") // on a port of nobody's
	cache := tls.NewLRUClientSessionCache(2)
	for range 2 {
		server := &tls.Config{}
		server.SetSessionTicketKeys([][32]byte{{1}}) // the same in both sessions
		add(443, server, &tls.Config{ClientSessionCache: cache, ServerName: "www.example.org"}, "<HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", get)
	}
	requests := 0
	for _, tree := range equalOpened(t, conversations, keys) {
		for _, p := range tree.Parts {
			for _, n := range p.Fields {
				if n.Field.Name == "http.request.full_uri" && n.Show == "https://a/" {
					requests++
				}
			}
		}
	}
	if requests < 20 {
		t.Errorf("%d requests by https", requests)
	}
}

// apart is a conversation with a segment for each record.
func apart(c conversation) conversation {
	alone := conversation{port: c.port}
	for _, s := range c.segments {
		for b := s.data; len(b) > 0; {
			n, _ := layers.TLSRecordLen(b)
			alone.segments = append(alone.segments, segment{s.back, b[:n]})
			b = b[n:]
		}
	}
	return alone
}

// TestHandshakeInPiecesEqualsTshark: messages that come in several records,
// each in a segment of its own, in the clear and encrypted.
func TestHandshakeInPiecesEqualsTshark(t *testing.T) {
	hello := record(22, "0303", clientHello("0303", "c02bc02f1301", extension(0, with(2, "00"+with(2, text(strings.Repeat("name.", 30)+"example")))), extension(21, strings.Repeat("00", 200))))[10:]
	answer := serverHello("0303", "c02b") + message(11, with(3, strings.Repeat(with(3, "3003020101"), 60))) + message(14, "")
	conversations := []conversation{
		{443, []segment{out(record(22, "0301", hello[:100])), out(record(22, "0301", hello[100:104])), out(record(22, "0301", hello[104:])),
			in(record(22, "0303", answer[:300])), in(record(22, "0303", answer[300:302])), in(record(22, "0303", answer[302:500]) + record(22, "0303", answer[500:]))}},
		{443, []segment{out(record(22, "0301", hello[:4])), out(record(22, "0301", hello[4:10])), out(record(22, "0301", hello[10:]+hello[:20])), out(record(22, "0301", hello[20:]))}},
	}
	long := richTemplate()
	long.ExtraExtensions = append(long.ExtraExtensions, pkix.Extension{Id: oids("1.2.3.4.6")[0], Value: append([]byte{4, 0x82, 0x50, 0}, make([]byte, 0x5000)...)})
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	keys := ""
	for _, v := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		certificates := []tls.Certificate{pair(t, key, key.Public(), long)}
		segments, k := secretTalk(t, &tls.Config{MaxVersion: v, Certificates: certificates, ClientAuth: tls.RequestClientCert}, &tls.Config{Certificates: certificates}, "hello")
		conversations, keys = append(conversations, conversation{4433, segments}, apart(conversation{4434, segments})), keys+k
	}
	trees := equalOpened(t, conversations, keys)
	pieces := 0
	for _, tree := range trees {
		for _, b := range tree.Bodies {
			if len(b) > 0x5000 && b[0] == 11 {
				pieces++
			}
		}
	}
	if pieces != 8 {
		t.Errorf("%d certificates were put together", pieces)
	}
}

// sealedTalk is a conversation of TLS 1.3 whose server sends what it is given
// with its handshake's keys, from its Finished on with those for data: types
// and contents in turn, in one record each.
func sealedTalk(t *testing.T, contents ...any) (conversation, string) {
	t.Helper()
	suite, _ := tlskeys.SuiteByID(0x1301)
	secret, random := unhex(chance), chance // both hellos have the same
	keys := ""
	for _, label := range []string{tlskeys.ServerHandshakeSecret, tlskeys.ServerTrafficSecret} {
		keys += label + " " + random + " " + chance + "\n"
	}
	c := conversation{443, []segment{out(record(22, "0301", clientHello("0303", "1301"))),
		in(record(22, "0303", serverHello("0303", "1301", extension(43, "0304"), extension(51, "001d"+with(2, chance)))))}}
	traffic := tlskeys.NewTraffic(suite, secret)
	for i := 0; i < len(contents); i += 2 {
		kind, plain := contents[i].(int), unhex(contents[i+1].(string))
		sealed := traffic.Seal(nil, uint8(kind), plain)
		if kind == 22 && plain[0] == 20 {
			traffic = tlskeys.NewTraffic(suite, secret)
		}
		if kind == 22 && plain[0] == 24 {
			traffic.Update()
		}
		c.segments = append(c.segments, segment{true, sealed})
	}
	return c, keys
}

// TestSealedEqualsTshark: every message that comes encrypted, and what must
// not come.
func TestSealedEqualsTshark(t *testing.T) {
	ticket := message(4, "0000000100000002"+with(1, "00")+with(2, chance)+with(2, extension(42, "00004000")))
	c, keys := sealedTalk(t,
		22, message(8, with(2, extension(0, "")+extension(16, with(2, with(1, text("http/1.1")))))),
		22, message(13, with(1, "07")+with(2, extension(13, with(2, "0403"))))+message(11, with(1, "")+with(3, with(3, "3003020101")+with(2, "")))+message(15, "0403"+with(2, "3000")),
		22, message(20, chance),
		22, ticket+ticket,
		22, ticket[:60], 22, ticket[60:],
		22, message(24, "01"),
		23, text("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
		22, message(24, "00"),
		23, text("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
		23, "",
		21, "0100")
	trees := equalOpened(t, []conversation{c}, keys)
	if last := trees[len(trees)-1]; !strings.Contains(last.Parts[3].Summary, "close notify") {
		t.Errorf("%+v", last.Parts)
	}
	if in := trees[9].Parts[4].In; trees[9].Parts[4].Proto != layers.HTTP || !trees[9].Decrypted(in) || trees[9].Decrypted(layers.InFrame) {
		t.Errorf("%+v", trees[9].Parts)
	}
	// What is not to be opened stays as it was.
	c, keys = sealedTalk(t, 22, message(8, "0000"), 23, text("flipped"), 24, "0100", 99, "0102", 22, "63000000", 21, "02")
	c.segments[3].data[9] ^= 1
	followOpened(t, []conversation{c}, keys)
}

// TestTLSCoats: what a record wraps, by suites.
func TestTLSCoats(t *testing.T) {
	record := unhex(record(23, "0303", strings.Repeat("00", 100)))
	for _, c := range []struct {
		version, suite uint16
		plain          int
		head, tail     int
	}{{0x304, 0x1301, 50, 5, 50}, {0x303, 0xc02f, 50, 13, 42}, {0x303, 0xcca8, 50, 5, 50}, {0x303, 0xc013, 50, 21, 34}, {0x301, 0xc013, 50, 5, 50}, {0x302, 0x000a, 50, 13, 42}, {0x303, 0x0005, 80, 5, 20}} {
		s := layers.TLSSession{Version: c.version, Cipher: c.suite}
		coats := s.Coats(record, layers.Opened{Proto: layers.TLS, Type: 23, Data: make([]byte, c.plain)})
		if len(coats) != 1 || coats[0].Head != c.head || coats[0].Tail != c.tail || len(coats[0].Inner) != c.plain || !coats[0].Changed {
			t.Errorf("%x: %+v", c.suite, coats)
		}
	}
	s := layers.TLSSession{Version: 0x303, Cipher: 0xc02f}
	if s.Coats(record[:9], layers.Opened{Data: []byte{1}}) != nil || s.Coats(record, layers.Opened{}) != nil || s.Coats(record, layers.Opened{Data: make([]byte, 99)}) != nil {
		t.Error("there is nothing to be taken off")
	}
}

func FuzzOpenedTLS(f *testing.F) {
	hello := record(22, "0303", serverHello("0303", "c02b"))
	f.Add(unhex(hello+record(20, "0303", "01")+record(22, "0303", chance)+record(23, "0303", chance)), unhex(message(20, chance)), []byte("GET / HTTP/1.1\r\n\r\n"), uint8(22), 4, 3, true)
	f.Add(unhex(record(23, "0303", chance)+record(23, "0303", chance)), []byte("HTTP/1.1 200"), []byte{22, 3, 3, 0, 1, 1}, uint8(23), 4, 3, false)
	f.Fuzz(func(t *testing.T, payload, first, second []byte, kind uint8, taken, kept int, back bool) {
		if len(payload) > 60000 {
			return
		}
		opened := []layers.Opened{
			{Proto: layers.TLS, Type: kind, Data: first, Kept: kept}, {Proto: layers.TLS, Type: 23, Data: second, Taken: taken, Reassembled: first, Kept: kept},
			{Proto: layers.TLS, Type: 22, Data: second}, {Proto: layers.TLS, Type: 23, Data: payload, Above: layers.Above{Proto: layers.TLS}, Opened: []layers.Opened{{Proto: layers.TLS, Type: kind, Data: first}}},
		}
		session := layers.TLSSession{Version: 0x303, Cipher: 0xc02f, Server: 443}
		for _, begun := range [][][]byte{nil, {first}, {first, second}} {
			check(t, layers.Dissect(segment{back, payload}.frame(0, 443), layers.Options{Seen: []layers.Seen{{TLS: &session, Opened: opened, Begun: begun}}}))
			check(t, layers.Dissect(segment{back, payload}.frame(0, 443), layers.Options{Seen: []layers.Seen{{Opened: opened, Begun: begun}}}))
		}
	})
}

func pairFor(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return pair(t, key, key.Public(), &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "small"}, NotAfter: time.Now().AddDate(1, 0, 0)})
}
