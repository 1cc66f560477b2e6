package layers_test

import (
	"encoding/binary"
	"math/rand/v2"

	"github.com/miekg/dns"

	"strata/layers"
)

// dnsRecord is a record of the name a. with data as it is on the wire.
func dnsRecord(typ uint16, data []byte) []byte {
	r := binary.BigEndian.AppendUint16(unhex("016100"), typ)
	r = append(r, unhex("0001 0000003c")...)
	return append(binary.BigEndian.AppendUint16(r, uint16(len(data))), data...)
}

// dnsAnswer is an answer with records that follow no rules.
func dnsAnswer(records ...[]byte) []byte {
	m := unhex("12348580000100000000 0000 0161 00 0001 0001")
	m[7] = byte(len(records))
	for _, r := range records {
		m = append(m, r...)
	}
	return m
}

func dnsRecords() (messages [][]byte) {
	for _, s := range []string{
		"a. 60 IN MD b.", "a. 60 IN MF b.", "a. 60 IN MB b.", "a. 60 IN MG b.", "a. 60 IN MR b.", "a. 60 IN MINFO b. c.", "a. 60 IN X25 3110", `a. 60 IN GPOS -32.6 116.8 10.0`,
		"a. 60 IN RT 5 b.", "a. 60 IN PX 10 b. c.", "a. 60 IN NSAP-PTR b.", "a. 60 IN NID 10 0014:4fff:ff20:ee64", "a. 60 IN L32 10 10.1.2.0", "a. 60 IN L64 10 2001:0DB8:1140:1000",
		"a. 60 IN LP 10 b.", "a. 60 IN EUI48 00-00-5e-00-53-2a", "a. 60 IN EUI64 00-00-5e-ef-10-00-00-2a", "a. 60 IN APL 1:10.0.0.0/8 !1:10.1.0.0/16 2:2001:db8::/32",
		"a. 60 IN IPSECKEY 10 1 2 192.0.2.38 AQID", "a. 60 IN IPSECKEY 10 3 2 b. AQID", "a. 60 IN IPSECKEY 10 0 2 . AQID", "a. 60 IN IPSECKEY 10 2 2 2001:db8::1 AQID", "a. 60 IN DHCID AQID",
		"a. 60 IN HIP 2 200100107B1A74DF365639CC39F1D578 AwEA rvs.b. rvs2.b.", "a. 60 IN SMIMEA 3 0 0 0102", "a. 60 IN OPENPGPKEY AQID", "a. 60 IN CSYNC 66 3 A NS AAAA",
		"a. 60 IN ZONEMD 2018031500 1 1 0102030405060708090A0B0C", `a. 60 IN URI 10 1 "ftp://b"`, "a. 60 IN CDS 1 8 2 0102", "a. 60 IN CDNSKEY 257 3 8 AQID", "a. 60 IN DLV 1 8 2 0102",
		"a. 60 IN SRV 1 2 80 b.", "_s.a. 60 IN SRV 1 2 80 b.", "a. 60 IN DNAME b.", "a. 60 IN KEY 256 3 8 AQID", "a. 60 IN KEY 49152 3 8 AQID",
	} {
		m := new(dns.Msg).SetReply(new(dns.Msg).SetQuestion("a.", dns.TypeA))
		m.Answer = []dns.RR{rr(s)}
		b, err := m.Pack()
		if err != nil {
			panic(err)
		}
		messages = append(messages, b)
	}
	for _, r := range []struct {
		typ  uint16
		data string
	}{
		{10, "0102"}, {11, "c0000201 06 00 40 01"}, {20, "03313233"}, {20, "03313233 023435"}, {22, "470005"}, {24, "0001 08 01 0000003c 60000000 5f000000 0007 016100 0102"}, {29, "01 0203"},
		{30, "016200 40000080"}, {38, "40 0000000000000001 016200"}, {38, "00 20010db8000000000000000000000001"}, {38, "80 016200"}, {65281, "00000001 00000002 00000003 00000002 c0000201 c0000202"},
		{65282, "00010000 00000002 00000003 016200"}, {65422, "04 11 c0000201 c0000202 1234 0035"}, {65422, "06 11 20010db8000000000000000000000001 20010db8000000000000000000000002 1234 0035"}, {65422, "07"},
		{249, "016100 60000000 60001000 0003 0000 0002 0102 0001 03"}, {256, "000a0001 66"}, {41, "0008 0003 000118"}, {41, "000a 0004 01020304"}, {41, "50fa 0007 0001 18 00 0a0102"}, {41, "0008 0006 0003 00 00 0102"},
		{41, "000f 0001 00"}, {41, "000b 0000 000f 0002 0012 0003 0002 6162 0009 0004 00000001"}, {64, "0001 00 0001 0003 026832"}, {65, "0001 00 0003 0000 0004 0003 010203"}, {257, "00 05 6973737565"}, {257, "80 03 697373 76"}, {257, "00 ff 61"},
		{1, "0102"}, {28, "0102"}, {15, "00"}, {16, "05 61"}, {16, "01 61 00 02 6262"}, {6, "00 00 00000001"}, {33, "0001"}, {48, "0101 03"}, {43, "0001 08"}, {47, "016200 0001 40 0101 02"}, {50, "01 01 0001 00 00 0001 40"}, {50, "01 00 0001 02 aabb 02 ccdd"},
		{5, "c0"}, {5, "c000"}, {5, "c00c"}, {5, "c01a"}, {5, "0178c00c"}, {5, "80"}, {5, "4108ff 00"}, {5, "42"}, {5, "3f61"}, {12, "00"}, {62, "00000042 0003 0001 40"}, {250, "00 000060000000 012c 0000 0001 0000 0000"},
	} {
		messages = append(messages, dnsAnswer(dnsRecord(r.typ, unhex(r.data))), dnsAnswer(dnsRecord(r.typ, unhex(r.data)), dnsRecord(1, unhex("c0000201"))))
	}
	return messages
}

func dnsOtherFrames() (frames [][]byte) {
	add := func(port uint16, m []byte) { frames = append(frames, overIP(layers.ProtocolUDP, udp(port, port, m))) }
	for _, m := range dnsRecords() {
		add(53, m)
	}
	r := rand.New(rand.NewPCG(7, 8))
	for typ := uint16(0); typ < 260; typ++ {
		var records [][]byte
		for _, size := range []int{0, 1 + r.IntN(4), 5 + r.IntN(30)} {
			data := make([]byte, size)
			for i := range data {
				data[i] = byte(r.Uint32() >> (r.IntN(4) * 3) & 0x7f)
			}
			records = append(records, dnsRecord(typ, data))
		}
		add(53, dnsAnswer(records...))
	}
	query := new(dns.Msg).SetQuestion("_http._tcp.local.", dns.TypePTR)
	query.Question[0].Qclass |= 0x8000
	query.SetEdns0(1440, false)
	query.Answer = []dns.RR{rr("_http._tcp.local. 60 IN PTR x._http._tcp.local.")}
	answer := new(dns.Msg).SetReply(query)
	for _, s := range []string{"x.local. 60 IN A 192.0.2.1", `x._http._tcp.local. 60 IN TXT "grün"`, "x._http._tcp.local. 60 IN SRV 1 2 80 x.local.", "x.local. 60 IN NSEC x.local. A AAAA"} {
		record := rr(s)
		record.Header().Class |= 0x8000
		answer.Answer = append(answer.Answer, record)
	}
	update := new(dns.Msg).SetUpdate("example.com.")
	update.NameNotUsed([]dns.RR{rr("b.example.com. 60 IN A 192.0.2.1")})
	update.Insert([]dns.RR{rr("b.example.com. 60 IN A 192.0.2.1")})
	update.RemoveRRset([]dns.RR{rr("c.example.com. 60 IN A 192.0.2.1")})
	for _, m := range []*dns.Msg{query, answer, update} {
		b, err := m.Pack()
		if err != nil {
			panic(err)
		}
		for _, port := range []uint16{5353, 5355, 53} {
			add(port, b)
			add(port, b[:len(b)-5])
		}
		for _, more := range [][]byte{withLength(b), {0, 2, 1, 2, 0}} {
			frames = append(frames, overIP(layers.ProtocolTCP, tcp(53, uint16(5400+len(frames)), 0x18, nil, append(withLength(b), more...))))
		}
	}
	for _, s := range []string{"0001 3000 0000 0000 0000 0000 0001 0008 00000001 00000002 0003 0002 0000 0040 0001 ff", "0001 b000 0000 0000 0000 0000 0002 0004 00001000", "0001 3000 0000 0000 0000 0000 0001 0008 0000",
		"0001 3000 0000 0000 0000 0000", "0001", "000101", "00010100", "0001 0100 0001 0000 0000", "0001 0100 0001 0000 0000 0000 c00c 0001 0001", "0001 0100 0002 0000 0000 0000 0161 00 0001 0001", "0001 0120 0001 0000 0000 0000 0161 00 00ff 0003 01"} {
		m := unhex(s)
		add(53, m)
		frames = append(frames, overIP(layers.ProtocolTCP, tcp(53, uint16(5400+len(frames)), 0x18, nil, withLength(m))))
	}
	return frames
}
