package tui

import (
	"fmt"
	"time"

	"strata/trace"
)

// timeMode is what the list's time column counts from.
type timeMode uint8

const (
	sinceFirst timeMode = iota
	sinceShown          // since the frame shown before
	absolute            // date and time, UTC
	timeModes
)

var timeHeads = [timeModes]string{"Time", "Since shown", "Date and time, UTC"}

// width is the room that the column takes.
func (m timeMode) width() int {
	if m == absolute {
		return len("2026-01-02 03:04:05.000000")
	}
	return 12
}

// text is the time of a frame; before is the frame shown before it, -1: none.
func (m timeMode) text(t trace.Trace, n, before int) string {
	at := t.Frame(n).Sent
	switch m {
	case absolute:
		return t.Info().Start.Add(time.Duration(at)).UTC().Format("2006-01-02 15:04:05.000000")
	case sinceShown:
		if before < 0 {
			return seconds(0)
		}
		return seconds(at - t.Frame(before).Sent)
	}
	return seconds(at - t.Frame(0).Sent)
}

// seconds are a time with microseconds, cut as Wireshark cuts them.
func seconds(t trace.Time) string {
	sign := ""
	if t < 0 {
		sign, t = "-", -t
	}
	return fmt.Sprintf("%s%d.%06d", sign, t/trace.Second, t%trace.Second/trace.Microsecond)
}
