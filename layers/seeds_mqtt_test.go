package layers_test

import (
	"encoding/binary"
	"strings"

	"strata/layers"
)

// mqttSeed is a control packet: its first byte, and what comes after the
// remaining length, which is counted.
type mqttSeed struct {
	first byte
	body  string
}

// bytes is the packet as it is sent.
func (p mqttSeed) bytes() []byte {
	return append(binary.AppendUvarint([]byte{p.first}, uint64(len(p.body))), p.body...)
}

// prefixed is a text with its length before it.
func prefixed(s string) string {
	return string(binary.BigEndian.AppendUint16(nil, uint16(len(s)))) + s
}

// properties are properties with their length before them.
func properties(all ...string) string {
	s := strings.Join(all, "")
	return string(binary.AppendUvarint(nil, uint64(len(s)))) + s
}

// mqttConnects are CONNECT packets of a version, the plainest first.
func mqttConnects(version byte) (all []mqttSeed) {
	name := prefixed("MQTT")
	if version == 3 {
		name = prefixed("MQIsdp")
	}
	none, some := "", ""
	if version == 5 {
		none, some = properties(), properties("\x11\x00\x00\x0e\x10", "\x21\x00\x0a", "\x27\x00\x01\x00\x00", "\x22\x00\x05", "\x19\x01", "\x17\x00", "\x26"+prefixed("key")+prefixed("value"),
			"\x15"+prefixed("SCRAM"), "\x16"+prefixed("\xff\x00"))
	}
	will := ""
	if version == 5 {
		will = properties("\x18\x00\x00\x00\x05", "\x01\x01", "\x02\x00\x00\x00\x3c", "\x03"+prefixed("text/x"), "\x08"+prefixed("answers"), "\x09"+prefixed("id"), "\x26"+prefixed("")+prefixed(""))
	}
	add := func(flags byte, properties, rest string) {
		all = append(all, mqttSeed{0x10, name + string([]byte{version, flags, 0, 60}) + properties + rest})
	}
	add(0x02, none, prefixed(""))
	add(0x00, some, prefixed("lamp-1"))
	add(0x06, none, prefixed("c")+none+prefixed("gone")+prefixed("bye"))
	add(0x2e, none, prefixed("c")+will+prefixed("gone/c")+prefixed(""))
	add(0xf6, some, prefixed("c")+will+prefixed("gone/c")+prefixed("\x00\xff")+prefixed("user")+prefixed("secret"))
	add(0xc2, none, prefixed("c")+prefixed("us\u00e9r")+prefixed("secret"))
	add(0x82, none, prefixed("c")+prefixed("user"))
	add(0x42, none, prefixed("c")+prefixed("secret"))
	add(0xc2, none, prefixed("c")+prefixed("user")) // the password is missing
	add(0xc2, none, prefixed("c"))
	add(0x03, none, prefixed("c"))
	add(0x1e, none, prefixed("c")+none+prefixed("t")+prefixed("m"))
	add(0x3a, none, prefixed("c"))
	add(0x06, none, prefixed("c")+none+prefixed("")+prefixed("m"))
	add(0x06, none, prefixed("c")+none+prefixed("a/#")+prefixed("m"))
	add(0x02, none, prefixed("c\x00"))
	add(0x02, none, prefixed("c\xff"))
	add(0x02, none, prefixed("c")+"more")
	return all
}

// mqttSeeds are packets of every kind, right and wrong.
func mqttSeeds(version byte) (all []mqttSeed) {
	add := func(first byte, bodies ...string) {
		for _, b := range bodies {
			all = append(all, mqttSeed{first, b})
		}
	}
	none := ""
	if version == 5 {
		none = properties()
	}
	add(0x20, "\x00\x00"+none, "\x01\x00"+none, "\x00\x05"+none, "\x01\x02"+none, "\xff\x09"+none, "\x00\x87"+none)
	for _, first := range []byte{0x30, 0x31, 0x38} {
		add(first, prefixed("a/b")+none+"hello", prefixed("a/b")+none, prefixed("")+none+"hello", prefixed("a/+/c")+none+"x", prefixed("a\xffb")+none+"\xff\xfe", prefixed("gr\u00fcn")+none+"\u00fcber")
	}
	for _, first := range []byte{0x32, 0x33, 0x34, 0x3a, 0x3d, 0x36, 0x3e} {
		add(first, prefixed("a/b")+"\x12\x34"+none+"hello", prefixed("t")+"\x00\x00"+none+"hello")
	}
	for _, first := range []byte{0x40, 0x50, 0x62, 0x70, 0x60, 0x42, 0x6a} {
		add(first, "\x00\x07", "\x00\x00", "\x00\x07\x00", "\x00\x07\x10", "\x00\x07\x92"+none, "\x00\x07\x80"+none+"more")
	}
	options := []string{"\x00", "\x01", "\x02", "\x03", "\x80", "\x2e", "\x14", "\x0c", "\x30"}
	for _, o := range options {
		add(0x82, "\x00\x01"+none+prefixed("a/+/#")+o)
	}
	add(0x82, "\x00\x02"+none+prefixed("a")+"\x00"+prefixed("$share/g/b/#")+"\x01"+prefixed("")+"\x02", "\x00\x03"+none, "\x00\x00"+none+prefixed("a#")+"\x00", "\x00\x03"+none+prefixed("#/a")+"\x00")
	add(0x80, "\x00\x01"+none+prefixed("a")+"\x00")
	add(0x8a, "\x00\x01"+none+prefixed("a")+"\x00")
	add(0x90, "\x00\x01"+none+"\x00\x01\x02\x80", "\x00\x01"+none+"\x03\x87\x9e\xff", "\x00\x01"+none)
	add(0xa2, "\x00\x04"+none+prefixed("a/+")+prefixed("b"), "\x00\x04"+none+prefixed(""), "\x00\x04"+none)
	add(0xa0, "\x00\x04"+none+prefixed("a"))
	add(0xaa, "\x00\x04"+none+prefixed("a"))
	add(0xb0, "\x00\x04"+none+"\x00\x11\x80", "\x00\x04"+none)
	for _, first := range []byte{0xc0, 0xd0, 0xe0, 0xf0, 0x00, 0xcf} {
		add(first, "", "\x00", "\x04", "\x8d", "\x00"+none, "\x19"+properties("\x15"+prefixed("SCRAM"), "\x16"+prefixed("data")), "\x00\x00more")
	}
	if version == 5 {
		add5(add)
	}
	return all
}

// add5 adds packets with properties of every kind.
func add5(add func(first byte, bodies ...string)) {
	values := []string{"", "\x00", "\x01", "\x02", "\x00\x00", "\x00\x07", "\x00\x00\x00\x00", "\x00\x01\x51\x80", prefixed("text"), prefixed(""), prefixed("k") + prefixed("v"), prefixed("a") + prefixed(""), "\xff\x7f", "\x80\x80\x80\x80\x01", "\x00\xff"}
	for id := range byte(0x30) {
		for _, v := range values {
			p := string([]byte{id}) + v
			add(0x30, prefixed("a")+properties(p)+"hello")
			if len(v)%3 == 1 {
				add(0x20, "\x00\x00"+properties(p, p))
			}
		}
	}
	long := strings.Repeat("x", 200)
	add(0x30, prefixed("")+properties("\x23\x00\x02")+"aliased", prefixed("t")+properties("\x23\x00\x02")+"named", prefixed("t")+properties("\x0b\x01", "\x0b\x80\x02", "\x26"+prefixed("a")+prefixed("b"), "\x26"+prefixed("a")+prefixed("b"))+"m",
		prefixed("t")+properties("\x1f"+prefixed(long))+"m", prefixed("t")+"\x05\x26"+prefixed("too long")+prefixed("x"), prefixed("t")+"\x7f", prefixed("t")+"\x80", prefixed("t")+"\x81\x00\x01m", prefixed("t")+"\x83\x80\x80\x80\x00\x01\x00m",
		prefixed("t")+properties("\x7f\x01\x02", "\x01\x01")+"m", prefixed("t")+properties("\x03"+prefixed("\xff\xfe"))+"m")
	add(0x20, "\x00\x00"+properties("\x21\x00\x14", "\x24\x01", "\x25\x01", "\x27\x00\x10\x00\x00", "\x12"+prefixed("auto-1"), "\x22\x00\x0a", "\x28\x01", "\x29\x01", "\x2a\x00", "\x13\x00\x1e", "\x1a"+prefixed("r"), "\x1c"+prefixed("s"), "\x1f"+prefixed("well")))
	add(0x82, "\x00\x01"+properties("\x0b\x05")+prefixed("a")+"\x29")
	for _, first := range []byte{0x40, 0x50, 0x62, 0x70} {
		add(first, "\x00\x07\x00"+properties("\x1f"+prefixed("why")), "\x00\x07\x10"+properties("\x26"+prefixed("a")+prefixed("b")))
	}
	add(0xe0, "\x8e"+properties("\x1f"+prefixed("taken over"), "\x1c"+prefixed("other:1883")), "\x04"+properties("\x11\x00\x00\x00\x05"))
}

// mqttPayloads are segments' payloads: a CONNECT packet, by which the version
// is known, and one after it; or one alone.
func mqttPayloads() (all [][]byte) {
	for _, version := range []byte{3, 4, 5, 0, 6, 0x84} {
		connects := mqttConnects(version)
		for _, p := range connects {
			all = append(all, append(p.bytes(), 0xc0, 0))
		}
		for _, p := range mqttSeeds(version) {
			if version == 0 {
				all = append(all, p.bytes())
			} else {
				all = append(all, append(connects[0].bytes(), p.bytes()...))
			}
		}
	}
	first := mqttConnects(5)[0].bytes()
	for _, s := range []string{"\xc0\x00\xd0\x00\x30\x05\x00\x01a\x00m\xe0\x00", "\x30", "\x30\x80", "\x30\xff\xff\xff\x7f\x00\x01a\x00m", "\x30\xff\xff\xff\xff\x01\x00\x01a\x00m", "\x30\x80\x80\x80\x80\x80\xc0\x00", "\xc0\x80\x00\xc0\x00",
		"\x30\x85\x80\x80\x80\x00\x00\x01a\x00m\xc0\x00", "\x30\x09\x00\x01a\x00m", "\x82\x80\x01" + strings.Repeat("x", 100)} {
		all = append(all, append(first[:len(first):len(first)], s...))
	}
	return all
}

// mqttFrames are those payloads, and what is left of them when packets are
// cut short: the remaining length says so, or does not.
func mqttFrames() (frames [][]byte) {
	add := func(payload []byte) { frames = append(frames, mqttFrame(len(frames), payload)) }
	for _, p := range mqttPayloads() {
		add(p)
	}
	for _, version := range []byte{3, 5} {
		connects := mqttConnects(version)
		for _, p := range append(connects, mqttSeeds(version)...) {
			if version == 5 && len(p.body) > 8 && p.first == 0x30 {
				continue // they are many, and much alike
			}
			for n := 0; n < len(p.body) && n < 60; n += 1 + n/4 {
				cut := mqttSeed{p.first, p.body[:n]}
				add(append(connects[0].bytes(), cut.bytes()...))
				if n%4 == 0 {
					add(append(connects[0].bytes(), p.bytes()[:1+n]...))
				}
			}
		}
	}
	return frames
}

// mqttFrame is a segment of the n-th connection.
func mqttFrame(n int, payload []byte) []byte {
	return overIP(layers.ProtocolTCP, tcp(uint16(20000+n), layers.MQTTPort, 0x18, nil, payload))
}

// mqttSomeFrames are a few of those frames.
func mqttSomeFrames() (frames [][]byte) {
	for i, f := range mqttFrames() {
		if i%23 == 0 {
			frames = append(frames, f)
		}
	}
	return frames
}
