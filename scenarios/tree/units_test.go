package tree

import (
	"regexp"
	"testing"
	"time"
)

func TestUnits(t *testing.T) {
	for text, want := range map[string]int64{
		"10Mbit/s": 10_000_000, "1.5Gbit/s": 1_500_000_000, "64 kbit/s": 64_000, "9bit/s": 9,
		"10": -1, "0bit/s": -1, "10Mbps": -1, "-1bit/s": -1, "9999Gbit/s": -1, "1.2.3bit/s": -1, "Mbit/s": -1,
	} {
		var r Rate
		if err := r.Parse(text); (err == nil) != (want >= 0) || err == nil && int64(r) != want {
			t.Errorf("rate %q: %d, %v", text, r, err)
		} else if err == nil && !regexp.MustCompile(r.Pattern()).MatchString(text) {
			t.Errorf("rate %q: the schema does not allow it", text)
		}
	}
	for text, want := range map[string]int64{
		"5000B": 5000, "64KiB": 65536, "100MB": 100_000_000, "1.5kB": 1500, "5000": -1, "1.5B": -1, "9999GB": -1, "1KB": -1,
	} {
		var z Size
		if err := z.Parse(text); (err == nil) != (want >= 0) || err == nil && int64(z) != want {
			t.Errorf("size %q: %d, %v", text, z, err)
		} else if err == nil && !regexp.MustCompile(z.Pattern()).MatchString(text) {
			t.Errorf("size %q: the schema does not allow it", text)
		}
	}
	for text, want := range map[string]float64{"1%": .01, "0.5%": .005, "100 %": 1, "101%": -1, "0.01": -1, "-1%": -1, "NaN%": -1} {
		var p Percent
		if err := p.Parse(text); (err == nil) != (want >= 0) || err == nil && float64(p) != want {
			t.Errorf("percentage %q: %v, %v", text, p, err)
		} else if err == nil && !regexp.MustCompile(p.Pattern()).MatchString(text) {
			t.Errorf("percentage %q: the schema does not allow it", text)
		}
	}
	for text, want := range map[string]time.Duration{
		"20ms": 20 * time.Millisecond, "1m30s": 90 * time.Second, "0s": 0, "0": -1, "5": -1, "-5s": -1, "5000h": -1, "fast": -1,
	} {
		if d, err := parseDuration(text); (err == nil) != (want >= 0) || err == nil && d != want {
			t.Errorf("time %q: %v, %v", text, d, err)
		} else if err == nil && !regexp.MustCompile(durationForm).MatchString(text) {
			t.Errorf("time %q: the schema does not allow it", text)
		}
	}
}
