package capture

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// The parts of capture files; package source has the tests of reading them.
const (
	magicMicro     = 0xa1b2c3d4
	magicNano      = 0xa1b23c4d
	blockSection   = 0x0a0d0d0a
	blockInterface = 1
	blockEnhanced  = 6
	byteOrderMagic = 0x1a2b3c4d
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
	f, err := Open(tempFile(t, name, b), nil)
	if err == nil {
		f.Wait(math.MaxInt)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}
