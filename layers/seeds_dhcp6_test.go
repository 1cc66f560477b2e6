package layers_test

import (
	"encoding/binary"
	"math/rand/v2"

	"strata/layers"
)

// option6 is an option of DHCPv6.
func option6(code uint16, value ...[]byte) []byte {
	var all []byte
	for _, v := range value {
		all = append(all, v...)
	}
	return append(binary.BigEndian.AppendUint32(nil, uint32(code)<<16|uint32(len(all))), all...)
}

func dhcp6Message(kind byte, options ...[]byte) []byte {
	m := []byte{kind, 1, 2, 3}
	for _, o := range options {
		m = append(m, o...)
	}
	return m
}

func overIPv6(protocol uint8, payload []byte) []byte {
	h := unhex("6001234500000040 fe800000000000000000000000000001 ff020000000000000000000000010002")
	h[4], h[5], h[6] = byte(len(payload)>>8), byte(len(payload)), protocol
	return ethernet(layers.EtherTypeIPv6, append(h, payload...))
}

func dhcp6Messages() (messages [][]byte) {
	address := unhex("20010db8000000000000000000000001")
	status := option6(13, unhex("0002"), []byte("none left"))
	for _, o := range [][]byte{
		option6(1, unhex("0001000112345678020000000101")), option6(2, unhex("0002000009bf010203")), option6(53, unhex("00030001020000000101")),
		option6(1, unhex("000400112233445566778899aabbccddeeff")), option6(1, unhex("0001")), option6(1, unhex("00010001")), option6(1, unhex("0009ff")),
		option6(3, unhex("00000001ffffffff00001000"), option6(5, address, unhex("00000e10ffffffff"), status)), option6(3, unhex("0001")),
		option6(4, unhex("00000001"), option6(5, address, unhex("00000e1000001c20"))), option6(25, unhex("000000010000000000000000"),
			option6(26, unhex("00000e1000001c2038"), address, option6(67, unhex("40 01"))), status),
		option6(6, unhex("00170018001f")), option6(6, unhex("001700")), option6(7, []byte{255}), option6(7), option6(8, unhex("0064")), option6(11, unhex("02 01 00 0000000000000001"), []byte("realm"), unhex("00000007"), make([]byte, 16)),
		option6(11, unhex("03 01 00 0000000000000001 01"), make([]byte, 16)), option6(11, unhex("0301")), option6(12, address), status, option6(13, unhex("0000")), option6(13), option6(14),
		option6(15, unhex("0003616263 0001 64")), option6(15, unhex("0005 61")), option6(16, unhex("000009bf 0003 616263")), option6(16, unhex("000009bf")), option6(16, unhex("00")),
		option6(17, unhex("000009bf 0001 0003 616263 0002 0000")), option6(17, unhex("000009bf 0001 0009 61")), option6(18, []byte("eth0")), option6(18), option6(19, []byte{5}), option6(20),
		option6(21, unhex("037369700765786d616d706c6500")), option6(22, address, address), option6(23, address, address), option6(23, address[:8]),
		option6(24, unhex("076578616d706c6503636f6d00 036f726700")), option6(24, unhex("00")), option6(24, unhex("076578616d706c6503636f6d00 0161")), option6(24, []byte("example.com")),
		option6(24, unhex("0361626303")), option6(24), option6(27, address), option6(28, address), option6(29, unhex("016101620163")), option6(30, unhex("0161")), option6(31, address),
		option6(32, unhex("00015180")), option6(33, unhex("0161016200")), option6(34, address), option6(37, unhex("000009bf 0102")), option6(37, unhex("00")), option6(38, []byte("me")), option6(38),
		option6(39, unhex("01 04686f7374076578616d706c6500")), option6(39, unhex("05 04686f7374")), option6(39, unhex("00")), option6(39), option6(40, address), option6(41, []byte("EST5")), option6(42, []byte("Europe/Paris")),
		option6(43, unhex("0001")), option6(44, []byte{1}, address, option6(5, address, make([]byte, 8))), option6(45, option6(46, unhex("00000001"))), option6(47, address, []byte("x")), option6(48, address),
		option6(52, address), option6(56, unhex("00010010"), address, unhex("00020010"), address, unhex("0003000d076578616d706c6503636f6d00")), option6(56, unhex("00010002"), address), option6(59, []byte("tftp://a/b")), option6(60, unhex("000161")),
		option6(61, unhex("0007")), option6(62, unhex("010310")), option6(64, unhex("0161016200")), option6(66, option6(38, []byte("x"))), option6(79, unhex("0001020000000101")), option6(82, unhex("00000e10")),
		option6(89, unhex("01 10 18 c0000200 28 20010db800"), option6(93, unhex("06 04 3000"))), option6(89, unhex("00 10 21 c0000200 28")), option6(90, address), option6(91, unhex("40 20010db800000000")), option6(92, unhex("c0000201 38 20010db8000000"), option6(93, unhex("06 04 3000"))),
		option6(93, unhex("10 04 3000")), option6(93, unhex("01 11 3000")), option6(94, option6(90, address)), option6(103, []byte("https://a")), option6(111, unhex("005e005f")), option6(112, []byte("https://m")),
		option6(114, []byte{1}), option6(115, unhex("0001")), option6(117, unhex("0161016200")), option6(118, unhex("016200")), option6(119, unhex("000f")), option6(120, address[:4]), option6(121, address[:4]), option6(122, address[:4]),
		option6(123, address[:4]), option6(124, address[:4]), option6(125, address[:4]), option6(126, address[:4]), option6(127, unhex("00010000")), option6(128, address[:4]), option6(129, unhex("0000000161")), option6(130, []byte("pair")),
		option6(131, []byte{7}), option6(132, []byte{1}), option6(133, address[:4]), option6(134, address[:4]), option6(135, unhex("1234")), option6(165, address), option6(166, address), option6(167, []byte("me@home")), option6(67, unhex("38 01 02")),
		option6(17, unhex("0000118b"), option6(1, unhex("00200021")), option6(2, []byte("ECM")), option6(32, address), option6(35, unhex("010101 0204 01020304")), option6(36, unhex("020000000101")), option6(38, unhex("00000e10")), option6(39, []byte{1}),
			option6(1025, unhex("01020300 02020100 0301ff")), option6(1026, unhex("020000000101")), option6(2170, option6(1, unhex("0a000001")), option6(2, unhex("0a000002"))), option6(2172, unhex("00000001"))),
		option6(17, unhex("0000118b"), option6(2171, option6(1, []byte("a")), option6(2, []byte("b")), option6(3, unhex("00 016100")), option6(4, make([]byte, 12)), option6(5, make([]byte, 12)), option6(6, unhex("016100")), option6(7, []byte{1}), option6(8, []byte{10}), option6(9, unhex("0003")))),
		option6(17, unhex("0000118b"), option6(2, []byte("EDVA")), option6(35, unhex("010101"))),
	} {
		messages = append(messages, dhcp6Message(1, o), dhcp6Message(7, o))
	}
	relay := append(append([]byte{12, 1}, address...), address...)
	inner := append(append(relay[:34:34], option6(9, dhcp6Message(3, option6(8, unhex("0000"))))...), option6(18, []byte("eth1"))...)
	outer := append(append([]byte{13, 2}, relay[2:]...), option6(9, inner)...)
	return append(messages, inner, outer, dhcp6Message(11), dhcp6Message(4, option6(39, unhex("00 0161"))), dhcp6Message(200), []byte{1}, relay[:20], append(dhcp6Message(1), 0, 1, 0, 9, 1))
}

func dhcp6Frames() (frames [][]byte) {
	for _, m := range dhcp6Messages() {
		frames = append(frames, overIPv6(layers.ProtocolUDP, udp(546, 547, m)))
	}
	r := rand.New(rand.NewPCG(3, 4))
	for code := uint16(0); code < 150; code++ {
		var options [][]byte
		for _, size := range []int{0, 1, 4, 16, r.IntN(40)} {
			value := make([]byte, size)
			for i := range value {
				value[i] = byte(r.Uint32() >> (r.IntN(3) * 4) & 0x3f)
			}
			options = append(options, option6(code, value))
		}
		frames = append(frames, overIPv6(layers.ProtocolUDP, udp(546, 547, dhcp6Message(byte(1+code%9), options...))))
	}
	return frames
}
