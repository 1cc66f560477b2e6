package layers_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"strata/layers"
	"strata/layers/pdml"
)

// quicFrame is a datagram of the n-th conversation on the wire.
func quicFrame(s segment, n int, port uint16) []byte {
	src, dst := s.ports(n, port)
	return ethernet(layers.EtherTypeIPv4, ipv4(layers.ProtocolUDP, nil, udp(src, dst, s.data), func(f *layers.IPv4Fields) {
		if s.back {
			f.Src, f.Dst = f.Dst, f.Src
		}
	}))
}

// followQUIC dissects the frames of conversations, with what the frames before
// each have told, and calls each with the trees.
func followQUIC(conversations []conversation, each func(frame []byte, tree *layers.Tree)) {
	number, connections := uint32(0), uint32(0)
	payloads := [][]byte{nil}
	for n, c := range conversations {
		var state *layers.QUICConnection
		for _, s := range c.segments {
			number++
			payloads = append(payloads, s.data)
			src, dst := s.ports(n, c.port)
			if state == nil && layers.BeginsQUIC(src, dst, s.data) {
				state = &layers.QUICConnection{}
			}
			o := layers.Options{}
			if state != nil {
				before := *state
				if begins, _ := state.Datagram(number, s.back, s.data); begins {
					before.Number, state.Number = connections, connections
					connections++
				}
				seen := layers.Seen{QUIC: &before, Back: s.back}
				for _, frame := range before.Earlier(s.back) {
					seen.Earlier = append(seen.Earlier, payloads[frame])
				}
				o.Seen = []layers.Seen{seen}
			}
			frame := quicFrame(s, n, c.port)
			each(frame, layers.Dissect(frame, o))
		}
	}
}

// TestQUICEqualsTshark holds made packets to tshark.
func TestQUICEqualsTshark(t *testing.T) {
	var frames [][]byte
	var trees []*layers.Tree
	followQUIC(quicConversations(), func(frame []byte, tree *layers.Tree) {
		check(t, tree)
		frames, trees = append(frames, frame), append(trees, tree)
	})
	scores := pdml.Scores{}
	n := 0
	pdml.Tshark(t, writeCapture(t, frames), func(protos []pdml.Element) {
		scores.Add(trees[n], protos, fmt.Sprintf("frame:%d", n+1))
		n++
	}, pdml.Alone...)
	if n != len(frames) {
		t.Errorf("tshark has %d frames of %d", n, len(frames))
	}
	report(t, scores, map[string]float64{"quic": 1, "tls": 1})
	if s := scores["quic"]; s == nil || s.Want < 1000 {
		t.Errorf("QUIC: %+v", s)
	}
}

// quicSummaries are the summaries of QUIC and TLS in a frame.
func quicSummaries(tree *layers.Tree) string {
	var all []string
	for _, p := range tree.Parts {
		if p.Proto == layers.QUIC || p.Proto == layers.TLS {
			all = append(all, p.Summary)
		}
	}
	return strings.Join(all, " | ")
}

func TestQUICSummaries(t *testing.T) {
	var got []string
	all := []conversation{{443, setUp(quic1, "0102030405060708")}, {443, inPieces("0202030405060708")}, {443, retried(quic1, "0302030405060708")}}
	followQUIC(all, func(_ []byte, tree *layers.Tree) { got = append(got, quicSummaries(tree)) })
	want := []string{
		"Initial, number 0, PADDING, CRYPTO, PING, PADDING | TLS 1.3, Client Hello, example.org",
		"Initial, number 0, ACK, CRYPTO | TLS 1.3, Server Hello | Handshake | protected",
		"Initial, number 1, ACK with ECN, PADDING | 0-RTT | padding",
		"protected", "protected", "protected", "Handshake | protected",
		"Initial, number 0, CRYPTO, PADDING",
		"Initial, number 1, CRYPTO, PING, PADDING", "Initial, number 2, CRYPTO, PADDING | Initial, number 3, CRYPTO, PADDING",
		"Initial, number 4, CRYPTO, PADDING | TLS 1.3, Client Hello (fragment)",
		"Initial, number 5, CRYPTO, PADDING | TLS 1.3, Client Hello (fragment) | Initial, number 5, CRYPTO, PADDING",
		"Initial, number 44, CRYPTO, CONNECTION_CLOSE, PADDING | TLS 1.3, Client Hello (last fragment), Client Hello",
	}
	for i, w := range want {
		if got[i] != w {
			t.Errorf("frame %d: %q, want %q", i+1, got[i], w)
		}
	}
	if last := got[len(got)-1]; last != "Initial, number 0, ACK, CRYPTO | TLS 1.3, Server Hello" {
		t.Errorf("after a Retry: %q", last)
	}
}

// TestQUICNewVersion: a client that begins again in another version says hello
// anew (RFC 9000 section 6.2).
func TestQUICNewVersion(t *testing.T) {
	first, second := setUp(quicDraft, "0102030405060708"), setUp(quic1, "0102030405060708")
	var got []string
	followQUIC([]conversation{{443, []segment{first[0], second[0], second[1]}}}, func(_ []byte, tree *layers.Tree) { got = append(got, quicSummaries(tree)) })
	for i, w := range []string{"Client Hello", "Client Hello", "Server Hello"} {
		if !strings.Contains(got[i], w) {
			t.Errorf("frame %d: %q, want %q", i+1, got[i], w)
		}
	}
}

// TestQUICAlone: the first packet of a client needs no other, at any port.
func TestQUICAlone(t *testing.T) {
	for port, want := range map[uint16]bool{443: true, 4433: true, 50123: true, 53: false, 67: false} {
		tree := layers.Dissect(quicFrame(setUp(quic1, "0102030405060708")[0], 1, port), layers.Options{})
		check(t, tree)
		if got := quicSummaries(tree) != ""; got != want {
			t.Errorf("port %d: %v", port, got)
		}
	}
	for _, b := range []string{"", "40" + protected, "c000000000", "c000000002" + protected, "c000000001ff" + protected, "800000000000" + protected} {
		if layers.BeginsQUIC(40000, 443, unhex(b)) {
			t.Errorf("%.20s is taken for QUIC", b)
		}
	}
}

func TestQUICFindings(t *testing.T) {
	var got [][]string
	bad := retried(quic1, "0302030405060708")
	bad[1].data[len(bad[1].data)-1]++
	followQUIC([]conversation{{443, inPieces("0202030405060708")}, {443, bad}}, func(_ []byte, tree *layers.Tree) {
		var names []string
		for _, e := range tree.Expert {
			names = append(names, e.Name)
		}
		got = append(got, names)
	})
	for frame, want := range map[int]string{2: "quic.retransmission", 4: "quic.overlap", 8: "quic.bad_retry"} {
		if !slices.Contains(got[frame], want) {
			t.Errorf("frame %d: %v, want %s", frame+1, got[frame], want)
		}
	}
	if len(got[7]) > 0 {
		t.Errorf("frame 8: %v", got[7])
	}
}

// TestQUICConnectionIsBounded: whatever comes, what is known stays small, and
// nothing is allocated for it.
func TestQUICConnectionIsBounded(t *testing.T) {
	var c layers.QUICConnection
	first := setUp(quic1, "0102030405060708")[0].data
	for n := range uint32(100) {
		c.Datagram(n+1, n%2 == 1, first)
	}
	if got := c.Earlier(false); len(got) != 8 || got[0] != 1 {
		t.Errorf("remembered: %v", got)
	}
	if n := testing.AllocsPerRun(100, func() { c.Datagram(7, false, first) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzQUIC(f *testing.F) {
	for _, c := range quicConversations() {
		var earlier []byte
		for _, s := range c.segments {
			f.Add(s.data, earlier, s.back)
			earlier = s.data
		}
	}
	f.Fuzz(func(t *testing.T, data, earlier []byte, back bool) {
		if len(data) > 1<<15 || len(earlier) > 1<<15 {
			return
		}
		var c layers.QUICConnection
		c.Datagram(1, false, earlier)
		seen := layers.Seen{QUIC: &c, Back: back, Earlier: [][]byte{bytes.Clone(earlier), data}}
		tree := layers.Dissect(quicFrame(segment{back, data}, 1, 443), layers.Options{Seen: []layers.Seen{seen}})
		check(t, tree)
	})
}
