package capture

import (
	"fmt"
	"testing"

	"strata/layers/pdml"
)

// said is a segment of a conversation: its bytes, and whether it ends its
// side's stream.
type said struct {
	byClient bool
	bytes    string
	fin      bool
}

func ask(b string) said        { return said{byClient: true, bytes: b} }
func answer(b string) said     { return said{bytes: b} }
func answerLast(b string) said { return said{bytes: b, fin: true} }

func get(path string) string { return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n" }

func ok(body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

const (
	chunkedHead = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
	endlessHead = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n"
	chunks      = "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n"
)

// conversations cut messages in every way that decides how they are put
// together: a head, a body of known length, chunks; with the message's end
// and the next one's beginning in one segment; up to the connection's end.
// Not among them is what tshark gets wrong: it takes Content-Length bytes for
// the body of a 304 when more follows, and a trailer that is cut for whole.
func conversations() map[string][]said {
	a, b, c := ok("first"), ok("second second"), ok("3rd")
	return map[string][]said{
		"several in a segment":       {ask(get("/1") + get("/2")), answer(a + b)},
		"end and beginning":          {ask(get("/1") + get("/2")), answer(a[:66]), answer(a[66:] + b[:30]), answer(b[30:])},
		"end, whole, beginning":      {ask(get("/1") + get("/2") + get("/3")), answer(a[:66]), answer(a[66:] + c + b[:30]), answer(b[30:])},
		"whole, beginning":           {ask(get("/1") + get("/2")[:10]), ask(get("/2")[10:]), answer(a + b[:70]), answer(b[70:] + c)},
		"head cut, and another":      {ask(get("/1")[:10]), ask(get("/1")[10:] + get("/2")[:10]), ask(get("/2")[10:])},
		"head cut, body of next cut": {ask(get("/1")), answer(a[:20]), answer(a[20:] + b[:68]), answer(b[68:])},
		"head cut, two more":         {ask(get("/1")), answer(a[:20]), answer(a[20:] + c + b[:8]), answer(b[8:] + c)},
		"head cut, body cut":         {ask(get("/1")), answer(a[:20]), answer(a[20:67]), answer(a[67:] + c)},
		"head in three":              {ask(get("/1")[:5]), ask(get("/1")[5:20]), ask(get("/1")[20:])},
		"chunks, then length":        {ask(get("/1") + get("/2")), answer(chunkedHead + chunks + a)},
		"chunks cut":                 {ask(get("/1")), answer(chunkedHead + chunks[:6]), answer(chunks[6:15]), answer(chunks[15:] + a)},
		"chunks cut, next cut":       {ask(get("/1")), answer(chunkedHead + chunks[:6]), answer(chunks[6:] + a[:64]), answer(a[64:])},
		"chunks cut twice":           {ask(get("/1")), answer(chunkedHead + chunks[:6]), answer(chunks[6:] + chunkedHead + chunks[:6]), answer(chunks[6:])},
		"trailer":                    {ask(get("/1")), answer(chunkedHead + "5\r\nhello\r\n0\r\nX-A: b\r\nX-C: d\r\n\r\n" + a)},
		"no chunk":                   {ask(get("/1")), answer(chunkedHead + "0\r\n\r\n")},
		"until the end":              {ask(get("/1")), answer(endlessHead + "some"), answer("thing"), answerLast("")},
		"until the end at once":      {ask(get("/1")), answerLast(endlessHead + "some")},
		"until the end, empty":       {ask(get("/1")), answer(endlessHead), answer("thing"), answerLast("")},
		"until the end, head cut":    {ask(get("/1")), answer(endlessHead[:30]), answer(endlessHead[30:] + "thing"), answer("thing"), answerLast("")},
		"no end":                     {ask(get("/1")), answer(endlessHead + "some"), answer("thing")},
		"too early an end":           {ask(get("/1")), answer(b[:70]), answerLast("")},
		"HEAD":                       {ask("HEAD /1 HTTP/1.1\r\nHost: x\r\n\r\n"), answer(a[:64]), ask(get("/2")), answer(b)},
		"204":                        {ask(get("/1") + get("/2")), answer("HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n" + a)},
		"304":                        {ask(get("/1")), answer("HTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\n\r\n"), ask(get("/2")), answer(a)},
		"100": {ask("POST / HTTP/1.1\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n"), answer("HTTP/1.1 100 Continue\r\n\r\n"),
			ask("0123456789"), answer(a)},
		"POST cut":         {ask("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123"), ask("456789" + get("/2")), answer(a), answer(b)},
		"no body":          {ask(get("/1") + get("/2")), answer(ok("") + c)},
		"a line too many":  {ask("POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n0123\r\n"), ask(get("/2")), answer(a), answer("\r\n" + b)},
		"no header":        {ask(get("/1")), answer("HTTP/1.1 200 OK\r\nCon tent")},
		"another protocol": {ask("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: foo\r\nConnection: Upgrade\r\n\r\n"), answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: foo\r\n\r\n")},
	}
}

// talk adds a connection with these segments.
func (l *lan) talk(port uint16, says []said) {
	l.port = port
	client, server := uint32(100), uint32(1000)
	l.tcp(true, client-1, 0, "S", "")
	l.tcp(false, server-1, client, "SA", "")
	l.tcp(true, client, server, "A", "")
	for _, s := range says {
		flags := "A"
		if s.fin {
			flags = "AF"
		}
		if s.byClient {
			l.tcp(true, client, server, flags, s.bytes)
			client += uint32(len(s.bytes))
		} else {
			l.tcp(false, server, client, flags, s.bytes)
			server += uint32(len(s.bytes))
		}
	}
}

// TestConversationsLikeTshark: however messages are cut, each frame has
// tshark's fields, with reassembly and without.
func TestConversationsLikeTshark(t *testing.T) {
	l := &lan{}
	port := uint16(40000)
	for _, says := range conversations() {
		l.talk(port, says)
		port++
	}
	path := tempFile(t, "conversations.pcapng", l.file())
	for _, alone := range []bool{false, true} {
		scores := pdml.Scores{}
		scoreFile(t, scores, path, alone)
		report(t, scores, 1, nil)
	}
	open(t, l)
}
