package reassembly

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

type cut struct {
	off, n int
	more   bool
}

// build puts bytes together by pieces; the handle is an index into sources.
func build(t *rapid.T, ps []Piece[int], sources [][]byte) []byte {
	var b []byte
	for _, p := range ps {
		if p.Missing {
			t.Fatalf("missing piece %+v", p)
		}
		if p.At != int64(len(b)) {
			t.Fatalf("piece at %d, want %d", p.At, len(b))
		}
		b = append(b, sources[p.From][p.Off:p.Off+p.Len]...)
	}
	return b
}

// TestFragmentsInAnyOrder cuts a packet in several ways at once, shuffles the
// fragments, and expects the packet.
func TestFragmentsInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.SliceOfN(rapid.Byte(), 1, 600).Draw(t, "packet")
		var cuts []cut
		for range rapid.IntRange(1, 3).Draw(t, "ways") {
			for at := 0; at < len(whole); {
				n := 8 * rapid.IntRange(1, 20).Draw(t, "units")
				n = min(n, len(whole)-at)
				cuts = append(cuts, cut{at, n, at+n < len(whole)})
				at += n
			}
		}
		cuts = rapid.Permutation(cuts).Draw(t, "order")
		var f Fragments[int]
		var sources [][]byte
		done := false
		for i, c := range cuts {
			sources = append(sources, whole[c.off:c.off+c.n])
			ps, err := f.Add(int64(i), Key{ID: 7}, c.off, c.n, c.more, i)
			if err != nil {
				t.Fatal(err)
			}
			if ps != nil {
				if got := build(t, ps, sources); !bytes.Equal(got, whole) {
					t.Fatalf("got %x, want %x", got, whole)
				}
				done = true
				break
			}
		}
		if !done {
			t.Fatal("all fragments came, and no packet")
		}
		if f.Waiting() != 0 || f.bytes != 0 {
			t.Fatalf("%d packets, %d bytes left", f.Waiting(), f.bytes)
		}
	})
}

// TestFragmentsStayBounded throws anything at the table: it never holds more
// than it may, and gives every packet back exactly once.
func TestFragmentsStayBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gave := 0
		f := Fragments[int]{MaxPackets: 4, MaxBytes: 3000, Timeout: 50, Gave: func(a Abandoned[int]) {
			gave++
			if len(a.Handles) == 0 {
				t.Fatal("abandoned without handles")
			}
		}}
		begun, done := 0, 0
		now := int64(0)
		for i := range rapid.IntRange(1, 100).Draw(t, "steps") {
			now += int64(rapid.IntRange(0, 20).Draw(t, "wait"))
			key := Key{ID: uint32(rapid.IntRange(0, 8).Draw(t, "id"))}
			f.Expire(now)
			known := f.packets[key] != nil
			off, n := 8*rapid.IntRange(0, 9000).Draw(t, "off"), rapid.IntRange(0, 1500).Draw(t, "n")
			ps, err := f.Add(now, key, off, n, rapid.Bool().Draw(t, "more"), i)
			if !known && err == nil {
				begun++
			}
			if ps != nil {
				done++
			}
			if f.Waiting() > 4 || f.bytes > 3000 || f.bytes < 0 {
				t.Fatalf("%d packets, %d bytes", f.Waiting(), f.bytes)
			}
		}
		if begun != done+gave+f.Waiting() {
			t.Fatalf("%d begun, %d done, %d given up, %d wait", begun, done, gave, f.Waiting())
		}
	})
}

func TestTimeoutTellsOfFragmentZero(t *testing.T) {
	var gave []Abandoned[int]
	f := Fragments[int]{Gave: func(a Abandoned[int]) { gave = append(gave, a) }}
	add := func(now int64, id uint16, off, n int, more bool, h int) {
		t.Helper()
		if _, err := f.Add(now, Key{ID: uint32(id)}, off, n, more, h); err != nil {
			t.Fatal(err)
		}
	}
	add(0, 1, 8, 8, true, 10)
	add(1e9, 1, 0, 8, true, 11)
	add(2e9, 2, 8, 8, false, 20)
	if at, ok := f.Deadline(); !ok || at != 60e9 {
		t.Fatalf("deadline %d, %v", at, ok)
	}
	f.Expire(60e9)
	if len(gave) != 1 || !gave[0].HasFirst || gave[0].First != 11 || gave[0].Reason != TimedOut {
		t.Fatalf("gave %+v", gave)
	}
	f.Expire(62e9)
	if len(gave) != 2 || gave[1].HasFirst {
		t.Fatalf("gave %+v", gave)
	}
}

func TestFragmentErrors(t *testing.T) {
	var f Fragments[int]
	for _, c := range []struct {
		off, n int
		more   bool
		want   error
	}{
		{0, 0, true, ErrEmpty}, {0, 7, true, ErrUnaligned}, {65528, 8, false, ErrTooLong},
		{16, 8, false, nil}, {24, 8, true, ErrEnd}, {8, 8, false, ErrEnd}, {0, 16, true, nil},
	} {
		if _, err := f.Add(0, Key{}, c.off, c.n, c.more, 0); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if f.Waiting() != 0 {
		t.Error("the packet should be complete")
	}
}

// TestStreamInAnyOrder cuts a stream in several ways, near where the sequence
// number wraps, shuffles within a window, and expects the stream.
func TestStreamInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.SliceOfN(rapid.Byte(), 1, 2000).Draw(t, "stream")
		start := rapid.OneOf(rapid.Uint32(), rapid.Uint32Range(0xfffffc00, 0xffffffff)).Draw(t, "isn")
		var cuts []cut
		for range rapid.IntRange(1, 3).Draw(t, "ways") {
			for at := 0; at < len(whole); {
				n := min(rapid.IntRange(1, 300).Draw(t, "n"), len(whole)-at)
				cuts = append(cuts, cut{off: at, n: n})
				at += n
			}
		}
		cuts = rapid.Permutation(cuts).Draw(t, "order")
		var s Stream[int]
		s.Start(start)
		var sources [][]byte
		var ready []Piece[int]
		for i, c := range cuts {
			sources = append(sources, whole[c.off:c.off+c.n])
			var err error
			if ready, err = s.Add(start+uint32(c.off), c.n, i, ready); err != nil {
				t.Fatal(err)
			}
		}
		if got := build(t, ready, sources); !bytes.Equal(got, whole) {
			t.Fatalf("got %d bytes, want %d", len(got), len(whole))
		}
		if n, b := s.Waiting(); n != 0 || b != 0 || s.Next() != int64(len(whole)) {
			t.Fatalf("%d pieces, %d bytes wait, next %d", n, b, s.Next())
		}
	})
}

// TestStreamWithLosses leaves segments out and skips the gaps: what is
// delivered is right, and what is missing is said.
func TestStreamWithLosses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "segments")
		s := Stream[int]{MaxPieces: 5, MaxBuffered: 700}
		s.Start(0xfffff000)
		var ready []Piece[int]
		for i := range n {
			if rapid.IntRange(0, 3).Draw(t, "fate") == 0 {
				continue
			}
			for {
				var err error
				ready, err = s.Add(0xfffff000+uint32(i*100), 100, i, ready)
				if err == nil {
					break
				}
				ready = s.Skip(ready)
			}
			if p, b := s.Waiting(); p > 5 || b > 700 {
				t.Fatalf("%d pieces, %d bytes wait", p, b)
			}
		}
		for s.Gap() > 0 {
			ready = s.Skip(ready)
		}
		at := int64(0)
		for _, p := range ready {
			if p.At != at {
				t.Fatalf("piece at %d, want %d", p.At, at)
			}
			if !p.Missing && (p.Len != 100 || p.At != int64(p.From)*100 || p.Off != 0) {
				t.Fatalf("wrong piece %+v", p)
			}
			at = p.End()
		}
	})
}

// TestStreamLongerThanSequenceSpace goes three times around.
func TestStreamLongerThanSequenceSpace(t *testing.T) {
	var s Stream[int]
	s.Start(5)
	const step = 1 << 30
	for i := range 12 {
		ready, err := s.Add(uint32(5+i*step), step, i, nil)
		if err != nil || len(ready) != 1 || ready[0].At != int64(i)*step {
			t.Fatalf("round %d: %+v, %v", i, ready, err)
		}
	}
	if ready, _ := s.Add(0xfffffffb, 10, 0, nil); ready != nil {
		t.Fatal("old bytes were delivered again")
	}
}

func BenchmarkStreamInOrder(b *testing.B) {
	var s Stream[int]
	var ready []Piece[int]
	seq := uint32(0)
	b.ReportAllocs()
	for b.Loop() {
		ready, _ = s.Add(seq, 1460, 1, ready[:0])
		seq += 1460
	}
}
