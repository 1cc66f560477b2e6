package socketio

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"strata/layers"
)

func TestPayload(t *testing.T) {
	body := []byte("4hello\x1e2\x1ebAQIDBA==")
	got, err := readPayload(body)
	want := []packet{{kind: message, data: []byte("hello")}, {kind: ping, data: []byte{}}, {kind: message, binary: true, data: []byte{1, 2, 3, 4}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("got %v, %v", got, err)
	}
	var again []byte
	for i, p := range got {
		if i > 0 {
			again = append(again, layers.EngineIOSeparator)
		}
		n := len(again)
		if again = p.appendText(again); len(again)-n != p.textLen() {
			t.Errorf("%v: length %d", p, p.textLen())
		}
	}
	if !bytes.Equal(again, body) {
		t.Errorf("again: %q", again)
	}
}

func TestPayloadErrors(t *testing.T) {
	for in, want := range map[string]string{
		"": "empty", "2\x1e": "empty", "7": `unknown Engine.IO packet type '7'`, "b?": "base64", "4\xff": "UTF-8", "\x1e\x1e": "empty", "bAAA": "base64",
	} {
		if _, err := readPayload([]byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

// texts are a packet's messages as they go over WebSocket.
func texts(p *Packet) (all []string) {
	for _, m := range p.packets() {
		if m.binary {
			all = append(all, "binary "+string(m.data))
		} else {
			all = append(all, string(m.appendText(nil)))
		}
	}
	return all
}

// The examples of the protocol's page, and more.
func TestPackets(t *testing.T) {
	for _, c := range []struct {
		p    Packet
		want string
	}{
		{Packet{Namespace: "/"}, "40"},
		{Packet{Namespace: "/admin", Data: []byte(`{"sid":"oSO0OpakMV_3jnilAAAA"}`)}, `40/admin,{"sid":"oSO0OpakMV_3jnilAAAA"}`},
		{Packet{Type: layers.SocketIOConnectError, Namespace: "/", Data: []byte(`{"message":"Not authorized"}`)}, `44{"message":"Not authorized"}`},
		{Packet{Type: layers.SocketIODisconnect, Namespace: "/admin"}, "41/admin,"},
		{*newEvent("/", "foo", nil, nil), `42["foo"]`},
		{*newEvent("/admin", "bar", nil, nil), `42/admin,["bar"]`},
		{Packet{Type: layers.SocketIOEvent, Namespace: "/", HasID: true, ID: 12, Data: []byte(`["foo"]`)}, `4212["foo"]`},
		{*newAnswer(&Packet{Namespace: "/admin", ID: 13}, []json.RawMessage{[]byte(`"bar"`)}, nil), `43/admin,13["bar"]`},
		{*newEvent("/", "baz", []json.RawMessage{placeholder(0)}, [][]byte{{1, 2, 3, 4}}), `451-["baz",{"_placeholder":true,"num":0}]|binary ` + "\x01\x02\x03\x04"},
		{*newEvent("/", "baz", []json.RawMessage{[]byte("1"), placeholder(0), placeholder(1)}, [][]byte{{1}, {2}}), `452-["baz",1,{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]|binary ` + "\x01|binary \x02"},
		{*newAnswer(&Packet{Namespace: "/", ID: 15}, []json.RawMessage{placeholder(0)}, [][]byte{{1}}), `461-15[{"_placeholder":true,"num":0}]|binary ` + "\x01"},
	} {
		if got := strings.Join(texts(&c.p), "|"); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
		var a assembler
		var got *Packet
		for _, m := range c.p.packets() {
			if got != nil {
				t.Fatalf("%q: whole too early", c.want)
			}
			var err error
			if got, err = a.add(m); err != nil {
				t.Fatalf("%q: %v", c.want, err)
			}
		}
		if !reflect.DeepEqual(*got, c.p) {
			t.Errorf("%q: read back as %+v", c.want, *got)
		}
	}
}

func TestPacketErrors(t *testing.T) {
	for in, want := range map[string]string{
		"": "type", "7": "type", "x": "type", "2": "event's name", `2["connect"]`: "No event", "5[]": "attachments", "511-[1]": "11 attachments", "3[]": "without the id", "2{}": "event's name", "0[]": "object",
		`2["a"`: "valid JSON", "bin": "type", "binary ": "belongs to no",
		`51-["a"]|2["b"]`: "1 attachments of a Socket.IO packet are still to come",
	} {
		var a assembler
		var err error
		for m := range strings.SplitSeq(in, "|") {
			data, binary := strings.CutPrefix(m, "binary ")
			_, err = a.add(packet{kind: message, binary: binary, data: []byte(data)})
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

// Whatever a body holds, what is read of it can be written and read again.
func FuzzPayload(f *testing.F) {
	for _, s := range []string{"4hello\x1e2\x1ebAQIDBA==", "40", `451-/a,7["x",{"_placeholder":true,"num":0}]` + "\x1ebAA==", `44{"message":"no"}`, "46", "\x1e", `42[1,"\u0000"]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		packets, _ := readPayload(body)
		var a assembler
		for _, m := range packets {
			again, err := readPayload(m.appendText(nil))
			if err != nil || len(again) != 1 || !reflect.DeepEqual(again[0], m) {
				t.Fatalf("%v: read back as %v, %v", m, again, err)
			}
			if m.kind != message {
				continue
			}
			p, err := a.add(m)
			if err != nil {
				return
			}
			if p != nil {
				p.event()
				var b assembler
				var q *Packet
				for _, m := range p.packets() {
					if q, err = b.add(m); err != nil {
						t.Fatalf("%+v: %v", p, err)
					}
				}
				if !reflect.DeepEqual(p, q) {
					t.Fatalf("%+v: read back as %+v", p, q)
				}
			}
		}
	})
}
