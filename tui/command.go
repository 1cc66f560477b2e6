package tui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"strata/trace"
)

// destination is where a command goes: a frame, a step (both from 1) or,
// when both are 0, a time.
type destination struct {
	frame int
	step  int
	time  trace.Time
}

const commandUsage = "use :120 (step), :frame 6, :t 1.02 or :20.4ms (time)"

// parseCommand reads what was typed behind ':'.
func parseCommand(s string) (destination, error) {
	words := strings.Fields(s)
	switch {
	case len(words) == 1:
		if n, err := strconv.ParseUint(words[0], 10, 32); err == nil && n > 0 {
			return destination{step: int(n)}, nil
		}
		if words[0][0] >= '0' && words[0][0] <= '9' || words[0][0] == '.' {
			return parseTime(words[0])
		}
	case len(words) == 2 && (words[0] == "frame" || words[0] == "f"):
		n, err := strconv.ParseUint(words[1], 10, 32)
		if err != nil || n == 0 {
			return destination{}, fmt.Errorf("%q is no frame number: frames count from 1", words[1])
		}
		return destination{frame: int(n)}, nil
	case len(words) == 2 && words[0] == "t":
		return parseTime(words[1])
	}
	return destination{}, fmt.Errorf("%q is no command: %s", s, commandUsage)
}

// parseTime reads "1.02" (seconds), "1.02s", "20.4ms", "3us".
func parseTime(s string) (destination, error) {
	if sec, err := strconv.ParseFloat(s, 64); err == nil && sec >= 0 && sec < 1e9 {
		return destination{time: trace.Time(sec * float64(trace.Second))}, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return destination{}, fmt.Errorf("%q is no time: use seconds, or a unit as in 20.4ms", s)
	}
	return destination{time: trace.Time(d)}, nil
}
