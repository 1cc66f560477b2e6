package source

import (
	"bytes"
	"io"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
)

// Frames of all sizes, and blocks to skip that no window holds, lie across the
// windows' borders in every way; none may be lost, doubled or mixed up.
func TestWindows(t *testing.T) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 1))
		m, ng := []maker{le, be}[seed&1], seed < 3
		var file []byte
		if ng {
			file = join(m.section(), m.iface(1, 0))
		} else {
			file = m.pcap(magicNano, 2, 4, maxFrame, 1)
		}
		var frames [][]byte
		for len(file) < 12<<20 {
			n := r.IntN(2000)
			if r.IntN(50) == 0 {
				n = maxFrame - r.IntN(20000)
			}
			f := bytes.Repeat([]byte{byte(len(frames)), byte(len(frames) >> 8), byte(r.Uint32())}, n/3+1)[:n]
			frames = append(frames, f)
			switch {
			case !ng:
				file = m.record(file, 0, uint32(len(frames)), uint32(n), uint32(n), nil, f)
			case r.IntN(100) == 0:
				file = append(file, m.block(0x7777, make([]byte, r.IntN(3*windowSize)))...)
				fallthrough
			default:
				file = append(file, m.enhanced(0, uint64(len(frames)), n, f)...)
			}
		}
		path := write(t, file)
		for _, spooled := range []bool{false, true} {
			s, err := Open(path)
			if spooled {
				s.Close()
				s, err = Pipe(bytes.NewReader(file), path)
			}
			if err != nil {
				t.Fatal(err)
			}
			readBack(t, s, frames)
			s.Close()
		}
		if s, err := Open(path); err != nil {
			t.Fatal(err)
		} else {
			readTogether(t, s, frames)
			s.Close()
		}
	}
}

// readTogether reads by several goroutines at once: every frame comes to one
// of them, and each batch says which frames it has.
func readTogether(t *testing.T, s *Source, frames [][]byte) {
	t.Helper()
	seen := make([]atomic.Int32, len(frames))
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			var b Batch
			for {
				if err := s.Read(&b); err != nil {
					if err != io.EOF || b.First != len(frames) {
						t.Errorf("behind frame %d of %d: %v", b.First, len(frames), err)
					}
					return
				}
				for i, rec := range b.Records {
					if n := b.First + i; n >= len(frames) || !bytes.Equal(rec.Data, frames[n]) {
						t.Errorf("frame %d is not what was written", n+1)
						return
					}
					seen[b.First+i].Add(1)
				}
			}
		})
	}
	readers.Wait()
	for i := range seen {
		if n := seen[i].Load(); n != 1 {
			t.Fatalf("frame %d came %d times", i+1, n)
		}
	}
}

// readBack reads into several batches in turn, and looks at each batch only
// after the next has been read.
func readBack(t *testing.T, s *Source, frames [][]byte) {
	t.Helper()
	var batches [3]Batch
	n := 0
	for i := 0; ; i++ {
		err := s.Read(&batches[i%3])
		if i > 0 {
			for _, rec := range batches[(i+2)%3].Records {
				if n >= len(frames) || !bytes.Equal(rec.Data, frames[n]) {
					t.Fatalf("frame %d is not what was written", n+1)
				}
				n++
			}
		}
		if err != nil {
			if err != io.EOF || n != len(frames) {
				t.Fatalf("%d frames of %d: %v", n, len(frames), err)
			}
			return
		}
	}
}
