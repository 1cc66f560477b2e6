package websocket

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"strata/sim/host"
	web "strata/sim/http"
	"strata/sim/tls"
)

var errDeadline = os.ErrDeadlineExceeded

// Server takes WebSockets. To each it sends its own messages, and echoes what
// comes, both at once.
type Server struct {
	Listen       string       `yaml:"listen" doc:"Port to listen at."`
	Path         string       `yaml:"path" doc:"Where the WebSocket is (default: at every path)."`
	Subprotocols []string     `yaml:"subprotocols" max:"100" doc:"Subprotocols that it speaks, best first."`
	Origins      []string     `yaml:"origins" max:"100" doc:"Pages that may use it, like https://www.example (default: all)."`
	Echo         bool         `yaml:"echo" doc:"Send every message back."`
	TLS          *tls.Setting `yaml:"tls" doc:"Take connections that TLS protects (wss); {} will do."`
	Talk
	Max  int    `yaml:"max" range:"0..100000000" doc:"The most bytes that a message may have; a larger one ends the connection with code 1009."`
	Only string `yaml:"only" oneof:"text binary" doc:"The only kind of message that is taken; another ends the connection with code 1003."`
}

func (p *Server) Check() error {
	if p.Path != "" && !isPath(p.Path) {
		return host.Wrong(&p.Path, "path", fmt.Sprintf("%q is not a path; write /chat", p.Path))
	}
	for i := range p.Origins {
		if p.Origins[i] == "" || !isWord(p.Origins[i]) {
			return host.Wrong(&p.Origins[i], fmt.Sprintf("origins[%d]", i), fmt.Sprintf("%q is no origin; write https://www.example", p.Origins[i]))
		}
	}
	if err := checkNames(p.Subprotocols); err != nil {
		return err
	}
	if p.TLS != nil {
		if err := p.TLS.Check("tls"); err != nil {
			return err
		}
	}
	if err := p.check(); err != nil {
		return err
	}
	return host.CheckLocal(&p.Listen, "listen")
}

// idle is how long a connection may be silent before it asks for a WebSocket.
const idle = time.Minute

// Run serves until the host ends.
func (p *Server) Run(h host.Host) error {
	o := &Options{Subprotocols: p.Subprotocols, Origins: p.Origins, MaxMessage: p.Max}
	o.Only = map[string]byte{"text": Text, "binary": Binary}[p.Only]
	o.Deflate.On = p.Deflate
	f := &host.Failures{}
	host.ServeStreams(h, p.Listen, f, func(c net.Conn) error {
		c, err := tls.Wrap(h, c, p.TLS, true)
		if err != nil {
			return err
		}
		return web.Serve(h, c, idle, func(req *http.Request) web.Answer {
			if p.Path != "" && req.URL.Path != p.Path {
				return web.Answer{Status: http.StatusNotFound, Fields: []string{"Content-Type: text/plain"}, Body: web.Text([]byte("The WebSocket is not here.\n"))}
			}
			return Answer(h, req, o, func(w *Conn) error { return p.serve(h, w, f) })
		})
	})
	return f.Err("websocket server")
}

// serve sends the server's messages and takes the client's.
func (p *Server) serve(h host.Host, c *Conn, f *host.Failures) error {
	if len(p.Messages) > 0 {
		h.Go(func() {
			if err := p.send(h, c); !errors.Is(err, ErrClosing) {
				f.Add(err)
			}
		})
	}
	for {
		kind, message, err := c.ReadMessage()
		if err != nil {
			return unlessClosed(err)
		}
		if p.Echo {
			if err := c.WriteMessage(kind, message); err != nil {
				return err
			}
		}
	}
}

// unlessClosed is nil when the other side closed, and had nothing to complain
// of.
func unlessClosed(err error) error {
	var closed *CloseError
	if errors.As(err, &closed) && (closed.Code == Normal || closed.Code == GoingAway || closed.Code == NoStatus || closed.Code >= 3000) {
		return nil
	}
	return err
}

func pathOr(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// isWord says whether s can be a header's value, without spaces.
func isWord(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

func isPath(s string) bool { return strings.HasPrefix(s, "/") && isWord(s) }

// checkNames wants names of subprotocols: tokens (RFC 6455 section 4.1).
func checkNames(names []string) error {
	for i := range names {
		if names[i] == "" || !isWord(names[i]) || strings.ContainsAny(names[i], "()<>@,;:\\\"/[]?={}") {
			return host.Wrong(&names[i], fmt.Sprintf("subprotocols[%d]", i), fmt.Sprintf("%q is no subprotocol's name; write chat", names[i]))
		}
	}
	return nil
}
