package tls

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	crand "crypto/rand"
	"crypto/rsa"
	gotls "crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"strata/layers"
	"strata/layers/tlskeys"
)

// stall ends a test that hangs.
func stall(t testing.TB) {
	timer := time.AfterFunc(5*time.Minute, func() { panic(t.Name() + " hangs") })
	t.Cleanup(func() { timer.Stop() })
}

// conns are the two ends of a connection over loopback.
func conns(t testing.TB) (client, server net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if client, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close(); _ = server.Close() })
	return client, server
}

// clientConfig and serverConfig are for a server called www.example.
func clientConfig(seed uint64) *Config {
	return &Config{Rand: rand.New(rand.NewPCG(seed, 1)), Time: time.Now, ServerName: "www.example", Roots: Roots()}
}

func serverConfig(t testing.TB, seed uint64) *Config {
	t.Helper()
	cfg := &Config{Rand: rand.New(rand.NewPCG(seed, 2)), Time: time.Now}
	certificate, err := Issue(cfg.Rand, "www.example", "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Certificates = []Certificate{certificate}
	return cfg
}

// echo sends back what comes, in one write each, until the peer's goodbye.
func echo(c net.Conn) error {
	defer c.Close()
	buf := make([]byte, 50000)
	for {
		n, err := c.Read(buf)
		if n > 0 {
			if _, err := c.Write(buf[:n]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// converse sends texts that must come back.
func converse(c net.Conn) error {
	if err := c.(interface{ Handshake() error }).Handshake(); err != nil {
		return err
	}
	for _, text := range []string{"hello", strings.Repeat("0123456789", 20000), "x"} {
		sent := make(chan error, 1)
		go func() {
			_, err := io.WriteString(c, text)
			sent <- err
		}()
		got := make([]byte, len(text))
		if _, err := io.ReadFull(c, got); err != nil {
			return err
		}
		if err := <-sent; err != nil {
			return err
		}
		if string(got) != text {
			return fmt.Errorf("of %d bytes something else came back", len(text))
		}
	}
	if err := c.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		return err
	}
	if rest, err := io.ReadAll(c); err != nil || len(rest) > 0 {
		return fmt.Errorf("after the goodbye: %q, %w", rest, err)
	}
	return c.Close()
}

// pair is a certificate of Go's library for www.example, with its own root.
func pair(t testing.TB, key, public any) (gotls.Certificate, *x509.CertPool) {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().AddDate(1, 0, 0), DNSNames: []string{"www.example"}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(crand.Reader, template, template, public, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return gotls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// TestServersOfGo: our client against crypto/tls, with every kind of key,
// suite and group.
func TestServersOfGo(t *testing.T) {
	stall(t)
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), crand.Reader)
	ec384, _ := ecdsa.GenerateKey(elliptic.P384(), crand.Reader)
	_, ed, _ := ed25519.GenerateKey(crand.Reader)
	r, _ := rsa.GenerateKey(crand.Reader, 2048)
	for i, key := range []interface{ Public() any }{keyed{ec}, keyed{ec384}, keyed{ed}, keyed{r}} {
		certificate, roots := pair(t, key.(keyed).key, key.Public())
		for _, suite := range []uint16{AES128GCM, AES256GCM, ChaCha20Poly1305} {
			for _, groups := range [][]uint16{{X25519}, {P256}, {X25519, P256}} {
				t.Run(fmt.Sprintf("%d %x %x", i, suite, groups), func(t *testing.T) {
					a, b := conns(t)
					theirs := &gotls.Config{Certificates: []gotls.Certificate{certificate}, NextProtos: []string{"mqtt", "echo"}, MinVersion: gotls.VersionTLS13, ClientAuth: gotls.RequestClientCert}
					if len(groups) > 1 { // ours does not try this one first: it is asked for another hello
						theirs.CurvePreferences = []gotls.CurveID{gotls.CurveP256}
					}
					served := make(chan error, 1)
					go func() { served <- echo(gotls.Server(b, theirs)) }()
					cfg := clientConfig(7)
					cfg.Roots, cfg.Suites, cfg.Groups, cfg.Protocols = roots, []uint16{suite}, groups, []string{"echo"}
					c := Client(a, cfg)
					if err := converse(c); err != nil {
						t.Error(err)
					}
					if err := <-served; err != nil {
						t.Error(err)
					}
					if c.Protocol() != "echo" || c.Suite() != suite {
						t.Errorf("%q, %x", c.Protocol(), c.Suite())
					}
				})
			}
		}
	}
}

type keyed struct{ key any }

func (k keyed) Public() any {
	switch key := k.key.(type) {
	case *ecdsa.PrivateKey:
		return key.Public()
	case *rsa.PrivateKey:
		return key.Public()
	}
	return k.key.(ed25519.PrivateKey).Public()
}

// TestClientsOfGo: crypto/tls against our server.
func TestClientsOfGo(t *testing.T) {
	stall(t)
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), crand.Reader)
	foreign, foreignRoots := pair(t, ec, ec.Public())
	for _, c := range []struct {
		suite         uint16
		ours          []uint16
		theirs        []gotls.CurveID
		name          string
		certificates  []Certificate
		roots         *x509.CertPool
		wantOurs, and string
	}{
		{suite: AES128GCM}, {suite: AES256GCM}, {suite: ChaCha20Poly1305},
		{suite: AES128GCM, ours: []uint16{P256}}, // Go's sends a key of X25519's first
		{suite: AES128GCM, ours: []uint16{P256}, theirs: []gotls.CurveID{gotls.CurveP256}},
		{suite: AES128GCM, name: "127.0.0.1"},
		{suite: AES128GCM, certificates: []Certificate{{Chain: foreign.Certificate, Key: ec}}, roots: foreignRoots},
	} {
		t.Run(fmt.Sprintf("%x %x %s", c.suite, c.ours, c.name), func(t *testing.T) {
			a, b := conns(t)
			cfg := serverConfig(t, 3)
			cfg.Suites, cfg.Groups, cfg.Protocols = []uint16{c.suite}, c.ours, []string{"echo", "http/1.1"}
			if c.certificates != nil {
				cfg.Certificates = c.certificates
			}
			s := Server(b, cfg)
			served := make(chan error, 1)
			go func() { served <- echo(s) }()
			theirs := &gotls.Config{ServerName: "www.example", RootCAs: Roots(), NextProtos: []string{"http/1.1", "echo"}, CurvePreferences: c.theirs}
			if c.roots != nil {
				theirs.RootCAs = c.roots
			}
			if c.name != "" {
				theirs.ServerName = c.name
			}
			if err := converse(gotls.Client(a, theirs)); err != nil {
				t.Error(err)
			}
			if err := <-served; err != nil {
				t.Error(err)
			}
			if s.Protocol() != "echo" || s.ServerName() != strings.TrimSuffix(theirs.ServerName, "127.0.0.1") {
				t.Errorf("%q, %q", s.Protocol(), s.ServerName())
			}
		})
	}
}

// tap notes what is written.
type tap struct {
	net.Conn
	mu      *sync.Mutex
	side    int
	from    *[]int
	written *[][]byte
}

func (p tap) Write(b []byte) (int, error) {
	p.mu.Lock()
	*p.from, *p.written = append(*p.from, p.side), append(*p.written, bytes.Clone(b))
	p.mu.Unlock()
	return p.Conn.Write(b)
}

// CloseWrite ends what is sent.
func (p tap) CloseWrite() error { return p.Conn.(*net.TCPConn).CloseWrite() }

// session is a conversation of ours, by a seed: what each side wrote, and the
// key log.
func session(t *testing.T, seed uint64, change func(client, server *Config)) (from []int, written [][]byte, log *tlskeys.Log) {
	t.Helper()
	a, b := conns(t)
	var mu, logs sync.Mutex
	log = &tlskeys.Log{}
	ours, theirs := clientConfig(seed), serverConfig(t, seed)
	for _, cfg := range []*Config{ours, theirs} {
		cfg.Secret = func(label string, clientRandom, secret []byte) {
			logs.Lock()
			defer logs.Unlock()
			if err := log.Add(label, clientRandom, secret); err != nil {
				t.Error(err)
			}
		}
	}
	if change != nil {
		change(ours, theirs)
	}
	served := make(chan error, 1)
	s := Server(tap{b, &mu, tlskeys.Server, &from, &written}, theirs)
	go func() { served <- echo(s) }()
	c := Client(tap{a, &mu, tlskeys.Client, &from, &written}, ours)
	say := func(text string) {
		if _, err := io.WriteString(c, text); err != nil {
			t.Error(err)
		}
		got := make([]byte, len(text))
		if _, err := io.ReadFull(c, got); err != nil || string(got) != text {
			t.Errorf("%q, %v", got, err)
		}
	}
	say("hello")
	if err := c.UpdateKeys(true); err != nil {
		t.Error(err)
	}
	say("again")
	if err := c.UpdateKeys(false); err != nil {
		t.Error(err)
	}
	say("and again")
	say(strings.Repeat("0123456789", 4000))
	if err := c.CloseWrite(); err != nil {
		t.Error(err)
	}
	if _, err := io.ReadAll(c); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	return from, written, log
}

// TestSameSeedSameBytes, and other bytes with another seed.
func TestSameSeedSameBytes(t *testing.T) {
	stall(t)
	for _, change := range []func(a, b *Config){nil, func(_, b *Config) { b.Groups = []uint16{P256} }} {
		_, first, _ := session(t, 5, change)
		_, second, _ := session(t, 5, change)
		_, other, _ := session(t, 6, change)
		// How the echo of the last text is cut depends on the machine.
		if a, b := bytes.Join(first, nil), bytes.Join(second, nil); !bytes.Equal(a[:4000], b[:4000]) || bytes.Equal(a[:100], bytes.Join(other, nil)[:100]) {
			t.Error("the bytes are not the seed's")
		}
	}
}

// TestKeyLogOpensAll: what the secrets open is what was said; the handshake is
// in as few writes as can be, and a write is one write below.
func TestKeyLogOpensAll(t *testing.T) {
	stall(t)
	for _, change := range []func(a, b *Config){nil, func(_, b *Config) { b.Groups = []uint16{P256} }, func(a, _ *Config) { a.Suites = []uint16{ChaCha20Poly1305} }} {
		from, written, log := session(t, 5, change)
		if log.Len() != 5 {
			t.Errorf("%d secrets", log.Len())
		}
		o := tlskeys.NewOpener(log)
		var text [2]string
		var messages, alerts [2][]byte
		long := 0
		for i, b := range written {
			for inWrite := ""; len(b) > 0; {
				n, ok := layers.TLSRecordLen(b)
				if !ok || n > len(b) {
					t.Fatalf("write %d is no row of whole records", i)
				}
				got, protected := o.Record(nil, from[i], b[:n])
				content := got.Data
				if !protected {
					content = b[5:n]
				}
				switch {
				case content == nil:
					t.Fatalf("write %d cannot be opened", i)
				case got.Type == 22:
					messages[from[i]] = append(messages[from[i]], content[0])
				case got.Type == 21:
					alerts[from[i]] = append(alerts[from[i]], content...)
				case got.Type == 23:
					text[from[i]] += string(content)
					if inWrite += string(content); len(inWrite) == 40000 {
						long++
					}
				}
				b = b[n:]
			}
		}
		said := "helloagainand again" + strings.Repeat("0123456789", 4000)
		if text != [2]string{said, said} || long == 0 {
			t.Errorf("%d and %d bytes, %d long writes", len(text[0]), len(text[1]), long)
		}
		wantClient, wantServer := []byte{1, 20, 24, 24}, []byte{2, 8, 11, 15, 20, 24}
		if messages[0][1] == 1 {
			wantClient, wantServer = []byte{1, 1, 20, 24, 24}, []byte{2, 2, 8, 11, 15, 20, 24}
		}
		if !bytes.Equal(messages[0], wantClient) || !bytes.Equal(messages[1], wantServer) || !bytes.Equal(alerts[0], []byte{1, 0}) || !bytes.Equal(alerts[1], []byte{1, 0}) {
			t.Errorf("messages %v, alerts %v", messages, alerts)
		}
	}
}

// TestServersAreChecked: whoever is not who was asked for is refused.
func TestServersAreChecked(t *testing.T) {
	stall(t)
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), crand.Reader)
	foreign, _ := pair(t, ec, ec.Public())
	_, thief, _ := ed25519.GenerateKey(crand.Reader)
	for _, c := range []struct {
		change func(client, server *Config)
		alert  Alert
	}{
		{func(a, _ *Config) { a.ServerName = "www.other" }, BadCertificate},
		{func(a, _ *Config) { a.ServerName = "127.0.0.2" }, BadCertificate},
		{func(_, b *Config) { b.Certificates = []Certificate{{Chain: foreign.Certificate, Key: ec}} }, UnknownCA},
		{func(a, _ *Config) { a.Roots = nil }, UnknownCA},
		{func(a, _ *Config) { a.Time = func() time.Time { return validFrom.Add(-time.Hour) } }, CertificateExpired},
		{func(_, b *Config) { b.Certificates[0].Key = thief }, DecryptError},
		{func(a, b *Config) { a.Suites, b.Suites = []uint16{AES128GCM}, []uint16{AES256GCM} }, HandshakeFailure},
		{func(a, b *Config) { a.Groups, b.Groups = []uint16{X25519}, []uint16{P256} }, HandshakeFailure},
		{func(a, b *Config) { a.Protocols, b.Protocols = []string{"mqtt"}, []string{"http/1.1"} }, NoApplicationProtocol},
		{func(_, b *Config) { b.Certificates = nil }, HandshakeFailure},
	} {
		a, b := conns(t)
		ours, theirs := clientConfig(1), serverConfig(t, 1)
		c.change(ours, theirs)
		served := make(chan error, 1)
		go func() {
			s := Server(b, theirs)
			_, err := io.ReadAll(s)
			served <- err
		}()
		client := Client(a, ours)
		err := client.Handshake()
		if err == nil {
			_, err = client.Read(make([]byte, 1))
		}
		var mine, peers *Error
		if !errors.As(err, &mine) || !errors.As(<-served, &peers) || mine.Alert != c.alert || peers.Alert != c.alert || mine.Peer == peers.Peer {
			t.Errorf("%v: client %v, server %v", c.alert, mine, peers)
		}
		if _, err := client.Write([]byte("x")); err == nil {
			t.Error("it goes on after a failure")
		}
	}
}

// TestGoodbyes: an end without one is an error; half a connection goes on.
func TestGoodbyes(t *testing.T) {
	stall(t)
	both := func() (*Conn, *Conn, net.Conn) {
		a, b := conns(t)
		client, server := Client(a, clientConfig(1)), Server(b, serverConfig(t, 1))
		done := make(chan error, 1)
		go func() { done <- server.Handshake() }()
		if err := client.Handshake(); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		return client, server, a
	}
	_, server, under := both()
	_ = under.Close()
	if _, err := server.Read(make([]byte, 1)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut off: %v", err)
	}
	client, server, _ := both()
	if err := client.CloseWrite(); err != nil {
		t.Error(err)
	}
	if _, err := client.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a write after the goodbye: %v", err)
	}
	if b, err := io.ReadAll(server); err != nil || len(b) != 0 {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := io.WriteString(server, "still here"); err != nil {
		t.Error(err)
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if b, err := io.ReadAll(client); err != nil || string(b) != "still here" {
		t.Errorf("%q, %v", b, err)
	}
	client, server, _ = both()
	if err := client.SetLinger(0); err != nil {
		t.Error(err)
	}
	_ = client.SetNoDelay(true)
	_ = client.Close()
	if _, err := server.Read(make([]byte, 1)); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("reset: %v", err)
	}
	// A deadline that passes while reading is no end.
	client, server, _ = both()
	_ = client.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	if _, err := client.Read(make([]byte, 1)); !temporary(err) {
		t.Errorf("deadline: %v", err)
	}
	_ = client.SetReadDeadline(time.Time{})
	_, _ = io.WriteString(server, "late")
	if _, err := io.ReadFull(client, make([]byte, 4)); err != nil {
		t.Error(err)
	}
}

// TestWritersBesideEachOther: what several write at the same time, with the
// peer asking for new keys, arrives whole.
func TestWritersBesideEachOther(t *testing.T) {
	stall(t)
	a, b := conns(t)
	client, server := Client(a, clientConfig(1)), Server(b, serverConfig(t, 1))
	done := make(chan error, 1)
	go func() { done <- server.Handshake() }()
	if err := client.Handshake(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	const writers, rounds = 4, 200
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			for range rounds {
				if _, err := client.Write(bytes.Repeat([]byte{'a' + byte(i)}, 1000)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Go(func() {
		for range 20 {
			_ = server.UpdateKeys(true)
			_, _ = server.Write([]byte("x"))
		}
		_ = server.CloseWrite()
	})
	all.Go(func() {
		if b, err := io.ReadAll(client); err != nil || len(b) != 20 {
			t.Errorf("%d bytes, %v", len(b), err)
		}
	})
	go func() {
		all.Wait()
		_ = client.CloseWrite()
	}()
	got, err := io.ReadAll(server)
	if err != nil || len(got) != writers*rounds*1000 {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	for i := 0; i < len(got); i += 1000 {
		if bytes.Count(got[i:i+1000], got[i:i+1]) != 1000 {
			t.Fatal("writes are mixed up")
		}
	}
}
