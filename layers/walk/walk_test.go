package walk

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/gopacket"
	gl "github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"

	"strata/layers"
	"strata/testdata/need"
)

// read calls each with the frames of a capture file that gopacket can read.
func read(t *testing.T, path string, each func(data []byte, wire int, link uint16)) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r interface {
		gopacket.PacketDataSource
		LinkType() gl.LinkType
	}
	if filepath.Ext(path) == ".pcapng" {
		r, err = pcapgo.NewNgReader(f, pcapgo.DefaultNgReaderOptions)
	} else {
		r, err = pcapgo.NewReader(f)
	}
	if err != nil {
		return // formats are others' business
	}
	for {
		data, info, err := r.ReadPacketData()
		if err != nil {
			return
		}
		each(data, info.Length, uint16(r.LinkType()))
	}
}

// found lists what a walk says of packets and transports.
func found(s *Shape) (all []string) {
	for i, h := range s.Headers[:s.All] {
		switch h.Proto {
		case layers.IPv4, layers.IPv6, layers.TCP, layers.UDP:
			all = append(all, fmt.Sprint(h.Proto, " @", h.At, quoted(i >= s.N)))
		}
	}
	return all
}

// dissected lists what the dissection says of them: those that have a header
// at all.
func dissected(t *layers.Tree) (all []string) {
	for _, p := range t.Parts {
		whole := map[layers.Proto]int{layers.IPv4: layers.IPv4MinSize, layers.IPv6: layers.IPv6Size, layers.TCP: 8, layers.UDP: layers.UDPSize}[p.Proto]
		if whole > 0 && p.In == layers.InFrame && p.Pos+whole <= len(t.Data) && p.Len >= min(whole, 8) {
			all = append(all, fmt.Sprint(p.Proto, " @", p.Pos, quoted(p.Quoted)))
		}
	}
	return all
}

func quoted(q bool) string {
	if q {
		return " quoted"
	}
	return ""
}

// TestWalkEqualsDissect: the quick look finds the packets and transports that
// the dissection finds, at the same places.
func TestWalkEqualsDissect(t *testing.T) {
	own, _ := filepath.Glob("../../testdata/*.pcap*")
	frames, other, logged := 0, 0, map[string]int{}
	for _, path := range append(need.Captures(), own...) {
		n := 0
		read(t, path, func(data []byte, wire int, link uint16) {
			n++
			frames++
			wire = max(wire, len(data))
			var s Shape
			Walk(&s, data, wire, link, 0)
			tree := layers.Dissect(data, layers.Options{WireLen: wire, First: layers.LinkProto(int(link))})
			if got, want := fmt.Sprint(found(&s)), fmt.Sprint(dissected(tree)); got != want {
				if other++; logged[path] < 2 {
					logged[path]++
					t.Logf("%s:%d: %s; dissected: %s", filepath.Base(path), n, got, want)
				}
			}
		})
	}
	t.Logf("%d of %d frames differ", other, frames)
	if other*200 > frames {
		t.Errorf("%d of %d frames differ", other, frames)
	}
}
