package capture

import (
	"fmt"
	"io"
)

// maxFrame is the largest captured length that is believed: the largest that
// libpcap's own programs accept.
const maxFrame = 262144

// A fault is a place in a file that cannot be read.
type fault struct {
	file   string
	packet int  // from 1; 0: not in a packet
	other  bool // what lies there is no packet
	at     int64
	what   string
}

func (f *fault) Error() string {
	if f.packet == 0 {
		return fmt.Sprintf("%s: byte %d: %s", f.file, f.at, f.what)
	}
	return fmt.Sprintf("%s: packet %d at byte %d: %s", f.file, f.packet, f.at, f.what)
}

// inPacket says that an error is about the packet with a number from 1.
func inPacket(err error, n int) error {
	if f, ok := err.(*fault); ok && !f.other {
		f.packet = n
	}
	return err
}

// notPacket says that an error is not about a packet.
func notPacket(err error) error {
	if f, ok := err.(*fault); ok {
		f.other = true
	}
	return err
}

func faultf(at int64, format string, args ...any) error {
	return &fault{at: at, what: fmt.Sprintf(format, args...)}
}

// window reads a file front to back in large pieces.
type window struct {
	r    io.ReaderAt
	size int64
	buf  []byte
	at   int64 // where buf begins in the file
}

const windowSize = 1 << 20

// peek gives the n bytes at off; they hold until the next call. n is at most
// windowSize. Bytes past the file's end are a fault of what was to be read.
func (w *window) peek(off int64, n int, what string) ([]byte, error) {
	if n > windowSize || off < 0 || off > w.size || int64(n) > w.size-off {
		return nil, faultf(off, "the file ends inside %s: %d bytes are needed, %d are left", what, n, max(0, w.size-off))
	}
	if off < w.at || off+int64(n) > w.at+int64(len(w.buf)) {
		if err := w.fill(off); err != nil {
			return nil, err
		}
	}
	i := off - w.at
	if i+int64(n) > int64(len(w.buf)) {
		return nil, faultf(off, "the file has become shorter while it was read")
	}
	return w.buf[i : i+int64(n)], nil
}

func (w *window) fill(off int64) error {
	if w.buf == nil {
		w.buf = make([]byte, 0, min(windowSize, w.size))
	}
	w.at = off
	w.buf = w.buf[:min(int64(cap(w.buf)), w.size-off)]
	n, err := w.r.ReadAt(w.buf, off)
	w.buf = w.buf[:n]
	if err != nil && err != io.EOF {
		return faultf(off, "%v", err)
	}
	return nil
}

// record is where a frame lies in a file, and what the file says of it.
type record struct {
	at              int64 // of the record or block
	data            int64 // of the frame's bytes
	capLen, wireLen uint32
	time            int64 // nanoseconds since 1970
	iface           *iface
}

// iface is what a file says of an interface that frames were captured at.
type iface struct {
	name   string
	link   uint16 // LINKTYPE_ number
	fcsLen int    // bytes at the end of each frame; 0: not said
	snap   uint32 // pcapng's snap length; 0: none
	resol  byte   // pcapng's if_tsresol
	offset int64  // pcapng's if_tsoffset, seconds
}

// container is a kind of capture file.
type container interface {
	// next finds the next frame; io.EOF at the file's end. The frame's bytes
	// lie wholly in the file and are at most maxFrame.
	next(w *window) (record, error)
	// read reads the frame whose record begins at a place that next gave.
	read(at int64, capLen uint32) ([]byte, Meta, error)
	// describe is read without the bytes.
	describe(at int64) (Meta, error)
}
