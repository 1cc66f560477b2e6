package capture

import (
	"encoding/binary"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"strata/layers/filter"
	"strata/layers/tlskeys"
	"strata/trace"
)

// frames are those of a capture, and the secrets of its sessions.
func (p program) frames(t testing.TB) ([][]byte, *tlskeys.Log) {
	t.Helper()
	f := p.open(t)
	var all [][]byte
	for n := range f.Frames() {
		data, _, err := f.Data(n)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data)
	}
	return all, f.Info().Secrets
}

// maul changes a stretch of frames: some bits, or their order, or some are
// missing, cut, or there twice.
func maul(rng *rand.Rand, all [][]byte) (frames [][]byte, cut map[int]int) {
	from := 0
	if rng.IntN(3) == 0 {
		from = rng.IntN(len(all))
	}
	frames = append(frames, all[from:min(len(all), from+20+rng.IntN(120))]...)
	cut = map[int]int{}
	for range 1 + rng.IntN(5) {
		if len(frames) < 2 {
			break
		}
		i := rng.IntN(len(frames) - 1)
		switch rng.IntN(6) {
		case 0: // in what TCP carries
			b := append([]byte(nil), frames[i]...)
			at := min(len(b)-1, 34+rng.IntN(len(b)))
			b[at] ^= 1 << rng.IntN(8)
			frames[i] = b
		case 1:
			b := append([]byte(nil), frames[i]...)
			binary.BigEndian.PutUint16(b[min(len(b)-2, 60+rng.IntN(20)):], []uint16{0, 1, 0x7fff, math.MaxUint16}[rng.IntN(4)])
			frames[i] = b
		case 2:
			cut[i] = 54 + rng.IntN(40)
		case 3:
			frames[i], frames[i+1] = frames[i+1], frames[i]
		case 4:
			frames = append(frames[:i], frames[i+1:]...)
		case 5:
			frames = append(frames[:i+1], frames[i:]...)
		}
	}
	return frames, cut
}

// TestMauledPrograms: whatever becomes of the frames in which programs talk,
// all that a trace can be asked is answered, in little time, with the secrets
// and without them; and no frame has other steps than the index counted.
func TestMauledPrograms(t *testing.T) {
	rounds := 6
	if os.Getenv("STRATA_LONG") != "" {
		rounds = 1000
	}
	by, err := filter.Parse(`tls.app_data || websocket.payload || mqtt.msg || http.file_data || tcp.len > 100`)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "mauled.pcapng")
	o := byteOrder(binary.LittleEndian)
	for i, p := range programs {
		all, secrets := p.frames(t)
		for round := range rounds {
			rng := rand.New(rand.NewPCG(uint64(i), uint64(round)))
			file := append(sectionBlock(o), interfaceBlock(o)...)
			frames, cut := maul(rng, all)
			for n, b := range frames {
				if k, ok := cut[n]; ok {
					b = b[:min(len(b), k)]
				}
				file = append(file, enhancedBlock(o, 0, uint64(n)*1000, b)...)
			}
			if err := os.WriteFile(path, file, 0o600); err != nil {
				t.Fatal(err)
			}
			for _, keys := range []*tlskeys.Log{secrets, nil} {
				began := cpu()
				f, err := Open(path, keys)
				if err != nil {
					t.Fatal(err)
				}
				f.Wait(math.MaxInt)
				t.Logf("%s, round %d", p.file, round)
				walkAll(t, f)
				checkLineage(t, f)
				f.Select(nil, by, 0, f.Frames())
				for i := range f.Conversations() {
					f.Follow(i, func(trace.Said) bool { return true })
					f.FollowInside(i, func(trace.Said) bool { return true })
				}
				if err := f.WriteJSON(io.Discard, round%2 == 0, nil, func(trace.Progress) {}); err != nil {
					t.Fatalf("%s, round %d: %v", p.file, round, err)
				}
				f.Close()
				if d := cpu() - began; d > slower*2*time.Second {
					t.Fatalf("%s, round %d: took %v", p.file, round, d)
				}
			}
		}
	}
}

// TestProgramsGoOn: a connection that goes on after a reset, which only the
// capture's point of view can show, keeps its streams apart and in order.
func TestProgramsGoOn(t *testing.T) {
	o := byteOrder(binary.LittleEndian)
	const tcpFlags = 14 + 20 + 13
	step := 27
	if os.Getenv("STRATA_LONG") != "" {
		step = 3
	}
	for _, p := range programs {
		all, secrets := p.frames(t)
		for at := 12; at < min(len(all), 120); at += step {
			reset := append([]byte(nil), all[at]...)
			reset[tcpFlags] |= flagRST
			file := append(sectionBlock(o), interfaceBlock(o)...)
			for n, b := range all[:min(len(all), 200)] {
				if n == at {
					file = append(file, enhancedBlock(o, 0, uint64(n)*1000, reset)...)
				}
				file = append(file, enhancedBlock(o, 0, uint64(n)*1000, b)...)
			}
			f, err := Open(tempFile(t, "reset.pcapng", file), secrets)
			if err != nil {
				t.Fatal(err)
			}
			f.Wait(math.MaxInt)
			t.Logf("%s, reset before frame %d", p.file, at)
			walkAll(t, f)
			checkLineage(t, f)
			f.Close()
		}
	}
}
