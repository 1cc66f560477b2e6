// Package capturetest makes captures in tests, and opens them whole.
package capturetest

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"

	"strata/capture"
	"strata/trace"
)

// Open opens a capture and waits until all of it is known. It is closed at the
// test's end.
func Open(t testing.TB, path string) *capture.File {
	t.Helper()
	f, err := capture.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	f.Wait(math.MaxInt)
	return f
}

// Frame is a frame of a capture to be made.
type Frame struct {
	At   trace.Time // since 1970
	Data []byte
	Size int // on the wire, bytes; 0: all of Data
}

// Head begins a pcap file of Ethernet frames, with times in nanoseconds.
func Head() []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 0xa1b23c4d)
	b = append(b, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0) // version 2.4
	return le.AppendUint32(le.AppendUint32(b, 1<<18), 1)
}

// Append appends a frame to a file that Head begins.
func Append(b []byte, f Frame) []byte {
	le := binary.LittleEndian
	b = le.AppendUint32(b, uint32(f.At/trace.Second))
	b = le.AppendUint32(b, uint32(f.At%trace.Second))
	b = le.AppendUint32(b, uint32(len(f.Data)))
	b = le.AppendUint32(b, uint32(max(f.Size, len(f.Data))))
	return append(b, f.Data...)
}

// Pcap is a file of frames.
func Pcap(frames []Frame) []byte {
	b := Head()
	for _, f := range frames {
		b = Append(b, f)
	}
	return b
}

// Write writes a file of frames, and gives its path.
func Write(t testing.TB, frames []Frame) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.pcap")
	if err := os.WriteFile(path, Pcap(frames), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
