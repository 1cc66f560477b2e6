package capture

import (
	"bytes"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"strata/layers"
	"strata/trace"
	"strata/trace/tracetest"
)

var ownCaptures = []string{"http.pcap", "streams.pcap", "loopback.pcap", "dns.pcapng", "records.pcapng", "ping.pcap", "refused.pcap"}

func openOwn(t testing.TB, name string) *File {
	t.Helper()
	f, err := Open(filepath.Join("../testdata", name), nil)
	if err == nil {
		f.Wait(math.MaxInt)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// TestReplay walks every step of our own captures, both ways. What gopacket
// finds in their frames is what the walk over the tables finds.
func TestReplay(t *testing.T) {
	for _, name := range ownCaptures {
		t.Run(name, func(t *testing.T) {
			f := openOwn(t, name)
			if f.Progress().Damage != nil || f.Frames() == 0 {
				t.Fatalf("%d frames, damage %v", f.Frames(), f.Progress().Damage)
			}
			walkAll(t, f)
			checkLineage(t, f)
			for n := range f.Frames() {
				if !f.view(n).agrees {
					t.Errorf("frame %d: gopacket finds other headers", n+1)
				}
			}
		})
	}
}

// messages lists what was delivered, by frame.
func delivered(f *File) []string {
	var out []string
	for n := trace.EventID(1); int(n) <= f.Events(); n++ {
		e := f.Event(n)
		if e.Kind != trace.Deliver {
			continue
		}
		b := f.Append(nil, e.PDU, 0, 1<<20)
		first, _, _ := strings.Cut(string(b), "\r\n")
		if f.PDU(e.PDU).Proto != layers.HTTP {
			first = f.PDU(e.PDU).Proto.String()
		}
		out = append(out, fmt.Sprintf("%d %s %d", f.FrameOf(n)+1, first, len(b)))
	}
	return out
}

// TestHTTPMessages finds every request and response of a real conversation:
// bodies with a length, in chunks, and none after HEAD.
func TestHTTPMessages(t *testing.T) {
	f := openOwn(t, "http.pcap")
	var got []string
	for _, m := range delivered(f) {
		got = append(got, strings.SplitN(m, " ", 2)[1])
	}
	body := 0
	for _, line := range got {
		var n int
		if fmt.Sscanf(line, "HTTP/1.1 200 OK %d", &n); n > 18000 {
			body++
		}
	}
	starts := []string{
		"GET / HTTP/1.1 73", "HTTP/1.1 200 OK", "GET /long.txt HTTP/1.1 81", "HTTP/1.1 200 OK 18",
		"GET /missing HTTP/1.1 80", "HTTP/1.1 404 Not Found", "HEAD / HTTP/1.1 74", "HTTP/1.1 200 OK 236",
		"GET /made.shtml HTTP/1.1 83", "HTTP/1.1 200 OK 188", "POST / HTTP/1.1 153", "HTTP/1.1 405 Not Allowed",
	}
	if len(got) != len(starts) || body != 1 {
		t.Fatalf("delivered %d messages, %d long ones:\n%s", len(got), body, strings.Join(got, "\n"))
	}
	for i, want := range starts {
		if !strings.HasPrefix(got[i], want) {
			t.Errorf("message %d: %s, want %s", i+1, got[i], want)
		}
	}
}

// TestByteJourney follows one byte of a message that took many segments to
// the frame that brought it, and from the sender's stream to all that hold it.
func TestByteJourney(t *testing.T) {
	f := openOwn(t, "http.pcap")
	var deliver trace.EventID
	for n := trace.EventID(1); int(n) <= f.Events(); n++ {
		if e := f.Event(n); e.Kind == trace.Deliver && f.Size(e.PDU) > 18000 {
			deliver = n
		}
	}
	p := trace.Place{PDU: f.Event(deliver).PDU, Off: 10000}
	want := f.Append(nil, p.PDU, p.Off, 1)
	var protos []string
	for _, o := range trace.Origins(f, p) {
		protos = append(protos, f.PDU(o.PDU).Proto.String())
		if got := f.Append(nil, o.PDU, o.Off, 1); !bytes.Equal(got, want) {
			t.Errorf("%v holds %q, want %q", o, got, want)
		}
	}
	if got := strings.Join(protos, " < "); got != "HTTP < stream < TCP < stream" {
		t.Errorf("the byte's origins: %s", got)
	}
	protos = nil
	for _, c := range tracetest.Everywhere(f, p) {
		protos = append(protos, f.PDU(c.PDU).Proto.String())
		if got := f.Append(nil, c.PDU, c.Off, 1); !bytes.Equal(got, want) {
			t.Errorf("%v holds %q, want %q", c, got, want)
		}
	}
	if got := strings.Join(protos, " "); got != "stream TCP HTTP IPv4 stream Ethernet HTTP" {
		t.Errorf("the byte is in: %s", got)
	}
}

// steps writes a frame's steps as trace's package comment has them.
func steps(f *File, n int) string {
	var out []string
	for _, id := range f.Steps(n) {
		e := f.Event(id)
		out = append(out, fmt.Sprintf("%v %s %v", e.Kind, e.Layer.Tag(), e.Proto))
	}
	return strings.Join(out, ", ")
}

func TestSteps(t *testing.T) {
	for _, c := range []struct {
		file  string
		frame int
		want  string
	}{
		{"ping.pcap", 1, "encapsulate N3 ARP, encapsulate L2 Ethernet, transmit P1 wire, arrive P1 wire, decapsulate L2 Ethernet, decapsulate N3 ARP"},
		{"ping.pcap", 7, "encapsulate N3 ICMP, fragment N3 IPv4, encapsulate L2 Ethernet, transmit P1 wire, arrive P1 wire, decapsulate L2 Ethernet, decapsulate N3 IPv4"},
		{"ping.pcap", 9, "fragment N3 IPv4, encapsulate L2 Ethernet, transmit P1 wire, arrive P1 wire, decapsulate L2 Ethernet, decapsulate N3 IPv4, reassemble N3 IPv4, decapsulate N3 ICMP"},
		{"dns.pcapng", 1, "send A7 message, write S5 connection, encapsulate T4 UDP, encapsulate N3 IPv4, encapsulate L2 Ethernet, transmit P1 wire, arrive P1 wire, decapsulate L2 Ethernet, decapsulate N3 IPv4, decapsulate T4 UDP, read S5 connection, deliver A7 message"},
		{"http.pcap", 4, "send A7 message, encode P6 UTF-8, write S5 connection, segment T4 TCP, encapsulate N3 IPv4, encapsulate L2 Ethernet, transmit P1 wire, arrive P1 wire, decapsulate L2 Ethernet, decapsulate N3 IPv4, decapsulate T4 TCP, read S5 connection, decode P6 UTF-8, deliver A7 message"},
		{"http.pcap", 1, "segment T4 TCP, encapsulate N3 IPv4, encapsulate L2 Ethernet, transmit P1 wire, arrive P1 wire, decapsulate L2 Ethernet, decapsulate N3 IPv4, decapsulate T4 TCP"},
	} {
		f := openOwn(t, c.file)
		if got := steps(f, c.frame-1); got != c.want {
			t.Errorf("%s, frame %d:\n got %s\nwant %s", c.file, c.frame, got, c.want)
		}
	}
}

// TestFragments: four echoes of 4008 bytes, each whole with its third fragment.
func TestFragments(t *testing.T) {
	f := openOwn(t, "ping.pcap")
	whole := 0
	for n := trace.EventID(1); int(n) <= f.Events(); n++ {
		e := f.Event(n)
		if e.Kind != trace.Reassemble {
			continue
		}
		whole++
		b := f.Append(nil, e.PDU, 0, 1<<16)
		if len(b) != 4008 || layers.Checksum(layers.Sum(b, 0)) != 0 {
			t.Errorf("event %d: %d bytes, ICMP checksum %04x", n, len(b), layers.Checksum(layers.Sum(b, 0)))
		}
		if spans := f.Parents(e.PDU); len(spans) != 3 || spans[2].At != 2960 {
			t.Errorf("event %d: parents %v", n, spans)
		}
	}
	if whole != 4 {
		t.Errorf("%d packets reassembled, want 4", whole)
	}
}

// TestFramesAlone: what a list of frames needs does not decode any.
func TestFramesAlone(t *testing.T) {
	f := openOwn(t, "http.pcap")
	for n := range f.Frames() {
		f.Frame(n)
		f.Steps(n)
		f.FrameOf(trace.EventID(f.Events() - n))
	}
	if len(f.views.byFrame) != 0 {
		t.Errorf("%d frames were looked at", len(f.views.byFrame))
	}
}
