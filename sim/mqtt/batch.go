package mqtt

import (
	"net"

	"strata/sim/host"
)

// batchSize is how many bytes are written at once, if there are so many: what
// waits goes out together, and does not fill a segment each.
const batchSize = 16 << 10

// batch are packets to be written together.
type batch struct {
	bytes    []byte
	messages []carried
	last     int // where the packet after the last message begins
}

// carried is a message among a batch's bytes: it ends n bytes after the one
// before.
type carried struct {
	n       int
	payload []byte
}

// add adds a packet. A PUBLISH carries a message.
func (b *batch) add(packet []byte, p *Packet) {
	b.bytes = append(b.bytes, packet...)
	if p != nil && p.Type == PUBLISH {
		payload := p.Payload
		if payload == nil {
			payload = []byte{}
		}
		b.messages = append(b.messages, carried{len(b.bytes) - b.last, payload})
		b.last = len(b.bytes)
	}
}

func (b *batch) full() bool { return len(b.bytes) >= batchSize }

// write writes the packets, and says which messages they carry.
func (b *batch) write(h host.Host, c net.Conn) error {
	for _, m := range b.messages {
		h.Sending(c, m.n, m.payload)
	}
	_, err := c.Write(b.bytes)
	return err
}

// noDelay lets what is written go out at once: packets are small, and whoever
// waits for an acknowledgment should not wait for TCP's, too.
func noDelay(c net.Conn) {
	if s, ok := c.(interface{ SetNoDelay(bool) error }); ok {
		_ = s.SetNoDelay(true)
	}
}
