package source

import (
	"time"

	"github.com/google/gopacket"
)

const (
	optComment = 1
	optFlags   = 2 // of a packet

	// maxOptions is how many bytes of a packet's options are looked at.
	maxOptions = 256 << 10
	// optionsHoped is how many are read with the frame, to save a second read.
	optionsHoped = 64
)

// eachOption calls f for each option of a block until they end or break off.
func eachOption(ord order, b []byte, f func(code uint16, v []byte)) {
	for len(b) >= 4 {
		code, n := ord.u16(b), int(ord.u16(b[2:]))
		if code == 0 || n > len(b)-4 {
			return
		}
		f(code, b[4:4+n])
		b = b[min(len(b), 4+(n+3)&^3):]
	}
}

// blockSource hands single packet blocks to gopacket. gopacket's own pcapng
// reader believes every length that a file states; here they are bounded.
type blockSource struct {
	file   *pcapng
	at     int64
	capLen int
	meta   *Meta
}

var _ gopacket.PacketDataSource = (*blockSource)(nil)

func (p *pcapng) frame(at int64, capLen int, m *Meta) ([]byte, error) {
	b := blockSource{p, at, capLen, m}
	data, _, err := b.ReadPacketData()
	return data, err
}

// describe looks at the options alone, which stand behind the frame.
func (p *pcapng) describe(at int64, m *Meta) error {
	b := blockSource{p, at, 0, m}
	_, err := b.read(false)
	return err
}

// ReadPacketData reads the block at b.at, which parse has accepted before.
func (b *blockSource) ReadPacketData() ([]byte, gopacket.CaptureInfo, error) {
	data, err := b.read(true)
	if err == nil && len(data) != b.capLen {
		err = faultf(b.at, "has changed since it was read")
	}
	if err != nil {
		return nil, gopacket.CaptureInfo{}, err
	}
	return data, gopacket.CaptureInfo{
		Timestamp: time.Unix(0, b.meta.Time), CaptureLength: len(data), Length: max(b.meta.WireLen, len(data)),
	}, nil
}

// read reads the block's head and options, and its frame if that is wanted.
func (b *blockSource) read(withFrame bool) ([]byte, error) {
	sec, m := b.file.sectionOf(b.at), b.meta
	const most = 28 // bytes of the longest head
	hoped := most + optionsHoped
	if withFrame {
		hoped += b.capLen
	}
	raw := m.memory(hoped)
	n, err := b.file.s.store.at(raw, b.at)
	if err != nil || n < 16 {
		return nil, again(b.at, err)
	}
	raw = raw[:n]
	size := (int64(sec.order.u32(raw[4:])) + 3) &^ 3
	kind := sec.order.u32(raw)
	head := packetHead(kind)
	if head == 0 || n < head {
		return nil, faultf(b.at, "has changed since it was read")
	}
	var r packet
	if err := r.parse(&sec, raw, b.at, size); err != nil {
		return nil, err
	}
	m.reset()
	m.Time, m.Untimed, m.WireLen = r.time, r.untimed, int(r.wire)-r.iface.pseudo
	m.Iface, m.FCSLen = r.iface, r.iface.FCSLen
	end := head + r.captured
	if withFrame && end > n {
		return nil, again(b.at, nil)
	}
	if kind == blockSimple { // it has no options
		size = 0
	}
	if err := b.options(&sec, raw, (end+3)&^3, int(min(size-4, int64(end+maxOptions)))); err != nil {
		return nil, err
	}
	if !withFrame {
		return nil, nil
	}
	return raw[head+min(r.iface.pseudo, r.captured) : end : end], nil
}

// options reads those that lie from one place of the block to another; raw is
// what has been read of the block.
func (b *blockSource) options(sec *section, raw []byte, from, to int) error {
	if from >= to {
		return nil
	}
	opts := raw[min(from, len(raw)):min(to, len(raw))]
	if to > len(raw) {
		opts = make([]byte, to-from)
		n, err := b.file.s.store.at(opts, b.at+int64(from))
		if err != nil {
			return again(b.at, err)
		}
		opts = opts[:n]
	}
	m := b.meta
	eachOption(sec.order, opts, func(code uint16, v []byte) {
		switch {
		case code == optComment:
			m.Comments = append(m.Comments, clean(v))
		case code == optFlags && len(v) == 4:
			flags := sec.order.u32(v)
			m.Direction = Direction(flags & 3 % 3)
			if n := int(flags >> 5 & 15); n > 0 {
				m.FCSLen = n
			}
		}
	})
	return nil
}
