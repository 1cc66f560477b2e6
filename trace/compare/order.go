package compare

import "sort"

// align puts the sights of both sides in rows: those of A in their order, each
// with its partner, and those of B that have none where they come in B.
func (c *Comparison) align() {
	a, b := c.sides[A], c.sides[B]
	c.setShift()
	fixed := inOrder(a.partner)
	c.order = merge(a.partner, b.partner, fixed, c.sooner)
	c.rows[A], c.rows[B] = make([]int32, len(a.partner)), make([]int32, len(b.partner))
	c.diff = make([]Diff, len(c.order))
	for r, i := range c.order {
		if i < 0 {
			c.rows[B][^i] = int32(r)
			continue
		}
		c.rows[A][i] = int32(r)
		if j := a.partner[i]; j >= 0 {
			c.rows[B][j] = int32(r)
			if !fixed[i] {
				c.diff[r] |= Moved
			}
		}
	}
}

// setShift finds what must be added to B's times. Runs begin at 0 alike; a
// capture's clock is its own, so the first frame that both have is when it
// agrees with the other's.
func (c *Comparison) setShift() {
	if c.Runs() {
		return
	}
	for i, j := range c.sides[A].partner {
		if j >= 0 {
			c.shift = c.sides[A].time(i) - c.sides[B].time(int(j))
			return
		}
	}
}

// inOrder says which sights keep their order: a longest choice of pairs in
// which both sides go forward.
func inOrder(partner []int32) []bool {
	fixed := make([]bool, len(partner))
	before := make([]int32, len(partner)) // in a longest choice that ends here
	var tails []int32                     // by length-1, the end that lies lowest in B
	for i, j := range partner {
		if j < 0 {
			continue
		}
		n := len(tails)
		if n == 0 || partner[tails[n-1]] < j { // mostly
			tails = append(tails, int32(i))
		} else {
			n = sort.Search(n, func(k int) bool { return partner[tails[k]] >= j })
			tails[n] = int32(i)
		}
		before[i] = -1
		if n > 0 {
			before[i] = tails[n-1]
		}
	}
	if len(tails) > 0 {
		for i := tails[len(tails)-1]; i >= 0; i = before[i] {
			fixed[i] = true
		}
	}
	return fixed
}

// merge makes the rows: those of A, and of B those without a partner. Between
// two pairs that keep their order, sooner says whether i of A goes before j of
// B, both behind the pair of from and to; -1: there was none yet.
func merge(ofA, ofB []int32, fixed []bool, sooner func(i, j, from, to int) bool) []int32 {
	rows := make([]int32, 0, max(len(ofA), len(ofB)))
	j, from, to := 0, -1, -1
	step := func() {
		if ofB[j] < 0 {
			rows = append(rows, ^int32(j))
		}
		j++
	}
	for i := range ofA {
		if ofA[i] >= 0 && fixed[i] {
			for j < int(ofA[i]) {
				step()
			}
			from, to, j = i, j, j+1
		} else {
			for j < len(ofB) && !(ofB[j] >= 0 && fixed[ofB[j]]) && !(ofB[j] < 0 && sooner(i, j, from, to)) {
				step()
			}
		}
		rows = append(rows, int32(i))
	}
	for j < len(ofB) {
		step()
	}
	return rows
}

// sooner compares how long after two that are the same i of A and j of B come.
func (c *Comparison) sooner(i, j, from, to int) bool {
	a, b := c.sides[A], c.sides[B]
	if from < 0 {
		return a.time(i) <= b.time(j)+c.shift
	}
	return a.time(i)-a.time(from) <= b.time(j)-b.time(to)
}
