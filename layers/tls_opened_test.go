package layers_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"strata/layers"
)

// secretTalk lets a client and a server of Go's library speak by turns: each
// of the texts is one write, those of the server begin with '<'. It gives the
// key log, too.
func secretTalk(t *testing.T, server, client *tls.Config, texts ...string) ([]segment, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	a, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	b, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	var keys bytes.Buffer
	client.KeyLogWriter, client.InsecureSkipVerify = &keys, true
	var segments []segment
	var lock sync.Mutex
	c, s := tls.Client(wiretap{a, false, &lock, &segments}, client), tls.Server(wiretap{b, true, &lock, &segments}, server)
	done := make(chan error, 1)
	go func() { done <- s.Handshake() }()
	if err := c.Handshake(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		from, to := c, s
		if back, found := strings.CutPrefix(text, "<"); found {
			text, from, to = back, s, c
		}
		go func() { _, _ = io.WriteString(from, text) }()
		if _, err := io.ReadFull(to, make([]byte, len(text))); err != nil {
			t.Fatal(err)
		}
	}
	_ = c.Close()
	_, _ = io.Copy(io.Discard, s)
	_ = s.Close()
	return segments, keys.String()
}

// secretFrames are the frames of conversations, each with sequence numbers.
func secretFrames(conversations []conversation) (frames [][]byte) {
	for n, c := range conversations {
		next := [2]uint32{1000, 5000}
		for _, s := range c.segments {
			frame := s.frame(n, c.port)
			me := 0
			if s.back {
				me = 1
			}
			binary.BigEndian.PutUint32(frame[38:], next[me])
			binary.BigEndian.PutUint32(frame[42:], next[1-me])
			next[me] += uint32(len(s.data))
			h := layers.TCPHeader(frame[34:])
			pseudo := layers.PseudoHeader(binary.BigEndian.Uint32(frame[26:]), binary.BigEndian.Uint32(frame[30:]), layers.ProtocolTCP, len(h))
			h.SetChecksum(layers.Sum(s.data, pseudo))
			frames = append(frames, frame)
		}
	}
	return frames
}

func TestScratch(t *testing.T) {
	plain := pairFor(t)
	var conversations []conversation
	keys := ""
	large := strings.Repeat("0123456789abcdef", 2000)
	for _, v := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		segments, k := secretTalk(t, &tls.Config{Certificates: []tls.Certificate{plain}, MaxVersion: v, NextProtos: []string{"http/1.1"}}, &tls.Config{NextProtos: []string{"http/1.1"}},
			"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "<HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
			"POST / HTTP/1.1\r\nHost: a\r\nContent-Le", "ngth: 5\r\n\r\nhello", "<HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "<hello",
			"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "<HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "+fmt.Sprint(len(large))+"\r\n\r\n"+large)
		conversations = append(conversations, conversation{443, segments})
		keys += k
		segments, k = secretTalk(t, &tls.Config{Certificates: []tls.Certificate{plain}, MaxVersion: v}, &tls.Config{}, "hello", "<world")
		conversations = append(conversations, conversation{4433, segments})
		keys += k
	}
	dir := "/tmp/h1/dec"
	os.WriteFile(filepath.Join(dir, "keys"), []byte(keys), 0o600)
	b, _ := os.ReadFile(writeCapture(t, secretFrames(conversations)))
	os.WriteFile(filepath.Join(dir, "a.pcap"), b, 0o600)
}

func pairFor(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return pair(t, key, key.Public(), &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "small"}, NotAfter: time.Now().AddDate(1, 0, 0)})
}
