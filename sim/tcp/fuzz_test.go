package tcp

import (
	"encoding/binary"
	"testing"

	"strata/trace"
)

// FuzzStep feeds a connection with anything: whatever comes, no panic, and
// the invariants hold. Of each 12 bytes the first says what happens.
func FuzzStep(f *testing.F) {
	f.Add([]byte{0, 0}, uint8(0))
	f.Add([]byte("\x0612345678901\x06abcdefghijk\x02..........."), uint8(3))
	f.Add([]byte{6, 0, 0, 18, 1, 0, 0, 0, 255, 255, 0, 0, 1, 200, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 17, 1, 0, 50, 0, 0, 0, 0, 9}, uint8(1))
	f.Fuzz(func(t *testing.T, script []byte, how uint8) { fuzz(t, script, how) })
}

// fuzz plays one script.
func fuzz(t testing.TB, script []byte, how uint8) {
	cfg := Config{MSS: 1460, Timestamps: how&1 != 0, WindowScale: how&2 != 0, ReceiveBuffer: 1000, SendBuffer: 5000}
	if how&4 != 0 {
		cfg.ReceiveBuffer = 200000
	}
	if how&8 != 0 {
		cfg.Congestion = "none"
	}
	const iss = 1<<32 - 3
	c, now := New(cfg, iss), trace.Time(0)
	var r *Ready
	if how&16 != 0 {
		c = NewPassive(cfg, iss)
		r = c.Step(now, Input{Kind: Arrive, Segment: &Segment{Flags: SYN, Seq: 1<<32 - 1, Window: 1000}})
	} else {
		r = c.Step(now, Input{Kind: Open})
	}
	reads := int64(0)
	for ; len(script) >= 12 && !r.Done; script = script[12:] {
		in := fuzzInput(c, r, script[:12], &reads, &now)
		r = c.Step(now, in)
		reached(t, r)
		invariants(t, c)
		for _, a := range r.Accepted {
			if a.Len <= 0 || a.Skip < 0 || a.Skip+a.Len > in.Segment.Len {
				t.Fatalf("%+v of %+v", a, in.Segment)
			}
		}
		if len(r.Segments) > 5100 {
			t.Fatal(len(r.Segments), "segments")
		}
	}
}

// fuzzInput makes an input of 12 bytes. Half of the segments lie close to
// what the connection expects, or most of them would be refused at once.
func fuzzInput(c *Conn, r *Ready, b []byte, reads *int64, now *trace.Time) Input {
	n := int(binary.LittleEndian.Uint16(b[1:]))
	switch kind := b[0] % 16; {
	case kind == 0 && r.Wake != 0:
		*now = max(*now, r.Wake)
		return Input{Kind: Tick}
	case kind == 1 && r.Space > 0:
		return Input{Kind: Write, N: 1 + n%r.Space}
	case kind == 2 && r.Readable > *reads:
		n = 1 + n%int(r.Readable-*reads)
		*reads += int64(n)
		return Input{Kind: Consume, N: n}
	case kind == 3 && b[1] < 50:
		return Input{Kind: CloseWrite}
	case kind == 4 && b[1] < 20:
		return Input{Kind: Close}
	case kind == 5 && b[1] < 10:
		return Input{Kind: Abort}
	case kind == 6:
		return Input{Kind: SetNoDelay, On: b[1]&1 != 0}
	}
	seg := Segment{Flags: Flags(b[3]), Window: uint16(n), Len: int(b[4]) * int(b[5]&15)}
	seg.Seq = c.rcv.irs.at(c.rcv.nxt).Add(int(int8(b[6])) * 8)
	seg.Ack = c.snd.iss.at(c.snd.nxt).Add(int(int8(b[7])) * 8)
	if b[0]&64 != 0 {
		seg.Seq, seg.Ack, seg.Flags = c.rcv.irs.at(c.rcv.nxt), c.snd.iss.at(c.snd.nxt), ACK|seg.Flags&FIN
	}
	if b[0]&128 != 0 {
		seg.Seq, seg.Ack = Seq(binary.LittleEndian.Uint32(b[6:])), Seq(binary.LittleEndian.Uint32(b[8:]))
	}
	if b[5]&16 != 0 {
		seg.Options.HasTimestamps, seg.Options.TSVal, seg.Options.TSEcr = true, c.stamps.recent+uint32(int8(b[10])), c.stamps.clock(*now)-uint32(b[11])
	}
	if b[5]&32 != 0 {
		seg.Options.MSS, seg.Options.HasWindowScale, seg.Options.WindowScale = uint16(b[11])*100, true, b[10]
	}
	return Input{Kind: Arrive, Segment: &seg}
}

// FuzzOptions reads anything, and what was read can be written and read again.
func FuzzOptions(f *testing.F) {
	f.Add([]byte{2, 4, 5, 180, 1, 3, 3, 7, 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2})
	f.Add([]byte{1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 2, 4, 2})
	f.Fuzz(func(t *testing.T, b []byte) {
		o, _ := ParseOptions(b[:min(len(b), 40)])
		var out [40]byte
		n := PutOptions(out[:], o)
		again, err := ParseOptions(out[:n])
		if err != nil {
			t.Fatal(err)
		}
		if o.HasTimestamps && o.SACKs > 3 || n == 40 {
			return // not all fits
		}
		if again != o {
			t.Fatalf("%+v came back as %+v", o, again)
		}
	})
}
