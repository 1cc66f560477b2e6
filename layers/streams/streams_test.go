package streams_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"strata/layers"
	"strata/layers/streams"
	"strata/layers/tlskeys"
)

// said is one stretch of a conversation: who says it, and what.
type said struct {
	side int
	data string
}

// begins is how many bytes show what a stretch is: a protocol is known by the
// first segment.
const begins = 16

// hear feeds a conversation to a Talk, each stretch cut into pieces of at most
// n bytes after its beginning, and gives its memory and how many pieces there
// were.
func hear(talk []said, n int) (*streams.Memory, uint32) { return hearWith(talk, n, nil) }

// hearWith is hear with secrets of TLS.
func hearWith(talk []said, n int, secrets *tlskeys.Log) (*streams.Memory, uint32) {
	var all [2][]byte
	k := &streams.Memory{Bytes: func(side int, dst []byte, from, to int64) []byte { return append(dst, all[side][from:to]...) }}
	t := streams.NewTalk([2]uint16{40000, 80}, secrets)
	frame := uint32(0)
	for _, s := range talk {
		for rest := []byte(s.data); len(rest) > 0; {
			piece := rest[:min(n, len(rest))]
			if len(rest) == len(s.data) {
				piece = rest[:min(max(n, begins), len(rest))]
			}
			rest = rest[len(piece):]
			all[s.side] = append(all[s.side], piece...)
			frame++
			t.Feed(k, s.side, frame, piece)
			t.News(s.side)
		}
	}
	return k, frame
}

// units lists what was found in a side's stream, without frames.
func units(l streams.Line) string {
	var b strings.Builder
	for i := range l.Messages() {
		m := l.Message(i)
		fmt.Fprintf(&b, "%v %d-%d %v\n", m.Proto, m.Start, m.End, m.Last != streams.NotYet && !m.Lost)
	}
	for _, t := range l.Turns() {
		fmt.Fprintf(&b, "at %d %+v\n", t.Off, t.Above)
	}
	for i := range l.Openings() {
		o := l.Opening(i)
		fmt.Fprintf(&b, "opened %d %q\n", o.End, l.Opened(nil, o))
	}
	return b.String()
}

const (
	ask = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	agree = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)

func conversation() []said {
	masked := func(first byte, text string) string {
		key := [4]byte{1, 2, 3, 4}
		b := []byte(text)
		layers.WebSocketMask(b, key, 0)
		return string([]byte{first, 0x80 | byte(len(b)), 1, 2, 3, 4}) + string(b)
	}
	return []said{
		{0, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na=b"},
		{1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"},
		{0, ask}, {1, agree},
		{1, "\x81\x0a0{\"sid\":1}"},
		{0, masked(0x81, "40")},
		{0, masked(0x01, `42["he`) + masked(0x89, "ping") + masked(0x80, `y"]`)},
		{1, "\x8a\x04ping\x81\x0742[\"a\"]\x88\x00"},
	}
}

// TestCuts: however a conversation is cut, the same is found in it.
func TestCuts(t *testing.T) {
	whole, _ := hear(conversation(), 1<<20)
	for side := range 2 {
		want := units(whole.Line(side))
		for _, n := range []int{1, 2, 3, 7, 100} {
			cut, _ := hear(conversation(), n)
			if got := units(cut.Line(side)); got != want {
				t.Errorf("side %d, cut after %d bytes:\n%swant\n%s", side, n, got, want)
			}
		}
	}
}

// TestTales: what is told of each unit, from the outermost coat to the message.
func TestTales(t *testing.T) {
	k, frames := hear(conversation(), 1<<20)
	var got []string
	for frame := uint32(1); frame <= frames; frame++ {
		for side := range 2 {
			line := k.Line(side)
			for _, tale := range streams.Tales(line, streams.EndedIn(line, frame)) {
				text := fmt.Sprint(side, " ", tale.Unit.Proto)
				for _, c := range tale.Coats[min(1, len(tale.Coats)):] {
					text += " " + c.Proto.String()
				}
				if tale.Says {
					text += " " + string(tale.Message)
				}
				got = append(got, text)
			}
		}
	}
	want := []string{
		"0 HTTP ", "1 HTTP ", "0 HTTP ", "1 HTTP ",
		"1 WebSocket Engine.IO JSON", "0 WebSocket Engine.IO Socket.IO",
		"0 WebSocket", "0 WebSocket", `0 WebSocket Engine.IO Socket.IO JSON ["hey"]`,
		"1 WebSocket", `1 WebSocket Engine.IO Socket.IO JSON ["a"]`, "1 WebSocket",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// FuzzTalk: whatever both sides say, and however it is cut, nothing panics, no
// unit reaches beyond the stream, and units do not overlap.
func FuzzTalk(f *testing.F) {
	var one, other []byte
	for _, s := range conversation() {
		if s.side == 0 {
			one = append(one, s.data...)
		} else {
			other = append(other, s.data...)
		}
	}
	f.Add(one, other, 100)
	f.Add([]byte("\x10\x0c\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x30\xff\xff\xff\x7f"), []byte("\x20\x02\x00\x00"), 3)
	f.Add([]byte("\x16\x03\x01\xff\xff\x01"), []byte("\x15\x03\x03\x00\x02\x02\x28"), 1)
	f.Add([]byte(ask+"\x01\xff\x7f\xff\xff\xff\xff\xff\xff\xff1234"), []byte(agree+"\x01\x7f\xff\xff\xff\xff\xff\xff\xff\xff"), 200)
	f.Add([]byte("GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"), []byte("HTTP/1.1 101 x\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: mqtt\r\n"+
		"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n\x82\x0e\x10\x0c\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\xc2\x07\xca\x48\xcd\xc9\xc9\x07\x00"), 300)
	f.Fuzz(func(t *testing.T, one, other []byte, n int) {
		k, frames := hear(inTurns(one, other, n), 1<<20)
		for side := range 2 {
			check(t, k.Line(side), frames)
		}
	})
}

// inTurns has both sides say n bytes of theirs, one after the other.
func inTurns(one, other []byte, n int) (talk []said) {
	n = max(1, n&0xffff)
	for len(one)+len(other) > 0 {
		k := min(n, len(one))
		talk = append(talk, said{0, string(one[:k])})
		one = one[k:]
		k = min(n, len(other))
		talk = append(talk, said{1, string(other[:k])})
		other = other[k:]
	}
	return talk
}

// check wants units that follow on each other within their stream, and tales
// of them with their bytes.
func check(t *testing.T, line streams.Line, frames uint32) {
	t.Helper()
	at := int64(0)
	for i := range line.Messages() {
		m := line.Message(i)
		if m.Start < at || m.End < m.Start {
			t.Fatalf("message %d is %d-%d, the one before ends at %d", i, m.Start, m.End, at)
		}
		at = m.End
	}
	for frame := uint32(1); frame <= frames; frame++ {
		for _, tale := range streams.Tales(line, streams.EndedIn(line, frame)) {
			if tale.Bytes != nil && !bytes.Equal(tale.Bytes, line.Read(nil, tale.Unit.Start, tale.Unit.End)) {
				t.Fatal("a tale's bytes are not those of its unit")
			}
			for _, part := range tale.Within {
				if part.Part && !bytes.Equal(part.Bytes, tale.Inner()[part.Unit.Start:part.Unit.End]) {
					t.Fatal("a part's bytes are not those of its place")
				}
			}
		}
	}
}

// TestTally: a frame may hold many units, and all are told of as long as they
// are not as small as only a flood of them is.
func TestTally(t *testing.T) {
	for _, c := range []struct {
		text      string
		sent, got int
	}{{"", 1000, 500}, {"a", 30, 30}, {"hello", 200, 200}, {"hello", 5000, 4096}} {
		frame := "\x81" + string(rune(len(c.text))) + c.text
		k, _ := hear([]said{{0, ask}, {1, agree}, {1, strings.Repeat(frame, c.sent)}}, 1<<20)
		n := 0
		for l, i := k.Line(1), 0; i < l.Messages(); i++ {
			if m := l.Message(i); m.Proto == layers.WebSocket && m.Last != streams.NotYet {
				n++
			}
		}
		if want := min(c.sent, max(c.got, 32)); n != want {
			t.Errorf("%d of %d frames with %q are told of, want %d", n, c.sent, c.text, want)
		}
	}
}
