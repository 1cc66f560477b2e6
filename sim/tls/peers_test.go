package tls

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"crypto/x509"

	"strata/sim"
	"strata/sim/host"
	"strata/sim/host/hosttest"
	"strata/testdata/need"
)

// files writes the certificate and key of a server, and the root, as OpenSSL
// reads them.
func files(t *testing.T) (pair, root string) {
	t.Helper()
	certificate := serverConfig(t, 1).Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(certificate.Key)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, der []byte) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	}
	dir := t.TempDir()
	pair, root = filepath.Join(dir, "pair.pem"), filepath.Join(dir, "root.pem")
	if err := os.WriteFile(pair, append(block("CERTIFICATE", certificate.Chain[0]), block("PRIVATE KEY", key)...), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(root, block("CERTIFICATE", authority().Chain[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	return pair, root
}

// output is what a program has written so far.
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

// wait waits until the program writes a text, after the last one that was
// waited for, and gives what is between them; a newline may end one text and
// begin the next.
func (o *output) wait(t *testing.T, text string) (before string) {
	t.Helper()
	for range 6000 {
		if before, ok := o.next(text); ok {
			return before
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%q does not come: %s", text, o.text.String())
	return ""
}

func (o *output) next(text string) (before string, ok bool) {
	o.lock.Lock()
	defer o.lock.Unlock()
	before, after, ok := strings.Cut(o.text.String()[o.seen:], text)
	if ok {
		o.seen = o.text.Len() - len(after) - 1
	}
	return before, ok
}

// serveOpenSSL starts openssl s_server until the test ends, and gives the
// address that it chose.
func serveOpenSSL(t *testing.T, pair string, args ...string) string {
	t.Helper()
	server, out := exec.Command(need.Tool(t, "openssl"), append([]string{"s_server", "-accept", "127.0.0.1:0", "-cert", pair, "-key", pair}, args...)...), &output{}
	server.Stdout = out
	if _, err := server.StdinPipe(); err != nil { // at the input's end it would go
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	out.wait(t, "ACCEPT ")
	return strings.TrimSpace(out.wait(t, "\n"))
}

// TestServersOfOpenSSL: our client against openssl s_server, which sends
// tickets and may ask for a certificate or another group.
func TestServersOfOpenSSL(t *testing.T) {
	stall(t)
	pair, _ := files(t)
	for _, args := range [][]string{
		{}, {"-ciphersuites", "TLS_AES_256_GCM_SHA384"}, {"-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"}, {"-groups", "P-256"}, {"-verify", "1"}, {"-alpn", "echo"},
		{"-record_padding", "100"}, {"-max_send_frag", "512"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel() // each line takes OpenSSL a second
			address := serveOpenSSL(t, pair, append([]string{"-tls1_3", "-rev"}, args...)...)
			cfg := clientConfig(4)
			cfg.Protocols = []string{"echo"}
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			c := Client(conn, cfg)
			for i, text := range []string{"hello\n", strings.Repeat("again ", 100) + "\n"} {
				if _, err := io.WriteString(c, text); err != nil {
					t.Fatal(err)
				}
				got := make([]byte, len(text))
				if _, err := io.ReadFull(c, got); err != nil {
					t.Fatal(err)
				}
				for j := range len(text) - 1 {
					if got[j] != text[len(text)-2-j] {
						t.Fatalf("%q", got)
					}
				}
				if err := c.UpdateKeys(i == 0); err != nil {
					t.Fatal(err)
				}
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestClientsOfOpenSSL: openssl s_client against our server, also with updated
// keys, and with early data that our server does not want.
func TestClientsOfOpenSSL(t *testing.T) {
	stall(t)
	program := need.Tool(t, "openssl")
	pair, root := files(t)
	session, early := filepath.Join(t.TempDir(), "session"), filepath.Join(t.TempDir(), "early")
	if err := os.WriteFile(early, bytes.Repeat([]byte("early "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	other := serveOpenSSL(t, pair, "-early_data") // it gives tickets
	client := func(address string, args ...string) (io.WriteCloser, *output, func()) {
		c, out := exec.Command(program, append([]string{"s_client", "-connect", address, "-servername", "www.example", "-CAfile", root, "-verify_return_error", "-verify_hostname", "www.example"}, args...)...), &output{}
		c.Stdout, c.Stderr = out, out
		in, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		return in, out, func() { _ = c.Wait() }
	}
	in, out, wait := client(other, "-sess_out", session)
	out.wait(t, "Verify return code: 0 (ok)")
	_, _ = io.WriteString(in, "hello\n") // it waits for early data until something comes
	for range 6000 {                     // until it has kept a ticket
		if b, _ := os.ReadFile(session); bytes.Contains(b, []byte("END SSL SESSION")) {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	_ = in.Close()
	wait()
	out.wait(t, "Max Early Data")
	for _, args := range [][]string{
		{}, {"-ciphersuites", "TLS_AES_256_GCM_SHA384"}, {"-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"}, {"-groups", "P-256"}, {"-groups", "P-384:P-256"}, {"-no_middlebox"},
		{"-alpn", "http/1.1,echo"}, {"-sess_in", session, "-early_data", early}, {"-sess_in", session, "-early_data", early, "-groups", "P-384:P-256"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			served := make(chan error, 1)
			go func() {
				c, err := l.Accept()
				if err != nil {
					served <- err
					return
				}
				cfg := serverConfig(t, 3)
				cfg.Protocols = []string{"echo"}
				served <- echo(Server(c, cfg))
			}()
			in, out, wait := client(l.Addr().String(), args...)
			out.wait(t, "Verify return code: 0 (ok)")
			for i, line := range []string{"hello", "again", "end"} {
				_, _ = io.WriteString(in, line+"\n")
				out.wait(t, "\n"+line+"\n")
				if i < 2 { // new keys, asked for and not
					_, _ = io.WriteString(in, "Kk"[i:i+1]+"\n")
					out.wait(t, "KEYUPDATE")
				}
			}
			_ = in.Close()
			wait()
			if err := <-served; err != nil {
				t.Error(err)
			}
		})
	}
}

// talker says something over TLS and wants it back, or sends back what comes.
type talker struct {
	to, listen string
	tls        *Setting
	failed     *host.Failures
}

func (p *talker) Run(h host.Host) error {
	if p.listen != "" {
		host.ServeStreams(h, p.listen, p.failed, func(c net.Conn) error {
			session, err := Wrap(h, c, p.tls, true)
			if err != nil {
				return err
			}
			return echo(session)
		})
		return p.failed.Err("talker")
	}
	c, err := h.Dial("tcp", p.to)
	if err != nil {
		return err
	}
	session, err := Wrap(h, c, p.tls, false)
	if err != nil {
		_ = c.Close()
		return err
	}
	text := strings.Repeat("over a wire that loses packets ", 1000)
	for range 3 {
		if _, err := io.WriteString(session, text); err != nil {
			return err
		}
		got := make([]byte, len(text))
		if _, err := io.ReadFull(session, got); err != nil {
			return err
		}
		if string(got) != text {
			return errors.New("something else came back")
		}
	}
	return host.Finish(session)
}

// TestWrap: programs on simulated hosts, with losses, and on this machine.
func TestWrap(t *testing.T) {
	stall(t)
	named, nobody := &Setting{ServerName: "www.example", ALPN: []string{"echo"}}, &Setting{}
	for _, c := range []struct {
		client, server *Setting
		want           string
	}{
		{nil, nil, ""}, {nobody, nobody, ""}, {named, named, ""}, {nobody, named, ""},
		{named, nobody, "bad_certificate"}, {named, nil, "unexpected_message"},
	} {
		for _, loss := range []float64{0, 0.05} {
			server := &talker{listen: ":443", tls: c.server, failed: &host.Failures{}}
			errs, _, _ := hosttest.Simulated(t, []host.Program{&talker{to: "10.0.2.2:443", tls: c.client}}, []host.Program{server}, sim.Fault{Kind: sim.Lose, Rate: loss})
			if got := fmt.Sprint(errs[1]); (c.want == "") != (errs[1] == nil) || !strings.Contains(got, c.want) {
				t.Errorf("%+v, %+v: %v; server %v", c.client, c.server, errs[1], errs[0])
			}
			if c.want == "" && errs[0] != nil {
				t.Errorf("server: %v", errs[0])
			}
		}
	}
	m := hosttest.New(t)
	address := hosttest.Free(t)
	end := m.Serve(t, &talker{listen: address, tls: named, failed: &host.Failures{}}, 1)
	hosttest.MustRun(t, m, &talker{to: address, tls: named})
	if err := end(); err != nil {
		t.Error(err)
	}
}

func TestSettingChecks(t *testing.T) {
	for _, c := range []struct {
		s    Setting
		want string
	}{
		{Setting{}, ""}, {Setting{ServerName: "a-1.example", ALPN: []string{"mqtt"}}, ""},
		{Setting{ServerName: "10.0.0.1"}, "tls: server_name"}, {Setting{ServerName: "a..b"}, "tls: server_name"}, {Setting{ServerName: "-a"}, "tls: server_name"},
		{Setting{ServerName: "a b"}, "tls: server_name"}, {Setting{ServerName: strings.Repeat("a", 64)}, "tls: server_name"}, {Setting{ALPN: []string{"x", ""}}, "tls: alpn[1]"},
	} {
		err := c.s.Check("tls")
		if (err == nil) != (c.want == "") || err != nil && !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%+v: %v", c.s, err)
		}
	}
}
