package trace

import (
	"bytes"
	"hash/crc32"
	"math/rand/v2"
	"testing"
	"unsafe"

	"strata/layers"
)

// wire is a log of two hosts on one link.
func wire() *Log {
	return NewLog(Info{
		Nodes: []Node{{Name: "a", Kind: "host"}, {Name: "b", Kind: "host"}},
		Links: []Link{{Name: "ab", Ends: [2]End{{Node: 0, If: "eth0"}, {Node: 1, If: "eth0"}}}},
	})
}

// journey records one message over UDP from a to b and gives its frame.
func journey(l *Log, at Time, text string) (message, frame PDUID) {
	add := func(k Kind, p layers.Proto, pdu PDUID, node NodeID, cause EventID) EventID {
		return l.Add(Event{Time: at, Kind: k, Proto: p, Layer: p.Layer(), PDU: pdu, Node: node, Cause: cause, End: EndID(node)})
	}
	message = l.Wrap(layers.Message, []byte(text), 0, 0, 0)
	n := add(Send, layers.Message, message, 0, 0)
	datagram := l.Wrap(layers.UDP, make([]byte, 8), message, 0, len(text))
	n = add(Encapsulate, layers.UDP, datagram, 0, n)
	packet := l.Wrap(layers.IPv4, make([]byte, 20), datagram, 0, 8+len(text))
	n = add(Encapsulate, layers.IPv4, packet, 0, n)
	frame = l.Seal(make([]byte, 14), packet, 28+len(text))
	n = add(Encapsulate, layers.Ethernet, frame, 0, n)
	n = add(Transmit, layers.Wire, frame, 0, n)
	n = add(Arrive, layers.Wire, frame, 1, n)
	n = add(Decapsulate, layers.Ethernet, frame, 1, n)
	add(Deliver, layers.Message, message, 1, n)
	return message, frame
}

func TestRecordsAreSmall(t *testing.T) {
	if n := unsafe.Sizeof(Event{}); n != 32 {
		t.Errorf("an Event has %d bytes, want 32", n)
	}
	if n := unsafe.Sizeof(PDU{}); n != 32 {
		t.Errorf("a PDU has %d bytes, want 32", n)
	}
}

func TestSealedFrameIsPaddedAndChecked(t *testing.T) {
	l := wire()
	_, frame := journey(l, 0, "x")
	b := l.Append(nil, frame, 0, 1000)
	if len(b) != 64 || b[42] != 'x' || !bytes.Equal(b[43:60], make([]byte, 17)) {
		t.Fatalf("frame % x", b)
	}
	// The residue of a CRC-32 over data and its own CRC is a constant.
	if crc32.ChecksumIEEE(b) != 0x2144df1c {
		t.Fatal("the FCS does not fit")
	}
	for off := range int64(64) {
		if got := l.Append(nil, frame, off, 1); !bytes.Equal(got, b[off:off+1]) {
			t.Fatalf("byte %d alone is % x, want % x", off, got, b[off])
		}
	}
	bad := l.Flip(frame, 42, 1)
	if c := l.Append(nil, bad, 0, 64); c[42] != 'y' || crc32.ChecksumIEEE(c) == 0x2144df1c {
		t.Fatal("a flipped bit must not pass the FCS")
	}
}

func TestStepsOfFramesThatOverlap(t *testing.T) {
	l := wire()
	journey(l, 0, "one")
	journey(l, 5, "two")
	l.Add(Event{Time: 9, Kind: Send, Layer: layers.Application}) // never leaves
	if l.Frames() != 2 || len(l.Steps(0)) != 8 || len(l.Steps(1)) != 9 {
		t.Fatalf("%d frames, steps %v %v", l.Frames(), l.Steps(0), l.Steps(1))
	}
	for f := range 2 {
		for _, n := range l.Steps(f) {
			if l.FrameOf(n) != f {
				t.Errorf("step %d of frame %d says that it belongs to %d", n, f, l.FrameOf(n))
			}
		}
	}
	if f := l.Frame(1); f.Fate != Arrived || f.Sent != 5 || f.From != 0 || f.To != 1 || f.Hop != 1 {
		t.Fatalf("%+v", f)
	}
}

func TestByteLeadsToItsFramesAndBack(t *testing.T) {
	l := wire()
	message, frame := journey(l, 0, "hello")
	journey(l, 1, "other")
	places := []Place{{message, 4}}
	for at := places[0]; ; places = append(places, at) {
		in := l.Children(at.PDU)
		if len(in) == 0 {
			break
		}
		if len(in) > 1 {
			t.Fatalf("%v is in %v", at, in)
		}
		at = Place{in[0].PDU, at.Off - in[0].Span.Off + in[0].Span.At}
	}
	if last := places[len(places)-1]; last != (Place{frame, 14 + 20 + 8 + 4}) || len(places) != 4 {
		t.Fatalf("it is in %v", places)
	}
	back := Origins(l, places[len(places)-1])
	if back[len(back)-1] != (Place{message, 4}) {
		t.Fatalf("origins %v", back)
	}
}

func TestStreamIsItsSegments(t *testing.T) {
	l := wire()
	id, s := l.Source(layers.Stream)
	want := make([]byte, 3*sourceChunk/2)
	for i := range want {
		want[i] = byte(i * 7)
	}
	s.Write(want[:10])
	s.Write(want[10:])
	in := l.Join(layers.Stream, nil)
	for off := 0; off < len(want); off += 1460 {
		n := min(1460, len(want)-off)
		seg := l.Wrap(layers.TCP, make([]byte, 20), id, int64(off), n)
		l.Extend(in, seg, 20, int64(n))
	}
	if got := l.Append(nil, in, 0, l.Size(in)); !bytes.Equal(got, want) {
		t.Fatal("the received stream differs from the written one")
	}
	if got := s.View(sourceChunk-5, 10); !bytes.Equal(got, want[sourceChunk-5:sourceChunk+5]) {
		t.Fatal("a view over two chunks differs")
	}
	o := Origins(l, Place{in, 90000})
	if o[len(o)-1] != (Place{id, 90000}) {
		t.Fatalf("origins %v", o)
	}
}

func TestStateFoldsBothWays(t *testing.T) {
	l := wire()
	r := rand.New(rand.NewPCG(1, 2))
	var slots []SlotID
	for i := range 40 {
		slots = append(slots, l.Slot(Slot{Node: NodeID(i % 2), Table: "t", Key: string(rune('a' + i)), Field: "f"}))
	}
	hashes := []uint64{(&State{}).Hash()}
	values := &State{}
	for range 100_000 {
		if id := slots[r.IntN(len(slots))]; r.IntN(3) == 0 {
			l.Add(Event{Kind: TimerSet, Layer: layers.Transport})
		} else {
			v := int64(r.IntN(5))
			if v == 4 {
				v = Absent
			}
			if l.Set(Event{Layer: layers.Transport}, id, v) == 0 {
				continue
			}
			values.set(id, v)
		}
		hashes = append(hashes, values.Hash())
	}
	for range 200 {
		from := r.IntN(l.Events())
		steps := r.IntN(300)
		to := min(from+steps, l.Events())
		for _, n := range []int{from, to, from} {
			if got := l.State(EventID(n)).Hash(); got != hashes[n] {
				t.Fatalf("state at %d (from %d) has hash %x, want %x", n, from, got, hashes[n])
			}
		}
	}
}

func TestEveryReasonIsWellFormed(t *testing.T) {
	seen := map[string]bool{}
	for _, w := range Catalogue() {
		r := w.Reason()
		if seen[r.Code] || r.Code == "" || r.Sentence == "" {
			t.Errorf("%q: twice, or empty", r.Code)
		}
		seen[r.Code] = true
		if WhyNamed(r.Code) != w {
			t.Errorf("%q is not found by its name", r.Code)
		}
		if len(r.params) > 8 {
			t.Errorf("%q has %d parameters", r.Code, len(r.params))
		}
		args := make([]int64, len(r.params))
		if s := w.Sentence(args, func(int64) string { return "text" }); bytes.ContainsAny([]byte(s), "{}?") && !bytes.Contains([]byte(r.Sentence), []byte("? ")) {
			t.Errorf("%q: hole left in %q", r.Code, s)
		}
	}
}

// big is a log of n events with changing state and overlapping frames.
func big(n int) *Log {
	l := wire()
	var slots []SlotID
	for i := range 1200 {
		slots = append(slots, l.Slot(Slot{Table: "tcp", Key: string(rune(i / 12)), Field: string(rune(i % 12))}))
	}
	for i := 0; l.Events() < n; i++ {
		journey(l, Time(i), "m")
		l.Set(Event{Time: Time(i), Layer: layers.Transport}, slots[i%len(slots)], int64(i))
		l.Set(Event{Time: Time(i), Layer: layers.Transport}, slots[(i*7)%len(slots)], int64(-i))
	}
	return l
}

// BenchmarkJump goes to a random event of ten million: state, frame and steps.
func BenchmarkJump(b *testing.B) {
	l := big(10_000_000)
	l.Frame(0)
	r := rand.New(rand.NewPCG(1, 1))
	for b.Loop() {
		n := EventID(1 + r.IntN(l.Events()))
		l.State(n)
		f := l.FrameOf(n)
		l.Frame(f)
		l.Steps(f)
	}
}

func BenchmarkIndex(b *testing.B) {
	l := big(1_000_000)
	for b.Loop() {
		l.index = nil
		l.indexed()
	}
}

// TestSourcesGrow writes streams in pieces of several sizes: a short one is
// small, views taken early stay good, and all bytes are there.
func TestSourcesGrow(t *testing.T) {
	for _, piece := range []int{1, 100, 255, 256, 1460, sourceChunk - 1, sourceChunk, sourceChunk + 1} {
		l := NewLog(Info{})
		_, s := l.Source(layers.Stream)
		var all []byte
		var views [][]byte
		for len(all) < 2*sourceChunk {
			for i := range piece {
				all = append(all, byte(i*7+len(all)>>8))
			}
			s.Write(all[s.Len():])
			views = append(views, s.View(s.Len()-int64(piece), piece))
			if _, payload := l.Footprint(); len(all) <= sourceChunk && payload > max(256, 2*int64(len(all))) {
				t.Fatalf("%d bytes take %d", len(all), payload)
			}
			if piece == 1 && len(all) > 3000 {
				break
			}
		}
		if got := s.Append(nil, 0, s.Len()); !bytes.Equal(got, all) {
			t.Errorf("pieces of %d bytes: the stream differs", piece)
		}
		for i, v := range views {
			if !bytes.Equal(v, all[i*piece:(i+1)*piece]) {
				t.Fatalf("pieces of %d bytes: view %d differs", piece, i)
			}
		}
	}
}
