package http_test

import (
	cryptotls "crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"os/exec"
	"slices"
	"testing"
	"time"

	"strata/sim"
	"strata/sim/host/hosttest"
	web "strata/sim/http"
	"strata/sim/tls"
	"strata/testdata/need"
)

func secureSite(addr string) *web.Server {
	s := testSite(addr)
	s.TLS = &tls.Setting{ServerName: "www.example", ALPN: []string{"http/1.1"}}
	s.Idle = 3 * time.Second
	return s
}

// Pages over TLS, on a bad link: the browser by name, the client by address.
func TestSimulatedHTTPS(t *testing.T) {
	b := &web.Browser{Server: "10.0.2.2:53", Interval: 4 * time.Second, URL: []string{"https://www.example/", "https://www.example/large"}}
	c := &web.Client{To: "10.0.2.2:443", TLS: &tls.Setting{}, Gzip: true, Repeat: 2, Requests: []web.Request{{Path: "/chunked"}, {Method: "POST", Size: 5000}}}
	errs, sent, same := hosttest.Simulated(t, list(b, c), list(secureSite(":443"), names(":53", "www A 10.0.2.2")),
		sim.Fault{Kind: sim.Lose, Rate: 0.02}, sim.Fault{Kind: sim.Corrupt, Rate: 0.02, Bit: -1})
	// Two for the name, two for each page and request.
	if errs := errors.Join(errs...); errs != nil || sent != 2+4+8 || same != sent {
		t.Errorf("%v, %d messages sent, %d of them delivered", errs, sent, same)
	}
	if want := []web.Response{{200, 13}, {200, 1_000_000}}; !slices.Equal(b.Pages, want) {
		t.Errorf("the browser got %v", b.Pages)
	}
	if want := []web.Response{{200, 10_000}, {200, 13}, {200, 10_000}, {200, 13}}; !slices.Equal(c.Responses, want) {
		t.Errorf("the client got %v", c.Responses)
	}
	bad := &web.Browser{Server: "10.0.2.2:53", URL: []string{"https://other.example/"}}
	errs, _, _ = hosttest.Simulated(t, list(bad), list(secureSite(":443"), names(":53", "other A 10.0.2.2")))
	if errs[2] == nil || errs[0] == nil {
		t.Errorf("a certificate for another name: %v", errs)
	}
}

func TestHTTPSForOthers(t *testing.T) {
	m, addr := hosttest.New(t), hosttest.Free(t)
	m.Serve(t, secureSite(addr), 1)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &cryptotls.Config{RootCAs: tls.Roots(), ServerName: "www.example"}}}
	defer client.CloseIdleConnections()
	for path, want := range map[string]int{"/": 13, "/large": 1_000_000, "/chunked": 10_000} {
		resp, err := client.Get("https://" + addr + path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(resp.Body)
		if err != nil || len(b) != want || resp.TLS.Version != cryptotls.VersionTLS13 {
			t.Errorf("%s: %d bytes, %v", path, len(b), err)
		}
		resp.Body.Close()
	}
}

func TestHTTPSForCurl(t *testing.T) {
	curl := need.Tool(t, "curl")
	m, addr := hosttest.New(t), hosttest.Free(t)
	m.Serve(t, secureSite(addr), 1)
	_, port, _ := net.SplitHostPort(addr)
	url := "https://www.example:" + port
	cmd := exec.Command(curl, "-sS", "--noproxy", "*", "--insecure", "--resolve", "www.example:"+port+":127.0.0.1", url+"/", url+"/large", "-w", "%{num_connects} %{http_code}\n", "-o", "/dev/null", "-o", "/dev/null")
	out, err := cmd.Output()
	if err != nil || string(out) != "1 200\n0 200\n" {
		t.Errorf("curl: %v, %q", err, out)
	}
}
