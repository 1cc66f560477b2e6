package program

import (
	"fmt"
	"io"
	"net"
	"strata/sim/host"
	"time"
)

// Sender sends messages: a bulk transfer is one large message over TCP.
type Sender struct {
	To       string        `yaml:"to" need:"true" doc:"Address and port to send to, like 10.0.2.2:9000."`
	Network  string        `yaml:"network" oneof:"tcp udp" doc:"What carries the messages: tcp (the default) or udp."`
	Text     string        `yaml:"text" doc:"Text of a message; {n} in it becomes the message's number, from 1."`
	Size     int           `yaml:"size" range:"0..1000000000" doc:"Bytes of a message: after the text, it is filled with a pattern that counts its bytes."`
	Count    int           `yaml:"count" range:"1..1000000" doc:"How many messages to send (default 1)."`
	Interval time.Duration `yaml:"interval" doc:"Time to wait between two messages."`
	Write    int           `yaml:"write" range:"1..1000000" doc:"Bytes to hand to TCP in one write, at most (default 65536)."`
}

func (p *Sender) Check() error {
	m := host.Numbered(p.Text, p.Size, p.Count)
	if m.Len() == 0 && p.Network == "tcp" {
		return host.Wrong(&p.Size, "size", "a message over TCP has at least 1 byte; give text or size")
	}
	if m.Len() > host.MaxDatagram && p.Network == "udp" {
		return host.Wrong(&p.Size, "size", fmt.Sprintf("a datagram holds at most %d bytes", host.MaxDatagram))
	}
	return host.CheckRemote(&p.To, "to")
}

// Run sends the messages. Over TCP it returns when the receiver has closed its
// side too.
func (p *Sender) Run(h host.Host) error {
	c, err := h.Dial(p.Network, p.To)
	if err != nil {
		return fmt.Errorf("sender: %w", err)
	}
	defer c.Close()
	for n := 1; n <= p.Count; n++ {
		if n > 1 && p.Interval > 0 {
			if err := h.Sleep(p.Interval); err != nil {
				return fmt.Errorf("sender: before message %d: %w", n, err)
			}
		}
		m := host.Numbered(p.Text, p.Size, n)
		if p.Network == "udp" {
			_, err = c.Write(m.Part(0, m.Len()))
		} else {
			err = m.Write(h, c, p.Write)
		}
		if err != nil {
			return fmt.Errorf("sender: message %d of %d: %w", n, p.Count, err)
		}
	}
	if p.Network == "udp" {
		return nil
	}
	if err := host.Finish(c); err != nil {
		return fmt.Errorf("sender: after the last message: %w", err)
	}
	return nil
}

// Receiver takes messages and drops them.
type Receiver struct {
	Listen  string `yaml:"listen" need:"true" doc:"Port to listen at, like :9000."`
	Network string `yaml:"network" oneof:"tcp udp" doc:"What carries the messages: tcp (the default) or udp."`
	Size    int    `yaml:"size" range:"0..1000000000" doc:"Bytes of a message over TCP, whose streams do not keep messages apart; 0: all that a connection carries is one message."`
}

func (p *Receiver) Check() error { return host.CheckLocal(&p.Listen, "listen") }

// Run takes messages until the host ends.
func (p *Receiver) Run(h host.Host) error {
	var f host.Failures
	if p.Network == "udp" {
		host.ServeDatagrams(h, p.Listen, &f, func([]byte) []byte { return nil })
	} else {
		host.ServeStreams(h, p.Listen, &f, func(c net.Conn) error { return p.receive(h, c) })
	}
	return f.Err("receiver")
}

// receive reads a connection's messages to its end. No message is kept: of a
// large one, only a part is in memory.
func (p *Receiver) receive(h host.Host, c net.Conn) error {
	buf := make([]byte, 65536)
	got := 0 // bytes of a message that is not whole yet
	for {
		want := len(buf)
		if p.Size > 0 {
			want = min(want, p.Size-got)
		}
		n, err := c.Read(buf[:want])
		got += n
		if got > 0 && (got == p.Size || p.Size == 0 && err == io.EOF) {
			h.Got(c, got, nil)
			got = 0
		}
		switch {
		case err == io.EOF && got > 0:
			return fmt.Errorf("the stream ended after %d of the message's %d bytes: %w", got, p.Size, io.ErrUnexpectedEOF)
		case err != nil:
			return host.UnlessEnd(err)
		}
	}
}
