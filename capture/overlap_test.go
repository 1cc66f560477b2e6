package capture

import (
	"slices"
	"testing"

	"strata/layers"
)

// TestOverlap: a fragment that brings bytes again is told of.
func TestOverlap(t *testing.T) {
	l := &lan{}
	datagram := make([]byte, 48)
	copy(datagram, []byte{0, 9, 0, 7, 0, 48, 0, 0})
	l.fragment(5, 0, true, datagram[:24])
	l.fragment(5, 16, true, datagram[16:32])
	l.fragment(5, 32, false, datagram[32:])
	f := openBytes(t, "overlap.pcapng", l.file())
	var told []bool
	for n := range f.Frames() {
		told = append(told, slices.ContainsFunc(f.Tree(n).Expert, func(e layers.Expert) bool { return e.Name == "ip.fragment.overlap" }))
	}
	if !slices.Equal(told, []bool{false, true, false}) {
		t.Errorf("told of overlaps: %v", told)
	}
}
