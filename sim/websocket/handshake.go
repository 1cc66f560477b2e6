package websocket

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"strata/layers"
	"strata/sim/host"
	web "strata/sim/http"
	"strata/sim/tls"
)

// DefaultMaxMessage is the most bytes that a message may have, unless the
// options say otherwise.
const DefaultMaxMessage = 4 << 20

// Options are what one side wants of a connection. The zero value is good.
type Options struct {
	TLS          *tls.Setting   // what protects a dialled connection; nil: nothing does
	Subprotocols []string       // client: what to ask for; server: what it speaks; best first
	Deflate      layers.Deflate // how to compress messages, if the other side can: On
	Headers      []string       // client: more header fields, like "Cookie: a=b"
	Host         string         // client: the Host header, when it is not the address
	Origin       string         // client: the page that asks, as a browser tells it
	Origins      []string       // server: the pages that may ask; nil: all (RFC 6455 section 10.2)
	MaxMessage   int            // bytes of a message; 0: DefaultMaxMessage
	Only         byte           // the only kind of message that is wanted: Text or Binary; 0: both
	CloseTimeout time.Duration  // 0: DefaultCloseTimeout
}

// Dial connects to a server at an address and asks it for a WebSocket.
func Dial(h host.Host, to, path string, o *Options) (*Conn, error) {
	c, err := h.Dial("tcp", to)
	if err != nil {
		return nil, err
	}
	if wrapped, err := tls.Wrap(h, c, o.TLS, false); err == nil {
		c = wrapped
	} else {
		c.Close()
		return nil, err
	}
	w, err := Open(h, c, strings.TrimSuffix(to, ":80"), path, o)
	if err != nil {
		c.Close()
	}
	return w, err
}

// Open asks for a WebSocket on a connection to a server of that name. It
// fails when the answer is not exactly as it must be (RFC 6455 section 4.1).
func Open(h host.Host, c net.Conn, name, path string, o *Options) (*Conn, error) {
	if o.Host != "" {
		name = o.Host
	}
	key := make([]byte, 0, 16)
	key = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(key, h.Rand().Uint64()), h.Rand().Uint64())
	text := base64.StdEncoding.EncodeToString(key)
	m := web.Message{Start: "GET " + path + " HTTP/1.1", Fields: []string{"Host: " + name, "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: " + text, "Sec-WebSocket-Version: 13"}}
	if o.Origin != "" {
		m.Fields = append(m.Fields, "Origin: "+o.Origin)
	}
	if len(o.Subprotocols) > 0 {
		m.Fields = append(m.Fields, "Sec-WebSocket-Protocol: "+strings.Join(o.Subprotocols, ", "))
	}
	if o.Deflate.On {
		m.Fields = append(m.Fields, "Sec-WebSocket-Extensions: "+parameters(o.Deflate))
	}
	m.Fields = append(m.Fields, o.Headers...)
	hc := web.NewConn(h, c)
	resp, err := hc.Exchange("GET", &m)
	if err != nil {
		return nil, err
	}
	w := newConn(h, c, hc.Rest(), false, o)
	return w, w.answered(resp, text, o)
}

// answered checks the server's answer to the handshake.
func (c *Conn) answered(resp *http.Response, key string, o *Options) error {
	accept := layers.WebSocketAcceptFor([]byte(key))
	protocol := resp.Header.Get("Sec-WebSocket-Protocol")
	switch {
	case resp.StatusCode != http.StatusSwitchingProtocols:
		return fmt.Errorf("the server does not change to WebSocket, it answers %s", resp.Status)
	case !strings.EqualFold(resp.Header.Get("Upgrade"), "websocket"):
		return fmt.Errorf("the server changes to %q, not to WebSocket", resp.Header.Get("Upgrade"))
	case !has(resp.Header, "Connection", "upgrade"):
		return fmt.Errorf("the server's answer does not say Connection: Upgrade")
	case resp.Header.Get("Sec-WebSocket-Accept") != string(accept[:]):
		return fmt.Errorf("the server's Sec-WebSocket-Accept is %q, not %s: it did not understand the request", resp.Header.Get("Sec-WebSocket-Accept"), accept)
	case len(resp.Header.Values("Sec-WebSocket-Protocol")) > 1, protocol != "" && !slices.Contains(o.Subprotocols, protocol):
		return fmt.Errorf("the server chose the subprotocol %q, which was not asked for", protocol)
	}
	var d layers.Deflate
	for _, value := range resp.Header.Values("Sec-WebSocket-Extensions") {
		for name, parameters := range layers.Extensions(value) {
			answer, ok := layers.ParseDeflate(parameters)
			if !o.Deflate.On || name != "permessage-deflate" || d.On || !ok || !fits(o.Deflate, answer) {
				return fmt.Errorf("the server chose the extension %s;%s, which was not asked for", name, parameters)
			}
			d = answer
		}
	}
	c.agreed(protocol, d)
	return nil
}

// Answer is a server's answer to a request: the connection goes to serve when
// it becomes a WebSocket; otherwise it says why it does not. The connection is
// closed when serve returns.
func Answer(h host.Host, req *http.Request, o *Options, serve func(*Conn) error) web.Answer {
	if a := refuse(req, o); a.Status != 0 {
		return a
	}
	return web.Answer{Take: func(c net.Conn, r *bufio.Reader) error {
		w, err := Accept(h, c, req, r, o)
		if err != nil {
			return err
		}
		return serve(w)
	}}
}

// Accept makes a WebSocket of a connection on which a request for it came, and
// answers the request. r has what was read of the connection after the
// request. When the request is not as it must be, it is answered, and that is
// an error.
func Accept(h host.Host, c net.Conn, req *http.Request, r *bufio.Reader, o *Options) (*Conn, error) {
	hc := web.NewConn(h, c)
	if a := refuse(req, o); a.Status != 0 {
		m := web.Message{Start: fmt.Sprintf("HTTP/1.1 %d %s", a.Status, http.StatusText(a.Status)), Fields: append(a.Fields, "Connection: close"), Body: a.Body}
		if err := hc.Send(&m); err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("a request for a WebSocket that is not as it must be: %s", strings.TrimSpace(a.Body.Text))
	}
	w := newConn(h, c, r, true, o)
	accept := layers.WebSocketAcceptFor([]byte(req.Header.Get("Sec-WebSocket-Key")))
	fields := []string{"Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: " + string(accept[:])}
	protocol := ""
	for _, p := range o.Subprotocols {
		if protocol == "" && has(req.Header, "Sec-WebSocket-Protocol", p) {
			protocol = p
			fields = append(fields, "Sec-WebSocket-Protocol: "+p)
		}
	}
	d := offered(req.Header, o.Deflate)
	if d.On {
		fields = append(fields, "Sec-WebSocket-Extensions: "+parameters(d))
	}
	w.agreed(protocol, d)
	return w, hc.Send(&web.Message{Start: "HTTP/1.1 101 Switching Protocols", Fields: fields})
}

// offered is what the server takes of what a client offers: the first offer
// that it can keep.
func offered(head http.Header, want layers.Deflate) layers.Deflate {
	if !want.On {
		return layers.Deflate{}
	}
	for _, value := range head.Values("Sec-WebSocket-Extensions") {
		for name, parameters := range layers.Extensions(value) {
			offer, ok := layers.ParseDeflate(parameters)
			if name != "permessage-deflate" || !ok {
				continue
			}
			if d, ok := accepts(offer, want); ok {
				return d
			}
		}
	}
	return layers.Deflate{}
}

// refuse is the answer to a request that does not become a WebSocket (RFC 6455
// section 4.2.1). Its status is 0 when nothing is wrong.
func refuse(req *http.Request, o *Options) web.Answer {
	no := func(status int, text string, fields ...string) web.Answer {
		return web.Answer{Status: status, Fields: append(fields, "Content-Type: text/plain"), Body: web.Text([]byte(text + "\n"))}
	}
	key, err := base64.StdEncoding.DecodeString(req.Header.Get("Sec-WebSocket-Key"))
	origin := req.Header.Get("Origin")
	switch {
	case !has(req.Header, "Upgrade", "websocket") || !has(req.Header, "Connection", "upgrade"):
		return no(http.StatusUpgradeRequired, "Here is a WebSocket: ask for it with Upgrade.", "Upgrade: websocket", "Connection: Upgrade")
	case req.Method != "GET" || !req.ProtoAtLeast(1, 1) || req.Host == "":
		return no(http.StatusBadRequest, "A WebSocket is asked for with GET, in HTTP/1.1, with a Host.")
	case !slices.Equal(req.Header.Values("Sec-WebSocket-Version"), []string{"13"}):
		return no(http.StatusUpgradeRequired, "The version of WebSocket here is 13.", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13")
	case err != nil || len(key) != 16 || len(req.Header.Values("Sec-WebSocket-Key")) != 1:
		return no(http.StatusBadRequest, "Sec-WebSocket-Key must be 16 bytes in base64.")
	case o.Origins != nil && origin != "" && !slices.Contains(o.Origins, origin):
		return no(http.StatusForbidden, "Pages from there may not use this WebSocket.")
	}
	return web.Answer{}
}

// has says whether a header field is a list with a token in it. Subprotocols
// differ by case, too, but none is known that does so only by case.
func has(head http.Header, name, token string) bool {
	for _, value := range head.Values(name) {
		for item := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.TrimSpace(item), token) {
				return true
			}
		}
	}
	return false
}

func itoa(n uint8) string { return strconv.Itoa(int(n)) }
