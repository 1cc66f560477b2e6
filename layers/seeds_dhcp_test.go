package layers_test

import (
	"encoding/binary"
	"math/rand/v2"

	"strata/layers"
)

// option is a DHCP option.
func option(code byte, value string) []byte {
	return append([]byte{code, byte(len(value))}, value...)
}

// dhcpMessage is a message of a client with options.
func dhcpMessage(kind byte, options ...[]byte) []byte {
	m := make([]byte, 236, 600)
	copy(m, "\x01\x01\x06\x00\xde\xad\xbe\xef\x00\x03\x80\x00")
	copy(m[28:], "\x02\x00\x00\x00\x01\x01")
	m = append(m, 0x63, 0x82, 0x53, 0x63)
	if kind > 0 {
		m = append(m, option(53, string(kind))...)
	}
	for _, o := range options {
		m = append(m, o...)
	}
	return append(m, 255)
}

// dhcpOptionValues are values for the options that are more than a field.
func dhcpOptionValues() map[byte][]string {
	hex := func(s ...string) (out []string) {
		for _, h := range s {
			out = append(out, string(unhex(h)))
		}
		return out
	}
	return map[byte][]string{
		21:  hex("0a000000 ff000000", "0a000000 ff000000 01"),
		33:  hex("0a000000 0a000001 0b000000 0a000002"),
		60:  {"MSFT 5.0", "docsis3.0:052401", "AAPLBSDPC/i386/MacBook1,1", "pktc1.5:052601010102010203010104010105010106010107010109010F0A01010B04090F0102120200071706020038020107", "docsis1.1:0524010101020101030101040101050101060101070102080104100400010002150103290400000003", "pktc1.0:zz"},
		61:  hex("01 020000000101", "07 020000000101", "00 00112233445566778899aabbccddeeff", "ff 00000001 0001 0001 12345678 020000000101", "ff 00000001 0002 000009bf 010203", "ff 00000001 0003 0001 020000000101", "ff 00000001 0004 00112233445566778899aabbccddeeff", "00 6e616d65", "ff 0000", "05", "ff 00000001 0001 0001"),
		63:  hex("0100 0501 01 0604 0a000001 0704 0a000002 0801 03 0901 04 0a01 00 0b04 0a000003 0c01 07", "06"),
		77:  hex("0361626302 6465", "69505845", "525241532e4d6963726f736f6674", "00", "05616263", "0000", "0161 00"),
		78:  hex("01 0a000001 0a000002", "80 00 0a000001", "01 0a00"),
		79:  hex("01 61626364"),
		81:  hex("05 00 00 04686f7374 076578616d706c65 00", "00 0000 686f73742e", "0f ffff", "0100"),
		82:  hex("0104 0000000a 0206 020000000101 0404 00000001 0504 0a000001 0603 616263 0702 0102 0802 0304", "0909 000009bf 04 01020304", "0908 0000118b 03 01 02 0300", "0a01 80 0b04 0a000001 0c02 0102 0d02 0003 0e02 6162 0f02 6364 1006 020000000001 1102 0102 1202 6566 1302 1234", "9604 0a000001 9701 ff 9707 00010203 000001 9803 616263 9804 0a000001", "0105 01", "01", "c803 010203 0001 01"),
		83:  hex("0003 0003 0003 00000003 0a000001 0a000002 0a000003", "0001 0001 0001 00000001 0a000001 0a000002"),
		85:  hex("0a000001 0a000002 01"),
		90:  hex("00 00 00 0000000000000001 746f6b656e", "01 01 00 0000000000000001 00000007 00112233445566778899aabbccddeeff", "01 02 01 6162636465666768 6162", "0101"),
		93:  hex("0007", "0000 0009 01"),
		94:  hex("01 03 10", "02 03 10"),
		97:  hex("00 00112233445566778899aabbccddeeff", "01 020000000101", "0102"),
		99:  hex("02 4445 0103 424552 0600 18 05 3130313137", "02 4445 01 ff 61"),
		117: hex("0006 0029 002c", "0006 0007", "000006"),
		119: hex("076578616d706c6503636f6d00 036f7267 c008", "0361 62", "c000"),
		120: hex("00 03736970 07 6578616d706c6500", "01 0a000001 0a000002", "02 01", "01 0a0000"),
		121: hex("18 0a0001 0a000001 00 0a000002", "20 0a000001 0a000002", "21 0a000001 0a000002", "18 0a0001 0a00"),
		122: hex("0104 0a000001 0204 0a000002 0307 00 046578616d 00 040c 00000001 00000002 00000003 050c 00000001 00000002 00000003 0605 0361626300 0701 01 0801 0a 0902 0003"),
		123: hex("22 2d 5e 10 00 22 3a 12 34 56 16 40 00 0a 00 01", "01 03 616263 02 02 6465", "ff ffffffffff ffffffffffff ffffff"),
		124: hex("000009bf 03 616263 0000118b 01 61", "01", "000009bf"),
		125: hex("000009bf 05 01 03 616263", "00000de9 0b 01 06 303031324233 02 01 61", "0000118b 0a 01 02 0102 02 04 0a000001", "0000118b 0b 05 09 01 01 01 10 04 00 01 00 02", "0000118b 0c 05 0a 01 01 01 10 04 00 01 00 02 01", "000009bf 09 01", "000009bf 03 01 05 61"),
		146: hex("01 0a000001 0a000002 076578616d706c6500"), 151: hex("00 6f6b", "03"), 158: hex("05 0a000001 09 0a000002 0a000003"), 159: hex("06 02 4000"),
		137: hex("046c6f737400"), 212: hex("18 20 20010db8000000000000000000000000 0a000001 0a000002", "1820"),
		242: {"MCIPADD=10.0.0.1,10.0.0.2,HTTPSRVR=10.0.0.3,L2Q=1,L2QVLAN=5,VLANTEST=0", "L2QVLAN=5", "none"},
	}
}

// vendorOptions are messages whose vendor class says how option 43 is read.
func vendorOptions() (messages [][]byte) {
	for _, c := range []struct {
		class  string
		values []string
	}{
		{"PXEClient:Arch:00000", []string{"0104 e0000101 0202 0a00 0302 0b00 0401 05 0501 06 0601 0b 0704 e0000102 00", "0807 0000 01 0a000001 0a05 0a 626f6f74 0907 0000 04 626f6f74 4704 0000 0000 0b01 01 0c01 02 ff 00",
			"b303 616263 b404 61626364 b501 01 be02 6162 bf01 01 c001 00 c104 00000001 c202 6162", "0d01 01 c801 01", "0109 01"}},
		{"docsis3.0:", []string{"0103 010203 0203 45434d 0302 6162 0401 61 0501 62 0601 63 0701 64 0803 001122 0806 303031313232 0801 01 0901 65 0a01 66 0b01 01", "0c01 61 1f06 020000000101 2004 00000001 3301 61 3402 0102 3501 01 3601 61 1001 07 c801 01 00 ff"}},
		{"ArubaAP", []string{"31302e302e302e31"}},
		{"ArubaInstantAP", []string{"6f72672c31302e302e302e312c736563726574", "6f7267"}},
		{"AAPLBSDPC", []string{"0101 01 0202 0101 0304 0a000001 0402 0001 0502 03e8 0702 8100", "0704 81000001 0804 81000002 0909 81000001 046e616d65 0b04 81000100 0c02 05dc 0a00 00 ff", "06036162"}},
		{"cisco N9K", []string{"0101 01 0302 0102 0404 00000001 0702 6162 0802 6162 0902 6162 0a04 00000001 0b01 61 0c01 62 0d01 01", "01"}},
		{"AEROHIVE", []string{"e103 616263 e204 0a000001 e301 01"}},
		{"something else", []string{"0102 0304", "3a02 0005 4004 0a000001 4104 0a000002 4201 01 4302 6162 00 ff", "3a03 010203", "3a02 0005 0501 01"}},
		{"OpenCable2.0:aa", []string{"0201 61"}},
	} {
		for _, v := range c.values {
			messages = append(messages, dhcpMessage(1, option(60, c.class), option(43, string(unhex(v)))))
		}
	}
	return messages
}

func dhcpMessages() (messages [][]byte) {
	values := dhcpOptionValues()
	for code := range 256 {
		for _, v := range values[byte(code)] {
			messages = append(messages, dhcpMessage(3, option(byte(code), v)))
		}
	}
	messages = append(messages, vendorOptions()...)
	bootp := dhcpMessage(0)[:236]
	hardware := dhcpMessage(2)
	copy(hardware, "\x02\x20\x08")
	none := dhcpMessage(2)
	none[2] = 0
	named := dhcpMessage(5, option(52, "\x03"), option(255, ""))
	copy(named[44:], "\x0c\x01a\x00\x00\xff\x00")
	copy(named[108:], "\x43\x04boot\xff")
	unended := dhcpMessage(5, option(52, "\x01"))
	copy(unended[108:], "\x34\x01\x03")
	server := dhcpMessage(2, option(1, "\xff\xff\xff\x00"), option(51, "\xff\xff\xff\xff"), option(58, "\x00\x00\x0e\x10"), option(2, "\xff\xff\xf1\xf0"))
	server[0] = 2
	copy(server[44:], "server")
	copy(server[108:], "file")
	split := dhcpMessage(5, option(119, "\x07example\x03"), option(119, "com\x00"), option(120, "\x00\x03si"), option(120, "p\x00"))
	return append(messages, append(bootp, make([]byte, 64)...), bootp, append(bootp[:236:236], dhcpMessage(1)[236:]...), hardware, none, named, unended, server, split,
		append(server, 0, 0, 0), server[:len(server)-1], server[:200], append(server[:240:240], 53), dhcpMessage(1, []byte{0, 0, 0}), append(server[:240:240], 12, 200, 'a'))
}

func dhcpFrames() (frames [][]byte) {
	for _, m := range dhcpMessages() {
		frames = append(frames, overIP(layers.ProtocolUDP, udp(68, 67, m)))
	}
	// Every option, with random values of many sizes.
	r := rand.New(rand.NewPCG(1, 2))
	for code := 1; code < 255; code++ {
		var options [][]byte
		for _, size := range []int{0, 1, 4, r.IntN(20)} {
			value := make([]byte, size)
			for i := range value {
				value[i] = byte(r.Uint32() >> (r.IntN(3) * 4))
			}
			options = append(options, option(byte(code), string(value)))
		}
		frames = append(frames, overIP(layers.ProtocolUDP, udp(67, 68, dhcpMessage(byte(code%20), options...))))
	}
	return frames
}

// withLength puts a message's length before it.
func withLength(m []byte) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(m))), m...)
}
