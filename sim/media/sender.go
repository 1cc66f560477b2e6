package media

import (
	"encoding/binary"
	"fmt"
	"net"
	"time"

	"strata/sim/host"
)

// Sender sends a stream of pictures, each at its time.
type Sender struct {
	To      string        `yaml:"to" need:"true" doc:"Address and port of the player, like 10.0.2.2:5004."`
	Network string        `yaml:"network" oneof:"udp tcp" doc:"What carries the stream: udp (the default) or tcp."`
	FPS     int           `yaml:"fps" range:"1..1000" doc:"Pictures per second (default 25)."`
	Length  time.Duration `yaml:"length" doc:"How long the stream is (default 10s)."`
	Key     int           `yaml:"key" range:"1..1000" doc:"Every so many pictures one is whole in itself; the others say what has changed (default 25)."`
	Whole   int           `yaml:"whole" range:"1..1000000" doc:"Bytes of a picture that is whole in itself (default 12000)."`
	Change  int           `yaml:"change" range:"1..1000000" doc:"Bytes of one that says what has changed (default 3000)."`
	Packet  int           `yaml:"packet" range:"1..65000" doc:"Bytes of a picture that go into one packet, at most (default 1200)."`

	// Behind is how late the last picture was handed over.
	Behind time.Duration
}

func (p *Sender) Check() error {
	switch n := p.pictures(); {
	case n < 1:
		return host.Wrong(&p.Length, "length", "that is less than one picture long")
	case n > maxPictures:
		return host.Wrong(&p.Length, "length", fmt.Sprintf("a stream has at most %d pictures", maxPictures))
	case (max(p.Whole, p.Change)+p.Packet-1)/p.Packet > maxParts:
		return host.Wrong(&p.Packet, "packet", fmt.Sprintf("a picture has at most %d packets: let them be longer", maxParts))
	}
	return host.CheckRemote(&p.To, "to")
}

func (p *Sender) pictures() int { return int(p.Length.Seconds() * float64(p.FPS)) }

// Run sends the stream. Over UDP nothing holds it up.
func (p *Sender) Run(h host.Host) error {
	if err := p.send(h); err != nil {
		return fmt.Errorf("video sender: %w", err)
	}
	return nil
}

func (p *Sender) send(h host.Host) error {
	c, err := h.Dial(p.Network, p.To)
	if err != nil {
		return err
	}
	defer c.Close()
	r := h.Rand()
	start, period := h.Now(), time.Second/time.Duration(p.FPS)
	// Where numbers and timestamps begin is random (RFC 3550 section 5.1).
	next := packet{sequence: uint16(r.Uint32()), source: r.Uint32(), pictures: uint32(p.pictures()), period: uint32(clockRate / p.FPS)}
	base := r.Uint32()
	for i := range next.pictures {
		due := start.Add(time.Duration(i) * period)
		if wait := due.Sub(h.Now()); wait > 0 {
			if err := h.Sleep(wait); err != nil {
				return err
			}
		}
		next.picture, next.timestamp, next.key = i, base+i*next.period, int(i)%p.Key == 0
		if err := p.picture(h, c, &next); err != nil {
			return fmt.Errorf("picture %d of %d: %w", i+1, next.pictures, err)
		}
		p.Behind = h.Now().Sub(due)
	}
	if p.Network == "tcp" {
		return host.Finish(c)
	}
	return nil
}

// picture sends one picture, in packets.
func (p *Sender) picture(h host.Host, c net.Conn, next *packet) error {
	size := p.Change
	if next.key {
		size = p.Whole
	}
	next.parts = uint16((size + p.Packet - 1) / p.Packet)
	for part := range next.parts {
		off := int(part) * p.Packet
		next.part, next.last = part, part == next.parts-1
		next.body = host.Payload{Size: size}.Part(off, min(p.Packet, size-off))
		b := next.append(nil)
		next.sequence++
		if p.Network == "tcp" {
			// The packet's length goes before it (RFC 4571 section 2).
			b = append(binary.BigEndian.AppendUint16(nil, uint16(len(b))), b...)
			h.Sending(c, len(b), nil)
		}
		if _, err := c.Write(b); err != nil {
			return err
		}
	}
	return nil
}
