package layers

import (
	"bytes"
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

// beginsLikeHTTP says whether a payload begins with a start line.
func beginsLikeHTTP(b []byte) bool {
	if i := bytes.IndexAny(b, "\r\n"); i >= 0 {
		b = b[:i]
	}
	return startsHTTP(b) != httpContinued
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

func init() {
	for _, port := range []uint16{631, 3689} {
		tcpApplications[port] = (*dissector).http
	}
	udpApplications[1900] = func(d *dissector, s span) { d.httpMessage(SSDP, s) }
	registry[SSDP] = registry[HTTP] // it has HTTP's messages
}
