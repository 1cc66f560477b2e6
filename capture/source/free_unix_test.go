//go:build linux || darwin

package source

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A named pipe is read as a pipe, packed or not.
func TestNamedPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	go func() {
		w, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return
		}
		defer w.Close()
		in, _ := os.ReadFile("../../testdata/http.pcap")
		w.Write(in)
	}()
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n := 0
	var b Batch
	for err = s.Read(&b); err == nil; err = s.Read(&b) {
		n += len(b.Records)
	}
	if n != 59 || err != io.EOF || s.Live() {
		t.Errorf("%d frames, %v", n, err)
	}
}

func TestFreeBytes(t *testing.T) {
	if n, ok := freeBytes(t.TempDir()); !ok || n == 0 {
		t.Errorf("%d bytes are free, %v", n, ok)
	}
	if spoolLimit() <= 0 || spoolLimit() > spoolMost {
		t.Errorf("the limit is %d", spoolLimit())
	}
}
