package layers_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"strings"

	"strata/layers"
)

// httpMessages are messages with start lines and headers of every kind, right and wrong.
func httpMessages() (all []string) {
	methods := "GET PUT COPY HEAD LOCK MOVE POLL POST BCOPY BMOVE MKCOL TRACE PATCH LABEL MERGE DELETE SEARCH UNLOCK REPORT UPDATE NOTIFY BDELETE CONNECT OPTIONS CHECKIN " +
		"PROPFIND CHECKOUT CCM_POST SUBSCRIBE PROPPATCH BPROPFIND BPROPPATCH UNCHECKOUT MKACTIVITY MKWORKSPACE RPC_CONNECT RPC_IN_DATA UNSUBSCRIBE RPC_OUT_DATA VERSION-CONTROL " +
		"BASELINE-CONTROL SSTP_DUPLEX_POST M-SEARCH M-GET ACL MKCALENDAR BREW get PRI"
	for _, m := range strings.Fields(methods) {
		all = append(all, m+" /x HTTP/1.1\r\nHost: a\r\nX-Other: b\r\n\r\nbody")
	}
	for _, line := range []string{"GET / HTTP/1.1", "GET  HTTP/1.1", "GET   HTTP/1.1", "GET /a b c HTTP/1.1", "GET /", "GET", "GET ", "GET / ", "GET /a?b=c&d=e&&f=%20 HTTP/1.0", "GET /? HTTP/1.0", "GET /?&&a HTTP/1.0", "GET /a?b?c&d HTTP/1.0", "GET ? HTTP/1.0",
		"GET http://a/b?c=d HTTP/1.1", "CONNECT a:443 HTTP/1.1", "OPTIONS * HTTP/1.1", "GET /\tx HTTP/1.1", "GET / HTTP/2.0 x", "GET /a/b/c;d/e?x=/y/z HTTP/1.1", "GET /a?b=c& HTTP/1.1",
		"HTTP/1.1 200 OK", "HTTP/1.1 200", "HTTP/1.1 200 ", "HTTP/1.1  200  Fine  thing", "HTTP/1.1 20 x", "HTTP/1.1 2000 x", "HTTP/1.1 abc x", "HTTP/1.1", "HTTP/1.1 ", "HTTP/", "ICY 200 OK", "ICY", "HTTP/1.1 100 Continue", "HTTP/1.1 204 No Content", "HTTP/1.1 304 Not Modified", "HTTP/1.1 999 ?"} {
		for _, rest := range []string{"\r\nA: b\r\nHost: c\r\n\r\nbody", "\r\n\r\n", "\r\n", "", "\nContent-Length: 2\n\nbodyGET / HTTP/1.1\r\n\r\n"} {
			all = append(all, line+rest)
		}
	}
	headers := strings.Split(`Authorization: Basic dXNlcjpwYXNz|Authorization: Basic |Authorization: Basic !|Authorization: CitrixAGBasic username="dXNlcg=="; domain="ZG9t"; password="cGFzcw=="; AGESessionId="YWJj"|Authorization: Digest username="u", realm="r", nonce="n"|Authorization: Bearer x|`+
		`Proxy-Authorization: Basic dXNlcjpwYXNz|Proxy-Authenticate: Basic realm="a"|WWW-Authenticate: Basic realm="a"|Authorization: Basic   YTpi|authorization:Basic YTpi|`+
		`Content-Type: text/x|Content-Length: 3|Content-Length: 0|Content-Length: -1|Content-Length: +2|Content-Length: 3 x|Content-Length: 3x|Content-Length:|Content-Length: 99999999999999999999|Content-Length: 9999999|CONTENT-LENGTH: 2|`+
		`Content-Encoding: identity|Content-Encoding: br|Content-Encoding: gzip|Content-Encoding:|Transfer-Encoding: chunked|Transfer-Encoding: gzip|Transfer-Encoding: identity|Transfer-Encoding: x|Transfer-Encoding: gzip, chunked|Transfer-Encoding: Chunked|`+
		`Transfer-Encoding:chunked, x|Upgrade: websocket|User-Agent: x|Host: a:80|Host:|Connection: close|Cookie: a=b|Cookie: a=b; c=d;; e ;|Cookie:|Cookie: ;|Cookie:  a = b  ;c|Accept: */*|Referer: http://a/b|Accept-Language: x|Accept-Encoding: x|Date: x|`+
		`Cache-Control: x|Server: x|Location: /y|Sec-WebSocket-Accept: x|Sec-WebSocket-Extensions: x|Sec-WebSocket-Key: x|Sec-WebSocket-Protocol: x|Sec-WebSocket-Version: 13|Set-Cookie: a=b; Path=/|Last-Modified: x|X-Forwarded-For: 192.0.2.1|`+
		`HTTP2-Settings: AAMAAABkAAQAAP__|HTTP2-Settings: !|Keep-Alive: x|Expires: x|Etag: x|a b: c|: c|a'b: c|a/b: c|a(b: c|a"b: c|a{b}: c|a@b: c|a\b: c|a~|b: c|a*b: c|gr\xfcn: c|a: b:c|no colon|folded: a~\r\n b|User-Agent: a~\r\n b|A:~|x: y\rz: w`, "|")
	for _, h := range headers {
		h = strings.ReplaceAll(strings.ReplaceAll(h, "~|", "|"), "~", "")
		h = strings.NewReplacer(`\r`, "\r", `\n`, "\n", `\xfc`, "\xfc").Replace(h)
		for _, start := range []string{"POST /x HTTP/1.1\r\n", "HTTP/1.1 200 OK\r\n", "NOTIFY * HTTP/1.1\r\n", ""} {
			all = append(all, start+h+"\r\n\r\n3\r\nabc\r\n0\r\n\r\nHTTP/1.1 204 x\r\n\r\n")
		}
		all = append(all, "GET / HTTP/1.1\r\n"+h, "GET / HTTP/1.1\r\n"+h+"\r\n")
	}
	return append(all, httpBodies()...)
}

// httpBodies are messages with bodies of many kinds.
func httpBodies() (all []string) {
	var packed [2]bytes.Buffer
	for i, text := range []string{"some text", strings.Repeat("long ", 100)} {
		w := gzip.NewWriter(&packed[i])
		fmt.Fprint(w, text)
		w.Close()
	}
	var deflated bytes.Buffer
	w := zlib.NewWriter(&deflated)
	fmt.Fprint(w, "some text")
	w.Close()
	for _, b := range []struct{ headers, body string }{
		{"Content-Encoding: gzip\r\n", packed[0].String()}, {"Content-Encoding: x-gzip\r\n", packed[1].String()}, {"Content-Encoding: GZIP\r\n", packed[0].String()[:20]}, {"Content-Encoding: gzip\r\n", packed[1].String()[:len(packed[1].String())-4]},
		{"Content-Encoding: gzip\r\n", "none of it"}, {"Content-Encoding: deflate\r\n", deflated.String()}, {"Content-Encoding: deflate\r\n", deflated.String()[2:]}, {"Content-Encoding: br\r\n", "\x0b\x02\x80abc\x03"}, {"Content-Encoding: gzip, gzip\r\n", packed[0].String()},
		{"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", packed[0].Len(), packed[0].String())},
		{"Content-Type: text/plain\r\nContent-Length: 4\r\n", "textHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"}, {"Content-Type: image/gif\r\n", "GIF89a"}, {"Content-Type: text/plain\r\n", "a\r\n\r\nb"}, {"Content-Length: 10\r\n", "abc"},
		{"Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n"}, {"Transfer-Encoding: chunked\r\n", "3\r\nab"}, {"Transfer-Encoding: chunked\r\n", "3"}, {"Transfer-Encoding: chunked\r\n", "3\r\nabc"}, {"Transfer-Encoding: chunked\r\n", "0\r\n\r\n"}, {"Transfer-Encoding: chunked\r\n", "0\r\n"},
		{"Transfer-Encoding: chunked\r\n", "3;x=y\r\nabc\r\n0\r\nA: b\r\nC: d\r\n\r\n"}, {"Transfer-Encoding: chunked\r\n", "zz\r\nabc\r\n"}, {"Transfer-Encoding: chunked\r\n", "3 \r\nabc\r\n 2\r\nde\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"}, {"Transfer-Encoding: chunked\r\n", "ffffffff\r\nabc\r\n"},
		{"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "3\r\nabc\r\n0\r\n\r\n"}, {"", "\x00\x01binary"}, {"Content-Type: application/json\r\n", `{"a":1}`},
	} {
		all = append(all, "HTTP/1.1 200 OK\r\n"+b.headers+"\r\n"+b.body, "POST / HTTP/1.1\r\n"+b.headers+"\r\n"+b.body, "HTTP/1.1 204 OK\r\n"+b.headers+"\r\n"+b.body)
	}
	get := "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
	return append(all, get+get+get, "\r\n"+get, "\r\n\r\n"+get, "\r\n"+get+"\r\n"+get, "\r\n", "\r\nG", get+"\r\n", get+"x", get+"no header", get+"a: b", get+"\x00\x01", "\x16\x03\x01\x00\x02ab", "any text", "any text\r\n", "a: b\r\n\r\nc", "\n\nGET / HTTP/1.1\n\n", "A: b\r\nGET / HTTP/1.1\r\nC: d\r\n\r\n",
		"HTTP/1.1 200 OK\r\nHTTP/1.1 201 OK\r\nGET / HTTP/1.1\r\n\r\n", "\xff\xfeGET / HTTP/1.1\r\n\r\n")
}

// httpOtherFrames are messages on connections of their own, each after a
// request where the port says that it is HTTP: what follows may be a rest.
func httpOtherFrames() (frames [][]byte) {
	add := func(port uint16, m string) {
		client := uint16(20000 + len(frames))
		if port != 9 && port != 8000 {
			before := []byte("GET / HTTP/1.1\r\n\r\n")
			h := tcp(port, client, 0x18, nil, nil)
			f := layers.TCPFields{SrcPort: port, DstPort: client, Seq: 1<<20 - uint32(len(before)), Ack: 2000, HeaderLen: len(h), Flags: 0x18, Window: 64240}
			layers.TCPHeader(h).Put(&f)
			layers.TCPHeader(h).SetChecksum(layers.Sum(before, layers.PseudoHeader(ipA, ipB, layers.ProtocolTCP, len(h)+len(before))))
			frames = append(frames, overIP(layers.ProtocolTCP, append(h, before...)))
		}
		frames = append(frames, overIP(layers.ProtocolTCP, tcp(port, client, 0x18, nil, []byte(m))))
	}
	for _, m := range httpMessages() {
		add(80, m)
	}
	for _, port := range []uint16{80, 3128, 3132, 5985, 8080, 8088, 11371, 1900, 2869, 2710, 631, 3689, 8000, 9} {
		for _, m := range []string{"GET / HTTP/1.1\r\n\r\n", "http/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n\r\n", "BREW / HTTP/1.1\r\n\r\n", "xHTTP/1.1\r\n", "HTTP/1.1\r\n", "HTTP/1.1", "get / http/1.x\n\n", "GET / HTTP/1.1 \r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "a\r\nGET / HTTP/1.1\r\n\r\n"} {
			add(port, m)
		}
	}
	for _, m := range []string{"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 2\r\nST: ssdp:all\r\n\r\n", "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=60\r\nNT: x\r\nLOCATION: http://a/b\r\n\r\n",
		"HTTP/1.1 200 OK\r\nST: x\r\nEXT:\r\nSERVER: y\r\n\r\n", "HTTP/1.1 200 OK\r\nST", "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n", "\x00\x01", "any text", "a: b\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef"} {
		frames = append(frames, overIP(layers.ProtocolUDP, udp(uint16(20000+len(frames)), 1900, []byte(m))))
	}
	return frames
}
