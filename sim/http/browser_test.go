package http_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"strata/sim/dns"
	"strata/sim/host/hosttest"
	web "strata/sim/http"
)

func names(addr string, records ...string) *dns.Server {
	return &dns.Server{Listen: addr, Zone: "example", Records: append(records, "@ 60 SOA ns admin 1 7200 900 1209600 60")}
}

// Two pages of one site take one question and one connection; when the answer
// is too old and the connection gone, another of each.
func TestSimulatedBrowser(t *testing.T) {
	p := &web.Browser{Server: "10.0.2.2:53", Interval: 4 * time.Second, URL: []string{
		"http://www.example/", "http://www.example/missing?x=1", "http://www.example/chunked", "http://10.0.2.2/"}}
	site := testSite(":80")
	site.Idle = 3 * time.Second
	// Each of www.example's first three: a question and its answer at 0 s, and
	// again at 8 s, the alias having a TTL of 5 s.
	hosttest.MustExchange(t, list(p), list(names(":53", "www 5 CNAME web", "web 300 A 10.0.2.2"), site), 4+8)
	if want := []web.Response{{200, 13}, {404, 23}, {200, 10_000}, {200, 13}}; !slices.Equal(p.Pages, want) {
		t.Errorf("got %v, want %v", p.Pages, want)
	}
}

func TestBrowser(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s", r.Host, r.RequestURI)
	}))
	defer s.Close()
	m, addr := hosttest.New(t), hosttest.Free(t)
	m.Serve(t, names(addr, "www A 127.0.0.7", "www A 127.0.0.1", "far CNAME www.example.", "away CNAME www.elsewhere.", "mail MX 10 www"), 2)
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	p := &web.Browser{Server: addr, URL: []string{"http://far.example:" + port + "/a%20page?q=1", "http://127.0.0.1:" + port}}
	hosttest.MustRun(t, m, p)
	if want := []web.Response{{200, int64(len("far.example:"+port) + len(" /a%20page?q=1"))}, {200, int64(len("127.0.0.1:"+port) + len(" /"))}}; !slices.Equal(p.Pages, want) {
		t.Errorf("got %v, want %v", p.Pages, want)
	}
	for name, want := range map[string]string{
		"none.example": "has no address", "mail.example": "has no address", "away.example": "answers REFUSED", "elsewhere": "answers REFUSED",
	} {
		err := (&web.Browser{Server: addr, URL: []string{"http://" + name}}).Run(m)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	if err := (&web.Browser{URL: []string{"http://www.example"}}).Run(m); err == nil || !strings.Contains(err.Error(), "no DNS server") {
		t.Errorf("without a server: %v", err)
	}
}
