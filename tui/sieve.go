package tui

import (
	"math/bits"
	"sort"
	"time"

	"strata/layers/filter"
	"strata/trace"
)

// sieve is which frames pass a filter: a bit for each frame that was looked
// at, and every blockWords words how many pass before them, so that ten
// million frames take 1.3 MB, and neither "the how many-th is it" nor "which
// is the nth" looks at more than one block.
type sieve struct {
	text string
	by   *filter.Filter
	bits []uint64
	sums []int // passing frames before each block
	done int   // frames looked at
	n    int   // of them pass
	step int   // frames to look at before time is taken
}

const (
	wordBits   = 64
	blockWords = 64
	firstSlice = 256
	mostSlice  = 1 << 20
)

// grow looks at no frame: it takes the frames from done up to to as looked
// at, of which hits pass. hits are in order.
func (s *sieve) grow(to int, hits []int) {
	for words := (to + wordBits - 1) / wordBits; len(s.bits) < words; {
		s.bits = append(s.bits, 0)
	}
	s.sums = s.sums[:min(len(s.sums), s.done/wordBits/blockWords+1)]
	for _, n := range hits {
		s.sum(n / wordBits / blockWords)
		s.bits[n/wordBits] |= 1 << (n % wordBits)
		s.n++
	}
	s.done = max(s.done, to)
	s.sum((len(s.bits) - 1) / blockWords)
}

// sum fills the counts up to a block; all that pass before it are there.
func (s *sieve) sum(block int) {
	for len(s.sums) <= block {
		s.sums = append(s.sums, s.n)
	}
}

// has tells whether a frame passes.
func (s *sieve) has(n int) bool {
	return n >= 0 && n < s.done && s.bits[n/wordBits]>>(n%wordBits)&1 != 0
}

// rank is how many frames before n pass.
func (s *sieve) rank(n int) int {
	n = min(max(n, 0), s.done)
	if n == s.done {
		return s.n
	}
	word := n / wordBits
	block := word / blockWords
	sum := s.sums[block]
	for _, w := range s.bits[block*blockWords : word] {
		sum += bits.OnesCount64(w)
	}
	return sum + bits.OnesCount64(s.bits[word]&(1<<(n%wordBits)-1))
}

// pick is the frame that i passing frames go before; i must be less than n.
func (s *sieve) pick(i int) int {
	block := sort.Search(len(s.sums), func(b int) bool { return s.sums[b] > i }) - 1
	i -= s.sums[block]
	for word := block * blockWords; ; word++ {
		w := s.bits[word]
		if k := bits.OnesCount64(w); i >= k {
			i -= k
			continue
		}
		for ; i > 0; i-- {
			w &= w - 1
		}
		return word*wordBits + bits.TrailingZeros64(w)
	}
}

// job looks at the frames that were not looked at yet, as far as the trace
// has them; each time it has found some, found is called on the loop.
func (s *sieve) job(v *viewer, found func()) *job {
	if s.step == 0 {
		s.step = firstSlice
	}
	t := v.t.Trace
	return &job{viewer: v, work: func(d time.Duration) func() bool {
		from, step := s.done, s.step
		to := from
		var hits []int
		for begin, end := time.Now(), t.Frames(); to < end && time.Since(begin) < d; {
			start := time.Now()
			next := min(to+step, end)
			hits = t.Select(hits, s.by, to, next)
			to = next
			switch took := time.Since(start); {
			case took < d/4:
				step = min(step*2, mostSlice)
			case took > d:
				step = max(step/2, 1)
			}
		}
		return func() bool {
			s.step = step
			s.grow(to, hits)
			found()
			return s.done < v.t.Frames()
		}
	}}
}

// shown is the frames that the list shows, in order: those that pass the
// filter, or all.
type shown struct {
	t     trace.Trace
	sieve *sieve // nil: no filter
}

func (s shown) count() int {
	if s.sieve == nil {
		return s.t.Frames()
	}
	return s.sieve.rank(s.t.Frames())
}

// frame is the frame at a place of the list.
func (s shown) frame(i int) int {
	if s.sieve == nil {
		return i
	}
	return s.sieve.pick(i)
}

// place is where a frame stands in the list, or where it would stand: before
// which of those shown.
func (s shown) place(n int) (i int, there bool) {
	if s.sieve == nil {
		return n, n < s.t.Frames()
	}
	return s.sieve.rank(n), s.sieve.has(n)
}

// nearest is the shown frame at n, or nearest to it; there is at least one.
func (s shown) nearest(n int) int {
	i, there := s.place(n)
	if there {
		return n
	}
	last := s.count() - 1
	after := s.frame(min(i, last))
	if i == 0 || i > last {
		return after
	}
	if before := s.frame(i - 1); n-before <= after-n {
		return before
	}
	return after
}
