package scratch

import (
	"os"
	"testing"
)

// A file can be written and read, and leaves nothing in its folder.
func TestGone(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	f, err := New()
	if err != nil {
		t.Fatal(err)
	}
	var back [4]byte
	if _, err := f.WriteAt([]byte("byte"), 3); err != nil {
		t.Fatal(err)
	}
	if _, err := f.ReadAt(back[:], 3); err != nil || string(back[:]) != "byte" {
		t.Errorf("%q, %v", back, err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	t.Setenv("TMPDIR", dir+"/none")
	t.Setenv("TMP", dir+"/none")
	if _, err := New(); err == nil {
		t.Error("a file in no folder")
	}
}
