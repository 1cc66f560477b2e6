package trace

// Source is bytes that a program wrote, in chunks, so that growth copies
// nothing and a range is read where it lies.
type Source struct {
	chunks [][]byte
	size   int64
}

const (
	sourceShift = 16
	sourceChunk = 1 << sourceShift
)

// Len is how many bytes were written.
func (s *Source) Len() int64 { return s.size }

// Write appends bytes.
func (s *Source) Write(b []byte) {
	for len(b) > 0 {
		i, at := int(s.size>>sourceShift), int(s.size&(sourceChunk-1))
		switch {
		case i > 0 && i == len(s.chunks):
			s.chunks = append(s.chunks, make([]byte, sourceChunk))
		case i == 0:
			s.first(at + len(b))
		}
		k := copy(s.chunks[i][at:], b)
		s.size += int64(k)
		b = b[k:]
	}
}

// first makes room for n bytes in the first chunk. It grows by doubling: most
// streams are short, and there may be many. Views of the smaller one stay good,
// as bytes never change.
func (s *Source) first(n int) {
	if s.chunks == nil {
		s.chunks = [][]byte{nil}
	}
	if old := s.chunks[0]; n > len(old) && len(old) < sourceChunk {
		s.chunks[0] = make([]byte, min(sourceChunk, max(n, 2*len(old), 256)))
		copy(s.chunks[0], old)
	}
}

// View is the n bytes from offset off, where they lie if they lie in one
// chunk, else a copy. They must have been written and not freed.
func (s *Source) View(off int64, n int) []byte {
	if at := int(off & (sourceChunk - 1)); at+n <= sourceChunk {
		return s.chunks[off>>sourceShift][at : at+n : at+n]
	}
	return s.Append(make([]byte, 0, n), off, int64(n))
}

// Free gives up the bytes below off, for a maker that records nothing.
func (s *Source) Free(off int64) {
	for i := off>>sourceShift - 1; i >= 0 && s.chunks[i] != nil; i-- {
		s.chunks[i] = nil
	}
}

// Append appends n bytes from offset off to dst; off+n must not pass Len.
func (s *Source) Append(dst []byte, off, n int64) []byte {
	for n > 0 {
		c := s.chunks[off>>sourceShift][off&(sourceChunk-1):]
		k := min(n, int64(len(c)))
		dst = append(dst, c[:k]...)
		off, n = off+k, n-k
	}
	return dst
}
