package mqtt

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"strata/sim/host"
	"strata/sim/tls"
)

// Client is a client of a broker: it publishes messages, and subscribes to
// topics and works on what it gets, one message after the other. It reconnects
// when its connection breaks.
//
// A message that it published with QoS 1 or 2 is sent until the broker has it;
// if the broker has forgotten the session, it is published anew. With QoS 0 a
// message is lost when there is no connection.
type Client struct {
	To        string        `yaml:"to" need:"true" doc:"Address and port of the broker, like 10.0.2.2:1883."`
	TLS       *tls.Setting  `yaml:"tls" doc:"Protect the connection with TLS (on port 8883, mostly); {} will do."`
	ID        string        `yaml:"id" doc:"Client identifier, by which the broker finds the session again; without one it gives the client one."`
	Version   string        `yaml:"version" oneof:"3.1.1 5" doc:"Version of MQTT: 3.1.1 (the default) or 5."`
	Clean     bool          `yaml:"clean" doc:"Begin with a new session, of which nothing is kept (default); false: go on with the one before. It needs an id."`
	Expiry    time.Duration `yaml:"expiry" doc:"Version 5: how long the broker keeps the session without a connection (default: forever if clean is false, else not at all)."`
	KeepAlive time.Duration `yaml:"keep_alive" doc:"Send a ping when nothing else was sent for so long (default 60s); 0s: never."`
	Window    int           `yaml:"window" range:"1..65535" doc:"Version 5: how many messages of QoS 1 and 2 the broker may send without an acknowledgment (receive maximum; default 65535)."`
	Aliases   bool          `yaml:"topic_aliases" doc:"Version 5: send numbers for topics that were named before, and let the broker do so."`
	MaxPacket int           `yaml:"max_packet" range:"64..268435460" doc:"Bytes of the largest packet that is taken (default 1048576)."`

	WillTopic  string        `yaml:"will_topic" doc:"Topic of the will: what the broker publishes when the connection breaks."`
	WillText   string        `yaml:"will_text" doc:"Text of the will."`
	WillQoS    int           `yaml:"will_qos" range:"0..2" doc:"QoS of the will."`
	WillRetain bool          `yaml:"will_retain" doc:"The broker keeps the will for later subscribers."`
	WillDelay  time.Duration `yaml:"will_delay" doc:"Version 5: how long the broker waits with the will, in case the client comes back."`

	Publish   []Publish   `yaml:"publish" max:"1000" doc:"What to publish; each list of messages has a rhythm of its own."`
	Subscribe []Subscribe `yaml:"subscribe" max:"1000" doc:"Topic filters to subscribe to."`
	Receive   int         `yaml:"receive" range:"0..1000000" doc:"Say goodbye after that many messages have been taken; otherwise a subscriber stays until the run ends."`

	Work       time.Duration   `yaml:"work" doc:"How long a message is worked on before it is acknowledged."`
	CrashAfter int             `yaml:"crash_after" range:"0..1000000" doc:"Die once, right after the work on that many messages: before the last one is acknowledged."`
	Restart    []time.Duration `yaml:"restart" max:"1000" doc:"Times, counted from the program's start, at which the client dies and loses what it had in memory."`
	Back       time.Duration   `yaml:"back" doc:"How long it takes until a client that died is back (default 1s)."`
	Idempotent bool            `yaml:"idempotent" doc:"Remember on disk which messages were worked on, by their content, and work on none twice."`
	Retry      time.Duration   `yaml:"retry" doc:"Time to wait before connecting again (default 1s), doubled each time it fails; 0s: give up."`
	RetryMax   time.Duration   `yaml:"retry_max" doc:"The longest time to wait before connecting again (default 30s)."`

	Found ClientFound
}

// Publish is a list of messages to publish.
type Publish struct {
	Topic    string        `yaml:"topic" need:"true" doc:"Topic, like orders/new; {n} becomes the message's number."`
	Text     string        `yaml:"text" doc:"The message; {n} becomes its number."`
	Size     int           `yaml:"size" range:"0..1000000" doc:"Bytes of the message: after the text, it is filled with a pattern that counts its bytes."`
	Count    int           `yaml:"count" range:"0..1000000" doc:"How many messages (default 1)."`
	Interval time.Duration `yaml:"interval" doc:"Time between two messages."`
	After    time.Duration `yaml:"after" doc:"Time before the first message, from the first connection on."`
	QoS      int           `yaml:"qos" range:"0..2" doc:"0: at most once (default), 1: at least once, 2: exactly once."`
	Retain   bool          `yaml:"retain" doc:"The broker keeps the last message of the topic for later subscribers."`
	Expiry   time.Duration `yaml:"expiry" doc:"Version 5: the broker throws the message away when it could not deliver it for so long."`
}

// Subscribe is a subscription.
type Subscribe struct {
	Filter string `yaml:"filter" need:"true" doc:"Topic filter, like orders/+ or orders/#."`
	QoS    int    `yaml:"qos" range:"0..2" doc:"The best QoS to get messages with."`
	Share  string `yaml:"share" doc:"Name of a group: each message goes to one of its members only."`
}

// ClientFound is what a client has seen. Messages are told apart by topic and
// content.
type ClientFound struct {
	Connections  int // that the broker accepted
	Published    int // messages that the program had to publish so far
	Acknowledged int // of them, those of QoS 1 and 2 that the broker has
	Lost         int // of them, those of QoS 0 for which there was no connection
	Received     int // messages that came in, each time that they did
	Duplicates   int // of them, those that had come in before
	Redelivered  int // of them, those with DUP set
	Handled      int // that were worked on, each time that they were
	HandledTwice int // of them, those that had been worked on before
	Skipped      int // that an idempotent client knew and did not work on again

	Worked []string // the beginning of each message that was worked on, in order, each time that it was
}

// NewClient is a client with the settings that hold unless others are given.
func NewClient() *Client {
	return &Client{Version: "3.1.1", Clean: true, KeepAlive: 60 * time.Second, Window: 65535, MaxPacket: 1 << 20, Back: time.Second, Retry: time.Second, RetryMax: 30 * time.Second}
}

func (p *Client) version() Version {
	if p.Version == "5" {
		return V5
	}
	return V311
}

// Check finds wrong settings.
func (p *Client) Check() error {
	if p.TLS != nil {
		if err := p.TLS.Check("tls"); err != nil {
			return err
		}
	}
	for _, c := range []struct {
		wrong bool
		field any
		name  string
		text  string
	}{
		{!p.Clean && p.ID == "", &p.ID, "id", "a client that goes on with its session needs an id"},
		{!validText(p.ID), &p.ID, "id", "a client identifier is UTF-8 of at most 65000 bytes"},
		{p.KeepAlive%time.Second != 0 || p.KeepAlive < 0 || p.KeepAlive > 65535*time.Second, &p.KeepAlive, "keep_alive", "the keep alive is 0s to 65535s, in whole seconds"},
		{p.Expiry%time.Second != 0, &p.Expiry, "expiry", "the expiry is in whole seconds"},
		{p.WillDelay%time.Second != 0, &p.WillDelay, "will_delay", "the delay is in whole seconds"},
		{p.version() != V5 && p.Expiry > 0, &p.Expiry, "expiry", "only version 5 has it; write version: \"5\""},
		{p.version() != V5 && p.WillDelay > 0, &p.WillDelay, "will_delay", "only version 5 has it; write version: \"5\""},
		{p.version() != V5 && p.Window > 0 && p.Window < 65535, &p.Window, "window", "only version 5 has it; write version: \"5\""},
		{p.version() != V5 && p.Aliases, &p.Aliases, "topic_aliases", "only version 5 has it; write version: \"5\""},
		{p.WillTopic != "" && !validTopic(p.WillTopic), &p.WillTopic, "will_topic", "a topic has no wildcards; write clients/gone"},
		{p.WillTopic == "" && p.WillText != "", &p.WillText, "will_text", "a will needs a will_topic"},
		{len(p.WillText) > 65535, &p.WillText, "will_text", "a will has at most 65535 bytes"},
	} {
		if c.wrong {
			return host.Wrong(c.field, c.name, c.text)
		}
	}
	if err := p.checkLists(); err != nil {
		return err
	}
	return host.CheckRemote(&p.To, "to")
}

func (p *Client) checkLists() error {
	for i := range p.Publish {
		e := &p.Publish[i]
		name := fmt.Sprintf("publish[%d]: ", i)
		switch {
		case !validTopic(e.Topic):
			return host.Wrong(&e.Topic, name+"topic", fmt.Sprintf("%q is not a topic to publish to; write orders/new", e.Topic))
		case len(e.Text) > host.MaxWrite:
			return host.Wrong(&e.Text, name+"text", fmt.Sprintf("a message has at most %d bytes", host.MaxWrite))
		case e.Expiry > 0 && p.version() != V5:
			return host.Wrong(&e.Expiry, name+"expiry", "only version 5 has it; write version: \"5\"")
		case e.Expiry%time.Second != 0:
			return host.Wrong(&e.Expiry, name+"expiry", "the expiry is in whole seconds")
		}
	}
	for i := range p.Subscribe {
		if s := &p.Subscribe[i]; !validText(s.filter()) || !validFilter(s.filter()) || strings.Contains(s.Share, "/") {
			return host.Wrong(&s.Filter, fmt.Sprintf("subscribe[%d]: filter", i), fmt.Sprintf("%q is not a topic filter; write orders/+ or orders/#", s.Filter))
		}
	}
	for i := range p.Restart {
		if p.Restart[i] <= 0 || i > 0 && p.Restart[i] <= p.Restart[i-1] {
			return host.Wrong(&p.Restart[i], fmt.Sprintf("restart[%d]", i), "the times must come one after the other")
		}
	}
	return nil
}

func (s *Subscribe) filter() string {
	if s.Share != "" {
		return "$share/" + s.Share + "/" + s.Filter
	}
	return s.Filter
}

// validText says whether a text can be sent (section 1.5.4).
func validText(s string) bool {
	return len(s) <= 65000 && utf8.ValidString(s) && strings.IndexByte(s, 0) < 0
}

func validTopic(s string) bool { return s != "" && validText(s) && !strings.ContainsAny(s, "+#") }
