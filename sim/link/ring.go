package link

// ring is a first-in first-out queue that reuses its memory.
type ring[T any] struct {
	items []T
	head  int
	n     int
}

func (r *ring[T]) push(x T) {
	if r.n == len(r.items) {
		grown := make([]T, max(16, 2*len(r.items)))
		for i := range r.n {
			grown[i] = r.items[(r.head+i)%len(r.items)]
		}
		r.items, r.head = grown, 0
	}
	r.items[(r.head+r.n)&(len(r.items)-1)] = x
	r.n++
}

func (r *ring[T]) first() *T { return &r.items[r.head] }

func (r *ring[T]) last() *T { return &r.items[(r.head+r.n-1)&(len(r.items)-1)] }

func (r *ring[T]) pop() T {
	var zero T
	x := r.items[r.head]
	r.items[r.head] = zero
	r.head = (r.head + 1) & (len(r.items) - 1)
	r.n--
	return x
}
