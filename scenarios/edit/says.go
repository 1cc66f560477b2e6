package edit

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"strata/scenarios"
	"strata/scenarios/tree"
)

// Says is what a change does to a scenario, which may be nil when it is not
// known: a sentence without its full stop. It says what was there before.
func Says(before *scenarios.Scenario, c Change) string { return tree.Clean(says(before, c)) }

func says(before *scenarios.Scenario, c Change) string {
	steps := strings.Split(c.Path, ".")
	if len(steps) == 4 && steps[0] == "links" && steps[2] == "faults" && steps[3] == "+" {
		if text := saysFault(steps[1], c.Value); text != "" {
			return text
		}
	}
	if len(steps) == 3 && steps[0] == "links" && steps[2] == "faults" && c.Value == "[]" {
		return "link " + steps[1] + " has no faults of its own"
	}
	value, instead := unquoted(c.Value), ""
	if before != nil {
		if was := unquoted(before.Value(c.Path)); was != "" && was != value {
			instead = " instead of " + was
		}
	}
	if len(steps) == 3 && steps[0] == "links" {
		if verb := ofLink[steps[2]]; verb != "" {
			return "link " + steps[1] + " " + fmt.Sprintf(verb, value) + instead
		}
	}
	switch {
	case c.Path == "seed":
		return "chance comes from seed " + value + instead
	case c.Path == "until":
		return "the run stops at " + value + instead
	case c.Path == "arp":
		return "the ARP caches are " + value + " at the start" + instead
	case len(steps) > 2 && (steps[0] == "nodes" || steps[0] == "programs"):
		return steps[1] + ": " + setting(steps[2:]) + " is " + value + instead
	}
	return setting(steps) + " is " + value + instead
}

// ofLink says what a link with a setting does.
var ofLink = map[string]string{
	"rate": "carries %s", "delay": "takes %s", "mtu": "takes packets of %s bytes at most",
	"queue": "lets %s frames wait", "loss": "loses %s of its frames", "corrupt": "damages %s of its frames",
	"duplicate": "doubles %s of its frames", "jitter": "takes up to %s longer, at random",
}

// setting is a path in words: "tcp no delay".
func setting(steps []string) string {
	if len(steps) > 1 && steps[0] == "with" {
		steps = steps[1:]
	}
	return strings.ReplaceAll(strings.Join(steps, " "), "_", " ")
}

func unquoted(s string) string {
	if t, err := strconv.Unquote(s); err == nil {
		return t
	}
	return s
}

// saysFault is a fault's sentence; "" when the value is none.
func saysFault(link, value string) string {
	doc, err := tree.Parse("", []byte(value))
	if err != nil {
		return ""
	}
	var f scenarios.Fault
	if doc.Decode(&f); doc.Err() != nil {
		return ""
	}
	all := f.Nth == nil && f.Rate == nil && struckBy(&f.Packets) == ""
	frames := framesOf(&f)
	when := saysWhen(f.After, f.Before)
	if f.Kind == "loss" && all {
		return "link " + link + " is cut" + when
	}
	verb := "loses " + frames
	switch f.Kind {
	case "corrupt":
		verb = "flips a bit of " + frames
		if f.Bit != nil {
			verb = fmt.Sprintf("flips bit %d of %s", *f.Bit, frames)
		}
	case "duplicate":
		verb = "doubles " + frames
	case "reorder":
		verb = "holds " + frames + " back for " + f.Delay.String()
	case "jitter":
		verb = "holds " + frames + " back by up to " + f.Delay.String()
	}
	return "link " + link + " " + verb + when
}

// framesOf is which frames a fault strikes.
func framesOf(f *scenarios.Fault) string {
	which := struckBy(&f.Packets)
	switch {
	case len(f.Nth) == 1:
		return "the " + ordinal(f.Nth[0]) + " frame" + which
	case len(f.Nth) > 1:
		words := make([]string, len(f.Nth))
		for i, n := range f.Nth {
			words[i] = ordinal(n)
		}
		return "the " + strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1] + " frames" + which
	case f.Rate != nil:
		return strconv.FormatFloat(100*float64(*f.Rate), 'g', 4, 64) + " % of the frames" + which
	}
	return "every frame" + which
}

// struckBy is what is asked of packets, in words: " from client with data".
func struckBy(p *scenarios.Packets) string {
	var b strings.Builder
	if p.Proto != "" {
		b.WriteString(" of " + strings.ToUpper(p.Proto))
	}
	if p.Out != "" {
		b.WriteString(" from " + p.Out)
	}
	if p.From != "" {
		b.WriteString(" whose packet is from " + p.From)
	}
	if p.To != "" {
		b.WriteString(" to " + p.To)
	}
	if p.Port != 0 {
		fmt.Fprintf(&b, " of port %d", p.Port)
	}
	if p.Flags != "" {
		b.WriteString(" with flags " + p.Flags)
	}
	if p.NoFlags != "" {
		b.WriteString(" without flags " + p.NoFlags)
	}
	if p.Data {
		b.WriteString(" with data")
	}
	return b.String()
}

func saysWhen(after, before time.Duration) string {
	switch {
	case after > 0 && before > 0:
		return " from " + after.String() + " to " + before.String()
	case before > 0:
		return " until " + before.String()
	case after > 0:
		return " from " + after.String() + " on"
	}
	return ""
}

// ordinal is a number's place in English: "1st", "12th", "23rd".
func ordinal(n int) string {
	suffix := "th"
	if tens := n / 10 % 10; tens != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}
