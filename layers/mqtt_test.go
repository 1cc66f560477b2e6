package layers_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"strata/layers"
	"strata/layers/pdml"
)

// TestMQTTEqualsTshark compares packets whose version a CONNECT packet in the
// same segment tells.
func TestMQTTEqualsTshark(t *testing.T) {
	frames := mqttFrames()
	if os.Getenv("STRATA_LONG") == "" {
		var some [][]byte
		for i, f := range frames {
			if i%3 == 0 {
				some = append(some, f)
			}
		}
		frames = some
	}
	mqttEqualsTshark(t, frames, make([]layers.Options, len(frames)))
}

// TestMQTTVersionEqualsTshark compares packets whose version a frame before
// them has told.
func TestMQTTVersionEqualsTshark(t *testing.T) {
	var frames [][]byte
	var options []layers.Options
	for _, version := range []byte{3, 4, 5} {
		for i, p := range mqttSeeds(version) {
			if i%10 != 0 && i > 120 {
				continue
			}
			n := len(frames)
			frames = append(frames, mqttFrame(n, mqttConnects(version)[0].bytes()), mqttFrame(n, p.bytes()))
			options = append(options, layers.Options{}, layers.Options{Seen: []layers.Seen{{Above: layers.Above{Proto: layers.MQTT, MQTT: version}}}})
		}
	}
	mqttEqualsTshark(t, frames, options)
}

// mqttEqualsTshark holds frames to tshark, each with what others tell of it.
func mqttEqualsTshark(t *testing.T, frames [][]byte, options []layers.Options) {
	t.Helper()
	scores := pdml.Scores{}
	n := 0
	pdml.Tshark(t, writeCapture(t, frames), func(protos []pdml.Element) {
		tree := layers.Dissect(frames[n], options[n])
		check(t, tree)
		scores.Add(tree, protos, fmt.Sprintf("made:%d", n+1))
		n++
	}, append(pdml.Alone, "-o", "tcp.analyze_sequence_numbers:FALSE")...)
	report(t, scores, map[string]float64{"mqtt": 1})
	if s := scores["mqtt"]; s == nil || s.Want < 5*len(frames) || s.Extra > 0 || n != len(frames) {
		t.Errorf("%d frames of %d: MQTT: %+v", n, len(frames), s)
	}
}

// mqttTree dissects packets of a version that is known.
func mqttTree(version byte, payload string) *layers.Tree {
	return layers.Dissect(mqttFrame(0, []byte(payload)), layers.Options{Seen: []layers.Seen{{Above: layers.Above{Proto: layers.MQTT, MQTT: version}}}})
}

// TestMQTTFindings: what a specification forbids is told.
func TestMQTTFindings(t *testing.T) {
	packet := func(first byte, body string) string { return string(mqttSeed{first, body}.bytes()) }
	v4 := prefixed("MQTT") + "\x04"
	for _, c := range []struct {
		version byte
		payload string
		want    string // the findings' names, the protocol's and TCP's left out
	}{
		{4, packet(0x32, prefixed("a/b")+"\x00\x01hello"), ""},
		{5, packet(0x32, prefixed("a/b")+"\x00\x01\x00hello"), ""},
		{0, packet(0x30, prefixed("a")), "mqtt.unknown_version"},
		{4, "\x30\xff\xff\xff\x7f\x00\x01a", "mqtt.len.large _ws.unreassembled.expert"},
		{4, "\x30\xff\xff\xff\xff\xff\x00\x01a", "mqtt.len.malformed _ws.unreassembled.expert"},
		{4, "\xc0\xff\xff\xff\xff\xff", "mqtt.len.malformed"},
		{4, "\xc0\x80\x00", "mqtt.len.overlong"},
		{4, "\xc0", "_ws.malformed.expert"},
		{4, packet(0xc1, ""), "mqtt.hdrflags.reserved"},
		{4, packet(0x80, "\x00\x01"+prefixed("a")+"\x00"), "mqtt.hdrflags.reserved"},
		{4, packet(0x00, ""), "mqtt.msgtype.reserved"},
		{4, packet(0xf0, ""), "mqtt.msgtype.reserved"},
		{4, packet(0x36, prefixed("a")+"\x00\x01"), "mqtt.qos.reserved"},
		{4, packet(0x38, prefixed("a")), "mqtt.dupflag.qos"},
		{4, packet(0x32, prefixed("a")+"\x00\x00"), "mqtt.msgid.zero"},
		{4, packet(0x30, prefixed("a/#")), "mqtt.topic.wildcard"},
		{4, packet(0x30, prefixed("a/+/b")), "mqtt.topic.wildcard"},
		{4, packet(0x30, prefixed("")), "mqtt.illegal_topic_length"},
		{5, packet(0x30, prefixed("")+properties("\x23\x00\x01")), ""},
		{5, packet(0x30, prefixed("")+properties("\x23\x00\x00")), "mqtt.property.value"},
		{4, packet(0x30, prefixed("a\xff")), "mqtt.utf8.malformed"},
		{4, packet(0x30, prefixed("a\xed\xa0\x80")), "mqtt.utf8.malformed"}, // a surrogate
		{4, packet(0x30, prefixed("a\x00")), "mqtt.utf8.null"},
		{4, packet(0x30, "\x00\x05a"), "_ws.malformed.expert"},
		{4, packet(0x40, "\x00\x01\x00"), "_ws.malformed.expert"},
		{4, packet(0x82, "\x00\x01"), "mqtt.topic.none"},
		{4, packet(0x82, "\x00\x01"+prefixed("a+/b")+"\x00"+prefixed("a/#/b")+"\x00"+prefixed("+/+/#")+"\x03"), "mqtt.topic.filter mqtt.topic.filter mqtt.subscription_options.malformed"},
		{4, packet(0x90, "\x00\x01\x07"), "mqtt.reason_code.unknown"},
		{4, packet(0x20, "\x01\x05"), "mqtt.conack.flags.sp.refused"},
		{4, packet(0x20, "\x02\x00"), "mqtt.conack.flags.malformed"},
		{5, packet(0xe0, "\x8e"+properties("\x1f"+prefixed("a"), "\x1f"+prefixed("b"))), "mqtt.property_id.twice"},
		{5, packet(0xe0, "\x8e"+properties("\x23\x00\x01")), "mqtt.property_id.misplaced"},
		{5, packet(0xe0, "\x8e"+properties("\x7e")), "mqtt.property_id.unknown"},
		{5, packet(0xe0, "\x8e\x05\x1f"), "mqtt.property_len.malformed _ws.malformed.expert"},
		{5, packet(0x30, prefixed("a")+"\x03\x1f"+prefixed("a")), "mqtt.property_id.misplaced mqtt.property_len.malformed"},
		{0, packet(0x10, v4+"\x02\x00\x3c"+prefixed("a")), ""},
		{0, packet(0x10, v4+"\x03\x00\x3c"+prefixed("a")), "mqtt.conflags.malformed"},
		{0, packet(0x10, v4+"\x12\x00\x3c"+prefixed("a")), "mqtt.conflags.malformed"},
		{0, packet(0x10, v4+"\x42\x00\x3c"+prefixed("a")+prefixed("b")), "mqtt.conflags.malformed"},
		{0, packet(0x10, prefixed("MQTT")+"\x09\x02\x00\x3c"+prefixed("a")), "mqtt.ver.unsupported"},
		{0, packet(0x10, prefixed("MQIsdp")+"\x04\x02\x00\x3c"+prefixed("a")), "mqtt.ver.unsupported"},
	} {
		var names []string
		for _, e := range mqttTree(c.version, c.payload).Expert {
			if !strings.HasPrefix(e.Name, "tcp.") && !strings.HasPrefix(e.Name, "ip.") {
				names = append(names, e.Name)
			}
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("version %d %x: %q, want %q", c.version, c.payload, got, c.want)
		}
	}
}

// TestMQTTSummaries: a packet in one line.
func TestMQTTSummaries(t *testing.T) {
	var got []string
	for _, p := range []mqttSeed{mqttConnects(5)[1], {0x20, "\x01\x00\x00"}, {0x3b, prefixed("a/b") + "\x00\x07\x00hello"}, {0x40, "\x00\x07\x10"}, {0x82, "\x00\x08\x00" + prefixed("a/#") + "\x01"}, {0xe0, "\x8e"}, {0xc0, ""}} {
		parts := mqttTree(5, string(p.bytes())).Parts
		got = append(got, parts[len(parts)-1].Summary)
	}
	want := []string{"CONNECT, MQTT 5.0, client lamp-1", "CONNACK, success, session present", "PUBLISH, QoS 1, DUP, retain, id 7, a/b, 5 bytes", "PUBACK, id 7, no matching subscribers", "SUBSCRIBE, id 8, a/#", "DISCONNECT, session taken over", "PINGREQ"}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}

// TestMQTTAnywhere: where other frames tell it, the port does not matter.
func TestMQTTAnywhere(t *testing.T) {
	frame := overIP(layers.ProtocolTCP, tcp(20000, 9, 0x18, nil, []byte("\xc0\x00")))
	parts := layers.Dissect(frame, layers.Options{Seen: []layers.Seen{{Above: layers.Above{Proto: layers.MQTT, MQTT: 4}}}}).Parts
	if last := parts[len(parts)-1]; last.Proto != layers.MQTT {
		t.Errorf("%v", last.Proto)
	}
}

func TestMQTTLen(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		ok   bool
		fail bool
	}{
		{"", 0, false, false}, {"\xc0", 0, false, false}, {"\xc0\x00", 2, true, false}, {"\x30\x7f", 129, true, false}, {"\x30\x80", 0, false, false},
		{"\x30\x80\x01", 131, true, false}, {"\x30\xff\xff\xff\x7f", 268435460, true, false}, {"\x30\xff\xff\xff", 0, false, false}, {"\x30\xff\xff\xff\xff", 0, false, true},
	} {
		if n, ok, err := layers.MQTTLen([]byte(c.in)); n != c.n || ok != c.ok || (err != nil) != c.fail {
			t.Errorf("%x: %d %v %v", c.in, n, ok, err)
		}
	}
}

func TestBeginsMQTT(t *testing.T) {
	for _, version := range []byte{3, 4, 5} {
		b := mqttConnects(version)[0].bytes()
		if got, ok := layers.BeginsMQTT(b); !ok || got != version {
			t.Errorf("version %d: %d %v", version, got, ok)
		}
		if testing.AllocsPerRun(10, func() { layers.BeginsMQTT(b); layers.MQTTLen(b) }) > 0 {
			t.Error("it allocates")
		}
		for n := range 7 {
			if _, ok := layers.BeginsMQTT(b[:n]); ok {
				t.Errorf("%x begins MQTT", b[:n])
			}
		}
	}
	for _, s := range []string{"\x11\x0d\x00\x04MQTT\x04", "\x10\x0d\x00\x04MQTTx"[:8], "\x30\x0d\x00\x04MQTT\x04", "\x10\x0d\x00\x04mqtt\x04", "GET / HTTP/1.1"} {
		if _, ok := layers.BeginsMQTT([]byte(s)); ok {
			t.Errorf("%q begins MQTT", s)
		}
	}
}

func TestMQTTCoats(t *testing.T) {
	for _, c := range []struct {
		version byte
		packet  mqttSeed
		want    string
	}{
		{4, mqttSeed{0x30, prefixed("a/b") + "hello"}, "hello"}, {4, mqttSeed{0x32, prefixed("a/b") + "\x00\x01hello"}, "hello"},
		{5, mqttSeed{0x34, prefixed("a") + "\x00\x01" + properties("\x23\x00\x01") + "hello"}, "hello"}, {4, mqttSeed{0x30, prefixed("a")}, ""},
		{4, mqttSeed{0x30, "\x00\x09a"}, "-"}, {5, mqttSeed{0x30, prefixed("a") + "\x7f"}, "-"}, {4, mqttSeed{0x40, "\x00\x01"}, "-"}, {4, mqttSeed{0x30, ""}, "-"},
	} {
		b := c.packet.bytes()
		got := "-"
		if coats := layers.MQTTCoats(b, c.version); len(coats) == 1 && coats[0].Proto == layers.MQTT && coats[0].Head+len(coats[0].Inner) == len(b) {
			got = string(coats[0].Inner)
		}
		if got != c.want {
			t.Errorf("version %d %x: %q, want %q", c.version, b, got, c.want)
		}
	}
}

func FuzzMQTT(f *testing.F) {
	for _, p := range mqttPayloads() {
		f.Add(p, byte(5))
	}
	f.Fuzz(func(t *testing.T, b []byte, version byte) {
		n, ok, err := layers.MQTTLen(b)
		if ok && (err != nil || n < 2 || n > 1<<28+4) {
			t.Fatalf("length %d %v %v", n, ok, err)
		}
		layers.BeginsMQTT(b)
		for _, c := range layers.MQTTCoats(b, version) {
			if c.Head+len(c.Inner) != len(b) {
				t.Fatalf("%d bytes before %d of %d", c.Head, len(c.Inner), len(b))
			}
		}
		if len(b) < 1<<15 {
			check(t, mqttTree(version, string(b)))
		}
	})
}
