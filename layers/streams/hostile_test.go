package streams_test

import (
	"bytes"
	"compress/flate"
	"runtime"
	"strings"
	"testing"
	"time"

	"strata/layers/streams"
)

// endless feeds a beginning, and then the same bytes again and again, 64 MB of
// them; what a Talk asks for again is made anew.
func endless(t *testing.T, talk []said, more string) {
	t.Helper()
	var all [2][]byte
	rest := []byte(strings.Repeat(more, 1+1400/len(more)))
	k := &streams.Memory{Bytes: func(side int, dst []byte, from, to int64) []byte {
		for ; from < to && from < int64(len(all[side])); from++ {
			dst = append(dst, all[side][from])
		}
		for ; from < to; from++ {
			dst = append(dst, rest[(from-int64(len(all[side])))%int64(len(rest))])
		}
		return dst
	}}
	talker := streams.NewTalk([2]uint16{40000, 80}, nil)
	frame := uint32(0)
	feed := func(side int, b []byte) {
		frame++
		talker.Feed(k, side, frame, b)
		if talker.News(side) {
			streams.Tales(k.Line(side), streams.EndedIn(k.Line(side), frame))
		}
	}
	for _, s := range talk {
		all[s.side] = append(all[s.side], s.data...)
		feed(s.side, []byte(s.data))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var took [8]time.Duration // for 8 MB each
	for i := range took {
		began := time.Now()
		for n := 0; n < 8<<20; n += len(rest) {
			feed(0, rest)
		}
		took[i] = time.Since(began)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if held := int64(after.HeapAlloc) - int64(before.HeapAlloc); held > 48<<20 {
		t.Errorf("%d MB are held", held>>20)
	}
	// Work that grows with what was there takes fifteen times as long at the end.
	if first, last := took[0], took[7]; last > 8*first+time.Second {
		t.Errorf("the first 8 MB took %v, the last %v", first, last)
	}
	runtime.KeepAlive(k)
}

// TestEndless: what never ends takes neither much memory nor much time.
func TestEndless(t *testing.T) {
	upgraded := []said{{0, ask}, {1, agree}}
	for name, c := range map[string]struct {
		talk []said
		more string
	}{
		"MQTT packet":         {[]said{{0, "\x10\x0c\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x30\xff\xff\xff\x7f"}}, "z"},
		"MQTT length":         {[]said{{0, "\x10\x0c\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x30"}}, "\xff"},
		"WebSocket frame":     {append(upgraded, said{0, "\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff1234"}), "z"},
		"WebSocket length":    {append(upgraded, said{0, "\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff1234"}), "z"},
		"WebSocket fragments": {append(upgraded, said{0, "\x01\x80abcd"}), "\x00\xfe\x04\x00abcd" + strings.Repeat("z", 1024)},
		"HTTP head":           {[]said{{0, "GET / HTTP/1.1\r\n"}}, "a: b\r\n"},
		"HTTP line":           {[]said{{0, "GET /"}}, "z"},
		"HTTP chunk":          {[]said{{0, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"}}, "f"},
		"HTTP chunk's words":  {[]said{{0, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;"}}, "z"},
		"HTTP trailer":        {[]said{{0, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"}}, "a: b\r\n"},
		"HTTP body":           {[]said{{0, "HTTP/1.0 200 OK\r\n\r\n"}}, "z"},
		"TLS records":         {[]said{{0, "\x16\x03\x01\x00\x05\x01\x00\xff\xff\xff"}}, "\x16\x03\x01\x04\x00" + strings.Repeat("z", 1024)},
	} {
		t.Run(name, func(t *testing.T) { endless(t, c.talk, c.more) })
	}
}

// TestBomb: messages that are packed a thousandfold are unpacked as far as they
// may be; those before are read.
func TestBomb(t *testing.T) {
	const size = 4 << 20
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, 9)
	w.Write(make([]byte, size))
	w.Flush()
	body := packed.Bytes()[:packed.Len()-4]
	head := "\xc2\x7e" + string([]byte{byte(len(body) >> 8), byte(len(body))})
	agree := strings.Replace(agree, "\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n\r\n", 1)
	talk := []said{{0, ask}, {1, agree}, {1, "\xc1\x07\xca\x48\xcd\xc9\xc9\x07\x00"}}
	for range 50 {
		talk = append(talk, said{1, head + string(body)})
	}
	k, _ := hear(talk, 1<<20)
	line, sum := k.Line(1), 0
	for i := range line.Openings() {
		sum += int(max(0, line.Opening(i).Len))
	}
	if first := string(line.Opened(nil, line.Opening(0))); first != "hello" {
		t.Errorf("the first message is %q", first)
	}
	if most := 1<<20 + 100*51*(len(body)+10); sum > most || line.Openings() != 51 {
		t.Errorf("%d messages are opened to %d bytes, at most %d may be", line.Openings(), sum, most)
	}
}
