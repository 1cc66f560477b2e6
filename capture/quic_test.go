package capture

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math"
	"strings"
	"testing"

	"strata/layers"
)

// The datagrams that set up a QUIC connection: a Client Hello of two Initial
// packets whose first comes last, and the Server Hello, which only who knows
// the client's first packet can open.
var quicSetUp = [3]string{
	"cd00000001088394c8f03e51570801c140004043c9d146f4399abe7ea325d0a74e95c69377c3220010f0ab501c7ec917d21ef6432edb7e12e4454408755a781727fb11f6e475e9aa4fb0a640c8129e69be07da6cda4c9b",
	"c300000001088394c8f03e51570801c14000404733c06c7aabfc2f86c2cea9de9ffe6826bc7f393dd0d1f9ad3a52deba7e0fbf045ea863819ea1150eeddddb677e36508ff8471909c6c992ce1a27ee0fb07bedcdae931866581c53",
	"c00000000101c10251524000404944f8ae7039f1295ea993dc085c86e06d61e272b18e137e3260c07e7760ddadd93ecf6f75b7a8090911b04148b27c04edcc75892a7081aa45b34b3c47571ae297fd5b92abedfa0ff915",
}

// overUDP is a datagram between a client's port and a server's, back or forth.
func overUDP(port uint16, back bool, payload []byte) []byte {
	b := make([]byte, layers.IPv4MinSize+layers.UDPSize, 2000)
	ip := layers.IPv4Fields{HeaderLen: 20, TotalLen: len(b) + len(payload), TTL: 64, Protocol: layers.ProtocolUDP, Src: 0x0a000001, Dst: 0x0a000002}
	src, dst := port, uint16(443)
	if back {
		ip.Src, ip.Dst, src, dst = ip.Dst, ip.Src, dst, src
	}
	layers.IPv4Header(b).Put(&ip)
	layers.UDPHeader(b[layers.IPv4MinSize:]).Put(src, dst, layers.UDPSize+len(payload))
	return append(b, payload...)
}

// rawCapture is a capture of IP packets without a link.
func rawCapture(packets ...[]byte) []byte {
	b, _ := hex.DecodeString("d4c3b2a1020004000000000000000000ffff000065000000")
	for i, p := range packets {
		for _, v := range []uint32{1000, uint32(i), uint32(len(p)), uint32(len(p))} {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
		b = append(b, p...)
	}
	return b
}

// TestQUIC: what one frame of a QUIC connection needs of others, it is told.
func TestQUIC(t *testing.T) {
	var packets [][]byte
	want := []string{
		"Initial, number 0, CRYPTO, PADDING",
		"Initial, number 1, CRYPTO, PADDING | TLS 1.3, Client Hello, example.org",
		"Initial, number 0, CRYPTO | TLS 1.3, Server Hello",
		"protected",
	}
	for port := range uint16(3) {
		for i, s := range quicSetUp {
			payload, err := hex.DecodeString(s)
			if err != nil {
				t.Fatal(err)
			}
			packets = append(packets, overUDP(40000+port, i == 2, payload))
		}
		packets = append(packets, overUDP(40000+port, true, bytes.Repeat([]byte{0x41, 0xc1}, 30)))
	}
	f, err := Pipe(bytes.NewReader(rawCapture(packets...)), "quic", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.Wait(math.MaxInt)
	for n := range f.Frames() {
		tree, _, err := f.Dissect(n, n%2 == 0)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, p := range tree.Parts {
			if p.Proto != layers.QUIC && p.Proto != layers.TLS {
				continue
			}
			if all = append(all, p.Summary); p.Proto == layers.QUIC && p.Fields[0].Uint != uint64(n/4) {
				t.Errorf("frame %d: connection %d", n+1, p.Fields[0].Uint)
			}
		}
		if got := strings.Join(all, " | "); got != want[n%4] {
			t.Errorf("frame %d: %q, want %q", n+1, got, want[n%4])
		}
	}
	if n := f.quics.Len(); n > 5*3 {
		t.Errorf("%d states are kept of 3 connections", n)
	}
}
