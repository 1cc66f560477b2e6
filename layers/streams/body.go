package streams

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"slices"

	"strata/layers"
)

// http tells of an HTTP message whose body is packed, or consists of packets of
// Engine.IO. All others are messages as they stand.
func (k *teller) http(l Line, t *Tale) {
	if !t.Unit.Wraps {
		return
	}
	b := l.Read(nil, t.Unit.Start, t.Unit.End)
	at := headLen(b)
	if at == len(b) {
		return
	}
	h := parseHead(b[:at])
	coats := bodyCoats(b, at, &h)
	if h.text && h.engine(b[:at], aboveAt(l, t.Unit.Start)) {
		t.Bytes, t.Coats, t.Says = b, coats, false
		k.packets(t)
	}
	if len(t.Within) == 0 {
		if t.Coats, t.Says = nil, true; len(coats) > 1 {
			t.Bytes, t.Coats, t.Whole = b, coats, true
		}
	}
}

// headLen is how many bytes go before a message's body.
func headLen(b []byte) int {
	var l line
	n, _ := l.scanLines(b)
	return n
}

// bodyCoats are HTTP's head, and what the body is packed in.
func bodyCoats(b []byte, at int, h *httpHead) []layers.Coat {
	head := layers.Coat{Proto: layers.HTTP, Head: at, Inner: b[at:]}
	if h.chunked {
		head.Inner, head.Changed = unchunk(b[at:]), true
	}
	coats := []layers.Coat{head}
	if plain := unpack(head.Inner, h.coding); plain != nil {
		coats = append(coats, layers.Coat{Proto: layers.Gzip, Inner: plain, Changed: true})
	}
	return coats
}

// unchunk is what the chunks of a body carry (RFC 9112 section 7.1).
func unchunk(b []byte) []byte {
	plain := []byte{}
	for {
		line, rest, ok := bytes.Cut(b, []byte("\n"))
		size := 0
		for _, c := range line {
			digit := hexDigit(c)
			if digit < 0 {
				break
			}
			size = min(size<<4|digit, maxCoated)
		}
		size = min(size, len(rest))
		if !ok || size == 0 {
			return plain
		}
		plain = append(plain, rest[:size]...)
		_, b, _ = bytes.Cut(rest[size:], []byte("\n"))
	}
}

// unpack undoes a content coding (RFC 9110 section 8.4.1); nil: there is none,
// or it cannot be undone to the end, within bounds.
func unpack(b []byte, coding string) []byte {
	var r io.Reader
	var err error
	switch coding {
	case "gzip", "x-gzip":
		r, err = gzip.NewReader(bytes.NewReader(b))
	case "deflate":
		r, err = zlib.NewReader(bytes.NewReader(b))
	default:
		return nil
	}
	if err != nil {
		return nil
	}
	limit := int64(min(maxCoated, firstUnpacked+len(b)*maxPacked))
	plain, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil || int64(len(plain)) > limit {
		return nil
	}
	return slices.Clip(plain)
}

// firstUnpacked is how many bytes a body may have, unpacked, however few came.
const firstUnpacked = 1 << 16

// packets tells of the packets of Engine.IO that a body consists of.
func (k *teller) packets(t *Tale) {
	body, at := t.Inner(), int64(0)
	for packet := range bytes.SplitSeq(body, []byte{layers.EngineIOSeparator}) {
		p := Tale{Level: t.Level, Part: true, Unit: t.Unit, Bytes: packet, Inside: -1}
		p.Unit.Proto, p.Unit.Start, p.Unit.End = layers.EngineIO, at, at+int64(len(packet))
		p.Unit.Text = false
		at = p.Unit.End + 1
		if len(packet) == 0 || packet[0] != 'b' && (packet[0] < '0' || packet[0] > '6') {
			continue
		}
		if k.left--; k.left < 0 {
			return
		}
		p.Coats = layers.EngineIOCoats(packet, false)
		if p.Says = says(packet) || len(p.Coats) > 1 && p.Coats[1].Proto == layers.Base64; p.Says {
			p.Message = p.Inner()
		}
		t.Within = append(t.Within, p)
	}
}
