package capture

// slab is a list whose elements stay where they are when it grows.
type slab[T any] struct {
	chunks [][]T
	n      int
}

const slabShift = 8

// add appends a zero element and gives its number.
func (s *slab[T]) add() (*T, int) {
	if s.n&(1<<slabShift-1) == 0 {
		s.chunks = append(s.chunks, make([]T, 1<<slabShift))
	}
	s.n++
	return s.at(s.n - 1), s.n - 1
}

func (s *slab[T]) at(i int) *T { return &s.chunks[i>>slabShift][i&(1<<slabShift-1)] }
