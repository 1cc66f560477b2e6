package tlskeys_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"strata/layers"
	"strata/layers/tlskeys"
	"strata/testdata/need"
)

// wire notes what both sides write, in order.
type wire struct {
	lock    sync.Mutex
	from    []int
	written [][]byte
}

type end struct {
	net.Conn
	wire *wire
	side int
}

func (e end) Write(b []byte) (int, error) {
	e.wire.lock.Lock()
	e.wire.from, e.wire.written = append(e.wire.from, e.side), append(e.wire.written, bytes.Clone(b))
	e.wire.lock.Unlock()
	return e.Conn.Write(b)
}

// opened is what an Opener reads of a wire.
type opened struct {
	text     [2]string // application data
	messages [2][]byte // handshake messages
	alerts   int
	closed   int // protected records that stay closed
	plain    int // records that are not protected
	alpn     string
}

func (w *wire) open(log *tlskeys.Log) (out opened) {
	o := tlskeys.NewOpener(log)
	var rest [2][]byte
	for i, b := range w.written {
		from := w.from[i]
		rest[from] = append(rest[from], b...)
		for {
			n, ok := layers.TLSRecordLen(rest[from])
			if !ok || n > len(rest[from]) {
				break
			}
			got, protected := o.Record(nil, from, rest[from][:n])
			out.add(from, got, protected, rest[from][:n])
			rest[from] = rest[from][n:]
		}
	}
	out.alpn = o.ALPN()
	return out
}

func (out *opened) add(from int, got layers.Opened, protected bool, record []byte) {
	content := got.Data
	switch {
	case !protected:
		out.plain++
		content = record[5:]
	case got.Data == nil:
		out.closed++
		return
	}
	switch got.Type {
	case 21:
		out.alerts++
	case 22:
		out.messages[from] = append(out.messages[from], content[0])
	case 23:
		out.text[from] += string(content)
	}
}

func certificate(t *testing.T, key any, public any) tls.Certificate {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotAfter: time.Now().AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func newPair(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return certificate(t, key, key.Public())
}

var question, answer = strings.Repeat("question ", 3000), strings.Repeat("answer ", 4000)

// library lets a client and a server of Go's library speak.
func library(t *testing.T, server, client *tls.Config) (*wire, *tlskeys.Log) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var keys bytes.Buffer
	client.KeyLogWriter, client.InsecureSkipVerify = &keys, true
	w := &wire{}
	done := make(chan error, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			done <- err
			return
		}
		defer c.Close()
		s := tls.Server(end{c, w, tlskeys.Server}, server)
		if _, err = io.ReadFull(s, make([]byte, len(question))); err == nil {
			_, err = io.WriteString(s, answer)
		}
		_ = s.Close()
		done <- err
	}()
	raw, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c := tls.Client(end{raw, w, tlskeys.Client}, client)
	if _, err := io.WriteString(c, question); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(c); err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	log := &tlskeys.Log{}
	if err := log.Read(&keys); err != nil {
		t.Fatal(err)
	}
	return w, log
}

// TestOpenerReadsGo: every version and suite of Go's library.
func TestOpenerReadsGo(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	both := []tls.Certificate{newPair(t), certificate(t, rsaKey, rsaKey.Public())}
	tried := 0
	check := func(version, suite uint16, server, client *tls.Config) {
		server.Certificates, server.NextProtos, client.NextProtos = both, []string{"mqtt"}, []string{"mqtt"}
		t.Run(fmt.Sprintf("%s %s", tls.VersionName(version), tls.CipherSuiteName(suite)), func(t *testing.T) {
			w, log := library(t, server, client)
			got := w.open(log)
			if got.text != [2]string{question, answer} || got.closed != 0 || got.alerts < 1 || got.alpn != "mqtt" {
				t.Errorf("%d and %d bytes, %d closed, %d alerts, ALPN %q", len(got.text[0]), len(got.text[1]), got.closed, got.alerts, got.alpn)
			}
			if n := len(got.messages[0]); n == 0 || got.messages[0][n-1] != 20 {
				t.Errorf("the client's messages: %v", got.messages)
			}
			if none := w.open(nil); none.closed == 0 || none.text != [2]string{} || none.closed+none.plain != got.plain+len(w.sealed()) {
				t.Errorf("without secrets: %d closed, %d plain", none.closed, none.plain)
			}
			tried++
		})
	}
	for _, version := range []uint16{tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS12} {
		for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
			for _, v := range suite.SupportedVersions {
				if v == version && v != tls.VersionTLS13 {
					check(version, suite.ID, &tls.Config{MinVersion: version, MaxVersion: version, CipherSuites: []uint16{suite.ID}}, &tls.Config{MinVersion: version, CipherSuites: []uint16{suite.ID}})
				}
			}
		}
	}
	check(tls.VersionTLS13, 0x1301, &tls.Config{}, &tls.Config{})
	check(tls.VersionTLS13, 0x1301, &tls.Config{CurvePreferences: []tls.CurveID{tls.CurveP384}}, &tls.Config{CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP384}})
	cache := tls.NewLRUClientSessionCache(4)
	for range 2 {
		server := &tls.Config{}
		server.SetSessionTicketKeys([][32]byte{{1}}) // the same in both sessions
		check(tls.VersionTLS13, 0x1301, server, &tls.Config{ClientSessionCache: cache, ServerName: "a"})
	}
	if tried < 40 {
		t.Errorf("only %d sessions", tried)
	}
}

// sealed are the records that are protected.
func (w *wire) sealed() (all []layers.Opened) {
	o := tlskeys.NewOpener(nil)
	var rest [2][]byte
	for i, b := range w.written {
		rest[w.from[i]] = append(rest[w.from[i]], b...)
		for b := rest[w.from[i]]; ; b = rest[w.from[i]] {
			n, ok := layers.TLSRecordLen(b)
			if !ok || n > len(b) {
				break
			}
			if got, protected := o.Record(nil, w.from[i], b[:n]); protected {
				all = append(all, got)
			}
			rest[w.from[i]] = b[n:]
		}
	}
	return all
}

// relay carries a connection to a server, and notes what passes.
func relay(t *testing.T, server string, w *wire) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			a, err := l.Accept()
			if err != nil {
				return
			}
			b, err := net.Dial("tcp", server)
			if err != nil {
				_ = a.Close()
				return
			}
			pump := func(to, from net.Conn) {
				_, _ = io.Copy(struct{ io.Writer }{to}, from)
				_ = to.(interface{ CloseWrite() error }).CloseWrite()
			}
			go pump(struct {
				end
				closeWriter
			}{end{b, w, tlskeys.Client}, b.(*net.TCPConn)}, a)
			go pump(struct {
				end
				closeWriter
			}{end{a, w, tlskeys.Server}, a.(*net.TCPConn)}, b)
		}
	}()
	return l.Addr().String()
}

type closeWriter interface{ CloseWrite() error }

// pairFile is a file with a certificate and its key.
func pairFile(t *testing.T) string {
	t.Helper()
	cert := newPair(t)
	key, err := x509.MarshalECPrivateKey(cert.PrivateKey.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "pair.pem")
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]}), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: key})...)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// openssl is a server of OpenSSL's, with what it and its clients have written.
type openssl struct {
	program, address, dir string
	out                   output
}

func startOpenSSL(t *testing.T, args ...string) *openssl {
	t.Helper()
	o := &openssl{program: need.Tool(t, "openssl"), dir: t.TempDir()}
	pair := pairFile(t)
	server := exec.Command(o.program, append([]string{"s_server", "-accept", "127.0.0.1:0", "-cert", pair, "-key", pair}, args...)...)
	server.Stdout = &o.out
	if _, err := server.StdinPipe(); err != nil { // at the input's end it would go
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	o.out.wait(t, "ACCEPT ")
	until(t, "the server says where it listens", func() (ok bool) {
		o.address, ok = o.out.rest("\n")
		return ok
	})
	return o
}

// until waits for something that a program does.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 6000 {
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("it does not happen: " + what)
}

// output is what programs have written so far.
type output struct {
	lock sync.Mutex
	text bytes.Buffer
	seen int // where what has not been waited for begins
}

func (o *output) Write(b []byte) (int, error) {
	o.lock.Lock()
	defer o.lock.Unlock()
	return o.text.Write(b)
}

// rest is what was written from there to a text, if that has come.
func (o *output) rest(to string) (string, bool) {
	o.lock.Lock()
	defer o.lock.Unlock()
	before, after, ok := strings.Cut(o.text.String()[o.seen:], to)
	if ok {
		o.seen = o.text.Len() - len(after)
	}
	return before, ok
}

// wait waits for a text that comes after the last one.
func (o *output) wait(t *testing.T, text string) {
	t.Helper()
	until(t, "a program writes "+text, func() bool {
		_, ok := o.rest(text)
		return ok
	})
}

// line is what a client is given, and what it or the server writes then.
type line struct{ in, out string }

// connect runs a client through a relay.
func (o *openssl) connect(t *testing.T, lines []line, args ...string) (*wire, *tlskeys.Log) {
	t.Helper()
	w, keys := &wire{}, filepath.Join(o.dir, "keys")
	client := exec.Command(o.program, append([]string{"s_client", "-connect", relay(t, o.address, w), "-keylogfile", keys}, args...)...)
	client.Stdout, client.Stderr = &o.out, &o.out
	in, err := client.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	for _, l := range append([]line{{"", "SSL handshake has read"}}, lines...) {
		_, _ = io.WriteString(in, l.in)
		o.out.wait(t, l.out) // before the next: a command is a read of its own
	}
	if i := slices.Index(args, "-sess_out"); i >= 0 {
		until(t, "the client keeps a ticket", func() bool {
			b, _ := os.ReadFile(args[i+1])
			return bytes.Contains(b, []byte("END SSL SESSION"))
		})
	}
	_ = in.Close()
	_ = client.Wait()
	f, err := os.Open(keys)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	log := &tlskeys.Log{}
	if err := log.Read(f); err != nil {
		t.Fatal(err)
	}
	w.lock.Lock()
	defer w.lock.Unlock()
	return &wire{from: w.from, written: w.written}, log
}

// TestOpenerReadsOpenSSL: suites that Go's library lacks, encrypt-then-MAC,
// updated keys, and keys agreed on anew within the session.
func TestOpenerReadsOpenSSL(t *testing.T) {
	said := map[string]string{"K\n": "KEYUPDATE", "k\n": "KEYUPDATE", "R\n": "RENEGOTIATING"}
	for _, c := range []struct{ version, suite, command string }{
		{"-tls1_3", "TLS_AES_128_GCM_SHA256", "K\n"}, {"-tls1_3", "TLS_AES_256_GCM_SHA384", "k\n"}, {"-tls1_3", "TLS_CHACHA20_POLY1305_SHA256", ""},
		{"-tls1_3", "TLS_AES_128_CCM_SHA256", ""}, {"-tls1_3", "TLS_AES_128_CCM_8_SHA256", ""},
		{"-tls1_2", "ECDHE-ECDSA-AES128-CCM", ""}, {"-tls1_2", "ECDHE-ECDSA-AES256-CCM8", ""}, {"-tls1_2", "ECDHE-ECDSA-AES256-CCM", ""},
		{"-tls1_2", "ECDHE-ECDSA-AES128-SHA256", ""}, {"-tls1_2", "ECDHE-ECDSA-AES256-SHA384", ""}, {"-tls1_1", "ECDHE-ECDSA-AES256-SHA", ""}, {"-tls1", "ECDHE-ECDSA-AES128-SHA", ""},
		{"-tls1_2", "ECDHE-ECDSA-AES128-GCM-SHA256", "R\n"}, {"-tls1_2", "ECDHE-ECDSA-AES256-SHA384", "R\n"}, {"-tls1_2", "ECDHE-ECDSA-NULL-SHA", ""},
	} {
		t.Run(c.version+" "+c.suite+c.command, func(t *testing.T) {
			t.Parallel()
			kind, suite := "-cipher", c.suite+":@SECLEVEL=0"
			if c.version == "-tls1_3" {
				kind, suite = "-ciphersuites", c.suite
			}
			o := startOpenSSL(t, kind, suite, "-rev", "-client_renegotiation")
			w, log := o.connect(t, []line{{c.command, said[c.command]}, {"hello\n", "olleh"}, {c.command, said[c.command]}, {"again\n", "niaga"}}, c.version, kind, suite)
			got := w.open(log)
			if got.text != [2]string{"hello\nagain\n", "olleh\nniaga\n"} || got.closed != 0 {
				t.Errorf("%q, %d closed, messages %v", got.text, got.closed, got.messages)
			}
		})
	}
}

// TestOpenerReadsEarlyData: accepted, and refused.
func TestOpenerReadsEarlyData(t *testing.T) {
	for _, refused := range []bool{false, true} {
		t.Run(fmt.Sprint("refused ", refused), func(t *testing.T) {
			o := startOpenSSL(t, "-early_data")
			session, early := filepath.Join(o.dir, "session"), filepath.Join(o.dir, "early")
			if err := os.WriteFile(early, []byte("early\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			if w, log := o.connect(t, []line{{"hello\n", "hello"}}, "-sess_out", session); w.open(log).text[0] != "hello\n" {
				t.Fatal("the first session cannot be read")
			}
			if refused { // by a server that knows nothing of the session
				o = startOpenSSL(t, "-early_data")
			}
			w, log := o.connect(t, []line{{"hello\n", "hello"}}, "-sess_in", session, "-early_data", early)
			got := w.open(log)
			if got.text[0] != "early\nhello\n" || got.closed != 0 || bytes.Contains(got.messages[0], []byte{5}) == refused {
				t.Errorf("%q, %d closed, messages %v", got.text, got.closed, got.messages)
			}
		})
	}
}
