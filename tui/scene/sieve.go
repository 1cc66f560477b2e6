package scene

import (
	"cmp"
	"math/bits"
	"sort"
	"time"

	"strata/layers/filter"
	"strata/trace"
)

// Sieve is which frames pass a filter: a bit for each frame that was looked
// at, and every blockWords words how many pass before them, so that ten
// million frames take 1.3 MB, and neither "the how many-th is it" nor "which
// is the nth" looks at more than one block.
type Sieve struct {
	Text string
	By   *filter.Filter
	Bits []uint64
	Sums []int // passing frames before each block
	Done int   // frames looked at
	N    int   // of them pass
	step int   // frames to look at before time is taken
}

const (
	wordBits   = 64
	blockWords = 64
	firstSlice = 256
	mostSlice  = 1 << 20
)

// Grow looks at no frame: it takes the frames from done up to to as looked
// at, of which hits pass. hits are in order.
func (s *Sieve) Grow(to int, hits []int) {
	for words := (to + wordBits - 1) / wordBits; len(s.Bits) < words; {
		s.Bits = append(s.Bits, 0)
	}
	s.Sums = s.Sums[:min(len(s.Sums), s.Done/wordBits/blockWords+1)]
	for _, n := range hits {
		s.sum(n / wordBits / blockWords)
		s.Bits[n/wordBits] |= 1 << (n % wordBits)
		s.N++
	}
	s.Done = max(s.Done, to)
	s.sum((len(s.Bits) - 1) / blockWords)
}

// sum fills the counts up to a block; all that pass before it are there.
func (s *Sieve) sum(block int) {
	for len(s.Sums) <= block {
		s.Sums = append(s.Sums, s.N)
	}
}

// Has tells whether a frame passes.
func (s *Sieve) Has(n int) bool {
	return n >= 0 && n < s.Done && s.Bits[n/wordBits]>>(n%wordBits)&1 != 0
}

// Rank is how many frames before n pass.
func (s *Sieve) Rank(n int) int {
	n = min(max(n, 0), s.Done)
	if n == s.Done {
		return s.N
	}
	word := n / wordBits
	block := word / blockWords
	sum := s.Sums[block]
	for _, w := range s.Bits[block*blockWords : word] {
		sum += bits.OnesCount64(w)
	}
	return sum + bits.OnesCount64(s.Bits[word]&(1<<(n%wordBits)-1))
}

// Pick is the frame that i passing frames go before; i must be less than n.
func (s *Sieve) Pick(i int) int {
	block := sort.Search(len(s.Sums), func(b int) bool { return s.Sums[b] > i }) - 1
	i -= s.Sums[block]
	for word := block * blockWords; ; word++ {
		w := s.Bits[word]
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

// Look looks for some time at frames that were not looked at yet, as far as
// the trace has them. What it gives takes in what was found; only that changes
// the sieve.
func (s *Sieve) Look(t trace.Trace, d time.Duration) (take func()) {
	from, step := s.Done, cmp.Or(s.step, firstSlice)
	to := from
	var hits []int
	for begin, end := time.Now(), t.Frames(); to < end && time.Since(begin) < d; {
		start := time.Now()
		next := min(to+step, end)
		hits = t.Select(hits, s.By, to, next)
		to = next
		switch took := time.Since(start); {
		case took < d/4:
			step = min(step*2, mostSlice)
		case took > d:
			step = max(step/2, 1)
		}
	}
	return func() {
		s.step = step
		s.Grow(to, hits)
	}
}

// Shown is the frames that the list shows, in order: those that pass the
// filter, or all.
type Shown struct {
	T     trace.Trace
	Sieve *Sieve // nil: no filter
}

func (s Shown) Count() int {
	if s.Sieve == nil {
		return s.T.Frames()
	}
	return s.Sieve.Rank(s.T.Frames())
}

// Frame is the frame at a place of the list.
func (s Shown) Frame(i int) int {
	if s.Sieve == nil {
		return i
	}
	return s.Sieve.Pick(i)
}

// Place is where a frame stands in the list, or where it would stand: before
// which of those shown.
func (s Shown) Place(n int) (i int, there bool) {
	if s.Sieve == nil {
		return n, n < s.T.Frames()
	}
	return s.Sieve.Rank(n), s.Sieve.Has(n)
}

// Nearest is the shown frame at n, or nearest to it; there is at least one.
func (s Shown) Nearest(n int) int {
	i, there := s.Place(n)
	if there {
		return n
	}
	last := s.Count() - 1
	after := s.Frame(min(i, last))
	if i == 0 || i > last {
		return after
	}
	if before := s.Frame(i - 1); n-before <= after-n {
		return before
	}
	return after
}
