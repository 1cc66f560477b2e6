package follow

// fragment is data that came before what goes before it.
type fragment struct {
	seq     uint32
	arrived int // as which piece of its side
	frame   int
	data    []byte
}

// fragments are a heap but for its order.
type fragments struct{ all []fragment }

func (q *fragments) Len() int      { return len(q.all) }
func (q *fragments) Swap(i, j int) { q.all[i], q.all[j] = q.all[j], q.all[i] }
func (q *fragments) Push(f any)    { q.all = append(q.all, f.(fragment)) }

func (q *fragments) Pop() any {
	last := len(q.all) - 1
	f := q.all[last]
	q.all[last] = fragment{} // let go of its data
	q.all = q.all[:last]
	return f
}

// bySeq gives the lowest sequence number first. All of it lies within half of
// the numbers' range from what is expected, so that wrapping does no harm.
type bySeq struct{ fragments }

func (q *bySeq) Less(i, j int) bool { return int32(q.all[i].seq-q.all[j].seq) < 0 }

// byArrival gives what came first.
type byArrival struct{ fragments }

func (q *byArrival) Less(i, j int) bool { return q.all[i].arrived < q.all[j].arrived }
