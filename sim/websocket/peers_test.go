package websocket_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	coder "github.com/coder/websocket"

	"strata/layers"
	"strata/sim/host/hosttest"
	"strata/sim/websocket"
	"strata/testdata/need"
)

// sample are messages of many sizes, that can be compressed more or less.
func sample() (all [][]byte) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 125, 126, 1000, 32768, 65535, 65536, 200_000} {
		noise := make([]byte, n)
		for i := range noise {
			noise[i] = 'a' + byte(r.IntN(26))
		}
		all = append(all, noise, bytes.Repeat([]byte("word "), n/5), noise)
	}
	return all
}

// exchangeSample sends messages to an echo, in fragments of several sizes, and
// wants them back.
func exchangeSample(t *testing.T, c *websocket.Conn) {
	t.Helper()
	for i, want := range sample() {
		kind := byte(websocket.Text + i%2)
		if err := c.WriteFragments(kind, want, []int{0, 1000, 40_000}[i%3]); err != nil {
			t.Fatal(err)
		}
		if err := c.Ping([]byte("there?")); err != nil {
			t.Fatal(err)
		}
		got, message, err := c.ReadMessage()
		if err != nil || got != kind || !bytes.Equal(message, want) {
			t.Fatalf("message %d of kind %d, %d bytes: kind %d, %d bytes, %v", i, kind, len(want), got, len(message), err)
		}
	}
	if err := c.Close(websocket.Normal, "done"); err != nil {
		t.Errorf("closing: %v", err)
	}
}

var modes = map[string]coder.CompressionMode{"none": coder.CompressionDisabled, "context": coder.CompressionContextTakeover, "no context": coder.CompressionNoContextTakeover}

// TestCoderServes: our client, and a server of github.com/coder/websocket.
func TestCoderServes(t *testing.T) {
	for name, mode := range modes {
		t.Run(name, func(t *testing.T) {
			m := hosttest.New(t)
			ended := make(chan error, 1)
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				c, err := coder.Accept(w, r, &coder.AcceptOptions{Subprotocols: []string{"b"}, CompressionMode: mode, CompressionThreshold: 1})
				if err != nil {
					ended <- err
					return
				}
				c.SetReadLimit(1 << 20)
				for err == nil {
					var kind coder.MessageType
					var b []byte
					if kind, b, err = c.Read(r.Context()); err == nil {
						err = c.Write(r.Context(), kind, b)
					}
				}
				ended <- err
			}))
			defer s.Close()
			c, err := websocket.Dial(m, s.Listener.Addr().String(), "/x?y", &websocket.Options{Subprotocols: []string{"a", "b"}, Deflate: layers.Deflate{On: true}})
			if err != nil {
				t.Fatal(err)
			}
			if c.Deflate.On != (name != "none") || c.Deflate.ServerNoContext != (name == "no context") || c.Subprotocol != "b" {
				t.Errorf("%+v, subprotocol %q", c.Deflate, c.Subprotocol)
			}
			exchangeSample(t, c)
			if err := <-ended; coder.CloseStatus(err) != coder.StatusNormalClosure {
				t.Error(err)
			}
		})
	}
}

// TestCoderAsks: our server, and a client of github.com/coder/websocket.
func TestCoderAsks(t *testing.T) {
	for name, mode := range modes {
		t.Run(name, func(t *testing.T) {
			m, addr := hosttest.New(t), hosttest.Free(t)
			end := m.Serve(t, &websocket.Server{Listen: addr, Echo: true, Subprotocols: []string{"b"}, Talk: websocket.Talk{Deflate: true}}, 1)
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
			defer cancel()
			c, resp, err := coder.Dial(ctx, "ws://"+addr+"/", &coder.DialOptions{Subprotocols: []string{"a", "b"}, CompressionMode: mode, CompressionThreshold: 1})
			if err != nil {
				t.Fatal(err)
			}
			if x := resp.Header.Get("Sec-WebSocket-Extensions"); strings.HasPrefix(x, "permessage-deflate") != (name != "none") || c.Subprotocol() != "b" {
				t.Errorf("extension %q, subprotocol %q", x, c.Subprotocol())
			}
			c.SetReadLimit(1 << 20)
			for i, want := range sample() {
				kind := coder.MessageType(1 + i%2)
				if err := c.Write(ctx, kind, want); err != nil {
					t.Fatal(err)
				}
				got, message, err := c.Read(ctx)
				if err != nil || got != kind || !bytes.Equal(message, want) {
					t.Fatalf("message %d: %v, %d bytes, %v", i, got, len(message), err)
				}
			}
			reading := c.CloseRead(ctx)
			if err := c.Ping(reading); err != nil {
				t.Error(err)
			}
			if err := c.Close(coder.StatusNormalClosure, "done"); err != nil {
				t.Error(err)
			}
			if err := end(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestWindows: both sides keep to every window that they agree on, and to
// messages that stand for themselves.
func TestWindows(t *testing.T) {
	for bits := uint8(8); bits <= 15; bits++ {
		for _, alone := range []bool{false, true} {
			d := layers.Deflate{On: true, ServerWindowBits: bits, ClientWindowBits: bits, ServerNoContext: alone, ClientNoContext: alone}
			m, addr := hosttest.New(t), hosttest.Free(t)
			m.Serve(t, &websocket.Server{Listen: addr, Echo: true, Talk: websocket.Talk{Deflate: true}}, 1)
			c, err := websocket.Dial(m, addr, "/", &websocket.Options{Deflate: d})
			if err != nil {
				t.Fatal(err)
			}
			if c.Deflate != d {
				t.Errorf("agreed on %+v, not %+v", c.Deflate, d)
			}
			exchangeSample(t, c)
		}
	}
}

// node makes a folder with npm's package ws, and a way to run scripts there.
func node(t *testing.T) func(script string, args ...string) *exec.Cmd {
	npm := need.Tool(t, "npm")
	path := need.Tool(t, "node")
	dir := filepath.Join(os.TempDir(), "strata-npm-ws")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "ws", "package.json")); err != nil {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(npm, "install", "--prefix", dir, "--no-audit", "--no-fund", "ws@8").CombinedOutput(); err != nil {
			need.Missing(t, fmt.Sprintf("npm cannot install ws: %v: %.200s", err, out))
		}
	}
	return func(script string, args ...string) *exec.Cmd {
		cmd := exec.Command(path, append([]string{"-e", script}, args...)...)
		cmd.Dir = dir
		return cmd
	}
}

// TestNpmServes: our client, and a server of npm's ws.
func TestNpmServes(t *testing.T) {
	run := node(t)
	for _, options := range []string{"false", "true", "{serverNoContextTakeover: true, clientNoContextTakeover: true, threshold: 0}", "{serverMaxWindowBits: 9, clientMaxWindowBits: 10, threshold: 0}"} {
		t.Run(options, func(t *testing.T) {
			m := hosttest.New(t)
			cmd := run(`const s = new (require('ws').WebSocketServer)({port: 0, host: '127.0.0.1', perMessageDeflate: ` + options + `});
				s.on('listening', () => console.log(s.address().port));
				s.on('connection', c => { c.on('message', (d, binary) => c.send(d, {binary})); c.on('close', (code, why) => { console.log(code + ' ' + why); process.exit(0) }) })`)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer cmd.Process.Kill()
			var port int
			fmt.Fscan(out, &port)
			c, err := websocket.Dial(m, fmt.Sprintf("127.0.0.1:%d", port), "/", &websocket.Options{Deflate: layers.Deflate{On: true, ClientWindowBits: layers.AnyWindow}})
			if err != nil {
				t.Fatal(err)
			}
			if c.Deflate.On != (options != "false") || strings.Contains(options, "10") && c.Deflate.ClientWindowBits != 10 {
				t.Errorf("%+v", c.Deflate)
			}
			exchangeSample(t, c)
			var code int
			var why string
			if fmt.Fscan(out, &code, &why); code != 1000 || why != "done" {
				t.Errorf("the server saw it closed with %d %s", code, why)
			}
		})
	}
}

// TestNpmAsks: our server, and a client of npm's ws.
func TestNpmAsks(t *testing.T) {
	run := node(t)
	m, addr := hosttest.New(t), hosttest.Free(t)
	end := m.Serve(t, &websocket.Server{Listen: addr, Echo: true, Talk: websocket.Talk{Deflate: true, Messages: []websocket.Message{{Text: "welcome"}}}}, 1)
	for _, options := range []string{"false", "true", "{threshold: 0, clientMaxWindowBits: 9, serverMaxWindowBits: 10}", "{threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true}"} {
		out, err := run(`const c = new (require('ws'))('ws://'+process.argv[1]+'/', {perMessageDeflate: `+options+`});
			const sent = []; let n = 0;
			for (const size of [0, 1, 125, 126, 65535, 65536, 300000]) for (const what of ['x'.repeat(size), Buffer.alloc(size, 'bytes '), Array.from({length: size}, (_, i) => String.fromCharCode(97 + i * i % 23)).join('')]) sent.push(what);
			c.on('open', () => { c.ping('hi'); sent.forEach(m => c.send(m)) });
			c.on('pong', d => console.log('pong ' + d));
			c.on('message', (d, binary) => {
				if (!binary && d.toString() == 'welcome') return console.log('welcome');
				const want = sent[n++];
				if (Buffer.compare(Buffer.from(want), d) || binary != (typeof want != 'string')) { console.log('message ' + n + ' differs'); process.exit(1) }
				if (n == sent.length) c.close(1000, 'done');
			});
			c.on('close', (code, why) => console.log(n + ' ' + code + ' ' + why))`, addr).CombinedOutput()
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		if err != nil || len(lines) != 3 || lines[2] != "21 1000" || !strings.Contains(string(out), "pong hi") || !strings.Contains(string(out), "welcome") {
			t.Errorf("%s: %v, %s", options, err, out)
		}
	}
	if err := end(); err != nil {
		t.Error(err)
	}
}
