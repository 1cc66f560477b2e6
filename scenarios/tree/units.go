package tree

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Scalar is a field type that is written as text with a unit.
type Scalar interface {
	// Parse reads the text; its error says what is wanted.
	Parse(s string) error
	// Pattern is a regular expression for the schema that the text matches;
	// empty: the value may be a number or a truth value as well.
	Pattern() string
}

// Any is a text, a number or a truth value, as written.
type Any string

// Parse takes everything.
func (a *Any) Parse(s string) error {
	*a = Any(s)
	return nil
}

// Pattern is empty: anything goes.
func (*Any) Pattern() string { return "" }

// maxDuration bounds times, so that sums of them cannot overflow.
const maxDuration = 1000 * time.Hour

// durationForm is how a time is written, for the schema.
const durationForm = `^([0-9]+(\.[0-9]*)?(ns|us|µs|μs|ms|s|m|h))+$`

// parseDuration reads a time like "20ms", "1.5s" or "2m".
func parseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	switch {
	case err != nil || s == "0":
		return 0, fmt.Errorf("%s is not a time; write 20ms, 1.5s or 2m", Quote(s))
	case d < 0:
		return 0, fmt.Errorf("%s is negative; time only goes forwards", Quote(s))
	case d > maxDuration:
		return 0, fmt.Errorf("%s is too long; at most 1000h", Quote(s))
	}
	return d, nil
}

// Rate is bits per second, written like "10Mbit/s".
type Rate int64

// Parse reads a rate.
func (r *Rate) Parse(s string) error {
	wanted := fmt.Errorf("%s is not a rate; write 64kbit/s, 10Mbit/s or 1Gbit/s", Quote(s))
	number, ok := strings.CutSuffix(s, "bit/s")
	if !ok {
		return wanted
	}
	f, ok := scaled(strings.TrimSpace(number), map[string]float64{"k": 1e3, "M": 1e6, "G": 1e9})
	switch {
	case !ok:
		return wanted
	case f < 1 || f > 1e12:
		return fmt.Errorf("%s is out of bounds; 1bit/s to 1000Gbit/s", Quote(s))
	}
	*r = Rate(math.Round(f))
	return nil
}

// Pattern is a rate's form.
func (*Rate) Pattern() string { return `^[0-9]+(\.[0-9]+)? ?[kMG]?bit/s$` }

// Percent is a share from 0 to 1, written "1%".
type Percent float64

// Parse reads a percentage.
func (p *Percent) Parse(s string) error {
	number, ok := strings.CutSuffix(s, "%")
	f, fine := scaled(strings.TrimSpace(number), nil)
	switch {
	case !ok || !fine:
		return fmt.Errorf("%s is not a percentage; write 1%% or 0.5%%", Quote(s))
	case f > 100:
		return fmt.Errorf("%s is more than everything; 0%% to 100%%", Quote(s))
	}
	*p = Percent(f / 100)
	return nil
}

// Pattern is a percentage's form.
func (*Percent) Pattern() string { return `^[0-9]+(\.[0-9]+)? ?%$` }

// Size is a number of bytes, written "5000B", "64KiB" or "100MB".
type Size int64

// Parse reads a size.
func (z *Size) Parse(s string) error {
	wanted := fmt.Errorf("%s is not a size; write 5000B, 64KiB or 100MB", Quote(s))
	number, ok := strings.CutSuffix(s, "B")
	if !ok {
		return wanted
	}
	f, ok := scaled(strings.TrimSpace(number), map[string]float64{
		"k": 1e3, "M": 1e6, "G": 1e9, "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30})
	switch {
	case !ok || f != math.Trunc(f):
		return wanted
	case f > 1<<40:
		return fmt.Errorf("%s is too much; at most 1024GiB", Quote(s))
	}
	*z = Size(f)
	return nil
}

// Pattern is a size's form.
func (*Size) Pattern() string { return `^[0-9]+(\.[0-9]+)? ?([kMG]|[KMG]i)?B$` }

// scaled reads a plain decimal number and the prefix behind it.
func scaled(s string, prefixes map[string]float64) (float64, bool) {
	end := strings.IndexFunc(s, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	factor := 1.0
	if end >= 0 {
		f, ok := prefixes[strings.TrimSpace(s[end:])]
		if !ok {
			return 0, false
		}
		s, factor = strings.TrimSpace(s[:end]), f
	}
	f, err := strconv.ParseFloat(s, 64)
	return f * factor, err == nil && f >= 0
}
