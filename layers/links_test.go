package layers_test

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"strata/layers"
	"strata/layers/pdml"
)

// linkSeed is a file of frames made by hand: its link type, and a frame in hex
// a line.
type linkSeed struct {
	name   string
	link   int
	frames [][]byte
}

func linkSeeds(t testing.TB) (seeds []linkSeed) {
	t.Helper()
	files, err := filepath.Glob("testdata/link/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no frames", err)
	}
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		seed := linkSeed{name: filepath.Base(path)}
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			if link, ok := strings.CutPrefix(lines.Text(), "link "); ok {
				fmt.Sscan(link, &seed.link)
				continue
			}
			b, err := hex.DecodeString(lines.Text())
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			seed.frames = append(seed.frames, b)
		}
		f.Close()
		seeds = append(seeds, seed)
	}
	return seeds
}

// pcapOf is a capture file of frames of any link type.
func pcapOf(link int, frames [][]byte) []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 0xa1b2c3d4)
	b = le.AppendUint16(le.AppendUint16(b, 2), 4)
	b = append(b, make([]byte, 8)...)
	b = le.AppendUint32(le.AppendUint32(b, 1<<18), uint32(link))
	for _, f := range frames {
		b = append(b, make([]byte, 8)...)
		b = le.AppendUint32(le.AppendUint32(b, uint32(len(f))), uint32(len(f)))
		b = append(b, f...)
	}
	return b
}

// TestLinksEqualTshark: every message of the link layers and tunnels that the
// tables know has a frame here, and so have some that are broken.
func TestLinksEqualTshark(t *testing.T) {
	for _, seed := range linkSeeds(t) {
		path := filepath.Join(t.TempDir(), "frames.pcap")
		if err := os.WriteFile(path, pcapOf(seed.link, seed.frames), 0o600); err != nil {
			t.Fatal(err)
		}
		scores, n := pdml.Scores{}, 0
		first := layers.LinkProto(seed.link)
		pdml.Tshark(t, path, func(protos []pdml.Element) {
			tree := layers.Dissect(seed.frames[n], layers.Options{First: first})
			check(t, tree)
			scores.Add(tree, protos, fmt.Sprintf("%s:%d", seed.name, n+1))
			n++
		}, pdml.Alone...)
		if n != len(seed.frames) {
			t.Errorf("%s: %d of %d frames", seed.name, n, len(seed.frames))
		}
		for name, s := range scores {
			// Wireshark begins the bytes after LLDP one too early.
			if name == "eth" && seed.name == "lldp.txt" {
				continue
			}
			if s.Matched != s.Want || s.Extra != 0 {
				t.Errorf("%s: %s: %d of %d fields, %d only here", seed.name, name, s.Matched, s.Want, s.Extra)
				logWorst(t, "missing", s.Missing)
				logWorst(t, "only here", s.Surplus)
			}
		}
	}
}

// outermost are the protocols that a frame can begin with.
var outermost = []layers.Proto{layers.Ethernet, layers.Null, layers.RawIP, layers.SLL, layers.SLL2, layers.PPP, layers.PPPDirected, layers.PPPoE, layers.CHDLC, layers.FrameRelay,
	layers.FDDI, layers.Radiotap, layers.WLAN, layers.IPv4, layers.IPv6, layers.NFLog}

func FuzzLinks(f *testing.F) {
	for _, seed := range linkSeeds(f) {
		for i, p := range outermost {
			if p != layers.LinkProto(seed.link) {
				continue
			}
			for _, frame := range seed.frames {
				f.Add(frame, byte(i), byte(0))
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, first, how byte) {
		if len(data) > 1<<16 {
			return
		}
		start := time.Now()
		tree := layers.Dissect(data, layers.Options{
			First: outermost[int(first)%len(outermost)], FCSLen: []int{0, 4, -1, 0}[how&3], WireLen: len(data) + int(how>>2)*8,
		})
		if took := time.Since(start); took > 10*time.Second {
			t.Fatalf("took %v", took)
		}
		check(t, tree)
	})
}
