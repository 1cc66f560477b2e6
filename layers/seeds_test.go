package layers_test

import (
	"encoding/binary"
	"encoding/hex"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/gopacket"
	gl "github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
	"github.com/miekg/dns"

	"strata/layers"
	"strata/layers/pdml"
)

var (
	macA, macB = [6]byte{2, 0, 0, 0, 1, 1}, [6]byte{2, 0, 0, 0, 2, 1}
	ipA, ipB   = uint32(0x0a000102), uint32(0x0a000202)
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

func ethernet(etherType uint16, payload []byte) []byte {
	f := make([]byte, layers.EthernetSize)
	layers.EthernetHeader(f).Put(macB, macA, etherType)
	return append(f, payload...)
}

// padded brings a frame to Ethernet's minimum.
func padded(f []byte) []byte {
	return append(f, make([]byte, max(0, layers.EthernetMinFrame-len(f)))...)
}

// sealed adds the frame check sequence.
func sealed(f []byte) []byte {
	f = append(f, 0, 0, 0, 0)
	layers.PutFCS(f[len(f)-4:], layers.FCS(0, f[:len(f)-4]))
	return f
}

func ipv4(protocol uint8, options, payload []byte, change func(*layers.IPv4Fields)) []byte {
	for len(options)%4 != 0 {
		options = append(options, 0)
	}
	h := make([]byte, layers.IPv4MinSize, 100)
	h = append(h, options...)
	f := layers.IPv4Fields{HeaderLen: len(h), TotalLen: len(h) + len(payload), ID: 7, DF: true, TTL: 64, Protocol: protocol, Src: ipA, Dst: ipB}
	if change != nil {
		change(&f)
	}
	layers.IPv4Header(h).Put(&f)
	return append(h, payload...)
}

func udp(src, dst uint16, payload []byte) []byte {
	u := append(make([]byte, layers.UDPSize), payload...)
	layers.UDPHeader(u).Put(src, dst, len(u))
	layers.UDPHeader(u).SetChecksum(layers.Sum(payload, layers.PseudoHeader(ipA, ipB, layers.ProtocolUDP, len(u))))
	return u
}

func tcp(src, dst uint16, flags uint8, options, payload []byte) []byte {
	for len(options)%4 != 0 {
		options = append(options, 0)
	}
	h := append(make([]byte, layers.TCPMinSize), options...)
	size := len(h)
	f := layers.TCPFields{SrcPort: src, DstPort: dst, Seq: 1 << 20, HeaderLen: size, Flags: flags, Window: 64240}
	if flags&0x10 != 0 {
		f.Ack = 2000
	}
	layers.TCPHeader(h).Put(&f)
	layers.TCPHeader(h).SetChecksum(layers.Sum(payload, layers.PseudoHeader(ipA, ipB, layers.ProtocolTCP, size+len(payload))))
	return append(h, payload...)
}

func icmp(typ, code uint8, rest uint32, payload []byte) []byte {
	m := append(make([]byte, layers.ICMPv4Size), payload...)
	layers.ICMPv4Header(m).Put(typ, code, rest, layers.Sum(payload, 0))
	return m
}

func overIP(protocol uint8, payload []byte) []byte {
	return ethernet(layers.EtherTypeIPv4, ipv4(protocol, nil, payload, nil))
}

func arpFrames() (frames [][]byte) {
	p := make([]byte, layers.ARPSize)
	layers.ARPPacket(p).Put(layers.ARPRequest, macA, ipA, [6]byte{}, ipB)
	request := padded(ethernet(layers.EtherTypeARP, p))
	tagged := append([]byte{0x60, 0x2a, 8, 6}, p...)
	other := unhex("0007 0800 0304 0001 010203 0a000001 040506 0a000002")
	return [][]byte{
		request, sealed(padded(ethernet(layers.EtherTypeARP, p))), ethernet(layers.EtherTypeARP, other),
		padded(ethernet(layers.EtherTypeVLAN, tagged)), sealed(padded(ethernet(layers.EtherTypeVLAN, tagged))),
		padded(ethernet(5, []byte{0x42, 0x42, 3, 1, 2})), ethernet(0x0590, make([]byte, 50)), request[:20],
	}
}

func ipFrames() (frames [][]byte) {
	u := udp(9000, 9001, []byte("hello"))
	for _, options := range []string{
		"", "070b04 0a000001 00000000", "440c0500 00000001 00000000", "44140d01 0a000001 00000005 00000000 00000000",
		"94040000", "88041234", "820b6bc5 0000 0000 000000", "850601020304", "0b0405dc", "0c0405dc", "520c0001 0002 0003 0a000001",
		"01010101 00", "9e0601020304", "0730 0400", "0703 0405",
	} {
		frames = append(frames, padded(ethernet(layers.EtherTypeIPv4, ipv4(layers.ProtocolUDP, unhex(options), u, nil))))
	}
	change := func(f func(*layers.IPv4Fields)) {
		frames = append(frames, padded(ethernet(layers.EtherTypeIPv4, ipv4(layers.ProtocolUDP, nil, u, f))))
	}
	change(func(f *layers.IPv4Fields) { f.DF, f.MF = false, true })
	change(func(f *layers.IPv4Fields) { f.DF, f.FragmentOffset = false, 1480 })
	change(func(f *layers.IPv4Fields) { f.TTL, f.TOS = 1, 0xb9 })
	change(func(f *layers.IPv4Fields) { f.TotalLen = 500 })
	change(func(f *layers.IPv4Fields) { f.TotalLen = 10 })
	change(func(f *layers.IPv4Fields) { f.HeaderLen = 8 })
	change(func(f *layers.IPv4Fields) { f.Protocol = 89 })
	bad := padded(overIP(layers.ProtocolUDP, u))
	bad[24]++ // the checksum
	zero := padded(overIP(layers.ProtocolUDP, u))
	zero[40], zero[41] = 0, 0
	short := padded(overIP(layers.ProtocolUDP, u))
	short[39] = 4
	v6 := append(unhex("60012345 000d 11 40 20010db8000000000000000000000001 20010db8000000000000000000000002"), u...)
	return append(frames, bad, zero, short, ethernet(layers.EtherTypeIPv6, v6), ethernet(layers.EtherTypeIPv6, v6[:30]), ethernet(layers.EtherTypeIPv4, []byte{0x65}))
}

func icmpFrames() (frames [][]byte) {
	add := func(typ, code uint8, rest uint32, payload []byte) {
		frames = append(frames, padded(overIP(layers.ProtocolICMP, icmp(typ, code, rest, payload))))
	}
	u := ipv4(layers.ProtocolUDP, nil, udp(5000, 5001, []byte("quoted")), nil)
	s := ipv4(layers.ProtocolTCP, nil, tcp(5000, 80, 2, unhex("020405b4"), nil), nil)
	for code := range uint8(16) {
		add(3, code, 1400, u[:28])
	}
	add(4, 0, 0, u[:28])
	add(5, 1, 0x0a000009, u)
	add(11, 0, 0, s[:28])
	add(11, 1, 0, s)
	add(12, 0, 20<<24, u)
	add(8, 0, 77<<16|1, []byte("abcdefghijklmnopqrstuvwxyz"))
	add(0, 0, 77<<16|1, []byte("abcdefghijklmnopqrstuvwxyz"))
	add(9, 0, 0x0202001e, unhex("0a000001 fffffffb 0a000002 00000007"))
	add(10, 0, 0, nil)
	add(13, 0, 1<<16|2, make([]byte, 12))
	add(14, 0, 1<<16|2, make([]byte, 12))
	add(15, 0, 1<<16|2, nil)
	add(17, 0, 1<<16|2, unhex("ffffff00"))
	add(42, 0, 7<<16|0x101, unhex("20000f52 00080301 65746830"))
	add(43, 2, 7<<16|0x146, nil)
	add(11, 0, 32<<16, append(append(u[:34:34], make([]byte, 94)...), unhex("2000ce6f 000c0101 00010f40 00020140")...))
	bad := overIP(layers.ProtocolICMP, icmp(8, 0, 1, []byte("spoiled")))
	bad[len(bad)-1]++
	return append(frames, bad, overIP(layers.ProtocolICMP, []byte{8, 0}))
}

func tcpFrames() (frames [][]byte) {
	for _, options := range []string{
		"", "020405b4 01 030307 0402 080a0000000100000000", "0101080a0000000100000002", "0101050a000007e8000008d0",
		"01010512000007e8000008d000000fa000001388", "2202", "220a0102030405060708", "131200112233445566778899aabbccddeeff",
		"fd04f989", "fd08f98901020304", "fe061234 0102", "1c048123", "1d100102aabbccddeeff001122334455", "060600000001", "0b0600000001", "0e0301",
		"01010101", "030310", "020305", "02", "00010203", "080b0000", "ac05010203", "ae0b010203040506070809",
	} {
		for _, flags := range []uint8{0x02, 0x12, 0x18} {
			frames = append(frames, padded(overIP(layers.ProtocolTCP, tcp(4000, 5000, flags, unhex(options), nil))))
		}
	}
	data := overIP(layers.ProtocolTCP, tcp(4000, 5000, 0x18, nil, []byte("data")))
	bad := overIP(layers.ProtocolTCP, tcp(4000, 5000, 0x18, nil, []byte("spoiled in a router's memory")))
	bad[len(bad)-1]++
	bogus := overIP(layers.ProtocolTCP, tcp(4000, 5000, 0x15, nil, nil))
	bogus[46] = 0x40
	return append(frames, padded(data), bad, padded(bogus), data[:40])
}

func rr(s string) dns.RR {
	r, err := dns.NewRR(s)
	if err != nil {
		panic(err)
	}
	return r
}

func dnsFrames() (frames [][]byte) {
	query := new(dns.Msg).SetQuestion("www.example.com.", dns.TypeA)
	query.Id = 0x1234
	query.SetEdns0(1232, true)
	query.Extra[0].(*dns.OPT).Option = []dns.EDNS0{&dns.EDNS0_COOKIE{Code: dns.EDNS0COOKIE, Cookie: "0102030405060708"}}
	answer := new(dns.Msg).SetReply(query)
	answer.Compress, answer.Authoritative, answer.RecursionAvailable = true, true, true
	for _, s := range []string{
		"www.example.com. 60 IN CNAME web.example.com.", "web.example.com. 60 IN A 192.0.2.1", "web.example.com. 60 IN AAAA 2001:db8::1",
		"example.com. 60 IN MX 10 mail.example.com.", `example.com. 60 IN TXT "one" "two"`, "1.2.0.192.in-addr.arpa. 60 IN PTR web.example.com.",
		"_http._tcp.example.com. 60 IN SRV 1 2 80 web.example.com.", "example.com. 60 IN DNAME example.net.", "example.com. 60 IN TYPE65400 \\# 3 010203",
	} {
		answer.Answer = append(answer.Answer, rr(s))
	}
	answer.Ns = append(answer.Ns, rr("example.com. 60 IN NS ns.example.com."), rr("example.com. 60 IN SOA ns.example.com. root.example.com. 1 2 3 4 5"))
	missing := new(dns.Msg).SetRcode(query, dns.RcodeNameError)
	update := new(dns.Msg).SetUpdate("example.com.")
	update.Id = 9
	records := new(dns.Msg).SetReply(query)
	for _, s := range []string{
		"a. 60 IN HTTPS 1 svc.a. alpn=h2,h3 port=8443 ipv4hint=192.0.2.1,192.0.2.2 ech=AQID ipv6hint=2001:db8::1 no-default-alpn= mandatory=port,alpn key667=zz",
		"a. 60 IN SVCB 0 b.", `a. 60 IN CAA 128 issue "ca.example.net"`, `a. 60 IN CAA 0 iodef "mailto:x@a"`, `a. 60 IN CAA 0 other "v"`,
		"a. 60 IN NSEC b. A NS SOA MX TXT AAAA CAA", "a. 60 IN NSEC3 1 1 5 AABB 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR A RRSIG", "a. 60 IN NSEC3PARAM 1 0 5 -",
		"a. 60 IN DS 1 8 2 0102", "a. 60 IN DNSKEY 257 3 8 AQID", "a. 60 IN TLSA 3 1 1 0102", "a. 60 IN SSHFP 4 2 0102", "a. 60 IN CERT 1 2 8 AQID",
		`a. 60 IN NAPTR 1 2 "u" "E2U+sip" "!^.*$!sip:x@y!" .`, `a. 60 IN HINFO "PC" ""`, "a. 60 IN RP m. t.", "a. 60 IN AFSDB 1 b.", "a. 60 IN KX 5 b.",
		"a. 60 IN LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m", `a. 60 IN SPF "v=spf1"`,
		"a. 60 IN RRSIG A 8 2 60 20231114221320 20230722000000 7 a. AQID",
	} {
		records.Answer = append(records.Answer, rr(s))
	}
	signed := new(dns.Msg).SetQuestion("a.", dns.TypeNSEC)
	signed.Extra = append(signed.Extra, &dns.OPT{Hdr: dns.RR_Header{Name: ".", Rrtype: dns.TypeOPT, Class: 1232}, Option: []dns.EDNS0{
		&dns.EDNS0_LOCAL{Code: 3, Data: []byte("ns1")}, &dns.EDNS0_SUBNET{Code: 8, Family: 1, SourceNetmask: 24, Address: []byte{10, 1, 2, 0}},
		&dns.EDNS0_SUBNET{Code: 8, Family: 2, SourceNetmask: 56, Address: make([]byte, 16)}, &dns.EDNS0_LOCAL{Code: 11, Data: []byte{0, 9}},
		&dns.EDNS0_PADDING{Padding: make([]byte, 5)}, &dns.EDNS0_LOCAL{Code: 13, Data: []byte{1, 'a', 0}}, &dns.EDNS0_EDE{InfoCode: 18, ExtraText: "why"},
		&dns.EDNS0_DAU{AlgCode: []uint8{5, 8}}, &dns.EDNS0_DHU{AlgCode: []uint8{1}}, &dns.EDNS0_N3U{AlgCode: []uint8{1}},
		&dns.EDNS0_COOKIE{Code: 10, Cookie: "01020304050607080910111213141516"}, &dns.EDNS0_LOCAL{Code: 65001},
	}}, &dns.TSIG{Hdr: dns.RR_Header{Name: "key.", Rrtype: dns.TypeTSIG, Class: dns.ClassANY}, Algorithm: dns.HmacSHA256, TimeSigned: 1700000000,
		Fudge: 300, MACSize: 4, MAC: "01020304", OrigId: 1, Error: 18, OtherLen: 6, OtherData: "010203040506"})
	records.Id, signed.Id = 10, 11
	for _, m := range []*dns.Msg{query, answer, missing, update, records, signed} {
		b, err := m.Pack()
		if err != nil {
			panic(err)
		}
		frames = append(frames, overIP(layers.ProtocolUDP, udp(5353+1, 53, b)), overIP(layers.ProtocolUDP, udp(53, 5354, b)),
			overIP(layers.ProtocolTCP, tcp(53, 5354, 0x18, nil, append(binary.BigEndian.AppendUint16(nil, uint16(len(b))), b...))),
			overIP(layers.ProtocolUDP, udp(53, 5354, b[:len(b)/2])))
	}
	loop := unhex("000181000001000000000000 c00c 0001 0001")
	return append(frames, overIP(layers.ProtocolUDP, udp(5354, 53, loop)), overIP(layers.ProtocolUDP, udp(5354, 53, append(query2(), 1, 2, 3))))
}

func query2() []byte { return unhex("000101000001000000000000 03777777 00 0001 0001") }

func httpFrames() (frames [][]byte) {
	for _, s := range []string{
		"GET /a/b?x=1&y=%20z HTTP/1.1\r\nHost: example.com\r\nUser-Agent: t\r\nAccept: */*\r\nCookie: a=1; b=2\r\nX-Own: v\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nServer: s\r\n\r\nhello",
		"HTTP/1.1 304 Not Modified\r\nDate: now\r\n\r\n", "HTTP/1.0 200\r\n\r\nuntil the end",
		"POST /form HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na=b", "GET / HTTP/1.1\r\nHost", "more of a body\nsecond line\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-A: b\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n wo", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7", "\r\nGET / HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n\r\n",
		"\x1b[31mred\x07", "GET /\u202e\u200b\x1b]0;x\x07 HTTP/1.1\r\n\r\n",
	} {
		frames = append(frames, overIP(layers.ProtocolTCP, tcp(40000, 80, 0x18, nil, []byte(s))))
	}
	return frames
}

func seeds() (frames [][]byte) {
	for _, f := range []func() [][]byte{arpFrames, ipFrames, icmpFrames, tcpFrames, dnsFrames, httpFrames, allApplicationFrames, ip6Frames, icmp6Frames, igmpFrames, icmp4Frames, ipOptionFrames, tunnelFrames, pimFrames} {
		frames = append(frames, f()...)
	}
	return frames
}

// writeCapture writes frames into a capture file.
func writeCapture(t *testing.T, frames [][]byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.pcap")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := pcapgo.NewWriter(f)
	if err := w.WriteFileHeader(65535, gl.LinkTypeEthernet); err != nil {
		t.Fatal(err)
	}
	for i, data := range frames {
		info := gopacket.CaptureInfo{Timestamp: time.Unix(1000, int64(i)*1e6), CaptureLength: len(data), Length: len(data)}
		if err := w.WritePacket(info, data); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// TestMadeFramesEqualTshark compares frames that show every field, and every
// way to be wrong.
func TestMadeFramesEqualTshark(t *testing.T) {
	for _, c := range []struct {
		name   string
		frames [][]byte
	}{{"arp", arpFrames()}, {"ip", ipFrames()}, {"icmp", icmpFrames()}, {"tcp", tcpFrames()}, {"dns", dnsFrames()}, {"http", httpFrames()}, {"ip6", ip6Frames()}, {"icmp6", icmp6Frames()}, {"igmp", igmpFrames()}, {"icmp4", icmp4Frames()}, {"ipopt", ipOptionFrames()}} {
		t.Run(c.name, func(t *testing.T) {
			scores := pdml.Scores{}
			score(t, scores, writeCapture(t, c.frames))
			report(t, scores, nil)
		})
	}
}

// verdicts are the fields that tell whether a checksum fits.
var verdicts = map[string]bool{
	"ip.checksum.status": true, "tcp.checksum.status": true, "udp.checksum.status": true, "icmp.checksum.status": true, "icmpv6.checksum.status": true, "igmp.checksum.status": true, "eth.fcs.status": true,
}

// TestVerdictsEqualTshark compares the verdicts on checksums, with all of
// tshark's checks on.
func TestVerdictsEqualTshark(t *testing.T) {
	frames := seeds()
	n, compared := 0, 0
	each := func(protos []pdml.Element) {
		want := map[string]string{}
		var walk func(e pdml.Element, quoted bool)
		walk = func(e pdml.Element, quoted bool) {
			for _, c := range e.Children {
				if verdicts[c.Name] && !quoted {
					want[c.Name] = c.Show
				}
				walk(c, quoted || c.XMLName.Local == "proto")
			}
		}
		for _, p := range protos {
			walk(p, false)
		}
		got := map[string]string{}
		tree := layers.Dissect(frames[n], layers.Options{})
		var look func(nodes []layers.Node)
		look = func(nodes []layers.Node) {
			for _, node := range nodes {
				if verdicts[node.Field.Name] {
					got[node.Field.Name] = string(rune('0' + node.Uint))
				}
				look(node.Children)
			}
		}
		for _, p := range tree.Parts {
			if !p.Quoted {
				look(p.Fields)
			}
		}
		for name, v := range want {
			compared++
			if got[name] != v {
				t.Errorf("frame %d %x: %s is %q, tshark says %q", n+1, frames[n], name, got[name], v)
			}
		}
		n++
	}
	pdml.Tshark(t, writeCapture(t, frames), each, append(pdml.Alone, "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE",
		"-o", "udp.check_checksum:TRUE", "-o", "eth.check_fcs:TRUE")...)
	if compared < 100 {
		t.Errorf("only %d verdicts compared", compared)
	}
}

// TestViewsReadWhatGopacketReads decodes the made frames both ways.
func TestViewsReadWhatGopacketReads(t *testing.T) {
	for _, data := range seeds() {
		p := gopacket.NewPacket(data, gl.LayerTypeEthernet, gopacket.Default)
		if p.ErrorLayer() != nil {
			continue
		}
		if ip, ok := p.Layer(gl.LayerTypeIPv4).(*gl.IPv4); ok {
			h := layers.IPv4Header(ip.Contents)
			if h.HeaderLen() != int(ip.IHL)*4 || h.TotalLen() != int(ip.Length) || h.ID() != ip.Id || h.TTL() != ip.TTL || h.TOS() != ip.TOS ||
				h.FragmentOffset() != int(ip.FragOffset)*8 || h.DF() != (ip.Flags&gl.IPv4DontFragment != 0) || h.Protocol() != uint8(ip.Protocol) ||
				h.Checksum() != ip.Checksum || !net.IP(binary.BigEndian.AppendUint32(nil, h.Src())).Equal(ip.SrcIP) {
				t.Errorf("%x: IPv4 differs from %+v", data, ip)
			}
		}
		if s, ok := p.Layer(gl.LayerTypeTCP).(*gl.TCP); ok && len(s.Contents) >= 20 {
			h := layers.TCPHeader(s.Contents)
			if h.SrcPort() != uint16(s.SrcPort) || h.Seq() != s.Seq || h.Ack() != s.Ack || h.HeaderLen() != int(s.DataOffset)*4 || h.Window() != s.Window ||
				h.Flags()&2 != 0 != s.SYN || h.Flags()&0x80 != 0 != s.CWR || h.Checksum() != s.Checksum || h.Urgent() != s.Urgent {
				t.Errorf("%x: TCP differs from %+v", data, s)
			}
		}
	}
}
