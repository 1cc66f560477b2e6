package pages

// Chain is a list of records of which there are very many, most of them
// short: their full blocks lie in one List that they share.
type Chain[T any] struct {
	blocks []uint32 // where each full block begins in the shared list
	last   []T
}

const perBlock = 64

// Len is how many records there are.
func (c *Chain[T]) Len() int { return len(c.blocks)*perBlock + len(c.last) }

// Append adds a record. Those before it may not be changed any more.
func (c *Chain[T]) Append(v T, shared *List[T]) {
	if len(c.last) == perBlock {
		at := shared.Len()
		for _, old := range c.last {
			shared.Append(old)
		}
		c.blocks = append(c.blocks, uint32(at))
		c.last = c.last[:0]
	}
	c.last = append(c.last, v)
}

// At is record i.
func (c *Chain[T]) At(i int, shared *List[T]) T {
	if b := i / perBlock; b < len(c.blocks) {
		return shared.At(int(c.blocks[b]) + i%perBlock)
	}
	return c.last[i-len(c.blocks)*perBlock]
}

// Last is the record added last, which may be changed; nil when there is none.
func (c *Chain[T]) Last() *T {
	if len(c.last) == 0 {
		return nil
	}
	return &c.last[len(c.last)-1]
}

// Short says whether no full block of it lies in the shared list.
func (c *Chain[T]) Short() bool { return len(c.blocks) == 0 }

// Put puts the records of a short chain into the shared list, from which Got
// makes a chain again, and gives where they begin.
func (c *Chain[T]) Put(shared *List[T]) (at uint32) {
	at = uint32(shared.Len())
	for _, v := range c.last {
		shared.Append(v)
	}
	return at
}

// Got is the chain of n records that were Put.
func Got[T any](shared *List[T], at uint32, n int) (c Chain[T]) {
	if n > 0 {
		c.last = make([]T, n, n+1)
	}
	for i := range c.last {
		c.last[i] = shared.At(int(at) + i)
	}
	return c
}
