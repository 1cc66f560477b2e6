package websocket

import (
	"errors"
	"fmt"
	"sync"
	"time"
	"unicode/utf8"

	"strata/layers"
	"strata/sim/host"
	"strata/sim/tls"
)

// Message is something to send.
type Message struct {
	Text     string `yaml:"text" doc:"The message; {n} in it becomes its number."`
	Size     int    `yaml:"size" range:"0..1000000" doc:"Bytes of the message: after the text, it is filled with a pattern that counts its bytes."`
	Binary   bool   `yaml:"binary" doc:"Send it as bytes, not as text."`
	Fragment int    `yaml:"fragment" range:"0..1000000" doc:"Send it in fragments of that many bytes."`
}

// Talk is what a program says over its connections.
type Talk struct {
	Messages []Message     `yaml:"messages" max:"10000" doc:"What to send, unasked."`
	Repeat   int           `yaml:"repeat" range:"1..100000" doc:"How often to send all the messages (default 1)."`
	Interval time.Duration `yaml:"interval" doc:"Time to wait between two messages."`
	Deflate  bool          `yaml:"deflate" doc:"Compress messages, if the other side can (permessage-deflate)."`
}

func (t *Talk) check() error {
	for i := range t.Messages {
		m := &t.Messages[i]
		name := fmt.Sprintf("messages[%d]", i)
		if len(m.Text) > host.MaxWrite {
			return host.Wrong(&m.Text, name+": text", fmt.Sprintf("a message has at most %d bytes", host.MaxWrite))
		}
		if !m.Binary && !utf8.ValidString(m.Text) {
			return host.Wrong(&m.Text, name+": text", "a text must be UTF-8; write binary: true for bytes")
		}
	}
	return nil
}

// send sends the messages.
func (t *Talk) send(h host.Host, c *Conn) error {
	for n := range len(t.Messages) * max(1, t.Repeat) {
		if n > 0 && t.Interval > 0 {
			if err := h.Sleep(t.Interval); err != nil {
				return err
			}
		}
		m := t.Messages[n%len(t.Messages)]
		kind := byte(Text)
		if m.Binary {
			kind = Binary
		}
		payload := host.Numbered(m.Text, m.Size, n+1)
		if err := c.WriteFragments(kind, payload.Part(0, payload.Len()), m.Fragment); err != nil {
			return fmt.Errorf("message %d: %w", n+1, err)
		}
	}
	return nil
}

// Client opens a WebSocket, sends messages while it takes what comes, and
// closes.
type Client struct {
	To           string       `yaml:"to" need:"true" doc:"Address and port of the server, like 10.0.2.2:80."`
	Path         string       `yaml:"path" doc:"What to ask the server for (default /)."`
	Host         string       `yaml:"host" doc:"The Host header: the site's name, when it is not the address."`
	Origin       string       `yaml:"origin" doc:"The page that asks, as a browser would tell it, like https://www.example."`
	Subprotocols []string     `yaml:"subprotocols" max:"100" doc:"Subprotocols to ask for, best first."`
	TLS          *tls.Setting `yaml:"tls" doc:"Protect the connection with TLS (wss); {} will do."`
	Talk
	Ping    time.Duration `yaml:"ping" doc:"Ping the server at this interval while waiting."`
	Expect  int           `yaml:"expect" range:"0..1000000" doc:"How many messages to wait for before closing."`
	Timeout time.Duration `yaml:"timeout" doc:"How long to wait for them after the last message was sent."`
	Code    int           `yaml:"code" range:"1000..4999" doc:"The code to close with (default 1000)."`
	Reason  string        `yaml:"reason" doc:"The reason to close with."`

	// Received are the messages that came.
	Received [][]byte
}

func (p *Client) Check() error {
	if p.Path != "" && !isPath(p.Path) {
		return host.Wrong(&p.Path, "path", fmt.Sprintf("%q is not a path; write /chat", p.Path))
	}
	for name, text := range map[string]*string{"host": &p.Host, "origin": &p.Origin} {
		if !isWord(*text) {
			return host.Wrong(text, name, fmt.Sprintf("%q cannot stand in a header; write www.example", *text))
		}
	}
	if p.Code != 0 && !layers.WebSocketCloseCode(uint16(p.Code)) {
		return host.Wrong(&p.Code, "code", fmt.Sprintf("%d may not be sent; write 1000, or one from 3000 to 4999", p.Code))
	}
	if len(p.Reason) > maxControl-2 || !utf8.ValidString(p.Reason) {
		return host.Wrong(&p.Reason, "reason", fmt.Sprintf("a reason has at most %d bytes of UTF-8", maxControl-2))
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
	return host.CheckRemote(&p.To, "to")
}

// Run opens the connection, talks, and closes it.
func (p *Client) Run(h host.Host) error {
	p.Received = nil
	c, err := Dial(h, p.To, pathOr(p.Path), &Options{Host: p.Host, Origin: p.Origin, Subprotocols: p.Subprotocols, Deflate: offer(p.Deflate), TLS: p.TLS})
	if err != nil {
		return fmt.Errorf("websocket client: %w", err)
	}
	r := reader{conn: c, came: h.Signal()}
	h.Go(r.run)
	if err = p.talk(h, c, &r); err == nil {
		code := p.Code
		if code == 0 {
			code = Normal
		}
		err = c.Close(uint16(code), p.Reason)
	} else {
		c.Abort()
	}
	p.Received = r.all()
	if err != nil {
		return fmt.Errorf("websocket client: %w", err)
	}
	return nil
}

// talk sends the messages and waits for those that are expected.
func (p *Client) talk(h host.Host, c *Conn, r *reader) error {
	sendErr := p.send(h, c)
	until := h.Now().Add(p.Timeout)
	for {
		n, err := r.state()
		switch {
		case err != nil: // why it ended tells more than that nothing could be sent
			return fmt.Errorf("after %d messages: %w", n, err)
		case sendErr != nil:
			return sendErr
		case n >= p.Expect:
			return nil
		}
		next := until
		if p.Ping > 0 {
			if ping := h.Now().Add(p.Ping); ping.Before(until) {
				next = ping
			}
		}
		err = r.came.Wait(next)
		switch {
		case err == nil:
		case !errors.Is(err, errDeadline):
			return err
		case next.Equal(until):
			return fmt.Errorf("%d of %d messages came within %v", n, p.Expect, p.Timeout)
		default:
			if err := c.Ping(nil); err != nil {
				return err
			}
		}
	}
}

// reader is the branch of a client that takes what comes.
type reader struct {
	conn *Conn
	came host.Signal

	mu       sync.Mutex
	messages [][]byte
	err      error
}

func (r *reader) run() {
	for {
		_, message, err := r.conn.ReadMessage()
		r.mu.Lock()
		if r.err = err; err == nil {
			r.messages = append(r.messages, message)
		}
		r.mu.Unlock()
		r.came.Notify()
		if err != nil {
			return
		}
	}
}

func (r *reader) state() (n int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.messages), r.err
}

func (r *reader) all() [][]byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.messages
}

// offer offers all that a client can do.
func offer(deflate bool) layers.Deflate {
	if !deflate {
		return layers.Deflate{}
	}
	return layers.Deflate{On: true, ClientWindowBits: layers.AnyWindow}
}
