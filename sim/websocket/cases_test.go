package websocket_test

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"strata/layers"
	"strata/sim/host/hosttest"
	"strata/sim/websocket"
)

// peer is the other side of a connection under test: it writes frames as it is
// told, right or wrong, and reads them with a parser of its own.
type peer struct {
	net.Conn
	r      *bufio.Reader
	masked bool // it is the client
	t      *testing.T
}

// f is a frame: its first byte and its payload. Broken frames are raw bytes.
type f struct {
	first   byte
	payload string
	raw     string
}

func text(s string) f { return f{first: 0x81, payload: s} }

func (p *peer) bytes(x f) []byte {
	if x.raw != "" {
		return []byte(x.raw)
	}
	b := []byte{x.first}
	mask := byte(0)
	if p.masked {
		mask = 0x80
	}
	switch n := len(x.payload); {
	case n < 126:
		b = append(b, mask|byte(n))
	case n < 65536:
		b = binary.BigEndian.AppendUint16(append(b, mask|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, mask|127), uint64(n))
	}
	if !p.masked {
		return append(b, x.payload...)
	}
	key := []byte{0x37, 0xfa, 0x21, 0x3d}
	b = append(b, key...)
	for i := range len(x.payload) {
		b = append(b, x.payload[i]^key[i%4])
	}
	return b
}

var names = map[byte]string{0: "more", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong"}

// next reads a frame: what it is and what it carries. The end of the stream is
// "end".
func (p *peer) next() (name string, payload string) {
	p.SetReadDeadline(time.Now().Add(time.Minute))
	var h [2]byte
	if _, err := io.ReadFull(p.r, h[:]); err != nil {
		if err != io.EOF {
			p.t.Errorf("reading: %v", err)
		}
		return "end", ""
	}
	n := uint64(h[1] & 0x7f)
	var long [8]byte
	switch n {
	case 126:
		io.ReadFull(p.r, long[6:])
		n = binary.BigEndian.Uint64(long[:])
	case 127:
		io.ReadFull(p.r, long[:])
		n = binary.BigEndian.Uint64(long[:])
	}
	if masked := h[1]&0x80 != 0; masked == p.masked {
		p.t.Errorf("a frame's mask: %v", masked)
	}
	var key [4]byte
	if h[1]&0x80 != 0 {
		io.ReadFull(p.r, key[:])
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(p.r, b); err != nil {
		p.t.Errorf("reading a payload: %v", err)
	}
	for i := range b {
		b[i] ^= key[i%4]
	}
	name = names[h[0]&15]
	if h[0]&0x80 == 0 {
		name += "-"
	}
	if h[0]&0x40 != 0 {
		name += "*"
	}
	return name, string(b)
}

const askFor = "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"

// againstServer connects a peer to our server, which echoes.
func againstServer(t *testing.T, addr, line string) *peer {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	p := &peer{c, bufio.NewReader(c), true, t}
	io.WriteString(c, askFor+line+"\r\n")
	resp, err := http.ReadResponse(p.r, nil)
	if err != nil || resp.StatusCode != 101 || resp.Header.Get("Sec-WebSocket-Accept") != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Fatalf("%v, %v", resp, err)
	}
	return p
}

// againstClient lets our client connect to a peer.
func againstClient(t *testing.T, m *hosttest.Machine, o *websocket.Options, line string, do func(*websocket.Conn)) *peer {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	m.Go(func() {
		c, err := websocket.Dial(m, l.Addr().String(), "/", o)
		if err != nil {
			t.Error(err)
			return
		}
		do(c)
	})
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	p := &peer{c, bufio.NewReader(c), false, t}
	req, err := http.ReadRequest(p.r)
	if err != nil {
		t.Fatal(err)
	}
	accept := layers.WebSocketAcceptFor([]byte(req.Header.Get("Sec-WebSocket-Key")))
	fmt.Fprintf(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: %s\r\n%s\r\n", accept[:], line)
	return p
}

func echo(c *websocket.Conn) {
	for {
		kind, message, err := c.ReadMessage()
		if err != nil || c.WriteMessage(kind, message) != nil {
			return
		}
	}
}

func closeWith(code int, reason string) f {
	return f{first: 0x88, payload: string(binary.BigEndian.AppendUint16(nil, uint16(code))) + reason}
}

// exchange is a case: what is sent, what must come back, and why the
// connection is closed: a code, 0 for a close frame without one.
type exchange struct {
	name string
	send []f
	want []string
	code int
	chop int // bytes of a write; 0: all in one
}

func (x exchange) try(t *testing.T, p *peer) {
	var b []byte
	for _, frame := range x.send {
		b = append(b, p.bytes(frame)...)
	}
	go func() {
		size := x.chop
		if size == 0 {
			size = len(b)
		}
		for part := range slices.Chunk(b, max(size, 1)) {
			if _, err := p.Write(part); err != nil {
				return // the other side has had enough
			}
		}
	}()
	for i, want := range x.want {
		name, payload := p.next()
		if got := name + " " + payload; got != want {
			t.Fatalf("frame %d: %.80q (%d bytes), want %.80q (%d bytes)", i, got, len(got), want, len(want))
		}
	}
	name, payload := p.next()
	code := 0
	if len(payload) >= 2 {
		code = int(binary.BigEndian.Uint16([]byte(payload)))
	}
	if name != "close" || code != x.code {
		t.Fatalf("at the end %s %q, want close %d", name, payload, x.code)
	}
	if p.masked { // RFC 6455 section 7.1.1: the server closes TCP
		if name, _ := p.next(); name != "end" {
			t.Fatalf("after the close frame: %s", name)
		}
	} else {
		p.Close()
	}
}

// run tries the cases in both roles.
func run(t *testing.T, cases []exchange, server *websocket.Server, o *websocket.Options, asked, agreed string) {
	m := hosttest.New(t)
	server.Listen, server.Echo = hosttest.Free(t), true
	m.Serve(t, server, 1)
	for _, x := range cases {
		t.Run("server "+x.name, func(t *testing.T) { x.try(t, againstServer(t, server.Listen, asked)) })
		t.Run("client "+x.name, func(t *testing.T) { x.try(t, againstClient(t, m, o, agreed, echo)) })
	}
}

// sizes and pings: Autobahn's groups 1 and 2, and a few of 9 and 10.
func sizesAndPings() (cases []exchange) {
	bye := closeWith(1000, "")
	for _, n := range []int{0, 125, 126, 127, 128, 65535, 65536, 300_000} {
		for _, chop := range []int{0, 997} {
			s := strings.Repeat("*", n)
			cases = append(cases, exchange{fmt.Sprintf("1 size %d chop %d", n, chop), []f{text(s), {first: 0x82, payload: s}, bye}, []string{"text " + s, "binary " + s}, 1000, chop})
		}
	}
	long := strings.Repeat("p", 125)
	var many []f
	var pongs []string
	for i := range 10 {
		many, pongs = append(many, f{first: 0x81, payload: fmt.Sprint(i)}), append(pongs, fmt.Sprint("text ", i))
	}
	var pings []f
	var answers []string
	for i := range 10 {
		pings, answers = append(pings, f{first: 0x89, payload: fmt.Sprint(i)}), append(answers, fmt.Sprint("pong ", i))
	}
	pings = append(pings, bye)
	frames := []f{{first: 0x02, payload: strings.Repeat("x", 64_000)}}
	for range 7 {
		frames = append(frames, f{first: 0x00, payload: strings.Repeat("x", 64_000)})
	}
	frames = append(frames, f{first: 0x80}, bye)
	return append(cases,
		exchange{"2.1", []f{{first: 0x89}, bye}, []string{"pong "}, 1000, 0}, exchange{"2.2", []f{{first: 0x89, payload: "Hello"}, bye}, []string{"pong Hello"}, 1000, 0},
		exchange{"2.3", []f{{first: 0x89, payload: "\x00\xff\xfe"}, bye}, []string{"pong \x00\xff\xfe"}, 1000, 0}, exchange{"2.4", []f{{first: 0x89, payload: long}, bye}, []string{"pong " + long}, 1000, 0},
		exchange{"2.5", []f{{first: 0x89, payload: long + "p"}}, nil, 1002, 0}, exchange{"2.6", []f{{first: 0x89, payload: long}, bye}, []string{"pong " + long}, 1000, 1},
		exchange{"2.7", []f{{first: 0x8a}, bye}, nil, 1000, 0}, exchange{"2.8", []f{{first: 0x8a, payload: "unasked"}, bye}, nil, 1000, 0},
		exchange{"2.9", []f{{first: 0x8a, payload: "unasked"}, {first: 0x89, payload: "x"}, bye}, []string{"pong x"}, 1000, 0},
		exchange{"2.10", pings, answers, 1000, 0}, exchange{"2.11", pings, answers, 1000, 1},
		exchange{"9 messages", append(many, bye), pongs, 1000, 1}, exchange{"9 fragments", frames, []string{"binary " + strings.Repeat("x", 512_000)}, 1000, 0})
}

// headers: reserved bits and opcodes, Autobahn's groups 3 and 4, and what
// other rules of RFC 6455 section 5.2 forbid.
func headers() (cases []exchange) {
	for first, name := range map[byte]string{0x91: "3 rsv 1", 0xa1: "3 rsv 2", 0xb1: "3 rsv 3", 0xc1: "3 rsv 4", 0xd2: "3 rsv 5", 0xe9: "3 rsv 6", 0xf8: "3 rsv 7",
		0x83: "4 opcode 3", 0x84: "4 opcode 4", 0x85: "4 opcode 5", 0x86: "4 opcode 6", 0x87: "4 opcode 7", 0x8b: "4 opcode 11", 0x8c: "4 opcode 12", 0x8d: "4 opcode 13", 0x8e: "4 opcode 14", 0x8f: "4 opcode 15"} {
		for _, payload := range []string{"", "payload"} {
			cases = append(cases, exchange{name + payload, []f{{first: first, payload: payload}, {first: 0x89}}, nil, 1002, 0},
				exchange{name + payload + " after", []f{text("Hello"), {first: first, payload: payload}, {first: 0x89}}, []string{"text Hello"}, 1002, 1})
		}
	}
	return cases
}

// fragments: Autobahn's group 5.
func fragmented() (cases []exchange) {
	bye := closeWith(1000, "")
	a, b, c := f{first: 0x01, payload: "fragment1"}, f{first: 0x00, payload: "fragment2"}, f{first: 0x80, payload: "fragment3"}
	whole, ping := "text fragment1fragment2fragment3", f{first: 0x89, payload: "ping"}
	for _, chop := range []int{0, 1} {
		for _, x := range []exchange{
			{"5.1", []f{{first: 0x09, payload: "x"}, {first: 0x80, payload: "y"}}, nil, 1002, 0}, {"5.2", []f{{first: 0x0a, payload: "x"}, {first: 0x80, payload: "y"}}, nil, 1002, 0},
			{"5.3", []f{a, c, bye}, []string{"text fragment1fragment3"}, 1000, 0}, {"5.6", []f{a, ping, c, bye}, []string{"pong ping", "text fragment1fragment3"}, 1000, 0},
			{"5.9", []f{c, text("x")}, nil, 1002, 0}, {"5.12", []f{b, text("x")}, nil, 1002, 0}, {"5.15", []f{a, c, b, text("x")}, []string{"text fragment1fragment3"}, 1002, 0},
			{"5.18", []f{a, {first: 0x81, payload: "x"}}, nil, 1002, 0}, {"5.18 binary", []f{a, {first: 0x02, payload: "x"}}, nil, 1002, 0},
			{"5.19", []f{a, b, ping, b, b, ping, c, bye}, []string{"pong ping", "pong ping", "text fragment1fragment2fragment2fragment2fragment3"}, 1000, 0},
			{"5 three", []f{a, b, c, bye}, []string{whole}, 1000, 0}, {"5 close within", []f{a, bye, c}, nil, 1000, 0},
		} {
			x.chop = chop
			x.name += fmt.Sprintf(" chop %d", chop)
			cases = append(cases, x)
		}
	}
	return cases
}

// characters: Autobahn's group 6.
func characters() (cases []exchange) {
	bye := closeWith(1000, "")
	octets := func(s string) (frames []f) {
		for i := range len(s) {
			first := byte(0)
			if i == 0 {
				first = 1
			}
			frames = append(frames, f{first: first, payload: s[i : i+1]})
		}
		return append(frames, f{first: 0x80})
	}
	for _, s := range []string{"Hello-µ@ßöäüàá-UTF-8!!", "κόσμε", "\x00", "\u0080", "\u0800", "\U00010000", "\x7f", "\u07ff", "\uffff", "\ufffe", "\ud7ff", "\ue000", "\ufffd", "\U0010ffff", "\U0001fffe", "\U0004ffff"} {
		cases = append(cases, exchange{fmt.Sprintf("6 %q", s), []f{text(s), bye}, []string{"text " + s}, 1000, 0},
			exchange{fmt.Sprintf("6 %q in octets", s), append(octets(s), bye), []string{"text " + s}, 1000, 0})
	}
	for _, s := range []string{"κόσμε\xed\xa0\x80edited", "\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80", "\xf7\xbf\xbf\xbf", "\xf4\x90\x80\x80", "\x80", "\xbf", "\x80\xbf", "\xce", "\xce\xba\xe1", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf",
		"\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xc0\x80", "\xed\xa0\x80", "\xed\xbf\xbf", "\xed\xa0\x80\xed\xb0\x80", "\xfe", "\xff", "\xfe\xfe\xff\xff", "\xf5\x80\x80\x80"} {
		cases = append(cases, exchange{fmt.Sprintf("6 %q", s), []f{text(s)}, nil, 1007, 0}, exchange{fmt.Sprintf("6 %q in octets", s), octets(s), nil, 1007, 0})
	}
	return append(cases, // 6.1, and 6.4: at once, not at the message's end
		exchange{"6.1.2", []f{{first: 0x01}, {first: 0x00}, {first: 0x80}, bye}, []string{"text "}, 1000, 0},
		exchange{"6.1.3", []f{{first: 0x01}, {first: 0x00, payload: "middle"}, {first: 0x80}, bye}, []string{"text middle"}, 1000, 0},
		exchange{"6.4.1", []f{{first: 0x01, payload: "κόσμε"}, {first: 0x00, payload: "\xf4\x90"}}, nil, 1007, 0},
		exchange{"6.4.2", []f{{first: 0x01, payload: "κόσμε\xf4"}, {first: 0x00, payload: "\x90"}}, nil, 1007, 0})
}

// closing: Autobahn's group 7.
func closes() (cases []exchange) {
	bye := closeWith(1000, "")
	cases = []exchange{
		{"7.1.1", []f{text("x"), bye}, []string{"text x"}, 1000, 0}, {"7.1.2", []f{bye, bye}, nil, 1000, 0}, {"7.1.3", []f{bye, {first: 0x89}}, nil, 1000, 0},
		{"7.1.4", []f{bye, text("x")}, nil, 1000, 0}, {"7.1.5", []f{{first: 0x01, payload: "x"}, bye, {first: 0x80}}, nil, 1000, 0},
		{"7.1.6", []f{text(strings.Repeat("x", 256<<10)), bye, {first: 0x89}}, []string{"text " + strings.Repeat("x", 256<<10)}, 1000, 0},
		{"7.3.1", []f{{first: 0x88}}, nil, 0, 0}, {"7.3.2", []f{{first: 0x88, payload: "a"}}, nil, 1002, 0}, {"7.3.4", []f{closeWith(1000, "Hello")}, nil, 1000, 0},
		{"7.3.5", []f{closeWith(1000, strings.Repeat("*", 123))}, nil, 1000, 0}, {"7.3.6", []f{closeWith(1000, strings.Repeat("*", 124))}, nil, 1002, 0}, {"7.5.1", []f{closeWith(1000, "\xce\xba\xed\xa0\x80")}, nil, 1007, 0},
	}
	for _, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999} {
		cases = append(cases, exchange{fmt.Sprint("7.7 ", code), []f{closeWith(code, "")}, nil, code, 0})
	}
	for _, code := range []int{0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535} {
		cases = append(cases, exchange{fmt.Sprint("7.9 ", code), []f{closeWith(code, "")}, nil, 1002, 0}, exchange{fmt.Sprint("7.9 with a reason ", code), []f{closeWith(code, "x")}, nil, 1002, 0})
	}
	return cases
}

func TestCases(t *testing.T) {
	cases := slices.Concat(sizesAndPings(), headers(), fragmented(), characters(), closes())
	run(t, cases, &websocket.Server{}, &websocket.Options{CloseTimeout: time.Second}, "", "")
}

// TestLimits: what is larger than allowed, or of a kind that is not wanted.
func TestLimits(t *testing.T) {
	huge := func(first, second byte) f {
		return f{raw: string([]byte{first, second, 0x7f, 255, 255, 255, 255, 255, 255, 255}) + "key "}
	}
	m := hosttest.New(t)
	s := &websocket.Server{Listen: hosttest.Free(t), Max: 1000, Only: "text", Talk: websocket.Talk{Deflate: true}}
	s.Echo = true
	m.Serve(t, s, 1)
	for _, x := range []exchange{
		{"1000 bytes", []f{text(strings.Repeat("x", 1000)), closeWith(1000, "")}, []string{"text " + strings.Repeat("x", 1000)}, 1000, 0},
		{"1001 bytes", []f{text(strings.Repeat("x", 1001))}, nil, 1009, 0},
		{"in fragments", []f{{first: 0x01, payload: strings.Repeat("x", 600)}, {first: 0x80, payload: strings.Repeat("x", 600)}}, nil, 1009, 0},
		{"huge", []f{huge(0x81, 0xff)}, nil, 1009, 0},
		{"longest", []f{{raw: "\x81\xff\x80\x00\x00\x00\x00\x00\x00\x01key x"}}, nil, 1002, 0},
		{"longer than needed", []f{{raw: "\x81\xfe\x00\x01key x"}}, nil, 1002, 0},
		{"huge ping", []f{huge(0x89, 0xff)}, nil, 1002, 0},
		{"binary", []f{{first: 0x82, payload: "x"}}, nil, 1003, 0},
		{"no mask", []f{{raw: "\x81\x01x"}}, nil, 1002, 0},
	} {
		t.Run(x.name, func(t *testing.T) { x.try(t, againstServer(t, s.Listen, "")) })
	}
	pack := "Sec-WebSocket-Extensions: permessage-deflate\r\n"
	for _, x := range []exchange{
		{"bomb", []f{{first: 0xc1, payload: pressed(strings.Repeat("x", 100_000))}}, nil, 1009, 0},
		{"garbage", []f{{first: 0xc1, payload: "\xff\xff\xff"}}, nil, 1007, 0},
		{"not UTF-8", []f{{first: 0xc1, payload: pressed("\xff\xfe")}}, nil, 1007, 0},
		{"packed ping", []f{{first: 0xc9, payload: pressed("x")}}, nil, 1002, 0},
		{"packed continuation", []f{{first: 0x41, payload: pressed("x")}, {first: 0xc0}}, nil, 1002, 0},
	} {
		t.Run(x.name, func(t *testing.T) { x.try(t, againstServer(t, s.Listen, pack)) })
	}
	t.Run("masked by a server", func(t *testing.T) {
		exchange{"", []f{{raw: "\x81\x81key x"}}, nil, 1002, 0}.try(t, againstClient(t, m, &websocket.Options{}, "", echo))
	})
}

// pressed compresses a message by itself.
func pressed(s string) string {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, 6)
	io.WriteString(w, s)
	w.Flush()
	return strings.TrimSuffix(b.String(), "\x00\x00\xff\xff")
}

// TestRefused: what is asked for in a wrong way is refused, and how.
func TestRefused(t *testing.T) {
	m := hosttest.New(t)
	s := &websocket.Server{Listen: hosttest.Free(t), Path: "/chat", Origins: []string{"https://a.example"}}
	m.Serve(t, s, 1)
	good := strings.Replace(askFor, "GET / ", "GET /chat ", 1)
	for name, c := range map[string]struct{ request, want string }{
		"good":          {good, "101"},
		"right origin":  {good + "Origin: https://a.example\r\n", "101"},
		"lists":         {strings.Replace(good, "Connection: Upgrade", "Connection: keep-alive, upgrade", 1), "101"},
		"path":          {askFor, "404"},
		"origin":        {good + "Origin: https://b.example\r\n", "403"},
		"version":       {strings.Replace(good, ": 13", ": 8", 1), "426"},
		"no version":    {strings.Replace(good, "Sec-WebSocket-Version: 13\r\n", "", 1), "426"},
		"two versions":  {good + "Sec-WebSocket-Version: 8\r\n", "426"},
		"short key":     {strings.Replace(good, "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIA==", 1), "400"},
		"no key":        {strings.Replace(good, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", 1), "400"},
		"two keys":      {good + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "400"},
		"not base64":    {strings.Replace(good, "dGhl", "d!hl", 1), "400"},
		"no upgrade":    {strings.Replace(good, "Upgrade: websocket\r\n", "", 1), "426"},
		"no connection": {strings.Replace(good, "Connection: Upgrade\r\n", "", 1), "426"},
		"POST":          {strings.Replace(good, "GET", "POST", 1) + "Content-Length: 0\r\n", "400"},
		"HTTP/1.0":      {strings.Replace(good, "HTTP/1.1", "HTTP/1.0", 1), "400"},
	} {
		c1, err := net.Dial("tcp", s.Listen)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c1, c.request+"\r\n")
		resp, err := http.ReadResponse(bufio.NewReader(c1), nil)
		if err != nil || !strings.HasPrefix(resp.Status, c.want) {
			t.Errorf("%s: %v, %v", name, resp, err)
		} else if c.want == "426" && name != "no upgrade" && name != "no connection" && resp.Header.Get("Sec-WebSocket-Version") != "13" {
			t.Errorf("%s: %v", name, resp.Header)
		}
		c1.Close()
	}
}

// TestClientRefuses: an answer that is not exactly right is none.
func TestClientRefuses(t *testing.T) {
	m := hosttest.New(t)
	for name, c := range map[string]struct{ change, to, want string }{
		"status":       {"101 Switching Protocols", "200 OK\r\nContent-Length: 0", "answers 200 OK"},
		"upgrade":      {"Upgrade: websocket", "Upgrade: h2c", "changes to \"h2c\""},
		"connection":   {"Connection: Upgrade", "Connection: close", "Connection: Upgrade"},
		"accept":       {"Accept: ", "Accept: x", "did not understand"},
		"subprotocol":  {"Upgrade: websocket", "Upgrade: websocket\r\nSec-WebSocket-Protocol: other", "subprotocol \"other\""},
		"extension":    {"Upgrade: websocket", "Upgrade: websocket\r\nSec-WebSocket-Extensions: x-other", "extension x-other"},
		"parameter":    {"Upgrade: websocket", "Upgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate; x=1", "extension permessage-deflate"},
		"twice":        {"Upgrade: websocket", "Upgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate, permessage-deflate", "extension permessage-deflate"},
		"window":       {"Upgrade: websocket", "Upgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=15", "extension permessage-deflate"},
		"no takeover":  {"Upgrade: websocket", "Upgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9", "extension permessage-deflate"},
		"not HTTP":     {"HTTP/1.1", "HTTQ/1.1", "malformed"},
		"cut in two":   {"\r\n\r\n", "", "unexpected EOF"},
		"all is right": {"", "", ""},
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			defer l.Close()
			conn, err := l.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			req, err := http.ReadRequest(bufio.NewReader(conn))
			if err != nil {
				return
			}
			accept := layers.WebSocketAcceptFor([]byte(req.Header.Get("Sec-WebSocket-Key")))
			head := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + string(accept[:]) + "\r\n\r\n"
			io.WriteString(conn, strings.Replace(head, c.change, c.to, 1))
		}()
		o := &websocket.Options{Subprotocols: []string{"mine"}, Deflate: layers.Deflate{On: true, ServerNoContext: true, ServerWindowBits: 10}}
		w, err := websocket.Dial(m, l.Addr().String(), "/", o)
		switch {
		case c.want == "" && err != nil, c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", name, err, c.want)
		case err == nil:
			w.Abort()
		}
	}
}

// TestSilentPeer: a peer that does not answer, or vanishes, is not waited for.
func TestSilentPeer(t *testing.T) {
	m := hosttest.New(t)
	ended := make(chan error, 1)
	c := againstClient(t, m, &websocket.Options{CloseTimeout: 50 * time.Millisecond}, "", func(c *websocket.Conn) { ended <- c.Close(1000, "bye") })
	if name, payload := c.next(); name != "close" || payload != "\x03\xe8bye" {
		t.Errorf("%s %q", name, payload)
	}
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "did not answer within 50ms") {
		t.Error(err)
	}
	c = againstClient(t, m, &websocket.Options{}, "", func(c *websocket.Conn) {
		_, _, err := c.ReadMessage()
		ended <- err
	})
	c.Write([]byte{0x81})
	c.Close()
	if err := <-ended; !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
}
