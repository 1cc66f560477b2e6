package layers

import (
	"bytes"
	"slices"
	"strings"
)

// httpMethods are the methods that Wireshark knows.
var httpMethods = func() map[string]int {
	kinds := map[string]int{}
	for kind, names := range map[int]string{
		httpRequest: "GET PUT COPY HEAD LOCK MOVE POLL POST BCOPY BMOVE MKCOL TRACE PATCH LABEL MERGE DELETE SEARCH UNLOCK REPORT UPDATE BDELETE CONNECT OPTIONS CHECKIN " +
			"PROPFIND CHECKOUT CCM_POST PROPPATCH BPROPFIND BPROPPATCH UNCHECKOUT MKACTIVITY MKWORKSPACE RPC_CONNECT RPC_IN_DATA RPC_OUT_DATA VERSION-CONTROL BASELINE-CONTROL SSTP_DUPLEX_POST",
		httpNotification: "NOTIFY SUBSCRIBE UNSUBSCRIBE"} {
		for _, name := range strings.Fields(names) {
			kinds[name] = kind
		}
	}
	return kinds
}()

// startsHTTP says which kind of message begins with a line, if any.
func startsHTTP(line []byte) int {
	line = bytes.TrimPrefix(line, []byte("M-")) // RFC 2774 section 4: a mandatory extension
	if bytes.HasPrefix(line, []byte("HTTP/")) || bytes.HasPrefix(line, []byte("ICY")) {
		return httpResponse
	}
	method, _, _ := bytes.Cut(line[:min(len(line), 20)], []byte(" "))
	return httpMethods[string(method)]
}

// beginsLikeHTTP says whether a payload begins with a start line, or with what
// may be a header: a line with a colon.
func beginsLikeHTTP(b []byte) bool {
	if i := bytes.IndexAny(b, "\r\n"); i >= 0 {
		b = b[:i]
	}
	return startsHTTP(b) != httpContinued || len(b) > 0 && b[0] >= ' ' && b[0] <= '~' && bytes.IndexByte(b, ':') >= 0
}

// looksLikeHTTP says whether a payload's first line names the version: what
// Wireshark takes for HTTP on whatever port.
func looksLikeHTTP(b []byte) bool {
	n := bytes.IndexAny(b, "\r\n")
	if n < 0 || n == 8 || b[n] == '\r' && n == len(b)-1 {
		return false
	}
	version := func(b []byte) bool { return len(b) >= 7 && bytes.EqualFold(b[:7], []byte("HTTP/1.")) }
	return version(b) || n > 8 && version(b[n-8:])
}

// httpPorts are those at which Wireshark expects HTTP.
var httpPorts = []uint16{80, 631, 1900, 2710, 2869, 3128, 3132, 3689, 5985, 8080, 8088, 11371}

// HTTPPort says whether HTTP is spoken at a port of TCP: then what begins with
// any method is a request.
func HTTPPort(port uint16) bool { return slices.Contains(httpPorts, port) }

// HTTPMethod says whether b begins with a method, and a space.
func HTTPMethod(b []byte) bool {
	method, _, ok := bytes.Cut(b[:min(len(b), 20)], []byte(" "))
	return ok && httpMethods[string(method)] != 0
}

func init() {
	udpApplications[1900] = func(d *dissector, s span) { d.httpMessage(SSDP, s) }
	entered[SSDP] = entered[HTTP] // it has HTTP's messages
}
