package mqtt

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

func ptr(s string) *string { return &s }

// packets are packets of every type with all that they can hold.
func packets(version Version) []*Packet {
	five := func(ps ...Property) Properties {
		if version != V5 {
			return nil
		}
		return append(ps, Property{ID: UserProperty, Text: "key", Value: "value"})
	}
	reason := func(r Reason) Reason {
		if version != V5 {
			return Success
		}
		return r
	}
	sub := []Subscription{{Filter: "a/+/#", QoS: 1}, {Filter: "$share/g/b", QoS: 2}}
	unsuback := &Packet{Type: UNSUBACK, ID: 8}
	if version == V5 {
		sub = append(sub, Subscription{Filter: "c", NoLocal: true, RetainAsPublished: true, RetainHandling: 2})
		unsuback.Reasons, unsuback.Properties = []Reason{Success, NoSubscriptionExisted}, five()
	}
	all := []*Packet{
		{Type: CONNECT, Connect: &Connect{Version: version, Clean: true, ClientID: ""}},
		{Type: CONNECT, Connect: &Connect{Version: version, KeepAlive: 60, ClientID: "grün", User: ptr("u"), Password: ptr("\xff\x00"), Will: &Will{Topic: "gone", Payload: []byte("bye"), QoS: 2, Retain: true, Properties: five(Property{ID: WillDelay, Num: 5})}},
			Properties: five(Property{ID: SessionExpiry, Num: 1<<32 - 1}, Property{ID: ReceiveMaximum, Num: 10}, Property{ID: RequestProblemInfo, Num: 1}, Property{ID: AuthMethod, Text: "m"}, Property{ID: AuthData, Text: "\x00\xff"})},
		{Type: CONNACK, SessionPresent: true, Properties: five(Property{ID: AssignedClientID, Text: "auto-1"}, Property{ID: MaximumQoS, Num: 1})},
		{Type: CONNACK, Reason: reason(ServerBusy)},
		{Type: PUBLISH, Topic: "a/b", Payload: []byte("hello"), Retain: true, Properties: five(Property{ID: SubscriptionID, Num: 300}, Property{ID: SubscriptionID, Num: 1}, Property{ID: ContentType, Text: "text/plain"}, Property{ID: MessageExpiry, Num: 60})},
		{Type: PUBLISH, Topic: "t", QoS: 1, ID: 1, Dup: true, Payload: []byte{}},
		{Type: PUBLISH, Topic: "t", QoS: 2, ID: 65535, Payload: bytes.Repeat([]byte("x"), 20000), Properties: five(Property{ID: TopicAlias, Num: 3})},
		{Type: SUBSCRIBE, ID: 7, Filters: sub, Properties: five(Property{ID: SubscriptionID, Num: 268435455})},
		{Type: SUBACK, ID: 7, Reasons: []Reason{0, 1, 2, 0x80}, Properties: five(Property{ID: ReasonString, Text: "why"})},
		{Type: UNSUBSCRIBE, ID: 8, Filters: []Subscription{{Filter: "a"}, {Filter: "b/#"}}, Properties: five()},
		unsuback, {Type: PINGREQ}, {Type: PINGRESP}, {Type: DISCONNECT}, {Type: DISCONNECT, Reason: reason(SessionTakenOver), Properties: five(Property{ID: ServerReference, Text: "other"})},
	}
	for _, t := range []Type{PUBACK, PUBREC, PUBREL, PUBCOMP} {
		all = append(all, &Packet{Type: t, ID: 9}, &Packet{Type: t, ID: 9, Properties: five(Property{ID: ReasonString, Text: "r"})})
	}
	if version == V5 {
		all = append(all, &Packet{Type: AUTH, Reason: 0x18, Properties: five(Property{ID: AuthMethod, Text: "m"})}, &Packet{Type: PUBLISH, Topic: "", Payload: []byte{}, Properties: Properties{{ID: TopicAlias, Num: 1}}},
			&Packet{Type: PUBACK, ID: 9, Reason: NoMatchingSubscribers}, &Packet{Type: PUBREL, ID: 9, Reason: PacketIDNotFound})
	}
	return all
}

// What is encoded is decoded to the same packet, alone and in a row.
func TestPacketsComeBack(t *testing.T) {
	for _, version := range []Version{V311, V5} {
		var stream []byte
		for _, p := range packets(version) {
			b := Append(nil, p, version)
			got, n, err := Read(bytes.NewReader(b), version, 1<<20)
			if err != nil || n != len(b) || !reflect.DeepEqual(got, p) {
				t.Errorf("version %d: %x: %v, %d bytes\ngot  %+v\nwant %+v", version, b, err, n, got, p)
			}
			for i := range min(len(b), 200) { // cut anywhere, it is not whole
				if _, _, err := Read(bytes.NewReader(b[:i]), version, 1<<20); err != io.ErrUnexpectedEOF && (i > 0 || err != io.EOF) {
					t.Fatalf("%x: %v", b[:i], err)
				}
			}
			stream = append(stream, b...)
		}
		r := bytes.NewReader(stream)
		for range packets(version) {
			if _, _, err := Read(r, version, 1<<20); err != nil {
				t.Error(err)
			}
		}
	}
}

// What the specification forbids is an error with its reason.
func TestForbidden(t *testing.T) {
	body := func(first byte, s string) string {
		return string(append(appendVariable([]byte{first}, len(s)), s...))
	}
	con := "\x00\x04MQTT\x05"
	for _, c := range []struct {
		version Version
		in      string
		reason  Reason
		text    string
	}{
		{V311, "\x30\xff\xff\xff\xff\x7f", MalformedPacket, "more than four bytes"},
		{V311, "\x30\xff\xff\xff\x7f", PacketTooLarge, "announces more"},
		{V311, "\xc0\x80\x00", MalformedPacket, "more bytes than it needs"},
		{V311, "\xc1\x00", MalformedPacket, "flags of PINGREQ must be 0"},
		{V311, "\x80\x00", MalformedPacket, "flags of SUBSCRIBE must be 2"},
		{V311, "\x00\x00", MalformedPacket, "packet type 0"},
		{V311, "\xf0\x00", MalformedPacket, "only MQTT 5"},
		{0, "\x30\x00", ProtocolError, "first packet must be a CONNECT"},
		{V5, body(0x36, "\x00\x01a\x00\x01\x00"), MalformedPacket, "both QoS bits"},
		{V5, body(0x38, "\x00\x01a\x00"), MalformedPacket, "DUP must be 0"},
		{V5, body(0x32, "\x00\x01a\x00\x00\x00"), ProtocolError, "identifier of PUBLISH must not be 0"},
		{V5, body(0x30, "\x00\x03a/#\x00"), TopicNameInvalid, "wildcards"},
		{V5, body(0x30, "\x00\x00\x00"), ProtocolError, "at least one character"},
		{V5, body(0x30, "\x00\x01\xff\x00"), MalformedPacket, "well-formed UTF-8"},
		{V5, body(0x30, "\x00\x03a\x00b\x00"), MalformedPacket, "null character"},
		{V5, body(0x30, "\x00\x09a\x00"), MalformedPacket, "ends before"},
		{V5, body(0x30, "\x00\x00\x03\x23\x00\x00"), TopicAliasInvalid, "must not be 0"},
		{V5, body(0x30, "\x00\x01a\x02\x0b\x00"), ProtocolError, "must not be 0"},
		{V5, body(0x30, "\x00\x01a\x02\x0b\x80"), MalformedPacket, "ends before"},
		{V5, body(0x30, "\x00\x01a\x05\x0b\x80\x80\x80\x80"), MalformedPacket, "more than four"},
		{V5, body(0x30, "\x00\x01a\x04\x01\x00\x01\x01"), ProtocolError, "twice"},
		{V5, body(0x30, "\x00\x01a\x02\x01\x02"), ProtocolError, "0 or 1"},
		{V5, body(0x30, "\x00\x01a\x02\x7f\x00"), MalformedPacket, "no property 0x7f"},
		{V5, body(0x30, "\x00\x01a\x03\x21\x00\x01"), MalformedPacket, "no property 0x21"},
		{V5, body(0x30, "\x00\x01a\x7f"), MalformedPacket, "ends before"},
		{V5, body(0x82, "\x00\x01\x00"), ProtocolError, "at least one topic filter"},
		{V5, body(0x82, "\x00\x01\x00\x00\x02a#\x00"), TopicFilterInvalid, "topic filter"},
		{V5, body(0x82, "\x00\x01\x00\x00\x00\x00"), TopicFilterInvalid, "topic filter"},
		{V5, body(0x82, "\x00\x01\x00\x00\x09$share//a\x00"), TopicFilterInvalid, "share has a name"},
		{V5, body(0x82, "\x00\x01\x00\x00\x0a$share/g/a\x04"), ProtocolError, "no-local"},
		{V5, body(0x82, "\x00\x01\x00\x00\x01a\x03"), MalformedPacket, "reserved bits"},
		{V311, body(0x82, "\x00\x01\x00\x01a\x04"), MalformedPacket, "reserved bits"},
		{V311, body(0x40, "\x00\x01\x00"), MalformedPacket, "bytes after the end"},
		{V5, body(0x40, "\x00\x01\x55"), MalformedPacket, "no reason code"},
		{V5, body(0x90, "\x00\x01\x00"), ProtocolError, "no topic filter"},
		{V311, body(0x20, "\x01\x05"), ProtocolError, "no session"},
		{V311, body(0x20, "\x00\x06"), MalformedPacket, "reserved return code"},
		{0, body(0x10, "\x00\x04MQTT\x06\x02\x00\x00\x00\x00"), UnsupportedVersion, "not spoken"},
		{0, body(0x10, "\x00\x06MQIsdp\x03\x02\x00\x00\x00\x00"), UnsupportedVersion, "not spoken"},
		{0, body(0x10, con+"\x03\x00\x00\x00\x00\x00"), MalformedPacket, "reserved flag"},
		{0, body(0x10, con+"\x1e\x00\x00\x00\x00\x00"), MalformedPacket, "will's QoS"},
		{0, body(0x10, con+"\x0a\x00\x00\x00\x00\x00"), MalformedPacket, "will's QoS"},
		{0, body(0x10, "\x00\x04MQTT\x04\x42\x00\x00\x00\x00\x00\x00"), MalformedPacket, "user name"},
	} {
		_, _, err := Read(strings.NewReader(c.in), c.version, 1<<20)
		var e *Error
		if !errors.As(err, &e) || e.Reason != c.reason || !strings.Contains(e.Text, c.text) {
			t.Errorf("%x: %v, want %v: %s", c.in, err, c.reason, c.text)
		}
	}
}

// A header that announces much makes no room for it.
func TestLengthBomb(t *testing.T) {
	bomb := []byte("\x30\xff\xff\xff\x7f\x00\x01a")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 1000 {
		if _, _, err := Read(bytes.NewReader(bomb), V311, maxRemaining+5); err != io.ErrUnexpectedEOF {
			t.Fatal(err)
		}
	}
	if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > 4096*1000 {
		t.Errorf("%d bytes for 1000 packets", after.TotalAlloc-before.TotalAlloc)
	}
}

func FuzzRead(f *testing.F) {
	for _, version := range []Version{V311, V5} {
		for _, p := range packets(version) {
			f.Add(Append(nil, p, version), byte(version))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte, v byte) {
		version := Version(v)
		if version != V5 && version != 0 {
			version = V311
		}
		p, n, err := Read(bytes.NewReader(b), version, 1<<16)
		if err != nil {
			return
		}
		if p.Connect != nil {
			version = p.Connect.Version
		}
		again := Append(nil, p, version)
		q, _, err := Read(bytes.NewReader(again), version, 1<<20)
		if err != nil || !reflect.DeepEqual(p, q) {
			t.Fatalf("%x (%d bytes) is written as %x: %v", b[:n], n, again, err)
		}
	})
}
