package layers_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"strata/layers"
	"strata/layers/pdml"
)

// TestCutTailEqualsTshark: what follows a frame's payload, padding, a trailer, a
// checksum, is named as Wireshark names it however much of it was captured.
func TestCutTailEqualsTshark(t *testing.T) {
	arp := append([]byte{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1}, make([]byte, 20)...)
	type cut struct {
		data []byte
		wire int
	}
	var cuts []cut
	for _, tail := range []string{
		string(make([]byte, 18)), string(make([]byte, 30)), "no zeros at all...", string(make([]byte, 18)) + "FCSs", "\x00\x00\x00\x00abc", "",
	} {
		whole := append(append([]byte{}, arp...), tail...)
		for n := len(arp); n <= len(whole); n++ {
			cuts = append(cuts, cut{whole[:n], len(whole)})
		}
	}
	file := binary.LittleEndian.AppendUint32(nil, 0xa1b2c3d4)
	for _, v := range []uint32{4<<16 | 2, 0, 0, 1 << 18, 1} {
		file = binary.LittleEndian.AppendUint32(file, v)
	}
	for i, c := range cuts {
		for _, v := range []int{i, 0, len(c.data), c.wire} {
			file = binary.LittleEndian.AppendUint32(file, uint32(v))
		}
		file = append(file, c.data...)
	}
	path := filepath.Join(t.TempDir(), "cut.pcap")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	scores := pdml.Scores{}
	n := 0
	pdml.Tshark(t, path, func(protos []pdml.Element) {
		scores.Add(layers.Dissect(cuts[n].data, layers.Options{WireLen: cuts[n].wire}), protos, fmt.Sprintf("%d of %d", len(cuts[n].data), cuts[n].wire))
		n++
	}, pdml.Alone...)
	report(t, scores, map[string]float64{})
	if n != len(cuts) {
		t.Errorf("tshark reads %d frames of %d", n, len(cuts))
	}
}
