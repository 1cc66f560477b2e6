package layers

import "math/bits"

// cursor reads a message field by field; pos of its span is what it reads
// next. The first field that is not all there breaks it, and all cursors cut
// from the same message: from then on nothing is added, for what would come
// next is not known.
type cursor struct {
	*dissector
	span
	broken *bool
}

func (d *dissector) cursor(s span) *cursor { return &cursor{d, s, new(bool)} }

// ok says whether n more bytes are there, and breaks the cursor if not.
func (c *cursor) ok(n int) bool {
	if n < 0 || n > c.end-c.pos || !c.within() {
		*c.broken = true
	}
	return !*c.broken
}

// left is how many bytes are still to be read; 0 when the cursor is broken.
func (c *cursor) left() int {
	if *c.broken {
		return 0
	}
	return c.end - c.pos
}

// cut takes the next n bytes as a cursor of their own. It is empty, and all
// is broken, when there are fewer.
func (c *cursor) cut(n int) *cursor {
	part := *c
	if !c.ok(n) {
		n = 0
	}
	part.span = c.first(n)
	c.span = c.from(n)
	return &part
}

// skip passes over n bytes.
func (c *cursor) skip(n int) {
	if c.ok(n) {
		c.span = c.from(n)
	}
}

// peek is the number in the n bytes at an offset from the next one. What is
// not there breaks the cursor, and is 0.
func (c *cursor) peek(offset, n int) int {
	if !c.ok(offset + n) {
		return 0
	}
	return int(number(c.data[c.pos+offset : c.pos+offset+n]))
}

// over adds a field of the next n bytes without passing over them; its parts
// are under it. No field has no bytes.
func (c *cursor) over(dst *[]Node, f *Field, n int) *Node {
	if !c.ok(n) || n == 0 {
		return &Node{}
	}
	node := c.node(f, c.pos, n)
	if f.Type == TypeAbsTime && n < 8 { // in seconds since 1970
		node.Uint *= 1e9
		node.Show = show(f, node.Uint, nil)
	}
	if len(f.Sub) > 0 {
		node.Children, _ = c.fixed(nil, f.Sub, c.pos, c.span)
	}
	*dst = append(*dst, node)
	return &(*dst)[len(*dst)-1]
}

// take adds a field of the next n bytes and passes over them. The node is
// valid until the next one is added beside it.
func (c *cursor) take(dst *[]Node, f *Field, n int) *Node {
	node := c.over(dst, f, n)
	c.skip(n)
	return node
}

// all adds fields of fixed size, one after the other.
func (c *cursor) all(dst *[]Node, rows ...*Field) {
	for _, f := range rows {
		c.take(dst, f, f.Size)
	}
}

// beyond adds a field of the next n bytes, or as many of them as the buffer
// has: Wireshark lets some nodes reach over the end of what they lie in.
func (c *cursor) beyond(dst *[]Node, f *Field, n int) *Node {
	past := *c
	past.end = len(c.data)
	return past.over(dst, f, min(n, past.end-c.pos))
}

// rest adds what is left as one field, if there is anything.
func (c *cursor) rest(dst *[]Node, f *Field) { c.take(dst, f, c.left()) }

// list adds fields of one size as long as there are bytes for one.
func (c *cursor) list(dst *[]Node, f *Field) {
	for c.left() >= f.Size && c.left() > 0 {
		c.take(dst, f, f.Size)
	}
}

// little turns a node's number around: it was sent with its least significant
// byte first.
func (n *Node) little() *Node {
	if n.Field != nil {
		n.Uint = bits.ReverseBytes64(n.Uint) >> (64 - 8*min(n.Len, 8))
		n.Show = show(n.Field, n.Uint, nil)
	}
	return n
}
