package analysis_test

import (
	"testing"

	"strata/capture/analysis"
)

// FuzzRead: whatever is taken for a header, reading and adding it ends well,
// and what is told of it can be explained.
func FuzzRead(f *testing.F) {
	for _, frame := range randomTalk(7, 60) {
		f.Add(frame.data[min(20, len(frame.data)):], frame.wire-20, false)
	}
	f.Fuzz(func(t *testing.T, data []byte, size int, back bool) {
		var pool analysis.Pool
		var c analysis.Conn
		for i := range uint32(3) { // the same again, and its answer
			s := analysis.Segment{Frame: i + 1, Time: int64(i), Back: back != (i == 2)}
			if !s.Read(data, size) {
				return
			}
			s.Reused = i > 0 && c.Reuses(&s)
			n := pool.Add(&c, &s)
			if a := c.Explain(n, s.Frame, func(f uint32) int64 { return int64(f) }); a.SinceFirst != a.SincePrevious && i == 1 {
				t.Errorf("the second segment is %v after the first and %v after the previous", a.SinceFirst, a.SincePrevious)
			}
		}
	})
}
