package layers_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/gopacket"
	gl "github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"

	"strata/layers"
	"strata/layers/pdml"
)

// TestSeedsEqualTshark: the frames that the fuzz targets begin with hold all
// that the tables know, and some that is broken.
func TestSeedsEqualTshark(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seeds.pcap")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := pcapgo.NewWriter(file)
	if err := w.WriteFileHeader(1<<16, gl.LinkTypeEthernet); err != nil {
		t.Fatal(err)
	}
	frames := seeds()
	for _, f := range frames {
		if err := w.WritePacket(gopacket.CaptureInfo{CaptureLength: len(f), Length: len(f)}, f); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	scores := pdml.Scores{}
	n := 0
	pdml.Tshark(t, path, func(protos []pdml.Element) {
		scores.Add(layers.Dissect(frames[n], layers.Options{}), protos, fmt.Sprintf("seed:%d", n+1))
		n++
	}, append(pdml.Alone, "-o", "tcp.analyze_sequence_numbers:FALSE")...)
	report(t, scores, map[string]float64{})
}
