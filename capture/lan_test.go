package capture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/google/gopacket"
	gp "github.com/google/gopacket/layers"

	"strata/layers"
	"strata/trace"
)

// A lan makes frames between two hosts with gopacket, for conversations that
// are hard to come by on a real one.
type lan struct {
	frames [][]byte
	vlan   uint16
	port   uint16 // of A; 0: 40000
	to     uint16 // of B; 0: 80
	window uint16 // of the segments that follow; 0: the largest, unless it is closed
	closed bool
	pause  uint64 // between frames, µs; 0: 1000
}

var (
	hostA = net.IPv4(192, 0, 2, 1).To4()
	hostB = net.IPv4(192, 0, 2, 2).To4()
)

func (l *lan) put(kind gp.EthernetType, above ...gopacket.SerializableLayer) {
	eth := &gp.Ethernet{SrcMAC: net.HardwareAddr{2, 0, 0, 0, 0, 1}, DstMAC: net.HardwareAddr{2, 0, 0, 0, 0, 2}, EthernetType: kind}
	all := []gopacket.SerializableLayer{eth}
	if l.vlan > 0 {
		eth.EthernetType = gp.EthernetTypeDot1Q
		all = append(all, &gp.Dot1Q{VLANIdentifier: l.vlan, Type: kind})
	}
	b := gopacket.NewSerializeBuffer()
	o := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	if err := gopacket.SerializeLayers(b, o, append(all, above...)...); err != nil {
		panic(err)
	}
	l.frames = append(l.frames, bytes.Clone(b.Bytes()))
}

// tcp sends a segment: from A to B if fromA, else back.
func (l *lan) tcp(fromA bool, seq, ack uint32, flags string, payload string) {
	ip := &gp.IPv4{Version: 4, TTL: 64, Protocol: gp.IPProtocolTCP, SrcIP: hostA, DstIP: hostB}
	t := &gp.TCP{
		SrcPort: gp.TCPPort(l.port), DstPort: 80, Seq: seq, Ack: ack, Window: l.window,
		SYN: strings.Contains(flags, "S"), ACK: strings.Contains(flags, "A"), FIN: strings.Contains(flags, "F"),
	}
	if l.port == 0 {
		t.SrcPort = 40000
	}
	if l.to > 0 {
		t.DstPort = gp.TCPPort(l.to)
	}
	if !l.closed && l.window == 0 {
		t.Window = 65535
	}
	if !fromA {
		ip.SrcIP, ip.DstIP, t.SrcPort, t.DstPort = hostB, hostA, t.DstPort, t.SrcPort
	}
	if err := t.SetNetworkLayerForChecksum(ip); err != nil {
		panic(err)
	}
	l.put(gp.EthernetTypeIPv4, ip, t, gopacket.Payload(payload))
}

// fragment sends a piece of an IP packet with a UDP datagram in it.
func (l *lan) fragment(id uint16, off int, more bool, payload []byte) {
	ip := &gp.IPv4{Version: 4, TTL: 64, Protocol: gp.IPProtocolUDP, SrcIP: hostA, DstIP: hostB, Id: id, FragOffset: uint16(off / 8)}
	if more {
		ip.Flags = gp.IPv4MoreFragments
	}
	l.put(gp.EthernetTypeIPv4, ip, gopacket.Payload(payload))
}

// file writes the frames as pcapng.
func (l *lan) file() []byte {
	o := byteOrder(binary.LittleEndian)
	b := append(sectionBlock(o), interfaceBlock(o)...)
	for i, f := range l.frames {
		b = append(b, enhancedBlock(o, 0, uint64(i)*max(l.pause, 1000), f)...)
	}
	return b
}

// lanFile has a tag, fragments out of order, a lost and a resent segment, and
// what is no Internet protocol.
func lanFile() []byte {
	l := &lan{vlan: 7}
	l.tcp(true, 99, 0, "S", "")
	l.tcp(false, 999, 100, "SA", "")
	l.tcp(true, 100, 1000, "A", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n")
	l.tcp(true, 141, 1000, "A", "456")
	l.tcp(true, 138, 1000, "A", "123")
	l.tcp(true, 138, 1000, "A", "123")
	l.tcp(true, 144, 1000, "A", "789")
	l.vlan = 0
	datagram := make([]byte, 40)
	copy(datagram, []byte{0, 9, 0, 7, 0, 40, 0, 0})
	l.fragment(5, 24, false, datagram[24:])
	l.fragment(5, 0, true, datagram[:24])
	l.put(0x88b5, gopacket.Payload("something else"))
	return l.file()
}

func open(t *testing.T, l *lan) *File {
	f := openBytes(t, "lan.pcapng", l.file())
	walkAll(t, f)
	checkLineage(t, f)
	return f
}

// TestReordered: a message is whole with the frame that fills the last gap.
func TestReordered(t *testing.T) {
	l := &lan{}
	l.tcp(true, 99, 0, "S", "")
	l.tcp(false, 999, 100, "SA", "")
	l.tcp(true, 100, 1000, "A", "GET / HTTP/1.1\r\n")
	l.tcp(true, 132, 1000, "A", "\r\nGET /2 HT")
	l.tcp(true, 116, 1000, "A", "Host: an.example")
	l.tcp(true, 142, 1000, "A", "TP/1.1\r\n\r\n")
	f := open(t, l)
	want := []string{"5 GET / HTTP/1.1 36", "6 GET /2 HTTP/1.1 18"}
	// The head's second line has no end of its own: "…example" + "\r\n".
	if got := delivered(f); len(got) != 1 || got[0] != "6 GET / HTTP/1.1 52" {
		if !slices.Equal(got, want) {
			t.Errorf("delivered %q", got)
		}
	}
	if got := steps(f, 4); !strings.Contains(got, "reassemble T4 TCP") {
		t.Errorf("frame 5: %s", got)
	}
}

// TestResent: what was seen before is marked as sent again, what fills a gap
// is not, nor is a keep-alive.
func TestResent(t *testing.T) {
	l := &lan{}
	l.tcp(true, 99, 0, "S", "")
	l.tcp(true, 99, 0, "S", "") // again
	l.tcp(false, 999, 100, "SA", "")
	l.tcp(true, 100, 1000, "A", "one")
	l.tcp(true, 106, 1000, "A", "three")
	l.tcp(true, 103, 1000, "A", "two")   // fills the gap
	l.tcp(true, 103, 1000, "A", "two")   // again
	l.tcp(true, 106, 1000, "A", "three") // again
	l.tcp(false, 1000, 111, "A", "")
	l.tcp(true, 110, 1000, "A", "e") // keep-alive
	l.tcp(true, 111, 1000, "AF", "")
	l.tcp(true, 111, 1000, "AF", "") // again
	f := open(t, l)
	var again []int
	for n := range f.Frames() {
		if f.Frame(n).Resent {
			again = append(again, n+1)
		}
	}
	if want := []int{2, 7, 8, 12}; !slices.Equal(again, want) {
		t.Errorf("sent again: frames %v, want %v", again, want)
	}
	if b := f.Append(nil, receivedPDU(0), 0, 100); string(b) != "onetwothree" {
		t.Errorf("the stream is %q", b)
	}
	if n := len(f.Children(sentPDU(0))); n != 6 {
		t.Errorf("%d segments carry the stream, want 6", n)
	}
}

// TestWrap follows a stream whose sequence numbers pass 2^32.
func TestWrap(t *testing.T) {
	l := &lan{}
	const first = 1<<32 - 10
	l.tcp(true, first-1, 0, "S", "")
	l.tcp(true, first, 1, "A", "0123456789")
	l.tcp(true, 0, 1, "A", "abcdef")
	l.tcp(true, first, 1, "A", "0123456789")
	f := open(t, l)
	if b := f.Append(nil, receivedPDU(0), 0, 100); string(b) != "0123456789abcdef" {
		t.Errorf("the stream is %q", b)
	}
	if !f.Frame(3).Resent || f.Frame(2).Resent {
		t.Error("only frame 4 was sent again")
	}
}

// TestMissed: bytes that the receiver acknowledged but the capture missed do
// not hold up the stream, and the message after them is found.
func TestMissed(t *testing.T) {
	l := &lan{}
	l.tcp(true, 99, 0, "S", "")
	l.tcp(true, 100, 1, "A", "GET /1 HTTP/1.1\r\n")
	l.tcp(false, 1, 300, "A", "")
	l.tcp(true, 200, 1, "A", "GET /2 HTTP/1.1\r\n\r\n")
	f := open(t, l)
	if got := delivered(f); len(got) != 1 || got[0] != "4 GET /2 HTTP/1.1 19" {
		t.Errorf("delivered %q", got)
	}
}

// TestPortReused: a SYN with another number opens another stream.
func TestPortReused(t *testing.T) {
	l := &lan{}
	for i := range uint32(2) {
		l.tcp(true, 99+i*5000, 0, "S", "")
		l.tcp(true, 100+i*5000, 1, "AF", fmt.Sprintf("GET /%d HTTP/1.1\r\n\r\n", i))
	}
	f := open(t, l)
	if got := delivered(f); len(got) != 2 || f.asms.n() != 2 {
		t.Errorf("%d streams, delivered %q", f.asms.n(), got)
	}
}

// TestPipelined: as many messages in one frame as fit.
func TestPipelined(t *testing.T) {
	l := &lan{}
	const get = "GET / HTTP/1.1\r\n\r\n"
	l.tcp(true, 99, 0, "S", "")
	l.tcp(true, 100, 1, "A", strings.Repeat(get, 60)+"GET /last HT")
	l.tcp(true, 100+60*uint32(len(get))+12, 1, "A", "TP/1.1\r\n\r\n"+get)
	f := open(t, l)
	if got := delivered(f); len(got) != 62 {
		t.Errorf("%d messages delivered, want 62: %q", len(got), got)
	}
}

// TestUntilClose: a body without a length lasts until the FIN.
func TestUntilClose(t *testing.T) {
	l := &lan{}
	l.tcp(false, 99, 0, "S", "")
	l.tcp(false, 100, 1, "A", "HTTP/1.0 200 OK\r\n\r\nsome")
	l.tcp(false, 123, 1, "A", " text")
	l.tcp(false, 128, 1, "AF", "")
	f := open(t, l)
	if got := delivered(f); len(got) != 1 || got[0] != "4 HTTP/1.0 200 OK 28" {
		t.Errorf("delivered %q", got)
	}
}

// TestFragmentsReordered: the last fragment first, one twice, then the first.
func TestFragmentsReordered(t *testing.T) {
	datagram := make([]byte, 60)
	copy(datagram, []byte{0x9c, 0x40, 0, 7, 0, 60, 0, 0})
	copy(datagram[8:], "a message that is cut into three pieces of a packet.")
	l := &lan{}
	l.fragment(9, 48, false, datagram[48:])
	l.fragment(9, 24, true, datagram[24:48])
	l.fragment(9, 24, true, datagram[24:48])
	l.fragment(9, 0, true, datagram[:24])
	l.fragment(9, 0, true, datagram[:24]) // belongs to another packet
	f := open(t, l)
	if got := steps(f, 3); !strings.HasSuffix(got, "reassemble N3 IPv4, decapsulate T4 UDP, read S5 connection, deliver A7 message") {
		t.Errorf("frame 4: %s", got)
	}
	last := f.Event(f.Steps(3)[len(f.Steps(3))-1])
	if got := f.Append(nil, last.PDU, 0, 100); last.Kind != trace.Deliver || !bytes.Equal(got, datagram[8:]) {
		t.Errorf("delivered %q", got)
	}
	if f.asms.n() != 2 {
		t.Errorf("%d packets", f.asms.n())
	}
}

// TestEveryReason: each reason of captures is reached by some capture here.
func TestEveryReason(t *testing.T) {
	files := []*File{openBytes(t, "lan.pcapng", lanFile())}
	for _, name := range ownCaptures {
		files = append(files, openOwn(t, name))
	}
	l := &lan{}
	l.tcp(true, 99, 0, "S", "")
	l.tcp(true, 99, 0, "S", "")
	l.tcp(true, 100, 0, "A", "GET /")
	l.put(gp.EthernetTypeIPv4, &gp.IPv4{Version: 4, TTL: 1, Protocol: gp.IPProtocolGRE, SrcIP: hostA, DstIP: hostB, Flags: gp.IPv4MoreFragments}, gopacket.Payload("12345678"))
	odd := &lan{port: 5000}
	odd.tcp(true, 99, 0, "S", "")
	odd.tcp(false, 999, 100, "SA", "")
	odd.tcp(true, 100, 1000, "A", "")
	for i := range 9 {
		odd.tcp(true, 100+uint32(i)*10, 1000, "A", "0123456789")
	}
	odd.tcp(false, 1000, 110, "A", "")
	for range 4 {
		odd.tcp(false, 1000, 110, "A", "") // duplicates
	}
	odd.tcp(true, 110, 1000, "A", "0123456789") // fast retransmission
	odd.window = 20
	odd.tcp(false, 1000, 190, "A", "")
	odd.tcp(true, 190, 1000, "A", "01234567890123456789") // window full
	odd.tcp(true, 100, 1000, "A", "0123456789")           // spurious
	odd.window = 30
	odd.tcp(false, 1000, 190, "A", "") // window update
	odd.window, odd.closed = 0, true
	odd.tcp(false, 1000, 210, "A", "") // zero window
	odd.window = 500
	odd.tcp(true, 210, 1000, "A", "x") // probe
	odd.window = 0
	odd.tcp(false, 1000, 210, "A", "") // its answer
	odd.window = 500
	odd.tcp(false, 1000, 210, "A", "")
	odd.tcp(true, 209, 1000, "A", "") // keep-alive
	odd.tcp(false, 1000, 210, "A", "")
	odd.tcp(true, 240, 1000, "A", "0123456789") // a gap before it
	odd.tcp(true, 210, 1000, "A", "0123456789") // overtaken
	odd.tcp(false, 1000, 500, "A", "")          // of what was not seen
	odd.tcp(true, 70000, 0, "S", "")            // the ports again
	late := &lan{port: 6000, pause: 1_000_000}
	late.tcp(true, 99, 0, "S", "")
	late.tcp(false, 999, 100, "SA", "")
	late.tcp(true, 100, 1000, "A", "0123456789")
	late.tcp(true, 110, 1000, "A", "0123456789")
	late.tcp(true, 100, 1000, "A", "0123456789")
	files = append(files, openBytes(t, "odd.pcapng", odd.file()), openBytes(t, "late.pcapng", late.file()))
	other := pcapFile(binary.LittleEndian, false, 60)
	other[20] = 113
	radio := pcapFile(binary.LittleEndian, false, 60)
	radio[20] = 127
	copy(radio[40:], []byte{0, 0, 8, 0, 0, 0, 0, 0, 8, 0}) // no fields, then a data frame
	files = append(files, openBytes(t, "lan.pcapng", l.file()), openBytes(t, "other.pcap", other), openBytes(t, "radio.pcap", radio))
	unknown := pcapFile(binary.LittleEndian, false, 60)
	unknown[20] = 99
	files = append(files, openBytes(t, "unknown.pcap", unknown))
	reached := map[trace.Why]bool{}
	for _, f := range files {
		for n := trace.EventID(1); int(n) <= f.Events(); n++ {
			reached[f.Event(n).Why] = true
		}
	}
	for _, w := range trace.Catalogue() {
		if strings.HasPrefix(w.String(), "capture.") && !reached[w] {
			t.Errorf("no capture reaches %v", w)
		}
	}
	if files[0].PDU(1).Proto != layers.TCP {
		t.Errorf("the first PDU is %v", files[0].PDU(1).Proto)
	}
}
