package source

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

var (
	magicGzip = []byte{0x1f, 0x8b}             // RFC 1952 sec. 2.3.1
	magicZstd = []byte{0x28, 0xb5, 0x2f, 0xfd} // RFC 8878 sec. 3.1.1
)

// maxZstdWindow bounds the memory that a zstd file can ask for: four times
// what the highest ordinary level, 19, asks.
const maxZstdWindow = 32 << 20

// compressed tells whether a file that begins so is packed.
func compressed(magic []byte) bool {
	return bytes.HasPrefix(magic, magicGzip) || bytes.HasPrefix(magic, magicZstd)
}

// unpacked reads r, unpacked if it is packed.
func unpacked(r io.Reader) (io.Reader, error) {
	br := bufio.NewReaderSize(r, 64<<10)
	// A pipe may end, or for now have said, less than this.
	magic, _ := br.Peek(2)
	switch {
	case bytes.Equal(magic, magicGzip):
		z, err := gzip.NewReader(br)
		if err != nil {
			return nil, fmt.Errorf("the gzip header is damaged: %w", err)
		}
		return packedReader{z, "gzip"}, nil
	case bytes.Equal(magic, magicZstd[:2]):
		if magic, _ = br.Peek(4); !bytes.Equal(magic, magicZstd) {
			break
		}
		z, err := zstd.NewReader(br, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(maxZstdWindow), zstd.WithDecoderMaxMemory(2*maxZstdWindow))
		if err != nil {
			return nil, fmt.Errorf("the zstd header is damaged: %w", err)
		}
		return packedReader{z.IOReadCloser(), "zstd"}, nil
	}
	return br, nil
}

// packedReader says of an error what was read.
type packedReader struct {
	io.ReadCloser
	kind string
}

func (p packedReader) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	switch {
	case err == nil || err == io.EOF:
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = fmt.Errorf("the file ends inside its %s data", p.kind)
	default:
		err = fmt.Errorf("the %s data is damaged: %w", p.kind, err)
	}
	return n, err
}

// counter counts what is read of a packed file.
type counter struct {
	io.Reader
	n atomic.Int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n.Add(int64(n))
	return n, err
}
