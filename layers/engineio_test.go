package layers_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"strata/layers"
)

// told is a tree as lines: the parts with their places, the fields that have a
// name, and what is wrong.
func told(tree *layers.Tree) string {
	var b strings.Builder
	var nodes func(indent string, all []layers.Node)
	nodes = func(indent string, all []layers.Node) {
		for _, n := range all {
			if !strings.HasPrefix(n.Field.Name, "json.") {
				fmt.Fprintf(&b, "%s%s %d+%d %s\n", indent, n.Field.Name, n.Pos, n.Len, n.Show)
			}
			nodes(indent+"  ", n.Children)
		}
	}
	for _, p := range tree.Parts {
		fmt.Fprintf(&b, "%s %d+%d: %s\n", p.Proto.Filter(), p.Pos, p.Len, p.Summary)
		nodes("  ", p.Fields)
	}
	for _, e := range tree.Expert {
		fmt.Fprintf(&b, "%v %s %d+%d\n", e.Severity, e.Name, e.Pos, e.Len)
	}
	return b.String()
}

func TestEngineIOPackets(t *testing.T) {
	for _, c := range []struct {
		in   string
		how  int
		want string
	}{
		{`42["hey",{"a":1}]`, layers.AsText, `
engineio 0+1: message
  engineio.packet 0+17 42["hey",{"a":1}]
    engineio.type 0+1 message (4)
    engineio.data 1+16 2["hey",{"a":1}]
socketio 1+1: EVENT hey
  socketio.type 1+1 EVENT (2)
  socketio.namespace 1+0 /
  socketio.data 2+15 ["hey",{"a":1}]
    socketio.event 3+5 hey
json 2+15: ["hey",{"a":1}]
`},
		{`451-/chat,12["f",{"_placeholder":true,"num":0}]`, layers.AsText, `
engineio 0+1: message
  engineio.packet 0+47 451-/chat,12["f",{"_placeholder":true,"num":0}]
    engineio.type 0+1 message (4)
    engineio.data 1+46 51-/chat,12["f",{"_placeholder":true,"num":0}]
socketio 1+11: BINARY_EVENT f in /chat, ack id 12, 1 attachment
  socketio.type 1+1 BINARY_EVENT (5)
  socketio.attachments 2+1 1
  socketio.namespace 4+5 /chat
  socketio.ack_id 10+2 12
  socketio.data 12+35 ["f",{"_placeholder":true,"num":0}]
    socketio.event 13+3 f
json 12+35: ["f",{"_placeholder":true,"num":0}]
`},
		{"\x01\x02\xff", layers.AsBinary, `
engineio 0+3: binary message, 3 bytes
  engineio.bytes 0+3 0102ff
`},
		{"40{\"sid\":\"x\"}\x1e2\x1ebAQL/", layers.AsPayload, `
engineio 0+1: message
  engineio.packet 0+13 40{"sid":"x"}
    engineio.type 0+1 message (4)
    engineio.data 1+12 0{"sid":"x"}
socketio 1+1: CONNECT x
  socketio.type 1+1 CONNECT (0)
  socketio.namespace 1+0 /
  socketio.data 2+11 {"sid":"x"}
    socketio.sid 9+3 x
json 2+11: {"sid":"x"}
engineio 13+2: ping
  engineio.separator 13+1 0x1e
  engineio.packet 14+1 2
    engineio.type 14+1 ping (2)
engineio 15+2: binary message
  engineio.separator 15+1 0x1e
  engineio.packet 16+5 bAQL/
    engineio.binary 16+1 b
base64 17+4: 4 characters for 3 bytes
  base64.text 17+4 AQL/
    base64.bytes 0+3 0102ff
`},
		{`0{"sid":"ab","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`, layers.AsText, `
engineio 0+1: open, session ab
  engineio.packet 0+100 0{"sid":"ab","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}
    engineio.type 0+1 open (0)
    engineio.data 1+99 {"sid":"ab","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}
  engineio.sid 8+4 ab
  engineio.upgrades 24+13 ["websocket"]
  engineio.ping_interval 53+5 25000
  engineio.ping_timeout 73+5 20000
  engineio.max_payload 92+7 1000000
json 1+99: {"sid":"ab","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}
`},
		{"3probe", layers.AsText, `
engineio 0+6: pong probe
  engineio.packet 0+6 3probe
    engineio.type 0+1 pong (3)
    engineio.data 1+5 probe
`},
		{`44/admin,{"message":"no"}`, layers.AsText, `
engineio 0+1: message
  engineio.packet 0+25 44/admin,{"message":"no"}
    engineio.type 0+1 message (4)
    engineio.data 1+24 4/admin,{"message":"no"}
socketio 1+8: CONNECT_ERROR no in /admin
  socketio.type 1+1 CONNECT_ERROR (4)
  socketio.namespace 2+6 /admin
  socketio.data 9+16 {"message":"no"}
    socketio.message 20+4 no
json 9+16: {"message":"no"}
`},
	} {
		tree := layers.DissectEngineIO([]byte(c.in), c.how)
		check(t, tree)
		if got := told(tree); got != strings.TrimPrefix(c.want, "\n") {
			t.Errorf("%q:\n%swant%s", c.in, got, c.want)
		}
	}
}

// What breaks the protocols is told of, each as what it is.
func TestEngineIOWrong(t *testing.T) {
	event := "socketio.data.invalid"
	for _, c := range []struct {
		in   string
		how  int
		want string // expert entries, in their order; empty: none
	}{
		{"", layers.AsText, "engineio.empty"},
		{"7", layers.AsText, "engineio.type.unknown"},
		{"bAAAA", layers.AsText, "engineio.type.unknown"},
		{"bAAAA", layers.AsPayload, ""},
		{"bAAA", layers.AsPayload, "base64.invalid"},
		{"b*", layers.AsPayload, "base64.invalid"},
		{"b", layers.AsPayload, ""},
		{"2\x1e", layers.AsPayload, "engineio.empty"},
		{"6x", layers.AsText, "engineio.data.unexpected"},
		{"0{}", layers.AsText, strings.Repeat("engineio.open.missing ", 5)},
		{"0[]", layers.AsText, "engineio.open.invalid"},
		{"0", layers.AsText, "engineio.open.invalid"},
		{"4hello", layers.AsText, "engineio.message.other"},
		{"47", layers.AsText, "socketio.type.unknown"},
		{"40", layers.AsText, ""}, {"40/a", layers.AsText, ""}, {"40/a,", layers.AsText, ""}, {"41/a,", layers.AsText, ""},
		{"40[]", layers.AsText, event}, {`41{}`, layers.AsText, event}, {"42", layers.AsText, event}, {"42{}", layers.AsText, event},
		{"42[]", layers.AsText, event}, {"42[null]", layers.AsText, event}, {"42[1]", layers.AsText, ""}, {`42["a"`, layers.AsText, event},
		{"42[-1]", layers.AsText, ""}, {"43[]", layers.AsText, "socketio.ack_id.missing"}, {"431[]", layers.AsText, ""}, {"431{}", layers.AsText, event}, {"44", layers.AsText, ""}, {"441", layers.AsText, ""},
		{`42["connect"]`, layers.AsText, "socketio.event.reserved"},
		{`42["disc\u006fnnect"]`, layers.AsText, "socketio.event.reserved"},
		{`45["a"]`, layers.AsText, "socketio.attachments.invalid"}, {`450-["a"]`, layers.AsText, "socketio.attachments.invalid"}, {`45-["a"]`, layers.AsText, "socketio.attachments.invalid"},
		{`4599999999999-["a"]`, layers.AsText, "socketio.attachments.invalid"}, {`451`, layers.AsText, "socketio.attachments.invalid"},
		{`451-["a"]`, layers.AsText, "socketio.attachments.count"},
		{`42999999999999999999["a"]`, layers.AsText, "socketio.ack_id.invalid"},
	} {
		tree := layers.DissectEngineIO([]byte(c.in), c.how)
		check(t, tree)
		var names []string
		for _, e := range tree.Expert {
			names = append(names, e.Name)
		}
		if got := strings.Join(names, " "); got != strings.TrimSpace(c.want) {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

// Who may send what, where it is known who did.
func TestEngineIODirections(t *testing.T) {
	for packet, sides := range map[string]string{"0{}": "server", "1": "both", "2": "server", "2probe": "client", "3": "client", "3probe": "server", "40": "both", "5": "client", "6": "server"} {
		for _, server := range []bool{false, true} {
			frame := overIP(layers.ProtocolTCP, tcp(40000, 80, 0x18, nil, append([]byte{0x81, byte(len(packet))}, packet...)))
			tree := layers.Dissect(frame, layers.Options{Seen: []layers.Seen{{Above: layers.Above{Proto: layers.WebSocket, Carries: layers.EngineIO, Server: server}}}})
			check(t, tree)
			wrong := slices.ContainsFunc(tree.Expert, func(e layers.Expert) bool { return e.Name == "engineio.direction" })
			side := map[bool]string{false: "client", true: "server"}[server]
			if want := sides != "both" && sides != side; wrong != want {
				t.Errorf("%q of the %s: wrong is %v", packet, side, wrong)
			}
		}
	}
}

func TestEngineIOCoats(t *testing.T) {
	for in, want := range map[string]string{
		`42["hey"]`:          `engineio 1 2["hey"]|socketio 1 ["hey"]|json 0 ["hey"]`,
		`451-/x,7["a",{}]`:   `engineio 1 51-/x,7["a",{}]|socketio 7 ["a",{}]|json 0 ["a",{}]`,
		"40":                 "engineio 1 0|socketio 1 ",
		"bAQL/":              "engineio 1 AQL/|base64 0 \x01\x02\xff changed",
		`0{"sid":"x"}`:       `engineio 1 {"sid":"x"}|json 0 {"sid":"x"}`,
		"2probe":             "engineio 1 probe",
		"4other":             "engineio 1 other",
		"":                   "",
		"3":                  "engineio 1 ",
		"bnone*":             "engineio 1 none*",
		`42/a,999999999{"x"`: `engineio 1 2/a,999999999{"x"|socketio 13 {"x"`,
	} {
		var got []string
		outer := []byte(in)
		for _, c := range layers.EngineIOCoats(outer, false) {
			s := fmt.Sprintf("%s %d %s", c.Proto.Filter(), c.Head, c.Inner)
			if c.Changed {
				s += " changed"
			} else if !bytes.Equal(outer[c.Head:len(outer)-c.Tail], c.Inner) {
				t.Errorf("%q: %q is not what %q wraps", in, c.Inner, outer)
			}
			outer = c.Inner
			got = append(got, s)
		}
		if s := strings.Join(got, "|"); s != want {
			t.Errorf("%q:\n got %q\nwant %q", in, s, want)
		}
	}
}

func FuzzEngineIO(f *testing.F) {
	for _, s := range []string{`42["hey",{"a":[1,2,{"b":null}]}]`, `451-/chat,12["f",{"_placeholder":true,"num":0}]`, "40{\"sid\":\"x\"}\x1e2\x1ebAQL/\x1e", `0{"sid":"ab","upgrades":["websocket"],"pingInterval":25000}`,
		`44/a,{"message":"\u0000"}`, `42["` + "\x1b[2J" + `"]`, strings.Repeat("\x1e", 50), "42" + strings.Repeat("[", 100) + strings.Repeat("]", 100), ` 42 [ "a" , { "b" : 1 } ] `} {
		f.Add([]byte(s), byte(0))
		f.Add([]byte(s), byte(2))
	}
	f.Fuzz(func(t *testing.T, data []byte, how byte) {
		check(t, layers.DissectEngineIO(data, int(how%3)))
		layers.EngineIOCoats(data, how%3 == layers.AsBinary)
	})
}
