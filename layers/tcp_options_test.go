package layers_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/gopacket"
	gl "github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"

	"strata/layers"
	"strata/layers/pdml"
)

// withOptions is a packet whose TCP header has these options.
func withOptions(flags uint16, ack uint32, options []byte) []byte {
	for len(options)%4 != 0 {
		options = append(options, 0)
	}
	b := make([]byte, 40, 100)
	be := binary.BigEndian
	b[0], b[8], b[9] = 0x45, 64, 6
	copy(b[12:], []byte{10, 0, 0, 1, 10, 0, 0, 2, 0x30, 0x39, 0xd4, 0x31})
	be.PutUint32(b[28:], ack)
	be.PutUint16(b[32:], uint16(5+len(options)/4)<<12|flags)
	b = append(b, options...)
	be.PutUint16(b[2:], uint16(len(b)))
	return b
}

// optionFrames has every kind of option in every length, with random bytes
// and, of those that begin by saying what they are, all that they can be.
func optionFrames() (frames [][]byte) {
	r := rand.New(rand.NewPCG(1, 2))
	add := func(kind byte, n int, first ...byte) {
		o := append([]byte{kind, byte(n)}, first...)
		for len(o) < n {
			o = append(o, byte(r.Uint32()))
		}
		for _, flags := range []uint16{2, 0x10} {
			frames = append(frames, withOptions(flags, 1000, o[:max(2, n)]))
		}
	}
	for kind := 0; kind < 256; kind++ {
		for _, n := range []int{0, 2, 3, 4, 5, 6, 8, 10, 11, 12, 16, 18, 34} {
			if kind != 30 {
				add(byte(kind), n)
			}
		}
	}
	for n := 2; n <= 30; n++ {
		for subtype := byte(0); subtype < 16; subtype++ {
			for range 2 {
				add(30, n, subtype<<4|byte(r.IntN(3)), byte(r.Uint32()))
			}
		}
		for vt := byte(0); vt < 48; vt++ {
			add(76, n, vt<<4|byte(r.IntN(2)))
			add(76, n, vt<<1)
		}
		for _, exid := range []uint16{0xacc0, 0xacc1, 0xf989, 0x00ac, 0x4643, 0xe2d4, 0x1234} {
			add(253, n, byte(exid>>8), byte(exid))
			add(254, n, byte(exid>>8), byte(exid))
		}
	}
	for range 400 { // blocks near the acknowledgment, and in each other
		n := 1 + r.IntN(4)
		o := []byte{5, byte(2 + 8*n)}
		for range n {
			left := 900 + uint32(r.IntN(200))
			o = binary.BigEndian.AppendUint32(o, left)
			o = binary.BigEndian.AppendUint32(o, left+uint32(r.IntN(60)))
		}
		frames = append(frames, withOptions(0x10, 1000, o))
	}
	for range 2000 { // lists
		var o []byte
		for len(o) < 4+r.IntN(30) {
			switch kind := byte(r.IntN(36)); kind {
			case 0, 1:
				o = append(o, kind)
			default:
				n := []int{2, 3, 4, 6, 10, 10, 18}[r.IntN(7)]
				o = append(o, kind, byte(n))
				for range n - 2 {
					o = append(o, byte(r.Uint32()))
				}
			}
		}
		frames = append(frames, withOptions([]uint16{2, 0x12, 0x10}[r.IntN(3)], 1000, o[:min(40, len(o))]))
	}
	return frames
}

// TestTCPOptionsEqualTshark holds every option to tshark, frame by frame.
func TestTCPOptionsEqualTshark(t *testing.T) {
	frames := optionFrames()
	if os.Getenv("STRATA_LONG") == "" {
		var some [][]byte
		for i := 0; i < len(frames); i += 7 {
			some = append(some, frames[i])
		}
		frames = some
	}
	path := filepath.Join(t.TempDir(), "options.pcap")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := pcapgo.NewWriter(file)
	if err := w.WriteFileHeader(1<<16, gl.LinkTypeRaw); err != nil {
		t.Fatal(err)
	}
	for i, f := range frames { // each a stream of its own
		binary.BigEndian.PutUint16(f[20:], uint16(1024+i))
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
		scores.Add(layers.Dissect(frames[n], layers.Options{First: layers.IPv4}), protos, fmt.Sprintf("option:%d", n+1))
		n++
	}, append(pdml.Alone, "-o", "tcp.analyze_sequence_numbers:FALSE")...)
	if keep := os.Getenv("STRATA_KEEP"); keep != "" {
		b, _ := os.ReadFile(path)
		_ = os.WriteFile(keep, b, 0o600)
	}
	report(t, scores, map[string]float64{"tcp": 0.995})
}
