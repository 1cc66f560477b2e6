package layers

import (
	"bytes"
	"encoding/binary"
	"net"
	"testing"

	"github.com/google/gopacket"
	gl "github.com/google/gopacket/layers"
	"pgregory.net/rapid"
)

// slowSum is RFC 1071 as it is written there: word by word.
func slowSum(b []byte) uint16 {
	var s uint32
	for i := 0; i < len(b); i += 2 {
		w := uint32(b[i]) << 8
		if i+1 < len(b) {
			w |= uint32(b[i+1])
		}
		s += w
		s = s>>16 + s&0xffff
	}
	return uint16(s)
}

func TestSumIsRFC1071(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "b")
		cut := rapid.IntRange(0, len(b)/2).Draw(t, "cut") * 2
		got := Fold(Sum(b[cut:], Sum(b[:cut], 0)))
		if want := slowSum(b); got%0xffff != want%0xffff {
			t.Fatalf("sum %04x, want %04x", got, want)
		}
	})
	all := bytes.Repeat([]byte{0xff}, 65535)
	if got := Fold(Sum(all, Sum(all[1:], 1<<40))); got != 1 { // ffff… is 0, ff00 + 2^40 is 1, modulo ffff
		t.Fatalf("carries lost: %04x", got)
	}
}

func TestDecrementTTLEqualsNewChecksum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := IPv4Header(make([]byte, 20))
		h.Put(&IPv4Fields{
			TOS: rapid.Byte().Draw(t, "tos"), TotalLen: rapid.IntRange(20, 65535).Draw(t, "len"),
			ID: rapid.Uint16().Draw(t, "id"), TTL: byte(rapid.IntRange(1, 255).Draw(t, "ttl")), Protocol: rapid.Byte().Draw(t, "proto"),
			Src: rapid.Uint32().Draw(t, "src"), Dst: rapid.Uint32().Draw(t, "dst"),
		})
		h.DecrementTTL()
		updated := h.Checksum()
		h.SetChecksum()
		if updated != h.Checksum() {
			t.Fatalf("updated %04x, computed %04x", updated, h.Checksum())
		}
	})
}

func TestUDPChecksumIsNeverZero(t *testing.T) {
	h := UDPHeader(make([]byte, 8))
	h.Put(1, 2, 8)
	acc := PseudoHeader(3, 4, ProtocolUDP, 8)
	want := ^Fold(Sum(h, acc)) // a payload word that brings the sum to ffff
	h.SetChecksum(acc + uint64(want))
	if h.Checksum() != 0xffff || !h.ChecksumOK(acc+uint64(want)) {
		t.Fatalf("checksum %04x, want ffff", h.Checksum())
	}
}

// TestViewsWriteWhatGopacketWrites holds every Put to gopacket's serialiser.
func TestViewsWriteWhatGopacketWrites(t *testing.T) {
	var (
		dst, src = [6]byte{2, 0, 0, 0, 2, 1}, [6]byte{2, 0, 0, 0, 1, 1}
		a, b     = uint32(0x0a000102), uint32(0x0a000202)
		payload  = []byte("odd")
		opts     = gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	)
	eth := &gl.Ethernet{DstMAC: dst[:], SrcMAC: src[:], EthernetType: gl.EthernetTypeIPv4}
	addr := func(v uint32) net.IP { return binary.BigEndian.AppendUint32(nil, v) }
	ip := func(p gl.IPProtocol) *gl.IPv4 {
		return &gl.IPv4{Version: 4, TOS: 0xb9, Id: 7, Flags: gl.IPv4DontFragment, TTL: 64, Protocol: p, SrcIP: addr(a), DstIP: addr(b)}
	}
	frame := func(protocol uint8, l4 []byte) []byte {
		f := make([]byte, EthernetSize+IPv4MinSize)
		EthernetHeader(f).Put(dst, src, EtherTypeIPv4)
		IPv4Header(f[EthernetSize:]).Put(&IPv4Fields{TOS: 0xb9, TotalLen: IPv4MinSize + len(l4), ID: 7, DF: true, TTL: 64, Protocol: protocol, Src: a, Dst: b})
		return append(f, l4...)
	}
	check := func(name string, got []byte, ls ...gopacket.SerializableLayer) {
		t.Helper()
		buf := gopacket.NewSerializeBuffer()
		if err := gopacket.SerializeLayers(buf, opts, ls...); err != nil {
			t.Fatal(err)
		}
		got = append(got, make([]byte, len(buf.Bytes())-len(got))...) // gopacket pads
		if !bytes.Equal(got, buf.Bytes()) {
			t.Errorf("%s:\n got %x\nwant %x", name, got, buf.Bytes())
		}
	}

	gu := &gl.UDP{SrcPort: 49152, DstPort: 53}
	gip := ip(gl.IPProtocolUDP)
	gu.SetNetworkLayerForChecksum(gip)
	u := append(make([]byte, UDPSize), payload...)
	UDPHeader(u).Put(49152, 53, len(u))
	UDPHeader(u).SetChecksum(Sum(payload, PseudoHeader(a, b, ProtocolUDP, len(u))))
	check("udp", frame(ProtocolUDP, u), eth, gip, gu, gopacket.Payload(payload))

	gt := &gl.TCP{SrcPort: 49152, DstPort: 80, Seq: 1 << 31, Ack: 9, PSH: true, ACK: true, Window: 64240, Urgent: 5,
		Options: []gl.TCPOption{{OptionType: gl.TCPOptionKindMSS, OptionLength: 4, OptionData: []byte{5, 0xb4}}}}
	gip = ip(gl.IPProtocolTCP)
	gt.SetNetworkLayerForChecksum(gip)
	s := make([]byte, 24)
	copy(s[20:], []byte{TCPOptionMSS, 4, 5, 0xb4})
	TCPHeader(s).Put(&TCPFields{SrcPort: 49152, DstPort: 80, Seq: 1 << 31, Ack: 9, HeaderLen: 24, Flags: 0x18, Window: 64240, Urgent: 5})
	TCPHeader(s).SetChecksum(Sum(payload, PseudoHeader(a, b, ProtocolTCP, len(s)+len(payload))))
	check("tcp", frame(ProtocolTCP, append(s, payload...)), eth, gip, gt, gopacket.Payload(payload))

	gi := &gl.ICMPv4{TypeCode: gl.CreateICMPv4TypeCode(ICMPEcho, 0), Id: 3, Seq: 4}
	m := append(make([]byte, ICMPv4Size), payload...)
	ICMPv4Header(m).Put(ICMPEcho, 0, 3<<16|4, Sum(payload, 0))
	check("icmp", frame(ProtocolICMP, m), eth, ip(gl.IPProtocolICMPv4), gi, gopacket.Payload(payload))

	ga := &gl.ARP{AddrType: gl.LinkTypeEthernet, Protocol: gl.EthernetTypeIPv4, HwAddressSize: 6, ProtAddressSize: 4,
		Operation: gl.ARPReply, SourceHwAddress: src[:], SourceProtAddress: addr(a), DstHwAddress: dst[:], DstProtAddress: addr(b)}
	p := make([]byte, ARPSize)
	ARPPacket(p).Put(ARPReply, src, a, dst, b)
	check("arp", p, ga)
	if !ARPPacket(p).Valid() || ARPPacket(p).TargetIP() != b || ARPPacket(p).SenderHW() != src {
		t.Error("arp: not read back")
	}
}

func TestFCS(t *testing.T) {
	// The check value of CRC-32/ISO-HDLC: "123456789" gives cbf43926.
	b := make([]byte, FCSSize)
	PutFCS(b, FCS(FCS(0, []byte("1234")), []byte("56789")))
	if !bytes.Equal(b, []byte{0x26, 0x39, 0xf4, 0xcb}) {
		t.Fatalf("FCS %x", b)
	}
}

func BenchmarkSum1460(b *testing.B) {
	data := bytes.Repeat([]byte{1, 2, 3, 4, 5}, 292)
	b.SetBytes(1460)
	for b.Loop() {
		sink = Sum(data, 1)
	}
}

func BenchmarkHeaders(b *testing.B) {
	f := make([]byte, 54)
	b.ReportAllocs()
	for b.Loop() {
		EthernetHeader(f).Put(Broadcast, Broadcast, EtherTypeIPv4)
		ip := IPv4Header(f[14:])
		ip.Put(&IPv4Fields{TotalLen: 1500, ID: 7, TTL: 64, Protocol: ProtocolTCP, Src: 1, Dst: 2})
		TCPHeader(f[34:]).Put(&TCPFields{SrcPort: 1, DstPort: 2, Seq: 3, Ack: 4, HeaderLen: 20, Flags: 0x10, Window: 5})
		TCPHeader(f[34:]).SetChecksum(PseudoHeader(1, 2, ProtocolTCP, 1480))
		ip.DecrementTTL()
	}
}

var sink uint64
