package capture

import (
	"math"
	"strings"
	"testing"

	"strata/layers"
)

// TestLoopback: a host that talks to itself has two lifelines, and checksums
// that were left to a network card are no damage, though no filter for bad ones
// may miss them.
func TestLoopback(t *testing.T) {
	f, err := Open("../testdata/loopback.pcap", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.Wait(math.MaxInt)
	nodes := f.Info().Nodes
	for n := range f.Frames() {
		frame := f.Frame(n)
		from, to := nodes[frame.From].Name, nodes[frame.To].Name
		if from+to != "127.0.0.1127.0.0.1:80" && from+to != "127.0.0.1:80127.0.0.1" {
			t.Errorf("frame %d goes from %s to %s", n+1, from, to)
		}
		tree := f.Tree(n)
		tcp := tree.Parts[2]
		if asks := strings.Contains(tcp.Summary, "► 80,"); asks != (to == "127.0.0.1:80") {
			t.Errorf("frame %d: %s goes to %s", n+1, tcp.Summary, to)
		}
		if len(tree.Expert) == 0 || tree.Expert[0].Text != layers.ChecksumLeft || tree.Expert[0].Name != "tcp.checksum_bad.expert" {
			t.Errorf("frame %d: %+v", n+1, tree.Expert)
		}
	}
}
