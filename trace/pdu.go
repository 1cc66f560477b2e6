package trace

import "strata/layers"

// PDU is one protocol data unit. Its bytes are
//
//	own header ++ a range of another PDU ++ own trailer
//
// so a header is stored once per hop that changes it, and a payload once.
// Some PDUs differ: a Stream stores the bytes written to a socket, or refers
// to the many segments that they came in; a reassembled packet refers to its
// fragments; a corrupted PDU is another one with some bits flipped.
type PDU struct {
	Off   int64  // where the range begins in Of
	own   uint64 // place of the own bytes in the arena
	Of    PDUID  // the PDU that the range lies in; 0: none
	Len   uint32 // length of the range, bytes
	Head  uint16 // own bytes before the range
	Tail  uint16 // own bytes after the range: padding, FCS
	Proto layers.Proto
	form  form
}

// form tells how a PDU's bytes are made.
type form uint8

const (
	plain   form = iota
	sealed       // the last four bytes of Tail are the FCS, the rest zero padding
	patched      // Of with bits flipped; own holds the patch
	joined       // many ranges, in Log.joins
	source       // bytes of its own, growing, in Log.sources
)

// Size is the PDU's length in bytes; for a Stream or a reassembled packet use
// Trace.Size.
func (p PDU) Size() int64 { return int64(p.Head) + int64(p.Len) + int64(p.Tail) }

// Span says: the bytes [At, At+Len) of a PDU are the bytes [Off, Off+Len) of
// the PDU Of.
type Span struct {
	At, Off, Len int64
	Of           PDUID
}
