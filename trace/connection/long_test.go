package connection

import (
	"bufio"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"strata/capture/capturetest"
	"strata/trace"
)

// TestTenMillionFrames measures, in a capture of one connection of ten million
// frames, what a screen must wait for. It takes a minute and a file of 700 MB.
func TestTenMillionFrames(t *testing.T) {
	if os.Getenv("STRATA_LONG") == "" {
		t.Skip("it takes long: STRATA_LONG=1")
	}
	const n = 10_000_000
	f := capturetest.Open(t, writeLong(t, n))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	begin := time.Now()
	c := Of(f, trace.EventID(f.Events()/2))
	longest := time.Duration(0)
	for more := true; more; {
		slice := time.Now()
		more = c.Work(time.Millisecond)
		longest = max(longest, time.Since(slice))
	}
	t.Logf("read in %v, the longest slice %v", time.Since(begin), longest)
	runtime.GC()
	runtime.ReadMemStats(&after)
	held := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%d KB are held", held>>10)
	if held > 16<<20 {
		t.Error("that is too much")
	}
	from, to := c.Span()
	r := rand.New(rand.NewPCG(1, 2))
	cols := make([]Column, 400)
	jump, closer := time.Duration(0), time.Duration(0)
	for range 50 {
		at := trace.EventID(1 + r.IntN(f.Events()))
		begin := time.Now()
		if !c.Has(at) {
			t.Fatalf("event %d is of another connection", at)
		}
		now := f.Event(at).Time
		wide := (to - from) >> r.IntN(16)
		for d := range 2 {
			for k := range Kinds {
				c.Columns(cols, d, k, now-wide/2, now+wide/2)
				if k.Line() {
					c.Value(d, k, at)
				}
			}
		}
		c.Focus(now-wide/2, now+wide/2, 400)
		jump = max(jump, time.Since(begin))
		begin = time.Now()
		c.all()
		closer = max(closer, time.Since(begin))
	}
	t.Logf("a jump takes %v at most, until the closer look is there %v", jump, closer)
	if jump > 20*time.Millisecond {
		t.Error("a jump takes too long")
	}
}

// writeLong writes a capture of a long download, of which each frame was cut
// behind its headers.
func writeLong(t *testing.T, n int) string {
	path := filepath.Join(t.TempDir(), "long.pcap")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w := bufio.NewWriterSize(file, 1<<20)
	defer w.Flush()
	_, _ = w.Write(capturetest.Head())
	const block = 1 << 16
	frames := download(block)
	var record []byte
	for i := range n {
		f := &frames[i%block]
		round := uint32(i / block)
		at := f.At + trace.Time(round)*(frames[block-1].At-trace.Second)
		wire := len(f.Data)
		data := f.Data[:54]
		if i >= block && i%block < 3 {
			data = frames[2].Data[:54] // the handshake comes once
			wire = 54
		}
		b := append([]byte(nil), data...)
		// Each block goes on where the one before it ended.
		grown := round * lastSeq(frames)
		if b[47]&flagSYN == 0 && binary.BigEndian.Uint16(b[34:]) == 80 {
			binary.BigEndian.PutUint32(b[38:], binary.BigEndian.Uint32(b[38:])+grown)
		} else if b[47]&flagSYN == 0 {
			binary.BigEndian.PutUint32(b[42:], binary.BigEndian.Uint32(b[42:])+grown)
		}
		record = capturetest.Append(record[:0], capturetest.Frame{At: at, Data: b, Size: wire})
		_, _ = w.Write(record)
	}
	return path
}

// lastSeq is how far the server comes in a block.
func lastSeq(frames []capturetest.Frame) uint32 {
	for i := len(frames) - 1; ; i-- {
		if b := frames[i].Data; binary.BigEndian.Uint16(b[34:]) == 80 && len(b) > 54 {
			return binary.BigEndian.Uint32(b[38:])
		}
	}
}
