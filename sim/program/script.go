package program

import (
	"errors"
	"fmt"
	"net"
	"reflect"
	"strata/sim/host"
	"time"
)

// Script does with one TCP connection what its steps say, for scenarios about
// the connection itself: half-closed, aborted, read late.
type Script struct {
	Steps []Step `yaml:"steps" need:"true" max:"1000" doc:"What to do, in order; a connection still open after the last step is closed."`
}

// Step is one thing that a script does: exactly one of its fields is set.
type Step struct {
	Listen     string        `yaml:"listen" doc:"Begin to wait for connections at a port, like :80."`
	Accept     bool          `yaml:"accept" doc:"Take the next connection that has come in."`
	Dial       string        `yaml:"dial" doc:"Open a connection to an address and port, like 10.0.2.2:80."`
	Write      string        `yaml:"write" doc:"Send a text, as one message, in one write."`
	WriteSize  int           `yaml:"write_size" range:"0..1000000" doc:"Send one message of that many bytes, in one write."`
	Read       int           `yaml:"read" range:"0..1000000" doc:"Read once: whatever has come, up to that many bytes."`
	Got        int           `yaml:"got" range:"0..1000000" doc:"Take that many of the bytes read for the next message."`
	Receive    int           `yaml:"receive" range:"0..1000000" doc:"Read until that many bytes have come, and take them for one message."`
	ReadEnd    bool          `yaml:"read_end" doc:"Read once and find that the peer sends no more."`
	Sleep      time.Duration `yaml:"sleep" doc:"Wait."`
	CloseWrite bool          `yaml:"close_write" doc:"Say that no more will be sent (FIN), and stay able to read."`
	Close      bool          `yaml:"close" doc:"Close the connection."`
	Abort      bool          `yaml:"abort" doc:"Drop the connection at once (RST), with all that is not sent or not read."`
}

// action is the name of the field that is set; "" when it is not exactly one.
func (s *Step) action() string {
	name := ""
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		if !v.Field(i).IsZero() {
			if name != "" {
				return ""
			}
			name = v.Type().Field(i).Tag.Get("yaml")
		}
	}
	return name
}

func (p *Script) Check() error {
	listening, connected := false, false
	for i := range p.Steps {
		s := &p.Steps[i]
		name := fmt.Sprintf("step %d", i+1)
		switch do := s.action(); do {
		case "":
			return host.Wrong(s, name, "a step does exactly one thing, like {write: hello}")
		case "listen":
			if listening {
				return host.Wrong(&s.Listen, name, "a script listens once")
			}
			if err := host.CheckLocal(&s.Listen, name+": listen"); err != nil {
				return err
			}
			listening = true
		case "accept":
			if !listening {
				return host.Wrong(&s.Accept, name, "nothing can be accepted before a step that listens")
			}
			if connected {
				return host.Wrong(&s.Accept, name, "there is a connection already; close it first")
			}
			connected = true
		case "dial":
			if connected {
				return host.Wrong(&s.Dial, name, "there is a connection already; close it first")
			}
			if err := host.CheckRemote(&s.Dial, name+": dial"); err != nil {
				return err
			}
			connected = true
		case "sleep":
		default:
			if !connected {
				return host.Wrong(s, name, do+" needs a connection; dial or accept first")
			}
			connected = do != "close" && do != "abort"
		}
	}
	return nil
}

// Run does the steps until one fails.
func (p *Script) Run(h host.Host) error {
	r := scriptRun{h: h}
	defer r.closeAll()
	for i := range p.Steps {
		if err := r.do(&p.Steps[i]); err != nil {
			return fmt.Errorf("script: step %d, %s: %w", i+1, p.Steps[i].action(), err)
		}
	}
	return nil
}

// scriptRun is a script at work.
type scriptRun struct {
	h host.Host
	l net.Listener
	c net.Conn
}

func (r *scriptRun) closeAll() {
	if r.l != nil {
		r.l.Close()
	}
	if r.c != nil {
		r.c.Close()
	}
}

func (r *scriptRun) do(s *Step) (err error) {
	switch s.action() {
	case "listen":
		r.l, err = r.h.Listen("tcp", s.Listen)
	case "accept":
		r.c, err = r.l.Accept()
	case "dial":
		r.c, err = r.h.Dial("tcp", s.Dial)
	case "write", "write_size":
		err = host.Payload{Text: s.Write, Size: s.WriteSize}.Write(r.h, r.c, host.MaxWrite)
	case "read":
		_, err = r.c.Read(make([]byte, s.Read))
		err = host.TooSoon(err)
	case "got":
		r.h.Got(r.c, s.Got, nil)
	case "receive":
		err = host.TooSoon(host.ReadMessage(r.h, r.c, make([]byte, s.Receive)))
	case "read_end":
		err = readEnd(r.c)
	case "sleep":
		err = r.h.Sleep(s.Sleep)
	case "close_write":
		err = r.c.(host.Stream).CloseWrite()
	case "close":
		err = r.c.Close()
	case "abort":
		if err = r.c.(host.Stream).SetLinger(0); err == nil {
			err = r.c.Close()
		}
	}
	return err
}

// readEnd reads the end of a stream.
func readEnd(c net.Conn) error {
	if n, err := c.Read(make([]byte, 1)); n == 0 {
		return host.UnlessEnd(err)
	}
	return errors.New("there is still something to read")
}
