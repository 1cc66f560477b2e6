package http

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"strata/sim/host"
)

// Page is something that a Server serves.
type Page struct {
	Path    string        `yaml:"path" need:"true" doc:"The page's path, like /index.html."`
	Type    string        `yaml:"type" doc:"The Content-Type (default text/plain)."`
	Text    string        `yaml:"text" doc:"The page's text."`
	Size    int           `yaml:"size" range:"0..1000000" doc:"Bytes of the page: after the text, it is filled with a pattern that counts its bytes."`
	Chunk   int           `yaml:"chunk" range:"0..1000000" doc:"Send the page in chunks of that many bytes, instead of with its length."`
	Gzip    bool          `yaml:"gzip" doc:"Pack the page with gzip for those who can unpack it."`
	Mailbox bool          `yaml:"mailbox" doc:"A mailbox instead of a page: each GET takes the oldest message of those that were sent there with POST; 204 while there is none."`
	Wait    time.Duration `yaml:"wait" doc:"Mailbox: how long a GET is held while there is no message (long polling; default 0s, answered at once)."`
}

func (p *Page) check(name string) error {
	switch {
	case !isPath(p.Path):
		return host.Wrong(&p.Path, name+": path", fmt.Sprintf("%q is not a path; write /index.html", p.Path))
	case !isLine(p.Type):
		return host.Wrong(&p.Type, name+": type", fmt.Sprintf("%q is not a content type; write text/html", p.Type))
	case len(p.Text) > host.MaxWrite:
		return host.Wrong(&p.Text, name+": text", fmt.Sprintf("a page has at most %d bytes", host.MaxWrite))
	case p.Wait != 0 && !p.Mailbox:
		return host.Wrong(&p.Wait, name+": wait", "only a mailbox can make a request wait; write mailbox: true, too")
	case p.Mailbox && (p.Text != "" || p.Size > 0):
		return host.Wrong(&p.Mailbox, name+": mailbox", "a mailbox has no text of its own; delete text and size")
	}
	return nil
}

// Site is what a server serves: pages, and mailboxes with what is in them.
type Site struct {
	host  host.Host
	pages map[string]*Page
	mu    sync.Mutex
	boxes map[string]*mailbox
}

// NewSite makes a site of pages. Of several with one path, the first counts.
func NewSite(h host.Host, pages []Page) *Site {
	s := &Site{host: h, pages: map[string]*Page{}, boxes: map[string]*mailbox{}}
	for i := range pages {
		p := &pages[i]
		if s.pages[p.Path] != nil {
			continue
		}
		s.pages[p.Path] = p
		if p.Mailbox {
			s.boxes[p.Path] = &mailbox{}
		}
	}
	return s
}

// Answer is a Handler.
func (s *Site) Answer(req *http.Request) Answer {
	page := s.pages[req.URL.Path]
	switch {
	case req.Method != "GET" && req.Method != "HEAD" && req.Method != "POST":
		return plain(http.StatusNotImplemented, "This server knows GET, HEAD and POST.\n")
	case page == nil:
		return plain(http.StatusNotFound, "There is no such page.\n")
	case page.Mailbox && req.Method == "POST":
		return s.post(req)
	case page.Mailbox && req.Method == "GET":
		return s.take(page)
	}
	a := Answer{Status: http.StatusOK, Fields: []string{"Content-Type: " + page.contentType()}}
	a.Body = &Body{host.Payload{Text: page.Text, Size: page.Size}, page.Chunk}
	if page.Gzip {
		// Caches must know what the answer depends on (RFC 9110 section 12.5.5).
		a.Fields = append(a.Fields, "Vary: Accept-Encoding")
		if takesGzip(req) {
			a.Fields = append(a.Fields, "Content-Encoding: gzip")
			a.Body = a.Body.packed()
		}
	}
	return a
}

func (p *Page) contentType() string {
	if p.Type == "" {
		return "text/plain"
	}
	return p.Type
}

// mailbox holds messages until somebody asks for them.
type mailbox struct {
	messages [][]byte
	waiting  []host.Signal // who asked first comes first
}

// maxMessages is how many messages a mailbox holds.
const maxMessages = 1000

// post puts the request's body into a mailbox.
func (s *Site) post(req *http.Request) Answer {
	b, err := io.ReadAll(req.Body)
	if err != nil {
		return plain(http.StatusBadRequest, "That body cannot be read.\n")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	box := s.boxes[req.URL.Path]
	if len(box.messages) == maxMessages {
		return plain(http.StatusServiceUnavailable, "The mailbox is full.\n")
	}
	box.messages = append(box.messages, b)
	if len(box.waiting) > 0 {
		box.waiting[0].Notify()
		box.waiting = box.waiting[1:]
	}
	return Answer{Status: http.StatusNoContent}
}

// take answers with a mailbox's oldest message, for which the client may have
// to wait.
func (s *Site) take(page *Page) Answer {
	box, until := s.boxes[page.Path], s.host.Now().Add(page.Wait)
	for late := page.Wait == 0; ; {
		message, signal := s.oldest(box, late)
		if message != nil {
			return Answer{Status: http.StatusOK, Fields: []string{"Content-Type: " + page.contentType()}, Body: Text(*message)}
		}
		if late {
			return Answer{Status: http.StatusNoContent}
		}
		late = signal.Wait(until) != nil
		s.leave(box, signal)
	}
}

// oldest takes the oldest message out of a mailbox; when there is none, and it
// is not too late to wait, the result is what will tell of one.
func (s *Site) oldest(box *mailbox, late bool) (*[]byte, host.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(box.messages) > 0 {
		message := box.messages[0]
		box.messages = box.messages[1:]
		return &message, nil
	}
	if late {
		return nil, nil
	}
	signal := s.host.Signal()
	box.waiting = append(box.waiting, signal)
	return nil, signal
}

// leave gives up a place among those who wait.
func (s *Site) leave(box *mailbox, signal host.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	box.waiting = slices.DeleteFunc(box.waiting, func(w host.Signal) bool { return w == signal })
}
