package http

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strata/sim/host"
)

// Server serves fixed pages over HTTP/1.1 (RFC 9112).
type Server struct {
	Listen string `yaml:"listen" doc:"Port to listen at (default :80)."`
	Pages  []Page `yaml:"pages" need:"true" max:"10000" doc:"The pages; for any other path the answer is 404."`
}

// Page is something that an Server serves.
type Page struct {
	Path  string `yaml:"path" need:"true" doc:"The page's path, like /index.html."`
	Type  string `yaml:"type" doc:"The Content-Type (default text/plain)."`
	Text  string `yaml:"text" doc:"The page's text."`
	Size  int    `yaml:"size" range:"0..1000000" doc:"Bytes of the page: after the text, it is filled with a pattern that counts its bytes."`
	Chunk int    `yaml:"chunk" range:"0..1000000" doc:"Send the page in chunks of that many bytes, instead of with its length."`
}

func (p *Server) Check() error {
	for i := range p.Pages {
		page := &p.Pages[i]
		name := fmt.Sprintf("pages[%d]", i)
		switch {
		case !isPath(page.Path):
			return host.Wrong(&page.Path, name+": path", fmt.Sprintf("%q is not a path; write /index.html", page.Path))
		case !isLine(page.Type):
			return host.Wrong(&page.Type, name+": type", fmt.Sprintf("%q is not a content type; write text/html", page.Type))
		case len(page.Text) > host.MaxWrite:
			return host.Wrong(&page.Text, name+": text", fmt.Sprintf("a page has at most %d bytes", host.MaxWrite))
		}
	}
	return host.CheckLocal(&p.Listen, "listen")
}

// Run serves until the host ends.
func (p *Server) Run(h host.Host) error {
	var f host.Failures
	host.ServeStreams(h, p.Listen, &f, func(c net.Conn) error { return p.serve(h, c) })
	return f.Err("http server")
}

// serve answers a connection's requests until either side has had enough.
func (p *Server) serve(h host.Host, c net.Conn) error {
	r := newHTTPReader(c)
	for {
		r.head()
		if _, err := r.Peek(1); err != nil {
			return host.UnlessEnd(err)
		}
		req, err := http.ReadRequest(r.Reader)
		if err != nil {
			return p.refuse(h, c, err)
		}
		// "100-continue": the client holds its body back until it is asked
		// for it (RFC 9110 section 10.1.1).
		if req.Header.Get("Expect") == "100-continue" && req.ProtoAtLeast(1, 1) {
			if err := sendHTTP(h, c, httpHead("HTTP/1.1 100 Continue"), nil); err != nil {
				return err
			}
		}
		r.body()
		if _, err := drain(req.Body); err != nil {
			return p.refuse(h, c, err)
		}
		r.whole(h)
		head, body, last := p.response(h, req)
		if err := sendHTTP(h, c, head, body); err != nil {
			return err
		}
		if last {
			// Not closed at once: what the client may still send would be
			// answered with a reset, and that could take away the response
			// (RFC 9112 section 9.6).
			return host.Finish(c)
		}
	}
}

// refuse answers what is no request, and ends the connection: where the next
// one would begin is unknown.
func (p *Server) refuse(h host.Host, c net.Conn, err error) error {
	if err == io.ErrUnexpectedEOF {
		return host.TooSoon(io.EOF)
	}
	head, body := p.answer(h, http.StatusBadRequest, Page{Text: "That is not an HTTP request.\n"}, true, true)
	if sendErr := sendHTTP(h, c, head, body); sendErr != nil {
		return sendErr
	}
	_ = host.Finish(c) // what is wrong is known already
	return fmt.Errorf("not an HTTP request: %w", err)
}

// response is the answer to a request.
func (p *Server) response(h host.Host, req *http.Request) (head []byte, body *httpBody, last bool) {
	last = req.Close || !req.ProtoAtLeast(1, 1)
	status, page := http.StatusOK, p.page(req.URL.Path)
	switch {
	case req.ProtoAtLeast(1, 1) && req.Host == "":
		// RFC 9112 section 3.2.
		status, page, last = http.StatusBadRequest, &Page{Text: "The Host header is missing.\n"}, true
	case req.Method != "GET" && req.Method != "HEAD" && req.Method != "POST":
		status, page = http.StatusNotImplemented, &Page{Text: "This server knows GET, HEAD and POST.\n"}
	case page == nil:
		status, page = http.StatusNotFound, &Page{Text: "There is no such page.\n"}
	}
	head, body = p.answer(h, status, *page, last, req.ProtoAtLeast(1, 1))
	if req.Method == "HEAD" {
		body = nil // the head alone, as for GET (RFC 9110 section 9.3.2)
	}
	return head, body, last
}

func (p *Server) page(path string) *Page {
	for i := range p.Pages {
		if p.Pages[i].Path == path {
			return &p.Pages[i]
		}
	}
	return nil
}

// answer is a response with a page. Chunks are for those who know them: not
// HTTP/1.0 (RFC 9112 section 6.1).
func (p *Server) answer(h host.Host, status int, page Page, last, chunks bool) ([]byte, *httpBody) {
	body := &httpBody{host.Payload{Text: page.Text, Size: page.Size}, page.Chunk}
	if !chunks {
		body.chunk = 0
	}
	typ, closing := page.Type, ""
	if typ == "" {
		typ = "text/plain"
	}
	if last {
		closing = "Connection: close"
	}
	return httpHead(fmt.Sprintf("HTTP/1.1 %d %s", status, http.StatusText(status)),
		"Date: "+h.Now().UTC().Format(http.TimeFormat), "Content-Type: "+typ, body.framing(), closing), body
}
