package program

import (
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// Kind is a kind of program that a scenario can name.
type Kind struct {
	Name string
	Doc  string // one sentence
	// New is such a program with the settings that hold unless others are
	// given. What may be set has a yaml tag; other exported fields are what
	// the program found.
	New func() Program
}

// Kinds are all kinds of programs, in the order in which to list them.
var Kinds = []Kind{
	{"sender", "Sends messages, over TCP or UDP.",
		func() Program { return &Sender{Network: "tcp", Count: 1, Write: 65536} }},
	{"receiver", "Takes what senders send, over TCP or UDP.",
		func() Program { return &Receiver{Network: "tcp"} }},
	{"echo-client", "Sends messages to an echo server and compares what comes back.",
		func() Program { return &EchoClient{Network: "tcp", Count: 1, Timeout: 5 * time.Second} }},
	{"echo-server", "Sends every message back to where it came from, over TCP or UDP.",
		func() Program { return &EchoServer{Network: "tcp"} }},
	{"ping", "Sends ICMP echo requests and measures the time until their replies.",
		func() Program {
			return &Ping{Count: 3, Size: 56, Interval: time.Second, Timeout: time.Second}
		}},
	{"dns-client", "Asks a DNS server one question, over UDP or TCP.",
		func() Program {
			return &DNSClient{Network: "udp", Type: "A", Timeout: 5 * time.Second, Tries: 2}
		}},
	{"dns-server", "Answers DNS questions about one zone, over UDP and TCP.",
		func() Program { return &DNSServer{Listen: ":53"} }},
	{"http-client", "Asks an HTTP/1.1 server for pages, one after the other.",
		func() Program { return &HTTPClient{} }},
	{"http-server", "Serves pages over HTTP/1.1.",
		func() Program { return &HTTPServer{Listen: ":80"} }},
	{"script", "Does with one TCP connection what a list of steps says.",
		func() Program { return &Script{} }},
}

// SettingError says what is wrong with a setting.
type SettingError struct {
	Field any    // the setting's address: a *string, *Step …
	Name  string // as scenarios call it
	Text  string // what is wrong and what to write
}

func (e *SettingError) Error() string { return e.Name + ": " + e.Text }

// Check finds what is wrong with a program's settings that their types, and
// the bounds in their tags, allow. The error is a *SettingError.
func Check(p Program) error {
	if c, ok := p.(interface{ check() error }); ok {
		return c.check()
	}
	return nil
}

// checkRemote wants an address to send to.
func checkRemote(field *string, name string) error {
	a, err := netip.ParseAddrPort(*field)
	if err != nil || !a.Addr().Is4() || a.Port() == 0 {
		return &SettingError{field, name, fmt.Sprintf("%q is not an address and a port; write 10.0.2.2:80", *field)}
	}
	return nil
}

// checkLocal wants an address to listen at.
func checkLocal(field *string, name string) error {
	full := *field
	if strings.HasPrefix(full, ":") {
		full = "0.0.0.0" + full
	}
	a, err := netip.ParseAddrPort(full)
	if err != nil || !a.Addr().Is4() || a.Port() == 0 {
		return &SettingError{field, name, fmt.Sprintf("%q is not a port to listen at; write :80", *field)}
	}
	return nil
}
