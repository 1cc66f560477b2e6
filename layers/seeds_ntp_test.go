package layers_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"

	"strata/layers"
)

func ntpMessages() (messages [][]byte) {
	base := unhex("2402 06e9 0000 0102 0000 0304 c0000201 e6e5e4e3e2e1e0df 0000000000000000 e6e5e4e4e2e1e0df 0123456789abcdef")
	with := func(change map[int]byte, more ...string) []byte {
		m := bytes.Clone(base)
		for at, b := range change {
			m[at] = b
		}
		for _, s := range more {
			m = append(m, unhex(s)...)
		}
		return m
	}
	const ext, nts = "0104 0014 00112233445566778899aabbccddeeff", "0204 0010 001122334455667788990011"
	const key16, key20 = "00000001 00112233445566778899aabbccddeeff", "00000001 00112233445566778899aabbccddeeff00112233"
	messages = append(messages, base, with(map[int]byte{0: 0xdb, 1: 0, 12: 'R', 13: 'A', 14: 'T', 15: 'E'}), with(map[int]byte{1: 1, 12: 'G', 13: 'P', 14: 'S', 15: 0}), with(map[int]byte{1: 1}),
		with(nil, ext), with(nil, ext, nts), with(nil, key16), with(nil, key20), with(nil, ext, key16), with(nil, "00000000"), with(nil, ext, "00000000"), with(nil, "01040004"), with(nil, ext, "0102"),
		with(nil, "0104 0020 0011"), with(map[int]byte{0: 0x19}), with(map[int]byte{0: 0x1d}), base[:40], base[:1], with(nil, "00"))
	control := func(flags, op byte, status, association uint16, data string, more string) []byte {
		m := []byte{flags, op, 0, 1}
		for _, v := range []uint16{status, association, 0, uint16(len(data))} {
			m = binary.BigEndian.AppendUint16(m, v)
		}
		return append(append(m, data...), unhex(more)...)
	}
	const vars = "version=\"ntpd 4.2\", processor='x86', leap=00,stratum=2,\r\nrefid=GPS, x, y=1 2"
	for op := range byte(14) {
		for _, flags := range []byte{0, 0x80, 0xc0, 0xa0} {
			messages = append(messages, control(0x16, op|flags, 0x0615, 0, "", ""), control(0x16, op|flags, 0x961a, 7, vars, ""))
		}
	}
	messages = append(messages, control(0x26, 0x81, 0x0615, 0, "\x00\x01\x96\x14\x00\x02\x84\x11", ""), control(0x26, 0x02, 0, 0, "", "00000000 "+key16), control(0x26, 0x03, 0, 0, "leap=1", "000000000000"+key20),
		control(0x26, 0x88, 0, 0, "restrict default", key16), control(0x26, 0x08, 0, 0, "abc", "00 "+key16), control(0x26, 0x9f, 0, 0, "", ""), control(0x26, 0x82, 0, 0, "=x", ""), control(0x26, 0x82, 0, 0, "a", "")[:11],
		control(0x26, 0x82, 0, 0, " a = b , c=\"d", ""), control(0x26, 0x02, 0, 0, "a\x00b", ""))
	r := rand.New(rand.NewPCG(5, 6))
	for request := range byte(47) {
		for _, flags := range []byte{0x17, 0x97, 0xd7} {
			for _, size := range []int{72, 320} {
				m := append([]byte{flags, 0x80 * (request & 1), 3, request, 0, 2, 0, 0}, make([]byte, 2*size)...)
				binary.BigEndian.PutUint16(m[6:], uint16(size))
				for i := range m[8:] {
					m[8+i] = byte(r.Uint32() >> (r.IntN(3) * 4))
				}
				messages = append(messages, m)
			}
		}
	}
	return append(messages, unhex("97 00 03 2a 0000 0000"), unhex("17 00 02 2a 0000 0000"), unhex("17 80 03 00 3001 1010"), unhex("97 00 03 14 0001 0000"), unhex("17 00 03"))
}

func ntpFrames() (frames [][]byte) {
	for _, m := range ntpMessages() {
		frames = append(frames, overIP(layers.ProtocolUDP, udp(123, 123, m)))
	}
	return frames
}
