package reassembly

import "errors"

// Defaults of Stream.
const (
	DefaultMaxPieces   = 4096
	DefaultMaxBuffered = 16 << 20
)

// ErrFull says that a segment beyond a gap was not taken, because too much
// waits there already. Skip gives up the gap.
var ErrFull = errors.New("reassembly: too much waits beyond a gap")

// Stream puts the segments of one direction of a TCP connection in order.
// Offsets count from 0 at the first byte; sequence numbers may wrap any
// number of times. The zero value is ready once Start is called.
type Stream[H any] struct {
	MaxPieces   int   // that wait beyond gaps; 0: DefaultMaxPieces
	MaxBuffered int64 // bytes that wait beyond gaps; 0: DefaultMaxBuffered

	seq     uint32 // sequence number of the byte at next
	next    int64
	waiting pieces[H]
	bytes   int64
}

// Start says that the stream's first byte has this sequence number: the SYN's
// plus one, or, where a capture begins in the middle, the first one seen.
func (s *Stream[H]) Start(seq uint32) {
	*s = Stream[H]{MaxPieces: s.MaxPieces, MaxBuffered: s.MaxBuffered, seq: seq}
}

// Next is the offset of the first byte that has not come.
func (s *Stream[H]) Next() int64 { return s.next }

// Offset is where in the stream a sequence number lies: the place nearest to
// Next. It may be negative, for what came before the start.
func (s *Stream[H]) Offset(seq uint32) int64 { return s.next + int64(int32(seq-s.seq)) }

// Add takes a segment's n bytes. What is in order now is appended to ready:
// the new bytes of this segment, and what waited for them. What came before
// is ignored.
func (s *Stream[H]) Add(seq uint32, n int, from H, ready []Piece[H]) ([]Piece[H], error) {
	at := s.Offset(seq)
	end := at + int64(n)
	if n <= 0 || end <= s.next {
		return ready, nil
	}
	var skip int64
	if at < s.next {
		skip = s.next - at
	}
	if at <= s.next && (len(s.waiting) == 0 || end <= s.waiting[0].At) {
		ready = append(ready, Piece[H]{At: s.next, Off: skip, Len: end - s.next, From: from})
		s.advance(end)
		return s.flush(ready), nil
	}
	if at > s.next && (len(s.waiting) >= orDefault(s.MaxPieces, DefaultMaxPieces) || s.bytes+int64(n) > orDefault(s.MaxBuffered, DefaultMaxBuffered)) {
		return ready, ErrFull
	}
	s.bytes += s.waiting.insert(at+skip, end-at-skip, skip, from)
	return s.flush(ready), nil
}

func (s *Stream[H]) advance(to int64) {
	s.seq += uint32(to - s.next)
	s.next = to
}

// flush takes from what waits what is in order now.
func (s *Stream[H]) flush(ready []Piece[H]) []Piece[H] {
	n := 0
	for n < len(s.waiting) && s.waiting[n].At == s.next {
		s.advance(s.waiting[n].End())
		s.bytes -= s.waiting[n].Len
		n++
	}
	ready = append(ready, s.waiting[:n]...)
	s.waiting = append(s.waiting[:0], s.waiting[n:]...)
	return ready
}

// Gap is the length of the gap at Next; 0: nothing waits beyond one.
func (s *Stream[H]) Gap() int64 {
	if len(s.waiting) == 0 {
		return 0
	}
	return s.waiting[0].At - s.next
}

// Skip gives up the gap at Next: it is appended to ready as a Missing piece,
// with what waited beyond it.
func (s *Stream[H]) Skip(ready []Piece[H]) []Piece[H] {
	if n := s.Gap(); n > 0 {
		ready = append(ready, Piece[H]{At: s.next, Len: n, Missing: true})
		s.advance(s.next + n)
	}
	return s.flush(ready)
}

// Waiting is how many pieces and bytes wait beyond gaps.
func (s *Stream[H]) Waiting() (pieces int, bytes int64) { return len(s.waiting), s.bytes }
