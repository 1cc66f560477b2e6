package layers_test

import (
	"fmt"
	"strings"
	"testing"

	"strata/layers"
	"strata/layers/pdml"
)

// jsonFrames are HTTP answers with bodies of JSON, and some that is none.
func jsonFrames() (frames [][]byte) {
	for _, body := range []string{`{"a":1}`, `{"sid":"abc","n":[1,-2.5e3,true,null,{"x":"y\u00e9"}]}`, ` { "a" : [ 1 , "b" ] , "c" : { } } `, `[]`, `{}`, `[[1,[2,[3]]]]`, `[false,true,null,"",0]`,
		`{"a":{"b":{"c":[{"d":"e"},{"d":"f"}]}}}`, `{"t":"a\"b\\c\/d\n"}`, `{"":""}`, `[1,2`, `{a:1}`, `grün`, `{"grün":"漢"}`, "{\n\t\"a\": 1,\n\t\"b\": [1, 2]\n}\n", `"text"`, `1`, `null`, `[{"a":1},{"a":2}]`} {
		for _, kind := range []string{"application/json", "application/json; charset=utf-8"} {
			m := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", kind, len(body), body)
			frames = append(frames, overIP(layers.ProtocolTCP, tcp(80, uint16(30000+len(frames)), 0x18, nil, []byte(m))))
		}
		m := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/problem+json\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body)
		frames = append(frames, overIP(layers.ProtocolTCP, tcp(80, uint16(30000+len(frames)), 0x18, nil, []byte(m))))
	}
	return frames
}

func TestJSONEqualsTshark(t *testing.T) {
	frames := jsonFrames()
	scores := pdml.Scores{}
	n := 0
	pdml.Tshark(t, writeCapture(t, frames), func(protos []pdml.Element) {
		tree := layers.Dissect(frames[n], layers.Options{})
		check(t, tree)
		scores.Add(tree, protos, fmt.Sprintf("json:%d", n+1))
		n++
	}, append(pdml.Alone, "-o", "tcp.analyze_sequence_numbers:FALSE")...)
	report(t, scores, map[string]float64{})
}

// A body says by itself, or the connection's requests say, that it is
// Engine.IO.
func TestEngineIOInHTTP(t *testing.T) {
	parts := func(m string, above layers.Above) string {
		tree := layers.Dissect(overIP(layers.ProtocolTCP, tcp(40000, 80, 0x18, nil, []byte(m))), layers.Options{Seen: []layers.Seen{{Above: above}}})
		check(t, tree)
		var all []string
		for _, p := range tree.Parts[3:] {
			all = append(all, p.Proto.Filter()+" "+p.Summary)
		}
		return strings.Join(all, "|")
	}
	body := "Content-Type: text/plain; charset=UTF-8\r\nContent-Length: 10\r\n\r\n42[\"a\"]\x1e3\r"
	for _, c := range []struct {
		start string
		above layers.Above
		want  string
	}{
		{"POST /socket.io/?EIO=4&transport=polling&sid=x HTTP/1.1\r\n", layers.Above{}, `http POST /socket.io/?EIO=4&transport=polling&sid=x HTTP/1.1|engineio message|socketio EVENT a|json ["a"]|engineio pong \r`},
		{"POST /other?x=4 HTTP/1.1\r\n", layers.Above{}, `http POST /other?x=4 HTTP/1.1`},
		{"HTTP/1.1 200 OK\r\n", layers.Above{Proto: layers.HTTP, Carries: layers.EngineIO, Server: true}, `http HTTP/1.1 200 OK|engineio message|socketio EVENT a|json ["a"]|engineio pong \r`},
		{"HTTP/1.1 200 OK\r\n", layers.Above{Proto: layers.HTTP, Server: true}, `http HTTP/1.1 200 OK`},
	} {
		if got := parts(c.start+body, c.above); got != c.want {
			t.Errorf("%q: %s", c.start, got)
		}
	}
}
