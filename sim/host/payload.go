package host

import (
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
)

// patternPeriod is after how many bytes the pattern begins anew.
const patternPeriod = 1_000_000

// MaxWrite bounds one write; the pattern is kept so far beyond its period.
const MaxWrite = 1_000_000

// pattern is what fills a message of a given size: the offset of every eighth
// byte, in decimal. So wherever a packet's bytes are looked at, they say which
// bytes of the message they are, and a misplaced one shows.
var pattern = sync.OnceValue(func() []byte {
	p := make([]byte, patternPeriod+MaxWrite)
	for off := 0; off < patternPeriod; off += 8 {
		for i, n := 6, off; i >= 0; i, n = i-1, n/10 {
			p[off+i] = '0' + byte(n%10)
		}
		p[off+7] = ' '
	}
	copy(p[patternPeriod:], p)
	return p
})

// Payload is the content of a message: a text, then the pattern up to size.
type Payload struct {
	Text string
	Size int // bytes; less than the text's: the text alone
}

// Numbered is the n-th of several messages: {n} in its text becomes n.
func Numbered(text string, size, n int) Payload {
	return Payload{strings.ReplaceAll(text, "{n}", strconv.Itoa(n)), size}
}

// Len is its length in bytes.
func (m Payload) Len() int { return max(len(m.Text), m.Size) }

// Part is n bytes of the message from off on; n is at most MaxWrite. It may
// not be written to.
func (m Payload) Part(off, n int) []byte {
	rest := m.Text[min(off, len(m.Text)):]
	if rest == "" {
		off %= patternPeriod
		return pattern()[off : off+n]
	}
	b := append(make([]byte, 0, n), rest[:min(n, len(rest))]...)
	return append(b, Payload{}.Part(off+len(b), n-len(b))...)
}

// Write sends the message in writes of at most each bytes.
func (m Payload) Write(h Host, c net.Conn, each int) error {
	h.Sending(c, m.Len(), nil)
	for off := 0; off < m.Len(); off += each {
		if _, err := c.Write(m.Part(off, min(each, m.Len()-off))); err != nil {
			return err
		}
	}
	return nil
}

// ReadMessage reads a message of len(buf) bytes. At the end of the stream the
// error is io.EOF, inside a message io.ErrUnexpectedEOF.
func ReadMessage(h Host, c net.Conn, buf []byte) error {
	n, err := io.ReadFull(c, buf)
	if err == io.ErrUnexpectedEOF {
		return fmt.Errorf("the stream ended after %d of the message's %d bytes: %w", n, len(buf), err)
	}
	if err == nil {
		h.Got(c, n, nil)
	}
	return err
}
