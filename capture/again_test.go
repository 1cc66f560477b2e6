package capture

import (
	"strings"
	"testing"

	"strata/layers"
	"strata/testdata/need"
)

// What came before is sent again, and what comes late: whether Wireshark reads
// it then, holds it, or only names it depends on what its analysis finds, and on
// whether a message of several segments begins there.

// again is a connection in which a server says bytes in segments of 100, and
// then sends some of them another time.
type again struct {
	name   string
	says   string
	ackAll bool  // the client acknowledged all before
	dups   int   // duplicate acknowledgments of the first segment's end, before each
	wait   int   // frames of others before each
	send   []int // which segments again
	want   layers.Findings
}

var agains = func() (list []again) {
	large, small := ok(strings.Repeat("a body of some length. ", 15)), ok("small")
	data := strings.Repeat("\xff\xfe\xfd\xfc", 60) // no text: HTTP would wait for a line's end
	for _, says := range []struct{ name, bytes string }{{"a message", large}, {"a short message", small}, {"data", data}, {"both", small + large}} {
		list = append(list,
			again{name: says.name, says: says.bytes, wait: 40, send: []int{0, 1, -1}, want: layers.Retransmission},
			again{name: says.name, says: says.bytes, ackAll: true, wait: 40, send: []int{0, 1, -1}, want: layers.SpuriousRetransmission},
		)
	}
	return append(list,
		again{name: "a message", says: large, send: []int{0}, want: layers.OutOfOrder},
		again{name: "data", says: data, send: []int{0}, want: layers.OutOfOrder},
		again{name: "data", says: data, dups: 3, send: []int{1}, want: layers.FastRetransmission},
		again{name: "a short message", says: small, dups: 3, send: []int{0}, want: layers.FastRetransmission},
	)
}()

// play adds the connection to a capture.
func (a *again) play(l *lan, port uint16) {
	const ask, answer, size = 100, 1000, 100
	if l.to = 0; a.name == "data" {
		l.to = 5999
	}
	l.talk(port, []said{{byClient: true, bytes: get("/1")}})
	client := ask + uint32(len(get("/1")))
	cut := func(i int) (uint32, string) {
		if last := (len(a.says) - 1) / size; i < 0 || i > last {
			i = last
		}
		return answer + uint32(i*size), a.says[i*size : min((i+1)*size, len(a.says))]
	}
	for i := 0; i*size < len(a.says); i++ {
		seq, bytes := cut(i)
		l.tcp(false, seq, client, "A", bytes)
	}
	if a.ackAll {
		l.tcp(true, client, answer+uint32(len(a.says)), "A", "")
	}
	for _, i := range a.send {
		seq, bytes := cut(i)
		for range a.wait {
			l.put(0x88b5)
		}
		for range a.dups {
			l.tcp(true, client, seq, "A", "")
		}
		l.tcp(false, seq, client, "A", bytes)
	}
}

// TestAgainLikeTshark: filters for what is read, held and named select the
// frames of segments that came before, and of late ones, that tshark -Y does.
func TestAgainLikeTshark(t *testing.T) {
	need.Tool(t, "tshark")
	texts := []string{"data", "data.len > 40", "http", "http.response", "tcp.segment_data", "tcp.payload",
		"tcp.analysis.retransmission && tcp.segment_data", "tcp.analysis.spurious_retransmission && data"}
	l := &lan{}
	var ends []int
	for i, a := range agains {
		a.play(l, 40000+uint16(i))
		ends = append(ends, len(l.frames))
	}
	f := openBytes(t, "again.pcapng", l.file())
	at := 0
	for i, a := range agains {
		var found layers.Findings
		for ; at < ends[i]; at++ {
			e := f.entry(at)
			told, _ := f.analysed(&e, at)
			found |= told.Findings
		}
		if found&a.want == 0 {
			t.Errorf("%s to frame %d: %v is not found among %v", a.name, at, a.want, found)
		}
	}
	path := tempFile(t, "again.pcapng", l.file())
	for _, alone := range []bool{false, true} {
		if differ := compareSelections(t, f, path, texts, alone); len(differ) > 0 {
			t.Errorf("alone %v: %q differ", alone, differ)
		}
	}
}
