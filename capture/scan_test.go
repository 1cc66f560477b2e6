package capture_test

import (
	"bytes"
	"math"
	"testing"

	"strata/capture"
)

// TestScanGivesTheBytesOfFrames, all that Append gives, and from where it is
// asked to until it is told to stop.
func TestScanGivesTheBytesOfFrames(t *testing.T) {
	for _, name := range []string{"../testdata/http.pcap", "../testdata/socketios.pcapng"} {
		f, err := capture.Open(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		f.Wait(math.MaxInt)
		next := 2
		f.Scan(2, math.MaxInt, func(n int, data []byte) bool {
			id := f.Frame(n).PDU
			if want := f.Append(nil, id, 0, f.Size(id)); n != next || !bytes.Equal(data, want) {
				t.Errorf("%s: frame %d has %x, want frame %d, %x", name, n, data, next, want)
			}
			next++
			return true
		})
		if next != f.Frames() {
			t.Errorf("%s: the scan ends at %d of %d", name, next, f.Frames())
		}
		f.Scan(-1, 5, func(n int, _ []byte) bool { next = n; return n < 1 })
		if next != 1 {
			t.Errorf("%s: the scan goes on to %d", name, next)
		}
	}
}
