package trace

import "bytes"

// store is append-only bytes in chunks, so that growth copies nothing. A
// place is chunk<<storeShift + offset, and one item never straddles chunks
// unless it is longer than a chunk, when it has one of its own.
type store struct {
	chunks [][]byte
	recent [256]uint64 // places of what putOnce put lately, +1, by hash
}

const (
	storeShift = 18
	storeChunk = 1 << storeShift
)

func (s *store) put(b []byte) uint64 {
	i := len(s.chunks) - 1
	if i < 0 || len(s.chunks[i])+len(b) > cap(s.chunks[i]) {
		s.chunks = append(s.chunks, make([]byte, 0, max(storeChunk, len(b))))
		i++
	}
	at := len(s.chunks[i])
	s.chunks[i] = append(s.chunks[i], b...)
	return uint64(i)<<storeShift + uint64(at)
}

// putOnce is put, but what was put lately is found again and stored once:
// frames of one flow repeat arguments and link headers at every hop.
func (s *store) putOnce(b []byte) uint64 {
	h := uint32(2166136261) // FNV-1a
	for _, c := range b {
		h = (h ^ uint32(c)) * 16777619
	}
	recent := &s.recent[h%uint32(len(s.recent))]
	if *recent == 0 || !bytes.HasPrefix(s.from(*recent-1), b) {
		*recent = s.put(b) + 1
	}
	return *recent - 1
}

func (s *store) from(place uint64) []byte {
	return s.chunks[place>>storeShift][place&(storeChunk-1):]
}

func (s *store) footprint() (n int64) {
	for _, c := range s.chunks {
		n += int64(cap(c))
	}
	return n
}
