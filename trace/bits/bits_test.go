package bits_test

import (
	"hash/crc32"
	"testing"

	"strata/capture/capturetest"
	"strata/layers"
	"strata/scenarios/scenariotest"
	"strata/trace"
	"strata/trace/bits"
)

// small is a log of one frame of 64 bytes on a link.
func small(rate int64, delay trace.Time) *trace.Log {
	log := trace.NewLog(trace.Info{
		Nodes: []trace.Node{{Name: "a"}, {Name: "b"}},
		Links: []trace.Link{{Name: "cable", Ends: [2]trace.End{{Node: 0}, {Node: 1}}, Rate: rate, Delay: delay}},
	})
	var head [14]byte
	layers.EthernetHeader(head[:]).Put(layers.Broadcast, [6]byte{2, 0, 0, 0, 0, 1}, layers.EtherTypeARP)
	packet := log.Wrap(layers.ARP, make([]byte, layers.ARPSize), 0, 0, 0)
	log.Add(trace.Event{Kind: trace.Transmit, PDU: log.Seal(head[:], packet, layers.ARPSize), Layer: layers.Physical, Proto: layers.Wire})
	return log
}

// TestTimes holds the times of the smallest frame to IEEE 802.3: 51.2 µs, 6.4 µs
// for preamble and SFD, 9.6 µs for the gap, at 10 Mbit/s.
func TestTimes(t *testing.T) {
	l, ok := bits.Of(small(10e6, 5*trace.Microsecond), 0)
	if !ok || !l.Framed || !l.Timed {
		t.Fatalf("%+v", l)
	}
	want := []bits.Section{
		{Kind: bits.Preamble, From: 0, Bits: 56, Start: 0, End: 5600},
		{Kind: bits.SFD, From: 56, Bits: 8, Start: 5600, End: 6400},
		{Kind: bits.Header, From: 64, Bits: 112, Start: 6400, End: 17600},
		{Kind: bits.Packet, From: 176, Bits: 224, Start: 17600, End: 40000},
		{Kind: bits.Padding, From: 400, Bits: 144, Start: 40000, End: 54400},
		{Kind: bits.FCS, From: 544, Bits: 32, Start: 54400, End: 57600},
		{Kind: bits.Gap, From: 576, Bits: 96, Start: 57600, End: 67200},
	}
	if len(l.Sections) != len(want) {
		t.Fatalf("%+v", l.Sections)
	}
	for i, w := range want {
		if l.Sections[i] != w {
			t.Errorf("%+v, want %+v", l.Sections[i], w)
		}
	}
	if l.Bits != 576 || l.Serialising != 57600 || l.Arrives != 62600 || l.Free != 67200 || l.OnWire != 50 || l.Capacity() != 50 {
		t.Errorf("%+v", l)
	}
	for _, c := range []struct {
		at         trace.Time
		left, come int64
	}{{-1, 0, 0}, {0, 0, 0}, {5000, 50, 0}, {6000, 60, 10}, {57600, 576, 526}, {62600, 576, 576}, {1 << 40, 576, 576}} {
		if left, come := l.Left(c.at), l.Come(c.at); left != c.left || come != c.come {
			t.Errorf("after %d: %d left, %d come, want %+v", c.at, left, come, c)
		}
	}
}

// TestBitOrder wants the preamble as it is drawn, and the broadcast address all
// ones; of the source address 02, the second bit is the one that is set.
func TestBitOrder(t *testing.T) {
	l, _ := bits.Of(small(10e6, 0), 0)
	got := ""
	for i := range int64(64 + 48 + 8) {
		b, ok := l.Bit(i)
		if !ok {
			t.Fatal(i)
		}
		got += string('0' + b)
	}
	want := "10101010101010101010101010101010101010101010101010101010" + "10101011" +
		"111111111111111111111111111111111111111111111111" + "01000000"
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if _, ok := l.Bit(576); ok {
		t.Error("the gap has bits")
	}
}

// TestSimulatedLinksDoTheSame holds the times to those of every frame of runs:
// when it arrived, and when the next one could leave.
func TestSimulatedLinksDoTheSame(t *testing.T) {
	for _, name := range []string{"rto-backoff", "fragment-amplifier", "hop-by-hop", "head-of-line", "bit-flip"} {
		log := scenariotest.Run(t, name)
		free := map[trace.EndID]trace.Time{}
		queued, flipped := 0, 0
		for n := range log.Frames() {
			f := log.Frame(n)
			l, ok := bits.Of(log, n)
			if !ok || !l.Timed {
				t.Fatal(name, n)
			}
			if f.Sent < free[f.End] {
				t.Fatalf("%s: frame %d left at %d, the wire was taken until %d", name, n+1, f.Sent, free[f.End])
			}
			if f.Sent == free[f.End] && f.Sent > 0 {
				queued++
			}
			free[f.End] = f.Sent + l.Free
			flipped += len(l.Flipped)
			if f.Fate != trace.Arrived {
				continue
			}
			if l.Held != 0 || f.Ended != f.Sent+l.Arrives {
				t.Errorf("%s: frame %d was %d on its way, want %d", name, n+1, f.Ended-f.Sent, l.Arrives)
			}
		}
		if name == "fragment-amplifier" && queued < 1000 {
			t.Errorf("%d frames waited for the wire", queued)
		}
		if name == "bit-flip" && flipped == 0 {
			t.Error("no bit was flipped")
		}
	}
}

// TestCaptured looks at a capture: the bits are there, the check sequence is
// worked out as the simulator makes it, and there are no times.
func TestCaptured(t *testing.T) {
	f := capturetest.Open(t, "../../testdata/ping.pcap")
	for n := range f.Frames() {
		l, ok := bits.Of(f, n)
		if !ok || l.Timed || !l.Framed || l.Note == "" {
			t.Fatalf("frame %d: %+v", n+1, l)
		}
		data, _, _ := f.Data(n)
		for len(data) < 60 {
			data = append(data, 0)
		}
		sum := crc32.ChecksumIEEE(data)
		fcs := l.Octets(nil, l.Bits-32, 4)
		if got := uint32(fcs[0]) | uint32(fcs[1])<<8 | uint32(fcs[2])<<16 | uint32(fcs[3])<<24; got != sum {
			t.Errorf("frame %d: FCS %x, want %x", n+1, got, sum)
		}
		if l.Bits != int64(8+len(data)+4)*8 {
			t.Errorf("frame %d: %d bits of %d bytes", n+1, l.Bits, len(data))
		}
	}
}
