package list

import (
	"fmt"
	"time"

	"strata/trace"
)

// TimeMode is what the list's time column counts from.
type TimeMode uint8

const (
	SinceFirst TimeMode = iota
	SinceShown          // since the frame shown before
	Absolute            // date and time, UTC
	TimeModes
)

var timeHeads = [TimeModes]string{"Time", "Since shown", "Date and time, UTC"}

// Width is the room that the column takes.
func (m TimeMode) Width() int {
	if m == Absolute {
		return len("2026-01-02 03:04:05.000000")
	}
	return 12
}

// Text is the time of a frame; before is the frame shown before it, -1: none.
func (m TimeMode) Text(t trace.Trace, n, before int) string {
	at := t.Frame(n).Sent
	switch m {
	case Absolute:
		return t.Info().Start.Add(time.Duration(at)).UTC().Format("2006-01-02 15:04:05.000000")
	case SinceShown:
		if before < 0 {
			return Seconds(0)
		}
		return Seconds(at - t.Frame(before).Sent)
	}
	return Seconds(at - t.Frame(0).Sent)
}

// Seconds are a time with microseconds, cut as Wireshark cuts them.
func Seconds(t trace.Time) string {
	sign := ""
	if t < 0 {
		sign, t = "-", -t
	}
	return fmt.Sprintf("%s%d.%06d", sign, t/trace.Second, t%trace.Second/trace.Microsecond)
}
