package connection

import (
	"encoding/binary"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"strata/capture"
	"strata/capture/capturetest"
	"strata/layers"
	"strata/trace"
)

// download makes the frames of a long download: segments of 1000 bytes, some
// of them lost and sent again, an acknowledgment for every second one.
func download(n int) []capturetest.Frame {
	r := rand.New(rand.NewPCG(3, 4))
	var all []capturetest.Frame
	var seq, acked uint32 = 1000, 1000
	at := trace.Second
	put := func(back bool, seq, ack uint32, flags uint8, size int) {
		at += trace.Time(1 + r.IntN(2000))
		all = append(all, capturetest.Frame{At: at, Data: segmentFrame(back, seq, ack, flags, uint16(20000+r.IntN(40000)), size)})
	}
	put(false, 99, 0, flagSYN, 0)
	put(true, 999, 100, flagSYN|flagACK, 0)
	put(false, 100, 1000, flagACK, 0)
	for len(all) < n {
		switch k := r.IntN(1000); {
		case k == 0 && seq-acked > 3000:
			put(true, acked, 100, flagACK, 1000) // sent again
		case k < 333 && seq > acked:
			acked += min(seq-acked, uint32(1000*(1+r.IntN(4))))
			put(false, 100, acked, flagACK, 0)
		default:
			put(true, seq, 100, flagACK, 1000)
			seq += 1000
		}
		if seq-acked > 200_000 {
			acked = seq
			put(false, 100, acked, flagACK, 0)
		}
	}
	return all
}

// segmentFrame is a TCP segment in an Ethernet frame.
func segmentFrame(back bool, seq, ack uint32, flags uint8, window uint16, size int) []byte {
	be := binary.BigEndian
	b := make([]byte, 54+size)
	be.PutUint16(b[12:], 0x0800)
	b[14], b[22], b[23] = 0x45, 64, layers.ProtocolTCP
	be.PutUint16(b[16:], uint16(40+size))
	ends := [2][]byte{{10, 0, 0, 1}, {10, 0, 0, 2}}
	ports := [2]uint16{40000, 80}
	from := 0
	if back {
		from = 1
	}
	copy(b[26:], ends[from])
	copy(b[30:], ends[1-from])
	be.PutUint16(b[34:], ports[from])
	be.PutUint16(b[36:], ports[1-from])
	be.PutUint32(b[38:], seq)
	be.PutUint32(b[42:], ack)
	b[46], b[47] = 0x50, flags
	be.PutUint16(b[48:], window)
	return b
}

// TestCloserLook: of a connection with far more segments than buckets, the
// whole keeps every extreme and every resent segment, and a closer look at any
// stretch tells what the segments in it say.
func TestCloserLook(t *testing.T) {
	const n = 60_000
	f := capturetest.Open(t, capturetest.Write(t, download(n)))
	c := Of(f, 1).all()
	exact := newExact(c)
	if c.whole.dirs[1][Data].per < 2 {
		t.Fatal("nothing was merged: the test is too small")
	}
	from, to := c.Span()
	exact.compare(t, c, from, to, 100, false)
	r := rand.New(rand.NewPCG(5, 6))
	for range 30 {
		wide := (to - from) / trace.Time(20+r.IntN(2000))
		at := from + trace.Time(r.Int64N(int64(to-from-wide)))
		c.Focus(at, at+wide, 200)
		c.all()
		exact.compare(t, c, at, at+wide, 200, true)
	}
}

// exact is a pass whose strips never merge.
type exact struct{ dirs [2][Kinds][]bucket }

func newExact(c *Connection) *exact {
	e := &exact{}
	p := newPass(c, mark{ledgers: [2]ledger{newLedger(), newLedger()}})
	c.t.Segments(c.talk, 0, c.t.Frames(), func(s *trace.Sent) bool {
		p.now = s.Time
		p.segment(s)
		for d := range p.dirs {
			for k := range Kinds {
				s := &p.dirs[d][k]
				had := len(e.dirs[d][k])
				if had > 0 {
					had = slices.IndexFunc(s.all, func(b bucket) bool { return b == e.dirs[d][k][len(e.dirs[d][k])-1] }) + 1
				}
				e.dirs[d][k] = append(e.dirs[d][k], s.all[had:]...)
				if len(s.all) > 64 { // keep the last, that lines may see what held
					s.all = append(s.all[:0], s.all[len(s.all)-8:]...)
				}
			}
		}
		return true
	})
	return e
}

func (e *exact) compare(t *testing.T, c *Connection, from, to trace.Time, columns int, same bool) {
	t.Helper()
	for d := range e.dirs {
		for k := range Kinds {
			got, want := make([]Column, columns), make([]Column, columns)
			c.Columns(got, d, k, from, to)
			(&strip{all: e.dirs[d][k]}).columns(want, from, to, k.Line())
			for i := range want {
				g, w := got[i], want[i]
				if w.Has && (!g.Has || g.Lo > w.Lo || g.Hi < w.Hi) {
					t.Fatalf("%v, side %d, column %d is %+v, which leaves out of %+v", k, d, i, g, w)
				}
				if same && g != w {
					t.Fatalf("%v, side %d, column %d is %+v, want %+v", k, d, i, g, w)
				}
			}
		}
	}
}

// TestWorkIsCutInSlices: no slice of work takes much longer than it may.
func TestWorkIsCutInSlices(t *testing.T) {
	f := capturetest.Open(t, capturetest.Write(t, download(40_000)))
	c := Of(f, 1)
	slices, longest := 0, time.Duration(0)
	for more := true; more; slices++ {
		begin := time.Now()
		more = c.Work(time.Millisecond)
		longest = max(longest, time.Since(begin))
	}
	if slices < 3 {
		t.Errorf("it was done in %d slices", slices)
	}
	t.Logf("%d slices, the longest %v", slices, longest)
}

// TestGrows: what a pipe brings later is taken in, as if all had been there.
func TestGrows(t *testing.T) {
	all := capturetest.Pcap(download(3000))
	r, w := io.Pipe()
	f, err := capture.Pipe(r, "pipe", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, _ = w.Write(all[:len(all)/2])
	for f.Frames() < 1000 {
		time.Sleep(time.Millisecond)
	}
	c := Of(f, 1)
	for c.whole.seen < 1000 {
		c.Work(time.Millisecond)
		c.Grow()
	}
	c.all()
	if c.More() {
		t.Error("there is work where nothing more has come")
	}
	_, _ = w.Write(all[len(all)/2:])
	_ = w.Close()
	f.Wait(1 << 40)
	for c.Grow(); c.More(); c.Grow() {
		c.Work(time.Millisecond)
	}
	whole := Of(capturetest.Open(t, capturetest.Write(t, download(3000))), 1).all()
	for d := range 2 {
		for k := range Kinds {
			if !slices.Equal(c.whole.dirs[d][k].all, whole.whole.dirs[d][k].all) {
				t.Errorf("%v of side %d: %d samples, not %d", k, d, len(c.whole.dirs[d][k].all), len(whole.whole.dirs[d][k].all))
			}
		}
	}
}

// FuzzSegments: whatever segments say, nothing grows without bound and no
// number leaves its place.
func FuzzSegments(f *testing.F) {
	f.Add(uint64(1), uint16(300))
	f.Fuzz(func(t *testing.T, seed uint64, n uint16) {
		r := rand.New(rand.NewPCG(seed, 9))
		c := &Connection{captured: true, names: [2]string{"a", "b"}}
		c.begin(0)
		for i := range int(n) {
			s := trace.Sent{Frame: i, Time: trace.Time(r.IntN(1000)), Back: r.IntN(2) == 0, Flags: uint16(r.IntN(32)), Window: uint16(r.Uint32()), Scale: int8(r.IntN(16) - 1)}
			s.Seq, s.Ack, s.Len, s.Resent = r.Uint32(), r.Uint32(), r.IntN(70000), r.IntN(9) == 0
			s.SACKs = r.IntN(5)
			for k := range s.SACK {
				s.SACK[k] = [2]uint32{r.Uint32(), r.Uint32()}
			}
			s.Seen.SeqBase, s.Seen.AckBase = r.Uint32()&1, r.Uint32()&1
			s.Seen.Findings = layers.Findings(r.Uint32() & 0x7fff)
			c.whole.now = max(c.whole.now, s.Time)
			c.whole.segment(&s)
		}
		for d := range 2 {
			if path, _ := c.Path(d); len(path) > maxPath {
				t.Errorf("%d steps", len(path))
			}
			for _, b := range c.whole.dirs[d][InFlight].all {
				if b.lo < 0 {
					t.Errorf("%d bytes in flight", b.lo)
				}
			}
		}
	})
}
