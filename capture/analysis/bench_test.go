package analysis_test

import (
	"testing"
	"time"
	"unsafe"

	"strata/capture/analysis"
)

// bulk makes the segments of a download: data with an acknowledgment for
// every second segment, window segments behind.
func bulk(n, window int) []analysis.Segment {
	var all []analysis.Segment
	add := func(seq, ack, size uint32, flags uint16, back bool) {
		all = append(all, analysis.Segment{Frame: uint32(len(all) + 1), Time: int64(len(all)) * 1e4, Seq: seq, Ack: ack, Len: size, Flags: flags, Window: 4000, Back: back})
	}
	add(99, 0, 0, 2, false)
	add(999, 100, 0, 0x12, true)
	add(100, 1000, 0, 0x10, false)
	for i := range n {
		add(1000+uint32(i)*1460, 100, 1460, 0x10, true)
		if i%2 == 1 && i >= window {
			add(100, 1000+uint32(i-window+1)*1460, 0, 0x10, false)
		}
	}
	return all
}

func BenchmarkAdd(b *testing.B) {
	for name, segments := range map[string][]analysis.Segment{"window2": bulk(10000, 2), "window300": bulk(10000, 300), "unacknowledged": bulk(10000, 1<<30)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var pool analysis.Pool
			for i := 0; i < b.N; {
				c := &analysis.Conn{}
				for j := range segments {
					pool.Add(c, &segments[j])
				}
				i += len(segments)
			}
		})
	}
}

// BenchmarkMessy is the dearest that a capture can make it: as many segments
// as are remembered, out of order, and acknowledgments that cover none.
func BenchmarkMessy(b *testing.B) {
	var pool analysis.Pool
	c := &analysis.Conn{}
	for i := range uint32(10000) {
		pool.Add(c, &analysis.Segment{Frame: i + 1, Seq: 1000 + (i^1)*10, Ack: 1, Len: 10, Flags: 0x10, Window: 100})
	}
	for i := 0; b.Loop(); i++ {
		pool.Add(c, &analysis.Segment{Frame: 10001, Seq: 1, Ack: 900 + uint32(i&1), Flags: 0x10, Window: 100, Back: true})
	}
}

func TestSizes(t *testing.T) {
	if n := unsafe.Sizeof(analysis.Conn{}); n > 200 {
		t.Errorf("a connection takes %d bytes", n)
	}
	if n := unsafe.Sizeof(analysis.Note{}); n > 32 {
		t.Errorf("a note takes %d bytes", n)
	}
}

// TestSteady: a connection that goes on allocates nothing.
func TestSteady(t *testing.T) {
	segments := bulk(4000, 100)
	var pool analysis.Pool
	c := &analysis.Conn{}
	half := len(segments) / 2
	for i := range segments[:half] {
		pool.Add(c, &segments[i])
	}
	next := half
	if n := testing.AllocsPerRun(half-10, func() { pool.Add(c, &segments[next]); next++ }); n > 0 {
		t.Errorf("%v allocations per segment", n)
	}
	n := pool.Add(c, &segments[next])
	began := time.Now()
	for range 1000 {
		c.Explain(n, segments[next].Frame, func(f uint32) int64 { return int64(f) })
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("1000 explanations took %v", took)
	}
}
