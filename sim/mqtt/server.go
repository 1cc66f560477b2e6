package mqtt

import (
	"errors"
	"fmt"
	"net"
	"time"

	"strata/sim/host"
	"strata/sim/tls"
)

// Broker is a message broker: it takes messages from those who publish them,
// and gives them to those who have subscribed to their topics.
//
// A message that comes for a session whose queue is full is lost, as with
// other brokers: a queue only moves the problem of a consumer that is too slow.
type Broker struct {
	Listen      string          `yaml:"listen" doc:"Port to listen at (default :1883)."`
	TLS         *tls.Setting    `yaml:"tls" doc:"Take connections that TLS protects (on port 8883, mostly); {} will do."`
	MaxQueue    int             `yaml:"max_queue" range:"1..1000000" doc:"Messages that may wait for each subscriber (default 1000); what comes when its queue is full is lost to it."`
	MaxInflight int             `yaml:"max_inflight" range:"1..65535" doc:"Messages of QoS 1 and 2 that may be on their way to a subscriber without an acknowledgment (default 20)."`
	MaxPacket   int             `yaml:"max_packet" range:"64..268435460" doc:"Bytes of the largest packet that is taken (default 1048576)."`
	Restart     []time.Duration `yaml:"restart" max:"1000" doc:"Times, counted from the program's start, at which the broker goes down: all connections break."`
	Down        time.Duration   `yaml:"down" doc:"How long it stays down (default 1s)."`
	Forget      bool            `yaml:"forget" doc:"A restart loses sessions, queues and retained messages; otherwise they are on a disk and survive."`

	Found BrokerFound
}

// BrokerFound is what a broker has seen.
type BrokerFound struct {
	Connections int // that were accepted
	Published   int // messages that came in, each once
	Dropped     int // deliveries lost because a queue was full, or the message was larger than the subscriber takes
}

// NewBroker is a broker with the settings that hold unless others are given.
func NewBroker() *Broker {
	return &Broker{Listen: ":1883", MaxQueue: 1000, MaxInflight: 20, MaxPacket: 1 << 20, Down: time.Second}
}

// Check finds wrong settings.
func (p *Broker) Check() error {
	for i := range p.Restart {
		if p.Restart[i] <= 0 || i > 0 && p.Restart[i] < p.Restart[i-1]+p.Down {
			return host.Wrong(&p.Restart[i], fmt.Sprintf("restart[%d]", i), "the times must come one after the other, each after the broker is up again")
		}
	}
	if p.TLS != nil {
		if err := p.TLS.Check("tls"); err != nil {
			return err
		}
	}
	return host.CheckLocal(&p.Listen, "listen")
}

// Run serves until the host ends. Its error tells what clients did that the
// protocol forbids.
func (p *Broker) Run(h host.Host) error {
	p.Found = BrokerFound{}
	b := newBroker(h, p)
	h.Go(b.watch)
	start := h.Now()
	for _, at := range p.Restart {
		l, err := p.listen(b)
		if err != nil {
			return fmt.Errorf("mqtt broker: %w", err)
		}
		if err := h.Sleep(start.Add(at).Sub(h.Now())); err != nil {
			break
		}
		_ = l.Close()
		b.cut()
		if p.Forget {
			b.lose()
		}
		if err := h.Sleep(p.Down); err != nil {
			break
		}
	}
	l, err := h.Listen("tcp", p.Listen)
	if err != nil {
		b.failures.Add(err)
		return b.failures.Err("mqtt broker")
	}
	p.accept(b, l)
	return b.failures.Err("mqtt broker")
}

// listen begins to accept connections beside the caller.
func (p *Broker) listen(b *broker) (net.Listener, error) {
	l, err := b.h.Listen("tcp", p.Listen)
	if err == nil {
		b.h.Go(func() { p.accept(b, l) })
	}
	return l, err
}

// accept serves the connections that come in until the listener is closed.
func (p *Broker) accept(b *broker, l net.Listener) {
	defer l.Close()
	for {
		c, err := l.Accept()
		if err != nil {
			if !errors.Is(err, net.ErrClosed) {
				b.failures.Add(err)
			}
			return
		}
		b.h.Go(func() {
			defer c.Close()
			safe, err := tls.Wrap(b.h, c, p.TLS, true)
			if err != nil {
				b.failures.Add(err)
				return
			}
			b.serve(safe)
		})
	}
}

// abort ends a connection at once, as the end of a process does.
func abort(c net.Conn) {
	if s, ok := c.(host.Stream); ok {
		_ = s.SetLinger(0)
	}
	_ = c.Close()
}
