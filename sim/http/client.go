package http

import (
	"fmt"
	"net"
	"net/http"
	"strata/sim/host"
	"strings"
	"time"
)

// Client makes HTTP/1.1 requests (RFC 9112), each when the response to the
// one before has come, over one connection as long as the server keeps it.
type Client struct {
	To       string        `yaml:"to" need:"true" doc:"Address and port of the server, like 10.0.2.2:80."`
	Host     string        `yaml:"host" doc:"The Host header: the site's name, when it is not the address."`
	Requests []Request     `yaml:"requests" max:"10000" doc:"What to ask for; one request for / if there are none."`
	Interval time.Duration `yaml:"interval" doc:"Time to wait between a response and the next request."`
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
	Bytes  int64 // of the body
}

func (p *Client) Check() error {
	if p.Host != "" && (!isLine(p.Host) || strings.ContainsAny(p.Host, " /")) {
		return host.Wrong(&p.Host, "host", fmt.Sprintf("%q is not a host's name; write www.example", p.Host))
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

// isPath says whether s can be a request's target.
func isPath(s string) bool {
	return strings.HasPrefix(s, "/") && isLine(s) && !strings.Contains(s, " ")
}

// Run makes the requests. A status that says no is no error of the client.
func (p *Client) Run(h host.Host) error {
	p.Responses = nil
	requests := p.Requests
	if len(requests) == 0 {
		requests = []Request{{}}
	}
	var r *httpReader
	defer func() {
		if r != nil {
			r.conn.Close()
		}
	}()
	for i, req := range requests {
		if i > 0 && p.Interval > 0 {
			if err := h.Sleep(p.Interval); err != nil {
				return fmt.Errorf("http client: before request %d: %w", i+1, err)
			}
		}
		if r == nil {
			c, err := h.Dial("tcp", p.To)
			if err != nil {
				return fmt.Errorf("http client: %w", err)
			}
			r = newHTTPReader(c)
		}
		last, err := p.exchange(h, r, req)
		if err != nil {
			return fmt.Errorf("http client: request %d of %d: %w", i+1, len(requests), err)
		}
		if last {
			r.conn.Close()
			r = nil
		}
	}
	return nil
}

// exchange makes one request and reads the response; last says that the
// connection is not to be used again.
func (p *Client) exchange(h host.Host, r *httpReader, req Request) (last bool, err error) {
	if req.Method == "" {
		req.Method = "GET"
	}
	if err := p.send(h, r.conn, req); err != nil {
		return true, err
	}
	for {
		r.head()
		if _, err := r.Peek(1); err != nil {
			return true, host.TooSoon(err)
		}
		resp, err := http.ReadResponse(r.Reader, &http.Request{Method: req.Method})
		if err != nil {
			return true, err
		}
		r.body()
		n, err := drain(resp.Body)
		if err != nil {
			return true, fmt.Errorf("after %d bytes of the body: %w", n, err)
		}
		r.whole(h)
		// A 1xx response comes before the one that counts (RFC 9110 section 15.2).
		if resp.StatusCode >= 200 {
			p.Responses = append(p.Responses, Response{resp.StatusCode, n})
			return p.Close || resp.Close, nil
		}
	}
}

func (p *Client) send(h host.Host, c net.Conn, req Request) error {
	path, name, closing, framing := req.Path, p.Host, "", ""
	if path == "" {
		path = "/"
	}
	if name == "" {
		name = strings.TrimSuffix(p.To, ":80")
	}
	if p.Close {
		closing = "Connection: close"
	}
	var body *httpBody
	if b := (httpBody{host.Payload{Text: req.Text, Size: req.Size}, req.Chunk}); b.Len() > 0 {
		body, framing = &b, b.framing()
	}
	head := httpHead(req.Method+" "+path+" HTTP/1.1", "Host: "+name, "User-Agent: strata", "Accept: */*", framing, closing)
	return sendHTTP(h, c, head, body)
}
