package media

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"strata/sim/host"
)

// Player shows the pictures of one stream, each at its time.
type Player struct {
	Listen  string        `yaml:"listen" doc:"Port to listen at (default :5004)."`
	Network string        `yaml:"network" oneof:"udp tcp" doc:"What carries the stream: udp (the default) or tcp."`
	Buffer  time.Duration `yaml:"buffer" doc:"How long after the first packet the first picture is shown; packets may vary by so much on their way (default 200ms)."`
	Timeout time.Duration `yaml:"timeout" doc:"How long without a packet ends the stream (default 3s)."`

	// Report is what became of the stream, when Run has returned.
	Report Report
}

// Report counts what became of pictures.
type Report struct {
	Pictures int           // of the stream
	Played   int           // shown; over UDP, at their time
	Damaged  int           // of these, how many say what changed in one that was not shown
	Late     int           // came whole, but too late to be shown
	Lost     int           // never came whole
	Frozen   time.Duration // the picture stood still, beside what is usual
	Jitter   time.Duration // how much packets varied on their way (RFC 3550 section 6.4.1)
}

// String is the report in one line.
func (r Report) String() string {
	return fmt.Sprintf("%d of %d pictures shown, %d of them damaged, %d late, %d lost; frozen for %v, jitter %v",
		r.Played, r.Pictures, r.Damaged, r.Late, r.Lost, r.Frozen.Round(time.Millisecond), r.Jitter.Round(time.Microsecond))
}

func (p *Player) Check() error { return host.CheckLocal(&p.Listen, "listen") }

// Run shows the stream that comes first.
func (p *Player) Run(h host.Host) error {
	s := &screen{Player: p, host: h, news: h.Signal()}
	var f host.Failures
	socket, err := s.receive(&f)
	if err != nil {
		return fmt.Errorf("video player: %w", err)
	}
	defer socket.Close()
	f.Add(s.play())
	p.Report = s.report()
	h.Note("video", s.name(), "in all", p.Report.String())
	return f.Err("video player")
}

// screen is a running Player. One branch takes packets, the other shows
// pictures.
type screen struct {
	*Player
	host host.Host
	news host.Signal // of packets, and of the end

	mu       sync.Mutex
	ended    bool
	began    time.Time // when the first packet came
	first    packet    // that; valid iff pictures is not nil
	pictures []picture
	jitter   float64       // seconds
	transit  time.Duration // of the last packet, by two clocks that need not agree
	result   Report
}

// picture is what has come of one.
type picture struct {
	key    bool
	parts  []bool
	left   int  // parts that have not come; valid iff parts is not nil
	missed bool // when it was due
}

func (x *picture) whole() bool { return x.parts != nil && x.left == 0 }

// receive opens the socket and starts taking packets from it.
func (s *screen) receive(f *host.Failures) (io.Closer, error) {
	if s.Network == "tcp" {
		l, err := s.host.Listen("tcp", s.Listen)
		if err == nil {
			s.host.Go(func() {
				f.Add(s.stream(l))
				s.end()
			})
		}
		return l, err
	}
	pc, err := s.host.ListenPacket("udp", s.Listen)
	if err == nil {
		s.host.Go(func() {
			f.Add(s.datagrams(pc))
			s.end()
		})
	}
	return pc, err
}

// datagrams takes packets until none has come for some time.
func (s *screen) datagrams(pc net.PacketConn) error {
	buf := make([]byte, host.MaxDatagram)
	for {
		n, _, err := pc.ReadFrom(buf)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil
		}
		if err != nil {
			return err
		}
		if p, err := parse(buf[:n]); err == nil && s.take(p) {
			if err := pc.SetReadDeadline(s.host.Now().Add(s.Timeout)); err != nil {
				return err
			}
		}
	}
}

// stream takes packets from the first connection until its end.
func (s *screen) stream(l net.Listener) error {
	c, err := l.Accept()
	if err != nil {
		return err
	}
	defer c.Close()
	buf := make([]byte, 1<<16)
	for {
		if _, err := io.ReadFull(c, buf[:2]); err != nil {
			return host.UnlessEnd(err)
		}
		n := int(binary.BigEndian.Uint16(buf))
		if _, err := io.ReadFull(c, buf[:n]); err != nil {
			return host.TooSoon(err)
		}
		s.host.Got(c, 2+n, nil)
		p, err := parse(buf[:n])
		if err != nil {
			return err
		}
		s.take(p)
	}
}

// take notes a packet; false: it is of another stream.
func (s *screen) take(p packet) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pictures == nil {
		p.body = nil
		s.first = p
		s.pictures = make([]picture, p.pictures)
	}
	if p.source != s.first.source || p.pictures != s.first.pictures {
		return false
	}
	s.measure(p)
	x := &s.pictures[p.picture]
	if x.parts == nil {
		x.key, x.parts, x.left = p.key, make([]bool, p.parts), int(p.parts)
	}
	if int(p.parts) == len(x.parts) && !x.parts[p.part] {
		x.parts[p.part] = true
		x.left--
	}
	s.news.Notify()
	return true
}

// measure follows the jitter: how much longer or shorter than the last one a
// packet was on its way, averaged (RFC 3550 section 6.4.1).
func (s *screen) measure(p packet) {
	now := s.host.Now()
	if s.began.IsZero() {
		s.began = now
	}
	transit := now.Sub(s.began) - ticks(int64(int32(p.timestamp-s.first.timestamp)))
	s.jitter += (max(transit-s.transit, s.transit-transit).Seconds() - s.jitter) / 16
	s.transit = transit
}

// ticks is a time of so many ticks of the timestamps' clock.
func ticks(n int64) time.Duration { return time.Duration(n) * time.Second / clockRate }

func (s *screen) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	s.news.Notify()
}

// look is whether the stream is known, and has ended.
func (s *screen) look() (known, ended bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pictures != nil, s.ended
}

// play shows the pictures.
func (s *screen) play() error {
	known, ended := s.look()
	for !known && !ended {
		if err := s.news.Wait(time.Time{}); err != nil {
			return err
		}
		known, ended = s.look()
	}
	if !known {
		return nil
	}
	period := ticks(int64(s.first.period))
	due := s.began.Add(s.Buffer - time.Duration(s.first.picture)*period)
	broken := true // what is shown lacks a change, or all
	for i := range s.pictures {
		wait := s.skip
		if s.Network == "tcp" {
			wait = s.freeze
		}
		shown, frozen, err := wait(i, due, period)
		if err != nil {
			return err
		}
		s.show(i, shown, frozen, &broken)
		due = due.Add(period)
		if s.Network == "tcp" && shown {
			due = due.Add(frozen) // all that follows is shown later, too
		}
	}
	return nil
}

// skip waits until a picture is due, and leaves it out if it is not there.
func (s *screen) skip(i int, due time.Time, period time.Duration) (shown bool, frozen time.Duration, err error) {
	if wait := due.Sub(s.host.Now()); wait > 0 {
		if err := s.host.Sleep(wait); err != nil {
			return false, 0, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pictures[i].whole() {
		return true, 0, nil
	}
	return false, period, nil
}

// freeze waits until a picture is due and there: over TCP it will come, unless
// the stream ends.
func (s *screen) freeze(i int, due time.Time, period time.Duration) (shown bool, frozen time.Duration, err error) {
	if wait := due.Sub(s.host.Now()); wait > 0 {
		if err := s.host.Sleep(wait); err != nil {
			return false, 0, err
		}
	}
	for {
		s.mu.Lock()
		shown, ended := s.pictures[i].whole(), s.ended
		s.mu.Unlock()
		switch {
		case shown:
			return true, max(0, s.host.Now().Sub(due)), nil
		case ended:
			return false, period, nil
		}
		s.host.Note("video", s.name(), "picture", fmt.Sprintf("frozen, waiting for %d", i+1))
		if err := s.news.Wait(time.Time{}); err != nil {
			return false, 0, err
		}
	}
}

// show counts a picture, and tells what is to be seen.
func (s *screen) show(i int, shown bool, frozen time.Duration, broken *bool) {
	s.mu.Lock()
	x := &s.pictures[i]
	r := &s.result
	r.Frozen += frozen
	if shown {
		r.Played++
		if *broken = *broken && !x.key; *broken {
			r.Damaged++
		}
	} else {
		x.missed, *broken = true, true
	}
	seen := fmt.Sprintf("%d of %d", i+1, len(s.pictures))
	switch {
	case !shown:
		seen += ", missing"
	case *broken:
		seen += ", damaged"
	}
	told := *r
	s.mu.Unlock()
	s.host.Note("video", s.name(), "picture", seen)
	s.host.Note("video", s.name(), "shown", fmt.Sprint(told.Played))
	s.host.Note("video", s.name(), "frozen", told.Frozen.Round(time.Millisecond).String())
}

func (s *screen) name() string { return fmt.Sprintf("stream %08x", s.first.source) }

// report counts at the end what was too late, and what never came.
func (s *screen) report() Report {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.result
	r.Pictures = len(s.pictures)
	r.Jitter = time.Duration(s.jitter * float64(time.Second))
	for i := range s.pictures {
		switch x := &s.pictures[i]; {
		case !x.whole():
			r.Lost++
		case x.missed:
			r.Late++
		}
	}
	return r
}
