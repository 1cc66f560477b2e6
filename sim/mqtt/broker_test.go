package mqtt

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"strata/sim/host/hosttest"
	"strata/sim/realhost"
)

// peer speaks to a broker packet by packet.
type peer struct {
	t       *testing.T
	conn    net.Conn
	version Version
}

// dial connects to a broker of the settings, which is served to the test's
// end.
func dial(t *testing.T, address string, version Version) *peer {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	return &peer{t, c, version}
}

func serveBroker(t *testing.T, change func(*Broker)) (b *Broker, end func() error) {
	t.Helper()
	m := hosttest.New(t)
	b = NewBroker()
	b.Listen = hosttest.Free(t)
	if change != nil {
		change(b)
	}
	return b, m.Serve(t, b, 1)
}

func (p *peer) send(packets ...*Packet) {
	p.t.Helper()
	var b []byte
	for _, packet := range packets {
		b = Append(b, packet, p.version)
	}
	p.raw(string(b))
}

func (p *peer) raw(s string) {
	p.t.Helper()
	if _, err := p.conn.Write([]byte(s)); err != nil {
		p.t.Fatal(err)
	}
}

// want reads packets, and holds them to what is wanted; the reason string and
// the broker's own limits are not compared.
func (p *peer) want(packets ...*Packet) (last *Packet) {
	p.t.Helper()
	for _, want := range packets {
		got, _, err := Read(p.conn, p.version, 1<<20)
		if err != nil {
			p.t.Fatalf("%v, want %v", err, want.Type)
		}
		last = got
		told := *got
		told.Properties = nil
		for _, property := range got.Properties {
			switch property.ID {
			case ReasonString, ReceiveMaximum, TopicAliasMaximum, MaximumPacketSize:
			default:
				told.Properties = append(told.Properties, property)
			}
		}
		if a, b := Append(nil, &told, p.version), Append(nil, want, p.version); !bytes.Equal(a, b) {
			p.t.Fatalf("got  %+v\nwant %+v", told, *want)
		}
	}
	return last
}

// wantEnd wants the connection closed.
func (p *peer) wantEnd() {
	p.t.Helper()
	if got, _, err := Read(p.conn, p.version, 1<<20); !errors.Is(err, io.EOF) {
		p.t.Fatalf("%+v, %v; want the end", got, err)
	}
}

func connectAs(version Version, id string, clean bool, ps ...Property) *Packet {
	return &Packet{Type: CONNECT, Connect: &Connect{Version: version, ClientID: id, Clean: clean}, Properties: ps}
}

func subscribeTo(qos byte, filters ...string) *Packet {
	p := &Packet{Type: SUBSCRIBE, ID: 1}
	for _, f := range filters {
		p.Filters = append(p.Filters, Subscription{Filter: f, QoS: qos})
	}
	return p
}

func message0(topic, text string) *Packet {
	return &Packet{Type: PUBLISH, Topic: topic, Payload: []byte(text)}
}

func message1(id uint16, qos byte, text string) *Packet {
	return &Packet{Type: PUBLISH, Topic: "t", QoS: qos, ID: id, Payload: []byte(text)}
}

var connack = &Packet{Type: CONNACK}

// What a client of MQTT 5 does wrong is told by DISCONNECT, with the reason;
// the broker's program tells of it, too.
func TestBrokerTellsReasons(t *testing.T) {
	body := func(first byte, s string) string { return string(append(appendVariable([]byte{first}, len(s)), s...)) }
	for _, c := range []struct {
		name   string
		in     string
		reason Reason
	}{
		{"length bomb", "\x30\xff\xff\xff\x7f", PacketTooLarge},
		{"length of five bytes", "\x30\xff\xff\xff\xff\x01", MalformedPacket},
		{"bad UTF-8", body(0x30, "\x00\x01\xff\x00"), MalformedPacket},
		{"wildcard", body(0x30, "\x00\x01#\x00"), TopicNameInvalid},
		{"filter", body(0x82, "\x00\x01\x00\x00\x02a#\x00"), TopicFilterInvalid},
		{"flags", "\xc1\x00", MalformedPacket},
		{"second CONNECT", string(Append(nil, connectAs(V5, "b", true), V5)), ProtocolError},
		{"CONNACK", string(Append(nil, connack, V5)), ProtocolError},
		{"AUTH", "\xf0\x00", ProtocolError},
		{"alias too great", body(0x30, "\x00\x00\x03\x23\xff\xff"), TopicAliasInvalid},
		{"alias of nothing", body(0x30, "\x00\x00\x03\x23\x00\x01"), ProtocolError},
		{"identifier 0", body(0x32, "\x00\x01a\x00\x00\x00"), ProtocolError},
		{"subscription identifier", body(0x30, "\x00\x01a\x02\x0b\x01"), ProtocolError},
		{"PUBACK for QoS 2", string(Append(nil, &Packet{Type: PUBACK, ID: 1}, V5)), ProtocolError},
		{"session to be kept after all", string(Append(nil, &Packet{Type: DISCONNECT, Properties: Properties{{ID: SessionExpiry, Num: 10}}}, V5)), ProtocolError},
		{"too many under way", manyOfQoS2(receiveMaximum + 1), ReceiveMaximumExceeded},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, end := serveBroker(t, nil)
			p := dial(t, b.Listen, V5)
			p.send(connectAs(V5, "a", true))
			p.want(connack)
			if c.reason == ReceiveMaximumExceeded {
				p.raw(c.in)
				for i := range receiveMaximum {
					p.want(&Packet{Type: PUBREC, ID: uint16(i + 1), Reason: NoMatchingSubscribers})
				}
			} else if strings.HasPrefix(c.name, "PUBACK") {
				p.send(subscribeTo(2, "t"), message1(5, 2, "x"))
				p.want(&Packet{Type: SUBACK, ID: 1, Reasons: []Reason{2}})
				p.want(&Packet{Type: PUBREC, ID: 5})
				p.want(message1(1, 2, "x"))
				p.raw(c.in)
			} else {
				p.raw(c.in)
			}
			p.want(&Packet{Type: DISCONNECT, Reason: c.reason})
			p.wantEnd()
			p.conn.Close()
			var told *Error
			if err := end(); !errors.As(err, &told) || told.Reason != c.reason {
				t.Errorf("the program tells %v", err)
			}
		})
	}
}

func manyOfQoS2(n int) string {
	var b []byte
	for i := range n {
		b = Append(b, message1(uint16(i+1), 2, "x"), V5)
	}
	return string(b)
}

// CONNECT is refused with a reason, in the form of the client's version.
func TestBrokerRefuses(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
	}{
		{"version 3.1", "\x10\x0f\x00\x06MQIsdp\x03\x02\x00\x3c\x00\x01a", "\x20\x02\x00\x01"},
		{"version 6", "\x10\x0d\x00\x04MQTT\x06\x02\x00\x3c\x00\x01a", "\x20\x02\x00\x01"},
		{"no identifier to keep", "\x10\x0c\x00\x04MQTT\x04\x00\x00\x3c\x00\x00", "\x20\x02\x00\x02"},
		{"authentication", "\x10\x14\x00\x04MQTT\x05\x02\x00\x3c\x04\x15\x00\x01m\x00\x03abc", "\x20\x41\x00\x8c\x3e\x1f\x00\x3bthere is no enhanced authentication here (section 4.12)"},
		{"not MQTT", "GET / HTTP/1.1\r\n\r\n", ""},
		{"no CONNECT", "\xc0\x00", ""},
		{"bad UTF-8", "\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01\xff", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, _ := serveBroker(t, nil)
			p := dial(t, b.Listen, V311)
			p.raw(c.in)
			got, err := io.ReadAll(p.conn)
			if err != nil && !strings.Contains(err.Error(), "reset") {
				t.Fatal(err)
			}
			if c.name == "authentication" {
				got, c.want = got[3:4], c.want[3:4]
			}
			if string(got) != c.want {
				t.Errorf("%x, want %x", got, c.want)
			}
		})
	}
	b, _ := serveBroker(t, nil)
	p := dial(t, b.Listen, V5)
	p.raw("\x10\x0e\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x01\xff")
	p.want(&Packet{Type: CONNACK, Reason: MalformedPacket})
	p.wantEnd()
}

// Another connection of the same client takes the session over.
func TestTakeover(t *testing.T) {
	b, _ := serveBroker(t, nil)
	first, second := dial(t, b.Listen, V5), dial(t, b.Listen, V5)
	first.send(connectAs(V5, "a", true, Property{ID: SessionExpiry, Num: 100}))
	first.want(connack)
	first.send(subscribeTo(1, "t"))
	first.want(&Packet{Type: SUBACK, ID: 1, Reasons: []Reason{1}})
	first.send(message1(7, 1, "x"))
	first.want(&Packet{Type: PUBACK, ID: 7}, message1(1, 1, "x"))
	second.send(connectAs(V5, "a", false))
	again := message1(1, 1, "x")
	again.Dup = true
	second.want(&Packet{Type: CONNACK, SessionPresent: true}, again)
	first.want(&Packet{Type: DISCONNECT, Reason: SessionTakenOver})
	first.wantEnd()
	second.send(&Packet{Type: PUBACK, ID: 1}, &Packet{Type: PINGREQ})
	second.want(&Packet{Type: PINGRESP})
}

// Subscriptions have options, identifiers and topic aliases in MQTT 5.
func TestSubscriptionOptions(t *testing.T) {
	b, _ := serveBroker(t, nil)
	p := dial(t, b.Listen, V5)
	p.send(connectAs(V5, "", true, Property{ID: TopicAliasMaximum, Num: 1}))
	p.want(&Packet{Type: CONNACK, Properties: Properties{{ID: AssignedClientID, Text: "auto-1"}}})
	retained := &Packet{Type: PUBLISH, Topic: "r", Payload: []byte("kept"), Retain: true}
	p.send(retained)
	sub := &Packet{Type: SUBSCRIBE, ID: 2, Properties: Properties{{ID: SubscriptionID, Num: 5}}, Filters: []Subscription{
		{Filter: "r", RetainAsPublished: true}, {Filter: "+", RetainHandling: 2}, {Filter: "own", NoLocal: true, RetainHandling: 1}}}
	p.send(sub)
	kept := &Packet{Type: PUBLISH, Topic: "r", Payload: []byte("kept"), Retain: true, Properties: Properties{{ID: SubscriptionID, Num: 5}, {ID: TopicAlias, Num: 1}}}
	p.want(&Packet{Type: SUBACK, ID: 2, Reasons: []Reason{0, 0, 0}}, kept)
	p.send(retained, message0("own", "heard by +"), message0("x/y", "heard by nobody"))
	both := *kept
	both.Topic, both.Properties = "", Properties{{ID: SubscriptionID, Num: 5}, {ID: SubscriptionID, Num: 5}, {ID: TopicAlias, Num: 1}}
	own := message0("own", "heard by +")
	own.Properties = Properties{{ID: SubscriptionID, Num: 5}}
	p.want(&both, own)
	p.send(&Packet{Type: UNSUBSCRIBE, ID: 3, Filters: []Subscription{{Filter: "+"}, {Filter: "none"}}}, message0("own", "not heard"), &Packet{Type: PINGREQ})
	p.want(&Packet{Type: UNSUBACK, ID: 3, Reasons: []Reason{Success, NoSubscriptionExisted}}, &Packet{Type: PINGRESP})
	p.send(subscribeTo(0, strings.Repeat("/", maxLevels)))
	p.want(&Packet{Type: SUBACK, ID: 1, Reasons: []Reason{QuotaExceeded}})
}

// A client says how large a packet may be, and how many may be under way.
func TestClientsLimits(t *testing.T) {
	b, _ := serveBroker(t, func(b *Broker) { b.MaxQueue = 3 })
	p := dial(t, b.Listen, V5)
	p.send(connectAs(V5, "a", true, Property{ID: MaximumPacketSize, Num: 50}, Property{ID: ReceiveMaximum, Num: 1}))
	p.want(connack)
	p.send(subscribeTo(1, "t"))
	p.want(&Packet{Type: SUBACK, ID: 1, Reasons: []Reason{1}})
	p.send(message1(1, 0, strings.Repeat("large", 20)), message1(2, 1, "one"), message1(3, 1, "two"), &Packet{Type: PINGREQ})
	var types []Type
	for range 4 { // two PUBACK, PINGRESP, and one of the two messages
		got, _, err := Read(p.conn, V5, 1000)
		if err != nil {
			t.Fatal(err)
		}
		types = append(types, got.Type)
	}
	if n := strings.Count(string(typeBytes(types)), string(rune(PUBLISH))); n != 1 {
		t.Errorf("%v", types)
	}
	p.send(&Packet{Type: PUBACK, ID: 1})
	p.want(message1(2, 1, "two"))
}

func typeBytes(types []Type) (b []byte) {
	for _, t := range types {
		b = append(b, byte(t))
	}
	return b
}

// A client that is silent for one and a half times its keep alive is gone, and
// its will is published.
func TestKeepAliveAndWill(t *testing.T) {
	b, end := serveBroker(t, nil)
	watcher, dying := dial(t, b.Listen, V311), dial(t, b.Listen, V5)
	watcher.send(connectAs(V311, "w", true), subscribeTo(0, "gone"))
	watcher.want(connack, &Packet{Type: SUBACK, ID: 1, Reasons: []Reason{0}})
	con := connectAs(V5, "d", true)
	con.Connect.KeepAlive, con.Connect.Will = 1, &Will{Topic: "gone", Payload: []byte("bye")}
	dying.send(con)
	dying.want(connack)
	start := time.Now()
	dying.want(&Packet{Type: DISCONNECT, Reason: KeepAliveTimeout})
	if took := time.Since(start); took < 1400*time.Millisecond || took > 30*time.Second {
		t.Errorf("after %v", took)
	}
	watcher.want(message0("gone", "bye"))
	watcher.conn.Close()
	dying.conn.Close()
	if err := end(); err != nil {
		t.Errorf("that a connection breaks is no failure of the broker: %v", err)
	}
}

// FuzzBroker gives a broker anything after, or instead of, a CONNECT packet:
// it serves the next client as if nothing had been.
func FuzzBroker(f *testing.F) {
	for _, version := range []Version{V311, V5} {
		for _, p := range packets(version) {
			f.Add(Append(nil, p, version), byte(version))
		}
	}
	f.Add([]byte("\x30\xff\xff\xff\x7f"), byte(5))
	f.Add([]byte("\x10\xff\xff\xff\x7f\x00\x04MQTT"), byte(0))
	f.Fuzz(func(t *testing.T, b []byte, v byte) {
		if len(b) > 1<<12 {
			return
		}
		fuzzBroker(t, b, Version(v))
	})
}

// deaf is a connection whose peer has sent all that it will, and reads
// everything.
type deaf struct {
	net.Conn // nil: what is not here is not used
	in       *bytes.Reader
	out      bytes.Buffer
}

func (d *deaf) Read(b []byte) (int, error)      { return d.in.Read(b) }
func (d *deaf) Write(b []byte) (int, error)     { return d.out.Write(b) }
func (d *deaf) Close() error                    { return nil }
func (d *deaf) CloseWrite() error               { return nil }
func (d *deaf) SetReadDeadline(time.Time) error { return nil }
func (d *deaf) RemoteAddr() net.Addr            { return &net.TCPAddr{} }

func fuzzBroker(t *testing.T, b []byte, version Version) {
	h := realhost.New(1, nil)
	set := NewBroker()
	set.MaxPacket = 1 << 16
	if err := set.Check(); err != nil {
		t.Fatal(err)
	}
	br := newBroker(h, set)
	if version == V311 || version == V5 {
		b = append(Append(nil, connectAs(version, "x", false, Property{ID: SessionExpiry, Num: 100}), version), b...)
	}
	br.serve(&deaf{in: bytes.NewReader(b)})
	var in []byte
	for _, p := range []*Packet{connectAs(V311, "y", true), subscribeTo(1, "t"), message1(1, 1, "x"), {Type: PINGREQ}} {
		in = Append(in, p, V311)
	}
	after := &deaf{in: bytes.NewReader(in)}
	br.serve(after)
	h.Close()
	if got := after.out.Bytes(); len(got) < 15 || string(got[:4]) != "\x20\x02\x00\x00" || !bytes.Contains(got, []byte("\xd0\x00")) {
		t.Fatalf("%x", got)
	}
}
