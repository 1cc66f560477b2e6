package analysis

// Start is where the sequence numbers of one side of a connection begin: at
// its SYN, or before the first byte that was seen.
type Start struct {
	Seq   uint32 // relative numbers count from it
	Known bool
}

// Reuses says whether a segment opens another connection between the same
// ports: a SYN with another number than its side, me, began with.
func (me *Start) Reuses(flags uint16, seq uint32) bool {
	return flags&(flagSYN|flagACK) == flagSYN && me.Known && me.Seq != seq
}

// Begin notes what a segment tells of where its sender's numbers and the
// other's begin. Of one whose length is not known only a SYN's answer counts.
// It reports whether the sender began once more, elsewhere.
func Begin(me, other *Start, flags uint16, seq, ack uint32, measured bool) (again bool) {
	if flags&(flagSYN|flagACK) == flagSYN|flagACK && me.Known && me.Seq != seq {
		me.Seq, again = seq, true
	}
	if !measured {
		return again
	}
	if !me.Known {
		*me = Start{seq, true}
		if flags&flagSYN == 0 {
			me.Seq--
		}
	}
	if !other.Known && flags&flagACK != 0 {
		*other = Start{ack - 1, true}
	}
	return again
}
