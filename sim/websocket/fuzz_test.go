package websocket_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"strata/layers"
	"strata/sim/realhost"
	"strata/sim/websocket"
)

// scripted is a connection from which certain bytes come, in pieces, and then
// the end.
type scripted struct {
	io.Reader
	out bytes.Buffer
}

func (s *scripted) Write(b []byte) (int, error)      { return s.out.Write(b) }
func (s *scripted) Close() error                     { return nil }
func (s *scripted) CloseWrite() error                { return nil }
func (s *scripted) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (s *scripted) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (s *scripted) SetDeadline(time.Time) error      { return nil }
func (s *scripted) SetReadDeadline(time.Time) error  { return nil }
func (s *scripted) SetWriteDeadline(time.Time) error { return nil }

// FuzzServer: whatever a client sends, what comes out is messages of the size
// and kind that are allowed, and then an error; and the last thing that is
// said is a close frame, if the client broke the protocol.
func FuzzServer(f *testing.F) {
	p := peer{masked: true}
	for _, x := range append(append(headers()[:4], fragmented()...), closes()[:12]...) {
		var b []byte
		for _, frame := range x.send {
			b = append(b, p.bytes(frame)...)
		}
		if len(b) < 1000 {
			f.Add(b, false)
			f.Add(b, true)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte, deflate bool) {
		req, err := http.ReadRequest(bufio.NewReader(strings.NewReader(askFor + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n")))
		if err != nil {
			t.Fatal(err)
		}
		h := realhost.New(1, nil)
		c := &scripted{Reader: bytes.NewReader(b)}
		const limit = 500
		w, err := websocket.Accept(h, c, req, bufio.NewReaderSize(c, 16), &websocket.Options{MaxMessage: limit, Deflate: layers.Deflate{On: deflate}})
		if err != nil {
			t.Fatal(err)
		}
		for {
			var kind byte
			var message []byte
			if kind, message, err = w.ReadMessage(); err != nil {
				break
			}
			if len(message) > limit || kind != websocket.Text && kind != websocket.Binary || kind == websocket.Text && !utf8.Valid(message) {
				t.Fatalf("kind %d, %d bytes: %.50q", kind, len(message), message)
			}
		}
		h.Close()
		if wrong, ok := err.(*websocket.Violation); ok {
			tail := c.out.Bytes()[bytes.Index(c.out.Bytes(), []byte("\r\n\r\n"))+4:]
			said := []byte{byte(wrong.Code >> 8), byte(wrong.Code)}
			if i := bytes.LastIndexByte(tail, 0x88); i < 0 || !bytes.Contains(tail, said) {
				t.Fatalf("%v, but it said %x", wrong, tail)
			}
		}
	})
}
