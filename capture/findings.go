package capture

import (
	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
)

// analysed is what the analysis found of the frame's own TCP segment, its
// innermost; ok is false when it has none.
func (f *File) analysed(e *entry, frame int) (a layers.Analysis, ok bool) {
	if e.is(flagFragment) {
		return a, false
	}
	for i := range int(e.noted) {
		note := f.notes.At(int(e.notes) - 1 + i)
		if note.flow == e.flow && f.table.At(note.flow).Proto == layers.TCP {
			return f.explain(&note, frame), true
		}
	}
	return a, false
}

func (f *File) explain(n *note, frame int) layers.Analysis {
	c := f.conns.look(int(f.ways.at(int(n.flow)).conn - 1))
	return c.Explain(n.found, uint32(frame)+1, f.timeOf)
}

const sentAgain = layers.Retransmission | layers.FastRetransmission | layers.SpuriousRetransmission

// resent says whether a frame carries a segment that was sent before.
func (f *File) resent(e *entry) bool {
	if e.is(flagFragment) {
		return false
	}
	if e.is(flagResent) {
		return true
	}
	for i := range int(e.noted) {
		if note := f.notes.At(int(e.notes) - 1 + i); note.flow == e.flow && note.found.Findings()&sentAgain != 0 {
			return true
		}
	}
	return false
}

// finding tells of the first finding that explains a segment of n bytes;
// false: there is none.
func (b *builder) finding(h *walk.Header, id trace.PDUID, n int64) bool {
	a, ok := b.f.analysed(&b.entry, b.frame)
	if !ok {
		return false
	}
	say := func(w trace.Why, args ...int64) {
		b.say(trace.Segment, layers.Transport, h.Proto, id, w, args...)
	}
	found := func(f layers.Findings) bool { return a.Findings&f != 0 }
	switch {
	case found(layers.FastRetransmission):
		say(trace.CaptureFast, n)
	case found(layers.SpuriousRetransmission):
		say(trace.CaptureSpurious, n)
	case found(layers.Retransmission) && n > 0 && a.RTOFrame > 0:
		say(trace.CaptureTimedOut, n, int64(a.RTO))
	case b.f.resent(&b.entry):
		return false
	case found(layers.OutOfOrder):
		say(trace.CaptureOutOfOrder, n, b.host(b.to))
	case found(layers.ReusedPorts):
		say(trace.CaptureReused, b.host(b.from))
	case found(layers.LostSegment):
		say(trace.CaptureGap)
	case found(layers.AckLostSegment):
		say(trace.CaptureAckedUnseen, b.host(b.from))
	case found(layers.ZeroWindowProbe):
		say(trace.CaptureProbe, b.host(b.to))
	case found(layers.ZeroWindowProbeAck):
		say(trace.CaptureProbeAck, b.host(b.from))
	case found(layers.KeepAlive):
		say(trace.CaptureKeepAlive, b.host(b.to))
	case found(layers.KeepAliveAck):
		say(trace.CaptureAlive, b.host(b.from))
	case found(layers.ZeroWindow):
		say(trace.CaptureZero, b.host(b.from))
	case found(layers.DuplicateAck):
		say(trace.CaptureDuplicate, int64(a.DuplicateOf), int64(a.DuplicateAck), b.host(b.from))
	case found(layers.WindowUpdate):
		window := int64(layers.TCPHeader(b.data[h.At:]).Window())
		say(trace.CaptureUpdate, window<<max(a.Shift, 0), b.host(b.from))
	case found(layers.WindowFull):
		say(trace.CaptureFull, n, b.host(b.to))
	default:
		return false
	}
	return true
}
