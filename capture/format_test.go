package capture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// frameBytes is a frame that can be told from others: n is in its payload.
func frameBytes(n, size int) []byte {
	b := make([]byte, size)
	copy(b, []byte{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5}) // an EtherType for experiments
	for i := 14; i < size; i++ {
		b[i] = byte(n)
	}
	return b
}

// pcapFile makes a pcap file with frames of the given sizes, a second apart.
func pcapFile(order byteOrder, nano bool, sizes ...int) []byte {
	magic := uint32(magicMicro)
	if nano {
		magic = magicNano
	}
	b := words(order, magic, uint32(0), uint32(0), 65535, 1)
	b = append(b[:4], append(pair(order, 2, 4), b[4:]...)...)
	for i, size := range sizes {
		b = append(b, words(order, uint32(1000+i), uint32(i), uint32(size), uint32(size))...)
		b = append(b, frameBytes(i, size)...)
	}
	return b
}

func words(order byteOrder, values ...uint32) (b []byte) {
	for _, v := range values {
		b = order.AppendUint32(b, v)
	}
	return b
}

func pair(order byteOrder, x, y uint16) []byte {
	return order.AppendUint16(order.AppendUint16(nil, x), y)
}

// block makes a pcapng block.
func block(order byteOrder, kind uint32, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	n := uint32(12 + len(body))
	return append(append(words(order, kind, n), body...), words(order, n)...)
}

func option(order byteOrder, code uint16, v ...byte) []byte {
	b := append(pair(order, code, uint16(len(v))), v...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

func sectionBlock(order byteOrder) []byte {
	return block(order, blockSection, words(order, byteOrderMagic), pair(order, 1, 0), words(order, math.MaxUint32, math.MaxUint32))
}

func interfaceBlock(order byteOrder, options ...[]byte) []byte {
	return block(order, blockInterface, pair(order, 1, 0), words(order, 0), bytes.Join(options, nil))
}

func enhancedBlock(order byteOrder, id uint32, ts uint64, frame []byte, options ...[]byte) []byte {
	n := uint32(len(frame))
	padded := append(bytes.Clone(frame), make([]byte, -len(frame)&3)...)
	return block(order, blockEnhanced, words(order, id, uint32(ts>>32), uint32(ts), n, n), padded, bytes.Join(options, nil))
}

func tempFile(t testing.TB, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func openBytes(t testing.TB, name string, b []byte) *File {
	t.Helper()
	f, err := Open(tempFile(t, name, b))
	if err == nil {
		f.Wait(math.MaxInt)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func orders() []byteOrder {
	return []byteOrder{binary.LittleEndian, binary.BigEndian}
}

func TestPcap(t *testing.T) {
	for _, order := range orders() {
		for _, nano := range []bool{false, true} {
			f := openBytes(t, "x.pcap", pcapFile(order, nano, 60, 14, 1514))
			if f.Frames() != 3 || f.Progress().Damage != nil {
				t.Fatalf("%v nano %v: %d frames, damage %v", order, nano, f.Frames(), f.Progress().Damage)
			}
			data, m, err := f.Data(2)
			if err != nil || !bytes.Equal(data, frameBytes(2, 1514)) {
				t.Fatalf("%v: frame 3 has %d bytes, %v", order, len(data), err)
			}
			want := int64(1002e9 + 2000)
			if nano {
				want = 1002e9 + 2
			}
			if m.Time.UnixNano() != want || m.WireLen != 1514 {
				t.Fatalf("%v nano %v: %+v", order, nano, m)
			}
			walkAll(t, f)
		}
	}
}

// TestPcapng reads two sections of different byte order, whose interfaces
// count time differently, and every kind of packet block.
func TestPcapng(t *testing.T) {
	l, b := byteOrder(binary.LittleEndian), byteOrder(binary.BigEndian)
	frame := frameBytes(7, 61)
	simple := block(l, blockSimple, words(l, 61), frame)
	old := block(l, blockPacket, pair(l, 1, 0), words(l, 0, 5_000_000, 61, 61), frame)
	file := bytes.Join([][]byte{
		sectionBlock(l),
		block(l, 0x0bad, []byte("a block that nobody knows")),
		interfaceBlock(l, option(l, 2, []byte("eth\x1b0")...)),
		interfaceBlock(l, option(l, 9, 9), option(l, 13, 4), option(l, 14, l.AppendUint64(nil, 100)...)),
		enhancedBlock(l, 0, 7_000_001, frame, option(l, 1, []byte("a comment\n")...)),
		enhancedBlock(l, 1, 2_000_000_003, frame),
		old,
		simple,
		sectionBlock(b),
		interfaceBlock(b, option(b, 9, 0x80|4)),
		enhancedBlock(b, 0, 16*9+8, frame, option(b, 2, 0, 0, 0, 2<<5)),
	}, nil)
	f := openBytes(t, "x.pcapng", file)
	if f.Progress().Damage != nil || f.Frames() != 5 {
		t.Fatalf("%d frames, damage %v", f.Frames(), f.Progress().Damage)
	}
	want := []struct {
		ns   int64
		name string
		fcs  int
	}{{7_000_001_000, "eth.0", 0}, {102_000_000_003, "", 4}, {100_005_000_000, "", 4}, {100_005_000_000, "eth.0", 0}, {9_500_000_000, "", 2}}
	for i, w := range want {
		data, m, err := f.Data(i)
		if err != nil || !bytes.Equal(data, frame) {
			t.Fatalf("frame %d: %d bytes, %v", i+1, len(data), err)
		}
		if m.Time.UnixNano() != w.ns || m.Interface != w.name || m.FCSLen != w.fcs {
			t.Errorf("frame %d: time %d, interface %q, FCS %d; want %+v", i+1, m.Time.UnixNano(), m.Interface, m.FCSLen, w)
		}
	}
	if _, m, _ := f.Data(0); fmt.Sprint(m.Comments) != "[a comment.]" {
		t.Errorf("comments %q", m.Comments)
	}
	walkAll(t, f)
}

// TestDamage: what is before the damage is kept, and the error says file,
// packet, place and what is wrong.
func TestDamage(t *testing.T) {
	l := byteOrder(binary.LittleEndian)
	good := pcapFile(l, false, 60, 60)
	absurd := append(bytes.Clone(good), words(l, 0, 0, math.MaxUint32, math.MaxUint32)...)
	ng := bytes.Join([][]byte{sectionBlock(l), interfaceBlock(l), enhancedBlock(l, 0, 0, frameBytes(0, 60))}, nil)
	huge := append(bytes.Clone(ng), words(l, 0x0bad, 0x7fffffff, 0)...)
	twice := append(bytes.Clone(ng), enhancedBlock(l, 0, 0, frameBytes(0, 60))...)
	l.PutUint32(twice[len(twice)-4:], 4)
	for _, c := range []struct {
		name   string
		file   []byte
		frames int
		want   string
	}{
		{"absurd.pcap", absurd, 2, "absurd.pcap: packet 3 at byte 176: a captured length of 4294967295 bytes is absurd"},
		{"cut.pcap", good[:len(good)-1], 1, "cut.pcap: packet 2 at byte 100: the file ends inside the packet: 60 bytes are needed, 59 are left"},
		{"head.pcap", append(bytes.Clone(good), 1, 2, 3), 2, "head.pcap: packet 3 at byte 176: the file ends inside a packet's header: 16 bytes are needed, 3 are left"},
		{"huge.pcapng", huge, 1, "huge.pcapng: byte 140: the file ends inside a block: 2147483648 bytes are needed, 12 are left"},
		{"twice.pcapng", twice, 1, "twice.pcapng: byte 140: the block's length is 92 before it and 4 behind it"},
		{"iface.pcapng", append(bytes.Clone(ng), enhancedBlock(l, 3, 0, nil)...), 1, "iface.pcapng: packet 2 at byte 140: interface 3 is not described before it"},
	} {
		f := openBytes(t, c.name, c.file)
		if f.Frames() != c.frames || f.Progress().Damage == nil || !strings.Contains(f.Progress().Damage.Error(), "/"+c.want) {
			t.Errorf("%d frames, damage %q, want %d, %q", f.Frames(), f.Progress().Damage, c.frames, c.want)
		}
		walkAll(t, f)
	}
}

func TestRefused(t *testing.T) {
	old := pcapFile(binary.LittleEndian, false, 60)
	old[6] = 3
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"empty.pcap":  {nil, "empty.pcap: byte 0: the file ends inside the file's magic number"},
		"text.pcap":   {[]byte("this is no capture"), "text.pcap: byte 0: is neither a pcap nor a pcapng file"},
		"old.pcap":    {old, "old.pcap: byte 4: pcap version 2.3 is not known, only 2.4"},
		"half.pcapng": {sectionBlock(binary.LittleEndian)[:14], "half.pcapng: byte 0: the file ends inside a section header"},
	} {
		path := tempFile(t, name, c.file)
		if _, err := Open(path); err == nil || !strings.HasPrefix(err.Error(), filepath.Dir(path)+"/"+c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := Open(t.TempDir()); err == nil {
		t.Error("a folder opens")
	}
}
