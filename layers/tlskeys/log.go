// Package tlskeys opens what TLS has protected, with secrets that one of the
// two sides has told.
//
//	key log ──> Log ─┐ by the client's random
//	records ────> Opener: hellos ─> randoms, version, suite ─> keys ─> content type and plaintext
//
// The key schedules are here, too: those of TLS 1.3 serve whoever speaks it.
// It reads TLS 1.0 to 1.3 with AES (GCM, CCM, CBC), ChaCha20, Triple DES, DES
// and RC4, and suites that do not encrypt; Camellia, ARIA and national ciphers
// have no implementation in Go's libraries, and stay closed.
package tlskeys

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Labels of the secrets in a key log (RFC 9850 section 2).
const (
	MasterSecret          = "CLIENT_RANDOM" // of TLS 1.2 and older
	ClientEarlySecret     = "CLIENT_EARLY_TRAFFIC_SECRET"
	ClientHandshakeSecret = "CLIENT_HANDSHAKE_TRAFFIC_SECRET"
	ServerHandshakeSecret = "SERVER_HANDSHAKE_TRAFFIC_SECRET"
	ClientTrafficSecret   = "CLIENT_TRAFFIC_SECRET_0"
	ServerTrafficSecret   = "SERVER_TRAFFIC_SECRET_0"
	ExporterSecret        = "EXPORTER_SECRET"
)

const (
	randomSize = 32
	maxLabel   = 64  // bytes
	maxSecret  = 512 // bytes
	maxLine    = maxLabel + 2*randomSize + 2*maxSecret + 4
	maxSecrets = 1 << 20 // in a log

	errTooMany = "there are more than a million secrets: the rest is left out"
	errLong    = "the line is longer than one of a key log can be"
	errShape   = "the line is no \"LABEL CLIENT-RANDOM SECRET\", with 64 hexadecimal digits for the random"
)

// Log holds the secrets of sessions, found by the random in their Client
// Hello. The zero value is empty. It may be asked from several goroutines as
// long as nobody adds to it.
type Log struct {
	lines []line
	first map[[randomSize]byte]int // of the lines of a session
}

// line is a line of a key log.
type line struct {
	label  string
	random [randomSize]byte
	secret []byte
	next   int // the next line of the session; 0: none
}

// LineError is what is wrong with a line of a key log.
type LineError struct {
	Line int // from 1
	Text string
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Text) }

// Len is how many secrets there are.
func (l *Log) Len() int { return len(l.lines) }

// Add takes a secret in, a copy of it; of the same label and random, the later
// one counts.
func (l *Log) Add(label string, clientRandom, secret []byte) error {
	if len(clientRandom) != randomSize || len(secret) == 0 || len(secret) > maxSecret || !isLabel(label) {
		return errors.New(errShape)
	}
	random := [randomSize]byte(clientRandom)
	at, known := l.first[random]
	for known {
		if l.lines[at].label == label {
			l.lines[at].secret = bytes.Clone(secret)
			return nil
		}
		if l.lines[at].next == 0 {
			break
		}
		at = l.lines[at].next
	}
	switch {
	case len(l.lines) >= maxSecrets:
		return errors.New(errTooMany)
	case known:
		l.lines[at].next = len(l.lines)
	case l.first == nil:
		l.first = map[[randomSize]byte]int{random: len(l.lines)}
	default:
		l.first[random] = len(l.lines)
	}
	l.lines = append(l.lines, line{label: interned(label), random: random, secret: bytes.Clone(secret)})
	return nil
}

var labels = []string{MasterSecret, ClientEarlySecret, ClientHandshakeSecret, ServerHandshakeSecret, ClientTrafficSecret, ServerTrafficSecret, ExporterSecret}

// interned is the label without memory of its own, if it is one of the known.
func interned(label string) string {
	if i := slices.Index(labels, label); i >= 0 {
		return labels[i]
	}
	return label
}

func isLabel(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return len(s) > 0 && len(s) <= maxLabel
}

// Find gives a secret of the session with a client's random; nil: it is not
// there. It must not be changed.
func (l *Log) Find(clientRandom [randomSize]byte, label string) []byte {
	if l == nil {
		return nil
	}
	at, known := l.first[clientRandom]
	for known {
		if l.lines[at].label == label {
			return l.lines[at].secret
		}
		at = l.lines[at].next
		known = at != 0
	}
	return nil
}

// Read adds the secrets of a key log. Secrets of kinds that nobody here uses
// are kept, too; empty lines and comments are passed over, and so are lines
// "RSA …", which name secrets by something else than a random. What cannot be
// read does not keep the lines after it from being read: the error is a
// *LineError about the first of them, or the reader's own.
func (l *Log) Read(r io.Reader) error {
	var first error
	in := bufio.NewReaderSize(r, maxLine)
	for n := 1; ; n++ {
		b, err := in.ReadSlice('\n')
		text := l.line(bytes.TrimSpace(b))
		if errors.Is(err, bufio.ErrBufferFull) {
			text = ""
			if b[0] != '#' {
				text = errLong
			}
			err = skipLine(in)
		}
		if text != "" && first == nil {
			first = &LineError{n, text}
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				return first
			}
			return err
		}
		if text == errTooMany {
			return first
		}
	}
}

func skipLine(in *bufio.Reader) error {
	for {
		if _, err := in.ReadSlice('\n'); !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// line takes a line in; it says what is wrong with it.
func (l *Log) line(b []byte) string {
	if len(b) == 0 || b[0] == '#' || bytes.HasPrefix(b, []byte("RSA ")) {
		return ""
	}
	label, rest, _ := bytes.Cut(b, []byte(" "))
	random, secret, _ := bytes.Cut(bytes.TrimSpace(rest), []byte(" "))
	secret = bytes.TrimSpace(secret)
	if len(secret) > 2*maxSecret {
		return errLong
	}
	var bin [randomSize + maxSecret]byte
	if len(random) != 2*randomSize {
		return errShape
	}
	if _, err := hex.Decode(bin[:], random); err != nil {
		return "the client's random is not hexadecimal"
	}
	n, err := hex.Decode(bin[randomSize:], secret)
	if err != nil {
		return "the secret is not hexadecimal"
	}
	if err := l.Add(string(label), bin[:randomSize], bin[randomSize:randomSize+n]); err != nil {
		return err.Error()
	}
	return ""
}

// AppendText writes the secrets as a key log, in the order in which they came.
func (l *Log) AppendText(b []byte) ([]byte, error) {
	b = slices.Grow(b, len(l.lines)*(len(ClientHandshakeSecret)+2*randomSize+2*48+3))
	for i := range l.lines {
		b = append(append(b, l.lines[i].label...), ' ')
		b = append(hex.AppendEncode(b, l.lines[i].random[:]), ' ')
		b = append(hex.AppendEncode(b, l.lines[i].secret), '\n')
	}
	return b, nil
}
