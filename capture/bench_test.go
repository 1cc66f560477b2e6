package capture

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"strata/trace"
)

// benchFile is a capture of n segments of many connections, in the shape of
// downloads: every second one with data is answered by an empty
// acknowledgment.
func benchFile(n int) []byte { return benchFileOf(n, string(make([]byte, 1448))) }

// benchFileOf is benchFile with other data in each segment.
func benchFileOf(n int, data string) []byte {
	l := &lan{}
	l.tcp(true, 99, 0, "S", "")
	l.tcp(false, 999, 100, "SA", "")
	l.tcp(false, 1000, 100, "A", data)
	l.tcp(true, 100, 1000, "A", "")
	o := byteOrder(binary.LittleEndian)
	b := append(sectionBlock(o), interfaceBlock(o)...)
	const flows = 1000
	var seq [flows]uint32
	ports := make([]byte, 2)
	put := func(i, which, flow int, seqAt int) {
		f := l.frames[which]
		binary.BigEndian.PutUint16(ports, uint16(10000+flow))
		at := 34
		if which%3 != 0 { // from the server: its destination port
			at = 36
		}
		copy(f[at:], ports)
		if seqAt > 0 {
			binary.BigEndian.PutUint32(f[seqAt:], 1000+seq[flow])
		}
		b = append(b, enhancedBlock(o, 0, uint64(i)*10, f)...)
	}
	for i := range n {
		flow := i / 3 % flows
		switch {
		case i < 2*flows:
			put(i, i%2, i/2, 0)
		case i%3 == 2:
			put(i, 3, flow, 42)
		default:
			put(i, 2, flow, 38)
			seq[flow] += uint32(len(data))
		}
	}
	return b
}

const benchFrames = 200_000

// BenchmarkIndex measures the pass over the file: frames a second, and the
// memory that the index keeps per frame.
func BenchmarkIndex(b *testing.B) { benchIndex(b, benchFile(benchFrames)) }

// BenchmarkIndexMessages does so with a message in each segment that has data.
func BenchmarkIndexMessages(b *testing.B) {
	benchIndex(b, benchFileOf(benchFrames, "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n"))
}

func benchIndex(b *testing.B, file []byte) {
	path := tempFile(b, "bench.pcapng", file)
	b.ReportAllocs()
	var held uint64
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		f, err := Open(path, nil)
		if err == nil {
			f.Wait(math.MaxInt)
		}
		if err != nil || f.Frames() != benchFrames {
			b.Fatal(err, f.Frames())
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		held = after.HeapAlloc - before.HeapAlloc
		f.Close()
	}
	b.ReportMetric(float64(benchFrames)*float64(b.N)/b.Elapsed().Seconds(), "frames/s")
	b.ReportMetric(float64(held)/benchFrames, "B/frame")
}

// BenchmarkGoTo looks at events anywhere in the file.
func BenchmarkGoTo(b *testing.B) {
	f := openBytes(b, "bench.pcapng", benchFile(benchFrames))
	rng := rand.New(rand.NewPCG(1, 2))
	b.ReportAllocs()
	for b.Loop() {
		n := trace.EventID(1 + rng.IntN(f.Events()))
		if f.Event(n).Kind == 0 || f.Text(n) == "" {
			b.Fatal(n)
		}
	}
}

// BenchmarkTree dissects frames one after the other.
func BenchmarkTree(b *testing.B) {
	f := openBytes(b, "bench.pcapng", benchFile(benchFrames))
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := f.Dissect(n%f.Frames(), false); err != nil {
			b.Fatal(err)
		}
		n++
	}
}
