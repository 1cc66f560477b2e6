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

// TestWalkPseudowire: behind labels there may be a frame, with a control word
// before it or without (RFC 4448); what is found is what tshark finds there.
func TestWalkPseudowire(t *testing.T) {
	udp := []byte{0, 9, 0, 7, 0, 8, 0, 0}
	ip := append([]byte{0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2}, udp...)
	frame := func(dst, src string) []byte {
		return append(append([]byte(dst+src), 8, 0), ip...)
	}
	const known, vendor, local = "\x00\x1b\x21\x11\x22\x33", "\x00\x50\x56\x01\x02\x03", "\xaa\x1a\xc6\x59\xad\x8d"
	for _, c := range []struct {
		name    string
		label   byte
		payload []byte
		want    string
	}{
		{"no word", 100, frame(known, vendor), "[IPv4 @32 UDP @52]"},
		{"a word of zeros", 100, append(make([]byte, 4), frame(local, known)...), "[IPv4 @36 UDP @56]"},
		{"a word with a number", 100, append([]byte{0, 0, 0, 5}, frame(known, local)...), "[IPv4 @36 UDP @56]"},
		{"local addresses, no word", 100, frame(local, local), "[]"},
		{"the label of alerts", 13, append(make([]byte, 4), frame(known, vendor)...), "[]"},
		{"a packet", 100, ip, "[IPv4 @18 UDP @38]"},
		{"cut", 100, []byte{0, 0}, "[]"},
	} {
		data := append([]byte(known+vendor+"\x88\x47\x00"), c.label>>4, c.label<<4|1, 64)
		data = append(data, c.payload...)
		var s Shape
		Walk(&s, data, len(data), LinkEthernet, 0)
		tree := layers.Dissect(data, layers.Options{})
		if got, want := fmt.Sprint(found(&s)), fmt.Sprint(dissected(tree)); got != want || got != c.want {
			t.Errorf("%s: %s; dissected: %s; want %s", c.name, got, want, c.want)
		}
	}
}
