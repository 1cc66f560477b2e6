package source

import "sort"

// pcapng is a file of blocks (draft-ietf-opsawg-pcapng sec. 3.1): each has its
// type and length before it and its length again behind it.
type pcapng struct {
	s    *Source
	cur  *section
	last int64 // time of the frame before, for blocks without one

	// The end of a block that is not in the window as a whole.
	owed   int64 // its length, to be found once more behind it; 0: none
	owedAt int64 // where it begins
}

// section is a part of a file that has one byte order and its own interfaces.
type section struct {
	Section
	at     int64
	order  order
	ifaces []*Interface
}

const (
	blockSection   = 0x0a0d0d0a
	blockInterface = 1
	blockPacket    = 2 // obsolete, still found
	blockSimple    = 3
	blockNames     = 4
	blockEnhanced  = 6
	blockSecrets   = 10

	byteOrderMagic = 0x1a2b3c4d

	blockFrame  = 12                     // type and length before a block, length behind it
	maxBlock    = 128<<20 + 128<<10 + 32 // bytes; the same as Wireshark's
	maxSections = 1 << 16
)

// newPcapng begins a file; nil when its first block is not a section header.
func newPcapng(s *Source, h []byte) (format, error) {
	if len(h) < 4 || little.u32(h) != blockSection {
		return nil, nil
	}
	if len(h) < 16 {
		return nil, faultf(0, "the file ends inside a section header: %d bytes are needed, %d are left", 28, len(h))
	}
	if _, err := sectionOrder(h, 0); err != nil {
		return nil, err
	}
	return &pcapng{s: s}, nil
}

// sectionOrder reads the byte order of a section by the header's magic number.
func sectionOrder(h []byte, at int64) (order, error) {
	for _, o := range []order{little, big} {
		if o.u32(h[8:]) == byteOrderMagic {
			if major := o.u16(h[12:]); major != 1 {
				return o, faultf(at, "pcapng version %d.%d is not known, only 1.0", major, o.u16(h[14:]))
			}
			return o, nil
		}
	}
	return little, faultf(at, "the section's byte-order magic is %08x", big.u32(h[8:]))
}

func (p *pcapng) parse(b *Batch, w []byte, at int64) (used int64, more want, err error) {
	for used < int64(len(w)) {
		n, more, err := p.block(b, w[used:], at+used)
		if more.n > 0 || err != nil {
			return used, more, err
		}
		used += n
	}
	return used, want{n: 1, what: p.inside(), at: p.owedAt}, nil
}

// inside is what a file must not end in at this place.
func (p *pcapng) inside() string {
	if p.owed > 0 {
		return "a block"
	}
	return ""
}

// block reads one block, or the end of one, and gives how far that came.
func (p *pcapng) block(b *Batch, w []byte, at int64) (used int64, more want, err error) {
	if p.owed > 0 {
		return p.payOwed(w)
	}
	need := 8
	if len(w) >= 4 && little.u32(w) == blockSection {
		need = 16
	}
	if len(w) < need {
		return 0, want{n: need, what: "a block's header", at: at}, nil
	}
	ord := little
	if need == 16 {
		if ord, err = sectionOrder(w, at); err != nil {
			return 0, more, err
		}
	} else {
		ord = p.cur.order
	}
	// Some writers do not count the padding; Wireshark rounds up too.
	kind, size := ord.u32(w), (int64(ord.u32(w[4:]))+3)&^3
	if size < blockFrame {
		return 0, more, faultf(at, "a block of %d bytes is absurd (at least %d)", ord.u32(w[4:]), blockFrame)
	}
	if size > maxBlock {
		return 0, more, faultf(at, "a block of %d bytes is absurd (at most %d)", size, maxBlock)
	}
	if size > maxRecord {
		return p.large(b, w, at, ord, kind, size)
	}
	if int64(len(w)) < size {
		return 0, want{n: int(size), what: "a block", at: at, inFrame: packetHead(kind) > 0}, nil
	}
	if err := sameLength(ord, w[size-4:], size, at); err != nil {
		return 0, more, err
	}
	return size, more, p.read(b, w[:size-4], at, ord, kind, size)
}

// sameLength holds a block's length against its repetition behind the block.
func sameLength(ord order, tail []byte, size, at int64) error {
	if again := (int64(ord.u32(tail)) + 3) &^ 3; again != size {
		return faultf(at, "the block's length is %d before it and %d behind it", size, again)
	}
	return nil
}

// large reads a block that no window must hold: of a packet the frame, of the
// others what stands at their beginning. The rest is skipped up to its end.
func (p *pcapng) large(b *Batch, w []byte, at int64, ord order, kind uint32, size int64) (used int64, more want, err error) {
	if left := p.s.store.left(at); left >= 0 && left < size {
		return 0, more, faultf(at, "the file ends inside a block: %d bytes are needed, %d are left", size, left)
	}
	need := 0
	body := w
	switch head := packetHead(kind); {
	case head > 0:
		if len(w) < head {
			return 0, want{n: head, what: "a block's header", at: at, inFrame: true}, nil
		}
		need = head + int(min(capturedLength(ord, kind, w), maxFrame))
	case kind == blockSection, kind == blockInterface:
		need = maxRecord
	case kind == blockNames, kind == blockSecrets:
		if body, err = p.s.load(at, min(size-4, maxKept)); err != nil {
			return 0, more, err
		}
		need = len(body)
	}
	if len(body) < need {
		return 0, want{n: need, what: "a block", at: at, inFrame: packetHead(kind) > 0}, nil
	}
	if need > 0 {
		if err := p.read(b, body[:need], at, ord, kind, size); err != nil {
			return 0, more, err
		}
	}
	p.owed, p.owedAt = size, at
	return size - 4, more, nil
}

func (p *pcapng) payOwed(w []byte) (used int64, more want, err error) {
	if len(w) < 4 {
		return 0, want{n: 4, what: "a block", at: p.owedAt}, nil
	}
	err = sameLength(p.cur.order, w, p.owed, p.owedAt)
	p.owed = 0
	return 4, more, err
}

// read takes a block in. body is the block without its end, or its beginning.
func (p *pcapng) read(b *Batch, body []byte, at int64, ord order, kind uint32, size int64) error {
	switch kind {
	case blockPacket, blockSimple, blockEnhanced:
		var r packet
		if err := r.parse(p.cur, body, at, size); err != nil {
			return err
		}
		rec := Record{At: at, Head: uint16(r.head + r.iface.pseudo), Data: body[r.head : r.head+r.captured : r.head+r.captured], WireLen: r.wire, Iface: r.iface}
		if rec.Untimed = r.untimed; !r.untimed {
			p.last = r.time
		}
		rec.Time = p.last
		if n := r.iface.pseudo; n > 0 {
			if len(rec.Data) < n {
				return frameFault(at, "a captured length of %d bytes has no room for the %d before the frame", len(rec.Data), n)
			}
			rec.Data, rec.WireLen = rec.Data[n:], rec.WireLen-uint32(n)
		}
		b.Records = append(b.Records, rec)
	case blockSection:
		return p.beginSection(body, at, ord)
	case blockInterface:
		return p.addInterface(body, at)
	case blockNames:
		p.addNames(body)
	case blockSecrets:
		p.addSecret(body)
	}
	return nil
}

// packetHead is how many bytes go before the frame in a block; 0: it has none.
func packetHead(kind uint32) int {
	switch kind {
	case blockSimple:
		return 12
	case blockPacket, blockEnhanced:
		return 28
	}
	return 0
}

// capturedLength is the one that a packet block states.
func capturedLength(ord order, kind uint32, block []byte) int64 {
	if kind == blockSimple {
		return int64(ord.u32(block[8:]))
	}
	return int64(ord.u32(block[20:]))
}

// packet is what the beginning of a packet block says.
type packet struct {
	iface          *Interface
	head, captured int // bytes before the frame, and of it
	wire           uint32
	time           int64
	untimed        bool
}

// parse reads a packet block of a size. block is at least its head, and its
// lengths are held against size, not against what is there of it.
func (r *packet) parse(s *section, block []byte, at, size int64) error {
	ord, kind := s.order, s.order.u32(block)
	r.head = packetHead(kind)
	if size < int64(r.head)+4 {
		return frameFault(at, "a packet block of %d bytes is too short", size)
	}
	id := 0
	switch kind {
	case blockEnhanced:
		id = int(ord.u32(block[8:]))
	case blockPacket:
		id = int(ord.u16(block[8:]))
	}
	if id >= len(s.ifaces) {
		return frameFault(at, "interface %d is not described before it", id)
	}
	r.iface = s.ifaces[id]
	captured := capturedLength(ord, kind, block)
	if kind == blockSimple {
		r.wire, r.untimed = uint32(captured), true
		// It has no captured length: the snap length cut it, or nothing did
		// (draft-ietf-opsawg-pcapng sec. 4.4).
		if snap := int64(r.iface.Snap); snap > 0 {
			captured = min(captured, snap)
		}
	} else {
		r.wire = ord.u32(block[24:])
		r.time = r.iface.nanos(uint64(ord.u32(block[12:]))<<32 | uint64(ord.u32(block[16:])))
	}
	if room := size - int64(r.head) - 4; captured > room {
		return frameFault(at, "a captured length of %d bytes does not fit a block with room for %d", captured, room)
	}
	if captured > maxFrame {
		return frameFault(at, "a captured length of %d bytes is absurd (at most %d)", captured, maxFrame)
	}
	r.captured = int(captured)
	return nil
}

// sectionOf is the section that a place lies in, and its interfaces so far.
func (p *pcapng) sectionOf(at int64) section {
	x := &p.s.said
	x.mu.RLock()
	defer x.mu.RUnlock()
	i := sort.Search(len(x.sections), func(i int) bool { return x.sections[i].at > at }) - 1
	if i < 0 {
		return section{}
	}
	return *x.sections[i]
}
