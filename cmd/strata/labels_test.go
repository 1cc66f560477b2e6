package main

import (
	"strings"
	"testing"
)

// TestArrowsTell: the arrow of a frame says what the frame brings.
func TestArrowsTell(t *testing.T) {
	for _, c := range []struct {
		scenario string
		arrows   []string
	}{
		{"emit-both-ways", []string{"n0->>n1: GET 183 B", "n1->>n0: 101 Switching Protocols 129 B", "n0->>n1: 40 connect",
			`n0->>n1: 42["hey"]`, `n1->>n0: 42["hey"]`, "n0->>n1: WS close 1000"}},
		{"poll-then-upgrade", []string{`n1->>n0: 200 42["tick",1]`, "n0->>n1: 2probe", "n0->>n1: 5 upgrade", "n0->>n1: binary 6 B"}},
		{"mask-direction", []string{`n0->>n1: WS "Hello"`}},
		{"queue-qos", []string{"CONNECT sensor", "SUBSCRIBE #", "PUBLISH one", "PUBACK 3", "PUBREC 4", "↻ PUBLISH", "PUBLISH DUP one +1"}},
		{"sealed-envelope", []string{"POST 112 B", "TLS Client Hello, bank.example", "TLS Server Hello", "TLS 134 B", "TLS Alert: close notify"}},
		{"name-to-page", []string{"DHCP discover", "DNS? www.example A", "DNS www.example A 10.0.1.80", "GET 104 B"}},
		{"fragment-amplifier", []string{"bytes 0 to 1479"}},
	} {
		// Mermaid's own signs are entities there.
		text := strings.NewReplacer("#35;", "#", "#34;", `"`).Replace(good(t, "", "run", c.scenario, "-o", "-", "--format", "mmd"))
		for _, arrow := range c.arrows {
			if !strings.Contains(text, arrow) {
				t.Errorf("%s: no arrow has %q:\n%s", c.scenario, arrow, text)
			}
		}
	}
}
