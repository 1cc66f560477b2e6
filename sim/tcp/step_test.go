package tcp

import (
	"net/netip"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"strata/trace"
)

// dialog is a connection under test, and what it said last.
type dialog struct {
	t   *testing.T
	c   *Conn
	now trace.Time
	r   *Ready
}

func (d *dialog) do(in Input) *Ready {
	d.t.Helper()
	d.r = d.c.Step(d.now, in)
	reached(d.t, d.r)
	return d.r
}

func (d *dialog) send(seg Segment) *Ready {
	d.t.Helper()
	return d.do(Input{Kind: Arrive, Segment: &seg})
}

// recv checks the segments of the last step: their flags, sequence number,
// acknowledgment and length.
func (d *dialog) recv(want ...Segment) {
	d.t.Helper()
	if len(d.r.Segments) != len(want) {
		d.t.Fatalf("%d segments, want %d: %+v", len(d.r.Segments), len(want), d.r.Segments)
	}
	for i, w := range want {
		g := d.r.Segments[i]
		if g.Flags != w.Flags || g.Seq != w.Seq || g.Ack != w.Ack || g.Len != w.Len {
			d.t.Errorf("segment %d is %s, want %s", i, g.show(0), w.show(0))
		}
	}
}

// established is a connection with ISS 1000, the peer's being 7000.
func established(t *testing.T, cfg Config, answer Options) *dialog {
	t.Helper()
	d := &dialog{t: t, c: New(cfg, 1000)}
	d.do(Input{Kind: Open})
	d.recv(Segment{Flags: SYN, Seq: 1000})
	d.send(Segment{Flags: SYN | ACK, Seq: 7000, Ack: 1001, Window: 65535, Options: answer})
	d.recv(Segment{Flags: ACK, Seq: 1001, Ack: 7001})
	return d
}

// TestCutToSize is the golden cut of 5000 bytes: 3 × 1460 + 620, and with
// timestamps 3 × 1448 + 656.
func TestCutToSize(t *testing.T) {
	for _, test := range []struct {
		stamps bool
		sizes  [4]int
	}{{false, [4]int{1460, 1460, 1460, 620}}, {true, [4]int{1448, 1448, 1448, 656}}} {
		d := established(t, Config{MSS: 1460, Timestamps: test.stamps, NoDelay: true},
			Options{MSS: 1460, HasTimestamps: test.stamps, TSVal: 1})
		d.do(Input{Kind: Write, N: 5000})
		seq, want := Seq(1001), []Segment{}
		for _, n := range test.sizes {
			want = append(want, Segment{Flags: ACK, Seq: seq, Ack: 7001, Len: n})
			seq = seq.Add(n)
		}
		want[3].Flags |= PSH
		d.recv(want...)
		for _, s := range d.r.Segments {
			if s.Options.HasTimestamps != test.stamps || s.Options.MSS != 0 {
				t.Errorf("options %+v", s.Options)
			}
		}
	}
}

// TestLostSyn is golden, too: a SYN goes again after 1, 3 and 7 seconds.
func TestLostSyn(t *testing.T) {
	d := &dialog{t: t, c: New(Config{MSS: 1460}, 1000)}
	wake := d.do(Input{Kind: Open}).Wake
	for _, at := range []trace.Time{1, 3, 7, 15} {
		if wake != at*trace.Second {
			t.Fatalf("wake at %v, want %d s", wake.Seconds(), at)
		}
		d.now = wake - 1
		d.do(Input{Kind: Tick})
		d.recv()
		d.now = wake
		wake = d.do(Input{Kind: Tick}).Wake
		d.recv(Segment{Flags: SYN, Seq: 1000})
	}
	// RFC 6298 section 5.7, RFC 5681 section 3.1.
	d.send(Segment{Flags: SYN | ACK, Seq: 7000, Ack: 1001, Window: 65535, Options: Options{MSS: 1460}})
	wake = d.do(Input{Kind: Write, N: 5000}).Wake
	d.recv(Segment{Flags: ACK, Seq: 1001, Ack: 7001, Len: 1460})
	if wake != d.now+3*trace.Second {
		t.Errorf("data is timed with %v", (wake - d.now).Seconds())
	}
}

// TestFastRetransmit wants exactly three duplicates, and none of those that
// only look so.
func TestFastRetransmit(t *testing.T) {
	d := established(t, Config{MSS: 1000, NoDelay: true}, Options{MSS: 1000})
	d.do(Input{Kind: Write, N: 5000})
	pure := Segment{Flags: ACK, Seq: 7001, Ack: 1001, Window: 65535}
	text, window := pure, pure
	text.Len = 1
	window.Seq++
	window.Window--
	for _, s := range []Segment{text, window} {
		d.send(s)
	}
	if d.c.rec.dupAcks != 0 {
		t.Fatal("counted what is no duplicate")
	}
	pure.Seq, pure.Window = 7002, window.Window
	d.send(pure)
	d.recv()
	d.send(pure)
	d.recv()
	d.send(pure)
	d.recv(Segment{Flags: ACK, Seq: 1001, Ack: 7002, Len: 1000})
	if why := d.r.Segments[0].Why; why != trace.TCPFastRetransmit {
		t.Error(why)
	}
	// FlightSize was 5000: ssthresh 2500, and three segments more.
	if w := d.c.win; w.ssthresh != 2500 || w.cwnd != 5500 {
		t.Errorf("%+v", w)
	}
}

// TestEstimator follows RFC 6298 section 2 by hand.
func TestEstimator(t *testing.T) {
	const ms = trace.Millisecond
	e := estimator{rto: initialRTO}
	for _, s := range []struct{ rtt, srtt, rttvar, rto trace.Time }{
		{2000 * ms, 2000 * ms, 1000 * ms, 6000 * ms}, // R, R/2, R + 4·R/2
		{1000 * ms, 1875 * ms, 1000 * ms, 5875 * ms}, // RTTVAR = 3/4·1000 + 1/4·|2000−1000|, with the old SRTT
		{1875 * ms, 1875 * ms, 750 * ms, 4875 * ms},
	} {
		e.sample(s.rtt, 1)
		if e.srtt != s.srtt || e.rttvar != s.rttvar || e.rto != s.rto {
			t.Errorf("after %v: srtt %v rttvar %v rto %v, want %+v", s.rtt, e.srtt, e.rttvar, e.rto, s)
		}
	}
	for range 9 {
		e.backOff()
	}
	if e.rto != maxRTO {
		t.Error("no upper bound:", e.rto)
	}
	low := estimator{}
	low.sample(1*ms, 1)
	if low.rto != minRTO {
		t.Error("no lower bound:", low.rto)
	}
}

// TestInitialWindow is RFC 6928's formula.
func TestInitialWindow(t *testing.T) {
	for mss, want := range map[uint16]int{100: 1000, 1460: 14600, 3000: 14600, 9000: 18000} {
		d := established(t, Config{MSS: 9000}, Options{MSS: mss})
		if d.c.win.cwnd != want {
			t.Errorf("MSS %d: %d, want %d", mss, d.c.win.cwnd, want)
		}
	}
}

// TestOddMSS has sizes that would leave no room for data, or do not fit the option.
func TestOddMSS(t *testing.T) {
	for _, test := range []struct {
		ours, theirs, told uint32
		full               int
	}{{1, 1460, 1, 16}, {1460, 3, 1460, 16}, {100000, 65535, 65535, 65523}} {
		d := &dialog{t: t, c: New(Config{MSS: int(test.ours), Timestamps: true, SendBuffer: 1 << 20}, 1000)}
		if got := d.do(Input{Kind: Open}).Segments[0].Options.MSS; uint32(got) != test.told {
			t.Errorf("MSS %d is told as %d", test.ours, got)
		}
		d.send(Segment{Flags: SYN | ACK, Seq: 7000, Ack: 1001, Window: 65535, Options: Options{MSS: uint16(test.theirs), HasTimestamps: true}})
		if n := d.do(Input{Kind: Write, N: 70000}).Segments[0].Len; n != test.full {
			t.Errorf("%+v: %d bytes", test, n)
		}
	}
}

// TestUnlimited has no congestion control: all leaves that the window takes.
func TestUnlimited(t *testing.T) {
	d := established(t, Config{MSS: 1000, Congestion: "none", SendBuffer: 100000}, Options{MSS: 1000})
	d.do(Input{Kind: Write, N: 100000})
	if len(d.r.Segments) != 65 {
		t.Error(len(d.r.Segments), "segments")
	}
	for d.now = 0; d.r.Wake != 0 && d.now < 5*trace.Second; d.now = d.r.Wake {
		d.do(Input{Kind: Tick})
	}
	if len(d.r.Segments) == 0 || d.c.win.cwnd != maxWindow {
		t.Error("a timeout held it back")
	}
}

// TestReset is RFC 9293 section 3.10.7.1 and 3.10.7.2.
func TestReset(t *testing.T) {
	for _, test := range []struct {
		in, out   Segment
		listening bool
		ok        bool
	}{
		{in: Segment{Flags: RST, Seq: 5}},
		{in: Segment{Flags: RST | ACK, Seq: 5}},
		{in: Segment{Flags: SYN, Seq: 5}, out: Segment{Flags: RST | ACK, Ack: 6}, ok: true},
		{in: Segment{Flags: FIN, Seq: 5, Len: 10}, out: Segment{Flags: RST | ACK, Ack: 16}, ok: true},
		{in: Segment{Flags: SYN | ACK, Seq: 5, Ack: 9}, out: Segment{Flags: RST, Seq: 9}, ok: true},
		{in: Segment{Flags: ACK, Seq: 5, Ack: 9}, out: Segment{Flags: RST, Seq: 9}, listening: true, ok: true},
		{in: Segment{Flags: FIN, Seq: 5}, listening: true},
	} {
		got, ok := Reset(&test.in, test.listening)
		if ok != test.ok || got != test.out {
			t.Errorf("%s: %s %v, want %s", test.in.show(0), got.show(0), ok, test.out.show(0))
		}
	}
	if !Opens(&Segment{Flags: SYN | ECE | CWR}) || Opens(&Segment{Flags: SYN | ACK}) || Opens(&Segment{Flags: SYN | RST}) {
		t.Error("Opens")
	}
}

// TestISN wants a clock of 4 µs, and other numbers for other connections.
func TestISN(t *testing.T) {
	a, b := netip.MustParseAddrPort("10.0.0.1:5000"), netip.MustParseAddrPort("10.0.0.2:80")
	key := [16]byte{1}
	first := ISN(0, a, b, key)
	if got := ISN(trace.Second, a, b, key).Sub(first); got != 250000 {
		t.Error("in a second the clock ticks", got)
	}
	seen := map[Seq]bool{first: true}
	for port := range uint16(1000) {
		seen[ISN(0, netip.AddrPortFrom(a.Addr(), port), b, key)] = true
	}
	if len(seen) != 1001 || ISN(0, b, a, key) == first || ISN(0, a, b, [16]byte{2}) == first {
		t.Error("numbers repeat:", len(seen))
	}
}

// TestOptions holds PutOptions and ParseOptions to gopacket.
func TestOptions(t *testing.T) {
	for _, o := range []Options{
		{},
		{MSS: 1460},
		{MSS: 536, HasWindowScale: true, WindowScale: 14},
		{MSS: 1460, SACKPermitted: true, HasTimestamps: true, TSVal: 1, TSEcr: 1 << 31, HasWindowScale: true},
		{HasTimestamps: true, TSVal: 7, TSEcr: 9},
		{HasTimestamps: true, SACK: [4][2]Seq{{1, 2}, {3, 4}, {1 << 31, 6}}, SACKs: 3},
		{SACK: [4][2]Seq{{1, 2}, {3, 4}, {5, 6}, {7, 8}}, SACKs: 4},
	} {
		var b [40]byte
		n := PutOptions(b[:], o)
		if n != o.Size() || n%4 != 0 {
			t.Errorf("%+v: %d bytes, Size %d", o, n, o.Size())
		}
		if got, err := ParseOptions(b[:n]); err != nil || got != o {
			t.Errorf("%+v came back as %+v, %v", o, got, err)
		}
		header := append(make([]byte, 20), b[:n]...)
		header[12] = byte(5+n/4) << 4
		var l layers.TCP
		if err := l.DecodeFromBytes(header, gopacket.NilDecodeFeedback); err != nil {
			t.Fatal(err)
		}
		var theirs Options
		for _, x := range l.Options {
			if k := byte(x.OptionType); k > kindNop {
				theirs.parse(k, x.OptionData)
			}
		}
		if theirs != o {
			t.Errorf("gopacket reads %+v as %+v (%v)", o, theirs, l.Options)
		}
	}
	// A fourth block does not fit beside timestamps.
	var b [40]byte
	full := Options{HasTimestamps: true, SACKs: 4}
	if n := PutOptions(b[:], full); n != 40 {
		t.Error(n)
	}
}

// TestBadOptions gives what cannot be read.
func TestBadOptions(t *testing.T) {
	for _, b := range [][]byte{{2}, {2, 1}, {2, 0}, {2, 4, 5}, {1, 8, 10, 0}, {254, 255}} {
		if _, err := ParseOptions(b); err == nil {
			t.Errorf("% x is read", b)
		}
	}
	// Unknown ones, and what comes after the end, are skipped.
	o, err := ParseOptions([]byte{254, 4, 9, 9, 3, 3, 7, 0, 2, 200})
	if err != nil || o != (Options{HasWindowScale: true, WindowScale: 7}) {
		t.Errorf("%+v, %v", o, err)
	}
	// So is a known one with a wrong length.
	if o, err := ParseOptions([]byte{2, 3, 1}); err != nil || o != (Options{}) {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestNames(t *testing.T) {
	for f := range Fields {
		if f.String() == "" {
			t.Error("a field without a name")
		}
	}
	if TimeWaiting.String() != "time-wait" || (SYN|ACK).String() != "SYN,ACK" || FieldSRTT.Type() != trace.Duration {
		t.Error("names")
	}
	if !(SYN | ACK).Has(SYN) || SYN.Has(SYN|ACK) {
		t.Error("Has")
	}
}
