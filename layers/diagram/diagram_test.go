package diagram_test

import (
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"strata/capture"
	"strata/layers"
	"strata/layers/diagram"
	"strata/testdata/need"
)

// write is a diagram as text: a line for each row.
func write(d *diagram.Diagram) string {
	var b strings.Builder
	for _, r := range d.Rows {
		fmt.Fprintf(&b, "%d:", r.At)
		if r.Open {
			name := map[diagram.Kind]string{diagram.Fields: "", diagram.Payload: "payload", diagram.More: "more"}[r.Kind]
			if len(r.Cells) > 0 {
				name = r.Cells[0].Label()
			}
			fmt.Fprintf(&b, " ~%s, %d bytes~\n", name, r.Bytes)
			continue
		}
		for _, c := range r.Cells {
			label := c.Label()
			if !c.First {
				label = "<" + label
			}
			if !c.Last {
				label += ">"
			}
			fmt.Fprintf(&b, " %s/%d", label, c.Bits)
			if c.Node != nil && c.First && c.Last {
				fmt.Fprintf(&b, "=%s", c.Node.Show)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// first finds a protocol's first part in a file, among those that a word is in.
func first(t *testing.T, file string, p layers.Proto, word string) string {
	t.Helper()
	f := open(t, filepath.Join("../../testdata", file))
	for n := range f.Frames() {
		tree := f.Tree(n)
		for i := range tree.Parts {
			if tree.Parts[i].Proto != p {
				continue
			}
			if d, _ := diagram.Of(tree, i); d != nil && strings.Contains(write(d), word) {
				return write(d)
			}
		}
	}
	t.Fatalf("%s has no %v with %q", file, p, word)
	return ""
}

func open(t testing.TB, name string) *capture.File {
	t.Helper()
	f, err := capture.Open(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	f.Wait(1 << 40)
	return f
}

// headers are diagrams of packets in the module's captures, as RFCs have them.
var headers = []struct {
	file  string
	proto layers.Proto
	word  string
	want  string
}{
	{"wss.pcapng", layers.Ethernet, "", `
0: destination>/32
4: <destination/16 source>/16
8: <source/32
12: type/16=IPv4 (2048)
14: ~payload, 60 bytes~
`},
	// RFC 791 sec. 3.1; its type of service is that of RFC 2474 and RFC 3168.
	{"wss.pcapng", layers.IPv4, "", `
0: version/4=4 header length/4=20 bytes DSCP/6=0 ECN/2=not ECN-capable (0) total length/16=60
4: identification/16=0xf6bb reserved bit/1=not set don't fragment/1=set more fragments/1=not set fragment offset/13=0
8: time to live/8=64 protocol/8=TCP (6) header checksum/16=0xbffc
12: source/32=192.0.2.1
16: destination/32=192.0.2.2
20: ~payload, 40 bytes~
`},
	// RFC 6455 sec. 5.2.
	{"ws.pcap", layers.WebSocket, "masking key", `
0: final/1=set reserved/3=0x4 opcode/4=text (1) masked/1=set payload length/7=8 masking key>/16
4: <masking key/16
6: ~masked payload, 8 bytes~
`},
	// RFC 1035 sec. 4.1.1, in rows of twice their width; RFC 6891 sec. 6.1.2.
	{"dns.pcapng", layers.DNS, "", `
0: ID/16=0xf0ce response/1=not set opcode/4=question (0) flags>/1 truncated/1=not set recursion desired/1=set <flags>/1 reserved/1=not set authentic data/1=set checking disabled/1=not set <flags/4
4: questions/16=1 answers/16=0
8: authority records/16=0 additional records/16=1
12: ~name, 13 bytes~
25: type/16=A (1) class/16=IN (1)
29: name/8=<Root> type/16=OPT (41) UDP payload size>/8
33: <UDP payload size/8 upper bits of the reply code/8=0x00 EDNS version/8=0 DNSSEC OK/1=not set reserved>/7
37: <reserved/8 data length/16=12 code>/8
41: <code/8 length/16=8
44: ~data, 8 bytes~
`},
	{"mqtt.pcap", layers.MQTT, "", `
0: packet type/4=CONNECT (1) reserved/4=0 remaining length/8=12 length of the protocol name/16=4
4: protocol name/32=MQTT
8: protocol version/8=MQTT 3.1.1 (4) user name/1=not set password/1=not set retain will/1=not set QoS of the will/2=at most once (0) will/1=not set clean start/1=set reserved/1=not set keep alive/16=60
12: length of the client identifier/16=0
`},
	{"ping.pcap", layers.ICMPv4, "", `
0: type/8=echo request (8) code/8=0 checksum/16=0xbb42
4: identifier/16=23719 sequence number/16=1
8: time in the data>/32
12: <time in the data/32
16: ~data, 48 bytes~
`},
	{"ping.pcap", layers.ARP, "", `
0: hardware type/16=Ethernet (1) protocol type/16=IPv4 (2048)
4: hardware size/8=6 protocol size/8=4 operation/16=request (1)
8: sender's MAC address>/32
12: <sender's MAC address/16 sender's IP address>/16
16: <sender's IP address/16 target's MAC address>/16
20: <target's MAC address/32
24: target's IP address/32=192.0.2.2
`},
	// RFC 9293 sec. 3.1, RFC 7323 appendix A.
	{"wss.pcapng", layers.TCP, "", `
0: source port/16=49714 destination port/16=443
4: sequence number/32=0 (relative)
8: acknowledgment/32=0
12: header length/4=40 bytes reserved/3=not set accurate ECN/1=not set CWR/1=not set ECE/1=not set URG/1=not set ACK/1=not set PSH/1=not set RST/1=not set SYN/1=set FIN/1=not set window/16=64240
16: checksum/16=0x113a urgent pointer/16=0
20: kind/8=maximum segment size (2) length/8=4 MSS/16=1460
24: kind/8=SACK permitted (4) length/8=2 kind/8=timestamps (8) length/8=10
28: timestamp/32=1577409470
32: timestamp echo/32=0
36: kind/8=no operation (1) kind/8=window scale (3) length/8=3 shift/8=10
`},
}

// TestHeaders holds diagrams to those of the RFCs.
func TestHeaders(t *testing.T) {
	for _, c := range headers {
		if got := first(t, c.file, c.proto, c.word); "\n"+got != c.want {
			t.Errorf("%s, %v: got\n%s", c.file, c.proto, got)
		}
	}
}

// made are packets of protocols that the captures have not, as bytes; the first
// is the outermost one's.
var made = []struct {
	name  string
	first layers.Proto
	hex   string
	proto layers.Proto
	want  string
}{
	// IEEE 802.1Q clause 9.6.
	{"VLAN", layers.Ethernet, "ffffffffffff 020000000001 8100 607b 0806 0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202", layers.VLAN, `
0: priority/3=3 drop eligible/1=not set VLAN/12=123 type/16=ARP (2054)
4: ~payload, 28 bytes~
`},
	// RFC 791 sec. 3.1: record route.
	{"IPv4 options", layers.RawIP, "47 00 001c 0001 0000 40 11 0000 c0000201 c0000202 07 07 04 00000000 00", layers.IPv4, `
0: version/4=4 header length/4=28 bytes DSCP/6=0 ECN/2=not ECN-capable (0) total length/16=28
4: identification/16=0x0001 reserved bit/1=not set don't fragment/1=not set more fragments/1=not set fragment offset/13=0
8: time to live/8=64 protocol/8=UDP (17) header checksum/16=0x0000, bad: should be 0xe9c5
12: source/32=192.0.2.1
16: destination/32=192.0.2.2
20: copied/1=not set class/2=0 number/5=7 length/8=7 pointer/8=4 empty route>/8
24: <empty route/24 copied/1=not set class/2=0 number/5=0
`},
	// RFC 8200 sec. 3.
	{"IPv6", layers.RawIP, "6 12 34567 0018 00 40 20010db8000000000000000000000001 20010db8000000000000000000000002" +
		"2c 00 0502 0000 0100 11 00 0009 00000007 3039 0050 0008 0000", layers.IPv6, `
0: version/4=6 DSCP/6=4 ECN/2=ECN-capable, ECT(0) (2) flow label/20=0x34567
4: payload length/16=24 next header/8=hop-by-hop options (0) hop limit/8=64
8: source>/32
12: <source>/32
16: <source>/32
20: <source/32
24: destination>/32
28: <destination>/32
32: <destination>/32
36: <destination/32
40: ~payload, 24 bytes~
`},
	// RFC 8200 sec. 4.3, RFC 2711.
	{"hop-by-hop options", layers.RawIP, "6 12 34567 0018 00 40 20010db8000000000000000000000001 20010db8000000000000000000000002" +
		"2c 00 0502 0000 0100 11 00 0009 00000007 3039 0050 0008 0000", layers.IPv6HopByHop, `
0: next header/8=IPv6 fragment (44) length/8=0 action/2=0 may change/1=not set low bits/5=0x05 length/8=2
4: value/16=MLD (0) action/2=0 may change/1=not set low bits/5=0x01 length/8=0
8: ~payload, 16 bytes~
`},
	// RFC 8200 sec. 4.5.
	{"fragment", layers.RawIP, "6 12 34567 0018 00 40 20010db8000000000000000000000001 20010db8000000000000000000000002" +
		"2c 00 0502 0000 0100 11 00 0009 00000007 3039 0050 0008 0000", layers.IPv6Fragment, `
0: next header/8=UDP (17) reserved/8=0x00 offset/13=8 bytes reserved/2=0 more fragments/1=set
4: identification/32=0x00000007
8: ~payload, 8 bytes~
`},
	// IEEE 802.11 clause 9.2.4: its words go least significant byte first, so
	// that the sequence number is in two pieces.
	{"802.11", layers.WLAN, "0801 3000 020000000001 020000000002 020000000003 5412 aaaa03000000 0806 0001", layers.WLAN, `
0: type and subtype/8=0x08 +HTC or order/1=not set protected/1=not set more data/1=not set going to sleep/1=not set retry/1=not set more fragments/1=not set direction/2=to the access point (1) duration>/8 /1 <duration/7
4: receiver>/32
8: <receiver/16 transmitter>/16
12: <transmitter/32
16: destination>/32
20: <destination/16 sequence number>/4 fragment/4=4 <sequence number/8
24: ~payload, 10 bytes~
`},
	// RFC 2131 sec. 2.
	{"DHCP", layers.RawIP, "45 00 010f 0001 0000 40 11 0000 00000000 ffffffff 0044 0043 00fb 0000 01 01 06 00 12345678 0003 8000" +
		"00000000 00000000 00000000 00000000 020000000001" + strings.Repeat("00", 202) + "63825363 35 01 01", layers.DHCP, `
0: message/8=request (1) hardware type/8=Ethernet (1) hardware address length/8=6 hops/8=0
4: transaction ID/32=0x12345678
8: seconds elapsed/16=3 broadcast/1=set reserved/15=0x0000
12: client's address/32=0.0.0.0
16: your address/32=0.0.0.0
20: next server/32=0.0.0.0
24: relay agent's address/32=0.0.0.0
28: client's MAC address>/32
32: <client's MAC address/16
34: ~padding, 10 bytes~
44: ~server name, 64 bytes~
108: ~boot file, 128 bytes~
236: magic cookie/32=0x63825363
240: option/8=message type (53): discover (1) length/8=1 message type/8=discover (1)
`},
}

func TestMadeHeaders(t *testing.T) {
	for _, c := range made {
		b, err := hex.DecodeString(strings.ReplaceAll(c.hex, " ", ""))
		if err != nil {
			t.Fatal(c.name, err)
		}
		tree := layers.Dissect(b, layers.Options{First: c.first, FCSLen: -1})
		got := ""
		for i := range tree.Parts {
			if tree.Parts[i].Proto != c.proto {
				continue
			}
			if d, _ := diagram.Of(tree, i); d != nil {
				got = write(d)
				if err := fits(tree, d); err != nil {
					t.Errorf("%s: %v", c.name, err)
				}
			}
		}
		if "\n"+got != c.want {
			t.Errorf("%s: got\n%s", c.name, got)
		}
	}
}

// TestRowsFit lays out every part of every frame of the module's captures, and
// of a part of others', and looks at the rows.
func TestRowsFit(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/*.pcap*")
	if len(files) < 10 {
		t.Fatal("the captures are not there")
	}
	others := need.Captures()
	for i := 0; i < len(others); i += 5 {
		files = append(files, others[i])
	}
	seen := map[layers.Proto]int{}
	for _, name := range files {
		f, err := capture.Open(name, nil)
		if err != nil {
			continue
		}
		f.Wait(200)
		for n := range min(f.Frames(), 200) {
			tree := f.Tree(n)
			for i := range tree.Parts {
				d, why := diagram.Of(tree, i)
				if (d == nil) == (why == "") {
					t.Fatalf("%s frame %d: %v and %q", name, n+1, d, why)
				}
				if d == nil {
					continue
				}
				seen[d.Proto]++
				if err := fits(tree, d); err != nil {
					t.Fatalf("%s frame %d, %v: %v\n%s", name, n+1, d.Proto, err, write(d))
				}
			}
		}
		f.Close()
	}
	for _, p := range []layers.Proto{layers.Ethernet, layers.ARP, layers.IPv4, layers.UDP, layers.TCP, layers.DNS, layers.TLS, layers.WebSocket, layers.MQTT} {
		if seen[p] == 0 {
			t.Errorf("no %v was seen", p)
		}
	}
}

// fits says what is wrong with a diagram's rows and values.
func fits(tree *layers.Tree, d *diagram.Diagram) error {
	for i, r := range d.Rows {
		for _, c := range r.Cells {
			n := c.Node
			if n == nil || r.Open || !c.First || !c.Last || c.Bits != n.Bits || len(n.Children) > 0 || n.Field.Little {
				continue
			}
			if n.Field.Type != layers.TypeUint && d.Proto != layers.QUIC && c.Raw != n.Uint {
				return fmt.Errorf("row %d: %s is %d, its bits are %d", i, n.Field.Name, n.Uint, c.Raw)
			}
		}
	}
	return shape(tree, d)
}

// shape says what is wrong with the rows' places.
func shape(tree *layers.Tree, d *diagram.Diagram) error {
	end, b := 0, tree.Buffer(d.In)
	for i, r := range d.Rows {
		if r.At < end || r.At > end && (i == 0 || d.Rows[i-1].Kind == diagram.Fields && r.Kind == diagram.Fields) {
			return fmt.Errorf("row %d is at %d, and the one before ends at %d", i, r.At, end)
		}
		bits := 0
		for _, c := range r.Cells {
			if c.Bit != bits || c.Bits <= 0 {
				return fmt.Errorf("row %d has a cell of %d bits at %d, not %d", i, c.Bits, c.Bit, bits)
			}
			bits += c.Bits
			if n := c.Node; n != nil && !r.Open {
				if at := d.Pos + r.At + c.Bit/8; at < n.Pos || at >= n.Pos+n.Len {
					return fmt.Errorf("row %d: %s does not lie at %d", i, n.Field.Name, at)
				}
			}
		}
		if bits > diagram.RowBits || bits%8 != 0 || bits == 0 && !r.Open {
			return fmt.Errorf("row %d has %d bits", i, bits)
		}
		end = r.At + bits/8
		if r.Open {
			end = r.At + r.Bytes
		}
		if d.Pos+end > len(b) {
			return fmt.Errorf("row %d goes to %d of %d", i, d.Pos+end, len(b))
		}
	}
	return nil
}

func BenchmarkOf(b *testing.B) {
	f := open(b, "../../testdata/wss.pcapng")
	tree := f.Tree(3)
	b.ReportAllocs()
	for b.Loop() {
		for i := range tree.Parts {
			diagram.Of(tree, i)
		}
	}
}

// FuzzOf lays out whatever bytes mean, by some outermost protocol.
func FuzzOf(f *testing.F) {
	for _, c := range made {
		b, _ := hex.DecodeString(strings.ReplaceAll(c.hex, " ", ""))
		f.Add(b, byte(c.first))
	}
	f.Fuzz(func(t *testing.T, b []byte, first byte) {
		tree := layers.Dissect(b, layers.Options{First: layers.Proto(first)})
		for i := range tree.Parts {
			d, why := diagram.Of(tree, i)
			if (d == nil) == (why == "") {
				t.Fatalf("%v and %q", d, why)
			}
			if d == nil {
				continue
			}
			if err := shape(tree, d); err != nil {
				t.Fatalf("%v: %v\n%s", d.Proto, err, write(d))
			}
		}
	})
}
