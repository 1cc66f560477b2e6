package source

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

// Files made byte by byte. w is the byte order of what is made.

type maker struct{ w binary.AppendByteOrder }

var (
	le = maker{binary.LittleEndian}
	be = maker{binary.BigEndian}
)

// sample is a frame that says nothing to anyone.
func sample(n int) []byte {
	b := bytes.Repeat([]byte{0xa5}, max(n, 14))
	copy(b, "\x02\x00\x00\x00\x00\x01\x02\x00\x00\x00\x00\x02\x88\xb5") // an EtherType for experiments
	return b[:n]
}

func (m maker) u32(b []byte, vs ...uint32) []byte {
	for _, v := range vs {
		b = m.w.AppendUint32(b, v)
	}
	return b
}

func (m maker) u16(b []byte, vs ...uint16) []byte {
	for _, v := range vs {
		b = m.w.AppendUint16(b, v)
	}
	return b
}

func (m maker) pcap(magic uint32, major, minor uint16, snap, link uint32) []byte {
	return m.u32(m.u16(m.u32(nil, magic), major, minor), 0, 0, snap, link)
}

// record appends a record; extra goes between its header and the frame.
func (m maker) record(b []byte, sec, frac, captured, wire uint32, extra, frame []byte) []byte {
	return append(append(m.u32(b, sec, frac, captured, wire), extra...), frame...)
}

func pad(b []byte) []byte { return append(b, make([]byte, -len(b)&3)...) }

func (m maker) block(kind uint32, body []byte) []byte {
	body = pad(bytes.Clone(body))
	size := uint32(len(body) + 12)
	return m.u32(append(m.u32(nil, kind, size), body...), size)
}

func (m maker) option(code uint16, v []byte) []byte {
	return pad(append(m.u16(nil, code, uint16(len(v))), v...))
}

func (m maker) section(options ...[]byte) []byte {
	b := m.u32(m.u16(m.u32(nil, byteOrderMagic), 1, 0), 0xffffffff, 0xffffffff)
	return m.block(blockSection, append(b, bytes.Join(options, nil)...))
}

func (m maker) iface(link uint16, snap uint32, options ...[]byte) []byte {
	return m.block(blockInterface, append(m.u32(m.u16(nil, link, 0), snap), bytes.Join(options, nil)...))
}

func (m maker) enhanced(iface uint32, ticks uint64, wire int, frame []byte, options ...[]byte) []byte {
	b := m.u32(nil, iface, uint32(ticks>>32), uint32(ticks), uint32(len(frame)), uint32(wire))
	return m.block(blockEnhanced, append(pad(append(b, frame...)), bytes.Join(options, nil)...))
}

func (m maker) obsolete(iface uint16, ticks uint64, frame []byte, options ...[]byte) []byte {
	b := m.u32(m.u16(nil, iface, 7), uint32(ticks>>32), uint32(ticks), uint32(len(frame)), uint32(len(frame)))
	return m.block(blockPacket, append(pad(append(b, frame...)), bytes.Join(options, nil)...))
}

func (m maker) simple(wire int, frame []byte) []byte {
	return m.block(blockSimple, append(m.u32(nil, uint32(wire)), frame...))
}

func write(t testing.TB, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.pcap")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
