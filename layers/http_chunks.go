package layers

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strconv"
)

const (
	maxBodies   = 100     // bodies that are put together in one frame
	maxUnpacked = 1 << 20 // bytes that they may have when one more is unpacked
)

// chunks reads a chunked body (RFC 9112 section 7.1), and puts together what
// its chunks carry. A chunk that is not all there ends the message: nil.
func (m *httpMessage) chunks() []byte {
	list := m.told(httpChunked, m.pos, m.end-m.pos, "")
	body := []byte{}
	whole, last := true, false
	for whole && !last && m.pos < m.end && m.within() {
		text, line := m.nextLine()
		if text == 0 || !m.lineEnds(line) {
			break // what follows is no chunk, or the beginning of one
		}
		size := chunkSize(m.data[m.pos : m.pos+text])
		last = size == 0
		n := line + size + 2 // with the line end after the data, or that of the last line of all
		if whole = m.pos+n <= m.end; !whole {
			break
		}
		list.Children = append(list.Children, m.chunk(line, size))
		body = append(body, m.data[m.pos+line:m.pos+line+size]...)
		m.span = m.from(n)
		if last {
			m.pos -= 2 // a trailer may come before it
			list.Children = m.trailer(list.Children)
		}
	}
	if !whole || m.pos == list.Pos { // no chunk at all
		m.span, body = m.from(m.end-m.pos), nil
	}
	list.Len = m.pos - list.Pos
	list.Show = count(len(list.Children), "part")
	m.add(list)
	return body
}

// lineEnds says whether a line of n bytes has its end: a line feed, or a
// carriage return that is not the last byte.
func (m *httpMessage) lineEnds(n int) bool {
	c := m.data[m.pos+n-1]
	return c == '\n' || c == '\r' && m.pos+n < m.end
}

// chunkSize reads the hexadecimal number at the start of a line; none is 0.
func chunkSize(line []byte) int {
	line = bytes.TrimLeft(line, " \t")
	n := 0
	for n < len(line) && bytes.IndexByte([]byte("0123456789abcdefABCDEF"), line[n]) >= 0 {
		n++
	}
	size, _ := strconv.ParseUint(string(line[:n]), 16, 31) // at most 1<<31-1
	return int(size)
}

// chunk is one chunk: a line with its size, its data, a line end.
func (m *httpMessage) chunk(line, size int) Node {
	n := m.told(httpChunk, m.pos, line+size+2, count(size, "byte"))
	length := m.node(httpChunkSize, m.pos, line)
	length.Uint, length.Show = uint64(size), n.Show
	n.Children = append(n.Children, length)
	if size > 0 {
		at := m.pos + line
		n.Children = append(n.Children, m.node(httpChunkData, at, size), m.node(httpChunkEnd, at+size, 2))
	}
	return n
}

// trailer reads the lines after the last chunk, up to the empty one.
func (m *httpMessage) trailer(dst []Node) []Node {
	start, end := m.pos, 0
	for end == 0 && m.pos < m.end {
		text, line := m.nextLine()
		if !m.lineEnds(line) {
			break
		}
		if text == 0 {
			end = line
			break
		}
		m.span = m.from(line)
	}
	if m.pos > start {
		dst = append(dst, m.node(httpTrailer, start, m.pos-start))
	}
	if end > 0 {
		dst = append(dst, m.node(httpTrailEnd, m.pos, end))
		m.span = m.from(end)
	}
	return dst
}

// unpack undoes a compression; nil: it is none of those known, or broken from
// the start. What comes out is bounded.
func (m *httpMessage) unpack(data []byte) []byte {
	var r io.Reader
	var err error
	switch m.encoding {
	case "gzip", "x-gzip":
		r, err = gzip.NewReader(bytes.NewReader(data))
	case "deflate", "x-deflate":
		if r, err = zlib.NewReader(bytes.NewReader(data)); err != nil { // many servers leave out zlib's header
			r, err = flate.NewReader(bytes.NewReader(data)), nil
		}
	default:
		return nil
	}
	if err != nil {
		return nil
	}
	plain, _ := io.ReadAll(io.LimitReader(r, int64(maxUnpacked-m.unpacked())))
	return plain
}

// unpacked is how many bytes the frame's bodies have.
func (m *httpMessage) unpacked() (n int) {
	for _, b := range m.tree.Bodies {
		n += len(b)
	}
	return min(n, maxUnpacked)
}
