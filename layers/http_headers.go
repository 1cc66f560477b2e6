package layers

import "strings"

// httpHeaders are the headers that have a field of their own, by their names
// in lower case.
var httpHeaders = headerFields(
	"host", "The server's name, for many servers share one address.", "RFC 9110 sec. 7.2",
	"user-agent", "The program that asks.", "RFC 9110 sec. 10.1.5",
	"accept", "Which kinds of content are welcome.", "RFC 9110 sec. 12.5.1",
	"accept-language", "Which languages are welcome.", "RFC 9110 sec. 12.5.4",
	"accept-encoding", "Which compressions are welcome.", "RFC 9110 sec. 12.5.3",
	"referer", "The page that led here.", "RFC 9110 sec. 10.1.3",
	"cookie", "What the server asked the client to remember.", "RFC 6265 sec. 4.2",
	"authorization", "Who the client says it is.", "RFC 9110 sec. 11.6.2",
	"proxy-authorization", "Who the client says it is, to a proxy.", "RFC 9110 sec. 11.7.2",
	"http2-settings", "Settings for a change to HTTP/2.", "RFC 7540 sec. 3.2.1",
	"x-forwarded-for", "Whom a proxy asks for.", "RFC 7239 sec. 7.4",
	"connection", "Whether the connection stays open afterwards.", "RFC 9110 sec. 7.6.1",
	"upgrade", "Another protocol that the connection should go on with.", "RFC 9110 sec. 7.8",
	"cache-control", "Who may keep a copy, and for how long.", "RFC 9111 sec. 5.2",
	"date", "When the message was made.", "RFC 9110 sec. 6.6.1",
	"server", "The program that answers.", "RFC 9110 sec. 10.2.4",
	"location", "Where to look instead.", "RFC 9110 sec. 10.2.2",
	"set-cookie", "What the client should remember, and send back.", "RFC 6265 sec. 4.1",
	"last-modified", "When the content last changed.", "RFC 9110 sec. 8.8.2",
	"www-authenticate", "How the client may say who it is.", "RFC 9110 sec. 11.6.1",
	"proxy-authenticate", "How the client may say who it is, to a proxy.", "RFC 9110 sec. 11.7.1",
	"content-type", "What kind of content the body is.", "RFC 9110 sec. 8.3",
	"content-length", "How many bytes the body has: this is how its end is found.", "RFC 9110 sec. 8.6",
	"content-encoding", "How the body is compressed.", "RFC 9110 sec. 8.4",
	"transfer-encoding", "How the body is cut up: chunked has each piece's size before it.", "RFC 9112 sec. 6.1",
	"sec-websocket-accept", "Proves that the server understood the request for a WebSocket.", "RFC 6455 sec. 11.3.3",
	"sec-websocket-extensions", "Extensions of the WebSocket.", "RFC 6455 sec. 11.3.2",
	"sec-websocket-key", "A random value that the server must answer to.", "RFC 6455 sec. 11.3.1",
	"sec-websocket-protocol", "The protocol that runs inside the WebSocket.", "RFC 6455 sec. 11.3.4",
	"sec-websocket-version", "The version of WebSocket: 13.", "RFC 6455 sec. 11.3.5",
)

// headerFields makes rows of triples: name, help, RFC section.
func headerFields(triples ...string) map[string]*Field {
	fields := make(map[string]*Field, len(triples)/3)
	for i := 0; i < len(triples); i += 3 {
		name := triples[i]
		f := row(HTTP, Field{Name: "http." + strings.ReplaceAll(name, "-", "_"), Label: name, Type: TypeString, Help: triples[i+1], RFC: triples[i+2]})
		fields[name] = f
	}
	// Wireshark gives this name's plain form to the number.
	fields["content-length"].Name = "http.content_length_header"
	return fields
}
