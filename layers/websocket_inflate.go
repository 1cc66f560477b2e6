package layers

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
)

// ErrInflated says that a message is larger, once it is unpacked, than it may
// be.
var ErrInflated = errors.New("the message is too large when it is unpacked")

const (
	deflateWindow = 1 << 15 // bytes that DEFLATE can refer back to (RFC 1951 section 2)
	// deflateTail is what the sender took away from the end of a message (RFC
	// 7692 section 7.2.1), and an empty last block, so that there is an end.
	deflateTail = "\x00\x00\xff\xff\x01\x00\x00\xff\xff"
)

// Inflater unpacks the messages of one direction of a WebSocket connection,
// one after the other.
type Inflater struct {
	NoContext bool // each message stands for itself

	packed io.ReadCloser
	window []byte // the last bytes of the messages before
}

// Message unpacks a whole message to at most limit bytes. After an error the
// messages that follow cannot be unpacked either, if they have a context.
func (f *Inflater) Message(packed []byte, limit int) ([]byte, error) {
	src := io.MultiReader(bytes.NewReader(packed), bytes.NewReader([]byte(deflateTail)))
	if f.packed == nil {
		f.packed = flate.NewReaderDict(src, f.window)
	} else if err := f.packed.(flate.Resetter).Reset(src, f.window); err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(f.packed, int64(limit)+1))
	switch {
	case err != nil:
		return nil, err
	case len(plain) > limit:
		return nil, ErrInflated
	}
	if !f.NoContext {
		f.window = append(f.window, plain[max(0, len(plain)-deflateWindow):]...)
		f.window = append(f.window[:0], f.window[max(0, len(f.window)-deflateWindow):]...)
	}
	return plain, nil
}
