package streams_test

import (
	"testing"

	"strata/layers"
	"strata/layers/streams"
)

// TestMQTTJoinedLate: where a capture begins behind the connection's first
// segments, CONNECT tells all the same what both sides speak.
func TestMQTTJoinedLate(t *testing.T) {
	said := [2]string{"\x10\x0c\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\xc0\x00", "\x20\x03\x00\x00\x00\xd0\x00"}
	k := &streams.Memory{Bytes: func(side int, dst []byte, from, to int64) []byte { return append(dst, said[side][from:to]...) }}
	talk := streams.NewTalk([2]uint16{40000, 9999}, nil)
	for side, data := range said {
		talk.JoinedLate(side, 0, nil)
		talk.Feed(k, side, uint32(side+1), []byte(data))
	}
	for side, want := range []int{2, 2} {
		l := k.Line(side)
		if got := l.Messages(); got != want {
			t.Errorf("side %d: %d packets", side, got)
		}
		for i := range l.Messages() {
			if m := l.Message(i); m.Proto != layers.MQTT || m.Lost || m.Last == streams.NotYet {
				t.Errorf("side %d: %+v", side, m)
			}
		}
	}
	if turns := k.Line(1).Turns(); len(turns) != 1 || turns[0].Above.MQTT != layers.MQTT5 || !turns[0].Above.Server {
		t.Errorf("the server's side: %+v", turns)
	}
}
