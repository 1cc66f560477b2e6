package scenarios

import "testing"

// A host without an address gets one, and finds a page by its name.
func TestHostsThatAskForTheirAddress(t *testing.T) {
	s, err := Parse("home.yaml", []byte(`
name: home
title: From nothing to a page
until: 10s
nodes:
  laptop: {addresses: {eth0: dhcp}}
  server: {addresses: {eth0: 10.0.1.2/24}}
links:
  lan: {endpoints: ["laptop:eth0", "server:eth0"], rate: 100Mbit/s, delay: 1ms}
programs:
  dhcpd: {node: server, run: dhcp-server, with: {self: 10.0.1.2/24, pool: 10.0.1.100-10.0.1.110, dns: server}}
  named: {node: server, run: dns-server, with: {zone: example, records: ["www 300 A 10.0.1.2"]}}
  httpd: {node: server, run: http-server, with: {pages: [{path: /, text: hello}]}}
  net: {node: laptop, run: dhcp-client}
  browser: {node: laptop, start: 1s, run: browser, with: {url: "http://www.example/"}}
expect:
  - that: the page came
    match: {kind: deliver, node: laptop}
    at_least: 4
  - that: all that is known at the end
    state:
      - {node: laptop, table: interface, key: eth0, field: address, value: 10.0.1.100/24}
      - {node: laptop, table: dns, key: www.example, field: address, value: 10.0.1.2}
      - {node: laptop, table: program, key: browser, field: result, value: done}
      - {node: server, table: lease, key: 10.0.1.100, field: state, value: bound}
`))
	if err != nil {
		t.Fatal(err)
	}
	log, res := run(t, s)
	for _, f := range s.Verify(log, res.Stats) {
		t.Error(f)
	}
}
