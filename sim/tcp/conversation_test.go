package tcp

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"strata/testdata/golden"
	"strata/trace"
)

// TestConversations plays the conversations of testdata: lines that begin with
// ">" or two spaces are what the connection answers, all others are input.
//
//	# a remark
//	new iss=1000 mss=1460 ts ws rcvbuf=1000 sndbuf=1000 nodelay noack cc=none msl=1
//	listen …          the same, passive
//	at 3.5            time goes by up to then, with the ticks that were asked for
//	open, write 10, read 10, closewrite, close, abort, nodelay on
//	< SYN,ACK seq=0 ack=1001 win=1000 len=10 mss=1460 ws=3 ts=1/2
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no conversations", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			script, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			golden.Check(t, filepath.Base(file), play(t, string(script)))
		})
	}
}

type player struct {
	t    *testing.T
	c    *Conn
	now  trace.Time
	wake trace.Time
	done bool
	was  Ready // what was told last
	said map[trace.Why]bool
	out  strings.Builder
}

func play(t *testing.T, script string) string {
	p := &player{t: t, said: map[trace.Why]bool{}}
	lines := bufio.NewScanner(strings.NewReader(script))
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if strings.HasPrefix(line, ">") || strings.HasPrefix(line, "  ") {
			continue
		}
		fmt.Fprintln(&p.out, line)
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		if err := p.do(words); err != nil {
			t.Fatalf("line %d: %v", n, err)
		}
	}
	return p.out.String()
}

func (p *player) do(words []string) error {
	number := 0
	if len(words) > 1 {
		number, _ = strconv.Atoi(words[1])
	}
	switch words[0] {
	case "new", "listen":
		cfg, iss := config(words[1:])
		p.c = New(cfg, iss)
		if words[0] == "listen" {
			p.c = NewPassive(cfg, iss)
		}
		p.done, p.wake, p.was = false, 0, Ready{}
	case "at":
		s, err := strconv.ParseFloat(words[1], 64)
		if err != nil {
			return err
		}
		p.until(trace.Time(s*1e9 + 0.5))
	case "open":
		p.step(Input{Kind: Open})
	case "write":
		p.step(Input{Kind: Write, N: number})
	case "read":
		p.step(Input{Kind: Consume, N: number})
	case "closewrite":
		p.step(Input{Kind: CloseWrite})
	case "close":
		p.step(Input{Kind: Close})
	case "abort":
		p.step(Input{Kind: Abort})
	case "nodelay":
		p.step(Input{Kind: SetNoDelay, On: words[1] == "on"})
	case "<":
		seg, err := segment(words[1:])
		if err != nil {
			return err
		}
		seg.Options.TSEcr += p.c.stamps.offset
		p.step(Input{Kind: Arrive, Segment: &seg})
	default:
		return fmt.Errorf("what is %q", words[0])
	}
	return nil
}

func (p *player) until(at trace.Time) {
	for !p.done && p.wake != 0 && p.wake <= at {
		p.now = p.wake
		p.step(Input{Kind: Tick})
	}
	p.now = at
}

func config(words []string) (Config, Seq) {
	cfg, iss := Config{MSS: 1460}, Seq(1000)
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		n, _ := strconv.Atoi(value)
		switch key {
		case "iss":
			iss = Seq(n)
		case "mss":
			cfg.MSS = n
		case "ts":
			cfg.Timestamps = true
		case "ws":
			cfg.WindowScale = true
		case "rcvbuf":
			cfg.ReceiveBuffer = n
		case "sndbuf":
			cfg.SendBuffer = n
		case "nodelay":
			cfg.NoDelay = true
		case "noack":
			cfg.NoDelayedAck = true
		case "cc":
			cfg.Congestion = value
		case "msl":
			cfg.MSL = trace.Time(n) * trace.Second
		default:
			panic("unknown setting " + key)
		}
	}
	return cfg, iss
}

func flagsOf(s string) (f Flags, err error) {
	for _, name := range strings.Split(s, ",") {
		i := slices.Index([]string{"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"}, name)
		switch {
		case i >= 0:
			f |= 1 << i
		case name != "none":
			return 0, fmt.Errorf("no flag %q", name)
		}
	}
	return f, nil
}

func segment(words []string) (seg Segment, err error) {
	if seg.Flags, err = flagsOf(words[0]); err != nil {
		return seg, err
	}
	for _, w := range words[1:] {
		key, value, _ := strings.Cut(w, "=")
		var n, m uint32
		fmt.Sscanf(value, "%d/%d", &n, &m)
		switch key {
		case "seq":
			seg.Seq = Seq(n)
		case "ack":
			seg.Ack = Seq(n)
		case "win":
			seg.Window = uint16(n)
		case "len":
			seg.Len = int(n)
		case "mss":
			seg.Options.MSS = uint16(n)
		case "ws":
			seg.Options.HasWindowScale, seg.Options.WindowScale = true, uint8(n)
		case "ts":
			seg.Options.HasTimestamps, seg.Options.TSVal, seg.Options.TSEcr = true, n, m
		default:
			return seg, fmt.Errorf("no field %q", key)
		}
	}
	return seg, nil
}

func (s *Segment) show(offset uint32) string {
	out := fmt.Sprintf("%v seq=%d", s.Flags, s.Seq)
	if s.Flags&ACK != 0 {
		out += fmt.Sprintf(" ack=%d", s.Ack)
	}
	out += fmt.Sprintf(" win=%d", s.Window)
	if s.Len > 0 {
		out += fmt.Sprintf(" len=%d off=%d", s.Len, s.Off)
	}
	o := &s.Options
	if o.MSS != 0 {
		out += fmt.Sprintf(" mss=%d", o.MSS)
	}
	if o.HasWindowScale {
		out += fmt.Sprintf(" ws=%d", o.WindowScale)
	}
	if o.HasTimestamps {
		out += fmt.Sprintf(" ts=%d/%d", o.TSVal-offset, o.TSEcr)
	}
	return out
}

// step does one step and writes down what follows from it.
func (p *player) step(in Input) {
	if p.done {
		p.t.Fatal("a step after Done")
	}
	r := p.c.Step(p.now, in)
	reached(p.t, r)
	say := func(format string, args ...any) { fmt.Fprintf(&p.out, "  "+format+"\n", args...) }
	if r.Drop.Why != 0 {
		say("drop: %s", p.because(r.Drop))
	}
	for _, a := range r.Accepted {
		say("accepted %d from %d at %d", a.Len, a.Skip, a.Off)
	}
	notes := r.Notes
	for i := range r.Segments {
		for len(notes) > 0 && notes[0].At <= i {
			p.note(notes[0])
			notes = notes[1:]
		}
		seg := &r.Segments[i]
		fmt.Fprintf(&p.out, "> %.3f %s\n", p.now.Seconds(), seg.show(p.c.stamps.offset))
		say("    %s", p.because(seg.Reason))
	}
	for _, n := range notes {
		p.note(n)
	}
	if r.Held.Why != 0 {
		say("held: %s", p.because(r.Held))
	}
	if r.Readable != p.was.Readable {
		say("readable %d", r.Readable)
	}
	if r.PeerDone && !p.was.PeerDone {
		say("end of stream")
	}
	if r.Flush {
		say("flush")
	}
	if r.Err != nil && p.was.Err == nil {
		say("error: %v", r.Err)
	}
	if r.Done {
		say("done%s", map[bool]string{true: ", reopen"}[r.Reopen])
	}
	p.was = *r
	p.done, p.wake = r.Done, r.Wake
}

// note shows the notes that a reader of a conversation wants.
func (p *player) note(n Note) {
	at := fmt.Sprintf("  %.3f ", p.now.Seconds())
	switch {
	case n.Kind == TimerFired:
		fmt.Fprintf(&p.out, "%s%v fired: %s\n", at, n.Timer, p.because(n.Reason))
	case n.Kind == TimerSet:
		fmt.Fprintf(&p.out, "%s%v until %.3f: %s\n", at, n.Timer, trace.Time(n.New).Seconds(), p.because(n.Reason))
	case n.New == trace.Absent:
	case n.Field == FieldState:
		fmt.Fprintf(&p.out, "%s%v: %s\n", at, State(n.New), p.because(n.Reason))
	case n.Field == FieldCwnd, n.Field == FieldSsthresh, n.Field == FieldRTO, n.Field == FieldSRTT, n.Field == FieldSndWnd:
		if n.Why != 0 {
			fmt.Fprintf(&p.out, "%s%v %s: %s\n", at, n.Field, trace.FormatValue(n.Field.Type(), n.New, nil), p.because(n.Reason))
		}
	}
}

// because is a reason with its sentence the first time, and then with its
// arguments.
func (p *player) because(r Reason) string {
	if p.said[r.Why] {
		return fmt.Sprintf("%v %v", r.Why, r.Args)
	}
	p.said[r.Why] = true
	return r.Why.String() + ": " + r.Why.Sentence(r.Args[:], nil)
}
