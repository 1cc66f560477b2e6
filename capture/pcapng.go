package capture

import (
	"encoding/binary"
	"io"
	"math"
	"math/bits"
	"sort"
	"time"

	"github.com/google/gopacket"
)

// pcapng is a file of blocks (draft-ietf-opsawg-pcapng): each has its type
// and length before it and its length again behind it.
type pcapng struct {
	r        io.ReaderAt
	off      int64 // of the next block
	sections []section
	ifaces   int   // in all sections
	last     int64 // time of the frame before, for blocks without one
	source   blockSource
}

// section is a part of a file that has one byte order and its own interfaces.
type section struct {
	at     int64
	order  binary.ByteOrder
	ifaces []*iface
}

const (
	blockSection   = 0x0a0d0d0a
	blockInterface = 1
	blockPacket    = 2 // obsolete, still found
	blockSimple    = 3
	blockEnhanced  = 6

	byteOrderMagic = 0x1a2b3c4d

	maxBlock  = windowSize // of those whose contents are read
	maxIfaces = 1 << 16
)

// newPcapng begins a file; nil when its first block is not a section header.
func newPcapng(r io.ReaderAt, w *window) (*pcapng, error) {
	magic, err := w.peek(0, 4, "the file's magic number")
	if err != nil {
		return nil, err
	}
	if binary.LittleEndian.Uint32(magic) != blockSection {
		return nil, nil
	}
	p := &pcapng{r: r}
	p.source.file = p
	if err := p.beginSection(w); err != nil {
		return nil, err
	}
	return p, nil
}

// beginSection reads the section header at p.off as far as its byte order.
func (p *pcapng) beginSection(w *window) error {
	h, err := w.peek(p.off, 16, "a section header")
	if err != nil {
		return err
	}
	s := section{at: p.off, order: binary.LittleEndian}
	if binary.BigEndian.Uint32(h[8:]) == byteOrderMagic {
		s.order = binary.BigEndian
	}
	if s.order.Uint32(h[8:]) != byteOrderMagic {
		return faultf(p.off, "the section's byte-order magic is %08x", binary.BigEndian.Uint32(h[8:]))
	}
	if major := s.order.Uint16(h[12:]); major != 1 {
		return faultf(p.off, "pcapng version %d.%d is not known, only 1.0", major, s.order.Uint16(h[14:]))
	}
	p.sections = append(p.sections, s)
	return nil
}

func (p *pcapng) next(w *window) (record, error) {
	for p.off < w.size {
		s, kind, size, err := p.head(w)
		if err != nil {
			return record{}, notPacket(err)
		}
		at := p.off
		p.off += size
		switch kind {
		case blockInterface, blockPacket, blockSimple, blockEnhanced:
		default:
			continue
		}
		if size > maxBlock {
			return record{}, notPacket(faultf(at, "a block of %d bytes is absurd (at most %d)", size, maxBlock))
		}
		block, err := w.peek(at, int(size), "a block")
		switch {
		case err != nil:
			return record{}, notPacket(err)
		case kind == blockInterface:
			if err := p.addInterface(s, block, at); err != nil {
				return record{}, notPacket(err)
			}
			continue
		}
		rec, err := parsePacket(s, block, at, p.last)
		p.last = rec.time
		return rec, err
	}
	return record{}, io.EOF
}

// head reads the header of the block at p.off.
func (p *pcapng) head(w *window) (s *section, kind uint32, size int64, err error) {
	h, err := w.peek(p.off, 12, "a block's header")
	if err != nil {
		return nil, 0, 0, err
	}
	last := len(p.sections) - 1
	if binary.LittleEndian.Uint32(h) == blockSection && p.sections[last].at != p.off {
		if err := p.beginSection(w); err != nil {
			return nil, 0, 0, err
		}
		last++
		h, _ = w.peek(p.off, 12, "a block's header")
	}
	s = &p.sections[last]
	kind = s.order.Uint32(h)
	size, err = p.frameBlock(w, s, int64(s.order.Uint32(h[4:])))
	return s, kind, size, err
}

// frameBlock checks a block's length against the file and its own repetition
// behind the block, and gives it rounded up to whole words.
func (p *pcapng) frameBlock(w *window, s *section, size int64) (int64, error) {
	padded := (size + 3) &^ 3
	if size < 12 {
		return 0, faultf(p.off, "a block of %d bytes is absurd (at least 12)", size)
	}
	if left := w.size - p.off; padded > left {
		return 0, faultf(p.off, "the file ends inside a block: %d bytes are needed, %d are left", padded, left)
	}
	tail, err := p.peekFar(w, p.off+padded-4)
	if err != nil {
		return 0, err
	}
	if again := int64(s.order.Uint32(tail)); again != size {
		return 0, faultf(p.off, "the block's length is %d before it and %d behind it", size, again)
	}
	return padded, nil
}

// peekFar reads the four bytes at a place that may lie far ahead, without
// reading all that is between.
func (p *pcapng) peekFar(w *window, at int64) ([]byte, error) {
	if at+4 <= w.at+int64(len(w.buf)) {
		return w.buf[at-w.at:][:4], nil
	}
	tail := make([]byte, 4)
	if _, err := p.r.ReadAt(tail, at); err != nil && err != io.EOF {
		return nil, faultf(at, "%v", err)
	}
	return tail, nil
}

func (p *pcapng) addInterface(s *section, block []byte, at int64) error {
	if len(block) < 20 {
		return faultf(at, "an interface block of %d bytes is too short", len(block))
	}
	if p.ifaces++; p.ifaces > maxIfaces {
		return faultf(at, "more than %d interfaces", maxIfaces)
	}
	i := &iface{link: s.order.Uint16(block[8:]), snap: s.order.Uint32(block[12:]), resol: 6}
	eachOption(s.order, block[16:len(block)-4], func(code uint16, v []byte) {
		switch {
		case code == 2:
			i.name = clean(string(v[:min(len(v), 64)]))
		case code == 9 && len(v) == 1:
			i.resol = v[0]
		case code == 13 && len(v) == 1:
			i.fcsLen = int(v[0])
		case code == 14 && len(v) == 8:
			i.offset = int64(s.order.Uint64(v))
		}
	})
	s.ifaces = append(s.ifaces, i)
	return nil
}

// eachOption calls f for each option of a block until they end or break off.
func eachOption(order binary.ByteOrder, b []byte, f func(code uint16, v []byte)) {
	for len(b) >= 4 {
		code, n := order.Uint16(b), int(order.Uint16(b[2:]))
		padded := (n + 3) &^ 3
		if code == 0 || padded > len(b)-4 {
			return
		}
		f(code, b[4:4+n])
		b = b[4+padded:]
	}
}

// parsePacket reads a block that holds a frame. last is the time that a
// simple block, which has none, takes over.
func parsePacket(s *section, block []byte, at, last int64) (record, error) {
	kind := s.order.Uint32(block)
	head := packetHead(kind)
	if len(block) < head+4 {
		return record{}, faultf(at, "a packet block of %d bytes is too short", len(block))
	}
	rec := record{at: at, data: at + int64(head), time: last}
	id := 0
	switch kind {
	case blockEnhanced:
		id = int(s.order.Uint32(block[8:]))
	case blockPacket:
		id = int(s.order.Uint16(block[8:]))
	}
	if id >= len(s.ifaces) {
		return record{}, faultf(at, "interface %d is not described before it", id)
	}
	rec.iface = s.ifaces[id]
	if kind == blockSimple {
		rec.wireLen = s.order.Uint32(block[8:])
		// It has no captured length: the snap length cut it, or nothing did.
		rec.capLen = rec.wireLen
		if snap := rec.iface.snap; snap > 0 {
			rec.capLen = min(rec.capLen, snap)
		}
	} else {
		ts := uint64(s.order.Uint32(block[12:]))<<32 | uint64(s.order.Uint32(block[16:]))
		rec.time = rec.iface.nanos(ts)
		rec.capLen, rec.wireLen = s.order.Uint32(block[20:]), s.order.Uint32(block[24:])
	}
	if room := len(block) - head - 4; int64(rec.capLen) > int64(room) {
		return record{}, faultf(at, "a captured length of %d bytes does not fit a block with room for %d", rec.capLen, room)
	}
	if rec.capLen > maxFrame {
		return record{}, faultf(at, "a captured length of %d bytes is absurd (at most %d)", rec.capLen, maxFrame)
	}
	rec.wireLen = max(rec.wireLen, rec.capLen)
	return rec, nil
}

// packetHead is how many bytes go before a block's frame.
func packetHead(kind uint32) int {
	if kind == blockSimple {
		return 12
	}
	return 28
}

// nanos converts a timestamp to nanoseconds since 1970. What an int64 cannot
// hold becomes its largest value.
func (i *iface) nanos(ts uint64) int64 {
	var ns uint64
	digits := int(i.resol & 0x7f)
	switch {
	case i.resol&0x80 != 0 && digits < 64: // powers of two
		hi, lo := bits.Mul64(ts, 1e9)
		if hi>>digits != 0 {
			return math.MaxInt64
		}
		ns = hi<<(64-digits) | lo>>digits
	case i.resol&0x80 != 0:
	case digits <= 9:
		hi, lo := bits.Mul64(ts, uint64(math.Pow10(9-digits)))
		if hi != 0 {
			return math.MaxInt64
		}
		ns = lo
	case digits <= 9+19:
		ns = ts / uint64(math.Pow10(digits-9))
	}
	if ns > math.MaxInt64 {
		return math.MaxInt64
	}
	return plusSeconds(int64(ns), i.offset)
}

func plusSeconds(ns, seconds int64) int64 {
	const most = math.MaxInt64 / int64(time.Second)
	seconds = max(-most, min(most, seconds))
	add := seconds * int64(time.Second)
	if sum := ns + add; add < 0 || sum >= ns {
		return sum
	}
	return math.MaxInt64
}

func (p *pcapng) read(at int64, _ uint32) ([]byte, Meta, error) {
	p.source.at = at
	data, info, err := p.source.ReadPacketData()
	if err != nil {
		return nil, Meta{}, err
	}
	m := p.source.meta
	m.WireLen = info.Length
	return data, m, nil
}

// describe reads the whole block: what it says may stand behind the bytes.
func (p *pcapng) describe(at int64) (Meta, error) {
	_, m, err := p.read(at, 0)
	return m, err
}

// blockSource hands single packet blocks to gopacket. gopacket's own pcapng
// reader believes every length that a file states; here they are bounded.
type blockSource struct {
	file *pcapng
	at   int64
	meta Meta
}

var _ gopacket.PacketDataSource = (*blockSource)(nil)

// ReadPacketData reads the block at b.at, which next has accepted before.
func (b *blockSource) ReadPacketData() ([]byte, gopacket.CaptureInfo, error) {
	none := gopacket.CaptureInfo{}
	p := b.file
	i := sort.Search(len(p.sections), func(i int) bool { return p.sections[i].at > b.at }) - 1
	s := &p.sections[i]
	var head [8]byte
	if _, err := p.r.ReadAt(head[:], b.at); err != nil {
		return nil, none, faultf(b.at, "cannot be read again: %v", err)
	}
	size := (int64(s.order.Uint32(head[4:])) + 3) &^ 3
	if size < 12 || size > maxBlock {
		return nil, none, faultf(b.at, "has changed since it was indexed")
	}
	block := make([]byte, size)
	if _, err := p.r.ReadAt(block, b.at); err != nil && err != io.EOF {
		return nil, none, faultf(b.at, "cannot be read again: %v", err)
	}
	rec, err := parsePacket(s, block, b.at, 0)
	if err != nil {
		return nil, none, err
	}
	from := int(rec.data - rec.at)
	end := from + int(rec.capLen)
	b.meta = Meta{iface: rec.iface, FCSLen: rec.iface.fcsLen}
	b.options(s, block, (end+3)&^3)
	return block[from:end:end], gopacket.CaptureInfo{
		Timestamp: time.Unix(0, rec.time), CaptureLength: int(rec.capLen), Length: int(rec.wireLen),
	}, nil
}

// options reads a packet's comments and, from its flags, the FCS length.
func (b *blockSource) options(s *section, block []byte, from int) {
	if s.order.Uint32(block) == blockSimple || from > len(block)-4 {
		return
	}
	eachOption(s.order, block[from:len(block)-4], func(code uint16, v []byte) {
		switch {
		case code == 1:
			b.meta.Comments = append(b.meta.Comments, clean(string(v)))
		case code == 2 && len(v) == 4:
			if n := int(s.order.Uint32(v) >> 5 & 15); n > 0 {
				b.meta.FCSLen = n
			}
		}
	})
}
