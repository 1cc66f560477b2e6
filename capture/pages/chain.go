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
