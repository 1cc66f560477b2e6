package capture

import (
	"bytes"
	"encoding/binary"
	"io"

	"github.com/google/gopacket/pcapgo"
)

// pcap is a file of libpcap's classic format: a header of 24 bytes, then
// records of a 16-byte header and a frame.
type pcap struct {
	r     io.ReaderAt
	order binary.ByteOrder
	nano  bool
	iface iface
	off   int64 // of the next record

	// Frames that are looked at come through pcapgo, one whole record at a
	// time, which has been checked before.
	feed   bytes.Reader
	reader *pcapgo.Reader
}

const (
	pcapHeader = 24
	pcapRecord = 16

	magicMicro = 0xa1b2c3d4
	magicNano  = 0xa1b23c4d
)

// newPcap reads the file's header; nil when the magic number is not pcap's.
func newPcap(r io.ReaderAt, w *window) (*pcap, error) {
	magic, err := w.peek(0, 4, "the file's magic number")
	if err != nil {
		return nil, err
	}
	p := &pcap{r: r, off: pcapHeader}
	switch {
	case binary.LittleEndian.Uint32(magic) == magicMicro, binary.LittleEndian.Uint32(magic) == magicNano:
		p.order = binary.LittleEndian
	case binary.BigEndian.Uint32(magic) == magicMicro, binary.BigEndian.Uint32(magic) == magicNano:
		p.order = binary.BigEndian
	default:
		return nil, nil
	}
	p.nano = p.order.Uint32(magic) == magicNano
	h, err := w.peek(0, pcapHeader, "the pcap header")
	if err != nil {
		return nil, err
	}
	if major, minor := p.order.Uint16(h[4:]), p.order.Uint16(h[6:]); major != 2 || minor != 4 {
		return nil, faultf(4, "pcap version %d.%d is not known, only 2.4", major, minor)
	}
	p.setLink(p.order.Uint32(h[20:]))
	p.feed.Reset(bytes.Clone(h))
	if p.reader, err = pcapgo.NewReader(&p.feed); err != nil {
		return nil, faultf(0, "%v", err)
	}
	// What a file says of its snap length is often wrong; ours is the bound.
	p.reader.SetSnaplen(maxFrame)
	return p, nil
}

// setLink reads the header's last word: the link type, and above it how many
// 16-bit words of FCS each frame ends with, if bit 26 says that it is known.
func (p *pcap) setLink(word uint32) {
	p.iface.link = uint16(word)
	if word&0x0400_0000 != 0 {
		p.iface.fcsLen = int(word>>28) * 2
	}
}

func (p *pcap) next(w *window) (record, error) {
	if p.off == w.size {
		return record{}, io.EOF
	}
	h, err := w.peek(p.off, pcapRecord, "a packet's header")
	if err != nil {
		return record{}, err
	}
	rec := record{
		at: p.off, data: p.off + pcapRecord, iface: &p.iface,
		capLen: p.order.Uint32(h[8:]), wireLen: p.order.Uint32(h[12:]),
	}
	if rec.capLen > maxFrame {
		return record{}, faultf(p.off, "a captured length of %d bytes is absurd (at most %d)", rec.capLen, maxFrame)
	}
	if left := w.size - rec.data; int64(rec.capLen) > left {
		return record{}, faultf(p.off, "the file ends inside the packet: %d bytes are needed, %d are left", rec.capLen, left)
	}
	rec.wireLen = max(rec.wireLen, rec.capLen)
	fraction := int64(p.order.Uint32(h[4:]))
	if !p.nano {
		fraction *= 1000
	}
	rec.time = int64(p.order.Uint32(h[0:]))*1e9 + fraction
	p.off = rec.data + int64(rec.capLen)
	return rec, nil
}

func (p *pcap) read(at int64, capLen uint32) ([]byte, Meta, error) {
	raw := make([]byte, pcapRecord+capLen)
	if _, err := p.r.ReadAt(raw, at); err != nil {
		return nil, Meta{}, faultf(at, "cannot be read again: %v", err)
	}
	// pcapgo refuses a frame that is captured longer than it was on the wire.
	p.order.PutUint32(raw[8:], capLen)
	p.order.PutUint32(raw[12:], max(p.order.Uint32(raw[12:]), capLen))
	p.feed.Reset(raw)
	data, info, err := p.reader.ReadPacketData()
	if err != nil {
		return nil, Meta{}, faultf(at, "%v", err)
	}
	return data, Meta{WireLen: info.Length, iface: &p.iface, FCSLen: p.iface.fcsLen}, nil
}

func (p *pcap) describe(at int64) (Meta, error) {
	var h [pcapRecord]byte
	if _, err := p.r.ReadAt(h[:], at); err != nil {
		return Meta{}, faultf(at, "cannot be read again: %v", err)
	}
	wire := max(p.order.Uint32(h[12:]), p.order.Uint32(h[8:]))
	return Meta{WireLen: int(wire), iface: &p.iface, FCSLen: p.iface.fcsLen}, nil
}
