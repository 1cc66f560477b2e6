package flows

import (
	"encoding/binary"
	"testing"

	"strata/layers/walk"
)

const linkIPv4 = 228

// datagram makes an IPv4 packet between the same two hosts.
func datagram(src, dst uint16, payload string) []byte {
	b := []byte{0x45, 0, 0, byte(28 + len(payload)), 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 1}
	b = binary.BigEndian.AppendUint16(b, src)
	b = binary.BigEndian.AppendUint16(b, dst)
	return append(append(b, 0, byte(8+len(payload)), 0, 0), payload...)
}

// SNMP's conversations have the numbers of a Wireshark that has read the
// capture twice; and one that was something else before is two.
func TestSNMP(t *testing.T) {
	const message, cut = "\x30\x07\x02\x01\x01\x04\x02pq", "\x30\x82\x01\x00\x02\x01\x01\x04\x02pq"
	var table Table
	for i, d := range []struct {
		src, dst uint16
		payload  string
		stream   uint32
	}{
		{1000, 161, message, 0}, {161, 1000, message, 1}, {161, 1000, message, 1},
		{1001, 2000, "x", 2},
		{1002, 161, "hello", 3}, {1002, 161, message, 3}, {161, 1002, "hello", 4}, {1002, 161, message, 4},
		{1003, 162, message, 5}, {1004, 5, message, 6}, {1003, 162, message, 7},
		{1005, 161, cut, 8}, {1005, 161, cut, 8}, {1006, 161, "\x30\x80", 9}, {1006, 161, "0", 9}, {1006, 161, "", 9},
	} {
		var s walk.Shape
		b := datagram(d.src, d.dst, d.payload)
		walk.Walk(&s, b, len(b), linkIPv4, 0)
		uses := table.Add(&s, b, Frame{Number: uint32(i)})
		if got := table.At(uses[len(uses)-1].Flow).Stream; got != d.stream {
			t.Errorf("datagram %d: stream %d, want %d", i, got, d.stream)
		}
	}
	if first := table.At(1); first.Stream != 1 || first.Frames != [2]uint32{1, 2} {
		t.Errorf("SNMP's first conversation: %+v", first)
	}
}
