package scenarios

import (
	"bytes"
	"strings"
	"testing"

	"strata/trace"
	"strata/trace/export"
)

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
	again, _ := run(t, s)
	if !bytes.Equal(written(t, log), written(t, again)) {
		t.Error("two runs differ")
	}
}

// written is a trace as JSON Lines.
func written(t *testing.T, log *trace.Log) []byte {
	t.Helper()
	var b bytes.Buffer
	f, err := export.FormatNamed("jsonl")
	if err == nil {
		err = export.Write(&b, log, f, export.Part{})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A home's router translates for the hosts behind it, for as long as they send.
func TestHostsBehindOneAddress(t *testing.T) {
	file := `
name: nat
title: An answer that comes too late
until: 60s
nodes:
  a: {addresses: {eth0: 192.168.1.2/24}, gateway: r}
  r: {kind: router, addresses: {eth0: 192.168.1.1/24, eth1: 203.0.113.1/24}, nat: {inside: eth0, outside: eth1, udp_timeout: 20s}}
  server: {addresses: {eth0: 203.0.113.2/24}}
links:
  home: {endpoints: ["a:eth0", "r:eth0"], delay: 1ms}
  wan: {endpoints: ["r:eth1", "server:eth0"], delay: 1ms}
programs:
  echo: {node: server, run: echo-server, with: {listen: ":7", network: udp}}
  client: {node: a, run: echo-client, with: {to: "server:7", network: udp, text: hello}}
expect:
  - {that: it is lent a port, match: {kind: state, why: nat.new}, count: 1}
  - {that: the answer is translated, match: {why: nat.rewrite-back, proto: udp}, count: 1}
  - {that: it comes, state: [{node: a, table: program, key: client, field: result, value: done}]}
`
	s, err := Parse("nat.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	log, res := run(t, s)
	for _, f := range s.Verify(log, res.Stats) {
		t.Error(f)
	}
	for set, want := range map[string]string{
		"nodes.r.nat.outside=eth0": "inside and outside", "nodes.r.nat.outside=eth5": "no link", "nodes.r.nat.inside=eth5": "no link", "nodes.r.kind=host": "nat is for a router only",
	} {
		if _, err := Parse("nat.yaml", []byte(file), set); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", set, err, want)
		}
	}
}
