package layers_test

import (
	"strings"
	"testing"

	"strata/layers"
)

func TestUpgrade(t *testing.T) {
	ask := layers.HTTPUpgradeRequest([]byte(wsAsk + "\r\n"))
	if !ask.WebSocket || string(ask.Accept[:]) != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" || ask.EngineIO != 0 { // RFC 6455 section 1.3
		t.Errorf("%+v", ask)
	}
	up, ok := ask.Agreed([]byte(wsAgree + "\r\n"))
	if !ok || up != (layers.Upgrade{}) {
		t.Errorf("%+v, %v", up, ok)
	}
	if above := up.Above(true); above != (layers.Above{Proto: layers.WebSocket, Server: true}) {
		t.Errorf("%+v", above)
	}
	for lines, want := range map[string]layers.Upgrade{
		"Sec-WebSocket-Protocol: mqtt\r\n":                 {Carries: layers.MQTT},
		"sec-websocket-extensions: permessage-deflate\r\n": {Deflate: layers.Deflate{On: true}},
		"Sec-WebSocket-Extensions: x-other; a=\",\", permessage-deflate; client_no_context_takeover; server_max_window_bits=\"9\"\r\n": {
			Deflate: layers.Deflate{On: true, ClientNoContext: true, ServerWindowBits: 9}},
	} {
		if up, ok := ask.Agreed([]byte(wsAgree + lines + "\r\n")); !ok || up != want {
			t.Errorf("%s: %+v, %v", lines, up, ok)
		}
	}
	if up, ok := ask.Agreed([]byte(strings.Replace(wsAgree, "s3p", "s3q", 1) + "\r\n")); !ok || !up.AcceptBad {
		t.Errorf("wrong proof: %+v, %v", up, ok)
	}
	if up, ok := (layers.UpgradeRequest{}).Agreed([]byte(wsAgree + "\r\n")); !ok || up.AcceptBad {
		t.Errorf("no request seen: %+v, %v", up, ok)
	}
	for _, head := range []string{"", "HTTP/1.1 101", "HTTP/1.1 200 OK\r\nUpgrade: websocket\r\n\r\n", "HTTP/1.1 101 x\r\nUpgrade: h2c\r\n\r\n", wsAsk} {
		if _, ok := ask.Agreed([]byte(head)); ok {
			t.Errorf("%q agrees", head)
		}
	}
	for target, want := range map[string]uint8{"/socket.io/?EIO=4&transport=websocket": 4, "/socket.io/?transport=polling&EIO=3&t=x": 3, "/?EIO=44&transport=polling": 0, "/?EIO=4": 0, "/EIO=4&transport=polling": 0, "/?transport=polling": 0} {
		ask := layers.HTTPUpgradeRequest([]byte("GET " + target + " HTTP/1.1\r\n\r\n"))
		if ask != (layers.UpgradeRequest{EngineIO: want}) {
			t.Errorf("%s: %+v", target, ask)
		}
		if up, _ := ask.Agreed([]byte(wsAgree)); (up.Carries == layers.EngineIO) != (want > 0) {
			t.Errorf("%s: %+v", target, up)
		}
	}
}

func TestDeflateParameters(t *testing.T) {
	for _, s := range []string{";", "x", "server_no_context_takeover=1", "server_max_window_bits", "server_max_window_bits=7", "server_max_window_bits=16", "server_max_window_bits=09", "client_max_window_bits=", "client_max_window_bits=\"",
		"client_no_context_takeover; client_no_context_takeover", "server_max_window_bits=9;server_max_window_bits=9", "client_max_window_bits=+9"} {
		if d, ok := layers.ParseDeflate(s); ok {
			t.Errorf("%q: %+v", s, d)
		}
	}
	d, ok := layers.ParseDeflate(" Server_No_Context_Takeover ; client_max_window_bits; server_max_window_bits= 10")
	if want := (layers.Deflate{On: true, ServerNoContext: true, ServerWindowBits: 10, ClientWindowBits: layers.AnyWindow}); !ok || d != want {
		t.Errorf("%+v, %v", d, ok)
	}
}

func TestUpgradeAllocatesNothing(t *testing.T) {
	request, answer := []byte(wsAsk+"\r\n"), []byte(wsAgree+"\r\n")
	var ask layers.UpgradeRequest
	if n := testing.AllocsPerRun(100, func() { ask = layers.HTTPUpgradeRequest(request); ask.Agreed(answer) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
	frame := fromClient(0x81, "hello")
	if n := testing.AllocsPerRun(100, func() {
		h, _ := layers.WebSocketHeader(frame)
		layers.WebSocketFaults(h, layers.Above{})
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzUpgrade(f *testing.F) {
	f.Add([]byte(wsAsk), []byte(wsAgree), "client_max_window_bits=9")
	f.Add([]byte("GET /?EIO=4&transport=polling HTTP/1.1\r\n\r\n"), []byte(wsAgree+"Sec-WebSocket-Extensions: permessage-deflate; a=\"b,c\"\r\n"), "")
	f.Fuzz(func(t *testing.T, request, answer []byte, parameters string) {
		layers.HTTPUpgradeRequest(request).Agreed(answer)
		layers.ParseDeflate(parameters)
		for name := range layers.Extensions(parameters) {
			if name == "" || name != strings.TrimSpace(name) {
				t.Errorf("extension %q", name)
			}
		}
	})
}
