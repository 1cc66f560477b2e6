package capture

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"strata/trace"
	"strata/trace/tracetest"
)

// TestMutations damages our own captures in thousands of ways. Each must open
// or be refused, and be walked to its end, in little time and memory.
func TestMutations(t *testing.T) {
	rounds := 120
	if os.Getenv("STRATA_LONG") != "" {
		rounds = 2000
	}
	path := filepath.Join(t.TempDir(), "mutant")
	for i, name := range append([]string{"vlan.pcapng"}, ownCaptures...) {
		whole := lanFile()
		if i > 0 {
			whole, _ = os.ReadFile(filepath.Join("../testdata", name))
			whole = whole[:min(len(whole), 8<<10)]
		}
		rng := rand.New(rand.NewPCG(7, uint64(i)))
		for round := range rounds {
			b := mutate(rng, whole)
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			began := cpu()
			f, err := Open(path, nil)
			if err == nil {
				f.Wait(math.MaxInt)
			}
			if err != nil {
				continue
			}
			walkAll(t, f)
			if err := f.WriteJSON(io.Discard, round%2 == 0, nil, func(trace.Progress) {}); err != nil {
				t.Fatalf("%s, round %d: %v", name, round, err)
			}
			f.Close()
			if d := cpu() - began; d > slower*2*time.Second {
				t.Fatalf("%s, round %d: took %v", name, round, d)
			}
		}
	}
}

// mutate flips bits, writes extreme numbers, cuts, or moves a piece.
func mutate(rng *rand.Rand, whole []byte) []byte {
	b := bytes.Clone(whole)
	for range 1 + rng.IntN(4) {
		at := rng.IntN(len(b) - 4)
		switch rng.IntN(6) {
		case 0:
			b[at] ^= 1 << rng.IntN(8)
		case 1:
			binary.LittleEndian.PutUint32(b[at&^3:], []uint32{0, 1, math.MaxUint32, math.MaxInt32, 1 << 31, 262145, 65536}[rng.IntN(7)])
		case 2:
			binary.BigEndian.PutUint16(b[at&^1:], []uint16{0, 1, 19, 20, math.MaxUint16, 1 << 15}[rng.IntN(6)])
		case 3:
			b = b[:max(8, at)]
		case 4:
			b = append(b, b[at:min(len(b), at+200)]...)
		case 5:
			b = append(b[:at], b[min(len(b), at+1+rng.IntN(60)):]...)
		}
		if len(b) < 8 {
			break
		}
	}
	return b
}

// TestAbsurdLengths: a short file cannot make Open take much memory.
func TestAbsurdLengths(t *testing.T) {
	l := byteOrder(binary.LittleEndian)
	ng := append(sectionBlock(l), interfaceBlock(l)...)
	for name, file := range map[string][]byte{
		"record.pcap":  append(pcapFile(l, false), words(l, 0, 0, 1<<31, 1<<31)...),
		"block.pcapng": append(bytes.Clone(ng), words(l, blockEnhanced, 0x2000_0000, 0, 0, 0, 0x1fff_ff00, 0x1fff_ff00)...),
		"frame.pcapng": append(bytes.Clone(ng), words(l, blockEnhanced, 32, 0, 0, 0, 0x1fff_ff00, 0x1fff_ff00, 32)...),
	} {
		path := tempFile(t, name, file)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f, err := Open(path, nil)
		if err == nil {
			f.Wait(math.MaxInt)
		}
		runtime.ReadMemStats(&after)
		if err == nil {
			err = f.Progress().Damage
			f.Close()
		}
		if used := after.TotalAlloc - before.TotalAlloc; err == nil || used > 1<<20 {
			t.Errorf("%s: %v, took %d bytes", name, err, used)
		}
	}
}

// look opens a file of any content, and looks at a part of it.
func fuzzOne(t *testing.T, name string, b []byte) {
	f, err := Open(tempFile(t, name, b), nil)
	if err == nil {
		f.Wait(math.MaxInt)
	}
	if err != nil {
		return
	}
	defer f.Close()
	walkAll(t, f)
	for i := range f.asms.n() {
		tracetest.Everywhere(f, trace.Place{PDU: receivedPDU(uint32(i)), Off: 0})
	}
	if err := f.WriteJSON(io.Discard, false, nil, func(trace.Progress) {}); err != nil {
		t.Fatal(err)
	}
}

func FuzzPcap(f *testing.F) {
	for _, name := range ownCaptures {
		if b, err := os.ReadFile(filepath.Join("../testdata", name)); err == nil && filepath.Ext(name) == ".pcap" {
			f.Add(b[:min(len(b), 4<<10)])
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) { fuzzOne(t, "x.pcap", b) })
}

func FuzzPcapng(f *testing.F) {
	b, err := os.ReadFile("../testdata/dns.pcapng")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(lanFile())
	f.Fuzz(func(t *testing.T, b []byte) { fuzzOne(t, "x.pcapng", b) })
}
