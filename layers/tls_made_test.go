package layers_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"strata/layers"
)

// The conversations made here are of bytes: messages in hexadecimal, put
// together with the lengths that they need.

// with puts a length of size bytes before b.
func with(size int, b string) string {
	return fmt.Sprintf("%0*x", size*2, len(unhex(b))) + b
}

func message(kind int, body string) string { return fmt.Sprintf("%02x", kind) + with(3, body) }

func record(kind int, version, body string) string {
	return fmt.Sprintf("%02x", kind) + version + with(2, body)
}

func extension(kind int, body string) string { return fmt.Sprintf("%04x", kind) + with(2, body) }

var chance = strings.Repeat("5a", 32)

const retryRandom = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"

func clientHello(version, suites string, extensions ...string) string {
	return message(1, version+chance+with(1, "0102")+with(2, suites)+with(1, "00")+with(2, strings.Join(extensions, "")))
}

func serverHello(version, suite string, extensions ...string) string {
	return message(2, version+chance+with(1, "")+suite+"00"+with(2, strings.Join(extensions, "")))
}

func in(hexes ...string) segment  { return segment{true, unhex(strings.Join(hexes, ""))} }
func out(hexes ...string) segment { return segment{false, unhex(strings.Join(hexes, ""))} }

func text(s string) string { return hex.EncodeToString([]byte(s)) }

// helloExtensions are all extensions of a Client Hello, some of them wrong.
func helloExtensions() []string {
	share := "001d" + with(2, strings.Repeat("11", 32))
	all := []string{
		extension(0, with(2, "00"+with(2, text("example.org")))), extension(1, "02"), extension(5, "01"+with(2, "")+with(2, "")),
		extension(9, with(1, "0001")), extension(10, with(2, "001d00170a0a")), extension(11, with(1, "000102")), extension(12, with(1, text("user"))),
		extension(13, with(2, "0403080408070203")), extension(14, "0002000100"), extension(15, "01"), extension(16, with(2, with(1, text("h2"))+with(1, text("http/1.1")))),
		extension(17, with(2, "02"+with(2, "00000000"))), extension(18, ""), extension(19, with(1, "02")), extension(20, with(1, "0200")), extension(21, "000000"),
		extension(22, ""), extension(23, ""), extension(24, "000d0102"), extension(27, with(1, "00020001")), extension(28, "4001"), extension(34, with(2, "0403")),
		extension(35, "0102"), extension(40, with(2, share)), extension(41, with(2, with(2, "aabb")+"00000007")+with(2, with(1, chance))), extension(43, with(1, "0304030303020a0a7f17")),
		extension(44, with(2, "c0")), extension(45, with(1, "0100")), extension(47, with(2, with(2, "300d310b300906035504061302444 5"))), extension(49, ""),
		extension(50, with(2, "0403")), extension(51, with(2, "0a0a000100"+share)), extension(53, with(1, "01")), extension(54, with(1, "0102")), extension(13172, with(1, text("spdy/3"))),
		extension(17513, with(2, with(1, text("h2")))), extension(65281, with(1, "0102")), extension(30032, ""), extension(0x1a1a, "00"),
		extension(65486, "1301"+share+with(2, "aa")+with(2, "bb")), extension(999, "0102"),
	}
	return append(all, extension(57, quicParameters()), extension(0xffa5, with(2, "0001"+with(2, "4102")+"0005"+with(2, "80001000"))),
		extension(0, with(2, "00"+"0009"+"61")), extension(51, with(2, "001d"+"0040"+"11")), extension(10, with(2, "001d00")), extension(16, "0009"+"0141"))
}

func quicParameters() string {
	var all string
	for _, p := range []string{
		"00" + with(1, "0102"), "01" + with(1, "4100"), "02" + with(1, chance[:32]), "03" + with(1, "45c0"), "04" + with(1, "80001000"), "05" + with(1, "01"), "06" + with(1, "02"), "07" + with(1, "03"),
		"08" + with(1, "04"), "09" + with(1, "05"), "0a" + with(1, "03"), "0b" + with(1, "19"), "0c00", "0d" + with(1, "c0000201"+"01bb"+"20010db8000000000000000000000001"+"01bb"+with(1, "0102")+chance[:32]),
		"0e" + with(1, "02"), "0f" + with(1, "0304"), "10" + with(1, "05"), "20" + with(1, "4400"), "5000" + with(1, "0102"), "5057" + with(1, "00"), "7127" + with(1, "01"), "7128" + with(1, text("ABCD")),
		"7129" + with(1, text("agent")), "712b00", "800047 52" + with(1, "00000001"), "80ff73db" + with(1, "0000000100000002"), "11" + with(1, "0000000100000002"), "c0000000ff03de1a" + with(1, "4010"), "6ab200", "1b" + with(1, "ab"), "c0000000ff02de1a" + with(1, "4010"),
	} {
		all += p
	}
	return all
}

// handshakes are the hello of a server for a suite, and messages that need it.
func handshakes(version, suite string, server, client string) conversation {
	return conversation{443, []segment{
		out(record(22, "0301", clientHello(version, suite))),
		in(record(22, version, serverHello(version, suite)+message(12, server)+message(14, ""))),
		out(record(22, version, message(16, client)), record(20, version, "01"), record(22, version, message(20, chance[:24]))),
		in(record(20, version, "01"), record(22, version, chance+chance)),
	}}
}

func keyExchanges() (all []conversation) {
	signature := with(2, "3003020101")
	dh := with(2, "00ff") + with(2, "02") + with(2, "abcd")
	ec := "03001d" + with(1, chance)
	for _, k := range [][4]string{
		{"0303", "c02b", ec + "0403" + signature, with(1, chance)}, {"0301", "c013", ec + signature, with(1, chance)}, {"0303", "c018", ec, with(1, chance)}, {"0303", "c009", "01" + chance, with(1, chance)},
		{"0303", "0033", dh + "0401" + signature, with(2, "1234")}, {"0302", "0034", dh, with(2, "1234")}, {"0303", "002f", "", with(2, chance)}, {"0300", "0003", with(2, "00c1") + with(2, "03") + signature, chance},
		{"0303", "008c", with(2, text("hint")), with(2, text("me"))}, {"0303", "0094", with(2, text("hint")), with(2, text("me")) + with(2, chance)}, {"0303", "0090", with(2, "") + dh, with(2, text("me")) + with(2, "12")},
		{"0303", "c035", with(2, "") + ec, with(2, text("me"))}, {"0303", "c0ff", "03001d" + with(1, "01") + with(1, "02") + with(1, "03"), with(1, "04") + with(1, "05") + with(1, "06")},
		{"0303", "c01d", "0102", "0304"}, {"0303", "0031", "", with(2, "99")}, {"0303", "1a1a", "0102", "0304"}, {"0303", "00aa", "0000", "0000"},
	} {
		all = append(all, handshakes(k[0], k[1], k[2], k[3]))
	}
	return all
}

func certificateTalks() []conversation {
	name := "300d310b3009060355040613024445"
	tls13 := serverHello("0303", "1301", extension(43, "0304"), extension(51, "001d"+with(2, chance)))
	sct := with(2, with(2, "00"+chance+"0000017000000000"+with(2, "aa")+"0403"+with(2, "01"))+with(2, "01"))
	hello := out(record(22, "0301", clientHello("0303", "c02b")))
	entry := with(3, "3003020101")
	return []conversation{
		{443, []segment{hello, in(record(22, "0303", serverHello("0303", "c02b", extension(18, sct), extension(15, "02"), extension(65281, "00"), extension(16, with(2, with(1, text("h2")))), extension(20, "02"))+
			message(22, "01"+with(3, "3003020101"))+message(22, "02"+with(3, with(3, "30")+with(3, "31")))+
			message(13, with(1, "0140")+with(2, "04010203")+with(2, with(2, name)+with(2, name)))+message(0, "")+message(11, entry))),
			out(record(22, "0303", message(11, with(3, entry))+message(15, "0403"+with(2, "3000"))+message(21, "01"+"0001"+with(2, text("http://x"))+"01"+chance[:40])+message(67, with(1, text("h2"))+with(1, "00")))),
			in(record(22, "0303", message(4, "00000e10"+with(2, chance))+message(25, "0001"+"000100"+with(3, "0102"))+message(23, "0102")))}},
		{443, []segment{hello, in(record(22, "0301", serverHello("0301", "c013")+message(13, with(1, "01")+with(2, "")))), in(record(21, "0301", "0230"), record(21, "0301", chance), record(24, "0301", "010003616263"+chance), record(24, "0301", "014000"), record(24, "0301", "09"+chance))}},
		{443, []segment{hello, in(record(22, "0303", tls13), record(20, "0303", "01"), record(23, "0303", chance)), out(record(20, "0303", "01"), record(23, "0303", chance), record(21, "0303", "0232")),
			in(record(22, "0303", message(8, with(2, extension(0, "")))+message(11, with(1, "")+with(3, entry+with(2, extension(5, "01"+with(3, "30"))+extension(18, sct))))+message(13, with(1, "07")+with(2, extension(13, with(2, "0403"))+extension(48, with(2, with(1, "0603551d0f")+with(2, "")))))+
				message(15, "0403"+with(2, "00"))+message(20, chance)+message(4, "0000000100000002"+with(1, "00")+with(2, chance)+with(2, extension(42, "00004000")))+message(24, "01")))}},
		{443, []segment{out(record(22, "0301", clientHello("0303", "1301", extension(51, with(2, ""))))),
			in(record(22, "0303", message(2, "0303"+retryRandom+with(1, "")+"1301"+"00"+with(2, extension(43, "0304")+extension(51, "0018")+extension(44, with(2, "c0c1"))))), record(20, "0303", "01")),
			out(record(20, "0303", "01"), record(22, "0303", clientHello("0303", "1301", extension(42, "")))), out(record(23, "0303", chance))}},
		{443, []segment{hello, in(record(22, "0303", message(2, "7f12"+chance+"1301"+with(2, extension(40, "001d"+with(2, chance)))))), in(record(20, "0303", "01"), record(23, "0301", chance)), in(record(22, "0301", message(6, "7f13"+"1301"+with(2, extension(40, "001d")))))}},
	}
}

// oddTalks begin in the middle, are cut up, or are not what they seem.
func oddTalks() []conversation {
	long := record(22, "0303", clientHello("0303", "c02bc02f1301", extension(0, with(2, "00"+with(2, text(strings.Repeat("name.", 30)+"example")))), extension(21, strings.Repeat("00", 200))))
	body := long[10:]
	split := record(22, "0303", body[:100]) + record(22, "0303", body[100:104]) + record(22, "0303", body[104:]+message(0, ""))
	v2 := "0103010018000000 20" + "010080" + "0700c0" + "00002f" + "00c02f" + "0000ff" + "030080" + "040080" + "060040" + chance
	v2server := "0400010002" + "0000" + "0003" + "0010" + "010080" + chance[:32]
	return []conversation{
		{443, []segment{out(long[:60]), out(long[60:]), out(long, long[:40]), out(long + "1603"), out("160303")}},
		{443, []segment{out(split)}},
		{443, []segment{out(record(22, "0301", clientHello("0303", "c02f"))), in(record(22, "0303", serverHello("0303", "c02f")), "0102030405060708"), in(chance), in(record(23, "0303", chance) + "19"), in(record(25, "0303", chance))}},
		{443, []segment{out(text("text")), out(text("more text"))}}, {443, []segment{out(text("GET / HTTP/1.1\r\n\r\n"))}},
		{9999, []segment{out(chance), out(record(22, "0301", clientHello("0303", "c02f"))), in(record(22, "0303", serverHello("0303", "c02f"))), out(chance)}},
		{9998, []segment{out(record(23, "0303", chance)), in(record(21, "0303", "0100")), out(record(22, "0303", "00000000000000001122334455667788990011"))}},
		{443, []segment{out("802e" + v2[:4] + v2[4:]), in(record(22, "0301", serverHello("0301", "002f")))}},
		{443, []segment{out(with(2, v2)[:0] + fmt.Sprintf("%04x", 0x8000+len(unhex(v2))) + v2), in(fmt.Sprintf("%04x", 0x8000+len(unhex(v2server))) + v2server), out("801a" + "02010080" + "0000" + "0008" + "0008" + chance[:32]), out("8005" + "0102030405"), out("000905" + "030102030405060708")}},
		{443, []segment{out(record(22, "0303", "0a000001ff"+chance)), out(record(22, "0303", "63000001ff")), out(record(23, "0303", "") + record(23, "0303", "aa")), out(record(22, "0303", "01ffffff"+chance))}},
		{443, []segment{out(record(22, "0303", message(1, "0303"+chance+"ff"+chance))), out(record(22, "0303", message(1, "0303"+chance+"00"+"ffff"+"1301"))), out(record(22, "0303", message(1, "0303"+chance+"00"+"000313010a"+"0100"+"0008"+"ffff00ff"+"00")))}},
		{443, []segment{out(record(22, "0303", message(1, "0303"))), in(record(22, "0303", message(2, "0303"+chance+"00"+"c02f"+"00")+message(12, "03001dff")))}},
	}
}

func madeTLS() []conversation {
	all := append(keyExchanges(), certificateTalks()...)
	all = append(all, oddTalks()...)
	for _, e := range helloExtensions() {
		all = append(all, conversation{443, []segment{out(record(22, "0301", clientHello("0303", "13011302c02b0a0a00ff", e)))}})
	}
	return append(all, conversation{443, []segment{out(record(22, "0301", clientHello("0303", "1301", helloExtensions()...)))}})
}

// TestMadeTLSEqualsTshark: every message and extension, and much that is wrong.
func TestMadeTLSEqualsTshark(t *testing.T) { equalTshark(t, madeTLS()) }

func FuzzTLS(f *testing.F) {
	for _, c := range madeTLS() {
		for _, s := range c.segments {
			f.Add(s.data, uint16(0), uint16(0), s.back)
			f.Add(s.data, uint16(0x303), uint16(0xc02f), s.back)
			f.Add(s.data, uint16(0x304), uint16(0x1301), s.back)
		}
	}
	f.Fuzz(func(t *testing.T, payload []byte, version, cipher uint16, back bool) {
		if len(payload) > 60000 {
			return
		}
		session := layers.TLSSession{Version: version, Cipher: cipher, Server: 443}
		s := segment{back, payload}
		check(t, layers.Dissect(s.frame(0, 443), layers.Options{Seen: []layers.Seen{{TLS: &session}}}))
		check(t, layers.Dissect(s.frame(0, 443), layers.Options{WireLen: len(payload) + 100}))
		src, dst := s.ports(0, 443)
		session.Segment(1, src, dst, payload, len(payload)+int(version%3))
		session.Segment(2, src, dst, payload, len(payload))
	})
}
