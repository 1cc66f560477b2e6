package http

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"strata/sim/host"
	"strata/sim/tls"
)

// Client makes HTTP/1.1 requests, each when the response to the one before has
// come, over one connection as long as the server keeps it.
type Client struct {
	To       string        `yaml:"to" need:"true" doc:"Address and port of the server, like 10.0.2.2:80."`
	Host     string        `yaml:"host" doc:"The Host header: the site's name, when it is not the address."`
	TLS      *tls.Setting  `yaml:"tls" doc:"Ask within a TLS session (https); {} is enough."`
	Headers  []string      `yaml:"headers" max:"100" doc:"More header fields for every request, like 'Accept-Language: de'."`
	Requests []Request     `yaml:"requests" max:"10000" doc:"What to ask for; one request for / if there are none."`
	Repeat   int           `yaml:"repeat" range:"1..10000" doc:"How often to make all the requests (default 1): polling, with an interval."`
	Interval time.Duration `yaml:"interval" doc:"Time to wait between a response and the next request."`
	Gzip     bool          `yaml:"gzip" doc:"Ask for bodies packed with gzip, and unpack them."`
	Close    bool          `yaml:"close" doc:"Use a new connection for every request."`

	// Responses are what came back, in the order of the requests.
	Responses []Response
}

// Request is an HTTP request.
type Request struct {
	Method string `yaml:"method" doc:"The method (default GET)."`
	Path   string `yaml:"path" doc:"What to ask for, like /index.html (default /)."`
	Text   string `yaml:"text" doc:"Text to send as the request's body."`
	Size   int    `yaml:"size" range:"0..1000000" doc:"Bytes of the body: after the text, it is filled with a pattern that counts its bytes."`
	Chunk  int    `yaml:"chunk" range:"0..1000000" doc:"Send the body in chunks of that many bytes, instead of with its length."`
}

// Response is what is known of an HTTP response.
type Response struct {
	Status int
	Bytes  int64 // of the body, unpacked
}

func (p *Client) Check() error {
	if p.Host != "" && (!isLine(p.Host) || strings.ContainsAny(p.Host, " /")) {
		return host.Wrong(&p.Host, "host", fmt.Sprintf("%q is not a host's name; write www.example", p.Host))
	}
	if p.TLS != nil {
		if err := p.TLS.Check("tls"); err != nil {
			return err
		}
	}
	for i := range p.Headers {
		if !isField(p.Headers[i]) {
			return host.Wrong(&p.Headers[i], fmt.Sprintf("headers[%d]", i), fmt.Sprintf("%q is not a header field; write 'Accept-Language: de'", p.Headers[i]))
		}
	}
	for i := range p.Requests {
		r := &p.Requests[i]
		name := fmt.Sprintf("requests[%d]", i)
		if r.Method != "" && !isToken(r.Method) {
			return host.Wrong(&r.Method, name+": method", fmt.Sprintf("%q is not a method; write GET", r.Method))
		}
		if r.Path != "" && !isPath(r.Path) {
			return host.Wrong(&r.Path, name+": path", fmt.Sprintf("%q is not a path; write /index.html", r.Path))
		}
		if len(r.Text) > host.MaxWrite {
			return host.Wrong(&r.Text, name+": text", fmt.Sprintf("a body has at most %d bytes", host.MaxWrite))
		}
	}
	return host.CheckRemote(&p.To, "to")
}

// Run makes the requests. A status that says no is no error of the client.
func (p *Client) Run(h host.Host) error {
	p.Responses = nil
	requests := p.Requests
	if len(requests) == 0 {
		requests = []Request{{}}
	}
	s := &session{host: h, dial: func() (net.Conn, error) { return dial(h, p.To, p.TLS) }}
	defer s.end()
	n := len(requests) * max(1, p.Repeat)
	for i := range n {
		if i > 0 && p.Interval > 0 {
			if err := h.Sleep(p.Interval); err != nil {
				return fmt.Errorf("http client: before request %d: %w", i+1, err)
			}
		}
		req := requests[i%len(requests)]
		resp, err := s.do(req.method(), p.message(req))
		if err != nil {
			return fmt.Errorf("http client: request %d of %d: %w", i+1, n, err)
		}
		b, err := Content(resp)
		if err != nil {
			return fmt.Errorf("http client: request %d of %d: %w", i+1, n, err)
		}
		p.Responses = append(p.Responses, Response{resp.StatusCode, int64(len(b))})
		if p.Close {
			s.end()
		}
	}
	return nil
}

// dial connects, and begins a TLS session when there is to be one.
func dial(h host.Host, to string, s *tls.Setting) (net.Conn, error) {
	c, err := h.Dial("tcp", to)
	if err != nil {
		return nil, err
	}
	session, err := tls.Wrap(h, c, s, false)
	if err != nil {
		c.Close()
	}
	return session, err
}

func (r Request) method() string {
	if r.Method == "" {
		return "GET"
	}
	return r.Method
}

// message is what a request looks like.
func (p *Client) message(req Request) *Message {
	path, name := req.Path, p.Host
	if path == "" {
		path = "/"
	}
	if name == "" {
		usual := ":80"
		if p.TLS != nil {
			usual = ":443"
		}
		name = strings.TrimSuffix(p.To, usual)
	}
	m := &Message{Start: req.method() + " " + path + " HTTP/1.1", Fields: []string{"Host: " + name, "User-Agent: strata", "Accept: */*"}}
	if p.Gzip {
		m.Fields = append(m.Fields, "Accept-Encoding: gzip")
	}
	m.Fields = append(m.Fields, p.Headers...)
	if p.Close {
		m.Fields = append(m.Fields, "Connection: close")
	}
	if b := (Body{host.Payload{Text: req.Text, Size: req.Size}, req.Chunk}); b.Len() > 0 {
		m.Body = &b
	}
	return m
}

// session makes requests over one connection as long as it lasts, then over
// another one.
type session struct {
	host host.Host
	dial func() (net.Conn, error)
	conn *Conn     // nil: none now
	used time.Time // when the last response had come
}

// do makes one request.
func (s *session) do(method string, m *Message) (*http.Response, error) {
	if s.conn != nil && s.host.Now().After(s.used) && s.conn.ended() {
		s.end()
	}
	kept := s.conn != nil
	resp, err := s.try(method, m)
	// A server may close a connection that was idle at any time. Asking again
	// on a new one is right if asking twice does no harm (RFC 9112 section 9.3.1).
	if kept && s.conn.closedFirst(err) && idempotent(method) {
		s.end()
		resp, err = s.try(method, m)
	}
	if err != nil || resp.Close {
		s.end()
	}
	s.used = s.host.Now()
	return resp, err
}

func (s *session) try(method string, m *Message) (*http.Response, error) {
	if s.conn == nil {
		c, err := s.dial()
		if err != nil {
			return nil, err
		}
		s.conn = NewConn(s.host, c)
	}
	return s.conn.Exchange(method, m)
}

func (s *session) end() {
	if s.conn != nil {
		s.conn.Close()
		s.conn = nil
	}
}

// idempotent says whether a request may be made twice (RFC 9110 section 9.2.2).
func idempotent(method string) bool {
	switch method {
	case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE":
		return true
	}
	return false
}
