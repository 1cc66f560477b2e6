package source

import (
	"encoding/binary"

	"github.com/google/gopacket/pcapgo"
)

// pcap is a file of libpcap's classic format, in one of its forms: a header of
// 24 bytes, then records of a header and a frame.
type pcap struct {
	s     *Source
	order order
	form  form
	iface *Interface
}

// form is how the records of a file are laid out.
type form struct {
	head  int   // bytes of a record's header
	skip  int   // bytes between it and the frame, counted by its lengths
	tick  int64 // nanoseconds of the second word of a time
	swap  bool  // the lengths stand the other way round, as before version 2.3
	guess bool  // they may, as in version 2.3
}

const (
	pcapHeader = 24
	pcapRecord = 16
	ixiaExtra  = 4 // of the file's header

	magicMicro    = 0xa1b2c3d4
	magicNano     = 0xa1b23c4d
	magicModified = 0xa1b2cd34 // Linux distributions of 1999: longer records
	magicIxiaHard = 0x1c0001ac // lcap: nanoseconds
	magicIxiaSoft = 0x1c0001ab // lcap: microseconds
)

// newPcap reads a file's header and gives the place of its first record; nil
// when the magic number is not one of pcap's.
func newPcap(s *Source, h []byte) (format, int64, error) {
	p := &pcap{s: s, form: form{head: pcapRecord, tick: 1000}}
	var magic uint32
	if len(h) >= 4 {
		magic = p.magic(h)
	}
	if magic == 0 {
		return nil, 0, nil
	}
	first := int64(pcapHeader)
	if magic == magicIxiaHard || magic == magicIxiaSoft {
		first += ixiaExtra
	}
	if int64(len(h)) < first {
		return nil, 0, faultf(0, "the file ends inside the pcap header: %d bytes are needed, %d are left", first, len(h))
	}
	if magic == magicNano || magic == magicIxiaHard {
		p.form.tick = 1
	}
	major, minor := p.order.u16(h[4:]), p.order.u16(h[6:])
	// Before 2.3 the lengths stood the other way round, in some files of 2.3
	// still, and in those of DG/UX, which call themselves 543.
	switch {
	case major < 2:
		return nil, 0, faultf(4, "pcap version %d.%d is not known, only 2.0 and later", major, minor)
	case major == 2 && minor < 3, major == 543:
		p.form.swap = true
	case major == 2 && minor == 3:
		p.form.guess = true
	}
	p.iface = s.newIface(Interface{Snap: p.order.u32(h[16:])})
	p.setLink(p.order.u32(h[20:]))
	current := !p.form.swap && !p.form.guess
	switch {
	case magic == magicMicro && major == 2 && minor == 2:
		p.tryAIX()
	case magic == magicMicro && current && !s.Live():
		p.choose(first, plain, redHat, nokia)
	case magic == magicModified:
		p.choose(first, redHat, suse)
	}
	p.form.skip += p.iface.pseudo
	return p, first, nil
}

// magic tells a file's byte order and gives its magic number; 0: not pcap.
func (p *pcap) magic(h []byte) uint32 {
	for _, p.order = range []order{little, big} {
		switch m := p.order.u32(h); m {
		case magicMicro, magicNano, magicModified, magicIxiaHard, magicIxiaSoft:
			return m
		}
	}
	return 0
}

// setLink reads the header's last word: the link type, and above it how many
// 16-bit words of FCS each frame ends with, if bit 26 says that it is known.
func (p *pcap) setLink(word uint32) {
	p.iface.Link = uint16(word)
	p.iface.pseudo = pseudoHeader(p.iface.Link)
	if word&0x0400_0000 != 0 {
		p.iface.FCSLen = int(word>>28) * 2
	}
}

// tryAIX knows AIX's files by link types that are numbers of RFC 1573: they
// tell nanoseconds, and have three bytes before FDDI frames.
func (p *pcap) tryAIX() {
	link, ok := map[uint16]uint16{6: linkEthernet, 9: linkTokenRing, 15: linkFDDI, 24: linkNull}[p.iface.Link]
	if !ok {
		return
	}
	p.form.tick = 1
	p.iface.Link, p.iface.pseudo = link, 0
	if link == linkFDDI {
		p.form.skip = 3
	}
}

// lengths reads those of a record: captured and on the wire.
func (p *pcap) lengths(h []byte) (captured, wire uint32) {
	captured, wire = p.order.u32(h[8:]), p.order.u32(h[12:])
	if p.form.swap || p.form.guess && captured > wire {
		captured, wire = wire, captured
	}
	return captured, wire
}

func (p *pcap) parse(b *Batch, w []byte, at int64) (used int64, more want, err error) {
	head, skip := p.form.head, uint32(p.form.skip)
	off := 0
	for {
		h := w[off:]
		if len(h) < head {
			more = want{n: 1}
			if len(h) > 0 {
				more = want{n: head, what: "a packet's header", inFrame: true, at: at + int64(off)}
			}
			return int64(off), more, nil
		}
		captured, wire := p.lengths(h)
		if captured > maxFrame {
			return int64(off), more, frameFault(at+int64(off), "a captured length of %d bytes is absurd (at most %d)", captured, maxFrame)
		}
		n := head + int(captured)
		if len(h) < n {
			return int64(off), want{n: n, what: "a packet", inFrame: true, at: at + int64(off)}, nil
		}
		if captured < skip {
			return int64(off), more, frameFault(at+int64(off), "a captured length of %d bytes has no room for the %d before the frame", captured, skip)
		}
		r := b.next()
		r.At, r.Head, r.Data = at+int64(off), uint16(head+int(skip)), h[head+int(skip):n:n]
		r.WireLen, r.Time, r.Iface, r.Untimed = wire-skip, p.time(h), p.iface, false
		off += n
	}
}

func (p *pcap) time(h []byte) int64 {
	return int64(p.order.u32(h))*1e9 + int64(p.order.u32(h[4:]))*p.form.tick
}

func (p *pcap) frame(at int64, capLen int, m *Meta) ([]byte, error) {
	head := p.form.head + p.form.skip
	raw := m.memory(head + capLen)
	if n, err := p.s.store.at(raw, at); err != nil || n < len(raw) {
		return nil, again(at, err)
	}
	captured, _ := p.lengths(raw)
	if int64(captured) != int64(capLen+p.form.skip) {
		return nil, faultf(at, "has changed since it was read")
	}
	p.describeHead(raw, m)
	return m.viaPcapgo(raw[head-pcapRecord:], capLen, at)
}

func (p *pcap) describe(at int64, m *Meta) error {
	raw := m.memory(p.form.head)
	if n, err := p.s.store.at(raw, at); err != nil || n < len(raw) {
		return again(at, err)
	}
	p.describeHead(raw, m)
	return nil
}

func (p *pcap) describeHead(h []byte, m *Meta) {
	_, wire := p.lengths(h)
	m.reset()
	m.Time, m.WireLen = p.time(h), int(wire-uint32(p.form.skip))
	m.Iface, m.FCSLen = p.iface, p.iface.FCSLen
}

// viaPcapgo reads a frame of n bytes, behind room for a record's header,
// through gopacket's reader: one whole record that has been checked.
func (m *Meta) viaPcapgo(raw []byte, n int, at int64) ([]byte, error) {
	if m.pcap == nil {
		var h [pcapHeader]byte
		binary.LittleEndian.PutUint32(h[:], magicMicro)
		h[4], h[6] = 2, 4
		m.feed.Reset(h[:])
		r, err := pcapgo.NewReader(&m.feed)
		if err != nil {
			return nil, faultf(at, "%v", err)
		}
		m.pcap = r
	}
	clear(raw[:8])
	binary.LittleEndian.PutUint32(raw[8:], uint32(n))
	binary.LittleEndian.PutUint32(raw[12:], uint32(n))
	m.feed.Reset(raw)
	m.pcap.SetSnaplen(uint32(n)) // also what it allocates
	data, _, err := m.pcap.ZeroCopyReadPacketData()
	if err != nil {
		m.pcap = nil
		return nil, faultf(at, "%v", err)
	}
	return data, nil
}
