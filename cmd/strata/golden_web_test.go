package main

import (
	"strings"
	"testing"
)

// TestGoldenNumbersOfTheWeb has tshark read what the Web's lessons say in
// numbers.
func TestGoldenNumbersOfTheWeb(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ what, scenario, end, filter, field, want string }{
		{"the request takes", "osi-vs-tcpip", "page:eth0", "tcp.dstport == 80 && tcp.len > 0", "tcp.len", "70"},
		// Behind the record's header of 5 bytes: 70, the content's kind, and a tag of 16.
		{"in a record it takes", "osi-vs-tcpip", "page:eth0", "tcp.dstport == 443 && http.request", "tls.record.length", "87"},
		{"the response in a record", "osi-vs-tcpip", "page:eth0", "tcp.srcport == 443 && http.response", "tls.record.length", "132"},
		{"what the café reads", "sealed-envelope", "cafe:eth0", "http.file_data && tcp.dstport == 80", "http.file_data", "password=sesame"},
		{"polling asks", "polling-cost", "page:eth0", "http.request && frame.time_relative < 9", "tcp.len", "71 71 71 71 71 71"},
		{"and is answered", "polling-cost", "page:eth0", "http.response && frame.time_relative < 9", "tcp.len", "64 64 64 64 64 110"},
		{"frames of WebSocket", "upgrade-101", "page:eth0", "websocket && tcp.srcport == 80", "tcp.len", "11 11 10 9 4"},
		{"all from one port", "upgrade-101", "page:eth0", "tcp.flags.syn == 1 && tcp.flags.ack == 0", "tcp.stream", "0"},
		{"hello, to and fro", "mask-direction", "page:eth0", "websocket.opcode == 1", "tcp.len", "11 7 11 7"},
		{"masked", "mask-direction", "page:eth0", "websocket.opcode == 1", "websocket.mask", "1 0 1 0"},
		{"and yet the same", "mask-direction", "page:eth0", "websocket.opcode == 1", "websocket.payload_length", "5 5 5 5"},
		{"the event", "emit-both-ways", "page:eth0", "frame.time_relative > 0.3 && websocket.opcode == 1", "websocket.payload_length", "9 9 2"},
		{"copies go to", "ack-and-broadcast", "server:eth0", "tcp.srcport == 80 && tcp.len == 17", "ip.dst", "10.0.0.1 10.0.0.2 10.0.0.3"},
		{"what is lost is sent again with what came after it", "head-of-line", "server:eth0", "tcp.analysis.retransmission", "tcp.len", "63"},
		{"no FIN of the phone comes through", "heartbeat-death", "tower:eth0", "tcp.flags.fin == 1 && ip.src == 10.0.1.2", "tcp.len", ""},
		{"the reader gets", "queue-qos", "reader:eth0", "mqtt.msgtype == 3", "mqtt.topic", "zero,one,two one two one"},
		{"the sensor sends", "queue-qos", "sensor:eth0", "mqtt.msgtype == 3 && tcp.dstport == 1883 && !tcp.analysis.retransmission", "mqtt.qos", "0 1 2 1 2 0 1,2"},
		{"and marks", "queue-qos", "sensor:eth0", "mqtt.dupflag == 1", "mqtt.msgid", "3,4"},
		{"the payment comes", "redelivery", "plain:eth0", "mqtt.msgtype == 3", "mqtt.dupflag", "0 1"},
		{"it is acknowledged", "redelivery", "plain:eth0", "mqtt.msgtype == 4", "mqtt.msgid", "1"},
		{"outside the ports are", "nat-rebinding", "home:eth1", "tcp.flags.syn == 1 && tcp.flags.ack == 0", "ip.src", "203.0.113.1 203.0.113.1"},
		{"the error quotes, outside", "nat-rebinding", "home:eth1", "icmp", "ip.src", "203.0.113.2,203.0.113.1"},
		{"and inside", "nat-rebinding", "phone:eth0", "icmp", "ip.src", "203.0.113.2,192.168.1.2"},
	} {
		if got := column(read(t, c.scenario, c.end, c.filter, c.field), 0); got != c.want {
			t.Errorf("%s: %s: %q, want %q", c.scenario, c.what, got, c.want)
		}
	}
	// The same two pictures are lost; UDP sends 50 frames, TCP everything.
	at := func(filter string) int {
		return len(read(t, "tcp-vs-udp-video", "viewer:eth0", filter, "frame.number"))
	}
	if udp, tcp := at("udp"), at("tcp && ip.src == 10.0.0.1 && tcp.len > 0"); udp != 48 || tcp < 44 {
		t.Errorf("the viewer gets %d datagrams and %d segments", udp, tcp)
	}
}

// TestGoldenTimesOfTheWeb: so late are polled news, what waits behind a loss,
// what waits in a queue; and so early is what crosses.
func TestGoldenTimesOfTheWeb(t *testing.T) {
	t.Parallel()
	const when = "frame.time_epoch"
	wantOffsets(t, "orders go in", read(t, "queue-decouples", "broker:eth0", "mqtt.msgtype == 3 && tcp.dstport == 1883", when), 0.001, 0, 0.1, 0.2)
	wantOffsets(t, "and out", read(t, "queue-decouples", "broker:eth0", "mqtt.msgtype == 3", when), 0.005, 0, 0.1, 0.2, 6.98)
	wantOffsets(t, "pings", read(t, "heartbeat-death", "server:eth0", "tcp.srcport == 80 && tcp.len == 3", when), 0.01, 0, 5.05, 6.05, 8.05, 12.05)
	wantOffsets(t, "the second try", read(t, "head-of-line", "server:eth0", "tcp.len == 23 || tcp.len == 63", when), 0.001, 0, 1)
	wantOffsets(t, "the answer to nobody", read(t, "nat-rebinding", "server:eth0", "tcp.srcport == 7001 && tcp.len == 6", when), 0.001, 0, 1, 3, 7, 15)
	both := read(t, "both-at-once", "anna:eth0", "websocket.opcode == 1", "ip.src")
	if got := column(both, 0); !strings.Contains(got, "10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2") {
		t.Errorf("messages do not cross: %s", got)
	}
}
