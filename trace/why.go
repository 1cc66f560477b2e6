package trace

import (
	"fmt"
	"net/netip"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Why is a reason code: why an event happened. 0 is none.
type Why uint16

// Reason is a catalogue entry.
type Reason struct {
	Code     string   // "tcp.fast-retransmit"
	Sentence string   // template; see reason
	RFC      string   // "RFC 5681 sec. 3.2"; empty where no document rules
	Words    []string // glossary words that explain it
	Resend   bool     // the PDU was sent before
	Bad      bool     // something is lost or wrong
	params   []string // parameter names, in the order of their arguments
}

var catalogue = []Reason{{}}

// reason enters a reason into the catalogue and gives its code.
//
// The sentence is in the second person. {name} is replaced by an argument;
// the arguments come in the order in which their names first appear. A type
// may follow the name: {d:time} a duration in ns, {a:ip} an IPv4 address,
// {m:mac} a MAC address, {s:str} a string id, {x:hex} hexadecimal, {r:rate}
// bits per second; {n?byte|bytes} chooses a word by number.
func reason(code, sentence, rfc string, words ...string) Why {
	r := Reason{Code: code, Sentence: sentence, RFC: rfc, Words: words}
	eachHole(sentence, func(hole string) {
		name := holeName(hole)
		for _, p := range r.params {
			if p == name {
				return
			}
		}
		r.params = append(r.params, name)
	})
	catalogue = append(catalogue, r)
	return Why(len(catalogue) - 1)
}

// resent is reason for PDUs that are sent again.
func resent(code, sentence, rfc string, words ...string) Why {
	w := reason(code, sentence, rfc, words...)
	catalogue[w].Resend = true
	return w
}

// bad is reason for what is lost or wrong.
func bad(code, sentence, rfc string, words ...string) Why {
	w := reason(code, sentence, rfc, words...)
	catalogue[w].Bad = true
	return w
}

// Reason is the catalogue entry of the code.
func (w Why) Reason() Reason {
	if int(w) >= len(catalogue) {
		return Reason{}
	}
	return catalogue[w]
}

// Resend says that the reason is one for sending a PDU again.
func (w Why) Resend() bool { return int(w) < len(catalogue) && catalogue[w].Resend }

// String is the code's name: "tcp.fast-retransmit".
func (w Why) String() string { return w.Reason().Code }

// Catalogue lists every code, in order of its name.
func Catalogue() []Why {
	all := make([]Why, 0, len(catalogue)-1)
	for i := 1; i < len(catalogue); i++ {
		all = append(all, Why(i))
	}
	sort.Slice(all, func(i, j int) bool { return all[i].String() < all[j].String() })
	return all
}

// WhyNamed finds a code by its name; 0 when there is none.
func WhyNamed(code string) Why {
	for i := 1; i < len(catalogue); i++ {
		if catalogue[i].Code == code {
			return Why(i)
		}
	}
	return 0
}

func eachHole(s string, f func(hole string)) {
	for {
		_, rest, ok := strings.Cut(s, "{")
		if !ok {
			return
		}
		hole, after, ok := strings.Cut(rest, "}")
		if !ok {
			return
		}
		f(hole)
		s = after
	}
}

func holeName(hole string) string {
	if i := strings.IndexAny(hole, ":?"); i >= 0 {
		return hole[:i]
	}
	return hole
}

// Sentence fills the code's sentence with arguments; text finds a string by
// its id. A missing argument shows as "?".
func (w Why) Sentence(args []int64, text func(id int64) string) string {
	r := w.Reason()
	var b strings.Builder
	s := r.Sentence
	for {
		before, rest, ok := strings.Cut(s, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		hole, after, _ := strings.Cut(rest, "}")
		b.WriteString(r.fill(hole, args, text))
		s = after
	}
}

func (r Reason) fill(hole string, args []int64, text func(int64) string) string {
	name := holeName(hole)
	for i, p := range r.params {
		if p != name {
			continue
		}
		if i >= len(args) {
			return "?"
		}
		return fillHole(hole[len(name):], args[i], text)
	}
	return "?"
}

func fillHole(form string, v int64, text func(int64) string) string {
	switch {
	case form == "":
		return strconv.FormatInt(v, 10)
	case form[0] == '?':
		one, many, _ := strings.Cut(form[1:], "|")
		if v == 1 {
			return one
		}
		return many
	}
	return FormatValue(valueTypes[form[1:]], v, text)
}

var valueTypes = map[string]ValueType{
	"time": Duration, "ip": IPv4, "mac": MAC, "str": Text, "hex": Hex, "rate": Rate,
}

// ValueType says how a number of an argument or a state field is shown.
type ValueType uint8

// The value types.
const (
	Number ValueType = iota
	Duration
	IPv4
	MAC
	Text // id of a string in the trace
	Hex
	Rate // bits per second
)

// FormatValue shows a value; text finds a string by its id.
func FormatValue(t ValueType, v int64, text func(id int64) string) string {
	if v == Absent {
		return "none"
	}
	switch t {
	case Duration:
		return FormatDuration(Time(v))
	case IPv4:
		return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}).String()
	case MAC:
		return fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x",
			byte(v>>40), byte(v>>32), byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
	case Text:
		return text(v)
	case Hex:
		return "0x" + strconv.FormatUint(uint64(v), 16)
	case Rate:
		return formatRate(v)
	}
	return strconv.FormatInt(v, 10)
}

func formatRate(v int64) string {
	f := float64(v)
	for _, unit := range []string{"bit/s", "kbit/s", "Mbit/s"} {
		if f < 1000 {
			return strconv.FormatFloat(f, 'g', 4, 64) + " " + unit
		}
		f /= 1000
	}
	return strconv.FormatFloat(f, 'g', 4, 64) + " Gbit/s"
}

// FormatDuration shows a duration with at most four digits that matter:
// "20.4 ms", "1.216 s".
func FormatDuration(t Time) string {
	d := time.Duration(t)
	if d < 0 {
		return "-" + FormatDuration(-t)
	}
	for _, u := range []struct {
		size time.Duration
		name string
	}{{time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "µs"}} {
		if d >= u.size {
			f := float64(d) / float64(u.size)
			if f >= 1000 {
				return strconv.FormatFloat(f, 'f', -1, 64) + " " + u.name
			}
			return strconv.FormatFloat(f, 'g', 4, 64) + " " + u.name
		}
	}
	return strconv.FormatInt(int64(d), 10) + " ns"
}
