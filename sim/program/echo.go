package program

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"strata/sim/host"
	"time"
)

// maxEcho bounds an echoed message, which both sides keep whole.
const maxEcho = 16_000_000

// EchoServer is the echo service (RFC 862), of whole messages.
type EchoServer struct {
	Listen  string `yaml:"listen" need:"true" doc:"Port to listen at, like :7."`
	Network string `yaml:"network" oneof:"tcp udp" doc:"What carries the messages: tcp (the default) or udp."`
	Size    int    `yaml:"size" range:"0..16000000" doc:"Bytes of a message; needed over TCP, whose streams do not keep messages apart."`
}

func (p *EchoServer) Check() error {
	if p.Network == "tcp" && p.Size == 0 {
		return host.Wrong(&p.Size, "size", "over TCP the server must know how long a message is: as many bytes as the client sends")
	}
	return host.CheckLocal(&p.Listen, "listen")
}

// Run echoes messages until the host ends.
func (p *EchoServer) Run(h host.Host) error {
	var f host.Failures
	if p.Network == "udp" {
		host.ServeDatagrams(h, p.Listen, &f, func(b []byte) []byte { return b })
	} else {
		host.ServeStreams(h, p.Listen, &f, func(c net.Conn) error { return p.echo(h, c) })
	}
	return f.Err("echo server")
}

func (p *EchoServer) echo(h host.Host, c net.Conn) error {
	buf := make([]byte, p.Size)
	for {
		if err := host.ReadMessage(h, c, buf); err != nil {
			return host.UnlessEnd(err)
		}
		h.Sending(c, len(buf), nil)
		if _, err := c.Write(buf); err != nil {
			return err
		}
	}
}

// EchoClient sends messages one after the other, each when the one before has
// come back.
type EchoClient struct {
	To       string        `yaml:"to" need:"true" doc:"Address and port of the echo server, like 10.0.2.2:7."`
	Network  string        `yaml:"network" oneof:"tcp udp" doc:"What carries the messages: tcp (the default) or udp."`
	Text     string        `yaml:"text" doc:"Text of a message; {n} in it becomes the message's number, from 1."`
	Size     int           `yaml:"size" range:"0..16000000" doc:"Bytes of a message: after the text, it is filled with a pattern that counts its bytes."`
	Count    int           `yaml:"count" range:"1..1000000" doc:"How many messages to send (default 1)."`
	Interval time.Duration `yaml:"interval" doc:"Time to wait between an echo and the next message."`
	Timeout  time.Duration `yaml:"timeout" doc:"How long to wait for an echo over UDP (default 5s); TCP itself says when it gives up."`
}

func (p *EchoClient) Check() error {
	switch m := host.Numbered(p.Text, p.Size, p.Count); {
	case m.Len() == 0:
		return host.Wrong(&p.Size, "size", "a message has at least 1 byte; give text or size")
	case p.Network == "udp" && m.Len() > host.MaxDatagram:
		return host.Wrong(&p.Size, "size", fmt.Sprintf("a datagram holds at most %d bytes", host.MaxDatagram))
	case m.Len() > maxEcho:
		return host.Wrong(&p.Text, "text", fmt.Sprintf("a message to echo has at most %d bytes", maxEcho))
	}
	return host.CheckRemote(&p.To, "to")
}

// Run has the messages echoed. Over UDP, those that did not come back are
// counted, and an error at the end.
func (p *EchoClient) Run(h host.Host) error {
	c, err := h.Dial(p.Network, p.To)
	if err != nil {
		return fmt.Errorf("echo client: %w", err)
	}
	defer c.Close()
	lost := 0
	for n := 1; n <= p.Count; n++ {
		if n > 1 && p.Interval > 0 {
			if err := h.Sleep(p.Interval); err != nil {
				return fmt.Errorf("echo client: before message %d: %w", n, err)
			}
		}
		m := host.Numbered(p.Text, p.Size, n)
		if p.Network == "udp" {
			err = p.overUDP(h, c, m)
		} else {
			err = p.overTCP(h, c, m)
		}
		if p.Network == "udp" && errors.Is(err, os.ErrDeadlineExceeded) {
			lost++
		} else if err != nil {
			return fmt.Errorf("echo client: message %d of %d: %w", n, p.Count, err)
		}
	}
	if lost > 0 {
		return fmt.Errorf("echo client: %d of %d messages to %s did not come back within %v", lost, p.Count, p.To, p.Timeout)
	}
	return nil
}

func (p *EchoClient) overTCP(h host.Host, c net.Conn, m host.Payload) error {
	if err := m.Write(h, c, host.MaxWrite); err != nil {
		return err
	}
	buf := make([]byte, m.Len())
	if err := host.ReadMessage(h, c, buf); err != nil {
		return host.TooSoon(err)
	}
	for off := 0; off < len(buf); off += host.MaxWrite {
		part := buf[off:min(off+host.MaxWrite, len(buf))]
		if !bytes.Equal(part, m.Part(off, len(part))) {
			return errors.New("what came back is not what was sent")
		}
	}
	return nil
}

// overUDP sends one datagram and waits for the same. Others are late echoes of
// earlier ones, or copies: they are passed over.
func (p *EchoClient) overUDP(h host.Host, c net.Conn, m host.Payload) error {
	sent := m.Part(0, m.Len())
	if _, err := c.Write(sent); err != nil {
		return err
	}
	if err := c.SetReadDeadline(h.Now().Add(p.Timeout)); err != nil {
		return err
	}
	buf := make([]byte, host.MaxDatagram)
	for {
		n, err := c.Read(buf)
		if err != nil || bytes.Equal(buf[:n], sent) {
			return err
		}
	}
}
