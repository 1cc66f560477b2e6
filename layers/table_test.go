package layers_test

import (
	"strings"
	"testing"

	"strata/layers"
)

var described = []layers.Proto{layers.SLL, layers.SLL2, layers.PPPoE, layers.PPPoED, layers.LCP, layers.IPCP, layers.CHAP, layers.SLARP, layers.FrameRelay, layers.FDDI, layers.LLC, layers.STP, layers.LLDP, layers.CDP, layers.LACP, layers.Loopback, layers.PBB, layers.ServiceTag, layers.MPLS, layers.GRE, layers.ERSPAN, layers.VXLAN, layers.GENEVE, layers.GTP, layers.Teredo, layers.Radiotap, layers.WLAN, layers.WLANMgt, layers.Ethernet, layers.VLAN, layers.ARP, layers.IPv4, layers.ICMPv4, layers.IPv6, layers.UDP, layers.TCP, layers.DNS, layers.HTTP, layers.DHCP, layers.DHCPv6, layers.NTP,
	layers.ICMPv6, layers.IGMP, layers.IPv6Routing, layers.IPv6Fragment, layers.AH, layers.TLS, layers.MQTT, layers.EngineIO, layers.SocketIO, layers.JSON, layers.WebSocket, layers.QUIC}

// TestTablesAreComplete wants of every row what a learner needs.
func TestTablesAreComplete(t *testing.T) {
	for _, p := range described {
		fields := layers.Fields(p)
		if len(fields) < 4 {
			t.Errorf("%v has %d fields", p, len(fields))
		}
		seen := map[string]bool{}
		for _, f := range fields {
			where := p.String() + " " + f.Name + " " + f.Label
			if f.Label == "" || !strings.HasSuffix(f.Help, ".") || strings.Contains(f.Help, "\n") {
				t.Errorf("%s: label %q, help %q", where, f.Label, f.Help)
			}
			if f.Name != "" && seen[f.Name] {
				t.Errorf("%s: twice", where)
			}
			seen[f.Name] = true
			if f.Type == layers.TypeEnum && f.Names == nil {
				t.Errorf("%s: no names", where)
			}
			bit, width := f.Place()
			if bit < 0 || bit+width > f.Size*8 || (f.Mask != 0) != (width > 0) {
				t.Errorf("%s: bits %d+%d of %d bytes", where, bit, width, f.Size)
			}
			if f.Name != "" && layers.FieldNamed(f.Name) == nil {
				t.Errorf("%s: not found by name", where)
			}
		}
	}
}

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "a\r\nb\tc": `a\r\nb\tc`, "\x1b[2J": `\x1b[2J`, "\u202eabc": `\u{202e}abc`, "z\u200b": `z\u{200b}`,
		"e\u0301": `e\u{301}`, "\xff": `\xff`, "grün 漢": "grün 漢", "\u3164": `\u{3164}`, "\u0085": `\u{85}`,
	} {
		if got := layers.Printable(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := layers.Printable(strings.Repeat("x", 1000)); len(got) != 301 || !strings.HasSuffix(got, "~") {
		t.Errorf("%d bytes", len(got))
	}
}

func TestReassembledAndHeld(t *testing.T) {
	frame := overIP(layers.ProtocolTCP, tcp(40000, 80, 0x18, nil, []byte("st: h\r\n\r\n")))
	tree := layers.Dissect(frame, layers.Options{Reassembled: []byte("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), Taken: 9})
	check(t, tree)
	last := tree.Parts[len(tree.Parts)-1]
	if last.Proto != layers.HTTP || last.In != layers.InReassembled || last.Summary != "GET / HTTP/1.1" {
		t.Errorf("last part %+v", last)
	}
	tree = layers.Dissect(frame, layers.Options{Kept: 9})
	check(t, tree)
	if last := tree.Parts[len(tree.Parts)-1]; last.Proto != layers.Data || last.Len != 9 {
		t.Errorf("held: last part %+v", last)
	}
	fragment := ethernet(layers.EtherTypeIPv4, ipv4(layers.ProtocolUDP, nil, make([]byte, 8), func(f *layers.IPv4Fields) { f.DF, f.FragmentOffset = false, 8 }))
	tree = layers.Dissect(fragment, layers.Options{Reassembled: udp(53, 9, query2())})
	check(t, tree)
	var protos []string
	for _, p := range tree.Parts {
		protos = append(protos, p.Proto.Filter())
	}
	if got := strings.Join(protos, " "); got != "eth ip data udp dns" {
		t.Errorf("parts %s", got)
	}
	for _, e := range tree.Expert {
		if e.Severity == layers.Error {
			t.Errorf("expert %+v", e)
		}
	}
}

func BenchmarkDissect(b *testing.B) {
	for _, c := range []struct {
		name  string
		frame []byte
	}{
		{"TCP", overIP(layers.ProtocolTCP, tcp(4000, 5000, 0x18, unhex("0101080a0000000100000002"), make([]byte, 1448)))},
		{"DNS", dnsFrames()[5]},
		{"HTTP", httpFrames()[0]},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				layers.Dissect(c.frame, layers.Options{})
			}
		})
	}
}
