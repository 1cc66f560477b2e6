package mqtt

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"strata/sim/host"
	"strata/sim/host/hosttest"
)

// What a broker does wrong ends the connection, and the client tells why, to
// the broker as well.
func TestClientTellsReasons(t *testing.T) {
	body := func(first byte, s string) string { return string(append(appendVariable([]byte{first}, len(s)), s...)) }
	for _, c := range []struct {
		in     string
		reason Reason
		told   bool
	}{
		{"\x30\xff\xff\xff\x7f", PacketTooLarge, true},
		{"\x30\xff\xff\xff\xff\x01", MalformedPacket, true},
		{body(0x30, "\x00\x01\xff\x00"), MalformedPacket, true},
		{body(0x30, "\x00\x01+\x00"), TopicNameInvalid, true},
		{body(0x30, "\x00\x01a\x03\x23\x00\x01"), TopicAliasInvalid, true}, // it did not ask for aliases
		{string(Append(nil, connack, V5)), ProtocolError, true},
		{"\xc0\x00", ProtocolError, true},
		{body(0xe0, "\x98"), Reason(0x98), false},
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		m := hosttest.New(t)
		p := NewClient()
		p.To, p.Version, p.Subscribe = l.Addr().String(), "5", []Subscribe{{Filter: "#"}}
		done := make(chan error, 1)
		m.Go(func() { done <- p.Run(m) })
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(time.Minute))
		broker := &peer{t, conn, V5}
		if got, _, err := Read(conn, 0, 1000); err != nil || got.Connect == nil || got.Connect.KeepAlive != 60 {
			t.Fatalf("%+v, %v", got, err)
		}
		broker.send(connack)
		broker.want(subscribeTo(0, "#"))
		broker.raw(c.in)
		if c.told {
			broker.want(&Packet{Type: DISCONNECT, Reason: c.reason})
		}
		conn.Close()
		var e *Error
		if err := <-done; !errors.As(err, &e) || e.Reason != c.reason {
			t.Errorf("%x: %v", c.in, err)
		}
		l.Close()
	}
}

// A broker's no ends a client; settings that cannot be are told.
func TestClientIsRefused(t *testing.T) {
	b, _ := serveBroker(t, nil)
	m := hosttest.New(t)
	p := NewClient()
	p.To, p.Version, p.Subscribe = b.Listen, "5", []Subscribe{{Filter: strings.Repeat("/", 300)}}
	if err := p.Run(m); err == nil || !strings.Contains(err.Error(), "Quota exceeded") {
		t.Errorf("%v", err)
	}
}

func TestSettings(t *testing.T) {
	for _, c := range []struct {
		change func(*Client)
		want   string
	}{
		{func(c *Client) {}, ""},
		{func(c *Client) { c.To = "broker" }, "to"},
		{func(c *Client) { c.Clean = false }, "id"},
		{func(c *Client) { c.KeepAlive = time.Millisecond }, "keep_alive"},
		{func(c *Client) { c.Expiry = time.Minute }, "expiry"},
		{func(c *Client) { c.Aliases = true }, "topic_aliases"},
		{func(c *Client) { c.WillTopic = "a/#" }, "will_topic"},
		{func(c *Client) { c.WillText = "bye" }, "will_text"},
		{func(c *Client) { c.Publish = []Publish{{Topic: "a+"}} }, "publish[0]: topic"},
		{func(c *Client) { c.Publish = []Publish{{Topic: "a", Expiry: time.Second}} }, "publish[0]: expiry"},
		{func(c *Client) { c.Subscribe = []Subscribe{{Filter: "a#"}} }, "subscribe[0]: filter"},
		{func(c *Client) { c.Subscribe = []Subscribe{{Filter: "a", Share: "b/c"}} }, "subscribe[0]: filter"},
		{func(c *Client) { c.Restart = []time.Duration{2, 1} }, "restart[1]"},
	} {
		p := NewClient()
		p.To = "10.0.0.1:1883"
		c.change(p)
		err := p.Check()
		if got, _, _ := strings.Cut(errText(err), ": "); (err == nil) != (c.want == "") || !strings.HasPrefix(c.want, got) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
	b := NewBroker()
	if b.Restart = []time.Duration{time.Second, 1500 * time.Millisecond}; b.Check() == nil {
		t.Error("it restarts while it is down")
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestOnlyVersion5: what version 3.1.1 does not have cannot be set for it.
func TestOnlyVersion5(t *testing.T) {
	for name, set := range map[string]func(*Client){
		"window":             func(p *Client) { p.Window = 3 },
		"topic_aliases":      func(p *Client) { p.Aliases = true },
		"expiry":             func(p *Client) { p.Expiry = time.Minute },
		"will_delay":         func(p *Client) { p.WillDelay = time.Second },
		"publish[0]: expiry": func(p *Client) { p.Publish = []Publish{{Topic: "a", Expiry: time.Second}} },
	} {
		for _, version := range []string{"3.1.1", "5"} {
			p := NewClient()
			p.To, p.Version = "10.0.0.1:1883", version
			set(p)
			err, wrong := p.Check(), (*host.SettingError)(nil)
			if named := errors.As(err, &wrong) && wrong.Name == name; named != (version != "5") || version == "5" && err != nil {
				t.Errorf("%s of version %s: %v", name, version, err)
			}
		}
	}
}
