package socketio_test

import (
	"errors"
	"testing"
	"time"

	"strata/sim/host"
	"strata/sim/socketio"
	"strata/sim/tls"
)

// Each wrong setting is named, with its place.
func TestCheck(t *testing.T) {
	client := func(set func(*socketio.Client)) host.Program {
		c := socketio.NewClient()
		c.To = "10.0.0.1:80"
		set(c)
		return c
	}
	server := func(set func(*socketio.Server)) host.Program {
		s := socketio.NewServer()
		set(s)
		return s
	}
	emit := func(e socketio.Emit) host.Program {
		return client(func(c *socketio.Client) { c.Emits = []socketio.Emit{e} })
	}
	on := func(r socketio.Reaction) host.Program {
		return server(func(s *socketio.Server) { s.On = []socketio.Reaction{r} })
	}
	for _, c := range []struct {
		p    host.Program
		want string // the setting's name; empty: it is good
	}{
		{client(func(*socketio.Client) {}), ""}, {server(func(*socketio.Server) {}), ""},
		{client(func(c *socketio.Client) { c.To = "server" }), "to"},
		{client(func(c *socketio.Client) { c.Host = "a b" }), "host"},
		{client(func(c *socketio.Client) { c.Path = "/a?b" }), "path"},
		{client(func(c *socketio.Client) { c.Namespaces = []string{"/", "chat"} }), "namespaces[1]"},
		{client(func(c *socketio.Client) { c.Namespaces = []string{"/a,b"} }), "namespaces[0]"},
		{client(func(c *socketio.Client) { c.Reconnect, c.ReconnectMin = true, time.Minute }), "reconnect_delay"},
		{client(func(c *socketio.Client) { c.TLS = &tls.Setting{ServerName: "a b"} }), "tls: server_name"},
		{client(func(c *socketio.Client) { c.On = []socketio.Reaction{{Event: "x", Join: "room"}} }), "on[0]"},
		{client(func(c *socketio.Client) { c.On = []socketio.Reaction{{Event: "connect", Emit: "x"}} }), "on[0]: event"},
		{emit(socketio.Emit{Event: "x", Data: `["a", 1]`, Count: 3, Every: 1}), ""},
		{emit(socketio.Emit{}), "emits[0]: event"},
		{emit(socketio.Emit{Event: "disconnect"}), "emits[0]: event"},
		{emit(socketio.Emit{Event: "x", Data: `{"a": 1}`}), "emits[0]: data"},
		{emit(socketio.Emit{Event: "x", Data: `[{n}]`}), ""},
		{emit(socketio.Emit{Event: "x", Namespace: "/chat"}), "emits[0]: namespace"},
		{emit(socketio.Emit{Event: "x", Count: 2}), "emits[0]: every"},
		{emit(socketio.Emit{Event: "x", Room: "kitchen"}), "emits[0]: room"},
		{on(socketio.Reaction{Event: "connect", Emit: "welcome"}), ""},
		{on(socketio.Reaction{Event: "*", Ack: "same", Emit: "x", Whom: "others", Room: "{0}"}), ""},
		{on(socketio.Reaction{Event: "x", Ack: "yes"}), "on[0]: ack"},
		{on(socketio.Reaction{Event: "x", Emit: "connect"}), "on[0]: emit"},
		{server(func(s *socketio.Server) { s.Listen = "80" }), "listen"},
		{server(func(s *socketio.Server) { s.PingInterval = 0 }), "ping_interval"},
		{server(func(s *socketio.Server) { s.PingTimeout = -1 }), "ping_timeout"},
		{server(func(s *socketio.Server) { s.Emits = []socketio.Emit{{Event: "x", Data: "["}} }), "emits[0]: data"},
	} {
		err := host.Check(c.p)
		var wrong *host.SettingError
		if c.want == "" && err != nil || c.want != "" && (!errors.As(err, &wrong) || wrong.Name != c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}
