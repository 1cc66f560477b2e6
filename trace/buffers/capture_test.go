package buffers_test

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"strata/capture"
	"strata/capture/capturetest"
	"strata/layers"
	"strata/testdata/need"
	"strata/trace"
	"strata/trace/buffers"
)

// seen is a frame as somebody at one node sees it.
type seen struct {
	at    trace.Time
	frame int
	step  trace.EventID // in the run: the transmission, or the end of what its arrival led to
}

// tap gives what passes a node's interfaces, in order, and a file of it.
func tap(t testing.TB, log *trace.Log, node string) ([]seen, string) {
	t.Helper()
	var all []seen
	for n := range log.Frames() {
		f := log.Frame(n)
		switch {
		case log.Info().Nodes[f.From].Name == node:
			all = append(all, seen{f.Sent, n, f.Transmit})
		case log.Info().Nodes[f.To].Name == node && f.Fate == trace.Arrived:
			steps := log.Steps(n)
			step := f.Last
			for _, s := range steps {
				if e := log.Event(s); e.Kind == trace.Decapsulate {
					step = max(step, s)
				}
			}
			all = append(all, seen{log.Event(f.Last).Time, n, step})
		}
	}
	slices.SortStableFunc(all, func(a, b seen) int { return cmp.Compare(a.step, b.step) })
	var file []capturetest.Frame
	for _, s := range all {
		id := log.Frame(s.frame).PDU
		file = append(file, capturetest.Frame{At: s.at, Data: log.Append(nil, id, 0, log.Size(id)-4)})
	}
	return all, capturetest.Write(t, file)
}

// TestCaptureAtTheReceiver holds what a capture at the receiver tells of its
// buffer to what the run knows of it.
func TestCaptureAtTheReceiver(t *testing.T) {
	for seed := range 4 {
		log := rough(t, seed, 1500)
		all, name := tap(t, log, "server")
		file := capturetest.Open(t, name)
		if file.Frames() != len(all) {
			t.Fatalf("%d frames of %d", file.Frames(), len(all))
		}
		compared, holes := 0, 0
		for n, s := range all {
			steps := file.Steps(n)
			last := steps[len(steps)-1]
			want, ok := buffers.Of(log, s.step, false)
			got, ok2 := buffers.Of(file, last, false)
			if !ok || !ok2 || log.Info().Nodes[log.Frame(s.frame).To].Name != "server" {
				continue
			}
			sound(t, name, got)
			compared++
			if len(want.Ranges) > 0 && want.Next < want.High {
				holes++
			}
			if got.Next != want.Next || !slices.Equal(held(got), held(want)) {
				t.Errorf("seed %d: with frame %d (%d of the run) the capture tells\n%s\nand the run\n%s", seed, n+1, s.frame+1, tell(file, got), tell(log, want))
				break
			}
		}
		if compared < 100 || holes < 20 {
			t.Errorf("%d looks were compared, %d with holes", compared, holes)
		}
	}
}

// held are the ranges that wait for something, neighbours joined.
func held(l *buffers.Look) (out []trace.Range) {
	for _, r := range l.Ranges {
		if r.State != buffers.Held {
			continue
		}
		if n := len(out); n > 0 && out[n-1].To == r.From {
			out[n-1].To = r.To
			continue
		}
		out = append(out, r.Range)
	}
	return out
}

// put writes a segment of a conversation into a capture; back: of its second side.
type put func(back bool, seq, ack uint32, flags uint8, options []byte, size int)

// write makes a capture of raw IP packets, a millisecond apart.
func write(t testing.TB, talk func(put)) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "made.pcap")
	w, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriterSize(w, 1<<20)
	out.Write([]byte{0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 101, 0, 0, 0})
	b, frame := make([]byte, 2000), 0
	talk(func(back bool, seq, ack uint32, flags uint8, options []byte, size int) {
		head := layers.TCPMinSize + len(options)
		ip := b[16 : 16+layers.IPv4MinSize+head+size]
		for i, v := range []int{frame / 1000, frame % 1000 * 1000, len(ip), len(ip)} {
			binary.LittleEndian.PutUint32(b[4*i:], uint32(v))
		}
		from, to, ports := uint32(0x0a000001), uint32(0x0a000002), [2]uint16{40000, 9000}
		if back {
			from, to, ports = to, from, [2]uint16{9000, 40000}
		}
		layers.IPv4Header(ip).Put(&layers.IPv4Fields{TotalLen: len(ip), TTL: 64, Protocol: 6, Src: from, Dst: to})
		layers.TCPHeader(ip[layers.IPv4MinSize:]).Put(&layers.TCPFields{
			SrcPort: ports[0], DstPort: ports[1], Seq: seq, Ack: ack, HeaderLen: head, Flags: flags, Window: 1000,
		})
		copy(ip[layers.IPv4MinSize+layers.TCPMinSize:], options)
		out.Write(b[:16+len(ip)])
		frame++
	})
	if err := errors.Join(out.Flush(), w.Close()); err != nil {
		t.Fatal(err)
	}
	return name
}

// Flags of TCP.
const (
	syn = 0x02
	ack = 0x10
)

// sack is an option with blocks, padded.
func sack(edges ...uint32) []byte {
	o := []byte{1, 1, 5, byte(2 + 4*len(edges))}
	for _, e := range edges {
		o = binary.BigEndian.AppendUint32(o, e)
	}
	return o
}

// TestCaptureAtTheSender sees all segments leave. That the second did not
// arrive is inferred from the selective acknowledgments that came back before
// it was sent again.
func TestCaptureAtTheSender(t *testing.T) {
	file := capturetest.Open(t, write(t, func(put put) {
		const c, s = 1000, 5000
		put(false, c, 0, syn, []byte{3, 3, 7, 1}, 0)
		put(true, s, c+1, syn|ack, []byte{3, 3, 2, 1}, 0)
		put(false, c+1, s+1, ack, nil, 0)
		for i := range uint32(5) {
			put(false, c+1+i*100, s+1, ack, nil, 100)
		}
		put(true, s+1, c+101, ack, nil, 0)
		put(true, s+1, c+101, ack, sack(c+201, c+301), 0)
		put(true, s+1, c+101, ack, sack(c+201, c+401), 0)
		put(true, s+1, c+101, ack, sack(c+201, c+501), 0)
		put(false, c+101, s+1, ack, nil, 100) // frame 13
		put(true, s+1, c+501, ack, nil, 0)
	}))
	look := func(frame int) (l *buffers.Look, got string) {
		steps := file.Steps(frame - 1)
		e := steps[len(steps)-1]
		l, ok := buffers.Of(file, e, buffers.Main(file, e))
		if !ok {
			t.Fatalf("frame %d: nothing to see", frame)
		}
		sound(t, fmt.Sprint("frame ", frame), l)
		for _, r := range l.Ranges {
			got += fmt.Sprintf("%d-%d %v", r.From, r.To, r.State)
			if r.SACK {
				got += " SACK"
			}
			if r.Acked {
				got += " acked"
			}
			if r.Filler.PDU != 0 {
				got += fmt.Sprintf(" frame %d", file.FrameOf(r.Filler.Sent)+1)
			}
			if r.Lit {
				got += " lit"
			}
			got += "; "
		}
		return l, got
	}
	for frame, want := range map[int]string{
		8:  "0-100 in order, waits to be read; 100-200 lost frame 13; 200-300 waits for what is missing before it; 300-400 waits for what is missing before it; 400-500 waits for what is missing before it lit; ",
		9:  "0-100 in order, waits to be read acked lit; 100-200 lost frame 13; 200-300 waits for what is missing before it; 300-400 waits for what is missing before it; 400-500 waits for what is missing before it; ",
		11: "0-100 in order, waits to be read acked; 100-200 lost frame 13; 200-300 waits for what is missing before it SACK; 300-400 waits for what is missing before it SACK lit; 400-500 waits for what is missing before it; ",
		13: "0-100 in order, waits to be read acked; 100-200 in order, waits to be read lit; 200-300 in order, waits to be read SACK lit; 300-400 in order, waits to be read SACK lit; 400-500 in order, waits to be read SACK lit; ",
		14: "0-100 in order, waits to be read acked; 100-200 in order, waits to be read acked lit; 200-300 in order, waits to be read acked lit; 300-400 in order, waits to be read acked lit; 400-500 in order, waits to be read acked lit; ",
	} {
		if _, got := look(frame); got != want {
			t.Errorf("frame %d: %s\nwant %s", frame, got, want)
		}
	}
	// The server's windows are shifted by 2; that of its SYN is not.
	if l, _ := look(9); l.Edge != 100+1000<<2 || l.Acked != 100 || l.Next != 100 || l.High != 500 {
		t.Errorf("%+v", l)
	}
}

// TestManyPieces has a thousand segments on their way: the oldest share a range.
// With every second one lost, there are more ranges than are kept.
func TestManyPieces(t *testing.T) {
	for _, every := range []uint32{1, 2} {
		file := capturetest.Open(t, write(t, func(put put) {
			put(false, 0, 0, syn, nil, 0)
			put(true, 0, 1, syn|ack, nil, 0)
			for i := uint32(0); i < 1000; i++ {
				if i%every == 0 {
					put(false, 1+i*100, 1, ack, nil, 100)
				}
			}
		}))
		l, ok := buffers.Of(file, trace.EventID(file.Events()), false)
		if !ok || len(l.Ranges) != buffers.MaxRanges {
			t.Fatalf("every %d: %+v", every, l)
		}
		sound(t, "many", l)
		first := l.Ranges[0]
		switch every {
		case 1:
			if l.Cut || l.Merged != 1000-buffers.MaxRanges+1 || first.Pieces != l.Merged || l.Ranges[buffers.MaxRanges-1].To != 100000 {
				t.Errorf("cut %v, %d merged, first %+v", l.Cut, l.Merged, first)
			}
		case 2:
			if !l.Cut || l.Merged != 0 || first.Pieces != 1 {
				t.Errorf("cut %v, %d merged, first %+v", l.Cut, l.Merged, first)
			}
		}
	}
}

// bigFile writes a capture of one connection with n frames: every hundredth
// segment is lost before it, and comes again thirty segments later.
func bigFile(t testing.TB, n int) string {
	return write(t, func(put put) {
		lost, frames := uint32(0), 0
		send := func(back bool, seq, acked uint32, size int) {
			put(back, seq, acked, ack, nil, size)
			frames++
		}
		for i := uint32(0); frames < n; i++ {
			seq := 1 + i*100
			if i%100 == 50 {
				lost = seq
			} else {
				send(false, seq, 1, 100)
			}
			if i%100 == 80 {
				send(false, lost, 1, 100)
				lost = 0
			}
			acked := seq + 100
			if lost > 0 {
				acked = lost
			}
			if i%2 == 0 {
				send(true, 1, acked, 0)
			}
		}
	})
}

// BenchmarkJump looks at places all over a long connection, as a key press does
// that goes there.
func BenchmarkJump(b *testing.B) {
	n := 300_000
	if s := os.Getenv("STRATA_FRAMES"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	file := capturetest.Open(b, bigFile(b, n))
	r := rand.New(rand.NewPCG(1, 2))
	b.ResetTimer()
	for b.Loop() {
		steps := file.Steps(r.IntN(file.Frames()))
		e := steps[r.IntN(len(steps))]
		if _, ok := buffers.Of(file, e, buffers.Main(file, e)); !ok {
			b.Fatal("nothing to see")
		}
	}
}

// TestBigFile looks at the places of a long connection where bytes are missing.
func TestBigFile(t *testing.T) {
	file := capturetest.Open(t, bigFile(t, 30_000))
	r := rand.New(rand.NewPCG(1, 2))
	holes := 0
	for range 300 {
		n := r.IntN(file.Frames())
		steps := file.Steps(n)
		last := steps[len(steps)-1]
		l, ok := buffers.Of(file, last, buffers.Main(file, last))
		if !ok {
			t.Fatalf("frame %d: nothing to see", n+1)
		}
		sound(t, fmt.Sprint("frame ", n+1), l)
		if l.Next == l.High {
			continue
		}
		holes++
		i := slices.IndexFunc(l.Ranges, func(r buffers.Range) bool { return r.From == l.Next })
		if q := l.Ranges[i]; q.State != buffers.Lost || q.Len() != 100 || q.Filler.PDU == 0 || q.Filler.Off != q.From || q.Filler.Sent <= last {
			t.Fatalf("frame %d: %+v", n+1, q)
		}
	}
	if holes < 50 {
		t.Errorf("%d holes", holes)
	}
}

// TestAnyCapture looks at events of the module's captures and of others', and
// wants every look sound, and soon.
func TestAnyCapture(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/*.pcap*")
	if len(files) < 10 {
		t.Fatal("the captures are not there")
	}
	others, step := need.Captures(), 9
	if os.Getenv("STRATA_LONG") != "" {
		step = 1
	}
	for i := 0; i < len(others); i += step {
		files = append(files, others[i])
	}
	looks, packets := 0, 0
	for _, name := range files {
		f, err := capture.Open(name, nil)
		if err != nil {
			continue
		}
		f.Wait(1 << 40)
		for e := trace.EventID(1); int(e) <= f.Events(); e += trace.EventID(1 + f.Events()/200) {
			for _, back := range []bool{false, true} {
				begin := time.Now()
				l, ok := buffers.Of(f, e, back)
				if took := time.Since(begin); took > 30*time.Second { // it hangs
					t.Errorf("%s: event %d took %v", name, e, took)
				}
				if !ok {
					continue
				}
				looks++
				if l.Packet {
					packets++
				}
				sound(t, name, l)
			}
		}
		f.Close()
	}
	if looks < 500 {
		t.Errorf("%d looks, %d of packets", looks, packets)
	}
	t.Logf("%d looks, %d of packets", looks, packets)
}
