package layers

import (
	"bytes"
	"strconv"
)

// maxBodies bounds the bodies that are put together in one frame.
const maxBodies = 100

// chunks reads a chunked body (RFC 9112 section 7.1), and puts together what
// its chunks carry. A chunk that is not all there ends the message.
func (m *httpMessage) chunks() {
	list := m.told(httpChunked, m.pos, m.end-m.pos, "")
	var body []byte
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
	if !whole {
		m.span = m.from(m.end - m.pos)
	}
	list.Len = m.pos - list.Pos
	list.Show = count(len(list.Children), "part")
	m.add(list)
	if whole && len(body) > 0 && len(m.tree.Bodies) < maxBodies {
		m.decoded(body)
	}
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

// decoded adds the body that chunks carried, in a buffer of its own.
func (m *httpMessage) decoded(body []byte) {
	d := m.dissector
	data, in := d.data, d.in
	d.data, d.in = body, InBody+Source(len(d.tree.Bodies))
	d.tree.Bodies = append(d.tree.Bodies, body)
	m.add(d.node(m.bodyField(), 0, len(body)))
	d.data, d.in = data, in
}
