package tlskeys_test

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"io"
	"strings"
	"testing"

	"strata/layers/tlskeys"
)

func TestLogReads(t *testing.T) {
	random, other := strings.Repeat("0a", 32), strings.Repeat("FF", 32)
	var l tlskeys.Log
	err := l.Read(strings.NewReader("# made by a program\r\n\r\n" +
		"CLIENT_RANDOM " + random + " 0102\r\n" +
		"RSA 0011223344556677 0102\n" +
		"  SERVER_TRAFFIC_SECRET_0 " + other + "  03  \n" +
		"ECH_SECRET " + random + " 04\n" +
		"CLIENT_RANDOM " + random + " 05"))
	if err != nil || l.Len() != 3 {
		t.Fatalf("%d secrets, %v", l.Len(), err)
	}
	find := func(c byte, label string) []byte { return l.Find([32]byte(bytes.Repeat([]byte{c}, 32)), label) }
	if got := find(0x0a, tlskeys.MasterSecret); !bytes.Equal(got, []byte{5}) {
		t.Errorf("the later secret does not count: %x", got)
	}
	if got := find(0xff, tlskeys.ServerTrafficSecret); !bytes.Equal(got, []byte{3}) {
		t.Errorf("%x", got)
	}
	if got := find(0xff, tlskeys.MasterSecret); got != nil {
		t.Errorf("%x", got)
	}
	text, _ := l.AppendText(nil)
	want := "CLIENT_RANDOM " + random + " 05\nSERVER_TRAFFIC_SECRET_0 " + strings.ToLower(other) + " 03\nECH_SECRET " + random + " 04\n"
	if string(text) != want {
		t.Errorf("written back: %s", text)
	}
	if err := l.Read(bytes.NewReader(text)); err != nil || l.Len() != 3 {
		t.Errorf("read twice: %d secrets, %v", l.Len(), err)
	}
}

// TestLogSaysWhatIsWrong, and reads the lines around it.
func TestLogSaysWhatIsWrong(t *testing.T) {
	random := strings.Repeat("0a", 32)
	for line, want := range map[string]string{
		"CLIENT_RANDOM 0a 01":                                          "line 2: the line is no",
		"CLIENT_RANDOM " + random:                                      "line 2: the line is no",
		"CLIENT_RANDOM " + random + " 012":                             "line 2: the secret is not hex",
		"CLIENT_RANDOM x" + random[1:] + " 01":                         "line 2: the client's random",
		"client random " + random + " 01":                              "line 2: the line is no",
		"\x00\x01\x02":                                                 "line 2: the line is no",
		"CLIENT_RANDOM " + random + " " + strings.Repeat("0", 1100):    "line 2: the line is longer",
		"CLIENT_RANDOM " + random + " " + strings.Repeat("0", 1000000): "line 2: the line is longer",
	} {
		var l tlskeys.Log
		err := l.Read(strings.NewReader("CLIENT_RANDOM " + random + " 01\n" + line + "\nEXPORTER_SECRET " + random + " 02\n"))
		var at *tlskeys.LineError
		if !errors.As(err, &at) || at.Line != 2 || !strings.HasPrefix(err.Error(), want) || l.Len() != 2 {
			t.Errorf("%.80q: %d secrets, %v", line, l.Len(), err)
		}
	}
	var l tlskeys.Log
	if err := l.Read(strings.NewReader("# " + strings.Repeat("long ", 10000) + "\n")); err != nil {
		t.Error(err)
	}
	if err := l.Read(io.MultiReader(strings.NewReader("#"), brokenReader{})); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestLogIsBounded: however long a key log is.
func TestLogIsBounded(t *testing.T) {
	var l tlskeys.Log
	random, secret := make([]byte, 32), []byte{1}
	var err error
	for i := 0; err == nil && i < 1<<20+1; i++ {
		random[0], random[1], random[2] = byte(i), byte(i>>8), byte(i>>16)
		err = l.Add(tlskeys.MasterSecret, random, secret)
	}
	if err == nil || l.Len() != 1<<20 {
		t.Errorf("%d secrets, %v", l.Len(), err)
	}
}

func FuzzLog(f *testing.F) {
	f.Add([]byte("CLIENT_RANDOM " + strings.Repeat("0a", 32) + " 01\n# x\nRSA 0 0\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var l, again tlskeys.Log
		_ = l.Read(bytes.NewReader(text))
		written, _ := l.AppendText(nil)
		if err := again.Read(bytes.NewReader(written)); err != nil || again.Len() != l.Len() {
			t.Fatalf("%d secrets, read back %d, %v", l.Len(), again.Len(), err)
		}
	})
}

// TestTrafficSealsAndOpens: with every suite, padding, updated keys, and what
// must be refused.
func TestTrafficSealsAndOpens(t *testing.T) {
	for id := uint16(0x1301); id <= 0x1305; id++ {
		suite, ok := tlskeys.SuiteByID(id)
		if !ok {
			t.Fatalf("%x", id)
		}
		secret := make([]byte, suite.Hash().Size())
		_, _ = rand.Read(secret)
		a, b := tlskeys.NewTraffic(suite, secret), tlskeys.NewTraffic(suite, secret)
		for i, text := range []string{"", "x", strings.Repeat("long", 4096)} {
			record := a.Seal([]byte("before"), 22, []byte(text))[6:]
			if len(record) != len(text)+a.Overhead() {
				t.Errorf("%d bytes for %d", len(record), len(text))
			}
			kind, plain, err := b.Open([]byte("dst"), record)
			if err != nil || kind != 22 || string(plain) != text {
				t.Fatalf("%x, record %d: %d, %q, %v", id, i, kind, plain, err)
			}
			a.Update()
			b.Update()
		}
		refused := func(record []byte, want error) {
			t.Helper()
			if _, _, err := b.Open(nil, record); !errors.Is(err, want) {
				t.Errorf("%x: %v, not %v", id, err, want)
			}
		}
		flipped := a.Seal(nil, 23, []byte("text"))
		flipped[7] ^= 1
		refused(flipped, tlskeys.ErrMAC)
		b.Skip()
		refused(a.Seal(nil, 0, []byte{0, 0}), tlskeys.ErrUnexpected)
		refused(a.Seal(nil, 23, make([]byte, 1<<14+1)), tlskeys.ErrOverflow)
		refused(a.Seal(nil, 23, make([]byte, 1<<14+300)), tlskeys.ErrOverflow)
		b.Skip()
		refused(a.Seal(nil, 23, []byte("text"))[:9], tlskeys.ErrLength)
		b.Skip()
		if kind, plain, err := b.Open(nil, a.Seal(nil, 23, []byte("text\x17\x00\x00"))); err != nil || kind != 23 || string(plain) != "text\x17\x00\x00" {
			t.Errorf("%x: after what was refused: %d, %q, %v", id, kind, plain, err)
		}
	}
}

// FuzzOpener: whatever records say, nothing breaks, and memory stays bounded.
func FuzzOpener(f *testing.F) {
	random := strings.Repeat("\x07", 32)
	record := func(kind byte, body string) string {
		return string([]byte{kind, 3, 3, byte(len(body) >> 8), byte(len(body))}) + body
	}
	hello := func(kind byte, rest string) string {
		body := "\x03\x03" + random + "\x00" + rest
		return record(22, string([]byte{kind, 0, 0, byte(len(body))})+body)
	}
	for _, suite := range []string{"\x13\x01", "\xc0\x2f", "\x00\x2f", "\x00\x05", "\xcc\xa8", "\xc0\x9c", "\x00\x02"} {
		extension := ""
		if suite[0] == 0x13 {
			extension = "\x00\x06\x00\x2b\x00\x02\x03\x04"
		}
		f.Add([]byte(hello(1, "\x00\x02"+suite+"\x01\x00\x00\x04\x00\x2a\x00\x00")), []byte(hello(2, suite+"\x00"+extension)+record(20, "\x01")+record(23, "some bytes")+record(22, random)))
	}
	f.Fuzz(func(t *testing.T, client, server []byte) {
		var l tlskeys.Log
		for _, label := range []string{tlskeys.MasterSecret, tlskeys.ClientEarlySecret, tlskeys.ServerHandshakeSecret, tlskeys.ServerTrafficSecret, tlskeys.ClientTrafficSecret} {
			_ = l.Add(label, []byte(random), []byte(random))
		}
		o := tlskeys.NewOpener(&l)
		for from, b := range [][]byte{client, server, client} {
			for len(b) >= 5 {
				n := min(len(b), 5+int(b[3])<<8+int(b[4]))
				got, protected := o.Record(nil, from&1, b[:n])
				if len(got.Data) > n || !protected && got.Data != nil {
					t.Fatalf("%d bytes of %d", len(got.Data), n)
				}
				b = b[n:]
			}
		}
	})
}

// TestFlippedRecord: it stays closed, and those after it do not.
func TestFlippedRecord(t *testing.T) {
	ec := newPair(t)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		w, log := library(t, &tls.Config{Certificates: []tls.Certificate{ec}, MaxVersion: version}, &tls.Config{})
		whole := w.open(log)
		for i := len(w.written) - 1; i > 0; i-- { // the last long one
			if b := w.written[i]; w.from[i] == tlskeys.Client && len(b) > 1000 {
				b[len(b)-1] ^= 1
				break
			}
		}
		got := w.open(log)
		if got.closed != 1 || len(got.text[0]) >= len(whole.text[0]) || got.text[1] != whole.text[1] || got.alerts != whole.alerts {
			t.Errorf("%x: %d closed, %d of %d bytes, %d alerts", version, got.closed, len(got.text[0]), len(whole.text[0]), got.alerts)
		}
	}
}
