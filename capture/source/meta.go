package source

import (
	"bytes"

	"github.com/google/gopacket/pcapgo"
)

// Meta is what the file says of a frame beside its bytes, and memory that is
// used again from call to call. The zero value is ready. It is for one
// goroutine at a time.
type Meta struct {
	Time      int64 // nanoseconds since 1970
	Untimed   bool  // the file has no time for it, and Time is 0
	WireLen   int   // length on the wire as the file says, bytes
	FCSLen    int   // bytes of frame check sequence at its end; 0: not said
	Direction Direction
	Iface     *Interface
	Comments  []string // without control characters

	raw  []byte
	feed bytes.Reader
	pcap *pcapgo.Reader
}

// Frame reads the frame of a record again, by the record's place and the
// length of its data, and fills m. The bytes hold until m is used again. It
// may be called by any goroutine while another one reads.
func (s *Source) Frame(at int64, capLen int, m *Meta) ([]byte, error) {
	if s.kind == nil || at < 0 || capLen < 0 || capLen > maxFrame {
		return nil, s.named(faultf(at, "there is no frame of %d bytes", capLen))
	}
	data, err := s.kind.frame(at, capLen, m)
	return data, s.named(err)
}

// Describe is Frame without the bytes.
func (s *Source) Describe(at int64, m *Meta) error {
	if s.kind == nil || at < 0 {
		return s.named(faultf(at, "there is no frame"))
	}
	return s.named(s.kind.describe(at, m))
}

// memory is n bytes of m's.
func (m *Meta) memory(n int) []byte {
	if cap(m.raw) < n {
		m.raw = make([]byte, n)
	}
	return m.raw[:n]
}

// reset makes m say nothing.
func (m *Meta) reset() {
	m.Time, m.Untimed, m.Direction, m.Comments = 0, false, DirectionUnknown, nil
}

// again is the error of a record that was read before.
func again(at int64, err error) error {
	if err != nil {
		return faultf(at, "cannot be read again: %v", err)
	}
	return faultf(at, "has changed since it was read: it ends before")
}

// Bytes reads b from a place in the (unpacked) file, where records have been
// read before; fewer than b has only where the file ends. It may be called by
// any goroutine.
func (s *Source) Bytes(b []byte, at int64) (int, error) {
	n, err := s.store.at(b, at)
	return n, s.named(err)
}
