package program

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

// maxWrite bounds one write; the pattern is kept so far beyond its period.
const maxWrite = 1_000_000

// pattern is what fills a message of a given size: the offset of every eighth
// byte, in decimal. So wherever a packet's bytes are looked at, they say which
// bytes of the message they are, and a misplaced one shows.
var pattern = sync.OnceValue(func() []byte {
	p := make([]byte, patternPeriod+maxWrite)
	for off := 0; off < patternPeriod; off += 8 {
		for i, n := 6, off; i >= 0; i, n = i-1, n/10 {
			p[off+i] = '0' + byte(n%10)
		}
		p[off+7] = ' '
	}
	copy(p[patternPeriod:], p)
	return p
})

// message is the content of a message: a text, then the pattern up to size.
type message struct {
	text string
	size int // bytes; less than the text's: the text alone
}

// numbered is the n-th of several messages: {n} in its text becomes n.
func numbered(text string, size, n int) message {
	return message{strings.ReplaceAll(text, "{n}", strconv.Itoa(n)), size}
}

func (m message) len() int { return max(len(m.text), m.size) }

// part is n bytes of the message from off on; n is at most maxWrite. It may
// not be written to.
func (m message) part(off, n int) []byte {
	rest := m.text[min(off, len(m.text)):]
	if rest == "" {
		off %= patternPeriod
		return pattern()[off : off+n]
	}
	b := append(make([]byte, 0, n), rest[:min(n, len(rest))]...)
	return append(b, message{}.part(off+len(b), n-len(b))...)
}

// write sends the message in writes of at most each bytes.
func (m message) write(h Host, c net.Conn, each int) error {
	h.Sending(c, m.len())
	for off := 0; off < m.len(); off += each {
		if _, err := c.Write(m.part(off, min(each, m.len()-off))); err != nil {
			return err
		}
	}
	return nil
}

// readMessage reads a message of len(buf) bytes. At the end of the stream the
// error is io.EOF, inside a message io.ErrUnexpectedEOF.
func readMessage(h Host, c net.Conn, buf []byte) error {
	n, err := io.ReadFull(c, buf)
	if err == io.ErrUnexpectedEOF {
		return fmt.Errorf("the stream ended after %d of the message's %d bytes: %w", n, len(buf), err)
	}
	if err == nil {
		h.Got(c, n)
	}
	return err
}
