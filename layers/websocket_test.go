package layers_test

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"strata/layers"
	"strata/layers/pdml"
)

// wsFrame is a frame in the making: its first byte, how many bytes its length
// takes beyond the first (-1: as few as possible), and whether it is masked.
type wsFrame struct {
	first   byte
	long    int
	masked  bool
	payload string
}

var wsKey = [4]byte{0x11, 0x22, 0x33, 0x44}

func (f wsFrame) bytes() []byte {
	n := len(f.payload)
	if f.long < 0 {
		f.long = layers.WebSocketHeaderLen(uint64(n), false) - 2
	}
	mask := byte(0)
	if f.masked {
		mask = 0x80
	}
	b := []byte{f.first, mask | byte(n)}
	switch f.long {
	case 2:
		b = binary.BigEndian.AppendUint16([]byte{f.first, mask | 126}, uint16(n))
	case 8:
		b = binary.BigEndian.AppendUint64([]byte{f.first, mask | 127}, uint64(n))
	}
	payload := []byte(f.payload)
	if f.masked {
		b = append(b, wsKey[:]...)
		layers.WebSocketMask(payload, wsKey, 0)
	}
	return append(b, payload...)
}

func fromClient(first byte, payload string) []byte { return wsFrame{first, -1, true, payload}.bytes() }
func fromServer(first byte, payload string) []byte { return wsFrame{first, -1, false, payload}.bytes() }

// wsTalk is a connection that changes to WebSocket, as frames on the wire and
// as we read them, with what each needs to be told.
type wsTalk struct {
	t      *testing.T
	seq    [2]uint32
	above  [2]layers.Above
	frames [][]byte
	trees  []*layers.Tree
}

const wsAsk = "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
const wsAgree = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"

// newTalk begins with an upgrade, both of whose heads have a line more.
func newTalk(t *testing.T, line string) *wsTalk {
	k := &wsTalk{t: t, seq: [2]uint32{1000, 5000}}
	k.segment(0, []byte(wsAsk+line+"\r\n"), layers.Options{})
	k.segment(1, []byte(wsAgree+line+"\r\n"), layers.Options{})
	for i := range k.above {
		k.above[i] = layers.Above{Proto: layers.WebSocket, Server: i == 1, Deflate: strings.Contains(line, "permessage-deflate")}
	}
	return k
}

func (k *wsTalk) segment(side int, payload []byte, o layers.Options) *layers.Tree {
	ports, ips := [2]uint16{40000, 80}, [2]uint32{ipA, ipB}
	h := make([]byte, layers.TCPMinSize)
	f := layers.TCPFields{SrcPort: ports[side], DstPort: ports[1-side], Seq: k.seq[side], Ack: k.seq[1-side], HeaderLen: len(h), Flags: 0x18, Window: 64240}
	layers.TCPHeader(h).Put(&f)
	layers.TCPHeader(h).SetChecksum(layers.Sum(payload, layers.PseudoHeader(ips[side], ips[1-side], layers.ProtocolTCP, len(h)+len(payload))))
	k.seq[side] += uint32(len(payload))
	frame := ethernet(layers.EtherTypeIPv4, ipv4(layers.ProtocolTCP, nil, append(h, payload...), func(f *layers.IPv4Fields) { f.Src, f.Dst = ips[side], ips[1-side] }))
	tree := layers.Dissect(frame, o)
	check(k.t, tree)
	k.frames, k.trees = append(k.frames, frame), append(k.trees, tree)
	return tree
}

// send puts frames into one segment; wholes are the messages that they
// complete.
func (k *wsTalk) send(side int, wholes []string, frames ...[]byte) *layers.Tree {
	o := layers.Options{Seen: []layers.Seen{{Above: k.above[side]}}}
	for _, w := range wholes {
		o.Seen[0].Opened = append(o.Seen[0].Opened, layers.Opened{Proto: layers.WebSocket, Data: []byte(w)})
	}
	for _, f := range frames {
		h, _ := layers.WebSocketHeader(f)
		k.above[side] = k.above[side].AfterWebSocket(h)
	}
	return k.segment(side, slices.Concat(frames...), o)
}

// equalTshark wants the fields of all frames as tshark has them.
func (k *wsTalk) equalTshark(scores pdml.Scores, name string) {
	n := 0
	pdml.Tshark(k.t, writeCapture(k.t, k.frames), func(protos []pdml.Element) {
		scores.Add(k.trees[n], protos, fmt.Sprintf("%s:%d", name, n+1))
		n++
	})
	if n != len(k.frames) {
		k.t.Errorf("%s: tshark has %d frames of %d", name, n, len(k.frames))
	}
}

func judged(t *testing.T, scores pdml.Scores) {
	t.Helper()
	report(t, pdml.Scores{"websocket": scores["websocket"]}, map[string]float64{"websocket": 1})
	if s := scores["websocket"]; s == nil || s.Want == 0 || s.Extra > 0 {
		t.Errorf("WebSocket: %+v", s)
	}
}

// TestWebSocketEqualsTshark: every kind of frame, in both directions, right
// and wrong.
func TestWebSocketEqualsTshark(t *testing.T) {
	scores := pdml.Scores{}
	k := newTalk(t, "")
	k.send(0, nil, fromClient(0x81, "hello\nworld"), fromClient(0x82, "\x01\x02"))
	k.send(1, nil, fromServer(0x81, `plain {"a":[1,2]}`))
	k.send(1, nil, fromServer(0x01, "frag"))
	k.send(1, []string{"fragmented"}, fromServer(0x89, "pi"), fromServer(0x00, "ment"), fromServer(0x80, "ed"))
	k.send(0, nil, fromClient(0x8a, "pi"), fromClient(0x89, ""))
	k.send(0, nil, fromClient(0x01, "ma"))
	k.send(0, []string{"masked"}, fromClient(0x00, "sk"), fromClient(0x80, "ed"))
	k.send(0, nil, fromClient(0x81, strings.Repeat("long ", 40)), fromClient(0x81, ""), fromClient(0x82, ""))
	k.send(1, nil, wsFrame{0x82, 8, false, "abc"}.bytes(), wsFrame{0x82, 2, false, "abc"}.bytes(), wsFrame{0x82, 8, true, "abc"}.bytes())
	k.send(1, nil, fromServer(0x83, "abc"), fromServer(0xf2, "abc"), fromServer(0x8b, "abc"), fromServer(0x89, strings.Repeat("p", 126)), fromServer(0x09, "p"))
	k.send(0, nil, fromClient(0x87, "abc"), fromClient(0xff, "abc"), fromServer(0x81, "no mask"), fromClient(0x81, "\xff\xfe"))
	for _, payload := range []string{"", "\x03", "\x03\xe8", "\x03\xe8bye", "\x03\xed", "\x0f\xff\xff"} {
		k.send(1, nil, fromServer(0x88, payload))
		k.send(0, nil, fromClient(0x88, payload))
	}
	k.equalTshark(scores, "plain")
	judged(t, scores)
}

// TestWebSocketFollowsHTTP: frames in the segment of the answer, and a frame
// that three segments bring.
func TestWebSocketFollowsHTTP(t *testing.T) {
	scores := pdml.Scores{}
	k := &wsTalk{t: t, seq: [2]uint32{1000, 5000}}
	k.segment(0, []byte(wsAsk+"\r\n"), layers.Options{})
	k.segment(1, slices.Concat([]byte(wsAgree+"\r\n"), fromServer(0x81, "hello"), fromServer(0x89, "x")), layers.Options{})
	first, long, last := fromClient(0x81, "first"), fromClient(0x81, strings.Repeat("long ", 60)), fromClient(0x82, "last")
	seen := []layers.Seen{{Above: layers.Above{Proto: layers.WebSocket}}}
	k.segment(0, slices.Concat(first, long[:100]), layers.Options{Seen: seen, Kept: 100})
	k.segment(0, long[100:200], layers.Options{Seen: seen, Kept: 100})
	k.segment(0, slices.Concat(long[200:], last), layers.Options{Seen: seen, Reassembled: long, Taken: len(long) - 200})
	k.equalTshark(scores, "upgrade")
	judged(t, scores)
}

// deflated compresses messages one after the other, with one context.
func deflated(messages ...string) (all []string) {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, 9)
	for _, m := range messages {
		b.Reset()
		fmt.Fprint(w, m)
		w.Flush()
		all = append(all, strings.TrimSuffix(b.String(), "\x00\x00\xff\xff"))
	}
	return all
}

// TestCompressedWebSocketEqualsTshark: what tshark 4.0 cannot do, it leaves
// packed: a message in fragments.
func TestCompressedWebSocketEqualsTshark(t *testing.T) {
	messages := []string{"hello hello", "hello hello", "", "hello again"}
	packed := deflated(messages...)
	scores := pdml.Scores{}
	k := newTalk(t, "Sec-WebSocket-Extensions: permessage-deflate\r\n")
	for i, m := range messages[:2] {
		k.send(0, []string{m}, fromClient(0xc1, packed[i]))
		k.send(1, []string{m}, fromServer(0xc1, packed[i]))
	}
	k.send(0, []string{""}, fromClient(0xc2, packed[2]))
	k.send(1, nil, fromServer(0x82, "plain"), fromServer(0x89, "ping"))
	k.send(0, []string{messages[3]}, fromClient(0x81, "plain"), fromClient(0xc2, packed[3]))
	k.equalTshark(scores, "deflate")
	judged(t, scores)
}

// expertNames are the names of a tree's errors above TCP.
func expertNames(tree *layers.Tree) (names []string) {
	for _, e := range tree.Expert {
		if e.Severity == layers.Error {
			names = append(names, e.Name)
		}
	}
	return names
}

func TestWebSocketFaults(t *testing.T) {
	open := layers.Above{Proto: layers.WebSocket, Opcode: 1}
	client, server, deflate := layers.Above{Proto: layers.WebSocket}, layers.Above{Proto: layers.WebSocket, Server: true}, layers.Above{Proto: layers.WebSocket, Deflate: true}
	for _, c := range []struct {
		above layers.Above
		frame []byte
		want  string
	}{
		{client, fromClient(0x81, "fine"), ""}, {server, fromServer(0x81, "fine"), ""}, {open, fromClient(0x89, "fine"), ""}, {open, fromClient(0x00, "fine"), ""}, {deflate, fromClient(0xc2, ""), ""},
		{client, fromClient(0x88, ""), ""}, {client, fromClient(0x88, "\x03\xe8why"), ""}, {client, fromClient(0x88, "\x0b\xb8"), ""},
		{client, fromServer(0x81, "x"), "websocket.mask.missing"}, {server, fromClient(0x81, "x"), "websocket.mask.present"},
		{client, fromClient(0xc1, "x"), "websocket.rsv.set"}, {client, fromClient(0x91, "x"), "websocket.rsv.set"}, {deflate, fromClient(0xa1, "x"), "websocket.rsv.set"},
		{deflate, fromClient(0xc9, ""), "websocket.pmc.misplaced"}, {client, fromClient(0x83, ""), "websocket.opcode.reserved"}, {client, fromClient(0x8f, ""), "websocket.opcode.reserved"},
		{client, fromClient(0x09, ""), "websocket.control.fragmented"}, {client, fromClient(0x8a, strings.Repeat("x", 126)), "websocket.control.too_long"},
		{client, fromClient(0x80, "x"), "websocket.continuation.unexpected"}, {open, fromClient(0x82, "x"), "websocket.message.unfinished"},
		{client, wsFrame{0x82, 2, true, "x"}.bytes(), "websocket.length.not_minimal"}, {client, wsFrame{0x82, 8, true, "x"}.bytes(), "websocket.length.not_minimal"},
		{client, unhex("82ff8000000000000001 11223344 00"), "websocket.length.too_large _ws.malformed.expert"}, {client, unhex("82ff7fffffffffffffff 11223344 00"), "_ws.malformed.expert"},
		{client, unhex("82"), "_ws.malformed.expert"}, {client, unhex("82ff0000"), "_ws.malformed.expert"},
		{client, fromClient(0x81, "\xc0\x80"), "websocket.text.bad_utf8"}, {client, fromClient(0x88, "\x03"), "websocket.close.too_short"},
		{client, fromClient(0x88, "\x03\xe8\xff"), "websocket.close.bad_utf8"}, {client, fromClient(0x88, "\x03\xed"), "websocket.close.bad_code"}, {client, fromClient(0x88, "\x07\xd0"), "websocket.close.bad_code"},
		{deflate, fromClient(0xc1, "\xff"), "websocket.decompression.failed.expert"},
	} {
		k := wsTalk{t: t}
		tree := k.segment(0, c.frame, layers.Options{Seen: []layers.Seen{{Above: c.above}}})
		if got := strings.Join(expertNames(tree), " "); got != c.want {
			t.Errorf("%x after %+v: %q, want %q", c.frame, c.above, got, c.want)
		}
	}
}

func TestWebSocketCodes(t *testing.T) {
	for code, want := range map[uint16]bool{0: false, 999: false, 1000: true, 1003: true, 1004: false, 1005: false, 1006: false, 1007: true, 1014: true, 1015: false, 1016: false, 2999: false, 3000: true, 4999: true, 5000: false} {
		if layers.WebSocketCloseCode(code) != want {
			t.Errorf("%d: %v", code, !want)
		}
	}
}

// TestWebSocketCarries: what a message is goes on to the protocol's reader.
func TestWebSocketCarries(t *testing.T) {
	for _, c := range []struct {
		above layers.Above
		frame []byte
		whole string
		want  string
	}{
		{layers.Above{}, fromClient(0x81, "two\nlines"), "", "websocket utf8"},
		{layers.Above{}, fromClient(0x81, ` {"a": 1}`), "", "websocket json"},
		{layers.Above{}, fromClient(0x82, "bytes"), "", "websocket data"},
		{layers.Above{}, fromClient(0x82, ""), "", "websocket"},
		{layers.Above{Carries: layers.EngineIO}, fromClient(0x81, "2probe"), "", "websocket engineio"},
		{layers.Above{Carries: layers.EngineIO}, fromClient(0x82, "bytes"), "", "websocket engineio"},
		{layers.Above{Carries: layers.EngineIO, Deflate: true}, fromClient(0xc1, "packed"), "2", "websocket engineio"},
		{layers.Above{Opcode: 1}, fromClient(0x80, "end"), "the end", "websocket utf8"},
		{layers.Above{Opcode: 1}, fromClient(0x80, ""), "the end", "websocket utf8"},
		{layers.Above{Opcode: 2}, fromClient(0x80, "end"), "", "websocket data"},
	} {
		c.above.Proto = layers.WebSocket
		seen := layers.Seen{Above: c.above}
		if c.whole != "" {
			seen.Opened = []layers.Opened{{Proto: layers.WebSocket, Data: []byte(c.whole)}}
		}
		k := wsTalk{t: t}
		tree := k.segment(0, c.frame, layers.Options{Seen: []layers.Seen{seen}})
		var names []string
		for _, p := range tree.Parts[3:] {
			names = append(names, p.Proto.Filter())
		}
		if got := strings.Join(names, " "); got != c.want || len(expertNames(tree)) > 0 {
			t.Errorf("%x in %+v: %s, want %s; %v", c.frame, c.above, got, c.want, tree.Expert)
		}
	}
}

func TestWebSocketCoats(t *testing.T) {
	plain, deflate := layers.Above{Proto: layers.WebSocket}, layers.Above{Proto: layers.WebSocket, Deflate: true}
	packed := deflated("hello", "hello")
	inflater := layers.Inflater{}
	for i, p := range packed {
		whole, err := inflater.Message([]byte(p), 5)
		if err != nil || string(whole) != "hello" {
			t.Fatalf("message %d: %q, %v", i, whole, err)
		}
	}
	if _, err := inflater.Message([]byte(packed[1]), 4); err != layers.ErrInflated {
		t.Errorf("too large: %v", err)
	}
	if _, err := (&layers.Inflater{NoContext: true}).Message([]byte(packed[1]), 5); err == nil {
		t.Error("a message is unpacked without those that it refers to")
	}
	for _, c := range []struct {
		above layers.Above
		frame []byte
		whole string
		want  []layers.Coat
	}{
		{plain, fromClient(0x81, "hello"), "", []layers.Coat{{Proto: layers.WebSocket, Head: 6, Inner: []byte("hello"), Changed: true}, {Proto: layers.UTF8, Inner: []byte("hello")}}},
		{plain, fromServer(0x82, "hello"), "", []layers.Coat{{Proto: layers.WebSocket, Head: 2, Inner: []byte("hello")}}},
		{plain, fromServer(0x01, "hello"), "", []layers.Coat{{Proto: layers.WebSocket, Head: 2, Inner: []byte("hello")}}},
		{deflate, fromServer(0xc1, packed[1]), "hello", []layers.Coat{{Proto: layers.WebSocket, Head: 2, Inner: []byte(packed[1])}, {Proto: layers.Gzip, Inner: []byte("hello"), Changed: true}, {Proto: layers.UTF8, Inner: []byte("hello")}}},
		{plain, fromServer(0x82, "hello")[:6], "", nil},
		{plain, fromServer(0x82, "hello")[:1], "", nil},
	} {
		var whole []byte
		if c.whole != "" {
			whole = []byte(c.whole)
		}
		got := layers.WebSocketCoats(c.frame, c.above, whole)
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", c.want) {
			t.Errorf("%x:\n got %+v\nwant %+v", c.frame, got, c.want)
		}
	}
}

func FuzzWebSocket(f *testing.F) {
	f.Add(slices.Concat(fromClient(0x81, "hello"), fromClient(0x80, "x")), []byte("whole"), byte(0))
	f.Add(slices.Concat(fromServer(0xc1, deflated("hello")[0]), fromServer(0x88, "\x03\xe8")), []byte("hello"), byte(7))
	f.Add(unhex("82ff7fffffffffffffff1122334400"), []byte(nil), byte(3))
	f.Fuzz(func(t *testing.T, payload, whole []byte, how byte) {
		if len(payload) > 50000 {
			return
		}
		above := layers.Above{Proto: layers.WebSocket, Server: how&1 > 0, Deflate: how&2 > 0, Opcode: how >> 2 & 0x43, Carries: []layers.Proto{layers.None, layers.EngineIO, layers.MQTT, layers.WebSocket}[how>>5&3]}
		opened := layers.Opened{Proto: layers.WebSocket, Data: whole}
		k := wsTalk{t: t}
		k.segment(0, payload, layers.Options{Seen: []layers.Seen{{Above: above, Opened: []layers.Opened{opened, opened}}}})
		layers.WebSocketCoats(payload, above, whole)
		if plain, err := new(layers.Inflater).Message(payload, 1000); err == nil && len(plain) > 1000 {
			t.Errorf("%d bytes unpacked", len(plain))
		}
	})
}
