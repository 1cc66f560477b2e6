package layers_test

import "strata/layers"

// tunnelFrames are packets behind tags and in tunnels, whole and cut.
func tunnelFrames() (frames [][]byte) {
	inner := ipv4(layers.ProtocolUDP, nil, udp(9000, 9001, []byte("tunnelled")), nil)
	v6 := append(unhex("60012345 000d 11 40 20010db8000000000000000000000001 20010db8000000000000000000000002"), udp(9000, 9001, []byte("hello"))...)
	frame := ethernet(layers.EtherTypeIPv4, inner)
	add := func(f []byte) { frames = append(frames, f) }
	behind := func(header string, payload []byte) []byte { return append(unhex(header), payload...) }

	for _, tag := range []struct {
		kind   uint16
		header string
	}{
		{layers.EtherTypeCMD, "0101 0001 0064"}, {layers.EtherTypeETag, "3064 2001 0203"}, {layers.EtherTypeVNTag, "c0642005"},
		{layers.EtherTypeRedundancy, "00001234"}, {layers.EtherTypeHSR, "102e1234"}, {layers.EtherTypeVLANOld, "0005"},
		{layers.EtherTypeSecure, "40 00 00000042"}, {layers.EtherTypeSecure, "20 00 00000042 020000000001 0001"}, {layers.EtherTypeService, "6005"},
		{layers.EtherTypeService, "6005 88a8 1006"}, {layers.EtherTypePBB, "00 112233 020000000001 020000000002"}, {layers.EtherTypeService, "6005 88e7 00 112233 020000000001 020000000002"},
	} {
		whole := ethernet(tag.kind, behind(tag.header+"0800", inner))
		add(whole)
		add(ethernet(tag.kind, behind(tag.header+"86dd", v6)))
		for n := layers.EthernetSize; n < layers.EthernetSize+len(unhex(tag.header))+2; n++ {
			add(whole[:n])
		}
		if tag.kind != layers.EtherTypeRedundancy && tag.kind != layers.EtherTypeHSR { // Wireshark fails on what follows theirs
			add(append(ethernet(tag.kind, behind(tag.header+"0800", inner)), numbers(30)...))
			add(padded(ethernet(tag.kind, behind(tag.header+"0806", arpFrames()[0][14:42]))))
		}
	}
	add(ethernet(layers.EtherTypeSecure, behind("0e 00 00000042", numbers(60))))
	add(ethernet(layers.EtherTypeSecure, behind("2e 1e 00000042 020000000001 0001", numbers(60))))
	add(ethernet(layers.EtherTypeSecure, behind("80 00 00000042", numbers(60))))

	for _, header := range []string{"0fc2 0203 000309 07", "2fc6 0103 000309 07 01010101 02020202 03030303 04040404", "0fc5 0203 000309 07 0001 82 03 aabbcc00 0002 05 00"} {
		whole := behind(header, frame)
		add(ethernet(layers.EtherTypeNSH, whole))
		add(overIP(47, behind("0000 894f", whole)))
		add(overIP(layers.ProtocolUDP, udp(40000, 4790, behind("0c 0000 04 000001 00", whole))))
		add(ethernet(layers.EtherTypeNSH, whole[:6]))
	}
	add(ethernet(layers.EtherTypeNSH, behind("0fc2 0201 000309 07", inner)))
	add(ethernet(layers.EtherTypeNSH, behind("0fc2 0202 000309 07", v6)))
	add(ethernet(layers.EtherTypeNSH, behind("0fc2 0204 000309 07 0fc2 0201 000309 07", inner)))
	add(ethernet(layers.EtherTypeNSH, behind("0fc2 0205 000309 07 00064140", inner)))
	add(ethernet(layers.EtherTypeNSH, behind("0fc2 0263 000309 07", inner)))

	add(overIP(47, behind("0000 8909 0800 0101 0001 0007", inner)))
	add(overIP(47, behind("0000 8909 86dd 0101 0001 0007", v6)))
	for _, register := range []string{"2100 deff 00000000", "2100 9eff 40000000", "2100 dddd 00000000"} {
		add(overIP(103, behind(register, inner)))
		add(overIP(103, behind(register, v6)))
		add(overIP(103, behind(register, numbers(30))))
	}
	add(overIP(103, unhex("2100 9eff")))
	add(overIP(103, unhex("2100 9eff 4000")))
	add(overIP(103, unhex("2100 9eff 40000000")))
	add(overIP(103, unhex("2100 9eff 40000000 00000000 0a000001 e0000005")))

	for _, old := range []string{"1401 ebfe 10000000", "1401 0000 10000000", "1401 0000 20000000"} {
		add(overIP(2, behind(old, inner)))
		add(overIP(2, unhex(old)))
	}
	add(overIP(2, unhex("1401 00")))

	over := func(port uint16, payload []byte) { add(overIP(layers.ProtocolUDP, udp(40000, port, payload))) }
	over(4754, behind("0000 0800", inner))
	over(4754, behind("b000 0800 0000 0000 00000001 00000002", inner))
	over(6635, behind("00010140", inner))
	over(5072, behind("44 52 11 29 5e000000 20010000000000000000000000000000"+"0102030405060708090a0b0c0d0e0f1011121314", v6))
	over(5072, behind("02 00 01 04 5e000000 20", inner))
	over(5072, unhex("44 52 11 3b 5e000000 2001000000000000000000000000000055555555"))
	over(5072, unhex("44 52 11 3b"))
	for _, header := range []string{"c0 123456 00000001", "ff 123456 00000001", "08 000000 00000100", "10 001002 00000100", "04 00 0001 00000100"} {
		over(4341, behind(header, inner))
		over(4341, behind(header, v6))
	}
	over(4341, unhex("c0 123456"))
	for _, payload := range []string{"c0f7d4c3 00000001" + "aaaaaaaaaaaaaaaaaaaaaaaa", "ff", "00000000", "ffff", "c0f7d4c3 00"} {
		over(4500, unhex(payload))
	}
	for _, message := range []string{"0001 0100 0001 0000 0000 0001", "0001 8180 0001 0001 0000 0000", "0001 0900 0001 0000 0000 0000", "0001 0100 0002 0000 0000 0000",
		"0001 8100 0000 0064 000a 000a", "0001 8100 0000 0065 0000 0000", "0001 0100 0001 0000 0000 000b"} {
		over(30490, behind(message, numbers(30)))
		over(30490, behind(message, unhex("0161 0001 0001")))
		over(30490, unhex(message))
	}
	return frames
}
