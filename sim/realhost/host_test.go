package realhost

import (
	"errors"
	"io"
	"math"
	"net"
	"sync"
	"testing"
	"time"
)

// Each kind of blocked call ends with the host, and Close waits for them all.
func TestCloseEndsEverything(t *testing.T) {
	h := New(1, nil)
	l, err := h.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	pc, err := h.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var conns [4]net.Conn // two connections, both ends of each
	for i := range conns {
		if i%2 == 0 {
			conns[i], err = h.Dial("tcp", l.Addr().String())
		} else {
			conns[i], err = l.Accept()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	u, err := h.Dial("udp", pc.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	h.Sending(conns[2], math.MaxInt, nil)
	var mu sync.Mutex
	errs := map[string]error{}
	for name, f := range map[string]func() error{
		"accept":         func() error { _, err := l.Accept(); return err },
		"read":           func() error { _, err := conns[0].Read(make([]byte, 1)); return err },
		"read accepted":  func() error { _, err := conns[1].Read(make([]byte, 1)); return err },
		"read datagram":  func() error { _, err := u.Read(make([]byte, 1)); return err },
		"read from":      func() error { _, _, err := pc.ReadFrom(make([]byte, 1)); return err },
		"sleep":          func() error { return h.Sleep(time.Hour) },
		"write till end": func() error { _, err := io.Copy(conns[2], zeros{}); return err },
	} {
		h.Go(func() {
			err := f()
			mu.Lock()
			defer mu.Unlock()
			errs[name] = err
		})
	}
	time.Sleep(20 * time.Millisecond)
	h.Close()
	if len(errs) != 7 {
		t.Errorf("%d of 7 calls have returned", len(errs))
	}
	for name, err := range errs {
		if !errors.Is(err, net.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := h.Dial("tcp", "127.0.0.1:9"); !errors.Is(err, net.ErrClosed) {
		t.Errorf("dial after the end: %v", err)
	}
	h.Go(func() { t.Error("something runs after the end") })
}

// zeros never ends.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

// Messages are told of as they were framed, whatever the reads and writes.
func TestMessages(t *testing.T) {
	var got []Message
	h := New(1, func(m Message) { got = append(got, m) })
	defer h.Close()
	l, err := h.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c, err := h.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	h.Sending(c, 5, nil)
	for _, text := range []string{"he", "llo"} {
		if _, err := io.WriteString(c, text); err != nil {
			t.Fatal(err)
		}
	}
	h.Sending(c, 3, nil)
	io.WriteString(c, "you")
	if _, err := io.ReadFull(s, make([]byte, 8)); err != nil {
		t.Fatal(err)
	}
	h.Got(s, 5, nil)
	h.Got(s, 3, nil)
	if len(got) != 4 || got[0].Bytes != 5 || got[1].Bytes != 3 {
		t.Fatalf("told of %v", got)
	}
	for i, sent := range got[:2] {
		want := sent
		want.Sent = false
		if g := got[i+2]; g.Bytes != want.Bytes || g.SHA256 != want.SHA256 ||
			g.From.String() != want.From.String() || g.To.String() != want.To.String() {
			t.Errorf("sent %v, got %v", sent, g)
		}
	}
	// Bytes of no message, then a message that they carry in another form.
	io.WriteString(c, "ping")
	h.Sending(c, 4, []byte("more"))
	io.WriteString(c, "MORE")
	if _, err := io.ReadFull(s, make([]byte, 8)); err != nil {
		t.Fatal(err)
	}
	h.Got(s, 8, []byte("more"))
	if len(got) != 6 || got[4].Bytes != 4 || got[4].SHA256 != got[5].SHA256 || !got[4].Sent || got[5].Sent {
		t.Fatalf("told of %v", got)
	}
}

func TestRandIsSeeded(t *testing.T) {
	a, b, c := New(7, nil), New(7, nil), New(8, nil)
	x, y, z := a.Rand().Uint64(), b.Rand().Uint64(), c.Rand().Uint64()
	if x != y || x == z {
		t.Errorf("seeds 7, 7, 8 give %x, %x, %x", x, y, z)
	}
}
