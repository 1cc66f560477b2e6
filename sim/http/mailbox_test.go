package http_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"strata/sim/host"
	"strata/sim/host/hosttest"
	web "strata/sim/http"
	"strata/testdata/need"
)

func boxSite(addr string, wait time.Duration) *web.Server {
	return &web.Server{Listen: addr, Pages: []web.Page{{Path: "/box", Mailbox: true, Wait: wait}}}
}

// Polling and long polling get the same messages; who holds the line gets them
// when they come, in far fewer requests.
func TestPollingCost(t *testing.T) {
	post := func(n int) *web.Client {
		c := &web.Client{To: "10.0.2.2:80", Interval: 2 * time.Second}
		for i := range n {
			c.Requests = append(c.Requests, web.Request{Method: "POST", Path: "/box", Text: fmt.Sprint("message ", i)})
		}
		return c
	}
	news := func(p *web.Client) (n int) {
		for _, r := range p.Responses {
			if r.Status == http.StatusOK {
				n++
			}
		}
		return n
	}
	polling := &web.Client{To: "10.0.2.2:80", Requests: []web.Request{{Path: "/box"}}, Repeat: 50, Interval: 100 * time.Millisecond}
	errs, sent, same := hosttest.Simulated(t, list(polling, post(3)), list(boxSite(":80", 0)))
	if errs[1] != nil || news(polling) != 3 || sent != same || sent != 106 {
		t.Errorf("polling: %v, %d messages, %d of %d delivered", errs, news(polling), same, sent)
	}
	long := &web.Client{To: "10.0.2.2:80", Requests: []web.Request{{Path: "/box"}}, Repeat: 4}
	errs, sent, same = hosttest.Simulated(t, list(long, post(3)), list(boxSite(":80", 30*time.Second)))
	if errs[1] != nil || news(long) != 3 || sent != same || sent != 14 {
		t.Errorf("long polling: %v, %v, %d of %d delivered", errs, long.Responses, same, sent)
	}
}

// Several wait; each message goes to one, in the order in which they came.
func TestMailboxQueue(t *testing.T) {
	waiting := func() *web.Client { return &web.Client{To: "10.0.2.2:80", Requests: []web.Request{{Path: "/box"}}} }
	a, b := waiting(), waiting()
	late := &web.Client{To: "10.0.2.2:80", Interval: time.Second, Requests: []web.Request{{Path: "/none"}, {Method: "POST", Path: "/box", Text: "1"}, {Method: "POST", Path: "/box", Text: "22"}}}
	errs, _, _ := hosttest.Simulated(t, list(a, b, late), list(boxSite(":80", time.Minute)))
	if !slices.Equal(a.Responses, []web.Response{{200, 1}}) || !slices.Equal(b.Responses, []web.Response{{200, 2}}) {
		t.Errorf("%v; %v and %v", errs, a.Responses, b.Responses)
	}
}

func TestMailboxForCurl(t *testing.T) {
	curl := need.Tool(t, "curl")
	m := hosttest.New(t)
	impatient, patient := hosttest.Free(t), hosttest.Free(t)
	m.Serve(t, boxSite(impatient, 300*time.Millisecond), 1)
	m.Serve(t, boxSite(patient, time.Minute), 1)
	run := func(addr string, args ...string) string {
		out, err := exec.Command(curl, append([]string{"-sS", "--noproxy", "*", "http://" + addr + "/box", "-w", "%{http_code}"}, args...)...).Output()
		if err != nil {
			t.Error(err)
		}
		return string(out)
	}
	start := time.Now()
	if empty := run(impatient); empty != "204" || time.Since(start) < 300*time.Millisecond {
		t.Errorf("an empty mailbox: %q after %v", empty, time.Since(start))
	}
	got := make(chan string)
	go func() { got <- run(patient) }()
	time.Sleep(300 * time.Millisecond) // it is held by then; if not, its answer is the same
	if sent := run(patient, "-d", "hello"); sent != "204" {
		t.Errorf("POST: %q", sent)
	}
	if news := <-got; news != "hello200" {
		t.Errorf("held request: %q", news)
	}
}

// A request can hand its connection over to another protocol, with all that
// has come of it already.
func TestTake(t *testing.T) {
	m, addr := hosttest.New(t), hosttest.Free(t)
	var f host.Failures
	go host.ServeStreams(m, addr, &f, func(c net.Conn) error {
		return web.Serve(m, c, time.Minute, func(req *http.Request) web.Answer {
			if req.Header.Get("Upgrade") != "shout" {
				return web.Answer{Status: http.StatusUpgradeRequired, Fields: []string{"Upgrade: shout"}}
			}
			return web.Answer{Take: func(c net.Conn, r *bufio.Reader) error {
				io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: shout\r\nConnection: upgrade\r\n\r\n")
				line, err := r.ReadString('\n')
				io.WriteString(c, strings.ToUpper(line))
				return err
			}}
		})
	})
	<-m.Ready
	c, err := m.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	conn := web.NewConn(m, c)
	get := func(fields ...string) *web.Message {
		return &web.Message{Start: "GET / HTTP/1.1", Fields: append(fields, "Host: x")}
	}
	resp, err := conn.Exchange("GET", get())
	if err != nil || resp.StatusCode != http.StatusUpgradeRequired || resp.ContentLength != 0 {
		t.Fatal(resp, err)
	}
	request := get("Upgrade: shout", "Connection: upgrade")
	if resp, err = conn.Exchange("GET", request); err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal(resp, err)
	}
	io.WriteString(conn, "hello\n")
	if b, err := io.ReadAll(conn.Rest()); err != nil || string(b) != "HELLO\n" {
		t.Errorf("got %q, %v", b, err)
	}
	// Both at once: the request and what follows it in one segment.
	c, _ = net.Dial("tcp", addr)
	io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: shout\r\n\r\nat once\n")
	if b, _ := io.ReadAll(c); !strings.HasSuffix(string(b), "\r\n\r\nAT ONCE\n") {
		t.Errorf("got %q", b)
	}
}
