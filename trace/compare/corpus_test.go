package compare_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"strata/capture"
	"strata/testdata/need"
	"strata/trace/compare"
)

// TestCapturesOfOthers: each is the same as itself, and is compared with the
// next one in a moment, whatever is in them.
func TestCapturesOfOthers(t *testing.T) {
	files := need.Corpus(t)
	if os.Getenv("STRATA_LONG") == "" {
		files = files[:min(len(files), 120)]
	}
	var last *capture.File
	for _, path := range files {
		f, err := capture.Open(path, nil)
		if err != nil {
			continue
		}
		f.Wait(1 << 30)
		begun := time.Now()
		if c := compared(f, f, compare.Options{}); c.Counts().Same != f.Frames() {
			t.Errorf("%s is not the same as itself: %+v", path, c.Counts())
		}
		if last != nil {
			c := compared(last, f, compare.Options{})
			if err := c.WriteText(io.Discard); err != nil {
				t.Error(err)
			}
			if err := c.WriteJSON(io.Discard); err != nil {
				t.Error(err)
			}
			for _, s := range []compare.Side{compare.A, compare.B} {
				for n := range c.Trace(s).Frames() {
					if r := c.RowOf(s, n); r < 0 || c.Row(r).Seen[s].Frame != n {
						t.Fatalf("%s: frame %d is in row %d", path, n, r)
					}
				}
			}
			last.Close()
		}
		if d := time.Since(begun); d > 20*time.Second {
			t.Errorf("%s and the one before, %d frames: %v", filepath.Base(path), f.Frames(), d)
		}
		last = f
	}
	if last != nil {
		last.Close()
	}
}
