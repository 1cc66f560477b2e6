package layers_test

import (
	"testing"

	"strata/layers/pdml"
)

// applicationFrames are frames of applications, by protocol.
var applicationFrames = []struct {
	name   string
	frames func() [][]byte
}{{"dhcp", dhcpFrames}, {"dhcpv6", dhcp6Frames}, {"ntp", ntpFrames}, {"dns", dnsOtherFrames}, {"http", httpOtherFrames}, {"mqtt", mqttSomeFrames}}

// TestMadeMessagesEqualTshark compares messages of applications that show
// every field, and many ways to be wrong.
func TestMadeMessagesEqualTshark(t *testing.T) {
	for _, c := range applicationFrames {
		t.Run(c.name, func(t *testing.T) {
			scores := pdml.Scores{}
			score(t, scores, writeCapture(t, c.frames()))
			report(t, scores, nil)
		})
	}
}

func allApplicationFrames() (frames [][]byte) {
	for _, c := range applicationFrames {
		frames = append(frames, c.frames()...)
	}
	return frames
}
