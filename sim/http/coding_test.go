package http_test

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"strata/sim/host/hosttest"
	web "strata/sim/http"
	"strata/testdata/need"
)

func packedSite(addr string) *web.Server {
	return &web.Server{Listen: addr, Pages: []web.Page{
		{Path: "/", Text: "the same, ", Size: 50_000, Gzip: true},
		{Path: "/chunked", Size: 50_000, Gzip: true, Chunk: 1000},
	}}
}

// A packed page is shorter on the way and the same at its end.
func TestGzip(t *testing.T) {
	m, addr := hosttest.New(t), hosttest.Free(t)
	m.Serve(t, packedSite(addr), 1)
	p := &web.Client{To: addr, Gzip: true, Requests: []web.Request{{}, {Path: "/chunked"}, {Method: "HEAD"}}}
	hosttest.MustRun(t, m, p)
	if want := []web.Response{{200, 50_000}, {200, 50_000}, {200, 0}}; !slices.Equal(p.Responses, want) {
		t.Errorf("got %v, want %v", p.Responses, want)
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	defer client.CloseIdleConnections()
	for accept, want := range map[string]string{
		"gzip": "gzip", "GZIP;q=0.5": "gzip", "*": "gzip", "deflate, gzip": "gzip", "br;q=1, *;q=0.1": "gzip",
		"": "", "gzip;q=0": "", "gzip; q=0.000, *": "", "identity": "", "br": "",
	} {
		req, _ := http.NewRequest("GET", "http://"+addr+"/", nil)
		req.Header.Set("Accept-Encoding", accept)
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if got := resp.Header.Get("Content-Encoding"); got != want || resp.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: %v", accept, resp.Header)
		} else if got == "gzip" {
			r, err := gzip.NewReader(strings.NewReader(string(b)))
			if err != nil {
				t.Fatal(err)
			}
			if packed := len(b); packed > 30_000 {
				t.Errorf("packed to %d bytes", packed)
			}
			b, _ = io.ReadAll(r)
		}
		if len(b) != 50_000 || !strings.HasPrefix(string(b), "the same, ") {
			t.Errorf("Accept-Encoding %q: %d bytes", accept, len(b))
		}
	}
}

func TestGzipForCurl(t *testing.T) {
	curl := need.Tool(t, "curl")
	m, addr := hosttest.New(t), hosttest.Free(t)
	m.Serve(t, packedSite(addr), 1)
	for _, path := range []string{"/", "/chunked"} {
		out, err := exec.Command(curl, "-sS", "--noproxy", "*", "--compressed", "http://"+addr+path).Output()
		if err != nil || len(out) != 50_000 {
			t.Errorf("curl %s: %v, %d bytes", path, err, len(out))
		}
	}
}

// Packed by others, and what is no gzip, or too much of it.
func TestGzipFromOthers(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		switch r.URL.Path {
		case "/bad":
			fmt.Fprint(w, "no gzip at all, this")
			return
		case "/other":
			w.Header().Set("Content-Encoding", "br")
			return
		}
		z := gzip.NewWriter(w)
		n := 10
		if r.URL.Path == "/bomb" {
			n = 100 << 20
		}
		io.CopyN(z, zeros{}, int64(n))
		z.Close()
	}))
	defer s.Close()
	for path, want := range map[string]string{"/": "", "/bad": "unpacking", "/other": "not asked for", "/bomb": "is longer than"} {
		p := &web.Client{To: s.Listener.Addr().String(), Gzip: true, Requests: []web.Request{{Path: path}}}
		err := p.Run(hosttest.New(t))
		if want == "" && (err != nil || p.Responses[0].Bytes != 10) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, %v; want %q", path, p.Responses, err, want)
		}
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// A server that closes what is idle; a client that notices.
func TestKeepAlive(t *testing.T) {
	m, addr := hosttest.New(t), hosttest.Free(t)
	end := m.Serve(t, &web.Server{Listen: addr, Pages: []web.Page{{Path: "/", Text: "x"}}, Idle: 200 * time.Millisecond}, 1)
	p := &web.Client{To: addr, Repeat: 3, Interval: 600 * time.Millisecond, Headers: []string{"Accept-Language: de"}}
	hosttest.MustRun(t, m, p)
	if len(p.Responses) != 3 {
		t.Errorf("got %v", p.Responses)
	}
	if err := end(); err != nil {
		t.Error(err)
	}
}

// A server that closes at the very moment of the second request.
func TestKeepAliveRace(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			r := bufio.NewReader(c)
			if _, err := http.ReadRequest(r); err == nil {
				io.WriteString(c, "HTTP/1.1 204 No Content\r\n\r\n")
				r.Peek(1)
			}
			c.Close()
		}
	}()
	p := &web.Client{To: l.Addr().String(), Repeat: 3}
	hosttest.MustRun(t, hosttest.New(t), p)
	p = &web.Client{To: l.Addr().String(), Requests: []web.Request{{}, {Method: "POST"}}}
	if err := p.Run(hosttest.New(t)); err == nil || !strings.Contains(err.Error(), "request 2 of 2") {
		t.Errorf("a POST on a closed connection: %v, %v", p.Responses, err)
	}
}

// Expect: 100-continue, by hand: the body comes only when it is asked for.
func TestExpect(t *testing.T) {
	m, addr := hosttest.New(t), hosttest.Free(t)
	m.Serve(t, testSite(addr), 1)
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\n")
	b := make([]byte, len("HTTP/1.1 100 Continue\r\n\r\n"))
	if _, err := io.ReadFull(c, b); err != nil || string(b) != "HTTP/1.1 100 Continue\r\n\r\n" {
		t.Fatalf("got %q, %v", b, err)
	}
	io.WriteString(c, "abc")
	if b, err := io.ReadAll(c); err != nil || !strings.HasPrefix(string(b), "HTTP/1.1 200 OK\r\n") {
		t.Errorf("got %q, %v", b, err)
	}
}
