package layers_test

import (
	"encoding/binary"
	"math/rand/v2"

	"strata/layers"
)

// Addresses of made IPv6 packets.
var (
	ip6A = [16]byte(unhex("20010db8000000000000000000000001"))
	ip6B = [16]byte(unhex("20010db8000000000000000000000002"))
)

// numbers are bytes that tell their place: 1, 2, 3 …
func numbers(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i + 1)
	}
	return b
}

func ip6(next uint8, payload []byte) []byte { return ip6Between(ip6A, ip6B, next, payload) }

func ip6Between(src, dst [16]byte, next uint8, payload []byte) []byte {
	h := binary.BigEndian.AppendUint16(unhex("60012345"), uint16(len(payload)))
	h = append(h, next, 255)
	h = append(append(h, src[:]...), dst[:]...)
	return append(h, payload...)
}

func over6(next uint8, payload []byte) []byte {
	return ethernet(layers.EtherTypeIPv6, ip6(next, payload))
}

func icmp6(typ, code uint8, rest []byte) []byte {
	m := append([]byte{typ, code, 0, 0}, rest...)
	binary.BigEndian.PutUint16(m[2:], layers.Checksum(layers.Sum(m, layers.PseudoHeader6(ip6A, ip6B, 58, len(m)))))
	return m
}

// join puts pieces of hex and bytes together.
func join(pieces ...any) (b []byte) {
	for _, p := range pieces {
		switch p := p.(type) {
		case string:
			b = append(b, unhex(p)...)
		case []byte:
			b = append(b, p...)
		}
	}
	return b
}

// header6 is an extension header with padding up to a multiple of 8 bytes.
func header6(next uint8, body []byte) []byte {
	h := append([]byte{next, 0}, body...)
	if pad := -len(h) & 7; pad == 1 {
		h = append(h, 0)
	} else if pad > 1 {
		h = append(h, 1, byte(pad-2))
		h = append(h, make([]byte, pad-2)...)
	}
	h[1] = byte(len(h)/8 - 1)
	return h
}

func ip6Frames() (frames [][]byte) {
	u := udp(5000, 5001, []byte("six"))
	add := func(next uint8, payload []byte) { frames = append(frames, over6(next, payload)) }
	for _, option := range []string{
		"050200 00", "0402 0001", "040105", "c2040001 0000", "c2040000 0010", "c203000100", "6304a0010002", "6303a00100", "6306a001000200ff",
		"070811223344 01 05 abcd deadbeef", "0708112233440105abcd", "07041122334401", "0804 81aabbcc", "0805 12aabbcc0102", "080301aabb", "0f0a0102000300040005 0006",
		"2606 00400000aabb ccdd", "2606 0540aabbccdd", "2606 8500aabbccdd", "260620", "3004 05dc0501", "3002 05dc", "3104 0000 0000", "310400020102", "310100",
		"4104 00000007", "6d0a 80 01 0102030405060708", "6d0200ff", "6d044001abcd", "6d12c0010102030405060708090a0b0c0d0e0f10", "8a0401020304", "8b0401020304", "8c0504 6c696e65",
		"8c05ff6c696e65", "ee03b00102", "ee04b0010203", "1e03010203", "fe00", "3f021122", "01", "00", "000000", "01030000 00", "c910" + "20010db8000000000000000000000009", "c90420010db8",
		"ff0a00",
	} {
		add(0, join(header6(17, unhex(option)), u))
		add(60, join(header6(17, unhex(option)), u))
	}
	node := "40 01020a 0003 0004 00000005 00000006 00000007 00000008 00000009 0000000a" // short items
	for _, trace := range []string{
		"0007 4800 c00000 00" + "40000001 00020003 40000004 00050006", "0007 4b01 c00002 00" + "00000000 40000001 00020003 01000007 aabbccdd 40000004 00050006 00000008",
		"0007 3c00 00f000 00" + node[:0] + "0102030405060708 0000000100000002 0000000000000003 00000004", "0007 0000 c00000 00", "0007 487f c00000 00", "0007 1000 c00000 00 00000000",
		"0007 4800 c00002 00" + "40000001 00020003", "0007 4800 c00002 00" + "40000001 00020003 ff000001", "0007 0800 000400 00 01020304", "0007 4000 ff0000 00" + "40010203 00040005 00000006 00000007 00000008 00000009 0000000a 0000000b",
	} {
		b := unhex(trace)
		add(0, join(header6(17, join([]byte{0x31, byte(len(b) + 2), 0, 0}, b)), u))
	}
	a, b := "20010db8000000000000000000000007", "ff020000000000000000000000000001"
	for _, routing := range []string{
		"0001 00000000" + a, "0000 00000000" + a, "0002 00000000" + a + b, "0003 00000000" + a, "0000 00000000 01020304", "0201 00000000" + a, "0200 00000000" + a + a,
		"0301 c0200000 01020304 0000", "0302 cc400000 01020304 05060708 00000000", "0301 00000000" + a, "0301 00100001" + a, "0300 f0f00000", "0400 00000000" + a, "0401 01000000" + a + b,
		"0405 01ff1234" + a + b, "0400 05000000" + a, "0501 0001 0002 0003 0000", "0501 0001 0002", "0505 0001 0002", "0601 00000001 00000002 00000000", "0600 00000001", "0101 01020304", "fd01 01020304 05060708",
	} {
		add(43, join(header6(17, unhex(routing)), u))
	}
	for _, fragment := range []string{"1100 0000 00000001", "1100 0001 00000001", "11ff 0008 00000001", "1107 05af 00000001", "3c00 0001 00000001"} {
		add(44, join(fragment, u))
	}
	add(0, join(header6(44, unhex("05020000")), "1100 0001 00000001", u))
	add(44, join("3c00 0000 00000001", header6(17, nil), u))
	add(60, join(header6(0, nil), header6(59, nil), "0102"))
	add(59, nil)
	add(59, unhex("010203"))
	add(51, join("1104 0000 00001234 00000005", numbers(12), u))
	add(51, join("1100 0000 00001234 00000005", u))
	add(51, unhex("1104 0000 00001234"))
	add(50, join("00001234 00000005", numbers(32)))
	add(50, unhex("000012"))
	add(4, ipv4(layers.ProtocolUDP, nil, u, nil))
	add(41, ip6(17, u))
	add(17, udp(1, 2, nil))
	for _, addresses := range []string{
		"2002c00002010001000000000000000120020a00000100000000000000000001", "200100004136e378800063bf3fffedd2fe80000000000000021122fffe334455",
		"0064ff9b0000000000000000c0000221fe8000000000000000005efec0000202", "fe8000000000000002005efec0000203fe80000000000000021122fffe334466",
	} {
		b := unhex(addresses)
		frames = append(frames, ethernet(layers.EtherTypeIPv6, ip6Between([16]byte(b[:16]), [16]byte(b[16:]), 17, u)))
	}
	jumbo := over6(0, join(header6(17, unhex("c2040001 0100")), u))
	jumbo[18], jumbo[19] = 0, 0
	missing := over6(0, join(header6(17, nil), u))
	missing[18], missing[19] = 0, 0
	segmented := over6(17, u)
	segmented[18], segmented[19] = 0, 0
	zero := over6(17, u)
	zero[60], zero[61] = 0, 0
	v6in4 := overIP(41, ip6(17, u))
	for _, next := range []uint8{0, 43, 44, 51, 60} { // extension headers of IPv6 over IPv4
		frames = append(frames, overIP(next, join(header6(17, unhex("0000 0000 0000")), u)))
	}
	return append(frames, jumbo, missing, segmented, zero, v6in4, v6in4[:70], overIP(4, ipv4(layers.ProtocolUDP, nil, u, nil)), overIP(4, ip6(17, u)), overIP(50, numbers(20)))
}

// icmp6Bodies are messages after the checksum, by type and code.
func icmp6Bodies() (all []struct {
	typ, code uint8
	body      []byte
}) {
	add := func(typ, code uint8, pieces ...any) {
		all = append(all, struct {
			typ, code uint8
			body      []byte
		}{typ, code, join(pieces...)})
	}
	quoted := ip6(17, udp(5000, 5001, []byte("quoted")))
	a := "20010db8000000000000000000000007"
	for code := range uint8(9) {
		add(1, code, "00000000", quoted)
	}
	add(2, 0, "00000500", quoted)
	add(3, 0, "00000000", quoted[:50])
	add(3, 1, "07000000", append(quoted[:54:54], 0, 0), "20000000 00080301 65746830")
	add(3, 1, "20000000", quoted)
	add(4, 1, "00000006", ip6(200, []byte("unknown")))
	add(4, 0, "00000006", ip6(0, join(header6(58, unhex("05020000")), icmp6(128, 0, unhex("00010002")))))
	add(1, 0, "00000000", "45000014")
	add(128, 0, "00070001", "616263")
	add(129, 0, "00070001")
	add(128, 0, "0007")
	for _, typ := range []uint8{130, 131, 132} {
		add(typ, 0, "2710 0000", a)
	}
	add(130, 0, "2710 0000", a, "0a 7d 0002", a, a)
	add(130, 0, "ffff 0000", a, "0a ff 0000")
	add(130, 0, "ffff 0000", a, "0a ff 0003", a)
	add(143, 0, "0000 0002", "01000000", a, "04010002", a, a, a, "aabbccdd")
	add(143, 0, "0000 0002", "04010002", a, a)
	for _, typ := range []uint8{133, 141, 142} {
		add(typ, 0, "00000000", "0101020000000101")
	}
	add(134, 0, "40c80708 00000001 00000002", "0101020000000101", "05010000 000005dc", "0304 40c0 00000e10 00000708 00000000", a)
	add(135, 0, "00000000", a, "0101020000000101")
	add(136, 0, "e0000000", a, "0201020000000101")
	add(137, 0, "00000000", a, a, "0409 000000000000", quoted, "0000")
	add(137, 0, "00000000", a, a, "0401 000000000000")
	add(138, 0, "00000001 00f803e8 00000000", "010b0140 00800000", a, "40000040 00001000 00002000 c0000000", a)
	add(138, 0, "00000001 00f803e8 00000000", "010b01c8 00800000", a)
	add(138, 1, "00000001 00f803e8 00000000", "00030140 00000007", a, "000301ff 00000007", a)
	add(138, 255, "00000001 00000000 00000000")
	nonce := "0102030405060708"
	add(139, 0, "0003 003e", nonce, a)
	add(139, 1, "0002 0000", nonce, "0161 00")
	add(139, 1, "0002 0000", nonce, "0377777707657861 6d706c6503636f6d00")
	add(139, 2, "0004 0000", nonce, "0a000001")
	add(139, 3, "0004 0000", nonce, "0a000001")
	add(139, 0, "0000 0000", nonce)
	add(140, 0, "0002 0000", nonce, "00000010", "0468 6f7374 00 00")
	add(140, 0, "0003 0000", nonce, "00000010", a, "00000010", a)
	add(140, 0, "0004 0000", nonce, "00000010 0a000001 00000010 0a0000")
	add(140, 1, "0000 0000", nonce, "01")
	add(144, 0, "1234 0000")
	add(145, 0, "1234 0000", a, a)
	add(145, 0, "1234 0000", a, "01")
	add(146, 0, "1234 0000")
	add(147, 0, "1234 c000", "0304 40c0 00000e10 00000708 00000000", a)
	add(148, 0, "1234 ffff", "0f02 0203 6e616d65 2e00 000000000000")
	add(149, 0, "1234 0002 0001 0000", "1002 0200 00000000 0000000000000000")
	for _, typ := range []uint8{150, 154} {
		for kind := range byte(7) {
			add(typ, 0, []byte{kind, 0xc0}, "1234", "0101020000000101")
		}
	}
	add(151, 0, "007d 0002")
	add(152, 0, "00000000")
	add(153, 0, "")
	add(156, 0, "02 00 0000", numbers(24))
	add(156, 0, "02 00 0000", numbers(12))
	add(157, 0, "00 00 003c 0102030405060708", a)
	add(158, 0, "01 00 003c 0102030405060708", a)
	add(159, 0, "05 04 80", "06 09 abcd c0 01", "07 06 0102030405060708 80", "08 07", a, "09 04")
	add(159, 0, "05 02 80")
	add(159, 0, "05 10 80 80")
	add(159, 1, "05 04 80")
	add(160, 0, "1234 01 01", "2000dfff 00080301 65746830")
	add(160, 0, "1234 01 00")
	add(161, 2, "1234 01 57")
	add(200, 0, "01020304")
	add(100, 0, "")
	return all
}

// rplBodies are RPL messages.
func rplBodies() (all [][]byte) {
	add := func(code uint8, pieces ...any) { all = append(all, append([]byte{code}, join(pieces...)...)) }
	a := "20010db8000000000000000000000007"
	options := []string{
		"00", "0103000000", "0100", "0202ffff", "0306 4018 00000e10", "030e 4018 00000e10 20010db800000000", "0316 8018 00000e10" + a, "0307 4018 00000e10 20",
		"040e 0d 08 0c 0a 0700 0100 0001 00 1e 003c", "0404 0d080c0a", "0502 0000", "050a 0040 20010db800000000", "0512 0080" + a, "0604 80010203", "0614 80010203" + a, "0713 01e0" + a + "05",
		"081e 40e0 00000e10 00000708 00000000" + a, "0904 01020304", "0a12 8041" + a, "0a16 84c1" + a + "01020304", "0a12 6040" + a, "0b03010203", "05ff0080",
		"0206 01 0000 02 0102", "020c 01 0400 08 0103 0702aabb 0900", "0208 02 0080 04 0f64 0132", "0206 03 0000 02 0103", "0208 04 0000 04 000f4240", "0208 05 0000 04 000f4240",
		"0207 06 0000 03 00 21 42", "0206 07 0000 02 0100", "0207 08 0200 03 00 0047", "0207 08 0080 03 00 0047", "0207 08 0000 03 00 0047", "0207 09 0000 03 000047", "0207 01 0000 09 000047",
	}
	for _, o := range options {
		add(0, "0000", o)
		add(4, "01 01 f000", a, o)
	}
	add(1, "01 02 0100 8d 05 00 00", a, "0904 01020304")
	add(2, "01 c0 00 07", a)
	add(2, "01 80 00 07", "0512 0080", a)
	add(3, "01 80 07 00", a)
	add(3, "01 00 07 80")
	add(5, "01 00 c000", a)
	add(6, "0102")
	for mode := range byte(16) {
		add(0x80, "80 00", []byte{mode | mode<<6}, "00 00000005", numbers(9), "0000")
	}
	add(0x8a, "80 00 01 00 00000005", "01 80 1234", a, "00000009", "0103000000")
	add(0x81, "80 00 01 00 00000005", "01 02 0100 8d 05 00 00", a)
	return all
}

// ndOptions are options of neighbor discovery: each type with the lengths
// that it has, and others.
func ndOptions() (all [][]byte) {
	for kind := range 42 {
		if kind == 11 || kind == 16 { // what is in them is no DER
			continue
		}
		for _, words := range []int{1, 2, 3, 5} {
			all = append(all, append([]byte{byte(kind), byte(words)}, numbers(words*8-2)...))
		}
	}
	for _, s := range []string{
		"0102 0011223344556677 000000000000", "0202 0011223344556677 000000000000", "0102 0011223344556677 000000000001", "0100", "1f03 0000 00000e10 0377777707 6578616d706c6500 000000",
		"1f02 0000 00000e10 0161 0162 00 000000", "0f03 0203 6e616d652e6578616d706c65 2e00000000000000", "0d02 000000000000 00006552 9a4a8000",
		"0b08 0400 000102030405060708090a0b0c0d0e0f 20010db800000000 00 300d 06092a864886f70d010101 0500 0001 0002 abcd 00000000 0000000000000000000000000000",
		"1002 0100 3003020107 0000000000000000", "1403 0002 20010db8000000000000000000000007 00000000", "1401 000100000000", "2602 0e10 20010db8000000000000 00000000",
		"2602 0e11 20010db8000000000000 00000000", "2602 0e15 20010db8000000000000 00000000", "2602 0e17 20010db8000000000000 00000000", "1d02 0102 aabb 00000000000000000000", "1b02 0421 aabbccddeeff00112233 0000",
	} {
		all = append(all, unhex(s))
	}
	return all
}

func icmp6Frames() (frames [][]byte) {
	for _, m := range icmp6Bodies() {
		frames = append(frames, over6(58, icmp6(m.typ, m.code, m.body)))
	}
	for _, b := range rplBodies() {
		frames = append(frames, over6(58, icmp6(155, b[0], b[1:])))
	}
	for _, o := range ndOptions() {
		frames = append(frames, over6(58, icmp6(133, 0, append(make([]byte, 4), o...))))
	}
	bad := over6(58, icmp6(128, 0, unhex("00010002")))
	bad[len(bad)-1]++
	random := rand.New(rand.NewPCG(1, 1))
	for _, m := range icmp6Bodies() { // and each of them cut
		cut := m.body[:random.IntN(len(m.body)+1)]
		frames = append(frames, over6(58, icmp6(m.typ, m.code, cut)))
	}
	return append(frames, bad, over6(58, []byte{128, 0}), overIP(58, icmp6(128, 0, nil)))
}

func igmpMessage(pieces ...any) []byte {
	m := join(pieces...)
	if len(m) >= 4 {
		binary.BigEndian.PutUint16(m[2:], layers.Checksum(layers.Sum(m, 0)))
	}
	return m
}

func igmpFrames() (frames [][]byte) {
	group := "e0010203"
	add := func(pieces ...any) { frames = append(frames, padded(overIP(2, igmpMessage(pieces...)))) }
	add("11000000", group)
	add("11640000", group)
	add("11640000", group, "00")
	add("118a0000", group, "ff990001 01020304")
	add("11640000", group, "027d0000")
	add("118a0000", group, "ff990009 01020304")
	add("12050000", group)
	add("16000000", group)
	add("17000000", group)
	for kind := range byte(17) {
		add([]byte{kind, 3, 0, 0}, numbers(16))
		add([]byte{kind, 30, 0, 0}, numbers(16))
	}
	add("1f1e0000", numbers(20))
	add("1e1e0000", numbers(20), numbers(64), "0102")
	add("1e1e0000", numbers(20), numbers(40))
	add("22000000 0000 0003", "01000000", group, "04010002", group, "01020304 05060708 aabbccdd", "06000001", group, "01020304")
	add("22000000 0000 0002", "04010002", group, "01020304")
	add("22000000 0000 0000")
	for _, kind := range []byte{0x13, 0x14, 0x15, 0x18, 0x23, 0x26, 0x30, 0x40, 0xfc} {
		add([]byte{kind, 0, 0, 0}, numbers(20))
	}
	bad := overIP(2, igmpMessage("16000000", group))
	bad[len(bad)-1]++
	return append(frames, bad, overIP(2, []byte{0x11, 3}), overIP(2, []byte{0x22}))
}

// icmp4Frames are messages that icmpFrames lacks: extensions, mobile IP's
// advertisements, types without a layout, cuts.
func icmp4Frames() (frames [][]byte) {
	add := func(typ, code uint8, rest uint32, pieces ...any) {
		frames = append(frames, padded(overIP(layers.ProtocolICMP, icmp(typ, code, rest, join(pieces...)))))
	}
	quoted := func(total, n int) []byte { // the first n bytes of a packet of total bytes
		p := ipv4(layers.ProtocolUDP, nil, udp(5000, 5001, make([]byte, max(8, total-28))), nil)
		return append(p, make([]byte, n)...)[:n]
	}
	extension := func(version byte, objects ...any) []byte {
		e := join([]byte{version << 4, 0, 0, 0}, join(objects...))
		binary.BigEndian.PutUint16(e[2:], layers.Checksum(layers.Sum(e, 0)))
		return e
	}
	object := func(class, kind byte, data string) []byte {
		b := unhex(data)
		return append([]byte{0, byte(len(b) + 4), class, kind}, b...)
	}
	label := object(1, 1, "00010f40")
	add(11, 0, 32<<16, quoted(1500, 128), extension(2, label))
	add(11, 0, 0, quoted(1500, 128), extension(2, label))
	add(11, 0, 0, quoted(60, 128), extension(2, label))
	add(11, 0, 15<<16, quoted(60, 60), extension(2, label))
	add(11, 0, 15<<16, quoted(1500, 60), extension(2, label))
	add(4, 0, 32<<16, quoted(60, 128), extension(2, label))
	add(5, 1, 0x0a000009, quoted(200, 180))
	add(3, 4, 32<<16|1400, quoted(100, 128), extension(2, label))
	add(12, 0, 9<<24|32<<16, quoted(100, 128), extension(2, label))
	add(3, 1, 40<<16, quoted(100, 160), extension(2, label))
	add(3, 1, 60<<16, quoted(100, 160), extension(2, label))
	add(3, 1, 32<<16, quoted(100, 128), extension(3, label))
	add(3, 1, 32<<16, quoted(100, 128), "20000000", label)
	add(3, 1, 32<<16, quoted(100, 128), "20000001", label)
	for _, objects := range [][]byte{
		join(object(9, 7, "61626364"), object(1, 2, "61626364"), object(0, 1, "616263646566"), object(0, 2, "61626364")),
		unhex("00030101 0000000000000000"), unhex("001e0101 0000000000000000"), unhex("001e0901 0000000000000000"), unhex("001e0301 65746830"),
		object(2, 0x4f, "00000005 00010000 0a000001 0865746830000000 000005dc"), object(2, 0x8f, "00000005 00020000"+"20010db8000000000000000000000007"+"0865746830000000 000005dc"),
		object(2, 4, "00090000 010203040506"), object(2, 4, "00090000 0102030405060708090a0b0c0d0e0f10"), object(2, 2, "0865746830000000"), object(2, 8, "6162"), object(2, 0x30, ""),
		object(2, 3, "0865746830000000000005dc"), object(1, 1, "00010f40000201"), join(object(3, 2, "00000007"), object(3, 3, "00010400 0a000001"), object(3, 3, "00021000"+"20010db8000000000000000000000007"), object(3, 3, "00090400 aabbccdd")),
		object(3, 4, "00000007"), object(3, 1, ""), object(3, 1, "65746830"), unhex("0005"),
	} {
		add(3, 1, 32<<16, quoted(100, 128), extension(2, objects))
	}
	add(42, 0, 7<<16|0x101, extension(2, object(3, 3, "00010800 0a0000010a000002")))
	add(42, 0, 7<<16|0x101, "2000")
	add(9, 0, 0x0202001e, "0a000001fffffffb 0a00000200000007", "100a 0001 0708 ff40 0a000001", "1302 1810", "00", "1804 aabbccdd", "9906 010203040506")
	add(9, 0, 0x0102001e, "0a000001fffffffb", "9903 010203")
	add(9, 0, 0x0102001e, "0a000001fffffffb", "9902 0102")
	add(9, 16, 0x0102001e, "0a000001fffffffb", "1006 0001 0708 8000")
	add(9, 5, 0x0102001e, "0a000001fffffffb", "1006 0001 0708 8000")
	add(9, 0, 0x0103001e, "0a000001fffffffb")
	add(9, 0, 0x0302001e, "0a000001fffffffb")
	for _, typ := range []uint8{6, 10, 13, 15, 16, 17, 19, 30, 31, 40, 255} {
		add(typ, 0, 0x01020304, numbers(24))
		frames = append(frames, overIP(layers.ProtocolICMP, icmp(typ, 0, 0x01020304, numbers(5))))
	}
	add(3, 1, 0, ip6(17, udp(5000, 5001, nil)))
	add(3, 1, 0, "55", numbers(30))
	for _, n := range []int{0, 1, 5, 6, 7} {
		for _, typ := range []uint8{3, 4, 5, 8, 9, 12, 42} {
			frames = append(frames, overIP(layers.ProtocolICMP, icmp(typ, 1, 0, numbers(10))[:n]))
		}
	}
	return frames
}

// ipOptionFrames are options of IPv4 in more forms than ipFrames has.
func ipOptionFrames() (frames [][]byte) {
	u := udp(9000, 9001, []byte("hello"))
	for _, options := range []string{
		"830b08 0a000001 0a000002", "830b0c 0a000001 0a000002", "890b04 0a000001 0a000002", "830b04 0a000001 0a000002", "830b05 0a000001 0a000002", "830b03 0a000001 0a000002",
		"830f08 0a000001 0a000002 0a000003", "830d04 0a000001 0a000002 0102", "8303 04", "070b08 0a000001 00000000", "070b0c 0a000001 0a000002", "070b05 0a000001 00000000",
		"07090c 0a000001 0102", "0703 04", "0702", "8302", "01 830b04 0a000001 0a000002", "0b830b04 0a000001 0a000002",
		"44080900 00000001", "44080100 00000001", "440c0d31 0a000001 00000005", "440a0503 0a000001 0102", "44060500 0102", "4404 0510", "440c0502 0a000001 00000005", "4402", "4403 05",
		"94060000 0000", "9403 00", "9402", "88060001 0002", "0b06 05dc 0000", "5208 0001 0002 0003", "521000010002 0003 0a000001 00000000",
		"1908 0540 abcdef03", "1908 8500 abcdef03", "1908 3500 abcdef03", "1909 0540 abcdef03 00", "1904 0540",
		"820b abcd 0001 4142 434445", "820b 0000 0001 4142 434445", "820b f135 0001 4142 434445", "8203 ab", "8204 3d a0", "8205 3da1 02", "8205 3da0 02", "8206 3da1 0303", "8202",
		"8503 07", "8506 07 010203", "8502",
		"860a 00000003 01040005", "8610 00000003 010a 0005 8040 0000 0102", "8610 00000003 020a 0005 0001 0002 0003", "8610 00000003 050a 0005 0009 0001 0007", "8612 00000003 050c 0005 0009 0001 0007 0007",
		"860c 00000003 0606 01020304", "860c 00000003 0706 01020304", "8607 00000003 00", "8608 00000003 0000", "860a 00000003 09040005", "860a 00000003 01400005", "860a 00000003 01030005", "8606 00000003", "8605 000000",
		"9506 0a000001", "9508 0a000001 0102", "9502", "9e04 0102", "9e02", "9e01", "9e00", "9eff", "01010101", "0101010101010101", "0001 0101", "00000000", "81", "010101 94", "010101 07",
	} {
		frames = append(frames, padded(ethernet(layers.EtherTypeIPv4, ipv4(layers.ProtocolUDP, unhex(options), u, nil))))
	}
	whole := ethernet(layers.EtherTypeIPv4, ipv4(layers.ProtocolUDP, unhex("440c0500 00000001 00000000"), u, nil))
	for _, n := range []int{15, 16, 17, 20, 22, 24, 30, 34, 36, 40, 46, 48} {
		frames = append(frames, whole[:n])
	}
	return frames
}
