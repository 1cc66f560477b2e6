package analysis_test

import (
	"encoding/binary"
	"errors"
	"io"
	"os"

	"github.com/google/gopacket"
	gl "github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
)

// frame is a record of a capture.
type frame struct {
	data []byte
	wire int
	time int64
	link int
}

// readFrames reads a capture's frames, as far as it is whole.
func readFrames(path string) ([]frame, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r interface {
		gopacket.PacketDataSource
		LinkType() gl.LinkType
	}
	if p, err := pcapgo.NewReader(f); err == nil {
		r = p
	} else {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		n, err := pcapgo.NewNgReader(f, pcapgo.NgReaderOptions{WantMixedLinkType: true})
		if err != nil {
			return nil, err
		}
		r = n
	}
	var frames []frame
	for {
		data, info, err := r.ReadPacketData()
		if errors.Is(err, io.EOF) || err != nil {
			return frames, nil
		}
		link := int(r.LinkType())
		if len(info.AncillaryData) > 0 {
			if l, ok := info.AncillaryData[0].(gl.LinkType); ok {
				link = int(l)
			}
		}
		frames = append(frames, frame{append([]byte(nil), data...), info.Length, info.Timestamp.UnixNano(), link})
	}
}

// end is an address and a port.
type end struct {
	addr string
	port uint16
}

// header is a transport header in a frame.
type header struct {
	proto    uint8
	src, dst end
	data     []byte // from it on, as captured
	size     int    // and on the wire
	quoted   bool   // by an ICMP error
	fragment bool
}

// locator finds transport headers: a second way of doing it, for the judge.
type locator struct {
	found  []header
	quoted bool
}

// locate lists the TCP and UDP headers of a frame.
func locate(f frame) []header {
	l := &locator{}
	b, n := f.data, max(f.wire, len(f.data))
	skip := func(k int) bool {
		if len(b) < k {
			return false
		}
		b, n = b[k:], n-k
		return true
	}
	switch f.link {
	case 1:
		l.ethernet(b, n)
	case 0, 108:
		if skip(4) {
			l.ip(b, n)
		}
	case 12, 101, 14, 228, 229:
		l.ip(b, n)
	case 113:
		if len(b) >= 16 {
			kind := binary.BigEndian.Uint16(b[14:])
			skip(16)
			l.kind(kind, b, n)
		}
	case 276:
		if len(b) >= 20 {
			kind := binary.BigEndian.Uint16(b)
			skip(20)
			l.kind(kind, b, n)
		}
	case 9:
		if len(b) >= 4 {
			if b[0] == 0xff {
				skip(2)
			}
			l.ppp(b, n)
		}
	}
	return l.found
}

func (l *locator) ppp(b []byte, n int) {
	if len(b) < 2 {
		return
	}
	switch binary.BigEndian.Uint16(b) {
	case 0x21, 0x57:
		l.ip(b[2:], n-2)
	}
}

func (l *locator) ethernet(b []byte, n int) {
	if len(b) >= 14 {
		l.kind(binary.BigEndian.Uint16(b[12:]), b[14:], n-14)
	}
}

func (l *locator) kind(kind uint16, b []byte, n int) {
	switch kind {
	case 0x800, 0x86dd:
		l.ip(b, n)
	case 0x8100, 0x88a8, 0x9100:
		if len(b) >= 4 {
			l.kind(binary.BigEndian.Uint16(b[2:]), b[4:], n-4)
		}
	case 0x8864:
		if len(b) >= 8 && b[0] == 0x11 {
			l.ppp(b[6:], min(n-6, int(binary.BigEndian.Uint16(b[4:]))))
		}
	case 0x8847:
		for len(b) >= 4 {
			last := b[2]&1 == 1
			b, n = b[4:], n-4
			if last {
				l.ip(b, n)
				return
			}
		}
	}
}

func (l *locator) ip(b []byte, n int) {
	if len(b) < 20 {
		return
	}
	switch b[0] >> 4 {
	case 4:
		h := int(b[0]&15) * 4
		total := int(binary.BigEndian.Uint16(b[2:]))
		if total == 0 {
			total = n
		}
		if h < 20 || h > len(b) || total < h {
			return
		}
		n = min(n, total)
		b = b[:min(len(b), n)]
		frag := binary.BigEndian.Uint16(b[6:])
		if frag&0x1fff != 0 {
			return
		}
		l.upper(b[9], string(b[12:16]), string(b[16:20]), b[h:], n-h, frag&0x2000 != 0)
	case 6:
		if len(b) < 40 {
			return
		}
		if plen := int(binary.BigEndian.Uint16(b[4:])); plen > 0 {
			n = min(n, 40+plen)
		}
		b = b[:min(len(b), n)]
		src, dst, next := string(b[8:24]), string(b[24:40]), b[6]
		b, n = b[40:], n-40
		fragment := false
		for {
			size := 8
			switch next {
			case 0, 43, 60:
				if len(b) >= 8 {
					size = 8 + int(b[1])*8
				}
			case 44:
				if len(b) >= 8 {
					off := binary.BigEndian.Uint16(b[2:])
					if off&^7 != 0 {
						return
					}
					fragment = off&1 != 0
				}
			case 51:
				if len(b) >= 8 {
					size = 8 + int(b[1])*4
				}
			default:
				l.upper(next, src, dst, b, n, fragment)
				return
			}
			if len(b) < size {
				return
			}
			next, b, n = b[0], b[size:], n-size
		}
	}
}

func (l *locator) upper(proto uint8, src, dst string, b []byte, n int, fragment bool) {
	switch proto {
	case 6, 17:
		if len(b) >= 4 {
			l.found = append(l.found, header{proto, end{src, binary.BigEndian.Uint16(b)}, end{dst, binary.BigEndian.Uint16(b[2:])}, b, n, l.quoted, fragment})
		}
	case 4, 41:
		if !fragment {
			l.ip(b, n)
		}
	case 47:
		l.gre(b, n)
	case 1:
		if !fragment && len(b) >= 8 && (b[0] == 3 || b[0] == 4 || b[0] == 5 || b[0] == 11 || b[0] == 12) {
			l.quote(b[8:], n-8)
		}
	case 58:
		if !fragment && len(b) >= 8 && b[0] >= 1 && b[0] <= 4 {
			l.quote(b[8:], n-8)
		}
	}
}

func (l *locator) quote(b []byte, n int) {
	l.quoted = true
	l.ip(b, n)
	l.quoted = false
}

func (l *locator) gre(b []byte, n int) {
	if len(b) < 4 || b[1]&7 > 1 {
		return
	}
	size := 4
	for _, bit := range []byte{0x80, 0x20, 0x10} {
		if b[0]&bit != 0 {
			size += 4
		}
	}
	if b[1]&0x80 != 0 {
		size += 4
	}
	if len(b) < size {
		return
	}
	switch kind := binary.BigEndian.Uint16(b[2:]); kind {
	case 0x6558:
		l.ethernet(b[size:], n-size)
	case 0x880b:
		b, n = b[size:], n-size
		if len(b) > 2 && b[0] == 0xff {
			b, n = b[2:], n-2
		}
		if len(b) > 1 && b[0] == 0x21 {
			l.ip(b[1:], n-1)
			return
		}
		l.ppp(b, n)
	default:
		l.kind(kind, b[size:], n-size)
	}
}
