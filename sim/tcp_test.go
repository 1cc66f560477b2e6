package sim

import (
	"io"
	"testing"

	"strata/sim/program"
)

func TestTCPHello(t *testing.T) {
	var got []byte
	server := run(func(h program.Host) error {
		l, err := h.Listen("tcp", ":80")
		if err != nil {
			return err
		}
		c, err := l.Accept()
		if err != nil {
			return err
		}
		got, err = io.ReadAll(c)
		h.Got(c, len(got))
		c.Close()
		return err
	})
	client := run(func(h program.Host) error {
		c, err := h.Dial("tcp", "10.0.2.2:80")
		if err != nil {
			return err
		}
		h.Sending(c, 5000)
		c.Write(make([]byte, 5000))
		return c.Close()
	})
	l, _ := simulate(t, routed(Program{Node: "server", Name: "s", Run: server}, Program{Node: "client", Name: "c", Run: client}))
	t.Log("\n"+story(l), len(got))
}
