package http_test

import (
	"bytes"
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
	"strata/sim/program"
	"strata/testdata/need"
)

func testSite(addr string) *web.Server {
	return &web.Server{Listen: addr, Pages: []web.Page{
		{Path: "/", Type: "text/html", Text: "<p>Hello</p>\n"},
		{Path: "/large", Size: 1_000_000},
		{Path: "/chunked", Text: "chunks: ", Size: 10_000, Chunk: 999},
		{Path: "/empty"},
		{Path: "/empty-chunked", Chunk: 1},
	}}
}

func TestHTTP(t *testing.T) {
	requests := []web.Request{
		{}, {Path: "/large"}, {Path: "/chunked"}, {Path: "/empty"}, {Path: "/empty-chunked"},
		{Path: "/missing"}, {Method: "HEAD", Path: "/large"}, {Method: "HEAD", Path: "/chunked"},
		{Method: "DELETE"}, {Method: "POST", Text: "name=value"}, {Method: "POST", Size: 100_000, Chunk: 4096},
	}
	want := []web.Response{
		{200, 13}, {200, 1_000_000}, {200, 10_000}, {200, 0}, {200, 0},
		{404, 23}, {200, 0}, {200, 0}, {501, 38}, {200, 13}, {200, 13},
	}
	for _, closing := range []bool{false, true} {
		t.Run(fmt.Sprintf("close=%v", closing), func(t *testing.T) {
			m, addr := hosttest.New(t), hosttest.Free(t)
			end := m.Serve(t, testSite(addr), 1)
			p := &web.Client{To: addr, Requests: requests, Close: closing, Interval: time.Millisecond}
			hosttest.MustRun(t, m, p)
			if !slices.Equal(p.Responses, want) {
				t.Errorf("got  %v\nwant %v", p.Responses, want)
			}
			hosttest.WantMessages(t, m, 2*len(requests))
			if err := end(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestHTTPServerForOthers(t *testing.T) {
	m, addr := hosttest.New(t), hosttest.Free(t)
	m.Serve(t, testSite(addr), 1)
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	get := func(path string) (*http.Response, string) {
		resp, err := client.Get("http://" + addr + path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp, string(b)
	}
	resp, body := get("/")
	if resp.StatusCode != 200 || body != "<p>Hello</p>\n" || resp.Header.Get("Content-Type") != "text/html" || resp.ContentLength != 13 {
		t.Errorf("/: %v %q", resp, body)
	}
	if date, err := http.ParseTime(resp.Header.Get("Date")); err != nil || time.Since(date) > time.Minute {
		t.Errorf("Date: %v, %v", date, err)
	}
	resp, body = get("/chunked")
	if !slices.Equal(resp.TransferEncoding, []string{"chunked"}) || len(body) != 10_000 || !strings.HasPrefix(body, "chunks: 0000008 0000016 ") {
		t.Errorf("/chunked: %v %.40q", resp, body)
	}
	if resp, _ = get("/missing"); resp.StatusCode != 404 {
		t.Errorf("/missing: %v", resp)
	}
	resp, err := client.Post("http://"+addr+"/", "text/plain", io.MultiReader(strings.NewReader("in chunks, for its length is unknown")))
	if err != nil || resp.StatusCode != 200 {
		t.Errorf("POST: %v, %v", resp, err)
	} else {
		resp.Body.Close()
	}
}

func TestHTTPServerForCurl(t *testing.T) {
	curl := need.Tool(t, "curl")
	m, addr := hosttest.New(t), hosttest.Free(t)
	m.Serve(t, testSite(addr), 1)
	for args, want := range map[string]string{
		"URL/":      "<p>Hello</p>\n",
		"-0 URL/":   "<p>Hello</p>\n",
		"URL/ URL/": "<p>Hello</p>\n<p>Hello</p>\n",
		"-o /dev/null -w %{size_download} URL/large":                  "1000000",
		"-o /dev/null -w %{size_download} URL/chunked":                "10000",
		"-0 -o /dev/null -w %{size_download} URL/chunked":             "10000",
		"-I -o /dev/null -w %{http_code} URL/large":                   "200",
		"-H Expect:100-continue -d x URL/":                            "<p>Hello</p>\n",
		"-o /dev/null -w %{num_connects} URL/ -o /dev/null URL/large": "10",
		"-H Host: -o /dev/null -w %{http_code} URL/":                  "400",
	} {
		cmd := exec.Command(curl, strings.Fields("-sS --noproxy * --max-time 10 "+strings.ReplaceAll(args, "URL", "http://"+addr))...)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil || string(out) != want {
			t.Errorf("curl %s: %v %s, got %q, want %q", args, err, &stderr, out, want)
		}
	}
}

func TestHTTPClientForOthers(t *testing.T) {
	type seen struct{ method, path, host, body string }
	var got []seen
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got = append(got, seen{r.Method, r.URL.Path, r.Host, string(b)})
		switch r.URL.Path {
		case "/flushed": // in chunks
			fmt.Fprint(w, "one ")
			w.(http.Flusher).Flush()
			fmt.Fprint(w, "two")
		case "/last":
			w.Header().Set("Connection", "close")
			fmt.Fprint(w, "bye")
		case "/nothing":
			w.WriteHeader(http.StatusNoContent)
		case "/early":
			w.WriteHeader(http.StatusEarlyHints)
			fmt.Fprint(w, "hinted")
		default:
			fmt.Fprint(w, "page")
		}
	}))
	defer s.Close()
	m := hosttest.New(t)
	p := &web.Client{To: s.Listener.Addr().String(), Host: "www.example", Requests: []web.Request{
		{}, {Path: "/flushed"}, {Path: "/last"}, {Method: "POST", Path: "/form", Text: "a=b"},
		{Method: "PUT", Path: "/chunks", Text: "0123456789", Chunk: 3}, {Path: "/nothing"}, {Path: "/early"},
	}}
	hosttest.MustRun(t, m, p)
	if want := []web.Response{{200, 4}, {200, 7}, {200, 3}, {200, 4}, {200, 4}, {204, 0}, {200, 6}}; !slices.Equal(p.Responses, want) {
		t.Errorf("got %v, want %v", p.Responses, want)
	}
	if want := []seen{
		{"GET", "/", "www.example", ""}, {"GET", "/flushed", "www.example", ""}, {"GET", "/last", "www.example", ""},
		{"POST", "/form", "www.example", "a=b"}, {"PUT", "/chunks", "www.example", "0123456789"},
		{"GET", "/nothing", "www.example", ""}, {"GET", "/early", "www.example", ""},
	}; !slices.Equal(got, want) {
		t.Errorf("the server saw\n%v, want\n%v", got, want)
	}
}

// Peers that do not keep to the protocol.
func TestHTTPBadPeers(t *testing.T) {
	for name, c := range map[string]struct{ request, want string }{
		"nonsense":      {"hello\r\n\r\n", "HTTP/1.1 400 "},
		"endless head":  {"GET / HTTP/1.1\r\nX: " + strings.Repeat("x", 100_000), "HTTP/1.1 400 "},
		"no host":       {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "},
		"bad chunk":     {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 400 "},
		"two lengths":   {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "HTTP/1.1 400 "},
		"head cut off":  {"GET / HT", "HTTP/1.1 400 "},
		"nothing":       {"", ""},
		"pipelined":     {"GET /empty HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.0\r\n\r\n", "HTTP/1.1 200 "},
		"old, no close": {"GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 200 "},
	} {
		t.Run(name, func(t *testing.T) {
			m, addr := hosttest.New(t), hosttest.Free(t)
			m.Serve(t, testSite(addr), 1)
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			io.WriteString(conn, c.request)
			conn.(*net.TCPConn).CloseWrite()
			b, err := io.ReadAll(conn)
			if err != nil || !strings.HasPrefix(string(b), c.want) || c.want == "" && len(b) > 0 {
				t.Errorf("got %q, %v; want %q", b, err, c.want)
			}
			if n := strings.Count(string(b), "HTTP/1.1 200"); name == "pipelined" && n != 2 {
				t.Errorf("%d responses to two requests", n)
			}
		})
	}
	for name, c := range map[string]struct{ response, want string }{
		"closed":        {"", "ended the connection first"},
		"cut off":       {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "after 5 bytes of the body"},
		"nonsense":      {"hello\r\n\r\n", "malformed"},
		"endless head":  {"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 100_000), "head is longer"},
		"to the end":    {"HTTP/1.0 200 OK\r\n\r\nhello", ""},
		"cut in chunks": {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "after 5 bytes of the body"},
	} {
		t.Run(name+" response", func(t *testing.T) {
			m, addr := hosttest.New(t), hosttest.Free(t)
			steps := []program.Step{{Listen: addr}, {Accept: true}, {Read: 1000}}
			if c.response != "" {
				steps = append(steps, program.Step{Write: c.response})
			}
			m.Serve(t, &program.Script{Steps: steps}, 1)
			err := (&web.Client{To: addr}).Run(m)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
