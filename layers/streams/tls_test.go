package streams_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"

	"strata/layers"
	"strata/layers/streams"
	"strata/layers/tlskeys"
)

// wire is a connection that keeps what its side writes, with that of the other
// side, in order.
type wire struct {
	net.Conn
	side int
	mu   *sync.Mutex
	talk *[]said
}

func (w wire) Write(b []byte) (int, error) {
	w.mu.Lock()
	*w.talk = append(*w.talk, said{w.side, string(b)})
	w.mu.Unlock()
	return w.Conn.Write(b)
}

// sealed has Go's TLS carry a conversation; it gives what went over the wire,
// and the secrets.
func sealed(t testing.TB, talk []said, version uint16) ([]said, *tlskeys.Log) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1)}, &x509.Certificate{SerialNumber: big.NewInt(1)}, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	var keys bytes.Buffer
	var all []said
	var mu sync.Mutex
	one, other := net.Pipe()
	client := tls.Client(wire{one, 0, &mu, &all}, &tls.Config{InsecureSkipVerify: true, KeyLogWriter: &keys, MaxVersion: version})
	server := tls.Server(wire{other, 1, &mu, &all}, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert}, PrivateKey: key}}, SessionTicketsDisabled: true})
	go server.Handshake()
	if err := client.Handshake(); err != nil {
		t.Fatal(err)
	}
	for _, s := range talk {
		from, to := client, server
		if s.side == 1 {
			from, to = to, from
		}
		go io.WriteString(from, s.data)
		if _, err := io.ReadFull(to, make([]byte, len(s.data))); err != nil {
			t.Fatal(err)
		}
	}
	go client.CloseWrite()
	server.Read(make([]byte, 1))
	var log tlskeys.Log
	if err := log.Read(&keys); err != nil {
		t.Fatal(err)
	}
	return all, &log
}

// TestInsideTLS: in what TLS protects is found what is found without TLS,
// however it is cut.
func TestInsideTLS(t *testing.T) {
	open, _ := hear(conversation(), 1<<20)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		talk, secrets := sealed(t, conversation(), version)
		for _, n := range []int{1, 7, 1 << 20} {
			k, _ := hearWith(talk, n, secrets)
			for side := range 2 {
				in := k.Line(side).Inside()
				if in == nil {
					t.Fatalf("nothing is inside")
				}
				if got, want := units(in), units(open.Line(side)); got != want {
					t.Errorf("TLS %x, side %d, cut after %d bytes:\n%swant\n%s", version, side, n, got, want)
				}
			}
		}
	}
}

// TestOneKey: with the secrets of one direction alone, that one is read.
func TestOneKey(t *testing.T) {
	talk, secrets := sealed(t, conversation(), tls.VersionTLS13)
	text, _ := secrets.AppendText(nil)
	var some tlskeys.Log
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "SERVER") {
			if err := some.Read(strings.NewReader(line)); err != nil {
				t.Fatal(err)
			}
		}
	}
	k, _ := hearWith(talk, 1<<20, &some)
	if in := k.Line(0).Inside(); in != nil && in.Messages() > 0 {
		t.Error("what nobody has the key for is read")
	}
	in := k.Line(1).Inside()
	if in == nil || in.Messages() < 2 || in.Message(0).Proto != layers.HTTP {
		t.Fatal("what there is a key for is not read")
	}
}

// TestUntilClosed: a body that ends with the connection ends with TLS's word
// that it is closed, and is told of then.
func TestUntilClosed(t *testing.T) {
	talk, secrets := sealed(t, []said{{0, "HTTP/1.0 200 OK\r\n\r\nall"}, {0, " of it"}}, tls.VersionTLS13)
	k, frames := hearWith(talk, 1<<20, secrets)
	line := k.Line(0)
	var told []string
	for frame := uint32(1); frame <= frames; frame++ {
		for _, tale := range streams.Tales(line, streams.EndedIn(line, frame)) {
			for _, in := range tale.Within {
				told = append(told, string(line.Inside().Read(nil, in.Unit.Start, in.Unit.End)))
			}
		}
	}
	if len(told) != 1 || told[0] != "HTTP/1.0 200 OK\r\n\r\nall of it" {
		t.Errorf("told of %q", told)
	}
}

// FuzzInside: whatever both sides say, sealed or not, and whatever the secrets
// are, nothing panics, and units keep within their streams.
func FuzzInside(f *testing.F) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		talk, secrets := sealed(f, conversation(), version)
		keys, _ := secrets.AppendText(nil)
		var sides [2][]byte
		for _, s := range talk {
			sides[s.side] = append(sides[s.side], s.data...)
		}
		f.Add(sides[0], sides[1], keys, 100)
	}
	f.Fuzz(func(t *testing.T, one, other, keys []byte, n int) {
		var secrets tlskeys.Log
		_ = secrets.Read(bytes.NewReader(keys))
		k, frames := hearWith(inTurns(one, other, n), 1<<20, &secrets)
		for side := range 2 {
			check(t, k.Line(side), frames)
			if in := k.Line(side).Inside(); in != nil {
				check(t, in, frames)
			}
		}
	})
}

// TestLostRecord: where a part of a record is missing, those after it are still
// opened, and so is the message that begins in one of them.
func TestLostRecord(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		answer := said{1, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"}
		talk, secrets := sealed(t, []said{answer, answer, answer}, version)
		var all [2][]byte
		k := &streams.Memory{Bytes: func(side int, dst []byte, from, to int64) []byte { return append(dst, all[side][from:to]...) }}
		talker := streams.NewTalk([2]uint16{40000, 443}, secrets)
		last := 0
		for i, s := range talk {
			if s.side == 1 {
				last = i // the third answer
			}
		}
		answers := 0
		for i := last; answers < 3; i-- {
			if talk[i].side == 1 {
				if answers++; answers == 2 {
					talk[i].data = talk[i].data[:10] + strings.Repeat("\x00", len(talk[i].data)-11) + talk[i].data[len(talk[i].data)-1:]
					talk[i].side = 2 + 1
				}
			}
		}
		for i, s := range talk {
			side, b, frame := s.side&1, []byte(s.data), uint32(i+1)
			all[side] = append(all[side], b...)
			if s.side < 2 {
				talker.Feed(k, side, frame, b)
				continue
			}
			talker.Feed(k, side, frame, b[:10])
			talker.Miss(side, frame, int64(len(b)-11))
			talker.Feed(k, side, frame, b[len(b)-1:])
		}
		in := k.Line(1).Inside()
		if in.Messages() != 2 || in.Message(1).Lost || in.Message(1).Last == streams.NotYet {
			t.Errorf("TLS %x:\n%s", version, units(in))
		}
	}
}
