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
	"encoding/asn1"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"strata/layers"
	"strata/layers/pdml"
)

// segment is the payload of a TCP segment.
type segment struct {
	back bool // from the server
	data []byte
}

// conversation is a TCP connection's payloads, in order.
type conversation struct {
	port     uint16 // the server's
	segments []segment
}

// client is the client's port of the n-th conversation of a capture.
func client(n int) uint16 { return uint16(40000 + n) }

func (s segment) ports(n int, port uint16) (src, dst uint16) {
	if s.back {
		return port, client(n)
	}
	return client(n), port
}

// frame is a segment of the n-th conversation on the wire.
func (s segment) frame(n int, port uint16) []byte {
	src, dst := s.ports(n, port)
	return ethernet(layers.EtherTypeIPv4, ipv4(layers.ProtocolTCP, nil, tcp(src, dst, 0x18, nil, s.data), func(f *layers.IPv4Fields) {
		if s.back {
			f.Src, f.Dst = f.Dst, f.Src
		}
	}))
}

// follow dissects the frames of conversations, with what the frames before
// each have told, and calls each with the trees. It gives what was known at
// the end.
func follow(conversations []conversation, each func(frame []byte, tree *layers.Tree)) []layers.TLSSession {
	sessions := make([]layers.TLSSession, len(conversations))
	known := make([]bool, len(conversations))
	number := uint32(0)
	for n, c := range conversations {
		for _, s := range c.segments {
			number++
			src, dst := s.ports(n, c.port)
			o := layers.Options{}
			if known[n] = known[n] || layers.BeginsTLS(src, dst, s.data); known[n] {
				session := sessions[n]
				o.Seen = []layers.Seen{{TLS: &session}}
				sessions[n].Segment(number, src, dst, s.data, len(s.data))
			}
			frame := s.frame(n, c.port)
			each(frame, layers.Dissect(frame, o))
		}
	}
	return sessions
}

// equalTshark holds the dissection of conversations to tshark's.
func equalTshark(t *testing.T, conversations []conversation) {
	t.Helper()
	var frames [][]byte
	var trees []*layers.Tree
	follow(conversations, func(frame []byte, tree *layers.Tree) {
		check(t, tree)
		frames, trees = append(frames, frame), append(trees, tree)
	})
	scores := pdml.Scores{}
	n := 0
	pdml.Tshark(t, writeCapture(t, frames), func(protos []pdml.Element) {
		scores.Add(trees[n], protos, fmt.Sprintf("frame:%d", n+1))
		n++
	}, append(pdml.Alone, "-o", "tcp.analyze_sequence_numbers:FALSE")...)
	if n != len(frames) {
		t.Errorf("tshark has %d frames of %d", n, len(frames))
	}
	report(t, scores, map[string]float64{"tls": 1})
	if s := scores["tls"]; s == nil || s.Want == 0 || s.Extra > 0 {
		t.Errorf("TLS: %+v", s)
	}
}

// wiretap notes what is written to a connection.
type wiretap struct {
	net.Conn
	back bool
	lock *sync.Mutex
	to   *[]segment
}

func (w wiretap) Write(b []byte) (int, error) {
	w.lock.Lock()
	*w.to = append(*w.to, segment{w.back, bytes.Clone(b)})
	w.lock.Unlock()
	return w.Conn.Write(b)
}

// talk lets a client and a server of Go's library speak; the server says
// hello and waits for the client to go.
func talk(t *testing.T, server, client *tls.Config) ([]segment, tls.ConnectionState) {
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
	var segments []segment
	var lock sync.Mutex
	done := make(chan tls.ConnectionState, 1)
	go func() {
		defer b.Close()
		s := tls.Server(wiretap{b, true, &lock, &segments}, server)
		if s.Handshake() == nil {
			fmt.Fprint(s, "hello")
			_, _ = io.Copy(io.Discard, s)
		}
		done <- s.ConnectionState()
	}()
	c := tls.Client(wiretap{a, false, &lock, &segments}, client)
	if c.Handshake() == nil {
		_, _ = io.ReadFull(c, make([]byte, 5))
	}
	_ = c.Close()
	_ = a.Close()
	return segments, <-done
}

// pair is a certificate with its key.
func pair(t *testing.T, key any, public any, template *x509.Certificate) tls.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func oids(list ...string) (all []asn1.ObjectIdentifier) {
	for _, s := range list {
		var oid asn1.ObjectIdentifier
		for _, part := range strings.Split(s, ".") {
			var n int
			fmt.Sscan(part, &n)
			oid = append(oid, n)
		}
		all = append(all, oid)
	}
	return all
}

// richTemplate is a certificate with all that Go can write.
func richTemplate() *x509.Certificate {
	when := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	return &x509.Certificate{
		SerialNumber: big.NewInt(0xabcdef12345),
		Subject: pkix.Name{Country: []string{"DE"}, Organization: []string{"Bäckerei"}, OrganizationalUnit: []string{"Ofen"}, Locality: []string{"Ulm"},
			Province: []string{"BW"}, StreetAddress: []string{"Weg 1"}, PostalCode: []string{"89073"}, SerialNumber: "7", CommonName: "www.example.org",
			ExtraNames: []pkix.AttributeTypeAndValue{{Type: oids("0.9.2342.19200300.100.1.25")[0], Value: asn1.RawValue{Tag: asn1.TagIA5String, Bytes: []byte("org")}},
				{Type: oids("1.2.3.4")[0], Value: "unknown"}}},
		NotBefore: when, NotAfter: when.AddDate(40, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true, IsCA: true, MaxPathLen: 2, SubjectKeyId: []byte{1, 2, 3}, AuthorityKeyId: []byte{4, 5},
		OCSPServer: []string{"http://ocsp.example.org"}, IssuingCertificateURL: []string{"http://ca.example.org"}, CRLDistributionPoints: []string{"http://crl.example.org"},
		DNSNames: []string{"www.example.org", "*.example.org"}, EmailAddresses: []string{"a@example.org"},
		IPAddresses: []net.IP{{192, 0, 2, 1}, net.ParseIP("2001:db8::1")}, URIs: []*url.URL{{Scheme: "https", Host: "example.org"}},
		PolicyIdentifiers: oids("2.23.140.1.2.1"), PermittedDNSDomains: []string{".example.org"}, ExcludedDNSDomains: []string{".example.net"},
		ExtraExtensions: []pkix.Extension{
			{Id: oids("1.3.6.1.5.5.7.1.24")[0], Value: unhex("3003020105")},
			{Id: oids("2.16.840.1.113730.1.13")[0], Value: append([]byte{0x16, 5}, "hello"...)},
			{Id: oids("2.16.840.1.113730.1.1")[0], Value: unhex("030206c0")},
			{Id: oids("2.5.29.16")[0], Value: append([]byte{0x30, 17, 0x80, 15}, "20200101000000Z"...)},
			{Id: oids("2.5.29.36")[0], Value: unhex("3006800103810100")},
			{Id: oids("2.5.29.54")[0], Value: unhex("020102")},
			{Id: oids("2.5.29.33")[0], Value: unhex("300c300a06032a030406032a0305")},
			{Id: oids("1.3.6.1.4.1.311.21.7")[0], Value: unhex("300f06072a030405060708020164020105")},
			{Id: oids("1.3.6.1.4.1.11129.2.4.2")[0], Value: unhex("0439" + "0037" + "0035" + "00" + strings.Repeat("ab", 32) + "0000017000000000" + "0000" + "0403" + "0006" + "300402010102")},
			{Id: oids("1.2.3.4.5")[0], Value: unhex("0403010203")}},
	}
}

// library are conversations of Go's own TLS library, and what it says of each.
func library(t *testing.T) (conversations []conversation, states []tls.ConnectionState) {
	t.Helper()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	plain := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "plain"}, NotAfter: time.Now().AddDate(1, 0, 0)}
	rich, small := pair(t, ec, ec.Public(), richTemplate()), pair(t, rsaKey, rsaKey.Public(), plain)
	pool := x509.NewCertPool()
	leaf, err := x509.ParseCertificate(rich.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(leaf)
	cache := tls.NewLRUClientSessionCache(4)
	for _, c := range []struct{ server, client *tls.Config }{
		{&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10, Certificates: []tls.Certificate{small}}, &tls.Config{MinVersion: tls.VersionTLS10}},
		{&tls.Config{MinVersion: tls.VersionTLS11, MaxVersion: tls.VersionTLS11, Certificates: []tls.Certificate{rich}}, &tls.Config{MinVersion: tls.VersionTLS10}},
		{&tls.Config{MaxVersion: tls.VersionTLS12, Certificates: []tls.Certificate{small}, CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}},
			&tls.Config{CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}}},
		{&tls.Config{MaxVersion: tls.VersionTLS12, Certificates: []tls.Certificate{small}, NextProtos: []string{"h2"}}, &tls.Config{ServerName: "www.example.org", NextProtos: []string{"h2", "http/1.1"}}},
		{&tls.Config{MaxVersion: tls.VersionTLS12, Certificates: []tls.Certificate{rich}, ClientAuth: tls.RequireAnyClientCert, ClientCAs: pool}, &tls.Config{Certificates: []tls.Certificate{small}}},
		{&tls.Config{MaxVersion: tls.VersionTLS12, Certificates: []tls.Certificate{small}}, &tls.Config{ClientSessionCache: cache, ServerName: "a"}},
		{&tls.Config{Certificates: []tls.Certificate{small}}, &tls.Config{ClientSessionCache: cache, ServerName: "b"}},
		{&tls.Config{Certificates: []tls.Certificate{small}, CurvePreferences: []tls.CurveID{tls.CurveP384}}, &tls.Config{CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP384}}},
		{&tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{small}}, &tls.Config{MaxVersion: tls.VersionTLS12}},
	} {
		c.client.InsecureSkipVerify = true
		if c.client.ClientSessionCache != nil { // again, with what is remembered
			conversations = append(conversations, conversation{port: 443})
			states = append(states, tls.ConnectionState{})
			conversations[len(conversations)-1].segments, states[len(states)-1] = talk(t, c.server, c.client)
		}
		segments, state := talk(t, c.server, c.client)
		conversations, states = append(conversations, conversation{uint16(4430 + len(conversations)), segments}), append(states, state)
	}
	return conversations, states
}

// TestTLSEqualsTshark: what Go's library says on the wire, with all that
// needs the frames before.
func TestTLSEqualsTshark(t *testing.T) {
	conversations, _ := library(t)
	equalTshark(t, conversations)
}

// TestTLSSessionsAreKnown: version and cipher suite, seen from the outside,
// are those that the library has agreed on.
func TestTLSSessionsAreKnown(t *testing.T) {
	conversations, states := library(t)
	names := 0
	sessions := follow(conversations, func(_ []byte, tree *layers.Tree) {
		check(t, tree)
		for _, p := range tree.Parts {
			if p.Proto == layers.TLS && strings.Contains(p.Summary, "Client Hello, www.example.org") {
				names++
			}
		}
	})
	for i, s := range sessions {
		want := states[i]
		if want.Version == 0 {
			continue // they did not agree
		}
		if s.Version != want.Version || s.Cipher != want.CipherSuite || s.Server != conversations[i].port {
			t.Errorf("conversation %d: version %#x, suite %#x, server %d; the library has %#x, %#x", i, s.Version, s.Cipher, s.Server, want.Version, want.CipherSuite)
		}
	}
	if names != 1 {
		t.Errorf("the server's name was seen %d times", names)
	}
}

// TestTLSRecordsInPieces: with segments cut anywhere, the records put together
// from TLSRecordLen are those of whole segments.
func TestTLSRecordsInPieces(t *testing.T) {
	conversations, _ := library(t)
	for _, c := range conversations {
		for _, s := range c.segments {
			for b := s.data; len(b) > 0; {
				n, ok := layers.TLSRecordLen(b)
				if !ok || n > len(b) {
					t.Fatalf("no record: %x", b)
				}
				b = b[n:]
			}
		}
	}
	if _, ok := layers.TLSRecordLen([]byte{22, 3, 1, 0}); ok {
		t.Error("four bytes are no header")
	}
	if _, ok := layers.TLSRecordLen([]byte("GET / HTTP/1.1")); ok {
		t.Error("text is no record")
	}
}

// TestTLSReassembled: a record that comes in two segments is read from the
// payload that is put together.
func TestTLSReassembled(t *testing.T) {
	conversations, _ := library(t)
	hello := conversations[3].segments[0].data
	second := segment{false, hello[100:]}.frame(0, 443)
	tree := layers.Dissect(second, layers.Options{Reassembled: hello, Taken: len(hello) - 100})
	check(t, tree)
	last := tree.Parts[len(tree.Parts)-1]
	if last.Proto != layers.TLS || last.In != layers.InReassembled || !strings.Contains(last.Summary, "Client Hello, www.example.org") {
		t.Errorf("%+v", last)
	}
	alone := layers.Dissect(second, layers.Options{})
	check(t, alone)
	if last := alone.Parts[len(alone.Parts)-1]; last.Proto != layers.TLS || len(last.Fields) != 0 || !strings.Contains(last.Summary, "continued") {
		t.Errorf("alone: %+v", last)
	}
}

// TestTLSGoesOnAfterReassembly: what a segment has after the record that it
// completes is read with what that record told.
func TestTLSGoesOnAfterReassembly(t *testing.T) {
	hello := unhex(record(22, "0303", serverHello("0303", "c02b")))
	keys := unhex(record(22, "0303", message(12, "03001d"+with(1, chance)+"0403"+with(2, "3000"))))
	frame := segment{true, append(hello[20:], keys...)}.frame(0, 443)
	tree := layers.Dissect(frame, layers.Options{Reassembled: hello, Taken: len(hello) - 20})
	check(t, tree)
	last := tree.Parts[len(tree.Parts)-1]
	if last.Proto != layers.TLS || last.In != layers.InFrame || last.Summary != "TLS 1.2, Server Key Exchange" {
		t.Fatalf("%+v", last)
	}
	message := last.Fields[0].Children[3]
	if point := message.Children[2].Children; len(point) < 4 || point[3].Field.Name != "tls.handshake.server_point" {
		t.Errorf("the suite is not known: %+v", message)
	}
}

// TestTLSSegmentDoesNotAllocate: it is called for every segment of a capture.
func TestTLSSegmentDoesNotAllocate(t *testing.T) {
	conversations, _ := library(t)
	for i, c := range conversations {
		var s layers.TLSSession
		n := testing.AllocsPerRun(10, func() {
			s = layers.TLSSession{}
			for j, seg := range c.segments {
				src, dst := seg.ports(i, c.port)
				s.Segment(uint32(j+1), src, dst, seg.data, len(seg.data))
			}
		})
		if n != 0 {
			t.Errorf("conversation %d: %v allocations", i, n)
		}
	}
}

func TestLooksLikeTLS(t *testing.T) {
	for b, want := range map[string]bool{
		"16030100ff01": true, "1703030010aa": true, "1403030001": false, "15030300020100": false, "1603050010": false, "1603010000": false, "160301ffff": false,
		"16030300": false, "474554202f": false, "1603040010": false,
		"802e0100020015000000200000050000" + strings.Repeat("00", 40): true, "802e0100020014000000200000050000" + strings.Repeat("00", 40): false,
	} {
		if got := layers.LooksLikeTLS(unhex(b)); got != want {
			t.Errorf("%s: %v", b, got)
		}
	}
}
