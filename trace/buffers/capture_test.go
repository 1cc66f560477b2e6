package buffers_test

import (
	"bufio"
	"bytes"
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

	"strata/capture"
	"strata/layers"
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
	var file bytes.Buffer
	for _, v := range []any{uint32(0xa1b23c4d), uint16(2), uint16(4), uint64(0), uint32(65535), uint32(1)} {
		binary.Write(&file, binary.LittleEndian, v)
	}
	for _, s := range all {
		id := log.Frame(s.frame).PDU
		b := log.Append(nil, id, 0, log.Size(id)-4)
		for _, v := range []uint32{uint32(s.at / trace.Second), uint32(s.at % trace.Second), uint32(len(b)), uint32(len(b))} {
			binary.Write(&file, binary.LittleEndian, v)
		}
		file.Write(b)
	}
	name := filepath.Join(t.TempDir(), "tap.pcap")
	if err := os.WriteFile(name, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return all, name
}

func open(t testing.TB, name string) *capture.File {
	t.Helper()
	f, err := capture.Open(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	f.Wait(1 << 40)
	return f
}

// TestCaptureAtTheReceiver holds what a capture at the receiver tells of its
// buffer to what the run knows of it.
func TestCaptureAtTheReceiver(t *testing.T) {
	for seed := range 4 {
		log := play(t, fmt.Sprintf(rough, seed, 1500))
		all, name := tap(t, log, "server")
		file := open(t, name)
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

// bigFile writes a capture of one connection with n frames: every hundredth
// segment is lost before it, and comes again thirty segments later.
func bigFile(t testing.TB, n int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "big.pcap")
	w, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriterSize(w, 1<<20)
	head := []byte{0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 101, 0, 0, 0}
	out.Write(head)
	b := make([]byte, 16+20+20+100)
	frame := 0
	put := func(back bool, seq, ack uint32, size int) {
		ip := b[16 : 16+40+size]
		binary.LittleEndian.PutUint32(b, uint32(frame/1000))
		binary.LittleEndian.PutUint32(b[4:], uint32(frame%1000)*1000)
		binary.LittleEndian.PutUint32(b[8:], uint32(len(ip)))
		binary.LittleEndian.PutUint32(b[12:], uint32(len(ip)))
		from, to := uint32(0x0a000001), uint32(0x0a000002)
		ports := [2]uint16{40000, 9000}
		if back {
			from, to, ports = to, from, [2]uint16{9000, 40000}
		}
		layers.IPv4Header(ip).Put(&layers.IPv4Fields{TotalLen: len(ip), TTL: 64, Protocol: 6, Src: from, Dst: to})
		layers.TCPHeader(ip[20:]).Put(&layers.TCPFields{SrcPort: ports[0], DstPort: ports[1], Seq: seq, Ack: ack, HeaderLen: 20, Flags: 16, Window: 65535})
		out.Write(b[:16+len(ip)])
		frame++
	}
	acked, lost := uint32(1), []uint32{}
	for i := uint32(0); frame < n; i++ {
		seq := 1 + i*100
		if i%100 == 50 {
			lost = append(lost, seq)
		} else {
			put(false, seq, 1, 100)
		}
		if i%100 == 80 && len(lost) > 0 {
			put(false, lost[0], 1, 100)
			lost = nil
		}
		if acked = seq + 100; len(lost) > 0 {
			acked = lost[0]
		}
		if i%2 == 0 {
			put(true, 1, acked, 0)
		}
	}
	if err := errors.Join(out.Flush(), w.Close()); err != nil {
		t.Fatal(err)
	}
	return name
}

// BenchmarkJump looks at places all over a long connection, as a key press does
// that goes there.
func BenchmarkJump(b *testing.B) {
	n := 300_000
	if s := os.Getenv("STRATA_FRAMES"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	file := open(b, bigFile(b, n))
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
	file := open(t, bigFile(t, 30_000))
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
