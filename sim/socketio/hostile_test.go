package socketio_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"strata/sim/host"
	"strata/sim/host/hosttest"
	web "strata/sim/http"
	"strata/sim/socketio"
	"strata/sim/websocket"
)

// request makes one HTTP request, and gives the status and the body.
func request(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// hello begins a session over polling and gives the address of its requests.
func hello(t *testing.T, addr string) string {
	t.Helper()
	url := "http://" + addr + "/socket.io/?EIO=4&transport=polling"
	_, body := request(t, "GET", url, "")
	var open struct{ SID string }
	if err := json.Unmarshal([]byte(body[1:]), &open); err != nil || open.SID == "" {
		t.Fatalf("%q: %v", body, err)
	}
	return url + "&sid=" + open.SID
}

// What breaks the protocol ends the session, over polling.
func TestServerRefusesPosts(t *testing.T) {
	for body, want := range map[string]string{
		"":                        "an empty message is no Engine.IO packet",
		"9":                       "unknown Engine.IO packet type '9'",
		"b***":                    "not valid base64",
		"4\xff":                   "not valid UTF-8",
		"2":                       "a ping from the client",
		"0{}":                     "a second open packet",
		"5":                       "an upgrade packet without a probe",
		"4":                       "type",
		"47":                      "type",
		`42["x"]`:                 "which the client has not connected to",
		"bAAAA":                   "belongs to no Socket.IO packet",
		"40\x1e40":                "a second CONNECT",
		"40\x1e42{}":              "event's name",
		`40` + "\x1e" + `44{}`:    "a CONNECT_ERROR from the client",
		"40\x1e42[\"connect\"]":   "No event may have the name",
		"40\x1e43[]":              "without the id",
		"40\x1e4511-[\"x\"]":      "11 attachments",
		"40\x1e451-[\"x\"]\x1e41": "are still to come",
		strings.Repeat("4", 3000): "at most 2000 are allowed",
	} {
		t.Run(want, func(t *testing.T) {
			m, addr := hosttest.New(t), hosttest.Free(t)
			p := socketio.NewServer()
			p.Listen, p.MaxPayload = addr, 2000
			end := m.Serve(t, p, 1)
			url := hello(t, addr)
			status, answer := request(t, "POST", url, body)
			if status != 400 && status != 413 {
				t.Errorf("status %d, %q", status, answer)
			}
			if status, answer := request(t, "GET", url, ""); status != 400 || answer != `{"code":1,"message":"Session ID unknown"}` {
				t.Errorf("the session goes on: %d, %q", status, answer)
			}
			if err := end(); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("the server tells: %v", err)
			}
		})
	}
}

// Requests that are none of a session.
func TestServerRefusesRequests(t *testing.T) {
	m, addr := hosttest.New(t), hosttest.Free(t)
	p := socketio.NewServer()
	p.Listen = addr
	end := m.Serve(t, p, 1)
	base := "http://" + addr
	for _, c := range []struct {
		method, path string
		status       int
		want         string
	}{
		{"GET", "/", 404, "no such page"},
		{"GET", "/socket.io/", 400, `{"code":5,"message":"Unsupported protocol version"}`},
		{"GET", "/socket.io/?EIO=3&transport=polling", 400, `{"code":5,`},
		{"GET", "/socket.io/?EIO=4&transport=carrier-pigeon", 400, `{"code":0,"message":"Transport unknown"}`},
		{"GET", "/socket.io/?EIO=4&transport=polling&sid=none", 400, `{"code":1,`},
		{"POST", "/socket.io/?EIO=4&transport=polling", 400, `{"code":2,"message":"Bad handshake method"}`},
		{"GET", "/socket.io?EIO=4&transport=polling", 200, `0{"sid":"`},
	} {
		if status, body := request(t, c.method, base+c.path, ""); status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%s %s: %d %q", c.method, c.path, status, body)
		}
	}
	url := hello(t, addr)
	if status, _ := request(t, "DELETE", url, ""); status != 400 {
		t.Errorf("DELETE: %d", status)
	}
	if status, body := request(t, "POST", url, "40"); status != 200 || body != "ok" {
		t.Errorf("POST: %d %q", status, body)
	}
	if status, body := request(t, "GET", url, ""); status != 200 || !strings.HasPrefix(body, `40{"sid":"`) {
		t.Errorf("poll: %d %q", status, body)
	}
	if status, body := request(t, "POST", url, "1"); status != 200 || body != "ok" {
		t.Errorf("close: %d %q", status, body)
	}
	if err := end(); err != nil {
		t.Error(err)
	}
}

// Two polls at once, of which that which comes later ends the session, and the
// other one with it.
func TestServerRefusesTwoPolls(t *testing.T) {
	m, addr := hosttest.New(t), hosttest.Free(t)
	p := socketio.NewServer()
	p.Listen = addr
	end := m.Serve(t, p, 1)
	url := hello(t, addr)
	answers := make(chan string)
	for range 2 {
		go func() {
			status, body := request(t, "GET", url, "")
			answers <- fmt.Sprintf("%d %.9s", status, body)
		}()
	}
	got := []string{<-answers, <-answers}
	slices.Sort(got)
	if !slices.Equal(got, []string{"200 1", `400 {"code":3`}) {
		t.Errorf("%q", got)
	}
	if err := end(); err == nil || !strings.Contains(err.Error(), "a poll while another one waits") {
		t.Error(err)
	}
}

// Over WebSocket the client is told, by code 1002.
func TestServerRefusesMessages(t *testing.T) {
	for message, want := range map[string]string{"x": "unknown Engine.IO packet type", "2": "a ping from the client", `42["x"]`: "has not connected to", "": "an empty message", "6\xff": ""} {
		m, addr := hosttest.New(t), hosttest.Free(t)
		p := socketio.NewServer()
		p.Listen = addr
		end := m.Serve(t, p, 1)
		w, err := websocket.Dial(m, addr, "/socket.io/?EIO=4&transport=websocket", &websocket.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, b, err := w.ReadMessage(); err != nil || !strings.HasPrefix(string(b), `0{"sid":"`) || !strings.Contains(string(b), `"upgrades":[]`) {
			t.Errorf("%q, %v", b, err)
		}
		if err := w.WriteMessage(websocket.Text, []byte(message)); err != nil {
			t.Error(err)
		}
		code := 1002
		if want == "" {
			code = 1007 // WebSocket's own rule
		}
		if _, _, err := w.ReadMessage(); err == nil || !strings.Contains(err.Error(), fmt.Sprint(code)) {
			t.Errorf("%q: %v", message, err)
		}
		if err := end(); want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: the server tells: %v", message, err)
		}
	}
}

// scripted is a server that answers each GET with the next of its bodies.
type scripted struct {
	listen string
	bodies []string
}

func (s scripted) Run(h host.Host) error {
	var f host.Failures
	next := 0
	host.ServeStreams(h, s.listen, &f, func(c net.Conn) error {
		return web.Serve(h, c, 0, func(req *http.Request) web.Answer {
			if req.Method == "POST" {
				return web.Answer{Status: 200, Body: web.Text([]byte("ok"))}
			}
			if next == len(s.bodies) {
				h.Sleep(time.Hour)
				return web.Answer{Status: 500}
			}
			next++
			return web.Answer{Status: 200, Body: web.Text([]byte(s.bodies[next-1]))}
		})
	})
	return f.Err("scripted")
}

func TestClientRefuses(t *testing.T) {
	open := `0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100000}`
	connected := open + "\x1e" + `40{"sid":"y"}`
	for _, c := range []struct {
		want   string
		bodies []string
	}{
		{"does not begin with an open packet", []string{"6"}},
		{"an empty message", []string{""}},
		{"without session id", []string{"0{}"}},
		{"without session id", []string{`0{"sid":"a b","pingInterval":1,"pingTimeout":1}`}},
		{"without session id", []string{"0["}},
		{"a second open packet", []string{open, open}},
		{"a pong from the server", []string{connected, "3"}},
		{"unknown Engine.IO packet type", []string{connected, "x"}},
		{"not valid base64", []string{connected, "b!"}},
		{"before its CONNECT", []string{open, `42["x"]`}},
		{"which nobody asked for", []string{connected, `42/other,["x"]`}},
		{"a second CONNECT", []string{connected, `40{"sid":"z"}`}},
		{"without a socket id", []string{open, "40"}},
		{"valid JSON", []string{connected, "42["}},
		{`the namespace /: "go away"`, []string{open, `44{"message":"go away"}`}},
		{"disconnected the client from the namespace /", []string{connected, "41"}},
		{"closed by the peer", []string{connected, "1"}},
		{"ping timeout", []string{strings.NewReplacer("25000", "30", "20000", "30").Replace(connected)}},
	} {
		m, addr := hosttest.New(t), hosttest.Free(t)
		m.Serve(t, scripted{addr, c.bodies}, 1)
		p := socketio.NewClient()
		p.To, p.Transport, p.Stay, p.Patience = addr, "polling", 5*time.Second, 100*time.Millisecond
		if err := p.Run(m); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %s", c.bodies, err, c.want)
		}
	}
}
